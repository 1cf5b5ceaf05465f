"""A judgement and its facts for every kind of report that people look at."""

import itertools
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from support import every_kind
from support.example import GATES, GREEN, Example, example, green, red, run
from swanlab_ci import insight
from swanlab_ci.insight import Details, Insight
from swanlab_ci.judgement import Judgement
from swanlab_ci.messages import Message
from swanlab_ci.model import Point

TEXTS: Final[dict[str, str]] = json.loads((Path(__file__).parents[1] / "hostile" / "hostile.json").read_text("utf-8"))
_WAIVER: Final = """\
waivers:
  - gate: smoke-run-finished
    until: 2026-12-31
    reason: The smoke machine is being replaced, @ml-team agreed.
"""

Kind = tuple[Judgement, Insight]


def _of(found: Example) -> Kind:
    return found.judgement(), found.insight


def _waived() -> Kind:
    return _of(example(GREEN, lr=0.0012, smoke="CRASHED", text=GATES + _WAIVER))


def _within_noise() -> Kind:
    ends = ((0.931, 0.262), (0.911, 0.271), (0.899, 0.268))
    return _of(example(ends, lr=0.0012, smoke="FINISHED"))


def _pending() -> Kind:
    return _of(example(GREEN, lr=0.0012, smoke="RUNNING"))


def _error() -> Kind:
    text = GATES.replace("config.lr: {min: 1e-5, max: 0.01}", "config.dataset: {min: 3}")
    return _of(example(GREEN, lr=0.0012, smoke="FINISHED", text=text))


def _forty_gates() -> Kind:
    more = "".join(
        f"  - name: Setting {number} is as agreed\n    runs: {{labels: evaluation, git.branch: $head_branch}}\n"
        f"    expect: {{config.lr: {{max: {0.001 if number % 4 == 0 else 1}}}}}\n"
        for number in range(33)
    )
    return _of(example(text=GATES + more))


def _many_runs() -> Kind:
    extra = tuple(
        run(f"sweep-{number:04}", age=10 + number / 100, config={"lr": 0.05, "seed": number, "dataset": "cifar10"})
        for number in range(4990)
    )
    return _of(example(extra=extra))


def hostile() -> Kind:
    """Return a report in which every text that somebody can write is each of the hostile texts."""
    texts = [text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") for text in TEXTS.values()]
    extra = tuple(
        replace(
            run(f"x{number}", age=20 + number, config={"lr": text, text: text, "dataset": text, "seed": number}),
            name=text,
            requirements={text: text, "torch": text},
        )
        for number, text in enumerate(texts)
    )
    found = example(extra=extra)
    points = (Point(0, 1.0), Point(9, 2.0))
    details = Details(curves={**(found.details.curves or {}), **{each.id: {"val/acc": points} for each in extra}})
    facts = found._replace(details=details).insight
    models = itertools.cycle(found.verdict.gates)
    gates = tuple(replace(next(models), name=text, why=text, file=text) for text in texts)
    rows = tuple(replace(row, gate=number) for number in range(len(gates)) for row in facts.rows[:1])
    metric = replace(facts.metrics[0], label="".join(texts))
    facts = replace(
        facts,
        baseline="".join(texts),
        rows=rows,
        metrics=(metric,),
        columns=tuple(texts),
        curves=tuple(replace(each, metric=metric) for each in facts.curves),
        notes=tuple(Message("text", text=text) for text in texts),
    )
    verdict = replace(found.verdict, gates=gates)
    return found.judgement(verdict=verdict, gate_file="".join(texts), commit=texts[0]), facts


def _every_status() -> Kind:
    judgement = every_kind.every_kind()
    return judgement, insight.of_verdict(judgement.verdict)


def _stopped() -> Kind:
    return every_kind.EVERY["stopped"](), Insight()


KINDS: Final[dict[str, Callable[[], Kind]]] = {
    "red": lambda: _of(red()),
    "green": lambda: _of(green()),
    "pending": _pending,
    "error": _error,
    "stopped": _stopped,
    "waived": _waived,
    "within-noise": _within_noise,
    "no-baseline": lambda: _of(example(baseline=False)),
    "every-status": _every_status,
    "forty-gates": _forty_gates,
    "many-runs": _many_runs,
    "hostile": hostile,
}
