"""A SwanLab server with one large project, and the runs that a gate file gets from it."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any

from swanlab_ci import gate
from swanlab_ci.client.reader import connect
from swanlab_ci.model import Run
from swanlab_ci.sandbox import Sandbox, Store
from swanlab_ci.sandbox.storage.store import StoredProject, StoredRun, StoredUser, StoredWorkspace
from swanlab_ci.sources.server import ServerSource

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
COMMIT = "a" * 40
NEWEST = 3


def make_run(number: int, **parts: Any) -> StoredRun:
    """Make one of many runs; the first few are of the pull request and of the label `eval`."""
    new = number < NEWEST
    commit = COMMIT if new else f"{number:040x}"
    sent = {
        "cuid": f"run{number:05}",
        "name": f"seed-{number}",
        "username": "ada",
        "state": "FINISHED",
        "created_at": "2026-01-01T00:00:00.000Z",
        "labels": ["eval"] if new else ["release"] if number < 2 * NEWEST else [],
        "config": {"commit": {"value": commit, "desc": "", "sort": 0}},
        "metadata": {"git": {"commit": commit, "branch": "main", "remote_url": ""}},
        "series": {"acc": [[0, 0.5, 1_000], [1, 0.9, 2_000]], "loss": [[0, 0.1, 1_000]]},
    }
    return StoredRun(**sent | parts)


def make_store(*runs: StoredRun) -> Store:
    """Put `runs` into the project `team/resnet`."""
    store = Store()
    store.add_user(StoredUser(username="ada", name="Ada", api_key="k" * 21))
    store.add_workspace(StoredWorkspace(username="team", name="Team", type="TEAM", members={"ada": "OWNER"}))
    project = StoredProject(
        cuid="p", name="resnet", workspace="team", created_at="2026-01-01T00:00:00.000Z", runs=list(runs)
    )
    store.add_project(project)
    return store


class SwanLab:
    """A sandbox, and the requests it received while runs were fetched."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    def fetch(self, text: str, **options: Any) -> tuple[Run, ...]:
        """Return the runs fetched for the gate file `text`."""
        rules = gate.bind(gate.load(text, name="gates.yml"), {"pr_commits": (COMMIT,)}, event="pull_request")
        reader = connect({}, api_key=self.sandbox.api_key, host=self.sandbox.url)
        return ServerSource(reader, "team/resnet", rules, **options).fetch(NOW)

    @property
    def asked(self) -> Counter[str]:
        """How often each kind of request came, by the end of its path."""
        return Counter(request.path.rpartition("/")[2] for request in self.sandbox.requests)
