"""The outputs of a step, once the verdict is known."""

from collections.abc import Callable

from swanlab_ci.judgement import Judgement
from swanlab_ci.model import Status
from swanlab_ci.publish.files import Files
from swanlab_ci.security.escaping import Safe, inert_json

_STOPPING = frozenset({Status.FAIL, Status.ERROR})


def final_outputs(
    judgement: Judgement, headline: Safe, files: Files, comment_url: str, redact: Callable[[str], str]
) -> dict[str, str]:
    """Return every output's value by its name: words, numbers and links of ours.

    `summary` is the headline, which holds no foreign text. Gates are named by id in `failed-gates`, as JSON that a
    shell, YAML and a workflow expression leave alone. `redact` sees only what others have written, so that no
    secret can change a verdict or a count.
    """
    gates = judgement.verdict.gates
    failed = [redact(gate.id) for gate in gates if gate.status in _STOPPING]
    return {
        "verdict": judgement.verdict.status.value,
        "passed": "true" if judgement.verdict.passed else "false",
        "summary": headline,
        "gates-total": str(len(gates)),
        "gates-failed": str(len(failed)),
        "runs-checked": str(len(list(judgement.selected_runs()))),
        "failed-gates": inert_json(failed),
        "report-markdown": redact(files.markdown),
        "report-json": redact(files.json),
        "comment-url": comment_url,
    }
