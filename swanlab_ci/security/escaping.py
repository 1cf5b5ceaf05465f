"""Customs: the one place where foreign text is made safe for a log line, an output, Markdown, a URL, or JSON.

What each exit reads as a command is taken from the sources of actions/runner (`ActionCommand.cs`,
`FileCommandManager.cs`), actions/toolkit (`command.ts`) and from the GitHub Flavored Markdown specification.
"""

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
    """Text that we wrote ourselves or that customs has passed: it may stand in Markdown as it is."""

    __slots__ = ()


def visible(text: str) -> str:
    r"""Show what would not be seen or would end a line (controls, bidi marks, surrogates, …) as `\u{hex}`."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(f"\\u{{{ord(c):x}}}" if unicodedata.category(c) in _INVISIBLE else c for c in text)


def capped(text: str, limit: int) -> str:
    """Cut `text` to `limit` characters, the last one an ellipsis where something was lost."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def log_line(text: str, *, cap: int = LINE_CAP) -> str:
    r"""Make one line of `text` that the runner cannot read as a command.

    The runner obeys `::command::` at the start of a line (after any white space) and `##[command]` anywhere in it.
    """
    line = capped(visible(capped(text, cap)), cap).replace("##[", "##\\[")
    return "\\" + line if line.lstrip().startswith("::") else line


def log_text(text: str) -> str:
    """Make a text of several lines safe, line by line."""
    return "\n".join(log_line(line) for line in text.split("\n"))


def annotation(level: str, message: str, *, title: str = "", file: str = "", line: int = 0, column: int = 0) -> Safe:
    """Write the workflow command that shows `message` as an annotation; `level` is error, warning or notice."""
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
    """Put `text` into a code span that also holds inside a table cell.

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


def md_link(url: str) -> Safe:
    """Write an address of ours as a link; a sign that could end it is percent-encoded."""
    return Safe(f"<{quote(url, safe=_IN_URL, errors='replace')}>".replace("|", "%7C"))


_IN_URL = "/:?=&%+,;@#~!$*.-_"


def outside_table(markdown: Safe) -> Safe:
    r"""Take back the `\|` of `md_code` and `md_prose`: only a table reads it as `|`; elsewhere it would be seen."""
    return Safe(markdown.replace("\\|", "|"))


_PIECE = re.compile(r"`[^`]+`|\d+\.(?!\S)|[^\s`]*[^\s`,.;:!?]|[,.;:!?]+|`+")
_WORD = re.compile(  # letters joined by a hyphen or a Chinese stop, a date or a number, with the marks around it
    r"""["'(“（]*(?:[^\W\d_]+(?:['’\-，。：；、][^\W\d_]+)*|\d{4}-\d\d-\d\d|\d+(?:\.\d+)?%?)?[,.;:!?"')”，。：；！？）…]*"""  # noqa: RUF001 - Chinese marks
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?%?")
_MAY_BE_A_COMMIT = re.compile(r"[0-9a-f]{7,}", re.IGNORECASE)


def md_prose(text: str, *, cap: int = PROSE_CAP) -> Safe:
    """Let plain words and numbers stand as they are, and put all else in `text` into code spans, on one line.

    For sentences of ours that may quote foreign text: they stay readable, and nothing in them can become a mention,
    reference, link, tag or list. What stands between backticks becomes one code span.
    """
    written = ""
    end = 0
    for piece in _PIECE.finditer(capped(text, cap)):
        plain = piece.group()
        code = not _stands_alone(plain, first=not written)
        apart = piece.start() > end or (code and written.endswith("`"))
        written += (" " if apart and written else "") + (md_code(_unquoted(plain), cap=cap) if code else plain)
        end = piece.end()
    return Safe(written)


def _stands_alone(piece: str, *, first: bool) -> bool:
    if first and not (piece[0].isalpha() or _NUMBER.fullmatch(piece)):
        return False  # at the start of a line `1.` or `-` would begin a list
    return bool(_WORD.fullmatch(piece)) and not _MAY_BE_A_COMMIT.search(piece)


def _unquoted(piece: str) -> str:
    return piece[1:-1] if len(piece) > 2 and piece[0] == piece[-1] == "`" != piece[1] else piece  # noqa: PLR2004 - a pair


_INERT = re.compile(r"[^A-Za-z0-9_.:/+-]")


def inert_json(value: Any) -> str:
    r"""Write JSON in which no string holds a sign that a shell, YAML or a workflow expression would act on.

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


def log_json(value: Any) -> Safe:
    """Write indented JSON that can stand in a log: one document to a parser, no command to the runner."""
    return Safe(json.dumps(value, indent=2, allow_nan=False).replace("##[", "\\u0023#["))


def url_part(text: str) -> str:
    """Percent-encode one part of a URL's path; nothing in it can end the part or climb out of it.

    `.` and `..` climb even when encoded (WHATWG URL, "double-dot path segment"), and name nothing that we link to: they
    come out encoded twice, an address that leads nowhere.
    """
    encoded = quote(text.encode("utf-8", "surrogatepass"), safe="")
    return encoded.replace(".", "%252E") if encoded in {".", ".."} else encoded
