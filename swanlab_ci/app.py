"""The story of `check`: read what was asked, fetch the facts, judge them, tell the judgement, end with its code."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from swanlab_ci import gate
from swanlab_ci.console import Console
from swanlab_ci.context import Context, read_context, variables
from swanlab_ci.deadline import Deadline
from swanlab_ci.errors import BadConfiguration, Interrupted, Problem, Stop
from swanlab_ci.evidence import Evidence
from swanlab_ci.gate import GateFile
from swanlab_ci.inputs import Inputs
from swanlab_ci.model import Judgement, Run, Status, Verdict
from swanlab_ci.openapi import OpenApi
from swanlab_ci.process import ending_in_words
from swanlab_ci.publish import Settings, annotations, begin, publish, room
from swanlab_ci.report import Rendering, render
from swanlab_ci.text import log_json
from swanlab_ci.waiting import settled
from swanlab_ci.workspace import read_beside, read_text

_MOST_KEPT, _SHARE_KEPT = 30.0, 0.2


@dataclass(frozen=True)
class World:
    """What surrounds a check.

    `login` is where key and host may be found besides the inputs. The action gives nothing there: an earlier step could
    have written the environment. Nor may it read outside the workspace (`confined`). `form` is what goes to stdout.
    """

    environ: Mapping[str, str]
    console: Console
    login: Mapping[str, str]
    confined: bool
    form: str = "text"


def check(read_inputs: Callable[[], Inputs], world: World) -> int:
    """Judge the runs, tell the judgement, and return the exit code."""
    context = read_context(world.environ)
    _begin(context, world.console)
    try:
        inputs = read_inputs()
    except BadConfiguration as stop:
        return _end_without_verdict(stop, Inputs(), context, world, Deadline(_MOST_KEPT))
    context = _as_told(context, inputs)
    for secret in (inputs.api_key, inputs.github_token):
        world.console.hide(secret, tell_runner=bool(context.ci))
    deadline = Deadline(inputs.timeout + inputs.wait, kept=min(_MOST_KEPT, _SHARE_KEPT * inputs.timeout))
    with ending_in_words(deadline):
        return _judge_and_tell(inputs, context, world, deadline)


def _judge_and_tell(inputs: Inputs, context: Context, world: World, deadline: Deadline) -> int:
    try:
        judgement = decide(inputs, context, world, deadline)
    except Interrupted:
        raise  # whoever interrupted waits for the end, not for a comment
    except Stop as stop:
        return _end_without_verdict(stop, inputs, context, world, deadline)
    _tell(judgement, inputs, context, world, deadline)
    return judgement.verdict.exit_code


def decide(inputs: Inputs, context: Context, world: World, deadline: Deadline) -> Judgement:
    """Read the gate file, fetch the runs, judge them; raises `Stop` where that cannot be."""
    gate_file = _bound(_gate_file(inputs, context, world), inputs, context)
    project = inputs.project or gate_file.project or _no_project(inputs.gates)
    evidence = Evidence(_client(inputs, context, world, deadline), project, gate_file)

    def judge(runs: Sequence[Run], now: datetime) -> Verdict:
        return gate.judge(gate_file, runs, now=now, strict=inputs.strict)

    runs, verdict = settled(evidence, judge, limit=Deadline(inputs.wait), say=world.console.say)
    return Judgement(
        verdict=verdict,
        judged_at=datetime.now(UTC),
        project=project,
        project_url=evidence.project_url,
        gate_file=inputs.gates,
        commit=context.head_sha,
        runs_fetched=len(runs),
        notes=context.notes,
    )


def _as_told(context: Context, inputs: Inputs) -> Context:
    """Let what the workflow's author wrote win over what the event tells."""
    if inputs.sha:
        context = replace(context, head_sha=inputs.sha, merge_sha="", pr_commits=(inputs.sha,))
    return replace(context, pr_number=inputs.pr or context.pr_number)


def _begin(context: Context, console: Console) -> None:
    try:
        begin(context)
    except OSError as error:
        console.say(f"warning: the outputs cannot be written: {error.strerror}.")


def _gate_file(inputs: Inputs, context: Context, world: World) -> GateFile:
    within = Path(context.workspace or ".") if world.confined else None
    text = read_text(inputs.gates, within=within)
    return gate.load(text, name=inputs.gates, read=read_beside(inputs.gates, within=within))


def _bound(gate_file: GateFile, inputs: Inputs, context: Context) -> GateFile:
    return gate.bind(gate_file, variables(context, inputs.run_ids), event=context.event or "command line")


def _no_project(gate_file: str) -> str:
    raise BadConfiguration(
        "No project is named.", f"Write `project: workspace/project` into {gate_file}, or set the input `project`."
    )


def _client(inputs: Inputs, context: Context, world: World, deadline: Deadline) -> OpenApi:
    return OpenApi(
        inputs.api_key,
        inputs.host,
        web_host=inputs.web_host,
        allow_http=inputs.allow_http,
        environ=world.login,
        deadline=deadline,
        progress=world.console.progress,
        on_secret=lambda secret: world.console.hide(secret, tell_runner=bool(context.ci)),
    )


def _end_without_verdict(stop: Stop, inputs: Inputs, context: Context, world: World, deadline: Deadline) -> int:
    problems = stop.problems if isinstance(stop, BadConfiguration) else ()
    world.console.stop(stop)
    for command in annotations.for_problems(problems or (Problem(str(stop)),)) if context.ci else ():
        world.console.command(command)
    judgement = Judgement(
        verdict=Verdict(Status.ERROR, stop.what, stop.advice),
        judged_at=datetime.now(UTC),
        project=inputs.project,
        gate_file=inputs.gates,
        commit=context.head_sha,
        notes=(*map(str, problems), *context.notes),
    )
    _tell(judgement, inputs, context, world, deadline)
    return stop.exit_code


def _tell(judgement: Judgement, inputs: Inputs, context: Context, world: World, deadline: Deadline) -> None:
    console = world.console
    rendering = render(judgement, redact=console.redact, summary_bytes=room(context), colour=console.colour)
    _print(judgement, rendering, world)
    settings = Settings(
        github_token=inputs.github_token,
        comment=inputs.comment,
        comment_key=inputs.comment_key,
        report_dir=inputs.report_dir,
    )
    published = publish(
        judgement, rendering, context, settings, deadline=deadline.without_reserve(), redact=console.redact
    )
    for command in published.commands:
        console.command(command)
    for warning in published.warnings:
        console.say(f"warning: {warning}")
    if published.comment_url:
        console.say(f"comment: {published.comment_url}")


def _print(judgement: Judgement, rendering: Rendering, world: World) -> None:
    forms = {"text": rendering.text, "markdown": rendering.summary, "json": log_json(rendering.json)}
    if world.form != "text" or judgement.verdict.gates:  # without gates, all has been said on stderr
        world.console.document(forms[world.form])
