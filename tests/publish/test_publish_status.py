"""The commit status says the verdict on the head commit, and missing rights are told with the lines that grant them."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from support.github_double import GitHubDouble
from support.judgements import gate, judged
from support.words import words

from swanlab_ci.messages import Message
from swanlab_ci.model import Status
from swanlab_ci.platforms.context import Context
from swanlab_ci.publish.order import PublishResult

Publish = Callable[..., PublishResult]
FAIL = judged(Status.FAIL, gate())


@pytest.mark.parametrize(
    ("verdict", "state"),
    [("pass", "success"), ("warn", "success"), ("fail", "failure"), ("pending", "pending"), ("error", "error")],
)
def test_the_status_is_on_the_head_commit_and_says_the_verdict(
    github: GitHubDouble, context: Context, publish_it: Publish, verdict: str, state: str
) -> None:
    status = Status(verdict)

    published = publish_it(judged(status, gate(status)), context, status_context="swanlab", comment="never")

    [told] = github.statuses
    assert (told["state"], told["sha"], told["context"]) == (state, "a" * 40, "swanlab")
    assert told["description"].startswith("1 of 1 gate")
    assert told["target_url"] == f"{github.url}/octo-org/octo-repo/actions/runs/12/attempts/1"
    assert published.warnings == ()


def test_no_status_is_set_unless_it_has_a_name(github: GitHubDouble, context: Context, publish_it: Publish) -> None:
    publish_it(FAIL, context)

    assert github.statuses == []


def test_a_status_works_without_a_pull_request(github: GitHubDouble, context: Context, publish_it: Publish) -> None:
    publish_it(FAIL, replace(context, event="merge_group", pr_number=None), status_context="swanlab")

    assert len(github.statuses) == 1


def test_a_refused_status_changes_nothing_else(github: GitHubDouble, context: Context, publish_it: Publish) -> None:
    github.answer("POST", "statuses", 403, message="Resource not accessible by integration")

    published = publish_it(FAIL, context, status_context="swanlab")

    assert published.comment_url
    [warning] = published.warnings
    assert warning.params["what"] == Message("forge.set-status")
    assert warning.params["remedy"] == Message("github.add-permission", permission="permissions: statuses: write")


def test_missing_rights_are_told_in_one_table_with_all_lines_to_add(
    github: GitHubDouble, context: Context, publish_it: Publish
) -> None:
    github.answer("POST", "comments", 403, message="Resource not accessible by integration")

    publish_it(FAIL, context, status_context="swanlab")

    summary = Path(context.summary_file).read_text("utf-8")
    assert "| ❌ | write the comment | GitHub answered 403: `Resource not accessible by integration` | " in summary
    assert "| ✅ | set the commit status | done | `statuses: write` |" in summary
    assert summary.endswith("permissions:\n  contents: read\n  pull-requests: write\n  statuses: write\n```\n")


def test_nothing_is_told_about_rights_while_they_suffice(
    github: GitHubDouble, context: Context, publish_it: Publish
) -> None:
    github.answer("POST", "comments", 422)

    publish_it(FAIL, context)

    assert words("permissions.title") not in Path(context.summary_file).read_text("utf-8")


def test_a_fork_is_not_told_to_add_rights_in_vain(github: GitHubDouble, context: Context, publish_it: Publish) -> None:
    github.may_write = False

    publish_it(FAIL, replace(context, is_fork=True))

    assert words("permissions.title") not in Path(context.summary_file).read_text("utf-8")


def test_the_status_is_set_before_the_comment(github: GitHubDouble, context: Context, publish_it: Publish) -> None:
    publish_it(FAIL, context, status_context="swanlab")

    first, *_ = [request for request in github.said() if request.startswith("POST")]
    assert "/statuses/" in first
