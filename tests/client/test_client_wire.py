"""What goes over the wire, against real servers on loopback: nothing leaves for elsewhere, nothing comes in half."""

import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests
import urllib3
from client_factories import KEY, make_store, store_of
from requests_mock import Mocker
from support.saying import says

from swanlab_ci import ApiResponse, OpenApi, __version__
from swanlab_ci.client import protocol, session, transport
from swanlab_ci.errors import ConfigurationError, TimeLimitError, UnavailableError
from swanlab_ci.messages import Message
from swanlab_ci.runtime.deadline import Deadline
from swanlab_ci.sandbox import Fault, Sandbox, Store
from swanlab_ci.sandbox.http import routes

Serve = Callable[[Store], Sandbox]
Connect = Callable[..., OpenApi]
Call = Callable[[OpenApi], ApiResponse[Any]]


LOGIN_OVER_TLS = "https://swan.example.com/api/login/api_key"


def logins(sandbox: Sandbox) -> int:
    return len([1 for request in sandbox.requests if request.path.endswith("/login/api_key")])


FAULTS: dict[str, dict[str, Any]] = {
    "html": {"kind": "html"},
    "null": {"kind": "body", "text": "null"},
    "truncated": {"kind": "truncate"},
    "reset": {"kind": "reset"},
    "404": {"kind": "status", "status": 404},
    "429": {"kind": "status", "status": 429, "headers": {"Retry-After": "86400"}},
    "500": {"kind": "status", "status": 500},
    "503": {"kind": "status", "status": 503, "headers": {"Retry-After": "3600"}},
}


@pytest.mark.parametrize("page", [1, 2, 3])
@pytest.mark.parametrize("fault", ["html", "404", "truncated", "null", "503"])
def test_a_fault_on_any_page_leaves_no_partial_list(serve: Serve, connect: Connect, page: int, fault: str) -> None:
    sandbox = serve(store_of(250))
    sandbox.faults.add(Fault(path=f"*page={page}&*", **FAULTS[fault]))

    try:
        response = connect(sandbox).list_experiments("resnet", "team")
    except UnavailableError:
        return

    assert response.code in {404, 503}
    assert response.data is None


@pytest.mark.parametrize("fault", ["reset", "truncated", "500", "503", "429"])
def test_a_passing_trouble_is_survived(serve: Serve, connect: Connect, fault: str) -> None:
    sandbox = serve(store_of(250))
    rule = {"headers": {"Retry-After": "0"}} if "status" in FAULTS[fault] else {}
    sandbox.faults.add(Fault(times=protocol.TRIES - 1, path="*/runs*", **FAULTS[fault] | rule))

    assert len(connect(sandbox).list_experiments("resnet", "team").unwrap()) == 250


def test_a_lasting_trouble_is_tried_a_few_times_and_reported_with_its_status(serve: Serve, connect: Connect) -> None:
    sandbox = serve(store_of(3))
    sandbox.faults.add(Fault(kind="status", status=503, path="*/runs*"))

    response = connect(sandbox).list_experiments("resnet", "team")

    assert response.code == 503
    assert len([1 for request in sandbox.requests if "/runs" in request.path]) == protocol.TRIES


def test_a_list_that_grows_while_it_is_read_is_read_again(serve: Serve, connect: Connect) -> None:
    sandbox = serve(store_of(250))
    sandbox.faults.add(Fault(kind="total", number=1, times=1, path="*page=2&*"))

    assert len(connect(sandbox).list_experiments("resnet", "team").unwrap()) == 250


@pytest.mark.parametrize("number", [1, -1, 1000])
def test_a_total_that_keeps_lying_ends_in_an_error(serve: Serve, connect: Connect, number: int) -> None:
    sandbox = serve(store_of(150))
    sandbox.faults.add(Fault(kind="total", number=number, path="*/runs*"))

    with pytest.raises(UnavailableError, check=says("client.list-changed")):
        connect(sandbox).list_experiments("resnet", "team")

    assert len(sandbox.requests) < 50


@pytest.mark.parametrize("place", ["*/login/api_key", "*/runs*"])
@pytest.mark.parametrize(
    ("status", "location"),
    [
        (301, "{other}/api/x"),
        (302, "//{other_netloc}/x"),
        (303, "{own}/api/group/"),
        (307, "/api/group/"),
        (308, "{other}/api/x"),
        (308, "::"),
    ],
)
def test_no_redirect_is_followed(serve: Serve, connect: Connect, status: int, place: str, location: str) -> None:
    sandbox, other = serve(store_of(3)), serve(make_store())
    sent = location.format(other=other.url, other_netloc=other.url[7:], own=sandbox.url)
    sandbox.faults.add(Fault(kind="status", status=status, headers={"Location": sent}, path=place))

    response = connect(sandbox).list_experiments("resnet", "team")

    assert response.code == status
    assert other.requests == []
    assert [request.path for request in sandbox.requests if "group" in request.path] == []
    assert "api/x" not in response.errmsg


def test_the_key_goes_to_the_login_alone_and_the_session_to_the_rest(serve: Serve, connect: Connect) -> None:
    sandbox = serve(store_of(3))
    secrets: list[str] = []

    connect(sandbox, on_secret=secrets.append).list_experiments("resnet", "team")
    login, *others = sandbox.requests

    assert login.headers["authorization"] == KEY
    assert "cookie" not in login.headers
    assert others
    for request in others:
        assert request.headers["cookie"] == f"sid={secrets[0]}"
        assert "authorization" not in request.headers
        assert KEY not in str(request)


def test_every_request_says_who_asks(serve: Serve, connect: Connect) -> None:
    sandbox = serve(make_store())
    connect(sandbox).list_workspaces()

    assert {request.headers["user-agent"] for request in sandbox.requests} == {f"swanlab-ci/{__version__}"}


def test_a_cookie_that_a_server_sets_is_not_sent_back(serve: Serve, connect: Connect) -> None:
    sandbox = serve(store_of(3))
    sandbox.faults.add(
        Fault(kind="status", status=503, headers={"Set-Cookie": "evil=1; Path=/", "Retry-After": "0"}, times=1)
    )

    connect(sandbox).list_experiments("resnet", "team").unwrap()

    assert all("evil" not in str(request.headers) for request in sandbox.requests)


@pytest.mark.parametrize("line", ["default", "machine 127.0.0.1"])
def test_a_netrc_of_the_machine_does_not_replace_the_key(
    serve: Serve, connect: Connect, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    (tmp_path / ".netrc").write_text(f"{line} login mallory password guess\n", encoding="utf-8")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    sandbox = serve(make_store())

    connect(sandbox).list_workspaces().unwrap()

    assert [request.headers.get("authorization") for request in sandbox.requests] == [KEY, None]


def test_a_proxy_of_the_environment_is_used(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = serve(make_store())
    monkeypatch.setenv("http_proxy", proxy.url)
    api = OpenApi(KEY, host="http://swanlab.invalid", environ={}, allow_http=True)

    assert api.list_workspaces().code == 404
    assert [request.target for request in proxy.requests] == ["http://swanlab.invalid/api/login/api_key"]


def test_a_private_ca_of_the_environment_is_used(
    requests_mock: Mocker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ca.pem").touch()
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "ca.pem"))
    login = requests_mock.post("https://swan.example.com/api/login/api_key", status_code=401)

    OpenApi(KEY, host="swan.example.com", environ={}).list_workspaces()

    assert [request.verify for request in login.request_history] == [str(tmp_path / "ca.pem")]


def test_a_failed_handshake_is_reported_at_once(requests_mock: Mocker) -> None:
    cause = ssl.SSLError(1, "wrong")
    cause.reason = "WRONG_VERSION_NUMBER"
    login = requests_mock.post(LOGIN_OVER_TLS, exc=requests.exceptions.SSLError(urllib3.exceptions.SSLError(cause)))

    with pytest.raises(UnavailableError, check=says("client.tls-failed", reason="WRONG_VERSION_NUMBER")):
        OpenApi(KEY, host="swan.example.com", environ={}).list_workspaces()

    assert login.call_count == 1


@pytest.mark.parametrize(
    ("given", "advice"),  # OpenSSL's code, the host, REQUESTS_CA_BUNDLE
    [
        ((20, "swan.example.com", ""), "client.certificate.set-bundle"),
        ((19, "swan.example.com", "ca.pem"), "client.certificate.extend-bundle"),
        ((92, "swan.example.com", "ca.pem"), "client.certificate.strict"),
        ((85, "swan.example.com", ""), "client.certificate.strict"),
        ((18, "localhost", "ca.pem"), "client.certificate.loopback"),
        ((92, "127.0.0.1", "ca.pem"), "client.certificate.strict"),
        ((10, "swan.example.com", "ca.pem"), "client.certificate.renew"),
        ((62, "swan.example.com", ""), "client.certificate.name"),
    ],
)
def test_the_advice_about_a_certificate_fits_its_fault(
    requests_mock: Mocker, monkeypatch: pytest.MonkeyPatch, given: tuple[int, str, str], advice: str
) -> None:
    code, host, bundle = given
    cause = ssl.SSLCertVerificationError(1, "failed")
    cause.verify_code, cause.verify_message = code, "the reason."
    reason = urllib3.exceptions.MaxRetryError(
        urllib3.HTTPSConnectionPool(host), "/", urllib3.exceptions.SSLError(cause)
    )
    requests_mock.post(f"https://{host}/api/login/api_key", exc=requests.exceptions.SSLError(reason))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", bundle)
    what = says("client.certificate", base=f"https://{host}/api", reason="the reason")

    with pytest.raises(UnavailableError, check=what) as stop:
        OpenApi(KEY, host=host, environ={}).list_workspaces()

    assert stop.value.advice
    assert stop.value.advice.id == advice


def test_a_file_of_certificates_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere/ca.pem")

    with pytest.raises(UnavailableError, check=says("client.bad-bundle", bundle="/nowhere/ca.pem")):
        OpenApi(KEY, host="swan.invalid", environ={}).list_workspaces()


def test_a_real_certificate_of_a_private_ca_is_not_trusted(tmp_path: Path) -> None:
    """The codes above are OpenSSL's: one of them is seen on a real connection."""
    config = tmp_path / "openssl.cnf"
    config.write_text("[req]\ndistinguished_name=name\n[name]\n[ext]\nsubjectAltName=IP:127.0.0.1\n")
    files = ["-keyout", str(tmp_path / "key.pem"), "-out", str(tmp_path / "cert.pem"), "-config", str(config)]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=x", "-extensions", "ext"]
    subprocess.run([*command, *files], check=True, capture_output=True)  # noqa: S603 - ours
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")

    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.handle_request, daemon=True).start()
        with pytest.raises(UnavailableError, check=says("client.certificate.loopback")):
            OpenApi(KEY, host=f"https://127.0.0.1:{server.server_port}", environ={}).list_workspaces()


NO_ADDRESS: Any = urllib3.exceptions.NameResolutionError("swan.example.com", None, socket.gaierror())  # type: ignore[arg-type]  # the connection is not read
UNKNOWN_HOST = urllib3.exceptions.MaxRetryError(None, "/", NO_ADDRESS)  # type: ignore[arg-type]  # nor is the pool


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (requests.exceptions.ProxyError, Message("client.proxy-refused")),
        (requests.exceptions.ConnectTimeout, Message("client.no-connection", seconds=10.0)),
        (requests.exceptions.ReadTimeout, Message("client.silence", seconds=10.0)),
        (requests.exceptions.ChunkedEncodingError, Message("client.broken-off")),
        (requests.exceptions.ConnectionError("<object at 0x7f> " * 100), Message("client.connection-failed")),
        (urllib3.exceptions.LocationParseError("x"), Message("client.connection-failed")),
        (requests.exceptions.ConnectionError(UNKNOWN_HOST), Message("client.unknown-host-name")),
    ],
    ids=lambda case: case.id if isinstance(case, Message) else "",
)
def test_a_missing_answer_is_reported_in_a_few_words(requests_mock: Mocker, error: Any, reason: Message) -> None:
    login = requests_mock.post(LOGIN_OVER_TLS, exc=error)

    with pytest.raises(UnavailableError, check=says("client.no-answer", reason=reason)) as stop:
        OpenApi(KEY, host="swan.example.com", environ={}).list_workspaces()

    assert "0x7f" not in str(stop.value)
    assert login.call_count == protocol.TRIES


def test_a_session_that_ends_is_renewed_once(serve: Serve, connect: Connect) -> None:
    sandbox = serve(store_of(3))
    api = connect(sandbox)
    api.list_workspaces()
    sandbox.faults.add(Fault(kind="status", status=401, path="*/runs*", times=1))  # the server has forgotten us

    assert len(api.list_experiments("resnet", "team").unwrap()) == 3
    assert logins(sandbox) == 2


def test_a_session_that_is_never_accepted_ends_in_a_refusal(serve: Serve, connect: Connect) -> None:
    sandbox = serve(store_of(3))
    sandbox.faults.add(Fault(kind="status", status=401, path="*/runs*"))

    assert connect(sandbox).list_experiments("resnet", "team").code == 401
    assert len(sandbox.requests) == 4


@pytest.mark.parametrize("days", [8, 1, 0, -1])
def test_a_session_of_any_promised_length_is_used_while_it_is_accepted(
    serve: Serve, connect: Connect, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    monkeypatch.setattr(routes, "_SESSION", timedelta(days=days))
    sandbox = serve(store_of(250))

    connect(sandbox).list_experiments("resnet", "team").unwrap()

    assert logins(sandbox) == 1


def test_a_session_about_to_end_is_renewed_before(
    serve: Serve, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "_SESSION", timedelta(seconds=61))
    monkeypatch.setattr(session, "_RENEW_BEFORE", 60.9)
    sandbox = serve(make_store())
    api = connect(sandbox)

    api.list_workspaces()
    time.sleep(0.15)
    api.list_workspaces()

    assert logins(sandbox) == 2


def test_threads_that_meet_at_the_login_log_in_once(serve: Serve, connect: Connect) -> None:
    sandbox = serve(store_of(8))

    connect(sandbox).get_experiments("resnet", [f"run{n:05}" for n in range(8)], "team").unwrap()

    assert logins(sandbox) == 1


@pytest.mark.parametrize("kind", ["drip", "drip-headers", "hang"])
def test_the_deadline_ends_a_call_whatever_the_server_does(serve: Serve, connect: Connect, kind: str) -> None:
    sandbox = serve(store_of(3))
    sandbox.faults.add(Fault(kind=kind, path="*/runs*", seconds=0.05 if kind != "hang" else 3))
    started = time.monotonic()

    with pytest.raises(TimeLimitError, check=says("client.about.runs", project="team/resnet")):
        connect(sandbox, deadline=Deadline(0.5)).list_experiments("resnet", "team")

    assert time.monotonic() - started < 2.5


def test_a_wait_that_the_deadline_does_not_allow_is_not_begun(serve: Serve, connect: Connect) -> None:
    sandbox = serve(make_store())
    sandbox.faults.add(Fault(kind="status", status=429, headers={"Retry-After": "30"}))

    assert connect(sandbox, deadline=Deadline(20)).list_workspaces().code == 429
    assert len(sandbox.requests) == 1


def test_after_the_deadline_nothing_is_sent(serve: Serve, connect: Connect) -> None:
    sandbox = serve(make_store())

    with pytest.raises(TimeLimitError):
        connect(sandbox, deadline=Deadline(0)).list_workspaces()
    time.sleep(0.05)

    assert sandbox.requests == []


def test_an_answer_that_is_too_large_is_not_read_to_its_end(
    serve: Serve, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "RESPONSE_CAP", 2**20)
    sandbox = serve(make_store())
    sandbox.faults.add(Fault(kind="gzip-bomb", path="*/group/"))

    with pytest.raises(UnavailableError, check=says("client.answer-too-large", limit=1)):
        connect(sandbox).list_workspaces()


def test_the_answers_to_one_call_have_a_limit_together(
    serve: Serve, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "Budget", lambda: transport.Budget(120_000))
    api = connect(serve(store_of(350)))

    assert len(api.list_experiments("resnet", "team").unwrap()) == 350
    with pytest.raises(UnavailableError, check=says("client.answers-too-large")):
        api.get_experiments("resnet", [f"run{n:05}" for n in range(350)], "team")


def test_a_server_that_is_not_there_is_named() -> None:
    about, reason = Message("client.about.login"), Message("client.connection-failed")
    no_answer = says("client.no-answer", base="http://127.0.0.1:9/api", about=about, reason=reason)

    with pytest.raises(UnavailableError, check=no_answer):
        OpenApi(KEY, host="http://127.0.0.1:9", environ={}).list_workspaces()


def test_a_server_that_says_nothing_is_given_up_after_the_timeout(serve: Serve, connect: Connect) -> None:
    sandbox = serve(make_store())
    sandbox.faults.add(Fault(kind="hang", seconds=2))

    with pytest.raises(UnavailableError, check=says("client.silence", seconds=0.05)):
        connect(sandbox, timeout=0.05).list_workspaces()


def test_a_server_that_stops_in_the_middle_is_given_up_after_the_timeout(serve: Serve, connect: Connect) -> None:
    sandbox = serve(make_store())
    sandbox.faults.add(Fault(kind="drip", seconds=0.5, path="*/group/"))

    with pytest.raises(UnavailableError, check=says("client.about.workspaces")):
        connect(sandbox, timeout=0.05).list_workspaces()


def test_a_key_that_would_make_a_header_of_its_own_is_never_sent(serve: Serve) -> None:
    sandbox = serve(make_store())

    with pytest.raises(ConfigurationError):
        OpenApi("key\r\nX-Evil: 1", host=sandbox.url, environ={}).list_workspaces()

    assert sandbox.requests == []


@pytest.mark.parametrize("name", ["a/../../b", "a?x=1", "a#b", "ä ö", "%2e%2e", "a\r\nb", "..%2f"])
def test_a_name_stays_one_part_of_the_path_on_the_wire(serve: Serve, connect: Connect, name: str) -> None:
    sandbox = serve(make_store())

    assert connect(sandbox).list_experiments(name, "team").code == 404
    path = sandbox.requests[-1].path
    assert path.startswith("/api/project/team/")
    assert path.endswith("/runs")
    assert path.count("/") == 5


READ_AND_MEASURE = """
import resource, sys
from swanlab_ci import OpenApi
from swanlab_ci.errors import UnavailableError

def most():  # KiB
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

api = OpenApi(sys.argv[2], host=sys.argv[1], environ={})
api.list_workspaces()
before = most()
try:
    api.list_experiments("resnet", "team")
except UnavailableError as error:
    print((most() - before) // 1024, error)
"""


def test_a_bomb_takes_no_more_memory_than_the_largest_answer(serve: Serve) -> None:
    sandbox = serve(store_of(3))
    sandbox.faults.add(Fault(kind="gzip-bomb", path="*/runs*"))  # of 64 MiB

    command = [sys.executable, "-c", READ_AND_MEASURE, sandbox.url, sandbox.api_key]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - ours

    grown, _, sent = done.stdout.partition(" ")
    assert int(grown) < 50
    assert "larger than 32 MiB" in sent
