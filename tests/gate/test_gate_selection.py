"""Which runs a gate looks at: scope, funnel, newest, variables, and what must be fetched for it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from gate_factories import NOW, bound, judge_gate_body, judge_text, make_run, one_gate

from swanlab_ci import gate
from swanlab_ci.gate.evaluate.selection import Selector
from swanlab_ci.judgement import Deciding, Emptied, FunnelStep
from swanlab_ci.model import Git, Run, Status

EXPECT = "expect: {state: FINISHED}"


def names(body: str, *runs: Run) -> list[str]:
    return [run.name for run in judge_gate_body(f"{body}\n{EXPECT}", *runs).runs_selected]


def test_without_runs_a_gate_looks_at_the_whole_project() -> None:
    assert names("", make_run(1), make_run(2)) == ["seed-1", "seed-2"]


def test_every_clause_must_hold() -> None:
    runs = [make_run(1, labels=("a",)), make_run(2, labels=("a",), group="x"), make_run(3, group="x")]

    assert names("runs: {labels: a, group: x}", *runs) == ["seed-2"]


def test_clauses_on_several_fields_may_be_joined_by_or() -> None:
    runs = [make_run(1, labels=("a",)), make_run(2, group="x"), make_run(3)]

    assert names("runs: {any_of: [{labels: a}, {group: x}]}", *runs) == ["seed-1", "seed-2"]
    assert names("runs: {any_of: [{labels: a, group: x}]}", *runs) == []
    assert names("runs: {none_of: [{labels: a}, {name: seed-3}]}", *runs) == ["seed-2"]


def test_none_of_does_not_select_a_run_of_which_it_cannot_tell() -> None:
    runs = [make_run(1, group="x"), make_run(2)]

    assert names("runs: {none_of: [{group: y}]}", *runs) == ["seed-1"]
    assert names("runs: {group: {not: y}}", *runs) == ["seed-1"]


def test_the_top_runs_narrow_every_gate_but_those_on_the_project() -> None:
    text = f"runs: {{labels: pr}}\n{one_gate(EXPECT)}  - name: Two\n    scope: project\n    {EXPECT}\n"

    one, two = judge_text(text, make_run(1, labels=("pr",)), make_run(2)).gates

    assert [run.name for run in one.runs_selected] == ["seed-1"]
    assert [run.name for run in two.runs_selected] == ["seed-1", "seed-2"]


def test_newest_goes_by_creation_and_then_by_id() -> None:
    runs = [make_run(3), make_run(1), make_run(2), make_run(4, created_at=None)]
    twins = [replace(run, created_at=NOW) for run in runs]

    assert names("newest: 2", *runs) == ["seed-1", "seed-2"]
    assert names("newest: 9", *runs) == ["seed-1", "seed-2", "seed-3", "seed-4"]
    assert names("newest: 2", *twins) == ["seed-4", "seed-3"]


def test_the_funnel_shows_how_each_clause_narrows() -> None:
    runs = [make_run(n, labels=("smoke",) if n <= 4 else (), state="CRASHED") for n in range(1, 11)]

    result = judge_gate_body(f"runs: {{labels: smoke, state: FINISHED}}\nnewest: 3\n{EXPECT}", *runs)

    assert result.runs_considered == 10
    assert result.funnel == (
        FunnelStep("labels smoke", 4),
        FunnelStep("state FINISHED", 0),
        FunnelStep("3", 0, "newest"),
    )
    assert result.emptied == Emptied(
        condition="state FINISHED", field="state", before=4, seen=("CRASHED",), file="gates.yml", line=4
    )


def test_the_funnel_tells_what_was_there_instead() -> None:
    runs = [make_run(n, labels=(f"label-{n}",)) for n in range(1, 8)]

    result = judge_gate_body(f"runs: {{labels: smok}}\n{EXPECT}", *runs)
    missing = judge_gate_body(f"runs: {{group: a}}\n{EXPECT}", *runs)

    assert result.emptied
    assert missing.emptied
    assert result.emptied.seen == tuple((f"label-{n}",) for n in range(1, 7))  # six: five are shown, and "…"
    assert (missing.emptied.field, missing.emptied.seen) == ("group", ())


def test_what_the_list_does_not_tell_comes_last_in_the_funnel() -> None:
    result = judge_gate_body(f"runs: {{git.branch: main, labels: a}}\n{EXPECT}", make_run(labels=("a",)))

    assert [step.condition for step in result.funnel] == ["labels a", "git.branch main"]


@pytest.mark.parametrize("state", ["RUNNING", "OFFLINE", "SOMETHING_NEW"])
@pytest.mark.parametrize(
    "runs",
    ["{metrics.a: {min: 0}}", "{duration: {min: 1s}}", "{finished_at: {exists: false}}", "{none_of: [{metrics.a: 5}]}"],
)
def test_what_can_still_change_does_not_select(state: str, runs: str) -> None:
    fields: dict[str, Any] = {"metrics": {"a": {"last": 1}}, "finished_at": None}

    assert names(f"runs: {runs}", make_run(state=state, **fields)) == []


def test_what_was_not_fetched_of_a_running_run_leaves_it_open_whether_it_is_selected() -> None:
    result = judge_gate_body(
        "runs: {metrics.a: {min: 0}}\nexpect: {state: RUNNING}", make_run(state="RUNNING", metrics=None)
    )

    assert (result.status, result.decided_by) == (Status.ERROR, Deciding.AMBIGUOUS_SELECTION)


def test_the_state_selects_as_it_is() -> None:
    assert names("runs: {state: RUNNING}", make_run(state="RUNNING")) == ["seed-1"]
    assert names("runs: {state: {not: CRASHED}}", make_run(state="RUNNING")) == ["seed-1"]
    assert names("runs: {age: {min: 1h}}", make_run(state="RUNNING")) == ["seed-1"]


# Variables


@pytest.mark.parametrize(
    ("runs", "run"),
    [
        ("{git.commit: $pr_commits}", make_run(git=Git("b" * 40))),
        ("{git.commit: {in: $pr_commits}}", make_run(git=Git("a" * 40))),
        ("{git.commit: $head_sha}", make_run(git=Git("a" * 40))),
        ("{git.commit: [$merge_sha, 1234567]}", make_run(git=Git("1234567" + "0" * 33))),
        ("{git.commit: $base_sha}", make_run(git=Git("c" * 40))),
        ("{git.branch: $head_branch}", make_run()),
        ("{git.branch: {not: $base_branch}}", make_run()),
        ("{config.pr: $pr_number}", make_run(config={"pr": 214})),
        ("{config.pr: $pr_number}", make_run(config={"pr": "214"})),
        ("{config.pr: {min: $pr_number}}", make_run(config={"pr": 214})),
        ("{user.username: $actor}", make_run(user_username="mona")),
        ("{name: {contains: $actor}}", make_run(name="by-mona")),
        ("{id: $run_ids}", make_run(2)),
        ("{labels: {has: $actor}}", make_run(labels=("mona",))),
        ('{git.branch: "$head_branch"}', make_run()),
    ],
)
def test_a_variable_stands_for_its_values(runs: str, run: Run) -> None:
    assert names(f"runs: {runs}", run) == [run.name]


def test_a_message_shows_what_a_variable_stands_for() -> None:
    result = judge_gate_body("expect: {config.x: {min: $pr_number}}", make_run(config={"x": 1}))

    (expected,) = (check.expected for check in result.checks)
    assert expected
    assert (expected.operator, expected.values, expected.written) == ("min", (214,), "$pr_number (214)")


def test_a_dollar_elsewhere_is_a_text() -> None:
    assert names("runs: {name: costs-5$}", make_run(name="costs-5$")) == ["costs-5$"]
    assert names("runs: {name: {matches: 'seed-1$'}}", make_run()) == ["seed-1"]


def test_the_funnel_shows_what_a_variable_stands_for() -> None:
    result = judge_gate_body(f"runs: {{git.commit: $pr_commits, config.pr: $pr_number}}\n{EXPECT}", make_run())

    assert [step.condition for step in result.funnel] == [
        "config.pr $pr_number (214)",
        "git.commit $pr_commits (aaaaaaa, bbbbbbb)",
    ]


def test_a_variable_that_is_not_used_may_lack_a_value() -> None:
    gate_file = gate.load(one_gate(EXPECT), name="gates.yml")

    assert gate.bind(gate_file, {}, event="push").bound


def test_a_file_with_variables_is_never_judged_unbound() -> None:
    gate_file = gate.load(one_gate(f"runs: {{git.commit: $head_sha}}\n{EXPECT}"), name="gates.yml")

    with pytest.raises(ValueError, match="bind it first"):
        gate.judge(gate_file, [], now=NOW)
    with pytest.raises(ValueError, match="bind it first"):
        gate.candidates(gate_file, [], now=NOW)


def test_a_file_without_variables_needs_no_binding() -> None:
    assert gate.judge(gate.load(one_gate(EXPECT), name="gates.yml"), [make_run()], now=NOW).passed


# What must be fetched


@pytest.mark.parametrize(
    ("body", "profile", "metrics"),
    [
        (EXPECT, False, set()),
        ("expect: {config.lr: 1, duration: {max: 1h}}", False, set()),
        (f"runs: {{git.commit: 1234567}}\n{EXPECT}", True, set()),
        ("expect: {requirements.torch: {exists: true}}", True, set()),
        ("expect: {metadata.x: {exists: true}}", True, set()),
        ("expect: {conda: {contains: x}}", True, set()),
        ("expect: {metrics.a: {min: 1}}", False, {"a"}),
        ("expect: {metrics.a.max: {min: 1}}", False, {"a", "a.max"}),
        ("expect: {mean(metrics.a): {min: 1}}", False, {"a"}),
        ("expect: {config.x: {max: {field: metrics.a}}}", False, {"a"}),
        ("expect: {any_of: [{config.x: {any_of: [1, {min: {field: metrics.a}}]}}]}", False, {"a"}),
        (f"for_each: git.branch\n{EXPECT}", True, set()),
        ("expect: {count(): 1}", False, set()),
    ],
)
def test_needs_are_the_fields_that_are_read(body: str, profile: bool, metrics: set[str]) -> None:  # noqa: FBT001
    needs = gate.needs(bound(one_gate(body)))

    assert (needs.profile, needs.metrics) == (profile, frozenset(metrics))


def test_a_waiver_for_some_runs_needs_what_selects_them() -> None:
    text = (
        one_gate(EXPECT)
        + "waivers:\n  - {gate: one, reason: long enough, until: 2027-01-31, runs: {git.branch: main}}\n"
    )

    assert gate.needs(bound(text)).profile
    assert candidates(text, make_run()) == ["seed-1"]


def test_a_comparison_needs_its_field_its_pairing_and_its_baseline() -> None:
    text = "baselines: {main: {runs: {git.branch: main}}}\n" + one_gate(
        "compare: {metrics.a: {to: main, better: higher, allow_worse: 0, pair_by: config.seed}}"
    )

    assert gate.needs(bound(text)) == gate.Needs(profile=True, metrics=frozenset({"a"}))


def unfetched(run: Run) -> Run:
    return replace(run, git=None, metadata=None, requirements=None, conda=None, metrics=None)


def candidates(text: str, *runs: Run) -> list[str]:
    return [run.name for run in gate.candidates(bound(text), [unfetched(run) for run in runs], now=NOW)]


def test_candidates_are_the_runs_that_the_list_does_not_rule_out() -> None:
    runs = [make_run(1, labels=("a",)), make_run(2), make_run(3, labels=("a",), state="CRASHED")]
    text = one_gate("runs: {git.branch: main, labels: a}\nexpect: {state: FINISHED}")

    assert candidates(text, *runs) == ["seed-1", "seed-3"]


def test_a_gate_that_the_list_can_judge_has_no_candidates() -> None:
    assert candidates(one_gate(EXPECT), make_run()) == []


def test_candidates_stop_at_the_newest_where_the_list_is_certain() -> None:
    runs = [make_run(n, labels=("a",) if n != 2 else ()) for n in range(1, 6)]

    assert candidates(one_gate("runs: {labels: a}\nnewest: 2\nexpect: {metrics.a: 1}"), *runs) == ["seed-1", "seed-3"]


def test_candidates_are_all_where_the_list_has_fewer_than_the_newest() -> None:
    runs = [make_run(n) for n in range(1, 4)]

    assert len(candidates(one_gate("newest: 4\nexpect: {metrics.a: 1}"), *runs)) == 3
    assert len(candidates(one_gate("newest: 3\nexpect: {metrics.a: 1}"), *runs)) == 3


def test_candidates_go_on_where_the_list_is_not_certain() -> None:
    runs = [make_run(n) for n in range(1, 6)]

    assert len(candidates(one_gate("runs: {git.branch: main}\nnewest: 2\nexpect: {metrics.a: 1}"), *runs)) == 5


def test_candidates_for_a_baseline_make_up_for_the_runs_under_test() -> None:
    text = "baselines: {main: {runs: {labels: a}, newest: 2}}\n" + one_gate(
        "runs: {name: seed-1}\ncompare: {metrics.a: {to: main, better: higher, allow_worse: 0}}"
    )
    runs = [make_run(n, labels=("a",)) for n in range(1, 6)]

    assert candidates(text, *runs) == ["seed-1", "seed-2", "seed-3"]


def test_judging_with_only_the_candidates_fetched_equals_judging_with_all_fetched() -> None:
    text = one_gate("runs: {git.branch: faster, labels: a}\nnewest: 3\nexpect: {metrics.a: {min: 1}, state: FINISHED}")
    runs = [
        make_run(n, labels=("a",) if n % 2 else (), metrics={"a": {"last": n}}, created_at=NOW - timedelta(hours=n))
        for n in range(1, 9)
    ]
    wanted = set(candidates(text, *runs))

    partly = [run if run.name in wanted else unfetched(run) for run in runs]

    assert judge_text(text, *partly) == judge_text(text, *runs)


def test_no_more_candidates_than_the_newest_where_all_before_are_certain() -> None:
    text = one_gate("runs: {labels: eval, git.commit: $pr_commits}\nnewest: 1\nexpect: {state: FINISHED}")
    certain = make_run(1, labels=("eval",))
    selector = Selector([certain, unfetched(make_run(2, labels=("eval",)))], NOW)

    assert [run.id for run in selector.candidates(bound(text).gates[0].selection)] == [certain.id]
