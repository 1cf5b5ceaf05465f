"""List a project with `swanlab_ci.OpenApi`."""

from collections.abc import Callable

from swanlab_ci import OpenApi


def prepare(workspace: str, project: str) -> Callable[[], int]:
    """Return what is measured: login and list, and how many runs came."""
    return lambda: len(OpenApi().list_experiments(project, workspace).unwrap())
