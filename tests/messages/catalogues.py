"""The catalogues as the tests read them, by a reader of the entries' signs that is not the program's own."""

import re
from collections import Counter
from dataclasses import dataclass
from enum import Enum
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules, walk_packages

import swanlab_ci
from swanlab_ci.messages import Language
from swanlab_ci.messages.pieces import catalogue

PACKAGE = Path(swanlab_ci.__file__).parent
ENTRIES = {language: dict(catalogue(language)) for language in Language}
PLACE = re.compile(r"\{(\w+)(\?[^|{}]*\|[^{}]*)?\}")
SECTION = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)
CODE = re.compile(r"`[^`]+`")


@dataclass(frozen=True)
class Places:
    """The parameters of an entry: those it must have, and those of each optional part."""

    required: frozenset[str]
    optional: frozenset[frozenset[str]]

    @property
    def names(self) -> frozenset[str]:
        return self.required.union(*self.optional)


def names_in(template: str) -> frozenset[str]:
    return frozenset(match[1] for match in PLACE.finditer(template))


def places(template: str) -> Places:
    return Places(
        names_in(SECTION.sub("", template)), frozenset(names_in(match[1]) for match in SECTION.finditer(template))
    )


def words(template: str) -> str:
    """Return the words of an entry: without code and parameters, each form of a plural after the other."""
    return PLACE.sub(lambda place: f" {(place[2] or '')[1:].replace('|', ' ')} ", CODE.sub(" ", template))


def rooms(language: Language) -> dict[str, dict[str, str]]:
    """Return the entries of each module of a catalogue."""
    package = import_module(f"swanlab_ci.messages.{language}")
    found = [module.name for module in iter_modules(package.__path__)]
    return {name: import_module(f"{package.__name__}.{name}").MESSAGES for name in found}


def written_twice(language: Language) -> list[str]:
    counted = Counter(id_ for entries in rooms(language).values() for id_ in entries)
    return [id_ for id_, count in counted.items() if count > 1]


def enums() -> dict[str, Enum]:
    """Return the members of every enum of the package by the id of the entry that shows them."""
    found: dict[str, Enum] = {}
    for module in walk_packages([str(PACKAGE)], "swanlab_ci."):
        for each in vars(import_module(module.name)).values():
            if isinstance(each, type) and issubclass(each, Enum) and each.__module__.startswith("swanlab_ci."):
                found |= {f"{each.__name__.lower()}.{member.value}": member for member in each}
    return found
