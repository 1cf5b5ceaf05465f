"""The data folder: everything kept comes back after any interruption, and another folder is refused."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests
from signed_in import Api

from swanlab_ci.sandbox import BadData, Keeper, Sandbox, Store

Change = Callable[[Any], None]


@contextmanager
def kept(folder: Path, new: Callable[[], Store] = Store) -> Iterator[Store]:
    keeper = Keeper(folder, new)
    try:
        yield keeper.store
    finally:
        keeper.close()


@pytest.fixture
def data(store: Store, tmp_path: Path) -> Path:
    """A folder that holds the sample."""
    with kept(tmp_path / "data", lambda: store):
        return tmp_path / "data"


def edit(path: Path, change: Change) -> None:
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(content))


def test_a_kept_store_comes_back_as_it_was(store: Store, tmp_path: Path) -> None:
    project = store.projects["my-team/resnet"]
    store.delete_run(project, project.runs[0])
    project.runs[-1].name = "名 \ud800"
    with kept(tmp_path / "new" / "data", lambda: store):
        pass

    with kept(tmp_path / "new" / "data") as loaded:
        assert loaded.users == store.users
        assert loaded.workspaces == store.workspaces
        assert loaded.projects == store.projects
        assert loaded.deleted == store.deleted
        assert loaded.find(project.runs[0].cuid)


def test_what_a_client_received_is_on_disk_before_the_answer(data: Path, store: Store, tmp_path: Path) -> None:
    with Sandbox((keeper := Keeper(data, Store)).store, keeper=keeper) as sandbox:
        api = Api(sandbox, sandbox.api_key)
        doomed, *_ = (run.cuid for run in store.projects["my-team/resnet"].runs)
        with api.session:
            assert api("DELETE", f"/project/my-team/resnet/runs/{doomed}").status_code == 204
            started = api.post("/project/my-team/resnet/experiment", {"name": "new"})["cuid"]
            point = {"index": 0, "data": 1.5, "key": "loss"}
            api.post("/house/metrics", {"experimentId": started, "type": "scalar", "metrics": [point]})
        copy = tmp_path / "copy"
        subprocess.run(["/bin/cp", "-r", str(data), str(copy)], check=True)  # noqa: S603 - what a crash would leave

    with kept(copy) as loaded:
        assert loaded.find(doomed) is None
        assert doomed in loaded.deleted
        found = loaded.find(started)
        assert found
        assert found[1].series == {"loss": [[0, 1.5, 0]]}
        assert {path.stem for path in (copy / "runs").iterdir()} == {
            run.cuid for project in loaded.projects.values() for run in project.runs
        }


def test_only_what_changed_is_written(data: Path) -> None:
    keeper = Keeper(data, Store)
    with Sandbox(keeper.store, keeper=keeper) as sandbox:
        before = {path: path.stat().st_ino for path in data.rglob("*.json")}
        run = keeper.store.projects["my-team/resnet"].runs[0].cuid
        with (api := Api(sandbox, sandbox.api_key)).session:
            api("PUT", f"/project/my-team/resnet/runs/{run}/profile", json={"config": {}})

        assert [path.stem for path, number in before.items() if path.stat().st_ino != number] == [run]


def test_a_full_disk_is_reported_and_tried_again(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keeper = Keeper(data, Store)
    run = keeper.store.projects["my-team/resnet"].runs[0]
    path = f"/project/my-team/resnet/runs/{run.cuid}/profile"
    before = (data / "runs" / f"{run.cuid}.json").read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with Sandbox(keeper.store, keeper=keeper) as sandbox, (api := Api(sandbox, sandbox.api_key)).session:
        with monkeypatch.context() as patched:
            patched.setattr(os, "fsync", full)
            answer = api("PUT", path, json={"config": {"a": {"value": 1}}})
            assert (answer.status_code, "No space left" in answer.text) == (500, True)
            assert (data / "runs" / f"{run.cuid}.json").read_bytes() == before
        assert api("PUT", path, json={"config": {"a": {"value": 2}}}).status_code == 200

    with kept(data) as loaded:
        assert loaded.projects["my-team/resnet"].runs[0].config == {"a": {"value": 2}}


def test_what_a_crash_left_half_written_is_dropped(data: Path, store: Store) -> None:
    for name in ("runs/.run.json", "runs/never-listed.json", ".store.json"):
        (data / name).write_text("{")

    with kept(data) as loaded:
        assert loaded.projects == store.projects
    assert sorted(path.name for path in data.iterdir()) == ["lock", "runs", "store.json"]
    assert not (data / "runs" / "never-listed.json").exists()


def test_two_sandboxes_do_not_keep_one_folder(data: Path) -> None:
    with kept(data), pytest.raises(BadData, match="is kept by another sandbox"):
        Keeper(data, Store)

    with kept(data):
        pass


def test_a_file_or_somebody_elses_folder_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / "data.json").write_text("{}")

    with pytest.raises(BadData, match=r"data\.json is a file, must be a folder"):
        Keeper(tmp_path / "data.json", Store)
    with pytest.raises(BadData, match=r"holds 'data\.json', which is none of a sandbox's files"):
        Keeper(tmp_path, Store)
    assert [path.name for path in tmp_path.iterdir()] == ["data.json"]


def first_run(data: Path) -> Path:
    return data / "runs" / f"{json.loads((data / 'store.json').read_text())['projects'][0]['runs'][0]}.json"


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "\ufeff{}"])
def test_what_is_not_json_is_named_with_its_file(data: Path, text: str) -> None:
    for path in (first_run(data), data / "store.json"):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(BadData, match=rf"{path.name} is not JSON"):
            Keeper(data, Store)


@pytest.mark.parametrize(
    ("change", "sent"),
    [
        (lambda it: it.update(format=1), r"`format` is 1, must be 3"),
        (lambda it: it.update(users={}), r"`users` must be a list"),
        (lambda it: it.update(users=[], workspaces=[], projects=[]), r"`users` is empty"),
        (lambda it: it["projects"].insert(0, 7), r"`projects\[0\]` must be an object"),
        (lambda it: it["projects"][0].update(visible=True), r"`projects\[0\]` has an unknown key `visible`"),
        (lambda it: it["projects"][0].update(workspace="none"), r"`projects\[0\]\.workspace` is 'none', which is no"),
        (
            lambda it: it["projects"][0].update(runs=["../../secret"]),
            r"`projects\[0\]\.runs` must be a list of run ids",
        ),
        (lambda it: it["projects"][0].update(runs=None), r"`projects\[0\]\.runs` must be a list of run ids"),
        (lambda it: it["projects"][0]["runs"].append("gone"), r"`projects\[0\]\.runs` names gone, but there is no"),
    ],
)
def test_a_mistake_is_named_with_its_place(data: Path, change: Change, sent: str) -> None:
    edit(data / "store.json", change)

    with pytest.raises(BadData, match=rf"store\.json: {sent}"):
        Keeper(data, Store)


@pytest.mark.parametrize(
    ("change", "sent"),
    [
        (lambda it: it.update(state=7), "`run.state` is 7, must be a text"),
        (lambda it: it.update(slug=7), "`run.slug` is 7, must be a text or null"),
        (lambda it: it.update(statee=""), "`run` has an unknown key `statee`"),
        (lambda it: it.pop("name"), "`run` has no `name`"),
        (lambda it: it.update(cuid="another"), "must be an object with the cuid"),
    ],
)
def test_a_mistake_in_a_run_is_named_with_its_file(data: Path, change: Change, sent: str) -> None:
    path = first_run(data)
    edit(path, change)

    with pytest.raises(BadData, match=rf"{path.name}: {sent}"):
        Keeper(data, Store)


SERVE = """
import sys
from pathlib import Path
from swanlab_ci.sandbox import Keeper, Sandbox, sample_store

keeper = Keeper(Path(sys.argv[1]), sample_store)
sandbox = Sandbox(keeper.store, keeper=keeper)
print(sandbox.url, sandbox.api_key, flush=True)
sandbox.serve_forever()
"""


def test_a_killed_sandbox_has_kept_all_that_it_acknowledged(tmp_path: Path) -> None:
    sent: dict[str, list[int]] = {}
    for _ in range(4):
        command = [sys.executable, "-c", SERVE, str(tmp_path / "data")]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - ours
            assert process.stdout
            url, key = process.stdout.readline().split()
            _write_until_killed(url, key, sent, enough=30, kill=process)

        with kept(tmp_path / "data") as store:
            for run, steps in sent.items():
                found = store.find(run)
                assert found
                assert set(steps) <= {point[0] for point in found[1].series.get("loss", [])}
    assert sum(map(len, sent.values())) >= 4 * 30


def _write_until_killed(
    url: str, key: str, sent: dict[str, list[int]], *, enough: int, kill: subprocess.Popen[str]
) -> None:
    """Write from three threads, remember what was acknowledged, and kill the process in the middle of it."""
    count = threading.Semaphore(0)

    def write() -> None:
        with requests.Session() as session:
            session.trust_env = False
            login = session.post(f"{url}/api/login/api_key", headers={"authorization": key}, timeout=5)
            session.headers["cookie"] = f"sid={login.json()['sid']}"
            place = f"{url}/api/project/my-team/resnet/experiment"
            run = session.post(place, json={"name": "new"}, timeout=5).json()["cuid"]
            steps = sent.setdefault(run, [])
            for step in range(10_000):
                point = {"index": step, "data": 1.5, "key": "loss"}
                body = {"experimentId": run, "type": "scalar", "metrics": [point]}
                try:
                    session.post(f"{url}/api/house/metrics", json=body, timeout=5).raise_for_status()
                except requests.RequestException:
                    return
                steps.append(step)
                count.release()

    threads = [threading.Thread(target=write) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(enough):
        assert count.acquire(timeout=20)
    kill.send_signal(signal.SIGKILL)
    for thread in threads:
        thread.join(20)
