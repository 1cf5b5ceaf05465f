"""The action in its image as Gitea's runner starts it, before Gitea had job summaries: no file for one, no GraphQL."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import pytest
from job import Job
from support.gitea_double import GiteaDouble
from support.github_double import REPOSITORY
from support.runner import pull_request, read_commands
from support.story import GATES
from support.words import words

from swanlab_ci.messages import Key
from swanlab_ci.sandbox import FIXED_COMMIT, PULL_REQUEST_COMMIT

COMMANDS = "/var/run/act/workflow"
WORKSPACE = f"/workspace/{REPOSITORY}"
NO_SUMMARY = words("gitea.no-summary-file", variable=Key("GITHUB_STEP_SUMMARY"))


class GiteaJob(Job):
    """A job as the runner's `act` makes it: everything belongs to root, and has a place of its own in the container."""

    def environment(self, inputs: Mapping[str, str]) -> dict[str, str]:
        environ = super().environment(inputs)
        for name in ("GITHUB_STEP_SUMMARY", "HOME", "RUNNER_TEMP"):
            del environ[name]
        return environ | {
            "GITEA_ACTIONS": "true",
            "GITHUB_EVENT_PATH": f"{COMMANDS}/event.json",
            "GITHUB_GRAPHQL_URL": "",
            "GITHUB_OUTPUT": f"{COMMANDS}/output",
            "GITHUB_RUN_NUMBER": "5",
            "GITHUB_WORKSPACE": WORKSPACE,
        }

    def mounts(self) -> list[str]:
        return [f"{self.workspace}:{WORKSPACE}", f"{self.folder}:{COMMANDS}"]


@pytest.fixture
def gitea() -> Iterator[GiteaDouble]:
    with GiteaDouble() as double:
        double.files["swanlab-gate.yml", "main"] = GATES.encode()
        yield double
    assert double.violations == []


@pytest.fixture
def job(tmp_path: Path, gitea: GiteaDouble, image: str) -> Iterator[Job]:
    made = GiteaJob(tmp_path / "job", cast("Any", gitea), image=image, owner=0, workdir=WORKSPACE)
    (made.workspace / "swanlab-gate.yml").write_text(GATES)
    yield made
    made.stop()


@pytest.mark.parametrize(
    ("commit", "code", "verdict", "state"),
    [(PULL_REQUEST_COMMIT, 1, "fail", "failure"), (FIXED_COMMIT, 0, "pass", "success")],
)
def test_a_verdict_reaches_exit_code_outputs_comment_and_status(
    job: Job, inputs: dict[str, str], gitea: GiteaDouble, *, commit: str, code: int, verdict: str, state: str
) -> None:
    job.event = pull_request(commit)

    ended = job.run({**inputs, "status-context": "swanlab-ci"})

    assert ended.code == code, ended.err
    assert (job.outputs["verdict"], job.outputs["passed"]) == (verdict, str(code == 0).lower())
    (comment,) = gitea.comments
    assert f"sha={commit} -->" in comment.body
    assert job.outputs["comment-url"] == f"{gitea.url}/{REPOSITORY}/pulls/7#issuecomment-{comment.id}"
    (status,) = gitea.statuses
    assert (status["sha"], status["state"]) == (commit, state)
    assert status["target_url"] == f"{gitea.url}/{REPOSITORY}/actions/runs/12"
    assert [line for line in ended.err.splitlines() if line.startswith("warning: ")] == [f"warning: {NO_SUMMARY}"]
    assert read_commands(ended.out + ended.err).count("error") == (2 if code else 0)
    assert not job.summary


def test_a_later_run_edits_the_comment_of_the_first(job: Job, inputs: dict[str, str], gitea: GiteaDouble) -> None:
    job.event = pull_request(PULL_REQUEST_COMMIT)
    red = job.run(inputs)
    job.event = pull_request(FIXED_COMMIT)
    job.environ["GITHUB_RUN_ID"] = "13"
    job.clear()

    green = job.run(inputs)

    assert (red.code, green.code) == (1, 0), green.err
    (comment,) = gitea.comments
    assert f"run=13.1 sha={FIXED_COMMIT} -->" in comment.body
    assert job.outputs["comment-url"].endswith(f"#issuecomment-{comment.id}")
