"""Wildcards, and runs that must have been made under the same conditions."""

from dataclasses import replace
from typing import Any

import pytest
from gate_factories import NOW, bound, judge_gate_body, make_run

from swanlab_ci import gate
from swanlab_ci.gate import GateFile
from swanlab_ci.gate.spec.fields import Field, parse_path
from swanlab_ci.gate.spec.gates import Unchanged
from swanlab_ci.gate.spec.wildcards import covers, is_pattern, matching
from swanlab_ci.judgement import CheckKind, Comparing, GateResult
from swanlab_ci.model import Outcome, Run, Status

CONFIG = {"lr": 0.1, "seed": 0, "augment": {"flip": True, "crop": {"size": 4}}, "a.b": 1, "empty": {}}
METRICS = {"val/acc_top1": {"last": 0.9, "max": 0.95}, "val/acc_top5": {"last": 0.99}, "loss": {"last": 0.1}}


def field(path: str) -> Field:
    found = parse_path(path)
    assert found
    return found


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("config.*", ["config.augment.crop.size", "config.augment.flip", "config.empty", "config.lr", "config.seed"]),
        ("config.augment.*", ["config.augment.crop.size", "config.augment.flip"]),
        ("config.l*", ["config.lr"]),
        ("config.x*", []),
        ("metrics.val/acc_*", ["metrics.val/acc_top1", "metrics.val/acc_top5"]),
        ("metrics.*.max", ["metrics.loss.max", "metrics.val/acc_top1.max", "metrics.val/acc_top5.max"]),
        ("requirements.*", []),
    ],
)
def test_a_star_stands_for_these_keys(pattern: str, found: list[str]) -> None:
    run = make_run(config=CONFIG, metrics=METRICS)

    assert is_pattern(field(pattern))
    assert [each.text for each in matching(field(pattern), run) if each.text != 'config["a.b"]'] == found


def test_a_key_with_a_dot_is_found_and_quoted() -> None:
    (found,) = matching(field("config.a*b"), make_run(config={"a.b": 1}))

    assert found.text == 'config["a.b"]'
    assert found.read(make_run(config={"a.b": 1}), NOW).value == 1


def test_a_quoted_star_is_a_star() -> None:
    assert not is_pattern(field('config["*"]'))


def test_what_was_not_fetched_has_no_keys() -> None:
    assert matching(field("metrics.*"), make_run(metrics=None)) == ()


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("config.*", "config.a.b", True),
        ("config.lr", "config.lr", True),
        ("config.lr", "config.lr2", False),
        ("config.*", "metrics.a", False),
    ],
)
def test_a_pattern_covers_a_field(pattern: str, path: str, expected: bool) -> None:  # noqa: FBT001 - data
    assert covers(field(pattern), field(path)) is expected


def judged(gate_file: GateFile, *runs: Run) -> GateResult:
    (result,) = gate.judge(gate_file, runs, now=NOW).gates
    return result


def starred(text: str, path: str) -> GateFile:
    """Return the gate file `text` with the field `metrics.x` of its only gate replaced by the pattern `path`."""
    return bound(text.replace("metrics.x", path))


EXPECT = "project: me/net\ngates: [{name: One, expect: {metrics.x: {min: 0.9}}}]"


def test_every_matching_key_is_checked() -> None:
    result = judged(starred(EXPECT, "metrics.val/acc_*"), make_run(metrics=METRICS))

    assert result.status is Status.PASS
    assert [check.field for check in result.checks] == ["metrics.val/acc_top1", "metrics.val/acc_top5"]


def test_one_key_that_misses_fails() -> None:
    metrics = METRICS | {"val/acc_top3": {"last": 0.5}}

    result = judged(starred(EXPECT, "metrics.val/acc_*"), make_run(metrics=metrics))

    assert [check.field for check in result.deciding] == ["metrics.val/acc_top3"]


def test_no_matching_key_is_missing() -> None:
    (check,) = judged(starred(EXPECT, "metrics.test_*"), make_run(metrics=METRICS)).checks

    assert (check.field, check.outcome) == ("metrics.test_*", Outcome.MISSING)


COMPARE = """
project: me/net
baselines: {main: {runs: {labels: main}}}
gates:
  - name: One
    runs: {labels: new}
    compare: {metrics.x: {to: main, better: higher, allow_worse: 1%}}
"""


def sides(new: dict[str, Any], base: dict[str, Any]) -> list[Run]:
    return [
        make_run(1, labels=("new",), **new),
        *(make_run(50 + number, labels=("main",), **base) for number in range(3)),
    ]


def test_every_matching_key_is_compared() -> None:
    worse = METRICS | {"val/acc_top5": {"last": 0.5}}

    result = judged(starred(COMPARE, "metrics.val/acc_*"), *sides({"metrics": worse}, {"metrics": METRICS}))

    assert [(check.field, check.outcome) for check in result.checks] == [
        ("metrics.val/acc_top1", Outcome.OK),
        ("metrics.val/acc_top5", Outcome.VIOLATED),
    ]


def test_a_comparison_of_no_key_is_missing() -> None:
    (check,) = judged(starred(COMPARE, "metrics.test_*"), *sides({"metrics": METRICS}, {"metrics": METRICS})).checks

    assert check.comparison
    assert (check.comparison.found, check.comparison.costs) == (Comparing.VALUE_MISSING, Status.FAIL)


def same(*paths: str) -> GateFile:
    gate_file = bound(COMPARE)
    (one,) = gate_file.gates
    comparison = replace(one.compare[0], same=tuple(map(field, paths)))
    return replace(gate_file, gates=(replace(one, compare=(comparison,)),))


X = {"x": {"last": 0.9}}


@pytest.mark.parametrize(
    ("new", "base", "status"),
    [
        ({"data": "v1"}, {"data": "v1"}, Status.PASS),
        ({"data": "v1"}, {"data": "v2"}, Status.ERROR),
        ({}, {"data": "v2"}, Status.ERROR),
        ({"data": "v1"}, {}, Status.ERROR),
        ({}, {}, Status.ERROR),
        ({"data": 1}, {"data": 1.0}, Status.PASS),
    ],
)
def test_conditions_must_be_the_same(new: dict[str, Any], base: dict[str, Any], status: Status) -> None:
    result = judged(same("config.data"), *sides({"config": new, "metrics": X}, {"config": base, "metrics": X}))

    assert result.status is status
    assert result.checks[0].comparison
    if status is Status.ERROR:
        assert result.checks[0].comparison.found is Comparing.DIFFERENT_CONDITIONS


def unchanged(*paths: str, exempt: tuple[str, ...] = (), text: str = COMPARE) -> GateFile:
    gate_file = bound(text)
    (one,) = gate_file.gates
    asked = Unchanged("main", tuple(map(field, paths)), tuple(map(field, exempt)), place=one.place)
    return replace(gate_file, gates=(replace(one, compare=(), unchanged=asked),))


@pytest.mark.parametrize(
    ("new", "changed"),
    [
        (CONFIG, []),
        (CONFIG | {"lr": 0.2}, ["config.lr"]),
        (CONFIG | {"augment": {"flip": False, "crop": {"size": 4}}}, ["config.augment.flip"]),
        (CONFIG | {"more": 1}, ["config.more"]),
        ({key: value for key, value in CONFIG.items() if key != "seed"}, ["config.seed"]),
    ],
)
def test_a_key_that_differs_or_is_on_one_side_only_is_a_change(new: dict[str, Any], changed: list[str]) -> None:
    result = judged(unchanged("config.*"), *sides({"config": new}, {"config": CONFIG}))

    assert result.status is (Status.FAIL if changed else Status.PASS)
    assert [check.field for check in result.deciding] == changed
    assert {check.kind for check in result.checks} == {CheckKind.UNCHANGED}


def test_some_keys_may_change() -> None:
    result = judged(
        unchanged("config.*", exempt=("config.l*",)), *sides({"config": CONFIG | {"lr": 1}}, {"config": CONFIG})
    )

    assert result.status is Status.PASS


def test_nothing_is_unchanged_from_an_empty_baseline() -> None:
    assert judged(unchanged("config.*"), make_run(1, labels=("new",), config=CONFIG)).status is Status.ERROR


@pytest.mark.parametrize(
    ("fields", "exempt", "missing"),
    [
        (("config.nope",), (), ["config.nope"]),
        (("config.zzz*", "config.lr"), (), ["config.zzz*"]),
        (("config.*",), ("config.*",), ["config.*"]),
    ],
)
def test_a_field_that_no_run_has_is_not_unchanged(
    fields: tuple[str, ...], exempt: tuple[str, ...], missing: list[str]
) -> None:
    result = judged(unchanged(*fields, exempt=exempt), *sides({"config": CONFIG}, {"config": CONFIG}))

    assert result.status is Status.FAIL
    assert [(check.field, check.outcome) for check in result.deciding] == [(path, Outcome.MISSING) for path in missing]


def test_a_newer_baseline_run_that_goes_on_is_waited_for() -> None:
    latest = COMPARE.replace("{labels: main}", "{labels: main, state: FINISHED}, latest_by: config.seed")
    runs = sides({"config": CONFIG}, {"config": CONFIG})
    going = make_run(2, labels=("main",), state="RUNNING", config=CONFIG)

    result = judged(unchanged("config.lr", text=latest), *runs, going)

    assert result.status is Status.PENDING
    assert [(check.kind, check.run and check.run.id) for check in result.deciding] == [(CheckKind.UNCHANGED, going.id)]


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("{min: 0.9, max: 1}", [True, False, False]),
        ("{any_of: [{min: 0.95}, {max: 0.2}]}", [False, True, False]),
        ("{not: 0.1}", [True, False, True]),
        ("{min: 0.4, optional: true}", [True, False, True]),
        ("{max: {field: config.limit}}", [False, True, True]),
        ("{max: {field: metrics.a*, times: 2}}", [True, True, True]),
        ("{min: {field: metrics.a*, times: 2}}", [False, False, False]),
    ],
)
def test_any_condition_is_asked_about_each_key(condition: str, holds: list[bool]) -> None:
    metrics = {f"a{number}": {"last": value} for number, value in enumerate([0.9, 0.1, 0.5])}
    text = EXPECT.replace("{min: 0.9}", condition)

    result = judged(starred(text, "metrics.a*"), make_run(metrics=metrics, config={"limit": 0.6}))

    checks = {check.field: check.outcome is Outcome.OK for check in result.checks}
    assert checks == {f"metrics.a{number}": expected for number, expected in enumerate(holds)}


@pytest.mark.parametrize(
    ("pattern", "config", "found"),
    [
        ("config.a.b*", {"ab1": 1, "a": {"b1": 2}}, ["config.a.b1"]),
        ('config["a*"].b*', {"a*": {"b1": 1}, "ax": {"b1": 2}}, ['config["a*"]["b1"]']),
        ("config.q*", {'q"\\': 1}, ['config["q\\"\\\\"]']),
        ("config.a*", {"a*b": 1}, ['config["a*b"]']),
        ("config.n*", {"n": {"a b": 1}}, ['config["n"]["a b"]']),
    ],
)
def test_a_found_key_is_spelled_so_that_it_is_found_again(
    pattern: str, config: dict[str, Any], found: list[str]
) -> None:
    matched = matching(field(pattern), make_run(config=config))

    assert [each.text for each in matched] == found
    assert not any(is_pattern(each) for each in matched)
    assert all(part.quoted for each in matched for part in each.path)
    again = [parse_path(text) for text in found]
    assert [each and [part.text for part in each.path] for each in again] == [
        [part.text for part in each.path] for each in matched
    ]


def test_a_star_before_a_step_reads_the_step() -> None:
    run = make_run(metrics={"acc": {"last": 0.9, "max": 0.95, "max.step": 7}})

    (found,) = matching(field("metrics.a*.max.step"), run)

    assert found.text == "metrics.acc.max.step"
    assert found.path[1:] == (("max", False), ("step", False))
    assert not any(part.quoted is None for part in found.path)
    assert found.read(run, NOW).value == 7


def test_a_field_that_is_no_map_has_no_keys() -> None:
    assert matching(field("age"), make_run()) == ()


def test_nested_paths_cover_each_other_part_by_part() -> None:
    assert covers(field("config.a.b"), field("config.a.b"))
    assert covers(field("config.a.*"), field("config.a.b"))
    assert not covers(field("config.a.b"), field("config.axb"))


@pytest.mark.parametrize(
    "condition",
    [
        "{any_of: [{min: {field: 'metrics.acc_*', plus: 0}}]}",
        "{min: {field: 'metrics.acc_*', plus: 0}, optional: true}",
    ],
)
def test_a_bound_with_a_star_within_a_condition_is_of_the_field_that_is_judged(condition: str) -> None:
    run = make_run(metrics={"acc_a": {"last": 0.2}, "acc_b": {"last": 0.9}})

    result = judge_gate_body(f"expect: {{'metrics.acc_*': {condition}}}", run)

    assert result.status is Status.PASS
