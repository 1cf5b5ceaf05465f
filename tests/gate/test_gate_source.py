"""YAML, strictly: what scalars mean, and what is refused with its place."""

import pytest
from gate_factories import one_gate, problem_of, problems_of

from swanlab_ci.gate.parse.yaml_reader import parse
from swanlab_ci.gate.spec.source import GateSyntaxError, MappingNode, Scalar, SequenceNode


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
    ("text", "line", "column", "message"),
    [
        ("", 1, 1, "the file is empty"),
        ("# only a comment\n", 1, 1, "the file is empty"),
        ("a: 1\nb: 2\na: 3\n", 3, 1, "the key `a` is there twice; first on line 1"),
        ("{a: 1, a: 2}", 1, 8, "the key `a` is there twice; first on line 1"),
        ("a: &x 1\n", 1, 4, "`&x` is an anchor"),
        ("a: 1\nb: *x\n", 2, 4, "`*x` is an alias"),
        ("a: !!str 1\n", 1, 4, "is a tag"),
        ("a: !mine 1\n", 1, 4, "`!mine` is a tag"),
        ("!!python/object/apply:os.system ['touch canary']", 1, 1, "is a tag"),
        ("<<: {a: 1}\n", 1, 1, "`<<` merges"),
        ("a:\n\tb: 1\n", 2, 1, "a tab; use spaces instead"),
        ("a: 1 #\tx\n", 1, 7, "a tab"),
        ("a: 1\n<<<<<<< HEAD\nb: 2\n=======\nb: 3\n>>>>>>> x\n", 2, 1, "a merge conflict was left here"),
        ("a: 1\n---\nb: 2\n", 2, 1, "a second document"),
        ("{1: {2: 3}, [a]: 1}", 1, 13, "a key must be a text"),
        ("a: [1, 2\n", 2, 1, "this is not YAML"),
        ("a: b: c\n", 1, 5, "this is not YAML: quote a text that holds `: `"),
        ("a: b\n  c: d\n", 2, 4, "this is not YAML: this key is indented like no other"),
        ("a: {b: ${pr_commits}}\n", 1, 9, "this is not YAML: write `$pr_commits` without braces"),
        ("a: [${head_sha}]\n", 1, 6, "this is not YAML: write `$head_sha` without braces"),
        ("a: {like: *-sweep}\n", 1, 11, "is an alias; write the value out, or quote a text that starts with `*`"),
        ("a: *\n", 1, 5, "this is not YAML: quote a text that starts with `*`"),
        ('a: "\\q"\n', 1, 5, "this is not YAML"),
        ("a: \x00\n", 1, 1, "this is not YAML"),
        ("a: \ud800\n", 1, 4, "half a character"),
        ("- a\n", 1, 1, "a gate file is a map"),
        ("text", 1, 1, "a gate file is a map"),
        ("a: " + "x" * (256 * 1024), 1, 1, "larger than 256 KiB"),
        ("a: [" + "1," * 20_000 + "]", 1, 39_999, "more than 20,000 values"),
        ("[" * 41 + "]" * 41, 1, 41, "more than 40 levels"),
    ],
)
def test_what_is_not_strict_yaml_is_refused_at_its_place(text: str, line: int, column: int, message: str) -> None:
    problem = problem_of(text)

    assert message in str(problem.message)
    assert (problem.file, problem.line, problem.column) == ("gates.yml", line, column)


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

    assert str(problem) == "gates.yml:5:19: unknown operator `minimum`; did you mean `min`?"
    assert problem.excerpt == ("     5 |       config.lr: {minimum: 1e-5, max: 1e-2}\n       |                   ^")


def test_the_caret_stands_below_wide_characters_too() -> None:
    problem = problem_of("project: me/net\ngates: [{name: 冒烟, expct: {}, expect: {state: FINISHED}}]\n")

    before, caret = problem.excerpt.split("\n")
    assert before.startswith("     2 | gates: [{name: 冒烟, expct")
    assert caret == "       | " + " " * len("gates: [{name: ") + "    " + "  ^"


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
