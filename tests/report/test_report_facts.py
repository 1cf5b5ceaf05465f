"""report.json and the headline: one document, valid for its published schema, with nothing that could be misread."""

import json
from importlib import resources

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from judgements import check, empty_gate, gate, judged, judgement, run

from swanlab_ci.model import Outcome, Status
from swanlab_ci.report import render
from swanlab_ci.text import Redactor

SCHEMA = json.loads((resources.files("swanlab_ci.report") / "schema.json").read_text("utf-8"))
KEY = "sk-abcdefghijklmnopq"


def test_a_document_follows_the_published_schema() -> None:
    document = render(judgement(gate(), empty_gate(), gate(Status.PASS)), redact=str).json

    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(json.loads(json.dumps(document, allow_nan=False)), SCHEMA)


def test_a_document_says_what_is_needed_to_act_on_it() -> None:
    document = render(judgement(gate(), gate(Status.PASS)), redact=str).json

    assert (document["schema"], document["verdict"], document["passed"], document["exit_code"]) == (1, "fail", False, 1)
    assert document["judged_at"] == "2026-11-23T19:30:00+00:00"
    assert document["gates"][0]["checks"][0]["run"]["id"] == "r1"


def test_a_judgement_without_gates_is_a_document_too() -> None:
    jsonschema.validate(render(judged(Status.ERROR), redact=str).json, SCHEMA)


@given(name=st.text(st.characters()), message=st.text())
def test_foreign_text_in_json_comes_back_as_it_was(name: str, message: str) -> None:
    found = gate(checks=(check(run=run(name=name), message=message),))

    back = json.loads(json.dumps(render(judgement(found), redact=str).json))["gates"][0]["checks"][0]

    assert (back["run"]["name"], back["message"]) == (name, message)


def test_a_lone_surrogate_is_valid_json_and_valid_utf_8() -> None:
    found = gate(checks=(check(actual="\ud800bad"),))

    written = json.dumps(render(judgement(found), redact=str).json).encode("utf-8")

    assert json.loads(written)["gates"][0]["checks"][0]["actual"] == "\ud800bad"


def test_a_secret_is_gone_before_a_text_is_cut_through_it() -> None:
    found = gate(name="A" * 110 + KEY, checks=(check(run=run(name="B" * 9_990 + KEY)),))

    rendering = render(judgement(found), redact=Redactor([KEY]))

    for surface in (rendering.comment, rendering.summary, rendering.text, json.dumps(rendering.json)):
        assert KEY[:6] not in surface


def test_an_endless_text_is_cut_in_the_document() -> None:
    document = render(judgement(gate(name="A" * 2_000_000)), redact=str).json

    assert len(document["gates"][0]["name"]) == 10_000


F, P, W, E, N = Status.FAIL, Status.PASS, Status.WARN, Status.ERROR, Status.PENDING


@pytest.mark.parametrize(
    ("verdict", "gates", "said"),
    [
        (F, [F, P, F], "2 of 3 gates fail"),
        (F, [F, P], "1 of 2 gates fails"),
        (F, [F], "The only gate fails"),
        (P, [P], "The only gate passes"),
        (P, [P, P], "All 2 gates pass"),
        (P, [P, Status.SKIPPED], "1 of 2 gates passes"),
        (P, [Status.WAIVED], "Gates pass"),
        (W, [W, P], "1 of 2 gates warns"),
        (N, [N, N, P], "2 of 3 gates are pending"),
        (E, [E, F], "1 of 2 gates cannot be judged"),
        (E, [], "Cannot tell"),
        (E, [Status.SKIPPED], "Cannot tell"),
        (F, [W, P], "Gates fail"),
    ],
)
def test_the_headline_counts_the_gates_that_made_the_verdict(verdict: Status, gates: list[Status], said: str) -> None:
    assert render(judged(verdict, *map(gate, gates)), redact=str).headline == said


def test_the_outcomes_and_statuses_of_the_schema_are_those_of_the_model() -> None:
    definitions = SCHEMA["$defs"]

    assert set(definitions["check"]["properties"]["outcome"]["enum"]) == set(Outcome)
    assert set(definitions["gate"]["properties"]["status"]["enum"]) == set(Status)
