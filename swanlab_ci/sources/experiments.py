"""Experiments as SwanLab tells them become runs as the gates judge them: wire quirks go, values stay as they are."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from swanlab_ci.client.types import Experiment
from swanlab_ci.model import Run
from swanlab_ci.sources.profile import git_of, mapping, text, time_of, unwrapped, versions

_READINGS = {  # SwanLab's name of a reading: the gate language's
    "value": "last",
    "step": "step",
    "min": "min",
    "max": "max",
    "avg": "mean",
    "median": "median",
    "stdDev": "stdev",
}


def run_from(
    experiment: Experiment,
    *,
    project_url: str = "",
    whole_profile: bool = False,
    summary: Mapping[str, Any] | None = None,
) -> Run:
    """Make a run of an experiment.

    `whole_profile` says that it came from `get_experiment`: only then does what is missing in the profile count as
    empty rather than as not fetched. `summary` is the experiment's answer from `get_summaries`. `project_url` is the
    page the run's own address starts with.
    """
    profile = experiment.profile
    metadata = mapping(profile.get("metadata")) if whole_profile else None
    return Run(
        id=experiment.cuid,
        slug=experiment.slug,
        name=experiment.name,
        state=experiment.state,
        description=experiment.description,
        show=experiment.show,
        labels=tuple(_label(label) for label in experiment.labels),
        group=experiment.group,
        job=experiment.job,
        created_at=time_of(experiment.createdAt),
        finished_at=time_of(experiment.finishedAt),
        user_name=experiment.user.get("name"),
        user_username=experiment.user.get("username"),
        url=f"{project_url}/runs/{quote(experiment.cuid, safe='')}/chart" if project_url else "",
        config=unwrapped(profile.get("config")),
        metadata=metadata,
        requirements=versions(text(profile.get("requirements"))) if whole_profile else None,
        conda=text(profile.get("conda")) if whole_profile else None,
        git=None if metadata is None else git_of(metadata),
        metrics=None if summary is None else {key: _readings(told) for key, told in summary.items()},
    )


def _label(label: Mapping[str, Any] | str) -> str:
    return label if isinstance(label, str) else text(label.get("name"))


def _readings(told: Any) -> dict[str, Any]:
    """Flatten one metric's summary: a `{step, value}` or `{index, data}` becomes its value."""
    return {name: _value(told[key]) for key, name in _READINGS.items() if key in mapping(told)}


def _value(told: Any) -> Any:
    return told.get("value", told.get("data")) if isinstance(told, dict) else told
