"""How a check runs: read the inputs, choose the gate file, fetch the runs, judge, publish, return the exit code."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from swanlab_ci import gate
from swanlab_ci.check.announcing import must_spare_other_files, publish_judgement, write_bundle
from swanlab_ci.check.details import fetch_details
from swanlab_ci.check.gate_file import GateFileChoice, LoadedGateFile, choose_gate_file
from swanlab_ci.check.inputs import Inputs
from swanlab_ci.check.options import CheckContext, CheckOptions
from swanlab_ci.check.polling import wait_for_verdict
from swanlab_ci.check.record import CheckRecord, unread_of
from swanlab_ci.check.run_source import home_of, notes_on_folder, source_for
from swanlab_ci.check.training import Training, read_training
from swanlab_ci.check.variables import is_whole_commit, variables
from swanlab_ci.errors import (
    ConfigurationError,
    InterruptionError,
    Problem,
    SwanlabCiError,
    UnavailableError,
)
from swanlab_ci.gate import GateFile
from swanlab_ci.insight import Details
from swanlab_ci.judgement import Judgement, Proposal, Stopped, Verdict
from swanlab_ci.messages import Message, Name
from swanlab_ci.model import OWN, Level, Run, Status
from swanlab_ci.platforms import begin_outputs, forge_of, read_context
from swanlab_ci.platforms.base import Capability
from swanlab_ci.report import template_note, wording
from swanlab_ci.report.annotations import of_problems
from swanlab_ci.runtime.deadline import Deadline
from swanlab_ci.runtime.process import ending_in_words, part_of, use_reserve
from swanlab_ci.security.files import reason
from swanlab_ci.sources.base import RunSource

_SHARE_OF_PROPOSAL = 0.5  # of the time that is left when the verdict is known
_MOST_KEPT, _SHARE_KEPT = 30.0, 0.2


def check(read_inputs: Callable[[], Inputs], options: CheckOptions) -> int:
    """Judge the runs, publish the judgement, and return the exit code."""
    _begin_outputs(options)  # first of all, before anything is read
    context = read_context(options.environ)
    try:
        inputs = read_inputs()
    except ConfigurationError as error:
        deadline = Deadline(_MOST_KEPT)
        with ending_in_words(deadline):
            return _end_without_verdict(
                error, CheckContext(Inputs(), context, forge_of(context, "", {}), options, deadline)
            )
    options.console.choose_language(inputs.language)
    forge = forge_of(context, inputs.github_token, options.login)
    for secret in (inputs.api_key, inputs.github_token, *forge.secrets):
        options.console.hide(secret, tell_runner=Capability.LOG_MASKS in forge.capabilities)
    deadline = Deadline(inputs.timeout + inputs.wait, kept=min(_MOST_KEPT, _SHARE_KEPT * inputs.timeout))
    with ending_in_words(deadline):
        return _judge_and_publish(CheckContext(inputs, context, forge, options, deadline))


def fetch(read_inputs: Callable[[], Inputs], options: CheckOptions, gate_id: str) -> CheckRecord:
    """Do all of `check` but publish nothing, with all runs of the project and a gate of this id.

    Raises `SwanlabCiError`.
    """
    inputs = read_inputs()
    deadline = Deadline(inputs.timeout + inputs.wait)
    context = read_context(options.environ)
    forge = forge_of(context, inputs.github_token, options.login)
    for secret in (inputs.api_key, *forge.secrets):
        options.console.hide(secret, tell_runner=False)
    with ending_in_words(deadline):
        current = _with_pull_request(CheckContext(inputs, context, forge, options, deadline, explained_gate=gate_id))
        choice = _choose(current)
        gate.named(choice.counting.gate_file, gate_id)
        current = _at_head(choice, current)
        return _decide(choice, read_training(choice, current), current).record


def _judge_and_publish(current: CheckContext) -> int:
    try:
        must_spare_other_files(current)
        current = _with_pull_request(current)
        choice = _choose(current)
        current = _at_head(choice, replace(current, attempts=(*current.attempts, *choice.attempts)))
        training = read_training(choice, current)
        current = replace(current, attempts=(*current.attempts, *training.attempts))
        judged = _decide(choice, training, current)
    except InterruptionError:
        raise  # who interrupts waits for the end, and not for a comment
    except SwanlabCiError as error:
        return _end_without_verdict(error, current)
    except MemoryError:
        too_much = UnavailableError(Message("check.too-much"), Message("check.too-much-advice"))
        return _end_without_verdict(too_much, current)
    left = Deadline(current.deadline.left())
    use_reserve(current.deadline)
    record, judgement = judged.record, judged.record.judgement(judged.verdict)
    if not current.options.links:
        others = tuple(replace(each, url="") for each in judgement.others)
        judgement = replace(
            judgement, project_url="", others=others
        )  # a report links to the pages of its projects only
    record = replace(record, details=_details(judged, left))
    write_bundle(record, current)
    publish_judgement(judgement, current, record.insight(judged.verdict), template=record.template)
    return judgement.exit_code


def _details(judged: "_Judged", left: Deadline) -> Details:
    """Fetch what only the report shows; the verdict is known, and nothing of this can change it."""
    record, source = judged.record, judged.source
    if source is None:
        return Details()
    try:
        return fetch_details(source, judged.rules, judged.verdict, record.runs, now=record.judged_at, deadline=left)
    except InterruptionError:
        raise
    except (SwanlabCiError, MemoryError, RecursionError):
        return Details(notes=(Message("report.no-details"),))


def _choose(current: CheckContext) -> GateFileChoice:
    """Choose the gate file; from now on its `report.language` counts, unless the user asked for a language."""
    choice = choose_gate_file(
        current.inputs.gates,
        current.context,
        current.forge,
        within=current.within,
        deadline=current.deadline,
        own_rules=current.inputs.own_rules,
    )
    current.options.console.suggest_language(choice.counting.gate_file.report.language)
    return choice


@dataclass(frozen=True, slots=True)
class _Judged:
    """A verdict, what it came from, and where more about the runs can be fetched (None: no runs were needed)."""

    record: CheckRecord
    verdict: Verdict
    rules: GateFile
    source: RunSource | None = None


def _decide(choice: GateFileChoice, training: Training, current: CheckContext) -> _Judged:
    """Fetch the runs and judge them, if the change needs any; raises `SwanlabCiError` where that is not possible."""
    notes = (*current.context.notes, *choice.notes, *training.notes, *_of_template(choice.counting))
    if training.exempt and not current.explained_gate:
        project = current.inputs.project or choice.counting.gate_file.project or ""
        record = replace(_record(choice.counting, current, project), notes=notes, exempt=training.exempt)
        return _Judged(record, record.judge(), choice.counting.gate_file)
    commits = (*current.context.pr_commits, *(each.commit for each in training.carried))
    current = replace(current, context=replace(current.context, pr_commits=commits))
    _must_keep_to_the_project(choice, current)
    source = source_for(current)
    judged = _judged(choice.counting, source, current, wait=current.inputs.wait)
    notes += notes_on_folder(judged.rules, judged.record.runs, current.inputs)
    proposal = None
    if choice.proposed:
        proposal = _proposal(choice.proposed, source, current, judged=judged)
        if proposal.status and current.inputs.backtest:
            proposal = replace(proposal, past=_past(choice, choice.proposed, current, judged))
    record = replace(judged.record, notes=notes, proposal=proposal, exempt=training.exempt, carried=training.carried)
    return replace(judged, record=record)


def _past(choice: GateFileChoice, proposed: LoadedGateFile, current: CheckContext, judged: _Judged) -> Message:
    from swanlab_ci.check.past.proposal import past_of_proposal  # noqa: PLC0415 - for checks that ask for it

    return past_of_proposal(choice.counting.gate_file, proposed.gate_file, current, project=judged.record.project)


def _proposal(
    proposed: LoadedGateFile, source: Callable[[GateFile], RunSource], current: CheckContext, *, judged: _Judged
) -> Proposal:
    """Judge by a pull request's own rules; they decide nothing, so nothing that they need ends the check.

    They may not look into a project that the rules which count do not read.
    """
    rules, project = proposed.gate_file, judged.record.project
    named = rules.project not in {None, project} and not current.inputs.project
    if named or rules.at(judged.rules.home).origins().keys() - {OWN, *judged.rules.origins()}:
        others = tuple(Name(each.project) for each in judged.record.others) or None
        return Proposal(reason=Message("proposal.other-project", project=Name(project), others=others))
    try:
        with part_of(current.deadline, _SHARE_OF_PROPOSAL):
            verdict = _judged(proposed, source, current, wait=0).verdict
    except InterruptionError:
        raise
    except (MemoryError, RecursionError):
        return Proposal(reason=Message("check.too-much"))
    except SwanlabCiError as error:
        return Proposal(reason=error.what)
    return Proposal(status=verdict.status, headline=wording.headline(verdict))


def _must_keep_to_the_project(choice: GateFileChoice, current: CheckContext) -> None:
    """Let a pull request's own gate file read the project that the input names, and no other with its key."""
    context, project = current.context, current.inputs.project
    judges_itself = context.ci and bool(context.pr_number or context.is_fork or context.on_pull_request)
    if choice.from_base or not (judges_itself and project):
        return
    rules = choice.counting.gate_file
    origins = rules.at(home_of(rules, current.inputs)).origins()
    message = Message("check.other-project", project=Name(project))
    problems = [place.problem(message) for origin, place in origins.items() if origin.project and place]
    if problems:
        raise ConfigurationError(
            Message("gate-file.problems", file=Name(rules.name), count=len(problems)), None, problems
        )


def _judged(
    chosen: LoadedGateFile, source_of: Callable[[GateFile], RunSource], current: CheckContext, *, wait: float
) -> _Judged:
    inputs, context = current.inputs, current.context
    rules = chosen.gate_file.at(home_of(chosen.gate_file, inputs))
    rules = gate.bind(rules, variables(context, inputs), event=context.event)
    level_cap = Level(inputs.level_cap)
    source = source_of(rules)

    def judge(runs: Sequence[Run], now: datetime) -> Verdict:
        unread = unread_of(source.others)
        return gate.judge(rules, runs, now=now, strict=inputs.strict, level_cap=level_cap, unread=unread)

    runs, verdict, now = wait_for_verdict(source, judge, limit=Deadline(wait), say=current.options.console.say)
    record = _record(chosen, current, source.project)
    record = replace(record, project_url=source.project_url, judged_at=now, runs=tuple(runs), others=source.others)
    return _Judged(record, verdict, rules, source)


def _record(chosen: LoadedGateFile, current: CheckContext, project: str) -> CheckRecord:
    """Return what is known before any run was fetched."""
    inputs, values = current.inputs, variables(current.context, current.inputs)
    return CheckRecord(
        project=project,
        project_url="",
        gate_file=inputs.gates,
        text=chosen.text,
        extends=chosen.extends,
        local=bool(inputs.local),
        variables=values,
        event=current.context.event,
        strict=inputs.strict,
        level_cap=Level(inputs.level_cap),
        judged_at=datetime.now(UTC),
        commit=str(values["head_sha"] or ""),
        runs=(),
        template=chosen.template,
    )


def _of_template(chosen: LoadedGateFile) -> tuple[Message, ...]:
    problem = chosen.template_problem
    return (template_note(problem),) if problem else ()


def _with_pull_request(current: CheckContext) -> CheckContext:
    """Let the inputs win over the event, and ask the forge for what the event does not say of the pull request."""
    inputs, context = current.inputs, current.context
    if inputs.sha:
        context = replace(context, head_sha=inputs.sha, merge_sha="", pr_commits=(inputs.sha,))
        if not is_whole_commit(inputs.sha):
            note = Message("check.abbreviated-commit", commit=Name(inputs.sha))
            context = replace(context, notes=(*context.notes, note))
    elif inputs.pr and inputs.pr != context.pr_number:  # the event's commit is not this pull request's: ask for it
        context = replace(context, head_sha="", merge_sha="", base_sha="", pr_commits=())
    context = replace(context, pr_number=inputs.pr or context.pr_number)
    if Capability.PULL_REQUESTS not in current.forge.capabilities or not context.repository:
        return replace(current, context=context)
    context, attempt = current.forge.find_pull_request(context, inputs.gates, current.deadline)
    return replace(current, context=context, attempts=(*current.attempts, *([attempt] if attempt else [])))


def _at_head(choice: GateFileChoice, current: CheckContext) -> CheckContext:
    """Check the current commit of the checkout, if the rules ask for a commit and nothing else names one."""
    context, commits = current.context, {"pr_commits", "head_sha"}
    if context.ci or context.head_sha or commits & current.inputs.variables.keys():
        return current
    head = current.options.head() if commits & choice.counting.gate_file.variables else ""
    if isinstance(head, Message):
        return replace(current, context=replace(context, notes=(*context.notes, head)))
    if not head:
        return current
    return replace(current, context=replace(context, head_sha=head, pr_commits=(head,)))


def _begin_outputs(options: CheckOptions) -> None:
    try:
        begin_outputs(options.environ, options.console.language)
    except OSError as error:
        options.console.warn(Message("publish.no-outputs", reason=reason(error)))


def _end_without_verdict(error: SwanlabCiError, current: CheckContext) -> int:
    use_reserve(current.deadline)
    context, console = current.context, current.options.console
    problems = error.problems if isinstance(error, ConfigurationError) else ()
    console.stop(error)
    for note in context.notes:
        console.say(Message("console.note", text=note))
    found = of_problems(problems or (_problem(error),), console.language)
    for line in current.forge.annotation_lines(found, console.language):
        console.command(line)
    judgement = Judgement(
        verdict=Verdict(Status.ERROR),
        judged_at=datetime.now(UTC),
        stopped=Stopped(error.what, error.advice, error.exit_code, problems),
        project=current.inputs.project,
        gate_file=current.inputs.gates,
        commit=context.head_sha,
        notes=context.notes,
    )
    publish_judgement(judgement, current)
    return judgement.exit_code


def _problem(error: SwanlabCiError) -> Problem:
    return Problem(Message("check.stopped", what=error.what, advice=error.advice))
