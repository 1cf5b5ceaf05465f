"""What of a selection SwanLab is asked to do: never so much that a run which a gate selects is left out."""

from collections.abc import Sequence

import pytest
from gate_factories import NOW, bound, make_run, one_gate
from hypothesis import given
from hypothesis import strategies as st

from swanlab_ci import gate
from swanlab_ci.gate.fetch_plan import Filter
from swanlab_ci.model import Run

COMMITS = ("a" * 40, "b" * 40)


def gates(*selections: str, top: str = "", more: str = "") -> gate.GateFile:
    listed = "".join(
        f"  - name: Gate {number}\n    runs: {runs}\n    expect: {{config.lr: {{max: 1}}}}\n"
        for number, runs in enumerate(selections)
    )
    return bound(f"project: me/net\n{f'runs: {top}' if top else ''}\n{more}\ngates:\n{listed}")


@pytest.mark.parametrize(
    ("runs", "asked"),
    [
        ("{labels: smoke}", [("STABLE", "labels", "smoke")]),
        ("{labels: [smoke, eval]}", [("STABLE", "labels", "smoke", "eval")]),
        ("{labels: {has: [smoke, eval]}}", [("STABLE", "labels", "eval"), ("STABLE", "labels", "smoke")]),
        ("{name: pr-7}", [("STABLE", "name", "pr-7")]),
        ("{name: {in: [pr-7, pr-8]}}", [("STABLE", "name", "pr-7", "pr-8")]),
        ("{name: 7}", [("STABLE", "name", "7")]),
        ("{group: ablation, job: train}", [("STABLE", "cluster", "ablation"), ("STABLE", "job", "train")]),
        ("{labels: smoke, state: FINISHED}", [("STABLE", "labels", "smoke"), ("STABLE", "state", "FINISHED")]),
        ("{config.commit: $pr_commits}", [("CONFIG", "commit", *COMMITS)]),
        ("{config.branch: {is: main}}", [("CONFIG", "branch", "main")]),
        ("{config.branch: {in: [main, next], not: next}}", [("CONFIG", "branch", "main", "next")]),
        ("{labels: smoke, git.commit: $pr_commits, duration: {max: 4h}}", [("STABLE", "labels", "smoke")]),
    ],
)
def test_what_a_selection_lets_swanlab_do(runs: str, asked: list[tuple[str, ...]]) -> None:
    wanted = tuple(Filter(kind, key, tuple(values)) for kind, key, *values in asked)

    assert gate.pushed_down(gates(runs)) == (wanted,)


@pytest.mark.parametrize(
    "runs",
    [
        "{state: FINISHED}",
        "{git.commit: $pr_commits}",
        "{config.seed: 1}",
        "{config.lr: {is: 1e-3}}",
        "{config.seed: {in: [one, 2]}}",
        "{config.dirty: {is: true}}",
        "{config.lr: {min: 1e-5}}",
        "{config.tags: smoke}",
        "{config.tags: [smoke, 1]}",
        "{config.model.name: {is: resnet}}",
        "{'config[\"opt.name\"]': {is: adam}}",
        "{name: {like: pr-*}}",
        "{name: {contains: pr}}",
        "{name: {not: old}}",
        "{name: {is: old, optional: true}}",
        "{name: {any_of: [{is: old}, {like: pr-*}]}}",
        "{any_of: [{name: old}, {labels: smoke}]}",
        "{none_of: [{labels: smoke}]}",
        "{labels: {lacks: smoke}}",
        "{labels: {exists: true}}",
        "{user.username: mona}",
        "{created_at: {like: 2026-*}}",
        '{name: " "}',
    ],
)
def test_what_is_not_sure_or_does_not_narrow_is_not_asked_for(runs: str) -> None:
    assert gate.pushed_down(gates(runs)) == ()


def test_only_what_all_gates_have_in_common_is_asked_for() -> None:
    common = (Filter("CONFIG", "commit", COMMITS),)

    assert gate.pushed_down(gates("{labels: smoke}", "{labels: eval}", top="{config.commit: $pr_commits}")) == (common,)
    assert gate.pushed_down(gates("{labels: smoke}", "{labels: eval}")) == ()


BASELINES = """\
baselines:
  main: {runs: {labels: release}}
  all: {runs: {git.branch: main}}
"""


@pytest.mark.parametrize(
    ("to", "asked"),
    [("main", ((Filter("STABLE", "labels", ("smoke",)),), (Filter("STABLE", "labels", ("release",)),))), ("all", ())],
)
def test_a_baseline_is_asked_for_beside_the_gates_once_one_compares_with_it(
    to: str, asked: tuple[tuple[Filter, ...], ...]
) -> None:
    compare = f"    compare: {{metrics.acc: {{to: {to}, better: higher, allow_worse: 1%}}}}\n"
    text = f"project: me/net\n{BASELINES}gates:\n  - name: One\n    runs: {{labels: smoke}}\n"

    assert gate.pushed_down(bound(text + compare)) == asked
    assert len(gate.pushed_down(bound(text + "    expect: {state: FINISHED}\n"))) == 1


SELECTIONS = (
    "{labels: smoke}",
    "{labels: {has: [smoke, '1.10']}}",
    "{name: ['1.10', NaN, smoke]}",
    "{group: {in: [smoke, '1']}, state: [FINISHED, CRASHED]}",
    "{config.key: {in: [smoke, '1', 'true']}}",
    "{config.key: $pr_commits}",
    "{config.key: {is: '1.10'}, labels: smoke}",
)
TEXTS = st.sampled_from(["smoke", "Smoke", "1", "1.10", "1.1", "NaN", "true", "", *COMMITS])
VALUES: st.SearchStrategy[object] = st.one_of(
    TEXTS, st.sampled_from([None, True, 1, 1.0, 1.1, float("nan"), ["smoke"], ["1", "smoke"], {}])
)
RUNS = st.builds(
    make_run,
    number=st.integers(0, 10_000),
    name=TEXTS,
    group=st.none() | TEXTS,
    state=st.sampled_from(["RUNNING", "FINISHED", "CRASHED"]),
    labels=st.lists(TEXTS, max_size=2).map(tuple),
    config=st.dictionaries(st.just("key"), VALUES),
)


def passes(run: Run, asked: Sequence[Filter]) -> bool:
    """Filter as the strictest server that is thinkable: by spelling alone, and no text is ever equal to a list."""
    fields = {"labels": run.labels, "name": run.name, "cluster": run.group, "state": run.state}
    for each in asked:
        value = (run.config or {}).get(each.key) if each.type == "CONFIG" else fields[each.key]
        texts = value if isinstance(value, tuple) else (value,)
        if not any(isinstance(text, str) and text in each.values for text in texts):
            return False
    return True


@given(st.lists(RUNS, max_size=8, unique_by=lambda run: run.id), st.sampled_from(SELECTIONS))
def test_the_strictest_server_leaves_out_no_run_that_a_gate_selects(runs: list[Run], selection: str) -> None:
    gate_file = gates(selection)
    (asked,) = gate.pushed_down(gate_file)

    (result,) = gate.judge(gate_file, runs, now=NOW).gates

    kept = {run.id for run in runs if passes(run, asked)}
    assert {run.id for run in result.runs_selected} <= kept


def test_runs_do_unless_a_gate_or_a_baseline_finds_none() -> None:
    gate_file = gates("{labels: smoke}", "{labels: smoke, name: seed-2}")

    def do(*runs: Run) -> bool:
        return gate.all_find_runs(gate_file, runs, now=NOW)

    assert do(make_run(1, labels=("smoke",)), make_run(2, labels=("smoke",)))
    assert not do(make_run(1, labels=("smoke",)))
    assert not do()


@pytest.mark.parametrize(
    ("expect", "last_only"),
    [("metrics.val/acc", True), ("metrics.val/acc.max", False), ('metrics["val/acc.max"]', True)],
)
def test_needs_say_whether_the_last_values_are_enough(expect: str, last_only: bool) -> None:  # noqa: FBT001 - the case
    text = f"project: me/net\ngates:\n  - name: One\n    expect: {{'{expect}': {{min: 1}}}}\n"

    assert gate.needs(bound(text)).last_only == last_only


@pytest.mark.parametrize(("runs", "field"), [("group: a", "group"), ("job: a", "job"), ("labels: a", "labels")])
def test_a_filter_names_the_field_of_the_language(runs: str, field: str) -> None:
    body = "runs: {%s}\nexpect: {state: FINISHED}"
    asked, other = (bound(one_gate(body % each)) for each in (runs, "name: b"))

    assert [each.field for each in gate.leaves_out_runs(asked, other)] == [field]
