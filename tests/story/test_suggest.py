"""`suggest` prints bounds that a gate file takes, and nothing where the history is too short."""

import json
import re
from pathlib import Path

import pytest
from support.story import CommandLine, Ended
from support.words import words

from swanlab_ci.messages import Key
from swanlab_ci.sandbox import Sandbox

GATES = """\
project: my-team/tuned
runs: {git.commit: $pr_commits}
baselines: {main: {runs: {git.branch: main, state: FINISHED}, newest: 5}}
gates:
  - name: Accuracy
    expect: {metrics.acc: {min: 0.9}}
    compare: {metrics.acc: {to: main, better: higher, allow_worse: 1%, on_missing: skip}}
"""


@pytest.fixture
def tuned(tuned_project: Sandbox, workspace: Path) -> Sandbox:
    (workspace / "swanlab-gate.yml").write_text(GATES)
    return tuned_project


def suggested(command_line: CommandLine, tuned: Sandbox, *arguments: str) -> Ended:
    assert tuned.url
    return command_line("suggest", *arguments)


def test_every_value_is_printed_as_a_gate_file_takes_it(command_line: CommandLine, tuned: Sandbox) -> None:
    ended = suggested(command_line, tuned)

    assert ended.code == 0
    lines = [line.split("  ")[1] for line in ended.out.splitlines() if re.match(r"  \w+: ", line)]
    assert lines[:2] == ["min: 0.9", "min: 0.9"]
    assert [line.split(":")[0] for line in lines] == ["min", "min", "allow_worse", "allow_worse"]
    assert "72 runs of 24 changes" in ended.out
    assert "the worst of 72 runs: stops 4 % of harmless changes of 3 runs" in ended.out
    assert words("suggest.held-out", units=7, stopped=0, warned=2) in ended.out
    assert "(48 df; 95 %" in ended.out
    assert "`newest: 10` instead of 5: 3 runs see " in ended.out


def test_a_baseline_that_is_asked_for_must_exist_and_is_the_only_one_that_counts(
    command_line: CommandLine, tuned: Sandbox
) -> None:
    main, other = (suggested(command_line, tuned, "--baseline", name, "--format", "json") for name in ("main", "mian"))

    assert main.document["baseline"] == "main"
    assert main.document["metrics"][0]["runs"] == 72
    assert other.code == 2
    said = words(
        "suggest.no-baseline", input=Key("--baseline"), baseline="mian", file="swanlab-gate.yml", known=(Key("main"),)
    )
    assert said in other.err


def test_what_is_suggested_stops_as_much_as_is_said(command_line: CommandLine, tuned: Sandbox, workspace: Path) -> None:
    (metric,) = suggested(command_line, tuned, "--format", "json").document["metrics"]
    text = GATES.replace("min: 0.9", f"{metric['floor']['operator']}: {metric['floor']['written']}")
    (workspace / "new.yml").write_text(text.replace("1%", metric["suggested_allowance"]["written"]))

    document = command_line("backtest", "--gates", "new.yml", "--format", "json").document

    (counted,) = document["gates"]
    assert metric["existing"]["missed"] == 0
    assert metric["suggested_allowance"]["unchanged"]["fail"] <= 0.05
    assert counted["counts"]["fail"] <= 3
    assert document["stopped"]["of"] == 24


def test_a_metric_that_no_gate_names_is_asked_for_with_its_direction(command_line: CommandLine, tuned: Sandbox) -> None:
    higher = suggested(command_line, tuned, "--metric", "acc", "--better", "higher", "--format", "json").document
    lower = suggested(command_line, tuned, "--metric", "metrics.acc", "--better", "lower", "--format", "json").document

    assert [each["floor"]["operator"] for document in (higher, lower) for each in document["metrics"]] == ["min", "max"]
    assert [each["floor"]["bound"] for each in lower["metrics"]] == [0.918]


def test_fewer_false_alarms_need_a_lower_bound(command_line: CommandLine, tuned: Sandbox) -> None:
    usual, few = (
        suggested(command_line, tuned, "--alarms", share, "--format", "json").document["metrics"][0]
        for share in ("5%", "1%")
    )

    assert few["floor"]["bound"] < usual["floor"]["bound"]
    assert (usual["floor"]["basis"], few["floor"]["basis"]) == ("worst-run", "normal")
    assert few["suggested_allowance"]["amount"] > usual["suggested_allowance"]["amount"]


def test_a_kept_history_says_the_same_without_a_request(
    command_line: CommandLine, tuned: Sandbox, workspace: Path
) -> None:
    fetched = suggested(command_line, tuned, "--keep", "past.json")
    asked = len(tuned.requests)

    again = suggested(command_line, tuned, "--history", "past.json")

    assert (again.code, again.out) == (0, fetched.out)
    assert len(tuned.requests) == asked
    assert (workspace / "past.json").exists()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--metric", "acc"), 2),
        (("--better", "higher"), 2),
        (("--metric", "acc", "--better", "up"), 2),
        (("--metric", "acc*", "--better", "higher"), 2),
        (("--alarms", "0%"), 2),
        (("--alarms", "50%"), 2),
        (("--alarms", "0.05"), 2),
        (("--last", "x"), 2),
        (("--by", "state"), 2),
        (("--gates", "nothing.yml"), 2),
        (("--history", "swanlab-gate.yml"), 2),
        (("--last", "2"), 3),
        (("--metric", "nothing", "--better", "higher"), 3),
        (("--project", "ada/empty"), 3),
    ],
)
def test_a_wrong_question_is_refused_and_a_short_history_is_no_result(
    command_line: CommandLine, tuned: Sandbox, workspace: Path, *, arguments: tuple[str, ...], code: int
) -> None:
    (workspace / "nothing.yml").write_text(
        "project: my-team/tuned\nruns: {git.commit: $pr_commits}\ngates: [{name: One, expect: {state: FINISHED}}]\n"
    )

    ended = suggested(command_line, tuned, *arguments)

    assert (ended.code, ended.out) == (code, "")
    assert ended.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--metric", "ac", "--better", "higher"), words("suggest.no-values", field="metrics.ac")),
        (("--metric", "acc", "--better", "up"), words("suggest.not-a-direction", input=Key("--better"), found="up")),
        (("--metric", "acc", "--better", "higher", "--last", "1"), words("suggest.too-little")),
    ],
)
def test_an_error_names_what_was_asked_for(
    command_line: CommandLine, tuned: Sandbox, *, arguments: tuple[str, ...], says: str
) -> None:
    assert says in suggested(command_line, tuned, *arguments).err


def test_all_wrong_flags_are_named_at_once(command_line: CommandLine, tuned: Sandbox) -> None:
    ended = suggested(command_line, tuned, "--last", "x", "--alarms", "0%", "--metric", "acc")

    assert words("input.wrong", count=3) in ended.err
    assert [flag for flag in ("`--last`", "`--alarms`", "`--metric`") if flag not in ended.err] == []


def test_chinese_says_the_same(command_line: CommandLine, tuned: Sandbox) -> None:
    english, chinese = (suggested(command_line, tuned, "--language", language).out for language in ("en", "zh"))

    assert re.findall(r"^  (\w+: \S+)", chinese, re.MULTILINE) == re.findall(r"^  (\w+: \S+)", english, re.MULTILINE)


def test_a_hostile_key_stays_in_its_line(command_line: CommandLine, tuned: Sandbox) -> None:
    hostile = json.loads((Path(__file__).parents[1] / "hostile" / "hostile.json").read_text("utf-8"))
    for text in [*hostile.values()][::6]:
        ended = suggested(command_line, tuned, "--metric", f"acc{text}", "--better", "higher")

        assert ended.code in {2, 3}
        assert not re.search(r"^\s*::|##\[|\x1b", ended.out + ended.err, re.MULTILINE)
