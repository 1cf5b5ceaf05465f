"""What each command does; `check` itself is told in `app`."""

import argparse
from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib import resources
from pathlib import Path

from swanlab_ci import gate
from swanlab_ci.app import World, check
from swanlab_ci.cli import check_inputs, parser
from swanlab_ci.console import Console
from swanlab_ci.demo import demo
from swanlab_ci.errors import BadConfiguration
from swanlab_ci.inputs import from_flags
from swanlab_ci.process import end_gently
from swanlab_ci.sandbox import BadData, Sandbox, load, sample_store, save
from swanlab_ci.text import Safe, log_json
from swanlab_ci.workspace import read_text


def run(arguments: list[str], environ: Mapping[str, str], console: Console) -> int:
    """Run the command that `arguments` name and return its exit code; raises `Stop` where it cannot go on."""
    parsed = parser().parse_args(arguments)
    return _COMMANDS[parsed.command](parsed, environ, console)


def _check(parsed: argparse.Namespace, environ: Mapping[str, str], console: Console) -> int:
    world = World(environ=environ, console=console, login=environ, confined=False, form=parsed.format)
    key = environ.get("SWANLAB_API_KEY", "")
    return check(lambda: from_flags(check_inputs(parsed) | ({"api-key": key} if key else {})), world)


def _lint(parsed: argparse.Namespace, _environ: Mapping[str, str], console: Console) -> int:
    text = read_text(parsed.file)
    try:
        gate_file = gate.load(text, name=parsed.file, read=_beside(parsed.file))
    except BadConfiguration as stop:
        for problem in stop.problems:
            console.problem(problem)
        console.say(stop.what)
        return stop.exit_code
    for warning in gate_file.warnings:
        console.problem(warning)
    console.say(f"{parsed.file}: {len(gate_file.gates)} gates, no mistakes.")
    return 0


def _init(parsed: argparse.Namespace, _environ: Mapping[str, str], console: Console) -> int:
    from_flags({"project": parsed.project})
    first = resources.files("swanlab_ci").joinpath("first-gate.yml").read_text(encoding="utf-8")
    text = first.replace("my-team/my-project", parsed.project)
    try:
        with Path(parsed.file).open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise BadConfiguration(f"{parsed.file} cannot be written: {error.strerror}.", "Name another file.") from error
    console.say(f'Wrote {parsed.file}. Next: swanlab-ci check --gates {parsed.file} --sha "$(git rev-parse HEAD)"')
    return 0


def _schema(_parsed: argparse.Namespace, _environ: Mapping[str, str], console: Console) -> int:
    console.document(log_json(gate.schema()))
    return 0


def _sandbox(parsed: argparse.Namespace, _environ: Mapping[str, str], console: Console) -> int:
    data = Path(parsed.data) if parsed.data else None
    try:
        store = load(data) if data and data.exists() else sample_store()
        sandbox = Sandbox(store, port=parsed.port)
    except (BadData, OSError, OverflowError) as error:
        raise BadConfiguration(f"The sandbox cannot start: {error}.", "Change `--port` or `--data`.") from error
    for name, value in sandbox.environment().items():
        console.document(Safe(f"export {name}={value}"))
    console.say(f"An embedded SwanLab serves {sandbox.url}; Ctrl-C ends it.")
    end_gently()
    with suppress(KeyboardInterrupt):
        sandbox.serve_forever()
    if data:
        save(sandbox.store, data)
        console.say(f"Saved {data}.")
    return 0


def _demo(parsed: argparse.Namespace, _environ: Mapping[str, str], console: Console) -> int:
    with Sandbox(sample_store()) as sandbox:
        return demo(sandbox, parsed.report_dir, console)


def _beside(name: str) -> Callable[[str], str]:
    return lambda path: read_text(str(Path(name).parent / path))


_COMMANDS = {
    "check": _check,
    "lint": _lint,
    "init": _init,
    "schema": _schema,
    "sandbox": _sandbox,
    "demo": _demo,
}
