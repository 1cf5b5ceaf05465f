"""Files of tests, and the explanation of a gate or of one run."""

import pytest
from gate_factories import NOW, bound, make_run, one_gate

from swanlab_ci import gate
from swanlab_ci.errors import ConfigurationError
from swanlab_ci.gate.testing.cases import Mismatch, NotInBaseline, Trial
from swanlab_ci.gate.testing.runs import PARTS
from swanlab_ci.judgement import CheckKind, RunPath
from swanlab_ci.messages import Message
from swanlab_ci.model import Git, Outcome, Status

GATES = """\
gates:
  - name: Finished
    runs: {git.commit: $pr_commits}
    expect: {state: FINISHED}
  - name: Sane
    level: warn
    expect: {config.lr: {max: 0.1}, duration: {max: 2h}, metrics.acc: {min: 0.5, optional: true}}
"""


def try_out(tests: str, gates: str = GATES) -> Trial:
    return gate.try_out(gate.load(gates, name="gates.yml"), tests, name="tests.yml")


def case(body: str) -> str:
    return "tests:\n  - name: One\n" + "".join(f"    {line}\n" for line in body.splitlines())


@pytest.mark.parametrize(
    "body",
    [
        "runs: [{config: {lr: 0.1}}]\nexpect: {finished: pass, sane: pass}\nverdict: pass",
        "runs: [{state: CRASHED, config: {lr: 0.1}}]\nexpect: {finished: fail}\nverdict: fail",
        "runs: [{state: RUNNING, config: {lr: 0.1}}]\nexpect: {finished: pending}\nverdict: pending",
        "runs: [{config: {lr: 1}}]\nexpect: {sane: warn}\nverdict: warn",
        "runs: [{config: {lr: high}}]\nexpect: {sane: error}\nverdict: error",
        "runs: [{config: {lr: 0}, duration: 3h}]\nexpect: {sane: warn}",
        "runs: [{config: {lr: 0}, metrics: {acc: 0.4}}]\nexpect: {sane: warn}",
        "runs: [{config: {lr: 0}, metrics: {acc: {last: 0.6}}}]\nexpect: {sane: pass}",
        "runs: [{git: {commit: bbbbbbb}}]\nexpect: {finished: pass}",
        "runs: [{git: {commit: ddddddd}}]\nexpect: {finished: fail}",
        "expect: {finished: fail}",
    ],
)
def test_a_test_passes_where_every_gate_comes_out_as_expected(body: str) -> None:
    assert try_out(case(body)).wrong == ()


def test_a_gate_with_another_status_is_a_mismatch() -> None:
    (mismatch,) = try_out(case("runs: [{state: CRASHED}]\nexpect: {finished: pass}")).wrong

    assert isinstance(mismatch, Mismatch)
    assert (mismatch.test, mismatch.line, mismatch.wanted) == ("One", 2, Status.PASS)
    assert mismatch.verdict is None
    assert mismatch.result
    assert (mismatch.result.id, mismatch.result.status) == ("finished", Status.FAIL)


def test_a_verdict_with_another_status_is_a_mismatch() -> None:
    (mismatch,) = try_out(case("runs: [{config: {lr: 0}}]\nverdict: fail")).wrong

    assert isinstance(mismatch, Mismatch)
    assert (mismatch.test, mismatch.line, mismatch.wanted) == ("One", 2, Status.FAIL)
    assert mismatch.result is None
    assert mismatch.verdict
    assert mismatch.verdict.status is Status.PASS


def test_every_field_of_a_run_can_be_made_up() -> None:
    gates = one_gate(
        "expect: {id: i, name: n, description: d, group: g, job: j, url: u, labels: {has: [a, b]}, show: false,"
        " user.name: Mona, user.username: mona, git.branch: b, git.remote: r, requirements.torch: {version: '>=2'},"
        " metadata.x: 1, conda: {contains: p}, age: {min: 2d, max: 2d}, metrics.a.max: 3, git.commit: fffffff}"
    )
    run = (
        "{id: i, name: n, description: d, group: g, job: j, url: u, labels: [a, b], show: false,"
        " user: {name: Mona, username: mona}, git: {branch: b, remote: r, commit: fffffff}, requirements: {torch: 2.1},"
        " metadata: {x: 1}, conda: pip, age: 2d, metrics: {a: {max: 3}}}"
    )

    assert try_out(case(f"runs: [{run}]\nverdict: pass"), gates).wrong == ()


def test_time_and_variables_can_be_set() -> None:
    gates = one_gate("runs: {config.pr: $pr_number, id: $run_ids}\nexpect: {created_at: {like: '2027-01-01T10:*'}}")
    tests = "now: 2027-01-01T12:00:00\nvariables: {pr_number: 7, run_ids: [r7]}\n"
    tests += case("runs: [{id: r7, config: {pr: 7}}]\nverdict: pass")

    assert try_out(tests, gates).wrong == ()


def test_gates_that_no_test_makes_miss_are_named() -> None:
    trial = try_out(case("runs: [{state: CRASHED, config: {lr: 0.1}}]\nverdict: fail"))

    assert trial == Trial(tests=1, wrong=(), untested=("sane",))


@pytest.mark.parametrize("name", PARTS)
def test_every_part_of_a_metric_can_be_made_up(name: str) -> None:
    field = "metrics.a" if name == "last" else f"metrics.a.{name}"
    tests = case(f"runs: [{{metrics: {{a: {{{name}: 3}}}}}}]\nverdict: pass")

    assert try_out(tests, one_gate(f"expect: {{{field}: 3}}")).wrong == ()


@pytest.mark.parametrize("value", ["NaN", ".nan", "-inf", "Infinity", "{last: nan, max: 1}"])
def test_a_metric_can_be_made_up_that_is_not_finite(value: str) -> None:
    tests = case(f"runs: [{{metrics: {{a: {value}}}}}]\nexpect: {{one: fail}}")

    assert try_out(tests, one_gate("expect: {metrics.a: {max: 1000}}")).wrong == ()


def test_a_variable_without_a_value_can_be_made_up() -> None:
    with pytest.raises(ConfigurationError) as caught:
        try_out("variables: {head_branch: null}\n" + case("verdict: pass"), one_gate("expect: {name: $head_branch}"))

    (problem,) = caught.value.problems
    assert problem.message == Message("gate-file.variable-event", variable="$head_branch", event="test")


COMPARED = """\
runs: {git.commit: $pr_commits}
baselines:
  main: {runs: {git.branch: main, labels: eval}, newest: 5}
  best: {first_of: [{git.commit: $base_sha}, {labels: release}]}
gates:
  - name: Holds up
    compare: {metrics.acc: {to: main, better: higher, allow_worse: 1%}}
  - name: As good as the best
    compare: {metrics.acc: {to: best, better: higher, allow_worse: 1%}}
"""
BASELINES = """\
runs: [{metrics: {acc: 0.9}}]
baselines:
  main:
    - {git: {branch: main}, labels: [eval], metrics: {acc: MAIN}}
    - {git: {branch: main, commit: ddddddd}, labels: [eval], metrics: {acc: MAIN}}
  best: [{git: {commit: eeeeeee}, labels: [release], metrics: {acc: 0.7}}]
expect: {holds-up: STATUS, as-good-as-the-best: STATUS}
"""


@pytest.mark.parametrize(("main", "status"), [("0.9", "pass"), ("0.8", "pass"), ("0.95", "fail")])
def test_the_runs_of_a_baseline_can_be_made_up(main: str, status: str) -> None:
    assert try_out(case(BASELINES.replace("MAIN", main).replace("STATUS", status)), COMPARED).wrong == ()


def test_a_run_that_the_baseline_does_not_select_is_named_with_the_condition() -> None:
    body = BASELINES.replace("MAIN", "0.9").replace("STATUS", "pass").replace("labels: [eval]", "labels: [smoke]", 1)

    found = [each for each in try_out(case(body), COMPARED).wrong if isinstance(each, NotInBaseline)]

    assert found == [NotInBaseline("One", 6, "main", "baseline-main-1", "labels eval")]


# explain

RUNS = [make_run(1), make_run(2, state="CRASHED"), make_run(3, git=Git("d" * 40), config={"lr": "0.1"})]


def path_of(run: str, gates: str = GATES, name: str = "finished") -> RunPath:
    (path,) = gate.run_paths(bound(gates), name, RUNS, now=NOW, run=run)
    return path


def test_a_gate_is_explained_by_its_funnel_and_every_check() -> None:
    (result,) = gate.results_of(bound(GATES), "finished", RUNS, now=NOW)

    assert [(step.condition, step.runs) for step in result.funnel] == [("git.commit $pr_commits (aaaaaaa, bbbbbbb)", 2)]
    assert [(check.run.name if check.run else "", check.outcome) for check in result.checks] == [
        ("seed-1", Outcome.OK),
        ("seed-2", Outcome.VIOLATED),
    ]


@pytest.mark.parametrize("run", ["seed-2", "run-2"])
def test_a_selected_run_is_explained_by_the_conditions_it_meets_and_its_results(run: str) -> None:
    path = path_of(run)

    assert (path.gate, path.run.name, path.selected) == ("finished", "seed-2", True)
    assert [(check.field, check.outcome) for check in path.conditions] == [("git.commit", Outcome.OK)]
    checks = [check for result in path.results for check in result.checks if check.run == path.run]
    assert [check.outcome for check in checks] == [Outcome.VIOLATED]


def test_a_run_that_is_not_selected_is_explained_by_the_condition_it_does_not_meet() -> None:
    path = path_of("seed-3")

    assert not path.selected
    assert [(check.field, check.outcome) for check in path.conditions] == [("git.commit", Outcome.VIOLATED)]
    assert path.results == ()


def test_a_text_that_was_read_as_a_number_is_part_of_the_explanation() -> None:
    (result,) = path_of("seed-3", name="sane").results

    assert [check.field for check in result.checks if check.reason and check.reason.read_as_number] == ["config.lr"]


def test_newest_is_a_step_of_the_way() -> None:
    gates = one_gate("newest: 1\nexpect: {state: FINISHED}")
    paths = [path_of(run, gates, "one") for run in ("seed-1", "seed-2")]

    assert [(path.selected, path.newest) for path in paths] == [(True, 1), (False, 1)]


@pytest.mark.parametrize(
    ("name", "run", "message"),
    [
        (
            "finishd",
            "seed-1",
            Message("gate-file.no-such-gate", file="gates.yml", gate="finishd", hint="finished", known=None),
        ),
        (
            "Finished",
            "seed-1",
            Message("gate-file.no-such-gate", file="gates.yml", gate="Finished", hint="finished", known=None),
        ),
        ("finished", "seed1", Message("gate-file.no-such-run", run="seed1", hint="seed-1", known=None)),
    ],
)
def test_what_is_not_there_cannot_be_explained(name: str, run: str, message: Message) -> None:
    with pytest.raises(ConfigurationError) as caught:
        path_of(run, name=name)

    assert caught.value.what == message


def test_a_gate_that_is_not_there_has_no_results() -> None:
    with pytest.raises(ConfigurationError) as caught:
        gate.results_of(bound(GATES), "finishd", RUNS, now=NOW)

    assert caught.value.what == Message(
        "gate-file.no-such-gate", file="gates.yml", gate="finishd", hint="finished", known=None
    )


NEWEST = GATES.replace(
    "gates:", "gates:\n  - name: Newest\n    runs: {age: {max: 90m}}\n    newest: 1\n    expect: {state: FINISHED}", 1
)


@pytest.mark.parametrize(("run", "outcome", "newest"), [("seed-1", Outcome.OK, 1), ("seed-3", Outcome.VIOLATED, None)])
def test_whether_a_run_is_new_enough_is_explained_where_it_meets_every_condition(
    run: str, outcome: Outcome, newest: int | None
) -> None:
    path = path_of(run, NEWEST, "newest")

    (condition,) = path.conditions
    assert (condition.field, condition.outcome, condition.kind) == ("age", outcome, CheckKind.SELECTION)
    assert condition.expected
    assert condition.expected.operator == "max"
    assert path.newest == newest
