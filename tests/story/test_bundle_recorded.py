"""A bundle that version 0.1 wrote still gives the verdict of then; what is stored of a message comes back equal."""

import json
from datetime import date
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from swanlab_ci.check.bundle import read_bundle
from swanlab_ci.messages import Key, Message, Name, Param, Quantity, Seconds, Url
from swanlab_ci.messages.message import from_stored, to_stored

RECORDED = Path(__file__).parent / "recorded" / "bundle-0.1.json"
THEN = {  # what `replay --format json` of version 0.1 said: the status of each gate, and its checks by outcome
    "smoke": ("fail", ["ok", "violated", "ok", "ok", "ok"]),
    "lr": ("pass", ["ok", "ok", "ok"]),
    "acc": ("pass", ["ok"]),
}


def test_a_bundle_of_version_0_1_gives_the_same_verdict() -> None:
    bundle = read_bundle(str(RECORDED))

    verdict = bundle.judge()

    found = {gate.id: (gate.status.value, [check.outcome.value for check in gate.checks]) for gate in verdict.gates}
    stored = json.loads(RECORDED.read_text())
    assert (stored["format"], verdict.status.value, found) == (1, "fail", THEN)
    assert [note.params["text"] for note in bundle.judgement(verdict).notes] == stored["notes"]


texts = st.text()
params: st.SearchStrategy[Param] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | texts.map(Name)
    | texts.map(Key)
    | texts.map(Url)
    | st.builds(Seconds, st.floats(allow_nan=False), exact=st.booleans())
    | st.builds(Quantity, st.floats(allow_nan=False), texts),
    lambda below: (
        st.lists(below, max_size=3).map(tuple)
        | st.dictionaries(st.sampled_from(["a", "b"]), below).map(lambda named: Message("text", **named))
    ),
    max_leaves=6,
)


@given(params)
def test_a_message_comes_back_from_a_bundle_as_it_was(value: Param) -> None:
    message = Message("text", text=value)

    back = from_stored(json.loads(json.dumps(to_stored(message))))

    assert back == message
    assert repr(back) == repr(message)
    assert kinds(back.params["text"]) == kinds(value)


def kinds(value: Param) -> object:
    """Return the types of a parameter at any depth, with what a number keeps beside it."""
    if isinstance(value, Message):
        return {name: kinds(each) for name, each in value.params.items()}
    if isinstance(value, tuple):
        return [kinds(each) for each in value]
    return type(value), getattr(value, "text", None), getattr(value, "exact", None)


def test_a_day_comes_back_as_text_and_reads_the_same() -> None:
    back = from_stored(to_stored(Message("text", text=date(2026, 11, 23))))

    assert back.params["text"] == "2026-11-23"
