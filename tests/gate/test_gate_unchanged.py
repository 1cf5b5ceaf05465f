"""What a check of `unchanged` holds: the field, the values of both sides, and why it was not compared."""

from typing import Any

import pytest
from gate_factories import bound, judge_text, make_run

from swanlab_ci.judgement import Check, CheckKind, GateResult
from swanlab_ci.model import Outcome, Status, Truth

TEXT = """
project: me/net
baselines: {main: {runs: {labels: main}}}
gates:
  - name: One
    runs: {labels: new}
    unchanged: {to: main, fields: [FIELDS]}
"""


def judged(fields: str, new: dict[str, Any], *base: dict[str, Any]) -> GateResult:
    main = [make_run(50 + number, labels=("main",), **each) for number, each in enumerate(base)]
    (result,) = judge_text(TEXT.replace("FIELDS", fields), make_run(1, labels=("new",), **new), *main).gates
    return result


def only_check(fields: str, new: dict[str, Any], *base: dict[str, Any]) -> Check:
    (check,) = judged(fields, new, *base).checks
    return check


def test_a_change_holds_the_values_of_both_sides() -> None:
    check = only_check("config.lr", {"config": {"lr": 0.2}}, {"config": {"lr": 0.1}}, {"config": {"lr": 0.3}})

    assert check.outcome is Outcome.VIOLATED
    assert check.run
    assert check.run.id == "run-1"
    assert check.reason
    assert (check.reason.truth, check.reason.subject, check.reason.actual) == (Truth.FAILS, "config.lr", 0.2)
    assert check.reason.part
    assert (check.reason.part.operator, check.reason.part.written) == ("same_as", "main")
    assert set(check.reason.part.values) == {0.1, 0.3}


def test_a_field_that_no_run_has_is_missing() -> None:
    check = only_check("config.lr", {}, {})

    assert check.reason
    assert (check.reason.truth, check.reason.subject) == (Truth.MISSING, "config.lr")


@pytest.mark.parametrize(("new", "base"), [(None, {"torch": "2.6.0"}), ({"torch": "2.6.0"}, None), (None, None)])
def test_what_was_not_fetched_is_not_compared(new: Any, base: Any) -> None:
    result = judged("requirements.torch", {"requirements": new}, {"requirements": base})
    (check,) = result.checks

    assert result.status is Status.ERROR
    assert (check.kind, check.field, check.outcome) == (CheckKind.UNCHANGED, "requirements.torch", Outcome.ERROR)
    assert check.run
    assert check.run.id == "run-1"
    assert check.reason
    assert (check.reason.truth, check.reason.subject) == (Truth.NOT_FETCHED, "requirements.torch")


def test_an_ambiguous_field_is_not_compared() -> None:
    new, base = ({"config": {"opt.lr": lr, "opt": {"lr": lr}}} for lr in (1, 5))
    result = judged("config.opt.lr", new, base)
    (check,) = result.checks

    assert result.status is Status.ERROR
    assert (check.kind, check.field, check.outcome) == (CheckKind.UNCHANGED, "config.opt.lr", Outcome.ERROR)
    assert check.reason
    assert (check.reason.truth, check.reason.subject) == (Truth.AMBIGUOUS, "config.opt.lr")
    assert set(check.reason.spellings) == {'config["opt"]["lr"]', 'config["opt.lr"]'}
    assert check.reason.culprit
    assert check.reason.culprit.id == "run-1"


def test_a_baseline_in_doubt_is_named() -> None:
    text = TEXT.replace("FIELDS", "config.lr").replace("labels: main", "requirements.torch: 2")
    doubtful = make_run(50, requirements=None)

    (check,) = judge_text(text, make_run(1, labels=("new",)), doubtful).gates[0].checks

    assert check.reason
    assert (check.reason.truth, check.reason.subject) == (Truth.NOT_FETCHED, "main")
    assert check.reason.culprit
    assert (check.reason.culprit.id, check.reason.culprit_field) == ("run-50", "requirements.torch")


def test_where_nothing_changed_one_check_names_all_fields() -> None:
    same = {"config": {"lr": 0.1, "seed": 1}}

    check = only_check("config.lr, config.seed", same, same)

    assert (check.field, check.outcome) == ("config.lr, config.seed", Outcome.OK)


def test_a_field_outside_the_maps_is_compared_too() -> None:
    assert judged("group", {"group": "a"}, {"group": "a"}).status is Status.PASS
    assert judged("group", {"group": "a"}, {"group": "b"}).status is Status.FAIL


def test_the_sides_are_read_from_the_gate_file() -> None:
    asked = bound(TEXT.replace("FIELDS", "config.*")).gates[0].unchanged

    assert asked
    assert (asked.to, [field.text for field in asked.fields]) == ("main", ["config.*"])


@pytest.mark.parametrize(
    ("baseline", "base", "culprit", "found"),
    [
        ("{runs: {labels: main}, min_runs: 2}", [{}], None, (1, 2)),
        ("{runs: {labels: main}, latest_by: config.seed}", [{}], "run-50", (None, None)),
    ],
)
def test_why_a_baseline_cannot_be_used(
    baseline: str, base: list[dict[str, Any]], culprit: str | None, found: tuple[Any, Any]
) -> None:
    text = TEXT.replace("{runs: {labels: main}}", baseline).replace("FIELDS", "config.lr")
    main = [make_run(50 + number, labels=("main",), **each) for number, each in enumerate(base)]
    (result,) = judge_text(text, make_run(1, labels=("new",)), *main).gates
    (check,) = result.checks

    assert (check.field, check.outcome) == ("main", Outcome.ERROR)
    assert check.reason
    assert (check.reason.truth, check.reason.subject) == (Truth.MISSING, "main")
    assert (check.reason.culprit and check.reason.culprit.id) == culprit
    assert (check.reason.actual, check.reason.bound) == found
