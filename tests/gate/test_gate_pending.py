"""A run that is not over: pending where the expectation could still come true, a miss where it cannot."""

from datetime import timedelta
from typing import Any

import pytest
from gate_factories import NOW, judge_gate_body, make_run

from swanlab_ci.judgement import Deciding, GateResult
from swanlab_ci.messages import Message, Name
from swanlab_ci.model import Outcome, Status, Truth
from swanlab_ci.report.wording import check_message, gate_advice

OK, VIOLATED, PENDING, ERROR = Outcome.OK, Outcome.VIOLATED, Outcome.PENDING, Outcome.ERROR
ACC: dict[str, Any] = {
    "metrics": {"acc": {"last": 0.5, "max": 0.8, "max.step": 3, "min": 0.2, "step": 10, "mean": 0.5}}
}
TWO_HOURS: dict[str, Any] = {"created_at": NOW - timedelta(hours=2)}


def truths(result: GateResult) -> list[tuple[Truth, str, Any]]:
    reasons = (check.reason for check in result.deciding)
    return [(each.truth, each.subject, each.actual) for each in reasons if each]


@pytest.mark.parametrize("state", ["RUNNING", "OFFLINE", "SOMETHING_NEW"])
@pytest.mark.parametrize(
    ("expect", "fields", "outcome"),
    [
        ("state: FINISHED", {}, PENDING),
        ("state: {not_in: [CRASHED, ABORTED]}", {}, PENDING),
        ("state: {not: CRASHED}", {}, PENDING),
        ("state: [FINISHED, CRASHED, ABORTED]", {}, PENDING),
        ("state: {exists: true}", {}, OK),
        ("state: {exists: false}", {}, VIOLATED),
        ("state: {type: text}", {}, OK),
        ("age: {max: 1h}", TWO_HOURS, PENDING),
        ("age: {min: 1h}", TWO_HOURS, PENDING),
        ("age: {max: 3h}", TWO_HOURS, PENDING),
        ("finished_at: {exists: true}", {}, PENDING),
        ("finished_at: {like: '2026-*'}", {}, PENDING),
        ("metrics.acc: {min: 0.1}", ACC, PENDING),
        ("metrics.acc: {min: 0.9}", ACC, PENDING),
        ("metrics.acc: {max: 0.1}", ACC, PENDING),
        ("metrics.acc: 0.5", ACC, PENDING),
        ("metrics.acc: {exists: true}", ACC, PENDING),  # a NaN may come, and fails every operator
        ("metrics.acc.max: {exists: true}", ACC, OK),
        ("metrics.acc: {exists: false}", ACC, PENDING),
        ("metrics.acc.max: {exists: false}", ACC, VIOLATED),
        ("metrics.acc: {none_of: [{exists: false}]}", ACC, PENDING),
        ("metrics.loss: {exists: true}", ACC, PENDING),
        ("metrics.loss: {exists: false}", ACC, PENDING),
        ("metrics.loss: {min: 1}", ACC, PENDING),
        ("metrics.loss: {min: 1, optional: true}", ACC, PENDING),
        ("metrics.acc.max: {min: 0.8}", ACC, OK),
        ("metrics.acc.max: {max: 0.7}", ACC, VIOLATED),
        ("metrics.acc.max: {max: 0.9}", ACC, PENDING),
        ("metrics.acc.max.step: {max: 2}", ACC, PENDING),  # a later maximum moves it in either direction
        ("metrics.acc.max.step: {min: 2}", ACC, PENDING),
        ("metrics.acc.max: {min: 0.9}", ACC, PENDING),
        ("metrics.*.max: {min: 0.8}", ACC, PENDING),  # a metric that is logged later may match, too
        ("metrics.*.max: {exists: true}", ACC, PENDING),
        ("metrics.*.max: {max: 0.7}", ACC, VIOLATED),
        ("config.*: {min: 0}", {"config": {"x": 1}}, OK),
        ("metrics.acc.min: {max: 0.2}", ACC, OK),
        ("metrics.acc.min: {min: 0.3}", ACC, VIOLATED),
        ("metrics.acc.min: {above: 0.2}", ACC, VIOLATED),
        ("metrics.acc.min: {below: 0.3}", ACC, OK),
        ("metrics.acc.min: {min: 0.1}", ACC, PENDING),
        ("metrics.acc.max: 0.7", ACC, VIOLATED),
        ("metrics.acc.max: 0.8", ACC, PENDING),
        ("metrics.acc.max: [0.7, 0.9]", ACC, PENDING),
        ("metrics.acc.max: [0.6, 0.7]", ACC, VIOLATED),
        ("metrics.acc.max: 0.9", ACC, PENDING),
        ("metrics.acc.max: 0.79999999999", ACC, PENDING),  # equal in 9 digits, though below
        ("metrics.acc.min: 0.3", ACC, VIOLATED),
        ("metrics.acc.min: 0.2", ACC, PENDING),
        ("metrics.acc.min: 0.1", ACC, PENDING),
        ("metrics.acc.min: 0.20000000001", ACC, PENDING),
        ("metrics.acc.mean: 0.4", ACC, PENDING),
        ("metrics.acc.step: {min: 10}", ACC, OK),
        ("metrics.acc.step: {min: 11}", ACC, PENDING),
        ("metrics.acc.mean: {min: 0.1}", ACC, PENDING),
        ("metrics.acc: {min: 1}", {"metrics": {"acc": {"last": "NaN"}}}, PENDING),
        ("metrics.acc: {min: 1}", {"metrics": None}, ERROR),
        ("config.x: {max: {field: metrics.acc}}", ACC | {"config": {"x": 0.1}}, PENDING),
        ("metrics.acc: {any_of: [{min: 0.1}, {exists: true}]}", ACC, PENDING),
        ("metrics.acc: {none_of: [{min: 0.9}]}", ACC, PENDING),
        ("metrics.acc: {exists: true, min: 0.1}", ACC, PENDING),
        ("metrics.acc: {exists: false, min: 0.1}", ACC, PENDING),
        ("any_of: [{state: FINISHED}, {config.x: 1}]", {"config": {"x": 1}}, OK),
        ("any_of: [{state: FINISHED}, {config.x: 1}]", {"config": {"x": 2}}, PENDING),
        ("any_of: [{state: FINISHED}, {config.x: 1}]", {}, PENDING),
        ("config.x: 1", {"config": {"x": 2}}, VIOLATED),
        ("config.x: 1", {"config": {"x": 1}}, OK),
    ],
)
def test_a_run_that_is_not_over_is_judged_by_what_can_still_come(
    state: str, expect: str, fields: dict[str, Any], outcome: Outcome
) -> None:
    body = f"expect:\n  {expect}"

    (check,) = judge_gate_body(body, make_run(state=state, **fields)).checks

    assert check.outcome is outcome


@pytest.mark.parametrize(
    ("expect", "running"),
    [
        ("{max: 4h}", PENDING),
        ("{max: 2h}", PENDING),
        ("{max: 1h}", VIOLATED),
        ("{below: 2h}", VIOLATED),
        ("{below: 3h}", PENDING),
        ("{min: 1h}", OK),
        ("{min: 2h}", OK),
        ("{min: 3h}", PENDING),
        ("{above: 1h}", OK),
        ("{above: 2h}", PENDING),
        ("{exists: true}", OK),
    ],
)
def test_a_duration_grows_while_a_run_is_running_and_is_not_known_while_it_is_offline(
    expect: str, running: Outcome
) -> None:
    def outcome(**fields: Any) -> Outcome:
        return judge_gate_body(f"expect: {{duration: {expect}}}", make_run(**TWO_HOURS, **fields)).checks[0].outcome

    assert outcome(state="RUNNING") is running
    assert outcome(state="OFFLINE") is PENDING
    assert outcome(state="SOMETHING_NEW") is PENDING


def test_a_run_that_is_not_over_is_selected_by_its_age_so_far() -> None:
    body = "runs: {age: {max: 3h}}\nexpect: {state: FINISHED}"

    assert judge_gate_body(body, make_run(state="RUNNING", **TWO_HOURS)).status is Status.PENDING
    assert judge_gate_body(body, make_run(4, state="RUNNING")).decided_by is Deciding.NO_RUNS


def test_an_offline_run_is_to_be_uploaded_not_waited_for() -> None:
    offline = judge_gate_body("expect: {duration: {min: 1h}}", make_run(state="OFFLINE", **TWO_HOURS))

    assert truths(offline) == [(Truth.PENDING, "duration", None)]
    assert [check.run and check.run.state for check in offline.deciding] == ["OFFLINE"]
    assert gate_advice(offline) == Message("advice.sync", run=Name("seed-1"))


@pytest.mark.parametrize("state", ["FINISHED", "CRASHED", "ABORTED"])
def test_a_run_that_is_over_is_never_pending(state: str) -> None:
    result = judge_gate_body("expect: {metrics.acc: {min: 0.9}, state: FINISHED}", make_run(state=state, **ACC))

    assert Outcome.PENDING not in {check.outcome for check in result.checks}
    assert result.status is Status.FAIL


def test_a_running_run_can_finish_but_not_start_again() -> None:
    finished = judge_gate_body("expect: {state: RUNNING}", make_run())
    running = judge_gate_body("expect: {state: RUNNING}", make_run(state="RUNNING"))

    assert finished.status is Status.FAIL
    assert running.status is Status.PENDING


def test_a_pending_message_says_which_state_the_run_is_in() -> None:
    state = judge_gate_body("expect: {state: FINISHED}", make_run(state="RUNNING"))
    metric = judge_gate_body("expect: {metrics.acc: {min: 0.9}}", make_run(state="RUNNING", **ACC))

    assert truths(state) == [(Truth.PENDING, "state", "RUNNING")]
    assert truths(metric) == [(Truth.PENDING, "metrics.acc", 0.5)]
    assert check_message(state.checks[0]).params["state"] is None
    assert check_message(metric.checks[0]).params["state"] == Name("RUNNING")
    assert gate_advice(metric) == Message("advice.wait", run=Name("seed-1"))


def test_a_miss_decides_though_another_run_is_pending() -> None:
    result = judge_gate_body("expect: {state: FINISHED}", make_run(1, state="CRASHED"), make_run(2, state="RUNNING"))

    assert result.status is Status.FAIL


def test_an_aggregate_over_a_run_that_is_not_over_is_pending() -> None:
    runs = [make_run(1, **ACC), make_run(2, state="RUNNING", **ACC)]

    result = judge_gate_body("expect: {mean(metrics.acc): {min: 0.4}}", *runs)

    assert result.status is Status.PENDING
    assert check_message(result.deciding[0]).id == "check.pending-together"
    assert gate_advice(result) == Message("advice.wait-all")
    assert judge_gate_body("expect: {count(): 2}", *runs).status is Status.PASS
    assert judge_gate_body("expect: {mean(age): {max: 9h}}", *runs).status is Status.PENDING
