"""What to do next, and where: advice names the line at fault, and nothing that cannot be done."""

from typing import Any

import pytest
from gate_factories import NOW, bound, judge_gate_body, judge_text, make_run, one_gate

from swanlab_ci import gate
from swanlab_ci.judgement import Deciding, Emptied, Expectation, GateResult
from swanlab_ci.messages import Message, Name
from swanlab_ci.model import Git, Points, Status
from swanlab_ci.report.wording import gate_advice
from swanlab_ci.report.wording.expectation import value

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
def test_a_result_names_the_line_of_the_clause_at_fault_and_that_of_the_gate(fields: dict[str, Any], line: int) -> None:
    (result,) = judge_text(TEXT % "fail", make_run(**RIGHT | fields)).gates

    at_fault = result.emptied or result.deciding[0]
    assert (at_fault.file, at_fault.line) == ("gates.yml", line)
    assert (result.file, result.line) == ("gates.yml", 5)


def test_a_selection_in_doubt_names_the_line_of_the_clause() -> None:
    text = TEXT.replace("group: a", "metadata.a.b: 1")

    (result,) = judge_text(text % "fail", make_run(**RIGHT, metadata={"a.b": 1, "a": {"b": 1}})).gates

    assert gate_advice(result) == Message("advice.quote-key", place=Name("gates.yml:7"))


@pytest.mark.parametrize("if_no_runs", ["fail", "warn", "skip", "pass"])
def test_a_selection_without_runs_says_which_clause_left_none(if_no_runs: str) -> None:
    (result,) = judge_text(TEXT % if_no_runs, make_run(**RIGHT | {"group": "b"}), make_run(2)).gates

    assert result.emptied == Emptied(
        condition="group a", field="group", before=1, seen=("b",), file="gates.yml", line=7
    )
    assert (result.decided_by, result.if_no_runs) == (Deciding.NO_RUNS, if_no_runs)
    assert [(step.condition, step.runs) for step in result.funnel] == [
        ("labels smoke", 1),
        ("group a", 0),
        ("config.lr 1", 0),
    ]


def test_commits_are_short_and_never_quoted() -> None:
    body = f"expect: {{config.at: [{SHA}, 12e4567]}}"
    result = judge_gate_body(body, make_run(config={"at": "9" * 40}))
    text = judge_gate_body('expect: {config.at: "1234567"}', make_run())

    assert [each.written for each in expectations(result)] == ["0123456, 12e4567"]
    assert [each.written for each in expectations(text)] == ['"1234567"']
    assert value("9" * 40) == Name("9999999")


def expectations(result: GateResult) -> list[Expectation]:
    return [check.expected for check in result.checks if check.expected]


def test_groups_and_pairs_are_of_equal_values_not_of_values_that_are_spelled_alike() -> None:
    commits = ("a" * 39 + "b", "a" * 39 + "c")
    runs = [make_run(number, config={"commit": commit}) for number, commit in enumerate(commits)]

    results = judge_text(one_gate("for_each: config.commit\nexpect: {state: FINISHED}"), *runs).gates

    assert [len(result.runs_selected) for result in results] == [1, 1]


@pytest.mark.parametrize(("value", "read"), [("12", True), ("adamw", False), (12, False)])
def test_only_a_text_that_is_a_number_was_read_as_one(value: Any, read: bool) -> None:  # noqa: FBT001
    (check,) = judge_gate_body("expect: {config.x: {min: 1}}", make_run(config={"x": value})).checks

    assert check.reason
    assert check.reason.read_as_number is read


AT = {"place": Name("gates.yml:4")}
SEED = {"run": Name("seed-1")}


@pytest.mark.parametrize(
    ("expect", "advice"),
    [
        ("config.x: 1", Message("advice.log", field=Name("config.x"), **SEED, **AT)),
        ("metrics.x: 1", Message("advice.log", field=Name("metrics.x"), **SEED, **AT)),
        ("requirements.jax: {version: '>1'}", Message("advice.install", package=Name("jax"), **SEED, **AT)),
        (
            "requirements.ruamel.yaml: {version: '>1'}",
            Message("advice.install", package=Name("ruamel.yaml"), **SEED, **AT),
        ),
        ("git.branch: main", Message("advice.use-checkout", **SEED, **AT)),
        ("conda: {contains: x}", Message("advice.record", field=Name("conda"), **SEED, **AT)),
        ("group: a", Message("advice.give-field", field=Name("group"), **SEED, **AT)),
        ("any_of: [{config.x: 1}]", Message("advice.log", field=Name("config.x"), **SEED, **AT)),
        ("mean(metrics.x): 1", Message("advice.every-run-has", field=Name("metrics.x"), **AT)),
        ("stdev(age): {min: 1s}", Message("advice.start-another", **AT)),
        ("state: CRASHED", Message("advice.fix-run", **SEED, **AT)),
        ("count(): 2", Message("advice.fix-runs", **AT)),
        ("count(): {max: 0}", Message("advice.fix-runs", **AT)),
        ("count(): {min: 3}", Message("advice.start-more", count=2, total=1, least=3, **AT)),
        ("distinct(name): {min: 2}", Message("advice.start-distinct", count=1, field=Name("name"), **AT)),
    ],
)
def test_advice_can_be_followed(expect: str, advice: Message) -> None:
    assert gate_advice(judge_gate_body(f"expect: {{{expect}}}", make_run(git=Git()))) == advice


@pytest.mark.parametrize(
    ("values", "advice"),
    [
        ([0], Message("advice.fix-run", **SEED, **AT)),
        ([0, 1, 1], Message("advice.fix-run", **SEED, **AT)),
        ([0, 0], Message("advice.fix-run-and-others", **SEED, count=1, **AT)),
        ([0, 1, 0, 0], Message("advice.fix-run-and-others", **SEED, count=2, **AT)),
        ([0, float("nan")], Message("advice.fix-run", **SEED, **AT)),
    ],
)
def test_advice_counts_the_other_runs_that_need_the_same(values: list[float], advice: Message) -> None:
    runs = [make_run(number, config={"x": each, "y": each}) for number, each in enumerate(values, 1)]

    assert gate_advice(judge_gate_body("expect: {config.x: {min: 1}, config.y: {min: 1}}", *runs)) == advice


@pytest.mark.parametrize(
    ("body", "nearest"),
    [
        ("expect: {metrics.val/blue: {min: 20}}", "metrics.val/bleu"),
        ("expect: {config.datset: wmt}", "config.dataset"),
        ("latest_by: config.datset\nexpect: {state: FINISHED}", "config.dataset"),
        ("for_each: config.datset\nexpect: {state: FINISHED}", "config.dataset"),
    ],
)
def test_a_misspelled_field_gets_the_nearest_one_and_not_the_advice_to_make_it_optional(
    body: str, nearest: str
) -> None:
    runs = [make_run(1), make_run(2, config={"dataset": "wmt"}, metrics={"val/bleu": {"last": 25}})]

    result = judge_gate_body(body, *runs)

    advice = gate_advice(result)
    assert advice
    assert (advice.id, advice.params["nearest"]) == ("advice.use-nearest", Name(nearest))
    assert nearest in {check.reason.nearest for check in result.checks if check.reason}


def test_a_misspelled_field_of_an_aggregate_is_corrected_unless_another_run_has_it() -> None:
    near, right = ({"metrics": {key: {"last": 25}}} for key in ("val/bleu", "val/blue"))
    body = "expect: {mean(metrics.val/blue): {min: 20}}"

    found = [
        gate_advice(judge_gate_body(body, make_run(1, **near), *others)) for others in ((), (make_run(2, **right),))
    ]

    assert [advice and advice.id for advice in found] == ["advice.use-nearest", "advice.every-run-has"]


def test_a_misspelled_metric_of_a_curve_is_corrected_in_the_curve() -> None:
    text = "curves: {tail: {of: train/los, take: mean}}\n" + one_gate("expect: {curve.tail: {max: 1}}")

    (result,) = judge_text(
        text, make_run(metrics={"train/loss": {"last": 1}}, points={"train/los": Points.of((), ())})
    ).gates

    names = {"nearest": Name("train/loss"), "curve": Name("curve.tail"), "field": Name("metrics.train/los")}
    assert gate_advice(result) == Message("advice.use-nearest-metric", **names, **SEED)


def test_advice_about_a_preset_says_that_it_is_changed_in_the_users_file() -> None:
    run = make_run(metrics={"loss": {"last": 1}}, points={"train/loss": Points.of((), ())})

    found = judge_text("extends: preset:healthy\n", run).gates

    advice = gate_advice(next(gate for gate in found if gate.id == "loss-is-finite"))
    assert advice
    own = advice.params["advice"]
    assert (advice.id, advice.params["gate"]) == ("advice.from-preset", Name("loss-is-finite"))
    assert isinstance(own, Message)
    assert (own.id, own.params["nearest"]) == ("advice.use-nearest-metric", Name("loss"))


@pytest.mark.parametrize(
    ("least", "advice"), [("5", "advice.start-more"), ("2", "advice.crashed"), ("90%", "advice.crashed")]
)
def test_more_runs_are_to_be_started_only_where_fewer_are_selected_than_must_pass(least: str, advice: str) -> None:
    runs = [make_run(1), make_run(2, state="CRASHED"), make_run(3, state="CRASHED")]

    found = gate_advice(judge_gate_body(f"how_many: {{at_least: {least}}}\nexpect: {{state: FINISHED}}", *runs))

    assert found
    assert found.id == advice
    assert {"count": 2, "total": 3, "least": 5}.items() <= found.params.items() or advice == "advice.crashed"


@pytest.mark.parametrize(
    ("value", "condition", "advice"),
    [
        (0.003, '"0.003"', "advice.text-for-number"),
        (False, '"false"', "advice.text-for-number"),
        (3, '["1", "2"]', "advice.text-for-number"),
        (3, "{is: '1'}", "advice.text-for-number"),
        (0.3, "<= 0.1", "advice.text-for-number"),
        (0.3, "0.1", "advice.fix-run"),
        ("adam", '"0.003"', "advice.fix-run"),
        (0.3, "adam", "advice.fix-run"),
    ],
)
def test_a_text_for_a_number_is_a_mistake_of_the_gate_and_not_of_the_run(
    value: Any, condition: str, advice: str
) -> None:
    found = gate_advice(judge_gate_body(f"expect: {{config.x: {condition}}}", make_run(config={"x": value})))

    assert found
    assert found.id == advice


def test_a_missing_number_of_a_comparison_is_not_said_to_be_optional() -> None:
    text = "baselines: {main: {runs: {name: seed-2}}}\n" + one_gate(
        "runs: {name: seed-1}\ncompare:\n  metrics.x: {to: main, better: higher, allow_worse: 1%}"
    )

    (result,) = judge_text(text, make_run(1), make_run(2, metrics={"x": {"last": 1}})).gates

    assert result.status is Status.FAIL
    assert gate_advice(result) == Message("advice.log-and-rerun", field=Name("metrics.x"), **SEED)


@pytest.mark.parametrize(
    ("expect", "advice"),
    [
        ("config.x: {min: 1}", Message("advice.fix-script-or-gate", field=Name("config.x"), **AT)),
        ("mean(config.x): {min: 1}", Message("advice.fix-script-or-gate", field=Name("config.x"), **AT)),
        ("name: {version: '>1'}", Message("advice.fix-gate", **AT)),
        ("requirements.x: 1", Message("advice.fetch", field=Name("requirements.x"))),
    ],
)
def test_what_cannot_be_judged_is_corrected_where_it_comes_from(expect: str, advice: Message) -> None:
    run = make_run(config={"x": "high"}, requirements=None)
    body = f"expect: {{{expect}}}"

    (result,) = gate.judge(bound(one_gate(body)), [run], now=NOW).gates

    assert (result.status, gate_advice(result)) == (Status.ERROR, advice)
