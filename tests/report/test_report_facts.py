"""report.json and the headline: one document, valid for its published schema, with nothing that could be misread."""

import json
from collections.abc import Iterator
from dataclasses import replace
from importlib import resources

import jsonschema
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support import every_kind
from support.example import EXAMPLES, red
from support.judgements import check, gate, judgement, run, stopped

from swanlab_ci.gate.evaluate.verdict import verdict
from swanlab_ci.judgement import Check, CheckKind, Comparing, Deciding, Reason, RunValue, Side
from swanlab_ci.messages import Language
from swanlab_ci.model import Level, Outcome, Status, Truth
from swanlab_ci.report import render
from swanlab_ci.report.secrets import without_secrets
from swanlab_ci.security.redaction import Redactor

SCHEMA = json.loads((resources.files("swanlab_ci.report") / "schema.json").read_text("utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
COMPARED = next(
    each.comparison for found in every_kind.every_kind().verdict.gates for each in found.checks if each.comparison
)
KEY = "sk-abcdefghijklmnopq"


def test_the_published_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("name", list(every_kind.EVERY))
def test_a_document_follows_the_published_schema(name: str, language: Language) -> None:
    document = render(every_kind.EVERY[name](), redact=str, language=language).json

    VALIDATOR.validate(json.loads(json.dumps(document, allow_nan=False)))


@pytest.mark.parametrize("name", list(EXAMPLES))
def test_what_a_report_shows_follows_the_schema_too(name: str) -> None:
    found = EXAMPLES[name]()
    document = render(found.judgement(), found.insight, redact=str).json

    VALIDATOR.validate(json.loads(json.dumps(document, allow_nan=False)))
    assert document["insight"]["rows"]
    assert document["insight"]["curves"]


def test_a_document_says_what_is_needed_to_act_on_it() -> None:
    document = render(judgement(gate(), gate(Status.PASS)), redact=str).json

    assert (document["schema"], document["verdict"], document["passed"], document["exit_code"]) == (2, "fail", False, 1)
    assert document["judged_at"] == "2026-11-23T19:30:00+00:00"
    check_facts = document["gates"][0]["checks"][0]
    assert check_facts["run"]["id"] == "r1"
    assert (check_facts["reason"]["actual"], check_facts["expected"]["values"]) == (0.5, [0.01])
    assert check_facts["message"]["id"] == "check.value"


def test_a_text_of_a_document_is_in_its_language_and_has_its_id() -> None:
    english, chinese = (
        render(every_kind.every_kind(), redact=str, language=language).json["headline"] for language in Language
    )

    assert (english["id"], english["params"]) == (chinese["id"], chinese["params"])
    assert english["text"] != chinese["text"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None)) | st.just(10**400),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(), below, max_size=3),
    max_leaves=8,
)


@given(json_values, st.floats(), st.text(st.characters(codec=None)))
@example({"a": [1, [2]]}, float("inf"), "\ud800")
def test_any_value_of_a_field_gives_a_valid_document(value: object, number: float, name: str) -> None:
    reason = Reason(truth=Truth.WRONG_TYPE, subject=name, actual=value, nearest=name, bound=number)
    side = Side(centre=number, spread=number, runs=(RunValue(run(name=name), number),))
    compared = replace(COMPARED, new=side, delta=number, noise=number, relative=number, to=name, culprit=run(name=name))
    checks = (
        check(reason=reason, values=(RunValue(run(), value),), at=run(name=name)),
        Check(kind=CheckKind.COMPARISON, field=name, outcome=Outcome.VIOLATED, comparison=compared),
    )

    document = render(judgement(gate(name=name, group=name, checks=checks)), redact=str).json

    VALIDATOR.validate(json.loads(json.dumps(document, allow_nan=False).encode()))


def test_a_map_and_a_long_list_are_counted_in_the_document() -> None:
    checks = (check(actual={"a": 1, "b": 2}), check(actual=[[1, 2], *range(200)]))

    found = [
        each["reason"]["actual"]
        for each in render(judgement(gate(checks=checks)), redact=str).json["gates"][0]["checks"]
    ]

    assert found == [{"keys": 2}, [{"items": 2}, *range(99)]]


@given(name=st.text(st.characters(codec=None)), actual=st.text(st.characters(codec=None)))
def test_foreign_text_in_json_comes_back_as_it_was(name: str, actual: str) -> None:
    found = gate(checks=(check(run=run(name=name), actual=actual),))

    written = json.dumps(render(judgement(found), redact=str).json).encode("utf-8")

    back = json.loads(written)["gates"][0]["checks"][0]
    assert (back["run"]["name"], back["reason"]["actual"]) == (name, actual)


def test_a_secret_is_gone_even_where_a_text_is_cut_through_it() -> None:
    found = gate(name="A" * 110 + KEY, checks=(check(run=run(name="B" * 9_990 + KEY)),))

    rendering = render(judgement(found), redact=Redactor([KEY]))

    assert KEY[:6] not in json.dumps(rendering.json)
    for surface in (rendering.comment, rendering.summary, rendering.text, rendering.junit):
        assert KEY[:6] not in surface


def test_an_endless_text_is_cut_in_the_document() -> None:
    document = render(judgement(gate(name="A" * 2_000_000)), redact=str).json

    assert len(document["gates"][0]["name"]) == 10_000


@given(st.lists(st.sampled_from(Status), max_size=4), st.booleans(), st.sampled_from(Level), st.sampled_from(Language))
def test_the_headline_only_counts_and_is_the_same_everywhere(
    statuses: list[Status],
    strict: bool,  # noqa: FBT001
    level_cap: Level,
    language: Language,
) -> None:
    found = verdict([gate(status, name="NAME") for status in statuses], strict=strict, level_cap=level_cap)
    rendered = render(judgement(verdict=found), redact=str, language=language)

    assert rendered.headline == rendered.json["headline"]["text"]
    assert rendered.comment.splitlines()[0].endswith(rendered.headline)
    assert "NAME" not in rendered.headline


def test_without_gates_the_headline_tells_a_wrong_file_from_no_verdict() -> None:
    ids = [render(stopped(exit_code=code), redact=str).json["headline"]["id"] for code in (2, 3)]

    assert ids == ["verdict.wrong-configuration", "verdict.no-verdict"]


ENUMS = {
    ("check", "outcome"): Outcome,
    ("check", "kind"): CheckKind,
    ("gate", "status"): Status,
    ("gate", "level"): Level,
    ("gate", "decided_by"): Deciding,
    ("comparison", "found"): Comparing,
    ("reason", "truth"): Truth,
}


@pytest.mark.parametrize(("kind", "field"), list(ENUMS))
def test_the_words_of_the_schema_are_those_of_the_model(kind: str, field: str) -> None:
    assert SCHEMA["$defs"][kind]["properties"][field]["enum"] == [*ENUMS[kind, field]]


def parts(schema: object, path: str = "") -> Iterator[tuple[str, dict[str, object]]]:
    """Yield every schema of a property, with its path."""
    if isinstance(schema, dict):
        for name, below in schema.get("properties", {}).items():
            yield f"{path}.{name}", below
        for name, below in schema.items():
            yield from parts(below, f"{path}.{name}")
    elif isinstance(schema, list):
        for number, below in enumerate(schema):
            yield from parts(below, f"{path}.{number}")


def test_every_field_is_described_and_no_other_is_allowed() -> None:
    assert [path for path, part in parts(SCHEMA) if "description" not in part] == []
    objects = [part for part in [SCHEMA, *SCHEMA["$defs"].values()] if "properties" in part]
    assert [part for part in objects if part["additionalProperties"] is not False] == []
    assert [part["title"] for part in objects if set(part["required"]) != set(part["properties"])] == []


def test_a_secret_is_gone_from_the_facts_and_their_curves_stay() -> None:
    found = red()

    without = without_secrets(found.insight, lambda text: text.replace("pr42", "***"))

    assert not [run for run in without.new_runs if "pr42" in run.run.name]
    assert without.curves[0].new[0].points == found.insight.curves[0].new[0].points
