"""List a project with `swanlab.OpenApi` of SDK 0.7.20, the last that has it."""

from collections.abc import Callable

from swanlab import OpenApi  # type: ignore[import-not-found]  # lives in an environment of its own


def prepare(workspace: str, project: str) -> Callable[[], int]:
    """Return what is measured: login and list, and how many runs came."""
    return lambda: len(OpenApi().list_experiments(project, workspace).data)
