"""The variables of a gate file: a fixed list taken from the event, so that none can read the environment's secrets."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from swanlab_ci.gate.parse.suggestions import did_you_mean
from swanlab_ci.gate.spec.source import GateSyntaxError, Place, Scalar
from swanlab_ci.gate.spec.values import Literal
from swanlab_ci.messages import Key, Message

Value = str | int | tuple[str, ...] | None

SAMPLES: Mapping[str, Value] = {
    "pr_commits": ("a" * 40, "b" * 40),
    "head_sha": "a" * 40,
    "merge_sha": "b" * 40,
    "base_sha": "c" * 40,
    "base_branch": "main",
    "head_branch": "topic",
    "pr_number": 1,
    "actor": "octocat",
    "run_ids": ("run-1",),
}
"""Every variable, with the value it has where there is no event: in a file that is only checked, and in tests."""

NAMES = tuple(SAMPLES)
COMMITS = frozenset({"pr_commits", "head_sha", "merge_sha", "base_sha"})
"""The variables that hold commits."""

_ALONE = re.compile(r"\$(\w+)")
_BRACES = re.compile(r"\$\{(\w*)\}?")
_COMMIT = re.compile(r"\b([0-9a-f]{7})[0-9a-f]{33}\b")
_WITHIN = re.compile(r"\$(" + "|".join(NAMES) + r")\b")


@dataclass(slots=True)
class Variables:
    """The values on this event, or none yet (`values` is None): samples then stand in, to check the file.

    `event` is the event's name, empty on the command line.
    """

    values: Mapping[str, Value] | None = None
    event: str = ""
    used: set[str] = field(default_factory=set)

    def literals(self, node: Scalar) -> tuple[Literal, ...] | None:
        """Return the values of the variable that `node` is; None if it is no variable.

        Raises `GateSyntaxError` for an unknown variable, one inside other text, and one without a value on this event.
        """
        if not isinstance(node.value, str) or "$" not in node.raw:
            return None
        name = _name_in(node.raw, node.place)
        if name is None:
            return None
        self.used.add(name)
        value = SAMPLES[name] if self.values is None else self.values.get(name)
        if value is None or value in ((), ""):
            raise GateSyntaxError(node.place, _without_value(name, self.event))
        return tuple(Literal(item, str(item)) for item in (value if isinstance(value, tuple) else (value,)))

    def shown(self, node: Scalar) -> str:
        """Return the values of the variable that `node` is, in parentheses, commits cut to 7; else the empty text."""
        if self.values is None or node.raw[1:] not in NAMES or node.raw[0] != "$":
            return ""
        return " (" + ", ".join(_COMMIT.sub(r"\1", literal.raw) for literal in self.literals(node) or ()) + ")"

    def is_list(self, node: Scalar) -> bool:
        """Tell whether `node` is a variable that stands for several values."""
        return isinstance(SAMPLES.get(node.raw.removeprefix("$")), tuple)


def _name_in(raw: str, place: Place) -> str | None:
    if "${{" in raw:
        raise GateSyntaxError(place, Message("gate-file.workflow-expression", example=Key("$head_sha")))
    braces = _BRACES.fullmatch(raw)
    if braces:
        name = braces.group(1) or NAMES[0]
        raise GateSyntaxError(place, Message("gate-file.variable-braces", text=raw, example=Key(f"${name}")))
    alone = _ALONE.fullmatch(raw)
    if alone:
        name = alone.group(1)
        if name not in NAMES:
            raise GateSyntaxError(place, unknown_variable(raw))
        return name
    within = _WITHIN.search(raw)
    if within:
        raise GateSyntaxError(place, Message("gate-file.variable-in-text", variable=within.group()))
    return None


def unknown_variable(variable: str) -> Message:
    """Return the mistake that `variable`, written with its `$`, is not one of the language."""
    known = tuple(Key(f"${name}") for name in NAMES)
    hint = did_you_mean(variable.lower(), known, _SYNONYMS)
    return Message("gate-file.unknown-variable", variable=variable, hint=hint, known=None if hint else known)


_SYNONYMS = dict.fromkeys(("$github_sha", "$sha", "$commit", "$commits", "$git_commit"), "$pr_commits")
_EXAMPLES = dict.fromkeys(COMMITS, "REV") | {"base_sha": "main"}
_FLAGS = {"pr_commits": "--sha COMMIT", "head_sha": "--sha COMMIT", "pr_number": "--pr N", "run_ids": "--run-ids IDS"}


def _without_value(name: str, event: str) -> Message:
    variable = f"${name}"
    if not event:
        given = Key(f"--set {name}={_EXAMPLES.get(name, 'VALUE')}")
        flag = Key(_FLAGS[name]) if name in _FLAGS else None
        return Message("gate-file.variable-flag", variable=variable, flag=flag or given, other=given if flag else None)
    if name == "run_ids":
        return Message("gate-file.variable-input", variable=variable, event=event)
    return Message("gate-file.variable-event", variable=variable, event=event)
