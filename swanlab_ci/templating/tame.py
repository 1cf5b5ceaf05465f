"""What a template wrote, made so that nothing after it is hidden or changed."""

import re

from swanlab_ci.security.escaping import visible

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_SPAN = re.compile(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)")
_ATTRIBUTE = r"""[ \t]+[\w:.-]+(?:[ \t]*=[ \t]*(?:"[^"\n]*"|'[^'\n]*'|[^\s"'=<>`]+))?"""
_TAG = re.compile(rf"</?[A-Za-z][A-Za-z0-9-]*(?:{_ATTRIBUTE})*[ \t]*/?>|<[A-Za-z][A-Za-z0-9+.-]+:[^\s<>]*>")
_SWALLOWS = re.compile(
    r"</?(?:pre|title|textarea|style|xmp|iframe|noembed|noframes|script|plaintext|template|svg|math|select)\b",
    re.IGNORECASE,
)
_MOST_FOLDS = 30
_FOLD = re.compile(r"<details\b|^ {0,3}(</details\b)", re.IGNORECASE | re.MULTILINE)


def tame(body: str) -> str:
    """Return what a template wrote so that it cannot hide or change what comes after it, nor pass for our marker.

    Invisible characters become visible, a fence and a fold that are open are closed, and of HTML only whole tags stay.
    What is code depends on the blocks around it. So a fold counts as open wherever it stands, and as closed only where
    no code can be, at the start of a line: one `</details>` more does no harm.
    """
    lines = [visible(line).replace("\\u{9}", "\t") if not _is_plain(line) else line for line in body.split("\n")]
    blocks, fence = _blocks(lines)
    found, open_folds = [], 0
    for is_code, text in blocks:
        if is_code:
            found.append(text)
            continue
        kept = _without_broken_tags(text)
        for match in _FOLD.finditer(kept):
            open_folds = max(0, open_folds - 1) if match[1] else open_folds + 1
        found.append(kept)
    closing = ([fence] if fence else []) + ["\n</details>"] * min(open_folds, _MOST_FOLDS)
    return "\n".join([*found, *closing])


_EMOJI_PARTS = str.maketrans("", "", "\u200d\ufe0f\t")


def _is_plain(line: str) -> bool:
    """Tell whether a line has no invisible character but those that emoji are made with."""
    return visible(stripped := line.translate(_EMOJI_PARTS)) == stripped


def _blocks(lines: list[str]) -> tuple[list[tuple[bool, str]], str]:
    """Return the lines by whether they are fenced code, and the fence that is still open.

    A blank line is put before a fence: directly below a tag, such as `<div>`, it would be a part of the HTML instead.
    """
    found: list[tuple[bool, str]] = []
    part: list[str] = []
    fence = ""
    for line in lines:
        match = _FENCE.match(line)
        part.append(line)
        if fence and match and match[1].startswith(fence) and not line.strip().strip(fence[0]):
            found.append((True, "\n".join(part)))
            part, fence = [], ""
        elif not fence and match and not (match[1][0] == "`" and "`" in line[match.end() :]):
            before = part[:-1]
            found.append((False, "\n".join([*before, ""] if before and before[-1].strip() else before)))
            part, fence = [line], match[1]
    found.append((bool(fence), "\n".join(part)))
    return found, fence


def _without_broken_tags(text: str) -> str:
    """Escape each `<` that begins no whole tag, or one that browsers read to its end as text.

    In what looks like code on one line, only the latter: no block of HTML starts there.
    """
    found, at = [], 0
    for span in _SPAN.finditer(text):
        found += [_escaped(text[at : span.start()]), _SWALLOWS.sub(_as_text, span.group())]
        at = span.end()
    return "".join([*found, _escaped(text[at:])])


def _as_text(tag: re.Match[str]) -> str:
    return tag.group().replace("<", "&lt;")


def _escaped(text: str) -> str:
    found, at = [], 0
    for tag in _TAG.finditer(text):
        if _SWALLOWS.match(tag.group()):
            continue
        found += [text[at : tag.start()].replace("<", "&lt;"), tag.group()]
        at = tag.end()
    return "".join([*found, text[at:].replace("<", "&lt;")])
