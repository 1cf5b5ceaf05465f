"""`swanlab-ci check`: the story of `app`, for a person or a script."""

from argparse import Namespace
from collections.abc import Callable, Mapping

from swanlab_ci.check.inputs import Inputs, from_flags
from swanlab_ci.check.pipeline import CheckOptions, check
from swanlab_ci.cli.parser import check_inputs
from swanlab_ci.runtime.console import Console


def run(parsed: Namespace, environ: Mapping[str, str], console: Console) -> int:
    """Judge the runs, and return the verdict's exit code."""
    return check(asked(parsed, environ), surroundings(environ, console, parsed.format))


def asked(parsed: Namespace, environ: Mapping[str, str]) -> Callable[[], Inputs]:
    """Return what reads the inputs from flags, and the key from the environment."""
    key = environ.get("SWANLAB_API_KEY", "")
    given = check_inputs(parsed) | ({"api-key": key} if key else {})
    return lambda: from_flags(given)


def surroundings(environ: Mapping[str, str], console: Console, form: str = "text") -> CheckOptions:
    """Return the world of a command line: host and key may come from anywhere, as all of it is the user's own."""
    return CheckOptions(environ=environ, console=console, login=environ, confined=False, form=form)
