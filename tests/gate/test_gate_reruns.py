"""Which of several runs counts: the latest of each value, the best few, the first baseline that has runs."""

from dataclasses import replace
from typing import Any

import pytest
from gate_factories import NOW, bound, judge_gate_body, make_run

from swanlab_ci import gate
from swanlab_ci.gate import GateFile
from swanlab_ci.gate.evaluate.selection import Selector
from swanlab_ci.gate.spec.fields import parse_path
from swanlab_ci.gate.spec.gates import Take
from swanlab_ci.judgement import CheckKind, Comparing, Deciding, GateResult
from swanlab_ci.model import Outcome, Run, Status, Truth

TEXT = """
project: me/net
gates:
  - name: One
    runs: {labels: new%s}
    expect: {state: FINISHED}
"""


def field(path: str) -> Any:
    found = parse_path(path)
    assert found
    return found


def latest(more: str = "") -> GateFile:
    gate_file = bound(TEXT % more)
    (one,) = gate_file.gates
    selection = replace(one.selection, latest_by=(field("config.seed"),))
    return replace(gate_file, gates=(replace(one, selection=selection),))


def run(number: int, seed: Any, state: str = "FINISHED", **fields: Any) -> Run:
    """Make a run; a smaller number is a newer run."""
    return make_run(number, labels=("new",), state=state, config={} if seed is None else {"seed": seed}, **fields)


def judged(gate_file: GateFile, *given: Run) -> GateResult:
    (result,) = gate.judge(gate_file, given, now=NOW).gates
    return result


def test_a_rerun_replaces_a_crash() -> None:
    result = judged(latest(), run(1, 0), run(5, 0, "CRASHED"), run(6, 1))

    assert result.status is Status.PASS
    assert [each.id for each in result.runs_selected] == ["run-1", "run-6"]
    assert [(step.kind, step.runs) for step in result.funnel] == [("condition", 3), ("latest", 2)]


def test_a_crash_replaces_an_older_success() -> None:
    assert judged(latest(), run(1, 0, "CRASHED"), run(5, 0)).status is Status.FAIL


def test_a_crash_replaces_an_older_success_even_where_only_finished_runs_are_selected() -> None:
    result = judged(latest(", state: FINISHED"), run(1, 0, "CRASHED"), run(5, 0), run(6, 1))

    assert [each.id for each in result.runs_selected] == ["run-6"]


def test_a_newer_run_that_goes_on_is_waited_for() -> None:
    result = judged(latest(", state: FINISHED"), run(1, 0, "RUNNING"), run(5, 0), run(6, 1))

    assert result.status is Status.PENDING
    assert [(check.kind, check.run and check.run.id) for check in result.deciding] == [(CheckKind.LATEST, "run-1")]


def test_it_is_waited_for_where_it_is_the_only_value() -> None:
    assert judged(latest(", state: FINISHED"), run(1, 0, "RUNNING"), run(5, 0)).status is Status.PENDING


@pytest.mark.parametrize("seed", [None, [1], {"a": 1}])
def test_a_run_without_a_value_cannot_be_placed_and_is_named(seed: Any) -> None:
    result = judged(latest(), run(1, 0), run(2, seed))

    assert result.status is Status.FAIL
    assert [(check.kind, check.run and check.run.id) for check in result.deciding] == [(CheckKind.LATEST, "run-2")]


def test_equal_numbers_are_one_value() -> None:
    assert [each.id for each in judged(latest(), run(1, 1), run(2, 1.0)).runs_selected] == ["run-1"]


def test_the_state_is_not_left_to_the_filters_of_a_server() -> None:
    """SwanLab must not leave out the newer run that replaces the one selected."""
    (filters,) = gate.pushed_down(latest(", state: FINISHED"))

    assert {each.key for each in filters} == {"labels"}


def best(count: int, better: str = "higher") -> GateFile:
    gate_file = bound((TEXT % "").replace("state: FINISHED", "metrics.acc: {min: 0.9}"))
    (one,) = gate_file.gates
    take = Take(count, field("metrics.acc"), better == "higher", one.place)
    return replace(gate_file, gates=(replace(one, selection=replace(one.selection, take=take)),))


def scored(number: int, acc: Any, state: str = "FINISHED") -> Run:
    return run(number, number, state, metrics={} if acc is None else {"acc": {"last": acc}})


def test_the_best_few_are_taken() -> None:
    result = judged(best(2), scored(1, 0.5), scored(2, 0.95), scored(3, 0.99), scored(4, 0.91))

    assert [each.id for each in result.runs_selected] == ["run-3", "run-2"]
    assert result.status is Status.PASS


def test_lower_may_be_better() -> None:
    result = judged(best(1, "lower"), scored(1, 0.5), scored(2, 0.95))

    assert [each.id for each in result.runs_selected] == ["run-1"]


@pytest.mark.parametrize("acc", [None, "NaN", "Infinity", "high"])
def test_a_run_without_a_finite_number_is_none_of_the_best(acc: Any) -> None:
    assert [each.id for each in judged(best(2), scored(1, acc), scored(2, 0.95)).runs_selected] == ["run-2"]


def test_the_best_are_in_doubt_where_a_condition_cannot_be_read() -> None:
    body = """\
runs: {labels: new, config.lr: 1}
take: {best: 1, by: metrics.acc, better: higher}
expect: {metrics.acc: {min: 0.9}}"""
    known: dict[str, Any] = {"labels": ("new",), "metrics": {"acc": {"last": 0.95}}}

    result = judge_gate_body(body, make_run(1, config={"lr": 1}, **known), make_run(2, config=None, **known))

    assert (result.status, result.decided_by) == (Status.ERROR, Deciding.AMBIGUOUS_SELECTION)


def test_of_the_latest_runs_the_best_are_taken_once_each_is_known() -> None:
    body = """\
runs: {labels: new, state: FINISHED}
latest_by: [job, config.seed]
take: {best: 1, by: metrics.acc, better: higher}
expect: {metrics.acc: {min: 0.9}}"""
    runs = [replace(scored(number, 0.95), config={"seed": number % 2}, job="a") for number in (2, 3)]
    done = judge_gate_body(body, *runs)
    waiting = judge_gate_body(body, replace(scored(1, 0.5, "RUNNING"), config={"seed": 1}, job="a"), *runs)

    assert (done.status, waiting.status) == (Status.PASS, Status.PENDING)
    assert [(step.condition, step.runs) for step in done.funnel[-2:]] == [
        ("job, config.seed", 2),
        ("take {best: 1, by: metrics.acc}", 1),
    ]
    assert [check.run and check.run.id for check in waiting.deciding] == ["run-1"]


def test_a_run_that_goes_on_may_still_become_one_of_the_best() -> None:
    result = judged(best(1), scored(1, 0.2, "RUNNING"), scored(2, 0.95))

    assert result.status is Status.PENDING
    assert result.deciding[0].run
    assert result.deciding[0].run.id == "run-1"


CHAIN = """
project: me/net
baselines: {main: {runs: {git.commit: $base_sha}}}
gates:
  - name: One
    runs: {labels: new}
    compare: {metrics.acc: {to: main, better: higher, allow_worse: 1%}}
"""


def chained(*on_base: Run, min_runs: int = 1) -> GateResult:
    gate_file = bound(CHAIN)
    other = bound(CHAIN.replace("{git.commit: $base_sha}", "{git.branch: main}"))
    baseline = replace(
        gate_file.baselines[0],
        selections=(*gate_file.baselines[0].selections, *other.baselines[0].selections),
        min_runs=min_runs,
    )
    everything = (scored(1, 0.9), make_run(60, metrics={"acc": {"last": 0.8}}, git=git("main")), *on_base)
    return judged(replace(gate_file, baselines=(baseline,)), *everything)


def git(branch: str, commit: str = "d") -> Any:
    return replace(make_run().git or pytest.fail("no git"), branch=branch, commit=commit * 40)


def test_the_first_baseline_that_has_runs_counts() -> None:
    at_base = make_run(50, metrics={"acc": {"last": 0.95}}, git=git("old", "c"))
    comparison = chained(at_base).checks[0].comparison

    assert comparison
    assert comparison.base
    assert (comparison.base.centre, comparison.rejected) == (0.95, ())


def test_the_next_baseline_counts_where_the_first_has_too_few_runs() -> None:
    comparison = chained().checks[0].comparison

    assert comparison
    assert comparison.base
    assert comparison.base.centre == 0.8
    assert [[step.runs for step in funnel] for funnel in comparison.rejected] == [[0, 0]]


def test_a_run_under_test_leaves_it_open_nowhere_what_the_baseline_is() -> None:
    text = """
project: me/net
baselines: {main: {runs: {state: FINISHED, labels: eval}, latest_by: config.seed}}
gates:
  - name: One
    runs: {labels: new}
    compare: {metrics.acc: {to: main, better: higher, allow_worse: 1%}}
"""
    new = make_run(1, labels=("new", "eval"), state="CRASHED", config=None, metrics={"acc": {"last": 0.9}})
    old = make_run(2, labels=("eval",), config={"seed": 1}, metrics={"acc": {"last": 0.9}})

    comparison = judged(bound(text), new, old).checks[0].comparison

    assert comparison
    assert comparison.base
    assert (comparison.found, [each.run.id for each in comparison.base.runs]) == (Comparing.NOT_WORSE, ["run-2"])


def test_the_steps_of_a_baseline_with_too_few_runs_count_those_that_are_not_under_test() -> None:
    at_base = make_run(50, metrics={"acc": {"last": 0.95}}, git=git("old", "c"))
    comparison = chained(at_base, min_runs=2).checks[0].comparison

    assert comparison
    assert [[(step.kind, step.runs) for step in funnel] for funnel in comparison.rejected] == [
        [("condition", 1), ("not_tested", 1)]
    ]


def test_no_baseline_has_runs_enough() -> None:
    comparison = chained(min_runs=2).checks[0].comparison

    assert comparison
    assert comparison.found is Comparing.NO_BASELINE
    assert len(comparison.rejected) == 1


GROUPED = TEXT.replace("    expect:", "    for_each: job\n%s    expect:")


@pytest.mark.parametrize(
    ("file", "gate_level"),
    [("", "    latest_by: config.seed\n"), ("latest_by: config.seed", ""), ("", "    latest_by: [job, config.seed]\n")],
)
def test_the_latest_of_each_value_is_found_in_each_group(file: str, gate_level: str) -> None:
    runs = [run(1, 0, job="b"), run(2, 0, "CRASHED", job="a"), run(3, 0, "CRASHED", job="b")]

    results = gate.judge(bound(file + GROUPED % ("", gate_level)), runs, now=NOW).gates

    assert {each.group: ([ref.id for ref in each.runs_selected], each.status) for each in results} == {
        "a": (["run-2"], Status.FAIL),
        "b": (["run-1"], Status.PASS),
    }


def test_a_newer_run_that_has_ended_is_not_awaited() -> None:
    gate_file = latest(", state: FINISHED")
    selector = Selector([run(1, 0, "CRASHED"), run(5, 0), run(6, 1)], NOW)

    selected = selector.select(gate_file.gates[0].selection)

    assert ([each.id for each in selected.runs], selected.awaited) == (["run-6"], ())


def test_every_run_that_may_replace_another_is_a_candidate() -> None:
    gate_file = latest(", state: FINISHED")

    found = Selector([run(1, 0, "CRASHED"), run(5, 0)], NOW).candidates(gate_file.gates[0].selection)

    assert [each.id for each in found] == ["run-1", "run-5"]


def test_of_equally_good_runs_the_newest_is_taken() -> None:
    result = judged(best(1), scored(2, 0.95), scored(1, 0.95), scored(3, 0.95))

    assert [each.id for each in result.runs_selected] == ["run-1"]


def test_what_is_not_a_finite_number_is_never_the_best() -> None:
    result = judged(best(2), scored(1, float("nan")), scored(2, float("inf")), scored(3, 0.95))

    assert [each.id for each in result.runs_selected] == ["run-3"]


def test_a_baseline_has_the_latest_of_each_value_in_each_group() -> None:
    text = """
project: me/net
baselines: {main: {runs: {labels: main}, latest_by: config.seed}}
gates:
  - name: One
    runs: {labels: new}
    for_each: job
    compare: {metrics.acc: {to: main, better: higher, allow_worse: 1%}}
"""
    config = {"seed": 0}
    base = [
        make_run(50 + at, labels=("main",), job=job, config=config, metrics={"acc": {"last": acc}})
        for at, (job, acc) in enumerate([("b", 0.5), ("a", 0.9), ("a", 0.1)])
    ]
    new = [make_run(at, labels=("new",), job=job, metrics={"acc": {"last": 0.9}}) for at, job in enumerate("ab")]

    results = gate.judge(bound(text), [*new, *base], now=NOW).gates

    centres = {each.group: each.checks[0].comparison for each in results}
    assert {group: each and each.base and each.base.centre for group, each in centres.items()} == {"a": 0.9, "b": 0.5}


def test_the_length_of_a_run_that_goes_on_is_waited_for() -> None:
    gate_file = best(1)
    (one,) = gate_file.gates
    take = Take(1, field("duration"), higher_is_better=False, place=one.place)
    shortest = replace(gate_file, gates=(replace(one, selection=replace(one.selection, take=take)),))

    assert judged(shortest, scored(1, 0.95, "RUNNING"), scored(2, 0.95)).status is Status.PENDING


@pytest.mark.parametrize(
    ("by", "fields", "truth"),
    [
        ("config.opt.lr", {"config": {"opt.lr": 9, "opt": {"lr": 9}, "x": 2}}, Truth.AMBIGUOUS),
        ("metrics.acc", {"metrics": None, "config": {"x": 2}}, Truth.NOT_FETCHED),
    ],
)
def test_the_best_runs_are_not_known_where_one_cannot_be_ranked(by: str, fields: dict[str, Any], truth: Truth) -> None:
    known = make_run(1, config={"opt": {"lr": 1}, "x": 1}, metrics={"acc": {"last": 0.1}})
    body = f"take: {{best: 1, by: {by}, better: higher}}\nexpect: {{config.x: 1}}"

    result = judge_gate_body(body, known, make_run(2, **fields))

    assert result.status is Status.ERROR
    assert [(check.run.id, check.field) for check in result.deciding if check.run] == [("run-2", by)]
    assert [check.reason.truth for check in result.deciding if check.reason] == [truth]
    (expected,) = (check.expected for check in result.deciding)
    assert expected
    assert (expected.operator, expected.written, expected.values) == ("exists", "true", (True,))


@pytest.mark.parametrize(("better", "best_run"), [("lower", "run-1"), ("higher", "run-2")])
def test_runs_are_ranked_by_how_old_they_are(better: str, best_run: str) -> None:
    result = judge_gate_body(
        f"take: {{best: 1, by: age, better: {better}}}\nexpect: {{state: FINISHED}}", make_run(1), make_run(2)
    )

    assert [each.id for each in result.runs_selected] == [best_run]


IN_GROUPS = """
project: me/net
gates:
  - name: One
    runs: {labels: new}
    latest_by: config.seed
    for_each: config.data
    expect: {config.x: 1}
"""
OLD = "waivers: [{gate: one, reason: the old run has no data set, until: 2027-01-01, runs: {name: old}}]"


@pytest.mark.parametrize("data", [{}, {"data": ["a"]}, {"data": {"a": 1}}])
@pytest.mark.parametrize("seed", [{}, {"seed": 1}])
def test_a_run_without_a_group_spoils_no_group(data: dict[str, Any], seed: dict[str, Any]) -> None:
    runs = [make_run(n, labels=("new",), config={"seed": 1, "data": f"d{n}", "x": 1}) for n in (1, 2)]
    lost = make_run(3, name="old", labels=("new",), config={"x": 1} | seed | data)

    *groups, none = gate.judge(bound(IN_GROUPS), [*runs, lost], now=NOW).gates
    *_, waived = gate.judge(bound(IN_GROUPS + OLD), [*runs, lost], now=NOW).gates

    assert [(each.group, each.status) for each in groups] == [("d1", Status.PASS), ("d2", Status.PASS)]
    assert none.decided_by is Deciding.NO_GROUP
    assert [(check.kind, check.run and check.run.id) for check in none.deciding] == [(CheckKind.GROUP, "run-3")]
    assert (none.status, waived.status) == ((Status.ERROR, Status.ERROR) if data else (Status.FAIL, Status.WAIVED))


def test_a_run_with_a_group_but_no_seed_is_not_placed() -> None:
    runs = [make_run(n, labels=("new",), config={"seed": 1, "data": "a", "x": 1}) for n in (1, 2)]
    lost = make_run(3, labels=("new",), config={"data": "a", "x": 1})

    (result,) = gate.judge(bound(IN_GROUPS), [*runs, lost], now=NOW).gates

    assert result.status is Status.FAIL
    assert [(check.kind, check.run and check.run.id) for check in result.deciding] == [(CheckKind.LATEST, "run-3")]


def test_a_run_that_is_not_placed_is_told_by_all_fields() -> None:
    body = "runs: {labels: new}\nlatest_by: [config.seed, config.data]\nexpect: {config.x: 1}"

    result = judge_gate_body(body, make_run(labels=("new",), config={"seed": 1, "x": 1}))

    assert [(check.kind, check.field) for check in result.checks] == [(CheckKind.LATEST, "config.seed, config.data")]


def test_all_runs_without_a_group_are_named() -> None:
    (result,) = gate.judge(bound(IN_GROUPS), [make_run(1, labels=("new",), config={"seed": 1, "x": 1})], now=NOW).gates

    assert (result.status, result.decided_by) == (Status.FAIL, Deciding.NO_GROUP)


def test_a_run_that_is_awaited_is_waited_for_where_the_others_have_no_group() -> None:
    text = IN_GROUPS.replace("{labels: new}", "{labels: new, state: FINISHED}") + OLD
    runs = [
        make_run(1, labels=("new",), state="RUNNING", config={"seed": 1, "data": "a", "x": 1}),
        make_run(2, labels=("new",), config={"seed": 1, "data": "a", "x": 1}),
        make_run(3, name="old", labels=("new",), config={"seed": 1, "x": 1}),
    ]

    verdict = gate.judge(bound(text), runs, now=NOW)

    assert verdict.status is Status.FAIL
    assert {(check.run and check.run.id, check.outcome) for check in verdict.gates[0].deciding} == {
        ("run-1", Outcome.PENDING),
        ("run-3", Outcome.MISSING),
    }


@pytest.mark.parametrize(
    ("hours", "config", "status"),
    [
        (1, {"config": {}, "config_keys": ("x",)}, Status.ERROR),
        (1, {"config": {"a": {"b": 1}, "a.b": 1, "seed": 2}}, Status.PASS),
        (1, {"config": {"seed": {}, "x": 1}}, Status.PASS),
        (3, {"config": {}, "config_keys": ("x",)}, Status.PASS),  # older than the run that counts
    ],
)
def test_a_newer_run_whose_value_was_not_fetched_may_replace_the_one_that_counts(
    hours: int, config: dict[str, Any], status: Status
) -> None:
    body = "runs: {labels: new, state: FINISHED}\nlatest_by: config.seed\nexpect: {config.x: 1}"
    counts = make_run(2, labels=("new",), config={"seed": 1, "x": 1})
    crashed = make_run(hours, labels=("new",), state="CRASHED", **config)

    result = judge_gate_body(body, counts, crashed)

    assert result.status is status
    if status is Status.ERROR:
        assert [(check.run.id, check.field) for check in result.deciding if check.run] == [("run-1", "config.seed")]
        assert [check.reason.truth for check in result.deciding if check.reason] == [Truth.NOT_FETCHED]


def test_a_newer_run_of_which_two_values_are_known_may_replace_the_one_that_counts() -> None:
    body = "runs: {labels: new, state: FINISHED}\nlatest_by: config.a.b\nexpect: {config.x: 1}"
    counts = make_run(2, labels=("new",), config={"a.b": 1, "x": 1})
    crashed = make_run(1, labels=("new",), state="CRASHED", config={"a.b": 1, "a": {"b": 2}})

    result = judge_gate_body(body, counts, crashed)

    assert (result.status, result.decided_by) == (Status.ERROR, Deciding.AMBIGUOUS_SELECTION)


@pytest.mark.parametrize(
    ("config", "found"),
    [
        ({"opt.data": "b", "opt": {"data": "a"}}, Comparing.AMBIGUOUS_BASELINE),
        (None, Comparing.AMBIGUOUS_BASELINE),
        ({"opt": {"data": "b"}}, Comparing.NOT_WORSE),
    ],
)
def test_a_baseline_run_of_an_unknown_group_is_not_left_out_in_silence(config: Any, found: Comparing) -> None:
    text = """
project: me/net
baselines: {main: {runs: {labels: main}}}
gates:
  - name: One
    runs: {labels: new}
    for_each: config.opt.data
    compare: {metrics.acc: {to: main, better: higher, allow_worse: 1%}}
"""
    own = {"opt": {"data": "a"}}
    runs = [
        make_run(1, labels=("new",), config=own, metrics={"acc": {"last": 0.8}}),
        make_run(50, labels=("main",), config=own, metrics={"acc": {"last": 0.8}}),
        make_run(51, labels=("main",), config=config, metrics={"acc": {"last": 0.99}}),
    ]

    comparison = judged(bound(text), *runs).checks[0].comparison

    assert comparison
    assert comparison.found is found
    if found is Comparing.AMBIGUOUS_BASELINE:
        assert comparison.culprit
        assert (comparison.culprit.id, comparison.culprit_field) == ("run-51", "config.opt.data")


def test_a_run_that_is_not_placed_names_the_key_most_like_the_missing_one() -> None:
    body = "runs: {labels: new}\nlatest_by: config.seed\nexpect: {config.x: 1}"

    (check,) = judge_gate_body(body, make_run(labels=("new",), config={"sed": 1, "x": 1})).checks

    assert check.reason
    assert (check.reason.truth, check.reason.nearest) == (Truth.MISSING, "config.sed")


def test_a_run_in_doubt_is_told_at_the_first_condition() -> None:
    body = "runs:\n  labels: new\n  state: FINISHED\nlatest_by: config.seed\nexpect: {config.x: 1}"
    counts = make_run(2, labels=("new",), config={"seed": 1, "x": 1})
    crashed = make_run(1, labels=("new",), state="CRASHED", config={}, config_keys=("x",))

    (check,) = judge_gate_body(body, counts, crashed).deciding

    assert check.line == judge_gate_body(body, counts).line + 2
