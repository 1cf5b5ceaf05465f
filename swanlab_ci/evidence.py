"""Evidence: asks SwanLab for what the gates need, and for no more."""

from collections.abc import Collection, Sequence
from datetime import datetime

from swanlab_ci import gate
from swanlab_ci.gate import GateFile
from swanlab_ci.model import Run
from swanlab_ci.openapi import Experiment, OpenApi
from swanlab_ci.runs import run_from


class Evidence:
    """The runs of `project` (`workspace/project`), as complete as the gate file needs them.

    Every method raises `CannotTell` where SwanLab does not give all of it, and never returns a part.
    """

    def __init__(self, client: OpenApi, project: str, gate_file: GateFile) -> None:
        self.project = project
        self._client = client
        self._workspace, _, self._name = project.partition("/")
        self._gate_file = gate_file
        self._needs = gate.needs(gate_file)
        self.project_url = client.project_url(self._workspace, self._name)

    def gather(self, now: datetime) -> tuple[Run, ...]:
        """Fetch all runs, those complete of which a gate may need more than the list tells."""
        listed = self._client.list_experiments(self._name, self._workspace).unwrap()
        runs = [run_from(each, project_url=self.project_url) for each in listed]
        return self._completed(listed, runs, now)

    def renew(self, runs: Sequence[Run], ids: Collection[str], now: datetime) -> tuple[Run, ...]:
        """Fetch the runs `ids` again, and return `runs` with these in their places."""
        whole = self._client.get_experiments(self._name, list(ids), self._workspace).unwrap()
        fresh = self._with_metrics(whole, [self._whole(each) for each in whole], now)
        by_id = {run.id: run for run in fresh}
        return tuple(by_id.get(run.id, run) for run in runs)

    def _completed(self, listed: Sequence[Experiment], runs: Sequence[Run], now: datetime) -> tuple[Run, ...]:
        """Fetch profiles of the runs that the list leaves in question, then metrics of those that profiles do."""
        experiments = {each.cuid: each for each in listed}
        by_id = {run.id: run for run in runs}
        if self._needs.profile:
            wanted = [run.id for run in gate.candidates(self._gate_file, runs, now=now)]
            whole = self._client.get_experiments(self._name, wanted, self._workspace).unwrap()
            experiments |= {each.cuid: each for each in whole}
            by_id |= {each.cuid: self._whole(each) for each in whole}
        return self._with_metrics(list(experiments.values()), list(by_id.values()), now)

    def _with_metrics(self, experiments: Sequence[Experiment], runs: Sequence[Run], now: datetime) -> tuple[Run, ...]:
        if not self._needs.metrics:
            return tuple(runs)
        wanted = {run.id for run in gate.candidates(self._gate_file, runs, now=now)}
        chosen = [each for each in experiments if each.cuid in wanted]
        summaries = self._client.get_summaries(
            self._name, chosen, self._workspace, keys=sorted(self._needs.metrics)
        ).unwrap()
        by_id = {run.id: run for run in runs}
        for each in chosen:
            by_id[each.cuid] = run_from(
                each,
                project_url=self.project_url,
                whole_profile=by_id[each.cuid].metadata is not None,
                summary=summaries[each.cuid],
            )
        return tuple(by_id.values())

    def _whole(self, experiment: Experiment) -> Run:
        return run_from(experiment, project_url=self.project_url, whole_profile=True)
