"""What the stories share: a gate file, and how a command line ended."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from swanlab_ci.sandbox import Sandbox

GATES = """\
project: my-team/resnet
runs: {git.commit: $pr_commits}
gates:
  - name: Smoke run finished
    runs: {labels: smoke}
    expect: {state: FINISHED}
  - name: Training settings are sane
    runs: {labels: eval}
    expect: {config.lr: {min: 1e-5, max: 1e-2}}
"""


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found


CommandLine = Callable[..., Ended]


def move_runs(sandbox: Sandbox, old: str, new: str) -> None:
    """Let the runs of a commit be those of another one."""
    for project in sandbox.store.projects.values():
        for run in project.runs:
            if old in json.dumps(run.metadata):
                run.metadata = json.loads(json.dumps(run.metadata).replace(old, new))
                run.changed()
