"""A check of a repository on GitCode, which has Gitee's API in a dialect of its own."""

from pathlib import Path

import pytest
from checking import LAX, Check, failed, warnings
from support.gitcode_double import GitCodeDouble
from support.gitee_double import NUMBER, READS, REPOSITORY, STRANGER, TOKEN
from support.pull_double import ForgeComment
from support.repository import Repository
from support.story import GATES
from support.words import words

from swanlab_ci.messages import Message
from swanlab_ci.platforms import forge_of, read_context
from swanlab_ci.platforms.base import Capability
from swanlab_ci.sandbox import FIXED_COMMIT, PULL_REQUEST_COMMIT

GITCODE = Message("gitee.gitcode")


@pytest.fixture
def gitcode(gitcode: GitCodeDouble) -> GitCodeDouble:
    gitcode.head = PULL_REQUEST_COMMIT
    gitcode.files["swanlab-gate.yml", "main"] = GATES.encode()
    return gitcode


@pytest.fixture
def job(gitcode: GitCodeDouble) -> dict[str, str]:
    """Any CI, which says of the pull request what its user writes."""
    return {"SWANLAB_CI_REPOSITORY": gitcode.address, "SWANLAB_CI_TOKEN": TOKEN}


def number_of(gitcode: GitCodeDouble, heading: str = "<!-- swanlab-ci:default run=0.1 sha=") -> int:
    """Return the number of our only comment."""
    (ours,) = [comment for comment in gitcode.comments if comment.body.startswith(heading)]
    return ours.id


def test_gitcode_has_an_api_of_its_own_address_and_no_status() -> None:
    environ = {"SWANLAB_CI_REPOSITORY": f"https://gitcode.com/{REPOSITORY}", "SWANLAB_CI_TOKEN": TOKEN}
    context = read_context(environ)

    assert (context.ci, context.repository) == ("gitcode", REPOSITORY)
    assert context.api_url == "https://api.gitcode.com/api/v5"
    assert Capability.COMMIT_STATUS not in forge_of(context, "", environ).capabilities


def test_a_new_comment_is_found_by_its_discussion(check: Check, gitcode: GitCodeDouble, job: dict[str, str]) -> None:
    gitcode.comments = [ForgeComment(number, "LGTM", "ada") for number in range(1, 120)]

    ended = check(job, "--pr", str(NUMBER))

    assert ended.code == 1
    assert f"{gitcode.address}/pull/{NUMBER}#note_{number_of(gitcode)}" in ended.err
    assert warnings(ended) == []


@pytest.mark.parametrize("tells", [True, False])
def test_every_later_check_edits_the_comment(
    check: Check, gitcode: GitCodeDouble, job: dict[str, str], *, tells: bool
) -> None:
    gitcode.tells_who_we_are = tells
    check(job, "--pr", str(NUMBER))
    first = number_of(gitcode)
    gitcode.head = FIXED_COMMIT

    for _ in range(2):
        ended = check(job, "--pr", str(NUMBER))

        assert ended.code == 0
        assert warnings(ended) == []
        assert number_of(gitcode) == first
    (comment,) = gitcode.comments
    assert f"sha={FIXED_COMMIT} -->" in comment.body
    assert f"told=pass:{FIXED_COMMIT[:7]},fail:{PULL_REQUEST_COMMIT[:7]}" in comment.body


def test_a_comment_that_the_list_does_not_name_is_one_warning(
    check: Check, gitcode: GitCodeDouble, job: dict[str, str]
) -> None:
    gitcode.tells_discussions = False

    ended = check(job, "--pr", str(NUMBER))

    assert ended.code == 1
    assert warnings(ended) == [failed(Message("forge.write-comment"), Message("forge.no-comment-id", forge=GITCODE))]


@pytest.mark.parametrize("commit", [FIXED_COMMIT, PULL_REQUEST_COMMIT])
def test_a_status_is_not_set_and_that_is_said(
    check: Check, gitcode: GitCodeDouble, job: dict[str, str], commit: str
) -> None:
    gitcode.head = commit

    ended = check(job, "--pr", str(NUMBER), "--status-context", "swanlab-ci")

    assert ended.code == (0 if commit == FIXED_COMMIT else 1)
    refusal = Message("gitee.no-statuses", forge=GITCODE)
    assert warnings(ended) == [failed(Message("forge.set-status"), refusal)]
    assert len(gitcode.comments) == 1
    assert gitcode.checks == []


@pytest.mark.parametrize("kind", ["", READS, STRANGER])
def test_a_token_that_may_not_write_changes_no_verdict(
    check: Check, gitcode: GitCodeDouble, job: dict[str, str], kind: str
) -> None:
    gitcode.kinds = {TOKEN: kind} if kind else {}

    ended = check({**job, "GITEE_SOURCE_COMMIT": PULL_REQUEST_COMMIT, "GITEE_PULL_ID": str(NUMBER)}, "--own-rules")

    assert ended.code == 1
    assert "SWANLAB_CI_TOKEN" in warnings(ended)[-1]
    assert gitcode.comments == []


def test_the_forges_own_words_say_why(check: Check, gitcode: GitCodeDouble, job: dict[str, str]) -> None:
    wrong = {"error_code": 1000, "error_code_name": "PARAMETER_ERROR", "error_message": "must not be null"}
    gitcode.answer("POST", "comments", 400, wrong)

    ended = check(job, "--pr", str(NUMBER))

    assert ended.code == 1
    said = Message("forge.answered", forge=GITCODE, status=400, words="must not be null")
    assert warnings(ended) == [failed(Message("forge.write-comment"), said)]


@pytest.mark.parametrize("head", [REPOSITORY, "mallory/resnet"])
def test_a_pull_request_cannot_loosen_its_own_gate(
    check: Check, gitcode: GitCodeDouble, job: dict[str, str], workspace: Path, head: str
) -> None:
    gitcode.head_repository = head
    (workspace / "swanlab-gate.yml").write_text(LAX)

    assert check(job, "--pr", str(NUMBER)).code == 1
    assert "With its own rules, the verdict would be" in gitcode.comments[0].body


def test_trees_that_do_not_say_they_are_whole_exempt_nothing(
    check: Check, gitcode: GitCodeDouble, job: dict[str, str], tmp_path: Path, workspace: Path
) -> None:
    """A page of a tree may look like all of it."""
    repository = gitcode.repository = Repository(tmp_path / "repository")
    rules = 'no_training_needed: {only_in: ["docs/**"]}\n' + GATES
    gitcode.base = repository.commit({"docs/guide.md": "1", "train.py": "1"})
    gitcode.head = repository.commit({"docs/guide.md": "2"})
    (workspace / "swanlab-gate.yml").write_text(rules)
    gitcode.files["swanlab-gate.yml", "main"] = rules.encode()

    ended = check(job, "--pr", str(NUMBER))

    assert ended.code == 1
    truncated = Message("forge.tree-truncated", forge=GITCODE)
    assert words("training.unknown", reason=truncated) in ended.out
