"""Rules: which gate file counts, the base branch's or the checkout's; a pull request must not loosen its own gate."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from swanlab_ci import gate
from swanlab_ci.errors import ConfigurationError, UnavailableError
from swanlab_ci.gate import GateFile
from swanlab_ci.platforms.context import Context
from swanlab_ci.platforms.github.permissions import ApiAttempt
from swanlab_ci.runtime.deadline import Deadline
from swanlab_ci.security.files import find, read_beside, read_text

_PRIVILEGED = "pull_request_target"
_OF_PULL_REQUESTS = frozenset({"pull_request", _PRIVILEGED, "merge_group"})
_RIGHTS = "Give the job `permissions: contents: read, pull-requests: read`; if it has them, try again."


@dataclass(frozen=True, slots=True)
class ReadGateFile:
    """A gate file that was read, its text, and the texts of what it extends, by the names it gives them."""

    gate_file: GateFile
    text: str
    extends: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rules:
    """`counting` counts; `proposed` is the pull request's own gate file, where it says something else."""

    counting: ReadGateFile
    proposed: ReadGateFile | None = None
    notes: tuple[str, ...] = ()
    attempts: tuple[ApiAttempt, ...] = ()


def read_rules(name: str, context: Context, *, token: str, within: Path | None, deadline: Deadline) -> Rules:
    """Read the gate file `name` of the branch that a pull request wants to change; elsewhere the checkout's.

    A pull request's own file counts only where the base branch has none that can be used, or GitHub says that the token
    has no right to see it. Raises `UnavailableError` where GitHub does not say, `ConfigurationError` for a file that is
    missing or wrong, the pull request's own included: merged, it would count.
    """
    find(name, within=within)
    if not context.ci or not (context.pr_number or context.is_fork or context.event in _OF_PULL_REQUESTS):
        return Rules(_of_checkout(name, within))
    if not (token and context.api_url):
        note = "Without `github-token`, the rules of this change count."
        return Rules(_trusted(name, context, within), notes=(note,))
    if not (context.base_sha and context.repository):
        raise UnavailableError(
            "It could not be learned which branch this change is for, and so whose rules count.", _RIGHTS
        )
    base = _Base(context, token, deadline)
    text = base.read(name)
    if text is None:
        return Rules(_trusted(name, context, within), notes=tuple(base.notes), attempts=tuple(base.attempts))
    return _of_base(name, text, base, context, within)


class _Base:
    """The base branch, and what was asked of GitHub about it."""

    def __init__(self, context: Context, token: str, deadline: Deadline) -> None:
        self._context = context
        self._token = token
        self._deadline = deadline
        self.notes: list[str] = []
        self.attempts: list[ApiAttempt] = []

    def read(self, name: str) -> str | None:
        from swanlab_ci.platforms.github.pull_request import base_file  # noqa: PLC0415 - requests, for pull requests only

        found = base_file(self._context, name, token=self._token, deadline=self._deadline)
        if found.text is None and not (found.missing or found.denied):
            raise UnavailableError(
                f"GitHub did not tell the base branch's {name}: {found.attempt.refusal}.", "Try again."
            )
        self.notes += [found.note] if found.note else []
        self.attempts.append(found.attempt)
        return found.text

    def read_required(self, name: str) -> str:
        text = self.read(name)
        if text is None:
            raise ConfigurationError(f"{name} is not in the base branch, whose gate file extends it.", "Add it there.")
        return text


def _of_base(name: str, text: str, base: _Base, context: Context, within: Path | None) -> Rules:
    folder = PurePosixPath(name).parent
    own = _text_of_checkout(name, within)
    try:
        counting = _loaded(name, text, lambda path: base.read_required(str(folder / path)))
    except ConfigurationError as stop:
        if own is None or own == text:
            raise
        note = f"The base branch's gate file cannot be used: {stop.what} The rules of this change count."
        return Rules(_trusted(name, context, within), notes=(note,), attempts=tuple(base.attempts))
    proposed = None if own is None or context.event == _PRIVILEGED else _of_checkout(name, within)
    same = proposed is None or proposed.gate_file == counting.gate_file
    return Rules(counting, None if same else proposed, attempts=tuple(base.attempts))


def _trusted(name: str, context: Context, within: Path | None) -> ReadGateFile:
    """Read the checkout's file where there is no other, unless the event gives strangers' code the base's rights."""
    if context.event == _PRIVILEGED:
        raise ConfigurationError(
            f"On `pull_request_target` {name} is read from the base branch only, and it could not be.",
            "Give the job `permissions: contents: read`, and have a good file in the base branch.",
        )
    return _of_checkout(name, within)


def _of_checkout(name: str, within: Path | None) -> ReadGateFile:
    try:
        text = read_text(name, within=within)
    except ConfigurationError as stop:
        if not isinstance(stop.__cause__, FileNotFoundError):
            raise
        advice = f"Check out the repository first; `swanlab-ci init` writes a first {name}."
        raise ConfigurationError(stop.what, advice) from stop
    return _loaded(name, text, read_beside(name, within=within))


def _loaded(name: str, text: str, read: Callable[[str], str]) -> ReadGateFile:
    extends: dict[str, str] = {}

    def remembered(path: str) -> str:
        extends[path] = read(path)
        return extends[path]

    return ReadGateFile(gate.load(text, name=name, read=remembered), text, extends)


def _text_of_checkout(name: str, within: Path | None) -> str | None:
    """Return the checkout's file, or None where there is none that can be read: then nothing is proposed."""
    try:
        return read_text(name, within=within)
    except ConfigurationError:
        return None
