"""Sentences stay readable, and nothing in them becomes more than a sentence."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.rendered import Page

from swanlab_ci.security.escaping import md_prose, visible

PIECES = ["@team", "#1", "`", "``", "a", "1.", "-", "*x*", "_x_", "<b>", "|", "\\", "www.x.yz", "http://x.yz", "[a](b)"]
PIECES += [
    " ",
    "\n",
    "deadbeef",
    "ABC-1",
    ".",
    "(",
    ")",
    "![",
    "&amp;",
    "~~",
    "=",
    "#",
    ">",
    "+",
    "12",
    ":x:",
    "\t",
    "。",
    "é",
]
texts = st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=14).map("".join))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2 of 7 gates fail: Smoke run finished, ok.", "2 of 7 gates fail: Smoke run finished, ok."),
        ("Raise `timeout`, or ask why.", "Raise `timeout`, or ask why."),
        ("run `my run` is CRASHED", "run `my run` is CRASHED"),
        ("waived until 2027-01-31: agreed", "waived until 2027-01-31: agreed"),
        ("50% (or 0.5) isn't well-known", "50% (or 0.5) isn't well-known"),
        ("运行失败，请重试。", "运行失败，请重试。"),  # noqa: RUF001 - Chinese marks
        ("ask @ml-team, see #12.", "ask `@ml-team`, see `#12`."),
        ("lr is 1e-5", "lr is `1e-5`"),
        ("1. no list", "`1.` no list"),
        ("1) no list", "`1)` no list"),
        ("- no list", "`-` no list"),
        ("12 runs", "12 runs"),
        ("a\nb", "a b"),
        ("`a``b`", "`a` `b`"),
        ("1234567 and deadbeef", "`1234567` and `deadbeef`"),
        ("", ""),
    ],
)
def test_a_sentence_is_shown_as_a_reader_would_write_it(text: str, shown: str) -> None:
    assert md_prose(text) == shown


@given(texts)
@example("`" * 7 + " a " + "`" * 6)
def test_prose_is_one_paragraph_of_words_and_code(text: str) -> None:
    page = Page(md_prose(text))

    assert set(page.tags) <= {"p", "code"}
    assert page.tags.count("p") <= 1
    assert not re.search(r"@\w|#\d|[A-Z]-\d|://|www\.|<|\||\\|\[|&|~|:\w+:", page.prose)


@given(texts)
@example("`\r`")
@example("\r")
def test_prose_loses_nothing_but_space_and_backticks(text: str) -> None:
    page = Page(f"||\n|---|\n| {md_prose(text, cap=100_000)} |")

    def bare(shown: str) -> str:
        return re.sub(r"[\s`]|\\u\{(?:[9a-d]|1[c-f]|85|202[89])\}", "", shown)

    assert sorted(bare("".join(page.code) + page.prose)) == sorted(bare(visible(text)))


@given(texts)
def test_prose_fits_a_table_cell(text: str) -> None:
    page = Page(f"| a | b |\n|---|---|\n| {md_prose(text)} | end |")

    assert page.widths == [2, 2]
    assert page.prose.rstrip().endswith("end")


def test_prose_is_capped() -> None:
    assert len(md_prose("word " * 1_000)) == 500
