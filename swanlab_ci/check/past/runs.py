"""Where the runs of a history come from: from SwanLab, from a folder, from a kept file, or from both."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from swanlab_ci.check.options import CheckContext
from swanlab_ci.check.run_source import project_of, reader_for, source_for
from swanlab_ci.errors import ConfigurationError, SwanlabCiError, UnavailableError
from swanlab_ci.gate import GateFile, Needs, unfetched
from swanlab_ci.gate.spec.fields import Field
from swanlab_ci.messages import Key, Message, Name
from swanlab_ci.model import Run
from swanlab_ci.publish.files import replace_inside
from swanlab_ci.runtime.deadline import Deadline
from swanlab_ci.runtime.process import ending_in_words
from swanlab_ci.security.files import reason
from swanlab_ci.sources.history import ServerHistory

if TYPE_CHECKING:
    from swanlab_ci.check.past.kept import KeptHistory

_SECONDS_TO_KEEP = 60


@dataclass(frozen=True, slots=True)
class PastRuns:
    """The runs of `project` as they are at `now`, each as complete as it was asked for."""

    project: str
    runs: tuple[Run, ...]
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepingFlags:
    """A file that is renewed and then judged (`keep`), or that is judged as it is (`history`); empty: none.

    With `newest`, no more runs than these are read.
    """

    keep: str = ""
    history: str = ""
    newest: int | None = None


def fetch_past(
    current: CheckContext, rules: GateFile, needs: Needs, fields: set[Field], flags: KeepingFlags
) -> PastRuns:
    """Return all runs of the project, with all that `needs` ask; `fields` are those that are read, for messages.

    With `flags.keep`, what was fetched is kept in that file, also if the fetching is interrupted. With `flags.history`,
    nothing is requested. Raises `SwanlabCiError`.
    """
    inputs, now = current.inputs, datetime.now(UTC)
    if flags.history:
        return _of_file(current, rules, fields, flags.history)
    if inputs.local:
        source = source_for(current, points=needs.points)(rules)
        return PastRuns(source.project, source.fetch(now), now)
    reader = reader_for(current)
    project = project_of(rules, inputs)
    if not flags.keep:
        history = ServerHistory(reader, project, needs, newest=flags.newest, say=current.options.console.say)
        return PastRuns(project, history.fetch(now), now)
    before = _renewed(flags.keep, project, current.within)
    asked = _all_metrics(needs) | before.holds if before else _all_metrics(needs)
    known = before.runs if before else ()
    history = ServerHistory(reader, project, asked, known=known, say=current.options.console.say)
    if before and before.url != history.project_url:
        raise ConfigurationError(
            Message("kept.other-server", file=Name(flags.keep), kept=Name(before.url), asked=Name(history.project_url)),
            Message("kept.unusable-advice", file=Name(flags.keep)),
        )
    return _fetched_and_kept(current, history, asked, flags.keep, now)


def _fetched_and_kept(
    current: CheckContext, history: ServerHistory, asked: Needs, file: str, now: datetime
) -> PastRuns:
    from swanlab_ci.check.past.kept import KeptHistory  # noqa: PLC0415 - for who keeps runs

    kept = KeptHistory(
        project=history.project,
        url=history.project_url,
        fetched_at=now,
        complete=False,
        profile=asked.profile,
        points=tuple(sorted(asked.points)),
        runs=(),
    )
    try:
        runs = history.fetch(now)
    except SwanlabCiError as error:
        if found := history.so_far():
            with ending_in_words(Deadline(_SECONDS_TO_KEEP)):
                _write(replace(kept, runs=found), file, current)
            current.options.console.say(Message("kept.a-part", file=Name(file), count=len(found)))
        raise error from None
    _write(replace(kept, runs=runs, complete=True), file, current)
    return PastRuns(history.project, runs, now)


def _write(kept: "KeptHistory", file: str, current: CheckContext) -> None:
    from swanlab_ci.check.past.kept import written  # noqa: PLC0415 - as above

    try:
        replace_inside(file, written(kept, current.options.console.redact), workspace=current.context.workspace)
    except OSError as error:
        raise ConfigurationError(
            Message("kept.not-written", file=Name(file), reason=reason(error)), Message("kept.not-written-advice")
        ) from error
    except (ValueError, RecursionError) as error:  # a value that is nested too deeply
        what = Message("kept.not-written", file=Name(file), reason=Name(type(error).__name__))
        raise UnavailableError(what) from error


def _renewed(file: str, project: str, within: Path | None) -> "KeptHistory | None":
    """Return what the file holds; None where there is none yet."""
    from swanlab_ci.check.past.kept import read_kept  # noqa: PLC0415 - as above

    try:
        kept = read_kept(file, within=within)
    except ConfigurationError as error:
        if isinstance(error.__cause__, FileNotFoundError):
            return None
        raise
    _must_be_of(kept, project, file)
    return kept


def _of_file(current: CheckContext, rules: GateFile, fields: set[Field], file: str) -> PastRuns:
    from swanlab_ci.check.past.kept import read_kept  # noqa: PLC0415 - as above

    kept = read_kept(file, within=current.within)
    _must_be_of(kept, current.inputs.project or rules.project or kept.project, file)
    again = Message("kept.fetch-again", flag=Key(f"--keep {file}"))
    if not kept.complete:
        raise UnavailableError(Message("kept.incomplete", file=Name(file)), again)
    if lacking := unfetched(fields, kept.holds):
        raise ConfigurationError(Message("kept.lacks", file=Name(file), fields=tuple(map(Name, lacking))), again)
    return PastRuns(kept.project, kept.runs, kept.fetched_at)


def _must_be_of(kept: "KeptHistory", project: str, file: str) -> None:
    if kept.project != project:
        raise ConfigurationError(
            Message("kept.other-project", file=Name(file), kept=Name(kept.project), asked=Name(project)),
            Message("kept.unusable-advice", file=Name(file)),
        )


def _all_metrics(needs: Needs) -> Needs:
    """Ask for all metrics, in as many requests: kept runs are there to try other rules on them."""
    return needs | Needs(profile=False, metrics=frozenset(), last_only=False, all_metrics=True)
