"""The documentation of the gate language, in each language: snippets load and judge as described, tables are complete.

`pytest --renew-golden` renews the quoted message.
"""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from gate_factories import bound
from support.golden import Golden

from swanlab_ci import gate
from swanlab_ci.errors import ConfigurationError
from swanlab_ci.gate.parse.comparisons import COMPARE
from swanlab_ci.gate.parse.curves import CURVE
from swanlab_ci.gate.parse.gate_file import KEYS
from swanlab_ci.gate.parse.gates import GATE
from swanlab_ci.gate.parse.variables import NAMES
from swanlab_ci.gate.spec.curves import TAKES
from swanlab_ci.gate.spec.fields import PLAIN, STATES
from swanlab_ci.gate.spec.operators import OPERATORS
from swanlab_ci.gate.spec.readings import STATISTICS
from swanlab_ci.gate.testing.cases import CASE, FILE, Trial
from swanlab_ci.gate.testing.runs import KEYS as KEYS_OF_RUN
from swanlab_ci.gate.testing.runs import PARTS
from swanlab_ci.messages import plain
from swanlab_ci.messages.message import Language
from swanlab_ci.model import Status

DOCS = Path(__file__).parents[2] / "docs"
PAGES = {Language.EN: DOCS / "gates.md", Language.ZH: DOCS / "zh" / "gates.md"}
TEXTS = {language: path.read_text(encoding="utf-8") for language, path in PAGES.items()}
PRINTED = re.compile(r"(?<=```text\n).*?(?=\n```)", re.DOTALL)
WORDS = sorted(
    {*KEYS, *GATE, *COMPARE, *CURVE, *TAKES, *OPERATORS, *PLAIN, *STATES, *Status} | {f".{name}" for name in STATISTICS}
)

each_page = pytest.mark.parametrize("language", Language)


def snippets(language: Language) -> list[str]:
    """Return the page's blocks of YAML: files, single gates, the file with a mistake, and the file of tests."""
    return re.findall(r"```yaml\n(.*?)```", TEXTS[language], re.DOTALL)


def mistake(language: Language) -> str:
    (snippet,) = (snippet for snippet in snippets(language) if "minimum:" in snippet)
    return snippet


def files(language: Language) -> list[str]:
    return [snippet for snippet in snippets(language) if "gates:\n" in snippet and snippet != mistake(language)]


def single_gates(language: Language) -> list[str]:
    return [snippet for snippet in snippets(language) if snippet.startswith("- name: ")]


def files_of_tests(language: Language) -> list[str]:
    return [snippet for snippet in snippets(language) if snippet.startswith("tests:\n")]


def printed(language: Language) -> str:
    """Return what the program prints about the page's mistake."""
    with pytest.raises(ConfigurationError) as caught:
        gate.load(mistake(language), name="swanlab-gate.yml")
    (problem,) = caught.value.problems
    return f"{problem.place}: {plain(problem.message, language)}\n{problem.excerpt}"


def without_comments(blocks: Sequence[str]) -> list[str]:
    return [re.sub(r" +# .*", "", block) for block in blocks]


@each_page
def test_every_snippet_is_of_a_known_kind(language: Language) -> None:
    kinds = (files(language), single_gates(language), files_of_tests(language), [mistake(language)])
    assert len(snippets(language)) == sum(map(len, kinds))
    assert len(files(language)) >= 3
    assert len(single_gates(language)) >= 5


def test_every_page_has_the_same_snippets_in_the_same_order() -> None:
    english, *others = (without_comments(snippets(language)) for language in Language)

    assert others == [english]


def test_every_page_has_the_same_sections_and_tables() -> None:
    english, *others = (re.findall(r"^(#+ |\|---.*)", text, re.MULTILINE) for text in TEXTS.values())
    rows, *other_rows = (re.findall(r"^\| ([^|]*`[^|]*) \|", text, re.MULTILINE) for text in TEXTS.values())

    assert others == [english]
    assert [re.findall(r"`[^`]+`", row) for row in other_rows[0]] == [re.findall(r"`[^`]+`", row) for row in rows]


@each_page
def test_every_file_loads_without_a_warning(language: Language) -> None:
    for snippet in files(language):
        assert bound(snippet).gates
        assert gate.load(snippet, name="gates.yml").warnings == ()


@each_page
def test_the_example_of_curves_tells_a_healthy_training_from_three_that_are_not(language: Language) -> None:
    (text,) = (snippet for snippet in files(language) if "curve.spike" in snippet)
    good = "train/loss: [0.9, 0.5, 0.4], val/loss: [9, 8, 7, 6, 5, 4], val/acc: [0.8, 0.9]"
    tests = "tests:\n" + "".join(
        f"  - {{name: {number}, runs: [{{points: {{{points}}}}}], expect: {{training-is-healthy: {status}}}}}\n"
        for number, (points, status) in enumerate(
            [
                (good, "pass"),
                (good.replace("0.5, 0.4", "NaN, 0.4"), "fail"),
                (good.replace("0.5, 0.4", "2, 0.4"), "fail"),
                (good.replace("[0.8, 0.9]", "{0: 0.8, 501: 0.9}"), "fail"),
            ]
        )
    )

    assert gate.try_out(gate.load(text, name="gates.yml"), tests, name="tests.yml") == Trial(4, (), ())


@each_page
def test_every_gate_loads(language: Language) -> None:
    assert [len(bound("gates:\n" + snippet).gates) for snippet in single_gates(language)] == [1] * len(
        single_gates(language)
    )


@each_page
def test_the_mistake_is_explained_as_the_program_prints_it(language: Language, golden: Golden) -> None:
    renewed, count = PRINTED.subn(lambda _: printed(language), TEXTS[language])

    assert count == 1
    golden.page(PAGES[language], renewed)


@each_page
def test_the_files_of_tests_hold_for_the_files_that_they_are_about(language: Language) -> None:
    first, compared = files(language)[0], next(file for file in files(language) if "  main:\n    runs:" in file)
    of_first, of_compared = files_of_tests(language)

    assert gate.try_out(gate.load(first, name="gates.yml"), of_first, name="tests.yml") == Trial(2, (), ())
    assert gate.try_out(gate.load(compared, name="gates.yml"), of_compared, name="tests.yml") == Trial(1, (), ())


@each_page
def test_every_key_of_a_file_of_tests_is_documented(language: Language) -> None:
    section = TEXTS[language].rpartition("\n## ")[2]
    tables = [part.partition("\n\n")[0] for part in section.split("|---|---|---|\n")[1:]]
    keys = [re.findall(r"`([^`]+)`", row.split("|")[1]) for table in tables for row in table.splitlines()]

    assert sorted(key for row in keys for key in row) == sorted((*FILE, *CASE, *KEYS_OF_RUN))
    assert [part for part in PARTS if f"`{part}`" not in tables[2]] == []


@each_page
def test_every_word_of_the_language_is_documented(language: Language) -> None:
    assert [word for word in WORDS if not re.search(rf"`{re.escape(word)}[`:]", TEXTS[language])] == []
    assert [name for name in NAMES if f"`${name}`" not in TEXTS[language]] == []
