"""What differs between the runs of both sides: config, requirements and code."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from swanlab_ci.gate.evaluate.checks import run_ref
from swanlab_ci.gate.spec.fields import Field
from swanlab_ci.gate.spec.values import identity, is_number, number_text, spelled
from swanlab_ci.gate.spec.wildcards import matching
from swanlab_ci.insight.facts import Change, ChangedPart, Changes
from swanlab_ci.insight.sides import Sides
from swanlab_ci.model import Git, Run

HIDDEN = "***"
_VALUE_CAP = 40
_KEY_CAP = 120
_DEEPEST = 8
_COMMIT = 7
_FEWEST_TO_VARY = 3
_SECRET = re.compile(r"secret|passw|api[_-]?key|credential|cookie|private|(auth(?!or)|token(?!i[sz]))", re.IGNORECASE)

_PULL_REQUEST = re.compile(r"(?:^|[._-])(?:pr|pull)", re.IGNORECASE)

Keyed = Mapping[str, Any]


def is_secret(key: str, value: Any) -> bool:
    """Tell whether a value is shown as `***`: its key sounds like a secret's. A count of tokens is none."""
    found = _SECRET.search(key)
    return bool(found) and not (found and found.group(1) and (is_number(value) or isinstance(value, bool)))


def changes(sides: Sides, ignored: Sequence[Field] = (), own: Collection[str] = ()) -> Changes | None:
    """Compare the sides key by key; None without a baseline's runs.

    A key is left out where it is `ignored`, has another value in each run, or has one of the pull request's `own`
    values, such as its commit.
    """
    if not sides.base or not sides.compared:
        return None
    found = _Sides(sides.compared, sides.base)
    varying: list[str] = []
    parts = []
    for name, read in _PARTS.items():
        skipped = {_path(field) for run in found.all for pattern in ignored for field in matching(pattern, run)}
        skipped |= {_path(field) for field in ignored if field.root == name}
        changed = [each for each in _part(found, read, own, varying) if f"{name}.{each.key}" not in skipped]
        varying = [key for key in varying if f"{name}.{key}" not in skipped]
        parts.append(ChangedPart(name=name, changes=tuple(sorted(changed, key=lambda each: not each.apart))))
    parts.append(ChangedPart(name="git", changes=tuple(_git(found))))
    return Changes(
        new=tuple(map(run_ref, sides.compared)),
        base=tuple(map(run_ref, sides.base)),
        parts=tuple(part for part in parts if part.changes),
        varying=tuple(varying),
    )


@dataclass(frozen=True, slots=True)
class _Sides:
    new: Sequence[Run]
    base: Sequence[Run]

    @property
    def all(self) -> list[Run]:
        return [*self.new, *self.base]


def _path(field: Field) -> str:
    return ".".join((field.root, *(part.text for part in field.path)))


def _config(run: Run) -> Keyed | None:
    return None if run.config is None or run.config_keys is not None else dict(_leaves(run.config))


def _leaves(tree: Mapping[Any, Any], before: str = "", depth: int = 0) -> Iterator[tuple[str, Any]]:
    for key, value in tree.items():
        name = f"{before}{key}"
        if isinstance(value, Mapping) and value and depth < _DEEPEST:
            yield from _leaves(value, f"{name}.", depth + 1)
        else:
            yield name, value


_PARTS: dict[str, Callable[[Run], Keyed | None]] = {"config": _config, "requirements": lambda run: run.requirements}


def _part(
    sides: _Sides, read: Callable[[Run], Keyed | None], own: Collection[str], varying: list[str]
) -> Iterator[Change]:
    """Yield what changed; keys that differ in every run are added to `varying`.

    Runs that were not fetched do not count.
    """
    new = [keyed for run in sides.new if (keyed := read(run)) is not None]
    base = [keyed for run in sides.base if (keyed := read(run)) is not None]
    if not new or not base:
        return
    for key in dict.fromkeys(key for keyed in (*new, *base) for key in keyed):
        ours, theirs = _distinct(new, key), _distinct(base, key)
        if ours.keys() == theirs.keys() or any(_is_own(key, value, own) for value, _ in ours.values()):
            continue
        if len(new) + len(base) >= _FEWEST_TO_VARY and len(ours.keys() | theirs.keys()) == len(new) + len(base):
            varying.append(_cut(key, _KEY_CAP))
            continue
        shown = _masked if _is_hidden(key, ours, theirs) else _texts
        yield Change(
            key=_cut(key, _KEY_CAP), new=shown(ours), base=shown(theirs), apart=not ours.keys() & theirs.keys()
        )


Distinct = dict[tuple[str, str], tuple[Any, int]]


def _distinct(side: Sequence[Keyed], key: str) -> Distinct:
    """Return the distinct values of a key with the number of runs that have each, the most common first."""
    counts = Counter[tuple[str, str]]()
    values: dict[tuple[str, str], Any] = {}
    for keyed in side:
        if key in keyed:
            same = identity(keyed[key])
            counts[same] += 1
            values.setdefault(same, keyed[key])
    return {same: (values[same], count) for same, count in counts.most_common()}


def _is_own(key: str, value: Any, own: Collection[str]) -> bool:
    """Tell whether a value is a pull request's own; a number counts only where the key says that it is one's number."""
    if isinstance(value, bool) or not isinstance(value, (str, int)) or str(value) not in own:
        return False
    return not str(value).isdigit() or bool(_PULL_REQUEST.search(key))


def _is_hidden(key: str, ours: Distinct, theirs: Distinct) -> bool:
    return any(is_secret(key, value) for value, _ in (*ours.values(), *theirs.values()))


def _masked(values: Distinct) -> tuple[tuple[str, int], ...]:
    return ((HIDDEN, sum(count for _, count in values.values())),) if values else ()


def _texts(values: Distinct) -> tuple[tuple[str, int], ...]:
    return tuple((value_text(value), count) for value, count in values.values())


def value_text(value: Any) -> str:
    """Spell a value as a text of at most 40 characters; texts go without quotes."""
    if isinstance(value, str):
        return _cut(value, _VALUE_CAP)
    return _cut(number_text(value) if is_number(value) else spelled(value), _VALUE_CAP)


def _cut(text: str, cap: int) -> str:
    return text if len(text) <= cap else text[: cap - 1] + "…"


def _git(sides: _Sides) -> Iterator[Change]:
    """Yield the commits and the branches of both sides."""
    readers: dict[str, Callable[[Git], str]] = {
        "commit": lambda git: git.commit[:_COMMIT],
        "branch": lambda git: git.branch,
    }
    for key, read in readers.items():
        new, base = (
            tuple(Counter(_cut(read(run.git), _VALUE_CAP) for run in side if run.git and read(run.git)).most_common())
            for side in (sides.new, sides.base)
        )
        if new and base and {text for text, _ in new} != {text for text, _ in base}:
            apart = not {text for text, _ in new} & {text for text, _ in base}
            yield Change(key=key, new=new, base=base, apart=apart)
