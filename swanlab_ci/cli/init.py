"""`swanlab-ci init`: a first gate file."""

from argparse import Namespace
from collections.abc import Mapping
from importlib import resources
from pathlib import Path

from swanlab_ci.check.inputs import Inputs, from_flags
from swanlab_ci.cli.detect_project import action, detect
from swanlab_ci.errors import ConfigurationError
from swanlab_ci.runtime.console import Console

_TEAM, _PROJECT = "my-team", "my-project"


def run(parsed: Namespace, environ: Mapping[str, str], console: Console) -> int:
    """Write the file, never over one that is there; raises `ConfigurationError` where it cannot be written."""
    from_flags({"project": parsed.project or ""})
    project, said = (parsed.project, []) if parsed.project else _found(environ)
    first = resources.files("swanlab_ci").joinpath("first-gate.yml").read_text(encoding="utf-8")
    try:
        with Path(parsed.file).open("x", encoding="utf-8") as file:
            file.write(_for_editors() + first.replace(f"{_TEAM}/{_PROJECT}", project))
    except OSError as error:
        raise ConfigurationError(f"{parsed.file} cannot be written: {error.strerror}.", "Name another file.") from error
    for line in said:
        console.say(line)
    gates = "" if parsed.file == Inputs().gates else f" --gates {parsed.file}"
    console.say(f'Wrote {parsed.file}. Next: swanlab-ci check{gates} --sha "$(git rev-parse HEAD)"')
    return 0


def _for_editors() -> str:
    """Return the line by which yaml-language-server finds the schema: that of the action which the workflows use."""
    name, _, ref = action(Path.cwd()).partition("@")
    address = f"https://raw.githubusercontent.com/{name}/{ref}/docs/gate.schema.json"
    return f"# yaml-language-server: $schema={address}\n" if name else ""


def _found(environ: Mapping[str, str]) -> tuple[str, list[str]]:
    """Return the project to write, and what to tell about it."""
    detected, note = detect(Path.cwd(), environ)
    said = [note] if note else []
    if detected is None:
        return f"{_TEAM}/{_PROJECT}", [*said, f"No project was found here; write yours in place of {_TEAM}/{_PROJECT}."]
    project = f"{detected.workspace or _TEAM}/{detected.project}"
    said.append(f"The project is {project}, from {detected.where}.")
    if not detected.workspace:
        said.append(f"No workspace is named there; write yours in place of {_TEAM}.")
    return project, said
