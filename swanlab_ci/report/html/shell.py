"""What every page has: a head whose policy allows our style and script alone, navigation, sections, and a footer."""

import base64
import hashlib
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Any, Final, NamedTuple

from swanlab_ci.messages import Language, Message, plain
from swanlab_ci.report.markup import Node, element, words
from swanlab_ci.security.escaping import Html, html_json

BETWEEN: Final = Html(' <span aria-hidden="true">•</span> ')
_LANGUAGE_TAGS: Final = {Language.EN: "en", Language.ZH: "zh-Hans"}


class Section(NamedTuple):
    """A part of the page with its heading, and what stands beside that."""

    id: str
    title: Message
    beside: Message | None
    content: Node


def document(
    title: str, header: Html, parts: Iterable[Html], data: dict[str, Any], language: Language, *styles: str
) -> Html:
    """Return one file of HTML that loads nothing; `data` is for the script, `styles` are files beside `page.css`.

    A policy in its head allows only this style and this script, by their hashes.
    """
    style, script = Html("".join(map(_file, ("page.css", *styles)))), _file("page.js")
    policy = (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'; form-action 'none'"
    )
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=Html(policy)),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", title),
        element("style", style),
    )
    body = element(
        "body",
        element("a", words(Message("html.skip"), language), href="#main", class_="skip"),
        header,
        *parts,
        element("script", html_json(data), type="application/json", id="data"),
        element("script", script),
    )
    return Html(f"<!doctype html>\n{element('html', head, body, lang=_LANGUAGE_TAGS[language])}")


def parts(sections: list[Section], notes: Iterable[Message], made: Message, language: Language) -> Iterable[Html]:
    """Yield the navigation, all sections with the notes below them, and the footer."""
    inside = [element("a", words(each.title, language), href=f"#{each.id}") for each in sections]
    button = element("button", words(Message("html.theme"), language), type="button", class_="js-only", data_do="theme")
    yield element(
        "nav", element("div", *inside, class_="links"), button, aria_label=plain(Message("html.sections"), language)
    )
    said = [element("p", words(note, language)) for note in notes]
    shown = [_section(each, language) for each in sections]
    yield element("main", *shown, element("div", *said, class_="notes") if said else None, id="main")
    yield element("footer", element("p", words(made, language)))


def _section(section: Section, language: Language) -> Html:
    heading = element("h2", words(section.title, language), id=section.id)
    about = element("span", words(section.beside, language), class_="quiet") if section.beside else None
    return element(
        "section",
        element("div", heading, about, class_="heading"),
        section.content,
        aria_labelledby=section.id,
    )


@cache
def _file(name: str) -> Html:
    return Html(resources.files("swanlab_ci.report.html").joinpath(name).read_text("utf-8"))


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
