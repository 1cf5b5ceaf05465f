from collections.abc import Callable
from typing import Any

import pytest
from client_factories import make_run, make_store, store_of
from support.saying import ANYTHING, says

from swanlab_ci import Experiment, OpenApi
from swanlab_ci.client.protocol import Request
from swanlab_ci.client.summaries import RUNS_PER_REQUEST, read_summaries
from swanlab_ci.errors import ApiError, UnavailableError
from swanlab_ci.messages import Message
from swanlab_ci.sandbox import Sandbox, Store
from swanlab_ci.sandbox.storage.store import StoredProject

NEW = {"step": 4, "value": 0.2, "min": {"index": 4, "data": 0.2}, "max": {"index": 0, "data": 1.0}, "avg": 0.5}
READ = {"step": 4, "value": 0.2, "min": {"step": 4, "value": 0.2}, "max": {"step": 0, "value": 1.0}, "avg": 0.5}
ABOUT = Message("client.about.summaries", project="team/resnet")
Answers = Callable[[Any], Any]


def runs(count: int, **more: str) -> list[Experiment]:
    created = {"createdAt": "2026-01-01T00:00:00.000Z"}
    return [Experiment.read({"cuid": f"r{n}", "state": "FINISHED", **created, **more}) for n in range(count)]


def read(answers: Answers, count: int = 1, **more: str) -> Any:
    return read_summaries(lambda request: answers(request.body), ABOUT, "p", runs(count, **more))


def asked_for(body: Any) -> list[dict[str, Any]]:
    return list(body if isinstance(body, list) else body["experiments"])


def test_a_summary_has_the_form_that_the_sdk_gives_it() -> None:
    assert read(lambda _: {"r0": {"loss": NEW}}) == {"r0": {"loss": READ}}


@pytest.mark.parametrize(
    ("sent", "found"),
    [
        (None, {}),
        ({}, {}),
        ({"a": {}}, {"a": {"step": None, "value": None}}),
        ({"a": {"value": "NaN", "step": 3}}, {"a": {"step": 3, "value": "NaN"}}),
        ({"a": {"value": 1, "min": None, "max": 2}}, {"a": {"step": None, "value": 1, "max": {"value": 2}}}),
    ],
)
def test_a_summary_that_lacks_something_lacks_only_that(sent: Any, found: Any) -> None:
    assert read(lambda _: {"r0": sent}) == {"r0": found}


def test_the_newer_form_names_the_run_its_project_and_when_it_was_made() -> None:
    bodies: list[Any] = []

    def answer(body: Any) -> Any:
        bodies.append(body)
        return {"r0": None}

    read_summaries(lambda request: answer(request.body), ABOUT, "p", runs(1, rootExpId="re", rootProId="rp"), ["loss"])

    reference = {"experimentId": "r0", "projectId": "p", "createdAt": 1767225600, "rootExpId": "re", "rootProId": "rp"}
    assert bodies == [{"experiments": [reference], "keys": ["loss"]}]


@pytest.mark.parametrize("status", [400, 404, 422, 500])
def test_a_server_that_knows_only_the_older_form_is_asked_in_it(status: int) -> None:
    def old(body: Any) -> Any:
        if isinstance(body, dict):
            raise ApiError(ANYTHING, status=status)
        return {item["experimentId"]: {"loss": NEW} for item in body}

    assert read(old, 3) == {f"r{n}": {"loss": READ} for n in range(3)}


def test_a_server_that_takes_the_newer_form_for_nothing_is_asked_in_the_older() -> None:
    assert read(lambda body: {"r0": {"loss": NEW}} if isinstance(body, list) else {}) == {"r0": {"loss": READ}}


def test_a_run_that_neither_form_knows_has_no_metrics() -> None:
    assert read(lambda _: {}) == {"r0": {}}


def test_runs_are_asked_for_in_halves_where_so_many_are_refused() -> None:
    sizes: list[int] = []

    def few(body: Any) -> Any:
        sizes.append(len(asked_for(body)))
        if sizes[-1] > 3:
            raise ApiError(ANYTHING, status=413)
        return {item["experimentId"]: {"loss": NEW} for item in asked_for(body)}

    assert read(few, 10) == {f"r{n}": {"loss": READ} for n in range(10)}
    assert max(size for size in sizes if size <= 3) == 3


def test_one_run_that_is_refused_by_itself_is_an_error() -> None:
    def picky(body: Any) -> Any:
        if any(item["experimentId"] == "r5" for item in asked_for(body)):
            raise ApiError(Message("client.unknown-metric", key="a", run="r5"), status=500)
        return {item["experimentId"]: {} for item in asked_for(body)}

    with pytest.raises(ApiError, check=says("client.unknown-metric", run="r5")):
        read(picky, 10)


@pytest.mark.parametrize("status", [401, 403, 429])
def test_a_refusal_that_is_not_about_the_number_ends_at_once(status: int) -> None:
    asked: list[Any] = []

    def deny(body: Any) -> Any:
        asked.append(body)
        raise ApiError(ANYTHING, status=status)

    with pytest.raises(ApiError):
        read(deny, 10)

    assert len(asked) == 1


@pytest.mark.parametrize(
    ("sent", "id_"),
    [
        (None, "client.not-by-run"),
        ([], "client.not-by-run"),
        ("x", "client.not-by-run"),
        ({"data": None}, "client.not-by-run"),
        ({"other": {}}, "client.not-by-run"),
        ({"r0": []}, "client.not-by-metric"),
        ({"r0": 7}, "client.not-by-metric"),
        ({"r0": {"a": 1}}, "client.not-by-metric"),
    ],
)
def test_an_answer_of_another_form_is_an_error(sent: Any, id_: str) -> None:
    with pytest.raises(UnavailableError, check=says(id_, about=ABOUT)):
        read(lambda _: sent)


def test_the_request_reads_and_may_be_repeated() -> None:
    requests: list[Request] = []

    def ask(request: Request) -> Any:
        requests.append(request)
        return {"r0": None}

    read_summaries(ask, ABOUT, "p", runs(1))

    assert [(request.method, request.path, request.repeatable) for request in requests] == [
        ("POST", "/house/metrics/summaries", True)
    ]


def test_the_client_reads_many_runs_in_few_requests(
    serve: Callable[[Store], Sandbox], connect: Callable[..., OpenApi]
) -> None:
    sandbox = serve(store_of(2 * RUNS_PER_REQUEST + 1))
    api = connect(sandbox)
    experiments = api.list_experiments("resnet", "team").unwrap()

    summaries = api.get_summaries("resnet", experiments, "team").unwrap()

    assert summaries.keys() == {experiment.cuid for experiment in experiments}
    assert all(summary["acc"]["value"] == 0.9 for summary in summaries.values())
    assert len([1 for request in sandbox.requests if "summaries" in request.path]) == 3


def test_a_clone_is_summed_up_from_where_it_was_cloned(
    serve: Callable[[Store], Sandbox], connect: Callable[..., OpenApi]
) -> None:
    clone = make_run(2, cuid="clone", series={}, root_project="project-root", root_run="run00001")
    store = make_store(clone)
    store.add_project(
        StoredProject(
            cuid="project-root",
            name="root",
            workspace="team",
            created_at="2026-01-01T00:00:00.000Z",
            runs=[make_run(1)],
        )
    )
    response = connect(serve(store)).get_summary("resnet", "clone", "team")

    assert response.unwrap()["acc"]["max"] == {"step": 1, "value": 0.9}


def test_metrics_asked_for_by_key_come_alone(
    serve: Callable[[Store], Sandbox], connect: Callable[..., OpenApi]
) -> None:
    api = connect(serve(make_store(make_run(1, series={"acc": [[0, 1, 1]], "loss": [[0, 2, 1]]}))))
    experiments = api.list_experiments("resnet", "team").unwrap()

    found = api.get_summaries("resnet", experiments, "team", keys=["loss"]).unwrap()

    assert found["run00001"].keys() == {"loss"}


def test_the_older_name_with_the_older_argument_gives_the_same(
    serve: Callable[[Store], Sandbox], connect: Callable[..., OpenApi]
) -> None:
    api = connect(serve(store_of(2)))

    older = api.get_exp_summary("resnet", "run00001", "team")

    assert older.data
    assert older.data == api.get_summary(project="resnet", exp_id="run00001", username="team").data
    assert older.data == api.get_summary(project="resnet", exp_cuid="run00001", username="team").data
