"""Servers that lack a route: each call finds another way to the same data and says so, or is an error that says it."""

from collections.abc import Callable
from typing import Any

import pytest
from client_factories import make_run, make_store
from support.saying import says

from swanlab_ci import OpenApi
from swanlab_ci.errors import UnavailableError
from swanlab_ci.messages import Message
from swanlab_ci.sandbox import Fault, Sandbox, Store

Serve = Callable[[Store], Sandbox]
Connect = Callable[..., OpenApi]
Call = Callable[[OpenApi], Any]

CSV = "*/column/csv*"
KEYS = "*/scalar/keys"
EXPORT = "*/scalar/export"
PRESIGNED = "*/files/presigned/get"
SUMMARIES = "*/house/metrics/summaries"
SERIES = {"loss": [[0, 1.0, 10], [1, "NaN", 20]], "val/acc": [[2, 0.9, 30]]}

OTHERWISE: dict[str, tuple[str, Call, str]] = {
    "metric keys": (
        KEYS,
        lambda api: api.list_metric_keys("resnet", "run00001", "team"),
        "client.older-keys",
    ),
    "series": (
        CSV,
        lambda api: api.get_series("run00001", ["val/acc", "loss"], project="resnet", username="team"),
        "client.newer-files",
    ),
    "metrics": (
        CSV,
        lambda api: api.get_metrics("run00001", ["val/acc", "loss"], project="resnet", username="team"),
        "client.newer-files",
    ),
}


def test_the_older_way_to_ask_for_summaries_is_said(sandbox: Sandbox, connect: Connect) -> None:
    sandbox.faults.add(Fault(kind="status", status=400, path=SUMMARIES, times=1))
    sent: list[Message] = []

    found = connect(sandbox, progress=sent.append).get_summary("resnet", "run00001", "team").unwrap()

    assert found["loss"]["value"] == "NaN"
    about = Message("client.about.summaries", project="team/resnet")
    assert sent == [Message("client.older-summaries", about=about, status=400)]


@pytest.fixture
def sandbox(serve: Serve) -> Sandbox:
    return serve(make_store(make_run(1, name="a-b, c", series=SERIES)))


@pytest.mark.parametrize("status", [404, 405])
@pytest.mark.parametrize("call", OTHERWISE)
def test_another_way_leads_to_the_same_data(sandbox: Sandbox, connect: Connect, call: str, status: int) -> None:
    path, ask, id_ = OTHERWISE[call]
    usual = ask(connect(sandbox)).unwrap()
    sandbox.faults.add(Fault(kind="status", status=status, path=path))
    sent: list[Message] = []

    otherwise = ask(connect(sandbox, progress=sent.append)).unwrap()

    assert repr(otherwise) == repr(usual)  # NaN is in it
    assert [each.id for each in sent] == [id_]


@pytest.mark.parametrize("missing", [EXPORT, PRESIGNED])
def test_where_no_way_is_left_the_refusal_is_reported(sandbox: Sandbox, connect: Connect, missing: str) -> None:
    for path in (CSV, missing):
        sandbox.faults.add(Fault(kind="status", status=404, path=path))

    response = connect(sandbox).get_series("run00001", "loss", project="resnet", username="team")

    assert (response.code, response.data) == (404, None)
    assert response.refusal
    assert says("client.about.metric", key="loss", run="run00001")(response.refusal)


def test_without_a_project_there_is_no_other_way(sandbox: Sandbox, connect: Connect) -> None:
    sandbox.faults.add(Fault(kind="status", status=404, path=CSV))

    assert connect(sandbox).get_series("run00001", "loss").code == 404
    assert not [request for request in sandbox.requests if request.path.endswith("export")]


@pytest.mark.parametrize("keys", [["nothing"], ["loss", "nothing"]])
def test_a_metric_that_is_nowhere_stays_unknown(sandbox: Sandbox, connect: Connect, keys: list[str]) -> None:
    response = connect(sandbox).get_series("run00001", keys, project="resnet", username="team")

    assert (response.code, response.data) == (404, None)
    assert response.refusal
    assert "nothing" in response.errmsg


def test_a_run_that_is_nowhere_stays_unknown(sandbox: Sandbox, connect: Connect) -> None:
    response = connect(sandbox).get_series("run99999", "loss", project="resnet", username="team")

    assert response.code == 404
    assert "run99999" in response.errmsg


@pytest.mark.parametrize("status", [400, 401, 403, 500])
def test_another_refusal_does_not_look_like_a_missing_route(sandbox: Sandbox, connect: Connect, status: int) -> None:
    sandbox.faults.add(Fault(kind="status", status=status, path=CSV))

    response = connect(sandbox).get_series("run00001", "loss", project="resnet", username="team")

    assert response.code == status
    assert not [request for request in sandbox.requests if request.path.endswith("export")]


@pytest.mark.parametrize("path", [EXPORT, PRESIGNED, "/files/*"])
@pytest.mark.parametrize(
    "text",
    ["null", "[]", "{}", '{"cosKey": null}', '{"urls": []}', '{"urls": [null]}', '{"urls": ["/a", "/b"]}', "<html>"],
)
def test_what_the_newer_route_does_not_tell_whole_is_an_error(
    sandbox: Sandbox, connect: Connect, path: str, text: str
) -> None:
    sandbox.faults.add(Fault(kind="status", status=404, path=CSV))
    sandbox.faults.add(Fault(kind="body", path=path, text=text))

    with pytest.raises(UnavailableError):
        connect(sandbox).get_series("run00001", "loss", project="resnet", username="team")


ONLY_WAY: dict[str, tuple[str, Call]] = {
    "list_workspaces": ("*/group/", lambda api: api.list_workspaces()),
    "list_projects": ("*/project/team?*", lambda api: api.list_projects("team")),
    "list_experiments": ("*/runs?*", lambda api: api.list_experiments("resnet", "team")),
    "get_experiment": ("*/runs/run00001", lambda api: api.get_experiment("resnet", "run00001", "team")),
    "get_exp_state": ("*/runs/run00001", lambda api: api.get_exp_state("resnet", "run00001", "team")),
    "get_summary": (SUMMARIES, lambda api: api.get_summary("resnet", "run00001", "team")),
    "delete_experiment": ("*/runs/run00001", lambda api: api.delete_experiment("resnet", "run00001", "team")),
    "delete_project": ("*/project/team/resnet", lambda api: api.delete_project("resnet", "team")),
}


@pytest.mark.parametrize("call", ONLY_WAY)
def test_where_there_is_only_one_way_its_absence_is_an_error_with_advice(
    sandbox: Sandbox, connect: Connect, call: str
) -> None:
    path, ask = ONLY_WAY[call]
    sandbox.faults.add(Fault(kind="status", status=404, path=path))

    response = ask(connect(sandbox))

    assert (response.code, response.data) == (404, None)
    assert response.refusal
    assert says("client.not-found.advice")(response.refusal)


def test_the_metric_that_the_newer_route_does_not_know_is_the_one_named(
    sandbox: Sandbox, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox.faults.add(Fault(kind="status", status=404, path=CSV))
    points = {"loss": [{"step": 0, "value": 1.0, "timestamp": 1}], "nothing": []}
    monkeypatch.setattr("swanlab_ci.client.reader.read_export", lambda *asked: points[asked[-1]])

    response = connect(sandbox).get_series("run00001", ["loss", "nothing"], project="resnet", username="team")

    assert (response.code, response.data) == (404, None)
    assert response.refusal
    assert says("client.unknown-metric", key="nothing", run="run00001")(response.refusal)


@pytest.mark.parametrize("call", ONLY_WAY)
def test_a_method_that_is_not_allowed_is_a_missing_route(sandbox: Sandbox, connect: Connect, call: str) -> None:
    path, ask = ONLY_WAY[call]
    sandbox.faults.add(Fault(kind="status", status=405, path=path))

    response = ask(connect(sandbox))

    assert response.code == 405
    assert response.refusal
    assert says("client.no-route")(response.refusal)
