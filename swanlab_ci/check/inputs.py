"""Action inputs and command-line flags become one frozen `Inputs`; every wrong one is named, all at once."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any

from swanlab_ci.errors import ConfigurationError, Problem
from swanlab_ci.messages import Key, Language, Message, Param, Seconds

Value = str | int | tuple[str, ...]
"""The value of a variable of the gate file."""

_UNITS = {"s": 1, "m": 60, "h": 3600}
_SHORTEST_KEY = 16
_LONGEST_TIME = 6 * 3600
LEVELS = ("fail", "warn", "info")
_LONGEST_CONTEXT = 100
_MOST_CHANGES = 500
COMMENT_MODES = ("always", "on-change", "on-problem", "never")


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What the user asked for. Field names are the inputs' names with `_` for `-`; times are in seconds.

    `language` is `None` where the user did not choose one. `sha` of a command line may be any revision that git knows,
    until it is resolved. `variables` are values of the gate file's variables, which win over the event's. A command
    line can name a file of paths, `changed_files`, instead of asking git. A pull request's own gate file is
    tried on as many changes of the past as `backtest` says.
    """

    api_key: str = field(default="", repr=False)
    host: str = ""
    web_host: str = ""
    local: str = ""
    project: str = ""
    gates: str = "swanlab-gate.yml"
    own_rules: bool = False
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
    report_url: str = ""
    bundle: str = ""
    backtest: int = 0
    changed_files: str = ""
    language: Language | None = None
    variables: Mapping[str, Value] = field(default_factory=dict)


class WrongInputError(ValueError):
    """A value that a reader refuses; `message` says what was found and what to write instead."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message


def _text(text: str, _input: Param) -> str:
    return text.strip()


def _secret(text: str, name: Param) -> str:
    if any(not c.isprintable() or c.isspace() for c in text):
        raise WrongInputError(Message("input.secret-with-white-space", input=name))
    if not text.isascii():
        raise WrongInputError(Message("input.secret-not-ascii", input=name))
    return text


def _key(text: str, name: Param) -> str:
    if not text.strip():
        return ""
    if len(text.strip()) < _SHORTEST_KEY:
        raise WrongInputError(Message("input.key-too-short", input=name, length=len(text.strip())))
    return _secret(text, name)


def _project(text: str, name: Param) -> str:
    text = text.strip()
    if text and not re.fullmatch(r"[\w.+-]+/[\w.+-]+", text):
        raise WrongInputError(Message("input.not-a-project", input=name, found=text))
    return text


def _time_limit(text: str, name: Param) -> float:
    return _seconds(text, name, least=1)


def _waiting_time(text: str, name: Param) -> float:
    return _seconds(text, name, least=0)


def _seconds(text: str, name: Param, *, least: int) -> float:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smh]?)", text.strip(), re.ASCII)
    number, unit = (float(match[1]), match[2]) if match else (-1.0, "s")
    fitting = [each for each, size in _UNITS.items() if least <= number * size <= _LONGEST_TIME]
    if fitting and match and not unit:
        examples = tuple(Key(match[1] + each) for each in fitting)
        raise WrongInputError(Message("input.unit-missing", input=name, found=text, examples=examples))
    seconds = number * _UNITS.get(unit, -1)
    if not least <= seconds <= _LONGEST_TIME:
        least_time, most_time = Seconds(least), Seconds(_LONGEST_TIME)
        raise WrongInputError(Message("input.not-a-time", input=name, found=text, least=least_time, most=most_time))
    return seconds


def _switch(text: str, name: Param) -> bool:
    return _one_of(("true", "false"), text.lower(), name) == "true"


def _mode(text: str, name: Param) -> str:
    return _one_of(COMMENT_MODES, text, name)


def _level(text: str, name: Param) -> str:
    return _one_of(LEVELS, text, name)


def _language(text: str, name: Param) -> Language | None:
    return Language(_one_of(tuple(Language), text, name)) if text.strip() else None


def _one_of(words: tuple[str, ...], text: str, name: Param) -> str:
    if text.strip() not in words:
        raise WrongInputError(Message("input.not-one-of", input=name, found=text, words=tuple(map(Key, words))))
    return text.strip()


def _context_name(text: str, name: Param) -> str:
    if not text.isprintable() or len(text.strip()) > _LONGEST_CONTEXT:
        raise WrongInputError(Message("input.not-a-status-name", input=name, found=text, most=_LONGEST_CONTEXT))
    return text.strip()


def _comment_key(text: str, name: Param) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", text.strip()):
        raise WrongInputError(Message("input.not-a-comment-key", input=name, found=text))
    return text.strip()


def _page(text: str, name: Param) -> str:
    """Read the address of a page, which becomes part of a link in Markdown."""
    if text.strip() and not re.fullmatch(r"https?://[A-Za-z0-9][\w.:/?#&=%~+,;@-]*", text.strip(), re.ASCII):
        raise WrongInputError(Message("input.not-a-page", input=name, found=text))
    return text.strip()


def _sha(text: str, name: Param) -> str:
    if text.strip() and not re.fullmatch(r"[0-9a-fA-F]{7,64}", text.strip()):
        raise WrongInputError(Message("input.not-a-commit", input=name, found=text))
    return text.strip().lower()


def revision(text: str, name: Param) -> str:
    """Read a hash, or any revision for git; the empty text is a mistake, such as a shell variable without a value."""
    found = text.strip()
    if re.fullmatch(r"[0-9a-fA-F]{7,64}", found):
        return found.lower()
    if not found or not found.isprintable() or found.startswith("-"):
        raise WrongInputError(Message("input.not-a-revision", input=name, found=text))
    return found


def pull_request(text: str, name: Param) -> int | None:
    """Read the number of a pull request; None for the empty text."""
    if text.strip() and not re.fullmatch(r"[1-9]\d{0,17}", text.strip()):
        raise WrongInputError(Message("input.not-a-pull-request", input=name, found=text))
    return int(text) if text.strip() else None


def _changes(text: str, name: Param) -> int:
    """Read how many changes of the past are judged; 0 for the empty text."""
    if not re.fullmatch(r"(?:0|[1-9]\d{0,2})?", text.strip(), re.ASCII) or int(text or 0) > _MOST_CHANGES:
        raise WrongInputError(Message("input.not-a-number-of-changes", input=name, found=text, most=_MOST_CHANGES))
    return int(text.strip() or 0)


def words(text: str, _input: Param) -> tuple[str, ...]:
    """Read a list, separated by commas or white space."""
    return tuple(re.findall(r"[^\s,]+", text))


_READERS: dict[str, Callable[[str, Param], Any]] = {
    "api-key": _key,
    "host": _text,
    "web-host": _text,
    "local": _text,
    "project": _project,
    "gates": _text,
    "own-rules": _switch,
    "sha": _sha,
    "pr": pull_request,
    "run-ids": words,
    "strict": _switch,
    "level-cap": _level,
    "wait": _waiting_time,
    "timeout": _time_limit,
    "allow-http": _switch,
    "github-token": _secret,
    "comment": _mode,
    "comment-key": _comment_key,
    "status-context": _context_name,
    "report-dir": _text,
    "report-url": _page,
    "bundle": _text,
    "backtest": _changes,
    "language": _language,
}
NAMES = tuple(_READERS)
_HAVE_DEFAULTS = frozenset(
    {"gates", "own-rules", "strict", "level-cap", "wait", "timeout", "allow-http", "comment", "comment-key", "backtest"}
)


def from_action(environ: Mapping[str, str]) -> Inputs:
    """Read `INPUT_<NAME>` as the runner sets them: the name in capitals, dashes kept, unset inputs as the empty text.

    A missing key is a mistake beside others; alone it is one once a run is needed, see `without_key`.

    Raises `ConfigurationError` with every wrong or unknown input.
    """
    given = {
        # the runner writes capitals; another step may write others, or a letter that only lower-cases to an ASCII one
        key[6:].lower() if key.isascii() and key.isupper() else key: value
        for key, value in environ.items()
        if key.startswith("INPUT_")
    }
    has_source = any(given.get(name, "").strip() for name in ("api-key", "local"))
    try:
        return _read(given, lambda name: Message("input.of-the-action", name=Key(name)), ())
    except ConfigurationError as error:
        raise error if has_source else without_key(error.problems) from None


def without_key(others: Sequence[Problem] = ()) -> ConfigurationError:
    """Return the error of the action that has no key: a pull request from a fork gets none, and may need none."""
    problems = [Problem(Message("input.no-key")), *others]
    return ConfigurationError(Message("input.wrong", count=len(problems)), problems=problems)


def from_flags(given: Mapping[str, str], variables: Sequence[str] = ()) -> Inputs:
    """Read the command line's flags and the key from its environment, by input name; `variables` are `NAME=VALUE`.

    Raises `ConfigurationError` with every wrong one.
    """
    values: dict[str, Value] = {}
    problems: list[Problem] = []
    if variables:
        from swanlab_ci.check.variables import read_given  # noqa: PLC0415 - it knows the gate language, which takes time

        values, problems = read_given(variables)
    readers = _READERS | {"sha": revision, "changed-files": _text}
    inputs = _read(given, lambda name: Key("SWANLAB_API_KEY" if name == "api-key" else f"--{name}"), problems, readers)
    return replace(inputs, variables=values)


def language_of_action(environ: Mapping[str, str]) -> Language | None:
    """Return the language that the action's input asks for, before anything else is read; None if it is no language."""
    said = environ.get("INPUT_LANGUAGE", "").strip()
    return Language(said) if said in tuple(Language) else None


def _read(
    given: Mapping[str, str],
    spelled: Callable[[str], Param],
    found: Iterable[Problem],
    readers: Mapping[str, Callable[[str, Param], Any]] = _READERS,
) -> Inputs:
    problems = list(found)
    problems += [Problem(_unknown_input(name, spelled)) for name in sorted(given.keys() - readers.keys())]
    values: dict[str, Any] = {}
    for name, read in readers.items():
        text = given.get(name)
        if text is None or (not text.strip() and name in _HAVE_DEFAULTS):
            continue  # the runner passes an input that is set to nothing as the empty text: the default counts
        try:
            values[name.replace("-", "_")] = read(text, spelled(name))
        except WrongInputError as wrong:
            problems.append(Problem(wrong.message))
    if problems:
        raise ConfigurationError(Message("input.wrong", count=len(problems)), problems=problems)
    return Inputs(**values)


def _unknown_input(name: str, spelled: Callable[[str], Param]) -> Message:
    near = get_close_matches(name.replace("_", "-"), NAMES, n=1)
    if near:
        return Message("input.unknown-near", input=spelled(name), near=Key(near[0]))
    return Message("input.unknown", input=spelled(name), names=tuple(map(Key, NAMES)))
