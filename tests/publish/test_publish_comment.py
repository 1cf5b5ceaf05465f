"""At most one comment of ours for each key, always the newest run's, and nobody else's is ever touched."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from support.github_double import BOT, TOKEN, Comment, GitHubDouble
from support.judgements import check, gate, judged

from swanlab_ci.judgement import Comparing, ComparisonResult, Judgement, Side
from swanlab_ci.messages import Message
from swanlab_ci.model import Outcome, Status
from swanlab_ci.platforms.context import Context
from swanlab_ci.publish.order import PublishResult
from swanlab_ci.security.redaction import Redactor

Publish = Callable[..., PublishResult]
FAIL = judged(Status.FAIL, gate())
PASS = judged(Status.PASS, gate(Status.PASS))
HEAD = f"<!-- swanlab-ci:default run=12.1 sha={'a' * 40} -->\n"


def marked(run: str = "11.1", key: str = "default", told: str = "fail:1234567", state: str = "0" * 16) -> str:
    return f"<!-- swanlab-ci:{key} run={run} sha={'c' * 40} -->\n<!-- state={state} told={told} -->\n## old words\n"


def test_the_first_run_writes_a_comment_that_starts_with_the_marker(
    github: GitHubDouble, context: Context, publish_it: Publish
) -> None:
    published = publish_it(FAIL, context)

    [comment] = github.comments
    assert comment.body.startswith(HEAD)
    assert comment.body.splitlines()[2].startswith("## ❌ SwanLab: ")
    assert published.comment_url == f"{github.url}/octo-org/octo-repo/pull/7#issuecomment-{comment.id}"
    assert published.warnings == ()


def test_a_later_run_edits_the_comment(github: GitHubDouble, context: Context, publish_it: Publish) -> None:
    github.comments = [Comment(5, marked())]

    publish_it(FAIL, context)

    [comment] = github.comments
    assert comment.body.startswith(HEAD)
    assert "old words" not in comment.body


def test_a_later_run_asks_four_times(github: GitHubDouble, context: Context, publish_it: Publish) -> None:
    github.comments = [Comment(5, marked())]

    publish_it(FAIL, context)

    assert [said.split()[0] for said in github.said()] == ["GET", "POST", "PATCH", "GET"]  # who we are is asked once


def test_the_comment_is_found_behind_many_others(github: GitHubDouble, context: Context, publish_it: Publish) -> None:
    github.comments = [Comment(number, "LGTM", "octocat") for number in range(1, 251)] + [Comment(300, marked())]

    publish_it(FAIL, context)

    assert len(github.comments) == 251
    assert github.comments[-1].body.startswith(HEAD)


@pytest.mark.parametrize(
    "comment",
    [
        Comment(5, marked(), "mallory"),
        Comment(5, f"Title: {marked()}"),
        Comment(5, marked(key="other")),
        Comment(5, marked(key="default2")),
        Comment(5, "<!-- swanlab-ci:default -->\nAll passed"),
    ],
    ids=["another author", "quoted in the middle", "another key", "a longer key", "no run"],
)
def test_a_comment_that_is_not_ours_is_left_alone(
    github: GitHubDouble, context: Context, publish_it: Publish, comment: Comment
) -> None:
    github.comments = [comment]
    before = comment.body

    publish_it(FAIL, context)

    assert comment.body == before
    assert len(github.comments) == 2


@pytest.mark.parametrize("run", ["13.1", "12.2"])
def test_a_newer_runs_comment_is_left_alone_and_said_so(
    github: GitHubDouble, context: Context, publish_it: Publish, run: str
) -> None:
    github.comments = [Comment(5, marked(run))]

    published = publish_it(FAIL, context)

    assert [comment.body for comment in github.comments] == [marked(run)]
    assert published.warnings == (Message("forge.newer-comment"),)


def test_a_run_may_tell_twice(github: GitHubDouble, context: Context, publish_it: Publish) -> None:
    publish_it(FAIL, context)
    publish_it(PASS, context)

    assert github.comments[0].body.splitlines()[2].startswith("## ✅ SwanLab: ")


def test_run_numbers_are_compared_as_numbers(github: GitHubDouble, context: Context, publish_it: Publish) -> None:
    github.comments = [Comment(5, marked("9.10"))]

    publish_it(FAIL, context)

    assert github.comments[0].body.startswith(HEAD)


def test_a_comment_that_vanishes_before_the_edit_is_written_anew(
    github: GitHubDouble, context: Context, publish_it: Publish
) -> None:
    github.comments = [Comment(5, marked())]
    github.before = lambda request: github.comments.clear() if request.method == "PATCH" else None

    published = publish_it(FAIL, context)

    assert len(github.comments) == 1
    assert published.warnings == ()


def test_whose_token_it_is_decides_which_comment_is_ours(
    github: GitHubDouble, context: Context, publish_it: Publish
) -> None:
    github.logins["ghp_personal"] = "octocat"
    github.comments = [Comment(5, marked(), "octocat"), Comment(6, marked(), BOT)]

    publish_it(FAIL, context, github_token="ghp_personal")

    assert [comment.body.startswith(HEAD) for comment in github.comments] == [True, False]


def test_a_token_that_may_not_ask_is_taken_for_the_workflows_own(
    github: GitHubDouble, context: Context, publish_it: Publish
) -> None:
    github.tells_who_we_are = False
    github.comments = [Comment(5, marked())]

    publish_it(FAIL, context)

    assert len(github.comments) == 1


def test_older_twins_are_removed_after_a_create(github: GitHubDouble, context: Context, publish_it: Publish) -> None:
    def another_run_creates_meanwhile(request: object) -> None:
        if getattr(request, "method", "") == "POST" and not github.comments:
            github.comments.append(Comment(50, marked("11.1")))

    github.before = another_run_creates_meanwhile

    published = publish_it(FAIL, context)

    [comment] = github.comments
    assert comment.id == 50
    assert comment.body.startswith(HEAD)
    assert published.comment_url.endswith("#issuecomment-50")


def test_twins_of_old_are_removed_on_the_way(github: GitHubDouble, context: Context, publish_it: Publish) -> None:
    github.comments = [Comment(5, marked()), Comment(6, marked("10.1")), Comment(7, marked(), "mallory")]

    publish_it(FAIL, context)

    assert [comment.id for comment in github.comments] == [5, 7]


def test_a_newer_run_in_a_twin_is_newer_too(github: GitHubDouble, context: Context, publish_it: Publish) -> None:
    github.comments = [Comment(5, marked()), Comment(6, marked("13.1"))]

    assert publish_it(FAIL, context).warnings == (Message("forge.newer-comment"),)


@pytest.mark.parametrize("status", [401, 403, 404, 410, 422, 500, 503])
def test_a_refused_comment_is_a_warning(
    github: GitHubDouble, context: Context, publish_it: Publish, status: int
) -> None:
    github.answer("POST", "/comments$", status, message="No way")

    published = publish_it(PASS, context)

    [warning] = published.warnings
    assert (warning.id, warning.params["what"]) == ("forge.failed", Message("forge.write-comment"))
    assert warning.params["refusal"] == Message(
        "forge.answered", forge=Message("github.name"), status=status, words="No way"
    )
    assert published.comment_url == ""


def test_a_missing_right_is_named_with_its_remedy(github: GitHubDouble, context: Context, publish_it: Publish) -> None:
    github.may_write = False

    (warning,) = publish_it(PASS, context).warnings

    assert warning.params["remedy"] == Message("github.add-permission", permission="permissions: pull-requests: write")


def test_a_forks_read_only_token_is_no_riddle(github: GitHubDouble, context: Context, publish_it: Publish) -> None:
    github.may_write = False

    published = publish_it(PASS, replace(context, is_fork=True))

    assert published.warnings[0].params["remedy"] == Message("github.fork-is-read-only")


@pytest.mark.parametrize(("mode", "judgement"), [("never", FAIL), ("on-problem", PASS)])
def test_a_mode_that_wants_no_comment_writes_none(
    github: GitHubDouble, context: Context, publish_it: Publish, mode: str, judgement: Judgement
) -> None:
    assert publish_it(judgement, context, comment=mode).comment_url == ""
    assert github.comments == []


def test_never_does_not_even_ask(github: GitHubDouble, context: Context, publish_it: Publish) -> None:
    publish_it(FAIL, context, comment="never")

    assert github.asked == []


@pytest.mark.parametrize(("told", "wanted"), [("fail:1234567,pass:2345678", True), ("pass:1234567", False)])
def test_on_problem_tells_the_all_clear_once(
    github: GitHubDouble, context: Context, publish_it: Publish, told: str, *, wanted: bool
) -> None:
    github.comments = [Comment(5, marked(told=told))]

    publish_it(PASS, context, comment="on-problem")

    assert github.comments[0].body.startswith(HEAD) is wanted


def test_on_change_leaves_a_comment_that_says_the_same(
    github: GitHubDouble, context: Context, publish_it: Publish
) -> None:
    first = publish_it(FAIL, context, comment="on-change")
    body = github.comments[0].body

    second = publish_it(FAIL, replace(context, run_id=13), comment="on-change")
    assert github.comments[0].body == body
    assert second.comment_url == first.comment_url

    publish_it(judged(Status.FAIL, gate(Status.ERROR)), replace(context, run_id=14), comment="on-change")
    assert github.comments[0].body != body


def test_the_history_keeps_the_last_verdicts_with_their_commits(
    github: GitHubDouble, context: Context, publish_it: Publish
) -> None:
    for number, judgement in enumerate((FAIL, PASS, FAIL)):
        publish_it(judgement, replace(context, run_id=20 + number, head_sha=str(number) * 40))

    assert "<sub>Before: ✅ `1111111` · ❌ `0000000`</sub>" in github.comments[0].body


def test_the_history_is_bounded_and_does_not_repeat_itself(
    github: GitHubDouble, context: Context, publish_it: Publish
) -> None:
    for number in range(12):
        publish_it(FAIL, replace(context, run_id=20 + number, head_sha=f"{number:x}" * 40))
        publish_it(FAIL, replace(context, run_id=20 + number, head_sha=f"{number:x}" * 40))

    history = github.comments[0].body.splitlines()[-1]
    assert history.count("❌") == 9
    assert len(set(history.split(" · "))) == 9


def test_what_a_maintainer_wrote_into_the_memory_is_not_repeated(
    github: GitHubDouble, context: Context, publish_it: Publish
) -> None:
    github.comments = [Comment(5, marked(told="fail:1234567,pass:abcdefg,pass:12345678,evil:1234567,warn:7654321"))]

    publish_it(FAIL, context)

    assert github.comments[0].body.rstrip().endswith("<sub>Before: ❌ `1234567` · ⚠️ `7654321`</sub>")


def test_no_pull_request_means_no_comment(github: GitHubDouble, context: Context, publish_it: Publish) -> None:
    publish_it(FAIL, replace(context, pr_number=None))

    assert github.asked == []


def test_no_token_means_no_comment(github: GitHubDouble, context: Context, publish_it: Publish) -> None:
    publish_it(FAIL, context, github_token="")

    assert github.asked == []


def test_the_history_shows_the_number_of_the_first_comparison(
    github: GitHubDouble, context: Context, publish_it: Publish
) -> None:
    github.comments = [Comment(5, marked(told="fail:1234567:-0.871,fail:7654321:1e9,pass:2345678:0.5.1"))]
    side = Side(centre=0.89828, spread=None, runs=())
    result = ComparisonResult(
        field="metrics.acc", unit="", to="main", higher_is_better=True, over_runs="mean", required=False, written=(),
        found=Comparing.NOT_WORSE, status=Status.PASS, new=side,
    )  # fmt: skip

    publish_it(judged(Status.PASS, gate(Status.PASS, checks=(check(Outcome.OK, comparison=result),))), context)

    lines = github.comments[0].body.splitlines()
    assert f"told=pass:{context.head_sha[:7]}:0.8983,fail:1234567:-0.871 -->" in lines[1]
    assert lines[-1].endswith("❌ `1234567` −0.871</sub>")  # noqa: RUF001 - a minus


def test_a_secret_is_not_told(github: GitHubDouble, context: Context, publish_it: Publish) -> None:
    secret = "sk-abcdefghijklmnopq"

    publish_it(judged(Status.FAIL, gate(name=f"key is {secret}")), context, Redactor([secret, TOKEN]))

    assert secret not in github.comments[0].body
    assert "key is ***" in github.comments[0].body
