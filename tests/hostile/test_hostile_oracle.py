"""Small gate files and runs through the whole of `check`; a second, simpler judge says how each has to end."""

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.rendered import Page, html
from support.runner import read_commands, read_outputs

from swanlab_ci.check.inputs import from_action
from swanlab_ci.check.options import CheckOptions
from swanlab_ci.check.pipeline import check
from swanlab_ci.runtime.console import Console
from swanlab_ci.sandbox import Sandbox, sample_store
from swanlab_ci.sandbox.storage.store import StoredProject, StoredRun

TEXTS = list(json.loads((Path(__file__).parent / "hostile.json").read_text("utf-8")).values())
CODES = {"pass": 0, "warn": 0, "fail": 1, "error": 3, "pending": 4}
WORST_FIRST = ("error", "fail", "pending", "warn", "pass")
LABELS = ("smoke", "eval")
SMALL = st.sampled_from([-1.0, 0.0, 0.5, 1.0])
Part = dict[str, Any]

RUNS = st.lists(
    st.fixed_dictionaries(
        {
            "name": st.sampled_from(TEXTS),
            "state": st.sampled_from(["FINISHED", "CRASHED", "RUNNING"]),
            "labels": st.lists(st.sampled_from(LABELS), unique=True),
            "lr": st.none() | SMALL | st.just("high"),
            "acc": st.none() | SMALL | st.just("NaN"),
        }
    ),
    max_size=4,
)
EXPECT = st.dictionaries(st.sampled_from(["state", "lr", "acc"]), SMALL, min_size=1)
GATES = st.lists(
    st.fixed_dictionaries(
        {
            "runs": st.none() | st.sampled_from(LABELS),
            "expect": EXPECT,
            "how_many": st.sampled_from(["all", "any", "none"]),
            "level": st.sampled_from(["fail", "fail", "warn", "info"]),
            "if_no_runs": st.sampled_from(["fail", "warn", "skip", "pass"]),
            "operator": st.sampled_from(["min"] * 9 + ["mim"]),
        }
    ),
    min_size=1,
    max_size=3,
)


def written(gates: list[Part]) -> str:
    fields = {"lr": "config.lr", "acc": "metrics.acc"}
    lines = ["project: my-team/hostile", "gates:"]
    for number, gate in enumerate(gates):
        expect = {
            fields.get(name, name): "FINISHED" if name == "state" else {gate["operator"]: bound}
            for name, bound in gate["expect"].items()
        }
        entry = {"name": f"gate {number}", "expect": expect} | {
            name: gate[name] for name in ("how_many", "level", "if_no_runs")
        }
        entry |= {"runs": {"labels": gate["runs"]}} if gate["runs"] else {}
        lines.append(f"  - {json.dumps(entry)}")
    return "\n".join(lines)


def served(number: int, run: Part) -> StoredRun:
    moment = f"2026-09-01T00:00:{number:02}.000Z"
    return StoredRun(
        cuid=f"hostile{number:014}",
        name=run["name"],
        username="ada",
        created_at=moment,
        finished_at=None if run["state"] == "RUNNING" else moment,
        state=run["state"],
        labels=run["labels"],
        config={} if run["lr"] is None else {"lr": {"value": run["lr"], "desc": "", "sort": 0}},
        series={} if run["acc"] is None else {"acc": [[0, run["acc"], 1]]},
    )


def held(run: Part, field: str, bound: float) -> str:
    """Say whether a run holds one expectation: yes, no, lost (missing or NaN), pending or error."""
    if field == "state":
        return {"FINISHED": "yes", "CRASHED": "no", "RUNNING": "pending"}[run["state"]]
    if field == "acc" and run["state"] == "RUNNING":
        return "pending"
    value = run[field]
    if value is None or value == "NaN":
        return "lost"
    return "error" if value == "high" else "yes" if value >= bound else "no"


def selected(gate: Part, runs: list[Part]) -> list[Part]:
    return [run for run in runs if gate["runs"] in (None, *run["labels"])]


def of_gate(gate: Part, runs: list[Part]) -> set[str]:
    """Say which statuses a gate may have: one, but for `none`, where what is lost may count against it or be untold."""
    chosen = selected(gate, runs)
    if not chosen:
        costs: dict[str, str] = {"fail": gate["level"], "skip": "skipped", "warn": "warn", "pass": "pass"}
        return {costs[gate["if_no_runs"]]}
    each = []
    for run in chosen:
        found = {held(run, field, bound) for field, bound in gate["expect"].items()}
        each.append(next(word for word in ("no", "error", "lost", "pending", "yes") if word in found))
    undecided = [word for word in ("error", "pending") if word in each]
    if gate["how_many"] == "all":
        worst = next((word for word in ("error", "no", "lost", "pending") if word in each), "pass")
        return {gate["level"] if worst in {"no", "lost"} else worst}
    if gate["how_many"] == "any":
        return {"pass"} if "yes" in each else {*undecided[:1]} or {gate["level"]}
    if "yes" in each:
        return {gate["level"], *({"error"} & set(each))}
    return {gate["level"], "error", "pending"} if {*undecided, "lost"} & set(each) else {"pass"}


def allowed(gates: list[Part], runs: list[Part]) -> set[int]:
    if any(gate["operator"] == "mim" and gate["expect"].keys() - {"state"} for gate in gates):
        return {2}
    found = [of_gate(gate, runs) for gate in gates]
    checked = any(selected(gate, runs) for gate in gates)
    ends: set[frozenset[str]] = {frozenset()}  # every choice of one status for each gate
    for statuses in found:
        ends = {end | {status} for end in ends for status in statuses}
    codes = {CODES[next((word for word in WORST_FIRST if word in end), "pass")] for end in ends}
    return codes if checked else {code or CODES["error"] for code in codes}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(sample_store()) as serving:
        yield serving


def ended(sandbox: Sandbox, folder: Path, gates: list[Part], runs: list[Part]) -> tuple[int, str, str, dict[str, str]]:
    """Run the check; returns its exit code, its log, its summary and its outputs."""
    if old := sandbox.store.projects.get("my-team/hostile"):
        sandbox.store.delete_project(old)
    place = {"cuid": "h" * 21, "name": "hostile", "workspace": "my-team", "created_at": "2026-09-01T00:00:00.000Z"}
    sandbox.store.add_project(StoredProject(runs=[served(n, run) for n, run in enumerate(runs)], **place))  # type: ignore[arg-type]
    (folder / "swanlab-gate.yml").write_text(written(gates))
    for name in ("output", "summary"):
        (folder / name).write_text("")
    environ = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_NAME": "schedule",
        "GITHUB_SHA": "a" * 40,
        "GITHUB_WORKSPACE": str(folder),
        "GITHUB_OUTPUT": str(folder / "output"),
        "GITHUB_STEP_SUMMARY": str(folder / "summary"),
        "INPUT_API-KEY": sandbox.api_key,
        "INPUT_HOST": sandbox.url,
    }
    log = io.StringIO()
    code = check(lambda: from_action(environ), CheckOptions(environ, Console(log, log), login={}, confined=True))
    return code, log.getvalue(), (folder / "summary").read_text(), read_outputs((folder / "output").read_text())


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(gates=GATES, runs=RUNS)
def test_a_check_ends_as_a_simpler_judge_says(
    sandbox: Sandbox, tmp_path: Path, gates: list[Part], runs: list[Part]
) -> None:
    code, log, summary, outputs = ended(sandbox, tmp_path, gates, runs)

    assert code in allowed(gates, runs), written(gates)
    assert outputs["passed"] == ("true" if code == 0 else "false")
    assert {*read_commands(log)} <= {"add-mask", "error", "warning", "notice"}
    assert summary.lstrip().startswith("## ")
    assert len(summary.encode()) <= 1_000_000
    for table in re.findall(r"<table>.*?</table>", html(summary), re.DOTALL):
        assert len({len(re.findall(r"<t[dh]\b", row)) for row in table.split("<tr>")[1:]}) == 1
    assert "|--" not in Page(summary).prose
