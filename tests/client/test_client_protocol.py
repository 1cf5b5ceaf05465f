import json
import math
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from requests.structures import CaseInsensitiveDict
from support.saying import says

from swanlab_ci.client.protocol import (
    LOGIN,
    TRIES,
    TRIES_AS_ASKED,
    NotJsonError,
    Request,
    Response,
    pause_before_retry,
    read_answer,
    read_json,
    read_login,
    route,
)
from swanlab_ci.errors import ApiError, ConfigurationError, UnavailableError
from swanlab_ci.messages import Message, Name

RUNS = Request(about=Message("client.about.runs", project="team/resnet"), path="/project/team/resnet/runs")
DELETION = Request(
    about=Message("client.about.run", run="x", project="team/resnet"), path="/x", method="DELETE", repeatable=False
)
FIRST = 0.001  # seconds, in these tests
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def answer(status: int = 200, body: str | bytes = b"{}", reason: str = "", **headers: str) -> Response:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(status, reason, CaseInsensitiveDict(sent), body.encode() if isinstance(body, str) else body)


@settings(max_examples=50)
@given(json_values)
def test_json_comes_back_as_it_was(value: Any) -> None:
    assert read_json(json.dumps(value).encode()) == value


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "client.json.syntax"),
        (b"{", "client.json.syntax"),
        (b'{"a": 1} x', "client.json.syntax"),
        (b"\xff", "client.json.encoding"),
        (b"[" * 200_000, "client.json.too-deep"),
        (b"9" * 5000, "client.json.number"),
        (b'{"a": 1, "a": 2}', "client.json.duplicate-key"),
        (b"<!doctype html><title>Sign in</title>", "client.json.web-page"),
        (b"\n <html>", "client.json.web-page"),
    ],
    ids=lambda case: "" if isinstance(case, bytes) else case,
)
def test_a_body_that_is_not_plain_json_is_refused(body: bytes, reason: str) -> None:
    with pytest.raises(UnavailableError, check=says("client.not-json", about=RUNS.about)) as stop:
        read_answer(RUNS, answer(body=body))

    assert says(reason)(stop.value)


@pytest.mark.parametrize("written", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_what_is_no_finite_number_stays_visible_as_such(written: str) -> None:
    assert not math.isfinite(read_json(f'{{"acc": {written}}}'.encode())["acc"])


def test_half_a_surrogate_pair_becomes_a_replacement_character() -> None:
    assert read_json(rb'[{"a\ud800": "x\udfffy\ud83d\ude00"}]') == [{"a\ufffd": "x\ufffdy\U0001f600"}]


def test_keys_that_become_one_by_that_are_refused() -> None:
    with pytest.raises(NotJsonError, match="a key twice"):
        read_json(rb'{"\ud800": 1, "\udfff": 2}')


def test_a_byte_order_mark_is_no_hindrance() -> None:
    assert read_json(b"\xef\xbb\xbf[1]") == [1]


@pytest.mark.parametrize("status", [202, 203, 204, 206])
def test_a_success_that_is_not_the_answer_is_not_taken_for_one(status: int) -> None:
    with pytest.raises(UnavailableError, check=says("client.unexpected-status", answer=str(status))):
        read_answer(RUNS, answer(status))


@pytest.mark.parametrize("status", [200, 204])
def test_a_deletion_may_be_answered_by_nothing(status: int) -> None:
    assert read_answer(DELETION, answer(status, b"")) is None


def test_a_reading_may_not_be_answered_by_nothing() -> None:
    with pytest.raises(UnavailableError):
        read_answer(RUNS, answer(200, b""))


def refused(answered: Response, request: Request = RUNS) -> ApiError:
    with pytest.raises(ApiError) as stop:
        read_answer(request, answered)
    return stop.value


@pytest.mark.parametrize("status", [100, 301, 302, 303, 307, 308, 400, 401, 403, 404, 409, 418, 429, 500, 503, 599])
def test_every_status_outside_2xx_is_reported_with_its_meaning_and_advice(status: int) -> None:
    stop = refused(answer(status, reason="Whatever"))

    assert stop.status == status
    assert says("client.refused", answer=f"{status} Whatever", said="", trace_id="")(stop)
    assert stop.advice


@pytest.mark.parametrize(
    ("status", "id_"),
    [
        (401, "client.session-rejected"),
        (403, "client.forbidden"),
        (404, "client.not-found"),
        (405, "client.no-route"),
        (418, "client.refused-otherwise"),
        (429, "client.rate-limited"),
        (503, "client.server-failed"),
    ],
)
def test_a_refusal_says_what_it_is_about(status: int, id_: str) -> None:
    stop = refused(answer(status))

    assert says(id_, about=RUNS.about)(stop)
    assert says(f"{id_}.advice")(stop)


def test_a_host_without_a_login_is_no_swanlab() -> None:
    stop = refused(answer(404), LOGIN)

    assert says("client.no-login-route")(stop)
    assert says("client.no-login-route.advice")(stop)


def test_a_wrong_key_is_called_one() -> None:
    stop = refused(answer(401, '{"code": "Unauthorized", "message": "Error api key"}'), LOGIN)

    assert says("client.key-rejected")(stop)
    assert says("client.refused", said="Error api key")(stop)


@pytest.mark.parametrize(
    "sent", [answer(404, '{"code": "Disabled_Resource"}'), answer(404, reason="Disabled Resource")]
)
def test_a_deleted_run_is_called_deleted(sent: Response) -> None:
    assert says("client.deleted", about=RUNS.about)(refused(sent))


def test_the_trace_id_is_kept_for_support() -> None:
    stop = refused(answer(500, TraceId="abc123"))

    assert stop.trace_id == "abc123"
    assert says("client.refused", trace_id="abc123")(stop)


def test_the_target_of_a_redirect_is_not_repeated() -> None:
    assert says("client.redirect")(refused(answer(302)))
    assert "evil" not in str(refused(answer(302, location="https://evil.example/")))


@pytest.mark.parametrize("body", ["<html>", "[]", '"x"', '{"message": {"a": 1}}', "{", '{"message": null}'])
def test_an_error_body_of_any_form_is_no_hindrance(body: str) -> None:
    assert refused(answer(500, body)).status == 500


def test_a_long_message_is_cut() -> None:
    assert len(str(refused(answer(500, json.dumps({"message": "x" * 100_000}))))) < 1000


def test_braces_in_a_name_are_left_alone() -> None:
    about = Message("client.about.runs", project=Name("{about}"))

    assert "{about}" in str(refused(answer(404), Request(about=about, path="/")).what)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_passing_trouble_is_tried_again_a_few_times(status: int) -> None:
    pauses = [pause_before_retry(n, answer(status), now=NOW, chance=0.5) for n in range(1, TRIES + 1)]

    assert [pause is not None for pause in pauses] == [True] * (TRIES - 1) + [False]


@pytest.mark.parametrize("status", [200, 301, 400, 401, 403, 404, 409, 501])
def test_a_lasting_trouble_is_not_tried_again(status: int) -> None:
    assert pause_before_retry(1, answer(status), now=NOW, chance=0.5) is None


def test_pauses_grow_and_are_spread() -> None:
    early, late = (pause_before_retry(1, None, now=NOW, chance=chance) or 0 for chance in (0.0, 1.0))
    second = pause_before_retry(2, None, now=NOW, chance=0.0) or 0

    assert 0 < early < late <= second * 2
    assert second > early


@pytest.mark.parametrize(
    ("retry_after", "pause"),
    [
        ("7", 7.0),
        (format_datetime(NOW + timedelta(seconds=9), usegmt=True), 9.0),
        ("0", 0.0),
        (format_datetime(NOW - timedelta(seconds=9), usegmt=True), 0.0),
        ("soon", FIRST / 2),
        ("-5", FIRST / 2),
        ("", FIRST / 2),
        ("61", None),
        ("86400", None),
    ],
)
def test_a_servers_wish_is_obeyed_up_to_a_minute(retry_after: str, pause: float | None) -> None:
    assert pause_before_retry(1, answer(429, retry_after=retry_after), now=NOW, chance=0.0) == pause


def test_a_server_that_says_when_is_asked_more_often() -> None:
    sent = answer(429, retry_after="1")
    pauses = [pause_before_retry(n, sent, now=NOW, chance=1.0) for n in range(1, TRIES_AS_ASKED + 1)]

    assert pauses == [1 + FIRST] * (TRIES_AS_ASKED - 1) + [None]


def test_a_login_gives_the_session_the_user_and_the_end() -> None:
    granted = read_login(
        {"sid": "s1d-_x", "expiredAt": "2026-12-23T18:02:27.476Z", "userInfo": {"username": "ada", "avatar": None}}
    )

    assert (granted.sid, granted.username) == ("s1d-_x", "ada")
    assert granted.ends == datetime(2026, 12, 23, 18, 2, 27, 476_000, tzinfo=UTC)
    assert "s1d" not in repr(granted)


@pytest.mark.parametrize("expires", [None, "", "soon", 7])
def test_a_login_that_does_not_say_when_it_ends_is_still_one(expires: Any) -> None:
    assert read_login({"sid": "s", "expiredAt": expires, "userInfo": {"username": "ada"}}).ends is None


@pytest.mark.parametrize("sid", [None, "", 7, "a;b", "a\r\nX: y", "a b", "ä"])
def test_a_session_id_that_would_break_the_cookie_is_refused(sid: Any) -> None:
    with pytest.raises(UnavailableError, check=says("client.no-session")):
        read_login({"sid": sid, "userInfo": {"username": "ada"}})


@pytest.mark.parametrize("sent", [None, [], {}, {"sid": "s"}, {"sid": "s", "userInfo": {"username": ""}}])
def test_a_login_without_session_or_user_is_refused(sent: Any) -> None:
    with pytest.raises(UnavailableError, check=says("client.no-session")):
        read_login(sent)


def test_each_part_of_a_route_stays_one_part() -> None:
    assert route("project", "a/b", "c?d#e", "%2F", "é") == "/project/a%2Fb/c%3Fd%23e/%252F/%C3%A9"


@pytest.mark.parametrize("part", ["", " ", ".", "..", " .. "])
def test_a_part_that_would_climb_or_vanish_is_refused(part: str) -> None:
    with pytest.raises(ConfigurationError):
        route("project", part)
