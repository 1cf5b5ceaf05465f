"""`--sha` and `--set`: the commits that git knows of a checkout, and a value for every variable."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from support.story import GATES, CommandLine
from support.words import words

from swanlab_ci.check.inputs import from_flags
from swanlab_ci.errors import ConfigurationError
from swanlab_ci.gate.parse.variables import NAMES
from swanlab_ci.messages import Message
from swanlab_ci.sandbox import FIXED_COMMIT, PULL_REQUEST_COMMIT, Sandbox

Git = Callable[..., str]


@pytest.fixture
def git(workspace: Path) -> Git:
    """Run git in the workspace, which becomes a checkout with two commits and the tag `v1` on the first."""

    def run(*arguments: str) -> str:
        told = {"GIT_CONFIG_GLOBAL": os.devnull, "PATH": os.environ["PATH"], "HOME": str(workspace)}
        names = ("-c", "user.name=Mona", "-c", "user.email=mona@example.com")
        done = subprocess.run(["git", *names, *arguments], cwd=workspace, env=told, check=True, capture_output=True)  # noqa: S603, S607 - our own arguments
        return done.stdout.decode().strip()

    run("init", "--quiet", "--initial-branch=main")
    run("commit", "--quiet", "--allow-empty", "--message=one")
    run("tag", "--annotate", "v1", "--message=first")
    run("commit", "--quiet", "--allow-empty", "--message=two")
    return run


def judged_commit(command_line: CommandLine, *arguments: str) -> str:
    ended = command_line("check", *arguments, "--format", "json")
    assert ended.code == 1, ended.err  # no run has this commit
    return str(ended.document["commit"])


@pytest.mark.parametrize("revision", ["HEAD", "HEAD~1", "main", "v1", "main@{0}", "HEAD^{/one}"])
def test_any_revision_of_git_is_a_commit(command_line: CommandLine, git: Git, revision: str) -> None:
    assert judged_commit(command_line, "--sha", revision) == git("rev-parse", f"{revision}^{{commit}}")


def test_head_is_checked_if_nothing_else_is_named(command_line: CommandLine, git: Git, sandbox: Sandbox) -> None:
    for run in sandbox.store.projects["my-team/resnet"].runs:
        run.metadata = json.loads(json.dumps(run.metadata).replace(FIXED_COMMIT, git("rev-parse", "HEAD")))
        run.changed()

    ended = command_line("check", "--format", "json")

    assert (ended.code, ended.document["commit"]) == (0, git("rev-parse", "HEAD"))


def test_a_folder_below_the_checkout_has_its_head(
    command_line: CommandLine, git: Git, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (workspace / "below").mkdir()
    monkeypatch.chdir(workspace / "below")

    assert judged_commit(command_line, "--gates", "../swanlab-gate.yml") == git("rev-parse", "HEAD")


def test_git_is_not_asked_where_no_gate_needs_a_commit(command_line: CommandLine, git: Git, workspace: Path) -> None:
    (workspace / "swanlab-gate.yml").write_text(GATES.replace("runs: {git.commit: $pr_commits}\n", ""))

    assert judged_commit(command_line) == ""
    assert git("rev-parse", "HEAD")


@pytest.mark.parametrize("sha", [PULL_REQUEST_COMMIT, PULL_REQUEST_COMMIT[:8], PULL_REQUEST_COMMIT.upper()])
def test_a_hash_needs_no_checkout(command_line: CommandLine, sha: str) -> None:
    assert judged_commit(command_line, "--sha", sha) == sha.lower()


def test_git_completes_an_abbreviated_hash(command_line: CommandLine, git: Git) -> None:
    whole = git("rev-parse", "HEAD~1")

    assert judged_commit(command_line, "--sha", whole[:9]) == whole
    assert judged_commit(command_line, "--set", f"head_sha={whole[:9]}", "--set", f"pr_commits={whole[:9]}") == whole


@pytest.mark.parametrize(("length", "noted"), [(40, []), (8, ["check.abbreviated-commit"])])
def test_an_abbreviated_hash_that_git_does_not_know_is_noted(
    command_line: CommandLine, length: int, noted: list[str]
) -> None:
    ended = command_line("check", "--sha", PULL_REQUEST_COMMIT[:length], "--format", "json")

    assert [note["id"] for note in ended.document["notes"]] == noted


@pytest.mark.parametrize(
    ("flags", "flag", "revision"),
    [
        (("--sha", "nowhere"), "--sha", "nowhere"),
        (("--sha", "HEAD:swanlab-gate.yml"), "--sha", "HEAD:swanlab-gate.yml"),
        (("--sha", "HEAD~99"), "--sha", "HEAD~99"),
        (("--sha", "a..b"), "--sha", "a..b"),
        (("--set", "base_sha=origin/main"), "--set base_sha", "origin/main"),
        (("--set", "pr_commits=HEAD,x"), "--set pr_commits", "x"),
    ],
)
def test_a_revision_that_git_does_not_know_is_refused_by_name(
    command_line: CommandLine, git: Git, *, flags: tuple[str, str], flag: str, revision: str
) -> None:
    assert git("status")
    ended = command_line("check", *flags)

    assert ended.code == 2
    reason = Message("git.unknown-revision")
    assert words("git.unresolved", input=flag, revision=revision, reason=reason) in ended.err.replace("`", "")
    assert words("git.unknown-revision-advice") in ended.err


def test_in_a_shallow_clone_the_rest_of_the_history_is_to_be_fetched(command_line: CommandLine, git: Git) -> None:
    (Path.cwd() / ".git" / "shallow").write_text(git("rev-parse", "HEAD") + "\n")

    ended = command_line("check", "--sha", "HEAD~1")

    assert ended.code == 2
    assert words("git.shallow-advice") in ended.err


def test_outside_a_checkout_a_revision_is_refused_and_a_default_is_not_guessed(command_line: CommandLine) -> None:
    named, default = command_line("check", "--sha", "HEAD"), command_line("check")

    assert (named.code, default.code) == (2, 2)
    assert "git cannot read a repository here (not a git repository" in named.err
    assert words("git.unresolved-advice") in named.err
    assert "`$pr_commits` has no value on the command line; pass `--sha COMMIT`" in default.err
    assert "note: git names no commit here: git cannot read a repository here (not a git repository" in default.err


def test_without_git_a_revision_is_refused(command_line: CommandLine, git: Git, tmp_path: Path) -> None:
    assert git("rev-parse", "HEAD")
    (tmp_path / "nothing").mkdir()
    environ = {"PATH": str(tmp_path / "nothing")}

    ended = command_line("check", "--sha", "HEAD", environ=environ)

    assert ended.code == 2
    assert words("git.not-installed") in ended.err
    assert command_line("check", environ=environ).code == 2


@pytest.mark.parametrize("found", ["", " ", "--output=x", "-h", "a\nb"])
def test_what_is_no_revision_is_never_given_to_git(command_line: CommandLine, found: str) -> None:
    ended = command_line("check", f"--sha={found}")

    assert ended.code == 2
    assert "input.not-a-revision" in ids(f"--sha={found}")
    assert "`--sha` is" in ended.err


def ids(flag: str, variables: tuple[str, ...] = ()) -> list[str]:
    name, _, value = flag.removeprefix("--").partition("=")
    with pytest.raises(ConfigurationError) as stop:
        from_flags({name: value} if flag else {}, variables)
    return [problem.message.id for problem in stop.value.problems]


HOSTILE = """\
[core]
	fsmonitor = touch {canary}
	sshCommand = touch {canary}
	pager = touch {canary}
	editor = touch {canary}
	hooksPath = hooks
	repositoryformatversion = 1
[extensions]
	partialClone = origin
[remote "origin"]
	url = ext::sh -c touch% {canary}
	promisor = true
	uploadpack = touch {canary}
[protocol "ext"]
	allow = always
[alias]
	rev-parse = !touch {canary}
[pager]
	rev-parse = touch {canary}
"""


@pytest.mark.parametrize("revision", ["HEAD", "main", "e" * 40 + "^{commit}", ":swanlab-gate.yml"])
def test_nothing_that_a_repository_configures_is_executed(
    command_line: CommandLine, git: Git, workspace: Path, tmp_path: Path, revision: str
) -> None:
    head, canary = git("rev-parse", "HEAD"), tmp_path / "canary"
    with (workspace / ".git" / "config").open("a") as config:
        config.write(HOSTILE.format(canary=canary))
    (workspace / ".git" / "objects" / head[:2] / head[2:]).unlink()  # git would fetch it from `origin`

    ended = command_line("check", "--sha", revision)

    assert ended.code == 2
    assert not canary.exists()


def test_a_repository_among_the_files_of_a_checkout_is_not_read(
    command_line: CommandLine, git: Git, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git("clone", "--quiet", "--bare", ".", "inner")
    monkeypatch.chdir(workspace / "inner")

    assert command_line("check", "--gates", "../swanlab-gate.yml", "--sha", "HEAD").code == 2


def test_in_a_ci_job_the_event_names_the_commit(command_line: CommandLine, git: Git, sandbox: Sandbox) -> None:
    assert git("rev-parse", "HEAD")
    environ = {**sandbox.environment(), "GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "push", "GITHUB_SHA": "d" * 40}

    ended = command_line("check", "--format", "json", environ=environ)

    assert ended.document["commit"] == "d" * 40


# --set

EVERY = {
    "pr_commits": ("aaaaaaa,bbbbbbb", ("aaaaaaa", "bbbbbbb")),
    "head_sha": ("AAAAAAA", "aaaaaaa"),
    "merge_sha": ("bbbbbbb", "bbbbbbb"),
    "base_sha": ("origin/main", "origin/main"),
    "base_branch": ("release 1", "release 1"),
    "head_branch": ("a,b=c", "a,b=c"),
    "pr_number": ("42", 42),
    "actor": ("mona", "mona"),
    "run_ids": (" r1, r2 r3 ", ("r1", "r2", "r3")),
}


@pytest.mark.parametrize("name", NAMES)
def test_every_variable_has_a_value_of_its_type(name: str) -> None:
    given, value = EVERY[name]

    assert from_flags({}, [f"{name}={given}"]).variables == {name: value}
    assert from_flags({}, [f"${name} = {given}"]).variables == {name: value}


def test_a_list_is_added_to() -> None:
    assert from_flags({}, ["run_ids=a,b", "run_ids=c"]).variables == {"run_ids": ("a", "b", "c")}


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ("base_branch", "input.not-a-variable"),
        ("base_branch=", "input.not-a-variable"),
        ("=main", "input.not-a-variable"),
        ("branch=main", "input.unknown-variable"),
        ("PATH=/bin", "input.unknown-variable"),
        ("pr_number=x", "input.not-a-pull-request"),
        ("pr_number=1,2", "input.not-a-pull-request"),
        ("head_sha=-x", "input.not-a-revision"),
        ("pr_commits=aaaaaaa,-x", "input.not-a-revision"),
    ],
)
def test_a_wrong_value_is_refused(given: str, problem: str) -> None:
    assert ids("", (given,)) == [problem]


def test_an_unknown_variable_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(ConfigurationError) as stop:
        from_flags({}, ["base_brunch=main"])

    (problem,) = stop.value.problems
    assert problem.message.params["near"] == "base_branch"
    assert problem.message.params["names"] == NAMES


def test_one_value_cannot_be_given_twice() -> None:
    assert ids("", ("actor=a", "actor=b", "actor=c")) == ["input.variable-twice"] * 2


def test_all_wrong_flags_and_variables_are_refused_at_once() -> None:
    assert ids("--wait=soon", ("x=y", "pr_number=x")) == [
        "input.unknown-variable",
        "input.not-a-pull-request",
        "input.not-a-time",
    ]


def test_set_wins_over_the_event_and_over_other_flags(
    command_line: CommandLine, workspace: Path, sandbox: Sandbox
) -> None:
    (workspace / "swanlab-gate.yml").write_text(
        "project: my-team/resnet\ngates:\n  - name: Main\n"
        "    runs: {git.branch: $base_branch, config.seed: $pr_number}\n"
        "    expect: {state: FINISHED}\n"
    )
    flags = ("--pr", "7", "--set", "pr_number=1", "--set", "base_branch=main")

    ended = command_line("explain", "main", *flags)

    assert "git.branch $base_branch (main)" in ended.out
    assert "config.seed $pr_number (1)" in ended.out
    assert sandbox.requests
