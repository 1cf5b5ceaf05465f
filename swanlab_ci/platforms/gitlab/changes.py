"""What GitLab is asked about a change: the stored versions of a merge request's diff, which no later push changes.

A diff names both paths and both modes of a file. It says itself whether it is whole: by the state and the size of a
version, and by the flag of a comparison.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from swanlab_ci.messages import Message, Name
from swanlab_ci.platforms.api import ForgeError, attempted
from swanlab_ci.platforms.base import ApiAttempt
from swanlab_ci.platforms.changes import CommitDifference, CommitRange, FileKind, kind_of
from swanlab_ci.platforms.compared import below_workspace, must_be_commits
from swanlab_ci.platforms.context import Context
from swanlab_ci.platforms.gitlab.api import READING, GitLab
from swanlab_ci.platforms.payload import Payload
from swanlab_ci.runtime.deadline import Deadline

_WHOLE = "collected"
_NONE = "0"  # the mode of a file that is not there, with or without more zeros


class GitLabChanges:
    """Asks the API that `connect` returns about a merge request; see `base.ChangeReader` for the methods."""

    def __init__(self, connect: Callable[[Context, Deadline], GitLab]) -> None:
        self._connect = connect
        self._known: dict[tuple[str, str], CommitDifference] = {}

    def commit_range(self, context: Context, deadline: Deadline) -> tuple[CommitRange | None, ApiAttempt]:
        """Ask for the version of the diff that ends at the head; it comes with its commits and its files."""
        gitlab = self._connect(context, deadline)
        return attempted(Message("forge.compare"), READING, lambda: self._version(gitlab, context), None)

    def earlier_commits(
        self, _context: Context, change: CommitRange, _deadline: Deadline
    ) -> tuple[CommitRange, ApiAttempt | None]:
        """Return `change`, which holds them."""
        return change, None

    def difference(
        self, context: Context, old: str, new: str, deadline: Deadline
    ) -> tuple[CommitDifference | None, tuple[ApiAttempt, ...]]:
        """Compare two commits, unless the merge request's version has said it already."""
        if known := self._known.get((old, new)):
            return known, ()
        gitlab = self._connect(context, deadline)
        found, attempt = attempted(Message("forge.compare"), READING, lambda: _compared(gitlab, old, new), None)
        return found, (attempt,)

    def paths_in_repository(self, context: Context, file: str, _deadline: Deadline) -> tuple[str, ...]:
        """Return the path below the workspace, where the repository is checked out."""
        return below_workspace(context, file)

    def _version(self, gitlab: GitLab, context: Context) -> CommitRange:
        must_be_commits(context)
        base, head = context.base_sha, context.head_sha
        path = f"{gitlab.project}/merge_requests/{context.pr_number}/versions"
        newest = next((each for each in map(Payload, gitlab.pages(path)) if each.sha("head_commit_sha") == head), None)
        if newest is None or newest.sha("base_commit_sha") != base:  # it was pushed to, or got another target branch
            raise ForgeError(0, Message("gitlab.no-version", base=Name(base[:7]), head=Name(head[:7])))
        version = Payload(gitlab.get(f"{path}/{newest.number('id')}"))
        files, commits = version.at("diffs"), version.at("commits")
        if not (isinstance(files, list) and isinstance(commits, list)):
            raise ForgeError(0, Message("forge.answer-incomplete", forge=gitlab.name))
        same = (version.sha("head_commit_sha"), version.sha("base_commit_sha")) == (head, base)
        if not same or version.text("state") != _WHOLE or version.text("real_size") != str(len(files)):
            raise ForgeError(0, Message("gitlab.diff-not-whole"))
        found = self._known[base, head] = _difference(gitlab, files)
        earlier = (Payload(commit).sha("id") for commit in commits)
        seen = tuple(path for path, _ in found.files)
        return CommitRange(base, head, head, seen, tuple(sha for sha in earlier if sha not in {"", head}))


def _compared(gitlab: GitLab, old: str, new: str) -> CommitDifference:
    query = {"from": old, "to": new, "straight": "true"}
    answer = Payload(gitlab.get(f"{gitlab.project}/repository/compare", **query))
    if answer.at("compare_timeout") is not False:
        raise ForgeError(0, Message("gitlab.diff-not-whole"))
    return _difference(gitlab, answer.at("diffs"))


def _difference(gitlab: GitLab, files: Any) -> CommitDifference:
    """Read the files of a diff; a path with two entries, such as a file in place of a link, has the modes of both."""
    modes: dict[str, set[str]] = {}
    for path, found in _entries(gitlab, files):
        modes.setdefault(path, set()).update(found)
    kinds = ((path, kind_of(found)) for path, found in sorted(modes.items()))
    return CommitDifference(tuple((path, FileKind(kind)) for path, kind in kinds))


def _entries(gitlab: GitLab, files: Any) -> Iterator[tuple[str, Iterable[str]]]:
    for file in files if isinstance(files, list) else [None]:
        given = Payload(file)
        old, new, before, after = (given.at(name) for name in ("old_path", "new_path", "a_mode", "b_mode"))
        if not all(isinstance(text, str) and text for text in (old, new, before, after)):
            raise ForgeError(0, Message("forge.answer-incomplete", forge=gitlab.name))
        found = [mode for mode in (before, after) if mode.strip(_NONE)]
        yield from ((path, found) for path in dict.fromkeys((old, new)))
