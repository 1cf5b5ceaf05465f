"""Small gate files and runs through the whole of `check`; a second, simpler judge says how each has to end."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from one_run import put
from support.github_double import GitHubDouble
from support.rendered import Page, html
from support.runner import Runner, read_commands
from support.sample import sample
from support.story import Ended

from swanlab_ci.sandbox import Sandbox
from swanlab_ci.sandbox.storage.store import StoredRun

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
    with Sandbox(sample()) as serving:
        yield serving


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    with GitHubDouble() as github:
        yield Runner(tmp_path_factory.mktemp("job"), github, event_name="schedule")


def ended(runner: Runner, sandbox: Sandbox, gates: list[Part], runs: list[Part]) -> Ended:
    if old := sandbox.store.projects.get("my-team/hostile"):
        sandbox.store.delete_project(old)
    put(sandbox, *(served(number, run) for number, run in enumerate(runs)))
    (runner.workspace / "swanlab-gate.yml").write_text(written(gates))
    runner.clear()
    return runner.check({"api-key": sandbox.api_key, "host": sandbox.url, "github-token": ""})


@settings(max_examples=100)
@given(gates=GATES, runs=RUNS)
def test_a_check_ends_as_a_simpler_judge_says(
    sandbox: Sandbox, runner: Runner, gates: list[Part], runs: list[Part]
) -> None:
    done = ended(runner, sandbox, gates, runs)
    summary = runner.summary

    assert done.code in allowed(gates, runs), written(gates)
    assert runner.outputs["passed"] == ("true" if done.code == 0 else "false")
    assert {*read_commands(done.out + done.err)} <= {"add-mask", "error", "warning", "notice"}
    assert summary.lstrip().startswith("## ")
    assert len(summary.encode()) <= 1_000_000
    for table in re.findall(r"<table>.*?</table>", html(summary), re.DOTALL):
        assert len({len(re.findall(r"<t[dh]\b", row)) for row in table.split("<tr>")[1:]}) == 1
    assert "|--" not in Page(summary).prose
