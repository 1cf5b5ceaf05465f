"""Load a store from the files of its folder; every error names the file and the place in it."""

import json
import re
import types
import typing
from dataclasses import MISSING, fields, replace
from pathlib import Path
from typing import Any, TypeVar

from swanlab_ci.sandbox.storage import journal
from swanlab_ci.sandbox.storage.store import Store, StoredProject, StoredRun, StoredUser, StoredWorkspace

FORMAT = 3
STORE, RUNS = "store.json", "runs"
_FILE_NAME = re.compile(r"[0-9A-Za-z_-]{1,64}")
_Noun = TypeVar("_Noun", StoredUser, StoredWorkspace, StoredProject, StoredRun)


class BadData(ValueError):
    """A data folder cannot be used; the text names the file, the place in it, and what was expected."""


def load(folder: Path) -> Store:
    """Read a store from `folder`; raises `BadData` if it is no store, `OSError` if it cannot be read."""
    document = _read(folder / STORE)
    try:
        return _store(document, folder / RUNS)
    except _BadPart as error:
        raise BadData(f"{folder / STORE}: {error}") from error


class _BadPart(ValueError):
    """A part of a file has a wrong form."""


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise BadData(f"{path} is not JSON: {error}") from error


def _store(document: Any, runs: Path) -> Store:
    found = document.get("format") if isinstance(document, dict) else None
    if found != FORMAT:
        raise _BadPart(f"`format` is {found!r}, must be {FORMAT}; let `swanlab-ci sandbox --data` make a new folder")
    store = Store()
    for user in _all(StoredUser, document, "users", ""):
        store.add_user(user)
    if not store.users:
        raise _BadPart("`users` is empty; at least one must be there to sign in")
    for workspace in _all(StoredWorkspace, document, "workspaces", ""):
        store.add_workspace(workspace)
    for place, item in _items(document, "projects", ""):
        project = _noun(StoredProject, {**item, "runs": []}, place)
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


def journal_of(folder: Path, run: StoredRun) -> Path:
    """Return the path of a run's journal."""
    return folder / f"{run.cuid}.{run.journal}.jsonl"


def _run(folder: Path, cuid: str, place: str) -> StoredRun:
    path = folder / f"{cuid}.json"
    try:
        item = _read(path)
        number = item.pop("journal", None) if isinstance(item, dict) else None
        run = _noun(StoredRun, item, "run") if isinstance(number, int) else None
    except FileNotFoundError as error:
        raise _BadPart(f"`{place}.runs` names {cuid}, but there is no {path}") from error
    except _BadPart as error:
        raise BadData(f"{path}: {error}") from error
    if run is None or run.cuid != cuid:
        raise BadData(f"{path}: must be an object with the cuid {cuid} and the number of a journal")
    run.journal = number or 0
    try:
        journal.replay(journal_of(folder, run), run)
    except journal.BadLine as error:
        raise BadData(f"{journal_of(folder, run)}: {error}") from error
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
    """Return the types that the fields of a class may have, and the required fields."""
    kinds = {name: _kinds(hint) for name, hint in typing.get_type_hints(noun).items()}
    return kinds, frozenset(f.name for f in fields(noun) if f.default is MISSING and f.default_factory is MISSING)


def _kinds(hint: Any) -> tuple[type, ...]:
    parts = typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
    return tuple(typing.get_origin(part) or part for part in parts)


_SHAPES = {noun: _shape(noun) for noun in (StoredUser, StoredWorkspace, StoredProject, StoredRun)}


def _spelled(kinds: tuple[type, ...]) -> str:
    words = {str: "a text", bool: "true or false", list: "a list", dict: "an object", types.NoneType: "null"}
    return " or ".join(words[kind] for kind in kinds)
