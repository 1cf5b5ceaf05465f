"""A bundle is judged again to the same verdict, byte for byte, without any network."""

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from support.story import CommandLine, Ended
from support.words import warning, words

from swanlab_ci.messages import Key, Language, Message, Name, plain
from swanlab_ci.sandbox import PULL_REQUEST_COMMIT, Sandbox
from swanlab_ci.security.files import FileError
from swanlab_ci.sources import server as evidence
from swanlab_ci.sources.experiments import run_from

CHECK = ("check", "--sha", PULL_REQUEST_COMMIT, "--pr", "42", "--bundle", "case.json")
METRICS = """\
project: my-team/resnet
baselines: {main: {runs: {git.branch: main, labels: eval, state: FINISHED}, newest: 5}}
gates:
  - name: Accuracy holds up
    runs: {labels: eval, git.commit: $pr_commits}
    expect: {metrics.val/acc: {min: 0.85}, requirements.torch: {version: ">=2"}}
    compare: {metrics.val/acc: {to: main, better: higher, allow_worse: 1%}}
  - name: Not older than a month
    runs: {labels: eval, git.commit: $pr_commits, config.pr: $pr_number}
    expect: {age: {max: 30d}}
  - name: No metric is odd
    runs: {name: {like: "sweep-*"}}
    expect: {metrics.train/loss: {exists: true}}
    level: warn
"""


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
@pytest.mark.parametrize("gates", [None, METRICS], ids=["states", "metrics"])
def test_replay_tells_the_same_byte_for_byte(
    command_line: CommandLine, workspace: Path, sandbox: Sandbox, form: str, gates: str | None
) -> None:
    if gates:
        (workspace / "swanlab-gate.yml").write_text(gates)
    first = command_line(*CHECK, "--format", form)
    sandbox.stop()

    again = command_line("replay", "case.json", "--format", form, environ={})

    assert (again.code, again.out) == (first.code, first.out)
    assert len(first.out) > 200


CURVES = """\
project: my-team/resnet
curves: {spike: {of: train/loss, take: max_rise}, tail: {of: val/acc, last: 20%, take: mean}}
gates:
  - name: Healthy
    runs: {labels: eval, git.commit: $pr_commits}
    expect: {curve.spike: {max: 1}, mean(curve.tail): {min: 0.5}}
"""


def test_a_bundle_holds_the_points_of_the_curves_and_of_no_other_metric(
    command_line: CommandLine, workspace: Path, sandbox: Sandbox
) -> None:
    (workspace / "swanlab-gate.yml").write_text(CURVES)
    first = command_line(*CHECK, "--format", "json")
    sandbox.stop()
    bundle = json.loads((workspace / "case.json").read_text("utf-8"))
    kept = {key for run in bundle["runs"] for key in run["points"] or {}}

    again = command_line("replay", "case.json", "--format", "json", environ={})

    assert kept == {"train/loss", "val/acc"}
    assert (again.code, again.out) == (first.code, first.out)
    check = first.document["gates"][0]["checks"][0]
    assert check["reason"]["curve"]["of"] == "train/loss"
    assert check["reason"]["actual"] > 1


def test_a_bundle_without_the_points_that_a_curve_reads_gives_no_verdict(
    command_line: CommandLine, workspace: Path
) -> None:
    (workspace / "swanlab-gate.yml").write_text(CURVES)
    command_line(*CHECK)
    bundle = json.loads((workspace / "case.json").read_text("utf-8"))
    for run in bundle["runs"]:
        run.pop("points")
    (workspace / "case.json").write_text(json.dumps(bundle))

    assert command_line("replay", "case.json", environ={}).code == 3


@pytest.mark.parametrize("points", [3, {"a": 3}, {"a": {}}, {"a": {"steps": "1", "values": ""}}, {"a": {"steps": "x"}}])
def test_points_that_are_none_are_no_bundle(command_line: CommandLine, workspace: Path, points: Any) -> None:
    command_line(*CHECK)
    bundle = json.loads((workspace / "case.json").read_text("utf-8"))
    bundle["runs"][0]["points"] = points
    (workspace / "case.json").write_text(json.dumps(bundle))

    ended = command_line("replay", "case.json", environ={})

    assert ended.code == 2
    assert "runs.0.points" in ended.err


@pytest.mark.parametrize(
    ("place", "value", "named", "kind"),
    [
        ("notes", [{"id": "text"}], "notes.0", "value_error"),
        ("notes", [3], "notes.0", "value_error"),
        ("notes", {}, "notes", "list_type"),
        ("proposal", 3, "proposal", "dict_type"),
        ("proposal", {"status": "odd", "headline": "x"}, "proposal.status", "enum"),
        ("proposal", {"status": "fail"}, "proposal.headline", "value_error"),
        ("proposal", {"reason": {"id": 3}}, "proposal.reason", "value_error"),
        ("variables", {"pr_number": 4.5}, "variables.pr_number", "list_type"),
        ("variables", {"pr_commits": ["a", 3]}, "variables.pr_commits.1", "string_type"),
        ("others", [{"origin": {}, "project": "a/b", "runs": True}], "others.0.runs", "int_type"),
        ("strict", "yes", "strict", "bool_type"),
        ("level_cap", "worst", "level_cap", "enum"),
        ("judged_at", "today", "judged_at", "datetime_parsing"),
        ("judged_at", 1, "judged_at", "datetime_type"),
        ("details", {"curves": {"a": {"b": [[1]]}}}, "details.curves.a.b.0", "list_type"),
        ("details", {"curves": {"a": {"b": [[1, "x"]]}}}, "details.curves.a.b.0.1", "float_type"),
        ("details", {"curves": {"a": {"b": [[1, 10**400]]}}}, "details.curves.a.b.0.1", "float_type"),
        ("details", {"curves": {"a": {"b": [[1.5, 2]]}}}, "details.curves.a.b.0.0", "int_type"),
    ],
)
def test_a_value_of_another_form_is_named(
    command_line: CommandLine, workspace: Path, *, place: str, value: Any, named: str, kind: str
) -> None:
    command_line(*CHECK)
    content = json.loads((workspace / "case.json").read_text("utf-8"))
    (workspace / "case.json").write_text(json.dumps(content | {place: value}))
    problem = Message("check.bundle-wrong-value", kind=Key(kind))

    ended = command_line("replay", "case.json", environ={})

    assert ended.code == 2
    assert words("check.not-a-bundle", file="case.json", place=named, problem=problem) in ended.err


@pytest.mark.parametrize("value", ['"\\ud800"', "[" * 100_000, "9" * 5000], ids=["half", "deep", "long"])
def test_json_that_other_programs_cannot_read_is_no_bundle(
    command_line: CommandLine, workspace: Path, value: str
) -> None:
    (workspace / "case.json").write_text(f'{{"format": 2, "project": {value}}}')

    ended = command_line("replay", "case.json", environ={})

    assert ended.code == 2
    assert words("check.bundle-no-json") in ended.err


def test_what_the_gate_file_extends_is_in_the_bundle(command_line: CommandLine, workspace: Path) -> None:
    (workspace / "shared.yml").write_text((workspace / "swanlab-gate.yml").read_text("utf-8"))
    (workspace / "swanlab-gate.yml").write_text("extends: shared.yml\n")
    first = command_line(*CHECK)
    (workspace / "shared.yml").unlink()

    assert command_line("replay", "case.json", environ={}).out == first.out


def test_a_bundle_holds_no_key(command_line: CommandLine, workspace: Path, sandbox: Sandbox) -> None:
    sandbox.store.projects["my-team/resnet"].runs[-1].description = f"the key is {sandbox.api_key}"
    sandbox.store.projects["my-team/resnet"].runs[-1].changed()

    command_line(*CHECK)

    text = (workspace / "case.json").read_text("utf-8")
    assert "the key is ***" in text
    assert sandbox.api_key not in text


@pytest.mark.parametrize(
    ("text", "place", "problem"),
    [
        ("", "", Message("check.bundle-no-json")),
        ("[]", "", Message("check.bundle-wrong-value", kind=Key("dataclass_type"))),
        ('{"format": 3}', "format", Message("check.bundle-other-version")),
        ('{"format": 2}', "project", Message("check.bundle-value-missing")),
        ('{"format": 2, "project": 3}', "project", Message("check.bundle-wrong-value", kind=Key("string_type"))),
    ],
)
def test_what_is_no_bundle_is_refused(
    command_line: CommandLine, workspace: Path, text: str, place: str, problem: Message
) -> None:
    (workspace / "case.json").write_text(text)
    said = Message("check.not-a-bundle", file=Name("case.json"), place=Name(place), problem=problem)

    for language in Language:
        ended = command_line("replay", "case.json", "--language", language.value, environ={})

        assert ended.code == 2
        assert plain(said, language) in ended.err


def test_a_bundle_that_is_not_there_is_told(command_line: CommandLine) -> None:
    ended = command_line("replay", "case.json", environ={})

    assert ended.code == 2
    assert words("file.unreadable", file="case.json", reason=FileError.MISSING) in ended.err


def test_a_changed_bundle_is_judged_as_it_now_is(command_line: CommandLine, workspace: Path) -> None:
    command_line(*CHECK)
    content = json.loads((workspace / "case.json").read_text("utf-8"))
    for run in content["runs"]:
        run["state"] = "FINISHED"
        run["config"]["lr"] = 0.001
    (workspace / "case.json").write_text(json.dumps(content))

    assert command_line("replay", "case.json", environ={}).code == 0


def test_half_a_character_in_a_name_is_no_reason_to_write_no_bundle(
    command_line: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        evidence, "run_from", lambda *what, **more: replace(run_from(*what, **more), description="\ud800")
    )

    command_line(*CHECK)

    assert command_line("replay", "case.json", environ={}).code == 1


def test_an_unwritable_bundle_is_a_warning(command_line: CommandLine, workspace: Path) -> None:
    (workspace / "folder").write_text("")

    ended = command_line("check", "--sha", PULL_REQUEST_COMMIT, "--bundle", "folder/case.json")

    assert ended.code == 1
    assert warning("check.bundle-not-written", file="folder/case.json", reason=FileError.NOT_A_FOLDER) in ended.err


@pytest.mark.parametrize(
    ("name", "content", "near"),
    [
        ("swanlab-gate.yml", None, Key("--gates")),
        ("notes.txt", "- a note", None),
        ("package.json", '{"name": "x"}', None),
    ],
)
def test_a_file_that_is_no_bundle_is_not_replaced(
    command_line: CommandLine, workspace: Path, sandbox: Sandbox, *, name: str, content: str | None, near: Key | None
) -> None:
    if content is not None:
        (workspace / name).write_text(content)
    before = (workspace / name).read_bytes()

    ended = command_line("check", "--sha", PULL_REQUEST_COMMIT, "--bundle", name)

    assert ended.code == 2
    assert words("check.no-bundle-there", file=name) in ended.err
    assert words("check.other-bundle", near=near) in ended.err
    assert (workspace / name).read_bytes() == before
    assert sandbox.requests == []


@pytest.mark.parametrize("content", ["", "\n", '{"format": 1, "runs": []}'])
def test_an_empty_file_and_an_earlier_bundle_are_replaced(
    command_line: CommandLine, workspace: Path, content: str
) -> None:
    (workspace / "case.json").write_text(content)

    assert command_line(*CHECK).code == 1
    assert command_line("replay", "case.json", environ={}).code == 1


def test_a_bundle_without_what_it_extends_is_refused(command_line: CommandLine, workspace: Path) -> None:
    (workspace / "shared.yml").write_text((workspace / "swanlab-gate.yml").read_text("utf-8"))
    (workspace / "swanlab-gate.yml").write_text("extends: shared.yml\n")
    command_line(*CHECK)
    content = json.loads((workspace / "case.json").read_text("utf-8"))
    (workspace / "case.json").write_text(json.dumps(content | {"extends": {}}))

    ended = command_line("replay", "case.json", environ={})

    assert ended.code == 2
    assert words("check.bundle-lacks", file="shared.yml") in ended.err


@pytest.mark.parametrize("place", ["judged_at", "created_at"])
def test_a_bundle_with_a_time_without_zone_is_refused(command_line: CommandLine, workspace: Path, place: str) -> None:
    (workspace / "swanlab-gate.yml").write_text(METRICS)
    command_line(*CHECK)
    content = json.loads((workspace / "case.json").read_text("utf-8"))
    (content if place == "judged_at" else content["runs"][0])[place] = "2026-11-20T10:00:00"
    (workspace / "case.json").write_text(json.dumps(content))

    ended = command_line("replay", "case.json", environ={})

    assert ended.code == 2
    assert place in ended.err


def test_a_pipe_is_no_bundle(command_line: CommandLine, workspace: Path) -> None:
    os.mkfifo(workspace / "case.json")

    assert command_line("replay", "case.json", environ={}).code == 2


def test_a_bundle_with_a_name_that_is_no_text_is_written_without_a_word(
    command_line: CommandLine, monkeypatch: pytest.MonkeyPatch, recwarn: pytest.WarningsRecorder
) -> None:
    odd: Any = ["##[add-mask]true"]
    monkeypatch.setattr(evidence, "run_from", lambda *what, **more: replace(run_from(*what, **more), user_name=odd))

    command_line(*CHECK)

    assert list(recwarn) == []


# other rules

OTHER = METRICS.replace("min: 0.85", "min: 0.99").replace("max: 30d", "max: 1d")


def replayed(command_line: CommandLine, workspace: Path, other: str, *, before: str = METRICS) -> Ended:
    """Check by one gate file, and judge the bundle by another."""
    (workspace / "swanlab-gate.yml").write_text(before)
    assert command_line(*CHECK).code in {0, 1}
    (workspace / "other.yml").write_text(other)
    return command_line("replay", "case.json", "--gates", "other.yml", "--format", "json", environ={})


def problems(ended: Ended) -> list[str]:
    return [line for line in ended.err.splitlines() if not line.startswith((" ", "swanlab-ci: "))]


def test_a_bundle_is_judged_by_other_rules_and_the_report_says_so(
    command_line: CommandLine, workspace: Path, sandbox: Sandbox
) -> None:
    ended = replayed(command_line, workspace, OTHER)
    asked = len(sandbox.requests)
    (workspace / "swanlab-gate.yml").write_text(OTHER)
    checked = command_line("check", *CHECK[1:5], "--format", "json")

    assert asked < len(sandbox.requests)
    assert ended.document["gate_file"] == "other.yml"
    assert [note["id"] for note in ended.document["notes"]] == ["replay.other-rules"]
    assert ended.code == checked.code == 1
    assert [(gate["id"], gate["status"]) for gate in ended.document["gates"]] == [
        (gate["id"], gate["status"]) for gate in checked.document["gates"]
    ]


def test_the_other_rules_may_extend_a_file(command_line: CommandLine, workspace: Path) -> None:
    (workspace / "shared.yml").write_text(OTHER)

    assert replayed(command_line, workspace, "extends: shared.yml\n").code == 1


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        (("metrics.val/acc: {min: 0.85}", "metrics.val/loss: {min: 0.85}"), "metrics.val/loss"),
        (("metrics.val/acc: {min: 0.85}", "metrics.val/acc.max: {min: 0.85}"), "metrics.val/acc.max"),
        (("metrics.val/acc: {min: 0.85}", "metrics.val/*: {min: 0.85}"), "metrics.val/*"),
        (
            (
                "metrics.val/acc: {min: 0.85}",
                "metrics.a: {optional: true, min: 1}, metrics.b: {optional: true, max: 1}",
            ),
            "metrics.a, metrics.b",
        ),
    ],
)
def test_metrics_that_the_bundle_lacks_are_named(
    command_line: CommandLine, workspace: Path, change: tuple[str, str], fields: str
) -> None:
    ended = replayed(command_line, workspace, METRICS.replace(*change))

    assert (ended.code, ended.out) == (2, "")
    assert problems(ended) == [words("replay.lacks-fields", fields=tuple(fields.split(", ")))]


def test_a_curve_over_points_that_the_bundle_lacks_is_named_and_another_over_the_same_points_is_judged(
    command_line: CommandLine, workspace: Path
) -> None:
    other = replayed(command_line, workspace, CURVES.replace("max_rise", "max_drop"), before=CURVES)
    lacking = replayed(command_line, workspace, CURVES.replace("of: val/acc", "of: val/loss"), before=CURVES)

    assert other.document["gates"][0]["checks"][0]["reason"]["curve"]["take"] == "max_drop"
    assert problems(lacking) == [words("replay.lacks-fields", fields=("curve.tail",))]


def test_a_profile_that_the_bundle_lacks_is_named(command_line: CommandLine, workspace: Path) -> None:
    before = "project: my-team/resnet\ngates: [{name: Fine, runs: {labels: eval}, expect: {state: FINISHED}}]\n"

    ended = replayed(command_line, workspace, before.replace("state: FINISHED", "git.branch: main"), before=before)

    assert ended.code == 2
    assert problems(ended) == [words("replay.lacks-fields", fields=("git.branch",))]


def test_a_run_of_which_the_bundle_lacks_the_profile_is_an_error(command_line: CommandLine, workspace: Path) -> None:
    before = METRICS.replace("{labels: eval", "{name: pr42-s1, labels: eval")

    ended = replayed(
        command_line, workspace, METRICS.replace("{labels: eval", "{name: pr42-s2, labels: eval"), before=before
    )

    assert ended.code == 3
    assert ended.document["gates"][0]["status"] == "error"


FILTERED = (
    "project: my-team/resnet\ngates: [{name: Fine, runs: {labels: smoke, state: FINISHED}, expect: {show: true}}]\n"
)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("expect: {show: true}", "expect: {show: false}"), 1),
        (("state: FINISHED", "name: main-smoke"), 0),
        (("labels: smoke", "labels: eval"), 2),
        (("labels: smoke, ", ""), 2),
        (("runs: {labels: smoke, state: FINISHED}", "scope: project"), 2),
    ],
)
def test_runs_that_the_bundle_may_lack_are_an_error(
    command_line: CommandLine, workspace: Path, *, change: tuple[str, str], code: int
) -> None:
    before = FILTERED.replace(", state: FINISHED", "")

    ended = replayed(command_line, workspace, FILTERED.replace(*change), before=before)

    assert ended.code == code
    assert problems(ended) == ([words("replay.lacks-runs", fields=("labels",))] if code == 2 else [])


def test_rules_for_another_project_are_refused(command_line: CommandLine, workspace: Path) -> None:
    ended = replayed(command_line, workspace, METRICS.replace("my-team/resnet", "my-team/other"))

    assert ended.code == 2
    assert words("replay.other-project", project="my-team/other", runs="my-team/resnet") in ended.err


def test_a_variable_that_had_no_value_has_none_now(command_line: CommandLine, workspace: Path) -> None:
    ended = replayed(command_line, workspace, METRICS.replace("config.pr: $pr_number", "name: $head_branch"))

    assert ended.code == 2
    assert "$head_branch" in ended.err


def test_in_a_ci_job_the_other_rules_lie_in_the_folder(command_line: CommandLine, tmp_path: Path) -> None:
    command_line(*CHECK)
    (tmp_path / "outside.yml").write_text(METRICS)

    for arguments, environ in (((), {"CI": "true"}), (("--confined",), {})):
        ended = command_line("replay", "case.json", "--gates", "../outside.yml", *arguments, environ=environ)
        assert ended.code == 2
        assert words("file.outside-advice") in ended.err
