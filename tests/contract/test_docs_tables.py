"""What the documentation repeats, it repeats exactly: tables of action.yml, and the examples that are run.

`python tests/contract/test_docs_tables.py` writes them anew.
"""

import inspect
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from swanlab_ci import OpenApi

ROOT = Path(__file__).parents[2]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
DOCUMENTS = (ROOT / "README.md", ROOT / "docs" / "github.md", ROOT / "docs" / "client.md")
BLOCK = re.compile(r"(<!-- (inputs|outputs|example|client): (\S+).*? -->\n)(.*?)(<!-- /\2 -->)", re.DOTALL)


def inputs_table() -> str:
    rows = [f"| `{name}` | {spec['description']} | {default(spec)} |" for name, spec in ACTION["inputs"].items()]
    return "\n".join(["| input | meaning | default |", "|---|---|---|", *rows, ""])


def default(spec: dict[str, Any]) -> str:
    if spec.get("required"):
        return "required"
    return f"`{spec['default']}`" if spec["default"] else ""


def outputs_table() -> str:
    rows = [f"| `{name}` | {spec['description']} |" for name, spec in ACTION["outputs"].items()]
    return "\n".join(["| output | meaning |", "|---|---|", *rows, ""])


def example(name: str) -> str:
    return f"```yaml\n{(ROOT / 'examples' / 'github' / name).read_text('utf-8')}```\n"


def client_table() -> str:
    calls = [(name, call) for name, call in vars(OpenApi).items() if not name.startswith("_")]
    rows = [f"| `{name}{parameters(call)}` | {(call.__doc__ or '').splitlines()[0]} |" for name, call in calls]
    return "\n".join(["| call | what it does |", "|---|---|", *rows, ""])


def parameters(call: Callable[..., Any]) -> str:
    _, *those = inspect.signature(call).parameters.values()
    shown = [f"{one.name}=…" if one.default is not one.empty else one.name for one in those]
    return f"({', '.join(shown)})"


def renewed(document: str) -> str:
    def block(match: re.Match[str]) -> str:
        begin, kind, name, _, end = match.groups()
        return f"{begin}{example(name) if kind == 'example' else TABLES[kind]()}{end}"

    return BLOCK.sub(block, document)


TABLES = {"inputs": inputs_table, "outputs": outputs_table, "client": client_table}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_tables_and_examples_are_as_their_source(path: Path) -> None:
    document = path.read_text("utf-8")

    assert BLOCK.search(document)
    assert document == renewed(document)


def test_every_example_is_in_the_documentation() -> None:
    shown = [match[3] for match in BLOCK.finditer(DOCUMENTS[1].read_text("utf-8")) if match[2] == "example"]

    assert sorted(shown) == sorted(path.name for path in (ROOT / "examples" / "github").iterdir())


def test_a_message_that_is_explained_is_one_of_ours() -> None:
    said = "".join(path.read_text("utf-8") for path in (ROOT / "swanlab_ci").rglob("*.py"))
    table = DOCUMENTS[1].read_text("utf-8").partition("| it says |")[2].partition("\n\n")[0]
    messages = [match[2].strip() for match in re.finditer(r"^\| (`+)(.+?)\1", table, re.MULTILINE)]

    assert len(messages) >= 10
    assert [message for message in messages if message not in said] == []


def test_links_within_the_document_lead_somewhere() -> None:
    document = DOCUMENTS[1].read_text("utf-8")
    headings = re.findall(r"^#+ (.+)$", re.sub(r"```.*?```", "", document, flags=re.DOTALL), re.MULTILINE)
    anchors = {re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-") for heading in headings}

    assert set(re.findall(r"\]\(#([^)]+)\)", document)) <= anchors
    assert all((DOCUMENTS[1].parent / link).exists() for link in re.findall(r"\]\((\.\./[^)#]+)\)", document))


if __name__ == "__main__":
    for file in DOCUMENTS:
        file.write_text(renewed(file.read_text("utf-8")), "utf-8")
