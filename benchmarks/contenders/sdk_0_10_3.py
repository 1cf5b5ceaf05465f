"""List a project with `swanlab.Api` of SDK 0.10.3."""

from collections.abc import Callable

from swanlab import Api  # type: ignore[import-not-found]  # lives in an environment of its own


def prepare(workspace: str, project: str) -> Callable[[], int]:
    """Return what is measured: login and list page by page, and how many runs came."""
    return lambda: len(list(Api().runs_get(f"{workspace}/{project}", all=True)))
