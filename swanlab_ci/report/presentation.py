"""The words and signs of a report that are ours: icons, the headline, and the links we dare to make."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from swanlab_ci.model import OUTCOMES_WORST_FIRST, STATUSES_WORST_FIRST
from swanlab_ci.security.escaping import Safe, md_code, md_prose

ICONS = {
    "pass": Safe("✅"),
    "warn": Safe("⚠️"),
    "info": Safe("💡"),
    "fail": Safe("❌"),
    "pending": Safe("⏳"),
    "error": Safe("❗"),
    "skipped": Safe("⏭️"),
    "waived": Safe("🏳️"),
}
TROUBLE = ("error", "fail", "pending", "warn", "info")

_SAFE_URL = re.compile(r"[A-Za-z0-9._~%/:@?=&+-]+")
_WRONG_CONFIGURATION = 2


def headline(facts: Mapping[str, Any]) -> Safe:
    """Say the verdict in one line that holds no foreign text, such as `2 of 7 gates fail`."""
    if facts["headline"]:
        return md_prose(facts["headline"])
    return Safe("The gate file or an input is wrong" if facts["exit_code"] == _WRONG_CONFIGURATION else "Cannot tell")


def sorted_gates(facts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the gates, worst first, else in the order of the gate file."""
    return sorted(facts["gates"], key=lambda gate: STATUSES_WORST_FIRST.index(gate["status"]))


def sorted_checks(gate: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the checks that did not hold, worst first."""
    missed = (check for check in gate["checks"] if check["outcome"] != "ok")
    return sorted(missed, key=lambda check: OUTCOMES_WORST_FIRST.index(check["outcome"]))


def own_url(url: str, origin: str) -> str:
    """Return `url` if it is plain and lies on the host of `origin` (both http or https), else the empty text."""
    if not _SAFE_URL.fullmatch(url):
        return ""
    there, here = urlsplit(url), urlsplit(origin)
    ours = there.scheme in {"http", "https"} and (there.scheme, there.netloc) == (here.scheme, here.netloc)
    return url if ours else ""


def link(text: str, url: str, origin: str) -> Safe:
    """Link `text`, which may be foreign, to `url` if that is one of ours; else show the text alone."""
    target = own_url(url, origin)
    return Safe(f"[{md_code(text)}]({target})") if target else md_code(text)
