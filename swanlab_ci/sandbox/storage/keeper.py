"""The store's folder: a file and a journal for each run, one file for the rest; files are replaced atomically.

`Keeper.keep` runs before each answer, so a crash loses only changes that were not acknowledged.
"""

import contextlib
import fcntl
import json
import os
import threading
import typing
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from swanlab_ci.sandbox.storage import journal
from swanlab_ci.sandbox.storage.loading import FORMAT, RUNS, STORE, BadData, journal_of, load
from swanlab_ci.sandbox.storage.store import Store, StoredProject, StoredRun, StoredUser, StoredWorkspace

_LONGEST_JOURNAL = (
    2**20
)  # bytes, or as long as the run's file: the amount written grows no faster than the amount logged
_LOCK = "lock"


class Keeper:
    """Keeps a store in `folder`: the existing one, or else the result of `new`.

    Raises `BadData` for a folder with other content or one that another process uses, `OSError` if it cannot be read
    or written.
    """

    def __init__(self, folder: Path, new: Callable[[], Store]) -> None:
        self._folder = folder
        self._saving = threading.Lock()
        self._kept: dict[str, _Kept] = {}
        self._rest = b""
        self._changes = -1
        _claim(folder)
        with contextlib.ExitStack() as stack:
            self._lock = stack.enter_context(_locked(folder))
            self.store = self._loaded() or new()
            self.store.uploads = {}
            self.keep()
            stack.pop_all()

    def _loaded(self) -> Store | None:
        """Load the store, and remove files that no list names: a crash left them."""
        if not (self._folder / STORE).exists():
            return None
        store = load(self._folder)
        for path in (self._folder / RUNS).iterdir():
            found = store.find(path.name.partition(".")[0])
            if found is None or path.name not in {f"{found[1].cuid}.json", self._journal(found[1]).name}:
                path.unlink()
            elif path.suffix == ".json" and not self._journal(found[1]).exists():
                self._kept[found[1].cuid] = _Kept(found[1].revision, file=path.stat().st_size)
        return store

    def keep(self) -> None:
        """Return when all changes so far are on disk; simultaneous calls share one save. Raises `OSError`."""
        wanted = self.store.changes
        with self._saving:
            if self._changes < wanted:
                self._save()

    def close(self) -> None:
        """Save all changes, and release the folder."""
        with self._saving:
            self._save()
            self._lock.close()

    def _save(self) -> None:
        """Write new runs before the list that names them, and remove old ones after it: no listed run is missing."""
        with self.store.lock:
            changes, rest = self.store.changes, _encoded(_rest(self.store))
            uploads, self.store.uploads = self.store.uploads or {}, {}
            runs = {run.cuid: run for project in self.store.projects.values() for run in project.runs}
            texts = {cuid: (run.revision, _text(run)) for cuid, run in runs.items() if self._is_due(run)}
        try:
            for cuid, (revision, text) in texts.items():
                self._write_run(runs[cuid], revision, text)
            for cuid in (uploads.keys() & runs.keys()) - texts.keys():
                self._kept[cuid].journal = journal.append(self._journal(runs[cuid]), uploads[cuid])
            if rest != self._rest:
                _write(self._folder / STORE, rest)
        except OSError:
            for cuid in uploads.keys() | texts.keys():
                self._kept.pop(cuid, None)  # its state on disk is unknown: it is written again
            raise
        for cuid in self._kept.keys() - runs.keys():
            self._drop(cuid)
        self._rest, self._changes = rest, changes

    def _is_due(self, run: StoredRun) -> bool:
        kept = self._kept.get(run.cuid)
        return kept is None or kept.revision != run.revision or kept.journal > max(kept.file, _LONGEST_JOURNAL)

    def _write_run(self, run: StoredRun, revision: int, text: bytes) -> None:
        _write(self._folder / RUNS / f"{run.cuid}.json", text)
        self._journal(run).unlink(missing_ok=True)
        run.journal += 1
        self._kept[run.cuid] = _Kept(revision, file=len(text))

    def _journal(self, run: StoredRun) -> Path:
        return journal_of(self._folder / RUNS, run)

    def _drop(self, cuid: str) -> None:
        for path in (self._folder / RUNS).glob(f"{cuid}.*"):
            path.unlink()
        del self._kept[cuid]


@dataclass
class _Kept:
    """The state of a run on disk: its revision, and the bytes in its file and its journal."""

    revision: int
    file: int
    journal: int = 0


def _text(run: StoredRun) -> bytes:
    """Write a run with the number of the journal that follows; an older journal is already in the file."""
    return _encoded({"journal": run.journal + 1, **_plain(run)})


def _claim(folder: Path) -> None:
    """Create the folder; raises `BadData` if it has other content."""
    if folder.exists() and not folder.is_dir():
        raise BadData(f"{folder} is a file, must be a folder; name another, which is made if it is not there")
    folder.mkdir(parents=True, exist_ok=True)
    strange = sorted({path.name for path in folder.iterdir()} - {STORE, f".{STORE}", RUNS, _LOCK})
    if strange:
        raise BadData(f"{folder} holds {strange[0]!r}, which is none of a sandbox's files; name a folder of its own")
    (folder / RUNS).mkdir(exist_ok=True)


def _locked(folder: Path) -> typing.IO[str]:
    lock = (folder / _LOCK).open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.close()
        raise BadData(f"{folder} is kept by another sandbox that runs now; end it, or name another folder") from error
    return lock


def _write(path: Path, text: bytes) -> None:
    """Replace a file atomically: a reader sees the old or the new content."""
    scratch = path.with_name(f".{path.name}")
    with scratch.open("wb") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    scratch.replace(path)
    journal.sync(path.parent)


def _encoded(content: Any) -> bytes:
    return json.dumps(content, default=_plain).encode("ascii")


def _rest(store: Store) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "users": list(store.users.values()),
        "workspaces": list(store.workspaces.values()),
        "projects": [_plain(each) | {"runs": [run.cuid for run in each.runs]} for each in store.projects.values()],
        "deleted": sorted(store.deleted),
    }


def _plain(noun: StoredUser | StoredWorkspace | StoredProject | StoredRun) -> dict[str, Any]:
    return {field.name: getattr(noun, field.name) for field in fields(noun)}
