"""What Gitea and Forgejo are asked about a change: its commits, where these begin, and the files of a commit.

A comparison does not name the merge base, but the parents of its commits lead to it.
"""

from collections.abc import Callable

from swanlab_ci.messages import Message, Name
from swanlab_ci.platforms.api import ForgeError, attempted
from swanlab_ci.platforms.base import ApiAttempt
from swanlab_ci.platforms.changes import CommitRange, Tree
from swanlab_ci.platforms.compared import below_workspace, must_be_commits, read_tree
from swanlab_ci.platforms.context import Context
from swanlab_ci.platforms.gitea.api import Gitea
from swanlab_ci.platforms.payload import Payload
from swanlab_ci.platforms.tree_changes import TreeChanges
from swanlab_ci.runtime.deadline import Deadline

_NEEDS = "contents: read"
_MOST_PAGES = 10  # of a tree, each of 1,000 entries by default
_MOST_BASES = 3


class GiteaChanges(TreeChanges):
    """Asks the API that `connect` returns about a change; see `base.ChangeReader` for the methods."""

    def __init__(self, connect: Callable[[Context, Deadline], Gitea]) -> None:
        super().__init__()
        self._connect = connect

    def commit_range(self, context: Context, deadline: Deadline) -> tuple[CommitRange | None, ApiAttempt]:
        """Ask for the commits between the base commit of the event and the head, and find where they begin."""
        gitea = self._connect(context, deadline)
        return attempted(Message("forge.compare"), _NEEDS, lambda: _range(gitea, context), None)

    def earlier_commits(
        self, _context: Context, change: CommitRange, _deadline: Deadline
    ) -> tuple[CommitRange, ApiAttempt | None]:
        """Return `change`, which holds them."""
        return change, None

    def tree(self, context: Context, commit: str, deadline: Deadline) -> tuple[Tree | None, ApiAttempt]:
        """Ask for all pages of the tree of a commit; an answer that lacks a part is refused."""
        gitea = self._connect(context, deadline)
        return attempted(
            Message("forge.read-tree", commit=Name(commit[:7])), _NEEDS, lambda: _tree(gitea, commit), None
        )

    def paths_in_repository(self, context: Context, file: str, _deadline: Deadline) -> tuple[str, ...]:
        """Return the path below the workspace, where the repository is checked out."""
        return below_workspace(context, file)


def _range(gitea: Gitea, context: Context) -> CommitRange:
    must_be_commits(context)
    head = context.head_sha
    parents = _commits(gitea, context.base_sha, head)
    if not parents:
        return CommitRange(head, head, head, earlier=())  # the base has all of it
    if head not in parents:
        raise ForgeError(0, Message("forge.answer-incomplete", forge=gitea.name))
    begins = list(dict.fromkeys(sha for found in parents.values() for sha in found if sha not in parents))
    parted = context.base_sha if context.base_sha in begins else _newest(gitea, begins)
    return CommitRange(parted, head, head, earlier=tuple(sha for sha in parents if sha != head))


def _commits(gitea: Gitea, base: str, head: str) -> dict[str, tuple[str, ...]]:
    """Return the parents of each commit of `head` that `base` does not have, newest first."""
    answer = Payload(gitea.get(f"{gitea.repository}/compare/{base}...{head}"))
    listed, found = answer.at("commits"), dict[str, tuple[str, ...]]()
    for commit in listed if isinstance(listed, list) else ():
        parents = Payload(commit).at("parents")
        each = [Payload(parent).sha("sha") for parent in parents] if isinstance(parents, list) else [""]
        found[Payload(commit).sha("sha")] = tuple(each)
    complete = answer.at("total_commits") == len(found) and all(all((sha, *each)) for sha, each in found.items())
    if not complete:
        raise ForgeError(0, Message("forge.answer-incomplete", forge=gitea.name))
    return found


def _newest(gitea: Gitea, begins: list[str]) -> str:
    """Return the one of several commits that has all others in its history: where the base was merged last."""
    for one in begins if len(begins) <= _MOST_BASES else ():
        if not any(_commits(gitea, one, other) for other in begins if other != one):
            return one
    raise ForgeError(0, Message("git.no-merge-base"))


def _tree(gitea: Gitea, commit: str) -> Tree:
    entries: list[object] = []
    for page in range(1, _MOST_PAGES + 1):
        answer = Payload(gitea.get(f"{gitea.repository}/git/trees/{commit}", recursive="true", page=page))
        listed = answer.at("tree")
        entries += listed if isinstance(listed, list) else [None]
        if answer.at("truncated") is False:
            if answer.at("total_count") not in {None, len(entries)}:
                raise ForgeError(0, Message("forge.answer-incomplete", forge=gitea.name))
            return read_tree(gitea, entries)
        if not listed:
            break
    raise ForgeError(0, Message("forge.tree-truncated", forge=gitea.name))
