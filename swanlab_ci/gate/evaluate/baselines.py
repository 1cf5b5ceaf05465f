"""The runs of a baseline for one gate or group, and what is compared with them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from swanlab_ci.gate.evaluate.checks import run_ref
from swanlab_ci.gate.evaluate.comparison import compare
from swanlab_ci.gate.evaluate.conditions_of_runs import unchanged
from swanlab_ci.gate.evaluate.others import Others, group_of
from swanlab_ci.gate.evaluate.selection import Doubt, GateInput, Selected, Selector
from swanlab_ci.gate.spec.gates import Comparison, Gate, GateFile, Selection
from swanlab_ci.gate.spec.source import Place
from swanlab_ci.gate.spec.wildcards import is_pattern, matching
from swanlab_ci.judgement import Check, CheckKind, FunnelStep, Reason
from swanlab_ci.model import OWN, Outcome, Run, RunOrigin, Truth


@dataclass(frozen=True, slots=True)
class _Baseline:
    """The runs of a baseline for one gate or group, and the funnels of the choices that had too few."""

    selected: Selected
    rejected: tuple[tuple[FunnelStep, ...], ...]
    min_runs: int


def _baseline(name: str, gate: Gate, runs: Sequence[Run], group: str, given: GateInput) -> _Baseline:
    """Select a baseline without the runs under test; a group meets only baseline runs of that group."""
    baseline = given.gate_file.baseline(name)
    tested = _tested(gate, baseline.origin, given)

    group_value = group_of(gate.for_each, runs[0], given.now) if gate.for_each else None
    keep = Others(tested, gate.for_each, group_value, given.now)
    selector = given.selector(baseline.origin)
    written = f"{gate.for_each.text} {group}" if gate.for_each else ""
    step = FunnelStep(written, 0, "not_tested")  # pragma: no mutate - the selection counts
    rejected: list[tuple[FunnelStep, ...]] = []
    selected = Selected((), ())  # pragma: no mutate - there is at least one selection
    for selection in baseline.selections:
        if selected.funnel:
            rejected.append(selected.funnel)
        selected = selector.select(selection, keep=keep, kept=step)
        selected = selected._replace(doubts=(*selected.doubts, *_without_known_group(gate, selection, keep, selector)))
        if selected.doubts or selected.unplaced or selected.awaited or len(selected.runs) >= baseline.min_runs:
            break
    return _Baseline(selected, tuple(rejected), baseline.min_runs)


def _without_known_group(gate: Gate, selection: Selection, keep: Others, selector: Selector) -> tuple[Doubt, ...]:
    """Return the baseline's runs of which it is not known to which group they belong: any may be of this one."""
    if not gate.for_each:
        return ()
    runs = filter(keep.of_any_group, selector.candidates(selection, spare=None))
    return selector.unread(gate.for_each, runs, gate.place)  # pragma: no mutate - a baseline's doubts tell no place


def _tested(gate: Gate, origin: RunOrigin, given: GateInput) -> frozenset[str]:
    """Return by which ids and slugs the runs under test may be among those at `origin`.

    A slug is unique within its project. In another project, a pull request could choose that of any run for its own,
    and so remove that run from the baseline.
    """
    runs = given.selector(gate.origin).select(gate.selection).runs
    if origin.project == gate.origin.project:
        return frozenset(name for run in runs for name in (run.id, run.slug) if name)
    return frozenset(run.id for run in runs if origin.server == gate.origin.server)


def project_of(origin: RunOrigin, gate_file: GateFile) -> str:
    """Return the name of the project at `origin` where a report has to say it; empty for the check's own runs."""
    return "" if origin == OWN else origin.project or gate_file.home.project


def unread_check(origin: RunOrigin, place: Place | None, given: GateInput) -> Check:
    """Return a check that says why the runs at `origin` could not be read."""
    project = project_of(origin, given.gate_file)
    return Check(
        kind=CheckKind.PROJECT,
        field="project",
        outcome=Outcome.ERROR,
        file=place.source.name if place else "",  # pragma: no mutate - another project has a place
        line=place.line if place else 0,  # pragma: no mutate - same
        reason=Reason(truth=Truth.NOT_FETCHED, subject=project, unread=given.unread[origin]),
    )


def unread_baselines(gate: Gate, given: GateInput) -> Iterator[Check]:
    """Yield a check for each project that the gate's baselines need and that could not be read."""
    found = {(each := given.gate_file.baseline(name)).origin: each.origin_place for name in gate.baselines()}
    for origin, place in found.items():
        if origin in given.unread:
            yield unread_check(origin, place, given)


def compared_with_baselines(gate: Gate, runs: Sequence[Run], group: str, given: GateInput) -> Iterator[Check]:
    """Compare the runs with the baselines that the gate names; yields a check for each comparison and key.

    Nothing is compared with a baseline that could not be read.
    """
    for asked in gate.compare:
        origin = given.gate_file.baseline(asked.to).origin
        if origin in given.unread:
            continue
        base = _baseline(asked.to, gate, runs, group, given)
        for comparison in _on_each_key(asked, runs):
            yield compare(
                comparison,
                runs,
                base.selected,
                considered=len(given.selector(origin).runs),
                now=given.now,
                min_runs=base.min_runs,
                rejected=base.rejected,
                project=project_of(origin, given.gate_file),
            )


def _on_each_key(comparison: Comparison, runs: Sequence[Run]) -> list[Comparison]:
    """Return a comparison for each key that a star matches in any of the runs; where it matches none, itself."""
    if not is_pattern(comparison.field):
        return [comparison]
    fields = {field.text: field for run in runs for field in matching(comparison.field, run)}
    return [replace(comparison, field=fields[text]) for text in sorted(fields)] or [comparison]


def unchanged_from_baseline(gate: Gate, runs: Sequence[Run], given: GateInput) -> list[Check]:
    """Check that fields are as in the baseline; a baseline that cannot be used is an error."""
    asked = gate.unchanged
    if asked is None or given.gate_file.baseline(asked.to).origin in given.unread:
        return []
    base = _baseline(asked.to, gate, runs, "", given)  # pragma: no mutate - its steps, with the group, are not shown
    unusable = Check(
        kind=CheckKind.UNCHANGED,
        field=asked.to,
        outcome=Outcome.ERROR,
        file=asked.place.source.name,
        line=asked.place.line,
    )
    if base.selected.awaited:
        return [replace(unusable, run=run_ref(base.selected.awaited[0]), outcome=Outcome.PENDING)]
    if reason := _why_unusable(asked.to, base):
        return [replace(unusable, reason=reason)]
    theirs = base.selected.runs
    return list(unchanged(asked, runs, theirs, given.now))  # pragma: no mutate - what is unchanged has no time in it


def _why_unusable(name: str, base: _Baseline) -> Reason | None:
    """Say which run leaves it open what the baseline is (`culprit`), or how many of how many runs it has."""
    found = base.selected
    if found.doubts:
        doubt = found.doubts[0]
        spellings = doubt.finding.reading.spellings
        return Reason(
            truth=Truth.AMBIGUOUS if spellings else Truth.NOT_FETCHED,
            subject=name,
            culprit=run_ref(doubt.run),
            culprit_field=doubt.clause.field,
            spellings=spellings,
        )
    if found.unplaced:
        return Reason(truth=Truth.MISSING, subject=name, culprit=run_ref(found.unplaced[0]))
    if len(found.runs) < base.min_runs:
        return Reason(truth=Truth.MISSING, subject=name, actual=len(found.runs), bound=base.min_runs)
    return None
