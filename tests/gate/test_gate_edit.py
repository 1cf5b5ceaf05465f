"""A number of a gate file is replaced where it stands, and a gate is added; every other character stays."""

import difflib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from swanlab_ci.gate.edit.insert import add_gate
from swanlab_ci.gate.edit.splice import EditError, splice, value_at, values
from swanlab_ci.gate.parse.yaml_reader import parse
from swanlab_ci.gate.spec.source import Scalar
from swanlab_ci.messages import Message, Name

PATH = ("gates", 0, "expect", "metrics.acc", "min")
FORMS = {
    "block": "gates:\n  - name: One\n    expect:\n      metrics.acc:\n        min: 0.9\n",
    "flow": "gates: [{name: One, expect: {metrics.acc: {min: 0.9}}}]\n",
    "comments": "# 0.9\ngates:  # 0.9\n- name: One # 0.9\n  expect: # 0.9\n    metrics.acc: {min: 0.9}  # why\n#\n",
    "double": 'gates: [{name: One, expect: {metrics.acc: {min: "0.9", max: "0.9"}}}]\n',
    "single": "gates: [{name: '0.9', expect: {metrics.acc: {min: '0.9'}}}]\n",
    "chinese": "gates: # 门禁 🚦\n- {name: 准确率 🚦, why: 0.9 以上, expect: {metrics.acc: {max: 1, min: 0.9}}} # 好\n",
    "no-end": "gates:\n- name: One\n  expect:\n    metrics.acc:\n      min: 0.9",
    "block-text": "gates:\n- name: One\n  expect: {metrics.acc: {min: 0.9}}\n  why: |\n    0.9\n\n    of it\n\n",
    "wrapped": "gates: [\n  {name: One, expect: {\n    metrics.acc: {\n      min:\n        0.9 # here\n    }}}, #\n]\n",
    "root-flow": "{gates: [{name: One, expect: {metrics.acc: {min: 0.9}}}], project: a/b}\n",
}
numbers = st.floats(allow_nan=False, allow_infinity=False).map(repr)
comments = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp"), exclude_characters="\ufeff\ufffe\uffff"))

each_form = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)


def removed_and_added(before: str, after: str) -> tuple[str, str]:
    """Return the only stretch of text that differs."""
    shorter = min(len(before), len(after))
    start = next((at for at in range(shorter) if before[at] != after[at]), shorter)
    length = shorter - start
    same = next((at for at in range(length) if before[-1 - at] != after[-1 - at]), length)
    return before[start : len(before) - same], after[start : len(after) - same]


@example(FORMS["no-end"], "0.95", "", "\n")
@given(st.sampled_from([*FORMS.values()]), numbers, comments, st.sampled_from(["\n", "\r\n"]))
def test_exactly_one_value_changes_and_every_other_byte_stays(form: str, number: str, comment: str, end: str) -> None:
    text = f"# {comment}\n{form}".replace("\n", end)
    before = parse(text, "gates.yml")

    after = splice(text, "gates.yml", PATH, number)

    removed, added = removed_and_added(text, after)
    assert removed in "0.9"
    assert added in number
    found = value_at(parse(after, "gates.yml"), PATH)
    assert isinstance(found, Scalar)
    assert found.raw == number
    assert values(parse(after, "gates.yml")) == values(before, PATH, number)


@each_form
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_gate_is_added_and_every_byte_stays(form: str, end: str) -> None:
    text = form.replace("\n", end)
    entries = {"name": '"val/acc: 正常"', "expect": "{metrics.val/acc: {min: 0.8}}"}

    after = add_gate(text, "gates.yml", entries)

    gates = value_at(parse(after, "gates.yml"), ("gates",))
    assert len(gates.items) == 2  # type: ignore[union-attr]  # a sequence
    assert value_at(parse(after, "gates.yml"), ("gates", 1, "expect", "metrics.val/acc", "min"))
    kinds = {kind for kind, *_ in difflib.SequenceMatcher(None, text, after, autojunk=False).get_opcodes()}
    assert kinds == {"equal", "insert"}
    assert after.count("\n") == after.count(end)


@pytest.mark.parametrize("text", ["extends: preset:smoke\n", "extends: preset:smoke  # more", "gates: []\n"])
def test_the_first_gate_of_a_file_is_added(text: str) -> None:
    after = add_gate(text, "gates.yml", {"name": "One", "expect": "{state: FINISHED}"})

    assert value_at(parse(after, "gates.yml"), ("gates", 0, "expect", "state"))
    assert after.startswith(text.removesuffix("]\n"))


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (FORMS["flow"], (*PATH[:-1], "max")),
        (FORMS["flow"], PATH[:-1]),
        (FORMS["flow"], ("gates", 7)),
    ],
)
def test_what_is_no_number_is_refused(text: str, path: tuple[str | int, ...]) -> None:
    with pytest.raises(EditError):
        splice(text, "gates.yml", path, "1")


def test_a_value_that_would_say_more_is_refused() -> None:
    with pytest.raises(EditError) as refused:
        splice(FORMS["flow"], "gates.yml", PATH, "1, max: 2")

    assert refused.value.message == Message("edit.changes-more", place=Name("gates.yml:1"))


def test_no_gate_is_added_to_a_map_in_braces_without_gates() -> None:
    with pytest.raises(EditError):
        add_gate("{extends: preset:smoke}", "gates.yml", {"name": "One"})
