import math
from collections.abc import Callable
from typing import Any

import pytest
from client_factories import make_run, make_store
from support.saying import says

from swanlab_ci import OpenApi
from swanlab_ci.client import transport
from swanlab_ci.client.protocol import Request
from swanlab_ci.client.series import columns_of, file_address, read_keys, read_points
from swanlab_ci.client.transport import FILE_CAP
from swanlab_ci.errors import UnavailableError
from swanlab_ci.messages import Message
from swanlab_ci.sandbox import Fault, Sandbox, Store

Serve = Callable[[Store], Sandbox]
Connect = Callable[..., OpenApi]
METRIC = Message("client.about.metric", key="val/acc", run="r1")
KEYS = Message("client.about.metric-keys", run="r", project="team/resnet")
BASE = "https://swan.example.com/sub/api"


def points_of(file: str | bytes, sent: Any = None) -> list[dict[str, Any]]:
    def ask(request: Request) -> Any:
        if request.address:
            return file if isinstance(file, bytes) else file.encode()
        return {"url": "/exports/x.csv"} if sent is None else sent

    return read_points(ask, BASE, "r1", "val/acc")


def test_the_second_column_is_the_value_whatever_its_name() -> None:
    assert points_of("step,my run-acc_step,my run-acc_timestamp\n0,0.5,1000\n1,9e-1,2000\n") == [
        {"step": 0, "value": 0.5, "timestamp": 1000},
        {"step": 1, "value": 0.9, "timestamp": 2000},
    ]


def test_a_name_may_hold_what_ends_a_line() -> None:
    assert points_of('step,"my\nrun\u2028-a_step"\n3,1\n') == [{"step": 3, "value": 1.0, "timestamp": None}]


def test_a_file_without_timestamps_is_read_too() -> None:
    assert points_of("step,a_step\r\n3,1\r\n") == [{"step": 3, "value": 1.0, "timestamp": None}]


def test_a_step_without_a_value_is_no_point() -> None:
    assert points_of("step,a,b\n0,,\n1,2,3\n") == [{"step": 1, "value": 2.0, "timestamp": 3}]


@pytest.mark.parametrize("text", ["NaN", "INF", "-INF", "nan"])
def test_a_value_that_is_not_finite_stays_visible_as_such(text: str) -> None:
    assert not math.isfinite(points_of(f"step,a,b\n0,{text},1\n")[0]["value"])


@pytest.mark.parametrize(
    "file",
    [
        "",
        "\n",
        "<!doctype html>",
        "loss,a\n0,1\n",
        "step,a,b\n0,x,1\n",
        "step,a,b\n0.5,1,1\n",
        "step,a,b,c,d\n0,1,2,3,4\n",
        "step,a,b\n0\n",
        'step,a,b\n"0,1,2\n',
        b"\xff\xfe",
    ],
)
def test_a_file_of_another_form_is_an_error(file: str | bytes) -> None:
    with pytest.raises(UnavailableError, check=says("client.bad-file", about=METRIC)):
        points_of(file)


def test_a_million_points_fit_into_the_largest_file_and_16_bytes_each() -> None:
    rows = (f"{step},{1 / (step + 1)!r},{1_732_480_000_000 + step}\n" for step in range(10**6))
    body = ("step,run-loss_step,run-loss_timestamp\n" + "".join(rows)).encode()

    points = columns_of(body, METRIC)

    assert len(body) < FILE_CAP
    assert (len(points.steps), points.values[-1]) == (10**6, 1e-6)
    assert points.steps.itemsize + points.values.itemsize == 16


@pytest.mark.parametrize(
    "file", [b"step,a\n9223372036854775808,1\n", b"step,a\n1,1\n\xff", b"", b"<html>", b"step,a\nx,1\n"]
)
def test_columns_of_another_form_are_an_error(file: bytes) -> None:
    with pytest.raises(UnavailableError, check=says("client.bad-file", about=METRIC)):
        columns_of(file, METRIC)


@pytest.mark.parametrize("sent", [[], {}, {"url": None}, {"url": 7}, "x"])
def test_an_answer_without_an_address_is_an_error(sent: Any) -> None:
    with pytest.raises(UnavailableError, check=says("client.no-file", about=METRIC)):
        points_of("step,a\n", sent)


@pytest.mark.parametrize(
    ("sent", "address"),
    [
        ("https://cos.example.com/x.csv?sign=1", "https://cos.example.com/x.csv?sign=1"),
        (
            "/swanlab-private/exports/x.csv?X-Amz-Expires=300",
            "https://swan.example.com/swanlab-private/exports/x.csv?X-Amz-Expires=300",
        ),
        ("https://swan.example.com/x.csv", "https://swan.example.com/x.csv"),
    ],
)
def test_a_file_is_looked_for_where_swanlab_says(sent: str, address: str) -> None:
    assert file_address(BASE, sent) == address


@pytest.mark.parametrize(
    "sent", ["http://swan.example.com/x", "file:///etc/passwd", "http://169.254.169.254/", "ftp://x/y"]
)
def test_a_file_at_an_unsafe_address_is_not_read(sent: str) -> None:
    with pytest.raises(UnavailableError, check=says("client.unsafe-file")):
        file_address(BASE, sent)


def keys_of(*pages: Any) -> tuple[list[str], list[Any]]:
    bodies: list[Any] = []

    def ask(request: Request) -> Any:
        bodies.append(request.body["cursor"])
        return pages[min(len(bodies), len(pages)) - 1]

    return read_keys(ask, KEYS, {"experimentId": "r"}), bodies


def test_keys_are_read_page_by_page() -> None:
    first = {"keys": ["a", "b"], "hasMore": True, "nextCursor": "b"}

    assert keys_of(first, {"keys": ["c"], "hasMore": False, "nextCursor": None}) == (["a", "b", "c"], ["", "b"])


@pytest.mark.parametrize(
    ("page", "id_"),
    [
        (None, "client.no-list"),
        ([], "client.no-list"),
        ({}, "client.no-list"),
        ({"keys": None}, "client.no-list"),
        ({"keys": [1]}, "client.no-list"),
        ({"keys": [], "hasMore": True}, "client.endless-list"),
        ({"keys": ["a"], "hasMore": True, "nextCursor": "again"}, "client.endless-list"),
    ],
)
def test_keys_that_do_not_come_whole_are_an_error(page: Any, id_: str) -> None:
    with pytest.raises(UnavailableError, check=says(id_, about=KEYS)):
        keys_of(page)


def test_all_points_of_some_metrics_are_read(serve: Serve, connect: Connect) -> None:
    sparse = {"loss": [[0, 1.0, 10], [1, 0.5, 20], [2, "NaN", 30]], "val/acc": [[2, 0.9, 30]]}
    sandbox = serve(make_store(make_run(1, name='a "b", c', series=sparse)))

    data = connect(sandbox).get_series("run00001", ["val/acc", "loss", "val/acc"]).unwrap()

    assert list(data) == ["val/acc", "loss"]
    assert data["val/acc"] == [{"step": 2, "value": 0.9, "timestamp": 30}]
    assert [point["step"] for point in data["loss"]] == [0, 1, 2]
    assert connect(sandbox).get_series("run00001", "loss").unwrap().keys() == {"loss"}


def test_metrics_side_by_side_keep_every_step(serve: Serve, connect: Connect) -> None:
    sparse = {"loss": [[3, 0.2, 40], [0, 1.0, 10]], "val/acc": [[2, 0.9, 30], [3, 0.8, 40]]}
    sandbox = serve(make_store(make_run(1, series=sparse)))

    assert connect(sandbox).get_metrics("run00001", ["val/acc", "loss"]).unwrap() == [
        {"step": 0, "val/acc": None, "val/acc_timestamp": None, "loss": 1.0, "loss_timestamp": 10},
        {"step": 2, "val/acc": 0.9, "val/acc_timestamp": 30, "loss": None, "loss_timestamp": None},
        {"step": 3, "val/acc": 0.8, "val/acc_timestamp": 40, "loss": 0.2, "loss_timestamp": 40},
    ]


@pytest.mark.parametrize(("keys", "column"), [(["a", "a_timestamp"], "a_timestamp"), (["step"], "step")])
def test_metrics_that_would_share_a_column_are_not_mixed(
    serve: Serve, connect: Connect, keys: list[str], column: str
) -> None:
    sandbox = serve(make_store(make_run(1, series={key: [[0, 1.0, 1]] for key in keys})))

    with pytest.raises(TypeError, match=f"share the column {column};"):
        connect(sandbox).get_metrics("run00001", keys)


def test_a_missing_metric_among_others_refuses_them_all(serve: Serve, connect: Connect) -> None:
    response = connect(serve(make_store(make_run(1)))).get_metrics("run00001", ["acc", "nothing"])

    assert response.code == 404
    assert response.refusal
    assert says("client.about.metric", key="nothing", run="run00001")(response.refusal)
    assert response.data is None


def test_a_file_is_fetched_without_key_or_session(serve: Serve, connect: Connect) -> None:
    sandbox = serve(make_store(make_run(1)))

    connect(sandbox).get_metrics("run00001", "acc").unwrap()
    file = sandbox.requests[-1]

    assert file.path.startswith("/files/")
    assert not {"cookie", "authorization"} & file.headers.keys()


@pytest.mark.parametrize("kind", ["html", "truncate"])
def test_a_file_that_does_not_come_whole_is_an_error(serve: Serve, connect: Connect, kind: str) -> None:
    sandbox = serve(make_store(make_run(1)))
    sandbox.faults.add(Fault(kind=kind, path="/files/*"))

    with pytest.raises(UnavailableError):
        connect(sandbox, timeout=0.3).get_metrics("run00001", "acc")


@pytest.mark.parametrize(("cap", "limit"), [("RESPONSE_CAP", None), ("FILE_CAP", 0)])
def test_a_file_has_a_limit_of_its_own(
    serve: Serve, connect: Connect, monkeypatch: pytest.MonkeyPatch, cap: str, limit: int | None
) -> None:
    sandbox = serve(make_store(make_run(1, series={"acc": [[step, 0.5, 1] for step in range(1000)]})))
    monkeypatch.setattr(transport, cap, 2**13)

    def read() -> Any:
        return connect(sandbox).get_series("run00001", "acc").unwrap()

    if limit is None:
        assert len(read()["acc"]) == 1000
    else:
        with pytest.raises(UnavailableError, check=says("client.answer-too-large", limit=limit)):
            read()


def test_the_keys_of_a_run_are_listed(serve: Serve, connect: Connect) -> None:
    sandbox = serve(make_store(make_run(1, series={f"m{n:04}": [[0, 1, 1]] for n in range(2500)})))

    found = connect(sandbox).list_metric_keys("resnet", "run00001", "team").unwrap()

    assert found == [f"m{n:04}" for n in range(2500)]


def test_an_older_server_says_the_keys_as_columns(serve: Serve, connect: Connect) -> None:
    sandbox = serve(make_store(make_run(1, series={f"m{n:04}": [[0, 1, 1]] for n in range(250)})))
    sandbox.faults.add(Fault(kind="status", status=404, path="*/scalar/keys"))

    assert len(connect(sandbox).list_metric_keys("resnet", exp_cuid="run00001", username="team").unwrap()) == 250


def test_another_refusal_of_the_keys_is_reported(serve: Serve, connect: Connect) -> None:
    sandbox = serve(make_store(make_run(1)))
    sandbox.faults.add(Fault(kind="status", status=403, path="*/scalar/keys"))

    assert connect(sandbox).list_metric_keys("resnet", "run00001", "team").code == 403


def test_a_step_without_a_value_is_no_finite_point() -> None:
    found = columns_of(b"step,a_step,a_timestamp\n1,0.5,7\n2,,7\n3,nan,\n", METRIC)

    assert [*found.steps] == [1, 2, 3]
    assert [math.isnan(value) for value in found.values] == [False, True, True]
