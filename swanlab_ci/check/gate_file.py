"""Which gate file counts, the base branch's or the checkout's: a pull request must not loosen its own gate."""

import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from swanlab_ci import gate
from swanlab_ci.check.inputs import Inputs
from swanlab_ci.errors import ConfigurationError, InterruptionError, Problem, SwanlabCiError, UnavailableError
from swanlab_ci.gate import GateFile
from swanlab_ci.messages import Key, Message, Name
from swanlab_ci.platforms.base import ApiAttempt, Capability, Forge
from swanlab_ci.platforms.context import Context
from swanlab_ci.report.markdown.template_file import MOST_BYTES, TemplateFile
from swanlab_ci.runtime.deadline import Deadline
from swanlab_ci.security.files import find, read_beside, read_text


@dataclass(frozen=True, slots=True)
class LoadedGateFile:
    """A gate file, its text, and the texts of the files that it extends, by the names it gives them.

    `template` is what its `report.template` names; where that cannot be used, `template_problem` says why.
    """

    gate_file: GateFile
    text: str
    extends: Mapping[str, str]
    template: TemplateFile | None = None
    template_problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class GateFileChoice:
    """The gate file that counts, and the pull request's own where it says something else (`proposed`).

    `notes` say why it is this one, `attempts` are the requests to the forge. `from_base`: the file that counts is the
    base branch's.
    """

    counting: LoadedGateFile
    proposed: LoadedGateFile | None = None
    notes: tuple[Message, ...] = ()
    attempts: tuple[ApiAttempt, ...] = ()
    from_base: bool = False


def choose_gate_file(
    name: str,
    context: Context,
    forge: Forge,
    *,
    within: Path | None,
    deadline: Deadline,
    own_rules: bool = False,
) -> GateFileChoice:
    """Read the gate file `name` of the branch that a pull request wants to change; without one, the checkout's.

    A pull request's own file counts only where the user asks for it by `own_rules`, where the base branch has none that
    can be used, or, on a forge that allows it, where the token may not read the base branch. Raises `UnavailableError`
    where the forge gives no answer, and `ConfigurationError` for a file that is missing or wrong. The pull request's
    own file may not be wrong either: merged, it would count.
    """
    find(name, within=within)
    if not context.ci or not (context.pr_number or context.is_fork or context.on_pull_request):
        _must_be_known(context)
        return GateFileChoice(read_gate_file(name, within))
    if own_rules:
        return GateFileChoice(_trusted(name, context, forge, within), notes=(Message("gate-file.own-rules"),))
    if Capability.BASE_FILES not in forge.capabilities:
        if forge.needs_base_rules:
            raise _refused(name, forge)
        note = Message("gate-file.no-token", input=Key("github-token"))
        return GateFileChoice(_trusted(name, context, forge, within), notes=(note,))
    if not (context.base_sha and context.repository):
        raise UnavailableError(
            Message("gate-file.base-unknown"), Message("gate-file.base-unknown-advice", advice=forge.read_advice)
        )
    base = _BaseBranch(context, forge, deadline)
    text = base.read(name)
    if text is None:
        return GateFileChoice(
            _trusted(name, context, forge, within), notes=tuple(base.notes), attempts=tuple(base.attempts)
        )
    return _of_base(name, text, base, within)


def _must_be_known(context: Context) -> None:
    """Refuse an event of which it is not known whose rules count."""
    if not context.is_known_event:
        raise ConfigurationError(
            Message("gate-file.unknown-event", event=Key(context.event)),
            Message("gate-file.unknown-event-advice", event=Key("pull_request"), input=Key("pr")),
        )


def read_gate_file(name: str, within: Path | None) -> LoadedGateFile:
    """Read a gate file and what it extends; with `within`, only from that folder. Raises `ConfigurationError`."""
    read = read_beside(name, within=within)
    return _with_template(_loaded(name, _text_of(name, within), read), read)


def _text_of(name: str, within: Path | None) -> str:
    try:
        return read_text(name, within=within)
    except ConfigurationError as error:
        if not isinstance(error.__cause__, FileNotFoundError):
            raise
        raise ConfigurationError(error.what, _instead_of(name, within)) from error


def _instead_of(name: str, within: Path | None) -> Message:
    """Return what to do where there is no gate file `name`."""
    usual = Inputs().gates
    if name != usual and find(usual, within=within).is_file():
        return Message("gate-file.other-name", near=Key(usual))
    command = Key("swanlab-ci init" if name == usual else f"swanlab-ci init {shlex.quote(name)}")
    if within is not None:  # a job, which may have no checkout
        return Message("gate-file.check-out-first", command=command)
    return Message("gate-file.write-first", command=command)


class _BaseBranch:
    """Reads files of the base branch, and remembers the requests."""

    def __init__(self, context: Context, forge: Forge, deadline: Deadline) -> None:
        self.context = context
        self.forge = forge
        self._deadline = deadline
        self.notes: list[Message] = []
        self.attempts: list[ApiAttempt] = []

    def read(self, name: str) -> str | None:
        found = self.forge.base_file(self.context, name, self._deadline)
        if found.text is None and not (found.missing or found.denied):
            raise UnavailableError(
                Message("gate-file.base-not-given", file=Name(name), reason=found.attempt.refusal),
                Message("gate-file.try-again"),
            )
        if found.denied and not found.missing and self.forge.needs_base_rules:
            raise _refused(name, self.forge, found.attempt.refusal)
        self.notes += [found.note] if found.note else []
        self.attempts.append(found.attempt)
        return found.text

    def read_required(self, name: str) -> str:
        text = self.read(name)
        if text is None:
            raise ConfigurationError(
                Message("gate-file.extended-not-in-base", file=Name(name)), Message("gate-file.add-it-to-base")
            )
        return text


def _of_base(name: str, text: str, base: _BaseBranch, within: Path | None) -> GateFileChoice:
    folder, context = PurePosixPath(name).parent, base.context
    own = _text_of_checkout(name, within)
    try:
        loaded = _loaded(name, text, lambda path: base.read_required(str(folder / path)))
        counting = _with_template(loaded, lambda path: base.read(str(folder / path)))
    except ConfigurationError as error:
        if own is None or own == text:
            raise
        note = Message("gate-file.base-unusable", reason=error.what)
        return GateFileChoice(_trusted(name, context, base.forge, within), notes=(note,), attempts=tuple(base.attempts))
    proposed = None if own is None or context.is_privileged else read_gate_file(name, within)
    same = proposed is None or proposed.gate_file == counting.gate_file
    return GateFileChoice(counting, None if same else proposed, attempts=tuple(base.attempts), from_base=True)


def _refused(name: str, forge: Forge, reason: Message | None = None) -> ConfigurationError:
    return ConfigurationError(Message("gate-file.base-refused", file=Name(name), reason=reason), forge.read_advice)


def _trusted(name: str, context: Context, forge: Forge, within: Path | None) -> LoadedGateFile:
    """Read the checkout's file where there is no other, unless the event gives a stranger's code the base's rights."""
    if context.is_privileged:
        raise ConfigurationError(
            Message("gate-file.privileged", event=Key(context.event), file=Name(name)),
            Message("gate-file.privileged-advice", advice=forge.read_advice),
        )
    return _without_template(read_gate_file(name, within))


def _loaded(name: str, text: str, read: Callable[[str], str]) -> LoadedGateFile:
    extends: dict[str, str] = {}

    def remembered(path: str) -> str:
        extends[path] = read(path)
        return extends[path]

    return LoadedGateFile(gate.load(text, name=name, read=remembered), text, extends)


def _with_template(loaded: LoadedGateFile, read: Callable[[str], str | None]) -> LoadedGateFile:
    """Read the template that the gate file names; that it cannot be read changes nothing but the comment."""
    path = loaded.gate_file.report.template
    if not path:
        return loaded
    name = str(PurePosixPath(loaded.gate_file.name).parent / path)
    try:
        text = read(path)
    except InterruptionError:
        raise
    except SwanlabCiError as error:
        return replace(loaded, template_problem=_of_template(name, error.what))
    if text is None:
        return replace(loaded, template_problem=_of_template(name, Message("template.not-in-base")))
    if len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        too_large = Message("template.too-large", most=MOST_BYTES // 1024)
        return replace(loaded, template_problem=_of_template(name, too_large))
    return replace(loaded, template=TemplateFile(name, text))


def _without_template(loaded: LoadedGateFile) -> LoadedGateFile:
    """Let no template of a pull request write the comment on it."""
    path = loaded.gate_file.report.template
    name = str(PurePosixPath(loaded.gate_file.name).parent / path)
    problem = _of_template(name, Message("template.not-of-a-pull-request"))
    return replace(loaded, template=None, template_problem=problem if path else None)


def _of_template(name: str, reason: Message) -> Problem:
    return Problem(reason, name)


def _text_of_checkout(name: str, within: Path | None) -> str | None:
    """Return the checkout's file, or None where none can be read: then nothing is proposed."""
    try:
        return read_text(name, within=within)
    except ConfigurationError:
        return None
