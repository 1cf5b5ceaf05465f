"""Every writer of messages, and what must hold of all that it writes, whatever a parameter is.

A new writer is one more entry of `WRITERS`.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from support.rendered import Page
from support.runner import read_commands

from swanlab_ci.messages import Language, Message, plain
from swanlab_ci.report import writers


@dataclass(frozen=True)
class Writer:
    """How a message becomes text, and what is wrong with a text that it wrote."""

    write: Callable[[Message, Language], str]
    violations: Callable[[str], Iterator[str]]


def of_plain_text(_: str) -> Iterator[str]:
    """Accept every text: plain text has no signs of its own."""
    return iter(())


def of_a_line(written: str) -> Iterator[str]:
    if not written.isprintable():
        yield "a control character or an invisible sign"
    if read_commands(written):
        yield "a workflow command"


OURS = "https://swanlab.example/"
ALIVE = re.compile(r"(?<!\w)@\w|(?<!\w)#\d|GH-\d|://|www\.|\b(?=\d*[a-f])[0-9a-f]{9,40}\b|<!--|\{\{|\$\{")


def of_markdown(written: str) -> Iterator[str]:
    """Find what GitHub would make of a text other than words, code and our own links."""
    page = Page(written)
    if tags := {*page.tags} - {"p", "code", "a", "b"}:
        yield f"tags {', '.join(sorted(tags))}"
    if page.tags.count("p") > 1:
        yield "more than one paragraph"
    if not all(link.startswith(OURS) for link in page.links):
        yield "a link that is not ours"
    if found := ALIVE.search(re.sub(rf"{OURS}\S*", "", page.prose)):
        yield f"{found[0]} outside code"


def of_a_cell(written: str) -> Iterator[str]:
    page = Page(f"| a | b |\n|---|---|\n| {written} | end |\n")
    if page.widths != [2, 2] or page.tags.count("td") != 2:
        yield "another number of cells"
    if tags := {*page.tags} - {"table", "thead", "tbody", "tr", "th", "td", "code", "a", "b"}:
        yield f"tags {', '.join(sorted(tags))}"


WRITERS = {
    "plain": Writer(plain, of_plain_text),
    "line": Writer(writers.line, of_a_line),
    "table cell": Writer(writers.markdown, of_a_cell),
    "paragraph": Writer(writers.paragraph, of_markdown),
}
