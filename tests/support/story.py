"""What the stories share: a gate file, and how a command line ended."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

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
