"""A check in a GitLab job: one note, the target branch's rules, and a verdict that no refusal changes."""

import json
import re
from pathlib import Path

import pytest
from checking import LAX, Check, failed, warnings
from support.described_double import private_certificate
from support.gitlab_double import (
    BASE,
    EXPIRED,
    GUEST,
    PROJECT,
    READS,
    STRANGER,
    TOKEN,
    GitLabDouble,
    Note,
    branch_job,
    merge_request_job,
)
from support.story import GATES
from support.words import words

from swanlab_ci.messages import Key, Language, Message, plain
from swanlab_ci.sandbox import FIXED_COMMIT, PULL_REQUEST_COMMIT, Sandbox

GITLAB = Message("gitlab.name")
WRITE = Message("forge.write-comment")
OWN = "--own-rules"
HEAD_OF_NOTE = f"<!-- swanlab-ci:default run=900.12000000001 sha={PULL_REQUEST_COMMIT} -->\n"


def advice(scope: str) -> Message:
    return Message("gitlab.token-advice", scope=Key(scope), role=Key("Reporter"), variable=Key("GITLAB_TOKEN"))


def marked(run: str = "899.5", told: str = "fail:1234567") -> str:
    return f"<!-- swanlab-ci:default run={run} sha={'c' * 40} -->\n<!-- state={'0' * 16} told={told} -->\n## old\n"


@pytest.fixture
def gitlab(gitlab: GitLabDouble) -> GitLabDouble:
    gitlab.files["swanlab-gate.yml", "main"] = GATES.encode()
    gitlab.head = PULL_REQUEST_COMMIT
    return gitlab


@pytest.fixture
def job(gitlab: GitLabDouble, workspace: Path) -> dict[str, str]:
    return merge_request_job(gitlab, str(workspace), PULL_REQUEST_COMMIT)


def test_a_merge_request_gets_one_note_with_its_verdict(
    check: Check, gitlab: GitLabDouble, job: dict[str, str]
) -> None:
    ended = check(job, "--report-dir", "swanlab-ci-report")

    assert ended.code == 1
    (note,) = gitlab.notes
    assert note.body.startswith(HEAD_OF_NOTE)
    assert f"{gitlab.url}/{PROJECT}/-/merge_requests/12#note_{note.id}" in ended.err
    assert warnings(ended) == []
    assert Path("swanlab-ci-report/junit.xml").is_file()


def test_the_next_pipeline_edits_the_note(check: Check, gitlab: GitLabDouble, job: dict[str, str]) -> None:
    check(job)
    fixed = {**job, "CI_COMMIT_SHA": FIXED_COMMIT, "CI_PIPELINE_ID": "901"}

    assert check(fixed).code == 0
    (note,) = gitlab.notes
    assert "run=901." in note.body
    assert f"told=pass:{FIXED_COMMIT[:7]},fail:{PULL_REQUEST_COMMIT[:7]}" in note.body


def test_a_job_of_an_older_pipeline_that_is_run_again_leaves_the_note(
    check: Check, gitlab: GitLabDouble, job: dict[str, str]
) -> None:
    gitlab.notes = [Note(1, marked("901.1"))]

    ended = check({**job, "CI_JOB_ID": "99999999999"})

    assert [note.body for note in gitlab.notes] == [marked("901.1")]
    assert words("forge.newer-comment") in ended.err


def test_the_log_holds_no_command_and_no_secret(check: Check, sandbox: Sandbox, job: dict[str, str]) -> None:
    """GitLab masks by itself; a line of GitHub's would print the secret instead of hiding it."""
    ended = check(job)

    assert "::" not in re.sub(r"https?://", "", ended.err)
    assert not [secret for secret in (sandbox.api_key, TOKEN) if secret in ended.out + ended.err]


def test_a_merge_request_cannot_loosen_its_own_gate(
    check: Check, gitlab: GitLabDouble, job: dict[str, str], workspace: Path
) -> None:
    (workspace / "swanlab-gate.yml").write_text(LAX)

    ended = check(job)

    assert ended.code == 1
    assert "With its own rules, the verdict would be" in gitlab.notes[0].body


def test_own_rules_count_where_they_are_asked_for(
    check: Check, gitlab: GitLabDouble, job: dict[str, str], workspace: Path
) -> None:
    (workspace / "swanlab-gate.yml").write_text(LAX)

    assert check(job, OWN).code == 0
    assert words("gate-file.own-rules") in gitlab.notes[0].body


def test_the_base_of_the_difference_counts_where_the_branch_has_no_file(
    check: Check, gitlab: GitLabDouble, job: dict[str, str], workspace: Path
) -> None:
    gitlab.files = {("swanlab-gate.yml", BASE): GATES.encode()}
    (workspace / "swanlab-gate.yml").write_text(LAX)

    assert check(job).code == 1


def test_a_file_in_a_folder_is_found(check: Check, gitlab: GitLabDouble, job: dict[str, str], workspace: Path) -> None:
    gitlab.files["ci/gate.yml", "main"] = GATES.encode()
    (workspace / "ci").mkdir()
    (workspace / "ci" / "gate.yml").write_text(LAX)

    assert check(job, "--gates", "ci/gate.yml").code == 1


def test_the_first_gate_file_is_the_merge_requests_and_that_is_said(
    check: Check, gitlab: GitLabDouble, job: dict[str, str]
) -> None:
    gitlab.files.clear()

    assert check(job).code == 1
    assert words("gitlab.not-in-target", file="swanlab-gate.yml") in gitlab.notes[0].body.replace("`", "")


@pytest.mark.parametrize(
    ("kind", "token"),
    [("", ""), ("", "glpat-é"), ("", "glpat- x"), ("", "job-token"), (EXPIRED, "x"), (GUEST, "x"), (STRANGER, "x")],
)
def test_without_the_right_to_read_nobodys_rules_count(
    check: Check, gitlab: GitLabDouble, job: dict[str, str], workspace: Path, *, kind: str, token: str
) -> None:
    """A stranger's token gets 404 for a file that is there: that must not let the merge request's own file in."""
    gitlab.kinds |= {token: kind} if kind else {}
    (workspace / "swanlab-gate.yml").write_text(LAX)

    ended = check({name: value for name, value in {**job, "GITLAB_TOKEN": token}.items() if value})

    assert ended.code == 2
    assert words("gitlab.read-advice", advice=advice("api"), flag=Key(OWN)) in ended.err


@pytest.mark.parametrize("commit", [PULL_REQUEST_COMMIT, FIXED_COMMIT])
@pytest.mark.parametrize("kind", ["job's own", READS, GUEST, STRANGER, EXPIRED])
def test_a_token_that_may_not_write_changes_no_verdict(
    check: Check, gitlab: GitLabDouble, job: dict[str, str], *, kind: str, commit: str
) -> None:
    gitlab.kinds |= {} if kind == "job's own" else {"other": kind}

    ended = check({**job, "GITLAB_TOKEN": "other", "CI_COMMIT_SHA": commit}, OWN)

    assert ended.code == (1 if commit == PULL_REQUEST_COMMIT else 0)
    (warning,) = warnings(ended)
    assert plain(advice("api"), Language.EN) in warning
    assert gitlab.notes == []


def test_without_a_token_one_warning_says_what_allows_the_note(
    check: Check, gitlab: GitLabDouble, job: dict[str, str]
) -> None:
    job.pop("GITLAB_TOKEN")

    ended = check(job, OWN)

    assert ended.code == 1
    assert warnings(ended) == ["warning: " + words("gitlab.no-token", advice=advice("api"))]
    assert gitlab.asked == []
    assert warnings(check(job, OWN, "--comment", "never")) == []


@pytest.mark.parametrize("keeps_link", [True, False])
def test_a_note_beyond_the_first_page_is_found(
    check: Check, gitlab: GitLabDouble, job: dict[str, str], *, keeps_link: bool
) -> None:
    gitlab.keeps_link = keeps_link
    gitlab.notes = [Note(number, "LGTM", "ada") for number in range(1, 230)] + [Note(300, marked())]

    check(job)

    assert len(gitlab.notes) == 230
    assert gitlab.notes[-1].body.startswith(HEAD_OF_NOTE)


@pytest.mark.parametrize("note", [Note(5, marked(), "mallory"), Note(5, f"> {marked()}"), Note(5, "LGTM")])
def test_a_note_that_is_not_ours_is_left_alone(
    check: Check, gitlab: GitLabDouble, job: dict[str, str], note: Note
) -> None:
    gitlab.notes, before = [note], note.body

    check(job)

    assert note.body == before
    assert len(gitlab.notes) == 2


def test_where_gitlab_does_not_say_who_we_are_our_own_note_does(
    check: Check, gitlab: GitLabDouble, job: dict[str, str]
) -> None:
    gitlab.tells_who_we_are = False
    gitlab.notes = [Note(4, marked(), "mallory"), Note(5, marked())]

    assert warnings(check(job)) == []

    assert [(note.id, note.body.startswith(HEAD_OF_NOTE)) for note in gitlab.notes] == [(4, False), (5, True)]
    assert "told=fail:" + PULL_REQUEST_COMMIT[:7] + ",fail:1234567" in gitlab.notes[1].body


@pytest.mark.parametrize("theirs", [marked("901.1"), marked(told="pass:1234567")])
def test_who_does_not_know_itself_leaves_no_note_where_none_is_wanted(
    check: Check, gitlab: GitLabDouble, job: dict[str, str], theirs: str
) -> None:
    """A newer pipeline wrote, or nothing is wrong now and before."""
    gitlab.tells_who_we_are = False
    gitlab.notes = [Note(5, theirs)]

    check({**job, "CI_COMMIT_SHA": FIXED_COMMIT}, "--comment", "on-problem")

    assert [note.body for note in gitlab.notes] == [theirs]


def test_a_commit_status_is_not_set_and_that_is_said(check: Check, gitlab: GitLabDouble, job: dict[str, str]) -> None:
    ended = check(job, "--status-context", "swanlab-ci")

    assert warnings(ended) == [failed(Message("forge.set-status"), Message("gitlab.no-statuses"))]
    assert len(gitlab.notes) == 1


def test_a_branch_without_a_merge_request_has_its_own_rules(
    check: Check, gitlab: GitLabDouble, workspace: Path
) -> None:
    ended = check(branch_job(gitlab, str(workspace), FIXED_COMMIT))

    assert ended.code == 0
    assert gitlab.asked == []
    assert warnings(ended) == []


@pytest.mark.parametrize("listed", [f"{PROJECT}!12", f" {PROJECT}!12 "])
def test_a_branch_pipeline_is_one_for_the_merge_request_that_has_the_branch(
    check: Check, gitlab: GitLabDouble, workspace: Path, listed: str
) -> None:
    (workspace / "swanlab-gate.yml").write_text(LAX)

    ended = check(branch_job(gitlab, str(workspace), PULL_REQUEST_COMMIT, CI_OPEN_MERGE_REQUESTS=listed))

    assert ended.code == 1
    assert len(gitlab.notes) == 1


def test_a_branch_of_several_merge_requests_is_not_judged_by_its_own_rules(
    check: Check, gitlab: GitLabDouble, workspace: Path
) -> None:
    (workspace / "swanlab-gate.yml").write_text(LAX)
    job = branch_job(gitlab, str(workspace), PULL_REQUEST_COMMIT, CI_OPEN_MERGE_REQUESTS=f"{PROJECT}!12,{PROJECT}!13")

    ended = check(job)

    assert ended.code == 3
    assert words("gitlab.several-merge-requests", count=2, flag=Key("--pr")) in ended.err
    assert check(job, "--pr", "12").code == 1


def test_a_branch_pipeline_without_a_token_is_not_judged_by_its_own_rules(
    check: Check, gitlab: GitLabDouble, workspace: Path
) -> None:
    job = branch_job(gitlab, str(workspace), FIXED_COMMIT, CI_OPEN_MERGE_REQUESTS=f"{PROJECT}!12", GITLAB_TOKEN="")

    assert check(job).code == 2
    assert check(job, OWN).code == 0


def test_a_pipeline_of_merged_results_checks_the_head_and_the_merge_commit(check: Check, job: dict[str, str]) -> None:
    merged = {"CI_COMMIT_SHA": "e" * 40, "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": PULL_REQUEST_COMMIT}

    ended = check({**job, **merged}, "--format", "json")

    assert ended.code == 1
    assert json.loads(ended.out)["commit"] == PULL_REQUEST_COMMIT


def test_a_merge_request_from_a_fork_that_runs_here_is_judged_as_any_other(
    check: Check, gitlab: GitLabDouble, job: dict[str, str], workspace: Path
) -> None:
    (workspace / "swanlab-gate.yml").write_text(LAX)
    fork = {"CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "99", "CI_MERGE_REQUEST_SOURCE_PROJECT_PATH": "mallory/resnet"}

    assert check({**job, **fork}).code == 1
    assert len(gitlab.notes) == 1


def test_a_pipeline_that_runs_in_the_fork_is_told_where_a_token_is(
    check: Check, gitlab: GitLabDouble, job: dict[str, str]
) -> None:
    fork = {"CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "99", "CI_PROJECT_ID": "99", "CI_PROJECT_PATH": "mallory/resnet"}
    job.pop("GITLAB_TOKEN")

    ended = check({**job, **fork})

    assert ended.code == 2
    assert words("gitlab.fork-has-no-token", variable=Key("GITLAB_TOKEN")) in ended.err
    assert gitlab.asked == []


def test_a_pull_request_of_another_forge_is_refused(check: Check, gitlab: GitLabDouble, workspace: Path) -> None:
    job = branch_job(gitlab, str(workspace), FIXED_COMMIT, CI_PIPELINE_SOURCE="external_pull_request_event")

    assert check(job).code == 2


def test_gitlab_under_a_sub_path_is_asked_there(check: Check, gitlab: GitLabDouble, workspace: Path) -> None:
    gitlab.prefix = "/scm/gitlab"

    ended = check(merge_request_job(gitlab, str(workspace), PULL_REQUEST_COMMIT))

    assert ended.code == 1
    assert f"{gitlab.url}/scm/gitlab/{PROJECT}/-/merge_requests/12#note_" in ended.err
    assert all(request.path.startswith("/scm/gitlab/api/v4/") for request in gitlab.asked)


@pytest.mark.parametrize("missing", ["CI_API_V4_URL", "CI_MERGE_REQUEST_DIFF_BASE_SHA", "CI_COMMIT_SHA"])
def test_a_variable_that_is_missing_never_lets_a_merge_request_pass_by_its_own_rules(
    check: Check, job: dict[str, str], workspace: Path, missing: str
) -> None:
    (workspace / "swanlab-gate.yml").write_text(LAX)
    job.pop(missing)

    assert check(job).code in {1, 2, 3}


def test_a_gitlab_with_a_private_authority_is_verified_by_the_file_that_the_runner_names(
    check: Check, workspace: Path, tmp_path: Path
) -> None:
    server, authority = private_certificate(tmp_path)
    with GitLabDouble(certificate=server, prefix="/git") as gitlab:
        gitlab.files["swanlab-gate.yml", "main"] = GATES.encode()
        job = merge_request_job(gitlab, str(workspace), FIXED_COMMIT)

        assert check(job).code == 3
        assert check({**job, "CI_SERVER_TLS_CA_FILE": str(tmp_path / "missing.pem")}).code == 3
        assert gitlab.notes == []

        assert check({**job, "CI_SERVER_TLS_CA_FILE": str(authority)}).code == 0
        assert len(gitlab.notes) == 1
        assert gitlab.violations == []
