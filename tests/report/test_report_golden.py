"""What users read, whole: a golden file for every surface and language, of a judgement with every kind of result."""

import re
from collections.abc import Iterable
from importlib import import_module
from xml.etree.ElementTree import fromstring

import pytest
from support import every_kind
from support.example import EXAMPLES
from support.golden import Golden

from swanlab_ci import __version__
from swanlab_ci.gate.spec.fields import STATES
from swanlab_ci.judgement import CheckKind, Comparing, Deciding
from swanlab_ci.messages import Kind, Language, Message, pieces
from swanlab_ci.model import Level, Outcome, Status, Truth
from swanlab_ci.platforms.base import Links
from swanlab_ci.report import render
from swanlab_ci.report.explain import explain_results
from swanlab_ci.security.escaping import md_text

LANGUAGES = list(Language)
LINKS = Links(
    files="https://forge.example/my-team/resnet/blob/main",
    commit="https://forge.example/my-team/resnet/commit/8af26ac",
    job="https://forge.example/my-team/resnet/actions/runs/1",
    report="https://forge.example/my-team/resnet/actions/runs/1#artifacts",
)
ALL = every_kind.every_kind()
CHECKS = [check for gate in ALL.verdict.gates for check in gate.checks]


def test_every_kind_of_result_occurs() -> None:
    assert {gate.status for gate in ALL.verdict.gates} == {*Status}
    assert {gate.decided_by for gate in ALL.verdict.gates} == {*Deciding}
    assert {check.outcome for check in CHECKS} == {*Outcome}
    assert {check.reason.truth for check in CHECKS if check.reason} == {*Truth}
    assert {*CheckKind} - {check.kind for check in CHECKS} <= every_kind.OTHER_KINDS
    found = {check.comparison.found for check in CHECKS if check.comparison}
    assert {*Comparing} - found <= every_kind.OTHER_COMPARISONS


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", list(every_kind.EVERY))
def test_the_words_are_those_of_the_golden_files(golden: Golden, name: str, language: Language) -> None:
    rendering = render(every_kind.EVERY[name](), redact=str, language=language)
    surfaces = {
        "comment.md": rendering.comment,
        "summary.md": rendering.summary,
        "terminal.txt": rendering.text,
        "junit.xml": rendering.junit,
    }

    for surface, text in surfaces.items():
        stem, _, ending = surface.partition(".")
        golden(f"report/{name}/{stem}.{language}.{ending}", text.replace(__version__, "VERSION") + "\n")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", list(EXAMPLES))
def test_the_comments_of_pull_requests_are_those_of_the_golden_files(
    golden: Golden, name: str, language: Language
) -> None:
    found = EXAMPLES[name]()
    rendering = render(found.judgement(), found.insight, redact=str, language=language, links=LINKS)

    golden(f"report/pull-request/{name}.{language}.md", rendering.comment.replace(__version__, "VERSION") + "\n")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_of_explain_are_those_of_the_golden_file(golden: Golden, language: Language) -> None:
    golden(f"report/every-kind/explain.{language}.txt", explain_results(ALL.verdict.gates, language) + "\n")


def words_only(message: Message, language: Language) -> str:
    """Return what is ours of a message: no names, values and code."""
    return " ".join(piece.text for piece in pieces(message, language) if piece.kind is Kind.WORDS)


def test_a_chinese_report_holds_no_english_but_names_values_and_code(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("writers", "junit"):
        monkeypatch.setattr(import_module(f"swanlab_ci.report.{module}"), "plain", words_only)
    wrong: dict[str, list[str]] = {}
    for name, made in every_kind.EVERY.items():
        rendering = render(made(), redact=str, language=Language.ZH)
        names = {each.name for each in made().verdict.gates}
        surfaces = {
            "headline": rendering.headline,
            "comment": without_author(rendering.comment, names),
            "summary": without_author(rendering.summary, names),
            "terminal": rendering.text,
            "junit": "\n".join(fromstring(rendering.junit).itertext()),  # noqa: S314 - our own XML
            "explain": explain_results(made().verdict.gates, Language.ZH),
        }
        found = {surface: english(text) for surface, text in surfaces.items()}
        wrong |= {f"{name} {surface}": words for surface, words in found.items() if words}

    assert wrong == {}


ALLOWED = {"SwanLab", "swanlab", "ci", "NaN", "PR", *Level}


def english(text: str) -> list[str]:
    """Return the Latin words outside code, links, tags, and the status that a line of the terminal begins with."""
    bare = re.sub(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)|\]\([^)]*\)|https?://\S+|</?\w+( open)?>", " ", text)
    bare = re.sub(rf"^({'|'.join(Status).upper()}) ", "", bare, flags=re.MULTILINE)
    return sorted(set(re.findall(r"[A-Za-z]{2,}", bare)) - ALLOWED)


def without_author(text: str, names: Iterable[str]) -> str:
    """Take out what the gate file's author wrote: the quotations, the names of gates, the reasons of waivers."""
    for name in sorted(names, key=len, reverse=True):
        text = re.sub(rf"(?<=<b>){name}(?=[< ])|(?<=<sub>){name}(?=[< ])|(?<=\| ){name}(?=[` |])", "", text)
    text = re.sub(r"(?<=<sub>)main(?= )", "", text)
    for state in STATES:
        text = re.sub(rf"(?<=<b>){state}(?=</b>)", "", text)
    for reason in ("@ml-team agreed, see #12", "Until the launcher lands"):
        text = text.replace(md_text(reason), "")
    return re.sub(r"^>.*\n", "", text, flags=re.MULTILINE)


def test_english_in_a_chinese_report_is_found() -> None:
    assert english("FAIL    `a b` ``c ` d`` <sub>[`x`](y)</sub> is 错") == ["is"]
