"""Gates and baselines of other projects: what is fetched there, and what is judged there."""

from typing import Any

import pytest
from gate_factories import NOW, bound, judge_text, make_run, problems_of

from swanlab_ci import gate
from swanlab_ci.gate.fetch_plan import Filter
from swanlab_ci.gate.spec.gates import Home
from swanlab_ci.judgement import CheckKind, Comparing
from swanlab_ci.messages import Message, Name
from swanlab_ci.model import OWN, Run, RunOrigin, Status

THEIRS = RunOrigin("their/net")
TEXT = """\
project: me/net
curves: {broken: {of: train/loss, take: not_finite}}
baselines:
  main: {project: their/net, runs: {labels: eval, config.kind: big}, newest: 2}
  unused: {project: no/one, runs: {labels: eval}}
gates:
  - name: One
    runs: {group: new}
    expect: {git.branch: new}
    compare: {metrics.acc: {to: main, better: higher, allow_worse: 0.1}}
  - name: Two
    project: their/net
    runs: {labels: notes}
    expect: {curve.broken: 0}
"""
COMPARED = """\
baselines: {main: {project: their/net, runs: {labels: eval}}}
project: me/net
gates:
  - name: One
    runs: {labels: eval}
    compare: {metrics.acc: {to: main, better: higher, allow_worse: 0.1, on_missing: skip}}
"""
REASON = Message("text", text=Name("403 Forbidden"))


def run(number: int, acc: float = 0.9, origin: RunOrigin = OWN, **more: Any) -> Run:
    return make_run(number, **{"labels": ("eval",), "metrics": {"acc": {"last": acc}}, "origin": origin} | more)


def test_each_project_is_asked_for_by_what_reads_it() -> None:
    rules = bound(TEXT)

    assert [*rules.origins()] == [OWN, THEIRS]
    assert rules.origins()[THEIRS] is not None
    assert gate.pushed_down(rules) == ((Filter("STABLE", "cluster", ("new",)),),)
    assert gate.pushed_down(rules, THEIRS) == (
        (Filter("STABLE", "labels", ("notes",)),),
        (Filter("STABLE", "labels", ("eval",)),),
    )
    assert gate.config_keys(rules) == ()
    assert gate.config_keys(rules, THEIRS) == ("kind",)


def test_each_project_is_fetched_as_complete_as_what_reads_it_needs() -> None:
    rules = bound(TEXT)

    own, theirs = gate.needs(rules, OWN), gate.needs(rules, THEIRS)
    assert (own.profile, own.metrics, own.points) == (True, frozenset({"acc"}), frozenset())
    assert (theirs.metrics, theirs.points) == (frozenset({"acc"}), frozenset({"train/loss"}))
    assert gate.needs(rules).points == {"train/loss"}
    assert gate.needs(rules, RunOrigin("no/one")) == gate.Needs(profile=False, metrics=frozenset())


def test_the_candidates_of_a_project_are_those_of_what_reads_it() -> None:
    rules = bound(TEXT)
    runs = [run(number, config={"kind": "big"}, group="new") for number in (1, 2, 3)]
    notes = run(4, labels=("notes",))

    assert {each.id for each in gate.candidates(rules, [*runs, notes], now=NOW)} == {"run-1", "run-2", "run-3"}
    found = gate.candidates(rules, [*runs, notes], now=NOW, origin=THEIRS)
    assert {each.id for each in found} == {"run-1", "run-2", "run-4"}  # the newest two of the baseline, and the gate's
    assert gate.selectable(rules, [notes], now=NOW) == frozenset()
    assert gate.selectable(rules, [notes], now=NOW, origin=THEIRS) == {"run-4"}
    assert gate.points_needed(rules, [*runs, notes], now=NOW) == {}
    assert gate.points_needed(rules, [*runs, notes], now=NOW, origin=THEIRS) == {"run-4": ("train/loss",)}
    assert gate.all_find_runs(rules, runs, now=NOW)
    assert not gate.all_find_runs(rules, runs, now=NOW, origin=THEIRS)


def test_runs_of_another_project_are_no_runs_of_a_gate_or_a_baseline() -> None:
    (result,) = judge_text(COMPARED, run(1, 0.7), run(2, 0.9, THEIRS), run(3, 0.1, RunOrigin("no/one"))).gates

    comparison = result.checks[0].comparison
    assert comparison
    assert comparison.base
    assert [each.run.id for each in comparison.base.runs] == ["run-2"]
    assert (result.status, comparison.project, result.project) == (Status.FAIL, "their/net", "")
    assert (result.runs_considered, comparison.runs_considered) == (1, 1)


@pytest.mark.parametrize("known", [{"id": "run-1"}, {"id": "other", "slug": "run-1"}])
def test_the_copy_of_a_run_on_the_server_is_not_its_baseline(known: dict[str, Any]) -> None:
    text = COMPARED.replace("project: their/net", "from: server").replace(", on_missing: skip", "")
    rules = gate.bind(gate.load(text, name="gates.yml").at(Home("me/net", local=True)), {}, event="")
    server = RunOrigin(server=True)
    assert [*rules.origins()] == [OWN, server]

    (result,) = gate.judge(rules, [run(1), run(2, origin=server, **known)], now=NOW).gates

    comparison = result.checks[0].comparison
    assert comparison
    assert (result.status, comparison.found) == (Status.ERROR, Comparing.NO_BASELINE)
    assert comparison.project == "me/net"


def test_what_takes_the_place_of_a_copy_in_the_baseline_is_fetched() -> None:
    text = """\
project: me/net
curves: {ending: {of: acc, take: mean, last: 3}}
baselines: {main: {from: server, runs: {labels: eval}, newest: 1}}
gates:
  - name: One
    runs: {labels: eval}
    compare: {curve.ending: {to: main, better: higher, allow_worse: 0.1}}
"""
    rules = gate.bind(gate.load(text, name="gates.yml").at(Home("me/net", local=True)), {}, event="")
    server = RunOrigin(server=True)
    there = [run(number, origin=server, points=None) for number in range(1, 40)]

    wanted = gate.candidates(rules, there, now=NOW, origin=server)
    read = gate.points_needed(rules, there, now=NOW, origin=server)

    assert [each.id for each in wanted][:2] == ["run-1", "run-2"]
    assert {"run-1", "run-2"} <= read.keys()
    assert len(wanted) == len(read) < len(there)


@pytest.mark.parametrize("local", [False, True])
def test_a_run_with_the_slug_of_another_projects_run_does_not_remove_it_from_the_baseline(*, local: bool) -> None:
    """The code of a pull request chooses the slug of its own run."""
    text = COMPARED.replace("project: their/net", "project: their/net, from: server, newest: 1")
    rules = gate.bind(gate.load(text, name="gates.yml").at(Home("me/net", local=local)), {}, event="")
    theirs = RunOrigin("their/net", server=local)
    mine = run(1, 0.5, id="mine", slug="best")

    (result,) = gate.judge(
        rules, [mine, run(2, 0.9, theirs, slug="best"), run(3, 0.4, theirs, slug="old")], now=NOW
    ).gates

    comparison = result.checks[0].comparison
    assert comparison
    assert comparison.base
    assert [each.run.id for each in comparison.base.runs] == ["run-2"]
    assert result.status is Status.FAIL


def test_a_project_by_another_spelling_of_its_name_is_no_baseline_of_the_same_runs() -> None:
    (result,) = judge_text(COMPARED.replace(", on_missing: skip", ""), run(1, 0.7), run(1, 0.7, THEIRS)).gates

    comparison = result.checks[0].comparison
    assert comparison
    assert (result.status, comparison.found) == (Status.ERROR, Comparing.NO_BASELINE)


@pytest.mark.parametrize(("local", "origins"), [(True, [RunOrigin(server=True)]), (False, [OWN])])
def test_from_server_means_something_beside_a_folder_only(*, local: bool, origins: list[RunOrigin]) -> None:
    text = "project: me/net\ngates: [{name: One, from: server, project: me/net, expect: {state: FINISHED}}]\n"

    assert [*gate.load(text, name="gates.yml").at(Home("me/net", local=local)).origins()] == origins


def test_the_unread_server_beside_a_folder_is_named_by_the_check_s_own_project() -> None:
    text = "project: me/net\ngates: [{name: One, from: server, expect: {state: FINISHED}}]\n"
    rules = gate.load(text, name="gates.yml").at(Home("me/net", local=True))

    (result,) = gate.judge(rules, [], now=NOW, unread={RunOrigin(server=True): REASON}).gates

    (check,) = result.checks
    assert check.reason
    assert (check.reason.subject, result.project) == ("me/net", "me/net")


@pytest.mark.parametrize("level", ["fail", "warn", "info"])
@pytest.mark.parametrize("if_no_runs", ["fail", "warn", "skip", "pass"])
def test_a_gate_of_an_unread_project_is_an_error_whatever_it_says_of_no_runs(level: str, if_no_runs: str) -> None:
    text = f"""\
project: me/net
gates:
  - name: One
    level: {level}
    if_no_runs: {if_no_runs}
    project: their/net
    runs: {{labels: eval}}
    expect: {{state: {{not: CRASHED}}}}
    how_many: none
waivers: [{{gate: one, reason: nothing to see here, until: 2099-01-01}}]
"""
    verdict = judge_text(text, unread={THEIRS: REASON})

    (result,) = verdict.gates
    assert (verdict.exit_code, result.status, result.project) == (3, Status.ERROR, "their/net")
    (check,) = result.checks
    assert (check.kind, check.field, check.file, check.line) == (CheckKind.PROJECT, "project", "gates.yml", 6)
    assert check.reason
    assert (check.reason.subject, check.reason.unread) == ("their/net", REASON)
    assert (result.deciding, result.funnel) == ((check,), ())


def test_what_is_compared_with_another_baseline_is_compared_beside_an_unread_one() -> None:
    text = COMPARED.replace("baselines: {", "baselines: {own: {runs: {labels: main}}, ", 1).replace(
        "on_missing: skip}}", "on_missing: skip}, metrics.f1: {to: own, better: higher, allow_worse: 1}}"
    )

    (result,) = judge_text(text, run(1), run(2, labels=("main",)), unread={THEIRS: REASON}).gates

    assert [check.field for check in result.checks if check.kind is CheckKind.COMPARISON] == ["metrics.f1"]


def test_a_baseline_of_an_unread_project_is_an_error_beside_what_else_the_gate_expects() -> None:
    text = COMPARED + "    expect: {state: FINISHED}\n    unchanged: {to: main, fields: config.lr}\n"

    verdict = judge_text(text, run(1), unread={THEIRS: REASON})

    (result,) = verdict.gates
    assert (verdict.exit_code, result.status) == (3, Status.ERROR)
    assert [check.kind for check in result.checks] == [CheckKind.RUN, CheckKind.PROJECT]
    assert result.count
    assert result.count.passed == 1


@pytest.mark.parametrize(
    ("line", "column"),
    [("project: their", 14), ("project: {a: b}", 14), ("from: here", 11), ("from: {server: true}", 11)],
)
def test_what_is_no_project_and_no_place_is_told_at_its_place(line: str, column: int) -> None:
    text = f"project: me/net\ngates:\n  - name: One\n    {line}\n    expect: {{state: FINISHED}}\n"

    (problem,) = problems_of(text)
    assert (problem.line, problem.column) == (4, column)


def test_a_choice_of_a_baseline_has_no_project_of_its_own() -> None:
    text = COMPARED.replace("runs: {labels: eval}}", "first_of: [{project: a/b, runs: {labels: eval}}]}", 1)

    assert [problem.message.params["key"] for problem in problems_of(text)] == ["project"]
