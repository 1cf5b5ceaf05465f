"""The sticky comment: at most one of ours on a pull request for each key, and always the newest run's.

Two runs can write at the same time, and no forge has a conditional edit for comments. So a run that wrote lists the
comments again after everything else is published: of several of ours the lowest id stays, with the text of the newest
run, and the others are deleted. One case is left: an older run whose edit comes after the last look of a newer run.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from swanlab_ci.messages import Message
from swanlab_ci.platforms.api import ForgeError
from swanlab_ci.platforms.base import Publication
from swanlab_ci.platforms.context import Context

_REMEMBERED = 10
_LOOKS = 3
_GREEN = frozenset({"pass", "warn"})
_MARKER = re.compile(
    r"<!-- swanlab-ci:(?P<key>\S+) run=(?P<run>\d{1,18})\.(?P<attempt>\d{1,18}) sha=[0-9a-f]* -->\n"
    r"<!-- state=(?P<state>[0-9a-f]{16}) told=(?P<history>[a-z0-9:,.-]*) -->\n"
)
_VERDICT = re.compile(
    r"(?:(?<=,)|^)(pass|warn|fail|pending|error):([0-9a-f]{7})(?::(-?\d{1,12}(?:\.\d{1,12})?))?(?![^,])"
)
_NOT_FOUND = 404


@dataclass(frozen=True, slots=True)
class RemoteComment:
    """A comment as the forge gives it; `author` is what the forge knows its writer by, empty if it does not say."""

    id: int
    body: str
    author: str


class Comments(Protocol):
    """The comments of one pull request on a forge; every method raises `ForgeError`."""

    def all(self) -> Iterable[RemoteComment]:
        """Return every comment, through all pages."""
        ...

    def create(self, body: str, /) -> RemoteComment:
        """Write a comment, and return the forge's answer."""
        ...

    def edit(self, number: int, body: str, /) -> None:
        """Replace the text of a comment."""
        ...

    def delete(self, number: int, /) -> None:
        """Delete a comment."""
        ...

    def url(self, number: int, /) -> str:
        """Return the address of a comment."""
        ...

    def who_we_are(self) -> str:
        """Return the author of what this token writes; empty where the forge does not say it to the token."""
        ...


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment with our marker; `history` are the verdicts that it remembers with their commits, newest first."""

    id: int
    body: str
    author: str
    run: tuple[int, int]
    state: str
    history: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Written:
    """Where the comment is, a notice about it, and the text that was written; empty if it was left alone."""

    url: str = ""
    notice: Message | None = None
    body: str = ""


@dataclass(slots=True, kw_only=True)
class StickyComment:
    """The comment of `publication` on the pull request of `context`."""

    comments: Comments
    context: Context
    publication: Publication
    _us: str = field(default="", init=False)
    _wrote_as: str = field(default="", init=False)

    def write(self) -> Written:
        """Write or edit the comment where its mode asks for it; `settle` has to follow.

        `on-change`: the verdict or a gate's status differs from the comment's. `on-problem`: the verdict is not green,
        or was not green last time. Raises `ForgeError`.
        """
        marked = self._marked()
        if marked and not self._who_we_are():
            return self._write_unknown()
        ours = self._of_us(marked)
        last = ours[0] if ours else None
        if reason := self._reason_not_to(ours):
            return reason
        body = self._body(last)
        number = (self._edit(last, body) if last else None) or self._create(body).id
        return Written(self.comments.url(number), body=body)

    def settle(self, written: Written) -> str:
        """Make one of several comments, with the text of the newest run, and return its address.

        Meanwhile an older run may have written over ours, or another run may have created a comment too. A comment that
        was deleted is not written again. Raises `ForgeError`.
        """
        url = ""
        for _ in range(_LOOKS):
            marked = self._marked()
            if marked and not self._who_we_are():
                return written.url  # the forge does not say who writes what: nothing can be compared
            ours = self._of_us(marked)
            if not ours:
                return ""
            keep, newest = ours[0], max(ours, key=lambda comment: comment.run)
            url = self.comments.url(keep.id)
            if keep is not newest or keep.run < self._run():
                self._edit(keep, written.body if newest.run <= self._run() else newest.body)
            for twin in ours[1:]:
                self._delete(twin.id)
            if keep is newest and keep.run >= self._run():
                break
        return url

    def _write_unknown(self) -> Written:
        """Write a comment to learn from the answer who we are, and keep it only if we have no other one."""
        created = self._create(self._body(None))
        others = [comment for comment in self._of_us(self._marked()) if comment.id != created.id]
        last = others[0] if others else None
        reason = self._reason_not_to(others)
        body = self._body(last)
        if not (last or reason):
            return Written(self.comments.url(created.id), body=body)
        number = self._edit(last, body) if last and not reason else None
        if number or reason:
            self._delete(created.id)
        return reason or Written(self.comments.url(number or created.id), body=body)

    def _reason_not_to(self, ours: list[Comment]) -> Written | None:
        """Return what is said instead of writing: where a newer run wrote, and where nothing has to be written."""
        if any(comment.run > self._run() for comment in ours):
            return Written(notice=Message("forge.newer-comment"))
        last = ours[0] if ours else None
        if not _wanted(self.publication, last):
            return Written(self.comments.url(last.id) if last else "")
        return None

    def _create(self, body: str) -> RemoteComment:
        created = self.comments.create(body)
        self._wrote_as = created.author
        return created

    def _edit(self, comment: Comment, body: str) -> int | None:
        try:
            self.comments.edit(comment.id, body)
        except ForgeError as refusal:
            if refusal.status != _NOT_FOUND:
                raise
            return None  # somebody deleted it meanwhile
        return comment.id

    def _delete(self, number: int) -> None:
        try:
            self.comments.delete(number)
        except ForgeError as refusal:
            if refusal.status != _NOT_FOUND:  # the other run was faster
                raise

    def _who_we_are(self) -> str:
        self._us = self._us or self._wrote_as or self.comments.who_we_are()
        return self._us

    def _marked(self) -> list[Comment]:
        """Find the comments that start with our marker, lowest id first."""
        found = []
        for item in self.comments.all():
            body = item.body.replace("\r\n", "\n")
            match = _MARKER.match(body)
            if match and match["key"] == self.publication.comment_key:
                found.append(_comment(item, match))
        return sorted(found, key=lambda comment: comment.id)

    def _of_us(self, marked: list[Comment]) -> list[Comment]:
        """Return those that we wrote; anyone can write the marker."""
        us = self._who_we_are() if marked else ""
        return [comment for comment in marked if us and comment.author == us]

    def _body(self, last: Comment | None) -> str:
        now = (self.publication.verdict, self.context.head_sha[:7], self.publication.number)
        before = [each for each in (last.history if last else ()) if each[:2] != now[:2]]
        history = [now, *before][:_REMEMBERED]
        run, attempt = self._run()
        previous = self.publication.history(history[1:])
        told = ",".join(":".join(filter(None, each)) for each in history)
        return (
            f"<!-- swanlab-ci:{self.publication.comment_key} run={run}.{attempt} sha={self.context.head_sha} -->\n"
            f"<!-- state={self.publication.gates} told={told} -->\n"
            f"{self.publication.comment}\n" + (f"\n{previous}\n" if previous else "")
        )

    def _run(self) -> tuple[int, int]:
        return self.context.run_id or 0, self.context.run_attempt


def remote_comment(
    item: Any, *, forge: Message, body: str = "body", author: tuple[str, str] = ("user", "login")
) -> RemoteComment:
    """Read a comment from a forge's JSON, where `body` and `author` are; raises `ForgeError` if it has no id."""
    number = item.get("id") if isinstance(item, dict) else None
    if isinstance(number, str) and number.isdecimal():
        number = int(number)
    if not isinstance(number, int):
        raise ForgeError(0, Message("forge.no-comment-id", forge=forge))
    who, text = item.get(author[0]), item.get(body)
    name = who.get(author[1]) if isinstance(who, dict) else None
    return RemoteComment(number, text if isinstance(text, str) else "", "" if name is None else str(name))


def _wanted(publication: Publication, last: Comment | None) -> bool:
    if publication.comment_mode == "on-change":
        return not last or last.state != publication.gates
    if publication.comment_mode == "on-problem":
        return publication.verdict not in _GREEN or bool(last and last.history and last.history[0][0] not in _GREEN)
    return True


def _comment(item: RemoteComment, match: re.Match[str]) -> Comment:
    return Comment(
        id=item.id,
        body=item.body,
        author=item.author,
        run=(int(match["run"]), int(match["attempt"])),
        state=match["state"],
        history=tuple(_VERDICT.findall(match["history"]))[:_REMEMBERED],
    )
