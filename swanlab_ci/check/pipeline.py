"""The story of `check`: read what was asked, fetch the facts, judge them, tell the judgement, end with its code."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from swanlab_ci import gate
from swanlab_ci.check.bundle import Bundle
from swanlab_ci.check.gate_file import ReadGateFile, read_rules
from swanlab_ci.check.inputs import Inputs
from swanlab_ci.check.polling import wait_for_verdict
from swanlab_ci.check.variables import variables
from swanlab_ci.client import OpenApi
from swanlab_ci.errors import (
    ConfigurationError,
    InterruptionError,
    Problem,
    SwanlabCiError,
    UnavailableError,
    as_message,
)
from swanlab_ci.gate import GateFile
from swanlab_ci.judgement import Judgement, Proposal, Stopped, Verdict
from swanlab_ci.messages import Message, Name
from swanlab_ci.model import Level, Run, Status
from swanlab_ci.platforms.context import Context
from swanlab_ci.platforms.github import annotations
from swanlab_ci.platforms.github.events import read_context
from swanlab_ci.platforms.github.outputs import begin
from swanlab_ci.platforms.github.permissions import ApiAttempt
from swanlab_ci.platforms.github.summary import room
from swanlab_ci.platforms.settings import Settings
from swanlab_ci.publish.files import write_inside
from swanlab_ci.publish.order import publish
from swanlab_ci.report import render, wording
from swanlab_ci.runtime.console import Console
from swanlab_ci.runtime.deadline import Deadline
from swanlab_ci.runtime.process import ending_in_words, use_reserve
from swanlab_ci.security.files import find
from swanlab_ci.sources.base import RunSource
from swanlab_ci.sources.local import LocalSource
from swanlab_ci.sources.server import ServerSource

_MOST_KEPT, _SHARE_KEPT = 30.0, 0.2
_SHARE_AFTER_GITHUB = 0.1  # of the time for telling: a GitHub that hangs must not cost the outputs
_SHORTEST_SECRET = 16


@dataclass(frozen=True)
class CheckOptions:
    """What surrounds a check.

    `login` is where key and host may be found besides the inputs. The action gives nothing there: an earlier step could
    have written the environment. Nor may it read outside the workspace (`confined`). `form` is what goes to stdout.
    """

    environ: Mapping[str, str]
    console: Console
    login: Mapping[str, str]
    confined: bool
    form: str = "text"


@dataclass(frozen=True)
class CheckContext:
    """One check under way; `attempts` grows by what is asked of GitHub; who asks about a gate gets all runs fetched."""

    inputs: Inputs
    context: Context
    world: CheckOptions
    deadline: Deadline
    asked_about: str = ""
    attempts: list[ApiAttempt] = field(default_factory=list)

    @property
    def within(self) -> Path | None:
        """The folder outside which nothing may be read, if there is one."""
        return Path(self.context.workspace or ".") if self.world.confined else None


def check(read_inputs: Callable[[], Inputs], world: CheckOptions) -> int:
    """Judge the runs, tell the judgement, and return the exit code."""
    _begin(read_context(world.environ, read_event=lambda _path: ""), world.console)  # first of all, before any reading
    context = read_context(world.environ)
    try:
        inputs = read_inputs()
    except ConfigurationError as stop:
        deadline = Deadline(_MOST_KEPT)
        with ending_in_words(deadline):
            return _end_without_verdict(stop, CheckContext(Inputs(), context, world, deadline))
    for secret in (inputs.api_key, inputs.github_token):
        world.console.hide(secret, tell_runner=bool(context.ci))
    deadline = Deadline(inputs.timeout + inputs.wait, kept=min(_MOST_KEPT, _SHARE_KEPT * inputs.timeout))
    with ending_in_words(deadline):
        return _judge_and_tell(CheckContext(inputs, context, world, deadline))


def fetch(read_inputs: Callable[[], Inputs], world: CheckOptions, gate_id: str) -> Bundle:
    """Do all of `check` but the telling, with all runs of the project and a gate of this id.

    Raises `SwanlabCiError`.
    """
    inputs = read_inputs()
    world.console.hide(inputs.api_key, tell_runner=False)
    deadline = Deadline(inputs.timeout + inputs.wait)
    with ending_in_words(deadline):
        return decide(
            _completed(CheckContext(inputs, read_context(world.environ), world, deadline, asked_about=gate_id))
        )[1]


def _judge_and_tell(job: CheckContext) -> int:
    try:
        job = _completed(job)
        judgement, bundle = decide(job)
    except InterruptionError:
        raise  # whoever interrupted waits for the end, not for a comment
    except SwanlabCiError as stop:
        return _end_without_verdict(stop, job)
    except MemoryError:
        return _end_without_verdict(
            UnavailableError("There is too much to read or to judge.", "Select fewer runs."), job
        )
    use_reserve(job.deadline)
    _keep(bundle, job)
    _tell(judgement, job)
    return judgement.exit_code


def decide(job: CheckContext) -> tuple[Judgement, Bundle]:
    """Read the gate file, fetch the runs, judge them; raises `SwanlabCiError` where that cannot be."""
    inputs, context = job.inputs, job.context
    rules = read_rules(inputs.gates, context, token=inputs.github_token, within=job.within, deadline=job.deadline)
    job.attempts.extend(rules.attempts)
    if job.asked_about:
        gate.named(rules.counting.gate_file, job.asked_about)
    source_for = _source_for(job)
    bundle, verdict = _judged(rules.counting, source_for, job, wait=inputs.wait)
    notes = (*context.notes, *rules.notes)
    proposal = None
    if rules.proposed:
        proposal = _proposal(rules.proposed, source_for, job, project=bundle.project)
    bundle = replace(bundle, notes=tuple(map(as_message, notes)), proposal=proposal)
    return bundle.judgement(verdict), bundle


def _proposal(
    proposed: ReadGateFile, source_for: Callable[[GateFile], RunSource], job: CheckContext, *, project: str
) -> Proposal:
    """Judge by a pull request's own rules; they decide nothing, so no error of theirs ends the check.

    Nor may they look into another project with the key of this one.
    """
    if proposed.gate_file.project not in {None, project} and not job.inputs.project:
        return Proposal(reason=Message("proposal.other-project", project=Name(project)))
    try:
        _, verdict = _judged(proposed, source_for, job, wait=0)
    except InterruptionError:
        raise
    except SwanlabCiError as stop:
        return Proposal(reason=stop.what)
    return Proposal(status=verdict.status, headline=wording.headline(verdict))


def _judged(
    chosen: ReadGateFile, source_for: Callable[[GateFile], RunSource], job: CheckContext, *, wait: float
) -> tuple[Bundle, Verdict]:
    inputs, context = job.inputs, job.context
    values = variables(context, inputs.run_ids)
    rules = gate.bind(chosen.gate_file, values, event=context.event)
    level_cap = Level(inputs.level_cap)

    def judge(runs: Sequence[Run], now: datetime) -> Verdict:
        return gate.judge(rules, runs, now=now, strict=inputs.strict, level_cap=level_cap)

    source = source_for(rules)
    runs, verdict, now = wait_for_verdict(source, judge, limit=Deadline(wait), say=job.world.console.say)
    bundle = Bundle(
        project=source.project,
        project_url=source.project_url,
        gate_file=inputs.gates,
        text=chosen.text,
        extends=chosen.extends,
        variables=values,
        event=context.event,
        strict=inputs.strict,
        level_cap=level_cap,
        judged_at=now,
        commit=context.head_sha,
        runs=runs,
    )
    return bundle, verdict


def _source_for(job: CheckContext) -> Callable[[GateFile], RunSource]:
    """Return who tells of the runs for a gate file: the folder `local`, or SwanLab through one client."""
    inputs, say = job.inputs, job.world.console.say
    if inputs.local:
        folder = find(inputs.local, within=job.within)
        return lambda rules: LocalSource(folder, inputs.project or rules.project or "", say=say)
    client = _client(job)

    def evidence(rules: GateFile) -> RunSource:
        project = inputs.project or rules.project or _no_project(inputs.gates)
        return ServerSource(client, project, rules, whole=bool(job.asked_about), say=say)

    return evidence


def _no_project(gate_file: str) -> str:
    raise ConfigurationError(
        "No project is named.", f"Write `project: workspace/project` into {gate_file}, or set `project` beside `gates`."
    )


def _client(job: CheckContext) -> OpenApi:
    inputs, console = job.inputs, job.world.console
    return OpenApi(
        inputs.api_key,
        host=inputs.host,
        web_host=inputs.web_host,
        allow_http=inputs.allow_http,
        environ=job.world.login,
        deadline=job.deadline,
        progress=console.progress,
        on_secret=lambda secret: _hide_session(secret, job),
    )


def _hide_session(secret: str, job: CheckContext) -> None:
    """Hide a session's id, unless it is so short that a server could hide our own words by it."""
    if len(secret) >= _SHORTEST_SECRET:
        job.world.console.hide(secret, tell_runner=bool(job.context.ci))


def _completed(job: CheckContext) -> CheckContext:
    """Let what the workflow's author wrote win over the event, and GitHub tell what the event does not."""
    inputs, context = job.inputs, job.context
    if inputs.sha:
        context = replace(context, head_sha=inputs.sha, merge_sha="", pr_commits=(inputs.sha,))
    elif inputs.pr and inputs.pr != context.pr_number:  # the event's commit is another's; GitHub tells this one's
        context = replace(context, head_sha="", merge_sha="", base_sha="", pr_commits=())
    context = replace(context, pr_number=inputs.pr or context.pr_number)
    if inputs.github_token and context.api_url and context.repository:
        from swanlab_ci.platforms.github.pull_request import find_pull_request  # noqa: PLC0415 - requests, on GitHub only

        context, attempt = find_pull_request(context, token=inputs.github_token, deadline=job.deadline)
        job.attempts.extend([attempt] if attempt else [])
    return replace(job, context=context)


def _begin(context: Context, console: Console) -> None:
    try:
        begin(context)
    except OSError as error:
        console.say(f"warning: the outputs cannot be written: {error.strerror}.")


def _end_without_verdict(stop: SwanlabCiError, job: CheckContext) -> int:
    use_reserve(job.deadline)
    context, console = job.context, job.world.console
    problems = stop.problems if isinstance(stop, ConfigurationError) else ()
    console.stop(stop)
    for note in context.notes:
        console.say(f"note: {note}")
    for command in annotations.for_problems(problems or (Problem(as_message(str(stop))),)) if context.ci else ():
        console.command(command)
    judgement = Judgement(
        verdict=Verdict(Status.ERROR),
        judged_at=datetime.now(UTC),
        stopped=Stopped(stop.what, stop.advice, stop.exit_code, problems),
        project=job.inputs.project,
        gate_file=job.inputs.gates,
        commit=context.head_sha,
        notes=tuple(map(as_message, context.notes)),
    )
    _tell(judgement, job)
    return judgement.exit_code


def _tell(judgement: Judgement, job: CheckContext) -> None:
    inputs, context, console = job.inputs, job.context, job.world.console
    rendering = render(judgement, redact=console.redact, summary_bytes=room(context), colour=console.colour)
    if job.world.form != "text" or judgement.verdict.gates:  # without gates, all has been said on stderr
        console.document(rendering.in_form(job.world.form))
    rest = job.deadline.without_reserve().left()
    published = publish(
        judgement,
        rendering,
        context,
        _settings(inputs),
        deadline=Deadline(rest, kept=_SHARE_AFTER_GITHUB * rest),
        redact=console.redact,
        attempts=job.attempts,
    )
    for command in published.commands:
        console.command(command)
    for warning in published.warnings:
        console.say(f"warning: {warning}")
    if published.comment_url:
        console.say(f"comment: {published.comment_url}")


def _keep(bundle: Bundle, job: CheckContext) -> None:
    name, console = job.inputs.bundle, job.world.console
    if name:
        try:
            write_inside(name, console.redact(bundle.written()), workspace=job.context.workspace)
        except (OSError, ValueError, RuntimeError) as error:  # RuntimeError: nested too deep, links in a loop
            reason = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
            console.say(f"warning: The bundle was not written to {name}: {reason}.")


def _settings(inputs: Inputs) -> Settings:
    return Settings(
        github_token=inputs.github_token,
        comment=inputs.comment,
        comment_key=inputs.comment_key,
        report_dir=inputs.report_dir,
        status_context=inputs.status_context,
    )
