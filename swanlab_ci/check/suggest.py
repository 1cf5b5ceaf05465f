"""Suggestions of the command line: for which metrics, from which history."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from swanlab_ci.check.backtest import Question, judge_history, read_question, share_of
from swanlab_ci.check.inputs import Inputs, WrongInputError
from swanlab_ci.check.options import CheckOptions
from swanlab_ci.errors import ConfigurationError, Problem, UnavailableError
from swanlab_ci.gate.spec.fields import Field, parse_path
from swanlab_ci.gate.spec.wildcards import is_pattern
from swanlab_ci.history.suggest import Bounded, SuggestReport, bounded_metrics, sample_of, suggest
from swanlab_ci.messages import Key, Message, Name

_DIRECTIONS = {"higher": True, "lower": False}
_ALARMS = "5%"
_LARGEST_ALARMS = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is asked for: a metric of its own, or every metric of the gate file; `alarms` is a share of 1."""

    question: Question
    metric: Bounded | None = None
    alarms: float


def read_wanted(given: Mapping[str, str]) -> Wanted:
    """Read the flags by name; raises `ConfigurationError` with every wrong one."""
    own = {"metric", "better", "alarms"}
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
    return Wanted(question=question, metric=metric, alarms=alarms)


def run_suggest(read_inputs: Callable[[], Inputs], options: CheckOptions, wanted: Wanted) -> SuggestReport:
    """Fetch a project's runs and say what their past supports; raises `SwanlabCiError`."""
    extra = wanted.metric.field if wanted.metric else None
    rules, history = judge_history(read_inputs, options, wanted.question, extra)
    metrics = [wanted.metric] if wanted.metric else bounded_metrics(rules)
    if not metrics:
        raise ConfigurationError(Message("suggest.no-metric", file=Name(rules.name)))
    found = []
    for number, about in enumerate(metrics):
        if number:
            options.console.progress(Message("backtest.progress", done=number, total=len(metrics)))
        found.append((about, suggest(about, sample_of(about, history.found.units), wanted.alarms)))
    suggestions = tuple(each for _, each in found if each)
    if not any(each.floor or each.suggested for each in suggestions):
        if wanted.metric and not suggestions:
            field = Name(wanted.metric.field.text)
            raise UnavailableError(Message("suggest.no-values", field=field), Message("suggest.no-values-advice"))
        raise UnavailableError(Message("suggest.too-little"), Message("suggest.too-little-advice"))
    return SuggestReport(
        project=history.project,
        gate_file=rules.name,
        field=history.field,
        units=len(history.found.units),
        runs=history.runs,
        alarms=wanted.alarms,
        suggestions=suggestions,
        without_history=tuple(about for about, each in found if each is None),
    )


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
