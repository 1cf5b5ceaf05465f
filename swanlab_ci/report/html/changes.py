"""The section of what changed between the runs of both sides."""

from typing import Final

from swanlab_ci.insight.facts import Change, Changes
from swanlab_ci.messages import Language, Message, Name
from swanlab_ci.report.markup import Node, code, element, joined, words
from swanlab_ci.security.escaping import Html

_MOST: Final = 60  # of a part
_MOST_VALUES: Final = 6


def changes_section(changes: Changes, baseline: str, language: Language) -> Html:
    """Return a table of the keys with the values of both sides, and what was left out."""
    body: list[Node] = []
    left = 0
    for part in changes.parts:
        body += [_row(part.name, change) for change in part.changes[:_MOST]]
        left += max(0, len(part.changes) - _MOST)
    heads = (
        words(Message("html.where"), language),
        words(Message("html.key"), language),
        element("bdi", baseline),
        words(Message("html.this-pr"), language),
    )
    head = element("tr", *(element("th", each, scope="col") for each in heads))
    table = element("table", element("thead", head), element("tbody", *body), class_="changes")
    varying = Message("html.varying", keys=tuple(map(Name, changes.varying))) if changes.varying else None
    more = Message("html.more-changes", count=left) if left else None
    return joined(
        [
            element("div", table, class_="wide", tabindex="0", role="group", aria_labelledby="changes"),
            *(element("p", words(note, language), class_="quiet") for note in (more, varying) if note),
        ]
    )


def _row(part: str, change: Change) -> Html:
    return element(
        "tr",
        element("td", part, class_="quiet"),
        element("th", code(change.key), scope="row"),
        element("td", _values(change.base, "del")),
        element("td", _values(change.new, "ins")),
    )


def _values(values: tuple[tuple[str, int], ...], tag: str) -> Html:
    shown: list[Node] = [
        element(tag, code(_counted(text, count, len(values)))) for text, count in values[:_MOST_VALUES]
    ]
    if len(values) > _MOST_VALUES:
        shown.append(element("span", f"… {len(values) - _MOST_VALUES}", class_="quiet"))
    return joined(shown, Html(" ")) if shown else element("span", "—", class_="quiet")


def _counted(text: str, count: int, distinct: int) -> str:
    return f"{text} ×{count}" if distinct > 1 else text  # noqa: RUF001 - a sign for "times"
