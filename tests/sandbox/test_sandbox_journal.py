"""The journal beside a run's file: uploads are added to it and come back, wherever a crash cut it."""

import errno
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from signed_in import Api

from swanlab_ci.sandbox import BadData, Keeper, Sandbox, Store, sample_store
from swanlab_ci.sandbox.storage import keeper as storage

PLACE = "/project/my-team/resnet"


class Training:
    """A run on a kept sandbox, and how to log to it."""

    def __init__(self, api: Api, store: Store, folder: Path) -> None:
        self.api, self.store, self.folder = api, store, folder
        self.cuid = api.post(f"{PLACE}/experiment", {"name": "new"})["cuid"]

    def log(self, step: int, kind: str = "scalar") -> int:
        items: dict[str, Any] = {
            "scalar": {"index": step, "data": step / 8, "key": "loss"},
            "media": {"index": step, "data": [f"{step}.png"], "key": "image"},
            "log": {"epoch": step, "level": "INFO", "message": f"step {step}"},
        }
        body = {"experimentId": self.cuid, "type": kind, "metrics": [items[kind]]}
        return self.api("POST", "/house/metrics", json=body).status_code

    @property
    def file(self) -> Path:
        return self.folder / "runs" / f"{self.cuid}.json"

    @property
    def journal(self) -> Path:
        (found,) = self.folder.glob(f"runs/{self.cuid}.*.jsonl")
        return found


@contextmanager
def training(folder: Path) -> Iterator[Training]:
    keeper = Keeper(folder, sample_store)
    with Sandbox(keeper.store, keeper=keeper) as sandbox, (api := Api(sandbox, sandbox.api_key)).session:
        yield Training(api, keeper.store, folder)


def reopened(folder: Path, cuid: str) -> Any:
    keeper = Keeper(folder, Store)
    keeper.close()
    found = keeper.store.find(cuid)
    assert found
    return found[1]


@pytest.fixture
def crashed(tmp_path: Path) -> Training:
    """A training of five steps that the server acknowledged, and nothing more."""
    with training(tmp_path / "data") as it:
        for step in range(5):
            it.log(step)
        kept = {path: path.read_bytes() for path in it.folder.glob("runs/*")}
    for path, content in kept.items():
        path.write_bytes(content)
    return it


def test_an_upload_adds_to_the_journal_and_leaves_the_file(tmp_path: Path) -> None:
    with training(tmp_path / "data") as it:
        it.log(0)
        before = it.file.stat().st_ino
        for step in range(1, 9):
            it.log(step)

        assert it.file.stat().st_ino == before
        assert [json.loads(line)["items"][0][1][0] for line in it.journal.read_text().splitlines()] == list(range(9))


@pytest.mark.parametrize("kind", ["scalar", "media", "log"])
def test_everything_logged_comes_back_once_however_often_the_file_is_written_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(storage, "_LONGEST_JOURNAL", 0)
    with training(tmp_path / "data") as it:
        numbers = set()
        for step in range(60):
            assert it.log(step, kind) == 200
            numbers |= {path.name for path in it.folder.glob("runs/*.jsonl")}
        (run,) = [run for run in it.store.projects["my-team/resnet"].runs if run.cuid == it.cuid]

    again = reopened(it.folder, it.cuid)
    assert len(numbers) > 2
    assert (again.series, again.media, again.logs) == (run.series, run.media, run.logs)
    assert len([*again.series.get("loss", []), *again.media.get("image", []), *again.logs]) == 60


def keep_only(crashed: Training) -> None:
    """Leave out all other runs, which take time to load."""
    document = json.loads((crashed.folder / "store.json").read_text())
    for project in document["projects"]:
        project["runs"] = [cuid for cuid in project["runs"] if cuid == crashed.cuid]
    (crashed.folder / "store.json").write_text(json.dumps(document))


def test_a_journal_may_be_cut_at_any_byte(crashed: Training) -> None:
    keep_only(crashed)
    whole = crashed.journal.read_bytes()
    file = crashed.file.read_bytes()
    before_last = whole[: whole[:-1].rindex(b"\n")].rindex(b"\n")
    for cut in (0, *range(before_last, len(whole) + 1)):  # the lines before are like the last two
        for path in crashed.folder.glob(f"runs/{crashed.cuid}.*"):
            path.unlink()
        crashed.file.write_bytes(file)
        (crashed.folder / "runs" / f"{crashed.cuid}.{json.loads(file)['journal']}.jsonl").write_bytes(whole[:cut])

        steps = [point[0] for point in reopened(crashed.folder, crashed.cuid).series.get("loss", [])]

        acknowledged = whole[:cut].count(b"\n")
        assert steps in (list(range(acknowledged)), list(range(acknowledged + 1)))
        assert not list(crashed.folder.glob("runs/*.jsonl"))


@pytest.mark.parametrize("line", [b"", b"\0\0", b"{}", b'{"time": "", "kind": "scalar", "items": [7]}', b"[" * 100_000])
def test_damage_before_the_end_is_named_with_its_line(crashed: Training, line: bytes) -> None:
    lines = crashed.journal.read_bytes().split(b"\n")
    crashed.journal.write_bytes(b"\n".join([*lines[:2], line, *lines[2:]]))

    with pytest.raises(BadData, match=rf"{crashed.journal.name}: line 3 is not what a sandbox writes"):
        Keeper(crashed.folder, Store)


def test_a_journal_that_is_in_the_file_already_is_not_taken_twice(crashed: Training) -> None:
    old, content = crashed.journal, crashed.journal.read_bytes()
    reopened(crashed.folder, crashed.cuid)
    old.write_bytes(content)  # the crash came before it was dropped

    assert len(reopened(crashed.folder, crashed.cuid).series["loss"]) == 5
    assert not old.exists()


def test_while_the_disk_is_full_reading_goes_on_and_nothing_is_lost_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with training(tmp_path / "data") as it:
        it.log(0)
        with monkeypatch.context() as patched:
            patched.setattr(os, "fsync", full)
            assert it.log(1) == 500
            assert it.api("GET", f"{PLACE}/runs/{it.cuid}").status_code == 200
            assert it.api("POST", f"{PLACE}/runs/shows", json={"filters": []}).status_code == 200
            assert it.log(2) == 500
        assert it.log(3) == 200

        assert [point[0] for point in _copied(it, tmp_path / "copy").series["loss"]] == [0, 1, 2, 3]


def _copied(it: Training, folder: Path) -> Any:
    for path in it.folder.rglob("*.json*"):
        copy = folder / path.relative_to(it.folder)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    return reopened(folder, it.cuid)


def test_a_sign_of_life_outlives_the_server(tmp_path: Path) -> None:
    with training(tmp_path / "data") as it:
        run = next(run for run in it.store.projects["my-team/resnet"].runs if run.cuid == it.cuid)
        run.updated_at = "2026-01-01T00:00:00.000Z"
        it.api.post(f"/house/experiments/{it.cuid}/heartbeat", {})

        assert _copied(it, tmp_path / "copy").updated_at == run.updated_at > "2026-01-02"


def test_a_sandbox_that_keeps_nothing_collects_nothing() -> None:
    with Sandbox(sample_store()) as sandbox, (api := Api(sandbox, sandbox.api_key)).session:
        Training(api, sandbox.store, Path()).log(0)

        assert sandbox.store.uploads is None
