"""Why a gate came out as it did, line by line: its funnel and every check, or the way of one run through it."""

from collections.abc import Iterable, Iterator

from swanlab_ci.judgement import CarriedCommit, Check, ExemptChange, GateResult, RunPath
from swanlab_ci.messages import Language, Message, Name
from swanlab_ci.model import RunRef, Truth
from swanlab_ci.report import wording
from swanlab_ci.report.wording.funnel import funnel
from swanlab_ci.report.wording.training import carried_note, exempt_summary
from swanlab_ci.report.writers import line
from swanlab_ci.security.escaping import Safe

_INDENT = 2


def explain_results(results: Iterable[GateResult], language: Language) -> Safe:
    """Write how the gate came to its result, or with `for_each` to each of them."""
    lines: list[str] = []
    for result in results:
        head = Message(
            "explain.result",
            gate=Name(result.id),
            group=wording.group_of(result),
            status=result.status,
            level=result.level,
            summary=wording.gate_summary(result),
        )
        selects = Message("explain.selects", funnel=funnel(result))
        lines += [line(head, language), line(selects, language, indent=_INDENT), *_checks(result, None, language)]
    return Safe("\n".join(lines))


def explain_training(
    exempt: ExemptChange | None, carried: Iterable[CarriedCommit], notes: Iterable[Message], language: Language
) -> Safe:
    """Write whether the files that changed need a training, and whose runs count; empty where no file was asked for."""
    found = [note for note in notes if note.id.startswith("training.")]
    if exempt:
        found.append(Message("explain.exempt", summary=exempt_summary(exempt)))
    return Safe("\n".join(line(note, language) for note in (*found, *map(carried_note, carried))))


def explain_paths(paths: Iterable[RunPath], language: Language) -> Safe:
    """Write whether the gate selects each run, condition by condition, and what it makes of the run."""
    return Safe("\n".join(each for path in paths for each in _path(path, language)))


def _path(path: RunPath, language: Language) -> Iterator[str]:
    gate, run = Name(path.gate), Name(path.run.name)
    yield line(
        Message("explain.selected", gate=gate, run=run)
        if path.selected
        else Message("explain.not-selected", gate=gate, run=run),
        language,
    )
    for check in path.conditions:
        message = wording.check_message(check)
        holds = check.reason is not None and check.reason.truth is Truth.HOLDS
        yield _answer(message, language, holds=holds)
    if path.newest is not None:
        yield _answer(Message("explain.newest", number=path.newest), language, holds=path.selected)
    for result in path.results:
        yield from _checks(result, path.run, language)


def _answer(message: Message, language: Language, *, holds: bool) -> str:
    answer = Message("explain.yes", message=message) if holds else Message("explain.no", message=message)
    return line(answer, language, indent=_INDENT)


def _checks(result: GateResult, run: RunRef | None, language: Language) -> Iterator[str]:
    for check in result.checks:
        if run is None or check.run is None or check.run.id == run.id:
            yield line(_check(check), language, indent=_INDENT)


def _check(check: Check) -> Message:
    return Message(
        "explain.check",
        outcome=check.outcome,
        message=wording.check_message(check),
        note=wording.check_note(check),
    )
