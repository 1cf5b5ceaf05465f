"""What a pull request's own rules would have said of the past: a note beside the verdict, and never a part of it."""

from dataclasses import replace

from swanlab_ci.check.options import CheckContext
from swanlab_ci.check.past.backtest import Question, judge_both
from swanlab_ci.check.variables import variables
from swanlab_ci.errors import InterruptionError, SwanlabCiError
from swanlab_ci.gate import GateFile
from swanlab_ci.history.backtest import BacktestReport, differences
from swanlab_ci.history.units import VARIABLES
from swanlab_ci.messages import Message
from swanlab_ci.report.backtest import wording
from swanlab_ci.runtime.process import part_of

_SECONDS, _SHARE = 60.0, 0.5  # the pull request wrote the rules: of the time that is left, no more than this
_RUNS = 1000  # one request each, if the commit is read from the profile
_EXAMPLES = 3


def past_of_proposal(counting: GateFile, proposed: GateFile, current: CheckContext, *, project: str) -> Message:
    """Judge the last changes by both files, and say which of them the pull request's own would have stopped as well.

    Whatever goes wrong is said instead.
    """
    given = {name: value for name, value in variables(current.context, current.inputs).items() if value is not None}
    given = {name: value for name, value in given.items() if name not in VARIABLES}
    inputs = replace(current.inputs, variables=given, project=project)
    question = Question(last=current.inputs.backtest, newest_runs=_RUNS)
    share = min(_SHARE, _SECONDS / max(1.0, current.deadline.left()))
    try:
        with part_of(current.deadline, share):
            report = judge_both(counting, proposed, replace(current, inputs=inputs), question)
            return _said(report)
    except InterruptionError:
        raise
    except (MemoryError, RecursionError):
        return Message("proposal.no-backtest", reason=Message("check.too-much"))
    except SwanlabCiError as error:
        return Message("proposal.no-backtest", reason=error.what)


def _said(report: BacktestReport) -> Message:
    changed = differences(report.found, report.against) if report.against else ()
    more = [each.after for each in changed if each.after.is_stopped and not each.before.is_stopped]
    fewer = sum(each.before.is_stopped and not each.after.is_stopped for each in changed)
    examples = tuple(wording.example(each) for each in reversed(more[-_EXAMPLES:]))
    return Message(
        "proposal.backtest",
        more=len(more),
        fewer=fewer or None,
        units=wording.units(report),
        examples=examples or None,
        runs=_RUNS if report.runs >= _RUNS else None,
    )
