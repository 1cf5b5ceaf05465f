"""The real SDKs log offline, and the run directories that they leave are judged without any server."""

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from environments import BOARD, NEW, OLD, Run

from swanlab_ci import OpenApi
from swanlab_ci.cli import run
from swanlab_ci.runtime.console import Console
from swanlab_ci.sandbox import Sandbox
from swanlab_ci.sources.experiments import FetchedExperiment, run_from
from swanlab_ci.sources.local import LocalSource

GATES = """\
gates:
  - name: Trained as meant
    runs: {labels: {has: [smoke, written]}}
    expect: {state: FINISHED, config.model.depth: 50, metrics.val/acc: {min: 0.79, max: 0.81}}
  - name: Nothing odd
    level: warn
    expect: {metrics.odd: {max: 1}}
"""


@pytest.mark.parametrize("version", [OLD, NEW])
@pytest.mark.parametrize(
    "ending",
    [
        ("ok", 0, "metrics.odd is NaN in written-ok"),
        ("crash", 1, "state is CRASHED in written-crash"),
        ("abort", 1, "in written-abort (required: = FINISHED)"),
    ],
)
def test_an_offline_run_is_judged_as_it_ended(
    run_sdk: Run, tmp_path: Path, version: str, ending: tuple[str, int, str]
) -> None:
    end, code, why = ending
    run_sdk(version, "write.py", "offline", "written", end)

    assert why in check(tmp_path, code)


@pytest.mark.parametrize("version", [BOARD, NEW])
def test_a_run_for_the_local_dashboard_is_judged_too(run_sdk: Run, tmp_path: Path, version: str) -> None:
    run_sdk(version, "write.py", "local", "written", "ok")

    assert "metrics.odd is NaN in written-ok" in check(tmp_path, 0)


@pytest.mark.parametrize(
    ("version", "code", "why"),
    [(OLD, 4, "state is RUNNING so far in written-kill"), (NEW, 3, "The run was killed or is still running")],
)
def test_a_run_that_was_killed_never_passes(run_sdk: Run, tmp_path: Path, version: str, code: int, why: str) -> None:
    run_sdk(version, "write.py", "offline", "written", "kill")

    assert why in check(tmp_path, code)


@pytest.mark.parametrize(("version", "mode"), [(OLD, "cloud"), (NEW, "online")])
def test_a_run_is_the_same_on_disk_as_on_the_server(
    sandbox: Sandbox, run_sdk: Run, tmp_path: Path, version: str, mode: str
) -> None:
    run_sdk(version, "write.py", mode, f"both-{mode}", "ok")

    (local,) = LocalSource(tmp_path / "work" / "swanlog", "", say=print).fetch(datetime.now(UTC))
    api = OpenApi(environ=sandbox.environment())
    (listed,) = api.list_experiments(f"both-{mode}", "my-team").unwrap()
    whole = api.get_experiment(f"both-{mode}", listed.cuid, "my-team").unwrap()
    summary = api.get_summary(f"both-{mode}", listed.cuid, "my-team").unwrap()
    served = run_from(FetchedExperiment(whole, whole_profile=True, summary=summary))

    assert [getattr(local, name) for name in SAME] == [getattr(served, name) for name in SAME]
    assert _readings(local, served) == _readings(served, served)


SAME = ("name", "description", "state", "labels", "config", "metadata", "requirements", "conda", "git")


def _readings(run: Any, served: Any) -> dict[str, Any]:
    """Return what both tell of what the script logged; not-a-number is told in several spellings."""
    names = ("last", "step", "min", "max")
    keys = [key for key in served.metrics if not key.startswith("__swanlab__")]
    return {key: [str(run.metrics[key][name]).replace("nan", "NaN") for name in names] for key in keys}


def check(folder: Path, code: int) -> str:
    (folder / "gates.yml").write_text(GATES)
    console = Console(io.StringIO(), io.StringIO())
    arguments = ["check", "--local", str(folder / "work" / "swanlog"), "--gates", str(folder / "gates.yml")]
    assert run(arguments, {}, console) == code
    assert isinstance(console.out, io.StringIO)
    assert isinstance(console.err, io.StringIO)
    return console.out.getvalue() + console.err.getvalue()
