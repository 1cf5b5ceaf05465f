"""A Gitea that remembers comments, pull requests, files, statuses and tokens; see `described_double`."""

import base64
from dataclasses import dataclass, field
from typing import Any

from support.described_double import Answer, DescribedDouble, Request, Route
from support.github_double import REPOSITORY, TOKEN

BOT = "gitea-actions"
ACCEPTED, READS, STRANGER = "accepted", "reads", "stranger"


@dataclass
class GiteaComment:
    id: int
    body: str
    login: str = BOT


@dataclass
class GiteaPull:
    number: int
    head_sha: str
    head_repository: str = REPOSITORY
    state: str = "open"
    base_sha: str = "b" * 40


@dataclass
class GiteaDouble(DescribedDouble):
    """`kinds` says what each token may do; without `tells_who_we_are` nobody may ask `GET /user`."""

    comments: list[GiteaComment] = field(default_factory=list)
    pulls: list[GiteaPull] = field(default_factory=list)
    files: dict[tuple[str, str], bytes] = field(default_factory=dict)
    statuses: list[dict[str, Any]] = field(default_factory=list)
    kinds: dict[str, str] = field(default_factory=lambda: {TOKEN: ACCEPTED})
    tells_who_we_are: bool = False

    DESCRIPTION = "gitea-api.json"
    ROOT = "/api/v1"
    graphql_url = ""

    def routes(self) -> list[Route]:
        ours = f"/repos/{REPOSITORY}"
        return [
            ("GET", rf"{ours}/issues/7/comments", self.list_comments),
            ("POST", rf"{ours}/issues/7/comments", self.create_comment),
            ("PATCH", rf"{ours}/issues/comments/(\d+)", self.edit_comment),
            ("DELETE", rf"{ours}/issues/comments/(\d+)", self.delete_comment),
            ("POST", rf"{ours}/statuses/([0-9a-f]+)", self.create_status),
            ("GET", rf"{ours}/pulls", self.list_pulls),
            ("GET", rf"{ours}/pulls/(\d+)", self.get_pull),
            ("GET", rf"{ours}/contents/(.+)", self.get_content),
            ("GET", "/user", self.get_user),
        ]

    def refuses(self, request: Request) -> Answer | None:
        kind = self.kinds.get(request.headers.get("authorization", "").removeprefix("token "))
        if kind is None:
            return 401, {"message": "user does not exist [uid: 0, name: ]"}, {}
        if kind == STRANGER and request.path != f"{self.ROOT}/user":
            return 404, {"message": "The target couldn't be found."}, {}
        if kind == READS and request.method != "GET":
            return 403, {"message": "token does not have at least one of required scope(s): [write:issue]"}, {}
        return None

    def list_comments(self, _request: Request) -> Answer:
        return 200, [self._comment(comment) for comment in self.comments], {}

    def create_comment(self, request: Request) -> Answer:
        number = max((comment.id for comment in self.comments), default=100) + 1
        self.comments.append(GiteaComment(number, request.body["body"]))
        return 201, self._comment(self.comments[-1]), {}

    def edit_comment(self, request: Request, number: str) -> Answer:
        for comment in self.comments:
            if comment.id == int(number):
                comment.body = request.body["body"]
                return 200, self._comment(comment), {}
        return 404, {"message": "comment does not exist"}, {}

    def delete_comment(self, _request: Request, number: str) -> Answer:
        kept = [comment for comment in self.comments if comment.id != int(number)]
        gone = len(kept) < len(self.comments)
        self.comments[:] = kept
        return (204, None, {}) if gone else (404, {"message": "comment does not exist"}, {})

    def create_status(self, request: Request, sha: str) -> Answer:
        self.statuses.append({**request.body, "sha": sha})
        return 201, {"context": request.body["context"], "status": request.body["state"]}, {}

    def list_pulls(self, request: Request) -> Answer:
        found = [self._pull(pull) for pull in self.pulls if pull.state == request.query.get("state", "open")]
        return self.paged(found, request, "limit")

    def get_pull(self, _request: Request, number: str) -> Answer:
        found = [pull for pull in self.pulls if pull.number == int(number)]
        return (200, self._pull(found[0]), {}) if found else (404, {"message": "The target couldn't be found."}, {})

    def get_content(self, request: Request, path: str) -> Answer:
        content = self.files.get((path, request.query.get("ref", "")))
        if content is None:
            return 404, {"message": "object does not exist"}, {}
        encoded = {"encoding": "base64", "content": base64.b64encode(content).decode(), "size": len(content)}
        return 200, {"type": "file", "path": path, **encoded}, {}

    def get_user(self, _request: Request) -> Answer:
        if not self.tells_who_we_are:
            return 403, {"message": "token does not have at least one of required scope(s): [read:user]"}, {}
        return 200, {"login": BOT}, {}

    def _comment(self, comment: GiteaComment) -> dict[str, Any]:
        return {"id": comment.id, "body": comment.body, "user": {"login": comment.login}}

    def _pull(self, pull: GiteaPull) -> dict[str, Any]:
        head = {"ref": "changes", "sha": pull.head_sha, "repo": {"full_name": pull.head_repository}}
        base = {"ref": "main", "sha": pull.base_sha, "repo": {"full_name": REPOSITORY}}
        return {"number": pull.number, "state": pull.state, "head": head, "base": base}
