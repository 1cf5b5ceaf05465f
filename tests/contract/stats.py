"""Measure the package: lines, function lengths, names with two meanings, sentences outside messages (`make stats`).

A sentence is a literal that a user may read: a text with a space that is raised or said, or three English words
anywhere but in a docstring.
"""

import ast
import re
import statistics
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

PACKAGE = Path(__file__).parents[2] / "swanlab_ci"
SAYING = {"say", "progress", "stop", "warn", "notice", "error", "Problem", "Message", "Advice", "SystemExit"}
WORDS = re.compile(r"(?:(?<![\w{])[A-Za-z]{2,}[,;:.]? ){2}[A-Za-z]{2,}")
TWO_WORDS = re.compile(r"[A-Za-z]{2,} |\w [A-Za-z]{2,}")

PROGRAMMERS = {"AssertionError", "AttributeError", "NotImplementedError", "RuntimeError", "TypeError"}

# folder or module → why its sentences stay there
NOT_FOR_USERS = {
    "messages": "the catalogues",
    "sandbox": "what SwanLab's server answers, in its own words",
    "cli/about.py": "help, in English as argparse's own words are",
    "cli/parser.py": "the same",
    "cli/usage.py": "argparse's own words, by which they are read",
    "gate/evaluate/student.py": "a wrong argument, which no user can give",
    "history/chi_squared.py": "the same",
    "platforms/github/queries.py": "queries of GraphQL",
    "gate/parse/yaml_reasons.py": "words of libyaml, by which a mistake is recognised",
    "gate/parse/schema.py": "descriptions in the JSON Schema, which editors show as they are",
}

# sentence → why it stays where it is
ALLOWED = {
    "the gate file uses variables; bind it first": "a wrong call, which no user can make",
    "--grep=This reverts commit {}": "words of `git revert`, by which git finds its commits",
    "{}\n\\ No newline at end of file\n": "words of diffs, which `git apply` reads",
    "{% filter %}": "a block as a template spells it",
    "import runpy, sys; sys.path += {places!r}; runpy.run_module({module!r}, None, '__main__')": "a child's program",
    "mapping values are not allowed": "words of PyYAML, by which a mistake is recognised",
}


class Sentence(NamedTuple):
    """A literal that a user may read."""

    module: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.module}:{self.line}: {self.text!r}"


@cache
def trees() -> dict[str, ast.Module]:
    """Return every module of the package by its path in it, such as `gate/spec/fields.py`."""
    paths = sorted(PACKAGE.rglob("*.py"))
    return {path.relative_to(PACKAGE).as_posix(): ast.parse(path.read_text("utf-8")) for path in paths}


def sentences(module: str, tree: ast.Module) -> Iterator[Sentence]:
    """Find the literals of a module that a user may read, each once."""
    said = set(_said(tree))
    passed = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings
    passed |= set(_typed(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            text = "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
            passed |= {id(part) for part in node.values}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        else:
            continue
        if id(node) not in passed and (WORDS.search(text) or (id(node) in said and TWO_WORDS.search(text))):
            yield Sentence(module, node.lineno, text)


def _said(tree: ast.Module) -> Iterator[int]:
    """Find the nodes inside what is raised, and inside the arguments of what shows a text."""
    for node in ast.walk(tree):
        shown: list[ast.expr] = []
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            shown = arguments(node.exc)
        elif isinstance(node, ast.Call) and (called(node) in SAYING or called(node).endswith("Error")):
            shown = arguments(node)
        yield from (id(each) for value in shown for each in ast.walk(value))


def _typed(tree: ast.Module) -> Iterator[int]:
    """Find the nodes inside `Key(…)`, which is code to type, and inside what only programmers see."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and called(node) in {"Key", *PROGRAMMERS}:
            yield from (id(each) for value in arguments(node) for each in ast.walk(value))


def called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def arguments(node: ast.Call) -> list[ast.expr]:
    return [*node.args, *(keyword.value for keyword in node.keywords)]


def for_users(module: str) -> bool:
    return not any(module == place or module.startswith(f"{place}/") for place in NOT_FOR_USERS)


def all_sentences() -> list[Sentence]:
    """Return every literal outside the catalogues that a user may read."""
    return [each for each in literals() if for_users(each.module) and each.text not in ALLOWED]


@cache
def literals() -> list[Sentence]:
    """Return every literal of the package that a user may read."""
    return [each for module, tree in trees().items() for each in sentences(module, tree)]


def classes() -> dict[str, list[str]]:
    """Return the modules of each public class by its name."""
    found: dict[str, list[str]] = {}
    for module, tree in trees().items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found.setdefault(node.name, []).append(module)
    return found


def ambiguous() -> dict[str, list[str]]:
    """Return the public class names that more than one module defines."""
    return {name: modules for name, modules in classes().items() if len(modules) > 1}


def room(module: str) -> str:
    first, *rest = module.split("/")
    return f"gate/{rest[0]}" if first == "gate" and len(rest) > 1 else first.removesuffix(".py")


def functions() -> list[tuple[int, str]]:
    """Return the length of each function in lines, with its name, the longest first."""
    found = [
        ((node.end_lineno or node.lineno) - node.lineno + 1, f"{module}:{node.name}")
        for module, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    ]
    return sorted(found, reverse=True)


def table() -> Iterator[str]:
    """Yield files, lines and sentences outside the catalogues by room."""
    lines: Counter[str] = Counter()
    files: Counter[str] = Counter()
    spoken = Counter(room(each.module) for each in all_sentences())
    for module in trees():
        lines[room(module)] += (PACKAGE / module).read_text("utf-8").count("\n")
        files[room(module)] += 1
    yield f"{'room':18} {'files':>5} {'lines':>6} {'sentences':>9}"
    for name, count in sorted(lines.items()):
        yield f"{name:18} {files[name]:5} {count:6} {spoken[name]:9}"
    yield f"{'together':18} {files.total():5} {lines.total():6} {spoken.total():9}"


def main() -> None:
    """Print every measure, and what is behind each count."""
    print(*table(), "", sep="\n")
    lengths = [length for length, _ in functions()]
    p90 = statistics.quantiles(lengths, n=10)[-1]
    print(f"lines of a function: median {statistics.median(lengths):.0f}, 90 % at most {p90:.0f}, the longest:")
    print(*(f"  {length:4} {name}" for length, name in functions()[:5]), sep="\n")
    print(f"\npublic class names with two meanings: {len(ambiguous())}")
    print(*(f"  {name}: {', '.join(modules)}\n" for name, modules in ambiguous().items()), sep="")
    print(f"sentences outside the catalogues: {len(all_sentences())}")
    print(*(f"  {each}\n" for each in all_sentences()), sep="")


if __name__ == "__main__":
    main()
