"""The sticky comment: at most one of ours on a pull request for each key, and always the newest run's.

Two runs can write at the same time, and GitHub has no conditional edit for comments. So a run that wrote lists the
comments again after everything else is published: of several of ours the lowest id stays, with the text of the newest
run, and the others are deleted. One case is left: an older run whose edit comes after the last look of a newer run.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from swanlab_ci.messages import Message
from swanlab_ci.platforms.base import Publication
from swanlab_ci.platforms.context import Context
from swanlab_ci.platforms.github.api import GitHub, GitHubError

_REMEMBERED = 10
_LOOKS = 3
_GREEN = frozenset({"pass", "warn"})
_MARKER = re.compile(
    r"<!-- swanlab-ci:(?P<key>\S+) run=(?P<run>\d{1,18})\.(?P<attempt>\d{1,9}) sha=[0-9a-f]* -->\n"
    r"<!-- state=(?P<state>[0-9a-f]{16}) told=(?P<history>[a-z0-9:,]*) -->\n"
)
_VERDICT = re.compile(r"(pass|warn|fail|pending|error):([0-9a-f]{7})(?![^,])")
_NOT_FOUND = 404
_GITHUB_TOKEN_IS = "github-actions[bot]"  # noqa: S105 - a login, no secret


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment of ours; `history` are the verdicts that it remembers with their short commits, newest first."""

    id: int
    body: str
    run: tuple[int, int]
    state: str
    history: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Written:
    """Where the comment is, a notice about it, and the text that was written; empty if it was left alone."""

    url: str = ""
    notice: Message | None = None
    body: str = ""


@dataclass(slots=True, kw_only=True)
class StickyComment:
    """The comment of `publication` on the pull request of `context`."""

    github: GitHub
    context: Context
    publication: Publication
    _us: str = field(default="", init=False)

    def write(self) -> Written:
        """Write or edit the comment where its mode asks for it; `settle` has to follow.

        `on-change`: the verdict or a gate's status differs from the comment's. `on-problem`: the verdict is not green,
        or was not green last time. Raises `GitHubError`.
        """
        ours = self._ours()
        last = ours[0] if ours else None
        if any(comment.run > self._run() for comment in ours):
            return Written(notice=Message("github.newer-comment"))
        if not _wanted(self.publication, last):
            return Written(self._url(last.id) if last else "")
        body = self._body(last)
        number = (self._edit(last, body) if last else None) or self._create(body)
        return Written(self._url(number), body=body)

    def settle(self, written: Written) -> str:
        """Make one of several comments, with the text of the newest run, and return its address.

        Meanwhile an older run may have written over ours, or another run may have created a comment too. A comment that
        was deleted is not written again. Raises `GitHubError`.
        """
        url = ""
        for _ in range(_LOOKS):
            ours = self._ours()
            if not ours:
                return ""
            keep, newest = ours[0], max(ours, key=lambda comment: comment.run)
            url = self._url(keep.id)
            if keep is not newest or keep.run < self._run():
                self._edit(keep, written.body if newest.run <= self._run() else newest.body)
            for twin in ours[1:]:
                self._delete(twin)
            if keep is newest and keep.run >= self._run():
                break
        return url

    def _edit(self, comment: Comment, body: str) -> int | None:
        try:
            self.github.send("PATCH", self._path(comment.id), {"body": body})
        except GitHubError as refusal:
            if refusal.status != _NOT_FOUND:
                raise
            return None  # somebody deleted it meanwhile
        return comment.id

    def _create(self, body: str) -> int:
        return _id(self.github.send("POST", self._comments(), {"body": body}))

    def _delete(self, comment: Comment) -> None:
        try:
            self.github.send("DELETE", self._path(comment.id))
        except GitHubError as refusal:
            if refusal.status != _NOT_FOUND:  # the other run was faster
                raise

    def _ours(self) -> list[Comment]:
        """Find the comments that start with our marker and were written by us, lowest id first."""
        marked = [(item, match) for item in self.github.pages(self._comments()) if (match := self._marked(item))]
        if marked and not self._us:
            self._us = _who_we_are(self.github)
        ours = [_comment(item, match) for item, match in marked if _author(item) == self._us]
        return sorted(ours, key=lambda comment: comment.id)

    def _marked(self, item: Any) -> re.Match[str] | None:
        body = item.get("body") if isinstance(item, dict) else None
        match = _MARKER.match(body.replace("\r\n", "\n")) if isinstance(body, str) else None
        return match if match and match["key"] == self.publication.comment_key else None

    def _body(self, last: Comment | None) -> str:
        now = (self.publication.verdict, self.context.head_sha[:7])
        before = [verdict for verdict in (last.history if last else ()) if verdict != now]
        history = [now, *before][:_REMEMBERED]
        run, attempt = self._run()
        previous = self.publication.history(history[1:])
        return (
            f"<!-- swanlab-ci:{self.publication.comment_key} run={run}.{attempt} sha={self.context.head_sha} -->\n"
            f"<!-- state={self.publication.gates} told={','.join(f'{verdict}:{sha}' for verdict, sha in history)} -->\n"
            f"{self.publication.comment}\n" + (f"\n{previous}\n" if previous else "")
        )

    def _run(self) -> tuple[int, int]:
        return self.context.run_id or 0, self.context.run_attempt

    def _comments(self) -> str:
        return f"/repos/{self.context.repository}/issues/{self.context.pr_number}/comments"

    def _path(self, number: int) -> str:
        return f"/repos/{self.context.repository}/issues/comments/{number}"

    def _url(self, number: int) -> str:
        context = self.context
        return f"{context.server_url}/{context.repository}/pull/{context.pr_number}#issuecomment-{number}"


def _wanted(publication: Publication, last: Comment | None) -> bool:
    if publication.comment_mode == "on-change":
        return not last or last.state != publication.gates
    if publication.comment_mode == "on-problem":
        return publication.verdict not in _GREEN or bool(last and last.history and last.history[0][0] not in _GREEN)
    return True


def _comment(item: dict[str, Any], match: re.Match[str]) -> Comment:
    return Comment(
        id=_id(item),
        body=item["body"],
        run=(int(match["run"]), int(match["attempt"])),
        state=match["state"],
        history=tuple(_VERDICT.findall(match["history"]))[:_REMEMBERED],
    )


def _id(item: Any) -> int:
    number = item.get("id") if isinstance(item, dict) else None
    if not isinstance(number, int):
        raise GitHubError(0, Message("github.no-comment-id"))
    return number


def _author(item: dict[str, Any]) -> str:
    user = item.get("user")
    return str(user.get("login")) if isinstance(user, dict) else ""


def _who_we_are(github: GitHub) -> str:
    """Return the login of the token. A GITHUB_TOKEN may not ask `GET /user`, but every token may ask GraphQL.

    Where that is refused too, the token counts as a GITHUB_TOKEN: at worst a comment of ours is not found.
    """
    try:
        viewer = github.graphql("query { viewer { login } }").get("viewer")
    except GitHubError:
        viewer = None
    login = viewer.get("login") if isinstance(viewer, dict) else None
    return login if isinstance(login, str) else _GITHUB_TOKEN_IS
