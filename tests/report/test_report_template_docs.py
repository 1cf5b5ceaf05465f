"""The pages about templates: the example is the one that runs, and every name that they list is there."""

import re
from pathlib import Path

import pytest
from support import kinds
from support.golden import Golden
from support.rendered import Page

from swanlab_ci.messages import Language
from swanlab_ci.platforms.base import Links
from swanlab_ci.report import TemplateFile, render
from swanlab_ci.report.markdown.page import Detail, parts, view
from swanlab_ci.report.markdown.table import PageContext
from swanlab_ci.templating.blocks import BLOCKS
from swanlab_ci.templating.engine import FILTERS

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "template" / ".swanlab-ci" / "comment.md.j2"
PAGES = {Language.EN: ROOT / "docs" / "template.md", Language.ZH: ROOT / "docs" / "zh" / "template.md"}


def between(page: str, mark: str, text: str) -> str:
    return re.sub(
        rf"(<!-- {mark} -->\n).*?(<!-- /{mark} -->)", lambda found: found[1] + text + found[2], page, flags=re.DOTALL
    )


def listed(page: str, heading: str) -> list[str]:
    """Return the names in the first column of the table below a heading."""
    section = re.split(r"^## ", page, flags=re.MULTILINE)[(heading == "names" and 3) or 2]
    return re.findall(r"`(\w+)`", " ".join(re.findall(r"^\| (`[^|]+) \|", section, re.MULTILINE)))


@pytest.mark.parametrize("language", Language)
def test_the_pages_show_the_example_and_every_filter(golden: Golden, language: Language) -> None:
    page = PAGES[language].read_text("utf-8")
    names = sorted({*FILTERS, "code", "join", "outside_table", "text"})
    shown = between(page, "template", f"```jinja\n{EXAMPLE.read_text('utf-8')}```\n")
    shown = between(shown, "filters", " ".join(f"`{name}`" for name in names) + "\n")

    golden.page(PAGES[language], shown)


@pytest.mark.parametrize("language", Language)
def test_the_pages_list_every_block_and_name(language: Language) -> None:
    page = PAGES[language].read_text("utf-8")
    judgement, insight = kinds.KINDS["red"]()
    context = PageContext(judgement, insight, Links(), language)

    assert listed(page, "blocks") == list(BLOCKS)
    assert sorted(listed(page, "names")) == sorted({*view(context), *parts(context, Detail()), "report"})


@pytest.mark.slow  # it starts a process
@pytest.mark.parametrize("kind", ["red", "green", "pending"])
@pytest.mark.parametrize("language", Language)
def test_the_example_adds_what_it_says_and_keeps_the_rest(kind: str, language: Language) -> None:
    judgement, insight = kinds.KINDS[kind]()
    template = TemplateFile("comment.md.j2 of ours", EXAMPLE.read_text("utf-8"))
    report = render(judgement, insight, redact=str, language=language, template=template)
    page = Page(report.comment)

    assert report.template_problem is None
    assert ("@my-team/evaluation" in page.prose) == (kind == "red")
    assert "https://example.com/evaluation" in page.links
    assert "```mermaid" not in report.comment
    built_in = Page(render(judgement, insight, redact=str, language=language).comment)
    assert page.tags.count("table") == built_in.tags.count("table")
