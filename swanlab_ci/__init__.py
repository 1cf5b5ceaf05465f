"""Merge gates for machine-learning experiments; the public names are loaded when first used."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from swanlab_ci.client import ApiResponse, Experiment, OpenApi, Project
    from swanlab_ci.training.recording import record

__version__ = "1.0.0"
__all__ = ["ApiResponse", "Experiment", "OpenApi", "Project", "__version__", "record"]


def __getattr__(name: str) -> Any:
    """Load a public name for who asks for it: `import swanlab_ci` alone stays free of requests."""
    if name == "record":
        from swanlab_ci.training import recording  # noqa: PLC0415 - the point of this function

        return recording.record
    if name in __all__:
        from swanlab_ci import client as openapi  # noqa: PLC0415 - the point of this function

        return getattr(openapi, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
