"""How a selection narrowed the runs down, step by step, as messages."""

from collections.abc import Iterable

from swanlab_ci.judgement import FunnelStep, GateResult
from swanlab_ci.messages import Message, Name


def funnel(gate: GateResult) -> Message:
    """Say how many runs each step of the selection left: `10 runs → labels smoke: 4 → state FINISHED: 0`."""
    return funnel_of(gate.runs_considered, gate.funnel)


def funnel_of(considered: int, steps: Iterable[FunnelStep]) -> Message:
    """Say how many of `considered` runs each of `steps` left."""
    return Message(
        "funnel.whole",
        runs=considered,
        steps=tuple(Message("funnel.step", condition=step_condition(each), runs=each.runs) for each in steps),
    )


def step_condition(step: FunnelStep) -> Message:
    """Name one step of a selection."""
    match step.kind:
        case "newest":
            return Message("funnel.newest", number=Name(step.condition))
        case "latest":
            return Message("funnel.latest", fields=Name(step.condition))
        case "best":
            return Message("funnel.best", best=Name(step.condition))
        case "not_tested":
            return Message("funnel.not-tested", group=Name(step.condition))
        case _:
            pass
    return Message("funnel.condition", condition=Name(step.condition))
