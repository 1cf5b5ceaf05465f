"""The house keeps its rules: who may import whom, who may touch the process, and how large a piece may be."""

import ast
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "swanlab_ci"
MODULES = sorted(PACKAGE.rglob("*.py"))

# room → (rooms it may import, packages from outside it may import)
TABLE: dict[str, tuple[set[str], set[str]]] = {
    "__init__": ({"openapi"}, set()),
    "errors": (set(), set()),
    "text": (set(), set()),
    "model": (set(), set()),
    "deadline": ({"errors"}, set()),
    "workspace": ({"errors"}, set()),
    "process": ({"errors", "deadline"}, set()),
    "console": ({"errors", "text"}, set()),
    "inputs": ({"errors"}, set()),
    "context": ({"errors"}, set()),
    "openapi": (
        {"__init__", "errors", "deadline"},
        {"pydantic", "requests", "urllib3", "pandas"},
    ),  # pandas if it is there
    "profile": ({"model"}, set()),
    "offline": ({"errors", "model", "profile"}, {"yaml"}),
    "runs": ({"model", "openapi", "profile"}, set()),
    "gate": ({"errors", "model"}, {"yaml", "pydantic", "packaging"}),
    "report": ({"__init__", "model", "text"}, {"jinja2"}),
    "publish": ({"__init__", "errors", "deadline", "model", "text", "context", "report"}, {"requests", "urllib3"}),
    "sandbox": (set(), set()),
    "evidence": ({"errors", "gate", "model", "openapi", "runs"}, set()),
    "rules": ({"context", "deadline", "errors", "gate", "publish", "workspace"}, set()),
    "bundle": ({"errors", "gate", "model"}, {"pydantic"}),
    "waiting": ({"deadline", "model"}, set()),
    "cli": ({"__init__", "inputs"}, set()),
}
TABLE["app"] = (set(TABLE) - {"cli", "sandbox"}, set())
TABLE["commands"] = (set(TABLE), {"yaml"})
TABLE["__main__"] = ({"app", "commands", "console", "errors", "inputs", "process"}, set())


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            assert node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def rooms_and_packages(path: Path) -> tuple[set[str], set[str]]:
    rooms, packages = set(), set()
    for name in imported(parsed(path)):
        first, *rest = name.split(".")
        if first == "swanlab_ci":
            known = rest and (rest[0] in TABLE or (PACKAGE / rest[0]).exists() or (PACKAGE / f"{rest[0]}.py").exists())
            rooms.add(rest[0] if known else "__init__")
        elif first not in sys.stdlib_module_names:
            packages.add(first)
    return rooms - {room_of(path)}, packages


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_only_what_its_room_may(path: Path) -> None:
    rooms, packages = rooms_and_packages(path)
    allowed_rooms, allowed_packages = TABLE[room_of(path)]

    assert rooms <= allowed_rooms
    assert packages <= allowed_packages


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_only_the_main_module_sees_the_process(path: Path) -> None:
    names = set(imported(parsed(path)))
    source = ast.unparse(parsed(path))

    if room_of(path) != "__main__":
        environment = {"openapi/client.py"}  # a library entry finds the login where `swanlab.login()` does
        assert "os.environ" not in source or str(path.relative_to(PACKAGE)) in environment
        assert "sys.argv" not in source
        assert "sys.exit" not in source
        assert not any(handler in source for handler in ("except Exception", "except BaseException", "except:"))
    assert "logging" not in names
    assert not any(name.startswith("subprocess") for name in names)


@pytest.mark.parametrize(("package", "home"), [("requests", {"openapi", "publish"}), ("jinja2", {"report"})])
def test_a_heavy_package_has_one_door_in_each_room_that_uses_it(package: str, home: set[str]) -> None:
    doors = [path for path in MODULES if package in rooms_and_packages(path)[1]]

    assert {room_of(path) for path in doors} == home
    assert len(doors) == len(home)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_says_in_its_first_sentence_which_room_it_is(path: Path) -> None:
    docstring = ast.get_docstring(parsed(path))

    assert docstring
    assert docstring.split("\n\n")[0].rstrip().endswith(".")


def functions() -> Iterator[tuple[int, str]]:
    for path in MODULES:
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.FunctionDef):
                assert node.end_lineno
                yield node.end_lineno - node.lineno + 1, f"{path.name}:{node.lineno} {node.name}"


def test_functions_and_files_stay_small_enough_to_read() -> None:
    lengths = list(functions())

    assert [where for length, where in lengths if length > 40] == []
    assert statistics.median(length for length, _ in lengths) <= 10
    assert [path.name for path in MODULES if len(path.read_text(encoding="utf-8").splitlines()) > 300] == []


def test_no_room_is_named_after_nothing() -> None:
    assert not {"utils", "util", "common", "helpers", "helper", "misc"} & {path.stem for path in MODULES}
