"""From checks to a gate's status, from statuses to the verdict; levels, how many, no runs, waivers, caps."""

import itertools
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from gate_factories import bound, judge_gate_body, judge_text, make_run, one_gate

from swanlab_ci import gate
from swanlab_ci.gate.evaluate.verdict import verdict
from swanlab_ci.judgement import CheckKind, Count, Deciding, FunnelStep, GateResult, WaiverResult
from swanlab_ci.messages import Message, Name
from swanlab_ci.model import STATUSES_WORST_FIRST, Level, Outcome, Run, Status, Truth
from swanlab_ci.report.wording import (
    check_message,
    gate_advice,
    gate_summary,
    headline,
    verdict_advice,
    verdict_summary,
)

GOOD: dict[str, Any] = {"x": 1}
BAD: dict[str, Any] = {"x": 0}
GONE: dict[str, Any] = {}
WRONG: dict[str, Any] = {"x": "high"}
EXPECT = "expect: {config.x: {min: 1}}"


def runs_of(configs: list[dict[str, Any]], pending: int = 0) -> list[Run]:
    """Make one run for each config, and `pending` runs that may still come to `state: FINISHED`."""
    over = [make_run(n, config=config) for n, config in enumerate(configs, 1)]
    return over + [make_run(90 + n, state="RUNNING") for n in range(pending)]


@pytest.mark.parametrize(
    ("how_many", "configs", "status"),
    [
        ("all", [GOOD, GOOD], Status.PASS),
        ("all", [GOOD, BAD], Status.FAIL),
        ("all", [GOOD, GONE], Status.FAIL),
        ("all", [GOOD, WRONG], Status.ERROR),
        ("all", [BAD, WRONG], Status.ERROR),
        ("any", [GOOD, BAD], Status.PASS),
        ("any", [GOOD, WRONG], Status.PASS),
        ("any", [BAD, BAD], Status.FAIL),
        ("any", [BAD, GONE], Status.FAIL),
        ("any", [BAD, WRONG], Status.ERROR),
        ("none", [BAD, BAD], Status.PASS),
        ("none", [BAD, GOOD], Status.FAIL),
        ("none", [BAD, GONE], Status.FAIL),
        ("none", [GONE], Status.FAIL),
        ("none", [BAD, WRONG], Status.ERROR),
        ("{at_least: 2}", [GOOD, GOOD, BAD], Status.PASS),
        ("{at_least: 2}", [GOOD, BAD, BAD], Status.FAIL),
        ("{at_least: 2}", [GOOD, GONE], Status.FAIL),
        ("{at_least: 3}", [GOOD, GOOD], Status.FAIL),
        ("{at_least: 2}", [GOOD, WRONG, BAD], Status.ERROR),
        ("{at_least: 50%}", [GOOD, BAD], Status.PASS),
        ("{at_least: 51%}", [GOOD, BAD], Status.FAIL),
        ("{at_least: 90%}", [GOOD] * 9 + [BAD], Status.PASS),
        ("{at_least: 90%}", [GOOD] * 9 + [BAD] * 2, Status.FAIL),
        ("{at_least: 90%}", [GOOD] * 10 + [BAD], Status.PASS),
        ("{at_least: 29%}", [GOOD] * 29 + [BAD] * 71, Status.PASS),
        ("{at_least: 12.5%}", [GOOD] + [BAD] * 7, Status.PASS),
        ("{at_least: 12.5%}", [GOOD] + [BAD] * 8, Status.FAIL),
        ("{at_most: 1}", [GOOD, BAD, BAD], Status.PASS),
        ("{at_most: 1}", [GOOD, GOOD, BAD], Status.FAIL),
        ("{at_most: 1}", [GONE, BAD, BAD], Status.PASS),
        ("{at_most: 1}", [GOOD, GONE, BAD], Status.FAIL),
        ("{at_most: 1}", [GOOD, WRONG, BAD], Status.ERROR),
        ("{at_most: 3}", [GONE, GONE], Status.FAIL),
        ("{at_most: 0}", [BAD, BAD], Status.PASS),
        ("{at_most: 50%}", [GOOD, BAD], Status.PASS),
        ("{at_most: 49%}", [GOOD, BAD], Status.FAIL),
        ("{at_most: 10%}", [GOOD] + [BAD] * 4, Status.FAIL),
    ],
)
def test_how_many_runs_must_be_as_expected(how_many: str, configs: list[dict[str, Any]], status: Status) -> None:
    assert judge_gate_body(f"how_many: {how_many}\n{EXPECT}", *runs_of(configs)).status is status


@pytest.mark.parametrize(("how_many", "is_limit"), [("{at_most: 1}", True), ("none", False), ("all", False)])
def test_a_result_says_whether_it_is_held_to_at_most(how_many: str, *, is_limit: bool) -> None:
    assert judge_gate_body(f"how_many: {how_many}\n{EXPECT}", make_run(config=BAD)).is_limit is is_limit


def test_a_run_without_the_value_counts_against_at_most_while_another_is_running() -> None:
    values: list[tuple[str, dict[str, Any]]] = [
        ("FINISHED", {"a": {"last": 1}}),
        ("FINISHED", {}),
        ("RUNNING", {"a": {"last": 0}}),
    ]
    runs = [make_run(number, state=state, metrics=metrics) for number, (state, metrics) in enumerate(values, 1)]

    assert judge_gate_body("how_many: {at_most: 1}\nexpect: {metrics.a: {min: 1}}", *runs).status is Status.FAIL


@pytest.mark.parametrize(
    ("how_many", "finished", "crashed", "running", "status"),
    [
        ("all", 1, 0, 1, Status.PENDING),
        ("all", 0, 1, 1, Status.FAIL),
        ("any", 1, 0, 1, Status.PASS),
        ("any", 0, 1, 1, Status.PENDING),
        ("none", 0, 1, 1, Status.PENDING),
        ("none", 1, 0, 1, Status.FAIL),
        ("{at_least: 2}", 1, 1, 1, Status.PENDING),
        ("{at_least: 3}", 1, 1, 1, Status.FAIL),
        ("{at_most: 1}", 1, 0, 1, Status.PENDING),
        ("{at_most: 1}", 2, 0, 1, Status.FAIL),
        ("{at_most: 2}", 1, 0, 1, Status.PASS),
    ],
)
def test_pending_runs_decide_only_where_they_can(
    how_many: str, finished: int, crashed: int, running: int, status: Status
) -> None:
    states = ["FINISHED"] * finished + ["CRASHED"] * crashed + ["RUNNING"] * running
    runs = [make_run(n, state=state) for n, state in enumerate(states, 1)]

    assert judge_gate_body(f"how_many: {how_many}\nexpect: {{state: FINISHED}}", *runs).status is status


def test_how_many_none_turns_every_check_round() -> None:
    result = judge_gate_body("how_many: none\nexpect: {config.x: {min: 1}, group: a}", *runs_of([BAD, GOOD]))
    miss = judge_gate_body("how_many: none\nexpect: {config.x: {min: 1}}", *runs_of([GOOD]))

    assert [check.outcome for check in result.checks] == [Outcome.OK, Outcome.MISSING]
    assert result.checks[0].field == "config.x, group"
    assert miss.deciding == miss.checks
    assert [check.expected and check.expected.operator for check in miss.deciding] == ["none_of"]


@pytest.mark.parametrize(
    ("how_many", "count", "deciding"),
    [
        ("all", Count(1, 3, "all"), ["seed-2", "seed-3"]),
        ("none", Count(2, 3, "none"), ["seed-1"]),
        ("{at_least: 2}", Count(1, 3, "at_least", "2"), ["seed-2", "seed-3"]),
        ("{at_least: 90%}", Count(1, 3, "at_least", "90%"), ["seed-2", "seed-3"]),
        ("{at_most: 0}", Count(1, 3, "at_most", "0"), [None]),
        ("any", Count(1, 3, "any"), []),
    ],
)
def test_a_result_counts_the_runs_and_holds_the_checks_that_decided(
    how_many: str, count: Count, deciding: list[str | None]
) -> None:
    result = judge_gate_body(f"how_many: {how_many}\n{EXPECT}", *runs_of([GOOD, BAD, BAD]))

    assert result.count == count
    assert [check.run and check.run.name for check in result.deciding] == deciding
    assert set(result.deciding) <= set(result.checks)


@pytest.mark.parametrize(
    ("values", "passed", "outcome"),
    [
        ([1, 1, 0], 2, Outcome.OK),
        ([1, 0, 0], 1, Outcome.VIOLATED),
        ([1, "high", 0], 1, Outcome.ERROR),
        ([0, 0, 0], 0, Outcome.VIOLATED),
    ],
)
def test_a_number_of_runs_is_a_check_of_its_own(values: list[Any], passed: int, outcome: Outcome) -> None:
    runs = runs_of([{"x": value} for value in values])

    found = judge_gate_body("how_many: {at_least: 2}\nexpect: {config.x: {min: 1}}", *runs)

    (check,) = (check for check in found.checks if check.run is None)
    assert (check.kind, check.field, check.outcome) == (CheckKind.HOW_MANY, "how_many", outcome)
    assert (check.count, check.file, check.line) == (Count(passed, 3, "at_least", "2"), "gates.yml", 3)


@pytest.mark.parametrize("how_many", ["all", "none"])
def test_all_and_none_are_no_check_of_their_own(how_many: str) -> None:
    result = judge_gate_body(f"how_many: {how_many}\n{EXPECT}", *runs_of([GOOD, BAD]))

    assert {check.kind for check in result.checks} == {CheckKind.RUN}


def test_a_pending_count_is_pending() -> None:
    result = judge_gate_body("how_many: any\nexpect: {state: FINISHED}", *runs_of([], 1))

    assert [check.outcome for check in result.checks if check.count] == [Outcome.PENDING]


def test_a_run_that_may_miss_is_not_blamed_for_what_all_together_miss() -> None:
    result = judge_gate_body(
        "how_many: any\nexpect: {config.x: {min: 1}, mean(config.x): {min: 5}}", *runs_of([BAD, {"x": 2}])
    )

    assert result.status is Status.FAIL
    assert [check.field for check in result.deciding] == ["mean(config.x)"]
    assert gate_summary(result).params["first"] == check_message(result.deciding[0])
    assert gate_summary(result).id == "gate.missed"


def test_the_worst_check_decides_first() -> None:
    result = judge_gate_body(EXPECT, *runs_of([BAD, WRONG, GONE]))

    assert [check.outcome for check in result.deciding] == [Outcome.ERROR, Outcome.VIOLATED, Outcome.MISSING]


def test_nothing_decides_a_gate_that_passes() -> None:
    assert judge_gate_body(EXPECT, *runs_of([GOOD])).deciding == ()


@pytest.mark.parametrize("level", list(Level))
def test_a_miss_costs_what_the_level_says(level: Level) -> None:
    assert judge_gate_body(f"level: {level}\n{EXPECT}", *runs_of([BAD])).status == level.value


@pytest.mark.parametrize("level", list(Level))
def test_what_cannot_be_judged_or_is_undecided_is_so_at_every_level(level: Level) -> None:
    assert judge_gate_body(f"level: {level}\n{EXPECT}", *runs_of([WRONG])).status is Status.ERROR
    assert judge_gate_body(f"level: {level}\nexpect: {{state: FINISHED}}", *runs_of([], 1)).status is Status.PENDING


@pytest.mark.parametrize(
    ("if_no_runs", "level", "status"),
    [
        ("", "fail", Status.FAIL),
        ("", "warn", Status.WARN),
        ("", "info", Status.INFO),
        ("if_no_runs: fail", "fail", Status.FAIL),
        ("if_no_runs: warn", "fail", Status.WARN),
        ("if_no_runs: warn", "info", Status.INFO),
        ("if_no_runs: skip", "fail", Status.SKIPPED),
        ("if_no_runs: pass", "fail", Status.PASS),
    ],
)
def test_no_runs_do_not_pass_unless_the_gate_says_so(if_no_runs: str, level: str, status: Status) -> None:
    result = judge_gate_body(f"level: {level}\n{if_no_runs}\n{EXPECT}")

    assert (result.status, result.decided_by) == (status, Deciding.NO_RUNS)
    assert (result.checks, result.funnel, result.emptied) == ((), (), None)
    assert bool(gate_advice(result)) == (status is not Status.PASS)


def result(status: Status, name: str = "A", **fields: Any) -> GateResult:
    checks = () if status is Status.SKIPPED else judge_gate_body(EXPECT, *runs_of([GOOD])).checks
    known = {"id": name, "name": name, "level": Level.FAIL, "status": status, "checks": checks}
    return GateResult(**(known | fields))


LETTERS = dict(zip("EFNWIVSP", STATUSES_WORST_FIRST, strict=True))
WORST = [Status.ERROR, Status.FAIL, Status.PENDING, Status.WARN, Status.PASS]


@pytest.mark.parametrize(("one", "other"), [*itertools.product(WORST, WORST)])
def test_the_verdict_is_the_worst_of_all(one: Status, other: Status) -> None:
    assert verdict([result(one), result(other)]).status is min(one, other, key=WORST.index)


@pytest.mark.parametrize(
    ("statuses", "status"),
    [
        ([], Status.ERROR),
        ([Status.SKIPPED], Status.ERROR),
        ([Status.SKIPPED, Status.SKIPPED], Status.ERROR),
        ([Status.SKIPPED, Status.PASS], Status.PASS),
        ([Status.WAIVED], Status.PASS),
        ([Status.INFO], Status.PASS),
        ([Status.INFO, Status.WARN], Status.WARN),
        ([Status.SKIPPED, Status.FAIL], Status.FAIL),
    ],
)
def test_a_pass_takes_a_gate_that_was_checked(statuses: list[Status], status: Status) -> None:
    assert verdict([result(each) for each in statuses]).status is status


def test_gates_that_pass_without_a_check_are_no_pass() -> None:
    assert verdict([result(Status.PASS, checks=())]).status is Status.ERROR
    assert verdict([result(Status.WARN, checks=())]).status is Status.ERROR
    assert verdict([result(Status.FAIL, checks=())]).status is Status.FAIL
    assert verdict([result(Status.FAIL, checks=())]).nothing_checked is False
    assert judge_text(one_gate(f"if_no_runs: pass\n{EXPECT}")).nothing_checked


@pytest.mark.parametrize(("strict", "code"), [(False, 0), (True, 1)])
def test_strict_makes_a_warning_stop_the_merge(strict: bool, code: int) -> None:  # noqa: FBT001
    found = verdict([result(Status.WARN)], strict=strict)

    assert (found.exit_code, found.strict) == (code, strict)
    assert found.gates[0].status is Status.WARN


def test_strict_changes_nothing_else() -> None:
    for status in (Status.PASS, Status.PENDING, Status.ERROR, Status.FAIL):
        assert verdict([result(status)], strict=True) == verdict([result(status)])


def parts(message: Message) -> list[Message]:
    """Return the parts of a verdict's sentence."""
    if message.id == "list.then":
        first, rest = message.params["first"], message.params["rest"]
        assert isinstance(first, Message)
        assert isinstance(rest, Message)
        return [first, *parts(rest)]
    return [message]


@pytest.mark.parametrize(
    ("statuses", "counts"),
    [
        ("P", [("gates.pass", 1, "")]),
        ("PP", [("gates.pass", 2, "")]),
        ("F", [("gates.fail", 1, "A")]),
        ("FPF", [("gates.fail", 2, "AC")]),
        ("NEFW", [("gates.error", 1, "B"), ("gates.fail", 1, "C"), ("gates.pending", 1, "A"), ("gates.warn", 1, "D")]),
        ("WWP", [("gates.warn", 2, "AB")]),
        ("FFFFF", [("gates.fail", 5, "ABCDE")]),
        ("PVSV", [("gates.waived", 2, "BD"), ("gates.skipped", 1, "C"), ("gates.pass", 1, "")]),
        ("PI", [("gates.info", 1, "B"), ("gates.pass", 1, "")]),
        ("VI", [("gates.info", 1, "B"), ("gates.waived", 1, "A")]),
        ("FVP", [("gates.fail", 1, "A"), ("gates.waived", 1, "B")]),
    ],
)
def test_the_first_line_counts_and_the_summary_names(statuses: str, counts: list[tuple[str, int, str]]) -> None:
    found = verdict([result(LETTERS[letter], "ABCDEFG"[at]) for at, letter in enumerate(statuses)])

    named, counted = parts(verdict_summary(found)), headline(found).params["parts"]

    assert [as_count(each, names="".join(map(str, each.params["names"] or ()))) for each in named] == counts  # type: ignore[arg-type]
    assert isinstance(counted, tuple)
    assert [as_count(each) for each in counted] == [(state, number, "") for state, number, _ in counts]
    assert (named[0].id, named[0].params["total"]) == ("verdict.count-some", len(statuses))


def as_count(part: object, names: str = "") -> tuple[str, object, str]:
    assert isinstance(part, Message)
    state = part.params["state"]
    assert isinstance(state, Message)
    return state.id, part.params["count"], names


def test_up_to_five_gates_are_named() -> None:
    summary = verdict_summary(verdict([result(Status.FAIL, letter) for letter in "ABCDEFG"]))

    assert summary.params["names"] == (
        *(Message("gate.title", gate=Name(name), group=None) for name in "ABCDE"),
        Message("list.more", count=2),
    )


@pytest.mark.parametrize("statuses", ["S", ""])
def test_a_verdict_about_nothing_says_so(statuses: str) -> None:
    found = verdict([result(LETTERS[letter]) for letter in statuses])

    assert found.nothing_checked
    assert headline(found) == verdict_summary(found) == Message("verdict.nothing-checked")


def test_a_group_is_named_with_its_gate() -> None:
    assert verdict_summary(verdict([result(Status.FAIL, group_field="config.set", group="cifar")])).params["names"] == (
        Message(
            "gate.title", gate=Name("A"), group=Message("gate.group", field=Name("config.set"), group=Name("cifar"))
        ),
    )


def test_the_advice_is_that_of_the_worst_gate_that_has_any() -> None:
    (bad,) = judge_text(one_gate(EXPECT), *runs_of([BAD])).gates
    (noisy,) = judge_text(one_gate(f"level: warn\n{EXPECT}"), *runs_of([GONE])).gates

    assert verdict_advice(verdict([noisy, bad])) == gate_advice(bad)
    assert verdict_advice(verdict([noisy, result(Status.FAIL)])) == gate_advice(noisy)
    assert verdict_advice(verdict([result(Status.PASS), replace(bad, status=Status.INFO)])) is None


def test_a_verdict_without_a_check_says_what_to_do() -> None:
    found = judge_text(one_gate("if_no_runs: skip\nexpect: {state: FINISHED}"))

    assert found.status is Status.ERROR
    assert verdict_advice(found) == Message("advice.start-run", place=Name("gates.yml:3"))


def test_a_verdict_with_nothing_to_do_advises_nothing() -> None:
    assert verdict_advice(judge_text(one_gate("if_no_runs: pass\nexpect: {state: FINISHED}"))) is None


# Shadow mode


@pytest.mark.parametrize("cap", [Level.WARN, Level.INFO])
@pytest.mark.parametrize("status", [Status.FAIL, Status.ERROR, Status.PENDING])
def test_under_a_level_cap_nothing_blocks_and_the_verdict_keeps_what_would_have(status: Status, cap: Level) -> None:
    found = verdict([result(status), result(Status.PASS)], level_cap=cap)

    assert (found.status, found.passed, found.shadow) == (Status.WARN, True, status)
    assert headline(found).id == verdict_summary(found).id == "verdict.shadow"
    assert headline(found).params["status"] is status


def test_in_shadow_mode_the_gates_are_counted_as_without_it() -> None:
    gates = [replace(result(Status.FAIL), id="a"), replace(result(Status.WARN), id="b")]

    counts = headline(verdict(gates, level_cap=Level.WARN)).params["counts"]

    assert counts == headline(verdict(gates))


@pytest.mark.parametrize("cap", [Level.WARN, Level.INFO])
@pytest.mark.parametrize("status", [Status.PASS, Status.WARN, Status.INFO, Status.WAIVED])
def test_a_level_cap_that_changes_nothing_casts_no_shadow(status: Status, cap: Level) -> None:
    assert verdict([result(status)], level_cap=cap).shadow is None
    assert verdict([result(Status.FAIL)]).shadow is None


@pytest.mark.parametrize(
    ("status", "cap", "capped", "uncapped"),
    [
        (Status.FAIL, Level.WARN, Status.WARN, Status.FAIL),
        (Status.FAIL, Level.INFO, Status.INFO, Status.FAIL),
        (Status.WARN, Level.WARN, Status.WARN, None),
        (Status.WARN, Level.INFO, Status.INFO, Status.WARN),
        (Status.INFO, Level.WARN, Status.INFO, None),
        (Status.ERROR, Level.INFO, Status.ERROR, None),
        (Status.PENDING, Level.INFO, Status.PENDING, None),
        (Status.WAIVED, Level.INFO, Status.WAIVED, None),
        (Status.PASS, Level.INFO, Status.PASS, None),
    ],
)
def test_a_level_cap_lowers_a_miss_and_nothing_else(
    status: Status, cap: Level, capped: Status, uncapped: Status | None
) -> None:
    (gate,) = verdict([result(status)], level_cap=cap).gates

    assert (gate.level, gate.status, gate.uncapped) == (cap, capped, uncapped)


def test_warnings_capped_at_info_pass() -> None:
    found = verdict([result(Status.WARN)], level_cap=Level.INFO)

    assert (found.status, found.gates[0].status, found.shadow) == (Status.PASS, Status.INFO, None)


def test_a_level_cap_outdoes_strict() -> None:
    found = verdict([result(Status.WARN)], strict=True, level_cap=Level.WARN)

    assert (found.status, found.passed) == (Status.WARN, True)
    assert (found.shadow, found.strict) == (Status.FAIL, True)


def test_where_nothing_was_checked_a_level_cap_says_so() -> None:
    found = verdict([result(Status.SKIPPED)], level_cap=Level.WARN)

    assert (found.status, found.shadow, found.nothing_checked) == (Status.WARN, Status.ERROR, True)


def test_a_level_cap_keeps_a_warning_a_warning() -> None:
    text = one_gate("level: warn\nexpect: {config.x: 1}")

    assert judge_text(text, *runs_of([BAD]), level_cap=Level.WARN).status is Status.WARN


def test_a_level_cap_lifts_no_level() -> None:
    (gate,) = verdict([result(Status.ERROR, level=Level.INFO)], level_cap=Level.WARN).gates

    assert gate.level is Level.INFO


# Waivers


def waived(body: str, waiver: str, *runs: Run) -> GateResult:
    text = one_gate(body) + f"waivers:\n  - {{gate: one, reason: agreed by all of us, {waiver}}}\n"
    return judge_text(text, *runs).gates[0]


@pytest.mark.parametrize(("until", "status"), [("2026-11-20", Status.WAIVED), ("2026-11-19", Status.FAIL)])
def test_a_waiver_lives_until_the_end_of_its_last_day(until: str, status: Status) -> None:
    assert waived(EXPECT, f"until: {until}", *runs_of([BAD])).status is status
    assert waived(EXPECT, f"until: {until}, runs: {{name: seed-1}}", *runs_of([BAD])).status is status


def test_a_waived_gate_keeps_what_would_be_without() -> None:
    found = waived(EXPECT, "until: 2027-01-31", *runs_of([BAD]))

    assert found.waiver == WaiverResult(date(2027, 1, 31), "agreed by all of us", expired=False, status=Status.FAIL)
    assert gate_summary(found).params["summary"] == gate_summary(replace(found, waiver=None, status=Status.FAIL))
    assert found.checks[0].outcome is Outcome.VIOLATED


def test_a_waived_gate_counts_as_checked() -> None:
    text = one_gate(EXPECT) + "waivers:\n  - {gate: one, reason: agreed by all of us, until: 2027-01-31}\n"

    assert judge_text(text).status is Status.PASS
    assert judge_text(text).nothing_checked is False


def test_a_waived_gate_says_until_when_there_is_time() -> None:
    advice = gate_advice(waived(EXPECT, "until: 2027-01-31"))

    assert advice
    assert (advice.id, advice.params["until"]) == ("advice.before-waiver-ends", date(2027, 1, 31))
    assert [each.id for each in advice.within()][1:] == ["advice.start-run"]


def test_an_expired_waiver_says_when_it_expired() -> None:
    found = waived(EXPECT, "until: 2026-11-19", *runs_of([BAD]))

    assert found.status is Status.FAIL
    assert found.waiver == WaiverResult(date(2026, 11, 19), "agreed by all of us", expired=True, status=Status.FAIL)
    advice = gate_advice(found)
    assert advice
    assert [each.id for each in advice.within()] == ["advice.waiver-expired", "advice.fix-run"]


def test_a_waiver_of_a_gate_that_passes_or_is_skipped_changes_nothing() -> None:
    assert waived(EXPECT, "until: 2027-01-31", *runs_of([GOOD])).status is Status.PASS
    assert waived(f"if_no_runs: skip\n{EXPECT}", "until: 2027-01-31").status is Status.SKIPPED


@pytest.mark.parametrize("some", ["", "runs: {name: seed-1}, "])
def test_a_waiver_lets_miss_and_never_lets_not_knowing_by(some: str) -> None:
    until = f"{some}until: 2027-01-31"

    assert waived(EXPECT, until, *runs_of([WRONG])).status is Status.ERROR
    assert waived("expect: {state: FINISHED}", until, make_run(state="RUNNING")).status is Status.PENDING


@pytest.mark.parametrize("level", list(Level))
def test_a_waiver_covers_a_miss_of_every_level(level: Level) -> None:
    assert waived(f"level: {level}\n{EXPECT}", "until: 2027-01-31", *runs_of([BAD])).status is Status.WAIVED


def test_a_waiver_covers_no_runs_too() -> None:
    assert waived(EXPECT, "until: 2027-01-31").status is Status.WAIVED


def test_a_waiver_for_some_runs_needs_the_others_to_pass() -> None:
    some = "runs: {name: seed-2}, until: 2027-01-31"

    assert waived(EXPECT, some, *runs_of([GOOD, BAD])).status is Status.WAIVED
    assert waived(EXPECT, some, *runs_of([BAD, GOOD])).status is Status.FAIL
    assert waived(EXPECT, some, *runs_of([BAD, BAD])).status is Status.FAIL
    assert [check.run and check.run.name for check in waived(EXPECT, some, *runs_of([BAD, BAD])).deciding] == ["seed-1"]
    assert waived(EXPECT, "runs: {name: other}, until: 2027-01-31", *runs_of([BAD])).status is Status.FAIL
    assert waived(EXPECT, "runs: {name: seed-1}, until: 2027-01-31", *runs_of([BAD])).status is Status.WAIVED


def test_a_waiver_for_some_runs_cannot_cover_a_selection_in_doubt() -> None:
    run = make_run(1, git=None)

    found = waived(f"runs: {{git.branch: main}}\n{EXPECT}", "runs: {name: seed-1}, until: 2027-01-31", run)

    assert found.status is Status.ERROR


def test_a_waiver_for_some_runs_leaves_all_in_sight() -> None:
    found = waived("expect: {config.x: 1}", "until: 2027-01-31, runs: {age: {max: 90m}}", *runs_of([BAD, BAD]))

    assert [check.run and check.run.name for check in found.deciding] == ["seed-2"]
    assert [each.name for each in found.runs_selected] == ["seed-1", "seed-2"]
    assert [check.run and check.run.name for check in found.checks] == ["seed-1", "seed-2"]
    assert [bool(check.waiver) for check in found.checks] == [True, False]
    assert found.waiver is None


def test_a_gate_whose_failing_runs_are_all_waived_has_their_waiver() -> None:
    some = "runs: {name: seed-1}, until: 2027-01-31"

    found = waived(EXPECT, some, *runs_of([BAD, GOOD]))

    assert (found.status, waived(EXPECT, some, *runs_of([GOOD, GOOD])).waiver) == (Status.WAIVED, None)
    assert found.waiver == WaiverResult(date(2027, 1, 31), "agreed by all of us", expired=False, status=Status.FAIL)


@pytest.mark.parametrize(
    ("how_many", "configs", "status"),
    [
        ("all", [BAD, GOOD], Status.WAIVED),
        ("none", [GOOD, BAD], Status.WAIVED),
        ("none", [GOOD, GOOD], Status.FAIL),
        ("{at_least: 2}", [BAD, GOOD], Status.FAIL),
        ("{at_most: 0}", [GOOD, BAD], Status.FAIL),
    ],
)
def test_a_waiver_for_some_runs_changes_no_count(how_many: str, configs: list[dict[str, Any]], status: Status) -> None:
    some = "runs: {name: seed-1}, until: 2027-01-31"

    assert waived(f"how_many: {how_many}\n{EXPECT}", some, *runs_of(configs)).status is status


@pytest.mark.parametrize(
    ("names", "status", "deciding"),
    [("[seed-1, seed-2]", Status.WAIVED, [1, 2]), ("seed-1", Status.FAIL, [2]), ("seed-3", Status.FAIL, [1, 2])],
)
def test_runs_without_a_group_can_be_waived(names: str, status: Status, deciding: list[int]) -> None:
    body = f"for_each: config.set\n{EXPECT}"

    found = waived(body, f"runs: {{name: {names}}}, until: 2027-01-31", *runs_of([GOOD, GOOD]))

    assert (found.status, bool(found.waiver)) == (status, status is Status.WAIVED)
    assert [check.run and check.run.id for check in found.deciding] == [f"run-{number}" for number in deciding]


@pytest.mark.parametrize("some", ["", ", runs: {name: seed-1}"])
@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_a_waiver_ends_with_the_day_in_utc(monkeypatch: pytest.MonkeyPatch, zone: str, some: str) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    text = (
        one_gate("expect: {config.x: 1}")
        + f"waivers:\n  - {{gate: one, reason: agreed by all of us, until: 2026-11-20{some}}}\n"
    )
    late = datetime(2026, 11, 20, 23, 59, tzinfo=UTC)

    found = [
        gate.judge(bound(text), [make_run(config={"x": 0})], now=now).gates[0]
        for now in (late, late + timedelta(minutes=1))
    ]

    monkeypatch.undo()
    time.tzset()
    assert [each.status for each in found] == [Status.WAIVED, Status.FAIL]


def test_a_second_waiver_counts_where_the_first_does_not() -> None:
    until = "until: 2027-01-31, reason: agreed by all of us"
    text = one_gate("expect: {config.x: 1}") + (
        f"waivers:\n  - {{gate: one, {until}, runs: {{name: other}}}}\n  - {{gate: one, {until}}}\n"
    )

    assert judge_text(text, make_run(config={"x": 0})).gates[0].status is Status.WAIVED


# for_each


def test_for_each_gives_one_result_for_each_value() -> None:
    runs = [
        make_run(1, config={"x": 1, "set": "b"}),
        make_run(2, config={"x": 0, "set": "a"}),
        make_run(3, config={"x": 1, "set": "a"}),
    ]

    first, second = judge_text(one_gate(f"for_each: config.set\n{EXPECT}"), *runs).gates

    assert (first.group, first.status, len(first.runs_selected)) == ("a", Status.FAIL, 2)
    assert (second.group, second.status, len(second.runs_selected)) == ("b", Status.PASS, 1)
    assert first.funnel[-1] == FunnelStep("config.set a", 2, "group")


CUT = f'"{79 * "A"}…"'


@pytest.mark.parametrize(
    ("values", "groups"),
    [
        (["A" * 90 + "good", "A" * 90 + "bad"], [CUT, f"{CUT} #2"]),
        ([0.12345671, 0.12345679], ["0.12345671", "0.12345679"]),
        ([10**20, 10**20 + 1], ["1" + "0" * 20, "1" + "0" * 19 + "1"]),
        ([1, True, "1", "true"], ["1", "true", '"1"', '"true"']),
    ],
)
def test_values_that_are_cut_alike_are_groups_of_their_own(values: list[Any], groups: list[str]) -> None:
    runs = [make_run(n, config={"x": n == 1, "set": value}) for n, value in enumerate(values, 1)]

    results = judge_text(one_gate("for_each: config.set\nexpect: {config.x: true}"), *runs).gates

    assert sorted(result.group for result in results) == sorted(groups)
    assert [result.status for result in results].count(Status.PASS) == 1


@pytest.mark.parametrize(
    ("config", "status"), [({}, Status.WARN), ({"set": [1]}, Status.ERROR), ({"set": {"a": 1}}, Status.ERROR)]
)
def test_a_run_of_no_group_is_told_and_not_left_out(config: dict[str, Any], status: Status) -> None:
    runs = [make_run(1, config={"x": 1, "set": "a"}), make_run(2, config={"x": 1, **config})]

    group, without = judge_text(one_gate(f"level: warn\nfor_each: config.set\n{EXPECT}"), *runs).gates

    assert group.status is Status.PASS
    assert without.status is status
    assert [run.name for run in without.runs_selected] == ["seed-2"]
    (check,) = without.checks
    assert check.reason
    assert (check.kind, check.reason.truth) == (CheckKind.GROUP, Truth.WRONG_TYPE if config else Truth.MISSING)
    assert check.reason.actual == config.get("set")
    assert check.reason.nearest == ""


def test_groups_come_in_the_order_of_their_names() -> None:
    runs = [make_run(n, config={"set": value}) for n, value in enumerate((True, 1, "b", "a"), 1)]

    found = judge_text(one_gate("for_each: config.set\nexpect: {state: FINISHED}"), *runs).gates

    assert [each.group for each in found] == ["1", "a", "b", "true"]
    assert {each.group_field for each in found} == {"config.set"}


def test_a_run_of_no_group_is_named_with_the_field_that_it_lacks() -> None:
    (found,) = judge_text(
        one_gate("for_each: config.set\nexpect: {state: FINISHED}"), make_run(config={"sett": 1})
    ).gates

    (check,) = found.checks
    assert found.deciding == (check,)
    assert (found.decided_by, found.group_field, found.group) == (Deciding.NO_GROUP, "config.set", "")
    assert check.run
    assert (check.run.name, check.field, check.outcome, check.file, check.line) == (
        *("seed-1", "config.set", Outcome.MISSING, "gates.yml"),
        3,
    )
    assert check.reason
    assert (check.reason.subject, check.reason.nearest) == ("config.set", "config.sett")
    place = Name("gates.yml:3")
    assert gate_advice(found) == Message(
        "advice.use-nearest", nearest=Name("config.sett"), place=place, field=Name("config.set"), run=None
    )


def test_a_field_that_is_ambiguous_groups_no_run() -> None:
    run = make_run(config={"a": {"b": 1}, "a.b": 1})

    (found,) = judge_text(one_gate("for_each: config.a.b\nexpect: {state: FINISHED}"), run).gates

    (check,) = found.checks
    assert check.reason
    assert (found.status, check.reason.truth) == (Status.ERROR, Truth.AMBIGUOUS)
    assert check.reason.spellings == ('config["a"]["b"]', 'config["a.b"]')


def test_one_run_that_cannot_be_grouped_makes_all_of_them_an_error() -> None:
    runs = [make_run(1), make_run(2, config={"set": [1]})]

    (found,) = judge_text(one_gate("level: warn\nfor_each: config.set\nexpect: {state: FINISHED}"), *runs).gates

    assert found.status is Status.ERROR


def test_a_selection_in_doubt_names_each_run() -> None:
    body = "runs: {git.branch: main}\nexpect: {state: FINISHED}"

    found = judge_gate_body(body, make_run(1, git=None), make_run(2, git=None))

    assert (found.status, found.decided_by, found.deciding) == (
        *(Status.ERROR, Deciding.AMBIGUOUS_SELECTION),
        found.checks,
    )
    assert [(check.kind, check.run and check.run.name, check.field, check.outcome) for check in found.checks] == [
        (CheckKind.SELECTION, name, "git.branch", Outcome.ERROR) for name in ("seed-1", "seed-2")
    ]
    assert {check.expected and check.expected.operator for check in found.checks} == {"bare"}


# All runs together


def test_what_is_pending_is_no_pass_beside_what_holds() -> None:
    going = make_run(1, state="RUNNING", config={"x": 1}, metrics={"acc": {"last": 1}})

    assert judge_gate_body("expect: {config.x: 1, mean(metrics.acc): {min: 1}}", going).status is Status.PENDING


@pytest.mark.parametrize(
    ("first", "second", "status"),
    [
        ("RUNNING", "FINISHED", Status.PENDING),
        ("FINISHED", "RUNNING", Status.PENDING),
        ("FINISHED", "FINISHED", Status.PASS),
    ],
)
def test_one_run_that_is_not_over_leaves_an_aggregate_open(first: str, second: str, status: Status) -> None:
    runs = [make_run(n, state=state, metrics={"acc": {"last": 1}}) for n, state in enumerate((first, second), 1)]

    assert judge_gate_body("expect: {mean(metrics.acc): {min: 1}}", *runs).status is status


def test_a_spread_of_one_run_is_missing() -> None:
    over, going = (make_run(state=state, metrics={"acc": {"last": 1}}) for state in ("FINISHED", "RUNNING"))

    assert judge_gate_body("expect: {stdev(metrics.acc): {max: 1}}", over).status is Status.FAIL
    assert judge_gate_body("expect: {stdev(metrics.acc): {max: 1}}", going).status is Status.PENDING


def test_an_aggregate_keeps_the_spellings_of_an_ambiguous_key_and_the_nearest_of_a_missing_one() -> None:
    two = make_run(1, metrics={"acc": {"last": 1, "max": 2}, "acc.max": {"last": 3}})
    (ambiguous,) = judge_gate_body("expect: {mean(metrics.acc.max): {min: 1}}", two).checks
    (missing,) = judge_gate_body("expect: {mean(config.x): {min: 1}}", make_run(config={"xx": 1})).checks

    assert ambiguous.reason
    assert ambiguous.reason.spellings == ('metrics["acc.max"]', 'metrics["acc"].max')
    assert missing.reason
    assert (missing.reason.nearest, missing.reason.culprit_field) == ("config.xx", "config.x")


def test_a_metric_without_a_last_value_is_not_its_own_nearest() -> None:
    (check,) = judge_gate_body("expect: {metrics.acc: {min: 1}}", make_run(1, metrics={"acc": {}})).checks

    assert check.reason
    assert (check.reason.truth, check.reason.nearest) == (Truth.MISSING, "")


def test_a_waiver_of_one_run_without_a_group_leaves_the_others_uncovered() -> None:
    text = (
        one_gate("for_each: config.dataset\nexpect: {state: FINISHED}")
        + "waivers:\n  - {gate: one, reason: agreed by all of us, until: 2027-01-31, runs: {labels: notebook}}\n"
    )
    labelled = make_run(2, labels=("notebook",))

    found = judge_text(text, make_run(1, config={"dataset": "cifar"}), labelled, make_run(3)).gates
    covered = judge_text(text, make_run(1, config={"dataset": "cifar"}), labelled).gates

    assert [(each.group, each.status) for each in found] == [("cifar", Status.PASS), ("", Status.FAIL)]
    assert [check.run and check.run.id for check in found[1].deciding] == ["run-3"]
    assert [(each.group, each.status) for each in covered] == [("cifar", Status.PASS), ("", Status.WAIVED)]


def test_a_wrong_type_beside_a_missing_bound_is_no_miss_to_waive() -> None:
    body = "expect: {config.x: {min: {field: config.y}}}"

    found = waived(body, "runs: {name: seed-1}, until: 2027-01-31", *runs_of([{"x": "high"}]))

    assert found.status is Status.ERROR
