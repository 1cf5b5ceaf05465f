"""Each hostile text where a file, an event or a server's refusal says it: in process, as there are many."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from everywhere import TEXTS
from one_run import a_run, put
from support.github_double import GitHubDouble
from support.rendered import Page
from support.runner import Runner, pull_request, read_commands
from support.sample import sample
from support.story import Ended

from swanlab_ci.sandbox import Fault, Sandbox

TAGS = {"h2", "h3", "p", "table", "thead", "tbody", "tr", "th", "td", "code", "a", "blockquote", "ul", "li", "sub"}
TAGS |= {"b", "br", "ol", "details", "summary"}
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
    inputs["project"] = text + "/x"
    return GATE


def project_in_the_file(text: str, _event: dict[str, Any], _inputs: dict[str, str], _sandbox: Sandbox) -> str:
    return GATE.replace("my-team/hostile", json.dumps(text))


def gate_file(text: str, _event: dict[str, Any], inputs: dict[str, str], _sandbox: Sandbox) -> str:
    inputs["gates"] = text.replace("\0", "").replace("\ud800", "\udc80")  # as far as an environment can hold it
    return GATE


def extended(text: str, _event: dict[str, Any], _inputs: dict[str, str], _sandbox: Sandbox) -> str:
    return f"extends: {json.dumps(text)}\n{GATE}"


def expectation(text: str, _event: dict[str, Any], _inputs: dict[str, str], _sandbox: Sandbox) -> str:
    return GATE.replace("EXPECTED", json.dumps(text))


def selection(text: str, _event: dict[str, Any], _inputs: dict[str, str], _sandbox: Sandbox) -> str:
    return GATE.replace("name: Good", f"name: Good\n    runs: {{name: {json.dumps(text)}}}")


def key_in_the_file(text: str, _event: dict[str, Any], _inputs: dict[str, str], _sandbox: Sandbox) -> str:
    return GATE.replace("name: Good", f"name: Good\n    {json.dumps(text)}: 1")


PLACES = (
    *(head_branch, base_branch, refusal, project_input, project_in_the_file, gate_file, expectation),
    *(extended, key_in_the_file, selection),
)
EACH = 4


@pytest.fixture(scope="module")
def serving() -> Iterator[Sandbox]:
    with Sandbox(sample()) as sandbox:
        put(sandbox, a_run(1, "fine"))
        yield sandbox


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    with GitHubDouble() as github:
        yield Runner(tmp_path_factory.mktemp("job"), github)


def wrong(ended: Ended, runner: Runner, host: str) -> Iterator[str]:
    """Find what a check that must not pass did wrong."""
    outputs, page, log = runner.outputs, Page(runner.summary), ended.out + ended.err
    end = (ended.code, outputs["verdict"])
    if end not in {(1, "fail"), (2, "error"), (3, "error")} or outputs["passed"] != "false":
        yield f"it ended with {ended.code} and {outputs}"
    if {*read_commands(log)} - {"add-mask", "error"}:
        yield "a command in the log"
    if re.search(r"[^\n -~\u00a0-\U0010ffff]|[\u202a-\u202e\u2066-\u2069\ud800-\udfff]", log):
        yield "a control character in the log"
    if {*page.tags} - TAGS or page.tags.count("h2") != 1:
        yield f"tags {page.tags}"
    if not all(link.startswith((host, runner.github.url)) for link in page.links):
        yield f"links {page.links}"
    if re.search(r"@\w|#\d|GH-\d|://|www\.|<!--|evil", page.prose):
        yield f"it is alive: {page.prose}"


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
def test_a_text_in_any_place_passes_nothing_and_leaves_as_text(serving: Sandbox, job: Runner, place: Place) -> None:
    """Each text goes through four of the ten places, so that each place sees four texts of ten, of every kind."""
    first, found = PLACES.index(place), []
    for number, (name, text) in enumerate(TEXTS.items()):
        if (number - first) % len(PLACES) >= EACH:
            continue
        serving.faults.clear()
        job.event, inputs = (
            pull_request("a" * 40),
            {"api-key": serving.api_key, "host": serving.url, "github-token": ""},
        )
        (job.workspace / "swanlab-gate.yml").write_text(place(text, job.event, inputs, serving))
        job.clear()
        ended = job.check(inputs)
        found += [f"{name}: {violation}" for violation in wrong(ended, job, serving.url)]

    assert found == []
