"""The house keeps its rules: which folder may import which, who may touch the process."""

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "swanlab_ci"
MODULES = sorted(PACKAGE.rglob("*.py"))

STARTS_PROCESSES = {"platforms/git", "runtime/confined"}
MAINS = {"__main__", "templating/process"}  # of the program, and of the process of a template
OF_TRAININGS = {
    f"platforms/{name}"
    for name in (
        "ApiAttempt",
        "Notifier",
        "TrainingEnd",
        "examine",
        "findings",
        "forge_of",
        "notifier_of",
        "read_context",
        "tokens_of",
    )
}
# what a program of somebody else calls: the environment is that program's own, as it is for `swanlab.login()`
LIBRARY_ENTRIES = {"client/client", "training/recording"}
# what `platforms` offers to those who do not know the forge
ENTRANCES = ("begin_outputs", "forge_of", "is_job", "read_context")

# folder or module → (what it may import of the package, what it may import from outside); the longest match counts
RULES: dict[str, tuple[set[str], set[str]]] = {
    "__init__": ({"client", "training"}, set()),
    "errors": ({"messages"}, set()),
    "messages": (set(), set()),
    "model": (set(), set()),
    "judgement": ({"errors", "messages", "model"}, set()),
    "security": ({"errors", "messages"}, set()),
    "security/escaping": (set(), set()),
    "security/forms": (set(), set()),
    "security/http": ({"__init__"}, {"requests"}),
    "security/untrusted": (set(), set()),
    "security/redaction": (set(), set()),
    "runtime": ({"errors", "messages", "security"}, set()),
    "client": (
        {"__init__", "errors", "messages", "runtime", "security"},
        {"requests", "urllib3", "pandas"},  # pandas if it is there
    ),
    "gate": ({"errors", "judgement", "messages", "model"}, {"packaging"}),
    "gate/spec": ({"errors", "judgement", "messages", "model"}, {"packaging"}),
    "gate/parse": ({"errors", "messages", "model", "gate/spec"}, {"packaging", "yaml"}),
    "gate/edit": ({"messages", "gate/spec", "gate/parse"}, {"yaml"}),
    "gate/evaluate": ({"errors", "judgement", "messages", "model", "gate/spec", "gate/parse"}, set()),
    "gate/testing": ({"errors", "judgement", "messages", "model", "gate/spec", "gate/parse", "gate/evaluate"}, set()),
    "insight": ({"errors", "judgement", "messages", "model", "gate/spec", "gate/evaluate"}, set()),
    "history": ({"errors", "judgement", "messages", "model", "gate"}, set()),
    "sources": ({"errors", "judgement", "messages", "model", "runtime", "security"}, {"yaml"}),
    "sources/server": ({"errors", "judgement", "messages", "model", "gate", "client", "runtime", "sources"}, set()),
    "sources/history": ({"messages", "model", "gate", "client", "sources"}, set()),
    "sources/experiments": ({"model", "client", "security", "sources/profile"}, set()),
    "platforms": ({"__init__", "errors", "messages", "runtime", "security"}, {"requests", "urllib3", "yaml"}),
    "report": (
        {
            "__init__",
            "errors",
            "gate/spec",
            "gate/testing",
            "history",
            "insight",
            "judgement",
            "messages",
            "model",
            "platforms/base",
        }
        | {"runtime/confined", "security", "templating"},
        set(),
    ),
    "templating": ({"security/escaping"}, {"jinja2"}),
    "publish": (
        {"check/inputs", "judgement", "messages", "model", "platforms/base", "platforms/context", "report"}
        | {"runtime", "security"},
        set(),
    ),
    "check/diagnosis": (
        {"check", "client", "errors", "gate", "messages", "model", "platforms/findings", "security", "sources"},
        set(),
    ),
    "check": (
        {"errors", "history", "insight", "judgement", "messages", "model", "client", "gate"}
        | {
            "platforms/base",
            "platforms/changes",
            "platforms/context",
            "platforms/links",
            *(f"platforms/{name}" for name in ENTRANCES),
        }
        | {"publish", "report", "runtime", "security", "sources"},
        set(),
    ),
    "cli": (
        {
            "__init__",
            "check",
            "client",
            "errors",
            "gate",
            "history",
            "messages",
            "model",
            "platforms/git",
            "report",
            "runtime",
        }
        | {"platforms/is_job", "sandbox", "security", "training", *OF_TRAININGS},
        {"shtab", "yaml"},
    ),
    "training": ({"__init__", "errors", "messages", "platforms/git", "runtime", *OF_TRAININGS}, set()),
    "sandbox": (set(), set()),
    "__main__": ({"check", "cli", "errors", "messages", "runtime"}, set()),
}


def module_of(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix().removesuffix(".py").removesuffix("/__init__")


def folder_of(module: str) -> str:
    """Return the longest key of the rules that `module` lies in."""
    parts = module.split("/")
    return next(key for end in range(len(parts), 0, -1) if (key := "/".join(parts[:end])) in RULES)


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            assert node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def own_modules_and_packages(path: Path) -> tuple[set[str], set[str]]:
    own, packages = set(), set()
    for name in imported(parsed(path)):
        first, *rest = name.split(".")
        if first == "swanlab_ci":
            known = rest and ((PACKAGE / rest[0]).is_dir() or (PACKAGE / f"{rest[0]}.py").is_file())
            own.add("/".join(rest) if known else "__init__")
        elif first not in sys.stdlib_module_names:
            packages.add(first)
    return own, packages


def is_allowed(imported_module: str, folder: str) -> bool:
    allowed = {folder, *RULES[folder][0]}
    return any(imported_module == key or imported_module.startswith(f"{key}/") for key in allowed)


def test_a_module_imports_only_what_its_folder_may() -> None:
    wrong = []
    for path in MODULES:
        own, packages = own_modules_and_packages(path)
        folder = folder_of(module_of(path))
        wrong += [f"{module_of(path)} imports {name}" for name in own if not is_allowed(name, folder)]
        wrong += [f"{module_of(path)} imports {name}" for name in packages - RULES[folder][1]]

    assert wrong == []


def test_only_the_main_module_sees_the_process() -> None:
    wrong = []
    for path in MODULES:
        source, module = ast.unparse(parsed(path)), module_of(path)
        forbidden = ["sys.argv", "sys.exit", "except Exception", "except BaseException", "except:"]
        if module not in LIBRARY_ENTRIES:
            forbidden.append("os.environ")
        wrong += [f"{module}: {words}" for words in forbidden if words in source and module not in MAINS]
        names = set(imported(parsed(path)))
        banned = {"logging"} if module in STARTS_PROCESSES else {"logging", "subprocess"}
        wrong += [f"{module} imports {name}" for name in names if name.split(".")[0] in banned]

    assert wrong == []


def test_a_heavy_package_has_one_home_in_each_folder_that_uses_it() -> None:
    homes = {
        "requests": ["client/transport", "platforms/api", "security/http"],
        "jinja2": ["templating/engine", "templating/process"],
    }
    users = {
        package: [module_of(path) for path in MODULES if package in own_modules_and_packages(path)[1]]
        for package in homes
    }

    assert users == homes


def test_a_module_says_in_its_first_sentence_what_lives_there() -> None:
    wrong = []
    for path in MODULES:
        docstring = ast.get_docstring(parsed(path))
        if not docstring or not docstring.split("\n\n")[0].rstrip().endswith("."):
            wrong.append(module_of(path))

    assert wrong == []


def test_no_module_is_named_after_nothing() -> None:
    assert not {"utils", "util", "common", "helpers", "helper", "misc"} & {path.stem for path in MODULES}


FORGES = re.compile(r"git(?:hub|lab|ea|ee|code)|forgejo", re.IGNORECASE)
NAMED = {  # word → why code outside of `platforms` has to say it
    "github-token": "an input of the action has this name",
    "github_token": "same; gate files are warned of it",
    "$github_sha": "authors of gate files write it",
    ".github": "`init` looks for the project in these workflows",
    "https://raw.githubusercontent.com/": "this project's own files are there",
    "${{ github.event.pull_request.head.sha }}": "`init` says what to write into a workflow",
    ".gitlab-ci.yml": "`init` writes no workflow beside it",
    "GITHUB_OUTPUT": "root is given up before anything else is loaded",
}
HELP = {"cli/about", "cli/parser"}  # the help of `exec --notify`, same


@cache
def words_of(path: Path) -> list[str]:
    """Return the names and texts of code, without comments and docstrings."""
    tree = parsed(path)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    words = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            words.append(node.value)
        named = [getattr(node, attribute, None) for attribute in ("id", "attr", "arg", "name", "module")]
        words += [word for word in named if isinstance(word, str)]
    return words


def test_nothing_outside_of_platforms_names_a_forge() -> None:
    """Sentences that only one forge needs are in the catalogue `platforms`."""
    wrong = [
        f"{module_of(path)}: {word}"
        for path in MODULES
        if not module_of(path).startswith("platforms") and path.stem != "platforms"
        for word in words_of(path)
        if FORGES.search(word) and word not in NAMED and module_of(path) not in HELP
    ]

    assert wrong == []
    used = {word for path in MODULES for word in words_of(path) if "platforms" not in module_of(path)}
    assert sorted(NAMED.keys() - used) == []


def test_every_folder_of_a_forge_has_the_same_front() -> None:
    """A further forge is one folder: its class, and how a job of it is recognized and read."""
    folders = [path for path in (PACKAGE / "platforms").iterdir() if (path / "__init__.py").is_file()]

    assert len(folders) >= 2
    assert [folder.name for folder in folders if not (folder / "forge.py").is_file()] == []
