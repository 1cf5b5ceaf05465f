"""What GitHub's Markdown library makes of a report, read back as text, code, links and tags."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import cmarkgfm
from cmarkgfm.cmark import Options


def html(markdown: str) -> str:
    return str(cmarkgfm.github_flavored_markdown_to_html(markdown, Options.CMARK_OPT_UNSAFE))


@dataclass
class Page(HTMLParser):
    """A rendered page: all tags, all link targets, the text inside code and the text outside it, table row widths."""

    markdown: str
    tags: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    code: list[str] = field(default_factory=list)
    prose: str = ""
    widths: list[int] = field(default_factory=list)
    _in_code: int = 0

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.feed(html(self.markdown))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "a":
            self.links += [value or "" for name, value in attrs if name == "href"]
        if tag == "code":
            self._in_code += 1
            self.code.append("")
        if tag == "tr":
            self.widths.append(0)
        if tag in {"td", "th"}:
            self.widths[-1] += 1

    def handle_endtag(self, tag: str) -> None:
        self._in_code -= tag == "code"

    def handle_data(self, data: str) -> Any:
        if self._in_code:
            self.code[-1] += data
        else:
            self.prose += data
