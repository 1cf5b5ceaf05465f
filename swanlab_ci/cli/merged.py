"""What git knows of the changes that a gate file would have stopped: merged all the same, and reverted later."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from swanlab_ci.cli.git import whole_commit_of
from swanlab_ci.errors import ConfigurationError
from swanlab_ci.history.backtest import BacktestReport, MergedUnits
from swanlab_ci.messages import Key, Message, Name
from swanlab_ci.platforms.git import Checkout, GitError
from swanlab_ci.runtime.deadline import Deadline

_SECONDS = 60


def merged_asker(ref: str, environ: Mapping[str, str]) -> Callable[[BacktestReport], BacktestReport]:
    """Return what adds which stopped commits are in the history of `ref`; the units are commits.

    Raises `ConfigurationError` where git does not know `ref`: before anything is fetched.
    """
    branch = whole_commit_of(ref, environ, flag="--merged")
    return lambda report: _with_merged(report, ref, branch, environ)


def _with_merged(report: BacktestReport, ref: str, branch: str, environ: Mapping[str, str]) -> BacktestReport:
    checkout = Checkout(environ, Deadline(_SECONDS))
    commits = [str(each.unit.value) for each in report.found.stopped]
    try:
        found = {commit: checkout.contains(branch, commit) for commit in commits}
        merged = frozenset(commit for commit, known in found.items() if known)
        reverted = frozenset(commit for commit in merged if checkout.is_reverted(branch, commit))
    except GitError as error:
        what = Message("git.unresolved", input=Key("--merged"), revision=Name(ref), reason=error.why)
        raise ConfigurationError(what) from None
    unknown = frozenset(commit for commit, known in found.items() if known is None)
    return replace(report, merged=MergedUnits(ref, merged, reverted, unknown))
