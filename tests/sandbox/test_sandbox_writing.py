"""Writing a run call by call, as the SDKs do it, and every refusal on the way."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from signed_in import Api

from swanlab_ci.sandbox import Fault, Sandbox, Store
from swanlab_ci.sandbox.api.uploads import put
from swanlab_ci.sandbox.storage.store import timestamp

PROJECT = "/project/my-team/resnet"


def start(api: Api, **asked: Any) -> Any:
    return api.post(f"{PROJECT}/experiment", {"name": "new", **asked})


def read(api: Api, run: Any) -> Any:
    return api.get(f"{PROJECT}/runs/{run['cuid']}")


def log(api: Api, run: Any, kind: str, *items: dict[str, Any], **more: Any) -> requests.Response:
    body = {"type": kind, "projectId": "", "experimentId": run["cuid"], "metrics": list(items), **more}
    return api("POST", "/house/metrics", json=body)


def scalar(key: str, index: int, data: object) -> dict[str, Any]:
    return {"key": key, "index": index, "data": data, "create_time": "2026-09-01T00:00:01.5Z"}


@pytest.mark.parametrize(
    ("path", "body", "statuses"),
    [
        ("/project", {"name": "mine"}, (201, 409)),
        ("/project", {"name": "ours", "username": "my-team"}, (201, 409)),
        ("/project/my-team", {"name": "ours"}, (201, 409)),
        ("/projects/my-team", {"name": "ours", "visibility": "PUBLIC"}, (201, 200)),
    ],
)
def test_a_project_is_made_once_and_then_given_back(
    api: Api, path: str, body: dict[str, str], statuses: tuple[int, int]
) -> None:
    first, second = api("POST", path, json=body), api("POST", path, json=body)

    assert (first.status_code, second.status_code) == statuses
    assert first.json() == second.json()
    assert first.json()["username"] == ("ada" if body["name"] == "mine" else "my-team")
    assert api.get(f"/project/{first.json()['path']}")["visibility"] == body.get("visibility", "PRIVATE")


def test_an_existing_project_is_a_conflict_in_the_words_that_the_old_sdk_reads(api: Api) -> None:
    assert api("POST", "/project", json={"name": "resnet", "username": "my-team"}).reason == "Conflict"


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/projects/none", {"name": "x"}, 404),
        ("/projects/grace", {"name": "x"}, 403),
        ("/projects/ada", {"name": "a name"}, 400),
        ("/projects/ada", {}, 400),
        ("/projects/ada", {"name": "x", "visibility": "SECRET"}, 400),
        ("/projects/ada", ["x"], 400),
    ],
)
def test_a_project_that_cannot_be_made_is_refused(api: Api, path: str, body: Any, status: int) -> None:
    assert api("POST", path, json=body).status_code == status


def test_a_run_starts_with_what_was_said_about_it(api: Api) -> None:
    started = start(
        api,
        description="why",
        createdAt="2026-09-01T01:02:03.456789Z",
        colors=["#111111", "#222222"],
        labels=[{"name": "smoke"}],
        job="train",
        cluster="group",
    )

    run = read(api, started)
    assert run["createdAt"] == "2026-09-01T01:02:03.456Z"
    assert (run["state"], run["finishedAt"]) == ("RUNNING", None)
    assert (run["description"], run["job"], run["cluster"]) == ("why", "train", "group")
    assert [label["name"] for label in run["labels"]] == ["smoke"]
    assert run["user"]["username"] == "ada"
    assert api.get(PROJECT)["updatedAt"] == run["createdAt"]


def test_an_old_sdks_id_becomes_the_id_and_a_new_sdks_the_slug(api: Api) -> None:
    old, new = start(api, cuid="a" * 21), start(api, cuid="8charsid")

    assert (old["cuid"], old["slug"]) == ("a" * 21, None)
    assert (len(new["cuid"]), new["slug"]) == (21, "8charsid")


@pytest.mark.parametrize("name", ["a" * 21, "8charsid"])
def test_a_run_that_goes_on_is_running_again_in_a_new_session(api: Api, name: str) -> None:
    first = start(api, cuid=name)
    api("PUT", f"{PROJECT}/runs/{first['cuid']}/profile", json={"config": {"lr": {"value": 1}}})
    api("PUT", f"{PROJECT}/runs/{first['cuid']}/state", json={"state": "FINISHED"})

    again = api("POST", f"{PROJECT}/experiment", json={"name": "other", "cuid": name})

    assert again.status_code == 200
    assert again.json()["cuid"] == first["cuid"]
    assert again.json()["flagId"] != first["flagId"]
    assert again.json()["profile"]["config"] == {"lr": {"value": 1}}
    assert read(api, first)["state"] == "RUNNING"
    assert read(api, first)["finishedAt"] is None


def test_ids_that_cannot_go_on_are_refused_in_the_words_that_the_sdks_read(api: Api, store: Store) -> None:
    scratch, clone = store.projects["ada/notes"].runs
    deleted = start(api, cuid="d" * 21)
    api("DELETE", f"{PROJECT}/runs/{deleted['cuid']}")

    def refusal(project: str, cuid: str) -> str:
        return api("POST", f"{project}/experiment", json={"name": "x", "cuid": cuid}).reason

    assert refusal(PROJECT, scratch.cuid) == "Conflict"
    assert refusal(PROJECT, "d" * 21) == "Disabled Resource"
    assert refusal("/project/ada/notes", clone.cuid) == "Bad Request"
    assert refusal("/project/ada/none", "x") == "Not Found"


def test_a_visitor_cannot_write(sandbox: Sandbox, store: Store) -> None:
    run = store.projects["ada/notes"].runs[0]
    grace = Api(sandbox, "graceSandboxSandbox42")

    with grace.session:
        assert grace("POST", "/project/ada/notes/experiment", json={"name": "x"}).status_code == 403
        assert log(grace, {"cuid": run.cuid}, "scalar", scalar("x", 1, 1)).status_code == 403


def test_each_part_of_a_profile_can_be_set_alone(api: Api) -> None:
    run = start(api)
    path = f"{PROJECT}/runs/{run['cuid']}/profile"

    api("PUT", path, json={"requirements": "torch==2.5.1", "metadata": {"pid": 1}})
    api("PUT", path, json={"config": {"lr": {"value": 0.1, "desc": "", "sort": 0}}, "conda": "name: x"})

    assert read(api, run)["profile"] == {
        "config": {"lr": {"value": 0.1, "desc": "", "sort": 0}},
        "metadata": {"pid": 1},
        "requirements": "torch==2.5.1",
        "conda": "name: x",
    }


@pytest.mark.parametrize("body", [{"config": []}, {"state": "FINISHED"}, {"conda": "x", "api_key": "y"}, []])
def test_nothing_else_of_a_run_can_be_set(api: Api, body: Any) -> None:
    run = start(api)

    assert api("PUT", f"{PROJECT}/runs/{run['cuid']}/profile", json=body).status_code == 400
    assert read(api, run)["profile"]["conda"] == ""


@pytest.mark.parametrize("state", ["FINISHED", "CRASHED", "ABORTED"])
def test_a_run_ends_at_the_moment_that_is_given(api: Api, state: str) -> None:
    run = start(api)

    api("PUT", f"{PROJECT}/runs/{run['cuid']}/state", json={"state": state, "finishedAt": "2026-09-01T01:00:00.5Z"})

    assert (read(api, run)["state"], read(api, run)["finishedAt"]) == (state, "2026-09-01T01:00:00.500Z")


def test_without_a_moment_a_run_ends_now(api: Api) -> None:
    run = start(api)

    ended = api("PUT", f"{PROJECT}/runs/{run['cuid']}/state", json={"state": "FINISHED", "from": "sdk"}).json()

    assert ended["finishedAt"] >= ended["createdAt"]


@pytest.mark.parametrize("body", [{"state": "RUNNING"}, {}, {"state": "FINISHED", "finishedAt": "soon"}])
def test_a_run_cannot_end_otherwise(api: Api, body: dict[str, str]) -> None:
    run = start(api)

    assert api("PUT", f"{PROJECT}/runs/{run['cuid']}/state", json=body).status_code == 400
    assert read(api, run)["state"] == "RUNNING"


def test_scalars_are_kept_by_step_whatever_the_order(api: Api, store: Store) -> None:
    run = start(api)

    log(api, run, "scalar", scalar("loss", 3, 0.3), scalar("loss", 1, 0.1))
    log(api, run, "scalar", scalar("loss", 2, 0.2), scalar("loss", 1, 0.9))

    found = store.find(run["cuid"])
    assert found
    assert [point[:2] for point in found[1].series["loss"]] == [[1, 0.9], [2, 0.2], [3, 0.3]]
    assert found[1].series["loss"][0][2] == 1788220801500


@given(st.lists(st.tuples(st.integers(0, 9), st.floats(allow_nan=False, allow_infinity=False))))
def test_any_order_of_points_is_kept_by_step_and_the_last_of_a_step_counts(points: list[tuple[int, float]]) -> None:
    kept: list[list[Any]] = []

    for step, value in points:
        put(kept, [step, value, 0])

    assert {step: value for step, value, _ in kept} == dict(points)
    assert [step for step, *_ in kept] == sorted({step for step, _ in points})


@pytest.mark.parametrize(
    ("sent", "kept"), [("nan", "NaN"), ("NaN", "NaN"), ("INF", "INF"), ("-inf", "-INF"), (True, True), (7, 7)]
)
def test_what_is_not_finite_is_kept_in_swanlabs_words(api: Api, store: Store, sent: object, kept: object) -> None:
    run = start(api)

    log(api, run, "scalar", scalar("x", 1, sent))

    found = store.find(run["cuid"])
    assert found
    assert found[1].series["x"][0][1] == kept


def test_a_session_that_was_taken_over_is_reported_and_its_data_left(api: Api) -> None:
    first = start(api, cuid="a" * 21)
    start(api, cuid="a" * 21)

    answer = log(api, first, "scalar", scalar("x", 1, 1.0), flagId=first["flagId"])

    assert answer.status_code == 202
    steps = api.get(f"/house/metrics/summaries/p/{first['cuid']}?all=True")
    assert steps["scalar"] == []


def test_lines_and_media_are_kept_and_a_resumed_run_learns_where_it_was(api: Api) -> None:
    run = start(api)
    log(api, run, "log", {"epoch": 7, "level": "INFO", "message": "hello", "create_time": "2026-09-01T00:00:00Z"})
    log(api, run, "media", {"key": "image", "index": 5, "data": ["image/5.png"], "more": [{"caption": "c"}]})
    log(api, run, "scalar", scalar("x", 3, 1.0))

    assert api.get(f"/house/metrics/log?experimentId={run['cuid']}")["logs"][0]["message"] == "hello"
    assert api.get(f"/house/metrics/summaries/p/{run['cuid']}?all=True&createdAt=1") == {
        "log": [{"key": "LOG", "step": 7}],
        "media": [{"key": "image", "step": 5}],
        "scalar": [{"key": "x", "step": 3}],
    }


@pytest.mark.parametrize(
    ("kind", "item"),
    [
        ("video", {}),
        ("scalar", {"key": "x"}),
        ("scalar", {"key": "x", "index": 1, "data": "much"}),
        ("scalar", {"key": "x", "index": 1, "data": None}),
        ("log", {}),
    ],
)
def test_what_cannot_be_logged_is_refused(api: Api, kind: str, item: dict[str, Any]) -> None:
    assert log(api, start(api), kind, item).status_code == 400


def test_what_was_said_about_columns_is_reported(api: Api) -> None:
    run = start(api)
    log(api, run, "scalar", scalar("a", 1, 1.0), scalar("b", 1, 1.0))
    api(
        "POST",
        f"/experiment/{run['cuid']}/columns",
        json=[{"key": "a", "type": "BOOLEAN", "name": "A", "class": "CUSTOM"}],
    )
    api("POST", "/projects/my-team/resnet/series", json={"series": [{"key": "b", "type": "STRING"}]})

    rows = api.get(f"/experiment/{run['cuid']}/column?all=True")["list"]

    assert [(row["key"], row["name"], row["type"]) for row in rows] == [("a", "A", "BOOLEAN"), ("b", "b", "STRING")]


@pytest.mark.parametrize(("path", "body"), [("/projects/my-team/resnet/series", {"series": [1]})])
def test_columns_of_another_shape_are_refused(api: Api, path: str, body: Any) -> None:
    assert api("POST", path, json=body).status_code == 400


def test_a_heartbeat_needs_a_run(api: Api) -> None:
    run = start(api)

    assert api("POST", f"/house/experiments/{run['cuid']}/heartbeat", json={"flagId": "1"}).status_code == 200
    assert api("POST", "/house/experiments/none/heartbeat", json={}).status_code == 404


def test_files_can_be_sent_to_the_addresses_that_are_given(api: Api) -> None:
    run = start(api)
    files = f"/experiment/{run['cuid']}/files"

    urls = api.post("/resources/presigned/put", {"experimentId": run["cuid"], "paths": ["a b/ü.png"]})["urls"]
    urls += api.post(f"{files}/prepare", {"files": [{"path": "x"}]})["urls"]
    (parts,) = api.post(f"{files}/prepare-multipart", {"files": [{"path": "y", "count": 2}]})["files"]
    urls += [part["url"] for part in parts["parts"]]

    assert [requests.put(url, data=b"content", timeout=5).headers["ETag"] for url in urls] == [
        '"9a0364b9e99bb480dd25e1f0284c8555"'
    ] * 4
    assert api("POST", f"{files}/complete-multipart", json={"files": []}).status_code == 201


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("scalar", {"index": 0, "data": 1.5, "key": "loss"}, {"index": "none", "data": 1.5, "key": "loss"}),
        ("media", {"index": 0, "data": ["a.png"], "key": "image"}, {"index": 1, "key": "image"}),
        ("log", {"epoch": 1, "level": "INFO", "message": "hello"}, {"epoch": 2}),
    ],
)
def test_an_upload_is_taken_whole_or_not_at_all(
    api: Api, store: Store, kind: str, good: dict[str, Any], bad: dict[str, Any]
) -> None:
    cuid = start(api)["cuid"]
    asked = {"experimentId": cuid, "type": kind, "metrics": [good, bad]}

    assert api("POST", "/house/metrics", json=asked).status_code == 400

    (_, run) = store.find(cuid) or pytest.fail("it is gone")
    assert (run.series, run.media, run.logs) == ({}, {}, [])


@pytest.mark.parametrize(
    ("kind", "item"),
    [
        ("scalar", {"index": 0, "data": 1.5, "key": "loss"}),
        ("media", {"index": 0, "data": ["a.png"], "key": "image"}),
        ("log", {"epoch": 1, "level": "INFO", "message": "hello", "create_time": "2026-09-01T12:00:00Z"}),
    ],
)
def test_what_is_sent_again_for_want_of_an_answer_is_there_once(
    sandbox: Sandbox, api: Api, store: Store, kind: str, item: dict[str, Any]
) -> None:
    cuid = start(api)["cuid"]
    sandbox.faults.add(Fault(kind="truncate", path="/api/house/metrics", times=1))
    asked = {"experimentId": cuid, "type": kind, "metrics": [item]}

    with pytest.raises(requests.RequestException):
        api("POST", "/house/metrics", json=asked)
    (_, run) = store.find(cuid) or pytest.fail("it is gone")
    assert run.series or run.media or run.logs  # it was taken, and only the answer was lost
    assert api("POST", "/house/metrics", json=asked).status_code == 200

    there: list[list[Any]] = [*run.series.values(), *run.media.values(), run.logs]
    assert [len(each) for each in there if each] == [1]


def test_a_run_that_gives_no_sign_of_life_is_called_crashed(api: Api, store: Store) -> None:
    silent, writing, beating, over = (start(api)["cuid"] for _ in range(4))
    api("PUT", f"{PROJECT}/runs/{over}/state", json={"state": "FINISHED"})
    runs = {cuid: found[1] for cuid in (silent, writing, beating, over) if (found := store.find(cuid))}
    long_ago = timestamp(datetime.now(UTC) - timedelta(minutes=31))
    for run in runs.values():
        run.updated_at = long_ago
    runs[beating].updated_at = runs[writing].updated_at = timestamp(datetime.now(UTC) - timedelta(minutes=29))
    api("POST", f"/house/experiments/{beating}/heartbeat", json={"flagId": "x"})

    assert {cuid: api.get(f"{PROJECT}/runs/{cuid}/state")["state"] for cuid in runs} == {
        silent: "CRASHED",
        writing: "RUNNING",
        beating: "RUNNING",
        over: "FINISHED",
    }
    assert runs[silent].finished_at == long_ago
    assert runs[beating].updated_at > timestamp(datetime.now(UTC) - timedelta(minutes=1))
    assert {run.state for run in store.projects["my-team/resnet"].runs} >= {"RUNNING"}  # the sample's have nobody


def test_a_run_called_crashed_goes_on_when_it_is_resumed(api: Api, store: Store) -> None:
    cuid = start(api)["cuid"]
    (_, run) = store.find(cuid) or pytest.fail("it is gone")
    run.updated_at = "2026-09-01T12:00:00.000Z"
    assert api.get(f"{PROJECT}/runs/{cuid}/state")["state"] == "CRASHED"

    start(api, cuid=cuid)

    assert api.get(f"{PROJECT}/runs/{cuid}/state") == {"state": "RUNNING", "finishedAt": None}
    run.updated_at = "2026-09-01T12:00:00.000Z"
    assert api.get(f"{PROJECT}/runs/{cuid}/state")["state"] == "CRASHED"


@pytest.mark.parametrize("part", ["cluster", "job"])
@pytest.mark.parametrize("value", [5, True, ["a"], {"a": 1}])
def test_a_group_or_job_that_is_no_text_is_refused_in_words(api: Api, part: str, value: Any) -> None:
    refused = api("POST", f"{PROJECT}/experiment", json={"name": "new", part: value})

    assert refused.status_code == 400
    assert refused.json()["message"] == f"{part} must be a text or null"


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_a_number_that_json_does_not_have_is_refused_in_words(api: Api, number: str) -> None:
    run = start(api)
    body = json.dumps({"config": {"lr": {"value": 7, "desc": "", "sort": 0}}}).replace("7", number)

    refused = api("PUT", f"{PROJECT}/runs/{run['cuid']}/profile", data=body.encode())

    assert refused.status_code == 400
    assert "JSON" in refused.json()["message"]
    assert read(api, run)["profile"]["config"] == {}
    assert api.get(f"{PROJECT}/runs?page=1&size=10")["total"]
