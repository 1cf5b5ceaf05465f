"""Experiments as SwanLab tells them become runs as the gates judge them: wire quirks go, values stay as they are."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from swanlab_ci.model import Git, Run
from swanlab_ci.openapi.types import Experiment

_WRAPPING = frozenset({"value", "desc", "sort"})
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
    metadata = _mapping(profile.get("metadata")) if whole_profile else None
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
        created_at=_time(experiment.createdAt),
        finished_at=_time(experiment.finishedAt),
        user_name=experiment.user.get("name"),
        user_username=experiment.user.get("username"),
        url=f"{project_url}/runs/{quote(experiment.cuid, safe='')}/chart" if project_url else "",
        config={key: _unwrapped(value) for key, value in _mapping(profile.get("config")).items()},
        metadata=metadata,
        requirements=_versions(_text(profile.get("requirements"))) if whole_profile else None,
        conda=_text(profile.get("conda")) if whole_profile else None,
        git=None if metadata is None else _git(metadata),
        metrics=None if summary is None else {key: _readings(told) for key, told in summary.items()},
    )


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _label(label: Mapping[str, Any] | str) -> str:
    return label if isinstance(label, str) else _text(label.get("name"))


def _unwrapped(value: Any) -> Any:
    """Take the value out of `{value, desc, sort}`, which the SDK wraps around each top-level key of a config.

    What the user nested below it is never wrapped (source: `swanlab/data/run/config.py`, 0.7.20).
    """
    return value["value"] if isinstance(value, dict) and "value" in value and value.keys() <= _WRAPPING else value


def _time(text: str | None) -> datetime | None:
    try:
        time = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _git(metadata: Mapping[str, Any]) -> Git:
    """Read what either SDK recorded: `git{remote_url, branch, commit}` since 0.8, `git_remote` and `git_info` before.

    `git_info` is `[branch, commit]`; on a detached HEAD, as in most CI checkouts, the old SDK lost the commit.
    """
    new = _mapping(metadata.get("git"))
    if new:
        return Git(*(_text(new.get(key)) for key in ("commit", "branch", "remote_url")))
    old = metadata.get("git_info")
    branch, commit = old if isinstance(old, list) and len(old) == 2 else ("", "")  # noqa: PLR2004 - a pair
    return Git(_text(commit), _text(branch), _text(metadata.get("git_remote")))


_REQUIREMENT = re.compile(
    r"\s*(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?"
    r"(?:\s*===?\s*(?P<pin>[^\s;]+)|\s*@\s*(?P<url>\S+)|\s+(?P<column>\d\S*))"
)


def _versions(text: str) -> dict[str, str]:
    """Read `pip list`, as columns or frozen; of a package installed from an address, the address is its version."""
    found = (_REQUIREMENT.match(line) for line in text.splitlines())
    return {
        re.sub("[-_.]+", "-", match["name"]).lower(): match["pin"] or match["url"] or match["column"]
        for match in found
        if match
    }


def _readings(told: Any) -> dict[str, Any]:
    """Flatten one metric's summary: a `{step, value}` or `{index, data}` becomes its value."""
    return {name: _value(told[key]) for key, name in _READINGS.items() if key in _mapping(told)}


def _value(told: Any) -> Any:
    return told.get("value", told.get("data")) if isinstance(told, dict) else told
