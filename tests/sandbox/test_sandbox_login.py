"""Who comes in, and what the door says to the others."""

from datetime import UTC, datetime, timedelta

import pytest
import requests
from signed_in import Api

from swanlab_ci.sandbox import Sandbox


def login(sandbox: Sandbox, key: str) -> requests.Response:
    return requests.post(f"{sandbox.url}/api/login/api_key", headers={"authorization": key}, timeout=5)


def test_a_session_lasts_longer_than_the_seven_days_below_which_clients_log_in_again(sandbox: Sandbox) -> None:
    answer = login(sandbox, sandbox.api_key).json()

    expires = datetime.strptime(answer["expiredAt"], "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
    assert expires - datetime.now(UTC) > timedelta(days=7)
    assert answer["userInfo"]["username"] == "ada"


def test_a_wrong_key_is_reported_in_the_words_that_clients_read(sandbox: Sandbox) -> None:
    answer = login(sandbox, "wrong")

    assert (answer.status_code, answer.reason) == (401, "Unauthorized")
    assert answer.json()["code"] == "Unauthorized"


@pytest.mark.parametrize("headers", [{}, {"cookie": "sid=made-up"}, {"cookie": "="}, {"authorization": "KEY"}])
def test_only_the_session_cookie_opens_the_other_calls(sandbox: Sandbox, headers: dict[str, str]) -> None:
    sent = {name: value.replace("KEY", sandbox.api_key) for name, value in headers.items()}

    answer = requests.get(f"{sandbox.url}/api/group/", headers=sent, timeout=5)

    assert (answer.status_code, answer.reason) == (401, "Unauthorized")


def test_every_answer_carries_a_trace_id_of_its_own(api: Api) -> None:
    first, second = api("GET", "/group/"), api("GET", "/nowhere")

    assert first.headers["traceid"] != second.headers["traceid"]


def test_the_key_has_the_form_that_the_old_sdk_insists_on(sandbox: Sandbox) -> None:
    assert len(sandbox.api_key) == 21
    assert sandbox.api_key.isalnum()


def test_the_environment_names_the_address_as_both_sdks_take_it(sandbox: Sandbox) -> None:
    assert sandbox.environment() == {
        "SWANLAB_API_HOST": f"{sandbox.url}/api",
        "SWANLAB_WEB_HOST": sandbox.url,
        "SWANLAB_API_KEY": sandbox.api_key,
    }
