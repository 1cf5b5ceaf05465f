"""Convert a run's profile, as the SDKs write it, to what the gates read."""

import re
from collections.abc import Mapping
from typing import Any

from swanlab_ci.model import Git
from swanlab_ci.security.untrusted import mapping, text

_WRAPPING = frozenset({"value", "desc", "sort"})
_REQUIREMENT = re.compile(
    r"\s*+(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*+)\s*+(?:\[[^\]]*+\]\s*+)?+"  # possessive: no backtracking
    r"(?:===?\s*+(?P<pin>[^\s;]++)|@\s*+(?P<url>\S++)|(?<=\s)(?P<column>\d\S*+))"
)


def unwrapped(config: Any) -> dict[str, Any]:
    """Return the values of a config without `{value, desc, sort}`, which the SDK wraps around each top-level key.

    Nested keys are never wrapped (source: `swanlab/data/run/config.py`, 0.7.20).
    """
    return {key: value["value"] if _wraps(value) else value for key, value in mapping(config).items()}


def _wraps(value: Any) -> bool:
    return isinstance(value, dict) and "value" in value and value.keys() <= _WRAPPING


def git_of(metadata: Mapping[str, Any]) -> Git:
    """Read the git metadata of both SDKs: `git{remote_url, branch, commit}` since 0.8, `git_remote`, `git_info` before.

    `git_info` is `[branch, commit]`; on a detached HEAD, as in most CI checkouts, the old SDK loses the commit.
    """
    new = mapping(metadata.get("git"))
    if new:
        return Git(*(text(new.get(key)) for key in ("commit", "branch", "remote_url")))
    old = metadata.get("git_info")
    branch, commit = old if isinstance(old, list) and len(old) == 2 else ("", "")  # noqa: PLR2004 - a pair
    return Git(text(commit), text(branch), text(metadata.get("git_remote")))


def versions(requirements: str) -> dict[str, str]:
    """Read the versions in `pip list` or `pip freeze`; for a package from a URL, the URL is its version."""
    found = (_REQUIREMENT.match(line) for line in requirements.splitlines())
    return {
        re.sub("[-_.]+", "-", match["name"]).lower(): match["pin"] or match["url"] or match["column"]
        for match in found
        if match
    }
