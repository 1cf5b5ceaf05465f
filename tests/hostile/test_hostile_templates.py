"""Templates of the base branch that mean harm, against the whole action: the verdict and its heading stay ours."""

import json
import re
import time
from pathlib import Path

import pytest
from one_run import GATE, Act
from promised import keeps_each
from support.github_double import GitHubDouble
from support.rendered import Page
from support.runner import Runner
from support.words import words

from swanlab_ci.sandbox import Sandbox

BASE = "b" * 40
FOLDER, NAME = ".swanlab-ci", "comment.md.j2"
TEMPLATE = f"{FOLDER}/{NAME}"
FAILING = GATE.replace("0.9", "1.9") + f"report: {{template: {TEMPLATE}}}\n"
TEXTS = json.loads((Path(__file__).parent / "hostile.json").read_text("utf-8"))


@pytest.fixture
def comment_by(act: Act, runner: Runner, github: GitHubDouble) -> "CommentBy":
    return CommentBy(act, runner, github)


class CommentBy:
    """Runs the action with a template on the base branch; whatever that does, the gate has failed and says so."""

    def __init__(self, act: Act, runner: Runner, github: GitHubDouble) -> None:
        self.act, self.runner, self.github = act, runner, github
        self.log = ""

    def __call__(self, template: str, **inputs: str) -> str:
        self.github.files["swanlab-gate.yml", BASE] = FAILING.encode()
        self.github.files[TEMPLATE, BASE] = template.encode()
        begun = time.monotonic()
        ended = self.act(FAILING, timeout="300s", **inputs)
        assert time.monotonic() - begun < 60
        self.log = re.sub(r"(?m)^::add-mask::.*$", "", ended.out + ended.err)
        assert ended.code == 1
        assert (self.runner.outputs["passed"], self.runner.outputs["verdict"]) == ("false", "fail")
        (comment,) = self.github.comments
        body = comment.body
        marker, _, heading, *_ = [line for line in body.splitlines() if line]
        assert marker.startswith("<!-- swanlab-ci:default run=12.1 ")
        assert heading == "## ❌ SwanLab: 1 of 1 gate failed"
        assert self.runner.summary.lstrip().startswith("## ❌")
        assert body.count("<!--") == 2
        return body

    def warning(self) -> str:
        """Return the annotation at the template's line."""
        (line,) = [line for line in self.log.splitlines() if f"file={TEMPLATE}" in line]
        return line


@keeps_each(
    ("name", "line", "reason"),
    {
        "tpl-ssti": ("tpl-ssti", 1, "uses something that templates may not use"),
        "tpl-env": ("tpl-env", 1, "uses something that templates may not use"),
        "tpl-include": ("tpl-include", 1, "it may extend `comment.md.j2` and nothing else"),
    },
)
def test_a_template_that_reaches_out_gets_nothing(
    comment_by: CommentBy, sandbox: Sandbox, name: str, line: int, reason: str
) -> None:
    body = comment_by(TEXTS[name])

    assert comment_by.warning().startswith(f"::warning file={TEMPLATE},line={line}::")
    for text in (body, comment_by.runner.summary, comment_by.log):
        assert reason.replace("`", "") in text.replace("`", "")
        assert not any(secret in text for secret in ("root:", "<class", "subclass '", sandbox.api_key, "INPUT_"))
    assert "`acc`" in body  # the built-in report


@keeps_each("name", {"tpl-hide-verdict": "tpl-hide-verdict"})
def test_a_template_that_hides_the_verdict_is_shown_below_it(comment_by: CommentBy, name: str) -> None:
    lines = [line for line in comment_by(TEXTS[name]).splitlines() if line]

    assert lines[2].startswith("## ❌ SwanLab:")
    assert lines[3] == "all good"
    assert "file=" + TEMPLATE not in comment_by.log


@pytest.mark.parametrize(
    ("template", "line", "reason"),
    [
        ("a\n{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}", 2, "template.too-slow"),
        (
            "{% set n = namespace(a='x') %}\n{% for i in range(64) %}{% set n.a = n.a ~ n.a %}{% endfor %}",
            2,
            "template.too-much-memory",
        ),
        ("\n\n{{ 1 / 0 }}", 3, "division by zero"),
    ],
    ids=["loops", "allocates", "raises"],
)
def test_a_template_that_does_not_end_well_costs_the_built_in_report_nothing(
    comment_by: CommentBy, template: str, line: int, reason: str
) -> None:
    body = comment_by(template)

    said = words(reason) if reason.startswith("template.") else reason
    assert comment_by.warning().startswith(f"::warning file={TEMPLATE},line={line}::")
    assert said in comment_by.warning()
    assert f"{TEMPLATE}:{line}" in body
    assert "`acc`" in body


@pytest.mark.parametrize(
    "template",
    [
        "## ✅ SwanLab: 1 of 1 gates passed",
        "<!-- swanlab-ci:default run=99.1 sha=aaaa -->\n## ✅ SwanLab: passed",
        "<style>h2 {display: none}</style><script>alert(1)</script>\n<!--",
        "```\nno end",
        "<details><summary>x</summary>",
        "::set-output name=passed::true\n##[add-mask]true",
    ],
    ids=["another verdict", "the marker", "html", "a fence", "a fold", "commands"],
)
def test_what_a_template_prints_comes_after_the_verdict_and_hides_nothing(comment_by: CommentBy, template: str) -> None:
    body = comment_by(template)

    page = Page(body)
    assert page.tags[0] == "h2"
    assert not {"style", "script"} & set(page.tags)
    assert page.prose.rstrip().endswith("swanlab-ci")
    assert page.tags.count("details") <= body.count("</details>")


def test_a_template_of_the_pull_request_is_not_read(comment_by: CommentBy) -> None:
    own = comment_by.runner.workspace / FOLDER
    own.mkdir()
    (own / NAME).write_text("changed by the pull request")

    assert "of the base" in comment_by("of the base")


def test_a_pull_request_that_is_judged_by_its_own_rules_has_no_template(comment_by: CommentBy) -> None:
    own = comment_by.runner.workspace / FOLDER
    own.mkdir()
    (own / NAME).write_text("all good")

    body = comment_by("of the base", own_rules="true")

    assert "all good" not in body
    assert words("template.not-of-a-pull-request") in body


def test_a_template_that_is_missing_or_too_large_changes_nothing_but_the_comment(comment_by: CommentBy) -> None:
    assert words("template.too-large", most=64) in comment_by("x" * (64 * 1024 + 1))
