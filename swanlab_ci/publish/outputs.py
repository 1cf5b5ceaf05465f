"""The outputs of a step, once the verdict is known."""

import re
from collections.abc import Callable

from swanlab_ci.judgement import GateResult, Judgement
from swanlab_ci.model import Status
from swanlab_ci.publish.files import Files
from swanlab_ci.security.escaping import Safe, inert_json

_LONGEST_GROUP = 100
_HARMFUL = re.compile(r"[^A-Za-z0-9_.+-]+")
_STOPPING = frozenset({Status.FAIL, Status.ERROR})


def final_outputs(
    judgement: Judgement, headline: Safe, files: Files, comment_url: str, redact: Callable[[str], str]
) -> dict[str, str]:
    """Return every output's value by its name: words, numbers and links of ours.

    `summary` is the headline, which holds no foreign text. Gates are named by id and group in `failed-gates`, as JSON
    that a shell, YAML and a workflow expression leave alone. `redact` sees only what others have written, so that no
    secret can change a verdict or a count.
    """
    failed = [gate for gate in judgement.verdict.gates if gate.status in _STOPPING]
    return {
        "verdict": judgement.verdict.status.value,
        "passed": "true" if judgement.verdict.passed else "false",
        "summary": headline,
        "gates-total": str(len(judgement.verdict.statuses)),
        "gates-failed": str(len({gate.id for gate in failed})),
        "runs-checked": str(len(list(judgement.selected_runs()))),
        "failed-gates": inert_json(list(dict.fromkeys(redact(_name(gate)) for gate in failed))),
        "report-markdown": redact(files.markdown),
        "report-json": redact(files.json),
        "report-html": redact(files.html),
        "comment-url": comment_url,
    }


def _name(gate: GateResult) -> str:
    """Return the gate's id, and with `for_each` its group behind a slash.

    A workflow may paste what it reads from the JSON into a script, so of a group only harmless signs are left.
    """
    group = _HARMFUL.sub("-", gate.group[:_LONGEST_GROUP])
    return f"{gate.id}/{group}" if group else gate.id
