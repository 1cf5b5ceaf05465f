"""What the doubles of forges with GitHub's form of API have in common: comments, files, and commits of a repository."""

import base64
from dataclasses import dataclass, field
from typing import Any

from support.described_double import Answer, DescribedDouble, Request
from support.repository import Repository


@dataclass
class ForgeComment:
    id: int
    body: str
    login: str = ""


@dataclass
class PullDouble(DescribedDouble):
    """`files` holds contents by path and ref; a `repository` answers for commits and trees."""

    comments: list[ForgeComment] = field(default_factory=list)
    files: dict[tuple[str, str], bytes] = field(default_factory=dict)
    repository: Repository | None = None
    protected: bool = True

    BOT = ""
    MISSING = "Not Found"

    def create_comment(self, request: Request) -> Answer:
        number = max((comment.id for comment in self.comments), default=100) + 1
        self.comments.append(ForgeComment(number, request.body["body"]))
        return 201, self.shown(self.comments[-1]), {}

    def edit_comment(self, request: Request, number: str) -> Answer:
        for comment in self.comments:
            if comment.id == int(number):
                comment.body = request.body["body"]
                return 200, self.shown(comment), {}
        return self.missing()

    def delete_comment(self, _request: Request, number: str) -> Answer:
        kept = [comment for comment in self.comments if comment.id != int(number)]
        gone = len(kept) < len(self.comments)
        self.comments[:] = kept
        return (204, None, {}) if gone else self.missing()

    def get_content(self, request: Request, path: str) -> Answer:
        content = self.files.get((path, request.query.get("ref", "")))
        if content is None:
            return self.missing()
        encoded = {"encoding": "base64", "content": base64.b64encode(content).decode(), "size": len(content)}
        return 200, {"type": "file", "path": path, **encoded}, {}

    def shown(self, comment: ForgeComment) -> dict[str, Any]:
        return {"id": comment.id, "body": comment.body, "user": {"login": comment.login or self.BOT}}

    def missing(self) -> Answer:
        return 404, {"message": self.MISSING}, {}

    def entries(self, commit: str) -> list[dict[str, str]] | None:
        """Return the entries of the tree of a commit; None if there is no such commit."""
        if self.repository is None or not self.repository.has(commit):
            return None
        return self.repository.tree(commit, recursive=True)

    def parted(self, base: str, head: str) -> str:
        """Return the merge base of two commits, or the empty text."""
        both = self.repository is not None and self.repository.has(base) and self.repository.has(head)
        return self.repository.merge_base(base, head) if both and self.repository else ""
