"""What every operator makes of every kind of value, in `expect` and in `runs`."""

import time
from typing import Any

import pytest
from gate_factories import judge_gate_body, make_run

from swanlab_ci.gate.spec.operators import OPERATORS
from swanlab_ci.judgement import Check, CheckKind, Expectation, Reason
from swanlab_ci.messages import Message, Name
from swanlab_ci.model import Git, Outcome, RunRef, Status, Truth
from swanlab_ci.report.wording import check_message

OK, VIOLATED, MISSING, ERROR = Outcome.OK, Outcome.VIOLATED, Outcome.MISSING, Outcome.ERROR
ABSENT = object()


def check_of(condition: str, value: Any) -> Check:
    config = {} if value is ABSENT else {"x": value}
    (check,) = judge_gate_body(f"expect: {{config.x: {condition}}}", make_run(config=config)).checks
    return check


CASES: list[tuple[str, Any, Outcome]] = [
    # is, bare: numbers to 9 significant digits, texts by spelling, a bool only a bool
    ("0.3", 0.1 + 0.2, OK),
    ("1", 1.0, OK),
    ("1", 1.00000001, VIOLATED),
    ("1", 1.000000001, OK),
    ("1.0", 1, OK),
    ("1234567890", 1234567891, VIOLATED),
    ("1234567890.0", 1234567890, OK),
    ("1234567890.0", 1234567891, VIOLATED),
    ("12345678901", 12345678901.0, OK),
    ("0", -0.0, OK),
    ("1", True, VIOLATED),
    ("true", True, OK),
    ("true", 1, VIOLATED),
    ("true", "true", VIOLATED),
    ("false", 0, VIOLATED),
    ("false", False, OK),
    ("0", False, VIOLATED),
    ('"no"', "no", OK),
    ('"no"', False, VIOLATED),
    ("adam", "adam", OK),
    ("adam", "Adam", VIOLATED),
    ("1.10", "1.10", OK),
    ("1.10", "1.1", VIOLATED),
    ("1.10", 1.1, OK),
    ('"1.10"', "1.10", OK),
    ('"1"', 1, VIOLATED),
    ("12e4567", "12e4567", OK),
    ("010", "010", OK),
    ("010", 10, OK),
    ("{is: 1}", 1, OK),
    ("{is: 1}", [1], ERROR),
    ("{is: 1}", {"a": 1}, ERROR),
    ("{not: 1}", 2, OK),
    ("{not: 1}", 1, VIOLATED),
    ("{not: 1}", "x", OK),
    ("{not: 1}", ABSENT, MISSING),
    ("{not: 1}", None, MISSING),
    ("{not: 1}", [2], ERROR),
    # in, not_in, bare list
    ("[adam, sgd]", "sgd", OK),
    ("[adam, sgd]", "lion", VIOLATED),
    ("{in: [1, 2]}", 2, OK),
    ("{in: 2}", 2, OK),
    ("{in: [1, 2]}", 3, VIOLATED),
    ("{not_in: [1, 2]}", 3, OK),
    ("{not_in: [1, 2]}", 2, VIOLATED),
    ("{not_in: [1, 2]}", ABSENT, MISSING),
    # bare values and lists on a list: has any of
    ("a", ["a", "b"], OK),
    ("c", ["a", "b"], VIOLATED),
    ("[c, b]", ["a", "b"], OK),
    ("[c, d]", ["a", "b"], VIOLATED),
    ("a", [], VIOLATED),
    ("a", {"a": 1}, ERROR),
    # order
    ("{min: 0.9}", 0.9, OK),
    ("{min: 0.9}", 0.8999999999, VIOLATED),
    ("{max: 0.9}", 0.9, OK),
    ("{max: 0.9}", 0.9000000001, VIOLATED),
    ("{above: 0.9}", 0.9, VIOLATED),
    ("{above: 0.9}", 0.9000000001, OK),
    ("{below: 0.9}", 0.9, VIOLATED),
    ("{below: 0.9}", 0.8999999999, OK),
    ("{min: 1, max: 2}", 1.5, OK),
    ("{min: 1, max: 2}", 2.5, VIOLATED),
    ("{min: 0}", 0, OK),
    ("{max: 0}", 0.1, VIOLATED),
    ("{min: 1}", True, ERROR),
    ("{min: 1}", "high", ERROR),
    ("{min: 1}", [1], ERROR),
    ("{min: 1e-5, max: 1e-2}", "1e-3", OK),
    ("{min: 1}", "0.5", VIOLATED),
    ("{min: 1}", " 2 ", OK),
    ("{min: 1}", "1_000", ERROR),
    ("{min: 1}", "0x10", ERROR),
    ("{min: 1}", "1e999", VIOLATED),
    ("{min: 1}", 10**400, VIOLATED),
    ("{min: 1}", ABSENT, MISSING),
    # texts
    ("{contains: da}", "adam", OK),
    ("{contains: DA}", "adam", VIOLATED),
    ("{contains: 1}", 12, ERROR),
    ("{contains: a}", ["a"], ERROR),
    ("{like: 'exp-*'}", "exp-1", OK),
    ("{like: 'exp-*'}", "my-exp-1", VIOLATED),
    ("{like: 'exp-?'}", "exp-1", OK),
    ("{like: 'exp-?'}", "exp-12", VIOLATED),
    ("{like: '[ab]'}", "a", VIOLATED),
    ("{like: '[ab]'}", "[ab]", OK),
    ("{like: 'a*b'}", "a\nb", OK),
    ("{like: 'a'}", 1, ERROR),
    ("{matches: '^exp-[0-9]+$'}", "exp-12", OK),
    ("{matches: '[0-9]'}", "exp-12", OK),
    ("{matches: '^[0-9]'}", "exp-12", VIOLATED),
    ("{matches: a}", 1, ERROR),
    ("{matches: end}", "x" * 4093 + "end", OK),
    ("{matches: end}", "x" * 4094 + "end", VIOLATED),
    # lists
    ("{has: [a, b]}", ["a", "b", "c"], OK),
    ("{has: [a, d]}", ["a", "b", "c"], VIOLATED),
    ("{has: a}", "a", ERROR),
    ("{has: a}", [], VIOLATED),
    ("{lacks: [d, e]}", ["a"], OK),
    ("{lacks: [a, e]}", ["a"], VIOLATED),
    ("{lacks: a}", [], OK),
    ("{lacks: a}", "a", ERROR),
    ("{lacks: a}", ABSENT, MISSING),
    # versions
    ('{version: ">=2.3,<2.6"}', "2.4.1", OK),
    ('{version: ">=2.3,<2.6"}', "2.4.1+cu121", OK),
    ('{version: ">=2.3,<2.6"}', "2.6.0", VIOLATED),
    ('{version: ">=2.3,<2.6"}', "2.6.0rc1", VIOLATED),
    ('{version: ">=2.3,<2.6"}', "2.5.0rc1", OK),
    ('{version: ">=2.3"}', "unknown", ERROR),
    ('{version: ">=2.3"}', 2.4, ERROR),
    # presence and type
    ("{exists: true}", 0, OK),
    ("{exists: true}", "", OK),
    ("{exists: true}", None, MISSING),
    ("{exists: true}", ABSENT, MISSING),
    ("{exists: false}", ABSENT, OK),
    ("{exists: false}", None, OK),
    ("{exists: false}", 0, VIOLATED),
    ("{type: number}", 1, OK),
    ("{type: number}", "1", VIOLATED),
    ("{type: number}", True, VIOLATED),
    ("{type: bool}", True, OK),
    ("{type: text}", "1", OK),
    ("{type: list}", [], OK),
    ("{type: map}", {}, OK),
    ("{type: map}", [], VIOLATED),
    ("{type: text}", ABSENT, MISSING),
    ("{min: 1, optional: true}", ABSENT, OK),
    ("{min: 1, optional: true}", None, OK),
    ("{min: 1, optional: true}", 2, OK),
    ("{min: 1, optional: true}", 0, VIOLATED),
    ("{min: 1, optional: true}", "x", ERROR),
    ("{min: 1, optional: true}", "NaN", VIOLATED),
    # nesting is Kleene's logic
    ("{any_of: [{max: 1}, {min: 5}]}", 0, OK),
    ("{any_of: [{max: 1}, {min: 5}]}", 5, OK),
    ("{any_of: [{max: 1}, {min: 5}]}", 3, VIOLATED),
    ("{any_of: [1, {min: 5}]}", 1, OK),
    ("{any_of: [{is: abc}, {min: 5}]}", "abc", OK),
    ("{any_of: [{is: abc}, {min: 5}]}", "abd", ERROR),
    ("{any_of: [{min: 1}, {exists: false}]}", ABSENT, OK),
    ("{none_of: [{max: 1}, {min: 5}]}", 3, OK),
    ("{none_of: [{max: 1}, {min: 5}]}", 5, VIOLATED),
    ("{none_of: [{max: 1}]}", ABSENT, MISSING),
    ("{none_of: [{max: 1}]}", "x", ERROR),
    ("{none_of: [{none_of: [{max: 1}]}]}", 1, OK),
    ("{none_of: [{none_of: [{max: 1}]}]}", ABSENT, MISSING),
    ("{min: 0, none_of: [{is: 5}]}", 5, VIOLATED),
]


@pytest.mark.parametrize(("condition", "value", "outcome"), CASES)
def test_an_operator_means_what_the_table_says(condition: str, value: Any, outcome: Outcome) -> None:
    assert check_of(condition, value).outcome is outcome


@pytest.mark.parametrize(("condition", "value", "outcome"), CASES)
def test_a_condition_selects_exactly_where_it_would_be_ok(condition: str, value: Any, outcome: Outcome) -> None:
    config = {} if value is ABSENT else {"x": value}
    body = f"runs: {{config.x: {condition}}}\nexpect: {{state: FINISHED}}"

    result = judge_gate_body(body, make_run(config=config))

    assert len(result.runs_selected) == (outcome is OK)


NOT_FINITE = [
    float("nan"),
    float("inf"),
    float("-inf"),
    "NaN",
    "nan",
    "INF",
    "-INF",
    "Inf",
    "-Inf",
    "Infinity",
    "-Infinity",
    "-inf",
]


@pytest.mark.parametrize("value", NOT_FINITE)
@pytest.mark.parametrize(
    "condition",
    [
        "1",
        "nan",
        "{not: 1}",
        "{not_in: [1, 2]}",
        "{min: -1e300}",
        "{max: 1e300}",
        "{exists: true}",
        "{exists: false}",
        "{type: number}",
        "{type: text}",
        "{none_of: [{max: 1}]}",
        "{any_of: [{exists: true}]}",
        "{contains: n}",
        "{lacks: a}",
        "{min: 1, optional: true}",
    ],
)
def test_what_is_no_finite_number_misses_every_operator(condition: str, value: Any) -> None:
    check = check_of(condition, value)

    assert check.outcome is VIOLATED
    assert check.reason
    assert check.reason.truth is Truth.NOT_FINITE


@pytest.mark.parametrize("value", ["Nan", "infinite", "INFO", "+Inf"])
def test_other_words_are_ordinary_texts(value: str) -> None:
    assert check_of(f"{{is: {value}}}", value).outcome is OK


@pytest.mark.parametrize(
    ("written", "recorded", "same"),
    [
        ("a" * 7, "a" * 40, True),
        ("a" * 40, "a" * 7, True),
        ("a" * 40, "a" * 6, False),
        ("A" * 7, "a" * 40, True),
        ("b" * 7, "a" * 40, False),
        ("a" * 8, "a" * 7 + "b" * 33, False),
        ("1234567", "1234567" + "a" * 33, True),
        ("0123456", "0123456" + "a" * 33, True),
        ("12e4567", "12e4567" + "a" * 33, True),
    ],
)
def test_either_commit_may_be_a_prefix_of_seven_or_more(written: str, recorded: str, same: bool) -> None:  # noqa: FBT001
    run = make_run(git=Git(recorded))

    assert judge_gate_body(f"expect: {{git.commit: {written}}}", run).status is (Status.PASS if same else Status.FAIL)
    assert judge_gate_body(f"expect: {{git.commit: {{not: {written}}}}}", run).status is (
        Status.FAIL if same else Status.PASS
    )


@pytest.mark.parametrize(
    ("bound", "other", "value", "outcome"),
    [
        ("{field: config.y}", 2, 2, OK),
        ("{field: config.y}", 2, 2.1, VIOLATED),
        ("{field: config.y, times: 1.5}", 2, 3, OK),
        ("{field: config.y, times: 1.5}", 2, 3.1, VIOLATED),
        ("{field: config.y, times: 2, plus: -1}", 2, 3, OK),
        ("{field: config.y, times: 2, plus: -1}", 2, 3.1, VIOLATED),
        ("{field: config.y}", None, 1, MISSING),
        ("{field: config.y}", "NaN", 1, VIOLATED),
        ("{field: config.y}", "high", 1, ERROR),
        ("{field: config.y}", True, 1, ERROR),
        ("{field: config.y, times: 1e308}", 1e10, 1, VIOLATED),
        ("{field: config.y}", "3", 3, OK),
    ],
)
def test_a_bound_may_be_another_field(bound: str, other: Any, value: Any, outcome: Outcome) -> None:
    run = make_run(config={"x": value, "y": other})

    (check,) = judge_gate_body(f"expect: {{config.x: {{max: {bound}}}}}", run).checks

    assert check.outcome is outcome


@pytest.mark.parametrize(
    ("pattern", "refused"),
    [
        ("^exp-\\d+$", False),
        ("^a*b*", False),
        ("(?:abc)+", False),
        ("(abc)?(def)?", False),
        ("(a|b)c", False),
        ("(a{2,3})", False),
        ("[(a+)+]", False),
        ("[]a(]*", False),
        (r"^\(a+\)+", False),
        ("(a+)?", False),
        ("a*?b", False),
        ("smoke|eval|train", False),
        ("^(smoke|eval)-[0-9]+-seed[0-9]+$", False),
        ("[0-9]{4}-[0-9]{2}", False),
        ("a{3}", False),
        (r"\0", False),
        ("(a+)+$", True),
        ("(a*)*", True),
        ("((a)+)*", True),
        ("(a|aa)+", True),
        ("(a?)*", True),
        ("(a{1,2})+", True),
        ("(a+){2,}", True),
        ("(a?){30}", True),
        ("(a|b){2}", True),
        ("((a)|b)*", True),
        ("a?" * 30 + "a" * 30, True),
        ("a{0,200}a{0,200}b", True),
        ("a*b*", True),
        ("^a*b*c*", True),
        ("^a*|b*", True),
        ("(a|b)" * 20, True),
        ("(a+){300}", True),
        ("(?=a)", True),
        ("(?!a)", True),
        ("(?<=a)b", True),
        ("(?<!a)b", True),
        (r"(a)\1", True),
        ("(?P<x>a)(?P=x)", True),
        ("(?i)a", True),
        ("(?:(?:(?:){60000}){60000}){60000}", True),
        ("(?:(?:[(]{20}x){20}){20}", True),
        ("(?:(?:[)]{9}x){9}){9}", False),
        ("a{4097}", True),
        ("a{4096}", False),
        ("a{2000}b{2000}(?:c){90}", False),
        ("a{2000}b{2000}(?:c){99}", True),
        ("x" * 257, True),
        ("x" * 256, False),
        ("(a{2,})*", True),
        (r"(\d+)+", True),
        (r"(\d)+\d", False),
        (r"\Aa*b*", False),
        ("((a*)b)+", True),
        ("((a|b)c)+", True),
        ("(a*(b))+", True),
        ("((a)b)+c", False),
        ("^((a|b|c|d)(a|b|c|d)){6}", True),
        ("^" + "(a|b|c|d)" * 12, False),
        ("^" + "(a|b|c|d)" * 13, True),
        ("^a|^b", False),
        ("(?:(?:a{64}){64}){2}", True),
        ("(?:a{64}){64}", False),
        ("(a{2,})+", True),
        ("(a{2}){3}", False),
        ("a?" * 14, False),
        ("a?" * 15, True),
        ("^" + "a?" * 26, False),
        ("^" + "a?" * 27, True),
        ("^" + "a{1,4}" * 13, False),
        ("^" + "a{1,4}" * 14, True),
        ("^" + "a{,4}" * 11, False),
        ("^" + "a{,4}" * 12, True),
        ("^a*a{3}b*c*", True),
        ("^a{2,}b{2,}", False),
        ("^a{2,}b{2,}c{2,}", True),
    ],
)
def test_a_regular_expression_that_could_run_for_ever_is_refused(pattern: str, refused: bool) -> None:  # noqa: FBT001
    from swanlab_ci.gate.spec import patterns  # noqa: PLC0415 - only this test looks inside

    if refused:
        with pytest.raises(patterns.PatternError):
            patterns.safe(pattern)
    else:
        assert patterns.safe(pattern).pattern == pattern


@pytest.mark.parametrize("pattern", ["^a*a*b", "a*b", "^(a|a)(a|a)a*a*bc"])
def test_the_slowest_pattern_allowed_ends_soon(pattern: str) -> None:
    started = time.perf_counter()

    assert check_of(f"{{matches: '{pattern}'}}", "a" * 5000).outcome is VIOLATED
    assert time.perf_counter() - started < 5


def test_a_long_glob_is_matched_at_once() -> None:
    condition = "{like: '" + "*a" * 100 + "*b'}"

    assert check_of(condition, "a" * 100_000).outcome is VIOLATED


def reason_of(condition: str, value: Any) -> Reason:
    reason = check_of(condition, value).reason
    assert reason
    return reason


REASONS: list[tuple[str, Any, Truth, str]] = [
    ("{min: 0.9}", 0.8999999, Truth.FAILS, "min"),
    ("{min: 3, max: 1e2}", 1, Truth.FAILS, "min"),
    ("{min: 3, max: 1e2}", 101, Truth.FAILS, "max"),
    ("[0.3, 0.4]", 0.3000001, Truth.FAILS, "bare"),
    ("{not_in: [a, b]}", "a", Truth.FAILS, "not_in"),
    ("{has: [a, b]}", ["a"], Truth.FAILS, "has"),
    ("{min: 1}", "x", Truth.WRONG_TYPE, "min"),
    ("{min: 1}", True, Truth.WRONG_TYPE, "min"),
    ("{min: 1}", {"a": 1}, Truth.WRONG_TYPE, "min"),
    ("{like: a}", 1, Truth.WRONG_TYPE, "like"),
    ("{is: a}", ["a"], Truth.WRONG_TYPE, "is"),
    ("{min: 1}", "NaN", Truth.NOT_FINITE, "min"),
    ("{exists: true}", None, Truth.MISSING, "exists"),
    ("{exists: false}", 1, Truth.FAILS, "exists"),
    ("{any_of: [{max: 1}, {min: 5}]}", 3, Truth.FAILS, "any_of"),
    ("{none_of: [{max: 1}]}", 1, Truth.FAILS, "none_of"),
    ("{min: 1, optional: true}", 0, Truth.FAILS, "min"),
]


@pytest.mark.parametrize(("condition", "value", "truth", "operator"), REASONS)
def test_a_reason_holds_the_value_and_the_part_that_decided(
    condition: str, value: Any, truth: Truth, operator: str
) -> None:
    reason = reason_of(condition, value)

    assert (reason.truth, reason.subject, reason.actual, reason.unit) == (truth, "config.x", value, "")
    assert reason.part
    assert reason.part.operator == operator


@pytest.mark.parametrize(
    ("plus", "bound", "written"),
    [("0.15", 0.6, "1.5 x config.y + 0.15"), ("-0.15", 0.3, "1.5 x config.y - 0.15"), ("0", 0.45, "1.5 x config.y")],
)
def test_a_reason_holds_what_another_field_as_a_bound_comes_to(plus: str, bound: float, written: str) -> None:
    run = make_run(config={"x": 0.9, "y": 0.3})

    (check,) = judge_gate_body(
        f"expect: {{config.x: {{max: {{field: config.y, times: 1.5, plus: {plus}}}}}}}", run
    ).checks

    assert check.reason
    assert check.reason.bound == pytest.approx(bound)
    assert check.expected == Expectation(operator="max", written=written, other="config.y", times=1.5, plus=float(plus))


def test_a_bound_that_is_missing_decides_and_the_expectation_names_the_field_that_it_bounds() -> None:
    (check,) = judge_gate_body("expect: {config.x: {max: {field: config.y}}}", make_run(config={"x": 1})).checks

    assert check.reason
    assert (check.field, check.reason.subject, check.reason.bound) == ("config.x", "config.y", None)
    required = check_message(check).params["required"]
    assert isinstance(required, Message)
    assert (required.id, required.params["field"]) == ("expect.named", Name("config.x"))


@pytest.mark.parametrize(
    ("condition", "key", "nearest"),
    [
        ("{min: 1}", "learnin_rate", "config.learning_rate"),
        ("{exists: true}", "learnin_rate", "config.learning_rate"),
        ("{min: 1}", "lr", "config.LR"),
        ("{min: 1}", "nothing_like_it", ""),
    ],
)
def test_a_missing_key_comes_with_the_nearest_one(condition: str, key: str, nearest: str) -> None:
    run = make_run(config={"learning_rate": 1, "LR": 2, "other": 3})

    (check,) = judge_gate_body(f"expect: {{config.{key}: {condition}}}", run).checks

    assert check.reason
    assert (check.reason.truth, check.reason.nearest) == (Truth.MISSING, nearest)


@pytest.mark.parametrize(
    ("path", "fields", "nearest"),
    [
        ("config.opt.rat", {"config": {"opt": {"rate": 1}}}, "config.opt.rate"),
        ("metadata.gpu.cout", {"metadata": {"gpu": {"count": 1}}}, "metadata.gpu.count"),
        ("metrics.acc.stp", {"metrics": {"acc": {"last": 1, "step": 1}}}, "metrics.acc"),
        ("requirements.torh", {"requirements": {"torch": "2"}}, "requirements.torch"),
        ("group", {}, ""),
        ("finished_at", {"finished_at": None}, ""),
    ],
)
def test_the_nearest_key_may_be_within_a_map_and_no_statistic(path: str, fields: dict[str, Any], nearest: str) -> None:
    (check,) = judge_gate_body(f"expect: {{{path}: {{exists: true}}}}", make_run(**fields)).checks

    assert check.reason
    assert (check.reason.truth, check.reason.nearest) == (Truth.MISSING, nearest)


def test_parts_on_several_fields_name_them() -> None:
    body = "expect: {any_of: [{labels: a}, {config.x: 1, name: {not: b}}]}"

    (check,) = judge_gate_body(body, make_run(config={"x": 2})).checks

    assert check.field == "any_of"
    assert check.expected
    first, second = check.expected.parts
    assert (check.expected.operator, second.operator) == ("any_of", "all_of")
    assert [each.field for each in (*first.parts, *second.parts)] == ["labels", "config.x", "name"]
    assert check.reason
    assert (check.reason.subject, check.reason.actual) == ("labels", ())


@pytest.mark.parametrize(
    ("condition", "value", "read_as_number", "optional_missing"),
    [
        ("{min: 1}", "2", True, False),
        ("{min: 1}", "0", True, False),
        ("{min: 1}", 2, False, False),
        ("{min: 1}", "x", False, False),
        ('"2"', "2", False, False),
        ("{min: 1, optional: true}", ABSENT, False, True),
        ("{min: 1, optional: true}", 2, False, False),
        ("{exists: false}", ABSENT, False, False),
    ],
)
def test_a_reason_says_what_else_is_worth_knowing(
    condition: str,
    value: Any,
    read_as_number: bool,  # noqa: FBT001
    optional_missing: bool,  # noqa: FBT001
) -> None:
    reason = reason_of(condition, value)

    assert (reason.read_as_number, reason.optional_missing) == (read_as_number, optional_missing)


def test_a_check_carries_its_field_run_place_and_what_is_expected() -> None:
    check = check_of("{min: 1, max: 2}", 3)

    assert (check.kind, check.field, check.file, check.line) == (CheckKind.RUN, "config.x", "gates.yml", 4)
    assert check.run == RunRef("run-1", "seed-1", state="FINISHED")
    assert check.expected == Expectation(
        operator="all_of",
        parts=(
            Expectation(operator="min", values=(1,), written="1"),
            Expectation(operator="max", values=(2,), written="2"),
        ),
    )


def nested(levels: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("value", "spelling"),
    [
        ([1, None], "[1, null]"),
        ([], "[]"),
        (list(range(9)), "[0, 1, 2, 3, 4, 5, 6, 7, …]"),
        (nested(900), "[[…]]"),
        ([[], {}, {"a": [None]}, [2]], "[[], {}, {…}, […]]"),
    ],
)
def test_a_list_of_anything_is_spelled_without_words(value: Any, spelling: str) -> None:
    actual = check_message(check_of("{has: 10}", value)).params["actual"]

    assert actual == Name(spelling)


@pytest.mark.parametrize(
    ("text", "spelling"),
    [
        ("adamw", "adamw"),
        ("2.6.0", "2.6.0"),
        ("2.6.0+cu124", "2.6.0+cu124"),
        ("2.6", '"2.6"'),
        ("26", '"26"'),
        ("2.6.", '"2.6."'),
        ("true", '"true"'),
        ("", '""'),
    ],
)
def test_a_text_is_quoted_where_it_could_be_taken_for_a_number(text: str, spelling: str) -> None:
    assert check_message(check_of("{is: other}", text)).params["actual"] == Name(spelling)


def test_a_version_with_more_digits_than_can_be_read_is_none() -> None:
    (check,) = judge_gate_body(
        'expect: {requirements.torch: {version: ">=1"}}', make_run(requirements={"torch": "9" * 5_000})
    ).checks

    assert check.outcome is ERROR


@pytest.mark.parametrize("y", [int(9e307), 9e307, -int(9e307)], ids=["whole", "float", "negative"])
@pytest.mark.parametrize("plus", ["0", "0.5"])
@pytest.mark.parametrize("operator", ["min", "max", "above", "below"])
def test_a_bound_beyond_a_float_is_never_kept_to(operator: str, plus: str, y: float) -> None:
    condition = f"{{{operator}: {{field: config.y, times: 1000, plus: {plus}}}}}"
    (check,) = judge_gate_body(f"expect: {{config.x: {condition}}}", make_run(config={"x": 1, "y": y})).checks

    assert (check.field, check.outcome) == ("config.x", VIOLATED)


@pytest.mark.parametrize(
    ("expect", "config", "subject", "actual", "bound", "unit"),
    [
        ("config.x: {min: 1}", {"x": 2}, "config.x", 2, None, ""),
        ("config.x: {min: {field: config.y, times: 2}}", {"x": 2, "y": 1}, "config.x", 2, 2, ""),
        ("duration: {max: 1h}", {}, "duration", 3600, None, "s"),
    ],
)
def test_a_check_that_holds_has_a_reason_too(  # noqa: PLR0917 - a row of the table
    expect: str,
    config: dict[str, Any],
    subject: str,
    actual: Any,
    bound: float | None,
    unit: str,
) -> None:
    (check,) = judge_gate_body(f"expect: {{{expect}}}", make_run(config=config)).checks

    reason = check.reason
    assert reason
    assert (reason.truth, reason.subject, reason.actual) == (Truth.HOLDS, subject, actual)
    assert (reason.bound, reason.unit) == (bound, unit)
    assert (reason.part and reason.part.other) == ("config.y" if bound else None)


def test_what_is_there_has_no_nearest_key() -> None:
    assert reason_of("{min: 1}", 0).nearest == ""
    assert reason_of("{min: 1}", "x").nearest == ""
    (check,) = judge_gate_body(
        "expect: {metrics.acc: {min: 1}}", make_run(metrics={"acc": {"last": 0}, "acd": {}})
    ).checks
    assert check.reason
    assert check.reason.nearest == ""


@pytest.mark.parametrize("operator", ["like", "contains"])
def test_a_text_is_searched_to_its_end(operator: str) -> None:
    part = "*badpkg*" if operator == "like" else "badpkg"
    run = make_run(conda="x" * 5_000 + "\nbadpkg=1.0\n")

    assert judge_gate_body(f"expect: {{conda: {{none_of: [{{{operator}: '{part}'}}]}}}}", run).status is Status.FAIL
    assert judge_gate_body(f"expect: {{conda: {{{operator}: '{part}'}}}}", run).status is Status.PASS


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        ("short", Status.PASS),
        ("run-1", Status.PASS),
        ("[other, short]", Status.PASS),
        ("{in: [other, short]}", Status.PASS),
        ("other", Status.FAIL),
        ("{not: short}", Status.FAIL),
        ("{not: run-1}", Status.FAIL),
        ("{not_in: [other, short]}", Status.FAIL),
        ("{not: other}", Status.PASS),
        ("{none_of: [short]}", Status.FAIL),
    ],
)
def test_a_run_is_known_by_its_id_and_by_its_slug(condition: str, status: Status) -> None:
    assert judge_gate_body(f"expect: {{id: {condition}}}", make_run(slug="short")).status is status


def test_the_runs_of_a_script_are_selected_by_slug_as_well() -> None:
    runs = [make_run(1), make_run(5, slug="run-2"), make_run(6, slug="other"), make_run(7)]

    found = judge_gate_body("runs: {id: $run_ids}\nexpect: {state: FINISHED}", *runs)

    assert [run.id for run in found.runs_selected] == ["run-1", "run-5"]


@pytest.mark.parametrize("name", OPERATORS)
@pytest.mark.parametrize("answer", [each for each in Truth if each not in {Truth.HOLDS, Truth.FAILS}])
@pytest.mark.parametrize("trend", [-1, 0, 1])
def test_only_a_plain_answer_lasts(name: str, answer: Truth, trend: int) -> None:
    assert not OPERATORS[name].lasts(answer, trend)


def test_an_optional_condition_is_told_as_one() -> None:
    expected = check_of("{min: 1, optional: true}", 2).expected

    assert expected
    assert (expected.operator, [part.operator for part in expected.parts]) == ("optional", ["min"])
