"""A curve that is missed: every surface says what it is, at which step, and its value; report.json has the ids."""

import json
import re
from datetime import timedelta

import jsonschema
import pytest
from support.every_kind import NOW, judgement_of, run

from swanlab_ci import gate, report
from swanlab_ci.messages import Language
from swanlab_ci.model import Points
from swanlab_ci.report import render

GATES = """\
curves:
  spike: {of: train/loss, take: max_rise}
  tail: {of: "val/acc|x", last: 20%, from_step: 1, take: mean}
gates:
  - name: Healthy
    expect: {curve.spike: {max: 2}, mean(curve.tail): {min: 0.9}}
    compare: {curve.tail: {to: main, better: higher, allow_worse: 1%}}
baselines: {main: {runs: {labels: base}}}
"""
RUNS = tuple(
    run(name, *labels, points={"train/loss": Points.of([0, 40], [1, 3]), "val/acc|x": Points.of([0, 1], [0.1, acc])})
    for name, labels, acc in [("s2", ("new",), 0.5), ("m1", ("base",), 0.8), ("m2", ("base",), 0.81)]
)


def rendered(language: Language) -> report.Report:
    rules = gate.load(GATES.replace("expect", "runs: {labels: new}\n    expect", 1), name="gates.yml")
    return render(judgement_of(gate.judge(rules, RUNS, now=NOW + timedelta(0))), redact=str, language=language)


@pytest.mark.parametrize(
    ("language", "what", "average"),
    [
        (Language.EN, "(largest rise of `train/loss`, at step 40)", "mean of the last 20% of"),
        (Language.ZH, "（`train/loss` 的最大升幅，第 40 步）", "从第 1 步起的最后 20% 数据点的均值"),  # noqa: RUF001 - Chinese marks
    ],
)
def test_the_comment_says_what_the_curve_is(language: Language, what: str, average: str) -> None:
    found = rendered(language).comment

    row = next(line for line in found.splitlines() if line.startswith("| ❌"))
    assert what in row
    assert "| <b>3</b> |" in row
    assert row.endswith("| ≤ 2 |")
    assert average in found
    assert "`curve.spike`" in found
    assert "val/acc|x" not in re.sub(r"val/acc\\\|x", "", found)


def test_the_report_in_json_has_the_ids_and_the_facts() -> None:
    document = json.loads(rendered(Language.EN).in_form("json"))
    jsonschema.validate(document, report.schema())
    spike, mean, compared = document["gates"][0]["checks"]

    assert spike["reason"]["curve"] == {
        "of": "train/loss",
        "take": "max_rise",
        "condition": None,
        "last": "",
        "from_step": None,
        "to_step": None,
        "points": 2,
        "at": 40,
    }
    assert spike["message"]["params"]["field"]["id"] == "curve.described"
    assert spike["message"]["params"]["field"]["params"]["what"]["id"] == "curve.max-rise"
    assert (mean["reason"]["curve"]["last"], mean["reason"]["curve"]["from_step"]) == ("20%", 1)
    assert compared["comparison"]["curve"]["of"] == "val/acc|x"


def test_the_terminal_and_junit_say_it_too() -> None:
    found = rendered(Language.EN)

    assert "curve.spike (largest rise of train/loss, at step 40) is 3 in s2" in found.in_form("text")
    assert "largest rise of train/loss" in found.junit
