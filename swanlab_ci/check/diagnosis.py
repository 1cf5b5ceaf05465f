"""What of a check works before there is a pull request: gate file, key, project, recorded commits, and its requests."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from swanlab_ci import gate
from swanlab_ci.check.gate_file import read_gate_file
from swanlab_ci.check.options import CheckContext
from swanlab_ci.check.run_source import home_of, reader_for
from swanlab_ci.check.variables import is_whole_commit
from swanlab_ci.client.reader import ProjectPath, Reader
from swanlab_ci.client.summaries import RUNS_PER_REQUEST
from swanlab_ci.errors import ConfigurationError, UnavailableError
from swanlab_ci.gate import GateFile
from swanlab_ci.gate.parse.variables import SAMPLES
from swanlab_ci.messages import Key, Message, Name
from swanlab_ci.model import Run
from swanlab_ci.platforms.findings import Health, Observation
from swanlab_ci.sources.experiments import FetchedExperiment, run_from

_PAGE = 100  # runs of one request for the list
_SMALLEST_PAGE = 10
_FEW_REQUESTS = 6


def diagnose(current: CheckContext) -> Iterator[Observation]:
    """Yield the findings; raises `ConfigurationError` for a gate file, an input or a login that is wrong or missing."""
    inputs = current.inputs
    rules = read_gate_file(inputs.gates, current.within).gate_file
    rules = rules.at(home_of(rules, inputs))
    project = inputs.project or rules.project
    if not project:
        advice = Message("check.no-project-advice", file=Name(inputs.gates))
        raise ConfigurationError(Message("check.no-project"), advice)
    reader, path = reader_for(current), ProjectPath(*project.split("/", 1))
    written = Message("doctor.gate-file", file=Name(inputs.gates), count=len(rules.gates))
    yield Observation("gate-file", Health.OK, written)
    try:
        total, listed, runs = _newest(reader, path, rules)
    except UnavailableError as error:
        yield Observation("project", Health.UNKNOWN, error.what, error.advice)
        return
    yield Observation("project", Health.OK, Message("doctor.project", project=path.name, count=total))
    yield from _others(reader, rules)
    if not runs:
        yield Observation("runs", Health.WARNING, Message("doctor.no-runs", project=path.name))
        return
    commits = [commit for run in runs if (commit := _commit_of(run))]
    yield _share(len(commits), len(runs))
    yield _requests(rules, listed, total, commits[0] if commits else "")


def _others(reader: Reader, rules: GateFile) -> Iterator[Observation]:
    """Say of each other project that a gate or a baseline reads whether the key may read it."""
    for origin in rules.origins():
        if not origin.project:
            continue
        try:
            total, _ = reader.newest(ProjectPath(*origin.project.split("/", 1)), _SMALLEST_PAGE)
        except UnavailableError as error:
            yield Observation("project", Health.PROBLEM, error.what, error.advice)
        else:
            yield Observation("project", Health.OK, Message("doctor.project", project=origin.project, count=total))


def _newest(reader: Reader, path: ProjectPath, rules: GateFile) -> tuple[int, list[Run], list[Run]]:
    """Return how many runs there are, and the newest page: as it is listed, and with profiles if a gate needs these."""
    total, found = reader.newest(path, _PAGE)
    needs_profile = gate.needs(gate.bind(rules, SAMPLES, event="")).profile
    listed = [run_from(FetchedExperiment(each)) for each in found]
    if not needs_profile:
        return total, listed, listed
    whole = reader.profiles(path, [each.cuid for each in found])
    return total, listed, [run_from(FetchedExperiment(each, whole_profile=True)) for each in whole]


def _commit_of(run: Run) -> str:
    """Return the commit that the run says it ran, wherever a gate file could select by it; else the empty text."""
    said = [run.group, run.job, *(run.labels or ()), *(run.config or {}).values(), run.git.commit if run.git else None]
    return next((text for text in said if isinstance(text, str) and is_whole_commit(text)), "")


def _share(recorded: int, seen: int) -> Observation:
    message = Message("doctor.recorded", count=recorded, seen=seen)
    advice = None if recorded == seen else Message("doctor.recorded-advice", command=Key("swanlab-ci exec"))
    health = Health.PROBLEM if not recorded else Health.OK if recorded == seen else Health.WARNING
    return Observation("runs", health, message, advice)


def _requests(rules: GateFile, runs: Sequence[Run], total: int, commit: str) -> Observation:
    """Estimate the requests of a check of the newest commit that a run records, by the newest page as it is listed."""
    values = dict(SAMPLES)
    if commit:
        values |= {"pr_commits": (commit,), "head_sha": commit}
    bound = gate.bind(rules, values, event="")
    filters, needs = gate.pushed_down(bound), gate.needs(bound)
    now = datetime.now(UTC)
    filters = filters if filters and gate.all_find_runs(bound, runs, now=now) else ()
    selected = len(gate.candidates(bound, runs, now=now))
    files = sum(map(len, gate.points_needed(bound, runs, now=now).values()))
    if not filters:
        selected, files = -(-selected * total // len(runs)), -(-files * total // len(runs))
    count = 1 + (len(filters) or total // _PAGE + 1)
    count += selected if needs.profile else 0
    if (needs.metrics or needs.all_metrics) and not (filters and needs.last_only):
        count += 1 + -(-selected // RUNS_PER_REQUEST)
    count += 2 * files  # the address of a file of points, and the file
    message = Message("doctor.requests", count=count)
    if count <= _FEW_REQUESTS:
        return Observation("requests", Health.OK, message)
    return Observation("requests", Health.WARNING, message, _faster(bound, filtered=bool(filters)))


def _faster(rules: GateFile, *, filtered: bool) -> Message | None:
    """Return what would save requests: another condition than one that is read run by run, or any that can be asked."""
    if not (slow := gate.slow_clause(rules)):
        return None if filtered else Message("doctor.requests-advice", condition=_RECIPE)
    clause, baseline = slow
    place = Name(f"{clause.place.source.name}:{clause.place.line}")
    return Message("doctor.slow-clause", field=Key(clause.field), place=place, baseline=Name(baseline))


_RECIPE = Key("runs: {group: $pr_commits}")
