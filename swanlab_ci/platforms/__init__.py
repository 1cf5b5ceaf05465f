"""Forges: what they know about a change, and where a verdict is published on them; this module alone chooses one."""

from collections.abc import Mapping

from swanlab_ci.messages import Language
from swanlab_ci.platforms.base import Forge
from swanlab_ci.platforms.context import Context
from swanlab_ci.platforms.github import events, outputs
from swanlab_ci.platforms.github.forge import GitHubForge
from swanlab_ci.platforms.nowhere import Nowhere


def begin_outputs(environ: Mapping[str, str], language: Language) -> None:
    """Write that nothing has passed yet, before anything else is read; raises `OSError`."""
    outputs.begin(environ, language)


def read_context(environ: Mapping[str, str]) -> Context:
    """Read the context of this run; never raises, its `notes` say what is missing."""
    return events.read_context(environ)


def forge_of(context: Context, token: str) -> Forge:
    """Return the forge on which this run takes place; `token` is for its API."""
    return GitHubForge(context, token) if context.ci == "github" else Nowhere()
