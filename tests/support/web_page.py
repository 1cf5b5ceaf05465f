"""`report.html` as a browser reads it: its elements, links and texts; what does not nest is an error."""

from html.parser import HTMLParser

_VOID = frozenset({"input", "meta"})


class WebPage(HTMLParser):
    """A parsed page: `elements` are (tag, attributes) in order, `raw` are the texts of scripts and styles."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.raw: dict[str, list[str]] = {"script": [], "style": []}
        self._open: list[str] = []
        self._shown: list[str] = []
        self.feed(page)
        self.close()
        assert self._open == [], f"not closed: {self._open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(set(names)) == len(names), f"{tag}: {names}"
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in _VOID:
            self._open.append(tag)
        if tag in {
            "p",
            "div",
            "body",
            "footer",
            "blockquote",
            "td",
            "th",
            "li",
            "h1",
            "h2",
            "h3",
            "summary",
            "details",
            "span",
            "a",
            "button",
            "text",
        }:
            self._shown.append("\n" if tag not in {"td", "th", "span", "a", "button", "text"} else " ")
        if tag == "tr":
            self._shown.append("\n|")

    def handle_endtag(self, tag: str) -> None:
        assert self._open[-1:] == [tag], f"{tag} ends in {self._open}"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] in self.raw:
            self.raw[self._open[-1]].append(data)
        else:
            self._shown.append(data)

    @property
    def text(self) -> str:
        """What is shown, a line for each block and each row of a table."""
        lines = (" ".join(line.split()) for line in "".join(self._shown).splitlines())
        return "\n".join(line for line in lines if line) + "\n"

    @property
    def tags(self) -> list[str]:
        return [tag for tag, _ in self.elements]

    def all(self, name: str) -> list[str]:
        """Return every value of an attribute."""
        return [attributes[name] for _, attributes in self.elements if name in attributes]
