"""A check of a repository on Gitee or GitCode, from a CI that says which pull request a job is about."""

from pathlib import Path

import pytest
from checking import LAX, Check, warnings
from support.gitee_double import (
    NUMBER,
    READS,
    STRANGER,
    TOKEN,
    GiteeDouble,
)
from support.pull_double import ForgeComment
from support.story import GATES
from support.words import words

from swanlab_ci.messages import Key, Language, Message, plain
from swanlab_ci.sandbox import FIXED_COMMIT, PULL_REQUEST_COMMIT, Sandbox

OWN = "--own-rules"
RIGHTS = tuple(map(Key, ("projects", "pull_requests", "notes", "user_info")))
ADVICE = Message("gitee.token-advice", rights=RIGHTS, variable=Key("SWANLAB_CI_TOKEN"))
HEAD_OF_COMMENT = f"<!-- swanlab-ci:default run=31.1 sha={PULL_REQUEST_COMMIT} -->\n"


def marked(run: str = "30.1", told: str = "fail:1234567") -> str:
    return f"<!-- swanlab-ci:default run={run} sha={'c' * 40} -->\n<!-- state={'0' * 16} told={told} -->\n## old\n"


@pytest.fixture
def gitee(gitee: GiteeDouble) -> GiteeDouble:
    gitee.files["swanlab-gate.yml", "main"] = GATES.encode()
    gitee.head = PULL_REQUEST_COMMIT
    return gitee


@pytest.fixture
def job(gitee: GiteeDouble) -> dict[str, str]:
    """Gitee Go: what it predefines, and the two variables that the recipe sets."""
    return {
        "SWANLAB_CI_REPOSITORY": gitee.address,
        "SWANLAB_CI_TOKEN": TOKEN,
        "GITEE_PULL_ID": str(NUMBER),
        "GITEE_SOURCE_COMMIT": PULL_REQUEST_COMMIT,
        "GITEE_COMMIT": "b" * 40,
        "GITEE_BRANCH": "main",
        "GITEE_SOURCE_BRANCH": "changes",
        "GITEE_PIPELINE_BUILD_NUMBER": "31",
        "CI": "true",
    }


def test_a_pull_request_gets_one_comment_with_its_address(
    check: Check, gitee: GiteeDouble, job: dict[str, str]
) -> None:
    ended = check(job)

    assert ended.code == 1
    (comment,) = gitee.comments
    assert comment.body.startswith(HEAD_OF_COMMENT)
    assert f"{gitee.address}/pulls/{NUMBER}#note_{comment.id}" in ended.err
    assert warnings(ended) == []
    assert "::" not in ended.err.replace("://", "")


def test_a_later_build_edits_the_comment(check: Check, gitee: GiteeDouble, job: dict[str, str]) -> None:
    gitee.comments = [ForgeComment(3, marked(), "mallory"), ForgeComment(4, marked())]

    check(job)

    assert [comment.body.startswith(HEAD_OF_COMMENT) for comment in gitee.comments] == [False, True]


@pytest.mark.parametrize("says_pages", [True, False])
@pytest.mark.parametrize("others", [99, 100, 250])
def test_a_comment_beyond_the_first_page_is_found(
    check: Check, gitee: GiteeDouble, job: dict[str, str], *, says_pages: bool, others: int
) -> None:
    gitee.says_pages = says_pages
    gitee.comments = [ForgeComment(number, "LGTM", "ada") for number in range(1, others + 1)]
    gitee.comments.append(ForgeComment(900, marked()))

    check(job)

    assert len(gitee.comments) == others + 1
    assert gitee.comments[-1].body.startswith(HEAD_OF_COMMENT)


@pytest.mark.parametrize(
    ("commit", "state"),
    [
        (FIXED_COMMIT, {"status": "completed", "conclusion": "success"}),
        (PULL_REQUEST_COMMIT, {"status": "completed", "conclusion": "failure"}),
    ],
)
def test_the_status_is_a_check_run_of_the_head(
    check: Check, gitee: GiteeDouble, job: dict[str, str], commit: str, state: dict[str, str]
) -> None:
    gitee.head = commit
    build = {"GITEE_SOURCE_COMMIT": commit, "BUILD_URL": "https://ci.example/31"}

    check({**job, **build}, "--status-context", "swanlab-ci")

    link = {"details_url": "https://ci.example/31"}
    assert gitee.checks == [{"name": "swanlab-ci", "head_sha": commit, **link, **state}]


def test_runs_that_go_on_leave_the_check_run_in_progress(
    check: Check, gitee: GiteeDouble, job: dict[str, str], sandbox: Sandbox
) -> None:
    runs = [run for run in sandbox.store.projects["my-team/resnet"].runs if "smoke" in run.labels]
    before = [(run, run.state, run.finished_at) for run in runs]
    for run in runs:
        run.state, run.finished_at = "RUNNING", None
    gitee.head = FIXED_COMMIT

    ended = check({**job, "GITEE_SOURCE_COMMIT": FIXED_COMMIT}, "--status-context", "swanlab-ci")

    for run, state, finished_at in before:
        run.state, run.finished_at = state, finished_at
    assert ended.code == 4
    assert [each["status"] for each in gitee.checks] == ["in_progress"]


def test_a_pull_request_cannot_loosen_its_own_gate(
    check: Check, gitee: GiteeDouble, job: dict[str, str], workspace: Path
) -> None:
    (workspace / "swanlab-gate.yml").write_text(LAX)

    assert check(job).code == 1
    assert "With its own rules, the verdict would be" in gitee.comments[0].body


@pytest.mark.parametrize("body", [None, []])
def test_the_first_gate_file_is_the_pull_requests(
    check: Check, gitee: GiteeDouble, job: dict[str, str], body: list[object] | None
) -> None:
    """For a file that is missing, an empty list may be the answer."""
    gitee.files.clear()
    if body is not None:
        gitee.answer("GET", "/contents/", 200, body, times=2)

    assert check(job).code == 1
    assert "The base branch has no" in gitee.comments[0].body


@pytest.mark.parametrize(("token", "kind"), [("", ""), ("unknown", ""), ("x", STRANGER)])
def test_without_the_right_to_read_nobodys_rules_count(
    check: Check, gitee: GiteeDouble, job: dict[str, str], workspace: Path, *, token: str, kind: str
) -> None:
    gitee.kinds |= {token: kind} if kind else {}
    (workspace / "swanlab-gate.yml").write_text(LAX)

    ended = check({name: value for name, value in {**job, "SWANLAB_CI_TOKEN": token}.items() if value})

    assert ended.code in {2, 3}
    assert plain(ADVICE, Language.EN) in ended.err


def test_a_file_that_is_hidden_is_not_taken_for_a_missing_one(
    check: Check, gitee: GiteeDouble, job: dict[str, str], workspace: Path
) -> None:
    (workspace / "swanlab-gate.yml").write_text(LAX)
    for path in ("/contents/", "/commits/"):
        gitee.answer("GET", path, 404, times=9)

    assert check(job).code == 2


@pytest.mark.parametrize("kind", ["", READS, STRANGER])
def test_a_token_that_may_not_write_changes_no_verdict(
    check: Check, gitee: GiteeDouble, job: dict[str, str], kind: str
) -> None:
    gitee.kinds = {TOKEN: kind} if kind else {}

    ended = check(job, OWN)

    assert ended.code == 1
    assert plain(ADVICE, Language.EN) in warnings(ended)[-1]
    assert gitee.comments == []


def test_without_a_token_one_warning_says_what_allows_the_comment(check: Check, job: dict[str, str]) -> None:
    job.pop("SWANLAB_CI_TOKEN")

    ended = check(job, OWN)

    assert ended.code == 1
    assert warnings(ended) == ["warning: " + words("gitee.no-token", advice=ADVICE)]


def test_jenkins_says_the_same_in_its_own_variables(check: Check, gitee: GiteeDouble, job: dict[str, str]) -> None:
    kept = {name: value for name, value in job.items() if not name.startswith("GITEE_")}
    jenkins = {"giteePullRequestIid": str(NUMBER), "BUILD_NUMBER": "31", "BUILD_URL": "https://ci.example/31"}

    assert check({**kept, **jenkins}).code == 1
    assert gitee.comments[0].body.startswith(HEAD_OF_COMMENT)


def test_any_ci_can_name_the_pull_request(check: Check, gitee: GiteeDouble, job: dict[str, str]) -> None:
    kept = {name: value for name, value in job.items() if not name.startswith("GITEE_")}

    assert check(kept, "--pr", str(NUMBER)).code == 1
    assert len(gitee.comments) == 1


def test_a_push_has_its_own_rules(check: Check, gitee: GiteeDouble, job: dict[str, str]) -> None:
    kept = {name: value for name, value in job.items() if name not in {"GITEE_PULL_ID", "GITEE_SOURCE_COMMIT"}}

    assert check({**kept, "GITEE_COMMIT": FIXED_COMMIT}).code == 0
    assert gitee.asked == []


def test_a_pull_request_from_a_fork_is_judged_as_any_other(
    check: Check, gitee: GiteeDouble, job: dict[str, str], workspace: Path
) -> None:
    gitee.head_repository = "mallory/resnet"
    (workspace / "swanlab-gate.yml").write_text(LAX)

    assert check(job).code == 1


def test_a_private_gitee_under_a_sub_path_is_asked_there(check: Check, gitee: GiteeDouble, job: dict[str, str]) -> None:
    gitee.prefix = "/scm"

    assert check({**job, "SWANLAB_CI_REPOSITORY": f"{gitee.address}.git"}).code == 1
    assert all(request.path.startswith("/scm/api/v5/") for request in gitee.asked)


@pytest.mark.parametrize(
    "address",
    ["my-team/resnet", "https://gitee.com/resnet", "https://ada:pw@gitee.com/a/b", "ftp://x/a/b", "https://x/a/.."],
)
def test_an_address_that_names_no_repository_is_said_so(check: Check, job: dict[str, str], address: str) -> None:
    ended = check({**job, "SWANLAB_CI_REPOSITORY": address})

    assert ended.code in {2, 3}
    assert words("gitee.no-repository", variable=Key("SWANLAB_CI_REPOSITORY")) in ended.err
