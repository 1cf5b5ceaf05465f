"""Every route that the client uses, with what can go wrong there: all of the data, or an error in time.

All routes share the code that reads an answer's status and body. So each route meets every fault of *form*, which its
own code has to notice; the other faults are all tried on two routes (JSON and a file), and spread over the rest.
"""

import gc
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from client_factories import store_of

from swanlab_ci import ApiResponse, OpenApi
from swanlab_ci.client import protocol
from swanlab_ci.errors import UnavailableError
from swanlab_ci.runtime.deadline import Deadline
from swanlab_ci.sandbox import Fault, Sandbox, Store

Serve = Callable[[Store], Sandbox]
Connect = Callable[..., OpenApi]


class Asked(NamedTuple):
    """A call, and the routes at which it meets a fault; `missing` is one that the server does not have."""

    call: Callable[[OpenApi], ApiResponse[Any]]
    at: tuple[str, ...]
    missing: str = ""


CSV = "*/column/csv*"
SELECTED = ({"type": "STABLE", "key": "state", "op": "EQ", "value": ["FINISHED"]},)


def summaries(api: OpenApi) -> ApiResponse[Any]:
    return api.get_summaries("resnet", api.list_experiments("resnet", "team").unwrap(), "team")


def series(api: OpenApi) -> ApiResponse[Any]:
    return api.get_series("run00001", "acc", project="resnet", username="team")


READING: dict[str, Asked] = {
    "login": Asked(lambda api: api.list_workspaces(), ("*/login/api_key",)),
    "workspaces": Asked(lambda api: api.list_workspaces(), ("*/group/",)),
    "projects": Asked(lambda api: api.list_projects("team"), ("*/project/team?*",)),
    "runs": Asked(lambda api: api.list_experiments("resnet", "team"), ("*/runs?*",)),
    "selected runs": Asked(lambda api: api.list_experiments("resnet", "team", filters=SELECTED), ("*/runs/shows",)),
    "a run": Asked(lambda api: api.get_experiment("resnet", "run00001", "team"), ("*/runs/run00001",)),
    "a state": Asked(lambda api: api.get_exp_state("resnet", "run00001", "team"), ("*/runs/run00001",)),
    "runs by id": Asked(lambda api: api.get_experiments("resnet", ["run00001", "run00002"], "team"), ("*/runs/*2",)),
    "the project": Asked(lambda api: api.get_summary("resnet", "run00001", "team"), ("*/project/team/resnet",)),
    "a summary": Asked(lambda api: api.get_summary("resnet", "run00001", "team"), ("*/metrics/summaries",)),
    "summaries": Asked(summaries, ("*/metrics/summaries",)),
    "keys": Asked(lambda api: api.list_metric_keys("resnet", "run00001", "team"), ("*/scalar/keys", "*/column?*")),
    "columns": Asked(
        lambda api: api.list_metric_keys("resnet", "run00001", "team"), ("*/column?*",), missing="*/scalar/keys"
    ),
    "series": Asked(lambda api: api.get_series("run00001", "acc"), (CSV,)),
    "a file": Asked(series, ("/files/*",)),
    "an export": Asked(series, ("*/scalar/export",), missing=CSV),
    "its address": Asked(series, ("*/files/presigned/get",), missing=CSV),
}
DELETING: dict[str, Asked] = {
    "a run": Asked(lambda api: api.delete_experiment("resnet", "run00001", "team"), ("*/runs/run00001",)),
    "a project": Asked(lambda api: api.delete_project("resnet", "team"), ("*/project/team/resnet",)),
}
FORMS: dict[str, dict[str, Any]] = {  # what each route has to notice by itself
    "null": {"kind": "body", "text": "null"},
    "wrapped": {"kind": "body", "text": '{"data": null}'},
    "number": {"kind": "body", "text": "7"},
    "NaN": {"kind": "nan"},
    "404": {"kind": "status", "status": 404},
}
SHARED: dict[str, dict[str, Any]] = {
    "html": {"kind": "html"},
    "not-json": {"kind": "not-json"},
    "deep": {"kind": "deep"},
    "empty": {"kind": "body", "text": ""},
    "truncated": {"kind": "truncate"},
    "reset": {"kind": "reset"},
    "hanging": {"kind": "hang", "seconds": 3},
    "dripping": {"kind": "drip", "seconds": 0.4},
    "dripping from the start": {"kind": "drip-headers", "seconds": 0.4},
    "204": {"kind": "status", "status": 204},
    "206": {"kind": "status", "status": 206, "text": '{"list": [], "total": 0}'},
    "302": {"kind": "status", "status": 302, "headers": {"Location": "/elsewhere"}},
    "400": {"kind": "status", "status": 400},
    "401": {"kind": "status", "status": 401},
    "403": {"kind": "status", "status": 403, "text": '{"code": "x", "message": "verify first"}'},
    "418": {"kind": "status", "status": 418},
    "429": {"kind": "status", "status": 429, "headers": {"Retry-After": "86400"}},
    "429 without a pause": {"kind": "status", "status": 429},
    "bomb": {"kind": "gzip-bomb"},
    "500": {"kind": "status", "status": 500},
    "503": {"kind": "status", "status": 503, "headers": {"Retry-After": "3600"}},
}
FAULTS = FORMS | SHARED
WHOLE = ("runs", "a file")  # routes that meet every fault
CASES = [
    (name, fault)
    for place, name in enumerate(READING)
    for number, fault in enumerate(FAULTS)
    if fault in FORMS or name in WHOLE or number % len(READING) == place
]
# A status of 2xx says that it is done, whatever comes along with it; the 204 that SwanLab gives has no body to cut.
NO_FAULTS_OF_A_DELETION = {"null", "empty", "wrapped", "number", "204", "NaN", "truncated", "dripping"}


def faulty(sandbox: Sandbox, asked: Asked, fault: dict[str, Any]) -> Sandbox:
    if fault is FAULTS["deep"]:
        gc.collect()  # else what other tests left may be found while the stack is full
    if asked.missing:
        sandbox.faults.add(Fault(kind="status", status=404, path=asked.missing))
    for path in asked.at:
        sandbox.faults.add(Fault(path=path, **fault))
    return sandbox


def assert_no_third_outcome(asked: Asked, api: OpenApi) -> None:
    """See that there is no data from a failed answer, no success without data, no other exception."""
    started = time.monotonic()
    try:
        response = asked.call(api)
    except UnavailableError as error:
        assert error.what.id  # noqa: PT017 - either outcome is right
    else:
        assert response.code // 100 != 2
        assert response.errmsg
        assert response.data is None
    assert time.monotonic() - started < 10  # far beyond the deadline below


@pytest.fixture(autouse=True)
def _few_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "TRIES", 2)


@pytest.mark.parametrize(("name", "fault"), CASES)
def test_whatever_goes_wrong_a_reading_ends_in_time_with_a_status_or_an_error(
    serve: Serve, connect: Connect, name: str, fault: str
) -> None:
    sandbox = faulty(serve(store_of(3)), READING[name], FAULTS[fault])

    assert_no_third_outcome(READING[name], connect(sandbox, timeout=0.2, deadline=Deadline(4)))
    assert any(Fault(kind="html", path=READING[name].at[0]).applies_to("", each.target) for each in sandbox.requests)


@pytest.mark.parametrize("name", READING)
def test_without_faults_every_reading_gives_data(serve: Serve, connect: Connect, name: str) -> None:
    sandbox = faulty(serve(store_of(3)), READING[name]._replace(at=()), {})

    response = READING[name].call(connect(sandbox))

    assert (response.code, response.errmsg) == (200, "")
    assert response.data


@pytest.mark.parametrize("fault", sorted(FAULTS.keys() - NO_FAULTS_OF_A_DELETION))
@pytest.mark.parametrize("name", DELETING)
def test_a_deletion_that_goes_wrong_is_reported_and_not_sent_again(
    serve: Serve, connect: Connect, name: str, fault: str
) -> None:
    sandbox = faulty(serve(store_of(3)), DELETING[name], FAULTS[fault])

    assert_no_third_outcome(DELETING[name], connect(sandbox, timeout=0.2, deadline=Deadline(4)))
    sent = [request for request in sandbox.requests if request.method == "DELETE"]
    assert len(sent) == (2 if fault == "401" else 1)  # with the session renewed, as the first was not even looked at
