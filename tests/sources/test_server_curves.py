"""The points of curves from a server: of candidate runs and asked metrics only, whole, and in two requests each."""

import math
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from server_sources import COMMIT, NEWEST, NOW, SwanLab, make_run

from swanlab_ci import gate
from swanlab_ci.client.reader import connect
from swanlab_ci.errors import TimeLimitError, UnavailableError
from swanlab_ci.model import Points, Run, Status
from swanlab_ci.runtime.deadline import Deadline
from swanlab_ci.sandbox import Fault
from swanlab_ci.sandbox.storage.store import StoredRun
from swanlab_ci.sources.server import ServerSource

Start = Callable[..., SwanLab]
ACC = Points.of([0, 1], [0.5, 0.9])


def gates(expect: str, *, runs: str = "{labels: eval}") -> str:
    return (
        "project: team/resnet\n"
        "curves: {a: {of: acc, take: max_rise}, b: {of: loss, take: count}, c: {of: acc, take: slope}}\n"
        f"gates:\n  - {{name: One, runs: {runs}, expect: {expect}}}\n"
    )


A = gates("{curve.a: {max: 2}}")


SERIES = {key: [[0, 0.5, 1_000], [1, 0.9, 2_000]] for key in ("acc", "loss", "lr")}


@cache
def ten_thousand() -> tuple[StoredRun, ...]:
    """Make the runs of a large project once; the first hundred are candidates."""
    return tuple(make_run(number, labels=["eval"] if number < 100 else [], series=SERIES) for number in range(10_000))


def points_of(runs: tuple[Run, ...]) -> dict[str, Any]:
    return {run.id: run.points for run in runs}


def test_points_are_fetched_for_candidates_and_asked_metrics_alone(start: Start) -> None:
    swanlab = start(*map(make_run, range(20)))

    runs = swanlab.fetch(gates("{curve.a: {max: 2}, curve.c: {min: 0}}", runs="{name: {like: 'seed-*'}, labels: eval}"))

    assert points_of(runs) == {run.id: {"acc": ACC} if number < NEWEST else None for number, run in enumerate(runs)}
    assert swanlab.asked["csv"] == NEWEST


FIFTEEN = "".join(
    f"  - {{name: Gate {number}, runs: {{labels: eval}}, expect: {{metrics.acc.max: {{min: 0}}, {{curve}}}}}}\n"
    for number in range(15)
)
THREE_CURVES = "curves: {a: {of: acc, take: max_rise}, b: {of: loss, take: count}, c: {of: lr, take: slope}}\n"


def test_three_curves_over_a_hundred_of_ten_thousand_runs_take_two_requests_for_each_of_them(start: Start) -> None:
    swanlab = start(*ten_thousand())
    swanlab.fetch("project: team/resnet\ngates:\n" + FIFTEEN.replace("{curve}", "config.commit: {exists: true}"))
    before = len(swanlab.sandbox.requests)

    curves = "curve.a: {max: 2}, curve.b: {min: 1}, curve.c: {min: 0}"
    runs = swanlab.fetch(f"project: team/resnet\n{THREE_CURVES}gates:\n" + FIFTEEN.replace("{curve}", curves))

    assert [sorted(run.points) for run in runs if run.points is not None] == [["acc", "loss", "lr"]] * 100
    assert len(swanlab.sandbox.requests) - 2 * before == 2 * 3 * 100


def test_a_run_without_the_metric_has_no_points_and_takes_no_more_requests(start: Start) -> None:
    swanlab = start(make_run(0), make_run(1, series={"loss": [[0, 0.1, 1]]}), make_run(2, series={}))

    runs = swanlab.fetch(A)
    none = Points.of((), ())

    assert [run.points for run in runs] == [{"acc": ACC}, {"acc": none}, {"acc": none}]
    assert swanlab.asked["csv"] == 3
    assert swanlab.asked["export"] == 0


def test_a_server_without_the_older_route_gives_the_points_by_the_newer(start: Start) -> None:
    swanlab = start(make_run(0), make_run(1, series={"loss": [[0, 0.1, 1]]}))
    swanlab.sandbox.faults.add(Fault(kind="status", status=404, path="*/column/csv"))

    runs = swanlab.fetch(A)

    assert [run.points for run in runs] == [{"acc": ACC}, {"acc": Points.of((), ())}]
    assert swanlab.asked["export"] == 1


@pytest.mark.parametrize("status", [403, 500])
def test_points_that_are_refused_end_the_check(start: Start, status: int) -> None:
    swanlab = start(make_run(0))
    swanlab.sandbox.faults.add(Fault(kind="status", status=status, path="*/column/csv"))

    with pytest.raises(UnavailableError):
        swanlab.fetch(A)


def test_points_are_whole_with_what_is_not_a_number_and_in_any_order(start: Start) -> None:
    series = [[step, 1.0 if step != 200 else "NaN", 1] for step in range(3000)]
    swanlab = start(make_run(0, series={"acc": [*series[::-1]]}), make_run(1, series={"acc": [[7, "INF", 1]]}))

    long, short = (run.points or {} for run in swanlab.fetch(A))

    assert [*long["acc"].steps] == [*range(3000)]
    assert math.isnan(long["acc"].values[200])
    assert [*short["acc"].values] == [math.inf]


def test_of_a_sweep_the_points_of_the_best_runs_are_read(start: Start) -> None:
    swanlab = start(*(make_run(number, labels=["eval"], series={"acc": [[0, number, 1]]}) for number in range(40)))
    take = "{labels: eval}, take: {best: 2, by: metrics.acc, better: higher}"

    runs = swanlab.fetch(gates("{curve.b: {min: 0}}", runs=take))

    assert [run.id for run in runs if run.points is not None] == ["run00038", "run00039"]


def test_points_of_a_baseline_are_read_for_what_is_compared(start: Start) -> None:
    swanlab = start(*map(make_run, range(20)))
    text = (
        "project: team/resnet\ncurves: {a: {of: acc, take: max_rise}, b: {of: loss, take: count}}\n"
        "baselines: {main: {runs: {labels: release}, newest: 2}}\n"
        "gates:\n  - name: One\n    runs: {labels: eval}\n    expect: {curve.b: {min: 1}}\n"
        "    compare: {curve.a: {to: main, better: lower, allow_worse: 1%}}\n"
    )

    runs = swanlab.fetch(text)
    keys = {run.id: sorted(run.points) for run in runs if run.points is not None}

    assert {run: keys[run] for run in sorted(keys)[:NEWEST]} == {f"run{n:05}": ["acc", "loss"] for n in range(NEWEST)}
    assert {tuple(found) for run, found in keys.items() if run >= f"run{NEWEST:05}"} == {("acc",)}


def test_a_selection_by_a_curve_reads_the_points_of_the_runs_in_doubt(start: Start) -> None:
    swanlab = start(*map(make_run, range(20)))

    runs = swanlab.fetch(gates("{state: FINISHED}", runs="{labels: eval, curve.b: 1}"))

    assert sum(run.points is not None for run in runs) == NEWEST


def test_a_run_that_goes_on_is_read_again(start: Start) -> None:
    swanlab = start(make_run(0, state="RUNNING"), make_run(1))
    rules = gate.bind(gate.load(gates("{curve.b: {max: 1}}"), name="gates.yml"), {"pr_commits": (COMMIT,)}, event="")
    reader = connect({}, api_key=swanlab.sandbox.api_key, host=swanlab.sandbox.url)
    source = ServerSource(reader, "team/resnet", rules)
    runs = source.fetch(NOW)
    store = swanlab.sandbox.store
    found = store.find("run00000")
    assert found
    found[1].series["loss"].append([1, 0.2, 2_000])

    fresh = source.refresh(runs, ["run00000"], NOW)

    assert gate.judge(rules, runs, now=NOW).status is Status.PENDING
    assert [len((run.points or {})["loss"]) for run in fresh] == [2, 1]
    assert gate.judge(rules, fresh, now=NOW).status is Status.FAIL


def test_the_time_limit_holds_while_points_are_read(start: Start) -> None:
    swanlab = start(*(make_run(number, labels=["eval"]) for number in range(30)))
    swanlab.sandbox.faults.add(Fault(kind="latency", seconds=1, path="*/column/csv"))
    rules = gate.bind(gate.load(A, name="gates.yml"), {}, event="")
    reader = connect({}, api_key=swanlab.sandbox.api_key, host=swanlab.sandbox.url, deadline=Deadline(1.5))

    with pytest.raises(TimeLimitError):
        ServerSource(reader, "team/resnet", rules).fetch(NOW)
