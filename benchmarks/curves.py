"""Measure what curves cost: 15 gates over 100 candidates of 10,000 runs, without curves and with three.

    python benchmarks/curves.py [--runs 10000] [--candidates 100] [--points 1000] [--latency 0.03]

The embedded SwanLab answers each request after `latency` seconds, in a thread of the same process.
"""

import argparse
import sys
import time
from datetime import UTC, datetime

from swanlab_ci import gate
from swanlab_ci.client.reader import connect
from swanlab_ci.sandbox import Fault, Sandbox, Store
from swanlab_ci.sandbox.storage.store import StoredProject, StoredRun, StoredUser, StoredWorkspace
from swanlab_ci.sources.server import ServerSource

NOW = datetime(2026, 11, 24, tzinfo=UTC)
METRICS = ("train/loss", "val/loss", "val/acc")
CURVES = """\
curves:
  spike: {of: train/loss, take: max_rise}
  trend: {of: val/loss, last: 20%, take: slope}
  tail: {of: val/acc, last: 10, take: mean}
"""
ONE_CURVE = "curves: {spike: {of: train/loss, take: max_rise}}\n"


def rules(curves: str, condition: str) -> str:
    """Write 15 gates that all ask for a summary of a metric, and for `condition`."""
    gates = "".join(
        f"  - {{name: Gate {number}, expect: {{metrics.val/acc.max: {{min: 0}}{condition}}}}}\n" for number in range(15)
    )
    return f"project: team/resnet\nruns: {{labels: eval}}\n{curves}gates:\n{gates}"


def store(runs: int, candidates: int, points: int) -> Store:
    """Make a project whose first runs are the candidates; all runs share the points of their metrics."""
    made = Store()
    made.add_user(StoredUser(username="ada", name="Ada", api_key="k" * 21))
    made.add_workspace(StoredWorkspace(username="team", name="Team", type="TEAM", members={"ada": "OWNER"}))
    series = {key: [[step, 1 / (step + 1), 1_700_000_000_000 + step] for step in range(points)] for key in METRICS}
    made.add_project(
        StoredProject(
            cuid="p",
            name="resnet",
            workspace="team",
            created_at="2026-01-01T00:00:00.000Z",
            runs=[
                StoredRun(
                    cuid=f"run{number:05}",
                    name=f"seed-{number}",
                    username="ada",
                    state="FINISHED",
                    created_at="2026-01-01T00:00:00.000Z",
                    labels=["eval"] if number < candidates else [],
                    series=series if number < candidates else {},
                )
                for number in range(runs)
            ],
        )
    )
    return made


def measured(sandbox: Sandbox, text: str) -> tuple[int, float, float]:
    """Return the number of requests, the seconds to fetch, and the seconds to judge."""
    before, started = len(sandbox.requests), time.perf_counter()
    gate_file = gate.bind(gate.load(text, name="gates.yml"), {}, event="")
    reader = connect({}, api_key=sandbox.api_key, host=sandbox.url)
    runs = ServerSource(reader, "team/resnet", gate_file).fetch(NOW)
    fetched = time.perf_counter()
    gate.judge(gate_file, runs, now=NOW)
    return len(sandbox.requests) - before, fetched - started, time.perf_counter() - fetched


def main() -> None:
    """Measure and write a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--candidates", type=int, default=100)
    parser.add_argument("--points", type=int, default=1_000)
    parser.add_argument("--latency", type=float, default=0.03, help="seconds per request")
    asked = parser.parse_args()
    files = {
        "no curve": rules("", ""),
        "1 curve": rules(ONE_CURVE, ", curve.spike: {max: 2}"),
        "3 curves of 3 metrics": rules(CURVES, ", curve.spike: {max: 2}, curve.trend: {max: 0}, curve.tail: {min: 0}"),
    }
    with Sandbox(store(asked.runs, asked.candidates, asked.points)) as sandbox:
        sandbox.faults.add(Fault(kind="latency", seconds=asked.latency))
        sys.stdout.write("| 15 gates | requests | seconds to fetch | seconds to judge |\n|---|--:|--:|--:|\n")
        for name, text in files.items():
            requests, fetch, judge = measured(sandbox, text)
            sys.stdout.write(f"| {name} | {requests:,} | {fetch:.2f} | {judge:.2f} |\n")


if __name__ == "__main__":
    main()
