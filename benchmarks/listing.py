"""Measure how long it takes to list a large project: our client, SwanLab's SDKs, and plain HTTP.

    python benchmarks/listing.py [--runs 10000] [--latency 0.03] [--repeat 3]

A sandbox in a process of its own answers each request after `latency` seconds; every contender runs in a fresh process,
in turn, and its median counts. The SDKs are installed once into `.cache/sdk`.
"""

import argparse
import json
import multiprocessing
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from swanlab_ci.sandbox import Sandbox, sample_store

HERE = Path(__file__).parent
OURS, FLOOR = "swanlab-ci", "http.client, 8 connections"
PLACE = ("my-team", "resnet")


def pythons() -> dict[str, tuple[str, str]]:
    """Name the contenders with their modules and interpreters."""
    command = [sys.executable, str(HERE.parent / "tests" / "sdk" / "environments.py")]
    old, new, *_ = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()  # noqa: S603 - ours
    return {
        FLOOR: ("floor", sys.executable),
        OURS: ("ours", sys.executable),
        "swanlab 0.10.3 `Api`": ("sdk_0_10_3", new),
        "swanlab 0.7.20 `OpenApi`": ("sdk_0_7_20", old),
    }


def serve(runs: int, latency: float, pipe: Connection) -> None:
    """Run the sandbox; for each word from the pipe, send the number of requests since the last word."""
    with Sandbox(sample_store(runs=runs), latency=latency) as sandbox:
        pipe.send(sandbox.environment())
        while pipe.recv():
            pipe.send(len(sandbox.requests))
            sandbox.requests.clear()


@contextmanager
def server(runs: int, latency: float) -> Iterator[Connection]:
    """Start the sandbox in another process, so that client and server do not share one interpreter."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(runs, latency, theirs))
    process.start()
    try:
        yield ours
    finally:
        ours.send(None)
        process.join()


def measure(module: str, python: str, environment: dict[str, str], server: Connection) -> dict[str, Any]:
    """Run one contender once."""
    with tempfile.TemporaryDirectory() as home:
        found = subprocess.run(  # noqa: S603 - our own script
            [python, str(HERE / "contend.py"), module, *PLACE],
            env={**environment, "HOME": home, "SWANLAB_SAVE_DIR": f"{home}/swanlab", "PATH": "/usr/bin:/bin"},
            check=True,
            capture_output=True,
            text=True,
        )
    server.send("count")
    return {**json.loads(found.stdout.splitlines()[-1]), "requests": server.recv()}


def table(results: dict[str, list[dict[str, Any]]]) -> Iterator[str]:
    """Write the medians as a Markdown table, each with its ratio to ours."""
    seconds = {name: statistics.median(one["seconds"] for one in each) for name, each in results.items()}
    yield "| client | seconds | ratio to ours | requests | peak memory | runs listed |"
    yield "|---|--:|--:|--:|--:|--:|"
    for name, (*_, last) in results.items():
        took = f"{seconds[name]:.2f} | {seconds[name] / seconds[OURS]:.2f}"
        yield f"| {name} | {took} | {last['requests']} | {last['peak']:.0f} MB | {last['runs']:,} |"


def main() -> None:
    """Measure all contenders in turn, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--latency", type=float, default=0.03, help="seconds per request")
    parser.add_argument("--repeat", type=int, default=3)
    asked = parser.parse_args()
    contenders = pythons()
    results: dict[str, list[dict[str, Any]]] = {name: [] for name in contenders}
    with server(asked.runs, asked.latency) as pipe:
        environment = pipe.recv()
        for _ in range(asked.repeat):
            for name, (module, python) in contenders.items():
                results[name].append(measure(module, python, environment, pipe))
    sys.stdout.write("\n".join(table(results)) + "\n")


if __name__ == "__main__":
    main()
