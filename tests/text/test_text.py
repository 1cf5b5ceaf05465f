"""Escaping, judged by the rules of those who read what leaves: the runner, cmark-gfm, bash and JSON."""

import json
import re
import subprocess
import unicodedata
from pathlib import Path
from urllib.parse import unquote, urlsplit

import cmarkgfm
import pytest
import requests
from hypothesis import assume, example, given
from hypothesis import strategies as st
from support.rendered import Page

from swanlab_ci.security.escaping import (
    CELL_CAP,
    LINE_CAP,
    annotation,
    capped,
    inert_json,
    log_line,
    log_text,
    md_code,
    md_text,
    outside_table,
    url_part,
    visible,
)
from swanlab_ci.security.redaction import Redactor

SIGNS = ["##[", "::", "]", "\r", "\n", "\u2028", "\u00a0", "set-output name=x", "add-mask", " ", "|", "`", "``", "\\"]
SIGNS += [
    "@team",
    "#1",
    "<img>",
    "<!--",
    "-->",
    "![x](https://evil.example)",
    "\x1b[31m",
    "\ud800",
    "\u202e",
    "文",
    "%0A",
]
foreign = st.one_of(st.text(), st.lists(st.sampled_from(SIGNS), max_size=12).map("".join))
foreign_with_surrogates = st.one_of(foreign, st.text(st.characters(categories=["Cs", "L", "P"])))


def runner_commands(output: str) -> list[str]:
    """Read commands out of a log as actions/runner does: `::` first in a trimmed line, else `##[` anywhere."""
    found = []
    for line in re.split(r"\r\n|\n|\r", output):
        new = re.match(r"::\s*([^:\s][^:]*?)(?:\s[^:]*)?::", line.lstrip())
        old = re.search(r"##\[([^\]]+)\]", line)
        if new or old:
            found.append(line)
    return found


@given(foreign_with_surrogates)
def test_no_log_line_is_ever_read_as_a_command(text: str) -> None:
    assert runner_commands(log_line(text)) == []
    assert runner_commands(log_text(text)) == []


@given(foreign_with_surrogates)
def test_a_log_line_is_one_line_of_visible_capped_encodable_text(text: str) -> None:
    line = log_line(text)

    assert len(line) <= LINE_CAP * 2
    assert not {unicodedata.category(c) for c in line} & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    line.encode()


@given(foreign_with_surrogates, foreign_with_surrogates)
def test_an_annotation_is_one_command_with_only_our_properties(message: str, title: str) -> None:
    line = annotation("error", message, title=title, file="gate.yml", line=3)

    assert "\n" not in line
    assert "\r" not in line
    properties = line.removeprefix("::error ").partition("::")[0]
    names = [part.partition("=")[0] for part in properties.split(",")]
    assert names == (["title"] if title else []) + ["file", "line"]


def test_an_annotation_keeps_its_line_breaks_as_the_runner_wants_them() -> None:
    assert annotation("warning", "a\nb %") == "::warning::a%0Ab %25"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\nb", "a\\u{a}b"),
        ("\x1b[2J", "\\u{1b}[2J"),
        ("\u202eabc", "\\u{202e}abc"),
        ("\ud800", "\\u{d800}"),
        ("é文", "é文"),
    ],
)
def test_what_cannot_be_seen_is_shown_by_its_number(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(foreign_with_surrogates)
@example("a\\|b\\")
@example("``` ` `` x")
@example(" \xa0 ")
def test_in_a_table_cell_the_text_stays_one_piece_of_code_and_comes_back_equal(text: str) -> None:
    shown = capped(visible(capped(text, CELL_CAP)), CELL_CAP)

    html = cmarkgfm.github_flavored_markdown_to_html(f"| a | b |\n|---|---|\n| {md_code(text)} | end |\n")

    cells = re.findall(r"<td>(.*?)</td>", html, re.DOTALL)
    assert len(cells) == 2
    assert cells[1] == "end"
    if shown.strip(" "):
        inner = re.fullmatch(r"<code>(.*)</code>", cells[0], re.DOTALL)
        assert inner is not None
        assert _unescape(inner[1]) == shown
    assert not re.search(r"<(?!/?code|/?em)", cells[0])


def _unescape(html: str) -> str:
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        html = html.replace(entity, sign)
    return html


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | foreign_with_surrogates,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(foreign, inner, max_size=3),
)


@given(json_values)
def test_inert_json_gives_the_value_back_and_holds_no_sign_that_acts(value: object) -> None:
    written = inert_json(value)

    assert json.loads(written) == value
    assert not set(written) & set(" $`'&|;<>()*?~#=%!@^\n\r")


@pytest.mark.parametrize("quoted", ["{}", "'{}'", '"{}"', "x{}"])
@pytest.mark.parametrize(
    "payload",
    [
        "$(touch canary)",
        "`touch canary`",
        '"; touch canary; "',
        "'; touch canary; '",
        "a\ntouch canary\n",
        "& touch canary",
    ],
)
def test_pasted_into_a_shell_script_inert_json_runs_nothing(tmp_path: Path, quoted: str, payload: str) -> None:
    script = "echo " + quoted.format(inert_json({"name": payload}))

    subprocess.run(["bash", "-c", script], cwd=tmp_path, check=False, capture_output=True)  # noqa: S603, S607

    assert not list(tmp_path.iterdir())


@given(foreign_with_surrogates)
@example("a/../b?x#y")
def test_a_url_part_is_one_part_and_comes_back(text: str) -> None:
    assume(text not in {".", ".."})
    part = url_part(text)

    assert re.fullmatch(r"[A-Za-z0-9_.~%-]*", part)
    assert unquote(part, errors="surrogatepass") == text


@pytest.mark.parametrize("text", [".", ".."])
def test_a_url_part_does_not_climb_even_through_a_client_that_decodes(text: str) -> None:
    prepared = requests.Request("GET", f"https://swanlab.example.com/a/b/{url_part(text)}/c").prepare()

    assert prepared.url
    assert urlsplit(prepared.url).path.startswith("/a/b/%25")


keys = st.text("abcdefghijklmnop0123456789", min_size=16, max_size=40)
noise = st.text("XYZ :`|#[\\\n", max_size=20)


@given(st.lists(keys, min_size=1), st.lists(foreign))
def test_no_secret_survives_the_redactor(secrets: list[str], texts: list[str]) -> None:
    redacted = Redactor(secrets)("".join([*secrets, *texts, *secrets]))

    assert not [secret for secret in secrets if secret in redacted]


@given(keys, noise, noise, st.integers(0, 80))
@example("aaaaaaaab" * 2, "aa", "", 19)
@example("abababab" + "0123456789", "ab", "", 16)
def test_no_cut_leaves_eight_characters_of_a_secret(key: str, before: str, after: str, cut: int) -> None:
    told = (before + key + after)[:cut]

    redacted = Redactor([key])(f"({told}…) and ({told}) and {told}")

    assert not [start for start in range(len(key) - 7) if key[start : start + 8] in redacted]


def test_of_two_secrets_that_begin_alike_nothing_is_left() -> None:
    assert Redactor(["abcdefgh", "abcdefghijkl"])("x abcdefghijkl y abcdefghijk") == "x *** y ***"


def test_a_secret_beside_another_is_hidden_as_well() -> None:
    assert Redactor(["0123456789", "abcdefghij"])("0123456789abcdefghij") == "******"


@pytest.mark.parametrize("word", ["", "false", "::error"])
def test_what_could_be_any_word_is_no_secret(word: str) -> None:
    assert Redactor([word])("::error::false") == "::error::false"


@given(st.text(alphabet="a|\\` ", max_size=20).filter(str.strip))
def test_outside_a_table_a_code_span_reads_back_with_no_backslash_added(text: str) -> None:
    (code,) = Page("x " + outside_table(md_code(text))).code

    assert code.strip(" ") == text.strip(" ")


ALIVE = re.compile(r"@|#|GH-\d|://|www\.|\$|:\w+:|<!--|\b[0-9a-f]{7,40}\b|[!%]\w", re.IGNORECASE)
words = st.text("abcXYZ019 ,;.!?'\"()%-: 文字。gh", max_size=40)


@given(st.one_of(foreign, words))
@example("If it crashed, start with its log: nothing else is worth reading.")
@example("@team see #12, GH-7 and https://evil.example")
@example("1. a")
@example("deadbeefcafe")
@example("as in !12 and %9")
def test_a_sentence_that_is_not_ours_is_words_or_code(text: str) -> None:
    assume(text.strip(" ") == text != "")

    page = Page(md_text(text, cap=10_000))

    assert {*page.tags} in ({"p"}, {"p", "code"})
    assert not ALIVE.search(page.prose)
    if page.tags == ["p"]:
        assert page.prose.strip() == text


@pytest.mark.parametrize(
    "text", ["Nothing is merged untried.", "每次合并前必须训练。", "Ask the team first: it's cheap (5 %)!"]
)
def test_a_plain_sentence_is_not_code(text: str) -> None:
    assert md_text(text) == text


@given(st.one_of(foreign, words))
def test_in_a_table_cell_it_stays_in_its_cell(text: str) -> None:
    assert Page(f"| a | b |\n|---|---|\n| {md_text(text)} | end |\n").widths == [2, 2]
