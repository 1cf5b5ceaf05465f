"""A run's profile, as the SDKs write it to a server or a folder, becomes what the gates read."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from swanlab_ci.model import Git

_WRAPPING = frozenset({"value", "desc", "sort"})
_REQUIREMENT = re.compile(
    r"\s*+(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*+)\s*+(?:\[[^\]]*+\]\s*+)?+"  # nothing is tried twice: who wrote it?
    r"(?:===?\s*+(?P<pin>[^\s;]++)|@\s*+(?P<url>\S++)|(?<=\s)(?P<column>\d\S*+))"
)


def mapping(value: Any) -> Mapping[str, Any]:
    """Return `value`, or an empty mapping in the place of anything else."""
    return value if isinstance(value, dict) else {}


def text(value: Any) -> str:
    """Return `value`, or the empty text in the place of anything else."""
    return value if isinstance(value, str) else ""


def mended(value: Any) -> Any:
    """Copy what JSON or YAML held, with U+FFFD in the place of half a surrogate pair, which no surface can show."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {mended(key): mended(below) for key, below in value.items()}
    return [mended(below) for below in value] if isinstance(value, list) else value


def time_of(iso: str | None) -> datetime | None:
    """Read an ISO 8601 time, UTC where it has no zone; None where it is none."""
    try:
        time = datetime.fromisoformat(iso or "")
    except ValueError:
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def unwrapped(config: Any) -> dict[str, Any]:
    """Take the values out of `{value, desc, sort}`, which the SDK wraps around each top-level key of a config.

    What the user nested below it is never wrapped (source: `swanlab/data/run/config.py`, 0.7.20).
    """
    return {key: value["value"] if _wraps(value) else value for key, value in mapping(config).items()}


def _wraps(value: Any) -> bool:
    return isinstance(value, dict) and "value" in value and value.keys() <= _WRAPPING


def git_of(metadata: Mapping[str, Any]) -> Git:
    """Read what either SDK recorded: `git{remote_url, branch, commit}` since 0.8, `git_remote` and `git_info` before.

    `git_info` is `[branch, commit]`; on a detached HEAD, as in most CI checkouts, the old SDK lost the commit.
    """
    new = mapping(metadata.get("git"))
    if new:
        return Git(*(text(new.get(key)) for key in ("commit", "branch", "remote_url")))
    old = metadata.get("git_info")
    branch, commit = old if isinstance(old, list) and len(old) == 2 else ("", "")  # noqa: PLR2004 - a pair
    return Git(text(commit), text(branch), text(metadata.get("git_remote")))


def versions(requirements: str) -> dict[str, str]:
    """Read `pip list`, as columns or frozen; of a package installed from an address, the address is its version."""
    found = (_REQUIREMENT.match(line) for line in requirements.splitlines())
    return {
        re.sub("[-_.]+", "-", match["name"]).lower(): match["pin"] or match["url"] or match["column"]
        for match in found
        if match
    }
