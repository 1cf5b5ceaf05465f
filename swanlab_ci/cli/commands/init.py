"""`swanlab-ci init`: write a first gate file, and a workflow whose runs it finds."""

from argparse import Namespace
from collections.abc import Mapping
from importlib import resources
from pathlib import Path

from swanlab_ci.check.inputs import Inputs, from_flags
from swanlab_ci.check.past.offer import runs_of_project, user_of_key
from swanlab_ci.check.past.suggest import Wanted, read_wanted, run_suggest
from swanlab_ci.cli.commands.check import input_reader, options_of
from swanlab_ci.cli.detect_project import action, detect
from swanlab_ci.errors import ConfigurationError, UnavailableError
from swanlab_ci.gate.parse.lint import PLACEHOLDER
from swanlab_ci.history.bounds import FEWEST_RUNS
from swanlab_ci.messages import Key, Language, Message, Name
from swanlab_ci.runtime.console import Console
from swanlab_ci.security.files import FileError, reason

_TEAM, _ = PLACEHOLDER.split("/")
_BRIEFLY = "5s"
_WORKFLOW = Path(".github", "workflows", "swanlab-gate.yml")
_OTHER_CI = Path(".gitlab-ci.yml")


def run(parsed: Namespace, environ: Mapping[str, str], console: Console) -> int:
    """Write both files, never over one that exists; raises `ConfigurationError` without a gate file in the end."""
    from_flags({"project": parsed.project or ""})
    asked = {name: value for name in ("metric", "better") if (value := getattr(parsed, name)) is not None}
    wanted = read_wanted(asked | {"write": "true"}) if asked else None  # a wrong flag is one before anything is written
    asking = vars(parsed) | {"gates": parsed.file, "confined": False, "timeout": _BRIEFLY}
    project, notes = (parsed.project, []) if parsed.project else _found(Namespace(**asking), environ, console)
    first = _template("first-gate.yml", console.language)
    try:
        with Path(parsed.file).open("x", encoding="utf-8") as file:
            file.write(_for_editors() + first.replace(PLACEHOLDER, project))
    except OSError as error:
        raise _unwritten(parsed.file, error) from error
    for note in notes:
        console.say(note)
    gates = "" if parsed.file == Inputs().gates else f" --gates {parsed.file}"
    command = Key(f"swanlab-ci check{gates}")
    console.say(Message("init.wrote", file=Name(parsed.file), command=command))
    console.say(_write_workflow(parsed.file, console.language))
    if project != PLACEHOLDER:
        asking |= {"project": project, "timeout": None if wanted else _BRIEFLY}
        _add_bound(Namespace(**asking), environ, console, wanted)
    return 0


def _unwritten(file: str, error: OSError) -> ConfigurationError:
    why = reason(error)
    if why is FileError.EXISTS:
        advice = Message("init.exists-advice", command=_suggest(file))
    elif why is FileError.MISSING:
        missing = Message("init.no-folder", folder=Name(str(Path(file).parent)))
        unwritable = Message("file.unwritable", file=Name(file), reason=missing)
        return ConfigurationError(unwritable, Message("init.create-folder"))
    else:
        advice = Message("init.other-file")
    return ConfigurationError(Message("file.unwritable", file=Name(file), reason=why), advice)


def _suggest(file: str) -> Key:
    gates = "" if file == Inputs().gates else f" --gates {file}"
    return Key(f"swanlab-ci suggest{gates} --metric KEY --better higher --write")


def _add_bound(parsed: Namespace, environ: Mapping[str, str], console: Console, wanted: Wanted | None) -> None:
    """Add a bound on the `wanted` metric, as far as the project has a past; or say how to get one."""
    options = options_of(parsed, environ, console)
    if wanted is None:
        runs = runs_of_project(input_reader(parsed, environ), options)
        command = _suggest(parsed.gates)
        if runs is None:
            not_found = Message("init.project-not-found", project=Name(parsed.project), file=Name(parsed.gates))
            console.warn(not_found)
        elif runs >= FEWEST_RUNS:
            console.say(Message("init.has-history", project=Name(parsed.project), count=runs, command=command))
        return
    try:
        _, rewrite = run_suggest(input_reader(parsed, environ), options, wanted)
    except UnavailableError as error:
        console.warn(Message("init.no-bound", reason=error.what))
        return
    for edit in rewrite.edits if rewrite else ():
        console.say(edit.said(Name(parsed.gates)))


def _template(name: str, language: Language) -> str:
    """Return the text of a file of the package, or of its translation if there is one: `first-gate.zh.yml`."""
    folder, path = resources.files("swanlab_ci"), Path(name)
    translated = folder.joinpath(f"{path.stem}.{language.value}{path.suffix}")
    return (translated if translated.is_file() else folder.joinpath(name)).read_text(encoding="utf-8")


def _write_workflow(gates: str, language: Language) -> Message:
    """Write the workflow in a repository that has none with this action, and say what is there now.

    Its runs get their commit by an environment variable: that is the recipe to which the first gate file fits.
    """
    commit = "$CI_COMMIT_SHA" if _OTHER_CI.exists() else "${{ github.event.pull_request.head.sha }}"
    recipe = Message("init.recipe", line=Key(f"SWANLAB_GROUP: {commit}"))
    if action(Path.cwd()) or not Path(".git").exists() or _OTHER_CI.exists():
        return recipe
    try:
        _WORKFLOW.parent.mkdir(parents=True, exist_ok=True)
        with _WORKFLOW.open("x", encoding="utf-8") as file:
            file.write(_template("first-workflow.yml", language).replace(Inputs().gates, gates))
    except OSError:
        return recipe
    return Message(
        "init.wrote-workflow",
        file=Name(str(_WORKFLOW)),
        placeholder=Key("your-org"),
        secret=Key("SWANLAB_API_KEY"),
        check=Key("gate"),
    )


def _for_editors() -> str:
    """Return the line by which yaml-language-server finds the schema: that of the action which the workflows use."""
    name, _, ref = action(Path.cwd()).partition("@")
    address = f"https://raw.githubusercontent.com/{name}/{ref}/docs/gate.schema.json"
    return f"# yaml-language-server: $schema={address}\n" if name else ""


def _found(parsed: Namespace, environ: Mapping[str, str], console: Console) -> tuple[str, list[Message]]:
    """Return the project to write, and what to say about it; the workspace that nothing names is the user's own."""
    detected, note = detect(Path.cwd(), environ)
    notes = [note] if note else []
    if detected is None:
        return PLACEHOLDER, [*notes, Message("init.no-project", placeholder=Key(PLACEHOLDER))]
    if detected.workspace:
        project = f"{detected.workspace}/{detected.project}"
        return project, [*notes, Message("init.project", project=Name(project), places=detected.places)]
    name, places, user = Name(detected.project), detected.places, _user(parsed, environ, console)
    if user:
        said = Message("init.workspace-of-key", project=name, places=places, workspace=Name(user))
    else:
        said = Message("init.no-workspace", project=name, places=places, placeholder=Key(_TEAM))
    return f"{user or _TEAM}/{detected.project}", [*notes, said]


def _user(parsed: Namespace, environ: Mapping[str, str], console: Console) -> str:
    return user_of_key(input_reader(parsed, environ), options_of(parsed, environ, console))
