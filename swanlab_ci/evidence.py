"""Evidence: asks SwanLab for what the gates need, and for no more."""

from collections.abc import Mapping
from datetime import datetime

from swanlab_ci import gate
from swanlab_ci.gate import GateFile
from swanlab_ci.model import Run
from swanlab_ci.openapi import OpenApi
from swanlab_ci.runs import run_from


def gather(client: OpenApi, project: str, gate_file: GateFile, *, now: datetime) -> tuple[Run, ...]:
    """Fetch the runs of `project` (`workspace/project`), complete where a gate may look deeper than the list does.

    First profiles, of the runs that the list does not rule out; then metrics, of those that their profiles do not rule
    out either. Raises `CannotTell`, and never returns a part.
    """
    workspace, _, name = project.partition("/")
    url = client.project_url(workspace, name)
    needs = gate.needs(gate_file)
    experiments = {each.cuid: each for each in client.list_experiments(name, workspace).unwrap()}
    runs = {cuid: run_from(each, project_url=url) for cuid, each in experiments.items()}
    if needs.profile:
        whole = client.get_experiments(name, _wanted(gate_file, runs, now), workspace).unwrap()
        experiments |= {each.cuid: each for each in whole}
        runs |= {each.cuid: run_from(each, project_url=url, whole_profile=True) for each in whole}
    if needs.metrics:
        chosen = [experiments[cuid] for cuid in _wanted(gate_file, runs, now)]
        summaries = client.get_summaries(name, chosen, workspace, keys=sorted(needs.metrics)).unwrap()
        for cuid, summary in summaries.items():
            runs[cuid] = run_from(experiments[cuid], project_url=url, whole_profile=needs.profile, summary=summary)
    return tuple(runs.values())


def _wanted(gate_file: GateFile, runs: Mapping[str, Run], now: datetime) -> list[str]:
    return [run.id for run in gate.candidates(gate_file, tuple(runs.values()), now=now)]
