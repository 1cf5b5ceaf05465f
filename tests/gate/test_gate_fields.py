"""Which fields there are, what a path reads, and what is ambiguous, missing or not fetched."""

from datetime import timedelta
from typing import Any

import pytest
from gate_factories import NOW, judge_gate_body, make_run

from swanlab_ci.gate.spec.fields import parse_path
from swanlab_ci.gate.spec.values import seconds_text
from swanlab_ci.judgement import Check, Deciding
from swanlab_ci.messages import Seconds
from swanlab_ci.model import Git, Outcome, Status, Truth
from swanlab_ci.report.wording.expectation import with_differing_digits


def check_of(path: str, condition: str, **fields: Any) -> Check:
    (check,) = judge_gate_body(f"expect:\n  {path}: {condition}", make_run(**fields)).checks
    return check


@pytest.mark.parametrize(
    ("path", "condition", "fields"),
    [
        ("id", "run-1", {}),
        ("name", "seed-1", {}),
        ("description", "a try", {"description": "a try"}),
        ("state", "CRASHED", {"state": "CRASHED"}),
        ("labels", "{has: [a, b]}", {"labels": ("a", "b")}),
        ("labels", "a", {"labels": ("a", "b")}),
        ("group", "sweep", {"group": "sweep"}),
        ("job", "train", {"job": "train"}),
        ("show", "false", {"show": False}),
        ("url", "{contains: runs}", {"url": "https://x.example/runs/1"}),
        ("created_at", "{like: '2026-11-20T10:00:00Z'}", {}),
        ("finished_at", "{like: '2026-11-20T11:00:00Z'}", {}),
        ("user.name", "Mona", {"user_name": "Mona"}),
        ("user.username", "mona", {"user_username": "mona"}),
        ("duration", "{min: 1h, max: 60m}", {}),
        ("age", "{min: 3600s, max: 1h}", {}),
        ("age", "{min: 2h, max: 2h}", {"finished_at": None}),
        ("git.branch", "faster", {}),
        ("git.remote", "https://example.org/me/net", {}),
        ("conda", "{contains: pytorch}", {"conda": "- pytorch"}),
        ("config.lr", "0.1", {"config": {"lr": 0.1}}),
        ("config.opt.lr", "0.1", {"config": {"opt": {"lr": 0.1}}}),
        ("config.opt.lr", "0.1", {"config": {"opt.lr": 0.1}}),
        ("config.a.b.c", "1", {"config": {"a.b": {"c": 1}}}),
        ("config.a.b.c", "1", {"config": {"a": {"b.c": 1}}}),
        ('config["opt.lr"]', "1", {"config": {"opt.lr": 1, "opt": {"lr": 2}}}),
        ('config["opt"]["lr"]', "2", {"config": {"opt.lr": 1, "opt": {"lr": 2}}}),
        ('config.a["b.c"].d', "1", {"config": {"a": {"b.c": {"d": 1}}}}),
        ('config["say \\"hi\\""]', "1", {"config": {'say "hi"': 1}}),
        ("config.学习率", "1", {"config": {"学习率": 1}}),
        ("metadata.git.branch", "main", {"metadata": {"git": {"branch": "main"}}}),
        ("requirements.torch", "{version: ==2.4.1}", {"requirements": {"torch": "2.4.1"}}),
        ("requirements.Ruamel_YAML", "{exists: true}", {"requirements": {"ruamel-yaml": "0.18"}}),
        ("requirements.ruamel.yaml", "{exists: true}", {"requirements": {"ruamel-yaml": "0.18"}}),
        ("metrics.val/acc", "{min: 0.9}", {"metrics": {"val/acc": {"last": 0.9}}}),
        ("metrics.val/acc.max", "0.95", {"metrics": {"val/acc": {"last": 0.9, "max": 0.95}}}),
        ("metrics.val/acc.min", "0.1", {"metrics": {"val/acc": {"last": 0.9, "min": 0.1}}}),
        ("metrics.val/acc.step", "7", {"metrics": {"val/acc": {"step": 7}}}),
        ("metrics.val/acc.mean", "1", {"metrics": {"val/acc": {"mean": 1}}}),
        ("metrics.val/acc.median", "1", {"metrics": {"val/acc": {"median": 1}}}),
        ("metrics.val/acc.stdev", "1", {"metrics": {"val/acc": {"stdev": 1}}}),
        ("metrics.train.loss", "1", {"metrics": {"train.loss": {"last": 1}}}),
        ("metrics.train.loss.max", "2", {"metrics": {"train.loss": {"last": 1, "max": 2}}}),
        ("metrics.a.max", "3", {"metrics": {"a.max": {"last": 3}}}),
        ('metrics["a.max"]', "3", {"metrics": {"a.max": {"last": 3}, "a": {"max": 4}}}),
        ("metrics.val/acc.max.step", "7", {"metrics": {"val/acc": {"max": 0.9, "max.step": 7}}}),
        ('metrics["val/acc"].min.step', "0", {"metrics": {"val/acc": {"min": 0.1, "min.step": 0}}}),
        ("metrics.a.max.step", "5", {"metrics": {"a.max": {"step": 5}}}),
        ('metrics["a"].max.step', "4", {"metrics": {"a.max": {"step": 5}, "a": {"max.step": 4}}}),
        ("metrics.a*.max.step", "4", {"metrics": {"acc": {"max.step": 4, "step": 5}}}),
        ('metrics["a"].max', "4", {"metrics": {"a.max": {"last": 3}, "a": {"max": 4}}}),
    ],
)
def test_a_path_reads_its_field(path: str, condition: str, fields: dict[str, Any]) -> None:
    check = check_of(path, condition, **fields)

    assert check.outcome is Outcome.OK


@pytest.mark.parametrize(
    ("path", "fields", "spellings"),
    [
        ("config.a.b", {"config": {"a": {"b": 1}, "a.b": 1}}, ('config["a"]["b"]', 'config["a.b"]')),
        ("config.a.b", {"config": {"a": {"b": None}, "a.b": 1}}, ('config["a"]["b"]', 'config["a.b"]')),
        ("metadata.a.b", {"metadata": {"a": {"b": 1}, "a.b": 1}}, ('metadata["a"]["b"]', 'metadata["a.b"]')),
        (
            "metrics.a.max",
            {"metrics": {"a": {"max": 1}, "a.max": {"last": 1}}},
            ('metrics["a.max"]', 'metrics["a"].max'),
        ),
        (
            "metrics.a.max.step",
            {"metrics": {"a": {"max.step": 1}, "a.max": {"step": 2}, "a.max.step": {"last": 3}}},
            ('metrics["a.max.step"]', 'metrics["a.max"].step', 'metrics["a"].max.step'),
        ),
    ],
)
def test_two_readings_are_an_error_that_says_how_to_quote(
    path: str, fields: dict[str, Any], spellings: tuple[str, ...]
) -> None:
    expected = judge_gate_body(f"expect: {{{path}: 1}}", make_run(**fields))
    selected = judge_gate_body(f"runs: {{{path}: 1}}\nexpect: {{state: FINISHED}}", make_run(**fields))

    assert expected.status is Status.ERROR
    assert selected.status is Status.ERROR
    assert selected.decided_by is Deciding.AMBIGUOUS_SELECTION
    for result in (expected, selected):
        (reason,) = (check.reason for check in result.deciding)
        assert reason
        assert (reason.truth, reason.spellings) == (Truth.AMBIGUOUS, spellings)


@pytest.mark.parametrize(
    ("path", "truth"),
    [
        ("config.a", Truth.HOLDS),
        ("config.b", Truth.MISSING),
        ("config.c", Truth.NOT_FETCHED),
        ("config.a.b", Truth.NOT_FETCHED),  # the key `a.b` may be there as well
        ('config["a"].b', Truth.MISSING),
        ("config.*", Truth.NOT_FETCHED),
    ],
)
def test_of_a_config_that_was_not_kept_only_the_known_keys_are_read(path: str, truth: Truth) -> None:
    check = check_of(path, "1", config={"a": 1}, config_keys=("a", "b"))

    assert (check.reason.truth if check.reason else Truth.HOLDS) is truth


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("group", {}),
        ("job", {}),
        ("user.name", {}),
        ("git.commit", {"git": Git()}),
        ("git.branch", {"git": Git("a" * 40)}),
        ("conda", {"conda": ""}),
        ("config.x", {}),
        ("config.x.y", {"config": {"x": 1}}),
        ("config.x", {"config": {"x": None}}),
        ("metadata.x", {}),
        ("requirements.torch", {}),
        ("metrics.a", {}),
        ("metrics.a", {"metrics": {"a": {"max": 1}}}),
        ("metrics.a.max", {"metrics": {"a": {"last": 1}}}),
        ("metrics.a", {"metrics": {"a": {"last": None}}}),
        ("finished_at", {"finished_at": None}),
        ("created_at", {"created_at": None}),
    ],
)
def test_what_is_not_there_is_missing(path: str, fields: dict[str, Any]) -> None:
    assert check_of(path, "{exists: false}", **fields).outcome is Outcome.OK
    there = check_of(path, "{exists: true}", **fields)
    assert there.outcome is Outcome.MISSING
    assert there.reason
    assert (there.reason.truth, there.reason.actual) == (Truth.MISSING, None)


@pytest.mark.parametrize("path", ["duration", "age"])
def test_without_times_duration_and_age_are_missing(path: str) -> None:
    assert check_of(path, "{min: 0s}", created_at=None, finished_at=None).outcome is Outcome.MISSING


def test_a_run_that_ended_without_a_time_has_no_duration() -> None:
    assert check_of("duration", "{min: 0s}", finished_at=None).outcome is Outcome.MISSING


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("git.commit", "git"),
        ("git.branch", "git"),
        ("metadata.x", "metadata"),
        ("requirements.x", "requirements"),
        ("conda", "conda"),
        ("metrics.x", "metrics"),
    ],
)
def test_what_was_not_fetched_is_an_error_and_never_missing(path: str, field: str) -> None:
    unknown: dict[str, Any] = {field: None}
    run = make_run(**unknown)

    expected = judge_gate_body(f"expect: {{{path}: {{exists: false}}}}", run)
    optional = judge_gate_body(f"expect: {{{path}: {{is: 1234567, optional: true}}}}", run)
    selected = judge_gate_body(f"runs: {{{path}: {{exists: true}}}}\nexpect: {{state: FINISHED}}", run)

    assert expected.status is Status.ERROR
    assert [check.reason and check.reason.truth for check in expected.deciding] == [Truth.NOT_FETCHED]
    assert optional.status is Status.ERROR
    assert selected.status is Status.ERROR


def test_times_are_told_in_units_and_digits_enough_to_differ() -> None:
    long = check_of("duration", "{max: 30m}", created_at=NOW - timedelta(hours=5, minutes=3, seconds=9))
    close = check_of("duration", "{max: 61m}", created_at=NOW - timedelta(hours=2, minutes=1, seconds=5))

    assert long.reason
    assert close.reason
    assert (long.reason.actual, long.reason.unit) == (4 * 3600 + 3 * 60 + 9, "s")
    assert with_differing_digits(long.reason) == Seconds(14_589)
    assert [getattr(with_differing_digits(each.reason), "exact", None) for each in (long, close) if each.reason] == [
        False,
        True,
    ]


@pytest.mark.parametrize("value", ["inf", "Infinity", "-inf", "NAN", "+INF", "1e999", "-1e999", 10**400])
@pytest.mark.parametrize("condition", ["{exists: true}", "{not: 5}", "{max: 9}"])
def test_however_a_metric_spells_it_no_finite_number_meets_no_condition(condition: str, value: str | int) -> None:
    check = check_of("metrics.x", condition, metrics={"x": {"last": value}})

    assert check.outcome is Outcome.VIOLATED
    assert check.reason
    assert check.reason.truth is Truth.NOT_FINITE


@pytest.mark.parametrize("value", ["NaN", "-Inf", float("nan"), "1e999"])
def test_what_is_no_finite_number_is_told_as_it_was_logged(value: Any) -> None:
    path = parse_path("metrics.acc")
    assert path

    reading = path.read(make_run(metrics={"acc": {"last": value}}), NOW)

    assert (reading.gap, str(reading.value)) == (Truth.NOT_FINITE, str(value))


@pytest.mark.parametrize(
    ("path", "metrics"),
    [
        ("metrics.acc", {"acc"}),
        ("metrics.val.acc", {"val.acc"}),
        ("metrics.acc.max", {"acc", "acc.max"}),
        ("metrics.max.step", {"max", "max.step"}),
        ("metrics.acc.max.step", {"acc", "acc.max", "acc.max.step"}),
        ('metrics["acc"].max', {"acc"}),
        ('metrics["max"]', {"max"}),
        ('metrics["a"]["max"]', set()),
        ("config.acc.max", set()),
    ],
)
def test_a_path_names_every_metric_that_it_may_mean(path: str, metrics: set[str]) -> None:
    field = parse_path(path)

    assert (field.metric_keys() if field else set()) == metrics


@pytest.mark.parametrize("condition", ["{exists: true}", "{not: 5}", "{max: 9}"])
def test_a_setting_beyond_a_float_meets_no_condition(condition: str) -> None:
    assert check_of("config.x", condition, config={"x": 10**400}).outcome is Outcome.VIOLATED


def test_a_run_that_ended_before_it_began_has_no_duration() -> None:
    check = check_of("duration", "{max: 4h}", created_at=NOW, finished_at=NOW - timedelta(seconds=1))

    assert check.outcome is Outcome.MISSING


@pytest.mark.parametrize(("ahead", "outcome"), [(1, Outcome.OK), (300, Outcome.OK), (301, Outcome.MISSING)])
def test_a_run_dated_in_the_future_is_not_young(ahead: int, outcome: Outcome) -> None:
    run = make_run(finished_at=NOW + timedelta(seconds=ahead))

    (young,) = judge_gate_body("expect: {age: {min: 0s, max: 1h}}", run).checks

    assert young.outcome is outcome


@pytest.mark.parametrize(("field", "condition"), [("labels", "{lacks: [draft]}"), ("config.x", "{exists: false}")])
def test_what_was_not_fetched_is_not_empty(field: str, condition: str) -> None:
    (check,) = judge_gate_body(f"expect: {{{field}: {condition}}}", make_run(labels=None, config=None)).checks

    assert check.outcome is Outcome.ERROR
    assert check.reason
    assert check.reason.truth is Truth.NOT_FETCHED


@pytest.mark.parametrize(
    ("seconds", "others", "text"),
    [
        (90_061, (), "1d 1h"),
        (90_061, (90_061,), "1d 1h"),
        (90_061, (100_000,), "1d 1h"),
        (90_061, (90_062,), "1d 1h 1m 1s"),
        (90_061, (100_000, 90_061, 90_062), "1d 1h 1m 1s"),
        (3600, (3601,), "1h"),
    ],
)
def test_a_length_of_time_has_as_many_units_as_tell_it_from_others(
    seconds: int, others: tuple[int, ...], text: str
) -> None:
    assert seconds_text(seconds, *others) == text


def test_a_run_without_a_slug_has_no_other_name() -> None:
    id_field, age_field = parse_path("id"), parse_path("age")

    assert id_field
    assert id_field.read(make_run(slug=""), NOW).aliases == ()
    assert age_field
    assert age_field.read(make_run(finished_at=NOW), NOW).value == 0


def test_a_run_that_ended_at_once_took_no_time() -> None:
    assert check_of("duration", "{max: 1s}", created_at=NOW, finished_at=NOW).outcome is Outcome.OK


@pytest.mark.parametrize(
    ("path", "known", "nearest"),
    [
        ("metrics.f1", "val/f1", "metrics.val/f1"),
        ("metrics.val/f1", "f1", "metrics.f1"),
        ("metrics.f1", "valf1/x", ""),
        ("metrics.f1", "F1", "metrics.F1"),
        ("metrics.acuracy", "accuracy", "metrics.accuracy"),
    ],
)
def test_the_nearest_key_is_spelled_alike_or_lies_in_a_folder(path: str, known: str, nearest: str) -> None:
    field = parse_path(path)
    assert field

    assert field.nearest(make_run(metrics={known: {"last": 1}})) == nearest
