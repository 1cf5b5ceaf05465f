"""A whole file: the example with all kinds of gates, files that build on others, warnings, and the editor's schema."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from gate_factories import NOW, bound, judge_text, make_run, one_gate

from swanlab_ci import gate
from swanlab_ci.errors import ConfigurationError
from swanlab_ci.gate.parse.extends import PRESETS
from swanlab_ci.gate.parse.yaml_reader import parse
from swanlab_ci.gate.spec.source import MappingNode, Node, Scalar, SequenceNode
from swanlab_ci.messages import Language
from swanlab_ci.model import Git, Run, Status

EXAMPLE = (Path(__file__).parent / "example.yml").read_text(encoding="utf-8")
GOOD_CONFIG = {
    "lr": 1e-3,
    "optimizer": "adam",
    "warmup_steps": 100,
    "max_steps": 1000,
    "dataset": "cifar",
    "batch_size": 32,
    "git_dirty": False,
    "pr": 214,
}
GOOD_METRICS = {"val/acc": {"last": 0.93}, "val/loss": {"last": 0.30}, "train/loss": {"last": 0.25}}
PACKAGES = {"torch": "2.4.1+cu121", "numpy": "1.26.4"}

GATES = one_gate("expect: {state: FINISHED}")


def good(n: int, **fields: Any) -> Run:
    config = GOOD_CONFIG | {"seed": n} | fields.pop("config", {})
    known = {"labels": ("eval",), "config": config, "metrics": GOOD_METRICS, "requirements": PACKAGES}
    return make_run(n, **(known | fields))


def project() -> list[Run]:
    """Make a project in which every gate of the example passes: one smoke run, three seeds, five runs of main."""
    main = [good(n, id=f"main-{n}", git=Git("d" * 40, "main"), config={"pr": 1}) for n in (1, 2, 3, 4, 5)]
    sweep = [good(20 + n, name=f"sweep-{n}", labels=(), git=Git("e" * 40, "sweep")) for n in range(10)]
    return [good(9, name="smoke", labels=("smoke",)), *(good(n) for n in (1, 2, 3)), *main, *sweep]


def statuses(*runs: Run) -> dict[str, Status]:
    return {result.name: result.status for result in judge_text(EXAMPLE, *runs).gates}


def test_the_example_passes_where_everything_is_good() -> None:
    verdict = judge_text(EXAMPLE, *project())

    assert {result.name for result in verdict.gates if result.status is not Status.PASS} == set()
    assert len(verdict.gates) == 15


def change(match: Callable[[Run], bool], **fields: Any) -> list[Run]:
    from dataclasses import replace  # noqa: PLC0415 - only here

    return [replace(run, **fields) if match(run) else run for run in project()]


def is_eval(run: Run) -> bool:
    return run.labels == ("eval",) and run.git is not None and run.git.branch == "faster"


@pytest.mark.parametrize(
    ("runs", "name", "status"),
    [
        (change(lambda run: run.name == "smoke", state="CRASHED"), "Smoke run finished", Status.FAIL),
        (change(lambda run: run.name == "smoke", state="RUNNING"), "Smoke run finished", Status.PENDING),
        (change(is_eval, state="ABORTED"), "No crashed runs", Status.FAIL),
        (change(is_eval, config=GOOD_CONFIG | {"seed": 1, "lr": 0.1}), "Training settings are sane", Status.FAIL),
        (
            change(is_eval, config=GOOD_CONFIG | {"seed": 1, "optimizer": "lion"}),
            "Training settings are sane",
            Status.FAIL,
        ),
        (
            change(is_eval, config=GOOD_CONFIG | {"seed": 1, "warmup_steps": 200}),
            "Training settings are sane",
            Status.FAIL,
        ),
        (change(is_eval, config=GOOD_CONFIG), "Required settings are logged", Status.FAIL),
        (change(is_eval, config=GOOD_CONFIG | {"seed": "1"}), "Required settings are logged", Status.FAIL),
        (change(is_eval, config=GOOD_CONFIG | {"seed": 1}), "Accuracy holds up against main", Status.FAIL),
        (change(is_eval, metrics={}), "Accuracy holds up against main", Status.FAIL),
        (
            change(is_eval, metrics=GOOD_METRICS | {"val/acc": {"last": 0.905}}),
            "Accuracy holds up against main",
            Status.FAIL,
        ),
        (
            change(is_eval, metrics=GOOD_METRICS | {"val/acc": {"last": 0.92}}),
            "The best seed is publishable",
            Status.WARN,
        ),
        (
            change(is_eval, metrics=GOOD_METRICS | {"val/loss": {"last": 0.31}}),
            "Loss is no worse, seed by seed",
            Status.FAIL,
        ),
        (
            change(is_eval, metrics=GOOD_METRICS | {"val/loss": {"last": 0.304}}),
            "Loss is no worse, seed by seed",
            Status.PASS,
        ),
        (
            change(is_eval, metrics=GOOD_METRICS | {"train/loss": {"last": 0.1}}),
            "Validation loss stays near training loss",
            Status.WARN,
        ),
        (
            change(lambda run: run.name in {"sweep-1", "sweep-2"}, state="CRASHED"),
            "Nearly all sweep runs finish",
            Status.WARN,
        ),
        (change(lambda run: run.name == "sweep-1", state="CRASHED"), "Nearly all sweep runs finish", Status.PASS),
        (
            change(is_eval, created_at=NOW - timedelta(hours=9), finished_at=NOW - timedelta(hours=4.9)),
            "Training stays under four hours",
            Status.FAIL,
        ),
        (
            change(lambda run: run.id.startswith("main"), finished_at=NOW - timedelta(days=14, seconds=1)),
            "Main has a fresh baseline",
            Status.WARN,
        ),
        (change(is_eval, requirements=PACKAGES | {"torch": "2.6.0"}), "Known-good libraries", Status.FAIL),
        (change(is_eval, requirements={"torch": "2.4"}), "Known-good libraries", Status.FAIL),
        (change(is_eval, git=Git("f" * 40)), "An eval run exists for this exact commit", Status.FAIL),
        (
            change(is_eval, config=GOOD_CONFIG | {"seed": 1, "git_dirty": True}),
            "No uncommitted changes",
            Status.WAIVED,
        ),
        (
            change(is_eval, metrics=GOOD_METRICS | {"val/acc": {"last": 0.87}}),
            "No dataset falls below its floor",
            Status.FAIL,
        ),
    ],
)
def test_each_gate_of_the_example_notices_what_it_is_for(runs: list[Run], name: str, status: Status) -> None:
    assert statuses(*runs)[name] is status


def test_the_example_says_what_it_needs() -> None:
    assert gate.needs(bound(EXAMPLE)) == gate.Needs(
        profile=True, metrics=frozenset({"val/acc", "val/loss", "train/loss"})
    )


def test_a_file_tells_its_project_and_gates() -> None:
    gate_file = gate.load(EXAMPLE, name="swanlab-gate.yml")

    assert gate_file.project == "my-team/resnet"
    assert [each.id for each in gate_file.gates][:3] == [
        "smoke-run-finished",
        "no-crashed-runs",
        "training-settings-are-sane",
    ]


def test_the_project_may_come_from_elsewhere() -> None:
    assert gate.load(one_gate("expect: {state: FINISHED}").split("\n", 1)[1], name="gates.yml").project is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (GATES, None),
        ("report: {}\n" + GATES, None),
        ("report: {language: zh}\n" + GATES, Language.ZH),
        ("report: {language: en}\n" + GATES, Language.EN),
        ("extends: other.yml\n" + GATES, Language.ZH),
        ("extends: other.yml\nreport: {language: en}\n" + GATES, Language.EN),
    ],
)
def test_a_file_may_name_the_language_of_the_report(text: str, language: Language | None) -> None:
    def read(_path: str) -> str:
        return "report: {language: zh}\n" + GATES

    assert gate.load(text, name="gates.yml", read=read).report.language is language


REPORT = """\
report:
  baseline: main
  metrics: [metrics.val/acc, {metrics.latency: {better: lower, label: Latency}}]
  columns: [config.seed]
  charts: [metrics.val/acc]
  changes: {ignore: [config.run_dir, "requirements.pip*"]}
baselines: {main: {runs: {labels: a}}}
"""


def test_a_file_says_what_the_report_shows() -> None:
    found = gate.load(REPORT + one_gate("expect: {state: FINISHED}"), name="g.yml").report

    assert found.baseline == "main"
    assert [(each.field.text, each.better, each.label) for each in found.metrics] == [
        ("metrics.val/acc", "", ""),
        ("metrics.latency", "lower", "Latency"),
    ]
    assert [field.text for field in found.columns] == ["config.seed"]
    assert [field.text for field in found.charts or ()] == ["metrics.val/acc"]
    assert [field.text for field in found.ignored] == ["config.run_dir", "requirements.pip*"]


def test_charts_none_draws_nothing_and_without_charts_the_report_chooses() -> None:
    gates = one_gate("expect: {state: FINISHED}")

    assert gate.load("report: {charts: none}\n" + gates, name="g.yml").report.charts == ()
    assert gate.load("report: {}\n" + gates, name="g.yml").report.charts is None


def test_a_name_of_any_script_makes_an_id() -> None:
    gate_file = gate.load("gates: [{name: 冒烟 运行!, expect: {state: FINISHED}}]", name="gates.yml")

    assert gate_file.gates[0].id == "冒烟-运行"


def test_why_comes_with_the_result() -> None:
    result = judge_text(one_gate("why: because\nexpect: {state: FINISHED}"), make_run()).gates[0]

    assert (result.why, result.line, result.id) == ("because", 3, "one")


# extends


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_is_a_whole_gate_file(preset: str) -> None:
    gate_file = gate.load(f"project: me/net\nextends: preset:{preset}\n", name="gates.yml")

    assert gate_file.gates
    assert all(each.why for each in gate_file.gates)


def test_the_presets_judge() -> None:
    text = "extends: [preset:smoke, preset:reproducible]\n"
    run = make_run(config={"seed": 1}, requirements={"swanlab": "0.7.20"})

    assert judge_text(text, run).status is Status.PASS
    assert judge_text(text, make_run(state="CRASHED", git=Git())).status is Status.FAIL


def test_a_gate_replaces_the_one_of_its_id_whole_and_in_its_place() -> None:
    text = """\
extends: preset:smoke
runs: {labels: a}
gates:
  - name: Runs finished
    level: warn
    expect: {duration: {max: 1h}}
  - name: Mine
    expect: {state: FINISHED}
"""
    gate_file = gate.load(text, name="gates.yml")

    assert [each.id for each in gate_file.gates] == ["runs-finished", "settings-are-logged", "mine"]
    assert gate_file.gates[0].level == "warn"
    assert gate_file.gates[0].why == ""
    assert all(each.selection.clauses[0].written == "labels a" for each in gate_file.gates)


def test_a_file_beside_is_read_by_the_function_given() -> None:
    other = (
        "project: them/net\nbaselines: {main: {runs: {labels: a}}}\n"
        + one_gate("expect: {state: CRASHED}").split("\n", 1)[1]
    )
    asked = []

    def read(path: str) -> str:
        asked.append(path)
        return other

    gate_file = gate.load("extends: shared/gates.yml\n", name="gates.yml", read=read)

    assert asked == ["shared/gates.yml"]
    assert gate_file.project == "them/net"
    result = gate.judge(gate_file, [make_run()], now=NOW).gates[0]
    assert (result.file, result.line) == ("shared/gates.yml", 4)


# Warnings


def test_the_example_has_no_warnings() -> None:
    assert gate.load(EXAMPLE, name="gates.yml").warnings == ()


# The schema


def plain(node: Node) -> Any:
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, SequenceNode):
        return [plain(item) for item in node.items]
    assert isinstance(node, MappingNode)
    return {key.raw: plain(value) for key, value in node.entries}


def fits(text: str) -> bool:
    validator = jsonschema.Draft202012Validator(gate.schema())
    return validator.is_valid(plain(parse(text, "gates.yml")))


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(gate.schema())
    json.dumps(gate.schema())


def test_the_schema_takes_the_example_and_the_presets() -> None:
    presets = Path(gate.__file__).parent / "presets"

    assert fits(EXAMPLE)
    assert all(fits(path.read_text(encoding="utf-8")) for path in presets.iterdir())


@pytest.mark.parametrize(
    "body",
    [
        "expect: {status: FINISHED}",
        "expect: {lr: 1}",
        "expect: {state: FINISH}",
        "expect: {config.x: {minimum: 1}}",
        "expect: {config.x: {}}",
        "expect: {}",
        "expect: {duration: {max: 4}}",
        "expect: {duration: 4h}",
        "expect: {state: {min: 1}}",
        "expect: {labels: {not: a}}",
        "expect: {config.x: {type: int}}",
        "expect: {config.x: {exists: 1}}",
        "expect: {config.x: {any_of: []}}",
        "expect: {avg(config.x): 1}",
        "expect: {mean(config.x): {exists: true}}",
        "runs: {mean(config.x): 1}\nexpect: {state: FINISHED}",
        "level: error\nexpect: {state: FINISHED}",
        "severity: warn\nexpect: {state: FINISHED}",
        "newest: 0\nexpect: {state: FINISHED}",
        "how_many: most\nexpect: {state: FINISHED}",
        "runs: {state: FINISHED}",
        "compare: {metrics.a: {better: higher, allow_worse: 0}}",
        "compare: {metrics.a: {to: main, better: higher}}",
    ],
)
def test_the_schema_refuses_what_the_reader_refuses(body: str) -> None:
    assert not fits(one_gate(body))
    with pytest.raises(ConfigurationError):
        gate.load(one_gate(body), name="gates.yml")
