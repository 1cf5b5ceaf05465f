"""From checks to a gate's status, from statuses to the verdict; levels, how many, no runs, waivers, caps."""

import itertools
from typing import Any

import pytest
from gate_factories import judge_gate_body, judge_text, make_run, one_gate

from swanlab_ci.gate.evaluate.verdict import verdict
from swanlab_ci.judgement import GateResult
from swanlab_ci.model import STATUSES_WORST_FIRST, Level, Outcome, Run, Status

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
    assert miss.summary == "config.x is 1 in seed-1, must not (be at least 1)"


@pytest.mark.parametrize(
    ("how_many", "summary"),
    [
        ("all", "config.x is 0 in seed-2, must be at least 1 (and 1 more)"),
        (
            "{at_least: 2}",
            "1 of 3 runs is as expected, at least 2 must: config.x is 0 in seed-2, must be at least 1 (and 1 more)",
        ),
        ("{at_most: 0}", "1 of 3 runs is as expected, at most 0 may"),
        ("any", "1 of 3 runs is as expected, any must"),
    ],
)
def test_a_summary_tells_how_many_were_as_expected(how_many: str, summary: str) -> None:
    assert judge_gate_body(f"how_many: {how_many}\n{EXPECT}", *runs_of([GOOD, BAD, BAD])).summary == summary


def test_an_error_comes_before_a_miss_in_the_summary() -> None:
    assert "the text high" in judge_gate_body(EXPECT, *runs_of([BAD, WRONG])).summary


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

    assert result.status is status
    assert result.summary == "no runs are selected: 0 runs"
    assert bool(result.advice) == (status is not Status.PASS)


def result(status: Status, name: str = "A", **fields: Any) -> GateResult:
    checks = () if status is Status.SKIPPED else judge_gate_body(EXPECT, *runs_of([GOOD])).checks
    known = {"id": name, "name": name, "level": Level.FAIL, "status": status, "summary": "s", "checks": checks}
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
    assert judge_text(one_gate(f"if_no_runs: pass\n{EXPECT}")).summary == "Nothing was checked: no gate found a run."


@pytest.mark.parametrize(("strict", "code"), [(False, 0), (True, 1)])
def test_strict_makes_a_warning_stop_the_merge(strict: bool, code: int) -> None:  # noqa: FBT001
    found = verdict([result(Status.WARN)], strict=strict)

    assert found.exit_code == code
    assert ("strict" in found.summary) == strict


def test_strict_changes_nothing_else() -> None:
    for status in (Status.PASS, Status.PENDING, Status.ERROR, Status.FAIL):
        assert verdict([result(status)], strict=True) == verdict([result(status)])


@pytest.mark.parametrize(
    ("statuses", "summary", "headline"),
    [
        ("P", "The only gate passes", "The only gate passes"),
        ("PP", "All 2 gates pass", "All 2 gates pass"),
        ("F", "The only gate fails: A", "The only gate fails"),
        ("FPF", "2 of 3 gates fail: A, C", "2 of 3 gates fail"),
        (
            "NEFW",
            "1 of 4 gates cannot be judged: B; 1 fails: C; 1 is pending: A; 1 warns: D",
            "1 of 4 gates cannot be judged, 1 fails, 1 is pending, 1 warns",
        ),
        ("NN", "All 2 gates are pending: A, B", "All 2 gates are pending"),
        ("WWP", "2 of 3 gates warn: A, B", "2 of 3 gates warn"),
        ("FFFFFFF", "All 7 gates fail: A, B, C, D, E and 2 more", "All 7 gates fail"),
        ("FFFFF", "All 5 gates fail: A, B, C, D, E", "All 5 gates fail"),
        (
            "PVSV",
            "No gate fails: 2 of 4 gates are waived: B, D; 1 is skipped: C; 1 passes",
            "No gate fails: 2 of 4 gates are waived, 1 is skipped, 1 passes",
        ),
        (
            "PI",
            "No gate fails: 1 of 2 gates misses at level info: B; 1 passes",
            "No gate fails: 1 of 2 gates misses at level info, 1 passes",
        ),
        ("V", "No gate fails: the only gate is waived: A", "No gate fails: the only gate is waived"),
        ("VI", "No gate fails: 1 of 2 gates misses at level info: B; 1 is waived: A", None),
        ("FVP", "1 of 3 gates fails: A; 1 is waived: B", "1 of 3 gates fails, 1 is waived"),
        ("S", "Nothing was checked: no gate found a run.", "Nothing was checked: no gate found a run"),
        ("", "Nothing was checked: no gate found a run.", "Nothing was checked: no gate found a run"),
    ],
)
def test_the_first_line_counts_and_names(statuses: str, summary: str, headline: str | None) -> None:
    found = verdict([result(LETTERS[letter], "ABCDEFG"[at]) for at, letter in enumerate(statuses)])

    assert found.summary == summary
    assert headline in {None, found.headline}


def test_a_group_is_named_with_its_gate() -> None:
    assert verdict([result(Status.FAIL, group="cifar")]).summary == "The only gate fails: A [cifar]"


def test_the_advice_is_that_of_the_worst_gate() -> None:
    results = [
        result(Status.WAIVED, advice="waived"),
        result(Status.WARN, advice="warn"),
        result(Status.FAIL),
        result(Status.FAIL, advice="fail"),
    ]

    assert verdict(results).advice == "fail"
    assert verdict([result(Status.PASS, advice="nothing")]).advice == ""


# Shadow mode


@pytest.mark.parametrize("cap", [Level.WARN, Level.INFO])
@pytest.mark.parametrize(
    ("status", "counted"),
    [
        (Status.FAIL, "1 of 2 gates fails"),
        (Status.ERROR, "1 of 2 gates cannot be judged"),
        (Status.PENDING, "1 of 2 gates is pending"),
    ],
)
def test_under_a_level_cap_nothing_blocks_and_the_verdict_says_what_would_have(
    status: Status, counted: str, cap: Level
) -> None:
    found = verdict([result(status), result(Status.PASS)], level_cap=cap)

    assert (found.status, found.passed) == (Status.WARN, True)
    assert found.headline == f"Shadow mode, would have ended in {status}: {counted}"
    assert found.summary == f"{found.headline}: A"


@pytest.mark.parametrize(
    ("status", "cap", "capped", "summary"),
    [
        (Status.FAIL, Level.WARN, Status.WARN, "would have failed: s"),
        (Status.FAIL, Level.INFO, Status.INFO, "would have failed: s"),
        (Status.WARN, Level.WARN, Status.WARN, "s"),
        (Status.WARN, Level.INFO, Status.INFO, "would have warned: s"),
        (Status.INFO, Level.WARN, Status.INFO, "s"),
        (Status.ERROR, Level.INFO, Status.ERROR, "s"),
        (Status.PENDING, Level.INFO, Status.PENDING, "s"),
        (Status.WAIVED, Level.INFO, Status.WAIVED, "s"),
        (Status.PASS, Level.INFO, Status.PASS, "s"),
    ],
)
def test_a_level_cap_lowers_a_miss_and_nothing_else(status: Status, cap: Level, capped: Status, summary: str) -> None:
    (gate,) = verdict([result(status)], level_cap=cap).gates

    assert (gate.level, gate.status, gate.summary) == (cap, capped, summary)


def test_warnings_capped_at_info_are_told_as_such() -> None:
    found = verdict([result(Status.WARN)], level_cap=Level.INFO)

    assert (found.status, found.summary) == (Status.PASS, "No gate fails: the only gate misses at level info: A")


def test_a_level_cap_outdoes_strict() -> None:
    found = verdict([result(Status.WARN)], strict=True, level_cap=Level.WARN)

    assert (found.status, found.passed) == (Status.WARN, True)
    assert found.headline == "Shadow mode, would have ended in fail: The only gate warns, and strict makes that a fail"


def test_where_nothing_was_checked_a_level_cap_says_so() -> None:
    found = verdict([result(Status.SKIPPED)], level_cap=Level.WARN)

    assert found.headline == "Shadow mode, would have ended in error: Nothing was checked: no gate found a run"


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


def test_a_waived_gate_keeps_what_would_be_without() -> None:
    found = waived(EXPECT, "until: 2027-01-31", *runs_of([BAD]))

    assert found.summary == (
        "waived until 2027-01-31: agreed by all of us; without the waiver: "
        "fail, config.x is 0 in seed-1, must be at least 1"
    )
    assert found.checks[0].outcome is Outcome.VIOLATED


def test_a_waived_gate_counts_as_checked() -> None:
    text = one_gate(EXPECT) + "waivers:\n  - {gate: one, reason: agreed by all of us, until: 2027-01-31}\n"

    assert judge_text(text).status is Status.PASS
    assert judge_text(text).summary == "No gate fails: the only gate is waived: One"


def test_a_waived_gate_says_until_when_there_is_time() -> None:
    assert waived(EXPECT, "until: 2027-01-31").advice.startswith("Before 2027-01-31 ends: Start such a run")


def test_an_expired_waiver_says_when_it_expired() -> None:
    found = waived(EXPECT, "until: 2026-11-19", *runs_of([BAD]))

    assert found.summary.endswith("(its waiver expired on 2026-11-19)")
    assert "Its waiver expired on 2026-11-19: agreed by all of us" in found.advice


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
    assert waived(EXPECT, some, *runs_of([BAD, BAD])).summary == "config.x is 0 in seed-1, must be at least 1"
    assert waived(EXPECT, "runs: {name: other}, until: 2027-01-31", *runs_of([BAD])).status is Status.FAIL
    assert waived(EXPECT, "runs: {name: seed-1}, until: 2027-01-31", *runs_of([BAD])).status is Status.WAIVED


def test_a_waiver_for_some_runs_cannot_cover_a_selection_in_doubt() -> None:
    run = make_run(1, git=None)

    found = waived(f"runs: {{git.branch: main}}\n{EXPECT}", "runs: {name: seed-1}, until: 2027-01-31", run)

    assert found.status is Status.ERROR


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
    assert (first.funnel[-1].condition, first.funnel[-1].runs) == ("config.set a", 2)


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


@pytest.mark.parametrize(("config", "status"), [({}, Status.WARN), ({"set": [1]}, Status.ERROR)])
def test_a_run_of_no_group_is_told_and_not_left_out(config: dict[str, Any], status: Status) -> None:
    runs = [make_run(1, config={"x": 1, "set": "a"}), make_run(2, config={"x": 1, **config})]

    group, without = judge_text(one_gate(f"level: warn\nfor_each: config.set\n{EXPECT}"), *runs).gates

    assert group.status is Status.PASS
    assert without.status is status
    assert [run.name for run in without.runs_selected] == ["seed-2"]
    assert without.summary.startswith("config.set is not one value" if config else "config.set is missing")
    assert without.checks[0].actual == ("not one value" if config else "missing")
