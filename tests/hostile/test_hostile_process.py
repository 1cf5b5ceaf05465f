"""Runs that carry every hostile text, judged by the whole action as the runner starts it: what leaves is mere text."""

import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from github_double import BOT, Comment, GitHubDouble
from rendered import Page, html
from runner import Runner, pull_request, read_commands
from story import Ended

from swanlab_ci.sandbox import Sandbox, Store, sample_store
from swanlab_ci.sandbox.store import Project, Run

HOSTILE: dict[str, str] = json.loads((Path(__file__).parent / "hostile.json").read_text("utf-8"))
TEXTS = {name: text for name, text in HOSTILE.items() if not re.search("[\ud800-\udfff]", text)}  # no UTF-8 holds these
OURS = {"add-mask", "error", "warning", "notice"}
TAGS = {
    *("h2", "h3", "h4", "p", "table", "thead", "tbody", "tr", "th", "td", "pre"),
    *("code", "a", "details", "summary", "blockquote", "ul", "li", "sub", "em"),
}


def hostile_run(number: int, text: str) -> Run:
    """Make a run in which every part that somebody can write is `text`."""
    moment = f"2026-09-01T{number // 60:02}:{number % 60:02}:00.000Z"
    nested = {"value": text, "desc": text, "sort": 0}
    return Run(
        cuid=f"hostile{number:014}",
        name=text,
        username="ada",
        created_at=moment,
        finished_at=moment,
        state="CRASHED",
        description=text,
        labels=[text],
        cluster=text,
        job=text,
        config={"case": {"value": number, "desc": "", "sort": 0}, "lr": nested, text: nested},
        metadata={"git": {"branch": text, "commit": text, "remote_url": text}, "_version": 2, text: text},
        requirements=text,
        series={text: [[0, 1.0, 1]], "acc": [[0, "NaN", 1]]},
    )


def gates() -> str:
    """Ask each run for what it has not, so that every part of it has to be told."""
    lines = ["project: my-team/hostile", "gates:"]
    for number, name in enumerate(TEXTS):
        lines += [
            f"  - name: {name}",
            f"    runs: {{config.case: {number}}}",
            "    for_each: group",
            "    expect:",
            "      name: fine",
            "      labels: {has: fine}",
            "      config.lr: {max: 1}",
            "      git.branch: main",
            "      metrics.acc: {min: 1}",
            "      requirements.torch: {exists: true}",
        ]
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Left:
    """All that has left the action."""

    ended: Ended
    runner: Runner
    comment: str
    status: str

    @property
    def exits(self) -> dict[str, str]:
        report = self.runner.workspace / "swanlab-ci-report"
        return {
            "stdout": self.ended.out,
            "stderr": self.ended.err,
            "outputs": (self.runner.folder / "output").read_text("utf-8"),
            "summary": self.runner.summary,
            "comment": self.comment,
            "status": self.status,
            **{path.name: path.read_text("utf-8") for path in report.iterdir()},
            "bundle": (self.runner.workspace / "case.json").read_text("utf-8"),
        }


@pytest.fixture(scope="module")
def store() -> Store:
    made = sample_store()
    runs = [hostile_run(number, text) for number, text in enumerate(TEXTS.values())]
    made.add_project(
        Project(cuid="h" * 21, name="hostile", workspace="my-team", created_at="2026-09-01T00:00:00.000Z", runs=runs)
    )
    return made


@pytest.fixture(scope="module")
def sandbox(store: Store) -> Iterator[Sandbox]:
    with Sandbox(store) as serving:
        yield serving


@pytest.fixture(scope="module")
def left(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Left]:
    with GitHubDouble() as github:
        event = pull_request("a" * 40)
        event["pull_request"] |= {"title": TEXTS["log-v1-midline"], "body": TEXTS["md-html-close"]}
        event["pull_request"]["head"]["ref"] = TEXTS["out-shell"]
        github.comments = [
            Comment(number, text, BOT if number % 2 else "mallory") for number, text in enumerate(TEXTS.values(), 1)
        ]
        runner = Runner(tmp_path_factory.mktemp("job"), github, event=event)
        (runner.workspace / "swanlab-gate.yml").write_text(gates())
        ended = runner.run(
            {
                "api-key": sandbox.api_key,
                "host": sandbox.url,
                "status-context": "swanlab-ci",
                "bundle": "case.json",
                "report-dir": "swanlab-ci-report",
                "allow-http": "true",
            }
        )
        assert github.violations == []
        assert [comment.body for comment in github.comments[: len(TEXTS)]] == list(TEXTS.values())
        (ours,) = github.comments[len(TEXTS) :]
        yield Left(ended, runner, ours.body, github.statuses[0]["description"])


def test_the_verdict_is_ours(left: Left) -> None:
    outputs = left.runner.outputs

    assert (left.ended.code, outputs["passed"], outputs["verdict"]) == (1, "false", "fail")
    assert outputs["gates-total"] == outputs["gates-failed"] == outputs["runs-checked"] == str(len(TEXTS))
    assert f"All {len(TEXTS)} gates fail" in left.comment.splitlines()[2]


def test_the_log_holds_no_command_but_ours(left: Left) -> None:
    for log in (left.ended.out, left.ended.err):
        assert set(read_commands(log)) <= OURS
        assert not re.search(r"[^\n -~\u00a0-\U0010ffff]|[\u202a-\u202e\u2066-\u2069]", log)


def test_the_outputs_are_ours_and_run_nothing_in_a_shell(left: Left, tmp_path: Path) -> None:
    values = left.runner.outputs
    script = "\n".join(f"echo {value}\necho '{value}'\necho \"{value}\"\nx={value}" for value in values.values())

    subprocess.run(["bash", "-c", script], cwd=tmp_path, capture_output=True, timeout=20, check=False)  # noqa: S603, S607 - the attack

    assert list(tmp_path.iterdir()) == []
    assert len(values) == 10
    assert json.loads(values["failed-gates"]) == list(TEXTS)


@pytest.mark.parametrize("surface", ["comment", "summary", "report.md"])
def test_markdown_holds_only_our_tags_and_links(left: Left, sandbox: Sandbox, surface: str) -> None:
    page = Page(left.exits[surface])

    assert set(page.tags) <= TAGS
    assert page.tags.count("h2") == 1
    assert page.tags.count("em") <= 1  # what was left out for length
    assert all(link.startswith(f"{sandbox.url}/@my-team/hostile") for link in page.links)
    assert not re.search(r"@\w|#\d|GH-\d|://|www\.|:\w+:|\$|<!--", page.prose)
    assert not re.search(r"\b[0-9a-f]{9,40}\b", page.prose)


def test_a_comment_holds_one_marker_of_ours(left: Left) -> None:
    assert html(left.comment).count("<!--") == 2  # all others are shown, as text
    assert left.comment.startswith("<!-- swanlab-ci:default run=12.1 ")
    assert len(left.comment) <= 65_000


def test_the_files_can_be_read_by_their_parsers(left: Left) -> None:
    report, junit = json.loads(left.exits["report.json"]), ET.fromstring(left.exits["junit.xml"])  # noqa: S314 - ours

    told = {check["run"]["name"] for gate in report["gates"] for check in gate["checks"] if check["run"]}
    assert told == set(TEXTS.values())
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
