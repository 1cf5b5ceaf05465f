"""Facts for reports: both sides, what changed, the runs and their curves; the verdict does not depend on them."""

import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example as with_points
from hypothesis import given
from hypothesis import strategies as st
from support.example import GATES, GREEN, NOW, RED, Example, example, green, red, run

from swanlab_ci import gate, insight
from swanlab_ci.gate.spec.fields import parse_path
from swanlab_ci.gate.spec.report import ReportMetric, ReportSpec
from swanlab_ci.insight import Details, Insight
from swanlab_ci.insight.changes import HIDDEN, is_secret
from swanlab_ci.insight.curves import at, bands, clean, common_span, grid
from swanlab_ci.insight.facts import RunCurve
from swanlab_ci.model import Git, Point, Run, RunRef, Status


def with_report(found: Example, **spec: Any) -> Insight:
    return replace_rules(found, replace(found.rules, report=ReportSpec(**spec))).insight


def replace_rules(found: Example, rules: gate.GateFile) -> Example:
    return found._replace(rules=rules)


def field(text: str) -> Any:
    found = parse_path(text)
    assert found
    return found


def test_the_worst_rows_come_first_then_the_order_of_the_gates() -> None:
    found = [(row.status, row.label, row.function) for row in red().insight.rows]

    assert found[:4] == [
        (Status.FAIL, "state", ""),
        (Status.FAIL, "config.lr", ""),
        (Status.FAIL, "val/acc", ""),
        (Status.FAIL, "val/loss", ""),
    ]
    assert {status for status, _, _ in found[4:]} == {Status.PASS}


def test_a_row_has_both_sides_in_numbers() -> None:
    row = red().insight.rows[2]

    assert row.new
    assert row.base
    assert (round(row.new.centre or 0, 5), round(row.base.centre or 0, 5)) == (0.89828, 0.92748)
    assert (len(row.new.values), len(row.base.values)) == (3, 5)
    assert row.baseline == "main"
    assert row.better == "higher"
    assert row.comparison


def test_an_aggregate_of_a_compared_field_belongs_to_its_row() -> None:
    row = red().insight.rows[2]

    assert [(bound.operator, bound.values) for bound in row.bounds] == [("min", (0.9,))]


def test_a_group_meets_only_the_baseline_runs_of_its_group() -> None:
    cifar, svhn = [row for row in red().insight.rows if row.function == "mean"]

    assert cifar.base
    assert len(cifar.base.values) == 5
    assert svhn.base is None


def test_a_setting_far_from_the_baselines_has_its_factor() -> None:
    factors = {row.label: row.factor for row in red().insight.rows}

    assert factors["config.lr"] == pytest.approx(50)
    assert factors["config.seed"] is None


def test_a_run_that_missed_is_named_in_its_row() -> None:
    assert [each.name for each in red().insight.rows[1].missed] == ["pr42-s1", "pr42-s2", "pr42-s3"]


def test_equal_misses_of_several_gates_are_one_row() -> None:
    extra = "".join(
        f"  - {{name: Again {n}, runs: {{labels: evaluation, config.dataset: cifar10, git.branch: $head_branch}},"
        " expect: {config.lr: {max: 0.001}}}\n"
        for n in range(20)
    )
    found = example(text=GATES + extra)

    rows = [row for row in found.insight.rows if row.field == "config.lr" and row.status is Status.FAIL]
    assert [len(row.also) for row in rows] == [0, 19]


def test_what_changed_names_keys_without_a_common_value_first() -> None:
    changes = red().insight.changes

    assert changes
    assert [(part.name, [change.key for change in part.changes]) for part in changes.parts] == [
        ("config", ["lr", "warmup_steps", "api_key", "augment"]),
        ("requirements", ["torch", "swanlab"]),
        ("git", ["commit", "branch"]),
    ]
    assert [change.key for change in changes.all][-1] == "swanlab"


def test_a_change_has_its_values_and_how_many_runs_have_each() -> None:
    changes = red().insight.changes

    assert changes
    by_key = {change.key: change for change in changes.all}
    assert (by_key["lr"].new, by_key["lr"].base) == ((("0.05", 3),), (("0.001", 5),))
    assert by_key["swanlab"].base == (("0.10.3", 3), ("0.7.20", 2))
    assert by_key["augment"].base == ()
    assert not by_key["swanlab"].apart


def test_what_differs_in_every_run_and_what_is_a_pull_requests_own_is_left_out() -> None:
    changes = red().insight.changes

    assert changes
    assert changes.varying == ("run_dir",)
    assert "pr" not in {change.key for change in changes.all}


def test_a_change_of_one_run_against_one_is_shown() -> None:
    alone = example(RED[:1], text=GATES.replace("newest: 5", "newest: 1"))

    assert alone.insight.changes
    assert "lr" in {change.key for change in alone.insight.changes.all}


def test_a_value_whose_name_sounds_like_a_secret_is_hidden() -> None:
    changes = red().insight.changes

    assert changes
    (found,) = [change for change in changes.all if change.key == "api_key"]
    assert (found.new, found.base) == (((HIDDEN, 3),), ((HIDDEN, 5),))


@pytest.mark.parametrize(
    ("key", "value", "hidden"),
    [
        ("wandb_token", "x", True),
        ("DB_PASSWORD", 1234, True),
        ("apikey", "x", True),
        ("opt.private.x", "x", True),
        ("auth", "x", True),
        ("max_tokens", 512, False),
        ("tokenizer", "bpe", False),
        ("author", "mona", False),
        ("lr", 0.1, False),
    ],
)
def test_which_names_sound_like_a_secret(key: str, value: Any, hidden: bool) -> None:  # noqa: FBT001 - a table
    assert is_secret(key, value) is hidden


def test_ignored_fields_are_no_change() -> None:
    found = with_report(red(), ignored=(field("config.lr"), field("config.aug*"), field("requirements.torch")))

    assert found.changes
    assert {change.key for change in found.changes.all} == {"warmup_steps", "api_key", "swanlab", "commit", "branch"}


def test_a_value_is_cut_and_a_nested_map_is_read_by_its_paths() -> None:
    found = example()
    runs = tuple(
        replace(each, config={"opt": {"name": ("x" if each.git and each.git.branch == "main" else "y") * 99}})
        for each in found.runs
    )

    changes = found._replace(runs=runs, verdict=found.verdict).insight.changes

    assert changes
    (change, *_) = changes.all
    assert change.key == "opt.name"
    assert change.new[0][0] == "y" * 39 + "…"


def test_runs_of_the_report_have_their_columns_and_metrics() -> None:
    found = red().insight

    assert found.columns == ("config.lr", "config.seed", "config.dataset")
    by_name = {each.run.name: each for each in found.new_runs}
    assert by_name["pr42-s1"].metrics["metrics.val/acc"] == 0.89919
    assert by_name["pr42-s1"].missed == ("config.lr",)
    assert by_name["pr42-smoke"].missed == ("state",)
    assert by_name["pr42-smoke"].duration == 180
    assert len(found.base_runs) == 5


def test_the_worst_miss_is_drawn_first() -> None:
    assert red().insight.charts == ("val/acc", "val/loss")
    text = GATES.replace("allow_worse: 1%", "allow_worse: 90%").replace("min: 0.9}", "min: 0.1}")
    assert example(text=text).insight.charts == ("val/loss", "val/acc")


def test_without_a_baseline_nothing_is_compared() -> None:
    found = example(baseline=False).insight

    assert found.changes is None
    assert found.base_runs == ()


def test_the_file_chooses_metrics_columns_charts_and_baseline() -> None:
    metric = ReportMetric(field("metrics.val/loss"), "lower", "Loss")
    found = with_report(
        red(), metrics=(metric,), columns=(field("config.augment"),), charts=(field("metrics.val/loss"),)
    )

    assert [(each.key, each.label, each.better) for each in found.metrics] == [("val/loss", "Loss", "lower")]
    assert found.columns == ("config.augment",)
    assert found.charts == ("val/loss",)
    assert with_report(red(), charts=()).charts == ()


@pytest.mark.parametrize(
    ("expect", "shown"),
    [
        ("{state: FINISHED}", ["val/acc"]),
        ("{metrics.__swanlab__.cpu.pct: {max: 90}}", ["__swanlab__.cpu.pct"]),
    ],
)
def test_what_the_sdk_monitors_is_shown_only_where_a_gate_names_it(expect: str, shown: list[str]) -> None:
    logged = {"__swanlab__.cpu.pct": {"last": 30.0}, "__swanlab__.mem.pct": {"last": 8.0}, "val/acc": {"last": 0.9}}
    text = f"version: 1\nproject: a/b\ngates:\n  - {{name: Done, runs: {{labels: x}}, expect: {expect}}}\n"

    found = example(text=text, extra=(run("one", age=1, labels=("x",), metrics=logged),)).insight

    assert [each.key for each in found.metrics] == shown


def test_a_column_whose_name_sounds_like_a_secret_is_hidden() -> None:
    found = with_report(red(), columns=(field("config.api_key"), field("config.seed")))

    assert {each.columns["config.api_key"] for each in found.new_runs} == {"***"}
    assert {each.columns["config.seed"] for each in found.new_runs} >= {1, 2, 3}


def test_pending_says_how_long_the_run_will_take() -> None:
    going = run(
        "long-schedule",
        age=25 / 60,
        state="RUNNING",
        finished_at=None,
        labels=("long",),
        config={},
        metrics={},
        requirements={"torch": "2.6.0"},
    )
    text = GATES + "  - {name: Long, runs: {labels: long}, expect: {state: FINISHED}}\n"
    found = example(GREEN, lr=0.0012, smoke="FINISHED", text=text, extra=(going,))

    assert found.verdict.status is Status.PENDING
    assert found.insight.time_left == pytest.approx((96 - 25) * 60)
    assert green().insight.time_left is None


def test_details_make_runs_more_complete_for_the_report_alone() -> None:
    found = example()
    bare = tuple(replace(each, requirements=None) if each.name != "pr42-smoke" else each for each in found.runs)
    without = found._replace(runs=bare).insight
    fuller = found._replace(runs=bare, details=Details(runs=found.runs)).insight

    assert without.changes
    assert fuller.changes
    assert "torch" not in {change.key for change in without.changes.all}
    assert "torch" in {change.key for change in fuller.changes.all}


def test_a_verdict_alone_gives_rows() -> None:
    found = insight.of_verdict(red().verdict)

    assert [row.label for row in found.rows][:2] == ["state", "config.lr"]
    assert found.new_runs == ()


def test_the_plan_asks_for_little() -> None:
    found = red()
    bare = [replace(each, requirements=None, git=Git()) for each in found.runs]
    many = [replace(each, id=f"{each.id}{n}") for each in bare for n in range(9)]
    plan = insight.plan(found.rules, found.verdict, bare, now=NOW)

    assert plan.keys == ("val/acc", "val/loss")
    assert len(plan.curves) <= 15
    assert len(insight.plan(found.rules, found.verdict, [*many, *bare], now=NOW).profiles) <= 10
    no_charts = replace(found.rules, report=ReportSpec(charts=()))
    assert insight.plan(no_charts, found.verdict, bare, now=NOW).curves == ()


def curve(*values: float, start: int = 0) -> RunCurve:
    return RunCurve(RunRef("a", "a"), tuple(Point(start + at, value) for at, value in enumerate(values)))


def test_points_that_go_back_or_are_not_finite_are_put_in_order() -> None:
    points = [(3, 1.0), (1, math.nan), (2, 5.0), (3, 2.0), (4, math.inf)]

    assert clean(points) == (Point(2, 5.0), Point(3, 2.0))
    assert clean([]) == ()


def test_a_band_is_the_lowest_mean_and_highest_of_the_runs() -> None:
    found = bands([curve(0, 2, 4), curve(2, 2, 2)], grid(0, 2, 3))

    assert found == [(0, 1, 2), (2, 2, 2), (2, 3, 4)]


def test_sides_are_drawn_where_both_have_a_run() -> None:
    assert common_span([curve(1, 2, 3, 4)], [curve(1, 2, start=2)]) == (2, 3)
    assert common_span([curve(1, 2)], [curve(1, 2, start=9)]) is None
    assert common_span([curve(1)], []) is None


@given(st.lists(st.tuples(st.integers(-99, 99), st.floats(allow_nan=True)), max_size=30), st.integers(-120, 120))
@with_points([(0, 0.1), (5, 0.1)], 1)
def test_a_value_between_points_lies_between_their_values(points: list[tuple[int, float]], step: int) -> None:
    found = clean(points)
    value = at(found, step)

    if not found or not found[0].step <= step <= found[-1].step:
        assert value is None
    else:
        assert value is not None
        assert min(p.value for p in found) <= value <= max(p.value for p in found) or math.isinf(abs(value) * 2)


def test_an_odd_config_is_no_reason_to_fail() -> None:
    odd: Any = {"": None, "a": {"b": {}}, "l": [[1], {"x": 2}], "n": math.nan, "deep": nested(30)} | {
        f"k{n}": n for n in range(1000)
    }
    found = example()
    runs = tuple(replace(each, config=odd if "main" in each.name else {}) for each in found.runs)

    changes = found._replace(runs=runs).insight.changes

    assert changes
    assert len(changes.all) > 1000


def nested(depth: int) -> Any:
    return {"x": nested(depth - 1)} if depth else 1


@pytest.mark.slow
def test_five_thousand_runs_are_drawn_in_time() -> None:
    many: tuple[Run, ...] = tuple(
        run(f"pr42-m{n}", age=3 + n / 1000, config={"lr": 1.0}, metrics={}, requirements={"torch": "2.6.0"})
        for n in range(5000)
    )

    assert len(example(extra=many).insight.new_runs) == 5005
