"""YAML, strictly: what scalars mean, and what is refused with its place."""

import pytest
from gate_factories import one_gate, problem_of, problems_of

from swanlab_ci.gate.parse.yaml_reader import parse
from swanlab_ci.gate.spec.source import EXCERPT_WIDTH, GateSyntaxError, MappingNode, Scalar, SequenceNode, Source


def scalar(written: str) -> Scalar:
    tree = parse(f"key: {written}\n", "gates.yml")
    assert isinstance(tree, MappingNode)
    node = tree.entries[0][1]
    assert isinstance(node, Scalar)
    return node


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1e-3", 0.001),
        ("3e5", 3e5),
        ("1E-5", 1e-5),
        (".5", 0.5),
        ("5.", 5.0),
        ("+1", 1),
        ("-0", 0),
        ("010", 10),
        ("0o17", 15),
        ("0x1F", 31),
        ("on", "on"),
        ("no", "no"),
        ("yes", "yes"),
        ("1:30", "1:30"),
        ("2024-01-01", "2024-01-01"),
        ("2025-13-01", "2025-13-01"),
        ("1_000", "1_000"),
        ("12e4567", "12e4567"),
        ("1.10", 1.1),
        ("true", True),
        ("False", False),
        ("~", None),
        ("null", None),
        ('"1"', "1"),
        ("'true'", "true"),
        ("0x", "0x"),
        ("1.2.3", "1.2.3"),
        (".inf", float("inf")),
        ("-.INF", float("-inf")),
    ],
)
def test_a_plain_scalar_means_what_the_core_schema_says(written: str, value: object) -> None:
    found = scalar(written)

    assert found.value == value
    assert type(found.value) is type(value)


@pytest.mark.parametrize("written", ["1.10", "010", "12e4567", "0x1F", "True"])
def test_a_scalar_keeps_its_spelling(written: str) -> None:
    assert scalar(written).raw == written


def test_an_integer_too_long_to_convert_stays_a_text() -> None:
    assert scalar("9" * 5000).value == "9" * 5000


def test_a_place_counts_from_one() -> None:
    place = scalar("value").place

    assert (place.line, place.column) == (1, 6)


@pytest.mark.parametrize(
    "text", ["[" * 40 + "]" * 40, "a: [" + "1," * 19_996 + "1]", "a: " + "x" * (256 * 1024 - 4) + "\n"]
)
def test_a_file_at_the_limits_is_read(text: str) -> None:
    assert isinstance(parse(text, "gates.yml"), (SequenceNode, MappingNode))


def test_nesting_far_beyond_the_limit_is_refused_too() -> None:
    with pytest.raises(GateSyntaxError):
        parse("[" * 100_000, "gates.yml")


def test_the_excerpt_points_at_the_column() -> None:
    problem = problem_of(one_gate("expect:\n  config.lr: {minimum: 1e-5, max: 1e-2}"))

    assert problem.place == "gates.yml:5:19"
    assert problem.excerpt == ("     5 |       config.lr: {minimum: 1e-5, max: 1e-2}\n       |                   ^")


def test_the_caret_stands_below_wide_characters_too() -> None:
    problem = problem_of("project: me/net\ngates: [{name: 冒烟, expct: {}, expect: {state: FINISHED}}]\n")

    before, caret = problem.excerpt.split("\n")
    assert before.startswith("     2 | gates: [{name: 冒烟, expct")
    assert caret == "       | " + " " * len("gates: [{name: ") + "    " + "  ^"


@pytest.mark.parametrize("name", ["冒烟", "\uff21\uff22"])  # wide, and full width
def test_the_caret_stands_below_characters_of_any_width(name: str) -> None:
    problem = problem_of(f"project: me/net\ngates: [{{name: {name}, expct: {{}}, expect: {{state: FINISHED}}}}]\n")

    assert problem.excerpt.split("\n")[1].index("^") == len("       | gates: [{name: ") + 4 + len(", ")


def test_a_long_line_is_cut_around_the_place() -> None:
    problem = problem_of("gates: [{name: " + "x" * 1000 + ", expct: 1, expect: {state: FINISHED}}]\n")

    shown, caret = problem.excerpt.split("\n")
    assert len(shown) < 400
    assert shown[caret.index("^") :].startswith("expct")


def test_all_problems_of_a_file_come_at_once_and_in_order() -> None:
    text = """\
project: me
colour: red
gates:
  - name: One
    level: fatal
    expect:
      state: FINISH
      confg.lr: 1
      config.lr: {minimum: 1}
  - expect: {config.x: {}}
  - name: Three
waivers:
  - {gate: two, reason: short, until: 2025-13-01}
"""
    places = [(problem.line, problem.column) for problem in problems_of(text)]

    assert places == [
        (1, 10),
        (2, 1),
        (5, 12),
        (7, 14),
        (8, 7),
        (9, 19),
        (10, 5),
        (11, 5),
        (13, 12),
        (13, 25),
        (13, 39),
    ]


def test_an_excerpt_has_a_caret_below_the_column() -> None:
    source = Source("gates.yml", ("project: a/b", "gates: x"))

    assert source.excerpt(2, 8) == "     2 | gates: x\n       |        ^"
    assert source.excerpt(1, 1) == "     1 | project: a/b\n       | ^"


@pytest.mark.parametrize("line", [-1, 0, 3])
def test_a_line_that_is_not_there_has_no_excerpt(line: int) -> None:
    assert Source("gates.yml", ("a", "b")).excerpt(line, 1) == ""


def test_what_may_not_be_quoted_has_no_excerpt() -> None:
    assert not Source("/etc/passwd", ("root",), is_quotable=False).excerpt(1, 1)


@pytest.mark.parametrize(("signs", "gap"), [("中文W", 5), ("XWF", 3), ("\uff21", 2)])
def test_the_caret_goes_below_wide_signs_too(signs: str, gap: int) -> None:
    _, below = Source("gates.yml", (f"{signs}x",)).excerpt(1, len(signs) + 1).split("\n")

    assert below == "       | " + " " * gap + "^"


def test_a_long_line_is_cut_around_the_column() -> None:
    shown, below = Source("gates.yml", ("a" * 200 + "b" + "c" * 200,)).excerpt(1, 201).split("\n")

    assert shown == "     1 | " + "a" * (EXCERPT_WIDTH - 1) + "b" + "c" * EXCERPT_WIDTH
    assert below == "       | " + " " * (EXCERPT_WIDTH - 1) + "^"
