"""What the surfaces of a report have in common: icons, the order of gates and checks, and which links are made."""

import re
from urllib.parse import urlsplit

from swanlab_ci.judgement import Check, GateResult, Judgement
from swanlab_ci.messages import Message
from swanlab_ci.model import OUTCOMES_WORST_FIRST, STATUSES_WORST_FIRST, Outcome, Status
from swanlab_ci.report import wording
from swanlab_ci.security.escaping import Safe, md_code

ICONS = {
    Status.PASS: Safe("✅"),
    Status.WARN: Safe("⚠️"),
    Status.INFO: Safe("💡"),
    Status.FAIL: Safe("❌"),
    Status.PENDING: Safe("⏳"),
    Status.ERROR: Safe("❗"),
    Status.SKIPPED: Safe("⏭️"),
    Status.WAIVED: Safe("🏳️"),
}
TROUBLE = frozenset({Status.ERROR, Status.FAIL, Status.PENDING, Status.WARN, Status.INFO})

_SAFE_URL = re.compile(r"[A-Za-z0-9._~%/:@?=&+-]+")
_WRONG_CONFIGURATION = 2


def headline(judgement: Judgement) -> Message:
    """Say the verdict in one line that holds no foreign text, such as `2 of 7 gates failed`."""
    if judgement.stopped is None:
        return wording.headline(judgement.verdict)
    if judgement.stopped.exit_code == _WRONG_CONFIGURATION:
        return Message("verdict.wrong-configuration")
    return Message("verdict.no-verdict")


def summary(judgement: Judgement) -> Message:
    """Say the verdict in one sentence that may name gates and runs, or why there is none."""
    return judgement.stopped.what if judgement.stopped else wording.verdict_summary(judgement.verdict)


def advice(judgement: Judgement) -> Message | None:
    """Say what to do next, or nothing."""
    return judgement.stopped.advice if judgement.stopped else wording.verdict_advice(judgement.verdict)


def sorted_gates(judgement: Judgement) -> list[GateResult]:
    """Return the gates, worst first, else in the order of the gate file."""
    return sorted(judgement.verdict.gates, key=lambda gate: STATUSES_WORST_FIRST.index(gate.status))


def missed_checks(gate: GateResult) -> list[Check]:
    """Return the checks that did not hold, worst first."""
    missed = (check for check in gate.checks if check.outcome is not Outcome.OK)
    return sorted(missed, key=lambda check: OUTCOMES_WORST_FIRST.index(check.outcome))


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
