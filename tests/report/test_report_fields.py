"""The fields of a run can be pasted into a gate, which then holds; hostile text stays in its line and is no command."""

import json
import math
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from swanlab_ci import gate
from swanlab_ci.gate.spec.fields import FIELDS
from swanlab_ci.messages import Language
from swanlab_ci.model import Git, Run, Status
from swanlab_ci.report.fields import fields_json, fields_text
from swanlab_ci.security.escaping import yaml_scalar

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOSTILE: dict[str, str] = json.loads((Path(__file__).parents[1] / "hostile" / "hostile.json").read_text("utf-8"))
ODD = [
    "",
    " ",
    "a b",
    "a.b",
    'a"b',
    "a'b",
    "a\\b",
    "a: b",
    "a #b",
    "no",
    "1e-3",
    "NaN",
    "$head_sha",
    "##[x]y",
    "*",
    "[",
    "a\tb",
    "文",
]
EASY = st.characters(exclude_categories=["Cs"])
texts = st.one_of(st.sampled_from(ODD), st.text(EASY, max_size=12))
numbers = st.one_of(st.integers(-(10**12), 10**12), st.floats())
scalars = st.one_of(texts, numbers, st.booleans(), st.none())
values = st.recursive(
    scalars,
    lambda below: st.one_of(st.lists(below, max_size=3), st.dictionaries(texts, below, max_size=3)),
    max_leaves=6,
)


def make_run(**fields: Any) -> Run:
    known: dict[str, Any] = {
        "id": "run-1",
        "name": "seed-1",
        "state": "FINISHED",
        "created_at": NOW - timedelta(hours=3),
        "finished_at": NOW - timedelta(hours=1, seconds=0.25),
        "git": Git("a" * 40, "faster", ""),
        "metadata": {},
        "requirements": {},
        "conda": "",
        "metrics": {},
    }
    return Run(**(known | fields))


def text_of(run: Run) -> str:
    return fields_text([run], NOW, Language.EN)


def pasted(run: Run) -> Status:
    """Judge a run by what was printed about it."""
    lines = "".join(f"      {line}\n" for line in text_of(run).splitlines())
    rules = gate.load(f"project: me/net\ngates:\n  - name: Pasted\n    expect:\n{lines}", name="gates.yml")
    return gate.judge(rules, [run], now=NOW).status


@given(
    name=texts,
    labels=st.lists(texts, max_size=3),
    config=st.dictionaries(texts, values, max_size=4),
    metadata=st.dictionaries(texts, values, max_size=2),
    metrics=st.dictionaries(texts, st.dictionaries(st.sampled_from(["last", "min", "max.step"]), numbers, max_size=3)),
    state=st.sampled_from(["FINISHED", "CRASHED"]),
)
@example(name="a", labels=[], config={"a": {"b": 1}, "a.b": 2}, metadata={}, metrics={}, state="FINISHED")
@example(
    name="a",
    labels=[],
    config={},
    metadata={},
    metrics={"v": {"max": 1, "last": 2}, "v.max": {"last": 3}},
    state="FINISHED",
)
def test_what_is_printed_holds_when_it_is_pasted_into_a_gate(**fields: Any) -> None:
    assert pasted(make_run(**fields)) is Status.PASS


@given(
    config=st.dictionaries(texts.filter(bool), scalars, max_size=4),
    metrics=st.dictionaries(texts.filter(bool), st.fixed_dictionaries({"last": numbers}), max_size=4),
)
def test_every_key_is_listed_with_its_value_and_no_other(config: dict[str, Any], metrics: dict[str, Any]) -> None:
    (listed,) = fields_json([make_run(config=config, metrics=metrics)], NOW)["runs"]
    found = [each["value"] for each in listed["fields"] if re.match(r"config\b|metrics\b", each["field"])]
    expected = [*config.values(), *(each["last"] for each in metrics.values())]

    assert sorted(map(repr, found)) == sorted(repr(each if _finite(each) else str(each)) for each in expected)
    assert len({each["field"] for each in listed["fields"]}) == len(listed["fields"])
    json.dumps(listed, allow_nan=False)


def _finite(value: Any) -> bool:
    return not isinstance(value, float) or math.isfinite(value)


@given(texts)
def test_a_text_is_one_line_of_yaml_that_means_this_text(text: str) -> None:
    for is_key in (False, True):
        written = yaml_scalar(text, is_key=is_key)
        assert len(written.splitlines()) == 1
        assert yaml.safe_load(written) == yaml.safe_load(f"[{written}]")[0] == text


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_no_command_and_stays_in_its_line(text: str) -> None:
    plain = len(text_of(make_run(config={"a": 1})).splitlines())

    shown = text_of(make_run(name=text, description=text, labels=(text,), config={text or "a": text}, conda=text))

    assert len(re.split(r"[\n\r\x85\u2028\u2029]", shown)) == plain
    assert not re.search(r"^\s*::|##\[", shown, re.MULTILINE)
    assert "\x1b" not in shown


@pytest.mark.parametrize(
    ("run", "line"),
    [
        (make_run(config={"opt.lr": 0.1}), "'config[\"opt.lr\"]': 0.1  # number"),
        (make_run(config={"learning rate": 1}), "'config[\"learning rate\"]': 1  # number"),
        (make_run(config={"net": {"depth": 50}}), "config.net.depth: 50  # number"),
        (make_run(config={"a": {}}), "config.a: {type: map}  # map"),
        (make_run(config={"a": [1, "b"]}), "config.a: {has: [1, b]}  # list"),
        (make_run(config={"a": [[1]]}), "config.a: {type: list}  # list"),
        (make_run(config={"a": None}), "config.a: {exists: false}  # missing"),
        (make_run(config={"a": "1.10"}), 'config.a: "1.10"  # text'),
        (make_run(config={"a": "no"}), 'config.a: "no"  # text'),
        (make_run(config={"a": "$HOME"}), 'config.a: {exists: true}  # text, "$HOME"'),
        (make_run(config={"a": "x" * 201}), "config.a: {exists: true}  # text, 201 characters"),
        (make_run(config={"a": "NaN"}), "# config.a: NaN  # number, not finite"),
        (make_run(metrics={"val/acc": {"last": math.nan}}), "# metrics.val/acc: nan  # number, not finite"),
        (make_run(metrics={"val/acc": {"last": 0.9}}), "metrics.val/acc: 0.9  # number"),
        (make_run(metrics={"val/acc": {"max.step": 7}}), "metrics.val/acc.max.step: 7  # number"),
        (make_run(metrics=None), "# metrics  # not fetched"),
        (make_run(git=None), "# git.commit  # not fetched"),
        (make_run(labels=("eval", "a b")), 'labels: {has: [eval, "a b"]}  # list'),
        (make_run(), "duration: {max: 7200s}  # time, 7199.75s"),
        (make_run(), "age: {min: 3600s}  # time, 3600.25s"),
        (make_run(state="RUNNING", finished_at=None), "duration: {min: 10800s}  # time, 10800s"),
        (make_run(group=None), "group: {exists: false}  # missing"),
    ],
)
def test_a_field_is_spelled_as_in_a_gate_file(run: Run, line: str) -> None:
    assert line in [re.sub(r" +# ", "  # ", each) for each in text_of(run).splitlines()]


def test_every_root_is_listed() -> None:
    (listed,) = fields_json([make_run(metrics=None, metadata=None, requirements=None, config=None, git=None)], NOW)[
        "runs"
    ]

    fields = [each["field"] for each in listed["fields"]] + listed["not_fetched"]
    assert sorted(fields) == sorted(FIELDS.keys() - {"curve"})  # which a gate file defines


def test_runs_of_one_name_are_listed_one_after_the_other() -> None:
    shown = fields_text([make_run(), make_run(id="run-2")], NOW, Language.ZH)

    assert re.findall(r"^# .*run-\d.*$", shown, re.MULTILINE) == [
        "# seed-1，`id` 为 run-1，FINISHED",  # noqa: RUF001 - Chinese marks
        "# seed-1，`id` 为 run-2，FINISHED",  # noqa: RUF001 - same
    ]
