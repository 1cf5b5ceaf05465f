"""Scalars as the SDKs of all generations ask for them."""

import csv
import io
from typing import Any

import pytest
import requests
from signed_in import Api

from swanlab_ci.sandbox import Store
from swanlab_ci.sandbox.api.wire import summary
from swanlab_ci.sandbox.storage.store import StoredRun

SUMMARIES = "/house/metrics/summaries"
SCALAR = "/house/metrics/scalar"


@pytest.fixture
def run(store: Store) -> StoredRun:
    return next(run for run in store.projects["my-team/resnet"].runs if run.name == "main-s2")


@pytest.fixture
def reference(store: Store, run: StoredRun) -> dict[str, Any]:
    return {"projectId": store.projects["my-team/resnet"].cuid, "experimentId": run.cuid}


@pytest.fixture
def clone(store: Store) -> dict[str, Any]:
    notes = store.projects["ada/notes"]
    cloned = next(run for run in notes.runs if run.root_run)
    roots = {"rootProId": cloned.root_project, "rootExpId": cloned.root_run}
    return {"projectId": notes.cuid, "experimentId": cloned.cuid, **roots}


def test_a_summary_knows_the_last_value_and_the_extremes() -> None:
    sums = summary([[1, 3.0, 0], [2, 1.0, 0], [5, 2.0, 0]])

    assert (sums["step"], sums["value"], sums["min"], sums["max"]) == (
        5,
        2.0,
        {"index": 2, "data": 1.0},
        {"index": 1, "data": 3.0},
    )
    assert (sums["avg"], sums["median"], sums["minMax"]) == (2.0, 2.0, [1.0, 3.0])
    assert sums["stdDev"] == pytest.approx(0.816497)


def test_a_summary_takes_its_extremes_from_the_finite_values() -> None:
    sums = summary([[1, 3.0, 0], [2, "NaN", 0]])

    assert (sums["value"], sums["min"]["data"]) == ("NaN", 3.0)


def test_a_summary_without_a_finite_value_says_so_everywhere() -> None:
    sums = summary([[1, "INF", 0]])

    assert (sums["value"], sums["max"], sums["avg"]) == ("INF", {"index": 1, "data": "NaN"}, "NaN")


def test_both_forms_of_asking_for_summaries_are_answered(
    api: Api, run: StoredRun, reference: dict[str, Any], clone: dict[str, Any]
) -> None:
    old = api.post(SUMMARIES, [reference, clone])
    new = api.post(SUMMARIES, {"experiments": [{**reference, "createdAt": 1}, clone]})

    assert old == new
    assert old.keys() == {run.cuid, clone["experimentId"]}
    assert old[run.cuid]["val/acc"]["value"] == run.series["val/acc"][-1][1]


def test_the_new_form_can_ask_for_some_keys_only(api: Api, run: StoredRun, reference: dict[str, Any]) -> None:
    answer = api.post(SUMMARIES, {"experiments": [reference], "keys": ["val/acc", "nothing"]})

    assert answer[run.cuid].keys() == {"val/acc"}


def test_a_clone_whose_roots_are_not_given_has_no_summary(api: Api, clone: dict[str, Any]) -> None:
    bare = {key: clone[key] for key in ("projectId", "experimentId")}

    assert api.post(SUMMARIES, [bare]) == {}
    assert api.post(SUMMARIES, {"experiments": [bare]}) == {clone["experimentId"]: None}


def test_runs_of_an_unknown_or_wrong_project_are_left_out(api: Api, reference: dict[str, Any]) -> None:
    assert api.post(SUMMARIES, [{**reference, "projectId": "none"}, {**reference, "experimentId": "none"}]) == {}


@pytest.mark.parametrize("body", ["7", "[7]", '{"experiments": 7}', "{", "[" * 100_000])
def test_a_body_of_another_shape_is_refused(api: Api, body: str) -> None:
    assert api("POST", SUMMARIES, data=body).status_code == 400


def test_keys_come_in_parts(api: Api, reference: dict[str, Any]) -> None:
    first = api.post("/house/metrics/scalar/keys", {"experiments": [reference], "limit": 2, "cursor": ""})
    asked = {"experiments": [reference], "limit": 2, "cursor": first["nextCursor"]}

    assert (first["keys"], first["hasMore"]) == (["train/loss", "val/acc"], True)
    assert api.post("/house/metrics/scalar/keys", asked) == {"keys": ["val/loss"], "hasMore": False, "nextCursor": None}


def test_availability_names_the_runs_that_have_a_key(api: Api, run: StoredRun, reference: dict[str, Any]) -> None:
    asked = {"keys": ["val/acc", "nothing"], "experiments": [reference]}

    assert api.post("/house/metrics/scalar/availability", asked) == {"val/acc": [run.cuid], "nothing": []}


def test_points_of_a_series_are_thinned_to_the_number_asked_for(
    api: Api, run: StoredRun, reference: dict[str, Any]
) -> None:
    column = {"experimentId": run.cuid, "key": "val/acc"}
    asked = {"projectId": reference["projectId"], "columns": [column], "num": 4}

    (series,) = api.post(SCALAR, asked)
    steps = [point["index"] for point in series["metrics"]]

    assert (len(steps), steps[0], steps[-1]) == (4, run.series["val/acc"][0][0], run.series["val/acc"][-1][0])
    assert series["metrics"][0]["data"] == run.series["val/acc"][0][1]


def test_points_come_by_step_without_those_that_are_not_finite(
    api: Api, run: StoredRun, reference: dict[str, Any]
) -> None:
    run.series["odd"] = [[3, 0.3, 30], [1, "NaN", 10], [2, 0.2, 20]]
    columns = [{"experimentId": run.cuid, "key": key} for key in ("odd", "nothing")]

    (series,) = api.post(SCALAR, {"projectId": reference["projectId"], "columns": columns})

    points = [{"index": 2, "data": 0.2, "timestamp": 20}, {"index": 3, "data": 0.3, "timestamp": 30}]
    assert series == {"key": "odd", "metrics": points}


@pytest.mark.parametrize("asked", [{"num": 1501}, {"num": -1}, {"num": "many"}, {"columns": [{}] * 17}])
def test_more_than_the_sdk_asks_for_is_refused(api: Api, reference: dict[str, Any], asked: dict[str, Any]) -> None:
    column = {"experimentId": reference["experimentId"], "key": "val/acc"}

    assert api("POST", SCALAR, json={"columns": [column], **asked}).status_code == 400


def test_the_values_of_a_series_are_points(api: Api, run: StoredRun, reference: dict[str, Any]) -> None:
    columns = [{"experimentId": run.cuid, "key": "val/acc"}, {"experimentId": run.cuid, "key": "nothing"}]

    (values,) = api.post("/house/metrics/scalar/value", {"projectId": reference["projectId"], "columns": columns})

    step, value, _ = run.series["val/acc"][-1]
    assert values["latest"] == {"index": step, "data": value}
    assert values.keys() == {"key", "min", "max", "avg", "median", "latest"}


def test_the_old_csv_holds_one_series_and_needs_no_cookie(api: Api, run: StoredRun) -> None:
    run.name = "odd, name"

    url = api.get(f"/experiment/{run.cuid}/column/csv?key=val/acc")["url"]
    head, *rows = csv.reader(io.StringIO(requests.get(url, timeout=5).text))

    assert head == ["step", "odd, name-val/acc_step", "odd, name-val/acc_timestamp"]
    assert [float(value) for _, value, _ in rows] == [value for _, value, _ in run.series["val/acc"]]


def test_the_new_csv_holds_series_side_by_side(api: Api, run: StoredRun, reference: dict[str, Any]) -> None:
    run.series["sparse"] = [[2, 0.5, 7]]
    columns = [{"experimentId": run.cuid, "key": key} for key in ("sparse", "val/acc")]

    name = api.post("/house/metrics/scalar/export", {"projectId": reference["projectId"], "columns": columns})["cosKey"]
    (url,) = api.post("/files/presigned/get", {"paths": [name]})["urls"]
    rows = list(csv.reader(io.StringIO(requests.get(url, timeout=5).text)))

    assert rows[1][:3] == ["1", "", ""]
    assert rows[2][:3] == ["2", "0.5", "7"]
    assert len(rows) == 1 + 64


def test_a_csv_of_an_unknown_key_is_not_found(api: Api, run: StoredRun) -> None:
    assert api("GET", f"/experiment/{run.cuid}/column/csv?key=none").status_code == 404
    address = api.base.removesuffix("/api") + f"/files/exports/csv/{run.cuid}=none"
    assert requests.get(address, timeout=5).status_code == 404


def test_columns_can_be_paged_searched_or_had_all_at_once(api: Api, run: StoredRun) -> None:
    path = f"/experiment/{run.cuid}/column"

    assert [column["key"] for column in api.get(f"{path}?all=True")["list"]] == ["train/loss", "val/loss", "val/acc"]
    assert api.get(f"{path}?search=loss&size=10")["total"] == 2
    assert api.get(f"{path}?class=SYSTEM")["list"] == []
    assert api.get(f"{path}?type=FLOAT")["list"][0]["class"] == "CUSTOM"


def test_the_last_lines_of_a_log_are_given(api: Api, run: StoredRun) -> None:
    run.logs = [{"message": str(number)} for number in range(5)]

    answer = api.get(f"/house/metrics/log?experimentId={run.cuid}&size=2")

    assert answer == {"logs": [{"message": "3"}, {"message": "4"}], "count": 5}
