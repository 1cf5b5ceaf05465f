"""Wildcards: a path with a star stands for every key of a run that it matches."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from swanlab_ci.gate.spec.conditions import AllOf, AnyOf, Bound, Condition, FieldCondition, Named, Optional
from swanlab_ci.gate.spec.fields import Field, parse_path
from swanlab_ci.gate.spec.readings import Segment, statistics_in
from swanlab_ci.model import Run

_PLAIN = re.compile(r"""[^.\["\s*]+""")


def is_pattern(field: Field) -> bool:
    """Return whether the path has a star outside quotes."""
    return any("*" in part.text and not part.quoted for part in field.path)


def is_star(text: str) -> bool:
    """Return whether `text` is a path with a star outside quotes."""
    field = parse_path(text)
    return field is not None and is_pattern(field)


def matching(pattern: Field, run: Run) -> tuple[Field, ...]:
    """Return a field for each key of `run` that the pattern matches, by name.

    A star stands for any characters, dots and slashes included. Of nested maps only the values that are no maps match.
    What was not fetched has no keys.
    """
    if pattern.root == "config" and run.config_keys is not None:
        return (pattern,)  # which keys match is not known: reading the pattern says so
    if pattern.root == "metrics":
        return tuple(_metrics(pattern, run))
    wanted = _compiled("".join(_regex(pattern.path)))
    keys = leaves(getattr(run, pattern.root, None))
    found = [path for path in keys if wanted.fullmatch(".".join(path))]
    return tuple(field_at(pattern.root, path) for path in sorted(found))


def _metrics(pattern: Field, run: Run) -> Iterator[Field]:
    *_, (key_parts, statistic) = (pattern.path, ""), *statistics_in(pattern.path)
    wanted = _compiled("".join(_regex(key_parts)))
    for key in sorted(run.metrics or ()):
        if wanted.fullmatch(key):
            yield field_at("metrics", (key,), statistic)


def _regex(path: Iterable[Segment]) -> Iterator[str]:
    for number, part in enumerate(path):
        yield r"\." if number else ""
        yield re.escape(part.text) if part.quoted else ".*".join(map(re.escape, part.text.split("*")))


@lru_cache(maxsize=256)
def _compiled(regex: str) -> re.Pattern[str]:
    return re.compile(regex, re.DOTALL)


def leaves(tree: Any, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the keys that lead to each value of nested maps that is no map, or an empty one."""
    stack = [(before, tree)]
    while stack:
        path, below = stack.pop()
        if isinstance(below, Mapping) and (below or not path):
            stack.extend(((*path, str(key)), value) for key, value in below.items())
        elif path:
            yield path


def field_at(root: str, path: tuple[str, ...], statistic: str = "", *, quoted: bool = False) -> Field:
    """Return the field at these keys, spelled without quotes where the keys, and the caller, allow it."""
    segments = tuple(Segment(key, quoted=True) for key in path)
    if not quoted and all(_PLAIN.fullmatch(key) for key in path):
        text = ".".join((root, *path))
    else:
        text = root + "".join('["' + key.replace("\\", "\\\\").replace('"', '\\"') + '"]' for key in path)
    if statistic:
        endings = (Segment(part, quoted=False) for part in statistic.split("."))
        return Field(f"{text}.{statistic}", root, (*segments, *endings))
    return Field(text, root, segments)


def covers(pattern: Field, field: Field) -> bool:
    """Return whether `pattern`, with or without a star, stands for `field`."""
    wanted = _compiled("".join(_regex(pattern.path)))
    return pattern.root == field.root and bool(wanted.fullmatch(".".join(part.text for part in field.path)))


def on_field(condition: Condition, pattern: Field, field: Field) -> Condition:
    """Return `condition`, of which `pattern` is the only subject, asked about `field`."""
    match condition:
        case FieldCondition():
            operand = condition.operand
            if isinstance(operand, Bound) and operand.field == pattern:
                operand = replace(operand, field=field)
            return replace(condition, subject=field, operand=operand)
        case AllOf() | AnyOf():
            return replace(condition, parts=tuple(on_field(part, pattern, field) for part in condition.parts))
        case Optional():
            return replace(condition, subject=field, part=on_field(condition.part, pattern, field))
        case Named():  # pragma: no mutate - stands beside parts on other fields, where a star is refused
            return condition
