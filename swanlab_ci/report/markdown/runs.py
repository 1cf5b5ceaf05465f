"""The runs, one a row, in a fold whose title counts them: misses first, and the baseline's mean at the end."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from swanlab_ci.insight.curves import at, common_span, grid, mean
from swanlab_ci.insight.facts import Metric, RunCurve, RunFacts
from swanlab_ci.messages import Message, Name, Param, Seconds
from swanlab_ci.report.markdown.table import MarkdownTable, PageContext, title_of, without_empty_columns
from swanlab_ci.report.wording import cells
from swanlab_ci.report.wording.expectation import value
from swanlab_ci.report.wording.lead import linked
from swanlab_ci.security.escaping import Safe, md_code, md_word

_METRICS = 3
_LEVELS = "▁▂▃▄▅▆▇█"
_CELLS = 8
_STATES = 4
_MINUTE = 60


@dataclass(frozen=True, slots=True)
class RunsFold:
    """The fold: its title (HTML) and its table."""

    title: Safe
    table: MarkdownTable


def runs_fold(page: PageContext, most: int) -> RunsFold | None:
    """Return the fold with at most `most` runs; None where no run was judged."""
    runs = sorted(page.insight.new_runs, key=lambda each: not each.missed)
    if not runs:
        return None
    metrics = page.insight.metrics[:_METRICS]
    head = [
        page.say(Message("report.column-run")),
        page.say(Message("report.column-state")),
        page.say(Message("report.column-took")),
        *(md_code(field.removeprefix("config.")) for field in page.insight.columns),
        *(md_code(metric.label) for metric in metrics),
        page.say(Message("report.column-curve")),
    ]
    aligned = [":--", ":--", *["--:"] * (len(head) - 3), ":--"]
    sparks = _Sparks(page)
    rows = [_row(each, metrics, page, sparks) for each in runs[:most]]
    if page.insight.base_runs:
        rows.append(_baseline(metrics, page, sparks))
    more = page.say(Message("report.more-runs", count=len(runs) - most)) if len(runs) > most else Safe("")
    return RunsFold(_title(runs, page), without_empty_columns(head, aligned, rows, more))


def _title(runs: Sequence[RunFacts], page: PageContext) -> Safe:
    counts = Counter(each.run.state for each in runs).most_common()
    longest = max((each.duration for each in runs if each.duration is not None), default=None)
    states: list[Param] = [Message("runs.state", count=count, state=Name(state)) for state, count in counts[:_STATES]]
    if len(counts) == 1 and len(runs) > 1:
        states = [Message("runs.all", state=Name(counts[0][0]))]
    return title_of(
        Message("runs.title", states=tuple(states), longest=None if longest is None else _rounded(longest)),
        page.language,
    )


def _rounded(duration: float) -> Seconds:
    return Seconds(round(duration / _MINUTE) * _MINUTE if duration >= _MINUTE else round(duration))


def _named(each: RunFacts, page: PageContext) -> Safe:
    """Name a run, and its project where that is not the check's own."""
    name = page.write(linked(each.run, page.judgement.pages))
    return Safe(f"{name} <sub>{md_code(each.project)}</sub>") if each.project else name


def _row(each: RunFacts, metrics: Sequence[Metric], page: PageContext, sparks: "_Sparks") -> tuple[Safe, ...]:
    missed = frozenset(each.missed)
    return (
        _named(each, page),
        _marked(md_word(each.run.state), missed="state" in missed, pending=each.run.state == "RUNNING"),
        Safe("") if each.duration is None else page.write(_rounded(each.duration)),
        *(_column(each, field, page) for field in page.insight.columns),
        *(_metric(each.metrics.get(metric.field), missed=metric.field in missed, page=page) for metric in metrics),
        sparks.of(each.run.id),
    )


def _marked(shown: Safe, *, missed: bool, pending: bool = False) -> Safe:
    if not missed:
        return shown
    return Safe(f"<b>{shown}</b> {'⏳' if pending else '❌'}")


def _column(each: RunFacts, field: str, page: PageContext) -> Safe:
    known = each.columns.get(field)
    if known is None:
        return Safe("")
    shown = md_code(known) if isinstance(known, str) else page.write(value(known))
    return _marked(shown, missed=field in each.missed)


def _metric(number: float | None, *, missed: bool, page: PageContext) -> Safe:
    shown = Safe("") if number is None else page.write(cells.number(number))
    return _marked(shown or Safe("—"), missed=True) if missed else shown


def _baseline(metrics: Sequence[Metric], page: PageContext, sparks: "_Sparks") -> tuple[Safe, ...]:
    runs = page.insight.base_runs
    name = page.say(Message("runs.baseline", to=Name(page.insight.baseline), count=len(runs)))
    durations = [each.duration for each in runs if each.duration is not None]
    means: list[Safe] = []
    for metric in metrics:
        found = [number for each in runs if (number := each.metrics.get(metric.field)) is not None]
        means.append(page.write(cells.number(mean(found))) if found else Safe(""))
    took = page.write(_rounded(mean(durations))) if durations else Safe("")
    return (name, Safe(""), took, *[Safe("")] * len(page.insight.columns), *means, sparks.baseline())


class _Sparks:
    """Curves of the first drawn metric as eight signs, all on one scale."""

    def __init__(self, page: PageContext) -> None:
        curves = {each.metric.key: each for each in page.insight.curves}
        first = next((curves[key] for key in page.insight.charts if key in curves), None)
        self._curves: Mapping[str, RunCurve] = {each.run.id: each for each in (first.new if first else ())}
        self._base = list(first.base) if first else []
        every = [*self._curves.values(), *self._base]
        reach = common_span(every)
        self._steps = grid(reach[0], reach[1], _CELLS) if reach else []
        values = [number for each in every for step in self._steps if (number := at(each.points, step)) is not None]
        self._low, self._high = min(values, default=0.0), max(values, default=0.0)

    def of(self, run: str) -> Safe:
        """Draw one run; empty where it has no points."""
        curve = self._curves.get(run)
        return self._drawn([at(curve.points, step) for step in self._steps]) if curve else Safe("")

    def baseline(self) -> Safe:
        """Draw the baseline's mean."""
        found: list[float | None] = []
        for step in self._steps:
            values = [number for each in self._base if (number := at(each.points, step)) is not None]
            found.append(mean(values) if values else None)
        return self._drawn(found)

    def _drawn(self, values: Sequence[float | None]) -> Safe:
        if all(number is None for number in values):
            return Safe("")
        return Safe("`" + "".join(map(self._level, values)) + "`")

    def _level(self, number: float | None) -> str:
        if number is None:
            return "·"
        span = self._high - self._low
        share = (number - self._low) / span if 0 < span < float("inf") else 0.5
        return _LEVELS[min(len(_LEVELS) - 1, max(0, int(share * len(_LEVELS))))]
