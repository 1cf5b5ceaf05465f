"""What the stories of a misbehaving GitHub share: both verdicts, and whether one was told."""

from collections.abc import Callable

import pytest
from support.runner import Runner
from support.story import Ended

from swanlab_ci.sandbox import FIXED_COMMIT, PULL_REQUEST_COMMIT

Act = Callable[..., Ended]
VERDICTS = pytest.mark.parametrize(("commit", "code"), [(FIXED_COMMIT, 0), (PULL_REQUEST_COMMIT, 1)])


def told(runner: Runner, ended: Ended) -> bool:
    """Whether outputs and summary tell the verdict that the exit code tells."""
    verdict = {0: "pass", 1: "fail", 2: "error", 3: "error"}[ended.code]
    passed = {"verdict": verdict, "passed": "true" if ended.code == 0 else "false"}
    return runner.outputs.items() >= passed.items() and runner.summary.lstrip().startswith("## ")
