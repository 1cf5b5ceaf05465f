"""A message as text for one surface: the kind of each piece decides its escaping."""

from swanlab_ci.messages import Kind, Language, Message, pieces, plain
from swanlab_ci.security.escaping import (
    PROSE_CAP,
    Safe,
    capped,
    log_line,
    md_code,
    md_link,
    md_text,
    md_word,
    outside_table,
)


def markdown(message: Message, language: Language, *, cap: int = PROSE_CAP) -> Safe:
    """Write `message` as Markdown for a table cell; every text that is not ours becomes a code span.

    What is longer than `cap` characters is cut.
    """
    written, left = "", cap
    for piece in pieces(message, language):
        if left <= 0 or (piece.kind is Kind.URL and len(piece.text) > left):  # a cut address leads elsewhere
            return Safe(written + "…")
        text = capped(piece.text, left)
        left -= len(text)
        if piece.kind is Kind.WORDS:
            written += text
        elif piece.kind is Kind.PROSE:
            written += md_text(text, cap=cap)
        elif piece.kind is Kind.STRONG:
            written += f"<b>{md_word(text, cap=cap)}</b>"
        elif piece.kind is Kind.URL:
            written += md_link(text)
        else:
            apart = " " if written.endswith("`") else ""  # two code spans that touch would be one
            code = md_code(text, cap=cap)
            written += f"[{code}]({piece.url})" if piece.url else apart + code
    return Safe(written)


def paragraph(message: Message, language: Language, *, cap: int = PROSE_CAP) -> Safe:
    """Write `message` as Markdown outside a table."""
    written = outside_table(markdown(message, language, cap=cap))
    return Safe("\\" + written) if written.startswith(">") else written  # else it is a quotation


def line(message: Message, language: Language, *, indent: int = 0) -> Safe:
    """Write `message` as one line of a log or a terminal."""
    return Safe(" " * indent + log_line(" ".join(plain(message, language).splitlines()), cap=PROSE_CAP))
