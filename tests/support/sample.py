"""The sample of the embedded SwanLab, made once and copied for each test, because a test may change its own."""

import pickle
from datetime import UTC, datetime
from functools import lru_cache

from swanlab_ci.sandbox import Store, sample_store


def sample(moment: datetime | None = None) -> Store:
    """Return what `sample_store` returns; drawing the noise of its curves takes seven times as long as a copy."""
    moment = moment or datetime.now(UTC).replace(second=0, microsecond=0)
    store = Store()
    users, workspaces, projects = pickle.loads(_made(moment))  # noqa: S301 - our own
    store.users |= users
    store.workspaces |= workspaces
    for project in projects:
        store.add_project(project)
    return store


@lru_cache(maxsize=4)
def _made(moment: datetime) -> bytes:
    made = sample_store(moment)
    return pickle.dumps((made.users, made.workspaces, [*made.projects.values()]))
