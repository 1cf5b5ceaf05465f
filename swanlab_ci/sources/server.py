"""ServerSource: asks SwanLab for what the gates need, and for no more."""

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from swanlab_ci import gate
from swanlab_ci.client import Experiment, OpenApi
from swanlab_ci.errors import InterruptionError, TimeLimitError, UnavailableError
from swanlab_ci.gate import GateFile
from swanlab_ci.model import TERMINAL_STATES, Run
from swanlab_ci.sources.experiments import run_from

_MOST_BELIEVED, _ROUND = 1000, 50  # runs
_MANY_PROFILES = 100  # from here on who waits should know why


class ServerSource:
    """The runs of `project` (`workspace/project`), as complete as the gate file needs them.

    With `whole`, these are all runs; else SwanLab may be asked only for those that can be selected.

    Every method raises `UnavailableError` where SwanLab does not give all of it, and never returns a part.
    """

    def __init__(
        self,
        client: OpenApi,
        project: str,
        gate_file: GateFile,
        *,
        whole: bool = False,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.project = project
        self._say = say
        self._client = client
        self._workspace, _, self._name = project.partition("/")
        self._gate_file = gate_file
        self._needs = gate.needs(gate_file)
        self._filters = () if whole else gate.pushed_down(gate_file)
        self.project_url = client.project_url(self._workspace, self._name)

    def fetch(self, now: datetime) -> tuple[Run, ...]:
        """Fetch the runs, those complete of which a gate may need more than the list tells."""
        listed = self._selected(now) or self._client.list_experiments(self._name, self._workspace).unwrap()
        return self._completed(listed, self._runs(listed), now)

    def refresh(self, runs: Sequence[Run], ids: Collection[str], now: datetime) -> tuple[Run, ...]:
        """Fetch the runs `ids` again, and return `runs` with these in their places."""
        whole = self._client.get_experiments(self._name, list(ids), self._workspace).unwrap()
        fresh = self._with_metrics(whole, [self._whole(each) for each in whole], now, scalars={})
        by_id = {run.id: run for run in fresh}
        return tuple(by_id.get(run.id, run) for run in runs)

    def _selected(self, now: datetime) -> list[Experiment]:
        """Let SwanLab select; nothing where it cannot, where its answer may not be whole, or a gate has no run then.

        So a gate that selects no runs tells where all of the project's went.
        """
        found: dict[str, Experiment] = {}
        try:
            for filters in self._filters:
                asked = [{"type": e.type, "key": e.key, "op": "IN", "value": list(e.values)} for e in filters]
                listed = self._client.list_experiments(self._name, self._workspace, filters=asked).unwrap()
                if not _is_believable(len(listed)):
                    return []
                found |= {each.cuid: each for each in listed}
        except (TimeLimitError, InterruptionError):
            raise
        except (
            UnavailableError
        ):  # the list in pages tells whether it is only the filters that this server does not know
            return []
        experiments = list(found.values())
        return experiments if gate.all_find_runs(self._gate_file, self._runs(experiments), now=now) else []

    def _completed(self, listed: Sequence[Experiment], runs: Sequence[Run], now: datetime) -> tuple[Run, ...]:
        """Fetch profiles of the runs that the list leaves in question, then metrics of those that profiles do."""
        experiments = {each.cuid: each for each in listed}
        by_id = {run.id: run for run in runs}
        if self._needs.profile:
            wanted = [run.id for run in gate.candidates(self._gate_file, runs, now=now)]
            if len(wanted) > _MANY_PROFILES:
                self._say(_costly(len(wanted), self.project))
            whole = self._client.get_experiments(self._name, wanted, self._workspace).unwrap()
            experiments |= {each.cuid: each for each in whole}
            by_id |= {each.cuid: self._whole(each) for each in whole}
        over = (each for each in listed if each.state in TERMINAL_STATES)  # others may have logged more since
        scalars = {each.cuid: each.profile["scalar"] for each in over if "scalar" in each.profile}
        return self._with_metrics(list(experiments.values()), list(by_id.values()), now, scalars)

    def _with_metrics(
        self, experiments: Sequence[Experiment], runs: Sequence[Run], now: datetime, scalars: Mapping[str, Any]
    ) -> tuple[Run, ...]:
        """Add metrics to the runs that need them, from `scalars` by run id where these say enough."""
        if not self._needs.metrics:
            return tuple(runs)
        wanted = {run.id for run in gate.candidates(self._gate_file, runs, now=now)}
        chosen = [each for each in experiments if each.cuid in wanted]
        summaries = self._summaries(chosen, scalars)
        by_id = {run.id: run for run in runs}
        for each in chosen:
            by_id[each.cuid] = run_from(
                each,
                project_url=self.project_url,
                whole_profile=by_id[each.cuid].metadata is not None,
                summary=summaries[each.cuid],
            )
        return tuple(by_id.values())

    def _summaries(self, chosen: Sequence[Experiment], scalars: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the metrics by run id; SwanLab is asked for those of which the latest values do not tell enough."""
        known = {each.cuid: self._last(scalars.get(each.cuid)) for each in chosen}
        left = [each for each in chosen if not known[each.cuid]]
        keys = sorted(self._needs.metrics)
        asked = self._client.get_summaries(self._name, left, self._workspace, keys=keys).unwrap() if left else {}
        return known | asked

    def _last(self, scalar: Any) -> Mapping[str, Any]:
        """Make a summary of the latest values; nothing where one that is needed is missing or no finite number."""
        values = scalar if isinstance(scalar, dict) and self._needs.last_only else {}
        if not all(_is_plain(values.get(key)) for key in self._needs.metrics):
            return {}
        return {key: {"value": value} for key, value in values.items() if _is_plain(value)}

    def _runs(self, experiments: Sequence[Experiment]) -> list[Run]:
        return [run_from(each, project_url=self.project_url) for each in experiments]

    def _whole(self, experiment: Experiment) -> Run:
        return run_from(experiment, project_url=self.project_url, whole_profile=True)


def _costly(profiles: int, project: str) -> str:
    return (
        f"To find the runs, {profiles:,} of {project} are read one by one, as SwanLab's list does not tell git.*, "
        "metadata.*, requirements.* and conda. It is quick to select by what it tells too: log the commit, "
        'swanlab.init(config={"commit": …}), and write `runs: {config.commit: $pr_commits}`.'
    )


def _is_believable(count: int) -> bool:
    """Tell whether so many runs may be all: a list without a total that was cut off ends at a round number."""
    return count <= _MOST_BELIEVED and count % _ROUND != 0


def _is_plain(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
