"""What `swanlab-ci test` says of an expectation that was not met."""

from swanlab_ci.gate.testing.cases import Mismatch, NotInBaseline
from swanlab_ci.judgement import Verdict
from swanlab_ci.messages import Key, Message, Name
from swanlab_ci.model import Status
from swanlab_ci.report.wording import gate_summary, verdict_summary


def mismatch_message(found: Mismatch | NotInBaseline) -> Message:
    """Say which expectation of a file of tests was not met."""
    if isinstance(found, NotInBaseline):
        return Message(
            "test.not-in-baseline",
            test=Name(found.test),
            run=Name(found.run),
            baseline=Key(found.baseline),
            condition=Name(found.condition),
        )
    if found.result:
        return Message(
            "test.gate-differs",
            test=Name(found.test),
            gate=Name(found.result.id),
            found=found.result.status,
            wanted=found.wanted,
            summary=gate_summary(found.result),
        )
    verdict = found.verdict or Verdict(Status.ERROR)
    return Message(
        "test.verdict-differs",
        test=Name(found.test),
        found=verdict.status,
        wanted=found.wanted,
        summary=verdict_summary(verdict),
    )
