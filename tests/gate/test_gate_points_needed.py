"""Points are read of few runs: with those of `points_needed` alone, the verdict is that of all points."""

from dataclasses import replace
from datetime import timedelta

from gate_factories import NOW, bound, make_run
from hypothesis import given
from hypothesis import strategies as st

from swanlab_ci import gate
from swanlab_ci.model import Points, Run

CURVES = "curves: {a: {of: x, take: max}, b: {of: x, take: not_finite}, c: {of: y, last: 1, take: mean}}\n"
STATES = ("FINISHED", "CRASHED", "RUNNING")
VALUES = st.lists(st.sampled_from([0.0, 1.0, 2.0, 5.0, float("nan")]), max_size=3)


@st.composite
def runs(draw: st.DrawFn) -> list[Run]:
    """Make up to 8 runs of two labels and three seeds."""
    found = []
    for number in range(draw(st.integers(0, 8))):
        points = {key: Points.of(range(len(values)), values) for key in "xy" for values in [draw(VALUES)]}
        found.append(
            make_run(
                number,
                labels=(draw(st.sampled_from(["new", "old"])),),
                state=draw(st.sampled_from(STATES)),
                created_at=NOW - timedelta(minutes=number),
                config={"seed": draw(st.sampled_from([1, 2, 3]))},
                metrics={"m": {"last": draw(st.sampled_from([1, 2, 3]))}},
                points=points,
            )
        )
    return found


NARROWED = st.sampled_from(
    [
        "",
        "newest: 2",
        "latest_by: config.seed",
        "take: {best: 2, by: metrics.m, better: higher}",
        "take: {best: 1, by: curve.a, better: lower}",
        "latest_by: config.seed, take: {best: 1, by: metrics.m, better: lower}",
        "latest_by: config.seed, newest: 1",
    ]
)
SELECTED = st.sampled_from(
    ["{labels: new}", "{labels: new, curve.b: 0}", "{labels: new, state: FINISHED}", "{metrics.m: {min: 2}}"]
)
CHECKS = st.sampled_from(
    [
        "expect: {curve.a: {max: 2}, curve.b: 0}",
        "expect: {mean(curve.a): {max: 2}, metrics.m: {max: {field: curve.c}}}",
        "expect: {state: FINISHED}, compare: {curve.c: {to: main, better: lower, allow_worse: 10%}}",
        "compare: {curve.a: {to: main, better: lower, allow_worse: 0, pair_by: config.seed}}",
        "unchanged: {to: main, fields: [curve.a, config.seed]}",
        "for_each: config.seed, compare: {curve.c: {to: main, better: lower, allow_worse: 10%, on_missing: skip}}",
    ]
)
BASES = st.sampled_from(["{labels: old}", "{labels: old, curve.b: 0}", "{labels: [new, old]}"])


@given(runs(), SELECTED, NARROWED, CHECKS, BASES, NARROWED)
def test_the_points_that_are_needed_are_enough(  # noqa: PLR0917 - one of each
    made: list[Run], selected: str, narrowed: str, checks: str, base: str, base_narrowed: str
) -> None:
    gates = ", ".join(filter(None, [f"name: One, runs: {selected}", narrowed, checks]))
    main = ", ".join(filter(None, [f"runs: {base}", base_narrowed]))
    rules = bound(f"{CURVES}baselines: {{main: {{{main}}}}}\ngates:\n  - {{{gates}}}\n")
    without = [replace(run, points=None) for run in made]

    needed = gate.points_needed(rules, without, now=NOW)
    fetched = [
        replace(run, points={key: (run.points or {})[key] for key in needed[run.id]} if run.id in needed else None)
        for run in made
    ]

    assert gate.judge(rules, fetched, now=NOW) == gate.judge(rules, made, now=NOW)


@given(runs(), NARROWED)
def test_no_run_is_read_that_no_gate_can_select(made: list[Run], narrowed: str) -> None:
    gates = ", ".join(filter(None, ["name: One, runs: {labels: new}", narrowed, "expect: {curve.a: {max: 2}}"]))
    rules = bound(f"{CURVES}gates:\n  - {{{gates}}}\n")

    needed = gate.points_needed(rules, [replace(run, points=None) for run in made], now=NOW)

    assert {run.id for run in made if run.labels == ("new",)} >= needed.keys()
    assert set(needed.values()) <= {("x",)}
