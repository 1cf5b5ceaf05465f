"""Each forge with a pull request, a job about it, and what a test needs to know of it; the rest is the same for all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest
from checking import Check
from support import gitee_double, gitlab_double
from support.gitcode_double import GitCodeDouble
from support.gitea_double import BOT as GITEA_BOT
from support.gitea_double import GiteaDouble, GiteaPull
from support.gitee_double import GiteeDouble
from support.github_double import BOT, Comment, GitHubDouble, Pull
from support.gitlab_double import GitLabDouble, Note, branch_job, merge_request_job
from support.pull_double import ForgeComment
from support.runner import Runner, pull_request
from support.story import GATES, Ended
from support.words import words

from swanlab_ci.messages import Key, Message
from swanlab_ci.sandbox import PULL_REQUEST_COMMIT, Sandbox

Double = GitHubDouble | GiteaDouble | GitLabDouble | GiteeDouble | GitCodeDouble
FILE = "swanlab-gate.yml"
RIGHTS = tuple(map(Key, ("projects", "pull_requests", "notes", "user_info")))


@dataclass
class Place:
    """A forge; `check` starts a check of a commit, and with `by_number` of what the job knows the number of only.

    `said` is what a warning advises to who may not write, `listed` and `status` are parts of paths, `us` is the author
    of what the token writes, and `edit` the method of a change.
    """

    name: str
    double: Double
    start: Callable[[str, bool, tuple[str, ...]], Ended]
    said: str
    us: str
    status: str = ""
    listed: str = "comments"
    edit: str = "PATCH"
    address: str = ""
    workspace: Path = field(default_factory=Path)

    @property
    def forge(self) -> Message:
        return Message(self.name)

    def check(self, commit: str = PULL_REQUEST_COMMIT, *flags: str, by_number: bool = False) -> Ended:
        self.double.files[FILE, "main"] = GATES.encode()
        return self.start(commit, by_number, flags)

    @property
    def comments(self) -> list[Any]:
        return self.double.notes if isinstance(self.double, GitLabDouble) else self.double.comments

    def plant(self, number: int, body: str, author: str = "") -> None:
        """Add a comment, ours unless it has an author."""
        kind = {GitHubDouble: Comment, GitLabDouble: Note}.get(type(self.double), ForgeComment)
        self.comments.append(kind(number, body, author or self.us))

    def bodies(self) -> list[str]:
        return [comment.body for comment in self.comments]


class Builder:
    """Makes the places; `check` is the command line in process, and the jobs of runners call the action in it."""

    def __init__(self, tmp_path: Path, workspace: Path, check: Check, sandbox: Sandbox) -> None:
        self.tmp_path, self.workspace, self.run, self.sandbox = tmp_path, workspace, check, sandbox

    def place(self, name: str, double: Double) -> Place:
        """Make the place of the forge `name`."""
        made: Place = getattr(self, name)(double)
        return made

    def github(self, double: GitHubDouble) -> Place:
        said = words("github.add-permission", permission=Key("permissions: pull-requests: write"))
        start = self._runner(double, {}, lambda commit: double.pulls.append(Pull(7, commit)))
        return Place("github.name", double, start, said, BOT, status="/statuses/", workspace=self._job)

    def gitea(self, double: GiteaDouble) -> Place:
        double.tells_who_we_are = True
        said = words("github.add-permission", permission=Key("permissions: pull-requests: write"))
        environ = {"GITEA_ACTIONS": "true", "GITHUB_RUN_NUMBER": "5"}
        start = self._runner(double, environ, lambda commit: double.pulls.append(GiteaPull(7, commit)))
        return Place("gitea.name", double, start, said, GITEA_BOT, status="/statuses/", workspace=self._job)

    def gitlab(self, double: GitLabDouble) -> Place:
        scope, role, variable = Key("api"), Key("Reporter"), Key("GITLAB_TOKEN")
        said = words("gitlab.token-advice", scope=scope, role=role, variable=variable)

        def start(commit: str, by_number: bool, flags: tuple[str, ...]) -> Ended:  # noqa: FBT001 - a callback
            double.head = commit
            job = merge_request_job(double, str(self.workspace), commit)
            listed = {"CI_OPEN_MERGE_REQUESTS": f"{gitlab_double.PROJECT}!{gitlab_double.IID}"}
            return self.run(branch_job(double, str(self.workspace), commit, **listed) if by_number else job, *flags)

        return Place(
            "gitlab.name", double, start, said, gitlab_double.BOT, listed="notes", edit="PUT", workspace=self.workspace
        )

    def gitee(self, double: GiteeDouble) -> Place:
        return self._v5("gitee.name", double, status="/check-runs")

    def gitcode(self, double: GitCodeDouble) -> Place:
        return self._v5("gitee.gitcode", double, status="")

    def _v5(self, name: str, double: GiteeDouble, status: str) -> Place:
        said = words("gitee.token-advice", rights=RIGHTS, variable=Key("SWANLAB_CI_TOKEN"))

        def start(commit: str, by_number: bool, flags: tuple[str, ...]) -> Ended:  # noqa: FBT001 - a callback
            double.head = commit
            job = {
                "SWANLAB_CI_REPOSITORY": double.address,
                "SWANLAB_CI_TOKEN": gitee_double.TOKEN,
                "BUILD_NUMBER": "12",
            }
            number = str(gitee_double.NUMBER)
            if by_number:
                return self.run(job, "--pr", number, *flags)
            return self.run({**job, "GITEE_PULL_ID": number, "GITEE_SOURCE_COMMIT": commit}, *flags)

        return Place(name, double, start, said, gitee_double.BOT, status=status, workspace=self.workspace)

    @property
    def _job(self) -> Path:
        return self.tmp_path / "job" / "workspace"

    def _runner(
        self, double: GitHubDouble | GiteaDouble, environ: Mapping[str, str], add_pull: Callable[[str], object]
    ) -> Callable[[str, bool, tuple[str, ...]], Ended]:
        runner = Runner(self.tmp_path / "job", cast("Any", double), environ=dict(environ))
        (runner.workspace / FILE).write_text(GATES)

        def start(commit: str, by_number: bool, flags: tuple[str, ...]) -> Ended:  # noqa: FBT001 - a callback
            runner.clear()
            runner.event = pull_request(commit)
            if by_number:
                runner.event_name, runner.event = "workflow_dispatch", {"inputs": {"pr": "7"}}
                add_pull(commit)
            given = {"api-key": self.sandbox.api_key, "host": self.sandbox.url, "timeout": "20s"}
            return runner.check({**given, **_inputs(flags)})

        return start


def _inputs(flags: tuple[str, ...]) -> dict[str, str]:
    """Return the inputs of the action that mean the same as `flags`; one without a value is a switch."""
    found: dict[str, str] = {}
    last = ""
    for flag in flags:
        if flag.startswith("--"):
            last = flag.removeprefix("--")
            found[last] = "true"
        else:
            found[last] = flag
    return found


PLACES = ("github", "gitea", "gitlab", "gitee", "gitcode")


def builder(request: pytest.FixtureRequest, tmp_path: Path) -> Builder:
    """Return what makes places from the fixtures of a test."""
    workspace, check, sandbox = (request.getfixturevalue(name) for name in ("workspace", "check", "sandbox"))
    return Builder(tmp_path, workspace, check, sandbox)
