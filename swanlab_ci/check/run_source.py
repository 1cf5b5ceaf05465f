"""Where a check gets its runs: from SwanLab, or from a folder of offline runs."""

from collections.abc import Callable

from swanlab_ci import gate
from swanlab_ci.check.inputs import Inputs, without_key
from swanlab_ci.check.options import CheckContext
from swanlab_ci.client.reader import Reader, connect
from swanlab_ci.errors import ConfigurationError
from swanlab_ci.gate import GateFile
from swanlab_ci.messages import Message, Name
from swanlab_ci.platforms.base import Capability
from swanlab_ci.security.files import find
from swanlab_ci.sources.base import RunSource
from swanlab_ci.sources.server import ServerSource

_SHORTEST_SECRET = 16


def source_for(current: CheckContext, *, points: frozenset[str] = frozenset()) -> Callable[[GateFile], RunSource]:
    """Return what makes the source of runs for a gate file: the folder `local`, or SwanLab through one reader.

    A folder's runs have all points of the metrics `points`, too.
    """
    inputs, say = current.inputs, current.options.console.say
    if inputs.local:
        from swanlab_ci.sources.local import LocalSource  # noqa: PLC0415 - six modules that few checks need

        folder = find(inputs.local, within=current.within)
        return lambda rules: LocalSource(
            folder, inputs.project or rules.project or "", say=say, points=gate.needs(rules).points | points
        )
    reader = reader_for(current)

    def server(rules: GateFile) -> RunSource:
        return ServerSource(reader, project_of(rules, inputs), rules, whole=bool(current.explained_gate), say=say)

    return server


def project_of(rules: GateFile, inputs: Inputs) -> str:
    """Return `workspace/project`, of the inputs or the gate file; raises `ConfigurationError` without any."""
    project = inputs.project or rules.project
    if not project:
        raise ConfigurationError(
            Message("check.no-project"), Message("check.no-project-advice", file=Name(inputs.gates))
        )
    return project


def reader_for(current: CheckContext) -> Reader:
    """Return what reads from SwanLab with the login and the limits of this check; sends nothing yet.

    Raises `ConfigurationError` where there is no key.
    """
    inputs, console = current.inputs, current.options.console
    if not (inputs.api_key or current.options.login):
        raise without_key()
    return connect(
        current.options.login,
        api_key=inputs.api_key,
        host=inputs.host,
        web_host=inputs.web_host,
        allow_http=inputs.allow_http,
        deadline=current.deadline,
        progress=console.progress,
        on_secret=lambda secret: _hide_session(secret, current),
    )


def _hide_session(secret: str, current: CheckContext) -> None:
    """Hide a session's id, unless it is so short that a server could hide our own words by it."""
    if len(secret) >= _SHORTEST_SECRET:
        current.options.console.hide(secret, tell_runner=Capability.LOG_MASKS in current.forge.capabilities)
