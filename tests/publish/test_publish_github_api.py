"""GitHub is asked politely: waits are obeyed and bounded, nothing is followed elsewhere, and the token stays home."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import requests
import requests_mock
from support.github_double import TOKEN, Comment, GitHubDouble

from swanlab_ci.messages import Message
from swanlab_ci.platforms.api import ForgeError
from swanlab_ci.platforms.github.api import GitHub
from swanlab_ci.runtime.deadline import Deadline

COMMENTS = "/repos/octo-org/octo-repo/issues/7/comments"


def refusal(call: Callable[[], object]) -> ForgeError:
    with pytest.raises(ForgeError) as caught:
        call()
    return caught.value


@contextmanager
def dripping(head: bytes) -> Iterator[str]:
    """Serve `head` to one caller, and then a byte now and again, without end."""

    def serve() -> None:
        connection, _ = listening.accept()
        with connection, suppress(OSError):
            connection.recv(65536)
            connection.sendall(head)
            while True:
                connection.sendall(b" ")
                time.sleep(0.05)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        thread.join(5)


def test_a_list_is_read_through_all_its_pages(github: GitHubDouble, caller: GitHub) -> None:
    github.comments = [Comment(number, "x") for number in range(1, 251)]

    assert [item["id"] for item in caller.pages(COMMENTS)] == list(range(1, 251))
    assert len(github.asked) == 3


def test_an_endless_list_is_left(requests_mock: requests_mock.Mocker, pauses: list[float]) -> None:
    requests_mock.get("https://api.example/x", json=[{}], headers={"Link": '<https://x/?page=2>; rel="next"'})

    assert len(list(GitHub("https://api.example", "", "t", Deadline(30)).pages("/x"))) == 100
    assert pauses == []


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_broken_read_is_tried_again_with_growing_pauses(
    github: GitHubDouble, caller: GitHub, pauses: list[float], status: int
) -> None:
    github.answer("GET", "comments", status, times=3)

    assert list(caller.pages(COMMENTS)) == []
    for pause, least in zip(pauses, (1, 2, 4), strict=True):
        assert least <= pause <= least * 1.25


def test_a_read_that_stays_broken_ends(github: GitHubDouble, caller: GitHub, pauses: list[float]) -> None:
    github.answer("GET", "comments", 503, times=9)

    assert refusal(lambda: list(caller.pages(COMMENTS))).status == 503
    assert (len(pauses), len(github.asked)) == (3, 4)


@pytest.mark.parametrize("status", [500, 502])
def test_a_broken_write_is_not_repeated(github: GitHubDouble, caller: GitHub, pauses: list[float], status: int) -> None:
    github.answer("POST", "comments", status)

    assert refusal(lambda: caller.send("POST", COMMENTS, {"body": "x"})).status == status
    assert (pauses, len(github.asked)) == ([], 1)


@pytest.mark.parametrize(
    ("status", "headers", "least"),
    [
        (429, {"Retry_After": "7"}, 7),
        (403, {"Retry_After": "7"}, 7),
        (403, {"message": "You have exceeded a secondary rate limit"}, 60),
        (429, {}, 60),
    ],
)
def test_a_rate_limit_is_waited_for_with_and_without_a_given_time(
    github: GitHubDouble, pauses: list[float], status: int, headers: dict[str, Any], least: float
) -> None:
    github.answer("POST", "comments", status, **headers)
    patient = GitHub(github.api_url, github.graphql_url, TOKEN, Deadline(300))

    patient.send("POST", COMMENTS, {"body": "x"})

    assert len(github.comments) == 1
    assert len(pauses) == 1
    assert least <= pauses[0] <= least * 1.25


def test_a_spent_hour_is_waited_for_until_it_is_renewed(github: GitHubDouble, pauses: list[float]) -> None:
    reset = str(int(time.time()) + 20)
    github.answer("GET", "comments", 403, x_ratelimit_remaining="0", x_ratelimit_reset=reset)

    list(GitHub(github.api_url, "", TOKEN, Deadline(300)).pages(COMMENTS))

    assert 15 <= pauses[0] <= 26


@pytest.mark.parametrize("wait", ["86400", "31"])
def test_nobody_waits_longer_than_there_is_time(
    github: GitHubDouble, caller: GitHub, pauses: list[float], wait: str
) -> None:
    github.answer("GET", "comments", 429, Retry_After=wait)

    assert refusal(lambda: list(caller.pages(COMMENTS))).status == 429
    assert pauses == []


def test_a_refusal_is_no_rate_limit(github: GitHubDouble, caller: GitHub, pauses: list[float]) -> None:
    github.may_write = False

    error = refusal(lambda: caller.send("POST", COMMENTS, {"body": "x"}))

    assert error.why == Message(
        "forge.answered", forge=Message("github.name"), status=403, words="Resource not accessible by integration"
    )
    assert pauses == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(github: GitHubDouble, caller: GitHub, status: int) -> None:
    with GitHubDouble() as elsewhere:
        github.answer("GET", "comments", status, Location=f"{elsewhere.api_url}{COMMENTS}")

        assert refusal(lambda: list(caller.pages(COMMENTS))).status == status
        assert elsewhere.asked == []


def test_where_a_redirect_leads_is_not_even_read(github: GitHubDouble, caller: GitHub) -> None:
    github.answer("GET", "comments", 302, Location="http://[")

    assert refusal(lambda: list(caller.pages(COMMENTS))).status == 302


@pytest.mark.parametrize("head", [b"302 Found\r\nLocation: /x", b"200 OK"])
def test_an_answer_that_drips_ends_with_the_time(head: bytes) -> None:
    with dripping(b"HTTP/1.1 " + head + b"\r\n\r\n") as address:
        began = time.monotonic()

        error = refusal(lambda: GitHub(address, "", "t", Deadline(0.5)).get("/x"))

    assert error.why == Message("forge.answer-too-large", forge=Message("github.name"))
    assert time.monotonic() - began < 4


def test_the_next_page_is_asked_where_the_first_was(github: GitHubDouble, caller: GitHub) -> None:
    github.answer("GET", "comments", 200, Link='<https://evil.example/?page=2>; rel="next"')

    assert list(caller.pages(COMMENTS)) == []
    assert len(github.asked) == 2


def test_a_netrc_does_not_replace_the_token(
    github: GitHubDouble, caller: GitHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".netrc").write_text("default login mallory password pw\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))

    list(caller.pages(COMMENTS))

    assert github.asked[0].token == TOKEN


def test_an_unreachable_github_is_said_so(pauses: list[float]) -> None:
    nowhere = GitHub("http://127.0.0.1:9", "", TOKEN, Deadline(30))

    assert refusal(lambda: nowhere.get("/x")).why == Message(
        "forge.unreachable", forge=Message("github.name"), error="ConnectionError"
    )
    assert len(pauses) == 3


def test_what_this_machine_refuses_is_no_fault_of_certificates(requests_mock: requests_mock.Mocker) -> None:
    requests_mock.get("https://api.example/x", exc=OSError(24, "Too many open files"))
    github = GitHub("https://api.example", "", TOKEN, Deadline(30))

    why = Message("forge.unreachable", forge=Message("github.name"), error="OSError")
    assert refusal(lambda: github.get("/x")).why == why


def test_without_time_nothing_is_asked(github: GitHubDouble) -> None:
    late = GitHub(github.api_url, "", TOKEN, Deadline(0))

    assert refusal(lambda: late.get("/x")).why == Message("forge.no-time-left", forge=Message("github.name"))
    assert github.asked == []


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"<html>", "forge.answer-html"),
        (b"[" * 100_000, "forge.answer-not-json"),
        (b" " * (9 * 1024 * 1024), "forge.answer-too-large"),
    ],
)
def test_an_answer_that_is_not_githubs_is_refused(requests_mock: requests_mock.Mocker, body: bytes, said: str) -> None:
    requests_mock.get("https://api.example/x", content=body)

    assert refusal(lambda: GitHub("https://api.example", "", "t", Deadline(30)).get("/x")).why == Message(
        said, forge=Message("github.name")
    )


def test_an_error_page_that_is_no_json_has_no_reason(requests_mock: requests_mock.Mocker) -> None:
    requests_mock.post("https://api.example/x", status_code=403, content=b"<html>")

    error = refusal(lambda: GitHub("https://api.example", "", "t", Deadline(30)).send("POST", "/x", {}))

    assert error.why == Message("forge.answered", forge=Message("github.name"), status=403, words="")


def test_no_cookie_is_kept(github: GitHubDouble, caller: GitHub) -> None:
    github.answer("GET", "comments", 200, Set_Cookie="session=1; Path=/")

    list(caller.pages(COMMENTS))
    list(caller.pages(COMMENTS))

    assert [request.headers.get("cookie", "") for request in github.asked] == ["", ""]


@pytest.mark.parametrize("answer", [{"data": None, "errors": [{}]}, {"errors": []}, [], {"data": 1}])
def test_a_graphql_query_that_fails_is_refused(requests_mock: requests_mock.Mocker, answer: object) -> None:
    requests_mock.post("https://api.example/graphql", json=answer)

    github = GitHub("https://api.example", "https://api.example/graphql", "t", Deadline(30))

    assert refusal(lambda: github.graphql("query { viewer { login } }")).status == 200


def test_the_token_is_not_in_an_error(requests_mock: requests_mock.Mocker) -> None:
    requests_mock.post("https://api.example/x", exc=requests.ConnectionError("Bearer secret-token"))

    error = refusal(lambda: GitHub("https://api.example", "", "secret-token", Deadline(30)).send("POST", "/x"))

    assert "secret-token" not in str(error)
