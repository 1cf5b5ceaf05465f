"""Convert experiments, as SwanLab sends them, to runs, as the gates judge them; values stay as they are."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from swanlab_ci.client.types import Experiment
from swanlab_ci.model import Run
from swanlab_ci.security.untrusted import mapping, text, time_of
from swanlab_ci.sources.profile import git_of, unwrapped, versions

_READINGS = {  # SwanLab's name of a reading: the gate language's
    "value": "last",
    "step": "step",
    "min": "min",
    "max": "max",
    "avg": "mean",
    "median": "median",
    "stdDev": "stdev",
}


@dataclass(frozen=True, slots=True)
class FetchedExperiment:
    """An experiment, and what was fetched of it.

    With `whole_profile` its profile is complete: what is missing there is empty. Without, only `config` was fetched.
    `config_keys` are the only keys that were kept of the config, None where it is whole. `summary` is the experiment's
    answer of `Reader.summaries`; None means that no metrics were fetched.
    """

    experiment: Experiment
    whole_profile: bool = False
    summary: Mapping[str, Any] | None = None
    config_keys: tuple[str, ...] | None = None


def run_from(fetched: FetchedExperiment, *, project_url: str = "") -> Run:
    """Convert an experiment to a run; `project_url` is the project's page, at which the run's own address starts."""
    experiment, summary = fetched.experiment, fetched.summary
    sent, profile = experiment.sent, experiment.profile  # what is null or absent was not sent
    whole_profile = fetched.whole_profile and "profile" in sent
    metadata = mapping(profile.get("metadata")) if whole_profile else None
    return Run(
        id=experiment.cuid,
        slug=experiment.slug,
        name=experiment.name,
        state=experiment.state,
        description=experiment.description,
        show=experiment.show,
        labels=tuple(_label(label) for label in experiment.labels) if "labels" in sent else None,
        group=experiment.group,
        job=experiment.job,
        created_at=time_of(experiment.createdAt),
        finished_at=time_of(experiment.finishedAt),
        updated_at=time_of(experiment.updatedAt),
        user_name=text(experiment.user.get("name")) or None,
        user_username=text(experiment.user.get("username")) or None,
        url=f"{project_url}/runs/{quote(experiment.cuid, safe='')}/chart" if project_url else "",
        config=unwrapped(profile.get("config")) if "profile" in sent else None,
        config_keys=None if whole_profile else fetched.config_keys,
        metadata=metadata,
        requirements=versions(text(profile.get("requirements"))) if whole_profile else None,
        conda=text(profile.get("conda")) if whole_profile else None,
        git=None if metadata is None else git_of(metadata),
        metrics=None if summary is None else {key: _readings(metric) for key, metric in summary.items()},
    )


def with_part_of_config(experiment: Experiment, keys: tuple[str, ...]) -> FetchedExperiment:
    """Keep of an experiment's config only `keys`."""
    if "profile" not in experiment.sent:
        return FetchedExperiment(experiment)
    config = mapping(experiment.profile.get("config"))
    part = experiment.profile | {"config": {key: config[key] for key in keys if key in config}}
    return FetchedExperiment(replace(experiment, profile=part), config_keys=keys)


def _label(label: Mapping[str, Any] | str) -> str:
    return label if isinstance(label, str) else text(label.get("name"))


def _readings(metric: Any) -> dict[str, Any]:
    """Flatten one metric's summary: a `{step, value}` or `{index, data}` becomes its value."""
    found = {name: _value(metric[key]) for key, name in _READINGS.items() if key in mapping(metric)}
    steps = {f"{name}.step": _step(metric[name]) for name in ("min", "max") if name in found}
    return found | {name: step for name, step in steps.items() if step is not None}


def _step(point: Any) -> Any:
    """Return the step of an extreme; where all values are NaN, SwanLab names a step although there is no extreme."""
    if not isinstance(point, dict):
        return None
    value = _value(point)
    return point.get("step", point.get("index")) if isinstance(value, int | float) else value


def _value(point: Any) -> Any:
    return point.get("value", point.get("data")) if isinstance(point, dict) else point
