"""A GitHub that remembers, over real HTTP on loopback, and keeps itself honest.

Each request and each answer is checked against GitHub's own OpenAPI descriptions, those of GitHub Enterprise Server
among them (`github-api.json`, which `describe.py` cuts to the operations an action uses); what they do not say (65,536
characters, pages, rights, rate limits) is built in.
"""

import base64
import hashlib
from dataclasses import dataclass, field
from typing import Any

from support import small_graphql
from support.described_double import Answer, DescribedDouble, Request, Route, least
from support.repository import Repository

GITHUB = "github-api.json"
TOKEN = "ghs_token"
BOT = "github-actions[bot]"
REPOSITORY = "octo-org/octo-repo"
LONGEST_BODY = 65_536
ACTIONS_APP = 15_368
LISTED_COMMITS, LISTED_FILES = 250, 300
PLAIN_FILE = 0o100644


@dataclass
class Comment:
    id: int
    body: str
    login: str = BOT
    issue: int = 7


@dataclass
class Pull:
    number: int
    head_sha: str
    head_repository: str = REPOSITORY
    head_branch: str = "changes"
    base_sha: str = "b" * 40
    base_branch: str = "main"
    state: str = "open"


@dataclass
class GitHubDouble(DescribedDouble):
    """The state of the repository, to be set up and looked at by tests; `violations` must stay empty."""

    comments: list[Comment] = field(default_factory=list)
    pulls: list[Pull] = field(default_factory=list)
    files: dict[tuple[str, str], bytes] = field(default_factory=dict)
    statuses: list[dict[str, Any]] = field(default_factory=list)
    dispatches: list[dict[str, Any]] = field(default_factory=list)
    rules: list[dict[str, Any]] = field(default_factory=list)
    protected_checks: list[dict[str, Any]] | None = None
    logins: dict[str, str] = field(default_factory=lambda: {TOKEN: BOT})
    repository: Repository | None = None
    longest_tree: int | None = None
    may_write: bool = True
    tells_who_we_are: bool = True
    heads: dict[str, str] = field(default_factory=lambda: {"main": "9" * 40})
    answers_by_graphql: bool = True

    DESCRIPTION = GITHUB
    ROOT = "/api/v3"

    @property
    def graphql_url(self) -> str:
        return f"{self.url}/api/graphql"

    @property
    def server_url(self) -> str:
        """The address of its pages."""
        return self.url

    def said(self) -> list[str]:
        """Return the requests so far, such as `POST /api/v3/repos/…/comments`."""
        return [f"{request.method} {request.path}" for request in self.asked]

    def routes(self) -> list[Route]:
        ours = rf"/repos/{REPOSITORY}"
        return [
            ("GET", rf"{ours}/issues/(\d+)/comments", self.list_comments),
            ("POST", rf"{ours}/issues/(\d+)/comments", self.create_comment),
            ("PATCH", rf"{ours}/issues/comments/(\d+)", self.edit_comment),
            ("DELETE", rf"{ours}/issues/comments/(\d+)", self.delete_comment),
            ("POST", rf"{ours}/statuses/([0-9a-f]+)", self.create_status),
            ("POST", rf"{ours}/dispatches", self.create_dispatch),
            ("GET", ours, self.get_repository),
            ("GET", rf"{ours}/rules/branches/([^/]+)", self.list_rules),
            ("GET", rf"{ours}/branches/([^/]+)", self.get_branch),
            ("GET", "/apps/github-actions", self.get_app),
            ("GET", rf"{ours}/pulls/(\d+)", self.get_pull),
            ("GET", rf"{ours}/pulls", self.list_pulls),
            ("GET", rf"{ours}/commits/([0-9a-f]+)/pulls", self.list_pulls_of_commit),
            ("GET", rf"{ours}/contents/(.+)", self.get_content),
            ("GET", rf"{ours}/compare/([0-9a-f]+)\.\.\.([0-9a-f]+)", self.compare),
            ("GET", rf"{ours}/git/trees/([0-9a-f]+)", self.get_tree),
        ]

    def undescribed(self, request: Request) -> Answer | None:
        """Answer to strangers, and the questions of GraphQL."""
        if request.token not in self.logins:
            return 401, {"message": "Bad credentials"}, {}
        if request.path != "/api/graphql":
            return None
        query = request.body["query"]
        if not (self.tells_who_we_are if "viewer" in query else self.answers_by_graphql):
            return 200, {"data": None, "errors": [{"message": "Resource not accessible by integration"}]}, {}
        root = {"viewer": {"login": self.logins[request.token]}, "repository": self.repository_in_graphql}
        return 200, {"data": small_graphql.answer(query, request.body.get("variables", {}), root)}, {}

    def repository_in_graphql(self, owner: str, name: str) -> dict[str, Any] | None:
        """Return the repository as GraphQL sees it; a function stands for a field with arguments."""
        if f"{owner}/{name}" != REPOSITORY:
            return None
        return {
            "pullRequest": lambda number: next(map(self._pull, (p for p in self.pulls if p.number == number)), None),
            "pullRequests": self._pulls_of_branch,
            "object": lambda oid: {
                "__typename": "Commit",
                "associatedPullRequests": lambda first: self._connection(
                    [pull for pull in self.pulls if pull.head_sha == oid], first
                ),
            },
        }

    def _pulls_of_branch(self, first: str, states: str, headRefName: str) -> dict[str, Any]:  # noqa: N803 - GitHub's
        found = [pull for pull in self.pulls if pull.head_branch == headRefName and pull.state.upper() == states]
        return self._connection(found, first)

    def _connection(self, pulls: list[Pull], first: str) -> dict[str, Any]:
        shown = pulls[: int(first)]
        return {"pageInfo": {"hasNextPage": len(pulls) > len(shown)}, "nodes": [self._pull(pull) for pull in shown]}

    def _pull(self, pull: Pull) -> dict[str, Any]:
        head = self.heads.get(pull.base_branch)
        target = {"__typename": "Commit", "oid": head, "file": lambda path: self._file(path, pull.base_branch)}
        return {
            "number": pull.number,
            "state": pull.state.upper(),
            "headRefOid": pull.head_sha,
            "headRefName": pull.head_branch,
            "baseRefOid": pull.base_sha,
            "baseRefName": pull.base_branch,
            "headRepository": {"nameWithOwner": pull.head_repository},
            "baseRepository": {"nameWithOwner": REPOSITORY},
            "baseRef": {"target": target} if head else None,
        }

    def _file(self, path: str, branch: str) -> dict[str, Any] | None:
        content = self.files.get((path, branch))
        if content is None:
            return None
        hashed = hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
        blob = {"__typename": "Blob", "text": content.decode("utf-8", "replace")}
        return {"mode": PLAIN_FILE, "oid": hashed, "object": blob}

    def refuses(self, request: Request) -> Answer | None:
        if request.method != "GET" and not self.may_write:
            return self._documented((403, {"message": "Resource not accessible by integration"}, {}))
        return None

    def _routed(self, request: Request) -> Answer:
        return self._documented(super()._routed(request))

    def _documented(self, answer: Answer) -> Answer:
        """Tell of each refusal where it is documented, as GitHub does."""
        status, body, headers = answer
        return status, body | {"documentation_url": "https://docs.github.com/rest"} if status >= 400 else body, headers

    def list_comments(self, request: Request, issue: str) -> Answer:
        found = [_comment(comment) for comment in self.comments if comment.issue == int(issue)]
        size, page = int(request.query.get("per_page", "30")), int(request.query.get("page", "1"))
        more = len(found) > size * page
        link = {"Link": f'<{self.api_url}/x?page={page + 1}>; rel="next"'} if more else {}
        return 200, found[size * (page - 1) : size * page], link

    def create_comment(self, request: Request, issue: str) -> Answer:
        if len(request.body["body"]) > LONGEST_BODY:
            return 422, {"message": "Validation Failed: body is too long (maximum is 65536 characters)"}, {}
        number = max((comment.id for comment in self.comments), default=100) + 1
        self.comments.append(Comment(number, request.body["body"], self.logins[request.token], int(issue)))
        return 201, _comment(self.comments[-1]), {}

    def edit_comment(self, request: Request, number: str) -> Answer:
        if len(request.body["body"]) > LONGEST_BODY:
            return 422, {"message": "Validation Failed: body is too long (maximum is 65536 characters)"}, {}
        for comment in self.comments:
            if comment.id == int(number):
                comment.body = request.body["body"]
                return 200, _comment(comment), {}
        return 404, {"message": "Not Found"}, {}

    def delete_comment(self, _request: Request, number: str) -> Answer:
        kept = [comment for comment in self.comments if comment.id != int(number)]
        gone = len(kept) < len(self.comments)
        self.comments[:] = kept
        return (204, None, {}) if gone else (404, {"message": "Not Found"}, {})

    def create_status(self, request: Request, sha: str) -> Answer:
        self.statuses.append(request.body | {"sha": sha})
        status = least(GITHUB, "status") | {name: request.body.get(name) for name in ("state", "context")}
        return 201, status, {}

    def create_dispatch(self, request: Request) -> Answer:
        self.dispatches.append(request.body)
        return 204, None, {}

    def get_repository(self, _request: Request) -> Answer:
        whole = least(GITHUB, "full-repository")
        return 200, whole | {"full_name": REPOSITORY, "default_branch": "main"}, {}

    def list_rules(self, _request: Request, _branch: str) -> Answer:
        return 200, self.rules, {}

    def get_branch(self, _request: Request, branch: str) -> Answer:
        checks = self.protected_checks
        required = {"contexts": [each["context"] for each in checks or []], "checks": checks or []}
        protection = {"enabled": checks is not None, **({"required_status_checks": required} if checks else {})}
        whole = least(GITHUB, "branch-with-protection")
        return 200, whole | {"name": branch, "protected": checks is not None, "protection": protection}, {}

    def get_app(self, _request: Request) -> Answer:
        return 200, least(GITHUB, "integration") | {"id": ACTIONS_APP}, {}

    def get_pull(self, _request: Request, number: str) -> Answer:
        found = [pull for pull in self.pulls if pull.number == int(number)]
        return (200, _pull("pull-request", found[0]), {}) if found else (404, {"message": "Not Found"}, {})

    def list_pulls_of_commit(self, _request: Request, sha: str) -> Answer:
        return 200, [_pull("pull-request-simple", pull) for pull in self.pulls if pull.head_sha == sha], {}

    def list_pulls(self, request: Request) -> Answer:
        owner, _, branch = request.query.get("head", ":").partition(":")
        found = [
            _pull("pull-request-simple", pull)
            for pull in self.pulls
            if pull.head_repository.split("/")[0] == owner and pull.head_branch == branch and pull.state == "open"
        ]
        return 200, found, {}

    def get_content(self, request: Request, path: str) -> Answer:
        ref = request.query.get("ref", "")
        branch = next((name for name, commit in self.heads.items() if commit == ref), ref)
        content = self.files.get((path, ref), self.files.get((path, branch)))
        if content is None:
            return 404, {"message": "Not Found"}, {}
        encoded = {"encoding": "base64", "content": base64.encodebytes(content).decode(), "size": len(content)}
        return 200, least(GITHUB, "content-file") | {"path": path, "name": path} | encoded, {}

    def compare(self, _request: Request, base: str, head: str) -> Answer:
        """Compare as GitHub does: from the merge base, the newest 250 commits with the newest last, and 300 files."""
        if self.repository is None or not (self.repository.has(base) and self.repository.has(head)):
            return 404, {"message": "Not Found"}, {}
        parted = self.repository.merge_base(base, head)
        if not parted:
            return 404, {"message": f"No common ancestor between {base} and {head}."}, {}
        commits = self.repository.commits(base, head)
        files = [least(GITHUB, "diff-entry") | file for file in self.repository.changed(parted, head)]
        return (
            200,
            least(GITHUB, "commit-comparison")
            | {"merge_base_commit": _commit(parted), "total_commits": len(commits), "files": files[:LISTED_FILES]}
            | {"commits": [_commit(commit) for commit in commits[-LISTED_COMMITS:]]},
            {},
        )

    def get_tree(self, request: Request, commit: str) -> Answer:
        if self.repository is None or not self.repository.has(commit):
            return 404, {"message": "Not Found"}, {}
        entries = self.repository.tree(commit, recursive="recursive" in request.query)
        cut = self.longest_tree is not None and len(entries) > self.longest_tree
        return 200, {"sha": commit, "tree": entries[: self.longest_tree], "truncated": cut}, {}


def _comment(comment: Comment) -> dict[str, Any]:
    user = least(GITHUB, "simple-user") | {"login": comment.login}
    facts = {"id": comment.id, "body": comment.body, "user": user}
    return dict(least(GITHUB, "issue-comment")) | facts


def _commit(sha: str) -> dict[str, Any]:
    return dict(least(GITHUB, "commit")) | {"sha": sha}


def _pull(kind: str, pull: Pull) -> dict[str, Any]:
    whole = dict(least(GITHUB, kind)) | {"number": pull.number, "state": pull.state}
    whole["head"] |= {"sha": pull.head_sha, "ref": pull.head_branch}
    whole["head"]["repo"] |= {"full_name": pull.head_repository}
    whole["base"] |= {"sha": pull.base_sha, "ref": pull.base_branch}
    whole["base"]["repo"] |= {"full_name": REPOSITORY}
    return whole
