"""The pages about report.json: every path that they name is in a report, and a comparison's difference is a number."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support import every_kind
from support.example import red

from swanlab_ci.messages import Language
from swanlab_ci.report import render

DOCS = Path(__file__).parents[2] / "docs"
PAGES = {Language.EN: DOCS / "report.md", Language.ZH: DOCS / "zh" / "report.md"}
PATH = re.compile(r"`(\.[a-z_.\[\]]+)`")


def at(document: Any, path: str) -> Iterator[Any]:
    """Yield what a path such as `.gates[].status` finds."""
    found = [document]
    for part in path.removeprefix(".").split("."):
        found = [each[part.removesuffix("[]")] for each in found if each is not None]
        if part.endswith("[]"):
            found = [item for each in found for item in each]
    yield from found


@pytest.mark.parametrize("language", Language)
def test_every_path_is_in_a_report(language: Language) -> None:
    document = render(every_kind.EVERY["every-kind"](), red().insight, redact=str).json
    paths = PATH.findall(PAGES[language].read_text("utf-8"))

    assert len(paths) == 24
    for path in paths:
        assert path == ".problems[]" or any(value is not None for value in at(document, path)), path


def test_the_pages_name_the_same_paths_and_commands() -> None:
    english, chinese = (page.read_text("utf-8") for page in PAGES.values())

    assert PATH.findall(english) == PATH.findall(chinese)
    assert re.findall(r"```sh\n.*?```", english, re.DOTALL) == re.findall(r"```sh\n.*?```", chinese, re.DOTALL)


def test_the_difference_of_a_comparison_is_a_number() -> None:
    document = render(every_kind.EVERY["every-kind"](), redact=str).json
    comparisons = [check for check in at(document, ".gates[].checks[].comparison") if check]

    assert any(isinstance(each["relative"], float) and isinstance(each["delta"], float) for each in comparisons)
