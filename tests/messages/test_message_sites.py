"""Every place that makes a message names an entry and gives its parameters; every entry has such a place."""

import ast
from collections.abc import Iterator
from functools import cache

import pytest
from catalogues import ENTRIES, PACKAGE, enums, places

from swanlab_ci.messages import Language
from swanlab_ci.messages.pieces import catalogue
from swanlab_ci.report.terminal import NAMES_RUN

EN = ENTRIES[Language.EN]
BY_ENUM = "messages/pieces.py"  # makes the message of an enum's member; `enums` lists what it can make


def sites(tree: ast.Module) -> Iterator[ast.Call]:
    """Find the calls of `Message` in a module that imports it from the room of messages."""
    imported = any(
        isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith("swanlab_ci.messages")
        and any(alias.name == "Message" and alias.asname is None for alias in node.names)
        for node in ast.walk(tree)
    )
    for node in ast.walk(tree) if imported else ():
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Message":
            yield node


@cache
def calls() -> list[tuple[str, ast.Call]]:
    """Return each such call of the package, with the path of its module."""
    modules = {path.relative_to(PACKAGE).as_posix(): path for path in PACKAGE.rglob("*.py")}
    return [
        (module, call)
        for module, path in modules.items()
        if module != BY_ENUM
        for call in sites(ast.parse(path.read_text("utf-8")))
    ]


def literals(node: ast.expr) -> list[str | None]:
    """Return the ids that an argument can be: one literal, or two with a condition between them; else `None`."""
    if isinstance(node, ast.IfExp):
        return literals(node.body) + literals(node.orelse)
    return [node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None]


def mistakes(call: ast.Call) -> Iterator[str]:
    given = {keyword.arg for keyword in call.keywords}
    ids = literals(call.args[0]) if len(call.args) == 1 else [None]
    for id_ in ids:
        if id_ is None or None in given:
            yield "the id and the names of the parameters must be literal"
        elif id_ not in EN:
            yield f"no entry {id_}"
        else:
            entry = places(EN[id_])
            if missing := entry.required - given:
                yield f"{id_} misses {', '.join(sorted(missing))}"
            if unknown := {str(name) for name in given} - entry.names:
                yield f"{id_} has no place for {', '.join(sorted(unknown))}"


CALLS = [
    ("Message('text', text=x)", []),
    ("Message('text' if x else 'text', text=x)", []),
    ("Message(f'te{x}', text=x)", ["the id and the names of the parameters must be literal"]),
    ("Message('text', **x)", ["the id and the names of the parameters must be literal"]),
    ("Message('txt', text=x)", ["no entry txt"]),
    ("Message('text', words=x)", ["text misses text", "text has no place for words"]),
]


@pytest.mark.parametrize(("code", "found"), CALLS)
def test_a_wrong_place_is_found(code: str, found: list[str]) -> None:
    (call,) = sites(ast.parse(f"from swanlab_ci.messages import Message\n{code}"))

    assert [*mistakes(call)] == found


def test_every_message_is_an_entry_with_its_parameters() -> None:
    wrong = [f"{module}:{call.lineno}: {mistake}" for module, call in calls() for mistake in mistakes(call)]

    assert wrong == []


def test_every_entry_is_used() -> None:
    used = {id_ for _, call in calls() for id_ in literals(call.args[0])}

    assert sorted(EN.keys() - used - enums().keys()) == []


@pytest.mark.parametrize("language", Language)
def test_a_check_that_is_told_below_its_run_can_be_told_without_it(language: Language) -> None:
    entries = catalogue(language)

    assert [name for name in NAMES_RUN if frozenset({"run"}) not in places(entries[name]).optional] == []
