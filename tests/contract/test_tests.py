"""The tests keep rules of their own: they use what is public, and share only through `support`."""

import ast
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parents[1]
FILES = sorted(TESTS.rglob("*.py"))


def imports(path: Path) -> Iterator[tuple[str, str]]:
    """Yield each module that a file imports from, with the name that it takes."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.module or "", alias.name) for alias in node.names)


def is_private(name: str) -> bool:
    return any(part.startswith("_") and not part.startswith("__") for part in name.split("."))


def test_no_test_imports_a_private_name() -> None:
    wrong = [
        f"{path.relative_to(TESTS)}: {module} {name}"
        for path in FILES
        for module, name in imports(path)
        if module.startswith("swanlab_ci") and (is_private(module) or is_private(name))
    ]

    assert wrong == []


def test_no_room_imports_from_another() -> None:
    homes = {path.stem: path.parent for path in FILES if path.stem not in {"conftest", "__init__"}}
    wrong = [
        f"{path.relative_to(TESTS)} imports {module}"
        for path in FILES
        for module, _ in imports(path)
        if (home := homes.get(module)) and home not in {path.parent, TESTS}
    ]

    assert wrong == []


def test_no_two_files_have_one_name() -> None:
    """Each folder of tests is on the path, so that a second file of a name would hide the first."""
    names = [path.stem for path in FILES if path.stem not in {"conftest", "__init__"}]

    assert sorted(names) == sorted(set(names))
