"""Forges: what they know about a change, and where a verdict is published on them; this module alone chooses one."""

from collections.abc import Callable, Mapping
from pathlib import Path

from swanlab_ci.messages import Language, Message
from swanlab_ci.platforms.base import ApiAttempt, Forge
from swanlab_ci.platforms.context import Context
from swanlab_ci.platforms.findings import Health, Observation
from swanlab_ci.platforms.github import outputs
from swanlab_ci.platforms.github.dispatch import dispatcher
from swanlab_ci.platforms.jobs import is_job, read_context
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


def begin_outputs(environ: Mapping[str, str], language: Language) -> None:
    """Write that nothing has passed yet, before anything else is read; raises `OSError`."""
    outputs.begin(environ, language)


def forge_of(context: Context, token: str, environ: Mapping[str, str]) -> Forge:
    """Return the forge on which this run takes place; `token` is for its API, else one that it finds in `environ`."""
    make = _FORGES.get(context.ci)
    return make(context, token, environ) if make else Nowhere(environ)


def _github(context: Context, token: str, _environ: Mapping[str, str]) -> Forge:
    from swanlab_ci.platforms.github.forge import GitHubForge  # noqa: PLC0415 - one forge is enough

    return GitHubForge(context, token)


def _gitea(context: Context, token: str, _environ: Mapping[str, str]) -> Forge:
    from swanlab_ci.platforms.gitea.forge import GiteaForge  # noqa: PLC0415 - same

    return GiteaForge(context, token)


def _v5(context: Context, token: str, environ: Mapping[str, str]) -> Forge:
    from swanlab_ci.platforms.gitee.forge import GiteeForge  # noqa: PLC0415 - same

    return GiteeForge(context, token, environ)


def _gitlab(context: Context, token: str, environ: Mapping[str, str]) -> Forge:
    from swanlab_ci.platforms.gitlab.forge import GitLabForge  # noqa: PLC0415 - same

    return GitLabForge(context, token, environ)


_FORGES: dict[str, Callable[[Context, str, Mapping[str, str]], Forge]] = {
    "github": _github,
    **dict.fromkeys(("gitea", "forgejo"), _gitea),
    "gitlab": _gitlab,
    **dict.fromkeys(("gitee", "gitcode"), _v5),
}


def examine(
    environ: Mapping[str, str], folder: Path, *, branch: str, check: str, deadline: Deadline
) -> list[Observation]:
    """Return whether the forge requires the gate, and what can skip it silently; never raises."""
    if read_context(environ).ci not in {"", "github"}:
        return [Observation("required", Health.UNKNOWN, Message("forge.not-examined"))]
    from swanlab_ci.platforms.github import examination  # noqa: PLC0415 - one forge is enough

    return examination.examine(environ, folder, branch=branch, check=check, deadline=deadline)


def notifier_of(environ: Mapping[str, str]) -> Notifier | None:
    """Return what reports the end of a training to the forge that `environ` names; None without an address or token."""
    return dispatcher(environ)
