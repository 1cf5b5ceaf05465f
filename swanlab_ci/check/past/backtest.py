"""A backtest of the command line: which units are asked for, where their runs come from, and the backtest itself."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from swanlab_ci import gate
from swanlab_ci.check.gate_file import read_gate_file
from swanlab_ci.check.inputs import Inputs, WrongInputError
from swanlab_ci.check.options import CheckContext, CheckOptions
from swanlab_ci.check.past.runs import KeepingFlags, fetch_past
from swanlab_ci.check.run_source import home_of
from swanlab_ci.errors import ConfigurationError, Problem, UnavailableError
from swanlab_ci.gate import GateFile, Needs
from swanlab_ci.gate.parse.entries import grouping_field
from swanlab_ci.gate.spec.fields import Field
from swanlab_ci.gate.spec.source import GateSyntaxError, Place, Scalar, Source
from swanlab_ci.gate.spec.values import UNITS
from swanlab_ci.history.as_of import Past, changed_later
from swanlab_ci.history.backtest import Backtest, BacktestReport, backtest
from swanlab_ci.history.trial import History
from swanlab_ci.history.units import VARIABLES, Binding, Rules, Unit, compared_fields, fits, units_of
from swanlab_ci.messages import Key, Message, Name
from swanlab_ci.model import OWN
from swanlab_ci.platforms import forge_of, read_context
from swanlab_ci.runtime.deadline import Deadline
from swanlab_ci.runtime.process import ending_in_words

LAST = 50
"""How many units are judged if nothing else is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a backtest is asked: the field `by` which runs are grouped, and the newest units that count.

    `since` is an age in seconds and `at_most` a share of 1; `against` is another gate file. `keep` and `history` are
    files of runs that were fetched before (`check.past.runs`). With `of_commits`, each unit must be a commit. No more
    than `newest_runs` are read.
    """

    by: Field | None = None
    against: str = ""
    last: int | None = None
    since: float | None = None
    at_most: float | None = None
    keep: str = ""
    history: str = ""
    of_commits: bool = False
    newest_runs: int | None = None


def read_question(given: Mapping[str, str]) -> Question:
    """Read the flags of a backtest by name; raises `ConfigurationError` with every wrong one."""
    values: dict[str, object] = {}
    problems: list[Problem] = []
    for name, read in _READERS.items():
        if name in given:
            try:
                values[name.replace("-", "_")] = read(given[name].strip(), Key(f"--{name}"))
            except WrongInputError as wrong:
                problems.append(Problem(wrong.message))
    if "last" in given and "since" in given:
        problems.append(Problem(Message("backtest.last-or-since")))
    if "keep" in given and "history" in given:
        problems.append(Problem(Message("backtest.keep-or-history")))
    if problems:
        raise ConfigurationError(Message("input.wrong", count=len(problems)), problems=problems)
    return Question(**values)  # type: ignore[arg-type]  # each reader returns the type of its field


def run_backtest(read_inputs: Callable[[], Inputs], options: CheckOptions, question: Question) -> BacktestReport:
    """Fetch a project's runs and judge its units by the gate file; raises `SwanlabCiError`."""
    return judge_history(read_inputs, options, question)[0]


def judge_history(
    read_inputs: Callable[[], Inputs],
    options: CheckOptions,
    question: Question,
    more: Callable[[GateFile], frozenset[Field]] = lambda _: frozenset(),
) -> tuple[BacktestReport, History]:
    """Do what `run_backtest` does, and return what was judged, too.

    `more` are the fields that are read beside those of the gate file, which it may refuse.
    """
    inputs = read_inputs()
    options.console.hide(inputs.api_key, tell_runner=False)
    deadline = Deadline(inputs.timeout)
    context = read_context(options.environ)
    current = CheckContext(inputs, context, forge_of(context, "", {}), options, deadline)
    with ending_in_words(deadline):
        rules = _read(inputs.gates, current)
        options.console.suggest_language(rules.report.language)
        other = _read(question.against, current) if question.against else None
        return _judged(rules, other, current, question, more(rules))


def _read(name: str, current: CheckContext) -> GateFile:
    """Read a gate file; raises `ConfigurationError` where it reads another project, whose past is not fetched."""
    return _of_one_project(read_gate_file(name, current.within).gate_file, current)


def judge_both(rules: GateFile, other: GateFile, current: CheckContext, question: Question) -> BacktestReport:
    """Judge a project's units by two gate files; raises `SwanlabCiError`."""
    both = _of_one_project(rules, current), _of_one_project(other, current)
    return _judged(*both, current, question, frozenset())[0]


def _of_one_project(rules: GateFile, current: CheckContext) -> GateFile:
    rules = rules.at(home_of(rules, current.inputs))
    places = [place for origin, place in rules.origins().items() if origin != OWN and place]
    if places:
        raise ConfigurationError(
            Message("backtest.other-projects", file=Name(rules.name)),
            problems=[place.problem(Message("backtest.other-project")) for place in places],
        )
    return rules


def _judged(
    rules: GateFile, other: GateFile | None, current: CheckContext, question: Question, more: frozenset[Field]
) -> tuple[BacktestReport, History]:
    binding, against = _bindings(rules, other, current.inputs, question)
    flags = KeepingFlags(keep=question.keep, history=question.history, newest=question.newest_runs)
    if (flags.keep or flags.history) and current.inputs.local:
        raise ConfigurationError(Message("backtest.keep-or-local"))
    fields = {binding.field, *more, *gate.all_fields(rules)}
    fields |= {*gate.all_fields(other)} if other else set()
    past_runs = fetch_past(current, rules, _needs(rules, other, {binding.field, *more}), fields, flags)
    runs, now = past_runs.runs, past_runs.now
    every = units_of(runs, binding.field, now, numbers="pr_number" in binding.variables)
    units = [unit for unit in every if fits(unit, binding.variables)]
    asked = _asked(units, question, now)
    if not asked:
        raise UnavailableError(
            Message("backtest.no-unit", field=Name(binding.field.text)), Message("backtest.no-unit-advice")
        )
    past = Past(runs, now)

    def judge(file: GateFile, how: Binding) -> Backtest:
        def on_progress(done: int) -> None:
            current.options.console.progress(Message("backtest.progress", done=done, total=len(asked)))

        return backtest(file, asked, past, how, on_progress)

    report = BacktestReport(
        project=past_runs.project,
        gate_file=rules.name,
        field=binding.field.text,
        of_commits=binding.of_commits,
        runs=len(runs),
        found=judge(rules, binding),
        against_file=other.name if other else "",
        against=judge(other, against) if other and against else None,
        older=len(units) - len(asked),
        unfit=len(every) - len(units),
        changed=changed_later(runs),
        at_most=question.at_most,
    )
    return report, History(rules, report.found.units, past, binding)


def _bindings(
    rules: GateFile, other: GateFile | None, inputs: Inputs, question: Question
) -> tuple[Binding, Binding | None]:
    """Say how the units of each file are bound; every mistake in that is found before anything is fetched."""
    binding = _binding(rules, inputs, question)
    if question.of_commits and not binding.of_commits:
        raise ConfigurationError(Message("backtest.merged-needs-commits", field=Name(binding.field.text)))
    against = _binding(other, inputs, replace(question, by=binding.field)) if other else None
    for file, how in ((rules, binding), (other, against)):
        if file and how:  # a variable without a value is such a mistake
            Rules(file, how).of(Unit("1234567", (), datetime.now(UTC)))
    return binding, against


def _needs(rules: GateFile, other: GateFile | None, more: Iterable[Field]) -> Needs:
    needs = gate.needs(rules)
    for field in more:
        readings = tuple(field.metric_readings()) if field.root == "metrics" else ()
        needs |= Needs(
            profile=not field.in_list_answer and field.root != "metrics",
            metrics=frozenset(key for key, _ in readings),
            last_only=all(name == "last" for _, name in readings),
        )
    return needs | gate.needs(other) if other else needs


def _asked(units: Sequence[Unit], question: Question, now: datetime) -> Sequence[Unit]:
    if question.since is not None:
        since = question.since
        return [unit for unit in units if (now - unit.end).total_seconds() <= since]
    return units[-(question.last or LAST) :]


def _binding(rules: GateFile, inputs: Inputs, question: Question) -> Binding:
    """Choose the field whose values are the units: the one that the file compares with the change, or `by`."""
    compared = compared_fields(rules, inputs.variables)
    if question.by:
        return Binding(question.by, compared.get(question.by, frozenset()), inputs.variables)
    if len(compared) == 1:
        ((field, variables),) = compared.items()
        return Binding(field, variables, inputs.variables)
    if compared:
        fields = tuple(Key(field.text) for field in compared)
        raise ConfigurationError(Message("backtest.two-fields", file=Name(rules.name), fields=fields))
    names = tuple(Key(f"${name}") for name in VARIABLES)
    raise ConfigurationError(Message("backtest.no-field", file=Name(rules.name), variables=names))


def _field(text: str, flag: Key) -> Field:
    place = Place(Source("", (), is_quotable=False), 0, 0)
    try:
        return grouping_field(Scalar(text, text, place))
    except GateSyntaxError as wrong:
        raise WrongInputError(Message("backtest.not-a-field", input=flag, problem=wrong.problem.message)) from None


def _count(text: str, flag: Key) -> int:
    if not re.fullmatch(r"[1-9]\d{0,8}", text, re.ASCII):
        raise WrongInputError(Message("backtest.not-a-count", input=flag, found=text))
    return int(text)


def _age(text: str, flag: Key) -> float:
    match = re.fullmatch(r"(\d{1,9}(?:\.\d{1,9})?)\s*([smhd])", text, re.ASCII)
    if not match:
        raise WrongInputError(Message("backtest.not-an-age", input=flag, found=text))
    return float(match[1]) * UNITS[match[2]]


def share_of(text: str, flag: Key) -> float:
    """Read a percentage as a share of 1; raises `WrongInputError`."""
    match = re.fullmatch(r"(\d{1,3}(?:\.\d{1,9})?)\s*%", text, re.ASCII)
    if not match or float(match[1]) > 100:  # noqa: PLR2004 - per cent
        raise WrongInputError(Message("backtest.not-a-share", input=flag, found=text))
    return float(match[1]) / 100


def _text(text: str, _flag: Key) -> str:
    return text


def _file(text: str, flag: Key) -> str:
    if not text:
        raise WrongInputError(Message("backtest.no-file", input=flag))
    return text


_READERS: Mapping[str, Callable[[str, Key], object]] = {
    "by": _field,
    "against": _text,
    "last": _count,
    "since": _age,
    "at-most": share_of,
    "keep": _file,
    "history": _file,
}
FLAGS = tuple(_READERS)
