"""What a forge with GitHub's form of API is asked about a change: its commits and their files.

The requests are those of GitHub's "Compare two commits" and "Get a tree". A comparison names at most 300 files and no
mode, so only the trees of two commits say what differs.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from swanlab_ci.messages import Message, Name
from swanlab_ci.platforms.api import ForgeApi, ForgeError, attempted
from swanlab_ci.platforms.base import ApiAttempt
from swanlab_ci.platforms.changes import CommitRange, Tree, TreeEntry
from swanlab_ci.platforms.context import Context
from swanlab_ci.platforms.paths import inside_repository
from swanlab_ci.platforms.payload import SHA, Payload
from swanlab_ci.platforms.tree_changes import TreeChanges
from swanlab_ci.runtime.deadline import Deadline

_FOLDER = "040000"


class ComparedChanges(TreeChanges):
    """Asks the API that `connect` returns; `needs` is the right that it takes. See `base.ChangeReader`."""

    def __init__(self, connect: Callable[[Context, Deadline], ForgeApi], needs: str) -> None:
        super().__init__()
        self._connect = connect
        self._needs = needs

    def commit_range(self, context: Context, deadline: Deadline) -> tuple[CommitRange | None, ApiAttempt]:
        """Ask where the pull request left the base branch.

        On a merge queue its own commits are exact, and nothing is asked. Else the base commit of the event is compared,
        and not the branch: a tag could have the name of the branch.
        """
        api = self._connect(context, deadline)
        return attempted(Message("forge.compare"), self._needs, lambda: _range(api, context), None)

    def earlier_commits(
        self, context: Context, change: CommitRange, deadline: Deadline
    ) -> tuple[CommitRange | None, ApiAttempt | None]:
        """Ask for the commits of the pull request, if `change` does not hold them."""
        if change.earlier is not None:
            return change, None
        api = self._connect(context, deadline)

        def asked() -> CommitRange:
            return replace(change, earlier=_compared(api, context, change.base, change.evidence).earlier)

        return attempted(Message("forge.compare"), self._needs, asked, None)

    def tree(self, context: Context, commit: str, deadline: Deadline) -> tuple[Tree | None, ApiAttempt]:
        """Ask for the tree of the commit; an answer that lacks a part is refused."""
        api = self._connect(context, deadline)
        what = Message("forge.read-tree", commit=Name(commit[:7]))
        return attempted(what, self._needs, lambda: _tree(api, context, commit), None)

    def paths_in_repository(self, context: Context, file: str, _deadline: Deadline) -> tuple[str, ...]:
        """Return the path below the workspace, where the repository is checked out."""
        return below_workspace(context, file)


def must_be_commits(context: Context) -> None:
    """Raise `ForgeError` unless base and head are full hashes."""
    if not all(map(SHA.fullmatch, (context.base_sha, context.head_sha))):
        raise ForgeError(0, Message("forge.commits-unknown"))


def _range(api: ForgeApi, context: Context) -> CommitRange:
    must_be_commits(context)
    if context.event == "merge_group":
        return CommitRange(context.base_sha, context.head_sha, context.pr_commits[-1])
    return _compared(api, context, context.base_sha, context.head_sha)


def _compared(api: ForgeApi, context: Context, base: str, head: str) -> CommitRange:
    """Compare two commits; asked without a page, GitHub gives the newest 250 commits, the newest of all last."""
    answer = Payload(api.get(f"/repos/{context.repository}/compare/{base}...{head}"))
    parted, commits, files = answer.sha("merge_base_commit.sha"), answer.at("commits"), answer.at("files")
    if not (parted and isinstance(commits, list) and isinstance(files, list)):
        raise ForgeError(0, Message("forge.answer-incomplete", forge=api.name))
    earlier = [Payload(commit).sha("sha") for commit in reversed(commits)]
    seen = [path for file in files for path in _paths(file)]
    return CommitRange(parted, head, head, tuple(seen), tuple(sha for sha in earlier if sha not in {"", head}))


def _paths(file: Any) -> list[str]:
    """Return both names of a file that was renamed."""
    given = Payload(file)
    return [path for path in (given.at("previous_filename"), given.at("filename")) if isinstance(path, str)]


def _tree(api: ForgeApi, context: Context, commit: str) -> Tree:
    answer = Payload(api.get(f"/repos/{context.repository}/git/trees/{commit}", recursive="1"))
    if answer.at("truncated") is not False:
        raise ForgeError(0, Message("forge.tree-truncated", forge=api.name))
    return read_tree(api, answer.at("tree"))


def below_workspace(context: Context, file: str) -> tuple[str, ...]:
    """Return the path of `file` below the workspace; none if it leads out."""
    try:
        return ("/".join(inside_repository(context, file)),)
    except ForgeError:
        return ()


def read_tree(api: ForgeApi, entries: object) -> Tree:
    """Read the entries of a tree in GitHub's form, folders left out; raises `ForgeError` if any part is missing."""
    found: dict[str, TreeEntry] = {}
    for entry in entries if isinstance(entries, list) else [None]:
        path, mode, content = (Payload(entry).at(name) for name in ("path", "mode", "sha"))
        texts = isinstance(path, str) and isinstance(mode, str) and isinstance(content, str)
        if not (texts and path and mode and content) or path in found:
            raise ForgeError(0, Message("forge.answer-incomplete", forge=api.name))
        found[path] = TreeEntry(mode, content)
    return {path: entry for path, entry in found.items() if entry.mode != _FOLDER}
