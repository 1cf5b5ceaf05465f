"""`swanlab-ci check`: judge the runs, for a person or a script."""

from argparse import Namespace
from collections.abc import Callable, Mapping
from dataclasses import replace

from swanlab_ci.check.inputs import Inputs, Value, from_flags
from swanlab_ci.check.options import CheckOptions
from swanlab_ci.check.pipeline import check
from swanlab_ci.cli.confinement import confined_to
from swanlab_ci.cli.git import commit_of, head
from swanlab_ci.cli.parser import check_inputs
from swanlab_ci.gate.parse.variables import COMMITS
from swanlab_ci.runtime.console import Console


def run(parsed: Namespace, environ: Mapping[str, str], console: Console) -> int:
    """Judge the runs, and return the verdict's exit code."""
    return check(input_reader(parsed, environ), options_of(parsed, environ, console))


def input_reader(parsed: Namespace, environ: Mapping[str, str]) -> Callable[[], Inputs]:
    """Return what reads the inputs from flags, and the key from the environment."""
    key = environ.get("SWANLAB_API_KEY", "")
    given = check_inputs(parsed) | ({"api-key": key} if key else {})

    def read() -> Inputs:
        inputs = from_flags(given, getattr(parsed, "set", ()))
        sha = commit_of(inputs.sha, environ, flag="--sha") if inputs.sha else ""
        return replace(inputs, sha=sha, variables=_with_commits(inputs.variables, environ))

    return read


def _with_commits(variables: Mapping[str, Value], environ: Mapping[str, str]) -> Mapping[str, Value]:
    """Ask git for the commits of the variables that hold one."""
    found = dict(variables)
    for name in sorted(COMMITS):
        given, flag = variables.get(name), f"--set {name}"
        if isinstance(given, tuple):
            found[name] = tuple(commit_of(each, environ, flag=flag) for each in given)
        elif isinstance(given, str):
            found[name] = commit_of(given, environ, flag=flag)
    return found


def options_of(parsed: Namespace, environ: Mapping[str, str], console: Console) -> CheckOptions:
    """Return the options of a command line; the whole environment is the user's own, so key and host may be in it."""
    root = confined_to(parsed, environ)
    return CheckOptions(
        environ=environ,
        console=console,
        login=environ,
        confined=root is not None,
        root=root,
        form=getattr(parsed, "format", "text"),
        head=lambda: head(environ),
    )
