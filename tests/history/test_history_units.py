"""Which field makes the units of a history, and which values it has there."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swanlab_ci import gate
from swanlab_ci.gate import GateFile
from swanlab_ci.gate.spec.fields import Field, parse_path
from swanlab_ci.history.intervals import wilson
from swanlab_ci.history.units import Binding, Rules, Unit, compared_fields, fits, units_of
from swanlab_ci.model import Git, Run

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def loaded(runs: str) -> GateFile:
    text = f"project: me/net\ngates: [{{name: One, runs: {runs}, expect: {{state: FINISHED}}}}]\n"
    return gate.load(text, name="gates.yml")


def field(text: str) -> Field:
    found = parse_path(text)
    assert found
    return found


def a_run(number: int, **fields: Any) -> Run:
    end = NOW - timedelta(hours=number)
    known: dict[str, Any] = {
        "state": "FINISHED",
        "created_at": end - timedelta(hours=1),
        "finished_at": end,
        "git": Git(),
        "metrics": {},
    }
    return Run(id=f"run-{number}", name="run", **(known | fields))


@pytest.mark.parametrize(
    ("runs", "compared"),
    [
        ("{git.commit: $pr_commits}", {"git.commit": {"pr_commits"}}),
        ("{git.commit: {in: $pr_commits}}", {"git.commit": {"pr_commits"}}),
        ("{git.commit: $head_sha}", {"git.commit": {"head_sha"}}),
        ("{config.pr: $pr_number}", {"config.pr": {"pr_number"}}),
        ("{labels: {has: $head_branch}}", {"labels": {"head_branch"}}),
        ("{group: $head_branch, state: FINISHED}", {"group": {"head_branch"}}),
        (
            "{any_of: [{git.commit: $pr_commits}, {git.commit: $merge_sha}]}",
            {"git.commit": {"pr_commits", "merge_sha"}},
        ),
        ("{git.commit: {not: $head_sha}}", {}),
        ("{git.branch: $base_branch}", {}),
        ("{id: $run_ids}", {}),
        ("{labels: smoke}", {}),
        (
            "{git.commit: $pr_commits, config.pr: $pr_number}",
            {"git.commit": {"pr_commits"}, "config.pr": {"pr_number"}},
        ),
    ],
)
def test_the_field_that_is_compared_with_the_change_makes_the_units(runs: str, compared: dict[str, set[str]]) -> None:
    found = compared_fields(loaded(runs), {})

    assert {one.text: set(names) for one, names in found.items()} == compared


def test_a_unit_is_one_value_and_ends_with_its_last_run() -> None:
    runs = [a_run(1, config={"pr": 7}), a_run(2, config={"pr": 7}), a_run(5, config={"pr": 8}), a_run(3)]

    units = units_of(runs, field("config.pr"), NOW)

    assert [(unit.value, [run.id for run in unit.runs]) for unit in units] == [(8, ["run-5"]), (7, ["run-1", "run-2"])]
    assert [NOW - unit.end for unit in units] == [timedelta(hours=5), timedelta(hours=1)]


def test_each_item_of_a_list_is_a_value() -> None:
    units = units_of([a_run(1, labels=("a", "b")), a_run(2, labels=("b",))], field("labels"), NOW)

    assert sorted((unit.value, len(unit.runs)) for unit in units) == [("a", 1), ("b", 2)]


@pytest.mark.parametrize(("value", "name"), [("ab" * 20, "abababa"), ("fix it", "fix it"), (7, "7"), ("v1", "v1")])
def test_a_unit_is_named_by_its_value(value: object, name: str) -> None:
    (unit,) = units_of([a_run(1, config={"x": value})], field("config.x"), NOW)

    assert unit.name == name


def test_a_number_that_was_logged_as_a_text_is_the_same_unit() -> None:
    runs = [a_run(1, config={"pr": 7}), a_run(2, config={"pr": "7"}), a_run(3, config={"pr": "x"})]

    assert [unit.value for unit in units_of(runs, field("config.pr"), NOW, numbers=True)] == ["x", 7]
    assert [unit.value for unit in units_of(runs, field("config.pr"), NOW)] == ["x", "7", 7]


@pytest.mark.parametrize(("value", "fit"), [(7, True), ("7", True), ("seven", False), (7.5, False)])
def test_a_pull_request_has_a_number(value: object, *, fit: bool) -> None:
    (unit,) = units_of([a_run(1, config={"pr": value})], field("config.pr"), NOW)

    assert fits(unit, frozenset({"pr_number"})) is fit
    assert fits(unit, frozenset({"head_branch"}))


@pytest.mark.parametrize(
    ("runs", "variables", "selected"),
    [
        ("{config.pr: $pr_number}", {"pr_number"}, ["run-1"]),
        ("{state: FINISHED}", set(), ["run-1"]),
    ],
)
def test_a_gate_file_is_bound_to_a_unit(runs: str, variables: set[str], selected: list[str]) -> None:
    history = [a_run(1, config={"pr": 7}), a_run(2, config={"pr": 8})]
    pr = field("config.pr")
    unit = next(unit for unit in units_of(history, pr, NOW) if unit.value == 7)

    rules = Rules(loaded(runs), Binding(pr, frozenset(variables), {})).of(unit)

    (result,) = gate.judge(rules, history, now=NOW).gates
    assert [run.id for run in result.runs_selected] == selected


def test_the_scope_of_the_project_is_not_narrowed() -> None:
    rules = gate.load(
        "project: me/net\ngates: [{name: One, scope: project, expect: {state: FINISHED}}]\n", name="gates.yml"
    )
    history = [a_run(1, config={"pr": 7}), a_run(2, config={"pr": 8})]
    unit = units_of(history, field("config.pr"), NOW)[0]

    (result,) = gate.judge(Rules(rules, Binding(field("config.pr"), frozenset(), {})).of(unit), history, now=NOW).gates

    assert len(result.runs_selected) == 2


@pytest.mark.slow
@given(st.integers(1, 2000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_the_interval_is_the_one_of_scipy(counted: tuple[int, int]) -> None:
    from scipy.stats import binomtest  # noqa: PLC0415 - it takes a second, which no other test needs

    found, of = counted
    expected = binomtest(found, of).proportion_ci(method="wilson")

    assert wilson(found, of) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_none_of_fifty_can_still_be_seven_percent() -> None:
    assert wilson(0, 50) == pytest.approx((0, 0.0713), abs=1e-4)


def test_a_text_of_thousands_of_digits_is_no_pull_request() -> None:
    runs = [a_run(1, config={"pr": "9" * 5000}), a_run(2, config={"pr": "7"})]

    units = units_of(runs, field("config.pr"), NOW, numbers=True)

    assert [unit.value for unit in units] == ["9" * 5000, 7] or [unit.value for unit in units] == [7, "9" * 5000]
    assert sorted(fits(unit, frozenset({"pr_number"})) for unit in units) == [False, True]


def test_what_names_no_variable_is_read_once_and_the_rest_for_each_unit() -> None:
    bound = Rules(
        gate.load(
            "runs: {git.commit: $pr_commits}\nbaselines: {main: {runs: {git.commit: {not: $head_sha}}}}\ngates:\n"
            "  - {name: Same, expect: {state: FINISHED}}\n"
            "  - {name: Own, runs: {group: $head_sha}, expect: {state: FINISHED}}\n",
            name="gates.yml",
        ),
        Binding(field("git.commit"), frozenset({"pr_commits"}), {}),
    )
    first, second = (bound.of(Unit(letter * 40, (), NOW)) for letter in "ab")

    assert first.gates[0].expect is second.gates[0].expect
    assert [clause.written[-9:] for each in (first, second) for clause in each.gates[1].selection.clauses] == [
        "(aaaaaaa)",
        "(aaaaaaa)",
        "(bbbbbbb)",
        "(bbbbbbb)",
    ]
    assert first.baselines != second.baselines
    assert first.variables == second.variables == {"pr_commits", "head_sha"}
