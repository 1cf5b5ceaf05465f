"""A pull request is judged by the rules of the branch that it wants to change, not by its own."""

import json
import time
from typing import Any

import pytest
from support.github_double import REPOSITORY, GitHubDouble
from support.runner import Runner, pull_request
from support.story import GATES
from support.words import words

from swanlab_ci import gate
from swanlab_ci.messages import Key
from swanlab_ci.sandbox import FIXED_COMMIT, PULL_REQUEST_COMMIT, Sandbox

BASE = "b" * 40
LAX = GATES.replace("FINISHED", "{not: NOTHING}").replace("1e-2", "1").replace("{not: NOTHING}", "[FINISHED, CRASHED]")


@pytest.fixture
def inputs(sandbox: Sandbox) -> dict[str, str]:
    return {"api-key": sandbox.api_key, "host": sandbox.url}


def on_base(github: GitHubDouble, text: str, name: str = "swanlab-gate.yml") -> None:
    github.files[name, BASE] = text.encode()


def test_a_pull_request_cannot_loosen_its_own_gate(
    runner: Runner, inputs: dict[str, str], github: GitHubDouble
) -> None:
    on_base(github, GATES)
    (runner.workspace / "swanlab-gate.yml").write_text(LAX)

    ended = runner.run(inputs)

    assert ended.code == 1
    assert "This pull request changes" in runner.summary
    assert "With its own rules, the verdict would be: passed" in runner.summary


@pytest.mark.parametrize("event_name", ["pull_request_review", "pull_request_review_comment", "pull_request_new"])
def test_every_event_of_a_pull_request_reads_the_base_branchs_rules(
    runner: Runner, inputs: dict[str, str], github: GitHubDouble, event_name: str
) -> None:
    on_base(github, GATES)
    (runner.workspace / "swanlab-gate.yml").write_text(LAX)
    runner.event_name = event_name

    assert runner.check(inputs).code == 1
    assert runner.outputs["verdict"] == "fail"


def test_an_event_that_is_not_known_is_refused(runner: Runner, inputs: dict[str, str]) -> None:
    runner.event_name, runner.event = "deployment", {}

    refused = runner.check(inputs)

    assert refused.code == 2
    assert words("gate-file.unknown-event", event=Key("deployment")) in refused.err


def test_stricter_rules_of_its_own_are_shown_and_do_not_count_yet(
    runner: Runner, inputs: dict[str, str], github: GitHubDouble
) -> None:
    on_base(github, LAX)

    assert runner.check(inputs).code == 0
    assert "With its own rules, the verdict would be: failed" in runner.summary


@pytest.mark.parametrize(("head", "code"), [(GATES, 1), (LAX, 0)])
def test_the_head_of_the_base_branch_counts_and_not_an_old_commit(
    runner: Runner, inputs: dict[str, str], github: GitHubDouble, *, head: str, code: int
) -> None:
    on_base(github, LAX if code else GATES)
    github.files["swanlab-gate.yml", "main"] = head.encode()

    assert runner.check(inputs).code == code


def test_the_same_rules_on_both_sides_are_judged_once(
    runner: Runner, inputs: dict[str, str], github: GitHubDouble, sandbox: Sandbox
) -> None:
    on_base(github, GATES)

    assert runner.check(inputs).code == 1
    assert "This pull request changes" not in runner.summary
    assert sum("/runs?" in request.path for request in sandbox.requests) <= 2


def test_the_first_gate_file_is_the_pull_requests_and_that_is_said(runner: Runner, inputs: dict[str, str]) -> None:
    assert runner.check(inputs).code == 1
    assert "The base branch has no" in runner.summary


@pytest.mark.parametrize(
    ("event_name", "status"), [("pull_request", 500), ("pull_request_target", 503), ("pull_request_target", 429)]
)
def test_where_github_fails_nobodys_rules_count(
    runner: Runner, inputs: dict[str, str], github: GitHubDouble, *, status: int, event_name: str
) -> None:
    on_base(github, GATES)
    (runner.workspace / "swanlab-gate.yml").write_text(LAX)
    runner.event_name = event_name
    github.answer("GET", r".*/contents/.*", status, times=99)

    ended = runner.check({**inputs, "timeout": "8s"})

    assert ended.code == 3
    assert runner.outputs["passed"] == "false"


def test_a_rate_limit_is_no_missing_right(runner: Runner, inputs: dict[str, str], github: GitHubDouble) -> None:
    on_base(github, GATES)
    (runner.workspace / "swanlab-gate.yml").write_text(LAX)
    github.answer("GET", r".*/contents/.*", 403, times=99, message="API rate limit exceeded", x_ratelimit_remaining="0")

    assert runner.check({**inputs, "timeout": "8s"}).code == 3


def test_a_pull_request_whose_base_nobody_tells_is_not_judged(
    runner: Runner, inputs: dict[str, str], github: GitHubDouble
) -> None:
    (runner.workspace / "swanlab-gate.yml").write_text(LAX)
    runner.event["pull_request"]["base"] = {}
    github.answer("GET", r".*/pulls/7", 500, times=99)

    ended = runner.check({**inputs, "timeout": "8s"})

    assert ended.code == 3
    assert words("gate-file.base-unknown") in ended.err


def test_a_forks_commit_without_a_pull_request_is_not_judged(
    runner: Runner, inputs: dict[str, str], github: GitHubDouble
) -> None:
    (runner.workspace / "swanlab-gate.yml").write_text(LAX)
    runner.event_name = "workflow_run"
    repository, fork = {"full_name": REPOSITORY}, {"full_name": "mallory/fork"}
    started = {"event": "pull_request", "head_sha": PULL_REQUEST_COMMIT, "head_branch": "x", "head_repository": fork}
    runner.event = {"workflow_run": {**started, "pull_requests": []}, "repository": repository}

    ended = runner.check(inputs)

    assert ended.code == 3
    assert words("gate-file.base-unknown") in ended.err
    assert github.comments == []


@pytest.mark.parametrize("broken", ["gates: [{nme: old}]", "extends: common.yml\nproject: my-team/resnet\n"])
def test_on_pull_request_target_a_broken_base_does_not_let_the_checkout_in(
    runner: Runner, inputs: dict[str, str], github: GitHubDouble, broken: str
) -> None:
    on_base(github, broken)
    (runner.workspace / "swanlab-gate.yml").write_text(LAX)
    runner.event_name = "pull_request_target"

    assert runner.check(inputs).code == 2


def test_where_the_token_has_no_right_the_checkouts_rules_count_and_the_right_is_named(
    runner: Runner, inputs: dict[str, str], github: GitHubDouble
) -> None:
    github.answer("GET", r".*/contents/.*", 403, times=9)

    assert runner.check(inputs).code == 1
    assert "contents: read" in runner.summary
    assert "of the base branch" in runner.summary


def test_a_deleted_gate_file_still_counts(runner: Runner, inputs: dict[str, str], github: GitHubDouble) -> None:
    on_base(github, GATES)
    (runner.workspace / "swanlab-gate.yml").unlink()

    assert runner.check(inputs).code == 1


def test_a_broken_proposal_is_refused_before_it_is_merged(
    runner: Runner, inputs: dict[str, str], github: GitHubDouble
) -> None:
    on_base(github, LAX)
    (runner.workspace / "swanlab-gate.yml").write_text(GATES.replace("min:", "minimum:"))

    ended = runner.check(inputs)

    assert ended.code == 2
    assert "did you mean `min`?" in ended.err


@pytest.mark.parametrize(
    ("own", "says"),
    [
        (GATES.replace("my-team/resnet", "ada/notes"), "they read another project than"),
        (GATES.replace("git.commit: $pr_commits", "id: $run_ids"), "Its own rules give no verdict"),
        (GATES + "    project: ada/notes\n", "they read another project than"),
        (
            GATES + "    compare: {metrics.val/acc: {to: main, better: higher, allow_worse: 1}}\n"
            "baselines: {main: {project: ada/notes, runs: {labels: scratch}}}\n",
            "they read another project than",
        ),
    ],
    ids=["project", "variable", "project of a gate", "project of a baseline"],
)
def test_what_a_proposal_does_never_replaces_the_verdict(
    runner: Runner, inputs: dict[str, str], github: GitHubDouble, *, own: str, says: str
) -> None:
    on_base(github, GATES)
    (runner.workspace / "swanlab-gate.yml").write_text(own)

    assert runner.check(inputs).code == 1
    assert says in runner.summary


def test_a_proposal_reads_no_project_that_the_base_branchs_rules_do_not_read(
    runner: Runner, inputs: dict[str, str], github: GitHubDouble, sandbox: Sandbox
) -> None:
    on_base(github, GATES)
    (runner.workspace / "swanlab-gate.yml").write_text(GATES + "    project: ada/notes\n")

    runner.check(inputs)
    assert not [request.path for request in sandbox.requests if "/ada/" in request.path]

    on_base(github, GATES + "    project: ada/notes\n")
    (runner.workspace / "swanlab-gate.yml").write_text(GATES + "    project: ada/notes\n    why: It changes.\n")

    runner.check(inputs)
    assert [request.path for request in sandbox.requests if "/ada/" in request.path]
    assert "With its own rules, the verdict would be: failed" in runner.summary


@pytest.mark.parametrize("project", ["", "my-team/resnet"])
def test_the_input_project_bounds_a_file_that_the_base_branch_does_not_hold(
    runner: Runner, inputs: dict[str, str], sandbox: Sandbox, project: str
) -> None:
    (runner.workspace / "swanlab-gate.yml").write_text(GATES + "    project: ada/notes\n")

    ended = runner.check(inputs | {"project": project, "own-rules": "true"})

    read = [request.path for request in sandbox.requests if "/ada/" in request.path]
    assert (ended.code, bool(read)) == ((2, False) if project else (1, True))
    assert not project or "may read my-team/resnet only" in ended.err


@pytest.mark.parametrize("error", [MemoryError, RecursionError, None])
def test_heavy_rules_of_a_proposal_never_replace_the_verdict(
    runner: Runner, inputs: dict[str, str], github: GitHubDouble, monkeypatch: pytest.MonkeyPatch, *, error: Any
) -> None:
    on_base(github, LAX)
    (runner.workspace / "swanlab-gate.yml").write_text(GATES)
    judge, calls = gate.judge, iter(range(9))

    def judge_heavily(*args: Any, **options: Any) -> Any:
        if next(calls) == 0:
            return judge(*args, **options)
        if error:
            raise error
        while True:
            time.sleep(0.05)

    monkeypatch.setattr(gate, "judge", judge_heavily)

    assert runner.check({**inputs, "timeout": "10s"}).code == 0
    assert "Its own rules give no verdict" in runner.summary


def test_a_pull_request_may_mend_a_broken_gate_file(
    runner: Runner, inputs: dict[str, str], github: GitHubDouble
) -> None:
    on_base(github, GATES.replace("min:", "minimum:"))
    runner.event = pull_request(FIXED_COMMIT)

    assert runner.check(inputs).code == 0
    assert "gate file cannot be used" in runner.summary


def test_what_the_gate_file_extends_comes_from_the_base_branch_too(
    runner: Runner, inputs: dict[str, str], github: GitHubDouble
) -> None:
    on_base(github, "extends: shared.yml\nproject: my-team/resnet\n")
    on_base(github, GATES, "shared.yml")
    for name, text in (("swanlab-gate.yml", "extends: shared.yml\nproject: my-team/resnet\n"), ("shared.yml", LAX)):
        (runner.workspace / name).write_text(text)

    assert runner.check(inputs).code == 1
    assert "With its own rules, the verdict would be: passed" in runner.summary


def test_a_comment_in_the_gate_file_is_no_change_of_the_rules(
    runner: Runner, inputs: dict[str, str], github: GitHubDouble
) -> None:
    on_base(github, "# For whom it may concern.\n\n" + GATES)

    assert runner.check(inputs).code == 1
    assert "This pull request changes" not in runner.summary


def test_on_pull_request_target_the_checkouts_rules_never_count(
    runner: Runner, inputs: dict[str, str], github: GitHubDouble
) -> None:
    runner.event_name = "pull_request_target"
    (runner.workspace / "swanlab-gate.yml").write_text(LAX)

    refused = runner.check(inputs)

    assert refused.code == 2
    assert "is read from the base branch only" in refused.err

    on_base(github, GATES)
    (runner.workspace / "swanlab-gate.yml").unlink()

    assert runner.check(inputs).code == 1


def test_who_asks_for_own_rules_gets_them_and_that_is_said(
    runner: Runner, inputs: dict[str, str], github: GitHubDouble
) -> None:
    on_base(github, GATES)
    (runner.workspace / "swanlab-gate.yml").write_text(LAX)

    assert runner.check({**inputs, "own-rules": "true"}).code == 0
    assert words("gate-file.own-rules") in runner.summary
    assert not [said for said in github.said() if "/contents/" in said]


def test_own_rules_do_not_count_where_a_strangers_code_has_the_bases_rights(
    runner: Runner, inputs: dict[str, str], github: GitHubDouble
) -> None:
    on_base(github, GATES)
    (runner.workspace / "swanlab-gate.yml").write_text(LAX)
    runner.event_name = "pull_request_target"

    assert runner.check({**inputs, "own-rules": "true"}).code == 2


STRICTER = GATES.replace("max: 1e-2", "max: 1e-4")
ASKED = {"backtest": "50"}


def noted(runner: Runner) -> list[dict[str, Any]]:
    found = json.loads((runner.workspace / "out" / "report.json").read_text("utf-8"))["notes"]
    return [note for note in found if note["id"].startswith("proposal.")]


def test_the_note_names_the_changes_that_the_proposals_rules_would_have_stopped_as_well(
    runner: Runner, inputs: dict[str, str], github: GitHubDouble
) -> None:
    on_base(github, GATES)
    (runner.workspace / "swanlab-gate.yml").write_text(STRICTER)

    ended = runner.check(inputs | ASKED | {"report-dir": "out"})

    assert ended.code == 1
    assert [note["id"] for note in noted(runner)] == ["proposal.verdict", "proposal.backtest"]
    said = noted(runner)[1]["text"]
    assert said.startswith("With its own rules, 3 more of the last 10 commits would have been stopped: ")
    assert FIXED_COMMIT[:7] in said
    assert "training-settings-are-sane: config.lr is" in said


@pytest.mark.parametrize(
    ("own", "asked"),
    [(GATES, ASKED), (STRICTER, {}), (STRICTER, {"backtest": "0"})],
    ids=["same rules", "not asked", "zero"],
)
def test_without_other_rules_or_the_input_the_past_is_not_read(
    runner: Runner, inputs: dict[str, str], github: GitHubDouble, own: str, asked: dict[str, str]
) -> None:
    on_base(github, GATES)
    (runner.workspace / "swanlab-gate.yml").write_text(own)

    runner.check(inputs | asked | {"report-dir": "out"})

    assert "proposal.backtest" not in [note["id"] for note in noted(runner)]


@pytest.mark.parametrize(
    ("own", "reason"),
    [
        (GATES.replace("labels: smoke", "labels: $base_branch"), "proposal.backtest"),
        (GATES.replace("1e-2", "1") + "baselines: {old: {runs: {labels: x}}}\n", "proposal.backtest"),
    ],
)
def test_the_events_own_variables_are_known_in_the_past(
    runner: Runner, inputs: dict[str, str], github: GitHubDouble, own: str, reason: str
) -> None:
    on_base(github, GATES)
    (runner.workspace / "swanlab-gate.yml").write_text(own)

    assert runner.check(inputs | ASKED | {"report-dir": "out"}).code == 1
    assert reason in [note["id"] for note in noted(runner)]


def test_a_past_that_cannot_be_read_is_a_note_and_changes_no_verdict(
    runner: Runner, inputs: dict[str, str], github: GitHubDouble, sandbox: Sandbox
) -> None:
    base = GATES.replace("git.commit: $pr_commits", "labels: [smoke, eval]")
    on_base(github, base)
    (runner.workspace / "swanlab-gate.yml").write_text(base.replace("1e-2", "1e-4"))

    assert runner.check(inputs | ASKED | {"report-dir": "out"}).code == 1
    assert [note["id"] for note in noted(runner)] == ["proposal.verdict", "proposal.no-backtest"]
    assert sandbox.requests
