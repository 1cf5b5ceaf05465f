"""Forges: what they know about a change, and where a verdict is published on them; this module alone chooses one."""

from collections.abc import Callable, Mapping

from swanlab_ci.messages import Language
from swanlab_ci.platforms.base import ApiAttempt, Forge
from swanlab_ci.platforms.context import Context
from swanlab_ci.platforms.github import events, outputs
from swanlab_ci.platforms.github.dispatch import dispatcher
from swanlab_ci.platforms.github.forge import GitHubForge
from swanlab_ci.platforms.nowhere import Nowhere
from swanlab_ci.platforms.training import Notifier, TrainingEnd, change_of

__all__ = [
    "ApiAttempt",
    "Notifier",
    "TrainingEnd",
    "begin_outputs",
    "change_of",
    "forge_of",
    "notifier_of",
    "read_context",
]

_FORGES: dict[str, Callable[[Context, str, Mapping[str, str]], Forge]] = {
    "github": lambda context, token, _environ: GitHubForge(context, token),
}


def begin_outputs(environ: Mapping[str, str], language: Language) -> None:
    """Write that nothing has passed yet, before anything else is read; raises `OSError`."""
    outputs.begin(environ, language)


def read_context(environ: Mapping[str, str]) -> Context:
    """Read the context of this run; never raises, its `notes` say what is missing."""
    return events.read_context(environ)


def forge_of(context: Context, token: str, environ: Mapping[str, str]) -> Forge:
    """Return the forge on which this run takes place; `token` is for its API, else one of `environ`."""
    forge = _FORGES.get(context.ci)
    return forge(context, token, environ) if forge else Nowhere()


def notifier_of(environ: Mapping[str, str]) -> Notifier | None:
    """Return what reports the end of a training to the forge that `environ` names; None without an address or token."""
    return dispatcher(environ)
