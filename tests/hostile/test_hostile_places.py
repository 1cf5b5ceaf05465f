"""Each hostile text where a file, an event or a server's refusal says it: in process, as there are many."""

import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from everywhere import TEXTS
from one_run import a_run, put
from support.rendered import Page
from support.runner import pull_request, read_commands, read_outputs

from swanlab_ci.check.inputs import from_action
from swanlab_ci.check.options import CheckOptions
from swanlab_ci.check.pipeline import check
from swanlab_ci.runtime.console import Console
from swanlab_ci.sandbox import Fault, Sandbox, sample_store

TAGS = {"h2", "h3", "p", "table", "thead", "tbody", "tr", "th", "td", "code", "a", "blockquote", "ul", "li", "sub"}
Place = Callable[[str, dict[str, Any], dict[str, str], Sandbox], str]
GATE = "project: my-team/hostile\ngates:\n  - name: Good\n    expect: {name: EXPECTED}\n"


def head_branch(text: str, event: dict[str, Any], _inputs: dict[str, str], _sandbox: Sandbox) -> str:
    event["pull_request"]["head"]["ref"] = text
    return GATE.replace("EXPECTED", "$head_branch")


def base_branch(text: str, event: dict[str, Any], _inputs: dict[str, str], _sandbox: Sandbox) -> str:
    event["pull_request"]["base"]["ref"] = text
    return GATE.replace("EXPECTED", "$base_branch")


def refusal(text: str, _event: dict[str, Any], _inputs: dict[str, str], sandbox: Sandbox) -> str:
    words = json.dumps({"message": text, "code": text, "error": text})
    sandbox.faults.add(Fault(kind="status", status=400, path="*/runs*", text=words))
    return GATE


def project_input(text: str, _event: dict[str, Any], inputs: dict[str, str], _sandbox: Sandbox) -> str:
    inputs["INPUT_PROJECT"] = text + "/x"
    return GATE


def project_in_the_file(text: str, _event: dict[str, Any], _inputs: dict[str, str], _sandbox: Sandbox) -> str:
    return GATE.replace("my-team/hostile", json.dumps(text))


def gate_file(text: str, _event: dict[str, Any], inputs: dict[str, str], _sandbox: Sandbox) -> str:
    inputs["INPUT_GATES"] = text.replace("\0", "").replace("\ud800", "\udc80")  # as far as an environment can hold it
    return GATE


def extended(text: str, _event: dict[str, Any], _inputs: dict[str, str], _sandbox: Sandbox) -> str:
    return f"extends: {json.dumps(text)}\n{GATE}"


def expectation(text: str, _event: dict[str, Any], _inputs: dict[str, str], _sandbox: Sandbox) -> str:
    return GATE.replace("EXPECTED", json.dumps(text))


def key_in_the_file(text: str, _event: dict[str, Any], _inputs: dict[str, str], _sandbox: Sandbox) -> str:
    return GATE.replace("name: Good", f"name: Good\n    {json.dumps(text)}: 1")


PLACES = (
    *(head_branch, base_branch, refusal, project_input, project_in_the_file, gate_file, expectation),
    *(extended, key_in_the_file),
)


@pytest.fixture(scope="module")
def serving() -> Iterator[Sandbox]:
    with Sandbox(sample_store()) as sandbox:
        put(sandbox, a_run(1, "fine"))
        yield sandbox


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
def test_a_text_in_any_place_passes_nothing_and_leaves_as_text(
    serving: Sandbox, tmp_path: Path, place: Place, name: str
) -> None:
    serving.faults.clear()
    event, log = pull_request("a" * 40), io.StringIO()
    inputs: dict[str, str] = {}
    (tmp_path / "swanlab-gate.yml").write_text(place(TEXTS[name], event, inputs, serving))
    (tmp_path / "event.json").write_text(json.dumps(event))
    environ = inputs | {
        "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_EVENT_PATH": str(tmp_path / "event.json"),
        "GITHUB_WORKSPACE": str(tmp_path),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
        "INPUT_API-KEY": serving.api_key,
        "INPUT_HOST": serving.url,
    }

    code = check(lambda: from_action(environ), CheckOptions(environ, Console(log, log), login={}, confined=True))

    outputs, summary = read_outputs((tmp_path / "output").read_text("utf-8")), (tmp_path / "summary").read_text("utf-8")
    assert code in {1, 2, 3}
    assert (outputs["passed"], outputs["verdict"]) == ("false", "fail" if code == 1 else "error")
    assert {*read_commands(log.getvalue())} <= {"add-mask", "error"}
    assert not re.search(r"[^\n -~\u00a0-\U0010ffff]|[\u202a-\u202e\u2066-\u2069\ud800-\udfff]", log.getvalue())
    page = Page(summary)
    assert {*page.tags} <= TAGS
    assert page.tags.count("h2") == 1
    assert all(link.startswith(serving.url) for link in page.links)
    assert not re.search(r"@\w|#\d|GH-\d|://|www\.|<!--|evil", page.prose)
