"""Every message is written by every writer in every language, whatever its parameters are."""

import json
from datetime import date
from pathlib import Path

import pytest
from catalogues import ENTRIES, enums, places
from writers import WRITERS

from swanlab_ci.messages import Key, Language, Message, Name, Param, Seconds, Url

HOSTILE: dict[str, str] = json.loads((Path(__file__).parents[1] / "hostile" / "hostile.json").read_text("utf-8"))
TEXTS = [text for text in HOSTILE.values() if len(text) < 1_000]
NESTED = Message("text", text=Name(TEXTS[0]))
VALUES: list[Param] = [
    *TEXTS,
    *map(Name, TEXTS),
    *map(Key, TEXTS),
    *map(Url, TEXTS),
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


def filled(id_: str, turn: int, names: frozenset[str]) -> Message:
    """Fill each place with another value, so that over all turns each place has had every value."""
    return Message(id_, **{name: VALUES[(turn + at) % len(VALUES)] for at, name in enumerate(sorted(names))})


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("name", list(WRITERS))
def test_every_message_is_written_whatever_its_parameters_are(name: str, language: Language) -> None:
    writer, wrong = WRITERS[name], []
    for id_, template in ENTRIES[language].items():
        entry = places(template)
        written = [
            writer.write(filled(id_, turn, names), language)
            for turn in range(len(VALUES))
            for names in {entry.names, entry.required}
        ]
        wrong += [f"{id_}: {violation}" for each in written for violation in writer.violations(each)]

    assert wrong == []


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
