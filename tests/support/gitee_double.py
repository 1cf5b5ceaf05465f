"""A Gitee that remembers comments, a pull request, files and check runs; see `described_double`."""

from dataclasses import dataclass, field
from typing import Any

from support.described_double import Answer, Request, Route
from support.pull_double import PullDouble

REPOSITORY, NUMBER = "my-team/resnet", 7
TOKEN, BOT = "gitee-personal-token", "ci-robot"
ACCEPTED, READS, STRANGER = "accepted", "reads", "stranger"
BASE = "b" * 40


@dataclass
class GiteeDouble(PullDouble):
    """`kinds` says what each token may do; without `says_pages` no header tells how many pages a list has."""

    checks: list[dict[str, Any]] = field(default_factory=list)
    head: str = ""
    base: str = BASE
    head_repository: str = REPOSITORY
    kinds: dict[str, str] = field(default_factory=lambda: {TOKEN: ACCEPTED})
    says_pages: bool = True
    prefix: str = ""

    BOT = BOT
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
            ("GET", rf"{ours}/compare/([0-9a-f]+)\.\.\.([0-9a-f]+)", self.compare),
            ("GET", rf"{ours}/git/trees/([0-9a-f]+)", self.get_tree),
            ("GET", ours, self.get_repository),
            ("GET", rf"{ours}/branches/([^/]+)", self.get_branch),
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
        return 200, [self.shown(comment) for comment in shown], pages

    def get_pull(self, _request: Request) -> Answer:
        head = {"ref": "changes", "sha": self.head, "repo": {"full_name": self.head_repository}}
        base = {"ref": "main", "sha": self.base, "repo": {"full_name": REPOSITORY}}
        return 200, {"number": NUMBER, "state": "open", "head": head, "base": base}, {}

    def get_commit(self, _request: Request, sha: str) -> Answer:
        return (200, {"sha": sha}, {}) if sha == self.base else (404, {"message": "Not Found Commit"}, {})

    def create_check(self, request: Request) -> Answer:
        self.checks.append(request.body)
        return 201, {"id": len(self.checks), "name": request.body["name"]}, {}

    def compare(self, _request: Request, base: str, head: str) -> Answer:
        parted = self.parted(base, head)
        if not parted or self.repository is None:
            return self.missing()
        commits = [{"sha": sha} for sha in self.repository.commits(base, head)][:100]
        files = [
            {"filename": file["filename"], "status": file["status"]} for file in self.repository.changed(parted, head)
        ]
        both = {"base_commit": {"sha": base}, "merge_base_commit": {"sha": parted}}
        return 200, {**both, "commits": commits, "files": files[:300], "truncated": len(files) > 300}, {}

    def get_tree(self, _request: Request, commit: str) -> Answer:
        entries = self.entries(commit)
        return self.missing() if entries is None else (200, {"sha": commit, "tree": entries, "truncated": False}, {})

    def get_repository(self, _request: Request) -> Answer:
        return 200, {"full_name": REPOSITORY, "default_branch": "main"}, {}

    def get_branch(self, _request: Request, branch: str) -> Answer:
        return 200, {"name": branch, "protected": self.protected}, {}

    def get_user(self, _request: Request) -> Answer:
        return 200, {"login": BOT}, {}
