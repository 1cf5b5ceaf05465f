"""The verdicts before this one, at the end of a comment."""

from collections.abc import Sequence

from swanlab_ci.judgement import Judgement
from swanlab_ci.messages import Language, Message, plain
from swanlab_ci.model import Status
from swanlab_ci.report.presentation import ICONS
from swanlab_ci.report.wording.cells import with_minus
from swanlab_ci.security.escaping import Safe

_SMALLEST, _LARGEST = 1e-6, 1e9


def remembered(judgement: Judgement) -> str:
    """Return the number that later comments show for this verdict: the value of the first comparison.

    It is in a closed form, plain decimals; empty where there is none, or where it needs an exponent.
    """
    results = (check.comparison for gate in judgement.verdict.gates for check in gate.checks)
    first = next((result.new for result in results if result and result.new), None)
    if first is None or not (first.centre == 0 or _SMALLEST <= abs(first.centre) < _LARGEST):
        return ""
    text = f"{float(f'{first.centre:.4g}'):.9f}"
    return text.rstrip("0").rstrip(".")


def history(previous: Sequence[tuple[str, str, str]], language: Language) -> Safe:
    """Write the `previous` verdicts, newest first, each with its short commit and perhaps a number.

    All of them are in a closed form.
    """
    if not previous:
        return Safe("")
    shown = [
        f"{ICONS[Status(verdict)]} `{commit}` {with_minus(number)}".strip() for verdict, commit, number in previous
    ]
    verdicts = " · ".join(shown)
    return Safe(f"<sub>{plain(Message('report.before'), language)} {verdicts}</sub>")
