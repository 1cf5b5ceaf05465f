"""What changed between the baseline's runs and these, as a `diff` block in a fold whose title says the most of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from swanlab_ci.insight.changes import HIDDEN
from swanlab_ci.insight.facts import Change
from swanlab_ci.messages import Message, Name, Param
from swanlab_ci.report.markdown.table import PageContext, title_of
from swanlab_ci.report.writers import paragraph
from swanlab_ci.security.escaping import Safe, fenced

_IN_TITLE = 3
_VARYING = 12
_KEY_CAP = 40
_VALUES = 4
_VALUE_CAP = 60


@dataclass(frozen=True, slots=True)
class ChangesFold:
    """The fold: its title (HTML), what is compared, the lines of the block, and what was left out."""

    title: Safe
    about: Safe
    lines: tuple[Safe, ...]
    left_out: Safe | None


def changes_fold(page: PageContext, most: int) -> ChangesFold | None:
    """Return the fold with at most `most` keys a part; None without a baseline's runs."""
    found = page.insight.changes
    if found is None:
        return None
    about = Message("changes.about", new=len(found.new), base=len(found.base), to=Name(page.insight.baseline))
    return ChangesFold(
        title=title_of(Message("changes.title", changes=_title(found.all)), page.language),
        about=paragraph(about, page.language),
        lines=tuple(Safe(line) for line in _lines(page, most)),
        left_out=_left_out(page),
    )


def _title(changes: Sequence[Change]) -> Param:
    if not changes:
        return Message("changes.nothing")
    open_first = sorted(changes, key=lambda change: any(text == HIDDEN for text, _ in (*change.new, *change.base)))
    shown: list[Param] = [_short(change) for change in open_first[:_IN_TITLE]]
    more = len(changes) - len(shown)
    return (*shown, Message("lead.more", count=more)) if more else tuple(shown)


def _short(change: Change) -> Message:
    new, base = (values[0][0] if values else "" for values in (change.new, change.base))
    several = len(change.new) > 1 or len(change.base) > 1
    key = Name(change.key)
    if not change.new:
        return Message("changes.removed", key=key)
    if not change.base:
        return Message("changes.added", key=key, new=Name(new))
    if several:
        return Message("changes.differs", key=key)
    return Message("changes.changed", key=key, new=Name(new), base=Name(base))


def _lines(page: PageContext, most: int) -> list[str]:
    found = page.insight.changes
    lines: list[str] = []
    parts = found.parts if found else ()
    width = max((len(_key(change)) for part in parts for change in part.changes[:most]), default=0)
    for part in parts:
        lines.append(f"@@ {part.name} @@")
        for change in part.changes[:most]:
            key = _key(change).ljust(width)
            lines += [f"- {key}  {_values(change.base, page)}"] if change.base else []
            lines += [f"+ {key}  {_values(change.new, page)}"] if change.new else []
        if len(part.changes) > most:
            lines.append(f"  … {len(part.changes) - most}")
    return lines


def _key(change: Change) -> str:
    return fenced(change.key, cap=_KEY_CAP)


def _values(values: Sequence[tuple[str, int]], page: PageContext) -> str:
    between = "、" if page.language == "zh" else ", "
    alone = len(values) == 1
    shown = [fenced(text, cap=_VALUE_CAP) + ("" if alone else f" \u00d7{count}") for text, count in values[:_VALUES]]
    return between.join(shown) + (" …" if len(values) > _VALUES else "")


def _left_out(page: PageContext) -> Safe | None:
    varying = page.insight.changes.varying if page.insight.changes else ()
    if not varying:
        return None
    names: list[Param] = [Name(key) for key in varying[:_VARYING]]
    more = len(varying) - len(names)
    keys = (*names, Message("list.more", count=more)) if more else tuple(names)
    return paragraph(Message("changes.left-out", keys=keys), page.language)
