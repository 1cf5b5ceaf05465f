"""Every message is written by every writer in every language, whatever its parameters are."""

import itertools
import json
from collections.abc import Callable, Iterator
from datetime import date
from importlib import import_module
from pathlib import Path

import pytest
from catalogues import ENTRIES, enums, places
from writers import WRITERS

from swanlab_ci.messages import Key, Language, Linked, Message, Name, Param, Prose, Seconds, Strong, Url, plain

HOSTILE: dict[str, str] = json.loads((Path(__file__).parents[1] / "hostile" / "hostile.json").read_text("utf-8"))
TEXTS = [text for text in HOSTILE.values() if len(text) < 1_000]
NESTED = Message("text", text=Name(TEXTS[0]))
OTHERS: list[Param] = [
    *(0, 1, 2, -1, 10**30, True, False),
    *(0.0, 1.0, -0.5, 1e300, float("nan"), float("inf"), float("-inf")),
    *map(Seconds, (0, 0.5, 61, 86_400, -3600)),
    date(2026, 11, 23),
    NESTED,
    (),
    [],
    tuple(TEXTS),
    [Name("a"), Key("b"), 3, Seconds(4), NESTED, ("c", NESTED)],
    *[member for id_, member in enums().items() if id_ in ENTRIES[Language.EN]],
]
TYPES: tuple[Callable[[str], Param], ...] = (
    *(str, Name, Prose, Key, Strong),
    lambda text: Url(f"https://swanlab.example/{text}"),
    lambda text: Linked(text, "https://swanlab.example/run"),
)
VALUES = [kind(text) for text in TEXTS for kind in TYPES] + OTHERS
TURNS = 10


def messages(language: Language) -> Iterator[Message]:
    """Make every message `TURNS` times; each goes on in `VALUES` where the last one stopped, so all are used often."""
    values = itertools.cycle(VALUES)
    for id_, template in ENTRIES[language].items():
        entry = places(template)
        for names in (*[entry.names] * TURNS, entry.required):
            yield Message(id_, **{name: next(values) for name in sorted(names)})


def test_every_value_is_used_in_many_messages() -> None:
    assert sum(len(message.params) for message in messages(Language.EN)) > 2 * len(VALUES)


@pytest.mark.slow
@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("name", list(WRITERS))
def test_every_message_is_written_whatever_its_parameters_are(name: str, language: Language) -> None:
    writer = WRITERS[name]

    wrong = {
        f"{message.id}: {violation}"
        for message in messages(language)
        for violation in writer.violations(writer.write(message, language))
    }

    assert wrong == set()


@pytest.mark.parametrize("language", list(Language))
def test_plain_text_holds_every_parameter_as_it_is(language: Language) -> None:
    wrong = []
    for id_, template in ENTRIES[language].items():
        names = {name for name in places(template).names if f"{{{name}}}" in template}
        text = str(
            WRITERS["plain"].write(Message(id_, **{name: f"<{name}>" for name in places(template).names}), language)
        )
        wrong += [f"{id_}: {name}" for name in names if f"<{name}>" not in text]

    assert wrong == []


@pytest.mark.parametrize("params", [{}, {"hint": None}, {"hint": ""}])
def test_code_in_an_optional_part_goes_with_its_parameter(
    monkeypatch: pytest.MonkeyPatch, params: dict[str, Param]
) -> None:
    entries = {"said": "It failed[[ (write `{hint}: 1`)]]."}
    monkeypatch.setattr(import_module("swanlab_ci.messages.pieces"), "catalogue", lambda _language: entries)

    assert plain(Message("said", **params), Language.EN) == "It failed."
    assert plain(Message("said", hint=Key("x")), Language.EN) == "It failed (write `x: 1`)."
