"""Runs that carry every hostile text, judged by the whole action as the runner starts it: what leaves is mere text."""

import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from everywhere import SHOWN, TEXTS, Left
from support.rendered import Page, html
from support.runner import read_commands

OURS = {"add-mask", "error", "warning", "notice"}
TAGS = {
    *("h2", "h3", "h4", "p", "table", "thead", "tbody", "tr", "th", "td", "pre"),
    *("code", "a", "details", "summary", "blockquote", "ul", "ol", "li", "sub", "em", "b", "br"),
}


def test_the_verdict_is_ours(left: Left) -> None:
    outputs = left.runner.outputs

    assert (left.ended.code, outputs["passed"], outputs["verdict"]) == (1, "false", "fail")
    assert outputs["gates-total"] == outputs["gates-failed"] == outputs["runs-checked"] == str(len(TEXTS))
    assert f"{len(TEXTS)} of {len(TEXTS)} gates failed" in left.comment.splitlines()[2]


def test_the_log_holds_no_command_but_ours(left: Left) -> None:
    for log in (left.ended.out, left.ended.err):
        assert set(read_commands(log)) <= OURS
        assert not re.search(r"[^\n -~\u00a0-\U0010ffff]|[\u202a-\u202e\u2066-\u2069]", log)


def test_the_outputs_are_ours_and_run_nothing_in_a_shell(left: Left, tmp_path: Path) -> None:
    values = left.runner.outputs
    script = "\n".join(f"echo {value}\necho '{value}'\necho \"{value}\"\nx={value}" for value in values.values())

    subprocess.run(["bash", "-c", script], cwd=tmp_path, capture_output=True, timeout=20, check=False)  # noqa: S603, S607 - the attack

    assert list(tmp_path.iterdir()) == []
    assert len(values) == 11
    assert [name.partition("/")[0] for name in json.loads(values["failed-gates"])] == list(TEXTS)


@pytest.mark.parametrize("surface", ["comment", "summary", "report.md"])
def test_markdown_holds_only_our_tags_and_links(left: Left, surface: str) -> None:
    page = Page(left.exits[surface])

    assert set(page.tags) <= TAGS
    assert page.tags.count("h2") == 1
    assert page.tags.count("em") <= 1  # what was left out for length
    ours = (f"{left.url}/@my-team/hostile", f"{left.runner.github.url}/octo-org/octo-repo/")
    assert all(link.startswith(ours) for link in page.links)
    assert not re.search(r"@\w|#\d|GH-\d|://|www\.|:\w+:|\$|<!--", page.prose)
    assert not re.search(r"\b[0-9a-f]{9,40}\b", page.prose)


def test_a_comment_holds_one_marker_of_ours(left: Left) -> None:
    assert html(left.comment).count("<!--") == 2  # all others are shown, as text
    assert left.comment.startswith("<!-- swanlab-ci:default run=12.1 ")
    assert len(left.comment) <= 65_000


def test_the_files_can_be_read_by_their_parsers(left: Left) -> None:
    report, junit = json.loads(left.exits["report.json"]), ET.fromstring(left.exits["junit.xml"])  # noqa: S314 - ours

    told = {check["run"]["name"] for gate in report["gates"] for check in gate["checks"] if check["run"]}
    assert told == set(SHOWN.values())
    assert {gate["group"] for gate in report["gates"]} != {""}
    assert len(list(junit.iter("testcase"))) == len(report["gates"])


def test_the_status_fits_and_holds_no_command(left: Left) -> None:
    assert len(left.status) <= 140
    assert left.status.isprintable()


def test_the_case_can_be_judged_again_to_the_same_end(left: Left) -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-m", "swanlab_ci", "replay", "case.json", "--format", "json"],
        cwd=left.runner.workspace, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == left.ended.code
    report = json.loads(left.exits["report.json"])
    assert json.loads(done.stdout)["gates"] == report["gates"]
