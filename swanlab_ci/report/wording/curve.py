"""What a curve is, in words: the largest rise of train/loss, the mean of the last 10 points of val/acc."""

from collections.abc import Callable

from swanlab_ci.judgement import CurveFacts
from swanlab_ci.messages import Message, Name, Param, Quantity
from swanlab_ci.report.wording.expectation import expectation

_PERCENT = 100


def described(field: str, curve: CurveFacts | None) -> Param:
    """Return the name of a field; of a curve, or what is made from one, with what the curve is."""
    return Message("curve.described", field=Name(field), what=_what(curve), at=curve.at) if curve else Name(field)


def _what(curve: CurveFacts) -> Message:
    share = float(curve.last[:-1]) / _PERCENT if curve.last.endswith("%") else None
    points = Message(
        "curve.points",
        of=Name(curve.of),
        last=int(curve.last) if curve.last and share is None else None,
        share=None if share is None else Quantity(share, curve.last),
        from_step=curve.from_step,
        to_step=curve.to_step,
    )
    if curve.condition:
        return Message("curve.first-step", points=points, condition=expectation(curve.condition))
    return _TAKEN[curve.take](points)


_TAKEN: dict[str, Callable[[Message], Message]] = {
    "mean": lambda points: Message("curve.mean", points=points),
    "median": lambda points: Message("curve.median", points=points),
    "min": lambda points: Message("curve.min", points=points),
    "max": lambda points: Message("curve.max", points=points),
    "stdev": lambda points: Message("curve.stdev", points=points),
    "first": lambda points: Message("curve.first", points=points),
    "last": lambda points: Message("curve.last", points=points),
    "count": lambda points: Message("curve.count", points=points),
    "not_finite": lambda points: Message("curve.not-finite", points=points),
    "max_rise": lambda points: Message("curve.max-rise", points=points),
    "max_drop": lambda points: Message("curve.max-drop", points=points),
    "slope": lambda points: Message("curve.slope", points=points),
    "area": lambda points: Message("curve.area", points=points),
}
