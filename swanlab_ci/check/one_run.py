"""One run with everything that is known of it, from where a check would get it; no gate is judged."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from swanlab_ci import gate
from swanlab_ci.check.bundle import read_bundle
from swanlab_ci.check.gate_file import read_gate_file
from swanlab_ci.check.inputs import Inputs
from swanlab_ci.check.options import CheckContext, CheckOptions
from swanlab_ci.check.run_source import reader_for
from swanlab_ci.errors import ConfigurationError
from swanlab_ci.messages import Message, Name
from swanlab_ci.model import Run
from swanlab_ci.platforms import forge_of, read_context
from swanlab_ci.runtime.deadline import Deadline
from swanlab_ci.runtime.process import ending_in_words
from swanlab_ci.security.files import find
from swanlab_ci.sources.local import LocalSource
from swanlab_ci.sources.server import whole_runs


def of_bundle(file: str, wanted: str) -> tuple[tuple[Run, ...], datetime]:
    """Return the runs of a bundle with the id or name `wanted`, and the time at which it was judged."""
    bundle = read_bundle(file)
    return _chosen(bundle.runs, wanted), bundle.judged_at


def of_project(
    read_inputs: Callable[[], Inputs], options: CheckOptions, wanted: str
) -> tuple[tuple[Run, ...], datetime]:
    """Return the runs of a project, or of a folder of offline runs, with the id or name `wanted`, and the time.

    The project is that of the inputs, else that of the gate file. Raises `SwanlabCiError`.
    """
    inputs, now = read_inputs(), datetime.now(UTC)
    options.console.hide(inputs.api_key, tell_runner=False)
    deadline = Deadline(inputs.timeout)
    context = read_context(options.environ)
    current = CheckContext(inputs, context, forge_of(context, "", {}), options, deadline)
    with ending_in_words(deadline):
        if inputs.local:
            folder = find(inputs.local, within=current.within)
            runs = LocalSource(folder, inputs.project, say=options.console.say).fetch(now)
            return _chosen(runs, wanted), now
        project = inputs.project or _project(inputs.gates, current.within)
        return whole_runs(reader_for(current), project, wanted), now


def _project(gates: str, within: Path | None) -> str:
    project = read_gate_file(gates, within).gate_file.project
    if not project:
        raise ConfigurationError(Message("check.no-project"), Message("check.no-project-advice", file=Name(gates)))
    return project


def _chosen(runs: Sequence[Run], wanted: str) -> tuple[Run, ...]:
    """Return the runs with this id, slug or name; raises `ConfigurationError` where there is none."""
    found = tuple(run for run in runs if wanted in {run.id, run.slug, run.name})
    if not found:
        raise gate.no_such_run(wanted, [run.name for run in runs])
    return found
