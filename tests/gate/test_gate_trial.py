"""Trying rules out: files of tests, and why a gate comes out as it does."""

import pytest
from gate_factories import NOW, bound, make_run, one_gate

from swanlab_ci import gate
from swanlab_ci.errors import ConfigurationError
from swanlab_ci.model import Git

GATES = """\
gates:
  - name: Finished
    runs: {git.commit: $pr_commits}
    expect: {state: FINISHED}
  - name: Sane
    level: warn
    expect: {config.lr: {max: 0.1}, duration: {max: 2h}, metrics.acc: {min: 0.5, optional: true}}
"""


def try_out(tests: str, gates: str = GATES) -> gate.Trial:
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


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        (
            "runs: [{state: CRASHED}]\nexpect: {finished: pass}",
            "One (line 2): finished is fail, not pass: state is CRASHED in run-1",
        ),
        ("runs: [{config: {lr: 0}}]\nverdict: fail", "One (line 2): the verdict is pass, not fail: All 2 gates pass"),
    ],
)
def test_a_difference_is_told_with_the_reason(body: str, wrong: str) -> None:
    (told,) = try_out(case(body)).wrong

    assert told.startswith(wrong)


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

    assert trial == gate.Trial(tests=1, wrong=(), untested=("sane",))


# explain

RUNS = [make_run(1), make_run(2, state="CRASHED"), make_run(3, git=Git("d" * 40), config={"lr": "0.1"})]


def explain(name: str, run: str = "") -> list[str]:
    return list(gate.explain(bound(GATES), name, RUNS, now=NOW, run=run))


def test_a_gate_is_explained_by_its_funnel_and_every_check() -> None:
    assert explain("finished") == [
        "finished is fail at level fail: state is CRASHED in seed-2, must be FINISHED",
        "  selects: 3 runs -> git.commit $pr_commits (aaaaaaa, bbbbbbb): 2",
        "  ok       state is FINISHED in seed-1, must be FINISHED",
        "  violated state is CRASHED in seed-2, must be FINISHED",
    ]


def test_a_run_is_explained_by_its_way_through_the_gate() -> None:
    assert explain("finished", "seed-2")[0] == "finished selects seed-2"
    assert explain("finished", "seed-2")[1].startswith("  yes git.commit is aaaaaaa")
    assert explain("finished", "run-2")[2:] == ["  violated state is CRASHED in seed-2, must be FINISHED"]
    assert explain("finished", "seed-3")[0] == "finished does not select seed-3"
    assert explain("finished", "seed-3")[1].startswith("  no  git.commit is ddddddd")
    assert len(explain("finished", "seed-3")) == 2


def test_a_note_is_part_of_the_explanation() -> None:
    assert any(line.endswith('(the text "0.1" was read as a number)') for line in explain("sane", "seed-3"))


def test_newest_is_a_step_of_the_way() -> None:
    gate_file = bound(one_gate("newest: 1\nexpect: {state: FINISHED}"))

    first = gate.explain(gate_file, "one", RUNS, now=NOW, run="seed-1")
    second = gate.explain(gate_file, "one", RUNS, now=NOW, run="seed-2")

    assert first[1] == "  yes it is among the newest 1"
    assert second == ("one does not select seed-2", "  no  it is among the newest 1")


@pytest.mark.parametrize(
    ("name", "run", "message"),
    [
        ("finishd", "", "gates.yml has no gate `finishd`; did you mean `finished`?"),
        ("Finished", "", "did you mean `finished`?"),
        ("finished", "seed1", "what was fetched has no run `seed1`; did you mean `seed-1`?"),
    ],
)
def test_what_is_not_there_cannot_be_explained(name: str, run: str, message: str) -> None:
    with pytest.raises(ConfigurationError, match="has no") as caught:
        explain(name, run)

    assert message in str(caught.value.what)
