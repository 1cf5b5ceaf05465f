"""Suggestions of the command line: for which metrics, from which history."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from swanlab_ci.check.inputs import Inputs, WrongInputError
from swanlab_ci.check.options import CheckOptions
from swanlab_ci.check.past.backtest import Question, judge_history, read_question, share_of
from swanlab_ci.check.past.rewrite import Rewrite, rewritten, write
from swanlab_ci.errors import ConfigurationError, Problem, UnavailableError
from swanlab_ci.gate import GateFile
from swanlab_ci.gate.spec.fields import Field, parse_path
from swanlab_ci.gate.spec.wildcards import is_pattern
from swanlab_ci.history.bounded import Bounded, bounded_metrics, bounded_settings
from swanlab_ci.history.bounds import Sample
from swanlab_ci.history.samples import questions_of, runs_of_baseline, sample_of, setting_of
from swanlab_ci.history.suggest import Suggestion, SuggestReport, suggest, together
from swanlab_ci.history.trial import History, held_out
from swanlab_ci.messages import Key, Message, Name
from swanlab_ci.platforms import read_context

_DIRECTIONS = {"higher": True, "lower": False}
_ALARMS = "5%"
_LARGEST_ALARMS = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is asked for: a metric of its own, or every metric of the gate file; `alarms` is a share of 1.

    With `baseline`, only runs that this baseline of the file may select count. `tighten` looks for bounds that may
    become tighter, `write` changes the file.
    """

    question: Question
    metric: Bounded | None = None
    alarms: float
    baseline: str = ""
    write: bool = False
    tighten: bool = False


def read_wanted(given: Mapping[str, str]) -> Wanted:
    """Read the flags by name; raises `ConfigurationError` with every wrong one."""
    own = {"metric", "better", "alarms", "baseline", "write", "tighten"}
    problems: list[Problem] = []
    question, metric, alarms = Question(), None, 0.0
    try:
        question = read_question({name: value for name, value in given.items() if name not in own})
    except ConfigurationError as wrong:
        problems += wrong.problems
    try:
        metric = _metric(given)
    except WrongInputError as wrong:
        problems.append(Problem(wrong.message))
    try:
        alarms = _alarms(given.get("alarms", _ALARMS))
    except WrongInputError as wrong:
        problems.append(Problem(wrong.message))
    if problems:
        raise ConfigurationError(Message("input.wrong", count=len(problems)), problems=problems)
    return Wanted(
        question=question,
        metric=metric,
        alarms=alarms,
        baseline=given.get("baseline", ""),
        write="write" in given,
        tighten="tighten" in given,
    )


def run_suggest(
    read_inputs: Callable[[], Inputs], options: CheckOptions, wanted: Wanted
) -> tuple[SuggestReport, Rewrite | None]:
    """Fetch a project's runs and say what their past supports; write it where that is wanted.

    Raises `SwanlabCiError`.
    """
    if wanted.tighten and _judges_a_pull_request(options):
        raise ConfigurationError(Message("tighten.in-pull-request"), Message("tighten.in-pull-request-advice"))
    report, history = _report(read_inputs, options, wanted)
    if not (wanted.write or wanted.tighten):
        return report, None
    found = rewritten(report, history, tighten=wanted.tighten, within=options.root)
    if wanted.write:
        write(found, within=options.root)
    return report, found


def _judges_a_pull_request(options: CheckOptions) -> bool:
    context = read_context(options.environ)
    return bool(context.pr_number or context.on_pull_request or context.is_fork)


def _report(read_inputs: Callable[[], Inputs], options: CheckOptions, wanted: Wanted) -> tuple[SuggestReport, History]:
    report, history = judge_history(read_inputs, options, wanted.question, lambda rules: _fields(rules, wanted))
    among = runs_of_baseline(wanted.baseline, history) if wanted.baseline else None
    metrics = _metrics(history.rules, wanted)
    found = []
    for number, about in enumerate(metrics):
        if number:
            options.console.progress(Message("backtest.progress", done=number, total=len(metrics)))
        found.append((about, _suggested(about, sample_of(about, history.units, among), wanted, history)))
    suggestions = tuple(each for _, each in found if each)
    _must_support_something(suggestions, wanted)
    settings = () if wanted.metric else bounded_settings(history.rules)
    ends = [each.unit.end.date() for each in history.units]
    found_in_all = SuggestReport(
        project=report.project,
        gate_file=history.rules.name,
        field=report.field,
        units=len(history.units),
        runs=report.runs,
        first=min(ends),
        last=max(ends),
        alarms=wanted.alarms,
        suggestions=suggestions,
        without_history=tuple(about for about, each in found if each is None),
        settings=tuple(one for about in settings if (one := setting_of(about, history.units, among))),
        together=together(suggestions, wanted.alarms),
        baseline=wanted.baseline,
        changed=report.changed,
    )
    return found_in_all, history


def _suggested(about: Bounded, sample: Sample, wanted: Wanted, history: History) -> Suggestion | None:
    found = suggest(about, sample, wanted.alarms, questions_of(history.units))
    return replace(found, held_out=held_out(about, sample, wanted.alarms, history)) if found else None


def _must_support_something(suggestions: Sequence[Suggestion], wanted: Wanted) -> None:
    if any(each.floor or each.power.suggested for each in suggestions):
        return
    if wanted.metric and not suggestions:
        field = Name(wanted.metric.field.text)
        raise UnavailableError(Message("suggest.no-values", field=field), Message("suggest.no-values-advice"))
    raise UnavailableError(Message("suggest.too-little"), Message("suggest.too-little-advice"))


def _metrics(rules: GateFile, wanted: Wanted) -> Sequence[Bounded]:
    return [wanted.metric] if wanted.metric else bounded_metrics(rules)


def _fields(rules: GateFile, wanted: Wanted) -> frozenset[Field]:
    """Return the fields that are read beside the gate file's own; raises `ConfigurationError` before any is fetched."""
    if not _metrics(rules, wanted):
        raise ConfigurationError(Message("suggest.no-metric", file=Name(rules.name)))
    asked = {wanted.metric.field} if wanted.metric else set()
    return frozenset(asked | _fields_of_baseline(rules, wanted.baseline))


def _fields_of_baseline(rules: GateFile, name: str) -> set[Field]:
    known = {each.name: each for each in rules.baselines}
    if name and name not in known:
        names = tuple(map(Key, known)) or None
        raise ConfigurationError(
            Message("suggest.no-baseline", input=Key("--baseline"), baseline=Name(name), file=rules.name, known=names)
        )
    return {field for selection in known[name].selections for field in selection.fields()} if name else set()


def _metric(given: Mapping[str, str]) -> Bounded | None:
    if "metric" not in given and "better" not in given:
        return None
    if "metric" not in given or "better" not in given:
        raise WrongInputError(Message("suggest.better", metric=Key("--metric"), better=Key("--better higher")))
    if given["better"] not in _DIRECTIONS:
        raise WrongInputError(Message("suggest.not-a-direction", input=Key("--better"), found=given["better"]))
    return Bounded(_field(given["metric"].strip()), _DIRECTIONS[given["better"]])


def _field(text: str) -> Field:
    field = parse_path(text if text.startswith(("metrics.", "metrics[")) else f"metrics.{text}")
    if field is None or is_pattern(field):
        raise WrongInputError(Message("suggest.not-a-metric", input=Key("--metric"), found=text))
    return field


def _alarms(text: str) -> float:
    alarms = share_of(text.strip(), Key("--alarms"))
    if not 0 < alarms <= _LARGEST_ALARMS:
        raise WrongInputError(Message("suggest.alarms", input=Key("--alarms"), found=text))
    return alarms
