"""What a checkout says of itself: its SwanLab project, read where the SDKs read it, and the action that it uses."""

import ast
import os
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from swanlab_ci.messages import Key, Message, Name, Param
from swanlab_ci.security.files import read_bytes
from swanlab_ci.security.untrusted import YAML_ERRORS

_MOST_FILES = 20_000
_LARGEST_FILE = 2**19
_NOT_OURS = frozenset({"node_modules", "site-packages", "venv", "env", "build", "dist", "swanlog"})
_NAME = re.compile(r"[\w.+-]+")
_USES = re.compile(
    r"^[ \t-]*uses:[ \t]*[\"']?([A-Za-z0-9-]{1,39}/swanlab-ci@[\w.-]{1,100})[\"']?[ \t]*(?:#.*)?$", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Detected:
    """What some places say; either name may be empty."""

    project: str
    workspace: str
    places: tuple[Param, ...]

    def __str__(self) -> str:
        return "/".join(filter(None, (self.workspace, self.project)))


def detect(folder: Path, environ: Mapping[str, str]) -> tuple[Detected | None, Message | None]:
    """Return the project and the places that name it, and what to say about calls that contradict each other.

    The order is the SDKs': arguments of `swanlab.init`, swanlab.yaml, the environment, what is saved. Source: 0.10.3
    `sdk/internal/settings/__init__.py` settings_customise_sources and `compat/experiment.py`; 0.7.20 `env.py`.
    """
    calls = list(_calls(folder))
    other = next((call for call in calls if _contradict(calls[0], call)), None)
    note = _contradiction(calls[0], other) if other else None
    calls = [] if other else calls
    said = [*calls, *_settings(folder, environ)]
    project = next((each for each in said if each.project), None)
    if project is None:
        return None, note
    space = next((each for each in said if each.workspace), None)
    places = tuple(dict.fromkeys((*project.places, *(space.places if space else ()))))
    return Detected(project.project, space.workspace if space else "", places), note


def _contradiction(one: Detected, other: Detected) -> Message:
    return Message(
        "init.contradiction",
        first=one.places,
        one=Name(str(one)),
        second=other.places,
        other=Name(str(other)),
    )


def _contradict(one: Detected, other: Detected) -> bool:
    pairs = ((one.project, other.project), (one.workspace, other.workspace))
    return any(mine and theirs and mine != theirs for mine, theirs in pairs)


def action(folder: Path) -> str:
    """Return `owner/repository@ref` of this action as the checkout's workflows use it, or the empty text."""
    for path in sorted((folder / ".github" / "workflows").glob("*.y*ml")):
        try:
            used = _USES.search(_text(path))
        except (OSError, ValueError):
            continue
        if used:
            return used[1]
    return ""


def _settings(folder: Path, environ: Mapping[str, str]) -> Iterator[Detected]:
    home = environ.get("SWANLAB_ROOT") or environ.get("SWANLAB_SAVE_DIR") or f"{environ.get('HOME', '')}/.swanlab"
    yield from _yaml(folder / "swanlab", lambda ending: Name(f"swanlab{ending}"))
    for project, space in (("PROJECT_NAME", "PROJECT_WORKSPACE"), ("PROJ_NAME", "WORKSPACE")):
        names = environ.get(f"SWANLAB_{project}", ""), environ.get(f"SWANLAB_{space}", "")
        yield Detected(_name(names[0]), _name(names[1]), (Key(f"SWANLAB_{project if names[0] else space}"),))
    yield from _yaml(folder / ".swanlab" / "config", lambda ending: Name(f".swanlab/config{ending}"))
    yield from _yaml(Path(home) / "config", lambda ending: Message("init.saved-settings", file=Name(f"config{ending}")))


def _yaml(path: Path, shown: Callable[[str], Param]) -> Iterator[Detected]:
    for ending in (".yaml", ".yml"):
        try:
            content = yaml.safe_load(_text(path.with_name(path.name + ending)))
        except (OSError, yaml.YAMLError, *YAML_ERRORS):
            continue
        project = content.get("project") if isinstance(content, dict) else None
        if isinstance(project, dict):
            yield Detected(_name(project.get("name")), _name(project.get("workspace")), (shown(ending),))


def _calls(folder: Path) -> Iterator[Detected]:
    for path in _scripts(folder):
        try:
            tree = _parsed(_text(path))
        except (OSError, ValueError, SyntaxError, RecursionError, MemoryError):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _starts_a_run(node.func):
                given = {word.arg: word.value for word in node.keywords}
                given |= dict(zip(("project", "workspace"), node.args, strict=False))
                project, space = (_name(getattr(given.get(key), "value", None)) for key in ("project", "workspace"))
                if project or space:
                    yield Detected(project, space, (Name(f"{path.relative_to(folder)}:{node.lineno}"),))


def _parsed(text: str) -> ast.Module:
    with warnings.catch_warnings(action="ignore"):  # they are about somebody else's code
        return ast.parse(text) if "swanlab" in text.lower() else ast.Module([], [])


def _starts_a_run(function: ast.expr) -> bool:
    """Return whether a call is `swanlab.init` or makes a callback of the SDK, such as `SwanLabCallback`."""
    match function:
        case ast.Attribute(attr="init", value=ast.Name(id=module)):
            return module in {"swanlab", "sl"}
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name.startswith("SwanLab") and name.endswith(("Callback", "Logger", "Tracker"))
        case _:
            return False


def _scripts(folder: Path) -> Iterator[Path]:
    seen = 0
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name[0] != "." and name not in _NOT_OURS)
        yield from (Path(place, name) for name in sorted(files) if name.endswith(".py"))
        seen += len(files) + len(folders)
        if seen > _MOST_FILES:
            return


def _text(path: Path) -> str:
    """Read a small regular file; raises `OSError` or `ValueError` for any other."""
    return read_bytes(path, largest=_LARGEST_FILE).decode()


def _name(value: Any) -> str:
    return value if isinstance(value, str) and _NAME.fullmatch(value) else ""
