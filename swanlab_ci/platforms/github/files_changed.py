"""What GitHub is asked about a change: where it left the base branch, its commits, and the files of a commit.

The requests are those of GitHub's "Compare two commits" and "Get a tree". A comparison names at most 300 files and no
mode, so only the trees of two commits say what differs.
"""

from dataclasses import replace
from typing import Any

from swanlab_ci.messages import Message, Name
from swanlab_ci.platforms.api import ForgeError, attempted
from swanlab_ci.platforms.base import ApiAttempt
from swanlab_ci.platforms.changes import CommitRange, Tree, TreeEntry
from swanlab_ci.platforms.context import Context
from swanlab_ci.platforms.github.api import GitHub
from swanlab_ci.platforms.paths import inside_repository
from swanlab_ci.platforms.payload import SHA, Payload
from swanlab_ci.runtime.deadline import Deadline

_NEEDS = "contents: read"
_FOLDER = "040000"


class GitHubChanges:
    """Asks GitHub about a change, with `token`; see `base.ChangeReader` for the methods."""

    def __init__(self, token: str) -> None:
        self._token = token

    def commit_range(self, context: Context, deadline: Deadline) -> tuple[CommitRange | None, ApiAttempt]:
        """Ask where the pull request left the base branch.

        On a merge queue its own commits are exact, and nothing is asked. Else the base commit of the event is compared,
        and not the branch: a tag could have the name of the branch.
        """
        github = self._api(context, deadline)
        return attempted(Message("forge.compare"), _NEEDS, lambda: _range(github, context), None)

    def earlier_commits(
        self, context: Context, change: CommitRange, deadline: Deadline
    ) -> tuple[CommitRange | None, ApiAttempt | None]:
        """Ask for the commits of the pull request, if `change` does not hold them."""
        if change.earlier is not None:
            return change, None
        github = self._api(context, deadline)

        def asked() -> CommitRange:
            return replace(change, earlier=_compared(github, context, change.base, change.evidence).earlier)

        return attempted(Message("forge.compare"), _NEEDS, asked, None)

    def tree(self, context: Context, commit: str, deadline: Deadline) -> tuple[Tree | None, ApiAttempt]:
        """Ask for the tree of the commit; an answer that lacks a part is refused."""
        github = self._api(context, deadline)
        what = Message("forge.read-tree", commit=Name(commit[:7]))
        return attempted(what, _NEEDS, lambda: _tree(github, context, commit), None)

    def paths_in_repository(self, context: Context, file: str, _deadline: Deadline) -> tuple[str, ...]:
        """Return the path below the workspace, where the repository is checked out."""
        try:
            return ("/".join(inside_repository(context, file)),)
        except ForgeError:
            return ()

    def _api(self, context: Context, deadline: Deadline) -> GitHub:
        return GitHub(context.api_url, context.graphql_url, self._token, deadline)


def _range(github: GitHub, context: Context) -> CommitRange:
    if not all(map(SHA.fullmatch, (context.base_sha, context.head_sha))):
        raise ForgeError(0, Message("forge.commits-unknown"))
    if context.event == "merge_group":
        return CommitRange(context.base_sha, context.head_sha, context.pr_commits[-1])
    return _compared(github, context, context.base_sha, context.head_sha)


def _compared(github: GitHub, context: Context, base: str, head: str) -> CommitRange:
    """Compare two commits; asked without a page, GitHub gives the newest 250 commits, the newest of all last."""
    answer = Payload(github.get(f"/repos/{context.repository}/compare/{base}...{head}"))
    parted, commits, files = answer.sha("merge_base_commit.sha"), answer.at("commits"), answer.at("files")
    if not (parted and isinstance(commits, list) and isinstance(files, list)):
        raise ForgeError(0, Message("forge.answer-incomplete", forge=github.name))
    earlier = [Payload(commit).sha("sha") for commit in reversed(commits)]
    seen = [path for file in files for path in _paths(file)]
    return CommitRange(parted, head, head, tuple(seen), tuple(sha for sha in earlier if sha not in {"", head}))


def _paths(file: Any) -> list[str]:
    """Return both names of a file that was renamed."""
    given = Payload(file)
    return [path for path in (given.at("previous_filename"), given.at("filename")) if isinstance(path, str)]


def _tree(github: GitHub, context: Context, commit: str) -> Tree:
    answer = Payload(github.get(f"/repos/{context.repository}/git/trees/{commit}", recursive="1"))
    entries = answer.at("tree")
    if answer.at("truncated") is not False:
        raise ForgeError(0, Message("forge.tree-truncated", forge=github.name))
    found: dict[str, TreeEntry] = {}
    for entry in entries if isinstance(entries, list) else [None]:
        path, mode, content = (Payload(entry).at(name) for name in ("path", "mode", "sha"))
        texts = isinstance(path, str) and isinstance(mode, str) and isinstance(content, str)
        if not (texts and path and mode and content) or path in found:
            raise ForgeError(0, Message("forge.answer-incomplete", forge=github.name))
        found[path] = TreeEntry(mode, content)
    return {path: entry for path, entry in found.items() if entry.mode != _FOLDER}
