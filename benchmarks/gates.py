"""Measure the gate language: load a file of 50 gates, judge a project of 10,000 runs with 15 gates.

`python benchmarks/gates.py [--runs N] [--repeat N]` prints medians in milliseconds.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from swanlab_ci import gate
from swanlab_ci.gate.parse.variables import SAMPLES
from swanlab_ci.model import Git, Run

EXAMPLE = Path(__file__).parents[1] / "tests" / "gate" / "example.yml"
NOW = datetime(2026, 11, 20, tzinfo=UTC)
LABELS = (("eval",), ("smoke",), (), ("sweep", "eval"))


def make_run(number: int) -> Run:
    """Make one of many runs: every fourth is an eval run of main, the newest ten are of the pull request."""
    began = NOW - timedelta(minutes=10 * number)
    return Run(
        id=f"run-{number}",
        name=f"sweep-{number}",
        state="CRASHED" if number % 7 == 0 else "FINISHED",
        labels=LABELS[number % len(LABELS)],
        created_at=began,
        finished_at=began + timedelta(hours=1),
        config={"lr": 1e-3, "optimizer": "adam", "warmup_steps": 10, "max_steps": 1000, "seed": number % 5, "pr": 1},
        git=Git("a" * 40 if number < 10 else "d" * 40, "topic" if number < 10 else "main"),  # noqa: PLR2004
        metadata={},
        requirements={"torch": "2.4.1", "numpy": "1.26"},
        conda="",
        metrics={"val/acc": {"last": 0.93}, "val/loss": {"last": 0.3}, "train/loss": {"last": 0.25}},
    )


def fifty_gates(text: str) -> str:
    """Repeat the example's gates under other names until there are fifty."""
    head, gates = text.split("gates:\n", 1)
    gates = gates.split("waivers:\n", 1)[0]
    rounds = (gates.replace("- name: ", f"- name: {number} ") for number in range(4))
    copies = "".join(rounds).split("  - name: ")[: 50 + 1]
    return head + "gates:\n" + "  - name: ".join(copies)


def median_ms(work: Callable[[], Any], repeat: int) -> float:
    """Return the median time of `work` in milliseconds."""
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--repeat", type=int, default=7)
    options = parser.parse_args()
    text = EXAMPLE.read_text(encoding="utf-8")
    fifty = fifty_gates(text)
    gate_file = gate.bind(gate.load(text, name="example.yml"), SAMPLES, event="pull_request")
    runs = [make_run(number) for number in range(options.runs)]
    out = sys.stdout.write
    count = len(gate.load(fifty, name="fifty.yml").gates)
    out(f"load {count} gates: {median_ms(lambda: gate.load(fifty, name='fifty.yml'), options.repeat):.0f} ms\n")
    judged = median_ms(lambda: gate.judge(gate_file, runs, now=NOW), options.repeat)
    out(f"judge {len(runs):,} runs by {len(gate_file.gates)} gates: {judged:.0f} ms\n")
    chosen = median_ms(lambda: gate.candidates(gate_file, runs, now=NOW), options.repeat)
    out(f"choose what to fetch of {len(runs):,} runs: {chosen:.0f} ms\n")


if __name__ == "__main__":
    main()
