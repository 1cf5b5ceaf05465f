"""What a comparison says: how much better or worse, what is allowed, and how far the runs scatter."""

from collections.abc import Sequence

from swanlab_ci.gate.spec.wildcards import is_star
from swanlab_ci.judgement import Comparing, ComparisonResult, Difference, Side
from swanlab_ci.messages import Key, Message, Name, Param, Quantity, Seconds
from swanlab_ci.model import RunRef, Status
from swanlab_ci.report.wording.curve import described
from swanlab_ci.report.wording.expectation import quantity, value
from swanlab_ci.report.wording.funnel import funnel_of

_PARTNERS_SHOWN = 3
_FEWEST_FOR_OUTLIERS = 3
_PERCENT = 100


def baseline_of(result: ComparisonResult) -> Name:
    """Name the baseline, and its project where that is not the check's own."""
    return Name(f"{result.to} ({result.project})" if result.project else result.to)


def comparison_message(result: ComparisonResult) -> Message:
    """Say what the comparison found."""
    if result.new is None or result.base is None or result.allowed is None:
        return _not_compared(result)
    means = _means(result, result.new, result.base)
    if result.outliers and result.costs is not result.status:
        return Message("comparison.outlier-first", outliers=_outliers(result, result.base), means=means)
    if result.unpaired and result.costs is not result.status:
        return Message("comparison.unpaired-first", unpaired=_unpaired(result), means=means)
    return means


def _outliers(result: ComparisonResult, base: Side) -> Message:
    """Name the runs that the baseline's spread does not explain, beside the others and the baseline."""
    others = sorted(
        float(each.value) for each in (result.new.runs if result.new else ()) if each not in result.outliers
    )
    spread = amount(base.spread, result.unit) if base.spread is not None else None
    return Message(
        "comparison.outliers",
        runs=tuple(
            Message("comparison.outlier", run=Name(each.run.name), value=quantity(each.value, result.unit))
            for each in result.outliers
        ),
        limit=quantity(result.outlier_limit or 0.0, result.unit),
        other=quantity(others[0], result.unit) if len(others) == 1 else None,
        lowest=quantity(others[0], result.unit) if len(others) > 1 else None,
        highest=quantity(others[-1], result.unit) if len(others) > 1 else None,
        to=baseline_of(result),
        base=quantity(base.centre, result.unit),
        spread=spread,
    )


def comparison_finding(result: ComparisonResult) -> Message:
    """Say what the numbers beside it cannot: why nothing was compared, or which runs are outliers."""
    if result.found is Comparing.NO_BASELINE and not result.left_out:
        least = result.min_runs if result.min_runs > 1 else None
        return Message("lead.empty-baseline", to=baseline_of(result), least=least)
    if result.outliers and result.costs is not result.status and not result.unpaired:
        runs = tuple(
            Message("comparison.outlier", run=Name(each.run.name), value=quantity(each.value, result.unit))
            for each in result.outliers[:_PARTNERS_SHOWN]
        )
        more = len(result.outliers) - len(runs)
        limit = quantity(result.outlier_limit or 0.0, result.unit)
        shown = (*runs, Message("list.more", count=more)) if more else runs
        return Message("lead.outliers", runs=shown, to=baseline_of(result), limit=limit)
    return comparison_message(result)


def _unpaired(result: ComparisonResult) -> Message:
    names = _shortened(result.unpaired)
    return Message("comparison.unpaired", runs=names, to=baseline_of(result), field=Name(result.pair_by))


def _means(result: ComparisonResult, new: Side, base: Side) -> Message:
    counts = _counts(result)
    return Message(
        "comparison.result",
        over=None if result.counts == (1, 1) else _over(result.over_runs),
        field=described(result.field, result.curve),
        change=_change(result),
        bound=bound(result),
        new=quantity(new.centre, result.unit, base.centre),
        base=quantity(base.centre, result.unit, new.centre),
        noise=amount(result.noise, result.unit) if result.noise is not None else None,
        no_noise=Message("comparison.no-noise") if result.noise is None else None,
        within=Message("comparison.within-noise") if result.within_noise else None,
        runs=counts,
    )


def new_value(result: ComparisonResult) -> Param:
    """Return the value of the selected runs."""
    if result.new is None:
        return None
    return quantity(result.new.centre, result.unit, *([result.base.centre] if result.base else []))


def comparison_required(result: ComparisonResult) -> Message:
    """Say what the comparison requires, such as `at most 1% worse than main`."""
    largest, to = _largest(tuple(difference_written(each, result.unit) for each in result.written)), baseline_of(result)
    if result.required:
        return Message("comparison.at-least-better", amount=largest, to=to)
    return Message("comparison.at-most-worse", amount=largest, to=to)


def bound(result: ComparisonResult) -> Message:
    """Say what the gate file allows or requires, such as `allowed: 1%`."""
    written = tuple(difference_written(each, result.unit) for each in result.written)
    if result.required:
        return Message("comparison.required", amount=_largest(written))
    return Message("comparison.allowed", amount=_largest(written))


def _largest(written: tuple[Param, ...]) -> Param:
    return written[0] if len(written) == 1 else Message("comparison.larger-of", amounts=written)


def difference_written(difference: Difference, unit: str) -> Param:
    """Return an allowance as the gate file has it."""
    if difference.is_share:
        return Quantity(difference.amount, f"{difference.amount * _PERCENT:.6g}%")
    return quantity(difference.amount, unit)


def amount(number: float, unit: str) -> Quantity | Seconds:
    """Return an amount with three significant digits."""
    return quantity(number, unit) if unit else Quantity(number, f"{number:.3g}")


def _change(result: ComparisonResult) -> Message:
    """Say by how much the runs are better or worse."""
    worse, to = result.worse or 0.0, baseline_of(result)
    if not worse:
        return Message("change.same", to=to)
    size, share = _size(result, abs(worse))
    if worse > 0:
        return Message("change.worse", amount=size, share=share, to=to)
    return Message("change.better", amount=size, share=share, to=to)


def _size(result: ComparisonResult, difference: float) -> tuple[Quantity | Seconds, Quantity | None]:
    """Return the difference in the unit of what the gate file allows; an amount with its share of the baseline."""
    base = result.base.centre if result.base else 0.0
    share = Quantity(difference / abs(base), f"{difference / abs(base) * _PERCENT:.3g}%") if base else None
    if share is not None and all(each.is_share for each in result.written):
        return share, None
    return amount(difference, result.unit), share


def _counts(result: ComparisonResult) -> Message:
    if result.pairs:
        return Message("comparison.pairs", count=result.pairs)
    new, base = result.counts
    return Message("comparison.runs", new=new, base=base)


def _over(name: str) -> Message:
    match name:
        case "median":
            return Message("over.median")
        case "best":
            return Message("over.best")
        case _:
            return Message("over.mean")


def _no_baseline(result: ComparisonResult, to: Name) -> Message:
    steps = funnel_of(result.runs_considered, result.funnel)
    found = result.funnel[-1].runs if result.funnel else result.runs_considered
    if found:
        return Message("comparison.small-baseline", to=to, found=found, least=result.min_runs, funnel=steps)
    return Message("comparison.no-baseline", to=to, funnel=steps)


def _not_compared(result: ComparisonResult) -> Message:
    """Say why nothing was compared."""
    own = result.culprit_field in {"", result.field}
    field, to = described(result.culprit_field or result.field, result.curve if own else None), baseline_of(result)
    match result.found:
        case Comparing.NO_BASELINE if result.left_out:
            broken = _shortened(result.left_out)
            return Message("comparison.baseline-left-out", to=to, runs=broken, field=field, least=result.min_runs)
        case Comparing.NO_BASELINE:
            return _no_baseline(result, to)
        case Comparing.UNEQUAL_COUNTS:
            return Message("comparison.unequal-counts", new=result.counts[0], base=result.counts[1])
        case Comparing.NO_PARTNER:
            missing, left_out = _shortened(result.without_partner), _shortened(result.left_out) or None
            return Message("comparison.no-partner", to=to, field=field, runs=missing, broken=left_out)
        case Comparing.SAME_PARTNER:
            return Message("comparison.same-partner", field=field, runs=_shortened(result.without_partner))
        case Comparing.ZERO_BASELINE:
            return Message("comparison.zero-baseline", field=field, to=to)
        case Comparing.DIFFERENT_CONDITIONS:
            ours = tuple(value(each) for each in result.new_values[:_PARTNERS_SHOWN])
            theirs = tuple(value(each) for each in result.base_values[:_PARTNERS_SHOWN])
            return Message("comparison.different-conditions", field=field, to=to, new=ours, base=theirs)
        case Comparing.TOO_LARGE:
            return Message("comparison.too-large", field=field)
        case _:
            return _unreadable(result, field, to)


def _unreadable(result: ComparisonResult, field: Param, to: Name) -> Message:
    """Say which run has no number to compare."""
    run = Name(result.culprit.name) if result.culprit else None
    baseline = to if result.in_baseline else None
    match result.found:
        case Comparing.AMBIGUOUS_BASELINE | Comparing.BASELINE_UNPLACED | Comparing.BASELINE_AWAITED:
            return _unknown_baseline(result, field, to, run)
        case Comparing.CANNOT_PAIR:
            return Message("comparison.cannot-pair", field=field, run=run)
        case Comparing.VALUE_NOT_FINITE:
            return Message("comparison.value-not-finite", field=field, run=run, baseline=baseline)
        case Comparing.VALUE_PENDING:
            return Message("comparison.value-pending", field=field, run=run, baseline=baseline)
        case Comparing.VALUE_NO_NUMBER:
            return Message("comparison.value-no-number", field=field, run=run, baseline=baseline)
        case Comparing.VALUE_AMBIGUOUS:
            keys = tuple(map(Key, result.spellings))
            return Message("comparison.value-ambiguous", field=field, run=run, baseline=baseline, spellings=keys)
        case Comparing.VALUE_NOT_FETCHED:
            return Message("comparison.value-not-fetched", field=field, run=run, baseline=baseline)
        case _:
            nearest = Name(result.nearest) if result.nearest else None
            return Message("comparison.value-missing", field=field, run=run, baseline=baseline, nearest=nearest)


def _unknown_baseline(result: ComparisonResult, field: Param, to: Name, run: Name | None) -> Message:
    """Say which run leaves it open what the baseline is."""
    match result.found:
        case Comparing.BASELINE_UNPLACED:
            return Message("comparison.baseline-unplaced", to=to, run=run)
        case Comparing.BASELINE_AWAITED:
            return Message("comparison.baseline-awaited", to=to, run=run)
        case _ if result.spellings:
            keys = tuple(map(Key, result.spellings))
            return Message("comparison.ambiguous-baseline", to=to, field=field, run=run, spellings=keys)
        case _:
            return Message("comparison.unknown-baseline", to=to, field=field, run=run)


def left_out_note(result: ComparisonResult) -> Message:
    """Name the broken runs of the baseline, and say how many are left to compare single runs with, where it is few."""
    left = result.counts[1]
    few = left if result.outlier_limit is not None and left < _FEWEST_FOR_OUTLIERS else None
    names = tuple(Name(run.name) for run in result.left_out)
    return Message("note.left-out", runs=names, to=baseline_of(result), left=few)


def _shortened(runs: Sequence[RunRef]) -> tuple[Param, ...]:
    names: tuple[Param, ...] = tuple(Name(run.name) for run in runs[:_PARTNERS_SHOWN])
    if len(runs) > _PARTNERS_SHOWN:
        names = (*names, Message("list.more", count=len(runs) - _PARTNERS_SHOWN))
    return names


def comparison_advice(result: ComparisonResult, place: Name) -> Message | None:
    """Say what to do about a comparison that did not pass."""
    if result.costs is not result.status and result.outliers:
        return Message("advice.outlier", runs=_shortened([each.run for each in result.outliers]), place=place)
    if result.costs is not result.status and result.unpaired:
        return Message("advice.train-pairs", field=Name(result.pair_by), place=place)
    field = Name(result.culprit_field or result.field)
    match result.found:
        case Comparing.NOT_WORSE | Comparing.WITHIN_ALLOWANCE | Comparing.BETTER:
            return None
        case Comparing.WITHIN_NOISE | Comparing.BETTER_WITHIN_NOISE:
            return Message("advice.more-seeds", runs=_counts(result))
        case Comparing.WORSE:
            return Message("advice.allow-worse", field=field, place=place)
        case Comparing.NOT_BETTER:
            return Message("advice.require-less", field=field, place=place)
        case _:
            return _advice_on_not_compared(result, field, baseline_of(result), place)


def _advice_on_not_compared(result: ComparisonResult, field: Name, to: Name, place: Name) -> Message:
    match result.found:
        case Comparing.NO_BASELINE:
            written = result.status in {Status.WARN, Status.SKIPPED}
            return baseline_advice(to, None) if written else Message("advice.train-baseline", to=to)
        case Comparing.NO_PARTNER:
            return Message("advice.train-partners", to=to, place=place)
        case Comparing.SAME_PARTNER:
            return Message("advice.one-run-a-pair", field=field, place=place)
        case Comparing.UNEQUAL_COUNTS:
            return Message("advice.equal-counts", place=place)
        case Comparing.ZERO_BASELINE:
            return Message("advice.absolute-allowance", place=place)
        case Comparing.DIFFERENT_CONDITIONS:
            return Message("advice.same-conditions", field=field, place=place)
        case _:
            return _advice_on_unreadable(result, field, to, place)


def baseline_advice(to: Name, run: Name | None) -> Message:
    """Say what to do about a baseline without runs, or one of which `run` cannot be used."""
    return Message("advice.repair-baseline", to=to, run=run) if run else Message("advice.train-baseline-only", to=to)


def _advice_on_unreadable(result: ComparisonResult, field: Name, to: Name, place: Name) -> Message:
    run = Name(result.culprit.name) if result.culprit else None
    if result.curve and result.found is Comparing.VALUE_MISSING:
        field = Name(f"metrics.{result.curve.of}")
    match result.found:
        case Comparing.VALUE_PENDING | Comparing.BASELINE_AWAITED:
            return Message("advice.wait", run=run)
        case Comparing.CANNOT_PAIR:
            return _advice_on_absent(result, field, place, run)
        case Comparing.VALUE_MISSING if is_star(field) or not result.in_baseline:
            return _advice_on_absent(result, field, place, run)
        case Comparing.BASELINE_UNPLACED:
            return baseline_advice(to, run)
        case Comparing.AMBIGUOUS_BASELINE | Comparing.VALUE_NOT_FETCHED if not result.spellings:
            return Message("advice.fetch", field=field)
        case Comparing.VALUE_AMBIGUOUS | Comparing.AMBIGUOUS_BASELINE:
            return Message("advice.quote-key", place=place)
        case Comparing.VALUE_MISSING | Comparing.VALUE_NOT_FINITE | Comparing.VALUE_NO_NUMBER if result.in_baseline:
            return baseline_advice(to, run)
        case Comparing.VALUE_MISSING | Comparing.VALUE_NOT_FINITE | Comparing.VALUE_NO_NUMBER:
            return Message("advice.log-and-rerun", field=field, run=run)
        case _:
            return Message("advice.fix-gate", place=place)


def _advice_on_absent(result: ComparisonResult, field: Name, place: Name, run: Name | None) -> Message:
    if result.nearest and not (result.in_baseline or is_star(field)):
        return _advice_on_misspelled(result, field, place, run)
    if result.found is Comparing.CANNOT_PAIR:
        return Message("advice.log-group", field=field)
    if is_star(field):
        return Message("advice.log-match", field=field, place=place)
    return Message("advice.log-and-rerun", field=field, run=run)


def _advice_on_misspelled(result: ComparisonResult, field: Name, place: Name, run: Name | None) -> Message:
    if result.curve and result.found is Comparing.VALUE_MISSING:
        nearest, curve = Name(result.nearest.removeprefix("metrics.")), Name(result.culprit_field)
        return Message("advice.use-nearest-metric", nearest=nearest, curve=curve, field=field, run=run)
    return Message("advice.use-nearest", nearest=Name(result.nearest), place=place, field=field, run=run)
