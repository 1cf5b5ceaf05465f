"""Text that wants to be a command, a link, a mention, a heading or an output leaves by every exit as mere text."""

import json
import re
import subprocess
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from support.judgements import PROJECT, check, gate, judgement, run
from support.rendered import Page
from swanlab_ci.platforms.settings import Settings

from swanlab_ci.errors import Problem
from swanlab_ci.gate.evaluate.verdict import counted
from swanlab_ci.judgement import FunnelStep, Judgement, Verdict
from swanlab_ci.model import Outcome, Status
from swanlab_ci.platforms.context import Context
from swanlab_ci.platforms.github import annotations
from swanlab_ci.platforms.github.outputs import begin
from swanlab_ci.publish.order import publish
from swanlab_ci.report import Rendering, render
from swanlab_ci.runtime.deadline import Deadline
from swanlab_ci.security.escaping import capped, visible

HOSTILE: dict[str, str] = json.loads((Path(__file__).parent / "hostile.json").read_text("utf-8"))
OUTPUTS = {
    *("verdict", "passed", "summary", "gates-total", "gates-failed", "runs-checked", "failed-gates"),
    *("report-markdown", "report-json", "comment-url"),
}
TAGS = {
    *("h2", "h3", "p", "table", "thead", "tbody", "tr", "th", "td"),
    *("code", "a", "details", "summary", "blockquote", "ul", "li", "sub"),
}
SURFACES = ("comment", "summary")


def hostile_judgement(text: str) -> Judgement:
    """Put `text` wherever somebody else's text can stand."""
    bad_run = run(id=text, name=text, state=text, url=text)
    bad_check = check(run=bad_run, field=text, expected=text, actual=text, message=text, note=text)
    bad = gate(id=text, name=text, group=text, summary=text, advice=text, why=text, checks=(bad_check,))
    lost = replace(bad, runs_selected=(), funnel=(FunnelStep(text, 3),), checks=(replace(bad_check, run=None),))
    fine = gate(Status.PASS, name=text, summary=text, checks=(check(outcome=Outcome.OK),))
    everything: dict[str, Any] = {"project": text, "gate_file": text, "commit": text, "notes": (text,)}
    gates = (bad, lost, fine)
    return judgement(*gates, verdict=Verdict(Status.FAIL, text, text, gates, counted(gates)), **everything)


@cache
def rendered(text: str) -> Rendering:
    return render(hostile_judgement(text), redact=str)


def runner_commands(log: str) -> list[str]:
    """Find commands as actions/runner does: `::name …::` first in a trimmed line, else `##[name …]` anywhere in it."""
    lines = re.split(r"\r\n|\n|\r", log)
    return [line for line in lines if re.match(r"\s*::\s*[^:\s].*?::", line) or re.search(r"##\[[^\]]+\]", line)]


def runner_outputs(path: Path) -> dict[str, str]:
    """Read an outputs file as actions/runner does: `name=value`, or `name<<MARK` up to a line that is MARK."""
    lines = iter(path.read_text("utf-8").split("\n"))
    found = {}
    for line in lines:
        equals, heredoc = line.find("="), line.find("<<")
        if equals >= 0 and (heredoc < 0 or equals < heredoc):
            found[line[:equals]] = line[equals + 1 :]
        elif heredoc >= 0:
            found[line[:heredoc]] = "\n".join(iter(lambda: next(lines), line[heredoc + 2 :]))
        else:
            assert line == ""
    return found


def told(text: str, folder: Path) -> tuple[tuple[str, ...], Context]:
    context = Context(ci="github", output_file=str(folder / "output"), workspace=str(folder))
    begin(context)
    judged = hostile_judgement(text)
    published = publish(judged, render(judged, redact=str), context, Settings(), deadline=Deadline(9), redact=str)
    return published.commands, context


@pytest.fixture(params=sorted(HOSTILE))
def text(request: pytest.FixtureRequest) -> str:
    return HOSTILE[request.param]


def test_no_line_for_the_terminal_is_a_command(text: str) -> None:
    assert runner_commands(rendered(text).text) == []


def test_the_terminal_gets_no_control_characters(text: str) -> None:
    assert not re.search(r"[^\n -~\u00a0-\U0010ffff]|[\u202a-\u202e\u2066-\u2069\ud800-\udfff]", rendered(text).text)


def test_every_annotation_is_one_command_of_ours(text: str, tmp_path: Path) -> None:
    commands, _ = told(text, tmp_path)
    commands += annotations.for_problems([Problem(text, text, 1, 2)])

    assert len(commands) == 3
    for command in commands:
        assert len(re.split(r"\r\n|\n|\r", command)) == 1
        properties = command.partition(" ")[2].partition("::")[0].split(",")
        assert [entry.split("=")[0] for entry in properties] in (["title", "file", "line"], ["file", "line", "col"])


def test_the_outputs_are_ours_and_say_fail(text: str, tmp_path: Path) -> None:
    told(text, tmp_path)

    found = runner_outputs(tmp_path / "output")

    assert found.keys() == OUTPUTS
    assert (found["passed"], found["verdict"], found["summary"]) == ("false", "fail", "2 of 3 gates fail")
    assert json.loads(found["failed-gates"]) == [text, text]


def test_an_output_pasted_into_a_shell_runs_nothing(text: str, tmp_path: Path) -> None:
    told(text, tmp_path)
    empty = tmp_path / "empty"
    empty.mkdir()
    values = runner_outputs(tmp_path / "output").values()
    script = "\n".join(f"echo {value}\necho '{value}'\necho \"{value}\"\nx={value}" for value in values)

    subprocess.run(["bash", "-c", script], cwd=empty, capture_output=True, timeout=20, check=False)  # noqa: S603, S607

    assert list(empty.iterdir()) == []


@pytest.mark.parametrize("surface", SURFACES)
def test_markdown_holds_only_our_tags_and_links(text: str, surface: str) -> None:
    page = Page(getattr(rendered(text), surface))

    assert set(page.tags) <= TAGS
    assert page.tags.count("h2") == 1
    assert page.tags.count("h3") == 2
    assert page.tags.count("table") == 5
    assert page.tags.count("details") == 1
    assert set(page.links) <= {PROJECT}


@pytest.mark.parametrize("surface", SURFACES)
def test_markdown_outside_code_holds_nothing_that_github_would_link(text: str, surface: str) -> None:
    prose = Page(getattr(rendered(text), surface)).prose

    assert not re.search(r"@\w|#\d|GH-\d|\b[A-Z]+-\d|://|www\.|:\w+:|\$|<!--|&\w", prose)
    assert not re.search(r"\b[0-9a-f]{7,40}\b", prose)


@pytest.mark.parametrize("surface", SURFACES)
def test_foreign_names_and_values_are_shown_whole_in_code(text: str, surface: str) -> None:
    code = [span.strip() for span in Page(getattr(rendered(text), surface)).code]

    shown = capped(
        visible(re.sub("`{40,}", lambda ticks: r"\u{60}" * len(ticks.group()), capped(text, 120))), 120
    ).strip()
    assert code.count(shown) >= 10


def test_the_verdict_is_the_first_line_and_ours(text: str) -> None:
    assert rendered(text).comment.splitlines()[0] == "## ❌ SwanLab: 2 of 3 gates fail"


def test_the_json_gives_every_text_back(text: str) -> None:
    document = json.loads(json.dumps(rendered(text).json, allow_nan=False).encode("utf-8"))

    assert document["gates"][0]["checks"][0]["actual"] == text
    assert document["gates"][0]["why"] == text
