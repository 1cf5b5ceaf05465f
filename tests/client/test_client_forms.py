"""What is read of a value of JSON, and with which error it is refused: each place and kind is in the message."""

import math
from typing import Any

import pytest

from swanlab_ci import Experiment, Project
from swanlab_ci.security.forms import FormError, filled, filled_table, flag, list_of, table, table_of, text, whole

HUGE = "9" * 5000  # Python's own limit is 4,300 digits


@pytest.mark.parametrize("value", [True, 1, 1.0, "1", "true", "TRUE", "t", "yes", "Y", "on"])
def test_a_bool_may_be_written_in_other_ways(value: object) -> None:
    assert flag(value) is True


@pytest.mark.parametrize("value", [False, 0, 0.0, -0.0, "0", "false", "F", "no", "n", "Off"])
def test_so_may_false(value: object) -> None:
    assert flag(value) is False


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (True, 1),
        (4, 4),
        (4.0, 4),
        ("4", 4),
        (" 4\n", 4),
        ("4.00", 4),
        ("+4", 4),
        ("-4", -4),
        ("00", 0),
        ("1_000", 1000),
        (10**18 - 1, 10**18 - 1),
        ("9" * 18, 10**18 - 1),
        (-(10**18) + 1, -(10**18) + 1),
    ],
)
def test_a_whole_number_may_be_written_in_other_ways(value: object, number: int) -> None:
    found = whole(value)

    assert (found, type(found)) == (number, int)


@pytest.mark.parametrize(
    ("form", "value", "kind"),
    [
        (text, 1, "string_type"),
        (text, None, "string_type"),
        (filled, "", "string_too_short"),
        (filled, ["x"], "string_type"),
        (flag, 2, "bool_parsing"),
        (flag, 2.0, "bool_parsing"),
        (flag, "", "bool_parsing"),
        (flag, "true ", "bool_parsing"),
        (flag, 0.5, "bool_type"),
        (flag, math.nan, "bool_type"),
        (flag, [], "bool_type"),
        (whole, None, "int_type"),
        (whole, [4], "int_type"),
        (whole, 1.5, "int_from_float"),
        (whole, math.nan, "finite_number"),
        (whole, -math.inf, "finite_number"),
        *((whole, value, "int_parsing") for value in ("", "4.", "4.5", "4e2", "_1", "1__0", "- 4", "0x1", "٤", "1 0")),
        *((whole, value, "int_parsing_size") for value in (10**18, -(10**18), 1e18, "1" * 19, HUGE, "-" + HUGE)),
        (table, [], "dict_type"),
        (filled_table, "x", "dict_type"),
        (table_of(text), 3, "dict_type"),
        (list_of(text), {}, "list_type"),
        (Experiment.read, None, "model_type"),
        (Project.read, [], "model_type"),
    ],
)
def test_everything_else_is_refused_as_a_whole(form: Any, value: object, kind: str) -> None:
    with pytest.raises(FormError) as stop:
        form(value)

    assert (stop.value.kind, stop.value.path) == (kind, "")


@pytest.mark.parametrize(
    ("form", "value", "path", "kind"),
    [
        (list_of(text), ["a", 1, 2], "1", "string_type"),
        (table_of(list_of(whole)), {"a": [1], "b": [1, "x"]}, "b.1", "int_parsing"),
        (Experiment.read, {"cuid": "c"}, "state", "missing"),
        (Experiment.read, {}, "cuid", "missing"),
        (Experiment.read, {"cuid": "c", "state": "s", "labels": ["a", None]}, "labels.1", "dict_type"),
        (Project.read, {"cuid": "c", "name": "n", "_count": {"runs": HUGE}}, "_count.runs", "int_parsing_size"),
        (Project.read, {"cuid": "c", "name": "n", "_count": None, "count": {"runs": None}}, "count.runs", "int_type"),
    ],
)
def test_the_first_wrong_place_is_named(form: Any, value: object, path: str, kind: str) -> None:
    with pytest.raises(FormError) as stop:
        form(value)

    assert (stop.value.path, stop.value.kind) == (path, kind)
