"""The server as a process sees it: connections, the log, starting, stopping, speed."""

import http.client
import socket
import threading
import time
from datetime import UTC, datetime

import pytest
import requests
from signed_in import Api

from swanlab_ci.sandbox import Sandbox, Store, sample_store
from swanlab_ci.sandbox.http import server


def test_a_connection_serves_many_requests(sandbox: Sandbox) -> None:
    connection = http.client.HTTPConnection(sandbox.url.removeprefix("http://"), timeout=5)
    connection.connect()
    kept = connection.sock

    for _ in range(3):
        connection.request("GET", "/@my-team/resnet")
        assert connection.getresponse().read()
        assert connection.sock is kept
    connection.close()


def test_the_log_holds_what_came_in(sandbox: Sandbox, api: Api) -> None:
    api("POST", "/house/metrics/summaries?x=1&y=", json=[], headers={"X-Mark": "here"})

    (seen,) = sandbox.requests
    assert (seen.method, seen.path) == ("POST", "/api/house/metrics/summaries")
    assert seen.query == {"x": "1", "y": ""}
    assert seen.headers["x-mark"] == "here"
    assert seen.body == b"[]"


def test_the_log_keeps_the_newest_only(sandbox: Sandbox, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "_LOGGED", 2)

    for number in range(4):
        api("GET", f"/nowhere?{number}")

    assert [request.target[-1] for request in sandbox.requests] == ["2", "3"]


def test_every_answer_can_be_made_to_wait(store: Store) -> None:
    with Sandbox(store, latency=0.1) as sandbox:
        start = time.monotonic()
        requests.get(f"{sandbox.url}/@my-team/resnet", timeout=5)

        assert time.monotonic() - start >= 0.1


def test_after_the_end_the_port_is_free_and_no_thread_is_left(store: Store) -> None:
    before = threading.active_count()
    with Sandbox(store) as sandbox:
        idle = requests.Session()
        idle.get(f"{sandbox.url}/@my-team/resnet", timeout=5)
        port = int(sandbox.url.rpartition(":")[2])

    assert threading.active_count() == before
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=5)
    idle.close()


def test_it_serves_until_it_is_stopped(store: Store) -> None:
    sandbox = Sandbox(store)
    server = threading.Thread(target=sandbox.serve_forever)
    server.start()

    assert requests.get(f"{sandbox.url}/@my-team/resnet", timeout=5).status_code == 200
    sandbox.stopping.set()
    server.join(5)

    assert not server.is_alive()


def test_a_body_of_the_wrong_shape_is_a_bad_request_not_a_crash(api: Api) -> None:
    assert api("POST", "/house/metrics/scalar", json={"columns": [7]}).status_code == 400


def test_a_body_may_come_in_chunks(sandbox: Sandbox, api: Api) -> None:
    answer = api("POST", "/house/metrics/summaries", data=iter([b"[", b"]"]))

    assert (answer.status_code, answer.json()) == (200, {})
    assert sandbox.requests[-1].body == b"[]"
    assert api("PUT", "/nowhere", data=iter([])).status_code == 404


def test_a_key_that_no_key_can_be_is_wrong_like_any_other(sandbox: Sandbox) -> None:
    answer = requests.post(f"{sandbox.url}/api/login/api_key", headers={"authorization": "schl\u00fcssel"}, timeout=5)

    assert answer.status_code == 401


def test_a_client_that_leaves_early_does_no_harm(sandbox: Sandbox, capfd: pytest.CaptureFixture[str]) -> None:
    host, port = sandbox.url.removeprefix("http://").split(":")
    for _ in range(3):
        client = socket.create_connection((host, int(port)), timeout=5)
        client.sendall(b"GET /@my-team/resnet HTTP/1.1\r\n")
        client.close()

    assert requests.get(f"{sandbox.url}/@my-team/resnet", timeout=5).status_code == 200
    assert capfd.readouterr() == ("", "")


def test_ten_thousand_runs_are_made_and_served() -> None:
    with Sandbox(sample_store(datetime(2026, 9, 1, tzinfo=UTC), runs=10_000)) as sandbox:
        api = Api(sandbox, sandbox.api_key)
        path = "/project/my-team/resnet/runs?size=100&page="
        found = {run["cuid"] for page in range(1, 101) for run in api.get(f"{path}{page}")["list"]}
        api.session.close()

    assert len(found) == 10_000


@pytest.mark.parametrize("headers", [{"Content-Length": str(2**40)}, {"Transfer-Encoding": "chunked"}])
def test_a_body_without_end_is_not_read_to_its_end(sandbox: Sandbox, headers: dict[str, str]) -> None:
    host, port = sandbox.url.removeprefix("http://").split(":")
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(f"POST /api/house/metrics HTTP/1.1\r\nHost: x\r\n{head}\r\n".encode())
        if "Transfer-Encoding" in headers:
            connection.sendall(f"{2**40:x}\r\n".encode())
        answer = connection.makefile("rb").read()

    assert answer.startswith(b"HTTP/1.1 413 ")
