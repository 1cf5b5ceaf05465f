"""One judgement of real gates and made-up runs with every kind of result, and smaller ones for the rest."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from swanlab_ci import gate
from swanlab_ci.errors import ConfigurationError
from swanlab_ci.judgement import (
    CarriedCommit,
    CheckKind,
    Comparing,
    ExemptChange,
    Judgement,
    OtherProject,
    Proposal,
    Stopped,
    Verdict,
)
from swanlab_ci.messages import Message, Name
from swanlab_ci.model import OWN, Git, Level, Run, RunOrigin, Status
from swanlab_ci.report import wording

NOW = datetime(2026, 11, 23, 19, 30, tzinfo=UTC)
PROJECT = "https://swanlab.example/@team/resnet"
FILE = "swanlab-gate.yml"

GATES = """\
project: team/resnet
baselines:
  main: {runs: {labels: base}}
  empty: {runs: {labels: base, state: ABORTED}}
  torn: {runs: {config.opt.lr: 1}}
gates:
  - {name: passes, runs: {labels: new}, expect: {state: FINISHED, config.lr: {min: 0.01, max: 0.5}}}
  - name: values
    why: "A learning rate of 1 once cost us two weeks.\\nAsk @ml-team, see #12 and **the log**."
    runs: {labels: new}
    expect:
      config.lr: {max: 0.01}
      config.optimizer: [adam, adamw]
      config.seed: {not_in: [1, 2]}
      name: {like: "eval-*", not: new-1}
      description: {contains: reviewed}
      git.commit: {matches: "^0{40}$"}
      labels: {has: [new, checked], lacks: eval}
      requirements.torch: {version: ">=3"}
      config.tags: {type: text}
      config.optimizer.name: {exists: false}
      duration: {below: 30m}
      config.warmup: {below: {field: config.steps, times: 0.5, plus: 1}}
      config.steps: {any_of: [{above: 1e9}, {is: 3}], none_of: [{is: 100}]}
      any_of: [{config.lr: 2}, {config.optimizer: lion}]
      config.text_number: {min: 9, optional: true}
      config.not_there: {min: 9, optional: true}
  - {name: missing, runs: {labels: new}, expect: {config.optimiser: adam, metrics.acc: {min: 0}}}
  - {name: not a number, runs: {labels: new}, expect: {metrics.broken: {min: 0}}}
  - {name: waits, runs: {labels: going}, expect: {state: FINISHED, metrics.same: {min: 0.5}}}
  - {name: ambiguous, runs: {labels: torn}, expect: {config.opt.lr: 1}}
  - {name: wrong type, runs: {labels: new}, expect: {config.tags: {min: 1}, config.lr: {has: 1}, config.nested: a}}
  - {name: versions, runs: {labels: new}, expect: {config.seed: {version: ">=3"}, config.steps: {contains: a}}}
  - {name: not fetched, runs: {labels: unread}, expect: {metrics.same: 1}}
  - {name: enough, runs: {labels: new}, expect: {config.seed: {is: 1}}, how_many: {at_least: 90%}}
  - {name: some, runs: {labels: new}, expect: {config.seed: {is: 1}}, how_many: any}
  - {name: no one, runs: {labels: new}, expect: {config.seed: {is: 1}}, how_many: none}
  - name: aggregates
    runs: {labels: new}
    expect:
      mean(metrics.same): {min: 0.95}
      max(metrics.same.max): {min: 0.95}
      min(metrics.same): {min: 0.95}
      sum(duration): {max: 90m}
      distinct(config.seed): {min: 3}
      count(): {min: 4}
      median(config.not_there): {min: 3}
  - {name: aggregates that pass, runs: {labels: new}, expect: {max(metrics.same): {min: 0.1}, distinct(config.seed): 2}}
  - {name: too few, runs: {labels: going}, expect: {stdev(config.lr): {max: 1}}}
  - name: compared
    runs: {labels: new}
    compare:
      metrics.same: {to: main, better: higher, allow_worse: 1%}
      metrics.up: {to: main, better: higher, allow_worse: [1%, 0.001]}
      metrics.slightly_down: {to: main, better: higher, allow_worse: [5%, 0.001]}
      metrics.scattered: {to: main, better: higher, allow_worse: 1%}
      metrics.down: {to: main, better: higher, allow_worse: 1%, over_runs: median}
      metrics.loss: {to: main, better: lower, require_better: 10%}
      metrics.loss.min: {to: main, better: lower, require_better: 0.01, if_within_noise: pass}
      metrics.noisy_loss: {to: main, better: lower, require_better: 1%}
      duration: {to: main, better: lower, allow_worse: 5%, pair_by: config.seed}
  - name: not compared
    runs: {labels: new}
    compare:
      metrics.same: {to: empty, better: higher, allow_worse: 1%}
      metrics.up: {to: torn, better: higher, allow_worse: 1%}
      metrics.acc: {to: main, better: higher, allow_worse: 1%}
      metrics.only_new: {to: main, better: higher, allow_worse: 1%}
      metrics.broken: {to: main, better: higher, allow_worse: 1%}
      config.optimizer: {to: main, better: higher, allow_worse: 1%}
      config.opt.lr: {to: main, better: higher, allow_worse: 1%}
      metrics.down: {to: main, better: higher, allow_worse: 1%, over_runs: best}
      metrics.loss: {to: main, better: lower, allow_worse: 1, pair_by: config.steps}
      metrics.same.max: {to: main, better: lower, allow_worse: 1, pair_by: config.optimizer}
      metrics.scattered: {to: main, better: lower, allow_worse: 1, pair_by: config.tags}
      metrics.zero: {to: main, better: lower, allow_worse: 1%}
      metrics.huge: {to: main, better: lower, allow_worse: 1%}
  - {name: compared too early, runs: {labels: going}, compare: {metrics.up: {to: main, better: higher, allow_worse: 0}}}
  - {name: compared unread, runs: {labels: unread}, compare: {metrics.up: {to: main, better: higher, allow_worse: 0}}}
  - name: no baseline
    runs: {labels: new}
    compare: {metrics.up: {to: empty, better: higher, allow_worse: 0, on_missing: warn}}
  - {name: no runs, runs: {labels: new, git.branch: [dev, main], state: ABORTED}, newest: 3, expect: {state: FINISHED}}
  - {name: skipped, runs: {labels: nowhere}, expect: {state: FINISHED}, if_no_runs: skip}
  - {name: unclear selection, runs: {config.opt.lr: 1}, expect: {state: FINISHED}}
  - {name: groups, runs: {labels: [new, torn]}, for_each: config.set, expect: {config.lr: {max: 0.2}}}
  - {name: groups of lists, runs: {labels: new}, for_each: config.tags, expect: {config.lr: {max: 0.2}}}
  - name: grouped
    runs: {labels: new}
    for_each: config.set
    compare: {metrics.up: {to: main, better: higher, allow_worse: 0}}
  - {name: waived, runs: {labels: new}, expect: {config.lr: {max: 0.01}}}
  - {name: waiver expired, runs: {labels: new}, expect: {config.lr: {max: 0.01}}}
  - {name: warns, level: warn, runs: {labels: crashed}, expect: {state: FINISHED}}
  - {name: informs, level: info, runs: {labels: offline}, expect: {labels: {has: x}, state: FINISHED}}
waivers:
  - {gate: waived, runs: {labels: new}, reason: "@ml-team agreed, see #12", until: 2026-12-31}
  - {gate: waiver-expired, runs: {labels: new}, reason: Until the launcher lands, until: 2026-10-31}
"""


def run(name: str, *labels: str, **more: Any) -> Run:
    """Make a run that ended an hour ago after an hour."""
    about: dict[str, Any] = {
        "id": f"id-{name}",
        "name": name,
        "state": "FINISHED",
        "labels": labels,
        "created_at": NOW - timedelta(hours=2),
        "finished_at": NOW - timedelta(hours=1),
        "url": f"{PROJECT}/runs/id-{name}/chart",
        "metadata": {},
        "requirements": {"torch": "2.4.1"},
        "conda": "",
        "git": Git("0" * 39 + "1", "dev"),
        "config": {},
        "metrics": {},
    }
    return Run(**(about | more))


def metrics(number: int, *, base: bool) -> dict[str, dict[str, Any]]:
    side = 0 if base else 1
    last: dict[str, Any] = {
        "same": 0.9,
        "up": 0.9 + side * 0.05,
        "slightly_down": 0.9 - side * 0.01,
        "scattered": 0.9 - side * 0.05 + number * 0.2,
        "down": 0.9 - side * 0.2 + number * 0.001,
        "loss": 0.5 - side * 0.01,
        "noisy_loss": 0.5 - side * 0.1 + number * 0.2,
        "broken": "NaN",
        "zero": side,
        "huge": 1e308 * (side * 2 - 1),
    } | ({} if base else {"only_new": 1})
    return {name: {"last": value, "min": value, "max": value} for name, value in last.items()}


def config(number: int, **more: Any) -> dict[str, Any]:
    return {
        "lr": 0.1 * (1 + number),
        "optimizer": "sgd",
        "seed": number,
        "steps": 100,
        "warmup": 90,
        "tags": ["a", "b"],
        "nested": {"a": 1, "b": 2},
        "text_number": "10",
        "set": f"set-{number}",
    } | more


TORN = {"opt": {"lr": 1}, "opt.lr": 2}
RUNS = (
    *(run(f"base-{n}", "base", config=config(n, steps=7 * n), metrics=metrics(n, base=True)) for n in range(3)),
    *(
        run(
            f"new-{n}",
            "new",
            config=config(n, steps=100 + n, opt=TORN["opt"], **{"opt.lr": 2}),
            metrics=metrics(n, base=False),
        )
        for n in range(2)
    ),
    run("going", "going", state="RUNNING", finished_at=None, config=config(0), metrics=metrics(0, base=False)),
    run("torn", "torn", config=TORN),
    run("crashed", "crashed", state="CRASHED"),
    run("offline", "offline", state="OFFLINE", finished_at=None),
    run("unread", "unread", metrics=None),
)


def rules() -> gate.GateFile:
    return gate.bind(gate.load(GATES, name=FILE), {}, event="")


def judgement_of(found: Verdict, **more: Any) -> Judgement:
    about: dict[str, Any] = {
        "verdict": found,
        "judged_at": NOW,
        "project": "team/resnet",
        "project_url": PROJECT,
        "gate_file": FILE,
        "commit": "0123456789abcdef0123456789abcdef01234567",
        "runs_fetched": len(RUNS),
    }
    return Judgement(**(about | more))


def every_kind(**more: Any) -> Judgement:
    """Judge all of `RUNS` by all of `GATES`."""
    found = gate.judge(rules(), RUNS, now=NOW)
    notes = (Message("proposal.other-project", project=Name("@team/other")),)
    proposal = Proposal(status=Status.FAIL, headline=wording.headline(found))
    return judgement_of(found, **({"notes": notes, "proposal": proposal} | more))


def some(*ids: str) -> gate.GateFile:
    """Return the rules with only these gates."""
    bound = rules()
    return replace(bound, gates=tuple(each for each in bound.gates if each.id in ids))


def in_shadow() -> Judgement:
    """Judge some gates in shadow mode."""
    return judgement_of(gate.judge(some("passes", "missing", "waits", "warns"), RUNS, now=NOW, level_cap=Level.INFO))


def strict() -> Judgement:
    """Judge a gate that warns, where a warning stops the merge; the pull request's own rules have no verdict."""
    reason = Message("proposal.other-project", project=Name("team/resnet"))
    return judgement_of(gate.judge(some("warns"), RUNS, now=NOW, strict=True), proposal=Proposal(reason=reason))


def exempt() -> Judgement:
    """Judge a change of exempt files: no gate was needed."""
    found = Verdict(Status.PASS, exempt=ExemptChange(("docs/", "*.md"), 3))
    return judgement_of(found, runs_fetched=0, project_url="")


def carried() -> Judgement:
    """Judge by the runs of earlier commits: the files since are one, many, or none."""
    files = ((), ("README.md",), ("README.md", "docs/@team.md"), tuple(f"docs/{number}.md" for number in range(8)))
    earlier = tuple(CarriedCommit(str(number) * 40, each) for number, each in enumerate(files))
    changed = Message("training.file-changed", file=Name("src/@team.py"))
    notes = (Message("training.needed", reason=changed, more=2),)
    return judgement_of(gate.judge(some("passes"), RUNS, now=NOW), notes=notes, carried=earlier)


ELSEWHERE = """\
project: team/resnet
baselines: {main: {project: "team/deployed", runs: {labels: base}}}
gates:
  - {name: holds up, runs: {labels: new}, compare: {metrics.same: {to: main, better: higher, allow_worse: 1%}}}
  - {name: data, project: team/data, runs: {labels: new}, expect: {config.lr: {max: 0.01}}}
  - {name: gone, project: team/gone, expect: {state: FINISHED}}
"""


def other_projects() -> Judgement:
    """Judge by the runs of two other projects; a third, and what is on the server beside a folder, are only named."""
    deployed, data, gone = (RunOrigin(f"team/{name}") for name in ("deployed", "data", "gone"))
    runs = [replace(run, origin=origin) for run in RUNS for origin in (OWN, deployed, data)]
    failure = Message("text", text=Name("403 Forbidden @team"))
    found = gate.judge(gate.load(ELSEWHERE, name=FILE), runs, now=NOW, unread={gone: failure})
    others = (
        OtherProject(deployed, "team/deployed", PROJECT.replace("resnet", "deployed"), len(RUNS)),
        OtherProject(data, "team/data", "", 1),
        OtherProject(RunOrigin(server=True), "team/resnet", PROJECT, len(RUNS)),
        OtherProject(gone, "team/gone", "", 0, failure),
    )
    return judgement_of(found, others=others)


def nothing_checked() -> Judgement:
    """Judge by a gate that is skipped."""
    return judgement_of(gate.judge(some("skipped"), RUNS, now=NOW))


def stopped() -> Judgement:
    """Stop at a gate file with two problems."""
    text = 'gates:\n  - {name: "@team", expect: {config.lr: {mim: 1}}}\n  - {name: b, expects: {state: FINISHED}}\n'
    try:
        gate.load(text, name=FILE)
    except ConfigurationError as stop:
        why = Stopped(stop.what, stop.advice, stop.exit_code, stop.problems)
        return judgement_of(Verdict(Status.ERROR), stopped=why, runs_fetched=0)
    raise AssertionError("the gate file is wrong")


OTHER_KINDS = frozenset({CheckKind.LATEST, CheckKind.UNCHANGED, CheckKind.PROJECT})
OTHER_COMPARISONS = frozenset({Comparing.BASELINE_UNPLACED, Comparing.BASELINE_AWAITED, Comparing.DIFFERENT_CONDITIONS})
"""Kinds of result that `GATES` has no gate for yet."""

EVERY = {
    "every-kind": every_kind,
    "shadow": in_shadow,
    "strict": strict,
    "exempt": exempt,
    "carried": carried,
    "nothing-checked": nothing_checked,
    "other-projects": other_projects,
    "stopped": stopped,
}
