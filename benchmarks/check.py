"""Measure a whole check from the shell, compared with importing an SDK, and in a large project.

    python benchmarks/check.py [--repeat 7] [--runs 10000] [--latency 0.03]

The sandbox answers immediately for the first table, and after `latency` seconds for the second.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from listing import pythons, server  # type: ignore[import-not-found]  # beside this script

SMALL = """\
project: my-team/resnet
gates:
  - name: Smoke runs came to an end
    runs: {labels: smoke}
    expect: {state: [FINISHED, CRASHED]}
  - name: Learning rate
    runs: {labels: eval}
    expect: {config.lr: {max: 1}}
"""
ONE_NAME = "project: my-team/resnet\nruns: {name: pr42-smoke}\ngates: [{name: Any, expect: {state: {exists: true}}}]\n"
ALL = ONE_NAME.replace("name: pr42-smoke", "name: {like: pr42-smok?}")
OURS = "`swanlab-ci check`"


@dataclass(frozen=True)
class Contender:
    """A command and the gate file in its folder."""

    command: Sequence[str]
    gates: str = ""

    def seconds(self, environment: Mapping[str, str]) -> float:
        """Run the command once."""
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "swanlab-gate.yml").write_text(self.gates, encoding="utf-8")
            started = time.perf_counter()
            done = subprocess.run(  # noqa: S603 - our own commands
                self.command,
                cwd=folder,
                env={**environment, "HOME": folder, "PATH": "/usr/bin:/bin"},
                capture_output=True,
                check=False,
            )
            took = time.perf_counter() - started
        if done.returncode not in {0, 1}:  # a verdict
            raise SystemExit(done.stderr.decode())
        return took


def medians(contenders: Mapping[str, Contender], environment: Mapping[str, str], repeat: int) -> dict[str, float]:
    """Run all contenders in turn, `repeat` times, and return the median seconds of each."""
    took: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(repeat):
        for name, contender in contenders.items():
            took[name].append(contender.seconds(environment))
    return {name: statistics.median(each) for name, each in took.items()}


def table(title: str, found: Mapping[str, float], base: str) -> str:
    """Write the medians as a Markdown table, each with its ratio to that of `base`."""
    rows = [f"| {name} | {seconds:.2f} | {seconds / found[base]:.2f} |" for name, seconds in found.items()]
    return "\n".join([f"| {title} | seconds | ratio |", "|---|--:|--:|", *rows, ""])


def main() -> None:
    """Measure and write both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=7)
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--latency", type=float, default=0.03, help="seconds per request of the large project")
    asked = parser.parse_args()
    check = (sys.executable, "-m", "swanlab_ci", "check")
    sdks = {name.rpartition(" ")[0]: python for name, (module, python) in pythons().items() if "sdk" in module}
    imports = {f"`import swanlab` ({sdk})": Contender((python, "-c", "import swanlab")) for sdk, python in sdks.items()}
    with server(40, 0.0) as pipe:
        found = medians({OURS: Contender(check, SMALL), **imports}, pipe.recv(), asked.repeat)
        sys.stdout.write(table("40 runs, no latency", found, OURS) + "\n")
    large = {
        "by name, which SwanLab selects": Contender(check, ONE_NAME),
        "by pattern: all pages": Contender(check, ALL),
    }
    with server(asked.runs, asked.latency) as pipe:
        found = medians(large, pipe.recv(), asked.repeat)
        sys.stdout.write(table(f"{asked.runs:,} runs, one is selected", found, next(iter(found))))


if __name__ == "__main__":
    main()
