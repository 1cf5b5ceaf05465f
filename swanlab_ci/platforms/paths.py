"""Paths of files as a forge's API spells them: from the top of the repository."""

import posixpath

from swanlab_ci.messages import Message
from swanlab_ci.platforms.api import ForgeError
from swanlab_ci.platforms.context import Context


def inside_repository(context: Context, path: str) -> list[str]:
    """Return the parts of `path`, relative to the workspace or absolute inside it; raises `ForgeError` if it leads out.

    In an address, `..` would lead to another repository.
    """
    root = context.workspace or "/"
    parts = posixpath.relpath(posixpath.join(root, path), root).split("/")
    if ".." in parts:
        raise ForgeError(0, Message("forge.path-outside"))
    return parts
