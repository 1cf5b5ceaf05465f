"""A GitLab that remembers: notes, a merge request, files, and tokens of every kind; see `described_double`."""

import base64
import re
from dataclasses import dataclass, field
from typing import Any

from support.described_double import Answer, DescribedDouble, Request, Route
from support.repository import Repository

PROJECT, PROJECT_ID, IID = "my-group/vision/resnet", "4711", 12
TRIGGER = "glptt-trigger-token"
TOKEN, BOT = "glpat-project-token", "project_4711_bot"
ACCEPTED, READS, GUEST, STRANGER, EXPIRED = "accepted", "reads", "guest", "stranger", "expired"
BASE = "b" * 40
_LONGEST_NOTE = 1_000_000
_SCOPE = "The request requires higher privileges than provided by the access token."
_EXPIRED = "Token is expired. You can either do re-authorization or token refresh."


@dataclass
class Note:
    id: int
    body: str
    author: str = BOT


@dataclass
class GitLabDouble(DescribedDouble):
    """`kinds` says what each token may do; a token that is not in it, such as a job's own, is not accepted."""

    notes: list[Note] = field(default_factory=list)
    files: dict[tuple[str, str], bytes] = field(default_factory=dict)
    commits: set[str] = field(default_factory=lambda: {BASE})
    head: str = ""
    source_project: int = int(PROJECT_ID)
    kinds: dict[str, str] = field(default_factory=lambda: {TOKEN: ACCEPTED})
    tells_who_we_are: bool = True
    repository: Repository | None = None
    base: str = BASE
    state: str = "collected"
    real_size: str = ""
    project: dict[str, Any] = field(default_factory=dict)
    branch: dict[str, Any] = field(default_factory=dict)
    triggers: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {TRIGGER: []})
    """What was triggered by each token."""
    pipelines: list[str] = field(default_factory=list)
    prefix: str = ""
    keeps_link: bool = True
    """A proxy in between may take the Link header away, but leaves GitLab's own."""

    DESCRIPTION = "gitlab-api.json"

    @property
    def ROOT(self) -> str:  # type: ignore[override]  # noqa: N802 - a sub-path moves it
        return f"{self.prefix}/api/v4"

    def routes(self) -> list[Route]:
        project = rf"/projects/(?:{PROJECT_ID}|{re.escape(PROJECT.replace('/', '%2F'))})"
        notes = rf"{project}/merge_requests/{IID}/notes"
        return [
            ("GET", notes, self.list_notes),
            ("POST", notes, self.create_note),
            ("GET", rf"{notes}/(\d+)", self.get_note),
            ("PUT", rf"{notes}/(\d+)", self.edit_note),
            ("DELETE", rf"{notes}/(\d+)", self.delete_note),
            ("GET", rf"{project}/merge_requests/{IID}", self.get_request),
            ("GET", rf"{project}/repository/files/([^/]+)", self.get_file),
            ("GET", rf"{project}/repository/commits/([^/]+)", self.get_commit),
            ("GET", rf"{project}/merge_requests/{IID}/versions", self.list_versions),
            ("GET", rf"{project}/merge_requests/{IID}/versions/(\d+)", self.get_version),
            ("POST", rf"{project}/merge_requests/{IID}/pipelines", self.start_pipeline),
            ("GET", rf"{project}/repository/compare", self.compare),
            ("GET", rf"{project}/repository/branches/([^/]+)", self.get_branch),
            ("POST", rf"{project}/trigger/pipeline", self.trigger),
            ("GET", project, self.get_project),
            ("GET", "/user", self.get_user),
        ]

    def refuses(self, request: Request) -> Answer | None:
        if request.path.endswith("/trigger/pipeline"):
            request.body = {**request.query, **(request.body or {})}
            known = request.body.get("token") in self.triggers and request.body.get("ref")
            return None if known else (404, {"message": "404 Not Found"}, {})
        kind = self.kinds.get(request.headers.get("private-token", ""))
        if kind is None:
            return 401, {"message": "401 Unauthorized"}, {}
        if kind == EXPIRED:
            return 401, {"error": "invalid_token", "error_description": _EXPIRED}, {}
        if kind == STRANGER and request.path != f"{self.ROOT}/user":
            return 404, {"message": "404 Project Not Found"}, {}
        if kind == GUEST and ("/repository/" in request.path or request.method != "GET"):
            return 403, {"message": "403 Forbidden"}, {}
        if kind == READS and request.method != "GET":
            return 403, {"error": "insufficient_scope", "error_description": _SCOPE, "scope": "api"}, {}
        return None

    def list_notes(self, request: Request) -> Answer:
        newest_first = request.query.get("sort", "desc") == "desc"
        ordered = sorted(self.notes, key=lambda note: note.id, reverse=newest_first)
        status, page, headers = self.paged([self._note(note) for note in ordered], request, "per_page")
        if not self.keeps_link and headers:
            headers = {"X-Next-Page": str(int(request.query.get("page", "1")) + 1)}
        return status, page, headers

    def create_note(self, request: Request) -> Answer:
        if answer := self._wrong(request.body["body"]):
            return answer
        number = max((note.id for note in self.notes), default=100) + 1
        self.notes.append(Note(number, request.body["body"]))
        return 201, self._note(self.notes[-1]), {}

    def get_note(self, _request: Request, number: str) -> Answer:
        found = [note for note in self.notes if note.id == int(number)]
        return (200, self._note(found[0]), {}) if found else (404, {"message": "404 Note Not Found"}, {})

    def edit_note(self, request: Request, number: str) -> Answer:
        if answer := self._wrong(request.body["body"]):
            return answer
        for note in self.notes:
            if note.id == int(number):
                note.body = request.body["body"]
        return self.get_note(request, number)

    def delete_note(self, _request: Request, number: str) -> Answer:
        kept = [note for note in self.notes if note.id != int(number)]
        gone = len(kept) < len(self.notes)
        self.notes[:] = kept
        return (204, None, {}) if gone else (404, {"message": "404 Note Not Found"}, {})

    def get_request(self, _request: Request) -> Answer:
        refs = self.least("DiffRefsSchema", base_sha=self.base, head_sha=self.head)
        facts = {"iid": IID, "sha": self.head, "diff_refs": refs, "source_branch": "changes", "target_branch": "main"}
        ours = int(PROJECT_ID)
        projects = {"project_id": ours, "source_project_id": self.source_project, "target_project_id": ours}
        return 200, self.least("ExpandedMergeRequestSchema", **facts, **projects), {}

    def get_file(self, request: Request, path: str) -> Answer:
        content = self.files.get((path, request.query.get("ref", "")))
        if content is None:
            return 404, {"message": "404 File Not Found"}, {}
        encoded = {"file_path": path, "encoding": "base64", "content": base64.b64encode(content).decode()}
        return 200, self.least("RepositoryFileExpandedSchema", **encoded), {}

    def get_commit(self, _request: Request, sha: str) -> Answer:
        if sha not in self.commits:
            return 404, {"message": "404 Commit Not Found"}, {}
        return 200, self.least("CommitSchema", id=sha), {}

    def list_versions(self, request: Request) -> Answer:
        version = {"id": 5, "head_commit_sha": self.head, "base_commit_sha": self.base, "state": self.state}
        older = {"id": 4, "head_commit_sha": "0" * 40, "base_commit_sha": self.base, "state": self.state}
        found = [self.least("MergeRequestDiffVersionsSchema", **each) for each in (version, older)]
        return self.paged(found, request, "per_page")

    def get_version(self, _request: Request, number: str) -> Answer:
        if self.repository is None or number != "5":
            return 404, {"message": "404 Not found"}, {}
        files = self._diffs(self.base, self.head)
        commits = [
            self.least("CommitSchema", id=sha) for sha in reversed(self.repository.commits(self.base, self.head))
        ]
        refs = {"head_commit_sha": self.head, "base_commit_sha": self.base, "id": 5}
        size = {"state": self.state, "real_size": self.real_size or str(len(files))}
        facts = {**refs, **size, "commits": commits, "diffs": files}
        return 200, self.least("ExpandedMergeRequestDiffVersionsSchema", **facts), {}

    def compare(self, request: Request) -> Answer:
        old, new = request.query["from"], request.query["to"]
        if self.repository is None or not (self.repository.has(old) and self.repository.has(new)):
            return 404, {"message": "404 Not Found"}, {}
        begin = old if request.query.get("straight") == "true" else self.repository.merge_base(old, new)
        commit = self.least("CondensedCommitSchema", id=new)
        commit.pop("message")
        facts = {"commit": commit, "diffs": self._diffs(begin, new), "compare_timeout": self.state != "collected"}
        return 200, self.least("RepositoryCompareSchema", **facts), {}

    def get_project(self, _request: Request) -> Answer:
        return 200, self.least("ProjectSchema", default_branch="main", **self.project), {}

    def get_branch(self, _request: Request, branch: str) -> Answer:
        return 200, self.least("BranchSchema", name=branch, **self.branch), {}

    def trigger(self, request: Request) -> Answer:
        self.triggers[request.body["token"]].append(request.body)
        return 201, self.least("ExpandedPipelineSchema", ref=request.body["ref"]), {}

    def start_pipeline(self, _request: Request) -> Answer:
        self.pipelines.append(self.head)
        return 201, self.least("ExpandedPipelineSchema", sha=self.head), {}

    def get_user(self, _request: Request) -> Answer:
        if not self.tells_who_we_are:
            return 403, {"message": "403 Forbidden"}, {}
        return 200, self.least("ExpandedUserSchema", username=BOT), {}

    def _diffs(self, old: str, new: str) -> list[dict[str, Any]]:
        assert self.repository
        return [
            self.least("CommitDiffSchema", **file)
            | {"a_mode": file["a_mode"].replace("000000", "0"), "b_mode": file["b_mode"].replace("000000", "0")}
            | {"new_file": file["a_mode"] == "000000", "deleted_file": file["b_mode"] == "000000"}
            | {"renamed_file": file["old_path"] != file["new_path"]}
            for file in self.repository.diff(old, new)
        ]

    def _wrong(self, body: str) -> Answer | None:
        """Refuse what GitLab refuses; a line that it would take for a quick action must never be sent."""
        outside = re.sub(r"^(`{3,}).*?^\1", "", body, flags=re.DOTALL | re.MULTILINE)
        self.violations += [f"a quick action: {line}" for line in re.findall(r"^/\w.*$", outside, re.MULTILINE)]
        return (400, {"message": {"note": ["is too long"]}}, {}) if len(body) > _LONGEST_NOTE else None

    def _note(self, note: Note) -> dict[str, Any]:
        facts = {"id": note.id, "body": note.body, "noteable_type": "MergeRequest", "noteable_iid": IID}
        author = self.least("SimpleUserSchema", username=note.author)
        author.pop("created_at")
        return self.least("MergeRequestNoteSchema", **facts, author=author)


def merge_request_job(gitlab: GitLabDouble, workspace: str, head: str, **changes: str) -> dict[str, str]:
    """Return the variables of a job in a detached merge request pipeline; an empty change removes one."""
    given = {
        "CI": "true",
        "GITLAB_CI": "true",
        "CI_PIPELINE_SOURCE": "merge_request_event",
        "CI_PIPELINE_ID": "900",
        "CI_JOB_ID": "12000000001",
        "CI_JOB_URL": f"{gitlab.url}{gitlab.prefix}/{PROJECT}/-/jobs/12000000001",
        "CI_PROJECT_ID": PROJECT_ID,
        "CI_PROJECT_PATH": PROJECT,
        "CI_PROJECT_DIR": workspace,
        "CI_COMMIT_SHA": head,
        "CI_MERGE_REQUEST_IID": str(IID),
        "CI_MERGE_REQUEST_PROJECT_ID": PROJECT_ID,
        "CI_MERGE_REQUEST_PROJECT_PATH": PROJECT,
        "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": PROJECT_ID,
        "CI_MERGE_REQUEST_SOURCE_PROJECT_PATH": PROJECT,
        "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": "changes",
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": BASE,
        "CI_MERGE_REQUEST_EVENT_TYPE": "detached",
        "CI_API_V4_URL": gitlab.api_url,
        "CI_SERVER_URL": f"{gitlab.url}{gitlab.prefix}",
        "GITLAB_USER_LOGIN": "ada",
        "GITLAB_TOKEN": TOKEN,
    }
    return {name: value for name, value in {**given, **changes}.items() if value}


def branch_job(gitlab: GitLabDouble, workspace: str, head: str, **changes: str) -> dict[str, str]:
    """Return the variables of a job in a branch pipeline, without an open merge request."""
    given = merge_request_job(gitlab, workspace, head)
    kept = {name: value for name, value in given.items() if not name.startswith("CI_MERGE_REQUEST_")}
    changed = {**kept, "CI_PIPELINE_SOURCE": "push", "CI_COMMIT_BRANCH": "changes", **changes}
    return {name: value for name, value in changed.items() if value}
