"""Whatever a secret is, it changes no closed form: a server chooses one of ours, the session's."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from support.github_double import GitHubDouble
from support.judgements import gate, judged

from swanlab_ci.model import Status
from swanlab_ci.platforms.context import Context
from swanlab_ci.publish.order import PublishResult
from swanlab_ci.security.redaction import Redactor

Publish = Callable[..., PublishResult]
FAIL = judged(Status.FAIL, gate())


def spy(_text: str) -> str:
    return "***"


def test_outputs_in_a_closed_form_are_never_redacted_and_all_others_are(context: Context, publish_it: Publish) -> None:
    publish_it(FAIL, replace(context, pr_number=None), spy, report_dir="out")

    written = dict(line.split("=", 1) for line in Path(context.output_file).read_text("utf-8").splitlines())
    assert {name for name, value in written.items() if value in {"***", r'["\u002a\u002a\u002a"]'}} == {
        "failed-gates",
        "report-markdown",
        "report-json",
        "report-html",
    }


def test_a_comment_is_found_again_whatever_the_secrets_are(
    github: GitHubDouble, context: Context, publish_it: Publish
) -> None:
    for run in (1, 2):
        publish_it(FAIL, replace(context, run_id=run), Redactor(["<!-- swanlab-ci:default"]))

    assert len(github.comments) == 1


@pytest.mark.parametrize("secret", ["::error title=", "title=gate", "file=swanlab-gate.yml"])
def test_an_annotation_stays_one_whatever_the_secrets_are(context: Context, publish_it: Publish, secret: str) -> None:
    quiet = replace(context, pr_number=None)

    usual, redacted = (publish_it(FAIL, quiet, hide).annotation_lines for hide in (Redactor(), Redactor([secret])))

    assert redacted == usual
