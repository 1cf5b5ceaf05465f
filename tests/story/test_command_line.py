"""The command line, as a person or a script uses it."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.story import GATES, CommandLine, Ended
from support.words import warning, words

from swanlab_ci.gate import load
from swanlab_ci.messages import Key, Language, Message, Name, Param, plain
from swanlab_ci.sandbox import FIXED_COMMIT, PULL_REQUEST_COMMIT, Fault, Sandbox
from swanlab_ci.security.files import FileError

WORKFLOW = Path(".github", "workflows", "swanlab-gate.yml")
RED = ("--sha", PULL_REQUEST_COMMIT)
GREEN = ("--sha", FIXED_COMMIT)


def test_a_broken_pull_request_is_red_and_the_first_line_says_why(command_line: CommandLine) -> None:
    ended = command_line("check", *RED)

    assert ended.code == 1
    first = ended.out.splitlines()[0]
    assert first.startswith("FAIL")
    assert "2 of 2 gates" in first
    assert "config.lr is 0.05 in pr42-s1 (required: ≤ 1e-2)" in ended.out


def test_the_fixed_pull_request_is_green(command_line: CommandLine) -> None:
    ended = command_line("check", *GREEN)

    assert ended.code == 0
    assert ended.out.startswith("PASS")
    assert ended.err == ""


def test_json_is_one_document_in_which_each_gate_has_its_id_and_status(command_line: CommandLine) -> None:
    ended = command_line("check", *RED, "--format", "json")

    assert ended.code == 1
    assert ended.document["verdict"] == "fail"
    assert [(gate["id"], gate["status"]) for gate in ended.document["gates"]] == [
        ("smoke-run-finished", "fail"),
        ("training-settings-are-sane", "fail"),
    ]


def test_markdown_is_the_report(command_line: CommandLine) -> None:
    ended = command_line("check", *RED, "--format", "markdown")

    assert ended.out.startswith("## ❌")
    assert "Smoke run finished" in ended.out


def test_the_report_folder_holds_the_report(command_line: CommandLine, workspace: Path) -> None:
    command_line("check", *RED, "--report-dir", "out/report")

    assert (workspace / "out/report/report.md").read_text("utf-8").startswith("## ❌")
    assert json.loads((workspace / "out/report/report.json").read_text("utf-8"))["verdict"] == "fail"


def test_an_unwritable_report_folder_is_a_warning_and_the_verdict_stands(
    command_line: CommandLine, workspace: Path
) -> None:
    (workspace / "out").write_text("a file")

    ended = command_line("check", *GREEN, "--report-dir", "out/report")

    assert ended.code == 0
    assert warning("publish.no-report", folder="out/report", reason=FileError.NOT_A_FOLDER) in ended.err


def test_a_report_folder_that_is_a_file_is_told(command_line: CommandLine, workspace: Path) -> None:
    (workspace / "out").write_text("a file")

    checked, shown = command_line("check", *GREEN, "--report-dir", "out"), command_line("demo", "--report-dir", "out")

    assert (checked.code, shown.code) == (0, 2)
    assert warning("publish.no-report", folder="out", reason=FileError.A_FILE) in checked.err
    assert words("file.unwritable", file="out", reason=FileError.A_FILE) in shown.err


def test_the_projects_page_and_each_runs_page_are_linked(command_line: CommandLine, sandbox: Sandbox) -> None:
    ended = command_line("check", *RED)

    assert f"{sandbox.url}/@my-team/resnet/runs/" in ended.out


@pytest.mark.parametrize("host", ["{}", "{}/", "{}/api", "{}/api/"])
def test_the_host_is_taken_with_and_without_api(command_line: CommandLine, sandbox: Sandbox, host: str) -> None:
    environ = {"SWANLAB_API_KEY": sandbox.api_key}

    assert command_line("check", *GREEN, "--host", host.format(sandbox.url), environ=environ).code == 0


def test_nothing_that_no_gate_needs_is_fetched(command_line: CommandLine, sandbox: Sandbox, workspace: Path) -> None:
    (workspace / "swanlab-gate.yml").write_text(
        "project: my-team/resnet\ngates:\n  - name: Main\n    runs: {name: {like: main-s*}}\n"
        "    expect: {state: FINISHED}\n"
    )

    assert command_line("check").code == 0
    paths = list(dict.fromkeys(request.path.partition("?")[0] for request in sandbox.requests))
    assert paths[:2] == ["/api/login/api_key", "/api/project/my-team/resnet/runs"]
    for_the_report = {"/api/house/metrics/scalar", "/api/house/metrics/summaries", "/api/project/my-team/resnet"}
    assert set(paths[2:]) <= for_the_report


def test_a_gate_that_selects_no_run_is_red_and_shows_where_they_went(command_line: CommandLine) -> None:
    ended = command_line("check", "--sha", "0123456789abcdef")

    assert ended.code == 1
    assert "40 runs" in ended.out
    assert "0 runs left after git.commit" in ended.out


def test_an_empty_project_is_never_green(command_line: CommandLine) -> None:
    assert command_line("check", *GREEN, "--project", "ada/empty").code == 1


@pytest.mark.parametrize(
    ("arguments", "key", "code", "says"),
    [
        ((), "wrongwrongwrongwrong1", 3, "SwanLab does not accept the API key (401 Unauthorized"),
        ((), "", 2, "There is no SwanLab API key."),
        ((), "short", 2, "`SWANLAB_API_KEY` has only 5 characters"),
        (("--project", "my-team/nothing"), None, 3, "SwanLab does not know the runs of my-team/nothing (404 Not Found"),
        (("--project", "resnet"), None, 2, '`--project` is "resnet". Write `workspace/project`'),
        (("--host", "http://127.0.0.1:1"), None, 3, "did not answer"),
        (("--host", "http://swanlab.internal"), None, 2, "would get the API key unencrypted"),
        (("--host", "https://user:secret@swanlab.example.com"), None, 2, "is not an address that can be used"),
        (("--gates", "nowhere.yml"), None, 2, words("file.unreadable", file="nowhere.yml", reason=FileError.MISSING)),
        (("--timeout", "soon"), None, 2, '`--timeout` is "soon"'),
        (("--wait", "10"), None, 2, '`--wait` is "10": the unit is missing. Write `10s`'),
    ],
)
def test_what_cannot_be_asked_or_answered_ends_in_one_clear_message(
    command_line: CommandLine, *, arguments: tuple[str, ...], key: str | None, code: int, says: str
) -> None:
    ended = command_line("check", *GREEN, *arguments, key=key)

    assert ended.code == code
    assert says in ended.err
    assert "Traceback" not in ended.err
    assert "secret@" not in ended.err
    assert ended.out == ""


def test_without_a_verdict_json_is_still_one_document(command_line: CommandLine) -> None:
    ended = command_line("check", *GREEN, "--project", "my-team/nothing", "--format", "json")

    assert ended.code == 3
    assert ended.document["verdict"] == "error"
    assert ended.document["passed"] is False
    assert ended.document["exit_code"] == 3
    assert ended.document["gates"] == []


def test_the_document_tells_the_exit_code_of_a_wrong_file_too(command_line: CommandLine) -> None:
    ended = command_line("check", "--gates", "nowhere.yml", "--format", "json")

    assert (ended.code, ended.document["exit_code"]) == (2, 2)


def test_a_form_that_no_command_prints_is_refused(command_line: CommandLine) -> None:
    assert command_line("backtest", "--format", "yaml").code == 2


@pytest.mark.parametrize(
    "fault",
    [
        Fault(kind="html"),
        Fault(kind="status", status=503),
        Fault(kind="reset"),
    ],
    ids=["html", "503", "reset"],
)
def test_what_is_no_answer_is_never_a_pass(command_line: CommandLine, sandbox: Sandbox, fault: Fault) -> None:
    sandbox.faults.add(fault)

    ended = command_line("check", *GREEN, "--timeout", "5s")

    assert ended.code == 3


def test_a_hung_server_ends_at_the_time_limit(command_line: CommandLine, sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault(kind="hang"))

    ended = command_line("check", *GREEN, "--timeout", "2s")

    assert ended.code == 3
    assert "did not answer" in ended.err or "time limit" in ended.err


def test_a_gate_file_with_mistakes_is_told_with_their_places_before_anything_is_fetched(
    command_line: CommandLine, sandbox: Sandbox, workspace: Path
) -> None:
    (workspace / "swanlab-gate.yml").write_text(GATES.replace("min:", "minimum:").replace("FINISHED", "FINISH"))

    ended = command_line("check", *GREEN)

    assert ended.code == 2
    assert "swanlab-gate.yml:6:21: " in ended.err
    assert "did you mean `FINISHED`?" in ended.err
    assert "swanlab-gate.yml:9:26: " in ended.err
    assert "did you mean `min`?" in ended.err
    assert sandbox.requests == []


def test_lint_prints_each_mistake_as_file_line_column(command_line: CommandLine, workspace: Path) -> None:
    (workspace / "bad.yml").write_text(GATES.replace("min:", "minimum:"))

    ended = command_line("lint", "bad.yml")

    assert ended.code == 2
    assert ended.out.startswith("bad.yml:9:26: unknown operator `minimum`")


@pytest.mark.parametrize("order", [("bad.yml", "swanlab-gate.yml"), ("swanlab-gate.yml", "bad.yml")])
def test_lint_reads_every_file_that_is_named(
    command_line: CommandLine, workspace: Path, order: tuple[str, ...]
) -> None:
    (workspace / "bad.yml").write_text(GATES.replace("min:", "minimum:"))

    ended = command_line("lint", *order)

    assert ended.code == 2
    assert ended.out.startswith("bad.yml:9:26: ")
    assert "swanlab-gate.yml: 2 gates" in ended.err


@pytest.mark.parametrize("language", list(Language))
def test_lint_marks_a_warning_as_one_and_counts_it(
    command_line: CommandLine, workspace: Path, language: Language
) -> None:
    (workspace / "warned.yml").write_text('no_training_needed: {only_in: ["**"]}\n' + GATES)

    ended = command_line("lint", "warned.yml", "--language", language)

    warning = words("console.warning", language, text=Message("lint.exempts-everything", pattern=Key("**")))
    assert ended.code == 0
    assert ended.out.startswith(f"warned.yml:1:32: {warning}\n")
    assert ended.err == words("lint.no-mistakes", language, file="warned.yml", count=2, warnings=1) + "\n"


def test_lint_reads_on_after_a_file_that_cannot_be_read(command_line: CommandLine, workspace: Path) -> None:
    (workspace / "bad.yml").write_text(GATES.replace("min:", "minimum:"))

    ended = command_line("lint", "nowhere.yml", "bad.yml", "swanlab-gate.yml", "other.yml")

    assert ended.code == 2
    assert [line.split(":")[0] for line in ended.out.splitlines() if ".yml:" in line] == ["bad.yml"]
    for name in ("nowhere.yml", "other.yml"):
        assert words("file.unreadable", file=name, reason=FileError.MISSING) in ended.err
    assert words("lint.no-mistakes", file="swanlab-gate.yml", count=2) in ended.err


@pytest.mark.parametrize("command", [("check",), ("lint",), ("doctor",), ("test", "cases.yml"), ("explain", "a")])
@pytest.mark.parametrize("has_usual", [True, False])
def test_a_gate_file_that_is_not_there_is_told_with_what_to_write_instead(
    command_line: CommandLine, workspace: Path, *, command: tuple[str, ...], has_usual: bool
) -> None:
    if not has_usual:
        (workspace / "swanlab-gate.yml").unlink()
    flags = ("no gates.yml",) if command == ("lint",) else ("--gates", "no gates.yml")

    ended = command_line(*command, *flags)

    assert ended.code == 2
    assert words("file.unreadable", file="no gates.yml", reason=FileError.MISSING) in ended.err
    near = words("gate-file.other-name", near=Key("swanlab-gate.yml"))
    first = words("gate-file.write-first", command=Key("swanlab-ci init 'no gates.yml'"))
    assert (near in ended.err, first in ended.err) == (has_usual, not has_usual)


def test_a_job_without_a_gate_file_may_lack_the_checkout(command_line: CommandLine, workspace: Path) -> None:
    (workspace / "swanlab-gate.yml").unlink()

    ended = command_line("check", "--confined")

    assert words("gate-file.check-out-first", command=Key("swanlab-ci init")) in ended.err


@pytest.mark.parametrize("command", [("check",), ("lint",)])
def test_a_file_that_is_extended_and_not_there_is_told_at_its_place(
    command_line: CommandLine, workspace: Path, command: tuple[str, ...]
) -> None:
    (workspace / "swanlab-gate.yml").write_text("project: a/b\nextends: nope.yml\n" + GATES.partition("\n")[2])

    ended = command_line(*command)

    assert ended.code == 2
    missing = words("gate-file.extends-missing", path="nope.yml", file="swanlab-gate.yml")
    assert f"swanlab-gate.yml:2:10: {missing}" in ended.out + ended.err


def test_lint_is_content_with_a_good_file_without_any_network(command_line: CommandLine, sandbox: Sandbox) -> None:
    ended = command_line("lint", "swanlab-gate.yml", environ={})

    assert (ended.code, ended.out) == (0, "")
    assert ended.err == words("lint.no-mistakes", file="swanlab-gate.yml", count=2) + "\n"
    assert sandbox.requests == []


def test_init_writes_a_file_that_lint_accepts_and_never_over_another(
    command_line: CommandLine, workspace: Path
) -> None:
    assert command_line("init", "first.yml", "--project", "vision/detector").code == 0
    assert load((workspace / "first.yml").read_text("utf-8"), name="first.yml").project == "vision/detector"
    assert command_line("lint", "first.yml").code == 0

    again = command_line("init", "first.yml")

    assert again.code == 2
    assert words("file.unwritable", file="first.yml", reason=FileError.EXISTS) in again.err
    suggest = Key("swanlab-ci suggest --gates first.yml --metric KEY --better higher --write")
    assert words("init.exists-advice", command=suggest) in again.err


def test_init_names_the_folder_that_is_missing(command_line: CommandLine) -> None:
    ended = command_line("init", "gates/first.yml")

    missing = Message("init.no-folder", folder=Name("gates"))
    assert ended.code == 2
    assert words("file.unwritable", file="gates/first.yml", reason=missing) in ended.err
    assert words("init.create-folder") in ended.err


@pytest.mark.parametrize(("gates", "language"), [("swanlab-gate.yml", "en"), ("ci/gates.yml", "zh")])
def test_init_writes_a_workflow_whose_runs_the_gate_file_finds(
    command_line: CommandLine, workspace: Path, gates: str, language: str
) -> None:
    (workspace / "swanlab-gate.yml").unlink()
    (workspace / "ci").mkdir()
    (workspace / ".git").mkdir()

    ended = command_line("init", gates, "--project", "my-team/resnet", "--language", language)

    wrote = Message(
        "init.wrote-workflow",
        file=Name(str(WORKFLOW)),
        placeholder=Key("your-org"),
        secret=Key("SWANLAB_API_KEY"),
        check=Key("gate"),
    )
    assert plain(wrote, Language(language)) in ended.err
    (job,) = yaml.safe_load((workspace / WORKFLOW).read_text("utf-8"))["jobs"].values()
    _, train, gate = job["steps"]
    assert gate["uses"].startswith("your-org/")
    assert train["env"]["SWANLAB_GROUP"] == "${{ github.event.pull_request.head.sha }}"
    assert gate["with"]["gates"] == gates
    assert command_line("check", "--gates", gates, *GREEN).code == 0  # the runs are found by their group
    assert command_line("check", "--gates", gates, "--sha", "0" * 40).code == 1


def wordless(text: str) -> Any:
    """Return what YAML says, without names, reasons and the language."""

    def stripped(value: Any) -> Any:
        if isinstance(value, dict):
            kept = {key: each for key, each in value.items() if key not in {"name", "why", "report"}}
            return {key: stripped(each) for key, each in kept.items()}
        return [stripped(each) for each in value] if isinstance(value, list) else value

    return stripped(yaml.safe_load(text))


def test_init_writes_the_same_rules_and_jobs_in_each_language(command_line: CommandLine, workspace: Path) -> None:
    (workspace / ".git").mkdir()
    written = {}
    for language in Language:
        (workspace / "swanlab-gate.yml").unlink()
        assert command_line("init", "--project", "a/b", "--language", language.value).code == 0
        written[language] = [Path(name).read_text("utf-8") for name in ("swanlab-gate.yml", WORKFLOW)]
        WORKFLOW.unlink()

    chinese, english = written[Language.ZH], written[Language.EN]
    assert [wordless(text) for text in chinese] == [wordless(text) for text in english]
    assert load(chinese[0], name="zh.yml").report.language is Language.ZH
    assert load(english[0], name="en.yml").report.language is None
    assert not re.search("[A-Z][a-z]+ [a-z]+ [a-z]+", "".join(chinese))  # no sentence is left in English


@pytest.mark.parametrize("there", [".gitlab-ci.yml", str(Path(".github", "workflows", "gate.yml")), "", "blocked"])
def test_init_leaves_other_workflows_alone_and_names_the_variable(
    command_line: CommandLine, workspace: Path, there: str
) -> None:
    (workspace / "swanlab-gate.yml").unlink()
    if there:
        (workspace / ".git").mkdir()
        path = WORKFLOW if there == "blocked" else Path(there)
        (workspace / path).parent.mkdir(parents=True, exist_ok=True)
        (workspace / path).write_text("steps:\n  - uses: your-org/swanlab-ci@v1\n")

    ended = command_line("init", "--project", "my-team/resnet")

    commit = "$CI_COMMIT_SHA" if "gitlab" in there else "${{ github.event.pull_request.head.sha }}"
    assert ended.code == 0
    assert words("init.recipe", line=Key(f"SWANLAB_GROUP: {commit}")) in ended.err
    assert (workspace / WORKFLOW).exists() == (there == "blocked")


TRAIN = """
import swanlab

print("\\d")
swanlab.init(project="detector", workspace="vision", config={"lr": 1})
"""


NO_PROJECT = Message("init.no-project", placeholder=Key("my-team/my-project"))

NO_WORKSPACE = Message(
    "init.no-workspace", project=Name("detector"), places=(Name("train.py:1"),), placeholder=Key("my-team")
)


def of(project: str, *places: Param) -> Message:
    return Message("init.project", project=project, places=places)


def contradiction(one: str, other: str) -> Message:
    return Message("init.contradiction", first=("a.py:1",), one=one, second=("b.py:1",), other=other)


@pytest.mark.parametrize(
    ("files", "environ", "told"),
    [
        ({}, {}, ("my-team/my-project", NO_PROJECT)),
        ({"src/train.py": TRAIN}, {}, ("vision/detector", of("vision/detector", "src/train.py:5"))),
        (
            {"train.py": 'SwanLabCallback(project="detector")'},
            {},
            ("my-team/detector", NO_WORKSPACE),
        ),
        (
            {"train.py": 'swanlab.init("detector")', "swanlab.yaml": "project: {workspace: vision, name: other}"},
            {},
            ("vision/detector", of("vision/detector", "train.py:1", "swanlab.yaml")),
        ),
        (
            {".swanlab/config.yml": "project: {workspace: a, name: b}"},
            {"SWANLAB_PROJ_NAME": "detector", "SWANLAB_WORKSPACE": "vision"},
            ("vision/detector", of("vision/detector", Key("SWANLAB_PROJ_NAME"))),
        ),
        (
            {},
            {"SWANLAB_PROJECT_NAME": "d", "SWANLAB_PROJECT_WORKSPACE": "v"},
            ("v/d", of("v/d", Key("SWANLAB_PROJECT_NAME"))),
        ),
        ({".swanlab/config.yml": "project: {workspace: a, name: b}"}, {}, ("a/b", of("a/b", ".swanlab/config.yml"))),
        (
            {"home/.swanlab/config.yaml": "project: {workspace: a, name: b}"},
            {},
            ("a/b", of("a/b", Message("init.saved-settings", file="config.yaml"))),
        ),
        (
            {"a.py": 'swanlab.init(project="one")', "b.py": 'swanlab.init(project="two")'},
            {},
            ("my-team/my-project", contradiction("one", "two")),
        ),
        (
            {"a.py": 'swanlab.init("one", "here")', "b.py": 'swanlab.init("one", "there")'},
            {},
            ("my-team/my-project", contradiction("here/one", "there/one")),
        ),
        (
            {
                "torn.py": "import swanlab\nswanlab.init(project=",
                "odd.py": 'swanlab.init(project=NAME)\nswanlab.init(project="a b")\nother.init(project="c")',
                "venv/lib/train.py": TRAIN,
                ".hidden/train.py": TRAIN,
                "swanlab.yaml": "project: [",
                "swanlab.yml": "- project",
            },
            {},
            ("my-team/my-project", NO_PROJECT),
        ),
    ],
)
def test_init_finds_the_project_where_the_sdk_would(
    command_line: CommandLine,
    workspace: Path,
    files: dict[str, str],
    environ: dict[str, str],
    told: tuple[str, Message],
) -> None:
    for name, text in files.items():
        (workspace / name).parent.mkdir(parents=True, exist_ok=True)
        (workspace / name).write_text(text)

    ended = command_line("init", "first.yml", environ={"HOME": str(workspace / "home"), **environ})

    project, says = told
    assert ended.code == 0
    assert plain(says, Language.EN) in ended.err
    assert load((workspace / "first.yml").read_text("utf-8"), name="first.yml").project == project


def test_init_takes_the_user_of_the_key_for_the_workspace(command_line: CommandLine, workspace: Path) -> None:
    (workspace / "train.py").write_text('swanlab.init(project="detector")')

    ended = command_line("init", "first.yml")

    assert load((workspace / "first.yml").read_text("utf-8"), name="first.yml").project == "ada/detector"
    places = (Name("train.py:1"),)
    assert words("init.workspace-of-key", project="detector", places=places, workspace="ada") in ended.err
    assert words("init.project-not-found", project="ada/detector", file="first.yml") in ended.err


def test_init_says_that_there_is_no_such_project(command_line: CommandLine) -> None:
    missing = command_line("init", "a.yml", "--project", "my-team/nothing")
    there = command_line("init", "b.yml", "--project", "ada/empty")

    assert (missing.code, there.code) == (0, 0)
    assert words("init.project-not-found", project="my-team/nothing", file="a.yml") in missing.err
    assert "SwanLab does not know" not in there.err


def test_lint_warns_of_the_placeholder_of_init(command_line: CommandLine) -> None:
    command_line("init", "first.yml", environ={})

    ended = command_line("lint", "first.yml")

    assert ended.code == 0
    assert words("lint.placeholder", project=Key("my-team/my-project")) in ended.out


@pytest.mark.parametrize(
    ("step", "line"),
    [
        ("      - uses: vision/swanlab-ci@v1", "vision/swanlab-ci/v1"),
        (f"      - uses: 'vision/swanlab-ci@{'a' * 40}'  # v1.2.0", f"vision/swanlab-ci/{'a' * 40}"),
        ("      - uses: vision/other-ci@v1", ""),
        ("      - run: echo uses: vision/swanlab-ci@v1", ""),
    ],
)
def test_init_names_the_schema_of_the_action_in_use_for_editors(
    command_line: CommandLine, workspace: Path, step: str, line: str
) -> None:
    (workspace / ".github" / "workflows").mkdir(parents=True)
    (workspace / ".github" / "workflows" / "gate.yml").write_text(f"jobs:\n  gate:\n    steps:\n{step}\n")

    command_line("init", "first.yml", environ={})

    first, *_ = (workspace / "first.yml").read_text("utf-8").splitlines()
    address = f"https://raw.githubusercontent.com/{line}/docs/gate.schema.json"
    assert (first == f"# yaml-language-server: $schema={address}") is bool(line)
    assert command_line("lint", "first.yml").code == 0


def test_init_reads_no_pipe_and_no_endless_file(command_line: CommandLine, workspace: Path) -> None:
    os.mkfifo(workspace / "train.py")
    (workspace / "swanlab.yaml").symlink_to("/dev/zero")
    (workspace / "large.py").write_text(TRAIN + "#" * 2**20)

    assert plain(NO_PROJECT, Language.EN) in command_line("init", "first.yml", environ={}).err


def test_a_project_is_written_alike_in_a_flag_and_in_the_file(command_line: CommandLine) -> None:
    for project in ("a b/c", "a/b/c", "a/", "a/b?"):
        ended = command_line("init", "first.yml", "--project", project)
        assert (ended.code, f'`--project` is "{project}". Write `workspace/project`' in ended.err) == (2, True)
    assert command_line("init", "first.yml", "--project", "a.b-c/d_e+f").code == 0
    assert command_line("lint", "first.yml").code == 0


def test_the_schema_is_a_json_document(command_line: CommandLine) -> None:
    ended = command_line("schema")

    assert ended.code == 0
    assert "gates" in ended.document["properties"]
    published = Path(__file__).parents[2] / "docs" / "gate.schema.json"
    assert json.loads(published.read_text("utf-8")) == ended.document  # swanlab-ci schema >docs/gate.schema.json


def test_the_demo_shows_a_red_verdict_and_says_how_to_open_the_report(
    command_line: CommandLine, workspace: Path
) -> None:
    ended = command_line("demo", environ={})

    assert ended.code == 0
    assert "3 of 5 gates fail" in ended.out
    assert words("demo.exit-code", code=1) in ended.err
    assert (workspace / "demo-report/report.md").is_file()
    assert (workspace / "demo-report/report.html").as_uri() in ended.err
    for report in ("report.md", "report.html"):  # the server that a link would lead to has ended
        assert "http://127.0.0.1" not in (workspace / "demo-report" / report).read_text("utf-8")


def test_help_teaches_the_first_gate_and_the_exit_codes(
    command_line: CommandLine, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        command_line("--help")

    shown = capsys.readouterr().out
    assert stop.value.code == 0
    assert "swanlab-ci init --project my-team/resnet" in shown
    assert "3  no verdict, so the check has not passed" in shown


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        (b"\xff", "Save the file as UTF-8."),
        (b" " * 300_000, "Split it into smaller files."),
        (None, "Write the name of a file that exists."),
    ],
)
def test_a_gate_file_that_is_there_but_cannot_be_read_is_not_asked_to_be_checked_out(
    command_line: CommandLine, workspace: Path, content: bytes | None, advice: str
) -> None:
    (workspace / "odd.yml").mkdir() if content is None else (workspace / "odd.yml").write_bytes(content)

    done = command_line("check", "--gates", "odd.yml")

    assert (done.code, advice in done.err, "swanlab-ci init" in done.err) == (2, True, False)


CI = [{"CI": "true"}, {"CI": "1"}, {"GITHUB_ACTIONS": "true"}]


@pytest.mark.parametrize("environ", CI)
@pytest.mark.parametrize("arguments", [("lint",), ("check", "--project", "a/b"), ("test", "tests.yml")])
def test_in_a_ci_job_a_gate_file_does_not_lead_out_of_the_folder(
    command_line: CommandLine,
    workspace: Path,
    tmp_path_factory: pytest.TempPathFactory,
    *,
    arguments: Any,
    environ: Any,
) -> None:
    secret = tmp_path_factory.mktemp("elsewhere") / "secret"
    secret.write_text("gates: [SECRET=abc")
    (workspace / "swanlab-gate.yml").unlink()
    (workspace / "swanlab-gate.yml").symlink_to(secret)

    ended = ended_with(command_line, arguments, environ)

    assert ended.code == 2
    assert "abc" not in ended.out + ended.err
    assert words("file.outside-advice") in ended.err
    assert ended_with(command_line, ("lint", "--confined"), {}).err == ended_with(command_line, ("lint",), environ).err


@pytest.mark.parametrize("environ", CI)
def test_in_a_ci_job_extends_does_not_lead_out_of_the_folder(
    command_line: CommandLine, workspace: Path, environ: dict[str, str]
) -> None:
    (workspace / "swanlab-gate.yml").write_text("project: a/b\nextends: common.yml\n")
    (workspace / "common.yml").symlink_to("/proc/self/environ")

    ended = ended_with(command_line, ("lint",), environ)

    assert ended.code == 2
    assert words("file.outside", file="common.yml", workspace=os.path.realpath(workspace)) in ended.err


@pytest.mark.parametrize("text", ["SECRET=abc\n", "a\tabc", "PATH=/bin\0SECRET=abc\n", "abc: 1\n", "x: [abc\n"])
def test_a_file_that_is_no_gate_file_is_never_shown(command_line: CommandLine, workspace: Path, text: str) -> None:
    (workspace / "other").write_text(text)

    ended = command_line("lint", "other")

    assert ended.code == 2
    assert " | " not in ended.out


def ended_with(command_line: CommandLine, arguments: Sequence[str], environ: Mapping[str, str]) -> Ended:
    return command_line(*arguments, environ=environ)


@pytest.mark.parametrize("number", ["0x" + "f" * 5_000, "9" * 5_000, "0o" + "7" * 6_000])
@pytest.mark.parametrize("command", ["lint", "check"])
def test_a_number_of_thousands_of_digits_is_refused(
    command_line: CommandLine, workspace: Path, *, number: str, command: str
) -> None:
    (workspace / "swanlab-gate.yml").write_text(
        f"project: my-team/resnet\ngates: [{{name: A, newest: {number}, expect: {{config.lr: {{max: 1}}}}}}]\n"
    )

    assert command_line(command).code == 2


@pytest.mark.parametrize("field", ["age", "duration"])
def test_a_made_up_run_before_all_time_is_refused(command_line: CommandLine, workspace: Path, field: str) -> None:
    (workspace / "tests.yml").write_text(f"tests: [{{name: old, verdict: pass, runs: [{{{field}: 99999999d}}]}}]\n")

    ended = command_line("test", "tests.yml")

    assert ended.code == 2
    assert words("test-file.before-all-time") in ended.err


@pytest.mark.parametrize("content", ["!!bool maybe", "!!int x", "!!timestamp x", "{!!bool maybe: 1}"])
def test_init_passes_over_settings_that_are_no_yaml(command_line: CommandLine, workspace: Path, content: str) -> None:
    (workspace / "swanlab.yaml").write_text(content)

    assert command_line("init", "first.yml", environ={}).code == 0


@pytest.mark.parametrize(
    ("environ", "coloured"),
    [((), False), (("FORCE_COLOR=1",), True), (("FORCE_COLOR=1", "NO_COLOR=1"), False)],
)
def test_force_color_and_no_color_are_obeyed(
    command_line: CommandLine, workspace: Path, *, environ: tuple[str, ...], coloured: bool
) -> None:
    command_line("check", *RED, "--bundle", "case.json")
    start = ("/usr/bin/env", "-i", *environ, sys.executable, "-m", "swanlab_ci", "replay", "case.json")

    ended = subprocess.run(start, cwd=workspace, capture_output=True, timeout=30, check=False)  # noqa: S603 - the program itself

    assert ended.returncode == 1
    assert ended.stdout.startswith(b"\x1b[31mFAIL" if coloured else b"FAIL")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_terminal_without_all_characters_shows_the_others_escaped(workspace: Path, encoding: str) -> None:
    (workspace / "swanlab-gate.yml").write_text("project: a/b\ngates: [{nme: 学习率}]\n", "utf-8")
    start = (sys.executable, "-I", "-m", "swanlab_ci", "lint", "--language", "zh")

    ended = subprocess.run(  # noqa: S603 - the program itself
        ("/usr/bin/env", f"PYTHONIOENCODING={encoding}", start[0], *start[2:]),
        cwd=workspace,
        capture_output=True,
        timeout=30,
        check=False,
    )

    assert ended.returncode == 2
    assert rb"\u5b66" in ended.stdout
