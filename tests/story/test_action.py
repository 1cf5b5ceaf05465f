"""The action as the runner starts it: `python -I entrypoint.py`, inputs in the environment, event in a file."""

import signal
import subprocess
import time
from pathlib import Path

import pytest
from support.github_double import TOKEN, GitHubDouble, Pull
from support.runner import ACTION, Runner, pull_request, read_commands
from support.story import GATES
from support.words import words

from swanlab_ci.messages import Key
from swanlab_ci.sandbox import FIXED_COMMIT, PULL_REQUEST_COMMIT, Fault, Sandbox

INITIAL = {"passed": "false", "verdict": "error", "summary": words("output.no-verdict")}


@pytest.fixture
def inputs(sandbox: Sandbox) -> dict[str, str]:
    return {"api-key": sandbox.api_key, "host": sandbox.url, "report-dir": "swanlab-ci-report"}


def test_red_leaves_outputs_summary_comment_files_and_annotations(
    runner: Runner, inputs: dict[str, str], github: GitHubDouble
) -> None:
    ended = runner.run(inputs)

    assert ended.code == 1
    assert runner.outputs == {
        "verdict": "fail",
        "passed": "false",
        "summary": runner.outputs["summary"],
        "gates-total": "2",
        "gates-failed": "2",
        "runs-checked": "4",
        "failed-gates": '["smoke-run-finished","training-settings-are-sane"]',
        "report-markdown": "swanlab-ci-report/report.md",
        "report-json": "swanlab-ci-report/report.json",
        "report-html": "swanlab-ci-report/report.html",
        "comment-url": runner.outputs["comment-url"],
    }
    assert runner.summary.lstrip().startswith("## ❌")
    (comment,) = github.comments
    assert comment.body.startswith("<!-- swanlab-ci:default run=12.1 sha=")
    assert "❌" in comment.body.splitlines()[2]
    assert (runner.workspace / "swanlab-ci-report/report.md").is_file()
    assert read_commands(ended.out + ended.err).count("error") == 2


def test_green_then_red_is_one_comment(runner: Runner, inputs: dict[str, str], github: GitHubDouble) -> None:
    assert runner.check(inputs).code == 1
    runner.event = pull_request(FIXED_COMMIT)
    runner.environ["GITHUB_RUN_ID"] = "13"

    ended = runner.check(inputs)

    assert ended.code == 0
    assert (runner.outputs["verdict"], runner.outputs["passed"]) == ("pass", "true")
    (comment,) = github.comments
    assert "✅" in comment.body.splitlines()[1] + comment.body.splitlines()[2]


@pytest.mark.parametrize("page", ["", "https://octo.github.io/model/report.html"])
def test_the_comment_links_to_the_whole_report(
    runner: Runner, inputs: dict[str, str], github: GitHubDouble, page: str
) -> None:
    runner.check(inputs | {"report-url": page})

    (comment,) = github.comments
    assert f"]({page or f'{github.url}/octo-org/octo-repo/actions/runs/12/attempts/1#artifacts'})" in comment.body


def test_the_merge_commit_counts_as_the_pull_requests_code(runner: Runner, inputs: dict[str, str]) -> None:
    runner.event = pull_request("e" * 40)
    runner.environ["GITHUB_SHA"] = FIXED_COMMIT

    assert runner.check(inputs).code == 0


def test_a_refused_comment_changes_no_verdict(runner: Runner, inputs: dict[str, str], github: GitHubDouble) -> None:
    github.may_write = False
    runner.event = pull_request(FIXED_COMMIT)

    ended = runner.check(inputs)

    assert ended.code == 0
    assert runner.outputs["passed"] == "true"
    assert words("github.add-permission", permission=Key("permissions: pull-requests: write")) in ended.err


def test_nothing_is_asked_of_github_without_a_token(
    runner: Runner, inputs: dict[str, str], github: GitHubDouble
) -> None:
    assert runner.check({**inputs, "github-token": ""}).code == 1
    assert github.asked == []


@pytest.mark.parametrize(
    ("changed", "code", "says"),
    [
        ({"api-key": ""}, 2, "input `api-key` is empty"),
        ({"api-key": "sandboxSandboxSandbox\n"}, 2, "input `api-key` contains a control character"),
        ({"strcit": "true"}, 2, "input `strcit` is unknown. Did you mean `strict`?"),
        ({"gates": "../secrets.yml"}, 2, "is outside the workspace"),
        ({"api-key": "wrongwrongwrongwrong1"}, 3, "SwanLab does not accept the API key"),
        ({"host": "http://127.0.0.1:1", "timeout": "3s"}, 3, "did not answer"),
    ],
)
def test_without_a_verdict_the_outputs_the_summary_and_an_annotation_say_why(
    runner: Runner, inputs: dict[str, str], *, changed: dict[str, str], code: int, says: str
) -> None:
    ended = runner.check({**inputs, **changed})

    assert ended.code == code
    assert (runner.outputs["passed"], runner.outputs["verdict"]) == ("false", "error")
    assert says in ended.err
    assert "Traceback" not in ended.err
    assert "error" in read_commands(ended.err)
    assert runner.summary.strip()


def test_a_host_or_key_in_the_environment_counts_for_nothing(
    runner: Runner, inputs: dict[str, str], sandbox: Sandbox
) -> None:
    runner.environ |= {"SWANLAB_API_HOST": "http://127.0.0.1:1", "SWANLAB_WEB_HOST": "https://evil.example"}

    assert runner.run(inputs).code == 1
    assert "evil.example" not in runner.summary

    del inputs["api-key"]
    runner.environ |= sandbox.environment()

    assert runner.run(inputs).code == 2


def test_the_key_is_masked_before_anything_else_and_never_shown(
    runner: Runner, inputs: dict[str, str], sandbox: Sandbox, github: GitHubDouble
) -> None:
    key = sandbox.api_key
    project = sandbox.store.projects["my-team/resnet"]
    for run in project.runs:
        run.name = f"{run.name}-{key}"

    ended = runner.run(inputs)

    first, *rest = ended.err.splitlines()
    assert first == f"::add-mask::{key}"
    shown = [*rest, ended.out, runner.summary, *(comment.body for comment in github.comments)]
    shown += [path.read_text("utf-8") for path in (runner.workspace / "swanlab-ci-report").iterdir()]
    shown += [(runner.folder / "output").read_text("utf-8")]
    assert not [text for text in shown if key in text]
    assert not [text for text in shown if TOKEN in text and "::add-mask::" not in text]


def test_the_workspace_is_never_imported_from(runner: Runner, inputs: dict[str, str]) -> None:
    canary = runner.folder / "canary"
    evil = f"open({str(canary)!r}, 'a').write(__name__)\n"
    for name in ("requests.py", "sitecustomize.py", "usercustomize.py", "yaml.py", "jinja2.py", "json.py"):
        (runner.workspace / name).write_text(evil)
    (runner.workspace / "swanlab_ci").mkdir()
    (runner.workspace / "swanlab_ci" / "__init__.py").write_text(evil)
    (runner.workspace / "swanlab_ci" / "__main__.py").write_text(evil)
    runner.environ |= {
        "PYTHONPATH": str(runner.workspace),
        "PYTHONSTARTUP": str(runner.workspace / "json.py"),
        "HOME": str(runner.workspace),
    }

    assert runner.run(inputs).code == 1
    assert not canary.exists()


def started(runner: Runner, inputs: dict[str, str], sandbox: Sandbox) -> subprocess.Popen[bytes]:
    """Start the action, and wait until it has asked SwanLab for the runs and gets no answer."""
    sandbox.faults.add(Fault(kind="hang", path="*/runs*", seconds=30))
    process = subprocess.Popen(  # noqa: S603 - the action itself
        ACTION, cwd=runner.workspace, env=runner.environment(inputs), stderr=subprocess.PIPE, stdout=subprocess.PIPE
    )
    end = time.monotonic() + 20
    while not any("/runs" in request.path for request in sandbox.requests):
        assert time.monotonic() < end
        time.sleep(0.02)
    return process


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_at_once_in_words_and_nothing_has_passed(
    runner: Runner, inputs: dict[str, str], sandbox: Sandbox, number: signal.Signals
) -> None:
    process = started(runner, inputs, sandbox)

    process.send_signal(number)
    out, err = process.communicate(timeout=5)

    assert process.returncode == 3
    assert words("process.interrupted-by", signal=number.name) in err.decode()
    assert "Traceback" not in (out + err).decode()
    assert runner.outputs == INITIAL


def test_killed_in_the_middle_nothing_has_passed(runner: Runner, inputs: dict[str, str], sandbox: Sandbox) -> None:
    process = started(runner, inputs, sandbox)

    process.kill()
    process.communicate(timeout=5)

    assert runner.outputs == INITIAL


def test_a_hung_server_ends_within_the_time_limit_and_is_told(
    runner: Runner, inputs: dict[str, str], sandbox: Sandbox
) -> None:
    sandbox.faults.add(Fault(kind="hang", seconds=30))
    begun = time.monotonic()

    ended = runner.run({**inputs, "timeout": "3s"})

    assert time.monotonic() - begun < 20  # a busy machine is slow to start it; the server hangs for 30 s
    assert ended.code == 3
    assert runner.outputs["passed"] == "false"
    assert "##" in runner.summary


@pytest.mark.parametrize("broken", ["GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"])
def test_a_file_that_cannot_be_written_is_a_warning_and_the_verdict_stands(
    runner: Runner, inputs: dict[str, str], broken: str
) -> None:
    runner.event = pull_request(FIXED_COMMIT)
    runner.environ[broken] = str(runner.folder / "nowhere" / "file")

    ended = runner.run(inputs)

    assert ended.code == 0
    assert "warning" in ended.err


def test_a_bug_is_told_as_one_and_never_passes(runner: Runner, inputs: dict[str, str], tmp_path: Path) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text(
        "import swanlab_ci.check.run_source, swanlab_ci.__main__ as main\n"
        "def broken(*_, **__): raise KeyError('sandboxSandboxSandbox')\n"
        "swanlab_ci.check.run_source.ServerSource = broken\n"
        "raise SystemExit(main.action())\n"
    )

    ended = runner.run(inputs, start=(ACTION[0], "-I", str(broken)))

    assert ended.code == 70
    assert words("process.bug", error="KeyError") in ended.err
    assert runner.outputs == INITIAL

    runner.environ["RUNNER_DEBUG"] = "1"
    debugged = runner.run(inputs, start=(ACTION[0], "-I", str(broken)))

    assert "Traceback" in debugged.err
    assert "sandboxSandboxSandbox" not in debugged.err.partition("\n")[2]


def test_the_gate_file_of_the_workspace_is_what_counts(runner: Runner, inputs: dict[str, str]) -> None:
    (runner.workspace / "ci").mkdir()
    (runner.workspace / "ci" / "gates.yml").write_text(GATES.replace("1e-2", "1e-1").replace("FINISHED", "CRASHED"))

    assert runner.check({**inputs, "gates": "ci/gates.yml"}).code == 0


def test_a_dispatch_for_a_pull_request_judges_that_one_and_comments_there(
    runner: Runner, inputs: dict[str, str], github: GitHubDouble
) -> None:
    runner.event_name, runner.event = "repository_dispatch", {"action": "trained", "client_payload": {}}
    runner.environ |= {"GITHUB_REF": "refs/heads/main", "GITHUB_SHA": FIXED_COMMIT}
    github.pulls.append(Pull(42, PULL_REQUEST_COMMIT))

    ended = runner.check({**inputs, "pr": "42"})

    assert ended.code == 1
    assert [comment.issue for comment in github.comments] == [42]


def test_a_dispatch_for_a_pull_request_that_github_does_not_tell_is_refused(
    runner: Runner, inputs: dict[str, str]
) -> None:
    runner.event_name, runner.event = "repository_dispatch", {}
    runner.environ |= {"GITHUB_REF": "refs/heads/main", "GITHUB_SHA": FIXED_COMMIT}

    ended = runner.check({**inputs, "pr": "42"})

    assert ended.code == 3
    assert words("gate-file.base-unknown") in ended.err
