"""Both real SDKs train twelve commits; a backtest then gives every verdict again that `check` gave after each."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from environments import NEW, OLD, Run

from swanlab_ci.sandbox import Sandbox

MODES = {OLD: "cloud", NEW: "online"}
ACCURACIES = (0.90, 0.91, 0.80, 0.92, 0.91, 0.85, 0.93, 0.40, 0.92, 0.94, 0.90, 0.935)
CRASHES = 4
RULES = """\
project: my-team/replayed
runs: {group: $pr_commits}
baselines: {main: {runs: {job: main, labels: eval, state: FINISHED}, newest: 3}}
curves: {end: {of: acc, last: 1, take: mean}}
gates:
  - {name: Everything finished, expect: {state: FINISHED}}
  - name: Holds up
    compare: {metrics.acc: {to: main, better: higher, allow_worse: 1%, on_missing: warn}}
  - {name: Ends well, level: warn, expect: {curve.end: {min: 0.82}}}
"""


def run_ours(folder: Path, sandbox: Sandbox, *arguments: str) -> dict[str, Any]:
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "swanlab_ci", *arguments, "--format", "json"],
        cwd=folder,
        env={**sandbox.environment(), "PATH": "/usr/bin:/bin", "HOME": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in {0, 1, 4}, done.stderr
    found = json.loads(done.stdout)
    assert isinstance(found, dict)
    return found


def said(document: dict[str, Any]) -> tuple[str, str, list[tuple[str, str, str]]]:
    gates = [(gate["id"], gate["status"], gate["summary"]["text"]) for gate in document["gates"]]
    return document["verdict"], document["headline"]["text"], gates


def test_every_verdict_of_both_sdks_runs_is_given_again_word_for_word(
    run_sdk: Run, sandbox: Sandbox, tmp_path: Path
) -> None:
    folder = tmp_path / "checkout"
    folder.mkdir()
    (folder / "swanlab-gate.yml").write_text(RULES)
    checked = {}
    for number, accuracy in enumerate(ACCURACIES):
        version, commit = (OLD, NEW)[number % 2], f"{number + 1:040x}"[::-1]
        branch, end = "topic" if number % 3 else "main", "crash" if number == CRASHES else "ok"
        done = run_sdk(version, "past.py", MODES[version], commit, branch, str(accuracy), end)
        assert done.returncode == (end == "crash"), done.stdout + done.stderr
        bundle = f"{number}.json"
        checked[commit] = said(run_ours(folder, sandbox, "check", "--sha", commit, "--bundle", bundle))
        assert said(run_ours(folder, sandbox, "replay", bundle)) == checked[commit]

    past = run_ours(folder, sandbox, "backtest", "--keep", "past.jsonl")
    again = run_ours(folder, sandbox, "backtest", "--history", "past.jsonl")

    assert {unit["unit"]: said(unit) for unit in past["units"]} == checked
    assert again["units"] == past["units"]
    assert {verdict for verdict, *_ in checked.values()} == {"pass", "fail", "warn"}
    texts = " ".join(text for _, _, gates in checked.values() for *_, text in gates)
    assert re.search(r"CRASHED", texts)
