"""Which runs, which conditions, which pairs: the words as a gate file writes them, and their mistakes."""

from typing import Any

import jsonschema
import pytest
from gate_factories import NOW, bound, make_run, problem_of, problems_of

from swanlab_ci import gate
from swanlab_ci.gate.spec.gates import Gate
from swanlab_ci.model import Run, Status

HEAD = """
project: me/net
baselines:
  main: {runs: {labels: main}%s}
gates:
  - name: One
    runs: {labels: new}
"""


def text(body: str, baseline: str = "") -> str:
    return HEAD % baseline + "".join(f"    {line}\n" for line in body.strip().splitlines())


def read(body: str, baseline: str = "") -> Gate:
    return bound(text(body, baseline)).gates[0]


EXPECT = "expect: {state: FINISHED}\n"
COMPARE = "compare: {metrics.acc: {to: main, better: higher, allow_worse: 1%%%s}}\n"


def test_every_word_is_read() -> None:
    found = bound(
        """
project: me/net
latest_by: config.seed
baselines:
  main: {runs: {labels: main}, min_runs: 3, latest_by: [config.seed, name], newest: 9}
  chain: {first_of: [{git.commit: $base_sha}, {runs: {git.branch: main}, newest: 5}], min_runs: 2}
gates:
  - name: One
    latest_by: name
    take: {best: 2, by: metrics.acc, better: higher}
    compare:
      metrics.acc*: {to: main, better: higher, allow_worse: 1%, pair_by: config.seed, unpaired: warn, outliers: ignore,
                     same: [config.data]}
  - name: Two
    scope: project
    unchanged: {to: chain, fields: [config.*], except: [config.lr, "config.run*"]}
  - name: Three
    expect: {metrics.acc_*: {min: 0.9}}
"""
    )
    one, two, three = found.gates
    main, chain = found.baselines
    (comparison,) = one.compare

    assert [field.text for field in one.selection.latest_by] == ["name"]
    assert [field.text for field in three.selection.latest_by] == ["config.seed"]
    assert two.selection.latest_by == ()
    assert one.selection.take
    assert (one.selection.take.best, one.selection.take.higher_is_better) == (2, True)
    assert (main.min_runs, [field.text for field in main.selections[0].latest_by]) == (3, ["config.seed", "name"])
    assert [selection.newest for selection in chain.selections] == [None, 5]
    assert (comparison.unpaired, comparison.outliers, [each.text for each in comparison.same]) == (
        "warn",
        "ignore",
        ["config.data"],
    )
    assert two.unchanged
    assert [each.text for each in two.unchanged.exempt] == ["config.lr", "config.run*"]


@pytest.mark.parametrize(
    ("baseline", "message"),
    [
        (", min_runs: 0", "gate-file.whole-number"),
        (", min_runs: 3.5", "gate-file.whole-number"),
        (", latest_by: duration", "gate-file.grouping-changes"),
    ],
)
def test_a_mistake_in_a_baseline_is_named(baseline: str, message: str) -> None:
    assert problem_of(text(COMPARE % "", baseline)).message.id == message


@pytest.mark.parametrize("choices", ["[]", "{git.branch: main}", "main"])
def test_a_chain_is_a_list(choices: str) -> None:
    written = text(COMPARE % "").replace("{runs: {labels: main}}", f"{{first_of: {choices}}}")

    assert problem_of(written).message.id == "gate-file.first-of"


def test_a_chain_stands_alone() -> None:
    messages = [problem.message.id for problem in problems_of(text(COMPARE % "", ", first_of: [{git.branch: main}]"))]

    assert messages[0] == "gate-file.beside-first-of"


def runs(**fields: Any) -> list[Run]:
    return [make_run(number, labels=("new",), **fields) for number in (1, 2)]


def test_an_aggregate_may_bound_an_aggregate() -> None:
    body = "expect: {mean(metrics.val): {max: {field: mean(metrics.train), times: 1.3}}}"
    good = runs(metrics={"val": {"last": 0.12}, "train": {"last": 0.1}})
    bad = runs(metrics={"val": {"last": 0.14}, "train": {"last": 0.1}})

    assert gate.judge(bound(text(body)), good, now=NOW).status is Status.PASS
    (result,) = gate.judge(bound(text(body)), bad, now=NOW).gates
    assert result.status is Status.FAIL
    assert result.deciding[0].reason
    assert result.deciding[0].reason.bound == pytest.approx(0.13)


@pytest.mark.parametrize(("limit", "status"), [(7200, Status.PASS), (1800, Status.FAIL), ("long", Status.ERROR)])
def test_a_number_of_seconds_may_bound_a_duration(limit: Any, status: Status) -> None:
    body = "expect: {duration: {max: {field: config.limit}}}"

    assert gate.judge(bound(text(body)), runs(config={"limit": limit}), now=NOW).status is status


@pytest.mark.parametrize(
    ("body", "baseline", "good"),
    [
        ("take: {best: 3, by: metrics.acc, better: higher}\n" + EXPECT, "", True),
        ("take: {best: 3, by: metrics.acc}\n" + EXPECT, "", False),
        ("latest_by: [config.seed]\n" + EXPECT, ", min_runs: 3", True),
        ("latest_by: []\n" + EXPECT, "", False),
        (EXPECT, ", min_runs: 0", False),
        (EXPECT, ", first_of: [{git.branch: main}]", False),
        (COMPARE % ", outliers: warn, same: config.data", "", True),
        (COMPARE % ", outliers: maybe", "", False),
        ("unchanged: {to: main, fields: [config.*], except: config.lr}", "", True),
        ("unchanged: {to: main}", "", False),
        ("expect: {metrics.acc_*: {min: 0.9}}", "", True),
        ("expect: {mean(metrics.a): {max: {field: mean(metrics.b), times: 2}}}", "", True),
    ],
)
def test_the_schema_for_editors_agrees(body: str, baseline: str, good: bool) -> None:  # noqa: FBT001 - data
    import yaml  # noqa: PLC0415 - only this test reads YAML by another reader

    document = yaml.safe_load(text(body, baseline))

    assert jsonschema.Draft202012Validator(gate.schema()).is_valid(document) is good
