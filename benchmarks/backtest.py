"""Measure a backtest of 500 changes by 15 gates in a project of 10,000 runs, beside a loop that checks each change.

    python benchmarks/backtest.py [--runs 10000] [--units 500] [--checks 5] [--latency 0.03]

The embedded SwanLab answers each request after `latency` seconds, in a thread of the same process. The loop is what a
script around `check` does: it fetches and judges what each change needs, and cannot go back in time. It is measured for
the newest `--checks` changes.
"""

import argparse
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from swanlab_ci import gate
from swanlab_ci.client.reader import connect
from swanlab_ci.gate import GateFile
from swanlab_ci.history.as_of import Past
from swanlab_ci.history.backtest import backtest
from swanlab_ci.history.units import Binding, Unit, compared_fields, units_of
from swanlab_ci.sandbox import Fault, Sandbox, Store
from swanlab_ci.sandbox.storage.store import StoredProject, StoredRun, StoredUser, StoredWorkspace
from swanlab_ci.sources.history import ServerHistory
from swanlab_ci.sources.server import ServerSource

START, NOW = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 11, 24, tzinfo=UTC)
THREE_GATES = """\
  - {{name: Finished {0}, expect: {{state: FINISHED}}}}
  - {{name: Settings {0}, runs: {{labels: eval}}, expect: {{config.lr: {{max: 0.1}}}}}}
  - name: Holds up {0}
    runs: {{labels: eval}}
    compare: {{metrics.val/acc: {{to: main, better: higher, allow_worse: 1%, on_missing: skip}}}}
"""
RULES = (
    "project: team/resnet\nruns: {group: $pr_commits}\n"
    "baselines: {main: {runs: {job: main, labels: eval, state: FINISHED}, newest: 5}}\ngates:\n"
    + "".join(THREE_GATES.format(number) for number in range(5))
)


def stamp(moment: datetime) -> str:
    """Spell a time as SwanLab does."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def made_run(number: int, unit: int) -> StoredRun:
    """Make a run of the change number `unit`, every third of which is on main."""
    began = START + timedelta(minutes=40 * number)
    return StoredRun(
        cuid=f"run{number:06}",
        name=f"seed-{number}",
        username="ada",
        state="FINISHED",
        created_at=stamp(began),
        finished_at=stamp(began + timedelta(minutes=30)),
        labels=["eval"] if number % 2 else ["smoke"],
        cluster=f"{(unit + 1) * 2654435761 % 16**8:08x}" * 5,
        job="topic" if unit % 3 else "main",
        config={"lr": {"value": 0.01, "desc": "", "sort": 0}},
        series={"val/acc": [[0, 0.9 + number % 7 / 1000, 1_700_000_000_000]]},
    )


def store(runs: int, units: int) -> Store:
    """Make a project of so many runs, divided equally among the changes."""
    made = Store()
    made.add_user(StoredUser(username="ada", name="Ada", api_key="k" * 21))
    made.add_workspace(StoredWorkspace(username="team", name="Team", type="TEAM", members={"ada": "OWNER"}))
    every = [made_run(number, number * units // runs) for number in range(runs)]
    made.add_project(
        StoredProject(cuid="p", name="resnet", workspace="team", created_at="2026-01-01T00:00:00.000Z", runs=every)
    )
    return made


class Measured:
    """Requests and seconds since the start, and seconds of computing, those of the embedded SwanLab included."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox, self._before, self._started = sandbox, len(sandbox.requests), time.perf_counter()
        self._computing = time.process_time()

    def row(self, name: str, changes: int) -> str:
        """Write a row of the table."""
        seconds = time.perf_counter() - self._started
        computing = time.process_time() - self._computing
        asked = len(self._sandbox.requests) - self._before
        each = f"{1000 * seconds / changes:.0f}"
        return f"| {name} | {changes} | {asked} | {seconds:.1f} | {computing:.1f} | {each} |\n"


def checked(unit: Unit, rules: GateFile, sandbox: Sandbox) -> None:
    """Do for one change what a check does."""
    bound = gate.bind(rules, {"pr_commits": (str(unit.value),), "head_sha": str(unit.value)}, event="")
    reader = connect({}, api_key=sandbox.api_key, host=sandbox.url)
    runs = ServerSource(reader, "team/resnet", bound).fetch(NOW)
    gate.judge(bound, runs, now=NOW)


def measure(sandbox: Sandbox, checks: int, say: Callable[[str], object]) -> None:
    """Measure both, and write a row for each part."""
    rules = gate.load(RULES, name="gates.yml")
    ((field, variables),) = compared_fields(rules, {}).items()
    began = Measured(sandbox)
    reader = connect({}, api_key=sandbox.api_key, host=sandbox.url)
    runs = ServerHistory(reader, "team/resnet", gate.needs(rules)).fetch(NOW)
    units = units_of(runs, field, NOW)
    say(began.row("`backtest`: fetch", len(units)))
    began = Measured(sandbox)
    backtest(rules, units, Past(runs, NOW), Binding(field, variables, {}))
    say(began.row("`backtest`: judge, also with `--history`", len(units)))
    began = Measured(sandbox)
    for unit in units[-checks:]:
        checked(unit, rules, sandbox)
    say(began.row("a loop of `check`", checks))


def main() -> None:
    """Measure and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--units", type=int, default=500)
    parser.add_argument("--checks", type=int, default=5)
    parser.add_argument("--latency", type=float, default=0.03)
    asked = parser.parse_args()
    with Sandbox(store(asked.runs, asked.units)) as sandbox:
        sandbox.faults.add(Fault(kind="latency", seconds=asked.latency))
        sys.stdout.write(
            f"| {asked.runs:,} runs, 15 gates | changes | requests | seconds | computing | ms a change |\n"
        )
        sys.stdout.write("|---|--:|--:|--:|--:|--:|\n")
        measure(sandbox, asked.checks, sys.stdout.write)


if __name__ == "__main__":
    main()
