"""`swanlab-ci check`: the story of `app`, for a person or a script."""

from argparse import Namespace
from collections.abc import Mapping

from swanlab_ci.app import World, check
from swanlab_ci.cli import check_inputs
from swanlab_ci.console import Console
from swanlab_ci.inputs import from_flags


def run(parsed: Namespace, environ: Mapping[str, str], console: Console) -> int:
    """Judge the runs; the key and host may come from the environment or the saved login, as they are the user's own."""
    key = environ.get("SWANLAB_API_KEY", "")
    given = check_inputs(parsed) | ({"api-key": key} if key else {})
    world = World(environ=environ, console=console, login=environ, confined=False, form=parsed.format)
    return check(lambda: from_flags(given), world)
