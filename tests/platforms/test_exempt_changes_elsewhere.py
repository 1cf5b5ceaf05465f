"""Changes that need no training on GitLab, Gitea and Gitee: the same rules as on GitHub, on real git repositories."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest
from checking import Check
from support import gitee_double
from support.gitea_double import GiteaDouble, GiteaPull
from support.gitee_double import GiteeDouble
from support.gitlab_double import GitLabDouble, merge_request_job
from support.repository import Repository
from support.runner import Runner, pull_request
from support.story import GATES, Ended, move_runs
from support.words import words

from swanlab_ci.messages import Message
from swanlab_ci.sandbox import FIXED_COMMIT, Sandbox

RULES = 'no_training_needed: {only_in: ["docs/**", "*.md"]}\n' + GATES
_GITEA, _GITEE, _GITLAB = "GET /repos/octo-org/octo-repo", "GET /repos/my-team/resnet", "GET /projects/4711"
REQUESTS: dict[type, list[str]] = {  # before the verdict
    GitLabDouble: [
        f"{_GITLAB}/repository/files/swanlab-gate.yml",
        f"{_GITLAB}/merge_requests/12/versions",
        f"{_GITLAB}/merge_requests/12/versions/5",
    ],
    GiteaDouble: [
        f"{_GITEA}/contents/swanlab-gate.yml",
        f"{_GITEA}/compare/BASE...HEAD",
        f"{_GITEA}/git/trees/BASE",
        f"{_GITEA}/git/trees/HEAD",
    ],
    GiteeDouble: [
        f"{_GITEE}/pulls/7",
        f"{_GITEE}/contents/swanlab-gate.yml",
        f"{_GITEE}/compare/BASE...HEAD",
        f"{_GITEE}/git/trees/BASE",
        f"{_GITEE}/git/trees/HEAD",
    ],
}
MAIN = {"train.py": "1", "README.md": "1", "docs/guide.md": "1", "swanlab-gate.yml": RULES, ".gitlab-ci.yml": "a: 1"}


@dataclass
class Proposal:
    """A repository with a pull request on one forge; `start` checks what lies between two commits."""

    repository: Repository
    forge: GitLabDouble | GiteaDouble | GiteeDouble
    start: Callable[[str, str], Ended]

    def check(self, base: str, head: str) -> Ended:
        self.forge.repository = self.repository
        for ref in (base, "main"):
            self.forge.files["swanlab-gate.yml", ref] = RULES.encode()
        return self.start(base, head)

    def asked(self) -> list[str]:
        """Return what was asked before the verdict."""
        said = [line for line in self.forge.said() if line.startswith("GET") and not line.endswith("/user")]
        return [line for line in said if "/notes" not in line and "/comments" not in line]


@pytest.fixture(params=["gitlab", "gitea", "gitee"])
def proposal(
    request: pytest.FixtureRequest, tmp_path: Path, workspace: Path, check: Check, sandbox: Sandbox
) -> Proposal:
    (workspace / "swanlab-gate.yml").write_text(RULES)
    forge = request.getfixturevalue(request.param)

    def gitlab(base: str, head: str) -> Ended:
        forge.base, forge.head, forge.commits = base, head, {base}
        return check(merge_request_job(forge, str(workspace), head, CI_MERGE_REQUEST_DIFF_BASE_SHA=base))

    def gitea(base: str, head: str) -> Ended:
        runner = Runner(tmp_path / "job", cast("Any", forge), event=pull_request(head))
        runner.event["pull_request"]["base"]["sha"] = base
        runner.environ = {"GITEA_ACTIONS": "true", "GITHUB_RUN_NUMBER": "5"}
        (runner.workspace / "swanlab-gate.yml").write_text(RULES)
        return runner.check({"api-key": sandbox.api_key, "host": sandbox.url, "timeout": "20s"})

    def gitee(base: str, head: str) -> Ended:
        forge.base, forge.head = base, head
        job = {"SWANLAB_CI_REPOSITORY": forge.address, "SWANLAB_CI_TOKEN": gitee_double.TOKEN}
        return check({**job, "GITEE_PULL_ID": str(gitee_double.NUMBER), "GITEE_SOURCE_COMMIT": head})

    starts = {"gitlab": gitlab, "gitea": gitea, "gitee": gitee}
    return Proposal(Repository(tmp_path / "repository"), forge, starts[request.param])


def test_documents_need_no_runs(proposal: Proposal) -> None:
    base = proposal.repository.commit(MAIN)
    head = proposal.repository.commit({"docs/guide.md": "2", "README.md": "2"})

    ended = proposal.check(base, head)

    assert ended.code == 0, ended.err
    assert words("training.nothing-fetched", count=2) in ended.out
    said = [line.replace(base, "BASE").replace(head, "HEAD") for line in proposal.asked()]
    assert said == REQUESTS[type(proposal.forge)]
    to_read_and_to_write = 2
    assert proposal.forge.connections == to_read_and_to_write


def test_a_push_to_gitea_takes_one_request_more(gitea: GiteaDouble, tmp_path: Path, sandbox: Sandbox) -> None:
    repository = gitea.repository = Repository(tmp_path / "repository")
    base, head = repository.commit(MAIN), repository.commit({"README.md": "2"})
    gitea.pulls = [GiteaPull(7, head, base_sha=base)]
    gitea.files["swanlab-gate.yml", "main"] = RULES.encode()
    runner = Runner(tmp_path / "job", cast("Any", gitea), event_name="push", event={"ref": "refs/heads/changes"})
    runner.environ = {"GITEA_ACTIONS": "true", "GITHUB_SHA": head, "GITHUB_REF": "refs/heads/changes"}

    ended = runner.check({"api-key": sandbox.api_key, "host": sandbox.url, "timeout": "20s", "comment": "never"})

    assert ended.code == 0
    said = [line.replace(base, "BASE").replace(head, "HEAD") for line in gitea.said()]
    assert said == ["GET /repos/octo-org/octo-repo/pulls", *REQUESTS[GiteaDouble]]


def _moved_out(repository: Repository) -> str:
    return repository.commit({"docs/guide.md": None, "guide.py": "1"})


def _moved_in(repository: Repository) -> str:
    repository.git("mv", "train.py", "docs/train.py")
    return repository.commit({})


def _executable(repository: Repository) -> str:
    (repository.folder / "docs" / "guide.md").chmod(0o755)
    return repository.commit({})


def _link(repository: Repository) -> str:
    repository.link("docs/guide.md", "../train.py")
    return repository.commit({})


def _submodule(repository: Repository) -> str:
    repository.submodule("docs/inner")
    return repository.commit({})


@pytest.mark.parametrize(
    ("make", "id_", "file"),
    [
        (_moved_out, "training.file-changed", "guide.py"),
        (_moved_in, "training.file-changed", "train.py"),
        (_executable, "training.mode-changed", "docs/guide.md"),
        (_link, "training.link-changed", "docs/guide.md"),
        (_submodule, "training.submodule-changed", "docs/inner"),
        (
            lambda repository: repository.commit({"swanlab-gate.yml": RULES + "\n"}),
            "training.rules-changed",
            "swanlab-gate.yml",
        ),
        (lambda repository: repository.commit({".gitlab-ci.yml": "b: 1"}), "training.rules-changed", ".gitlab-ci.yml"),
        (lambda repository: repository.commit({}), "training.no-file", ""),
    ],
)
def test_all_else_needs_runs(proposal: Proposal, make: Callable[[Repository], str], id_: str, file: str) -> None:
    base = proposal.repository.commit(MAIN)
    head = make(proposal.repository)

    ended = proposal.check(base, head)

    assert ended.code == 1
    assert (words(id_, file=file) if file else words(id_)) in ended.out


@pytest.mark.parametrize(("change", "code"), [({"README.md": "2"}, 0), ({"train.py": "3"}, 1)])
def test_runs_of_an_earlier_commit_count_if_only_documents_changed_since(
    proposal: Proposal, sandbox: Sandbox, change: dict[str, str], code: int
) -> None:
    base = proposal.repository.commit(MAIN)
    trained = proposal.repository.commit({"train.py": "2"})
    head = proposal.repository.commit(change)
    move_runs(sandbox, FIXED_COMMIT, trained)

    ended = proposal.check(base, head)
    move_runs(sandbox, trained, FIXED_COMMIT)

    assert ended.code == code, ended.out


def test_a_stale_or_partial_diff_exempts_nothing(
    check: Check, gitlab: GitLabDouble, workspace: Path, tmp_path: Path
) -> None:
    gitlab.repository = Repository(tmp_path / "repository")
    base = gitlab.repository.commit(MAIN)
    head = gitlab.repository.commit({"README.md": "2"})
    gitlab.base, gitlab.head, gitlab.commits = base, head, {base}
    gitlab.files["swanlab-gate.yml", "main"] = RULES.encode()
    (workspace / "swanlab-gate.yml").write_text(RULES)
    job = merge_request_job(gitlab, str(workspace), head, CI_MERGE_REQUEST_DIFF_BASE_SHA=base)
    assert check(job).code == 0

    for stale in ({"real_size": "1000+"}, {"real_size": "2"}, {"state": "overflow"}):
        for name, value in stale.items():
            setattr(gitlab, name, value)
        ended = check(job)
        assert ended.code == 1
        assert words("training.unknown", reason=Message("gitlab.diff-not-whole")) in ended.out
        gitlab.real_size, gitlab.state = "", "collected"

    gitlab.head = gitlab.repository.commit({"README.md": "3"})  # pushed since
    ended = check(job)
    gone = Message("gitlab.no-version", base=base[:7], head=head[:7])
    assert (ended.code, words("training.unknown", reason=gone) in ended.out) == (1, True)


@pytest.mark.parametrize("reverts", [False, True])
def test_where_a_change_begins_is_found_behind_merges(
    gitea: GiteaDouble, tmp_path: Path, sandbox: Sandbox, *, reverts: bool
) -> None:
    """Undoing what main has merged meanwhile is a change, though the files are those of the first commit."""
    repository = gitea.repository = Repository(tmp_path / "repository")
    repository.commit(MAIN)
    repository.git("checkout", "-q", "-b", "changes")
    repository.commit({"README.md": "2"})
    repository.git("checkout", "-q", "main")
    base = repository.commit({"train.py": "2"})
    repository.git("checkout", "-q", "changes")
    repository.git("merge", "-q", "--no-edit", "main")
    head = repository.commit({"train.py": "1"} if reverts else {"docs/guide.md": "2"})
    repository.git("checkout", "-q", "main")
    base = repository.commit({"train.py": "3"})
    runner = Runner(tmp_path / "job", cast("Any", gitea), event=pull_request(head))
    runner.event["pull_request"]["base"]["sha"] = base
    runner.environ = {"GITEA_ACTIONS": "true", "GITHUB_RUN_NUMBER": "5"}
    (runner.workspace / "swanlab-gate.yml").write_text(RULES)
    gitea.files["swanlab-gate.yml", "main"] = RULES.encode()

    ended = runner.check({"api-key": sandbox.api_key, "host": sandbox.url, "timeout": "20s"})

    assert ended.code == (1 if reverts else 0), ended.out


@pytest.mark.parametrize("status", [401, 403, 404, 422, 429, 500, 200])
def test_an_answer_that_says_nothing_exempts_nothing_and_the_verdict_stands(proposal: Proposal, status: int) -> None:
    """A 200 is a proxy's login page."""
    base = proposal.repository.commit(MAIN)
    head = proposal.repository.commit({"README.md": "2"})
    proposal.forge.answer("GET", "/(?:versions|compare/.*)$", status, b"<html>" if status == 200 else None, times=9)

    ended = proposal.check(base, head)

    assert ended.code == 1  # no run has this commit
    assert words("training.unknown", reason=Message("training.no-answer")).partition(":")[0] in ended.out


@pytest.mark.parametrize(("size", "code"), [(3, 0), (1, 1)])
def test_all_pages_of_a_tree_are_read_or_it_says_nothing(
    gitea: GiteaDouble, tmp_path: Path, sandbox: Sandbox, size: int, code: int
) -> None:
    gitea.repository, gitea.entries_of_a_page = Repository(tmp_path / "repository"), size
    base = gitea.repository.commit(MAIN | {f"src/{number}.py": "1" for number in range(9)})
    head = gitea.repository.commit({"README.md": "2"})
    runner = Runner(tmp_path / "job", cast("Any", gitea), event=pull_request(head))
    runner.event["pull_request"]["base"]["sha"] = base
    runner.environ = {"GITEA_ACTIONS": "true", "GITHUB_RUN_NUMBER": "5"}
    (runner.workspace / "swanlab-gate.yml").write_text(RULES)
    gitea.files["swanlab-gate.yml", "main"] = RULES.encode()

    ended = runner.check({"api-key": sandbox.api_key, "host": sandbox.url, "timeout": "20s"})

    assert ended.code == code
    truncated = Message("forge.tree-truncated", forge=Message("gitea.name"))
    assert (words("training.unknown", reason=truncated) in ended.out) == bool(code)
