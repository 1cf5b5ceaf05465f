"""A pull request on a real repository, for the stories of changes that need no training."""

from collections.abc import Mapping
from dataclasses import dataclass

from support.github_double import REPOSITORY, GitHubDouble, Pull
from support.repository import Repository
from support.runner import Runner, pull_request
from support.story import GATES

from swanlab_ci.sandbox import Sandbox

RULES = 'no_training_needed: {only_in: ["docs/**", "*.md"]}\n' + GATES
MAIN = {
    "train.py": "1",
    "README.md": "1",
    "docs/guide.md": "1",
    "swanlab-gate.yml": RULES,
    ".github/workflows/x.yml": "1",
}


@dataclass(repr=False)
class Proposal:
    """A pull request, the job that is about it, and who answers the job."""

    repository: Repository
    runner: Runner
    github: GitHubDouble
    sandbox: Sandbox
    rules: str = RULES

    def commits(self, *changes: Mapping[str, str | None]) -> list[str]:
        """Commit `MAIN` on main and each of the changes on a branch; the job is about the last; return all hashes."""
        base = self.repository.commit(MAIN)
        self.repository.git("checkout", "-q", "-b", "changes")
        commits = [base, *(self.repository.commit(change) for change in changes)]
        self.about(base, commits[-1])
        return commits

    def head(self) -> str:
        """Return the commit that is checked out."""
        return self.repository.git("rev-parse", "HEAD").strip()

    def about(self, base: str, head: str) -> None:
        """Let the job be about a pull request from `base` to `head`."""
        self.github.repository = self.repository
        self.github.heads["main"] = base
        for ref in (base, "main"):
            self.github.files["swanlab-gate.yml", ref] = self.rules.encode()
        self.runner.event = pull_request(head)
        self.runner.event["pull_request"]["base"]["sha"] = base
        (self.runner.workspace / "swanlab-gate.yml").write_text(self.rules)

    def in_event(self, name: str, base: str, head: str) -> None:
        """Let the job be started by another event about the same pull request."""
        self.github.pulls = [Pull(7, head, base_sha=base)]
        self.runner.event_name = name
        self.runner.environ |= {"GITHUB_SHA": head, "GITHUB_REF": "refs/heads/changes"}
        own = {"full_name": REPOSITORY}
        run = {"head_sha": head, "head_branch": "changes", "head_repository": own, "pull_requests": []}
        queue = f"refs/heads/gh-readonly-queue/main/pr-7-{base}"
        group = {"head_sha": head, "base_sha": base, "head_ref": queue, "base_ref": "refs/heads/main"}
        self.runner.event = {
            "pull_request_target": self.runner.event,
            "workflow_run": {"workflow_run": run},
            "merge_group": {"merge_group": group},
            "push": {},
            "workflow_dispatch": {"inputs": {"pr": "7"}},
        }[name]

    def questions(self) -> list[str]:
        """Return the paths that GitHub was asked for before the verdict."""
        asked = [request for request in self.github.asked if "/issues/" not in request.path]
        combined = [each for each in asked if each.path.endswith("/graphql") and "viewer" not in each.body["query"]]
        return [each.path for each in (*combined, *(each for each in asked if each.method == "GET"))]
