"""Evidence: asks SwanLab for what the gates need, and for no more."""

from collections.abc import Sequence
from datetime import datetime

from swanlab_ci import gate
from swanlab_ci.gate import GateFile
from swanlab_ci.model import Run
from swanlab_ci.openapi import OpenApi
from swanlab_ci.runs import run_from


def gather(client: OpenApi, project: str, gate_file: GateFile, *, now: datetime) -> tuple[Run, ...]:
    """Fetch the runs of `project` (`workspace/project`), complete where a gate may look deeper than the list does.

    Raises `CannotTell`, and never returns a part.
    """
    workspace, _, name = project.partition("/")
    url = client.project_url(workspace, name)
    listed = [run_from(experiment, project_url=url) for experiment in client.list_experiments(name, workspace).unwrap()]
    if not gate.needs(gate_file).profile:
        return tuple(listed)
    wanted = [run.id for run in gate.candidates(gate_file, listed, now=now)]
    whole = _whole(client, name, workspace, wanted)
    return tuple(whole.get(run.id, run) for run in listed)


def _whole(client: OpenApi, project: str, workspace: str, ids: Sequence[str]) -> dict[str, Run]:
    url = client.project_url(workspace, project)
    experiments = client.get_experiments(project, ids, workspace).unwrap()
    return {each.cuid: run_from(each, project_url=url, whole_profile=True) for each in experiments}
