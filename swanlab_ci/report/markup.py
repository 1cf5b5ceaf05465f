"""HTML from elements: whatever is not markup of ours is escaped, and no attribute can hold code or style."""

import re
from collections.abc import Iterable
from typing import Final

from swanlab_ci.messages import Kind, Language, Message, Piece, pieces
from swanlab_ci.report.presentation import own_url
from swanlab_ci.security.escaping import CELL_CAP, PROSE_CAP, Html, html_text

Node = Html | str | int | None
Attribute = str | int | float | bool | None

_VOID: Final = frozenset({"input", "link", "meta"})


def element(tag: str, *children: Node, **attributes: Attribute) -> Html:
    """Return an element; a child that is no markup is text, and an attribute that is None or False is left out.

    `class_` is `class`, and every other `_` in the name of an attribute is a hyphen.
    """
    written = "".join(_attribute(name, value) for name, value in attributes.items())
    if tag in _VOID:
        return Html(f"<{tag}{written}>")
    return Html(f"<{tag}{written}>{joined(children)}</{tag}>")


def joined(nodes: Iterable[Node], between: Html = Html("")) -> Html:  # noqa: B008 - it is a text
    """Return nodes one after another; those that are None or empty are left out."""
    shown = (node if isinstance(node, Html) else html_text(str(node)) for node in nodes if node not in {None, ""})
    return Html(between.join(shown))


def _attribute(name: str, value: Attribute) -> str:
    if value is None or value is False:
        return ""
    spelled = name.rstrip("_").replace("_", "-")
    return f" {spelled}" if value is True else f' {spelled}="{_quoted(value)}"'


def _quoted(value: Attribute) -> str:
    return value if isinstance(value, Html) else html_text(str(value))


def code(text: str, *, cap: int = CELL_CAP) -> Html:
    """Return a foreign text as code."""
    return element("code", html_text(text, cap=cap))


def link(text: Html, url: str, origin: str) -> Html:
    """Return `text` as a link to `url` if that is one of ours, else as it is."""
    target = own_url(url, origin)
    return element("a", text, href=target) if target else text


_FRAGMENT: Final = re.compile(r"[A-Za-z0-9-]*")


def forge_link(text: Html, url: str) -> Html:
    """Return `text` as a link to a page of the forge, perhaps to a line of it; without a plain address, as it is."""
    page, _, fragment = url.partition("#")
    target = own_url(page, page) if _FRAGMENT.fullmatch(fragment) else ""
    return element("a", text, href=f"{target}#{fragment}" if fragment else target) if target else text


def words(message: Message, language: Language, *, cap: int = PROSE_CAP) -> Html:
    """Write `message`; a text that is not ours stands apart, so that its direction moves nothing beside it."""
    return joined(_piece(piece, cap) for piece in pieces(message, language))


def _piece(piece: Piece, cap: int) -> Html:
    shown = html_text(piece.text, cap=cap)
    match piece.kind:
        case Kind.WORDS:
            return shown
        case Kind.STRONG:
            return element("b", shown)
        case Kind.PROSE:
            return element("bdi", shown)
        case Kind.URL:
            return link(shown, piece.text, piece.text)
        case _:
            return link(element("code", shown), piece.url, piece.url)
