"""What a check needs of a forge, and what the forge answers; each forge is a package beside this module."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol

from swanlab_ci.messages import Language, Message
from swanlab_ci.platforms.changes import CommitDifference, CommitRange
from swanlab_ci.platforms.context import Context
from swanlab_ci.runtime.deadline import Deadline
from swanlab_ci.security.escaping import Safe, url_part

_MISSING_RIGHT = frozenset({401, 403, 404})
_RATE_LIMITED = frozenset({403, 429})
_SERVER_ERROR = 500


class Capability(Enum):
    """Something that a forge can do in this run; what it cannot do is left out, and is no error."""

    ANNOTATIONS = auto()
    OUTPUTS = auto()
    JOB_SUMMARY = auto()
    PULL_REQUESTS = auto()
    BASE_FILES = auto()
    COMMENTS = auto()
    COMMIT_STATUS = auto()
    LOG_MASKS = auto()


@dataclass(frozen=True, slots=True)
class ApiAttempt:
    """A request to the forge's API.

    `what` was asked for, as a verb with its object, `needs` is the permission that it takes, such as `contents: read`,
    and `refusal` why it did not work (None: it worked). `status` is the HTTP status of a refusal, 0 without an answer.
    `limited` means that there were too many requests; some forges say that with a 403 too.
    """

    what: Message
    needs: str
    refusal: Message | None = None
    status: int = 0
    limited: bool = False

    @property
    def denied(self) -> bool:
        """Whether a missing right is the likely reason; forges hide what a token may not see behind a 404."""
        return self.status in _MISSING_RIGHT and not self.limited

    @property
    def postponed(self) -> bool:
        """Whether it would work later."""
        return self.limited and self.status in _RATE_LIMITED


def later(attempt: ApiAttempt) -> Message | None:
    """Return the advice to try a refused `attempt` again; None where the forge would refuse it again."""
    if attempt.postponed:
        return Message("forge.rate-limited")
    if attempt.status >= _SERVER_ERROR:
        return Message("forge.run-again")
    return None


@dataclass(frozen=True, slots=True)
class BaseFile:
    """A file as the base branch has it; `text` is None where it has none, or where the forge did not give it.

    `note` says for the report which of the two it is. `missing` means that the forge answered 404: there is no such
    file, or the token may not see it.
    """

    text: str | None
    note: Message | None
    attempt: ApiAttempt
    missing: bool = False

    @property
    def denied(self) -> bool:
        """Whether the forge refused because of a missing right (401, or a 403 that is no rate limit)."""
        return self.attempt.denied


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """A remark of `level` (error, warning or notice) at a line of a file; a line or column of 0 is not known."""

    level: str
    text: str
    title: str = ""
    file: str = ""
    line: int = 0
    column: int = 0


PreviousVerdicts = Sequence[tuple[str, str, str]]
"""Verdicts before this one, newest first, each with its short commit and a number or the empty text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What to publish beside the files of the job; every text is rendered, and has no secrets any more.

    `verdict` is a word of `Status`, `gates` a digest of every gate's status, `headline` the verdict in one line.
    `comment_mode` is one of always, on-change, on-problem and never; `comment_key` names one comment among several. An
    empty `status_name` asks for no commit status. `history` renders the earlier verdicts for the end of the comment,
    `number` is what later comments remember of this one, as plain decimals.
    """

    verdict: str
    gates: str
    headline: Safe
    comment: Safe
    comment_mode: str
    comment_key: str
    status_name: str
    history: Callable[[PreviousVerdicts], Safe]
    number: str = ""


@dataclass(frozen=True, slots=True)
class Published:
    """Where the comment is (empty: nowhere), what to say about it, and every request."""

    comment_url: str = ""
    notice: Message | None = None
    attempts: tuple[ApiAttempt, ...] = ()


class ChangeReader(Protocol):
    """Who knows which files a change contains; what it cannot say is None beside the attempt that says why."""

    def commit_range(self, context: Context, deadline: Deadline, /) -> tuple[CommitRange | None, ApiAttempt]:
        """Return the commits between which the change of `context` lies."""
        ...

    def earlier_commits(
        self, context: Context, change: CommitRange, deadline: Deadline, /
    ) -> tuple[CommitRange | None, ApiAttempt | None]:
        """Return `change` with its `earlier` commits; without an attempt if nothing had to be asked."""
        ...

    def difference(
        self, context: Context, old: str, new: str, deadline: Deadline, /
    ) -> tuple[CommitDifference | None, tuple[ApiAttempt, ...]]:
        """Return where two commits differ, full hashes; None if any part of the answer is missing."""
        ...

    def paths_in_repository(self, context: Context, file: str, deadline: Deadline, /) -> tuple[str, ...]:
        """Return the paths that `file`, of the workspace or of the current folder, may have in the repository."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Pages of the forge that a report links to; each is empty where there is none.

    `files` is the address at which the paths of files begin, `commit` that of the commit, `job` that of the job's log,
    and `report` that of the whole report. `line` comes before the number of a line.
    """

    files: str = ""
    commit: str = ""
    job: str = ""
    report: str = ""
    line: str = "#L"

    def file(self, path: str, line: int = 0) -> str:
        """Return the address of a file of the repository, or of a line of it."""
        if not self.files or not path:
            return ""
        address = f"{self.files}/{'/'.join(map(url_part, path.split('/')))}"
        return f"{address}{self.line}{line}" if line else address


class Forge(Protocol):
    """A forge in one run. A request that it refuses is returned as an `ApiAttempt`; only files raise `OSError`."""

    capabilities: frozenset[Capability]
    limits: tuple[Message, ...]
    """What the forge usually offers and does not offer in this run."""
    secrets: tuple[str, ...]
    """Tokens that the forge took from the environment; nothing that is printed or written may hold them."""
    read_advice: Message
    """What lets the token read the base branch and find the pull request."""
    needs_base_rules: bool
    """Whether a pull request is judged by no rules where the base branch's may not be read; else its own count."""

    def find_pull_request(
        self, context: Context, path: str, deadline: Deadline, /
    ) -> tuple[Context, ApiAttempt | None]:
        """Return `context` with what its event does not say of the pull request; None if nothing had to be asked.

        `path` is the file of the base branch that is asked for next; a forge may fetch both by one request.
        """
        ...

    def base_file(self, context: Context, path: str, deadline: Deadline, /) -> BaseFile:
        """Return the file `path` as the base branch has it."""
        ...

    @property
    def changes(self) -> ChangeReader | None:
        """What knows the files of a change; None where nothing does in this run."""
        ...

    def needed_permissions(self, attempts: Sequence[ApiAttempt], /) -> tuple[str, ...]:
        """Return the permissions with which all `attempts` work; empty unless one was missing."""
        ...

    def remedy(self, attempt: ApiAttempt, context: Context, /) -> Message | None:
        """Return what would let a refused `attempt` work; None where nothing is known."""
        ...

    def summary_room(self) -> int | None:
        """Return how many bytes the job summary can still take; None: any number."""
        ...

    def links(self, context: Context, /) -> Links:
        """Return the pages of the change, of its files and of this job."""
        ...

    def append_summary(self, text: Safe, /) -> None:
        """Append `text` to the job summary; raises `OSError`."""
        ...

    def write_outputs(self, values: Mapping[str, str], /) -> None:
        """Write outputs that later steps read; raises `OSError`."""
        ...

    def annotation_lines(self, annotations: Sequence[Annotation], language: Language, /) -> tuple[Safe, ...]:
        """Return the lines that, printed to the log, become annotations: as many as the forge keeps."""
        ...

    def publish(self, publication: Publication, context: Context, deadline: Deadline, /) -> Published:
        """Write the comment and the commit status."""
        ...
