"""Whatever a secret is, it changes no closed form: a server chooses one of ours, the session's."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from support.github_double import GitHubDouble
from support.judgements import gate, judged

from swanlab_ci.model import Status
from swanlab_ci.platforms.context import Context
from swanlab_ci.platforms.github import annotations
from swanlab_ci.publish.order import Published
from swanlab_ci.security.redaction import Redactor

Tell = Callable[..., Published]
FAIL = judged(Status.FAIL, gate())


def spy(_text: str) -> str:
    return "***"


def test_outputs_in_a_closed_form_are_never_redacted_and_all_others_are(context: Context, tell: Tell) -> None:
    tell(FAIL, replace(context, pr_number=None), spy, report_dir="out")

    written = dict(line.split("=", 1) for line in Path(context.output_file).read_text("utf-8").splitlines())
    assert {name for name, value in written.items() if value in {"***", r'["\u002a\u002a\u002a"]'}} == {
        "failed-gates",
        "report-markdown",
        "report-json",
    }


def test_a_comment_is_found_again_whatever_the_secrets_are(github: GitHubDouble, context: Context, tell: Tell) -> None:
    for run in (1, 2):
        tell(FAIL, replace(context, run_id=run), Redactor(["<!-- swanlab-ci:default"]))

    assert len(github.comments) == 1


@pytest.mark.parametrize("secret", ["::error title=", "title=gate", "file=swanlab-gate.yml"])
def test_an_annotation_stays_one_whatever_the_secrets_are(secret: str) -> None:
    usual, redacted = (annotations.for_judgement(FAIL, hide) for hide in (str, Redactor([secret])))

    assert redacted == usual
