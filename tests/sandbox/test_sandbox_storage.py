"""The data file: what is saved comes back, and what is no data file is told so."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from swanlab_ci.sandbox import BadData, Store, load, save


def document(path: Path, store: Store) -> Any:
    save(store, path)
    return json.loads(path.read_text())


def test_a_saved_store_comes_back_as_it_was(store: Store, tmp_path: Path) -> None:
    project = store.projects["my-team/resnet"]
    store.delete_run(project, project.runs[0])
    project.runs[-1].name = "名 \ud800"
    save(store, tmp_path / "data.json")

    loaded = load(tmp_path / "data.json")

    assert loaded.users == store.users
    assert loaded.workspaces == store.workspaces
    assert loaded.projects == store.projects
    assert loaded.deleted == store.deleted
    assert loaded.find(project.runs[0].cuid)


def test_saving_leaves_one_file_and_replaces_the_old(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "data.json"
    path.write_text("old")

    save(store, path)

    assert list(tmp_path.iterdir()) == [path]
    assert load(path).users == store.users


def test_a_failed_save_leaves_the_old_file(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "data.json"
    save(store, path)
    before = path.read_bytes()
    store.projects["my-team/resnet"].runs[0].config = {"x": {1, 2}}

    with pytest.raises(TypeError):
        save(store, path)

    assert path.read_bytes() == before


def test_the_order_of_runs_in_the_file_does_not_matter(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "data.json"
    content = document(path, store)
    content["projects"][0]["runs"].reverse()
    path.write_text(json.dumps(content))

    assert load(path).projects == store.projects


def test_a_crash_while_writing_leaves_the_old_file(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "data.json"
    save(store, path)
    before = path.read_bytes()
    store.delete_project(store.projects["my-team/resnet"])

    def crash(_: int) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(os, "fsync", crash)
    with pytest.raises(OSError, match="No space"):
        save(store, path)

    assert path.read_bytes() == before


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "\ufeff{}"])
def test_what_is_not_json_is_named_with_its_file(tmp_path: Path, text: str) -> None:
    path = tmp_path / "data.json"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(BadData, match=r"data\.json is not JSON"):
        load(path)


@pytest.mark.parametrize(
    ("place", "value", "told"),
    [
        (("format",), 2, r"`format` is 2, must be 1"),
        (("users",), {}, r"`users` must be a list"),
        (("projects", 0), 7, r"`projects\[0\]` must be an object"),
        (("projects", 0, "runs", 3), 7, r"`projects\[0\]\.runs\[3\]` must be an object"),
        (("projects", 0, "runs", 3, "state"), 7, r"`projects\[0\]\.runs\[3\]\.state` is 7, must be a text"),
        (("projects", 0, "runs", 0, "slug"), 7, r"slug` is 7, must be a text or null"),
        (("projects", 0, "runs", 0, "statee"), "", r"has an unknown key `statee`"),
        (("projects", 0, "visible"), True, r"`projects\[0\]` has an unknown key `visible`"),
        (("projects", 0, "workspace"), "none", r"`projects\[0\]\.workspace` is 'none', which is no workspace"),
    ],
)
def test_a_mistake_is_named_with_its_place(
    store: Store, tmp_path: Path, place: tuple[Any, ...], value: Any, told: str
) -> None:
    path = tmp_path / "data.json"
    content = document(path, store)
    holder = content
    for part in place[:-1]:
        holder = holder[part]
    holder[place[-1]] = value
    path.write_text(json.dumps(content))

    with pytest.raises(BadData, match=rf"data\.json: .*{told}"):
        load(path)


def test_a_missing_part_is_named(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "data.json"
    content = document(path, store)
    del content["projects"][0]["runs"][0]["cuid"]
    path.write_text(json.dumps(content))

    with pytest.raises(BadData, match=r"`projects\[0\]\.runs\[0\]` has no `cuid`"):
        load(path)


def test_a_file_without_a_user_cannot_be_signed_in_to(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "data.json"
    path.write_text(json.dumps(document(path, store) | {"users": [], "workspaces": [], "projects": []}))

    with pytest.raises(BadData, match=r"`users` is empty"):
        load(path)
