"""Every entry exists in both languages with the same parameters, and is written as a tired reader needs it."""

import re
from collections.abc import Mapping

import pytest
from catalogues import CODE, ENTRIES, PLACE, SECTION, places, rooms, words, written_twice
from terms import AVOIDED, KEYWORDS, TERMS

from swanlab_ci.messages import Language

each_language = pytest.mark.parametrize("language", list(Language))
EN, ZH = ENTRIES[Language.EN], ENTRIES[Language.ZH]
HAN = re.compile(r"[\u3400-\u9fff]")
LATIN = re.compile(r"[A-Za-z][A-Za-z0-9.-]*[A-Za-z0-9]")
TEMPLATES = [  # a template, what it must have, what its optional parts have
    ("{a} of {b} {b?run|runs}", {"a", "b"}, set()),
    ("x[[ (near: `{hint}` {more})]]", set(), {("hint", "more")}),
    ("`{key}: {value}` and `{ }`", {"key", "value"}, set()),
]


@pytest.mark.parametrize(("template", "required", "optional"), TEMPLATES)
def test_the_tests_read_an_entry_as_it_is_documented(
    template: str, required: set[str], optional: set[tuple[str, ...]]
) -> None:
    assert places(template).required == required
    assert places(template).optional == {frozenset(each) for each in optional}


def test_both_languages_have_the_same_entries_in_the_same_rooms() -> None:
    en, zh = ({room: set(entries) for room, entries in rooms(language).items()} for language in Language)

    assert en == zh
    assert EN.keys() == {id_ for ids in en.values() for id_ in ids}, "a room is missing in the catalogue"


@each_language
def test_no_id_is_written_in_two_rooms(language: Language) -> None:
    assert written_twice(language) == []


def test_both_languages_have_the_same_parameters() -> None:
    wrong = [id_ for id_ in EN.keys() & ZH.keys() if places(EN[id_]) != places(ZH[id_])]

    assert wrong == []


def malformed(template: str) -> bool:
    outside = PLACE.sub("x", SECTION.sub(r"\1", template))
    no_code = CODE.sub("", outside)
    return (
        any(sign in outside for sign in ("[[", "]]"))
        or any(not names for names in places(template).optional)
        or any(sign in no_code for sign in "{}`")
        or re.search(r"(?<!\$\{)\{\s*\w*\s*\}", outside) is not None
        or template != template.strip()
    )


@pytest.mark.parametrize(
    "template", ["{a", "a}", "``", "[[x]]", "[[{x}", "`x", "{a b}", "{a?b}", " x", "[[a {x} [[{y}]]]]"]
)
def test_a_malformed_entry_is_found(template: str) -> None:
    assert malformed(template)


@each_language
def test_no_entry_is_malformed(language: Language) -> None:
    assert [id_ for id_, template in ENTRIES[language].items() if malformed(template)] == []


def test_an_id_is_lower_case_words_joined_by_hyphens_after_its_subject() -> None:
    assert [
        id_ for id_ in EN if id_ != "text" and not re.fullmatch(r"[a-z]+(-[a-z]+)*(\.[a-z0-9_]+(-[a-z0-9]+)*)+", id_)
    ] == []


def english_in(entries: Mapping[str, str]) -> list[str]:
    """Return the Latin words of Chinese entries that are no accepted term."""
    return [
        f"{id_}: {word}"
        for id_, text in entries.items()
        for word in LATIN.findall(words(text))
        if word not in TERMS and id_ not in KEYWORDS
    ]


def test_english_in_chinese_is_found() -> None:
    entries = {"a": "{count?run|runs}", "b": "YAML 文件 `key` {name}，UTF-8"}  # noqa: RUF001 - Chinese marks

    assert english_in(entries) == ["a: run", "a: runs"]


def test_chinese_has_no_english_but_names() -> None:
    assert english_in(ZH) == []


def test_english_has_no_chinese() -> None:
    assert [id_ for id_, text in EN.items() if HAN.search(text)] == []


HALF_WIDTH = re.compile(r"[\u3400-\u9fff][,;:!?]|[,;!?][\u3400-\u9fff]|[\u3400-\u9fff]\.(?!\w)|\([^)]*[\u3400-\u9fff]")
TOUCHING = re.compile(r"[\u3400-\u9fff][A-Za-z0-9`]|[A-Za-z0-9`][\u3400-\u9fff]")


def test_chinese_has_full_width_marks_and_a_space_around_latin() -> None:
    wrong = {id_: text for id_, text in ZH.items() if HALF_WIDTH.search(CODE.sub("`c`", text)) or TOUCHING.search(text)}

    assert wrong == {}


def avoided_in(entries: Mapping[str, str]) -> list[str]:
    turns = re.compile("|".join(rf"\b(?:{turn})(?!\w)" for turn in AVOIDED), re.IGNORECASE)
    return [f"{id_}: {match[0]}" for id_, text in entries.items() for match in turns.finditer(words(text))]


def test_a_turn_to_avoid_is_found() -> None:
    assert avoided_in({"a": "it is told", "b": "600 what?", "c": "what is `told`"}) == ["a: told", "b: what?"]


def test_english_is_plain() -> None:
    assert avoided_in(EN) == []
