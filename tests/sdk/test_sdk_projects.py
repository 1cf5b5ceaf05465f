"""The real SDKs log to several projects, and gates read them together: two on a server, one beside a folder."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from environments import NEW, OLD, Run

from swanlab_ci.cli import run
from swanlab_ci.runtime.console import Console
from swanlab_ci.sandbox import Sandbox

MODES = {OLD: "cloud", NEW: "online"}
OF_TWO_PROJECTS = """\
project: my-team/candidate
baselines:
  deployed: {project: my-team/deployed, runs: {labels: smoke, state: FINISHED}}
gates:
  - name: As good as what is deployed
    runs: {labels: smoke}
    compare: {metrics.val/acc: {to: deployed, better: higher, allow_worse: 1%}}
  - name: What is deployed was finished
    project: my-team/deployed
    runs: {labels: smoke}
    expect: {state: FINISHED, metrics.val/acc: {min: 0.79, max: 0.81}}
"""
BESIDE_A_FOLDER = """\
project: my-team/beside
baselines: {main: {from: server, runs: {labels: smoke, state: FINISHED}}}
gates:
  - name: As good as on the server
    compare: {metrics.val/acc: {to: main, better: higher, allow_worse: 1%}}
    unchanged: {to: main, fields: [config.*]}
"""


@pytest.mark.parametrize("version", [OLD, NEW])
def test_runs_of_one_project_are_held_against_those_of_another(
    sandbox: Sandbox, run_sdk: Run, tmp_path: Path, version: str
) -> None:
    other, suffix = NEW if version == OLD else OLD, version.replace(".", "-")
    for each, project in ((version, f"candidate-{suffix}"), (other, f"deployed-{suffix}")):
        done = run_sdk(each, "write.py", MODES[each], project, "ok")
        assert done.returncode == 0, done.stdout + done.stderr
    gates = OF_TWO_PROJECTS.replace("/candidate", f"/candidate-{suffix}").replace("/deployed", f"/deployed-{suffix}")

    report = check(tmp_path, gates, 0, environ=sandbox.environment())

    compared, of_deployed = report["gates"]
    comparison = compared["checks"][0]["comparison"]
    assert (comparison["project"], comparison["counts"]) == (f"my-team/deployed-{suffix}", [1, 1])
    assert (of_deployed["status"], of_deployed["project"]) == ("pass", f"my-team/deployed-{suffix}")
    ids = {run.cuid for run in sandbox.store.projects[f"my-team/deployed-{suffix}"].runs}
    assert {run["id"] for run in of_deployed["runs_selected"]} == ids


@pytest.mark.parametrize("version", [OLD, NEW])
def test_offline_runs_are_held_against_a_baseline_on_the_server(
    sandbox: Sandbox, run_sdk: Run, tmp_path: Path, version: str
) -> None:
    project = f"beside-{version.replace('.', '-')}"
    gates = BESIDE_A_FOLDER.replace("/beside", f"/{project}")
    run_sdk(version, "write.py", "offline", project, "ok")
    local = ["--local", str(tmp_path / "work" / "swanlog")]

    unknown = check(tmp_path, gates, 3, *local, environ=sandbox.environment())  # nobody has logged to it yet
    assert [each["kind"] for each in unknown["gates"][0]["checks"]] == ["project"]

    online = tmp_path / "online"
    online.mkdir()
    done = run_sdk(NEW, "write.py", MODES[NEW], project, "ok", cwd=online)
    assert done.returncode == 0, done.stdout + done.stderr
    known = check(tmp_path, gates, 0, *local, environ=sandbox.environment())

    comparison = known["gates"][0]["checks"][-1]["comparison"]
    assert (comparison["found"], comparison["project"], comparison["counts"]) == (
        "not_worse",
        f"my-team/{project}",
        [1, 1],
    )
    (other,) = known["other_projects"]
    assert (other["from_server"], other["runs"]) == (True, 1)


def check(folder: Path, gates: str, code: int, *flags: str, environ: dict[str, str]) -> Any:
    (folder / "gates.yml").write_text(gates)
    console = Console(io.StringIO(), io.StringIO())
    found = run(["check", "--gates", str(folder / "gates.yml"), "--format", "json", *flags], environ, console)
    assert isinstance(console.out, io.StringIO)
    assert isinstance(console.err, io.StringIO)
    assert found == code, console.out.getvalue() + console.err.getvalue()
    return json.loads(console.out.getvalue())
