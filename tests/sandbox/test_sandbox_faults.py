"""Every fault that can be had on demand, as a client sees it."""

import threading
import time
from typing import Any

import pytest
import requests
from signed_in import Api

from swanlab_ci.sandbox import BadFault, Fault, Sandbox, Store

RUNS = "/project/my-team/resnet/runs"


def test_a_status_comes_with_its_reason_headers_and_text(sandbox: Sandbox, api: Api) -> None:
    sandbox.faults.add(
        Fault(kind="status", status=429, reason="Slow Down", headers={"Retry-After": "7"}, text='{"code":"X"}')
    )

    answer = api("GET", RUNS)

    assert (answer.status_code, answer.reason, answer.headers["Retry-After"]) == (429, "Slow Down", "7")
    assert answer.json() == {"code": "X"}


def test_a_redirect_is_a_status_with_a_location(sandbox: Sandbox, api: Api) -> None:
    sandbox.faults.add(Fault(kind="status", status=302, headers={"Location": "http://127.0.0.1:9/x"}))

    answer = api("GET", RUNS, allow_redirects=False)

    assert (answer.status_code, answer.reason, answer.headers["Location"]) == (302, "Found", "http://127.0.0.1:9/x")


def test_a_request_that_gets_a_status_changes_nothing(sandbox: Sandbox, api: Api, store: Store) -> None:
    sandbox.faults.add(Fault(kind="status", method="DELETE", times=1))

    assert api("DELETE", "/project/my-team/resnet").status_code == 503
    assert "my-team/resnet" in store.projects


def test_a_rule_counts_its_own_requests_only(sandbox: Sandbox, api: Api) -> None:
    sandbox.faults.add(Fault(kind="status", path="*/runs?page=2*", skip=1, times=2))

    codes = [api("GET", f"{RUNS}?page={page}&size=10").status_code for page in (1, 2, 1, 2, 2, 2)]

    assert codes == [200, 200, 200, 503, 503, 200]


def test_rules_add_up_and_can_be_dropped(sandbox: Sandbox, api: Api) -> None:
    sandbox.faults.add(Fault(kind="total", number=5))
    sandbox.faults.add(Fault(kind="total", number=-1))
    assert api.get(RUNS)["total"] == 44

    sandbox.faults.clear()
    assert api.get(RUNS)["total"] == 40


def test_a_lie_about_the_total_leaves_answers_without_one_alone(sandbox: Sandbox, api: Api) -> None:
    sandbox.faults.add(Fault(kind="total"))

    assert api.get("/user/ada/groups")[0]["username"] == "my-team"
    assert api.get("/user/profile")["location"] == "Hangzhou"
    assert api("DELETE", RUNS.removesuffix("/runs")).status_code == 204


def test_latency_delays_the_answer_and_leaves_it_right(sandbox: Sandbox, api: Api) -> None:
    sandbox.faults.add(Fault(kind="latency", seconds=0.1))

    start = time.monotonic()

    assert api.get(RUNS)["total"] == 40
    assert time.monotonic() - start >= 0.1


def test_a_drip_sends_the_right_body_slowly(sandbox: Sandbox, api: Api) -> None:
    sandbox.faults.add(Fault(kind="drip", seconds=0.002))

    start = time.monotonic()
    answer = api("GET", "/user/profile")

    assert answer.json()["location"] == "Hangzhou"
    assert time.monotonic() - start >= 0.002 * len(answer.content)


def test_headers_can_drip_too(sandbox: Sandbox, api: Api) -> None:
    sandbox.faults.add(Fault(kind="drip-headers", seconds=0.001))

    start = time.monotonic()
    answer = api("GET", "/user/profile", stream=True)

    assert time.monotonic() - start >= 0.1
    answer.close()


@pytest.mark.parametrize("kind", ["reset", "hang"])
def test_a_connection_can_end_without_an_answer(sandbox: Sandbox, api: Api, kind: str) -> None:
    sandbox.faults.add(Fault(kind=kind, seconds=0.05))

    with pytest.raises(requests.ConnectionError, match="reset by peer" if kind == "reset" else "without response"):
        api("GET", RUNS)


def test_a_truncated_answer_is_shorter_than_it_says(sandbox: Sandbox, api: Api) -> None:
    sandbox.faults.add(Fault(kind="truncate"))

    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
        api("GET", RUNS)


@pytest.mark.parametrize(
    ("kind", "start", "content_type"),
    [
        ("html", b"<!doctype html>", "text/html"),
        ("not-json", b'{"list": [{"cuid": "abc"', "application/json"),
        ("deep", b"[" * 1000, "application/json"),
        ("nan", b'{"list":[{"cuid":"x","step":NaN}]', "application/json"),
        ("surrogate", b'{"list":[{"cuid":"x","name":"\\ud800"}]', "application/json"),
    ],
)
def test_a_wrong_body_comes_as_a_success(
    sandbox: Sandbox, api: Api, kind: str, start: bytes, content_type: str
) -> None:
    sandbox.faults.add(Fault(kind=kind))

    answer = api("GET", RUNS)

    assert answer.status_code == 200
    assert answer.content.startswith(start)
    assert answer.headers["content-type"].startswith(content_type)


def test_any_other_body_can_be_given(sandbox: Sandbox, api: Api) -> None:
    sandbox.faults.add(Fault(kind="body", text="null"))

    assert api.get(RUNS) is None


def test_a_gzip_bomb_is_small_on_the_wire(sandbox: Sandbox, api: Api) -> None:
    sandbox.faults.add(Fault(kind="gzip-bomb"))

    answer = api("GET", RUNS, stream=True)

    assert int(answer.headers["Content-Length"]) < 100_000
    assert answer.headers["Content-Encoding"] == "gzip"
    answer.close()


def test_a_page_can_come_again_and_again(sandbox: Sandbox, api: Api) -> None:
    first = api.get(f"{RUNS}?page=1&size=10")
    sandbox.faults.add(Fault(kind="repeat", number=1))

    assert api.get(f"{RUNS}?page=3&size=10") == first


def test_rules_can_be_set_from_outside(sandbox: Sandbox, api: Api) -> None:
    control = f"{sandbox.url}/__faults__"

    assert requests.post(control, json={"kind": "status", "status": 500}, timeout=5).status_code == 201
    assert api("GET", RUNS).status_code == 500
    assert requests.delete(control, timeout=5).status_code == 200
    assert api("GET", RUNS).status_code == 200
    assert [request.path for request in sandbox.requests] == [f"/api{RUNS}"] * 2


@pytest.mark.parametrize("rule", ["{", "[]", "{}", '{"kind": "rest"}', '{"kind": "reset", "often": 3}', "[" * 100_000])
def test_a_rule_that_cannot_be_is_refused_with_what_may_be_written(sandbox: Sandbox, rule: str) -> None:
    answer = requests.post(f"{sandbox.url}/__faults__", data=rule, timeout=5)

    assert answer.status_code == 400
    assert answer.json()["message"]


def test_a_rule_of_an_unknown_kind_cannot_be_made() -> None:
    with pytest.raises(BadFault, match="must be one of body, deep"):
        Fault(kind="rest")


@pytest.mark.parametrize("kind", ["hang", "drip", "latency"])
def test_stopping_ends_every_wait(store: Store, kind: str) -> None:
    sandbox = Sandbox(store).start()
    sandbox.faults.add(Fault(kind=kind, seconds=60))
    outcome: list[Any] = []
    client = threading.Thread(target=lambda: outcome.append(_attempt(sandbox)))
    client.start()
    while not sandbox.requests:
        time.sleep(0.005)

    start = time.monotonic()
    sandbox.stop()
    client.join(5)

    assert time.monotonic() - start < 4
    assert outcome


def _attempt(sandbox: Sandbox) -> object:
    try:
        return requests.get(f"{sandbox.url}/api/group/", timeout=30)
    except requests.RequestException as error:
        return error
