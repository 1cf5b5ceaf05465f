"""Forges: what they know about a change, and where a verdict is published on them; this module alone chooses one."""

from collections.abc import Callable, Mapping
from pathlib import Path

from swanlab_ci.messages import Language, Message
from swanlab_ci.platforms.base import ApiAttempt, Forge
from swanlab_ci.platforms.context import Context
from swanlab_ci.platforms.findings import Health, Observation
from swanlab_ci.platforms.github import events, outputs
from swanlab_ci.platforms.github.dispatch import dispatcher
from swanlab_ci.platforms.gitlab import variables
from swanlab_ci.platforms.nowhere import Nowhere
from swanlab_ci.platforms.training import Notifier, TrainingEnd
from swanlab_ci.runtime.deadline import Deadline

__all__ = [
    "ApiAttempt",
    "Notifier",
    "TrainingEnd",
    "begin_outputs",
    "examine",
    "forge_of",
    "is_job",
    "notifier_of",
    "read_context",
]


def is_job(environ: Mapping[str, str]) -> bool:
    """Return whether this process runs in a job of a forge that is known here."""
    return events.is_job(environ) or variables.is_job(environ)


def begin_outputs(environ: Mapping[str, str], language: Language) -> None:
    """Write that nothing has passed yet, before anything else is read; raises `OSError`."""
    outputs.begin(environ, language)


def read_context(environ: Mapping[str, str]) -> Context:
    """Read the context of this run; never raises, its `notes` say what is missing."""
    return variables.read_context(environ) if variables.is_job(environ) else events.read_context(environ)


def forge_of(context: Context, token: str, environ: Mapping[str, str]) -> Forge:
    """Return the forge on which this run takes place; `token` is for its API, else one that it finds in `environ`."""
    make = _FORGES.get(context.ci)
    return make(context, token, environ) if make else Nowhere(environ)


def _github(context: Context, token: str, _environ: Mapping[str, str]) -> Forge:
    from swanlab_ci.platforms.github.forge import GitHubForge  # noqa: PLC0415 - one forge is enough

    return GitHubForge(context, token)


def _gitlab(context: Context, token: str, environ: Mapping[str, str]) -> Forge:
    from swanlab_ci.platforms.gitlab.forge import GitLabForge  # noqa: PLC0415 - same

    return GitLabForge(context, token, environ)


_FORGES: dict[str, Callable[[Context, str, Mapping[str, str]], Forge]] = {"github": _github, "gitlab": _gitlab}


def examine(
    environ: Mapping[str, str], folder: Path, *, branch: str, check: str, deadline: Deadline
) -> list[Observation]:
    """Return whether the forge requires the gate, and what can skip it silently; never raises."""
    if variables.is_job(environ):
        return [Observation("required", Health.UNKNOWN, Message("gitlab.not-examined"))]
    from swanlab_ci.platforms.github import examination  # noqa: PLC0415 - one forge is enough

    return examination.examine(environ, folder, branch=branch, check=check, deadline=deadline)


def notifier_of(environ: Mapping[str, str]) -> Notifier | None:
    """Return what reports the end of a training to the forge that `environ` names; None without an address or token."""
    return dispatcher(environ)
