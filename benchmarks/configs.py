"""Measure what large configs cost a check that has to read a whole list: time, processor time and peak memory.

    python benchmarks/configs.py [--runs 50000] [--keys 200] [--repeat 2]

A sandbox in a process of its own holds the project, with the answers made beforehand. Each check runs in a fresh
process: it fetches the runs for a gate that selects a hundred of them by a number, which SwanLab cannot filter by, and
judges them.
"""

import argparse
import json
import multiprocessing
import resource
import subprocess
import sys
import time
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from typing import Any

from swanlab_ci.sandbox import Sandbox, Store
from swanlab_ci.sandbox.storage.store import StoredProject, StoredRun, StoredUser, StoredWorkspace

NOW = datetime(2026, 11, 24, tzinfo=UTC)
CANDIDATES = 100
RULES = """\
project: team/resnet
runs: {config.seed: {below: %d}}
gates:
  - {name: One, expect: {state: FINISHED, config.k7: {max: 1}, config.k9: {type: number}}}
"""


def store(runs: int, keys: int) -> Store:
    """Make a project of runs with `keys` entries each in their config, one of them a number of its own."""
    made = Store()
    made.add_user(StoredUser(username="ada", name="Ada", api_key="k" * 21))
    made.add_workspace(StoredWorkspace(username="team", name="Team", type="TEAM", members={"ada": "OWNER"}))
    shared = {f"k{number}": {"value": number / keys, "desc": "", "sort": number} for number in range(1, keys)}
    made.add_project(
        StoredProject(
            cuid="p",
            name="resnet",
            workspace="team",
            created_at="2026-01-01T00:00:00.000Z",
            runs=[
                StoredRun(
                    cuid=f"run{number:06}",
                    name=f"seed-{number}",
                    username="ada",
                    state="FINISHED",
                    created_at="2026-01-01T00:00:00.000Z",
                    config=shared | {"seed": {"value": number, "desc": "", "sort": 0}},
                )
                for number in range(runs)
            ],
        )
    )
    return made


def serve(runs: int, keys: int, pipe: Connection) -> None:
    """Run the sandbox until the pipe says so."""
    with Sandbox(store(runs, keys)) as sandbox:
        pipe.send((sandbox.url, sandbox.api_key))
        pipe.recv()


def check(url: str, api_key: str) -> None:
    """Fetch and judge once, and print what it took as JSON."""
    from swanlab_ci import gate  # noqa: PLC0415 - for the processes that measure only
    from swanlab_ci.client.reader import connect  # noqa: PLC0415 - as above
    from swanlab_ci.sources.server import ServerSource  # noqa: PLC0415 - as above

    started = time.perf_counter()
    gate_file = gate.bind(gate.load(RULES % CANDIDATES, name="gates.yml"), {}, event="")
    runs = ServerSource(connect({}, api_key=api_key, host=url), "team/resnet", gate_file).fetch(NOW)
    fetched = time.perf_counter()
    verdict = gate.judge(gate_file, runs, now=NOW)
    used = resource.getrusage(resource.RUSAGE_SELF)
    found = {
        "runs": len(runs),
        "status": verdict.status.value,
        "fetch": fetched - started,
        "judge": time.perf_counter() - fetched,
        "processor": used.ru_utime + used.ru_stime,
        "peak": used.ru_maxrss / 1024,
    }
    sys.stdout.write(json.dumps(found))


def main() -> None:
    """Measure and write a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=50_000)
    parser.add_argument("--keys", type=int, default=200)
    parser.add_argument("--repeat", type=int, default=2)
    parser.add_argument("--client", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.client:
        check(*asked.client)
        return
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(asked.runs, asked.keys, theirs))
    server.start()
    place = ours.recv()
    results: list[dict[str, Any]] = []
    for _ in range(asked.repeat + 1):  # in the first one, the sandbox makes its answers
        found = subprocess.run(  # noqa: S603 - ours
            [sys.executable, __file__, "--client", *place], check=True, capture_output=True, text=True
        )
        results.append(json.loads(found.stdout))
    ours.send(None)
    server.join()
    sys.stdout.write(
        "| runs | seconds to fetch | seconds to judge | processor seconds | peak memory |\n|---|--:|--:|--:|--:|\n"
    )
    for each in results[1:]:
        times = f"{each['fetch']:.1f} | {each['judge']:.2f} | {each['processor']:.1f}"
        sys.stdout.write(f"| {each['runs']:,} | {times} | {each['peak']:.0f} MB |\n")


if __name__ == "__main__":
    main()
