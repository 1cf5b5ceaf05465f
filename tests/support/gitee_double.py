"""A Gitee that remembers comments, a pull request, files and check runs; see `described_double`."""

import base64
from dataclasses import dataclass, field
from typing import Any

from support.described_double import Answer, DescribedDouble, Request, Route

REPOSITORY, NUMBER = "my-team/resnet", 7
TOKEN, BOT = "gitee-personal-token", "ci-robot"
ACCEPTED, READS, STRANGER = "accepted", "reads", "stranger"
BASE = "b" * 40


@dataclass
class GiteeComment:
    id: int
    body: str
    login: str = BOT


@dataclass
class GiteeDouble(DescribedDouble):
    """`kinds` says what each token may do; without `says_pages` no header tells how many pages a list has."""

    comments: list[GiteeComment] = field(default_factory=list)
    files: dict[tuple[str, str], bytes] = field(default_factory=dict)
    checks: list[dict[str, Any]] = field(default_factory=list)
    head: str = ""
    head_repository: str = REPOSITORY
    kinds: dict[str, str] = field(default_factory=lambda: {TOKEN: ACCEPTED})
    says_pages: bool = True
    prefix: str = ""

    DESCRIPTION = "gitee-api.json"

    @property
    def ROOT(self) -> str:  # type: ignore[override]  # noqa: N802 - a sub-path moves it
        return f"{self.prefix}/api/v5"

    @property
    def address(self) -> str:
        """The address of the repository's page."""
        return f"{self.url}{self.prefix}/{REPOSITORY}"

    def routes(self) -> list[Route]:
        ours = f"/repos/{REPOSITORY}"
        return [
            ("GET", rf"{ours}/pulls/{NUMBER}/comments", self.list_comments),
            ("POST", rf"{ours}/pulls/{NUMBER}/comments", self.create_comment),
            ("PATCH", rf"{ours}/pulls/comments/(\d+)", self.edit_comment),
            ("DELETE", rf"{ours}/pulls/comments/(\d+)", self.delete_comment),
            ("GET", rf"{ours}/pulls/{NUMBER}", self.get_pull),
            ("GET", rf"{ours}/contents/(.+)", self.get_content),
            ("GET", rf"{ours}/commits/([0-9a-f]+)", self.get_commit),
            ("POST", rf"{ours}/check-runs", self.create_check),
            ("GET", "/user", self.get_user),
        ]

    def refuses(self, request: Request) -> Answer | None:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        kind = self.kinds.get(request.query.get("access_token", given))
        if kind is None:
            return 401, {"message": "401 Unauthorized: Access token does not exist"}, {}
        if kind == STRANGER and request.path != f"{self.ROOT}/user":
            return 404, {"message": "Not Found Project"}, {}
        if kind == READS and request.method != "GET":
            return 403, {"message": "insufficient_scope"}, {}
        return None

    def list_comments(self, request: Request) -> Answer:
        size, page = int(request.query.get("per_page", "20")), int(request.query.get("page", "1"))
        pages = {"total_page": str(-(-len(self.comments) // size))} if self.says_pages else {}
        shown = self.comments[size * (page - 1) : size * page]
        return 200, [self._comment(comment) for comment in shown], pages

    def create_comment(self, request: Request) -> Answer:
        number = max((comment.id for comment in self.comments), default=100) + 1
        self.comments.append(GiteeComment(number, request.body["body"]))
        return 201, self._comment(self.comments[-1]), {}

    def edit_comment(self, request: Request, number: str) -> Answer:
        for comment in self.comments:
            if comment.id == int(number):
                comment.body = request.body["body"]
                return 200, self._comment(comment), {}
        return 404, {"message": "404 Not Found"}, {}

    def delete_comment(self, _request: Request, number: str) -> Answer:
        kept = [comment for comment in self.comments if comment.id != int(number)]
        gone = len(kept) < len(self.comments)
        self.comments[:] = kept
        return (204, None, {}) if gone else (404, {"message": "404 Not Found"}, {})

    def get_pull(self, _request: Request) -> Answer:
        head = {"ref": "changes", "sha": self.head, "repo": {"full_name": self.head_repository}}
        base = {"ref": "main", "sha": BASE, "repo": {"full_name": REPOSITORY}}
        return 200, {"number": NUMBER, "state": "open", "head": head, "base": base}, {}

    def get_content(self, request: Request, path: str) -> Answer:
        content = self.files.get((path, request.query.get("ref", "")))
        if content is None:
            return 404, {"message": "404 File Not Found"}, {}
        encoded = {"encoding": "base64", "content": base64.b64encode(content).decode(), "size": len(content)}
        return 200, {"type": "file", "path": path, **encoded}, {}

    def get_commit(self, _request: Request, sha: str) -> Answer:
        return (200, {"sha": sha}, {}) if sha == BASE else (404, {"message": "Not Found Commit"}, {})

    def create_check(self, request: Request) -> Answer:
        self.checks.append(request.body)
        return 201, {"id": len(self.checks), "name": request.body["name"]}, {}

    def get_user(self, _request: Request) -> Answer:
        return 200, {"login": BOT}, {}

    def _comment(self, comment: GiteeComment) -> dict[str, Any]:
        return {"id": comment.id, "body": comment.body, "user": {"login": comment.login}}
