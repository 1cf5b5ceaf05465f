"""The sticky comment: at most one of ours on a pull request for each key, and always the newest run's.

Two runs can meet. GitHub has no conditional edit for comments, so whoever wrote looks again when all else is told: of
several of ours the lowest id stays, with the words of the newest run, and the others go. What is left is an older run
that takes longer from its look to its edit than a newer one from its edit to its last look.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from swanlab_ci.judgement import Judgement
from swanlab_ci.model import Status
from swanlab_ci.platforms.context import Context
from swanlab_ci.platforms.github.api import GitHub, GitHubRefused
from swanlab_ci.report import Report
from swanlab_ci.report.presentation import ICONS

_REMEMBERED = 10
_LOOKS = 3
_GREEN = frozenset({"pass", "warn"})
_MARKER = re.compile(
    r"<!-- swanlab-ci:(?P<key>\S+) run=(?P<run>\d{1,18})\.(?P<attempt>\d{1,9}) sha=[0-9a-f]* -->\n"
    r"<!-- state=(?P<state>[0-9a-f]{16}) told=(?P<told>[a-z0-9:,]*) -->\n"
)
_TOLD = re.compile(r"(pass|warn|fail|pending|error):([0-9a-f]{7})(?![^,])")
_NOT_FOUND = 404
_GITHUB_TOKEN_IS = "github-actions[bot]"  # noqa: S105 - a login, no secret


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment of ours; `told` are the verdicts it remembers with their short commits, newest first."""

    id: int
    body: str
    run: tuple[int, int]
    state: str
    history: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Written:
    """Where the comment is, a notice (either may be empty), and what was written; empty if it was left alone."""

    url: str = ""
    notice: str = ""
    body: str = ""


@dataclass(slots=True, kw_only=True)
class StickyComment:
    """The comment with `key` on the pull request of `context`; `redact` sees what it tells last."""

    github: GitHub
    context: Context
    key: str
    redact: Callable[[str], str]
    _us: str = field(default="", init=False)

    def tell(self, judgement: Judgement, rendering: Report, *, mode: str) -> Written:
        """Bring the comment up to date where `mode` wants it; `settle` has to follow.

        `mode` is always, on-change (the verdict or a gate's status is another than the comment says) or on-problem (not
        green, or was not green last time). Raises `GitHubRefused`.
        """
        ours = self._ours()
        last = ours[0] if ours else None
        if any(comment.run > self._run() for comment in ours):
            return Written(notice="The comment on the pull request tells of a newer run and was left as it is.")
        if not _wanted(mode, judgement, last):
            return Written(self._url(last.id) if last else "")
        body = self._body(judgement, rendering, last)
        number = (self._edit(last, body) if last else None) or self._create(body)
        return Written(self._url(number), body=body)

    def settle(self, written: Written) -> str:
        """Make one of several comments, with the words of the newest run, and return its address.

        An older run may have written over ours meanwhile, or another have started a comment when we did. One that is
        gone stays so. Raises `GitHubRefused`.
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
        except GitHubRefused as refusal:
            if refusal.status != _NOT_FOUND:
                raise
            return None  # somebody deleted it meanwhile
        return comment.id

    def _create(self, body: str) -> int:
        return _id(self.github.send("POST", self._comments(), {"body": body}))

    def _delete(self, comment: Comment) -> None:
        try:
            self.github.send("DELETE", self._path(comment.id))
        except GitHubRefused as refusal:
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
        return match if match and match["key"] == self.key else None

    def _body(self, judgement: Judgement, rendering: Report, last: Comment | None) -> str:
        now = (judgement.verdict.status.value, self.context.head_sha[:7])
        before = [verdict for verdict in (last.history if last else ()) if verdict != now]
        told = [now, *before][:_REMEMBERED]
        run, attempt = self._run()
        return (
            f"<!-- swanlab-ci:{self.key} run={run}.{attempt} sha={self.context.head_sha} -->\n"
            f"<!-- state={_state(judgement)} told={','.join(f'{verdict}:{sha}' for verdict, sha in told)} -->\n"
            f"{self.redact(rendering.comment)}\n{_history(told[1:])}"
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


def _wanted(mode: str, judgement: Judgement, last: Comment | None) -> bool:
    if mode == "on-change":
        return not last or last.state != _state(judgement)
    if mode == "on-problem":
        return judgement.verdict.status not in _GREEN or bool(
            last and last.history and last.history[0][0] not in _GREEN
        )
    return True


def _state(judgement: Judgement) -> str:
    gates = sorted((gate.id, gate.group, gate.status.value) for gate in judgement.verdict.gates)
    return hashlib.sha256(repr((judgement.verdict.status.value, gates)).encode()).hexdigest()[:16]


def _history(told: list[tuple[str, str]]) -> str:
    """Show the verdicts before this one; they are read back in a closed form only, whoever edited the comment."""
    return (
        f"\n<sub>Before: {' · '.join(f'{ICONS[Status(verdict)]} `{sha}`' for verdict, sha in told)}</sub>\n"
        if told
        else ""
    )


def _comment(item: dict[str, Any], match: re.Match[str]) -> Comment:
    return Comment(
        id=_id(item),
        body=item["body"],
        run=(int(match["run"]), int(match["attempt"])),
        state=match["state"],
        history=tuple(_TOLD.findall(match["told"]))[:_REMEMBERED],
    )


def _id(item: Any) -> int:
    number = item.get("id") if isinstance(item, dict) else None
    if not isinstance(number, int):
        raise GitHubRefused(0, "GitHub's answer has no comment id")
    return number


def _author(item: dict[str, Any]) -> str:
    user = item.get("user")
    return str(user.get("login")) if isinstance(user, dict) else ""


def _who_we_are(github: GitHub) -> str:
    """Ask whose token we have; a GITHUB_TOKEN may not ask `GET /user`, GraphQL tells everyone.

    Where even that is refused it is taken for the GITHUB_TOKEN: at worst a comment of ours is not found.
    """
    try:
        viewer = github.graphql("query { viewer { login } }").get("viewer")
    except GitHubRefused:
        viewer = None
    login = viewer.get("login") if isinstance(viewer, dict) else None
    return login if isinstance(login, str) else _GITHUB_TOKEN_IS
