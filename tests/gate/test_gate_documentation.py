"""The documentation is true: every snippet loads, judges, or fails as it says; every table names what there is."""

import re
from pathlib import Path

import pytest
from gate_factories import bound

from swanlab_ci import gate
from swanlab_ci.errors import ConfigurationError
from swanlab_ci.gate.parse.comparisons import COMPARE
from swanlab_ci.gate.parse.conditions import OPERATORS
from swanlab_ci.gate.parse.gate_file import KEYS
from swanlab_ci.gate.parse.gates import GATE
from swanlab_ci.gate.parse.variables import NAMES
from swanlab_ci.gate.spec.fields import PLAIN, STATES, STATISTICS
from swanlab_ci.model import Status

TEXT = (Path(__file__).parents[2] / "docs" / "gates.md").read_text(encoding="utf-8")
SNIPPETS = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
MISTAKE, TESTS = SNIPPETS[-2:]
FILES = [snippet for snippet in SNIPPETS[:-2] if "gates:\n" in snippet]
GATES = [snippet for snippet in SNIPPETS[:-2] if snippet.startswith("- name: ")]


def test_every_snippet_is_of_a_known_kind() -> None:
    assert len(SNIPPETS) == len(FILES) + len(GATES) + 2
    assert len(FILES) >= 3
    assert len(GATES) >= 5


@pytest.mark.parametrize("snippet", FILES)
def test_every_file_loads_without_a_warning(snippet: str) -> None:
    assert bound(snippet).gates
    assert gate.load(snippet, name="gates.yml").warnings == ()


@pytest.mark.parametrize("snippet", GATES)
def test_every_gate_loads(snippet: str) -> None:
    assert len(bound("gates:\n" + snippet).gates) == 1


def test_the_mistake_is_told_as_printed() -> None:
    printed = re.findall(r"```text\n(.*?)\n```", TEXT, re.DOTALL)[-1]

    with pytest.raises(ConfigurationError) as caught:
        gate.load(MISTAKE, name="swanlab-gate.yml")

    (problem,) = caught.value.problems
    assert f"{problem}\n{problem.excerpt}" == printed


def test_the_file_of_tests_holds_for_the_first_file() -> None:
    assert gate.try_out(gate.load(FILES[0], name="gates.yml"), TESTS, name="tests.yml") == gate.Trial(2, (), ())


@pytest.mark.parametrize(
    "word",
    sorted({*KEYS, *GATE, *COMPARE, *OPERATORS["any"], *PLAIN, *STATES, *Status} | {f".{name}" for name in STATISTICS}),
)
def test_every_word_of_the_language_is_documented(word: str) -> None:
    assert re.search(rf"`{re.escape(word)}[`:]", TEXT)


@pytest.mark.parametrize("name", NAMES)
def test_every_variable_is_documented(name: str) -> None:
    assert f"`${name}`" in TEXT
