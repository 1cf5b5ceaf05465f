"""Suggestions as text for a terminal: one line for each value, written as a gate file takes it."""

from collections.abc import Iterator

from swanlab_ci.gate.spec.values import number_text
from swanlab_ci.history.bounds import FEWEST_RUNS, FEWEST_UNITS, Basis
from swanlab_ci.history.suggest import LARGER_BASELINE, Allowed, Setting, Suggestion, SuggestReport, Together
from swanlab_ci.messages import Key, Language, Message, Name, plain
from swanlab_ci.report.backtest.wording import changed
from swanlab_ci.report.suggestions.written import amount_of, bound_of, operator_of, percent, place_of
from swanlab_ci.report.writers import line
from swanlab_ci.security.escaping import Safe, log_line


def suggestions_text(report: SuggestReport, language: Language) -> Safe:
    """Write for each metric what its past supports, one line for each value."""
    head = Message(
        "suggest.head",
        units=report.units,
        runs=report.runs,
        project=Name(report.project),
        first=report.first,
        last=report.last,
        baseline=Name(report.baseline) if report.baseline else None,
        alarms=percent(report.alarms),
    )
    lines: list[str] = [line(head, language)]
    for each in report.suggestions:
        lines += ["", line(_metric(each), language), *_lines(each, language)]
    for setting in report.settings:
        lines += ["", line(_setting(setting), language), _range(setting, language)]
    if report.together:
        lines += ["", line(_together(report.together), language)]
    for about in report.without_history:
        lines += ["", line(Message("suggest.without-history", field=Name(about.field.text)), language)]
    if report.changed:
        note = Message("report.note", note=changed(report.changed, report.runs))
        lines += ["", line(note, language)]
    return Safe("\n".join(lines))


def _metric(each: Suggestion) -> Message:
    spread, mean = each.spread, each.sample.mean
    return Message(
        "suggest.metric",
        field=Name(each.about.field.text),
        direction=Message("suggest.higher") if each.about.higher_is_better else Message("suggest.lower"),
        runs=len(each.sample.values),
        units=len(each.sample.units),
        spread=Name(amount_of(spread.deviation, mean)) if spread else None,
        degrees=spread.degrees if spread else None,
        low=Name(amount_of(spread.interval.low, mean)) if spread else None,
        high=Name(amount_of(spread.interval.high, mean)) if spread else None,
    )


def _lines(each: Suggestion, language: Language) -> Iterator[str]:
    if each.existing:
        said = Message(
            "suggest.existing",
            place=Name(place_of(each.about)),
            missed=each.existing.missed,
            runs=each.existing.runs,
            share=percent(each.existing.missed / each.existing.runs),
            low=percent(each.existing.share.low),
            high=percent(each.existing.share.high),
        )
        yield _line(f"{each.about.operator}: {number_text(each.existing.bound)}", said, language)
    if each.floor:
        yield _line(f"{operator_of(each.about)}: {bound_of(each)}", _floor(each), language)
    else:
        yield _line("", Message("suggest.no-floor", runs=len(each.sample.values), least=FEWEST_RUNS), language)
    yield from _allowances(each, language)
    for noise in _sampling(each):
        yield _line("", noise, language)
    if each.held_out:
        one = each.held_out
        said = Message("suggest.held-out", units=one.units, stopped=one.stopped, warned=one.warned)
        yield _line("", said, language)


def _floor(each: Suggestion) -> Message:
    if each.floor and each.floor.basis is Basis.NORMAL:
        return Message("suggest.normal", alarms=percent(each.floor.alarms), new=each.sample.runs_a_unit)
    alarms = percent(each.floor.alarms) if each.floor else 0
    return Message("suggest.worst-run", runs=len(each.sample.values), alarms=alarms, new=each.sample.runs_a_unit)


def _allowances(each: Suggestion, language: Language) -> Iterator[str]:
    if each.about.comparison is None and each.about.gate:
        return
    if not each.about.is_simulated:
        yield _line("", Message("suggest.other-rule"), language)
        return
    power = each.power
    if power.suggested is None and power.allowance is None:
        yield _line("", Message("suggest.no-spread", least=FEWEST_UNITS), language)
        return
    mean = each.sample.mean
    if power.allowance:
        yield _line(f"allow_worse: {amount_of(power.allowance.amount, mean)}", _in_file(power.allowance), language)
    if power.suggested:
        yield _line(f"allow_worse: {amount_of(power.suggested.amount, mean)}", _found(power.suggested), language)
    drops = tuple(
        Message("suggest.drop", drop=Name(amount_of(one.drop, mean)), runs=one.runs)
        for one in power.seen
        if one.drop is not None
    )
    if drops:
        yield _line("", Message("suggest.seen", drops=drops), language)
    larger = power.larger_baseline
    if larger and larger.drop is not None:
        said_of_more = Message(
            "suggest.larger-baseline",
            newest=Key(f"newest: {LARGER_BASELINE}"),
            now=each.about.baseline_runs,
            runs=larger.runs,
            drop=Name(amount_of(larger.drop, mean)),
        )
        yield _line("", said_of_more, language)


def _in_file(one: Allowed) -> Message:
    fail, warn = percent(one.unchanged.fail), percent(one.unchanged.warn)
    return Message("suggest.allowance", fail=fail, warn=warn, new=one.new, base=one.base)


def _found(one: Allowed) -> Message:
    fail, warn = percent(one.unchanged.fail), percent(one.unchanged.warn)
    return Message("suggest.allowance-suggested", fail=fail, warn=warn, new=one.new, base=one.base)


def _sampling(each: Suggestion) -> Iterator[Message]:
    if each.sampling:
        noise = f"{100 * each.sampling.noise:.2g}"
        yield Message("suggest.sampling", questions=each.sampling.questions, noise=Name(noise))


def _setting(each: Setting) -> Message:
    return Message("suggest.setting", field=Name(each.about.field.text), runs=each.runs, units=each.units)


def _range(each: Setting, language: Language) -> str:
    written = f"{{min: {number_text(each.lowest)}, max: {number_text(each.highest)}}}"
    return _line(written, Message("suggest.range", level=Key("level: warn")), language)


def _together(found: Together) -> Message:
    return Message(
        "suggest.together",
        bounds=found.bounds,
        stopped=found.stopped,
        units=found.units,
        low=percent(found.share.low),
        high=percent(found.share.high),
    )


def _line(written: str, said: Message, language: Language) -> str:
    return log_line(f"  {written:22} {plain(said, language)}" if written else f"  {plain(said, language)}")
