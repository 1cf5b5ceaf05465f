"""What to do next, and where: advice names the line at fault, and nothing that cannot be done."""

from typing import Any

import pytest
from gate_factories import NOW, bound, judge_gate_body, judge_text, make_run, one_gate

from swanlab_ci import gate
from swanlab_ci.model import Git, Status

SHA = "0123456789abcdef0123456789abcdef01234567"
TEXT = """project: me/net
runs:
  labels: smoke
gates:
  - name: One
    runs:
      group: a
      config.lr: 1
    expect:
      state: FINISHED
      config.x: 1
      distinct(config.y): 1
    if_no_runs: %s
"""
RIGHT: dict[str, Any] = {"labels": ("smoke",), "group": "a", "config": {"lr": 1, "x": 1, "y": 1}}


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"labels": ()}, 3),
        ({"group": "b"}, 7),
        ({"config": {}}, 8),
        ({"state": "CRASHED"}, 10),
        ({"config": {"lr": 1, "y": 1}}, 11),
        ({"config": {"lr": 1, "x": 1}}, 12),
    ],
)
def test_advice_names_the_line_of_the_clause_at_fault_and_the_result_that_of_the_gate(
    fields: dict[str, Any], line: int
) -> None:
    (result,) = judge_text(TEXT % "fail", make_run(**RIGHT | fields)).gates

    assert f"gates.yml:{line}" in result.advice
    assert result.line == 5


def test_advice_on_a_selection_in_doubt_names_the_line_of_the_clause() -> None:
    text = TEXT.replace("group: a", "metadata.a.b: 1")

    (result,) = judge_text(text % "fail", make_run(**RIGHT, metadata={"a.b": 1, "a": {"b": 1}})).gates

    assert result.advice == "Quote the key, or correct `runs` at gates.yml:7."


@pytest.mark.parametrize("if_no_runs", ["fail", "warn"])
def test_where_the_report_shows_the_funnel_the_summary_says_only_which_clause_left_none(if_no_runs: str) -> None:
    (result,) = judge_text(TEXT % if_no_runs, make_run(**RIGHT | {"group": "b"}), make_run(2)).gates

    assert result.summary == "no runs are selected: of 1 none is left after group a (group is b)"
    assert [(step.condition, step.runs) for step in result.funnel] == [
        ("labels smoke", 1),
        ("group a", 0),
        ("config.lr 1", 0),
    ]


@pytest.mark.parametrize("if_no_runs", ["skip", "pass"])
def test_where_the_report_shows_no_funnel_the_summary_has_it(if_no_runs: str) -> None:
    (result,) = judge_text(TEXT % if_no_runs, make_run(**RIGHT | {"group": "b"})).gates

    assert result.summary == (
        "no runs are selected: 1 run -> labels smoke: 1 -> group a: 0 -> config.lr 1: 0 (group is b)"
    )


def test_commits_are_short_and_never_quoted() -> None:
    body = f"runs: {{git.commit: {SHA}}}\nexpect: {{state: FINISHED}}"
    config = judge_gate_body(f"expect: {{config.at: [{SHA}, 12e4567]}}", make_run(config={"at": "9" * 40}))

    assert judge_gate_body(body, make_run()).summary.endswith("(git.commit is aaaaaaa)")
    assert config.summary == "config.at is 9999999 in seed-1, must be one of 0123456, 12e4567"
    assert judge_gate_body('expect: {config.at: "1234567"}', make_run()).checks[0].expected == '"1234567"'


def test_groups_and_pairs_are_of_equal_values_not_of_values_that_are_spelled_alike() -> None:
    commits = ("a" * 39 + "b", "a" * 39 + "c")
    runs = [make_run(number, config={"commit": commit}) for number, commit in enumerate(commits)]

    results = judge_text(one_gate("for_each: config.commit\nexpect: {state: FINISHED}"), *runs).gates

    assert [len(result.runs_selected) for result in results] == [1, 1]


@pytest.mark.parametrize(("value", "note"), [("12", 'the text "12" was read as a number'), ("adamw", "")])
def test_only_a_text_that_is_a_number_was_read_as_one(value: str, note: str) -> None:
    (check,) = judge_gate_body("expect: {config.x: {min: 1}}", make_run(config={"x": value})).checks

    assert check.note == note


AT = "gates.yml:4"


@pytest.mark.parametrize(
    ("expect", "advice"),
    [
        ("config.x: 1", f"Log config.x in the training script, and run seed-1 again; `optional: true` at {AT}"),
        ("metrics.x: 1", f"Log metrics.x in the training script, and run seed-1 again; `optional: true` at {AT}"),
        ("requirements.jax: {version: '>1'}", "Install jax where the script runs, and run seed-1 again; `opt"),
        ("git.branch: main", "Start the script in a checkout of the code, and run seed-1 again;"),
        ("conda: {contains: x}", "Let SwanLab record conda, and run seed-1 again;"),
        ("group: a", f"Give seed-1 what is missing, or change the gate at {AT}."),
        ("any_of: [{config.x: 1}]", f"Give seed-1 what is missing, or change the gate at {AT}."),
        ("mean(metrics.x): 1", f"See that every run has what mean(metrics.x) takes, or change the gate at {AT}."),
        ("stdev(age): {min: 1s}", f"See that every run has what stdev(age) takes, or change the gate at {AT}."),
        ("state: CRASHED", f"Correct seed-1 and run it again; if the new value is meant, change the gate at {AT}."),
        ("count(): 2", f"Correct the runs and run them again; if the new value is meant, change the gate at {AT}."),
    ],
)
def test_advice_can_be_followed(expect: str, advice: str) -> None:
    result = judge_gate_body(f"expect: {{{expect}}}", make_run(git=Git()))

    assert result.advice.startswith(advice)


def test_a_missing_number_of_a_comparison_is_not_said_to_be_optional() -> None:
    text = "baselines: {main: {runs: {name: seed-2}}}\n" + one_gate(
        "runs: {name: seed-1}\ncompare:\n  metrics.x: {to: main, better: higher, allow_worse: 1%}"
    )

    (result,) = judge_text(text, make_run(1), make_run(2, metrics={"x": {"last": 1}})).gates

    assert result.status is Status.FAIL
    assert result.advice == "See that every run has what metrics.x takes, or change the gate at gates.yml:7."


@pytest.mark.parametrize(
    ("expect", "advice"),
    [
        ("config.x: {min: 1}", "Correct what the script logs as config.x, or the gate at gates.yml:4."),
        ("requirements.x: 1", "Correct the gate at gates.yml:4."),
    ],
)
def test_what_cannot_be_judged_is_corrected_where_it_comes_from(expect: str, advice: str) -> None:
    run = make_run(config={"x": "high"}, requirements=None)

    (result,) = gate.judge(bound(one_gate(f"expect: {{{expect}}}")), [run], now=NOW).gates

    assert (result.status, result.advice) == (Status.ERROR, advice)
