"""Runs that SwanLab selects: one request, taken whole, each run once."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from client_factories import make_run, make_store, store_of
from support.saying import says

from swanlab_ci import OpenApi
from swanlab_ci.errors import UnavailableError
from swanlab_ci.sandbox import Fault, Sandbox, Store

Serve = Callable[[Store], Sandbox]
Connect = Callable[..., OpenApi]
SMOKE = {"type": "STABLE", "key": "labels", "op": "IN", "value": ["smoke"]}
SHOWS = "*/runs/shows"


def shown(api: OpenApi) -> Any:
    return api.list_experiments("resnet", "team", filters=[SMOKE])


def test_the_filters_are_sent_in_the_sdks_form(serve: Serve, connect: Connect) -> None:
    sandbox = serve(store_of(1))

    shown(connect(sandbox)).unwrap()

    _, request = sandbox.requests
    assert (request.method, request.path) == ("POST", "/api/project/team/resnet/runs/shows")
    assert json.loads(request.body) == {"filters": [{**SMOKE, "active": True}], "groups": [], "sorts": []}


def test_what_passes_comes_with_its_config_and_latest_values(serve: Serve, connect: Connect) -> None:
    sandbox = serve(make_store(make_run(1), make_run(2, labels=["smoke"])))

    (found,) = shown(connect(sandbox)).unwrap()

    assert found.cuid == "run00002"
    assert found.profile == {"config": {"lr": {"value": 0.002, "desc": "", "sort": 0}}, "scalar": {"acc": 0.9}}


def test_without_filters_the_pages_are_read(serve: Serve, connect: Connect) -> None:
    sandbox = serve(store_of(3))

    assert len(connect(sandbox).list_experiments("resnet", "team", filters=[]).unwrap()) == 3
    assert not any(request.path.endswith("shows") for request in sandbox.requests)


def test_a_run_that_comes_twice_is_listed_once(serve: Serve, connect: Connect) -> None:
    sandbox = serve(store_of(0))
    rows = [{"cuid": "a", "state": "FINISHED"}, {"cuid": "b", "state": "FINISHED"}, {"cuid": "a", "state": "FINISHED"}]
    sandbox.faults.add(Fault(kind="body", path=SHOWS, text=json.dumps(rows)))

    assert [run.cuid for run in shown(connect(sandbox)).unwrap()] == ["a", "b"]


@pytest.mark.parametrize("text", ['{"list": []}', '{"CRASHED": []}', "null", "7", '["x"]', '[{"cuid": "a"}]', "[null]"])
def test_what_is_no_list_of_runs_is_an_error(serve: Serve, connect: Connect, text: str) -> None:
    sandbox = serve(store_of(0))
    sandbox.faults.add(Fault(kind="body", path=SHOWS, text=text))

    with pytest.raises(UnavailableError, check=says("client.about.selected-runs", project="team/resnet")):
        shown(connect(sandbox))


@pytest.mark.parametrize("status", [400, 404, 405, 429, 500, 503])
def test_a_refusal_is_reported_and_not_asked_for_again(serve: Serve, connect: Connect, status: int) -> None:
    sandbox = serve(store_of(3))
    sandbox.faults.add(Fault(kind="status", path=SHOWS, status=status))

    assert shown(connect(sandbox)).code == status
    assert len(sandbox.requests) == 2
