"""`swanlab-ci init`: a first gate file."""

from argparse import Namespace
from collections.abc import Mapping
from importlib import resources
from pathlib import Path

from swanlab_ci.console import Console
from swanlab_ci.errors import BadConfiguration
from swanlab_ci.inputs import Inputs, from_flags


def run(parsed: Namespace, _environ: Mapping[str, str], console: Console) -> int:
    """Write the file, never over one that is there; raises `BadConfiguration` where it cannot be written."""
    from_flags({"project": parsed.project})
    first = resources.files("swanlab_ci").joinpath("first-gate.yml").read_text(encoding="utf-8")
    try:
        with Path(parsed.file).open("x", encoding="utf-8") as file:
            file.write(first.replace("my-team/my-project", parsed.project))
    except OSError as error:
        raise BadConfiguration(f"{parsed.file} cannot be written: {error.strerror}.", "Name another file.") from error
    gates = "" if parsed.file == Inputs().gates else f" --gates {parsed.file}"
    console.say(f'Wrote {parsed.file}. Next: swanlab-ci check{gates} --sha "$(git rev-parse HEAD)"')
    return 0
