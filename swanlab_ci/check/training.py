"""Whether a change needs a training: what its files say, and which earlier commits of it count as evidence."""

import os
import posixpath
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import TypeVar

from swanlab_ci.check.gate_file import GateFileChoice
from swanlab_ci.check.options import CheckContext
from swanlab_ci.errors import ConfigurationError
from swanlab_ci.gate.spec.paths import NEVER_EXEMPT, PathPattern
from swanlab_ci.judgement import CarriedCommit, ExemptChange
from swanlab_ci.messages import Message, Name
from swanlab_ci.platforms.base import ApiAttempt, ChangeReader
from swanlab_ci.platforms.changes import OF_FORGES, CommitDifference, CommitRange, FileKind, leads_elsewhere
from swanlab_ci.platforms.links import link_to
from swanlab_ci.runtime.deadline import Deadline
from swanlab_ci.security.files import find, read_bytes, reason

_TOO_MANY = 3_000
_MOST_CARRIED = 10
_SHARE = 0.5  # of the time that is left: a forge that hangs must not take it from SwanLab
_LARGEST_LIST = 16 * 2**20
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Training:
    """What the files of a change say: with `exempt` no training is needed; the runs of `carried` count, too.

    `notes` say why training is needed, `attempts` are the requests to the forge.
    """

    exempt: ExemptChange | None = None
    carried: tuple[CarriedCommit, ...] = ()
    notes: tuple[Message, ...] = ()
    attempts: tuple[ApiAttempt, ...] = ()


class _UnknownError(Exception):
    """It is not known what changed: `why` says the reason."""

    def __init__(self, why: Message) -> None:
        super().__init__(why)
        self.why = why


def read_training(choice: GateFileChoice, current: CheckContext) -> Training:
    """Find out whether the change needs a training by the gate file that counts; where it is not known, it does."""
    listed = _listed(current)
    if not choice.counting.gate_file.no_training_needed:
        return Training()
    if listed is not None:
        return _of_list(listed, choice, current)
    asked = current.forge.changes
    if asked is None:
        return Training(notes=(Message("training.unknown", reason=Message("training.cannot-ask")),))
    reading = _Reading(choice, current, asked, Deadline(_SHARE * current.deadline.left()))
    try:
        change = reading.commit_range()
        needed = reading.exempt(change)
    except _UnknownError as error:
        unknown = Message("training.unknown", reason=error.why)
        return Training(notes=(unknown,), attempts=tuple(reading.attempts))
    if isinstance(needed, ExemptChange):
        return Training(exempt=needed, attempts=tuple(reading.attempts))
    notes = [needed]
    carried: list[CarriedCommit] = []
    try:
        carried += reading.carried(change)
    except _UnknownError as error:
        notes.append(Message("training.not-carried", reason=error.why))
    return Training(carried=tuple(carried), notes=tuple(notes), attempts=tuple(reading.attempts))


@dataclass(slots=True)
class _Rules:
    """Which files are exempt; never those of the gate file itself, by any of the names in `own`."""

    patterns: Sequence[PathPattern]
    own: frozenset[str]

    def judge(self, found: Iterable[tuple[str, FileKind]]) -> ExemptChange | Message:
        """Return the exempt change that differs by `found`, or the message why it is none."""
        used: set[PathPattern] = set()
        files = 0
        obstacles: list[Message] = []
        for path, kind in found:
            files += 1
            fitting = next((pattern for pattern in self.patterns if pattern.matches(path)), None)
            if obstacle := self._obstacle(path, kind, fitting):
                obstacles.append(obstacle)
            elif fitting:
                used.add(fitting)
        if obstacles:
            return Message("training.needed", reason=obstacles[0], more=len(obstacles) - 1 or None)
        if not files:
            return Message("training.needed", reason=Message("training.no-file"), more=None)
        if files >= _TOO_MANY:
            reason = Message("training.too-many", count=files, most=_TOO_MANY - 1)
            return Message("training.needed", reason=reason, more=None)
        return ExemptChange(tuple(pattern.shown for pattern in self.patterns if pattern in used), files)

    def exempts(self, path: str) -> bool:
        """Tell whether a pattern fits a path, or every name in it where it is a folder."""
        return any(pattern.matches(path) or pattern.matches(f"{path}/\0") for pattern in self.patterns)

    def _obstacle(self, path: str, kind: FileKind, fitting: PathPattern | None) -> Message | None:
        file = Name(path)
        if path in self.own or path.split("/", maxsplit=1)[0] in {NEVER_EXEMPT, *OF_FORGES}:
            return Message("training.rules-changed", file=file)
        if fitting is None:
            return Message("training.file-changed", file=file)
        match kind:
            case FileKind.LINK:
                return Message("training.link-changed", file=file)
            case FileKind.SUBMODULE:
                return Message("training.submodule-changed", file=file)
            case FileKind.MODE:
                return Message("training.mode-changed", file=file)
            case FileKind.CONTENT:
                return None


@dataclass(slots=True)
class _Reading:
    """Asks the forge about a change, and remembers the requests."""

    choice: GateFileChoice
    current: CheckContext
    asked: ChangeReader
    deadline: Deadline
    attempts: list[ApiAttempt] = field(default_factory=list)

    def __post_init__(self) -> None:
        given, context = self.current.inputs.variables, self.current.context
        commits = {name: given[name] for name in ("base_sha", "head_sha") if isinstance(given.get(name), str)}
        self.current = replace(self.current, context=replace(context, **commits))  # type: ignore[arg-type] # texts

    def commit_range(self) -> CommitRange:
        """Ask between which commits the change lies."""
        context = self.current.context
        if context.ci and not context.pr_number:
            raise _UnknownError(Message("training.no-pull-request"))
        if context.ci and not self.choice.from_base:
            raise _UnknownError(Message("training.own-rules"))
        return self._answered(self.asked.commit_range(context, self.deadline))

    def exempt(self, change: CommitRange) -> ExemptChange | Message:
        """Tell whether no training is needed, or the message why it is."""
        rules = self._rules()
        seen = rules.judge((path, FileKind.CONTENT) for path in change.seen)
        if isinstance(seen, Message) and change.seen:
            return seen  # what a part of the files says needs no trees
        found = self._difference(change.base, change.head)
        trees = [tree for tree in (found.old, found.new) if tree is not None]
        for path in sorted(rules.own):
            if any(leads_elsewhere(path, tree) for tree in trees):
                raise _UnknownError(Message("training.rules-elsewhere", file=Name(path)))
        return self._judged(rules, found)

    def carried(self, change: CommitRange) -> Iterator[CarriedCommit]:
        """Yield the earlier commits of the change whose files differ from its own in exempt files only."""
        used = self.choice.counting.gate_file.variables - self.current.inputs.variables.keys()
        if "pr_commits" not in used:
            return
        context, deadline = self.current.context, self.deadline
        change = self._answered(self.asked.earlier_commits(context, change, deadline))
        rules = self._rules()
        for commit in (change.earlier or ())[:_MOST_CARRIED]:
            found = self._difference(commit, change.evidence)
            if not found.files or isinstance(self._judged(rules, found), ExemptChange):
                yield CarriedCommit(commit, tuple(path for path, _ in found.files))

    def _judged(self, rules: _Rules, found: CommitDifference) -> ExemptChange | Message:
        """Judge where two commits differ; what a link outside of the list leads to is not exempt."""
        judged = rules.judge(found.files)
        if isinstance(judged, Message) or found.new is None:
            return judged
        try:
            link = link_to([path for path, _ in found.files], found.new, rules.exempts)
        except OverflowError:
            raise _UnknownError(Message("training.too-many-links")) from None
        if link is None:
            return judged
        reason = Message("training.link-leads", link=Name(link[0]), target=Name(link[1]))
        return Message("training.needed", reason=reason, more=None)

    def _rules(self) -> _Rules:
        context, deadline = self.current.context, self.deadline
        files = _files(self.current.inputs.gates, self.choice.counting.extends)
        own = [path for file in files for path in self.asked.paths_in_repository(context, file, deadline)]
        return _Rules(self.choice.counting.gate_file.no_training_needed, frozenset(own))

    def _difference(self, old: str, new: str) -> CommitDifference:
        found, attempts = self.asked.difference(self.current.context, old, new, self.deadline)
        self.attempts += attempts[:-1]
        return self._answered((found, attempts[-1] if attempts else None))

    def _answered(self, asked: tuple[T | None, ApiAttempt | None]) -> T:
        answer, attempt = asked
        if attempt:
            self.attempts.append(attempt)
        if answer is None:
            raise _UnknownError((attempt and attempt.refusal) or Message("training.no-answer"))
        return answer


def _files(gate_file: str, extends: Iterable[str]) -> Iterator[str]:
    """Yield the names of the gate file and of what it extends."""
    yield gate_file
    folder = PurePosixPath(gate_file).parent
    yield from (posixpath.normpath(str(folder / name)) for name in extends)


def _listed(current: CheckContext) -> tuple[str, ...] | None:
    """Return the paths of the list that an input names, one a line or with NULs between; None where none is named.

    A list that cannot be read raises `ConfigurationError`, also where no rule asks for it.
    """
    name = current.inputs.changed_files
    if not name:
        return None
    path = find(name, within=current.within)
    try:
        content = read_bytes(path, largest=_LARGEST_LIST, within=current.within)
    except OSError as error:
        what = Message("file.unreadable", file=Name(name), reason=reason(error))
        raise ConfigurationError(what, Message("file.name-an-existing-one")) from error
    text = content.decode("utf-8", "surrogateescape")
    return tuple(dict.fromkeys(filter(None, text.split("\0" if "\0" in text else "\n"))))


def _of_list(paths: Sequence[str], choice: GateFileChoice, current: CheckContext) -> Training:
    """Judge the paths of a list; links, modes and commits are not known."""
    folder = current.within or Path()
    files = [folder / file for file in _files(current.inputs.gates, choice.counting.extends)]
    names = {each.name for file in files for each in (file, Path(os.path.realpath(file)))}
    own = frozenset(path for path in paths if path.split("/")[-1] in names)
    judged = _Rules(choice.counting.gate_file.no_training_needed, own).judge((path, FileKind.CONTENT) for path in paths)
    return Training(notes=(judged,)) if isinstance(judged, Message) else Training(exempt=judged)
