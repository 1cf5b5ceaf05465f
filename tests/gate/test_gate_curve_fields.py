"""`curve.NAME` is a field like any other: expected, compared, aggregated, ranked, waived, explained; never guessed."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from gate_factories import NOW, bound, judge_text, make_run, one_gate, problem_of

from swanlab_ci import gate
from swanlab_ci.gate.parse.extends import PRESETS
from swanlab_ci.gate.testing.cases import Trial
from swanlab_ci.judgement import GateResult
from swanlab_ci.model import Outcome, Points, Run, Status

NAN, INF = float("nan"), float("inf")
CURVES = """\
curves:
  broken: {of: train/loss, take: not_finite}
  spike: {of: train/loss, take: max_rise}
  tail: {of: val/acc, last: 2, take: mean}
  reached: {of: val/acc, first: {min: 0.9}}
  early: {of: val/acc, to_step: 1, take: max}
"""


def run(number: int = 1, *, loss: Any = (), acc: Any = (), **more: Any) -> Run:
    """Make a run with these values of train/loss and val/acc, or with these steps and values of them."""
    points = {"train/loss": loss, "val/acc": acc}
    made = {
        key: Points.of(values.keys(), values.values())
        if isinstance(values, dict)
        else Points.of(range(len(values)), values)
        for key, values in points.items()
    }
    return make_run(number, points=made, **more)


def result(body: str, *runs: Run) -> GateResult:
    (found,) = judge_text(CURVES + one_gate(body), *runs).gates
    return found


GOING: dict[str, Any] = {"state": "RUNNING"}


@pytest.mark.parametrize(
    ("expect", "made", "status"),
    [
        ("{curve.broken: 0}", run(loss=[3, 2, 1]), Status.PASS),
        ("{curve.broken: 0}", run(loss=[3, NAN, 1]), Status.FAIL),
        ("{curve.broken: 0}", run(loss=[3, INF]), Status.FAIL),
        ("{curve.spike: {max: 2}}", run(loss=[3, 2, 5]), Status.FAIL),
        ("{curve.spike: {max: 2}}", run(loss=[3, NAN, 1]), Status.FAIL),
        ("{curve.spike: {min: 0}}", run(loss=[3, NAN, 1]), Status.FAIL),
        ("{curve.spike: {not: 7}}", run(loss=[3, NAN, 1]), Status.FAIL),
        ("{curve.spike: {max: 2, optional: true}}", run(loss=[3]), Status.PASS),
        ("{curve.spike: {max: 2, optional: true}}", run(loss=[NAN]), Status.FAIL),
        ("{curve.spike: {max: 2}}", run(loss=[3]), Status.FAIL),
        ("{curve.spike: {max: 2}}", run(), Status.FAIL),
        ("{curve.broken: 0}", run(), Status.FAIL),
        ("{curve.spike: {max: 2}}", run(loss={0: 3, 9: 1, 5: 2}), Status.PASS),
        ("{curve.reached: {max: 3}}", run(acc={0: 0.5, 3: 0.9}), Status.PASS),
        ("{curve.reached: {max: 3}}", run(acc={0: 0.5, 4: 0.9}), Status.FAIL),
        ("{curve.reached: {max: 3}}", run(acc=[0.5, 0.6]), Status.FAIL),
        ("{curve.reached: {exists: false}}", run(acc=[0.5, 0.6]), Status.PASS),
        ("{curve.broken: 0}", make_run(), Status.ERROR),
        ("{curve.broken: 0}", make_run(points={"val/acc": Points.of([1], [1])}), Status.ERROR),
        ("{curve.broken: {max: {field: config.most}}}", run(loss=[NAN], config={"most": 1}), Status.PASS),
        ("{config.most: {min: {field: curve.broken}}}", run(loss=[NAN], config={"most": 0}), Status.FAIL),
        ("{any_of: [{curve.broken: 0}, {config.most: 1}]}", run(loss=[NAN], config={"most": 1}), Status.PASS),
    ],
)
def test_a_curve_is_expected_like_a_metric(expect: str, made: Run, status: Status) -> None:
    assert result(f"expect: {expect}", made).status is status


@pytest.mark.parametrize(
    ("expect", "made", "status"),
    [
        ("{curve.broken: 0}", run(loss=[3, NAN], **GOING), Status.FAIL),
        ("{curve.broken: [0, 1]}", run(loss=[3, NAN], **GOING), Status.PENDING),
        ("{curve.broken: {max: 0}}", run(loss=[3, NAN], **GOING), Status.FAIL),
        ("{curve.broken: {not: 0}}", run(loss=[3, NAN], **GOING), Status.PASS),
        ("{curve.broken: {not: 1}}", run(loss=[3, NAN], **GOING), Status.PENDING),
        ("{curve.broken: 0}", run(loss=[3, 2], **GOING), Status.PENDING),
        ("{curve.broken: 0}", run(**GOING), Status.PENDING),
        ("{curve.broken: 0}", run(loss=[3, 2], state="OFFLINE"), Status.PENDING),
        ("{curve.spike: {max: 2}}", run(loss=[1, 3], **GOING), Status.PENDING),
        ("{curve.spike: {max: 2}}", run(loss=[1, 1], **GOING), Status.PENDING),
        ("{curve.spike: {min: 2}}", run(loss=[1, 3], **GOING), Status.PENDING),
        ("{curve.tail: {min: 0.9}}", run(acc=[1, 1], **GOING), Status.PENDING),
        ("{curve.reached: {max: 3}}", run(acc=[0.5, 0.9], **GOING), Status.PASS),
        ("{curve.reached: {max: 3}}", run(acc=[0.5, 0.6], **GOING), Status.PENDING),
        ("{curve.tail: {exists: true}}", run(acc=[1, 1], **GOING), Status.PENDING),
        ("{curve.broken: {exists: true}}", run(loss=[1], **GOING), Status.PASS),
        ("{curve.early: {max: 0.5}}", run(acc=[0.1, 0.2], **GOING), Status.PENDING),
        ("{curve.early: {max: 0.5}}", run(acc=[0.1, 0.2, 0.9], **GOING), Status.PASS),
        ("{mean(curve.tail): {min: 0.9}}", run(acc=[1, 1], **GOING), Status.PENDING),
    ],
)
def test_while_a_run_goes_on_only_what_cannot_change_is_decided(expect: str, made: Run, status: Status) -> None:
    assert result(f"expect: {expect}", made).status is status


def test_a_metric_that_is_not_in_every_run_is_missing_where_it_is_not() -> None:
    found = result("expect: {curve.broken: 0}", run(1, loss=[1, 2]), run(2))

    assert [(check.run.name, check.outcome) for check in found.deciding if check.run] == [("seed-2", Outcome.MISSING)]


def test_steps_that_go_back_or_are_doubled_are_taken_in_their_order() -> None:
    points = Points.of([0, 2, 1, 2, 2], [0.1, 0.8, 0.2, 0.95, 0.85])
    made = make_run(points={"val/acc": points, "train/loss": points})

    checks = result("expect: {curve.reached: 2, curve.tail: 0.9, curve.spike: 4, curve.broken: 0}", made).checks

    assert [check.outcome for check in checks] == [Outcome.OK] * 4


def test_an_aggregate_takes_a_curve_of_all_runs() -> None:
    runs = run(1, acc=[0, 0.8, 1]), run(2, acc=[0, 0.6, 0.8])

    assert result("expect: {mean(curve.tail): 0.8, max(curve.tail): {above: 0.85}}", *runs).status is Status.PASS
    (check,) = result("expect: {mean(curve.tail): {min: 0.9}}", *runs, run(3)).checks
    assert check.outcome is Outcome.MISSING
    assert check.reason
    assert check.reason.culprit
    assert check.reason.culprit.name == "seed-3"


def test_a_curve_is_compared_with_a_baseline() -> None:
    text = "baselines: {main: {runs: {labels: old}}}\n" + CURVES
    gates = one_gate("runs: {labels: new}\ncompare: {curve.tail: {to: main, better: higher, allow_worse: 1%}}")
    old = [run(number, acc=[0, 0.9, 0.9], labels=("old",)) for number in (7, 8, 9)]

    good = judge_text(text + gates, run(1, acc=[0.1, 0.9, 0.9], labels=("new",)), *old)
    bad = judge_text(text + gates, run(1, acc=[0.9, 0.7, 0.7], labels=("new",)), *old)

    assert (good.status, bad.status) == (Status.PASS, Status.FAIL)
    comparison = bad.gates[0].checks[0].comparison
    assert comparison
    assert comparison.curve
    assert (comparison.curve.of, comparison.curve.take, comparison.curve.last) == ("val/acc", "mean", "2")


def test_runs_are_ranked_by_a_curve() -> None:
    found = result(
        "take: {best: 1, by: curve.spike, better: lower}\nexpect: {curve.broken: 0}",
        run(1, loss=[1, 9]),
        run(2, loss=[1, 2]),
        run(3, loss=[1, NAN]),
    )

    assert [ref.name for ref in found.runs_selected] == ["seed-2"]


def test_runs_are_selected_by_a_curve_once_they_have_ended() -> None:
    runs = run(1, loss=[1]), run(2, loss=[NAN]), run(3, loss=[1], **GOING)

    found = result("runs: {curve.broken: 0}\nexpect: {state: FINISHED}", *runs)

    assert [ref.name for ref in found.runs_selected] == ["seed-1"]


def test_a_waiver_covers_a_run_that_misses_a_curve() -> None:
    waiver = "waivers:\n  - {gate: one, runs: {curve.spike: {above: 5}}, reason: known spikes, until: 2026-12-31}\n"
    text = CURVES + one_gate("expect: {curve.spike: {max: 2}}") + waiver

    assert judge_text(text, run(1, loss=[1, 9])).gates[0].status is Status.WAIVED
    assert judge_text(text, run(1, loss=[1, 9]), run(2, loss=[1, 3])).gates[0].status is Status.FAIL


def test_a_field_may_be_unchanged_from_a_baseline() -> None:
    text = "baselines: {main: {runs: {labels: old}}}\n" + CURVES
    gates = one_gate("runs: {labels: new}\nunchanged: {to: main, fields: [curve.reached]}")
    old = run(2, acc=[0, 1], labels=("old",))

    assert judge_text(text + gates, run(1, acc=[0, 1], labels=("new",)), old).status is Status.PASS
    assert judge_text(text + gates, run(1, acc=[0, 0, 1], labels=("new",)), old).status is Status.FAIL


def test_the_way_of_a_run_through_a_gate_says_what_the_curve_is() -> None:
    rules = bound(CURVES + one_gate("expect: {curve.spike: {max: 2}}"))

    (path,) = gate.run_paths(rules, "one", [run(loss=[1, 2, 8])], now=NOW, run="seed-1")
    (check,) = path.results[0].checks

    assert check.reason
    assert check.reason.curve
    assert (check.reason.curve.of, check.reason.curve.take) == ("train/loss", "max_rise")
    assert (check.reason.actual, check.reason.curve.at, check.reason.curve.points) == (4, 2, 3)


@pytest.mark.parametrize(
    ("expect", "loss", "at"),
    [
        ("{curve.broken: 0}", {0: 1, 200: NAN, 300: NAN}, 200),
        ("{curve.spike: {max: 2}}", {0: 1, 10: 3, 20: 8}, 10),
        ("{curve.spike: {max: 2}}", {0: 1, 10: 3}, 10),
        ("{curve.spike: {max: 2}}", {0: 0, 10: 3}, None),
        ("{curve.spike: {max: 2}}", {0: 1}, None),
    ],
)
def test_the_step_that_decided_is_named(expect: str, loss: Any, at: int | None) -> None:
    (check,) = result(f"expect: {expect}", run(loss=loss)).checks

    assert check.reason
    assert check.reason.curve
    assert check.reason.curve.at == at


@pytest.mark.parametrize("most", [0, 1])
def test_a_check_of_a_curve_says_of_how_many_points_it_is(most: int) -> None:
    (check,) = result(f"expect: {{curve.broken: {{max: {most}}}}}", run(loss=[1, NAN, 3])).checks

    assert check.reason
    assert check.reason.curve
    assert check.reason.curve.points == 3


def test_no_step_is_looked_for_where_the_curve_is_as_required() -> None:
    (check,) = result("expect: {curve.spike: {max: 9}}", run(loss=[1, 3])).checks

    assert check.reason
    assert check.reason.curve
    assert check.reason.curve.at is None


def test_a_curve_of_a_file_replaces_that_of_the_file_it_extends() -> None:
    shared = "curves: {a: {of: x, take: min}, b: {of: y, take: max}}\ngates: [{name: A, expect: {curve.a: 1}}]\n"
    own = "extends: shared.yml\ncurves: {a: {of: x, take: max}}\ngates: [{name: B, expect: {curve.b: 2}}]\n"
    rules = gate.load(own, name="gates.yml", read=lambda _: shared)
    made = make_run(points={"x": Points.of([0, 1], [0, 1]), "y": Points.of([0], [2])})

    assert gate.judge(rules, [made], now=NOW).status is Status.PASS
    assert rules.warnings == ()
    assert gate.needs(rules).points == {"x", "y"}


def test_a_mistake_in_a_curve_is_reported_once() -> None:
    text = "curves: {a: {of: x, take: men}}\n" + one_gate("expect: {curve.a: 1, mean(curve.a): 1}")

    assert problem_of(text).message.id == "gate-file.not-one-of"


def test_what_is_needed_of_a_file_with_curves() -> None:
    needs = gate.needs(bound(CURVES + one_gate("expect: {curve.spike: {max: 2}, mean(curve.tail): {min: 0}}")))

    assert needs.points == {"train/loss", "val/acc"}
    assert not needs.profile
    assert not needs.metrics


@pytest.mark.parametrize(
    ("curve", "good"),
    [
        ("{of: a, take: mean}", True),
        ("{of: a, last: 10, take: mean}", True),
        ("{of: a, last: 20%, from_step: 0, to_step: 9, take: slope}", True),
        ("{of: a, first: {min: 0.9}}", True),
        ("{of: a, first: {min: 0.9}, take: mean}", False),
        ("{of: a}", False),
        ("{take: mean}", False),
        ("{of: a, take: average}", False),
        ("{of: a, take: mean, last: 0}", False),
        ("{of: a, take: mean, from_step: -1}", False),
        ("{of: a, take: mean, colour: red}", False),
    ],
)
def test_the_schema_for_editors_agrees(curve: str, good: bool) -> None:  # noqa: FBT001 - data
    import yaml  # noqa: PLC0415 - another reader of YAML

    text = f"curves: {{c: {curve}}}\n" + one_gate("expect: {curve.c: 1, mean(curve.c): {max: 2}}")
    document = yaml.safe_load(text)

    assert jsonschema.Draft202012Validator(gate.schema()).is_valid(document) is good
    assert json.dumps(document)


def test_a_file_of_tests_gives_points() -> None:
    rules = gate.load("extends: preset:healthy\n", name="gates.yml")
    tests = """
tests:
  - {name: fine, verdict: pass, runs: [{points: {train/loss: [1, 0.5, 0.4, 0.3]}}]}
  - {name: steps, verdict: pass, runs: [{points: {train/loss: {0: 1, 100: 0.5, 200: 0.4}}}]}
  - {name: a NaN, expect: {loss-is-finite: fail}, runs: [{points: {train/loss: [1, NaN, 0.3]}}]}
  - {name: infinite, expect: {loss-is-finite: fail}, runs: [{points: {train/loss: [1, .inf, 0.3, -inf]}}]}
  - {name: a spike, expect: {loss-has-no-spike: warn, loss-is-finite: pass}, runs: [{points: {train/loss: [1, 11, 1]}}]}
  - {name: nothing learned, expect: {loss-fell: fail}, runs: [{points: {train/loss: [1, 1.1, 1]}}]}
  - {name: not logged, expect: {loss-is-finite: fail}, runs: [{points: {loss: [1, 0.5]}}]}
  - {name: crashed, expect: {runs-finished: fail}, runs: [{state: CRASHED, points: {train/loss: [1, 0.5]}}]}
  - {name: going on, verdict: pending, runs: [{state: RUNNING, points: {train/loss: [1, 0.5]}}]}
"""

    assert gate.try_out(rules, tests, name="tests.yml") == Trial(9, (), ())


def test_the_gate_file_of_the_example_has_no_warnings() -> None:
    example = Path(__file__).parents[2] / "examples" / "curves" / "swanlab-gate.yml"

    assert gate.load(example.read_text("utf-8"), name="swanlab-gate.yml").warnings == ()


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_has_no_warnings(preset: str) -> None:
    assert gate.load(f"extends: preset:{preset}\n", name="gates.yml").warnings == ()
