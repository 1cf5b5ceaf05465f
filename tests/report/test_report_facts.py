"""report.json and the headline: one document, valid for its published schema, with nothing that could be misread."""

import json
import re
from importlib import resources

import jsonschema
from hypothesis import given
from hypothesis import strategies as st
from support.judgements import check, empty_gate, gate, judged, judgement, run

from swanlab_ci.gate.evaluate.verdict import verdict
from swanlab_ci.judgement import Verdict
from swanlab_ci.model import Level, Outcome, Status
from swanlab_ci.report import render
from swanlab_ci.security.redaction import Redactor

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


@given(st.lists(st.sampled_from(Status), max_size=4), st.booleans(), st.sampled_from(Level))
def test_the_headline_says_what_the_summary_says_and_only_counts(
    statuses: list[Status],
    strict: bool,  # noqa: FBT001
    level_cap: Level,
) -> None:
    found = verdict([gate(status, name="NAME") for status in statuses], strict=strict, level_cap=level_cap)
    rendered = render(judgement(verdict=found), redact=str)

    named = re.sub(": NAME(, NAME)*", "", found.summary).removesuffix(".")
    assert named.replace("; ", ", ") == rendered.headline == rendered.comment.splitlines()[0].partition("SwanLab: ")[2]
    assert re.fullmatch(r"[A-Za-z0-9 ,:-]+", rendered.headline)


def test_a_headline_never_holds_foreign_text_as_it_is() -> None:
    found = Verdict(Status.FAIL, "", headline="@everyone #1 <b>")

    assert render(judgement(verdict=found), redact=str).headline == "`@everyone` `#1` `<b>`"


def test_without_gates_the_headline_tells_a_wrong_file_from_what_cannot_be_told() -> None:
    nothing = Verdict(Status.ERROR, "Stopped.")

    assert render(judgement(verdict=nothing, stopped=3), redact=str).headline == "Cannot tell"
    assert render(judgement(verdict=nothing, stopped=2), redact=str).headline == "The gate file or an input is wrong"


def test_the_outcomes_and_statuses_of_the_schema_are_those_of_the_model() -> None:
    definitions = SCHEMA["$defs"]

    assert set(definitions["check"]["properties"]["outcome"]["enum"]) == set(Outcome)
    assert set(definitions["gate"]["properties"]["status"]["enum"]) == set(Status)
