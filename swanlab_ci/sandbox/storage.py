"""The store's file: one JSON document, written so that a crash leaves the old or the new one, read with care."""

import contextlib
import json
import os
import threading
import types
import typing
from dataclasses import MISSING, fields, replace
from pathlib import Path
from typing import Any, TypeVar

from swanlab_ci.sandbox.store import Project, Run, Store, User, Workspace

_FORMAT = 1
_Noun = TypeVar("_Noun", User, Workspace, Project, Run)


class BadData(ValueError):
    """A data file cannot be used; the text names the file, the place in it, and what was expected."""


def save(store: Store, path: Path) -> None:
    """Write the store to `path`, in one step: whoever reads sees the file before or after, never half of it."""
    with store.lock:
        text = json.dumps(_document(store), default=_plain)
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    with scratch.open("w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    scratch.replace(path)


def load(path: Path) -> Store:
    """Read a store from `path`; raises `BadData` for what is no store, `OSError` for what is no readable file."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise BadData(f"{path} is not JSON: {error}") from error
    try:
        return _store(document)
    except BadData as error:
        raise BadData(f"{path}: {error}") from error


class Keeper:
    """Saves a store to its file: now, soon after every change, and at the end.

    The first and the last save raise `OSError` where they fail; one in between (a full disk) is tried again.
    """

    def __init__(self, store: Store, path: Path, *, interval: float = 0.5) -> None:
        self._store = store
        self._path = path
        self._interval = interval
        self._saved = -1
        self._save()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="keeper", daemon=True)

    def start(self) -> None:
        """Watch for changes in a thread."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread and save what is new."""
        self._ended.set()
        self._thread.join()
        self._save()

    def _keep(self) -> None:
        while not self._ended.wait(self._interval):
            with contextlib.suppress(OSError):
                self._save()

    def _save(self) -> None:
        changes = self._store.changes
        if changes != self._saved:
            save(self._store, self._path)
            self._saved = changes


def _document(store: Store) -> dict[str, Any]:
    return {
        "format": _FORMAT,
        "users": list(store.users.values()),
        "workspaces": list(store.workspaces.values()),
        "projects": list(store.projects.values()),
        "deleted": sorted(store.deleted),
    }


def _plain(noun: User | Workspace | Project | Run) -> dict[str, Any]:
    return {field.name: getattr(noun, field.name) for field in fields(noun)}


def _store(document: Any) -> Store:
    found = document.get("format") if isinstance(document, dict) else None
    if found != _FORMAT:
        raise BadData(f"`format` is {found!r}, must be {_FORMAT}; write the file with `swanlab-ci sandbox --data FILE`")
    store = Store()
    for user in _all(User, document, "users", ""):
        store.add_user(user)
    if not store.users:
        raise BadData("`users` is empty; at least one must be there to sign in")
    for workspace in _all(Workspace, document, "workspaces", ""):
        store.add_workspace(workspace)
    for place, item in _items(document, "projects", ""):
        runs = _all(Run, item, "runs", f"{place}.")
        project = _noun(Project, {**item, "runs": []}, place)
        if project.workspace not in store.workspaces:
            raise BadData(f"`{place}.workspace` is {project.workspace!r}, which is no workspace of the file")
        store.add_project(replace(project, runs=runs))
    store.deleted = {str(name) for name in document.get("deleted") or []}
    return store


def _items(holder: dict[str, Any], key: str, prefix: str) -> list[tuple[str, dict[str, Any]]]:
    items = holder.get(key)
    if not isinstance(items, list):
        raise BadData(f"`{prefix}{key}` must be a list")
    places = [f"{prefix}{key}[{number}]" for number in range(len(items))]
    for place, item in zip(places, items, strict=True):
        if not isinstance(item, dict):
            raise BadData(f"`{place}` must be an object")
    return list(zip(places, items, strict=True))


def _all(noun: type[_Noun], holder: dict[str, Any], key: str, prefix: str) -> list[_Noun]:
    return [_noun(noun, item, place) for place, item in _items(holder, key, prefix)]


def _noun(noun: type[_Noun], item: dict[str, Any], place: str) -> _Noun:
    kinds, required = _SHAPES[noun]
    if unknown := sorted(item.keys() - kinds.keys()):
        raise BadData(f"`{place}` has an unknown key `{unknown[0]}`")
    if missing := sorted(required - item.keys()):
        raise BadData(f"`{place}` has no `{missing[0]}`")
    for key, value in item.items():
        if not isinstance(value, kinds[key]):
            raise BadData(f"`{place}.{key}` is {value!r}, must be {_spelled(kinds[key])}")
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
