"""Measure `report.html` for 100 runs with 20 metrics of 500 points each.

`python benchmarks/page.py [--repeat N]` prints the size, and the fastest and the median time. It exits with 1 where the
page is larger than 1 MB or the fastest time is over 0.7 s.
"""

import argparse
import math
import random
import statistics
import sys
import time
from datetime import UTC, datetime

from swanlab_ci.insight.facts import Insight, Metric, MetricCurves, RunCurve, RunFacts
from swanlab_ci.judgement import Judgement, Verdict
from swanlab_ci.messages import Language
from swanlab_ci.model import Point, RunRef, Status
from swanlab_ci.report.html import page

RUNS, NEW, METRICS, POINTS = 100, 60, 20, 500
MOST_BYTES, MOST_SECONDS = 1_000_000, 0.7
PROJECT = "https://swanlab.cn/@my-team/resnet"


def facts() -> Insight:
    """Make up the runs of both sides, with noisy curves that converge."""
    chance = random.Random(1)  # noqa: S311 - made-up data
    refs = [RunRef(f"run{number:03}", f"sweep-{number}", f"{PROJECT}/runs/{number}/chart") for number in range(RUNS)]
    metrics = tuple(Metric(field=f"metrics.m{key}", key=f"m{key}", label=f"m{key}") for key in range(METRICS))

    def curve(run: RunRef) -> RunCurve:
        end = chance.random()
        values = (end * (1 - math.exp(-step / 100)) + chance.gauss(0, 0.01) for step in range(POINTS))
        return RunCurve(run, tuple(Point(step, value) for step, value in enumerate(values)))

    def about(run: RunRef) -> RunFacts:
        values = {metric.field: chance.random() for metric in metrics}
        return RunFacts(run=run, duration=5760.0, columns={"config.seed": chance.randrange(10)}, metrics=values)

    new, base = refs[:NEW], refs[NEW:]
    curves = tuple(MetricCurves(metric=m, new=tuple(map(curve, new)), base=tuple(map(curve, base))) for m in metrics)
    return Insight(
        baseline="main",
        metrics=metrics,
        columns=("config.seed",),
        new_runs=tuple(map(about, new)),
        base_runs=tuple(map(about, base)),
        compared=tuple(run.id for run in new),
        curves=curves,
    )


def main() -> int:
    """Print the measurements; return 1 where they are over the limit."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--repeat", type=int, default=7)
    repeat = parser.parse_args().repeat
    judgement = Judgement(
        verdict=Verdict(Status.PASS), judged_at=datetime(2026, 11, 20, tzinfo=UTC), project_url=PROJECT
    )
    shown, times, size = facts(), [], 0
    for _ in range(repeat):
        start = time.perf_counter()
        size = len(page(judgement, shown, Language.EN).encode())
        times.append(time.perf_counter() - start)
    fastest = min(times)
    sys.stdout.write(f"{size / 1000:.0f} kB, {fastest:.2f} s at best, {statistics.median(times):.2f} s in the middle\n")
    return int(size > MOST_BYTES or fastest > MOST_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
