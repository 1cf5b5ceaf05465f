"""The step's outputs: written before anything can go wrong, and again when the truth is known.

The runner reads the file line by line, takes `name=value`, and lets the last line of a name win
(`FileCommandManager.cs`). Values are our own words, numbers and links; where foreign text must go in, it is JSON that a
shell, YAML and a workflow expression leave alone.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from swanlab_ci.judgement import Judgement
from swanlab_ci.model import Status
from swanlab_ci.platforms.context import Context
from swanlab_ci.publish.files import Files
from swanlab_ci.security.escaping import Safe, inert_json, visible

_STOPS = frozenset({Status.FAIL, Status.ERROR})


def begin(context: Context) -> None:
    """Write that nothing has passed yet, for whatever may end this program early; raises `OSError`."""
    write(context, {"passed": "false", "verdict": "error", "summary": "No verdict was reached"})


def final(
    judgement: Judgement, headline: Safe, files: Files, comment_url: str, redact: Callable[[str], str]
) -> dict[str, str]:
    """Name every output's value.

    `summary` is the headline, free of foreign text; gates are named by id in `failed-gates`, all else in the files.
    `redact` sees what others have written only: no secret, whoever chose it, can change a verdict or a count.
    """
    gates = judgement.verdict.gates
    failed = [redact(gate.id) for gate in gates if gate.status in _STOPS]
    return {
        "verdict": judgement.verdict.status.value,
        "passed": "true" if judgement.verdict.passed else "false",
        "summary": headline,
        "gates-total": str(len(gates)),
        "gates-failed": str(len(failed)),
        "runs-checked": str(len({run.id for gate in gates for run in gate.runs_selected})),
        "failed-gates": inert_json(failed),
        "report-markdown": redact(files.markdown),
        "report-json": redact(files.json),
        "comment-url": comment_url,
    }


def write(context: Context, values: Mapping[str, str]) -> None:
    """Append `values` to the outputs file, one line each; nothing happens where there is no such file."""
    if context.output_file:
        lines = "".join(f"{name}={visible(value)}\n" for name, value in values.items())
        with Path(context.output_file).open("a", encoding="utf-8") as file:
            file.write(lines)
