"""Forges: what they tell about a change, and where a verdict is published on them."""

from swanlab_ci.platforms.base import Forge
from swanlab_ci.platforms.context import Context
from swanlab_ci.platforms.github.forge import GitHubForge
from swanlab_ci.platforms.nowhere import Nowhere


def forge_of(context: Context, token: str) -> Forge:
    """Return the forge on which this run takes place; `token` is for its API."""
    return GitHubForge(context, token) if context.ci == "github" else Nowhere()
