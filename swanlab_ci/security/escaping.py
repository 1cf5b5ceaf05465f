"""Escaping: the one place where foreign text is made safe for a log line, an output, Markdown, a URL, or JSON.

What each exit reads as a command is taken from the sources of actions/runner (`ActionCommand.cs`,
`FileCommandManager.cs`), actions/toolkit (`command.ts`) and from the GitHub Flavored Markdown specification.
"""

import html
import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

LINE_CAP = 2_000
CELL_CAP = 120
PROSE_CAP = 500
ANNOTATION_CAP = 4_000
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


class Safe(str):
    """Text that is our own or has been escaped: it may stand in Markdown as it is."""

    __slots__ = ()


class Html(str):
    """Markup of our own, or text that has been escaped: it may stand in an HTML document as it is."""

    __slots__ = ()


def visible(text: str) -> str:
    r"""Return `text` with every invisible or line-ending character (controls, bidi marks, surrogates) as `\u{hex}`."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(f"\\u{{{ord(c):x}}}" if unicodedata.category(c) in _INVISIBLE else c for c in text)


def capped(text: str, limit: int) -> str:
    """Cut `text` to `limit` characters; the last one is an ellipsis where something was cut."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def log_line(text: str, *, cap: int = LINE_CAP) -> str:
    r"""Return `text` as one line that the runner does not read as a command.

    The runner executes `::command::` at the start of a line (after any white space) and `##[command]` anywhere in it.
    """
    line = capped(visible(capped(text, cap)), cap).replace("##[", "##\\[")
    return "\\" + line if line.lstrip().startswith("::") else line


def log_text(text: str) -> str:
    """Return a text of several lines, each as `log_line` returns it."""
    return "\n".join(log_line(line) for line in text.split("\n"))


def annotation(level: str, message: str, *, title: str = "", file: str = "", line: int = 0, column: int = 0) -> Safe:
    """Return the workflow command that shows `message` as an annotation; `level` is error, warning or notice."""
    properties = {"title": title, "file": file, "line": line or "", "col": column or ""}
    written = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items() if value)
    return Safe(f"::{level} {written}".rstrip() + "::" + _command_data(message))


def _command_data(text: str) -> str:
    shown = "\n".join(visible(line).replace("##[", "##\\[") for line in capped(text, ANNOTATION_CAP).split("\n"))
    return shown.replace("%", "%25").replace("\n", "%0A")


def _property(text: str) -> str:
    return _command_data(capped(text, CELL_CAP)).replace(":", "%3A").replace(",", "%2C")


_NO_FENCE = re.compile("`{40,}")  # cmark reads no code span whose fence is over 80 long (MAXBACKTICKS in inlines.c)


def md_code(text: str, *, cap: int = CELL_CAP) -> Safe:
    """Return `text` as a code span that is safe inside a table cell too.

    No mention, reference, link, image or tag is ever made from text inside a code span, and the fence is longer than
    any run of backticks within.
    """
    visibly = _NO_FENCE.sub(lambda ticks: r"\u{60}" * len(ticks.group()), visible(capped(text, cap)))
    shown = capped(visibly, cap)
    if not shown.strip(" "):
        return Safe(f"`{shown}`" if shown else "_empty_")
    longest = max((len(run) for run in re.findall("`+", shown)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if shown[0] in "` " or shown[-1] in "` " else ""
    return Safe(f"{fence}{pad}{shown}{pad}{fence}".replace("|", "\\|"))


_SENTENCE = re.compile(  # letters of any script and the marks of a sentence; no sign that Markdown or GitHub acts on
    r"""[^\W\d_](?:[^\W_]|[ ,;.!?'"’()%…，。；：！？（）、“”-]|:(?= |$))*"""  # noqa: RUF001 - Chinese marks
)
_REFERENCE = re.compile(  # to an issue or a commit; GitLab writes !12 for a merge request, and %1 for a milestone
    r"\bGH-\d|\bwww\.|\b[0-9a-f]{7,}\b|[!%](?=\w)", re.IGNORECASE
)


def md_text(text: str, *, cap: int = PROSE_CAP) -> Safe:
    """Write a sentence that is not ours: as it is where it holds words and their marks only, else as a code span.

    In words and marks alone nothing can be markup, a mention, a reference, an address or a commit.
    """
    shown = capped(text, cap)
    plain = _SENTENCE.fullmatch(shown) and not _REFERENCE.search(shown)
    return Safe(shown) if plain else md_code(text, cap=cap)


_NUMBER = re.compile(r"[-+−±×]?\d[\d.]*(?:e[-+]?\d+)?[%a-z]{0,3}", re.IGNORECASE)  # noqa: RUF001 - signs of reports


def md_word(text: str, *, cap: int = CELL_CAP) -> Safe:
    """Write a value that is not ours: plain where it is a number or one word, else as a code span."""
    short = len(text) < _LONGEST_WORD and not _REFERENCE.search(text)
    plain = _NUMBER.fullmatch(text) or (text.isascii() and text.isalpha())
    return Safe(text) if short and plain else md_code(text, cap=cap)


_LONGEST_WORD = 30


def fenced(text: str, *, cap: int = CELL_CAP) -> str:
    """Return a text for one line of a fenced block: nothing in it can end the fence or the line."""
    return visible(capped(text, cap)).replace("`", "'")


_IN_A_CHART = re.compile(r"[^\w ./()+-]")


def chart_text(text: str, *, cap: int = 40) -> str:
    """Return a text for a quoted title of a mermaid chart: letters, digits and a few marks, none of them a command."""
    return _IN_A_CHART.sub("_", visible(capped(text, cap)))


def md_link(url: str) -> Safe:
    """Return an address of ours as a link; a character that could end it is percent-encoded."""
    return Safe(f"<{quote(url, safe=_IN_URL, errors='replace')}>".replace("|", "%7C"))


_IN_URL = "/:?=&%+,;@#~!$*.-_"


def outside_table(markdown: Safe) -> Safe:
    r"""Replace the `\|` of `md_code` by `|`: only a table reads it so; elsewhere the backslash would be visible."""
    return Safe(markdown.replace("\\|", "|"))


_INERT = re.compile(r"[^A-Za-z0-9_.:/+-]")


def inert_json(value: Any) -> str:
    r"""Return JSON in which no string has a character that a shell, YAML or a workflow expression interprets.

    Everything but `[A-Za-z0-9_.:/+-]` inside a string becomes `\uXXXX`; `json.loads` gives the value back.
    """
    if isinstance(value, str):
        return '"' + _INERT.sub(_escape, value) + '"'
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{inert_json(str(key))}:{inert_json(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(inert_json, value)) + "]"
    return json.dumps(value)


def _escape(match: re.Match[str]) -> str:
    units = match.group().encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i : i + 2].hex()}" for i in range(0, len(units), 2))


_PLAIN_KEY = re.compile(r"[A-Za-z][\w./-]*", re.ASCII)
_PLAIN_TEXT = re.compile(r"[A-Za-z][\w./@+-]*", re.ASCII)
_TAKEN_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


def yaml_scalar(text: str, *, is_key: bool = False) -> Safe:
    """Return `text` as YAML that any reader takes for this text, in one line without a command to the runner.

    A field with quotes of its own (`is_key`) is put in single quotes, where that is possible.
    """
    if (_PLAIN_KEY if is_key else _PLAIN_TEXT).fullmatch(text) and text.lower() not in _TAKEN_WORDS:
        return Safe(text)
    if is_key and visible(text) == text and "##[" not in text:
        return Safe("'" + text.replace("'", "''") + "'")
    signs = [_yaml_sign(sign) for sign in text]
    return Safe('"' + "".join(signs).replace("##[", "#\\x23[") + '"')


def _yaml_sign(sign: str) -> str:
    if sign in {'"', "\\"}:
        return "\\" + sign
    if unicodedata.category(sign) not in _INVISIBLE:
        return sign
    return f"\\U{ord(sign):08x}"


def log_markdown(markdown: Safe) -> Safe:
    """Return Markdown for a log: nothing in it is a command to the runner."""
    lines = markdown.replace("##[", "##\\[").split("\n")
    return Safe("\n".join("\\" + line if line.lstrip().startswith("::") else line for line in lines))


def log_json(value: Any) -> Safe:
    """Return indented JSON for a log: one document to a parser, and no command to the runner."""
    return Safe(json.dumps(value, indent=2, allow_nan=False).replace("##[", "\\u0023#["))


def url_part(text: str) -> str:
    """Percent-encode one part of a URL's path; nothing in it can end the part or lead out of it.

    `.` and `..` lead upwards even when encoded (WHATWG URL, "double-dot path segment"), and name nothing that we link
    to: they are encoded twice, which is an address of nothing.
    """
    encoded = quote(text.encode("utf-8", "surrogatepass"), safe="")
    return encoded.replace(".", "%252E") if encoded in {".", ".."} else encoded


def html_text(text: str, *, cap: int = PROSE_CAP) -> Html:
    """Return `text` for the content of an HTML element or for an attribute in quotes: nothing in it is markup.

    In a log, nothing in it is a command to the runner either.
    """
    return Html(html.escape(capped(visible(capped(text, cap)), cap)).replace("##[", "##&#91;"))


_IN_SCRIPT = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


def html_json(value: Any) -> Html:
    """Return JSON for a `<script type="application/json">`: no text in it can end the element."""
    written = json.dumps(value, allow_nan=False, separators=(",", ":"))
    return Html(written.translate(_IN_SCRIPT).replace("##[", "##\\u005b"))
