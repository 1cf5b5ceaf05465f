"""How many runs are as expected: what their answers, counted, make of a gate."""

from collections import Counter
from collections.abc import Sequence

from swanlab_ci.gate.spec.gates import HowMany
from swanlab_ci.model import Status, Truth

_ERRORS = frozenset({Truth.WRONG_TYPE, Truth.AMBIGUOUS, Truth.NOT_FETCHED})
_MISSES = frozenset({Truth.MISSING, Truth.NOT_FINITE})


def tally(answers: Sequence[Truth], how_many: HowMany) -> Status:
    """Tell whether enough runs, and not too many, are as expected: PASS, FAIL, PENDING or ERROR.

    What is not known never helps: it does not count towards "at least", and it does count against "at most".
    """
    count = Counter(answers)
    holds, pending = count[Truth.HOLDS], count[Truth.PENDING]
    errors, misses = sum(count[answer] for answer in _ERRORS), sum(count[answer] for answer in _MISSES)
    least, most = how_many.bounds(len(answers))
    known = holds + count[Truth.FAILS]
    if known and holds >= least and holds + pending + errors + misses <= most:
        return Status.PASS
    if errors:
        return Status.ERROR
    still_possible = holds + pending >= least and holds + misses <= most
    return Status.PENDING if pending and still_possible else Status.FAIL
