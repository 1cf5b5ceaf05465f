"""`swanlab-ci check`: judge the runs, for a person or a script."""

from argparse import Namespace
from collections.abc import Callable, Mapping

from swanlab_ci.check.inputs import Inputs, from_flags
from swanlab_ci.check.options import CheckOptions
from swanlab_ci.check.pipeline import check
from swanlab_ci.cli.confinement import confined_to
from swanlab_ci.cli.parser import check_inputs
from swanlab_ci.runtime.console import Console


def run(parsed: Namespace, environ: Mapping[str, str], console: Console) -> int:
    """Judge the runs, and return the verdict's exit code."""
    return check(input_reader(parsed, environ), options_of(parsed, environ, console))


def input_reader(parsed: Namespace, environ: Mapping[str, str]) -> Callable[[], Inputs]:
    """Return what reads the inputs from flags, and the key from the environment."""
    key = environ.get("SWANLAB_API_KEY", "")
    given = check_inputs(parsed) | ({"api-key": key} if key else {})
    return lambda: from_flags(given)


def options_of(parsed: Namespace, environ: Mapping[str, str], console: Console) -> CheckOptions:
    """Return the options of a command line; the whole environment is the user's own, so key and host may be in it."""
    root, form = confined_to(parsed, environ), getattr(parsed, "format", "text")
    return CheckOptions(
        environ=environ, console=console, login=environ, confined=root is not None, root=root, form=form
    )
