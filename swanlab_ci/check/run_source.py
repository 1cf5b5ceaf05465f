"""Where a check gets its runs: from SwanLab, or from a folder of offline runs."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache

from swanlab_ci import gate
from swanlab_ci.check.inputs import Inputs, without_key
from swanlab_ci.check.options import CheckContext
from swanlab_ci.client.reader import Reader, connect
from swanlab_ci.errors import ConfigurationError
from swanlab_ci.gate import GateFile, Home
from swanlab_ci.gate.spec.source import Place
from swanlab_ci.messages import Key, Message, Name
from swanlab_ci.model import OWN, Run, RunOrigin
from swanlab_ci.platforms.base import Capability
from swanlab_ci.security.files import find
from swanlab_ci.sources.base import RunSource
from swanlab_ci.sources.server import ServerSource
from swanlab_ci.sources.several import SeveralSources

_SHORTEST_SECRET = 16
_NOT_WRITTEN = ("group", "job")  # by SwanLab up to 0.7.20, into the folder of an offline run


def source_for(current: CheckContext, *, points: frozenset[str] = frozenset()) -> Callable[[GateFile], RunSource]:
    """Return what makes the source of runs for a gate file that is read `at` its home, through one reader.

    Runs come from the folder `local`, or from SwanLab. A folder's runs have all points of the metrics `points`, too.
    """
    inputs = current.inputs
    if inputs.local:
        find(inputs.local, within=current.within)
    reader = cache(lambda: reader_for(current))
    if not inputs.local:
        reader()  # who has no key is told so before anything else

    def made(rules: GateFile) -> RunSource:
        origins = rules.origins()
        alone = inputs.local and origins.keys() == {OWN}  # then the folder may say which project it is
        project = (inputs.project or rules.project or "") if alone else project_of(rules, inputs)
        asked = _beside_folder(reader, origins) if inputs.local else reader

        def one(origin: RunOrigin) -> RunSource:
            there = origin.project or project
            if inputs.local and not origin.server:
                return _folder(there, gate.needs(rules, origin).points | points, current)
            whole, say = bool(current.explained_gate), current.options.console.say
            return ServerSource(asked(), there, rules, origin=origin, whole=whole, say=say)

        if origins.keys() == {OWN}:
            return one(OWN)
        elsewhere = {origin: one(origin) for origin in origins if origin != OWN}
        return SeveralSources(project, one(OWN) if OWN in origins else None, elsewhere)

    return made


def home_of(rules: GateFile, inputs: Inputs) -> Home:
    """Return what a check by these rules calls its own."""
    return Home(inputs.project or rules.project or "", local=bool(inputs.local))


def notes_on_folder(rules: GateFile, runs: Sequence[Run], inputs: Inputs) -> tuple[Message, ...]:
    """Say that gates select by what no run of the folder has, because the SDK did not write it there."""
    own = (field for gate_ in rules.gates if gate_.origin == OWN for field in gate_.selection.fields())
    asked = {field.root for field in own} & set(_NOT_WRITTEN) if inputs.local else set()
    missing = tuple(Key(name) for name in sorted(asked) if not any(getattr(run, name) for run in runs))
    return (Message("source.not-in-folder", fields=missing, folder=Name(inputs.local)),) if missing and runs else ()


def _folder(project: str, points: frozenset[str], current: CheckContext) -> RunSource:
    from swanlab_ci.sources.local import LocalSource  # noqa: PLC0415 - six modules that few checks need

    folder = find(current.inputs.local, within=current.within)
    return LocalSource(folder, project, say=current.options.console.say, points=points)


def _beside_folder(reader: Callable[[], Reader], origins: Mapping[RunOrigin, Place | None]) -> Callable[[], Reader]:
    """Return what makes the reader where the file asks for the server beside a folder, and says so without a key."""

    def made() -> Reader:
        try:
            return reader()
        except ConfigurationError as error:
            places = [place for origin, place in origins.items() if origin.server and place]
            problems = [place.problem(Message("check.server-beside-folder")) for place in places]
            raise ConfigurationError(error.what, error.advice, (*error.problems, *problems)) from None

    return made


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
