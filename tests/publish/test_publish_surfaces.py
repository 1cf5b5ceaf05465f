"""Outputs, summary, annotations and files: each says the verdict, none changes it, and their limits are kept."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from support.judgements import check, gate, judged, judgement, run
from support.words import words

from swanlab_ci.errors import Problem
from swanlab_ci.judgement import Deciding
from swanlab_ci.messages import Language, Message
from swanlab_ci.model import Status
from swanlab_ci.platforms.context import Context
from swanlab_ci.platforms.github.annotations import commands
from swanlab_ci.platforms.github.outputs import begin
from swanlab_ci.platforms.github.summary import room
from swanlab_ci.publish.order import PublishResult
from swanlab_ci.report import render
from swanlab_ci.report.annotations import of_judgement, of_problems
from swanlab_ci.security.escaping import Safe, annotation
from swanlab_ci.security.files import FileError
from swanlab_ci.security.redaction import Redactor

Publish = Callable[..., PublishResult]
FAIL = judged(Status.FAIL, gate())


@pytest.fixture
def quiet(context: Context) -> Context:
    """A context without a pull request, so that nothing is asked of GitHub."""
    return replace(context, event="push", on_pull_request=False, pr_number=None)


def environ(context: Context) -> dict[str, str]:
    return {"GITHUB_ACTIONS": "true", "GITHUB_OUTPUT": context.output_file}


def outputs(context: Context) -> dict[str, str]:
    lines = Path(context.output_file).read_text("utf-8").split("\n")
    assert lines.pop() == ""
    return dict(line.split("=", 1) for line in lines)


def test_before_anything_else_nothing_has_passed(quiet: Context) -> None:
    begin(environ(quiet), Language.EN)

    assert outputs(quiet) == {"passed": "false", "verdict": "error", "summary": words("output.no-verdict")}


def test_outside_of_ci_there_are_no_outputs_to_begin_with(tmp_path: Path) -> None:
    begin({"GITHUB_OUTPUT": str(tmp_path / "output")}, Language.EN)

    assert list(tmp_path.iterdir()) == []


def test_the_outputs_say_what_a_later_step_needs(quiet: Context, publish_it: Publish) -> None:
    begin(environ(quiet), Language.EN)

    publish_it(
        judged(Status.FAIL, gate(id="a"), gate(Status.ERROR, id="b"), gate(Status.WARN, id="c"), gate(Status.PASS)),
        quiet,
        report_dir="out",
    )

    assert outputs(quiet) == {
        "verdict": "fail",
        "passed": "false",
        "summary": "1 of 4 gates with an error, 1 failed, 1 with a warning",
        "gates-total": "4",
        "gates-failed": "2",
        "runs-checked": "3",
        "failed-gates": '["a","b"]',
        "report-markdown": "out/report.md",
        "report-json": "out/report.json",
        "report-html": "out/report.html",
        "comment-url": "",
    }


def test_the_outputs_count_gates_and_name_groups_by_harmless_signs(quiet: Context, publish_it: Publish) -> None:
    begin(environ(quiet), Language.EN)
    sets = [gate(id="a", group_field="config.set", group=name) for name in ("cifar-10", "x; $(id)", "数据", "0.5")]
    without = gate(id="a", group_field="config.set", decided_by=Deciding.NO_GROUP)

    publish_it(judged(Status.FAIL, *sets, without, gate(Status.PASS, id="a", group="fine")), quiet)

    values = outputs(quiet)
    assert (values["gates-total"], values["gates-failed"]) == ("1", "1")
    assert values["summary"] == "1 of 1 gate failed"
    assert values["failed-gates"] == '["a/cifar-10","a/x-id-","a/-","a/0.5","a"]'


def test_a_folder_with_a_line_break_in_its_name_is_one_line_of_output(quiet: Context, publish_it: Publish) -> None:
    publish_it(FAIL, quiet, report_dir="out\npassed=true")

    assert outputs(quiet)["passed"] == "false"
    assert outputs(quiet)["report-json"] == "out\\u{a}passed=true/report.json"


@pytest.mark.parametrize(
    ("status", "passed"),
    [("pass", "true"), ("warn", "true"), ("fail", "false"), ("pending", "false"), ("error", "false")],
)
def test_passed_is_true_for_a_verdict_that_lets_the_merge_go_on(
    quiet: Context, publish_it: Publish, status: str, passed: str
) -> None:
    begin(environ(quiet), Language.EN)

    publish_it(judged(Status(status), gate()), quiet)

    assert (outputs(quiet)["passed"], outputs(quiet)["verdict"]) == (passed, status)


def test_unwritable_outputs_are_a_warning(quiet: Context, publish_it: Publish, tmp_path: Path) -> None:
    published = publish_it(FAIL, replace(quiet, output_file=str(tmp_path / "no" / "output")))

    assert published.warnings == (Message("publish.no-outputs", reason=FileError.MISSING),)


def test_the_summary_is_appended_as_a_block_of_its_own(quiet: Context, publish_it: Publish) -> None:
    Path(quiet.summary_file).write_text("before without a newline", encoding="utf-8")

    publish_it(FAIL, quiet)

    assert Path(quiet.summary_file).read_text("utf-8").startswith("before without a newline\n\n## ❌ SwanLab: ")


def test_what_is_in_the_summary_already_counts(quiet: Context) -> None:
    Path(quiet.summary_file).write_text("é" * 1_000, encoding="utf-8")

    assert room(quiet.summary_file) == 1_000_000 - 2_000


def test_a_full_summary_has_no_room(quiet: Context, publish_it: Publish) -> None:
    full = "x" * 1_000_000
    Path(quiet.summary_file).write_text(full, encoding="utf-8")

    published = publish_it(FAIL, quiet)

    assert room(quiet.summary_file) == 0
    assert published.warnings == (Message("publish.no-summary", reason=FileError.NO_ROOM),)
    assert Path(quiet.summary_file).read_text("utf-8") == full


def test_the_room_in_the_summary_is_counted_in_bytes_not_characters(quiet: Context, publish_it: Publish) -> None:
    characters = len(render(FAIL, redact=str).summary)
    Path(quiet.summary_file).write_text("x" * (1_000_000 - characters), encoding="utf-8")

    assert publish_it(FAIL, quiet).warnings == (Message("publish.no-summary", reason=FileError.NO_ROOM),)


def test_a_summary_that_cannot_be_written_is_a_warning(quiet: Context, publish_it: Publish, tmp_path: Path) -> None:
    published = publish_it(FAIL, replace(quiet, summary_file=str(tmp_path)))

    assert published.warnings == (Message("publish.no-summary", reason=FileError.A_FOLDER),)


def test_without_a_summary_file_there_is_all_the_room() -> None:
    assert room("") == 1_000_000


def test_the_report_is_written_into_a_folder_that_need_not_exist(
    quiet: Context, publish_it: Publish, tmp_path: Path
) -> None:
    publish_it(FAIL, quiet, report_dir="a/b")

    assert (tmp_path / "a/b/report.md").read_text("utf-8").startswith("## ❌ SwanLab")
    assert json.loads((tmp_path / "a/b/report.json").read_text("utf-8"))["verdict"] == "fail"
    assert (tmp_path / "a/b/junit.xml").read_text("utf-8").startswith('<?xml version="1.0"')


def test_a_report_folder_may_lie_anywhere_if_the_user_says_where(
    quiet: Context, publish_it: Publish, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"

    publish_it(FAIL, replace(quiet, workspace=str(tmp_path / "workspace")), report_dir=str(elsewhere))

    assert (elsewhere / "report.md").is_file()


def test_a_link_in_the_checkout_does_not_lead_the_report_out_of_it(
    quiet: Context, publish_it: Publish, tmp_path: Path
) -> None:
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    (tmp_path / "outside").mkdir()
    (workspace / "reports").symlink_to(tmp_path / "outside")

    published = publish_it(FAIL, replace(quiet, workspace=str(workspace)), report_dir="reports")

    assert published.warnings == (Message("publish.no-report", folder="reports", reason=FileError.OUTSIDE),)
    assert list((tmp_path / "outside").iterdir()) == []


def test_a_link_in_place_of_a_report_is_replaced_and_not_followed(
    quiet: Context, publish_it: Publish, tmp_path: Path
) -> None:
    (tmp_path / "victim").write_text("precious", encoding="utf-8")
    (tmp_path / "report.md").symlink_to(tmp_path / "victim")

    published = publish_it(FAIL, quiet, report_dir=".")

    assert published.warnings == ()
    assert (tmp_path / "victim").read_text("utf-8") == "precious"
    assert not (tmp_path / "report.md").is_symlink()
    assert outputs(quiet)["report-markdown"] == "./report.md"


def test_a_pipe_in_place_of_a_report_is_replaced(quiet: Context, publish_it: Publish, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "report.md")

    assert publish_it(FAIL, quiet, report_dir=".").warnings == ()
    assert (tmp_path / "report.md").is_file()


def test_each_gate_in_trouble_is_annotated_at_its_line(quiet: Context, publish_it: Publish) -> None:
    published = publish_it(judged(Status.FAIL, gate(Status.WARN, name="w"), gate(), gate(Status.PASS)), quiet)

    assert [line.partition("::")[2].partition("::")[0] for line in published.annotation_lines] == [
        "error title=Training settings are sane,file=swanlab-gate.yml,line=12",
        "warning title=w,file=swanlab-gate.yml,line=12",
    ]


def test_what_cannot_be_judged_is_annotated_first() -> None:
    found = of_judgement(judgement(gate(name="fails"), gate(Status.ERROR, name="breaks")), Language.EN)

    assert [annotation.title for annotation in found] == ["breaks", "fails"]


@pytest.mark.parametrize(("gates", "kept", "rest"), [(10, 10, ""), (11, 10, "2 more"), (40, 10, "31 more")])
def test_no_more_annotations_than_the_runner_keeps_and_the_last_says_so(gates: int, kept: int, rest: str) -> None:
    lines = commands(of_judgement(judgement(*[gate()] * gates), Language.EN), Language.EN)

    assert len(lines) == kept
    assert rest in lines[-1]


def test_a_problem_is_annotated_at_its_place() -> None:
    problem = Problem(Message("text", text="unknown key `mim`"), "swanlab-gate.yml", 3, 5)

    assert commands(of_problems([problem], Language.EN), Language.EN) == (
        annotation("error", "unknown key `mim`", file="swanlab-gate.yml", line=3, column=5),
    )


def test_a_laptop_gets_no_workflow_commands(publish_it: Publish) -> None:
    assert publish_it(FAIL, Context()) == PublishResult()


def test_a_folder_for_the_report_that_is_a_loop_of_links_is_a_warning(
    quiet: Context, publish_it: Publish, tmp_path: Path
) -> None:
    (tmp_path / "out").symlink_to("out")

    (warning,) = publish_it(FAIL, quiet, report_dir="out").warnings

    assert warning.id == "publish.no-report"
    assert outputs(quiet)["passed"] == "false"


def test_a_terminal_or_a_runner_never_sees_a_secret(quiet: Context, publish_it: Publish, tmp_path: Path) -> None:
    secret = "sk-abcdefghijklmnopq"
    told = judged(Status.FAIL, gate(name=secret, checks=(check(run=run(name=secret)),)))

    published = publish_it(told, quiet, Redactor([secret]), report_dir="out")

    written = [path.read_text("utf-8") for path in tmp_path.rglob("*") if path.is_file()]
    assert len(written) == 6
    assert not [text for text in [*written, *published.annotation_lines] if secret in text]


def test_beginning_costs_nobody_the_import_of_requests() -> None:
    program = (
        "import sys, swanlab_ci.platforms, swanlab_ci.publish.order; print({'requests', 'jinja2'} & set(sys.modules))"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603

    assert done.stdout == "set()\n"


def test_commands_are_safe_to_hand_to_the_runner() -> None:
    assert all(isinstance(line, Safe) for line in commands(of_judgement(FAIL, Language.EN), Language.EN))


@pytest.mark.parametrize("name", ["report.html", "report.md", "junit.xml", "report.json"])
def test_a_report_that_was_committed_does_not_survive(
    context: Context, publish_it: Publish, tmp_path: Path, name: str
) -> None:
    folder = tmp_path / "swanlab-ci-report"
    (folder / name).mkdir(parents=True)
    (folder / name / "x").write_text("forged")
    for other in {"report.html", "report.md", "junit.xml", "report.json"} - {name}:
        (folder / other).write_text("forged")

    publish_it(FAIL, context, report_dir="swanlab-ci-report")

    assert {path.name: "forged" in path.read_text("utf-8") for path in folder.iterdir()} == dict.fromkeys(
        ("report.html", "report.md", "junit.xml", "report.json"), False
    )


def test_a_file_of_the_report_that_cannot_be_written_does_not_cost_the_others(
    context: Context, publish_it: Publish, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "swanlab-ci-report"
    folder.mkdir()
    (folder / "report.json").write_text("forged")
    replace_file = Path.replace

    def fail_once(path: Path, target: Path) -> Path:
        if target.name == "report.md":
            raise OSError(28, "No space left on device")
        return replace_file(path, target)

    monkeypatch.setattr(Path, "replace", fail_once)

    published = publish_it(FAIL, context, report_dir="swanlab-ci-report")

    assert sorted(path.name for path in folder.iterdir()) == ["junit.xml", "report.html", "report.json"]
    assert "forged" not in (folder / "report.json").read_text("utf-8")
    assert [warning.id for warning in published.warnings] == ["publish.no-report"]
