"""`fields` lists every field of a run: of a server, of a folder of offline runs, and of a bundle."""

import re
from pathlib import Path

import pytest
from support.story import GATES, CommandLine
from support.words import words

from swanlab_ci.sandbox import PULL_REQUEST_COMMIT, Fault, Sandbox

RECORDED = Path(__file__).parents[1] / "sources" / "local" / "recorded"


def without_age(text: str) -> str:
    return re.sub(r"^age: .*$", "", text, flags=re.MULTILINE)


def test_a_run_is_found_by_its_name_or_id_and_all_of_it_is_fetched(command_line: CommandLine, sandbox: Sandbox) -> None:
    by_name = command_line("fields", "main-s1")
    run = next(run for run in sandbox.store.projects["my-team/resnet"].runs if run.name == "main-s1")
    by_id = command_line("fields", run.cuid)

    assert by_name.code == by_id.code == 0
    assert without_age(by_id.out) in without_age(by_name.out)
    for line in ("name: main-s1", "git.branch: main", "config.optimizer: adamw", 'requirements.torch: "'):
        assert f"\n{line}" in by_name.out
    assert re.search(r"^metrics\.val/acc: 0\.\d+ +# number$", by_name.out, re.MULTILINE)
    assert "not fetched" not in by_name.out


def test_what_is_printed_can_be_pasted_into_the_gate_file(command_line: CommandLine, workspace: Path) -> None:
    shown = command_line("fields", "main-smoke").out.split("\n\n")[0]
    run_id = re.search(r'^id: "?(\w+)', shown, re.MULTILINE)
    assert run_id
    lines = "".join(f"      {line}\n" for line in shown.splitlines())
    (workspace / "pasted.yml").write_text(
        f"project: my-team/resnet\ngates:\n  - name: Pasted\n    runs: {{id: {run_id[1]}}}\n    expect:\n{lines}"
    )

    ended = command_line("check", "--gates", "pasted.yml")

    assert ended.code == 0, ended.out


def test_json_holds_each_field_with_its_type_and_value(command_line: CommandLine) -> None:
    run, *others = command_line("fields", "main-smoke", "--format", "json").document["runs"]
    by_field = {each["field"]: each for each in run["fields"]}

    assert {other["name"] for other in others} <= {"main-smoke"}
    assert by_field["config.lr"] == {"field": "config.lr", "type": "number", "value": 0.001, "condition": "0.001"}
    assert by_field["labels"]["value"] == ["smoke"]
    assert run["not_fetched"] == []


def test_a_run_of_a_bundle_is_listed_as_far_as_the_bundle_has_it(command_line: CommandLine, sandbox: Sandbox) -> None:
    command_line("check", "--sha", PULL_REQUEST_COMMIT, "--bundle", "case.json")
    sandbox.stop()

    ended = command_line("fields", "main-s1", "--bundle", "case.json", environ={})

    assert ended.code == 0
    assert re.search(r"^git.commit: ", ended.out, re.MULTILINE)
    assert re.search(r"^# metrics +# not fetched$", ended.out, re.MULTILINE)


def test_a_run_of_a_folder_is_listed(command_line: CommandLine) -> None:
    folder = next(RECORDED.glob("*/"))
    first = command_line("fields", "nothing", "--local", str(folder), environ={})
    near = re.search(r"did you mean `(.+?)`", first.err)

    assert first.code == 2
    ended = command_line("fields", near[1] if near else "", "--local", str(folder), environ={})
    assert ended.code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("main-smoky",), 2, "did you mean `main-smoke`?"),
        (("main-s1", "--project", "my-team/nothing"), 3, "404"),
        (("main-s1", "--gates", "nowhere.yml"), 2, "nowhere.yml"),
        (("main-s1", "--gates", "no-project.yml"), 2, words("check.no-project")),
        (("main-s1", "--bundle", "nowhere.json"), 2, "nowhere.json"),
        (("main-s1", "--timeout", "10"), 2, "`--timeout`"),
    ],
)
def test_without_such_a_run_it_says_why(
    command_line: CommandLine, workspace: Path, *, arguments: tuple[str, ...], code: int, says: str
) -> None:
    (workspace / "no-project.yml").write_text(GATES.replace("project: my-team/resnet\n", ""))

    ended = command_line("fields", *arguments)

    assert (ended.code, ended.out) == (code, "")
    assert says in ended.err


def test_a_server_that_does_not_answer_is_no_result(command_line: CommandLine, sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault(kind="html"))

    assert command_line("fields", "main-s1", "--timeout", "5s").code == 3
