"""Against a baseline: the rule, the noise, the pairs, and every number of the result."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from gate_factories import NOW, judge_text, make_run

from swanlab_ci.gate.evaluate.statistics import exceeds, paired_error, standard_error
from swanlab_ci.judgement import CheckKind, Comparing, ComparisonResult, Difference, FunnelStep, GateResult
from swanlab_ci.messages import Message, Name
from swanlab_ci.model import Outcome, Run, Status
from swanlab_ci.report.wording import actual, gate_advice
from swanlab_ci.report.wording.comparison import comparison_message


def new_and_base(new: Sequence[Any], base: Sequence[Any]) -> list[Run]:
    def run(n: int, value: Any, label: str) -> Run:
        metrics = {} if value is None else {"acc": {"last": value}}
        return make_run(n, name=f"{label}-{n}", labels=(label,), metrics=metrics, config={"seed": n % 50})

    return [run(n, value, "new") for n, value in enumerate(new, 1)] + [
        run(n, value, "old") for n, value in enumerate(base, 51)
    ]


def compare(
    comparison: str, new: Sequence[Any], base: Sequence[Any], *, level: str = "fail", better: str = "higher"
) -> GateResult:
    return judge(comparison, *new_and_base(new, base), level=level, better=better)


def judge(comparison: str, *runs: Run, level: str = "fail", better: str = "higher") -> GateResult:
    text = f"""\
baselines: {{main: {{runs: {{labels: old}}}}}}
gates:
  - name: One
    level: {level}
    runs: {{labels: new}}
    compare: {{metrics.acc: {{to: main, better: {better}, {comparison}}}}}
"""
    return judge_text(text, *runs).gates[0]


# A spread of 0.1 around 1: s = 0.1, so with 3 vs 3 runs 2 se = 0.163.
BASE = [0.9, 1.0, 1.1]


def around(centre: float) -> list[float]:
    return [centre - 0.1, centre, centre + 0.1]


@pytest.mark.parametrize(
    ("comparison", "new", "base", "status"),
    [
        ("allow_worse: 0.05", around(1.0), BASE, Status.PASS),
        ("allow_worse: 0.05", around(1.2), BASE, Status.PASS),
        ("allow_worse: 0.05", around(0.96), BASE, Status.PASS),
        ("allow_worse: 0.05", around(0.9), BASE, Status.WARN),
        ("allow_worse: 0.05", around(0.84), BASE, Status.WARN),
        ("allow_worse: 0.05", around(0.83), BASE, Status.FAIL),
        ("allow_worse: 0.2", around(0.83), BASE, Status.PASS),
        ("allow_worse: 5%", around(0.96), BASE, Status.PASS),
        ("allow_worse: 5%", around(0.83), BASE, Status.FAIL),
        ("allow_worse: [0.01, 20%]", around(0.83), BASE, Status.PASS),
        ("allow_worse: [0.2, 1%]", around(0.83), BASE, Status.PASS),
        ("allow_worse: 0", around(1.0), BASE, Status.PASS),
        ("allow_worse: 0.05, noise: 0 se", around(0.9), BASE, Status.FAIL),
        ("allow_worse: 0.05, noise: 3 se", around(0.83), BASE, Status.WARN),
        ("allow_worse: 0.05, if_within_noise: fail", around(0.9), BASE, Status.FAIL),
        ("allow_worse: 0.05, if_within_noise: pass", around(0.9), BASE, Status.PASS),
        # identical runs have no spread: the allowance decides
        ("allow_worse: 0.05", [0.95] * 3, [1.0] * 3, Status.PASS),
        ("allow_worse: 0.05", [0.94] * 3, [1.0] * 3, Status.FAIL),
        # an exact tie passes in spite of rounding
        ("allow_worse: 0.1", [0.2] * 3, [0.1 + 0.2] * 3, Status.PASS),
        ("allow_worse: 1%", [0.99 * 0.3] * 3, [0.3] * 3, Status.PASS),
        # one new run: the spread of one more run around the baseline's mean, 2·0.1·√(4/3) = 0.231
        ("allow_worse: 0.05", [0.78], BASE, Status.WARN),
        ("allow_worse: 0.05", [0.76], BASE, Status.FAIL),
        # too few for an estimate: the allowance decides
        ("allow_worse: 0.05", [0.94], [1.0], Status.FAIL),
        ("allow_worse: 0.05", [0.96], [1.0], Status.PASS),
        ("allow_worse: 0.05", [0.94], [0.9, 1.1], Status.FAIL),
        ("allow_worse: 0.05", around(0.94), [1.0], Status.FAIL),
        # two on both sides are enough
        ("allow_worse: 0.05", [0.8, 1.0], [0.9, 1.1], Status.WARN),
        # required progress
        ("require_better: 0.1", around(1.2), BASE, Status.PASS),
        ("require_better: 0.1", around(1.12), BASE, Status.WARN),
        ("require_better: 0.1", around(1.05), BASE, Status.FAIL),
        ("require_better: 0.1", around(0.5), BASE, Status.FAIL),
        ("require_better: 10%", [1.1] * 3, [1.0] * 3, Status.PASS),
        ("require_better: 0", [1.0] * 3, [1.0] * 3, Status.PASS),
        # medians and the best
        ("allow_worse: 0.01, over_runs: median", [0.88, 1.0, 1.0], BASE, Status.PASS),
        ("allow_worse: 0.05, over_runs: best", [0.1, 0.2, 1.1], BASE, Status.PASS),
        ("allow_worse: 0.05, over_runs: best", [1.1, 1.1], BASE, Status.ERROR),
        # texts that are numbers count
        ("allow_worse: 0.05", ["1.0", "1.0"], BASE, Status.PASS),
    ],
)
def test_worse_than_allowed_and_than_the_noise_is_a_miss(
    comparison: str, new: list[Any], base: list[Any], status: Status
) -> None:
    assert compare(comparison, new, base).status is status


def test_lower_is_better_turns_it_round() -> None:
    assert compare("allow_worse: 0.05", around(1.17), BASE, better="lower").status is Status.FAIL
    assert compare("allow_worse: 0.05", around(0.5), BASE, better="lower").status is Status.PASS
    assert compare("allow_worse: 0.05, over_runs: best", [0.9, 5, 5], BASE, better="lower").status is Status.PASS


def test_a_negative_baseline_does_not_turn_the_verdict() -> None:
    assert compare("allow_worse: 1%", [-10.5] * 3, [-10.0] * 3).status is Status.FAIL
    assert compare("allow_worse: 10%", [-10.5] * 3, [-10.0] * 3).status is Status.PASS
    assert compare("allow_worse: 1%", [-9.5] * 3, [-10.0] * 3).status is Status.PASS


@pytest.mark.parametrize(
    ("comparison", "new", "base", "status"),
    [
        ("allow_worse: 1%", [0.0] * 3, [0.0] * 3, Status.ERROR),
        ("allow_worse: [1%, 0.1]", [0.0] * 3, [0.0] * 3, Status.PASS),
        ("allow_worse: [1%, 0.1]", [-0.2] * 3, [0.0] * 3, Status.FAIL),
        ("allow_worse: 0.1", [0.0] * 3, [0.0] * 3, Status.PASS),
        ("allow_worse: 9", [1.0], [], Status.ERROR),
        ("allow_worse: 9, on_missing: error", [1.0], [], Status.ERROR),
        ("allow_worse: 9, on_missing: warn", [1.0], [], Status.WARN),
        ("allow_worse: 9, on_missing: skip", [1.0], [], Status.SKIPPED),
        ("allow_worse: 9", [1.0, None], BASE, Status.FAIL),
        ("allow_worse: 9", [1.0, "NaN"], BASE, Status.FAIL),
        ("allow_worse: 9", [1.0, float("inf")], BASE, Status.FAIL),
        ("allow_worse: 9", [1.0, "high"], BASE, Status.ERROR),
        ("allow_worse: 9", [1e308, 1e308], BASE, Status.ERROR),
        ("allow_worse: 9", [1e300, -1e300], BASE, Status.ERROR),
        ("allow_worse: 9", BASE, [1e308, -1e308], Status.ERROR),
        ("allow_worse: 9", [1.0, True], BASE, Status.ERROR),
        ("allow_worse: 9", [1.0], [None], Status.ERROR),
        ("allow_worse: 9", [1.0], ["nan", None], Status.ERROR),
        ("allow_worse: 9", [1.0], [1.0, "high"], Status.ERROR),
    ],
)
def test_what_cannot_be_compared_is_never_a_pass(
    comparison: str, new: list[Any], base: list[Any], status: Status
) -> None:
    assert compare(comparison, new, base).status is status


def test_a_gate_of_level_info_never_warns() -> None:
    assert compare("allow_worse: 0.05", around(0.9), BASE, level="info").status is Status.INFO
    assert compare("allow_worse: 9, on_missing: warn", [1.0], [], level="info").status is Status.INFO
    assert compare("allow_worse: 0.05", around(0.5), BASE, level="warn").status is Status.WARN


def test_a_run_that_is_not_over_keeps_the_comparison_pending() -> None:
    new, *base = new_and_base([1.0], BASE)
    running = make_run(2, state="RUNNING", labels=("new",), metrics={"acc": {"last": 5}})
    late = make_run(99, state="RUNNING", labels=("old",), metrics={"acc": {"last": 5}})

    assert judge("allow_worse: 9", new, running, *base).status is Status.PENDING
    assert judge("allow_worse: 9", new, late, *base).status is Status.PENDING


def test_the_runs_under_test_are_no_part_of_their_own_baseline() -> None:
    both = [make_run(n, labels=("new", "old"), metrics={"acc": {"last": 1}}) for n in (1, 2)]

    result = judge("allow_worse: 0", *both)

    assert result.status is Status.ERROR
    assert result_of(result).funnel == (FunnelStep("labels old", 2), FunnelStep("", 0, "not_tested"))


# What a result holds


def result_of(result: GateResult) -> ComparisonResult:
    (check,) = result.checks
    assert check.comparison
    return check.comparison


@pytest.mark.parametrize(
    ("comparison", "new", "base", "found", "delta", "relative", "allowed", "noise"),
    [
        ("allow_worse: 5%", around(0.6), BASE, Comparing.WORSE, -0.4, -0.4, 0.05, 0.16329932),
        ("allow_worse: 0.05", around(0.9), BASE, Comparing.WITHIN_NOISE, -0.1, -0.1, 0.05, 0.16329932),
        ("allow_worse: 0.05, noise: 3 se", around(0.9), BASE, Comparing.WITHIN_NOISE, -0.1, -0.1, 0.05, 0.24494897),
        ("allow_worse: 0.5", around(0.9), BASE, Comparing.WITHIN_ALLOWANCE, -0.1, -0.1, 0.5, 0.16329932),
        ("allow_worse: [0.5, 1%]", around(0.9), BASE, Comparing.WITHIN_ALLOWANCE, -0.1, -0.1, 0.5, 0.16329932),
        ("allow_worse: [0.01, 50%]", around(0.9), BASE, Comparing.WITHIN_ALLOWANCE, -0.1, -0.1, 0.5, 0.16329932),
        ("allow_worse: 0", [2], [1], Comparing.NOT_WORSE, 1, 1, 0, None),
        ("allow_worse: 0", [1], [1], Comparing.NOT_WORSE, 0, 0, 0, None),
        ("allow_worse: 10%", [-3], [-2], Comparing.WORSE, -1, -0.5, 0.2, None),
        ("allow_worse: 0.1", [-1.0], [0.0], Comparing.WORSE, -1, None, 0.1, None),
        ("require_better: 0.1", [1.2], [1], Comparing.BETTER, 0.2, 0.2, 0.1, None),
        ("require_better: 0.5", [1.2], [1], Comparing.NOT_BETTER, 0.2, 0.2, 0.5, None),
        ("require_better: 0.1", around(1.12), BASE, Comparing.BETTER_WITHIN_NOISE, 0.12, 0.12, 0.1, 0.16329932),
        ("allow_worse: 1, over_runs: median", [0.9, 0.9, 1.2], BASE, Comparing.WITHIN_ALLOWANCE, -0.1, -0.1, 1, None),
        ("allow_worse: 0.05, over_runs: best", around(1.0), BASE, Comparing.NOT_WORSE, 0, 0, 0.05, 0.16329932),
    ],
)  # fmt: skip
def test_a_comparison_holds_every_number(  # noqa: PLR0917 - a row of the table
    comparison: str,
    new: list[Any],
    base: list[Any],
    found: Comparing,
    delta: float,
    relative: float | None,
    allowed: float,
    noise: float | None,
) -> None:
    result = result_of(compare(comparison, new, base))

    assert result.found is found
    assert result.delta == pytest.approx(delta)
    assert result.worse == pytest.approx(-delta)
    assert result.relative == (None if relative is None else pytest.approx(relative))
    assert result.allowed == pytest.approx(allowed)
    if noise is not None:
        assert result.noise == pytest.approx(noise)
    assert (result.noise is None) == (len(new) == 1)
    assert result.counts == (len(new), len(base))
    assert result.pairs == 0


def test_with_lower_is_better_worse_is_the_delta() -> None:
    result = result_of(compare("allow_worse: 0.05", [1.2], [1], better="lower"))

    assert (result.higher_is_better, result.found) == (False, Comparing.WORSE)
    assert [result.delta, result.worse] == pytest.approx([0.2, 0.2])


def test_a_comparison_holds_both_sides() -> None:
    result = result_of(compare("allow_worse: 5%", [0.9, 1.1], [2.0]))

    assert result.new
    assert result.base
    assert [result.new.centre, result.new.spread] == pytest.approx([1.0, 0.1 * 2**0.5])
    assert (result.base.centre, result.base.spread) == (2.0, None)
    assert [(each.run.name, each.value) for each in result.new.runs] == [("new-1", 0.9), ("new-2", 1.1)]
    assert [(each.run.name, each.value) for each in result.base.runs] == [("old-51", 2.0)]


def test_a_comparison_holds_what_the_file_says() -> None:
    allowed = result_of(compare("allow_worse: [0.05, 1%], noise: 3 se", around(0.9), BASE))
    required = result_of(compare("require_better: 2%, over_runs: median", around(0.9), BASE, better="lower"))

    assert (allowed.field, allowed.unit, allowed.to, allowed.factor) == ("metrics.acc", "", "main", 3)
    assert (allowed.pair_by, allowed.unpaired, allowed.nearest) == ("", (), "")
    assert allowed.written == (Difference(0.05, is_share=False), Difference(0.01, is_share=True))
    assert (allowed.required, allowed.higher_is_better, allowed.over_runs) == (False, True, "mean")
    assert (required.required, required.higher_is_better, required.over_runs) == (True, False, "median")
    assert required.written == (Difference(0.02, is_share=True),)


def test_a_comparison_of_times_is_in_seconds() -> None:
    new = make_run(1, labels=("new",), created_at=NOW - timedelta(hours=3))
    result = result_of(judge_field("duration", "allow_worse: 10%", new, make_run(2, labels=("old",)), better="lower"))

    assert (result.unit, result.delta, result.relative, result.allowed) == ("s", 3600, 1, 360)


def test_the_age_of_runs_can_be_compared() -> None:
    runs = make_run(1, labels=("new",)), make_run(2, labels=("old",))
    result = result_of(judge_field("age", "allow_worse: 1%", *runs, better="lower"))

    assert (result.found, result.delta) == (Comparing.NOT_WORSE, -3600)


def judge_field(field: str, comparison: str, *runs: Run, better: str = "higher") -> GateResult:
    text = f"""\
baselines: {{main: {{runs: {{labels: old}}}}}}
gates:
  - name: One
    runs: {{labels: new}}
    compare: {{{field}: {{to: main, better: {better}, {comparison}}}}}
"""
    return judge_text(text, *runs).gates[0]


@pytest.mark.parametrize(
    ("comparison", "new", "base", "found", "culprit"),
    [
        ("allow_worse: 1%", [0.0], [0.0], Comparing.ZERO_BASELINE, None),
        ("allow_worse: 1", [None], [0.0], Comparing.VALUE_MISSING, "new-1"),
        ("allow_worse: 1", [1.0, "NaN"], [1], Comparing.VALUE_NOT_FINITE, "new-2"),
        ("allow_worse: 1", ["high"], [1], Comparing.VALUE_NO_NUMBER, "new-1"),
        ("allow_worse: 1", [1.0], [1, "high"], Comparing.VALUE_NO_NUMBER, "old-52"),
        ("allow_worse: 1", [1], [], Comparing.NO_BASELINE, None),
        ("allow_worse: 1, over_runs: best", [1, 1], [1], Comparing.UNEQUAL_COUNTS, None),
        ("allow_worse: 1", [1.7e308], [-1.7e308], Comparing.TOO_LARGE, None),
        ("allow_worse: 1, pair_by: config.nope", [1], [1], Comparing.CANNOT_PAIR, "old-51"),
    ],
)
def test_what_was_not_compared_says_why_and_which_run(
    comparison: str, new: list[Any], base: list[Any], found: Comparing, culprit: str | None
) -> None:
    result = result_of(compare(comparison, new, base))

    assert (result.found, result.culprit and result.culprit.name) == (found, culprit)
    assert result.status is result.costs is compare(comparison, new, base).status
    assert (result.new, result.base, result.delta, result.allowed) == (None, None, None, None)
    assert result.in_baseline is (culprit == "old-52")
    field = "config.nope" if found is Comparing.CANNOT_PAIR else "metrics.acc"
    assert result.culprit_field == (field if culprit else "")


def test_a_comparison_that_was_not_made_holds_what_there_is() -> None:
    assert result_of(compare("allow_worse: 1, over_runs: best", [1, 1], [1])).counts == (2, 1)
    empty = result_of(compare("allow_worse: 1", [1], []))
    assert empty.runs_considered == 1
    assert empty.funnel == (FunnelStep("labels old", 0), FunnelStep("", 0, "not_tested"))
    near = make_run(1, labels=("new",), metrics={"accc": {"last": 1}})
    assert result_of(judge("allow_worse: 1", near, *new_and_base([], [1]))).nearest == "metrics.accc"
    two = make_run(1, labels=("new",), metrics={"acc": {"last": 1, "max": 2}, "acc.max": {"last": 3}})
    ambiguous = judge_field("metrics.acc.max", "allow_worse: 1", two, *new_and_base([], [1]))
    assert ambiguous.status is Status.ERROR
    assert result_of(ambiguous).spellings == ('metrics["acc.max"]', 'metrics["acc"].max')
    unknown = judge("allow_worse: 1", make_run(1, labels=("new",), metrics=None), *new_and_base([], [1]))
    assert (unknown.status, result_of(unknown).found) == (Status.ERROR, Comparing.VALUE_NOT_FETCHED)


def test_a_baseline_in_doubt_is_an_error_that_names_the_run() -> None:
    text = """\
baselines: {main: {runs: {metadata.a.b: 1}}}
gates:
  - name: One
    runs: {labels: new}
    compare: {metrics.acc: {to: main, better: higher, allow_worse: 1}}
"""
    double = make_run(2, metadata={"a": {"b": 1}, "a.b": 1}, metrics={"acc": {"last": 1}})

    (found,) = judge_text(text, *new_and_base([1.0], []), double).gates

    result = result_of(found)
    assert (found.status, found.checks[0].outcome, result.found) == (
        *(Status.ERROR, Outcome.ERROR),
        Comparing.AMBIGUOUS_BASELINE,
    )
    assert result.culprit
    assert (result.culprit.name, result.culprit_field) == ("seed-2", "metadata.a.b")
    assert result.spellings == ('metadata["a"]["b"]', 'metadata["a.b"]')


@pytest.mark.parametrize(
    ("on_missing", "outcome"), [("error", Outcome.ERROR), ("skip", Outcome.OK), ("warn", Outcome.MISSING)]
)
def test_an_empty_baseline_is_a_check_that_was_not_made(on_missing: str, outcome: Outcome) -> None:
    (check,) = compare(f"allow_worse: 1, on_missing: {on_missing}", [1.0], []).checks

    assert (check.outcome, actual(check)) == (outcome, Message("value.not-compared"))


@pytest.mark.parametrize(
    ("comparison", "new", "base", "advice"),
    [
        ("allow_worse: 0.05", around(0.9), BASE, "advice.more-seeds"),
        ("allow_worse: 0.05", [0.5], [1], "advice.allow-worse"),
        ("require_better: 0.05", [0.5], [1], "advice.require-less"),
        ("allow_worse: 0.05", [1], [], "advice.train-baseline"),
        ("allow_worse: 0.05, on_missing: skip", [1], [], "advice.train-baseline-only"),
        ("allow_worse: 1%", [0.0], [0.0], "advice.absolute-allowance"),
        ("allow_worse: 1", [None], [0.0], "advice.log-and-rerun"),
        ("allow_worse: 1", ["high"], [0.0], "advice.log-and-rerun"),
        ("allow_worse: 1", [1], ["high"], "advice.repair-baseline"),
        ("allow_worse: 1, over_runs: best", [1, 1], [1], "advice.equal-counts"),
        ("allow_worse: 1, pair_by: config.seed", [1, 1], [1], "advice.train-partners"),
        ("allow_worse: 1, pair_by: config.nope", [1], [1], "advice.log-group"),
    ],
)
def test_a_comparison_says_what_to_do_next(comparison: str, new: list[Any], base: list[Any], advice: str) -> None:
    found = gate_advice(compare(comparison, new, base))

    assert found
    assert found.id == advice


def test_a_baseline_that_is_called_within_noise_changes_no_advice() -> None:
    text = """\
baselines: {within noise: {runs: {labels: old}}}
gates:
  - {name: One, runs: {labels: new}, compare: {metrics.acc: {to: within noise, better: higher, allow_worse: 0.05}}}
"""

    (found,) = judge_text(text, *new_and_base([0.5], [1.0])).gates

    advice = gate_advice(found)
    assert advice
    assert (found.status, advice.id) == (Status.FAIL, "advice.allow-worse")


def test_the_difference_has_the_unit_of_what_is_allowed() -> None:
    share = comparison_message(result_of(compare("allow_worse: 1%", [0.9], [1.0]))).params["change"]
    amount = comparison_message(result_of(compare("allow_worse: 0.05", [0.9], [1.0]))).params["change"]

    assert isinstance(share, Message)
    assert isinstance(amount, Message)
    assert [share.params["amount"], amount.params["amount"], amount.params["share"]] == pytest.approx([0.1] * 3)
    assert share.params["share"] is None
    assert str(share) == "10% worse than main"
    assert str(amount) == "0.1 (10%) worse than main"


def test_a_comparison_is_one_check_of_all_runs() -> None:
    (check,) = compare("allow_worse: [0.05, 1%]", around(0.9), BASE).checks

    assert (check.kind, check.run, check.field) == (CheckKind.COMPARISON, None, "metrics.acc")
    assert (check.file, check.line) == ("gates.yml", 6)
    assert check.outcome is Outcome.VIOLATED
    assert check.comparison
    assert check.comparison.within_noise


def test_a_warning_within_noise_is_no_pass_beside_what_holds() -> None:
    text = """\
baselines: {main: {runs: {labels: old}}}
gates:
  - name: One
    runs: {labels: new}
    expect: {state: FINISHED}
    compare: {metrics.acc: {to: main, better: higher, allow_worse: 0.05}}
"""

    assert judge_text(text, *new_and_base(around(0.9), BASE)).gates[0].status is Status.WARN


# Pairs


def test_pairs_take_the_spread_that_the_seeds_share_out() -> None:
    base = [0.5, 1.0, 1.5]
    new = [0.4, 0.91, 1.41]

    assert compare("allow_worse: 0.05", new, base).status is Status.WARN
    assert compare("allow_worse: 0.05, pair_by: config.seed", new, base).status is Status.FAIL


def test_a_pair_takes_the_newest_run_of_the_baseline() -> None:
    new, *base = new_and_base([1.0], [1.0])
    older = [make_run(80, labels=("old",), config={"seed": 1}, metrics={"acc": {"last": 9.0}})]

    assert judge("allow_worse: 0.05, pair_by: config.seed", new, *base, *older).status is Status.PASS


def test_a_run_without_a_partner_is_an_error() -> None:
    result = compare("allow_worse: 0.05, pair_by: config.seed", [1.0] * 5, [1.0])

    assert result.status is Status.ERROR
    found = result_of(result)
    assert (found.found, found.culprit_field) == (Comparing.NO_PARTNER, "config.seed")
    assert [run.name for run in found.without_partner] == ["new-2", "new-3", "new-4", "new-5"]
    shown = comparison_message(found).params["runs"]
    assert shown == (*map(Name, ("new-2", "new-3", "new-4")), Message("list.more", count=1))


def test_up_to_three_runs_without_a_partner_are_named() -> None:
    found = result_of(compare("allow_worse: 0.05, pair_by: config.seed", [1.0] * 4, [1.0]))

    assert comparison_message(found).params["runs"] == tuple(map(Name, ("new-2", "new-3", "new-4")))


def test_a_run_without_the_pairing_field_is_an_error() -> None:
    new, base = make_run(1, labels=("new",), metrics={"acc": {"last": 1}}), new_and_base([], [1.0])[0]

    result = judge("allow_worse: 0.05, pair_by: config.seed", new, base)

    assert result.status is Status.ERROR
    found = result_of(result)
    assert found.culprit
    assert (found.found, found.culprit.name, found.culprit_field) == (Comparing.CANNOT_PAIR, "seed-1", "config.seed")


@pytest.mark.parametrize("value", [{"a": 1}, [1]])
def test_a_map_or_a_list_pairs_no_runs(value: Any) -> None:
    new = make_run(1, labels=("new",), metrics={"acc": {"last": 1.0}}, config={"seed": value})
    base = make_run(2, labels=("old",), metrics={"acc": {"last": 1.0}}, config={"seed": value})

    result = judge("allow_worse: 0.05, pair_by: config.seed", new, base)

    assert result.status is Status.ERROR
    assert result_of(result).found is Comparing.CANNOT_PAIR


def test_pairs_are_counted_as_pairs_and_have_the_noise_of_their_differences() -> None:
    result = result_of(compare("allow_worse: 1, pair_by: config.seed", [0.4, 1.0], [0.5, 1.0]))

    assert (result.pairs, result.pair_by) == (2, "config.seed")
    assert [result.noise, result.worse] == pytest.approx([0.1, 0.05])


@pytest.mark.parametrize(
    ("new", "base"),
    [
        ([1.5e308, 1.5e308], [1.4e308, 0.3e308]),  # the middle of the new runs
        ([1.4e308, 0.3e308], [1.5e308, 1.5e308]),  # that of the baseline
        ([0.6e308, -0.6e308], [-0.6e308, 0.6e308]),  # their noise
    ],
)
def test_pairs_beyond_a_float_are_an_error(new: list[float], base: list[float]) -> None:
    found = compare("allow_worse: 1, over_runs: median, pair_by: config.seed", new, base, better="lower")

    assert (found.status, result_of(found).found) == (Status.ERROR, Comparing.TOO_LARGE)


def test_two_pairs_are_enough_for_their_noise() -> None:
    assert paired_error([1.0, 3.0]) == 1.0


def test_a_tie_of_nothing_exceeds_nothing() -> None:
    assert not exceeds(0.0, 0.0, 0.0)


def test_a_group_without_a_baseline_says_where_the_baseline_went() -> None:
    text = """\
baselines: {main: {runs: {labels: old}}}
gates:
  - name: One
    runs: {labels: new}
    for_each: config.seed
    compare: {metrics.acc: {to: main, better: higher, allow_worse: 1}}
"""
    runs = [make_run(1, labels=("new",), config={"seed": "b"}), make_run(2, labels=("old",), config={"seed": "a"})]

    (found,) = judge_text(text, *runs).gates

    assert result_of(found).funnel == (FunnelStep("labels old", 1), FunnelStep("config.seed b", 0, "not_tested"))


# Together with the rest of a gate


def test_a_comparison_looks_at_the_group_only() -> None:
    text = """\
baselines: {main: {runs: {labels: old}}}
gates:
  - name: One
    runs: {labels: new}
    for_each: config.set
    compare: {metrics.acc: {to: main, better: higher, allow_worse: 0.05}}
"""

    def run(n: int, label: str, which: str, value: float) -> Run:
        return make_run(n, labels=(label,), config={"set": which}, metrics={"acc": {"last": value}})

    runs = [run(1, "new", "a", 1.0), run(2, "new", "b", 1.0), run(3, "old", "a", 1.0), run(4, "old", "b", 2.0)]

    first, second = judge_text(text, *runs).gates

    assert (first.group, first.status) == ("a", Status.PASS)
    assert (second.group, second.status) == ("b", Status.FAIL)


def test_a_skipped_comparison_leaves_the_rest_of_the_gate_to_judge() -> None:
    text = """\
baselines: {main: {runs: {labels: old}}}
gates:
  - name: One
    expect: {config.x: 1}
    compare: {metrics.acc: {to: main, better: higher, allow_worse: 0.05, on_missing: skip}}
"""

    assert judge_text(text, make_run(config={"x": 1})).gates[0].status is Status.PASS
    assert judge_text(text, make_run(config={"x": 2})).gates[0].status is Status.FAIL


def test_a_file_whose_only_comparison_was_skipped_is_no_pass() -> None:
    text = """\
baselines: {main: {runs: {labels: old}}}
gates:
  - name: One
    compare: {metrics.acc: {to: main, better: higher, allow_worse: 0.05, on_missing: skip}}
"""

    assert judge_text(text, make_run()).status is Status.ERROR


def test_a_length_of_time_can_be_compared() -> None:
    text = """\
baselines: {main: {runs: {labels: old}}}
gates:
  - name: One
    runs: {labels: new}
    compare: {duration: {to: main, better: lower, allow_worse: 10%}}
"""

    (result,) = judge_text(text, make_run(1, labels=("new",)), make_run(2, labels=("old",))).gates

    found = result_of(result)
    assert (found.found, found.delta, found.unit) == (Comparing.NOT_WORSE, 0, "s")


# The numbers behind it


@pytest.mark.parametrize(
    ("new", "base", "error"),
    [
        ([1.0, 3.0], [1.0, 3.0], 2**0.5),
        ([0.0, 2.0, 4.0], [1.0, 3.0], (4 / 3 + 2 / 2) ** 0.5),
        ([5.0], [1.0, 2.0, 3.0], (4 / 3) ** 0.5),
        ([5.0], [1.0, 2.0], None),
        ([5.0], [1.0], None),
        ([5.0, 6.0], [1.0], None),
    ],
)
def test_the_standard_error_is_that_of_the_difference(new: list[float], base: list[float], error: float | None) -> None:
    assert standard_error(new, base) == (pytest.approx(error) if error else None)


def test_the_standard_error_of_pairs_is_that_of_their_differences() -> None:
    assert paired_error([1.0, 2.0, 3.0]) == pytest.approx(1 / 3**0.5)
    assert paired_error([1.0]) is None


@pytest.mark.parametrize("centre", ["mean", "median", "best"])
@pytest.mark.parametrize(
    ("amount", "new", "base"),
    [
        ("allow_worse: 0", [1.5e308, 1.5e308, 1.5e308, 1.5e308], [1.0, -1e308, 2.0, 3.0]),
        ("allow_worse: 0", [1.7e308], [-1.7e308]),
        ("allow_worse: 300%", [1.6e308], [1e308]),
        ("require_better: 300%", [-1.6e308], [1e308]),
    ],
)
def test_what_goes_beyond_a_float_is_an_error(centre: str, amount: str, new: list[float], base: list[float]) -> None:
    result = compare(f"{amount}, over_runs: {centre}", new, base, better="lower")

    assert result.status is Status.ERROR
    assert result_of(result).found is Comparing.TOO_LARGE


def test_a_median_beyond_a_float_never_passes() -> None:
    assert compare("allow_worse: 0, over_runs: median", [1.5e308] * 2, [1.0] * 2, better="lower").status is Status.ERROR


def test_a_run_of_the_baseline_without_the_group_s_field_is_in_no_group() -> None:
    new = make_run(1, labels=("new",), metrics={"acc": {"last": 1.0}}, config={"set": "null"})
    kin = make_run(2, labels=("old",), metrics={"acc": {"last": 1.0}}, config={"set": "null"})
    lost = make_run(3, labels=("old",), metrics={"acc": {"last": 9.0}})
    text = """\
baselines: {main: {runs: {labels: old}}}
gates:
  - name: One
    runs: {labels: new}
    for_each: config.set
    compare: {metrics.acc: {to: main, better: higher, allow_worse: 0}}
"""

    (result,) = judge_text(text, new, kin, lost).gates

    assert result.status is Status.PASS
    assert result_of(result).counts == (1, 1)


@pytest.mark.parametrize("fall", [0.1, 0.5, 1e6])
@pytest.mark.parametrize("count", [2, 3, 5, 10])
def test_one_collapsed_seed_hides_in_its_own_noise_and_is_found_beside_three_runs_or_by_a_floor(
    fall: float, count: int
) -> None:
    runs = new_and_base([1.0] * (count - 1) + [1.0 - fall], [1.0] * count)
    text = """\
baselines: {main: {runs: {labels: old}}}
gates:
  - {name: Compared, runs: {labels: new}, compare: {metrics.acc: {to: main, better: higher, allow_worse: 0.1%}}}
  - {name: Floor, runs: {labels: new}, expect: {metrics.acc: {min: 0.95}}}
"""

    compared, floor = judge_text(text, *runs).gates

    found = result_of(compared)
    enough = count >= 3
    assert (found.within_noise, found.status) == (True, Status.WARN)
    assert [each.run.name for each in found.outliers] == ([f"new-{count}"] if enough else [])
    assert (compared.status, floor.status) == (Status.FAIL if enough else Status.WARN, Status.FAIL)


@pytest.mark.parametrize(
    ("new", "outcome"), [(None, Outcome.MISSING), ("NaN", Outcome.VIOLATED), ("high", Outcome.ERROR)]
)
def test_a_missing_number_is_missing_and_not_violated(new: Any, outcome: Outcome) -> None:
    (check,) = compare("allow_worse: 1", [new], [1.0]).checks

    assert check.outcome is outcome


@pytest.mark.parametrize("value", ["NaN", "high"])
def test_a_number_that_is_there_has_no_nearest_key(value: str) -> None:
    near = {"acc": {"last": value}, "accc": {"last": 1}}
    new = make_run(1, labels=("new",), metrics=near)

    assert result_of(judge("allow_worse: 1", new, *new_and_base([], [1]))).nearest == ""


def test_a_missing_pairing_field_comes_with_the_nearest_key_and_a_list_with_none() -> None:
    new, *base = new_and_base([1.0], [1.0])
    missing = judge("allow_worse: 1, pair_by: config.sed", new, *base)
    listed = judge(
        "allow_worse: 1, pair_by: config.x",
        *new_and_base([1.0], []),
        make_run(2, labels=("old",), metrics={"acc": {"last": 1}}, config={"x": [1], "xx": 1}),
    )

    assert (result_of(missing).nearest, result_of(listed).nearest) == ("config.seed", "")


def test_two_runs_with_one_partner_name_the_field() -> None:
    runs = [make_run(n, labels=("new",), config={"seed": 1}, metrics={"acc": {"last": 1}}) for n in (1, 2)]

    found = result_of(judge("allow_worse: 1, pair_by: config.seed", *runs, *new_and_base([], [1.0])))

    assert (found.found, found.culprit_field) == (Comparing.SAME_PARTNER, "config.seed")
    assert {run.id for run in found.without_partner} == {"run-1", "run-2"}


def test_with_lower_is_better_the_outlier_limit_is_above_the_mean() -> None:
    above = result_of(compare("allow_worse: 0.5", [1.0], BASE, better="lower")).outlier_limit
    below = result_of(compare("allow_worse: 0.5", [1.0], BASE)).outlier_limit
    required = result_of(compare("require_better: 5", [1.0], BASE)).outlier_limit

    assert above
    assert below is not None
    assert required is not None
    assert above - 1 == pytest.approx(1 - below)
    assert required > -3  # what is required is no allowance


def test_a_baseline_whose_spread_is_beyond_a_float_is_too_large() -> None:
    result = compare("allow_worse: 1, over_runs: median", [1.0], [1.0, 1.0, 1.7e308])

    assert (result.status, result_of(result).found) == (Status.ERROR, Comparing.TOO_LARGE)


@pytest.mark.parametrize(("new", "base"), [(True, True), (True, False), (False, True)])
def test_an_ambiguous_field_shows_no_same_conditions(new: bool, base: bool) -> None:  # noqa: FBT001
    def made(number: int, label: str, *, unclear: bool) -> Run:
        config = {"opt.lr": number} | ({"opt": {"lr": number}} if unclear else {})
        return make_run(number, labels=(label,), config=config, metrics={"acc": {"last": 0.5}})

    text = """
project: me/net
baselines: {main: {runs: {labels: main}}}
gates:
  - name: One
    runs: {labels: new}
    compare: {metrics.acc: {to: main, better: higher, allow_worse: 1%, same: config.opt.lr}}
"""
    (result,) = judge_text(text, made(1, "new", unclear=new), made(2, "main", unclear=base)).gates
    (check,) = result.checks

    assert result.status is Status.ERROR
    assert check.comparison
    assert check.comparison.found is Comparing.VALUE_AMBIGUOUS
    assert (check.comparison.culprit_field, check.comparison.in_baseline) == ("config.opt.lr", not new)


def test_a_single_run_that_beats_what_is_left_of_two_is_better() -> None:
    """Two runs would not show the noise of a single one either, so the broken run takes nothing away."""
    result = judge("require_better: 0", *new_and_base([0.9], [0.8, "NaN"]))

    assert result_of(result).found is Comparing.BETTER


def test_a_limit_of_outliers_beyond_a_float_is_too_large() -> None:
    result = judge("allow_worse: 1", *new_and_base([1e307, 1e307], [9e307, 0, -9e307, 0]))

    assert result_of(result).found is Comparing.TOO_LARGE


@pytest.mark.parametrize("field", ["config.x", "metadata.x", "metrics.x"])
@pytest.mark.parametrize("value", [10**400, "1e999", "-1e999", "NaN"])
def test_a_baseline_beyond_a_float_is_no_fault_of_the_runs(field: str, value: Any) -> None:
    def made(number: int, label: str, x: Any) -> Run:
        return make_run(number, labels=(label,), config={"x": x}, metadata={"x": x}, metrics={"x": {"last": x}})

    result = judge_field(field, "allow_worse: 1", made(1, "new", 1), made(2, "old", value))

    assert result.status is Status.ERROR


CHAIN = """\
baselines:
  main: {first_of: [{runs: {labels: new-main, requirements.torch: 2}, latest_by: config.seed}, {labels: old}]}
gates:
  - name: One
    runs: {labels: new}
    compare: {metrics.acc: {to: main, better: higher, allow_worse: 1, on_missing: skip}}
"""


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"requirements": None, "config": {"seed": 1}}, Comparing.AMBIGUOUS_BASELINE),
        ({"requirements": {"torch": "2"}, "config": {}}, Comparing.BASELINE_UNPLACED),
    ],
)
def test_a_choice_in_doubt_is_not_passed_over(fields: dict[str, Any], found: Comparing) -> None:
    newer = make_run(2, labels=("new-main",), metrics={"acc": {"last": 9}}, **fields)

    (result,) = judge_text(CHAIN, *new_and_base([1.0], [1.0]), newer).gates

    assert (result.status, result_of(result).found) == (Status.ERROR, found)


def test_a_run_of_an_unknown_group_is_in_doubt_however_many_newer_ones_there_are() -> None:
    text = """\
baselines: {main: {runs: {labels: old}, newest: 1}}
gates:
  - name: One
    runs: {labels: new}
    for_each: requirements.torch
    compare: {metrics.acc: {to: main, better: higher, allow_worse: 1, on_missing: skip}}
"""
    new, other = (
        make_run(n, labels=(label,), requirements={"torch": version}, metrics={"acc": {"last": 1}})
        for n, label, version in ((1, "new", "2"), (2, "old", "1"))
    )
    unknown = make_run(3, labels=("old",), requirements=None, metrics={"acc": {"last": 9}})

    (result,) = judge_text(text, new, other, unknown).gates

    assert (result.status, result_of(result).found) == (Status.ERROR, Comparing.AMBIGUOUS_BASELINE)
