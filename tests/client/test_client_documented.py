"""Every example of SwanLab's documentation of `OpenApi`, run as written, with only the import changed."""

import ast
import itertools
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from swanlab_ci import ApiResponse, Experiment, Project
from swanlab_ci.sandbox import Sandbox, Store
from swanlab_ci.sandbox.storage.store import StoredProject, StoredRun, StoredUser, StoredWorkspace

EXAMPLES = (Path(__file__).parent / "documented_examples.txt").read_text(encoding="utf-8")
CREATED = "2024-11-23T12:28:04.286Z"


def documented_store() -> Store:
    """Know what the documentation's examples speak of; the project's name is the one the calls use."""
    store = Store()
    store.add_user(StoredUser(username="kites-test3", name="Kites Test", api_key="documented-key"))
    store.add_user(StoredUser(username="kites-test2", name="Other", api_key="other_api_key"))
    run = StoredRun(
        cuid="cuid1",
        name="experiment1",
        username="kites-test3",
        created_at=CREATED,
        state="FINISHED",
        description="This is a test experiment",
        config={"lr": 0.001, "epochs": 10},
        requirements="...",
        conda="...",
    )
    older = [StoredRun(cuid=f"older{n}", name="older", username="kites-test3", created_at=f"2023{n}") for n in range(3)]
    for other in older:
        other.state = "FINISHED"
    project = StoredProject(
        cuid="project1",
        name="project1",
        workspace="kites-test3",
        created_at=CREATED,
        visibility="PUBLIC",
        description="Description 1",
        runs=[run, *older],
    )
    store.add_project(project)
    store.workspaces["kites-test3"].name = "workspace1"
    store.add_workspace(
        StoredWorkspace(
            username="kites-test2",
            name="hello-openapi",
            type="TEAM",
            members={"kites-test2": "OWNER", "kites-test3": "MEMBER"},
        )
    )
    return store


@pytest.fixture
def environment(serve: Callable[[Store], Sandbox], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in serve(documented_store()).environment().items():
        monkeypatch.setenv(name, value)


def executed(source: str) -> dict[str, Any]:
    names: dict[str, Any] = {"ApiResponse": ApiResponse, "Experiment": Experiment, "Project": Project}
    exec(source.replace("from swanlab import", "from swanlab_ci import"), names)  # noqa: S102 - the point of this file
    return names


def promises() -> list[tuple[str, str]]:
    """Pair each expression with the output that the documentation puts below it."""
    statements = ast.parse(EXAMPLES).body
    return [
        (ast.unparse(shown), ast.literal_eval(output.value).strip())
        for shown, output in itertools.pairwise(statements)
        if isinstance(output, ast.Expr) and isinstance(output.value, ast.Constant)
    ]


def promised(output: str) -> Any:
    """Read a documented output: JSON with `...` where something is left out, or the text that is printed."""
    try:
        return json.loads(re.sub(r",\s*\.\.\.(?=\s*[\]}])", "", output))
    except ValueError:
        return output


@pytest.mark.usefixtures("environment")
def test_every_documented_example_runs() -> None:
    names = executed(EXAMPLES)

    assert names["created_time"] == CREATED
    assert names["workspace_name"] == "workspace1"
    assert names["other_api"].list_workspaces().data[0]["username"] == "kites-test2"


# The server decides on these: the project of the calls has the name `project1`, and the sandbox counts more.
DECIDED_BY_THE_SERVER = {"name", "updatedAt", "group", "count"}


def agrees(found: Any, expected: Any) -> bool:
    """Tell whether all that is promised is there, in the documented spelling."""
    if isinstance(expected, dict):
        return all(key in found and agrees(found[key], value) for key, value in expected.items())
    if isinstance(expected, list):
        return len(found) >= len(expected) and all(map(agrees, found, expected))
    return bool(found == expected)


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize(("expression", "output"), promises(), ids=[expression for expression, _ in promises()])
def test_every_documented_output_is_what_is_printed(expression: str, output: str) -> None:
    names = executed("from swanlab import OpenApi\nmy_api = OpenApi()")
    found = str(eval(expression, names))  # noqa: S307 - the documentation's own words
    expected = promised(output)
    if "list_projects" in expression:
        expected = [{k: v for k, v in expected[0].items() if k not in DECIDED_BY_THE_SERVER}]

    assert agrees(promised(found), expected)
