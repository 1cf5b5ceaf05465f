"""What is wrong with the arguments of a command line, as a message instead of argparse's English."""

import argparse
import re
from collections.abc import Sequence
from difflib import get_close_matches
from typing import NoReturn

from swanlab_ci.errors import ConfigurationError
from swanlab_ci.messages import Key, Message, Name

_LIKENESS = 0.7
# argparse tells its parsers what is wrong in words alone; a test holds that each of these is still read
_CHOICE = re.compile(r"argument (.+?): invalid choice: '(.*)' \(choose from (.+)\)", re.DOTALL)
_NO_VALUE = re.compile(r"argument (.+?): expected one argument")
_VALUE = re.compile(r"argument (.+?): ignored explicit argument '(.*)'", re.DOTALL)
_NUMBER = re.compile(r"argument (.+?): invalid int value: '(.*)'", re.DOTALL)
_MISSING = re.compile(r"the following arguments are required: (.+)")


class ArgumentParser(argparse.ArgumentParser):
    """A parser that raises what is wrong, and names the nearest flag or choice for one that it does not know."""

    def error(self, message: str) -> NoReturn:
        """Raise `ConfigurationError` for what argparse found."""
        raise self._wrong(_read(message))

    def flags(self) -> Sequence[str]:
        """Return the long flags of this command."""
        return re.findall(r"--[\w-]+", self.format_help())

    def refuse(self, unknown: Sequence[str]) -> NoReturn:
        """Raise `ConfigurationError` for arguments that this command does not have.

        The value of an unknown flag is not told: it may be a key.
        """
        flags = [each.partition("=")[0] for each in unknown if each.startswith("-")]
        named, ours = flags or unknown[:1], self.flags()
        is_gate_file = not flags and named[0].endswith((".yml", ".yaml")) and "--gates" in ours
        near = Key(f"--gates {named[0]}") if is_gate_file else _nearest(named[0], ours)
        raise self._wrong(Message("usage.unknown", command=Key(self.prog), arguments=tuple(map(Key, named)), near=near))

    def _wrong(self, what: Message) -> ConfigurationError:
        return ConfigurationError(what, Message("usage.help", command=Key(f"{self.prog} --help")))


def _read(said: str) -> Message:
    """Return argparse's words as a message; words that are not known are kept."""
    if match := _CHOICE.fullmatch(said):
        choices = re.findall(r"[\w-]+", match[3])
        near = _nearest(match[2], choices)
        given = Name(match[2])
        return Message("usage.choice", argument=Key(match[1]), given=given, choices=tuple(map(Key, choices)), near=near)
    if match := _NO_VALUE.fullmatch(said):
        return Message("usage.no-value", argument=Key(match[1]))
    if match := _VALUE.fullmatch(said):
        return Message("usage.value", argument=Key(match[1]), given=Name(match[2]))
    if match := _NUMBER.fullmatch(said):
        return Message("usage.number", argument=Key(match[1]), given=Name(match[2]))
    if match := _MISSING.fullmatch(said):
        return Message("usage.missing", arguments=tuple(map(Key, match[1].split(", "))))
    return Message("text", text=Name(said))


def _nearest(given: str, known: Sequence[str]) -> Key | None:
    near = get_close_matches(given, known, n=1, cutoff=_LIKENESS)
    return Key(near[0]) if near else None
