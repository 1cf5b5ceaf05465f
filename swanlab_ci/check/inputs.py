"""Action inputs and command-line flags become one frozen `Inputs`; every wrong one is named, all at once."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from swanlab_ci.errors import ConfigurationError, Problem, as_message

_UNITS = {"s": 1, "m": 60, "h": 3600}
_SHORTEST_KEY = 16
_LONGEST_TIME = 6 * 3600
_NO_KEY = (
    "input `api-key` is empty; write `api-key: ${{ secrets.SWANLAB_API_KEY }}` and make that secret. "
    "A pull request from a fork gets no secrets: gate it in a `workflow_run` workflow."
)
LEVELS = ("fail", "warn", "info")
_LONGEST_CONTEXT = 100
COMMENT_MODES = ("always", "on-change", "on-problem", "never")


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What the user asked for. Field names are the inputs' names with `_` for `-`; times are seconds."""

    api_key: str = field(default="", repr=False)
    host: str = ""
    web_host: str = ""
    local: str = ""
    project: str = ""
    gates: str = "swanlab-gate.yml"
    sha: str = ""
    pr: int | None = None
    run_ids: tuple[str, ...] = ()
    strict: bool = False
    level_cap: str = "fail"
    wait: float = 0.0
    timeout: float = 300.0
    allow_http: bool = False
    github_token: str = field(default="", repr=False)
    comment: str = "always"
    comment_key: str = "default"
    status_context: str = ""
    report_dir: str = ""
    bundle: str = ""


class _Wrong(ValueError):
    """A value that a reader refuses; the text says what was expected, and what to write instead."""


def _secret(text: str) -> str:
    if any(not c.isprintable() or c.isspace() for c in text):
        raise _Wrong(
            "holds a control character or white space (the value is not shown). Paste it again without a line break."
        )
    if not text.isascii():
        raise _Wrong("holds a character that no key has (the value is not shown). Paste it again.")
    return text


def _key(text: str) -> str:
    if not text.strip():
        return ""
    if len(text.strip()) < _SHORTEST_KEY:
        raise _Wrong(
            f"has only {len(text.strip())} characters (the value is not shown); "
            "a SwanLab key has 21. Copy it from your SwanLab settings."
        )
    return _secret(text)


def _project(text: str) -> str:
    text = text.strip()
    if text and not re.fullmatch(r"[\w.+-]+/[\w.+-]+", text):
        raise _Wrong(f"is {text!r}; write `workspace/project`, as in the project's address on SwanLab.")
    return text


def _time_limit(text: str) -> float:
    return _seconds(text, least=1)


def _waiting_time(text: str) -> float:
    return _seconds(text, least=0)


def _seconds(text: str, *, least: int) -> float:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smh]?)", text.strip())
    seconds = float(match[1]) * _UNITS[match[2] or "s"] if match else -1.0
    if not least <= seconds <= _LONGEST_TIME:
        raise _Wrong(f"is {text!r}; write a time between {least}s and 6h, such as 90s, 5m or 1h.")
    return seconds


def _switch(text: str) -> bool:
    known = {"true": True, "false": False}
    if text.strip().lower() not in known:
        raise _Wrong(f"is {text!r}; write true or false.")
    return known[text.strip().lower()]


def _mode(text: str) -> str:
    return _one_of(COMMENT_MODES, text)


def _level(text: str) -> str:
    return _one_of(LEVELS, text)


def _one_of(words: tuple[str, ...], text: str) -> str:
    if text.strip() not in words:
        raise _Wrong(f"is {text!r}; write one of {', '.join(words)}.")
    return text.strip()


def _context_name(text: str) -> str:
    if not text.isprintable() or len(text.strip()) > _LONGEST_CONTEXT:
        raise _Wrong(f"is {text!r}; write a short name on one line, such as `swanlab-ci`.")
    return text.strip()


def _comment_key(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", text.strip()):
        raise _Wrong(f"is {text!r}; write up to 64 letters, digits, dots, dashes or underscores.")
    return text.strip()


def _sha(text: str) -> str:
    if text.strip() and not re.fullmatch(r"[0-9a-fA-F]{7,64}", text.strip()):
        raise _Wrong(f"is {text!r}; write a commit's hash, 7 or more hex digits.")
    return text.strip().lower()


def _pull_request(text: str) -> int | None:
    if text.strip() and not re.fullmatch(r"[1-9]\d{0,17}", text.strip()):
        raise _Wrong(f"is {text!r}; write the number of a pull request, such as 42.")
    return int(text) if text.strip() else None


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[^\s,]+", text))


_READERS: dict[str, Callable[[str], Any]] = {
    "api-key": _key,
    "host": str.strip,
    "web-host": str.strip,
    "local": str.strip,
    "project": _project,
    "gates": str.strip,
    "sha": _sha,
    "pr": _pull_request,
    "run-ids": _words,
    "strict": _switch,
    "level-cap": _level,
    "wait": _waiting_time,
    "timeout": _time_limit,
    "allow-http": _switch,
    "github-token": _secret,
    "comment": _mode,
    "comment-key": _comment_key,
    "status-context": _context_name,
    "report-dir": str.strip,
    "bundle": str.strip,
}
NAMES = tuple(_READERS)
_HAVE_DEFAULTS = frozenset({"gates", "strict", "level-cap", "wait", "timeout", "allow-http", "comment", "comment-key"})


def from_action(environ: Mapping[str, str]) -> Inputs:
    """Read `INPUT_<NAME>` as the runner sets them: the name in capitals, dashes kept, unset inputs as the empty text.

    Raises `ConfigurationError` with every wrong or unknown input.
    """
    given = {
        # the runner writes capitals; another step may not, or one that only lower-cases to a letter of ours
        key[6:].lower() if key.isascii() and key.isupper() else key: value
        for key, value in environ.items()
        if key.startswith("INPUT_")
    }
    missing = [] if any(given.get(name, "").strip() for name in ("api-key", "local")) else [_NO_KEY]
    return _read(given, lambda name: f"input `{name}`", missing)


def from_flags(given: Mapping[str, str]) -> Inputs:
    """Read the command line's flags and the key from its environment, by input name.

    Raises `ConfigurationError` with every wrong one.
    """
    return _read(given, lambda name: "SWANLAB_API_KEY" if name == "api-key" else f"`--{name}`")


def _read(given: Mapping[str, str], spelled: Callable[[str], str], missing: Iterable[str] = ()) -> Inputs:
    problems = [Problem(as_message(text)) for text in missing]
    problems += [Problem(as_message(_unknown_input(name, spelled))) for name in given.keys() - _READERS.keys()]
    values: dict[str, Any] = {}
    for name in _READERS.keys() & given.keys():
        text = given[name]
        if not text.strip() and name in _HAVE_DEFAULTS:
            continue  # the runner passes an input that is set to nothing as the empty text: the default counts
        try:
            values[name.replace("-", "_")] = _READERS[name](text)
        except _Wrong as wrong:
            problems.append(Problem(as_message(f"{spelled(name)} {wrong}")))
    if problems:
        raise ConfigurationError(_count(problems), problems=sorted(problems, key=str))
    return Inputs(**values)


def _count(problems: list[Problem]) -> str:
    return "An input is wrong." if len(problems) == 1 else f"{len(problems)} inputs are wrong."


def _unknown_input(name: str, spelled: Callable[[str], str]) -> str:
    near = get_close_matches(name.replace("_", "-"), NAMES, n=1)
    hint = f"did you mean `{near[0]}`?" if near else f"the inputs are {', '.join(NAMES)}."
    return f"{spelled(name)} is unknown; {hint}"
