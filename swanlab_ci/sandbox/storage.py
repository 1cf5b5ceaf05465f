"""The store's folder: a file for each run and one for the rest, replaced in one step each, read with care.

What a client has been told is on disk: `Keeper.keep` comes before the answer. A crash loses what nobody was told.
"""

import contextlib
import fcntl
import json
import os
import re
import threading
import types
import typing
from collections.abc import Callable
from dataclasses import MISSING, fields, replace
from pathlib import Path
from typing import Any, TypeVar

from swanlab_ci.sandbox.store import Project, Run, Store, User, Workspace

_FORMAT = 2
_STORE, _RUNS, _LOCK = "store.json", "runs", "lock"
_FILE_NAME = re.compile(r"[0-9A-Za-z_-]{1,64}")
_Noun = TypeVar("_Noun", User, Workspace, Project, Run)


class BadData(ValueError):
    """A data folder cannot be used; the text names the file, the place in it, and what was expected."""


class Keeper:
    """Keeps a store in `folder`: the one that is there, else what `new` makes.

    Raises `BadData` for a folder that holds something else or that another process keeps, `OSError` where it cannot be
    read or written.
    """

    def __init__(self, folder: Path, new: Callable[[], Store]) -> None:
        self._folder = folder
        self._saving = threading.Lock()
        self._kept: dict[str, int] = {}
        self._rest = b""
        self._changes = -1
        _claim(folder)
        with contextlib.ExitStack() as stack:
            self._lock = stack.enter_context(_locked(folder))
            self.store = self._loaded() or new()
            self.keep()
            stack.pop_all()

    def _loaded(self) -> Store | None:
        """Load what is there, and drop the files of runs that no list names: a crash came between."""
        if not (self._folder / _STORE).exists():
            return None
        store = load(self._folder)
        runs = [run for project in store.projects.values() for run in project.runs]
        self._kept = {run.cuid: run.revision for run in runs}
        for path in (self._folder / _RUNS).iterdir():
            if path.stem not in self._kept:
                path.unlink()
        return store

    def keep(self) -> None:
        """Return once all changes so far are on disk; who calls at the same time shares one save. Raises `OSError`."""
        wanted = self.store.changes
        with self._saving:
            if self._changes < wanted:
                self._save()

    def close(self) -> None:
        """Save what is new, and leave the folder to others."""
        with self._saving:
            self._save()
            self._lock.close()

    def _save(self) -> None:
        """Write new runs before the list that names them, and drop old ones after it: whoever loads finds no gap."""
        with self.store.lock:
            changes, rest = self.store.changes, _encoded(_rest(self.store))
            runs = {run.cuid: run for project in self.store.projects.values() for run in project.runs}
            revisions = {cuid: run.revision for cuid, run in runs.items()}
            new = [cuid for cuid, revision in revisions.items() if self._kept.get(cuid) != revision]
            texts = {cuid: _encoded(_plain(runs[cuid])) for cuid in new}
        for cuid, text in texts.items():
            _write(self._folder / _RUNS / f"{cuid}.json", text)
        if rest != self._rest:
            _write(self._folder / _STORE, rest)
        for cuid in self._kept.keys() - revisions.keys():
            (self._folder / _RUNS / f"{cuid}.json").unlink(missing_ok=True)
        self._kept, self._rest, self._changes = revisions, rest, changes


def load(folder: Path) -> Store:
    """Read a store from `folder`; raises `BadData` for what is no store, `OSError` for what cannot be read."""
    document = _read(folder / _STORE)
    try:
        return _store(document, folder / _RUNS)
    except _BadPart as error:
        raise BadData(f"{folder / _STORE}: {error}") from error


class _BadPart(ValueError):
    """A part of a file is not as it must be."""


def _claim(folder: Path) -> None:
    """Make the folder, unless it holds what is not ours."""
    if folder.exists() and not folder.is_dir():
        raise BadData(f"{folder} is a file, must be a folder; name another, which is made if it is not there")
    folder.mkdir(parents=True, exist_ok=True)
    strange = sorted({path.name for path in folder.iterdir()} - {_STORE, f".{_STORE}", _RUNS, _LOCK})
    if strange:
        raise BadData(f"{folder} holds {strange[0]!r}, which is none of a sandbox's files; name a folder of its own")
    (folder / _RUNS).mkdir(exist_ok=True)


def _locked(folder: Path) -> typing.IO[str]:
    lock = (folder / _LOCK).open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.close()
        raise BadData(f"{folder} is kept by another sandbox that runs now; end it, or name another folder") from error
    return lock


def _write(path: Path, text: bytes) -> None:
    """Put a file in its place in one step: whoever reads sees it before or after, never half of it."""
    scratch = path.with_name(f".{path.name}")
    with scratch.open("wb") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    scratch.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise BadData(f"{path} is not JSON: {error}") from error


def _encoded(content: Any) -> bytes:
    return json.dumps(content, default=_plain).encode("ascii")


def _rest(store: Store) -> dict[str, Any]:
    return {
        "format": _FORMAT,
        "users": list(store.users.values()),
        "workspaces": list(store.workspaces.values()),
        "projects": [_plain(each) | {"runs": [run.cuid for run in each.runs]} for each in store.projects.values()],
        "deleted": sorted(store.deleted),
    }


def _plain(noun: User | Workspace | Project | Run) -> dict[str, Any]:
    return {field.name: getattr(noun, field.name) for field in fields(noun)}


def _store(document: Any, runs: Path) -> Store:
    found = document.get("format") if isinstance(document, dict) else None
    if found != _FORMAT:
        raise _BadPart(f"`format` is {found!r}, must be {_FORMAT}; let `swanlab-ci sandbox --data` make a new folder")
    store = Store()
    for user in _all(User, document, "users", ""):
        store.add_user(user)
    if not store.users:
        raise _BadPart("`users` is empty; at least one must be there to sign in")
    for workspace in _all(Workspace, document, "workspaces", ""):
        store.add_workspace(workspace)
    for place, item in _items(document, "projects", ""):
        project = _noun(Project, {**item, "runs": []}, place)
        if project.workspace not in store.workspaces:
            raise _BadPart(f"`{place}.workspace` is {project.workspace!r}, which is no workspace of the file")
        store.add_project(replace(project, runs=[_run(runs, cuid, place) for cuid in _listed(item, place)]))
    store.deleted = {str(name) for name in document.get("deleted") or []}
    return store


def _listed(item: dict[str, Any], place: str) -> list[str]:
    names = item.get("runs")
    if not isinstance(names, list) or not all(isinstance(name, str) and _FILE_NAME.fullmatch(name) for name in names):
        raise _BadPart(f"`{place}.runs` must be a list of run ids")
    return names


def _run(folder: Path, cuid: str, place: str) -> Run:
    path = folder / f"{cuid}.json"
    try:
        item = _read(path)
        run = _noun(Run, item, "run") if isinstance(item, dict) else None
    except FileNotFoundError as error:
        raise _BadPart(f"`{place}.runs` names {cuid}, but there is no {path}") from error
    except _BadPart as error:
        raise BadData(f"{path}: {error}") from error
    if run is None or run.cuid != cuid:
        raise BadData(f"{path}: must be an object with the cuid {cuid}")
    return run


def _items(holder: dict[str, Any], key: str, prefix: str) -> list[tuple[str, dict[str, Any]]]:
    items = holder.get(key)
    if not isinstance(items, list):
        raise _BadPart(f"`{prefix}{key}` must be a list")
    places = [f"{prefix}{key}[{number}]" for number in range(len(items))]
    for place, item in zip(places, items, strict=True):
        if not isinstance(item, dict):
            raise _BadPart(f"`{place}` must be an object")
    return list(zip(places, items, strict=True))


def _all(noun: type[_Noun], holder: dict[str, Any], key: str, prefix: str) -> list[_Noun]:
    return [_noun(noun, item, place) for place, item in _items(holder, key, prefix)]


def _noun(noun: type[_Noun], item: dict[str, Any], place: str) -> _Noun:
    kinds, required = _SHAPES[noun]
    if unknown := sorted(item.keys() - kinds.keys()):
        raise _BadPart(f"`{place}` has an unknown key `{unknown[0]}`")
    if missing := sorted(required - item.keys()):
        raise _BadPart(f"`{place}` has no `{missing[0]}`")
    for key, value in item.items():
        if not isinstance(value, kinds[key]):
            raise _BadPart(f"`{place}.{key}` is {value!r}, must be {_spelled(kinds[key])}")
    return noun(**item)


def _shape(noun: type) -> tuple[dict[str, tuple[type, ...]], frozenset[str]]:
    """Tell which types a noun's fields may have, and which fields must be given."""
    kinds = {name: _kinds(hint) for name, hint in typing.get_type_hints(noun).items()}
    return kinds, frozenset(f.name for f in fields(noun) if f.default is MISSING and f.default_factory is MISSING)


def _kinds(hint: Any) -> tuple[type, ...]:
    parts = typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
    return tuple(typing.get_origin(part) or part for part in parts)


_SHAPES = {noun: _shape(noun) for noun in (User, Workspace, Project, Run)}


def _spelled(kinds: tuple[type, ...]) -> str:
    words = {str: "a text", bool: "true or false", list: "a list", dict: "an object", types.NoneType: "null"}
    return " or ".join(words[kind] for kind in kinds)
