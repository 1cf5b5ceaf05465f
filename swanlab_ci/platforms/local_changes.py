"""What a change is on a command line, which asks git: from where a commit left the default branch, to that commit."""

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from swanlab_ci.messages import Message, Name
from swanlab_ci.platforms.base import ApiAttempt
from swanlab_ci.platforms.changes import CommitRange, Tree
from swanlab_ci.platforms.context import Context
from swanlab_ci.platforms.git import Checkout, GitError
from swanlab_ci.platforms.tree_changes import TreeChanges
from swanlab_ci.runtime.deadline import Deadline

_MOST_COMMITS = 250
T = TypeVar("T")


class LocalChanges(TreeChanges):
    """Asks git about the checkout around the current folder; see `base.ChangeReader` for the methods."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        super().__init__()
        self._environ = environ

    def commit_range(self, context: Context, deadline: Deadline) -> tuple[CommitRange | None, ApiAttempt]:
        """Ask where the commit left the base; a clone without its whole history cannot say that."""
        git = Checkout(self._environ, deadline)

        def asked() -> CommitRange:
            if git.is_shallow():
                raise GitError(Message("git.shallow"))
            if git.is_dirty():
                raise GitError(Message("git.dirty"))
            head = git.commit(context.head_sha or "HEAD")
            base = context.base_sha or git.default_branch()
            if not base:
                raise GitError(Message("git.no-default-branch"))
            return CommitRange(git.merge_base(git.commit(base), head), head, head)

        return _attempted(Message("forge.compare"), asked)

    def earlier_commits(
        self, _context: Context, change: CommitRange, deadline: Deadline
    ) -> tuple[CommitRange | None, ApiAttempt]:
        """Ask for the commits of the change before its last."""

        def asked() -> CommitRange:
            commits = Checkout(self._environ, deadline).commits(change.base, change.head, _MOST_COMMITS)
            return replace(change, earlier=tuple(commit for commit in commits if commit != change.head))

        return _attempted(Message("forge.compare"), asked)

    def tree(self, _context: Context, commit: str, deadline: Deadline) -> tuple[Tree | None, ApiAttempt]:
        """Read the files of `commit`."""
        git = Checkout(self._environ, deadline)
        return _attempted(Message("forge.read-tree", commit=Name(commit[:7])), lambda: git.tree(commit))

    def paths_in_repository(self, _context: Context, file: str, deadline: Deadline) -> tuple[str, ...]:
        """Return the paths below the top of the checkout that lead to `file`: as named, and with links followed."""
        try:
            top = Checkout(self._environ, deadline).top()
        except GitError:
            return ()
        named = os.path.relpath(os.path.abspath(file), top)  # noqa: PTH100 - `resolve` would follow links
        followed = os.path.relpath(os.path.realpath(file), os.path.realpath(top))
        found = dict.fromkeys(Path(path).as_posix() for path in (named, followed))
        return tuple(path for path in found if path != ".." and not path.startswith("../"))


def _attempted(what: Message, ask: Callable[[], T]) -> tuple[T | None, ApiAttempt]:
    try:
        return ask(), ApiAttempt(what, "")
    except GitError as error:
        return None, ApiAttempt(what, "", error.why)
