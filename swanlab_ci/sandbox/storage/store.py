"""The data of the embedded SwanLab in memory: users, workspaces, projects, runs and their scalars."""

import secrets
import string
import threading
from bisect import insort
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypedDict

TERMINAL_STATES = frozenset({"FINISHED", "CRASHED", "ABORTED"})
_ALPHABET = string.ascii_lowercase + string.digits


def new_id() -> str:
    """Return a new id in SwanLab's form: 21 lower-case letters and digits."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(21))


def timestamp(moment: datetime) -> str:
    """Write a moment in SwanLab's form: UTC, milliseconds, `Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment(text: str) -> datetime:
    """Read a moment as the SDKs write it: ISO 8601, in UTC without a zone; raises `ValueError`."""
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def now() -> str:
    """Return the current time in SwanLab's form."""
    return timestamp(datetime.now(UTC))


class Upload(TypedDict):
    """Items that were added to a run at one time, in the form of their `kind`; see `uploads`."""

    time: str
    kind: str
    items: list[Any]


@dataclass(kw_only=True)
class StoredUser:
    """A user with a key; `profile` contains bio, url, institution, school, email, location."""

    username: str
    name: str
    api_key: str
    profile: dict[str, str] = field(default_factory=dict)


@dataclass(kw_only=True)
class StoredWorkspace:
    """A personal space (`PERSON`) or a team (`TEAM`); `members` maps a username to VISITOR, VIEWER, MEMBER or OWNER."""

    username: str
    name: str
    type: str = "TEAM"
    comment: str = ""
    members: dict[str, str] = field(default_factory=dict)
    profile: dict[str, str] = field(default_factory=dict)


@dataclass(kw_only=True)
class StoredRun:
    """One experiment, with SwanLab's names of its fields.

    `config` is nested as in the protocol: `{key: {"value", "desc", "sort"}}`. `series` maps a key to its points
    `[step, value, unix milliseconds]`; a value that is not finite is one of the texts NaN, INF and -INF.
    `columns` maps a key to its description (type, class, sectionName, …). `flag_id` marks the writing session.
    """

    cuid: str
    name: str
    username: str
    created_at: str
    state: str = "RUNNING"
    slug: str | None = None
    description: str = ""
    type: str = "CHAPTER"
    show: bool = True
    pin: bool = False
    pinned_at: str | None = None
    baseline: bool = False
    colors: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    cluster: str | None = None
    job: str | None = None
    updated_at: str = ""
    finished_at: str | None = None
    config: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    requirements: str = ""
    conda: str = ""
    series: dict[str, list[list[Any]]] = field(default_factory=dict)
    columns: dict[str, dict[str, Any]] = field(default_factory=dict)
    media: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    logs: list[dict[str, Any]] = field(default_factory=list)
    root_project: str | None = None
    root_run: str | None = None
    flag_id: str = ""

    def __post_init__(self) -> None:
        self.updated_at = self.updated_at or self.created_at
        self.encoded: dict[str, bytes] = {}  # parts of this run that are already encoded; see `changed`
        self.revision = 0
        self.journal = 0  # the number of the journal that follows the file; see `keeper`

    def changed(self) -> None:
        """Record that a part was set, so that its encoded form is out of date."""
        self.revision += 1
        self.touched()

    def touched(self) -> None:
        """Record a heartbeat, or that something was added."""
        self.updated_at = now()
        self.encoded.clear()

    @property
    def live(self) -> bool:
        """Whether a client started it over HTTP and has not ended it."""
        return self.state == "RUNNING" and bool(self.flag_id)


@dataclass(kw_only=True)
class StoredProject:
    """A project in the workspace `workspace`; `runs` is kept oldest first."""

    cuid: str
    name: str
    workspace: str
    created_at: str
    visibility: str = "PRIVATE"
    description: str = ""
    updated_at: str = ""
    labels: list[str] = field(default_factory=list)
    columns: dict[str, dict[str, Any]] = field(default_factory=dict)
    runs: list[StoredRun] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.updated_at = self.updated_at or self.created_at
        self.runs.sort(key=_age)

    @property
    def path(self) -> str:
        """`workspace/project`, as in its address."""
        return f"{self.workspace}/{self.name}"


def _age(run: StoredRun) -> tuple[str, str]:
    return run.created_at, run.cuid


class Store:
    """All data with its indexes; a thread that reads or changes it must hold `lock`.

    `changes` counts the changes by clients. `live` are the runs that a client may be writing.
    `uploads` collects additions by run id until `Keeper` has written them to disk; None without a keeper.
    """

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.changes = 0
        self.users: dict[str, StoredUser] = {}
        self.workspaces: dict[str, StoredWorkspace] = {}
        self.projects: dict[str, StoredProject] = {}
        self.deleted: set[str] = set()
        self.live: dict[str, StoredRun] = {}
        self.uploads: dict[str, list[Upload]] | None = None
        self._runs: dict[str, tuple[StoredProject, StoredRun]] = {}
        self._slugs: dict[tuple[str, str], StoredRun] = {}

    def add_user(self, user: StoredUser) -> StoredUser:
        """Add a user and the user's personal workspace."""
        self.users[user.username] = user
        self.add_workspace(
            StoredWorkspace(username=user.username, name=user.name, type="PERSON", members={user.username: "OWNER"})
        )
        return user

    def add_workspace(self, workspace: StoredWorkspace) -> StoredWorkspace:
        """Add a workspace, or replace the one with its username."""
        self.workspaces[workspace.username] = workspace
        return workspace

    def add_project(self, project: StoredProject) -> StoredProject:
        """Add a project with its runs."""
        self.projects[project.path] = project
        for run in project.runs:
            self._index(project, run)
        return project

    def add_run(self, project: StoredProject, run: StoredRun) -> StoredRun:
        """Add a run, ordered by age."""
        insort(project.runs, run, key=_age)
        self._index(project, run)
        return run

    def delete_run(self, project: StoredProject, run: StoredRun) -> None:
        """Delete a run; its id is remembered as deleted."""
        project.runs.remove(run)
        del self._runs[run.cuid]
        self.live.pop(run.cuid, None)
        if run.slug:
            del self._slugs[project.cuid, run.slug]
        self.deleted.add(run.cuid)

    def delete_project(self, project: StoredProject) -> None:
        """Delete a project with its runs."""
        for run in list(project.runs):
            self.delete_run(project, run)
        del self.projects[project.path]

    def user_with(self, api_key: str) -> StoredUser | None:
        """Find a user by key."""
        return next((user for user in self.users.values() if user.api_key == api_key), None)

    def find(self, cuid: str) -> tuple[StoredProject, StoredRun] | None:
        """Find a run by id in all projects."""
        return self._runs.get(cuid)

    def run_in(self, project: StoredProject, cuid_or_slug: str) -> StoredRun | None:
        """Find a run of a project by id or slug."""
        found = self._runs.get(cuid_or_slug)
        return found[1] if found and found[0] is project else self._slugs.get((project.cuid, cuid_or_slug))

    def uploaded(self, run: StoredRun, kind: str, items: list[Any]) -> None:
        """Record an upload; without items it is a heartbeat."""
        run.touched()
        if self.uploads is not None:
            self.uploads.setdefault(run.cuid, []).append({"time": run.updated_at, "kind": kind, "items": items})

    def bury(self, silent_since: str) -> None:
        """Set live runs without a heartbeat since that moment to CRASHED, as of their last heartbeat.

        How long SwanLab waits is not known; the SDKs send a heartbeat every ten minutes.
        """
        for run in list(self.live.values()):
            if run.live and run.updated_at < silent_since:
                last = run.updated_at
                run.state, run.finished_at = "CRASHED", last
                run.changed()
                run.updated_at = last
                self.changes += 1
            if not run.live:
                del self.live[run.cuid]

    def _index(self, project: StoredProject, run: StoredRun) -> None:
        self._runs[run.cuid] = (project, run)
        if run.live:
            self.live[run.cuid] = run
        if run.slug:
            self._slugs[project.cuid, run.slug] = run
