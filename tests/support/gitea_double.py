"""A Gitea that remembers comments, pull requests, files, statuses and tokens; see `described_double`."""

from dataclasses import dataclass, field
from typing import Any

from support.described_double import Answer, Request, Route
from support.github_double import REPOSITORY, TOKEN
from support.pull_double import PullDouble

BOT = "gitea-actions"
ACCEPTED, READS, STRANGER = "accepted", "reads", "stranger"


@dataclass
class GiteaPull:
    number: int
    head_sha: str
    head_repository: str = REPOSITORY
    state: str = "open"
    base_sha: str = "b" * 40


@dataclass
class GiteaDouble(PullDouble):
    """`kinds` says what each token may do; without `tells_who_we_are` nobody may ask `GET /user`."""

    pulls: list[GiteaPull] = field(default_factory=list)
    statuses: list[dict[str, Any]] = field(default_factory=list)
    kinds: dict[str, str] = field(default_factory=lambda: {TOKEN: ACCEPTED})
    tells_who_we_are: bool = False
    dispatched: list[dict[str, Any]] = field(default_factory=list)
    required: list[str] | None = None
    entries_of_a_page: int = 1_000

    BOT = BOT
    prefix: str = ""

    DESCRIPTION = "gitea-api.json"
    graphql_url = ""

    @property
    def ROOT(self) -> str:  # type: ignore[override]  # noqa: N802 - a sub-path moves it
        return f"{self.prefix}/api/v1"

    @property
    def server_url(self) -> str:
        """The address of its pages."""
        return f"{self.url}{self.prefix}"

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
            ("GET", rf"{ours}/compare/([0-9a-f]+)\.\.\.([0-9a-f]+)", self.compare),
            ("GET", rf"{ours}/git/trees/([0-9a-f]+)", self.get_tree),
            ("GET", ours, self.get_repository),
            ("GET", rf"{ours}/branches/([^/]+)", self.get_branch),
            ("POST", rf"{ours}/actions/workflows/([^/]+)/dispatches", self.dispatch),
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
        return 200, [self.shown(comment) for comment in self.comments], {}

    def create_status(self, request: Request, sha: str) -> Answer:
        self.statuses.append({**request.body, "sha": sha})
        return 201, {"context": request.body["context"], "status": request.body["state"]}, {}

    def list_pulls(self, request: Request) -> Answer:
        found = [self._pull(pull) for pull in self.pulls if pull.state == request.query.get("state", "open")]
        return self.paged(found, request, "limit")

    def get_pull(self, _request: Request, number: str) -> Answer:
        found = [pull for pull in self.pulls if pull.number == int(number)]
        return (200, self._pull(found[0]), {}) if found else (404, {"message": "The target couldn't be found."}, {})

    def compare(self, _request: Request, base: str, head: str) -> Answer:
        """Compare as Gitea does: the commits since the merge base, the newest first, without the merge base itself."""
        if not self.parted(base, head) or self.repository is None:
            return self.missing()
        commits = [
            {"sha": sha, "parents": [{"sha": parent} for parent in self.repository.parents(sha)]}
            for sha in reversed(self.repository.commits(base, head))
        ]
        return 200, {"total_commits": len(commits), "commits": commits}, {}

    def get_tree(self, request: Request, commit: str) -> Answer:
        entries, size, page = self.entries(commit), self.entries_of_a_page, int(request.query.get("page", "1"))
        if entries is None:
            return self.missing()
        facts = {"page": page, "total_count": len(entries), "truncated": len(entries) > size * page}
        return 200, {"sha": commit, "tree": entries[size * (page - 1) : size * page], **facts}, {}

    def get_repository(self, _request: Request) -> Answer:
        return 200, {"full_name": REPOSITORY, "default_branch": "main"}, {}

    def get_branch(self, _request: Request, branch: str) -> Answer:
        rules = {"enable_status_check": self.required is not None, "status_check_contexts": self.required or []}
        return 200, {"name": branch, "protected": self.protected, **rules}, {}

    def dispatch(self, request: Request, workflow: str) -> Answer:
        self.dispatched.append({"workflow": workflow, **request.body})
        return 204, None, {}

    def get_user(self, _request: Request) -> Answer:
        if not self.tells_who_we_are:
            return 403, {"message": "token does not have at least one of required scope(s): [read:user]"}, {}
        return 200, {"login": BOT}, {}

    def _pull(self, pull: GiteaPull) -> dict[str, Any]:
        head = {"ref": "changes", "sha": pull.head_sha, "repo": {"full_name": pull.head_repository}}
        base = {"ref": "main", "sha": pull.base_sha, "repo": {"full_name": REPOSITORY}}
        return {"number": pull.number, "state": pull.state, "head": head, "base": base}
