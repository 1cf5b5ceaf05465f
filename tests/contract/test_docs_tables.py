"""Whatever the documentation repeats is equal to its source: tables of action.yml, workflows, the client's calls.

`pytest --renew-golden` renews the documentation.
"""

import inspect
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.golden import Golden

from swanlab_ci import OpenApi, report
from swanlab_ci.cli import run
from swanlab_ci.messages import Language
from swanlab_ci.messages.pieces import catalogue
from swanlab_ci.platforms import forge_of
from swanlab_ci.platforms.base import Capability
from swanlab_ci.platforms.context import Context
from swanlab_ci.runtime.console import Console

ROOT = Path(__file__).parents[2]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
GITHUB = (ROOT / "docs" / "github.md", ROOT / "docs" / "zh" / "github.md")
CHINESE = ROOT / "README.zh-CN.md"
ROOMS = ("docs", "examples", "tests", "benchmarks")
FORGES = tuple(ROOT / "docs" / folder / f"{name}.md" for name in ("gitlab", "gitea", "gitee") for folder in ("", "zh"))
DOCUMENTS = (
    ROOT / "README.md",
    CHINESE,
    *GITHUB,
    *FORGES[:-2],
    ROOT / "docs" / "client.md",
    ROOT / "docs" / "architecture.md",
)
BLOCK = re.compile(r"(<!-- (inputs|outputs|example|client|forges): (\S+).*? -->\n)(.*?)(<!-- /\2 -->)", re.DOTALL)

each_page_on_github = pytest.mark.parametrize("path", GITHUB, ids=lambda path: path.parent.name)


def inputs_table() -> str:
    rows = [f"| `{name}` | {spec['description']} | {default(spec)} |" for name, spec in ACTION["inputs"].items()]
    return "\n".join(["| input | meaning | default |", "|---|---|---|", *rows, ""])


def default(spec: dict[str, Any]) -> str:
    if spec.get("required"):
        return "required"
    return f"`{spec['default']}`" if spec.get("default") else ""


def outputs_table() -> str:
    rows = [f"| `{name}` | {spec['description']} |" for name, spec in ACTION["outputs"].items()]
    return "\n".join(["| output | meaning |", "|---|---|", *rows, ""])


def example(name: str) -> str:
    folder = ROOT / "examples" / ("" if "/" in name else "github")
    return f"```yaml\n{(folder / name).read_text('utf-8')}```\n"


def client_table() -> str:
    calls = [(name, call) for name, call in vars(OpenApi).items() if not name.startswith("_")]
    rows = [f"| `{name}{parameters(call)}` | {(call.__doc__ or '').splitlines()[0]} |" for name, call in calls]
    return "\n".join(["| call | what it does |", "|---|---|", *rows, ""])


def forges_table() -> str:
    """Write what each forge can do in a job that has a token and every file of its runner."""
    names = ("github", "gitea", "forgejo", "gitlab", "gitee", "gitcode")
    job = Context(api_url="https://x", repository="a/b", output_file="x", summary_file="x")
    can = {name: forge_of(replace(job, ci=name), "t", {}).capabilities for name in names}
    rows = [
        f"| {each.name.lower().replace('_', ' ')} | {' | '.join('✓' if each in can[name] else '' for name in names)} |"
        for each in Capability
    ]
    return "\n".join([f"| | {' | '.join(names)} |", f"|---|{'---|' * len(names)}", *rows, ""])


def parameters(call: Callable[..., Any]) -> str:
    _, *those = inspect.signature(call).parameters.values()
    shown = [f"{one.name}=…" if one.default is not one.empty else one.name for one in those]
    return f"({', '.join(shown)})"


def renewed(document: str) -> str:
    def block(match: re.Match[str]) -> str:
        begin, kind, name, _, end = match.groups()
        return f"{begin}{example(name) if kind == 'example' else TABLES[kind]()}{end}"

    return BLOCK.sub(block, document)


TABLES = {"inputs": inputs_table, "outputs": outputs_table, "client": client_table, "forges": forges_table}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_tables_and_examples_are_as_their_source(path: Path, golden: Golden) -> None:
    document = path.read_text("utf-8")

    assert BLOCK.search(document)
    golden.page(path, renewed(document))


@each_page_on_github
def test_every_example_is_in_the_documentation(path: Path) -> None:
    shown = [match[3] for match in BLOCK.finditer(path.read_text("utf-8")) if match[2] == "example"]

    assert sorted(shown) == sorted(path.name for path in (ROOT / "examples" / "github").iterdir())


@each_page_on_github
def test_a_message_that_is_explained_is_one_of_ours(path: Path) -> None:
    said = "\n".join(catalogue(Language.ZH if path.parent.name == "zh" else Language.EN).values())
    table = path.read_text("utf-8").rpartition("|---|---|\n")[2].partition("\n\n")[0]
    messages = [match[2].strip() for match in re.finditer(r"^\| (`+)(.+?)\1", table, re.MULTILINE)]

    assert len(messages) >= 10
    assert [message for message in messages if message not in said] == []


@pytest.mark.parametrize("part", [r"```\w+\n.*?```", r"^#+ ", r"^\|---.*?$", r"<!-- \w+: \S+ -->"])
def test_both_languages_show_the_same_code_in_the_same_sections(part: str) -> None:
    english, chinese = (re.findall(part, path.read_text("utf-8"), re.MULTILINE | re.DOTALL) for path in GITHUB)

    assert english
    assert chinese == english


@pytest.mark.parametrize("part", [r"```\w+\n.*?```", r"^(#+) ", r"^\|---.*?$", r"<!-- \w+: \S+ -->"])
def test_the_pages_of_the_other_forges_show_the_same_in_both_languages(part: str) -> None:
    for english, chinese in zip(FORGES[::2], FORGES[1::2], strict=True):
        found = [re.findall(part, page.read_text("utf-8"), re.MULTILINE | re.DOTALL) for page in (english, chinese)]
        assert found[0] == found[1]


def test_the_published_schema_of_the_report_is_the_programs() -> None:
    out = io.StringIO()
    run(["schema", "--report"], {}, Console(out, io.StringIO()))

    assert (ROOT / "docs" / "report.schema.json").read_text("utf-8") == out.getvalue()
    assert json.loads(out.getvalue()) == report.schema()


def test_the_chinese_tables_have_the_names_and_defaults_of_the_action() -> None:
    text = CHINESE.read_text("utf-8")

    for kind, head in (("inputs", "| 输入 |"), ("outputs", "| 输出 |")):
        table = text.partition(head)[2].partition("\n\n")[0]
        rows = [[cell.strip() for cell in row.split("|")[1:-1]] for row in table.splitlines()[2:]]
        expected = [[f"`{name}`", default(spec)] for name, spec in ACTION[kind].items()]
        assert [[row[0], row[2] if kind == "inputs" else ""] for row in rows] == expected


def test_every_link_to_a_file_or_a_section_leads_there() -> None:
    pages = [*ROOT.glob("*.md"), *(page for room in ROOMS for page in (ROOT / room).rglob("*.md"))]
    links = [
        (page, link)
        for page in pages
        for link in re.findall(r"\]\(([^)\s]+)\)", without_code(page))
        if not link.startswith("https://")
    ]

    assert len(links) > len(pages)
    assert [(page.name, link) for page, link in links if not leads_somewhere(page, link)] == []


def leads_somewhere(page: Path, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = page.parent / path if path else page
    headings = re.findall(r"^#+ (.+)$", without_code(target), re.MULTILINE) if anchor and target.exists() else []
    anchors = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
    return target.exists() and (not anchor or anchor in anchors)


def without_code(page: Path) -> str:
    return re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
