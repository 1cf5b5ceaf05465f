"""Points to draw curves with: one request a run, and a failure that is a value."""

from collections.abc import Callable
from typing import Any

import pytest
from client_factories import make_run, make_store
from support.saying import says

from swanlab_ci.client.protocol import Request
from swanlab_ci.client.reader import ProjectPath, Reader, connect
from swanlab_ci.client.sampled import Curves, read_sampled
from swanlab_ci.errors import ApiError, TimeLimitError, UnavailableError
from swanlab_ci.messages import Message
from swanlab_ci.runtime.deadline import Deadline
from swanlab_ci.sandbox import Fault, Sandbox, Store

Serve = Callable[[Store], Sandbox]
ABOUT = Message("client.about.curves", project="team/resnet")
PATH = ProjectPath("team", "resnet")


def sampled(answer: Any, keys: tuple[str, ...] = ("acc", "loss")) -> Any:
    return read_sampled(lambda _: answer, ABOUT, {"experimentId": "r", "projectId": "p"}, keys, 200)


def reader(sandbox: Sandbox) -> Reader:
    return connect({}, api_key=sandbox.api_key, host=sandbox.url)


def test_the_request_is_the_sdks() -> None:
    asked: list[Request] = []

    def ask(request: Request) -> Any:
        asked.append(request)
        return []

    named = {"experimentId": "r", "projectId": "p", "createdAt": 5, "rootProId": "rp", "rootExpId": "re"}
    assert read_sampled(ask, ABOUT, named, ["acc"], 200) == {}

    column = {"experimentId": "r", "key": "acc", "createdAt": 5, "rootProId": "rp", "rootExpId": "re"}
    body = {"projectId": "p", "xType": "step", "range": [0, 0], "columns": [column], "num": 200}
    assert [(each.method, each.path, each.body) for each in asked] == [("POST", "/house/metrics/scalar", body)]


def test_curves_are_told_apart_by_key_in_the_order_asked_for() -> None:
    point = {"index": 1, "data": 0.5, "timestamp": 7}

    found = sampled([{"key": "loss", "metrics": None}, {"key": "acc", "metrics": [point]}])

    assert list(found.items()) == [("acc", [{"step": 1, "value": 0.5, "timestamp": 7}]), ("loss", [])]
    assert sampled([{"key": "loss", "metrics": []}]) == {"loss": []}


def test_steps_that_go_back_are_put_in_order_and_the_last_of_a_step_counts() -> None:
    steps = [(3, 0.3), (1, 0.1), (2, 0.2), (1, 0.9)]

    (points,) = sampled([{"key": "acc", "metrics": [{"index": s, "data": v} for s, v in steps]}]).values()

    assert [(point["step"], point["value"], point["timestamp"]) for point in points] == [
        (1, 0.9, None),
        (2, 0.2, None),
        (3, 0.3, None),
    ]


@pytest.mark.parametrize("odd", ["NaN", "INF", None, True, [1], float("nan"), float("-inf")])
def test_a_point_that_is_no_finite_number_is_left_out(odd: Any) -> None:
    for point in ({"index": 1, "data": odd}, {"index": odd, "data": 0.5}, odd):
        assert sampled([{"key": "acc", "metrics": [point]}]) == {"acc": []}


@pytest.mark.parametrize(
    "answer",
    [
        *(None, {}, "x", [7], [{"key": "acc"}], [{"key": 7, "metrics": []}], [{"key": "acc", "metrics": "x"}]),
        [{"key": "other", "metrics": []}],
        [{"key": "acc", "metrics": []}, {"key": "acc", "metrics": []}],
    ],
)
def test_an_answer_of_another_form_is_an_error(answer: Any) -> None:
    with pytest.raises(UnavailableError, check=says("client.not-by-metric", about=ABOUT)):
        sampled(answer)


def test_at_most_16_keys_and_1500_points_are_asked_for() -> None:
    with pytest.raises(ValueError, match="17, 200"):
        sampled([], tuple(map(str, range(17))))
    with pytest.raises(ValueError, match="1, 1501"):
        read_sampled(lambda _: [], ABOUT, {"experimentId": "r", "projectId": "p"}, ["acc"], 1501)


def test_each_run_is_asked_for_once_and_the_project_not_again(serve: Serve) -> None:
    long = [[step, step / 1000, step] for step in range(1000)]
    sandbox = serve(make_store(make_run(1, series={"acc": long}), make_run(2), make_run(3, series={})))
    ours = reader(sandbox)
    runs = ours.experiments(PATH)
    ours.summaries(PATH, runs)
    before = len(sandbox.requests)

    found = ours.sampled(PATH, runs, ["acc", "none"])

    asked = [request.path for request in sandbox.requests[before:]]
    assert asked == ["/api/house/metrics/scalar"] * 3
    assert {run: _lengths(curves) for run, curves in found.items()} == {
        "run00001": [200],
        "run00002": [2],
        "run00003": [],
    }


def _lengths(curves: Curves | UnavailableError) -> list[int]:
    assert isinstance(curves, dict)
    return [len(points) for points in curves.values()]


def test_a_server_without_the_route_is_not_an_exception(serve: Serve) -> None:
    sandbox = serve(make_store(make_run(1)))
    sandbox.faults.add(Fault(kind="status", status=404, path="*/metrics/scalar"))
    ours = reader(sandbox)

    (refused,) = ours.sampled(PATH, ours.experiments(PATH), ["acc"]).values()

    assert isinstance(refused, ApiError)
    assert refused.status == 404


def test_one_run_that_fails_costs_no_other_its_curves(serve: Serve) -> None:
    sandbox = serve(make_store(make_run(1), make_run(2), make_run(3)))
    ours = reader(sandbox)
    runs = ours.experiments(PATH)
    sandbox.faults.add(Fault(kind="status", status=403, path="*/metrics/scalar", times=1))

    found = ours.sampled(PATH, runs, ["acc"])

    assert sorted(isinstance(curves, ApiError) for curves in found.values()) == [False, False, True]


def test_a_project_that_is_gone_is_a_failure_of_each_run(serve: Serve) -> None:
    sandbox = serve(make_store(make_run(1), make_run(2)))
    runs = reader(sandbox).experiments(PATH)
    sandbox.faults.add(Fault(kind="status", status=404, path="/api/project/*"))

    found = reader(sandbox).sampled(PATH, runs, ["acc"])

    assert found.keys() == {"run00001", "run00002"}
    assert all(isinstance(curves, ApiError) for curves in found.values())


def test_what_is_there_in_time_is_kept(serve: Serve) -> None:
    sandbox = serve(make_store(make_run(1), make_run(2)))
    ours = reader(sandbox)
    runs = ours.experiments(PATH)
    sandbox.faults.add(Fault(kind="hang", path="*/metrics/scalar", times=1))

    found = ours.sampled(PATH, runs, ["acc"], deadline=Deadline(0.5))

    assert sorted(isinstance(curves, TimeLimitError) for curves in found.values()) == [False, True]
