"""The words and signs of a report that are ours: icons, the headline, and the links we dare to make."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from swanlab_ci.text import Safe, md_code

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
WORST_FIRST = ("error", "fail", "pending", "warn", "info", "waived", "skipped", "pass")
TROUBLE = ("error", "fail", "pending", "warn", "info")
OUTCOMES_WORST_FIRST = ("error", "violated", "missing", "pending", "ok")

_SAFE_URL = re.compile(r"[A-Za-z0-9._~%/:@?=&+-]+")
_WRONG_CONFIGURATION = 2
_SAYING = {
    "pass": ("passes", "pass"),
    "warn": ("warns", "warn"),
    "fail": ("fails", "fail"),
    "pending": ("is pending", "are pending"),
    "error": ("cannot be judged", "cannot be judged"),
}


def headline(facts: Mapping[str, Any]) -> Safe:
    """Say the verdict in one line that holds no foreign text, such as `2 of 7 gates fail`."""
    if facts["exit_code"] == _WRONG_CONFIGURATION:
        return Safe("The gate file or an input is wrong")
    verdict = facts["verdict"]
    total = len(facts["gates"])
    counted = sum(gate["status"] == verdict for gate in facts["gates"])
    if not counted:
        return Safe({"pass": "Gates pass", "fail": "Gates fail"}.get(verdict, "Cannot tell"))
    if counted == total:
        return Safe(
            f"The only gate {_SAYING[verdict][0]}" if total == 1 else f"All {total} gates {_SAYING[verdict][1]}"
        )
    return Safe(f"{counted} of {total} gates {_SAYING[verdict][counted > 1]}")


def sorted_gates(facts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the gates, worst first, else in the order of the gate file."""
    return sorted(facts["gates"], key=lambda gate: WORST_FIRST.index(gate["status"]))


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
