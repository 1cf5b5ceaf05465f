"""A kept history: the runs of a project in a file, so that their past can be judged again without any request.

The first line says what the file holds, each further line is a run. A hash in the first line shows every damage.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from swanlab_ci.check.stored import as_json, form_of, parsed
from swanlab_ci.errors import ConfigurationError
from swanlab_ci.gate import Needs
from swanlab_ci.messages import Message, Name
from swanlab_ci.model import Run
from swanlab_ci.security.files import find, read_bytes, reason
from swanlab_ci.security.forms import FormError

_KIND, _VERSION = "swanlab-ci history", 1
_LARGEST = 1 << 30
_DAMAGED = Message("kept.damaged")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fetched:
    """What was fetched of `project` at `fetched_at`; `url` is the project's page.

    With `profile`, each run has its whole profile, and of the metrics `points` all points; all other metrics are there,
    too. Unless `complete`, this is not so: the fetching was interrupted, and some runs have less.
    """

    project: str
    url: str
    fetched_at: datetime
    complete: bool
    profile: bool
    points: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptHistory(_Fetched):
    """The runs, and how much of them is known."""

    runs: tuple[Run, ...]

    @property
    def holds(self) -> Needs:
        """What is known of every run."""
        return Needs(
            profile=self.profile,
            metrics=frozenset(),
            last_only=False,
            all_metrics=True,
            points=frozenset(self.points),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head(_Fetched):
    kind: str = _KIND
    version: int = _VERSION
    runs: int
    sha256: str


def written(kept: KeptHistory, redact: Callable[[str], str]) -> str:
    """Return the text of the file, without what `redact` removes."""
    body = redact("\n".join(_line(run) for run in kept.runs))
    head = _Head(**_fetched(kept), runs=len(kept.runs), sha256=hashlib.sha256(body.encode()).hexdigest())
    return f"{_line(head)}\n{body}"


def _line(value: Run | _Head) -> str:
    return as_json(value, separators=(",", ":"))


def read_kept(name: str, *, within: Path | None) -> KeptHistory:
    """Read the file `name`; with `within`, only from that folder.

    Raises `ConfigurationError` for a file that cannot be read, is not one of these, or is damaged.
    """
    path = find(name, within=within)
    try:
        first, _, body = read_bytes(path, largest=_LARGEST).partition(b"\n")
    except OSError as error:
        raise ConfigurationError(
            Message("file.unreadable", file=Name(name), reason=reason(error)), Message("kept.name-a-history")
        ) from error
    head = _read_head(first, name)
    lines = body.removesuffix(b"\n").split(b"\n") if body.strip() else []
    if len(lines) < head.runs:
        raise _wrong(name, Message("kept.cut-off", found=len(lines), count=head.runs))
    if hashlib.sha256(b"\n".join(lines)).hexdigest() != head.sha256:
        raise _wrong(name, _DAMAGED)
    return KeptHistory(**_fetched(head), runs=_read_runs(lines, name))


def _fetched(found: _Fetched) -> dict[str, Any]:
    return {each.name: getattr(found, each.name) for each in fields(_Fetched)}


def _read_head(line: bytes, name: str) -> _Head:
    try:
        found = parsed(line)
    except FormError:
        raise _wrong(name, Message("kept.no-history")) from None
    if not isinstance(found, dict) or found.get("kind") != _KIND:
        raise _wrong(name, Message("kept.no-history"))
    if found.get("version") != _VERSION:
        raise _wrong(name, Message("check.bundle-other-version"))
    try:
        head: _Head = form_of(_Head)(found)
    except FormError:
        raise _wrong(name, _DAMAGED) from None
    if len(found) != len(fields(_Head)) or head.fetched_at.tzinfo is None or "/" not in head.project:
        raise _wrong(name, _DAMAGED)
    return head


def _read_runs(lines: Sequence[bytes], name: str) -> tuple[Run, ...]:
    try:
        runs = tuple(map(form_of(Run), map(parsed, lines)))
    except FormError:
        raise _wrong(name, _DAMAGED) from None
    times = (time for run in runs for time in (run.created_at, run.finished_at))
    if any(time and time.tzinfo is None for time in times):
        raise _wrong(name, _DAMAGED)
    return runs


def _wrong(name: str, problem: Message) -> ConfigurationError:
    what = Message("kept.unusable", file=Name(name), problem=problem)
    return ConfigurationError(what, Message("kept.unusable-advice", file=Name(name)))
