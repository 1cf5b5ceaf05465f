"""`no_training_needed`: which files can change without a training."""

from collections.abc import Iterable, Iterator

from swanlab_ci.errors import Problem
from swanlab_ci.gate.parse.conditions import Grammar
from swanlab_ci.gate.parse.entries import Entry
from swanlab_ci.gate.parse.suggestions import NO_TRAINING_KEYS
from swanlab_ci.gate.spec.paths import NEVER_EXEMPT, PathPattern
from swanlab_ci.gate.spec.patterns import LONGEST_PATTERN
from swanlab_ci.gate.spec.source import GateSyntaxError, Node, Scalar, SequenceNode
from swanlab_ci.messages import Key, Message

NO_TRAINING = ("only_in",)
_OTHER_SIGNS = "?[]{}\\$"
_IN_EVERY_LIST = ("src/model/train.py", "x", ".x")
_CODE = (
    *("train.py", "src/train.py", "configs/train.yaml", "configs/train.yml", "config.json", "pyproject.toml"),
    *("requirements.txt", "setup.cfg", "uv.lock", "Dockerfile", "Makefile", "train.sh", "train.ipynb", ".gitmodules"),
)
"""Names of files on which a training can depend; `lint` tries the patterns on them."""


def read_exempt_paths(grammar: Grammar, node: Node) -> tuple[PathPattern, ...]:
    """Read the patterns below `no_training_needed`; each mistake is collected at its place."""
    entry = Entry(grammar, node, NO_TRAINING, NO_TRAINING_KEYS)
    if not entry.table.entries:
        raise GateSyntaxError(node.place, Message("gate-file.path-list"))
    found: list[PathPattern] = []

    def read(below: Node) -> None:
        if not isinstance(below, SequenceNode) or not below.items:
            raise GateSyntaxError(below.place, Message("gate-file.path-list"))
        for item in below.items:
            with grammar.going_on():
                found.append(_pattern(item))

    entry.get("only_in", read, None)
    return tuple(found)


def check_exempt_paths(patterns: Iterable[PathPattern], rules: Iterable[str]) -> Iterator[Problem]:
    """Yield a mistake for every pattern that only names what is never exempt: the `rules` and `.github`."""
    files = frozenset(rules)
    for pattern in patterns:
        if pattern.text in files or pattern.text.split("/")[0] == NEVER_EXEMPT:
            yield pattern.place.problem(Message("gate-file.path-never-exempt", pattern=pattern.text))


def exempt_warnings(patterns: Iterable[PathPattern]) -> Iterator[Problem]:
    """Yield a warning for every pattern that probably exempts more than it should."""
    for pattern in patterns:
        if all(map(pattern.matches, _IN_EVERY_LIST)):
            yield pattern.place.problem(Message("lint.exempts-everything", pattern=pattern.text))
        elif example := next(filter(pattern.matches, _CODE), None):
            message = Message("lint.exempts-code", pattern=pattern.text, example=example)
            yield pattern.place.problem(message)


def _pattern(node: Node) -> PathPattern:
    if not isinstance(node, Scalar) or not isinstance(node.value, str) or not node.raw:
        raise GateSyntaxError(node.place, Message("gate-file.text-needed"))
    mistake = _mistake(node.raw)
    if mistake:
        raise GateSyntaxError(node.place, mistake)
    return PathPattern(node.raw, node.place)


def _mistake(text: str) -> Message | None:
    names = text.split("/")
    sign = next((sign for sign in _OTHER_SIGNS if sign in text), None)
    if len(text) > LONGEST_PATTERN:
        return Message("gate-file.pattern-long", length=len(text), limit=LONGEST_PATTERN)
    if text.startswith("!"):
        return Message("gate-file.path-negated", pattern=text)
    if text.startswith("/"):
        return Message("gate-file.path-absolute", pattern=text)
    if text.endswith("/"):
        return Message("gate-file.path-folder", example=Key(f"{text}**"))
    if {"", ".", ".."} & {*names}:
        return Message("gate-file.path-names", pattern=text)
    if sign:
        return Message("gate-file.path-sign", sign=sign)
    if any("**" in name and name != "**" for name in names):
        return Message("gate-file.path-stars", examples=(Key("docs/**"), Key("**/*.md")))
    if not text.isprintable() or text != text.strip():
        return Message("gate-file.path-white-space", pattern=text)
    return None
