"""`suggest --write` and `--tighten` change numbers of the gate file, and nothing else in it."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from support.story import CommandLine
from support.words import words

from swanlab_ci.messages import Key
from swanlab_ci.sandbox import Sandbox

GATES = """\
# 我们的门禁
project: my-team/tuned
runs: {git.commit: $pr_commits}
baselines: {main: {runs: {git.branch: main, state: FINISHED}, newest: 5}}
gates:
  - name: Accuracy  # of every run
    expect: {metrics.acc: {min: 0.5}}  # a guess
    compare: {metrics.acc: {to: main, better: higher, allow_worse: 1%, on_missing: skip}}
"""
WRITTEN = GATES.replace("min: 0.5", "min: 0.9").replace("allow_worse: 1%", "allow_worse: 0.69%")
TIGHTER = GATES.replace("min: 0.5", "min: 0.9")


@pytest.fixture
def gates(tuned_project: Sandbox, workspace: Path) -> Path:
    assert tuned_project.url
    file = workspace / "swanlab-gate.yml"
    file.write_bytes(GATES.encode())
    return file


def test_the_numbers_of_the_file_are_replaced_and_all_else_stays(command_line: CommandLine, gates: Path) -> None:
    gates.chmod(0o640)

    ended = command_line("suggest", "--write")

    assert (ended.code, gates.read_text("utf-8")) == (0, WRITTEN)
    assert gates.stat().st_mode & 0o777 == 0o640
    changed = words(
        "edit.changed", file=gates.name, line=7, key=Key("min"), field="metrics.acc", before="0.5", after="0.9"
    )
    assert changed in ended.err
    assert [path.name for path in gates.parent.glob(".swanlab*")] == []


def test_what_is_written_is_not_written_again(command_line: CommandLine, gates: Path) -> None:
    command_line("suggest", "--write")
    ended = command_line("suggest", "--write", "--format", "json")

    assert ended.document["changes"] == []
    assert gates.read_text("utf-8") == WRITTEN
    assert words("edit.nothing", file=gates.name) in ended.err


@pytest.mark.parametrize(
    "form",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("1%", "'1%'"),
        lambda text: text.rstrip("\n"),
    ],
    ids=["byte order mark", "windows", "quoted", "no line end"],
)
def test_every_form_of_the_file_stays(command_line: CommandLine, gates: Path, form: Callable[[str], str]) -> None:
    gates.write_bytes(form(GATES).encode())

    ended = command_line("suggest", "--write")

    assert ended.code == 0, ended.err
    assert gates.read_bytes() == form(GATES).replace("0.5", "0.9").replace("1%", "0.69%").encode()


def test_a_metric_that_no_gate_bounds_gets_a_gate(command_line: CommandLine, gates: Path) -> None:
    ended = command_line("suggest", "--metric", "acc", "--better", "lower", "--write")
    again = command_line("suggest", "--metric", "acc", "--better", "lower", "--write")

    assert ended.code == 0, ended.err
    added = '  - name: "metrics.acc max"\n    expect: {metrics.acc: {max: 0.918}}\n'
    assert gates.read_text("utf-8") == GATES + added
    assert words("edit.nothing", file=gates.name) in again.err
    assert command_line("lint").code == 0


def test_a_bound_that_stands_in_another_file_is_refused_and_named(command_line: CommandLine, gates: Path) -> None:
    (gates.parent / "base.yml").write_text(GATES.replace("min: 0.5", "min: 0.4"), "utf-8")
    gates.write_text("extends: [base.yml]\n", "utf-8")

    ended = command_line("suggest", "--write")

    assert ended.code == 2
    assert words("edit.elsewhere", place="base.yml:7") in ended.err
    assert gates.read_text("utf-8") == "extends: [base.yml]\n"


@pytest.mark.parametrize(
    ("old", "new", "id_"),
    [
        ("{min: 0.5}", "{min: 0.5, above: 0.1}", "edit.several-bounds"),
        ("allow_worse: 1%", "allow_worse: [1%, 0.01]", "edit.not-a-number"),
        ("min: 0.5", "min: &low 0.5", "gate-file.problems"),
    ],
)
def test_what_is_ambiguous_or_would_be_wrong_is_refused(
    command_line: CommandLine, gates: Path, old: str, new: str, id_: str
) -> None:
    gates.write_text(GATES.replace(old, new), "utf-8")
    said = {
        "edit.several-bounds": words("edit.several-bounds", field="metrics.acc"),
        "edit.not-a-number": words("edit.not-a-number", place="swanlab-gate.yml:8"),
        "gate-file.problems": words("gate-file.fix-and-rerun"),
    }

    ended = command_line("suggest", "--write")

    assert ended.code == 2
    assert said[id_] in ended.err
    assert gates.read_text("utf-8") == GATES.replace(old, new)


def test_a_file_that_would_contradict_itself_is_not_written(command_line: CommandLine, gates: Path) -> None:
    text = GATES.replace("{min: 0.5}", "{min: 0.5, max: 0.7}")
    gates.write_text(text, "utf-8")

    ended = command_line("suggest", "--write", "--metric", "acc", "--better", "higher")

    assert (ended.code, gates.read_text("utf-8")) == (2, text)
    swapped = words("gate-file.swapped-range", low=Key("min: 0.9"), high=Key("max: 0.7"), lower="min", upper="max")
    assert swapped in ended.err
    assert words("edit.refused", file=gates.name, count=1) in ended.err


@pytest.mark.parametrize("how_many", ["{at_most: 3}", "{at_most: 50%}", "none"])
def test_a_bound_that_runs_may_not_meet_is_left_alone(command_line: CommandLine, gates: Path, how_many: str) -> None:
    """Fewer runs would meet a stricter one, so the gate would be looser."""
    text = GATES[: GATES.index("    compare:")] + f"    how_many: {how_many}\n"
    gates.write_text(text, "utf-8")

    ended = command_line("suggest", "--tighten", "--write")

    assert (ended.code, gates.read_text("utf-8")) == (2, text)


def test_a_ratchet_prints_a_patch_that_git_applies(command_line: CommandLine, gates: Path) -> None:
    gates.write_bytes(GATES.replace("\n", "\r\n").encode())
    ended = command_line("suggest", "--tighten")
    assert gates.read_bytes() == GATES.replace("\n", "\r\n").encode()

    git = ["git", "-c", "core.autocrlf=false", "apply", "-"]
    subprocess.run(git, cwd=gates.parent, input=ended.out.encode(), check=True)  # noqa: S603 - git, of the tests

    assert gates.read_bytes() == TIGHTER.replace("\n", "\r\n").encode()


def test_a_ratchet_writes_only_what_is_tighter(command_line: CommandLine, gates: Path) -> None:
    tighter = command_line("suggest", "--tighten", "--write")
    assert (tighter.code, gates.read_text("utf-8")) == (0, TIGHTER)

    gates.write_text(GATES.replace("min: 0.5", "min: 0.95"), "utf-8")
    loose = command_line("suggest", "--tighten", "--write")

    assert (loose.code, loose.out) == (0, "")
    assert "min: 0.95" in gates.read_text("utf-8")


def test_a_ratchet_does_not_run_where_a_pull_request_is_judged(command_line: CommandLine, gates: Path) -> None:
    event = gates.parent / "event.json"
    event.write_text('{"pull_request": {"number": 7, "head": {"sha": "aaaaaaa"}}}')
    job = {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "pull_request", "GITHUB_EVENT_PATH": str(event)}

    ended = command_line("suggest", "--tighten", environ=job)

    assert (ended.code, ended.out) == (2, "")
    assert words("tighten.in-pull-request") in ended.err


def test_init_offers_bounds_where_the_project_has_a_past(command_line: CommandLine, gates: Path) -> None:
    gates.unlink()
    command = "swanlab-ci suggest --metric KEY --better higher --write"
    offered = words("init.has-history", project="my-team/tuned", count=72, command=Key(command))

    with_past = command_line("init", "--project", "my-team/tuned")
    without, logged_out = (
        command_line("init", "a.yml", "--project", "ada/empty"),
        command_line("init", "b.yml", "--project", "my-team/tuned", environ={}),
    )

    assert [each.code for each in (with_past, without, logged_out)] == [0, 0, 0]
    assert offered in with_past.err
    assert [each.err for each in (without, logged_out) if "suggest" in each.err] == []


def test_init_writes_a_bound_for_a_metric_that_is_asked_for(
    command_line: CommandLine, sandbox: Sandbox, gates: Path
) -> None:
    gates.unlink()
    project = sandbox.store.projects["my-team/tuned"]
    for number, run in enumerate(project.runs):
        run.cluster = f"{number // 3:040x}"

    ended = command_line("init", "--project", "my-team/tuned", "--metric", "acc", "--better", "higher")

    assert ended.code == 0
    assert words("edit.added", file=gates.name, key=Key("min"), field="metrics.acc", after="0.9") in ended.err
    assert gates.read_text("utf-8").endswith('  - name: "metrics.acc min"\n    expect: {metrics.acc: {min: 0.9}}\n')


def test_init_writes_the_file_without_a_bound_where_there_is_no_past(command_line: CommandLine, gates: Path) -> None:
    gates.unlink()

    ended = command_line("init", "--project", "ada/empty", "--metric", "acc", "--better", "higher")
    wrong = command_line("init", "other.yml", "--project", "ada/empty", "--metric", "acc")

    assert (ended.code, wrong.code) == (0, 2)
    assert gates.exists()
    assert "metrics.acc" not in gates.read_text("utf-8")
    assert words("init.no-bound", reason="").rstrip() in ended.err
    assert not (gates.parent / "other.yml").exists()
