"""The action in its image: what a workflow sees of it, and what it can reach from in there."""

import json
import subprocess
import time

import pytest
from engine import docker, tried
from job import OWNER, WHERE, Job
from support.github_double import GitHubDouble
from support.runner import pull_request, read_commands
from support.story import GATES
from support.words import words

from swanlab_ci.sandbox import FIXED_COMMIT, Fault, Sandbox

BASE = "b" * 40
INITIAL = {"passed": "false", "verdict": "error", "summary": words("output.no-verdict")}
CONNECT = """
import os, socket, sys
from swanlab_ci.runtime.process import leave_root
if "leave" in sys.argv:
    leave_root(os.environ)
with socket.socket(socket.AF_UNIX) as connection:
    connection.connect("/var/run/docker.sock")
"""
STATUS = ("/opt/venv/bin/python", "-I", "-c", "print(open('/proc/1/status').read(), end='')")


def test_red_reaches_outputs_summary_comment_files_and_annotations(
    job: Job, inputs: dict[str, str], github: GitHubDouble
) -> None:
    ended = job.run(inputs)

    assert ended.code == 1, ended.err
    assert (job.outputs["verdict"], job.outputs["passed"], job.outputs["gates-failed"]) == ("fail", "false", "2")
    assert job.outputs["report-markdown"] == "swanlab-ci-report/report.md"
    assert job.summary.lstrip().startswith("## ❌")
    (comment,) = github.comments
    assert job.outputs["comment-url"].endswith(f"#issuecomment-{comment.id}")
    assert read_commands(ended.out + ended.err).count("error") == 2


def test_green_is_0_and_passed(job: Job, inputs: dict[str, str]) -> None:
    job.event = pull_request(FIXED_COMMIT)

    assert job.run(inputs).code == 0
    assert (job.outputs["verdict"], job.outputs["passed"]) == ("pass", "true")


@pytest.mark.parametrize(
    ("changed", "code", "says"),
    [
        ({"api-key": ""}, 2, "input `api-key` is empty"),
        ({"api-key": "wrongwrongwrongwrong1"}, 3, "SwanLab does not accept the API key"),
        ({"host": "http://127.0.0.1:1", "timeout": "3s"}, 3, "did not answer"),
    ],
)
def test_without_a_verdict_it_says_why_and_nothing_has_passed(
    job: Job, inputs: dict[str, str], *, changed: dict[str, str], code: int, says: str
) -> None:
    ended = job.run({**inputs, **changed})

    assert (ended.code, job.outputs["passed"]) == (code, "false")
    assert says in ended.err
    assert job.summary.strip()


def test_nothing_of_the_workspace_is_run(job: Job, inputs: dict[str, str]) -> None:
    evil = "open('/github/workspace/canary', 'a').write(__name__)\n"
    for name in ("requests.py", "sitecustomize.py", "usercustomize.py", "yaml.py", "json.py", "startup.py"):
        (job.workspace / name).write_text(evil)
    (job.workspace / "swanlab_ci").mkdir()
    for name in ("__init__.py", "__main__.py"):
        (job.workspace / "swanlab_ci" / name).write_text(evil)
    job.environ |= {
        "HOME": "/github/workspace",
        "PYTHONPATH": ".:/github/workspace",
        "PYTHONSTARTUP": "/github/workspace/startup.py",
    }

    assert job.run(inputs).code == 1
    assert job.outputs["verdict"] == "fail"
    assert not (job.workspace / "canary").exists()


def test_what_it_writes_belongs_to_the_owner_of_the_outputs(job: Job, inputs: dict[str, str]) -> None:
    job.run(inputs)

    report = job.workspace / "swanlab-ci-report"
    written = {path.name: path.stat().st_uid for path in (report, *report.iterdir())}
    assert {"report.md", "report.json"} < written.keys()
    assert set(written.values()) == {OWNER}


def started(job: Job, inputs: dict[str, str], sandbox: Sandbox) -> subprocess.Popen[bytes]:
    """Start the action, and wait until it has asked SwanLab for the runs and gets no answer."""
    sandbox.faults.add(Fault(kind="hang", path="*/runs*", seconds=60))
    process = job.start(inputs)
    end = time.monotonic() + 30
    while not any("/runs" in request.path for request in sandbox.requests):
        assert time.monotonic() < end, process.communicate()
        time.sleep(0.05)
    return process


def test_root_is_given_up_and_sigterm_ends_it_at_once_in_words(
    job: Job, inputs: dict[str, str], sandbox: Sandbox
) -> None:
    process = started(job, inputs, sandbox)
    status = dict(line.split(":\t", 1) for line in docker("exec", job.name, *STATUS).splitlines())

    assert status["Uid"].split() == [str(OWNER)] * 4
    assert status["Gid"].split() == ["65534"] * 4
    assert status["Groups"].split() == []

    begun = time.monotonic()
    docker("stop", "--time", "30", job.name)
    _out, err = process.communicate(timeout=5)

    assert time.monotonic() - begun < 5
    assert process.returncode == 3
    assert words("process.interrupted-by", signal="SIGTERM") in err.decode()
    assert job.outputs == INITIAL


@pytest.mark.parametrize(("argument", "opens"), [("leave", False), ("stay", True)])
def test_the_docker_socket_is_out_of_reach_once_root_is_given_up(job: Job, *, argument: str, opens: bool) -> None:
    job.environment({})
    output = WHERE["GITHUB_OUTPUT"]
    mounts = [part for mount in job.mounts() for part in ("--volume", mount)]
    python = ["--entrypoint", "/opt/venv/bin/python", job.image, "-I", "-c", CONNECT, argument]

    done = tried("run", "--rm", "--network", "none", *mounts, "--env", f"GITHUB_OUTPUT={output}", *python)

    assert (done.code == 0) is opens, done.err
    assert ("PermissionError" in done.err) is not opens


def test_the_past_is_judged_by_the_rules_that_the_pull_request_proposes(
    job: Job, inputs: dict[str, str], github: GitHubDouble
) -> None:
    rules = "swanlab-gate.yml"
    github.files[rules, BASE] = GATES.encode()
    (job.workspace / rules).write_text(GATES.replace("max: 1e-2", "max: 1e-4"))

    ended = job.run({**inputs, "backtest": "50"})

    assert ended.code == 1, ended.err
    found = json.loads((job.workspace / "swanlab-ci-report" / "report.json").read_text("utf-8"))["notes"]
    (note,) = (each for each in found if each["id"] == "proposal.backtest")
    assert (note["params"]["more"], note["params"]["units"]["params"]["count"]) == (3, 10)
    (comment,) = github.comments
    assert FIXED_COMMIT[:7] in comment.body
