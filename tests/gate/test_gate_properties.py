"""What must hold for every file and every set of runs."""

import contextlib
import json
import string
from collections.abc import Collection, Iterator
from dataclasses import replace
from math import inf, nextafter
from typing import Any

import pytest
from gate_factories import NOW, VARIABLES, bound, judge_gate_body, judge_text, make_run, one_gate
from hypothesis import given, settings
from hypothesis import strategies as st

from swanlab_ci import gate
from swanlab_ci.errors import ConfigurationError
from swanlab_ci.gate.spec.values import Literal, equal, identity, number_text, seconds_text
from swanlab_ci.judgement import Verdict
from swanlab_ci.messages import Language, Message, plain
from swanlab_ci.model import Outcome, Run, Status
from swanlab_ci.report.wording import check_message, gate_summary, headline, verdict_summary

WORST = [Status.ERROR, Status.FAIL, Status.PENDING, Status.WARN, Status.PASS]

values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.floats(),
    st.sampled_from(["NaN", "INF", "1", "a", "1e999", ""]),
    st.lists(st.sampled_from(["a", "b", 1]), max_size=3),
)


@st.composite
def runs(draw: st.DrawFn, least: int = 0) -> list[Run]:
    """Draw a few runs of all states, with settings and metrics of all kinds."""
    known = st.fixed_dictionaries(
        {"state": st.sampled_from(["FINISHED", "CRASHED", "RUNNING", "OFFLINE"])},
        optional={
            "config": st.dictionaries(st.sampled_from(["x", "y"]), values, max_size=2),
            "metrics": st.dictionaries(st.just("acc"), st.fixed_dictionaries({"last": values}), max_size=1),
            "labels": st.lists(st.sampled_from(["a", "b"]), max_size=2).map(tuple),
        },
    )
    drawn = draw(st.lists(known, min_size=least, max_size=5))
    return [make_run(n, **fields) for n, fields in enumerate(drawn, 1)]


CONDITIONS = [
    *("config.x: 1", "config.x: {min: 0}", "config.x: {not: a}", "config.x: {none_of: [{min: 0}]}", "labels: a"),
    *("config.x: {any_of: [{max: 0}, {is: a}]}", "config.x: {max: {field: config.y}}", "metrics.acc: {below: 1}"),
    *("state: FINISHED", "state: {not_in: [CRASHED]}", "duration: {max: 90m}", "config.x: {exists: false}"),
    *("config.x: {min: 0, optional: true}", "config.x: {type: number}", "metrics.acc: {exists: true}"),
]
TOTALS = [
    "count(): {min: 2}",
    "mean(config.x): {min: 0}",
    "distinct(config.x): {max: 2}",
    "max(metrics.acc): {below: 1}",
]
HOW_MANY = ["all", "any", "none", "{at_least: 1}", "{at_least: 50%}", "{at_most: 1}", "{at_most: 50%}"]


@st.composite
def gates(draw: st.DrawFn, *, joint: bool = True) -> str:
    """Draw the body of a gate that loads."""
    expect = draw(
        st.lists(st.sampled_from(CONDITIONS), min_size=1, max_size=2, unique_by=lambda text: text.split(":")[0])
    )
    expect += draw(st.lists(st.sampled_from(TOTALS), max_size=1)) if joint else []
    chosen = draw(st.lists(st.sampled_from(CONDITIONS), max_size=1))
    lines = [f"expect: {{{', '.join(expect)}}}", f"how_many: {draw(st.sampled_from(HOW_MANY))}"]
    lines += [f"runs: {{{chosen[0]}}}"] if chosen else []
    lines += draw(st.lists(st.sampled_from(["level: warn", "if_no_runs: skip", "if_no_runs: warn"]), max_size=1))
    return "\n".join(lines)


def file_of(bodies: list[str]) -> str:
    text = "gates:\n"
    for n, body in enumerate(bodies):
        text += f"  - name: Gate {n}\n" + "".join(f"    {line}\n" for line in body.splitlines())
    return text


@given(gates(), runs(), st.randoms(use_true_random=False))
def test_the_order_of_runs_never_matters(body: str, some: list[Run], random: Any) -> None:
    shuffled = list(some)
    random.shuffle(shuffled)

    assert judge_gate_body(body, *shuffled) == judge_gate_body(body, *some)


@given(st.lists(gates(), min_size=1, max_size=4), runs())
def test_the_order_of_gates_never_matters(bodies: list[str], some: list[Run]) -> None:
    assert judge_text(file_of(bodies), *some).status is judge_text(file_of(bodies[::-1]), *some).status


def kept(gate_file: gate.GateFile, run: Run, chosen: Collection[str]) -> Run:
    """Keep of a run that cannot be selected only what selecting reads of its config."""
    keys = gate.config_keys(gate_file)
    part = {key: value for key, value in (run.config or {}).items() if key in keys}
    return run if run.id in chosen else replace(run, config=part, config_keys=keys)


@given(st.lists(gates(), min_size=1, max_size=3), runs())
def test_what_is_not_kept_of_the_runs_that_no_gate_selects_changes_nothing(bodies: list[str], some: list[Run]) -> None:
    gate_file = bound(file_of(bodies))
    chosen = gate.selectable(gate_file, some, now=NOW)

    verdict = gate.judge(gate_file, [kept(gate_file, run, chosen) for run in some], now=NOW)

    assert verdict == gate.judge(gate_file, some, now=NOW)


@given(st.lists(gates(), min_size=2, max_size=3), runs(least=1))
def test_a_further_gate_never_betters_the_verdict(bodies: list[str], some: list[Run]) -> None:
    fewer, more = judge_text(file_of(bodies[:-1]), *some), judge_text(file_of(bodies), *some)

    assert fewer.nothing_checked or WORST.index(more.status) <= WORST.index(fewer.status)


@given(st.sampled_from(["all", "none", "{at_most: 1}"]), runs())
def test_a_further_violating_run_never_turns_a_miss_into_a_pass(how_many: str, some: list[Run]) -> None:
    body = f"how_many: {how_many}\nexpect: {{config.x: {{min: 0}}}}"
    violating = make_run(77, config={"x": 1 if how_many != "all" else -1})
    before, after = judge_gate_body(body, *some), judge_gate_body(body, *some, violating)

    assert after.status is not Status.PASS or before.status is Status.PASS or not before.checks


@given(gates(), runs())
def test_a_pass_takes_a_check_that_was_satisfied(body: str, some: list[Run]) -> None:
    verdict = judge_text(file_of([body]), *some)

    if verdict.status is Status.PASS:
        checks = [check for result in verdict.gates for check in result.checks]
        assert any(check.outcome is Outcome.OK for check in checks)


@given(gates(joint=False), runs(least=1))
def test_what_cannot_be_told_never_passes(body: str, some: list[Run]) -> None:
    result = judge_gate_body(body, *some)

    if result.status is Status.PASS and "how_many: all" in body:
        assert {check.outcome for check in result.checks} == {Outcome.OK}


def sentences(verdict: Verdict) -> Iterator[Message]:
    """Yield every sentence about a verdict that is always there."""
    yield from (headline(verdict), verdict_summary(verdict))
    for result in verdict.gates:
        yield gate_summary(result)
        for check in result.checks:
            yield check_message(check)


def said(message: Message) -> bool:
    return all(plain(message, language) for language in Language)


@given(gates(), runs())
def test_judging_never_crashes_and_always_says_something(body: str, some: list[Run]) -> None:
    verdict = judge_text(file_of([body]), *some)

    assert all(said(message) for message in sentences(verdict))


odd = st.recursive(
    st.one_of(
        values,
        st.integers(),
        st.sampled_from(
            [10**308, -(10**400), 10**4_000, 1.7e308, -1.7e308, 5e-324, -0.0, "\ud800", "9" * 5_000, "A" * 90]
        ),
        st.text(st.characters(exclude_categories=()), max_size=5),
    ),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=3), below, max_size=3),
    max_leaves=5,
)
deep = st.integers(100, 800).map(lambda levels: json.loads("[" * levels + "]" * levels))
OPERATORS = [
    *("1", "{not: a}", "{is: 0.5}", "{in: [1, a]}", "{has: 3}", "{lacks: a}", "{min: 0}", "{version: '>=2,<3'}"),
    *(
        "{like: 'a*'}",
        "{matches: '^a+'}",
        "{contains: a}",
        "{type: list}",
        "{exists: true}",
        "{max: 2, optional: true}",
    ),
    *("{max: {field: config.y, times: 1000, plus: 0.5}}", "{any_of: [{is: a}, {above: 1e300}]}"),
]
FUNCTIONS = ["mean", "median", "sum", "stdev", "min", "max", "distinct"]
AMOUNTS = ["allow_worse: 0", "allow_worse: [1%, 2]", "require_better: 50%"]


@pytest.mark.slow
@given(
    st.lists(st.fixed_dictionaries({"x": odd | deep, "y": odd, "m": odd}), min_size=1, max_size=6),
    st.tuples(*map(st.sampled_from, (OPERATORS, FUNCTIONS, AMOUNTS, ["higher", "lower"], ["mean", "median", "best"]))),
    st.sampled_from(["", "for_each: config.x\n", "runs: {config.y: {min: 0}}\n"]),
    st.sampled_from(["", ", pair_by: config.x"]),
)
@settings(max_examples=300)
def test_whatever_was_logged_judging_tells_what_it_comes_to(
    logged: list[dict[str, Any]], words: tuple[str, ...], more: str, pair_by: str
) -> None:
    operator, function, amount, better, centre = words
    pair_by = "" if centre == "best" else pair_by
    body = f"""\
{more}expect: {{config.x: {operator}, {function}(config.y): {{max: 1}}, requirements.torch: {{version: '>=2'}}}}
compare: {{metrics.m: {{to: main, better: {better}, {amount}, over_runs: {centre}{pair_by}}}}}
"""
    kept = [
        make_run(
            n,
            labels=("old",) if n % 2 else (),
            config={key: run[key] for key in "xy"},
            metrics={"m": {"last": run["m"]}},
            requirements={"torch": str(run["m"])[:5_000]} if isinstance(run["m"], str) else {},
        )
        for n, run in enumerate(logged, 1)
    ]

    verdict = judge_text("baselines: {main: {runs: {labels: old}}}\n" + file_of([body]), *kept)

    assert all(said(message) for message in sentences(verdict))


def load(text: str) -> None:
    with contextlib.suppress(ConfigurationError):
        gate_file = gate.bind(gate.load(text, name="gates.yml"), VARIABLES, event="push")
        gate.judge(gate_file, [make_run()], now=NOW)
        gate.candidates(gate_file, [make_run()], now=NOW)


@given(st.text())
def test_any_text_loads_or_is_told_what_is_wrong(text: str) -> None:
    load(text)


@given(st.text(alphabet="{}[]:,-\n '\"&*!|>%@`#$?ab1~.", max_size=60))
def test_any_text_of_yaml_signs_loads_or_is_told_what_is_wrong(text: str) -> None:
    load(text)


WORDS = [
    *("project", "gates", "name", "expect", "runs", "compare", "baselines", "waivers", "how_many", "extends", "level"),
    *("config.lr", "state", "labels", "duration", "metrics.a", "git.commit", "mean(config.x)", "count()", "main"),
    *("min", "max", "in", "not", "any_of", "none_of", "optional", "exists", "type", "field", "times", "to", "better"),
    *("FINISHED", "$pr_commits", "$pr_number", "$nope", "4h", "1%", "all", "higher", "2027-01-31", "preset:smoke"),
]
leaves = st.one_of(st.sampled_from(WORDS), st.integers(-2, 2), st.floats(allow_nan=False), st.booleans(), st.none())
trees = st.recursive(
    leaves,
    lambda below: st.one_of(st.lists(below, max_size=3), st.dictionaries(st.sampled_from(WORDS), below, max_size=3)),
    max_leaves=20,
)


def written(tree: Any) -> str:
    if isinstance(tree, dict):
        return "{" + ", ".join(f"{key}: {written(value)}" for key, value in tree.items()) + "}"
    if isinstance(tree, list):
        return "[" + ", ".join(map(written, tree)) + "]"
    return {None: "null", True: "true", False: "false"}.get(tree, str(tree)) if not isinstance(tree, str) else tree


@pytest.mark.slow
@given(trees)
@settings(max_examples=300)
def test_any_tree_loads_or_is_told_what_is_wrong(tree: Any) -> None:
    load(written(tree))


@pytest.mark.slow
@given(
    st.dictionaries(st.sampled_from(["expect", "runs", "compare", "how_many", "newest", "for_each", "level"]), trees)
)
@settings(max_examples=300)
def test_any_gate_loads_or_is_told_what_is_wrong(body: dict[str, Any]) -> None:
    load(f"baselines: {{main: {{runs: {{labels: a}}}}}}\ngates: [{written({'name': 'main', **body})}]")


@pytest.mark.parametrize(
    ("number", "other", "text"),
    [
        (0.1, 0.2, "0.1"),
        (0.1, nextafter(0.1, 1), "0.1"),
        (nextafter(0.1, 1), 0.1, "0.10000000000000002"),
        (10**18 - 1, 1, "9" * 18),
        (10**18, 1, "1.000000e+18"),
        (-(10**18), 1, "-1.000000e+18"),
        (-inf, 1, "-Infinity"),
    ],
)
def test_a_number_has_the_digits_that_tell_it_from_another(number: float, other: float, text: str) -> None:
    assert number_text(number, other) == text


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(allow_nan=False, allow_infinity=False))
def test_two_numbers_that_differ_are_told_apart(one: float, other: float) -> None:
    if one != other:
        assert number_text(one, other) != number_text(other, one)


@given(st.floats(0, 1e7), st.floats(0, 1e7))
def test_two_lengths_of_time_that_differ_visibly_are_told_apart(one: float, other: float) -> None:
    if abs(one - other) > 1e-3:
        assert seconds_text(one, other) != seconds_text(other, one)


@given(st.text(alphabet=string.ascii_lowercase + "*?[]", max_size=12), st.text(alphabet="ab*?[]\n", max_size=12))
def test_a_glob_knows_only_star_and_question_mark(pattern: str, text: str) -> None:
    from swanlab_ci.gate.spec.patterns import glob  # noqa: PLC0415 - only this test looks inside

    assert bool(glob(pattern).search(text)) == matches(pattern, text)


def matches(pattern: str, text: str) -> bool:
    """Match a glob the slow and plain way."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return matches(pattern[1:], text) or (bool(text) and matches(pattern, text[1:]))
    return bool(text) and pattern[0] in {"?", text[0]} and matches(pattern[1:], text[1:])


numbers = st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.sampled_from([0.1 + 0.2, -0.0]))


@given(st.integers(-(10**22), 10**22).filter(lambda whole: int(float(whole)) == whole))
def test_a_whole_number_and_its_float_are_one_value(whole: int) -> None:
    assert identity(whole) == identity(float(whole))
    assert equal(float(whole), Literal(whole, str(whole)))


@given(numbers, numbers | st.none())
def test_what_is_equal_has_one_identity(one: float, other: float | None) -> None:
    other = one * (1 + 1e-12) if other is None else other

    assert equal(one, Literal(other, repr(other))) is (identity(one) == identity(other))


@given(st.lists(numbers, max_size=4))
def test_lists_and_maps_of_equal_numbers_are_equal(found: list[Any]) -> None:
    same = [int(each) if isinstance(each, float) and each.is_integer() else each for each in found]

    assert identity(found) == identity(same)
    assert identity({"a": found, "b": 1}) == identity({"b": 1.0, "a": same})
    assert identity({"a": found, "b": 1}) != identity({"b": 2.0, "a": same})


@pytest.mark.parametrize(("whole", "real"), [(10**10, 1e10), (0, -0.0), (1234567891, 1234567891.0), (1, 1.0000000001)])
def test_equal_numbers_are_one_group_and_one_value(whole: int, real: float) -> None:
    runs = [make_run(1, config={"x": whole}), make_run(2, config={"x": real})]

    (group,) = judge_text(one_gate("for_each: config.x\nexpect: {state: FINISHED}"), *runs).gates
    counted = judge_gate_body("expect: {distinct(config.x): 1}", *runs)

    assert [run.id for run in group.runs_selected] == ["run-1", "run-2"]
    assert counted.status is Status.PASS


def test_what_is_not_equal_has_two_identities() -> None:
    assert identity(inf) != identity(-inf)
    assert identity(999_999_999.6) == identity(10**9)
    assert identity(999_999_999.4) == identity(999_999_999)
