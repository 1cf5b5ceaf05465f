"""The values that the variables of a gate file have in this run: the event's, and those of `--set`."""

import re
from collections.abc import Sequence
from difflib import get_close_matches

from swanlab_ci.check.inputs import Inputs, Value, WrongInputError, pull_request, revision, words
from swanlab_ci.errors import Problem
from swanlab_ci.gate.parse.variables import COMMITS, SAMPLES
from swanlab_ci.messages import Key, Message
from swanlab_ci.platforms.context import Context

_WHOLE_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


def is_whole_commit(text: str) -> bool:
    """Tell whether `text` is the whole hash of a commit, as runs record it."""
    return bool(_WHOLE_COMMIT.fullmatch(text))


def variables(context: Context, inputs: Inputs) -> dict[str, Value | None]:
    """Return the value of each variable of a gate file, by its name without `$`; `None` means that it has none."""
    return {
        "pr_commits": context.pr_commits or None,
        "head_sha": context.head_sha or None,
        "merge_sha": context.merge_sha or None,
        "base_sha": context.base_sha or None,
        "base_branch": context.base_branch or None,
        "head_branch": context.head_branch or None,
        "pr_number": context.pr_number,
        "actor": context.actor or None,
        "run_ids": inputs.run_ids or None,
        **inputs.variables,
    }


def read_given(given: Sequence[str]) -> tuple[dict[str, Value], list[Problem]]:
    """Read texts `NAME=VALUE`: the values by name, each of its variable's type, and what is wrong.

    The values of a list are separated by commas or white space; naming the list again adds to it.
    """
    values: dict[str, Value] = {}
    problems: list[Problem] = []
    for text in given:
        try:
            name, value = _variable(text)
            values[name] = _added(name, values[name], value) if name in values else value
        except WrongInputError as wrong:
            problems.append(Problem(wrong.message))
    return values, problems


def _variable(text: str) -> tuple[str, Value]:
    name, equals, given = (part.strip() for part in text.partition("="))
    name = name.removeprefix("$")
    if not (equals and name and given):
        raise WrongInputError(Message("input.not-a-variable", input=Key("--set"), found=text))
    flag = Key(f"--set {name}")
    if name not in SAMPLES:
        near = get_close_matches(name, SAMPLES, n=1)
        hint = Key(near[0]) if near else None
        raise WrongInputError(Message("input.unknown-variable", input=flag, near=hint, names=tuple(map(Key, SAMPLES))))
    if isinstance(SAMPLES[name], int):
        return name, pull_request(given, flag) or 0
    read = revision if name in COMMITS else _as_written
    if isinstance(SAMPLES[name], tuple):
        return name, tuple(read(each, flag) for each in words(given, flag))
    return name, read(given, flag)


def _added(name: str, before: Value, value: Value) -> Value:
    if isinstance(before, tuple) and isinstance(value, tuple):
        return (*before, *value)
    raise WrongInputError(Message("input.variable-twice", input=Key(f"--set {name}")))


def _as_written(text: str, _flag: Key) -> str:
    return text
