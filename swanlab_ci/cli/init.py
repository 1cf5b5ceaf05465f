"""`swanlab-ci init`: write a first gate file."""

from argparse import Namespace
from collections.abc import Mapping
from importlib import resources
from pathlib import Path

from swanlab_ci.check.inputs import Inputs, from_flags
from swanlab_ci.cli.detect_project import action, detect
from swanlab_ci.errors import ConfigurationError
from swanlab_ci.messages import Key, Message, Name
from swanlab_ci.runtime.console import Console
from swanlab_ci.security.files import reason

_TEAM, _PROJECT = "my-team", "my-project"


def run(parsed: Namespace, environ: Mapping[str, str], console: Console) -> int:
    """Write the file, never over one that exists; raises `ConfigurationError` where it cannot be written."""
    from_flags({"project": parsed.project or ""})
    project, notes = (parsed.project, []) if parsed.project else _found(environ)
    first = resources.files("swanlab_ci").joinpath("first-gate.yml").read_text(encoding="utf-8")
    try:
        with Path(parsed.file).open("x", encoding="utf-8") as file:
            file.write(_for_editors() + first.replace(f"{_TEAM}/{_PROJECT}", project))
    except OSError as error:
        raise ConfigurationError(
            Message("file.unwritable", file=Name(parsed.file), reason=reason(error)), Message("init.other-file")
        ) from error
    for note in notes:
        console.say(note)
    gates = "" if parsed.file == Inputs().gates else f" --gates {parsed.file}"
    command = Key(f"swanlab-ci check{gates}")
    console.say(Message("init.wrote", file=Name(parsed.file), command=command))
    return 0


def _for_editors() -> str:
    """Return the line by which yaml-language-server finds the schema: that of the action which the workflows use."""
    name, _, ref = action(Path.cwd()).partition("@")
    address = f"https://raw.githubusercontent.com/{name}/{ref}/docs/gate.schema.json"
    return f"# yaml-language-server: $schema={address}\n" if name else ""


def _found(environ: Mapping[str, str]) -> tuple[str, list[Message]]:
    """Return the project to write, and what to say about it."""
    detected, note = detect(Path.cwd(), environ)
    notes = [note] if note else []
    placeholder = f"{_TEAM}/{_PROJECT}"
    if detected is None:
        return placeholder, [*notes, Message("init.no-project", placeholder=Key(placeholder))]
    project = f"{detected.workspace or _TEAM}/{detected.project}"
    notes.append(Message("init.project", project=Name(project), places=detected.places))
    if not detected.workspace:
        notes.append(Message("init.no-workspace", placeholder=Key(_TEAM)))
    return project, notes
