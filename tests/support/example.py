"""A pull request and its baseline as a team has them: gates, runs and curves, for tests of what reports show."""

import math
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from swanlab_ci import gate, insight
from swanlab_ci.insight import Details, Insight
from swanlab_ci.judgement import Judgement, Verdict
from swanlab_ci.model import Git, Point, Run

NOW = datetime(2026, 11, 24, 16, 42, tzinfo=UTC)
PROJECT = "https://swanlab.example/@my-team/resnet"
FILE = "swanlab-gate.yml"
OLD_COMMITS = ("726da7f" + "0" * 33, "c7fe09f" + "0" * 33)
COMMIT = "8af26ac8d53e60a58a451c1d0f2a03515961612f"

GATES = """\
version: 1
project: my-team/resnet
baselines:
  main:
    runs: {labels: evaluation, state: FINISHED, git.branch: main}
    newest: 5
gates:
  - name: Smoke run finished
    why: If it crashed, start with its log; nothing else is worth reading before that.
    runs: {labels: smoke}
    expect: {state: FINISHED}
  - name: Training settings are sane
    runs: {labels: evaluation, config.dataset: cifar10, git.branch: $head_branch}
    expect:
      config.lr: {min: 1e-5, max: 0.01}
      config.optimizer: [adam, adamw, sgd]
  - name: Three seeds were trained
    runs: {labels: evaluation, config.dataset: cifar10, git.branch: $head_branch}
    expect: {distinct(config.seed): {min: 3}}
  - name: Accuracy holds up against main
    why: A drop of more than 1% has never been worth it. If this says "within noise", run two more seeds.
    runs: {labels: evaluation, config.dataset: cifar10, git.branch: $head_branch}
    expect: {mean(metrics.val/acc): {min: 0.9}}
    compare:
      metrics.val/acc: {to: main, better: higher, allow_worse: 1%}
      metrics.val/loss: {to: main, better: lower, allow_worse: 0.005, pair_by: config.seed, unpaired: ignore}
  - name: No dataset falls below its floor
    runs: {labels: evaluation, git.branch: $head_branch}
    for_each: config.dataset
    expect: {mean(metrics.val/acc): {min: 0.88}}
  - name: Training stays under four hours
    runs: {labels: evaluation, git.branch: $head_branch}
    expect: {max(duration): {max: 4h}}
  - name: Known-good libraries
    runs: {git.branch: $head_branch}
    expect: {requirements.torch: {version: ">=2.3,<2.7"}}
"""
STEPS = range(1, 121)


class Example(NamedTuple):
    """Everything that a report is made from."""

    rules: gate.GateFile
    verdict: Verdict
    runs: tuple[Run, ...]
    details: Details

    @property
    def insight(self) -> Insight:
        return insight.draw(self.rules, self.verdict, self.runs, self.details, now=NOW, own=("214",))

    def judgement(self, **more: Any) -> Judgement:
        about: dict[str, Any] = {
            "verdict": self.verdict,
            "judged_at": NOW,
            "project": "my-team/resnet",
            "project_url": PROJECT,
            "gate_file": FILE,
            "commit": COMMIT,
            "runs_fetched": len(self.runs),
        }
        return Judgement(**(about | more))


def run(name: str, *, age: float, minutes: float = 96, branch: str = "feature/larger-lr", **more: Any) -> Run:
    """Make a run that started `age` hours ago."""
    start = NOW - timedelta(hours=age)
    about: dict[str, Any] = {
        "id": f"id{name.replace('-', '')}",
        "name": name,
        "state": "FINISHED",
        "labels": ("evaluation",),
        "created_at": start,
        "finished_at": start + timedelta(minutes=minutes),
        "url": f"{PROJECT}/runs/id{name.replace('-', '')}/chart",
        "metadata": {},
        "conda": "",
        "git": Git(COMMIT, branch),
    }
    return Run(**(about | more))


def config(seed: int, *, new: bool, lr: float, dataset: str = "cifar10", name: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {
        "lr": lr if new else 0.001,
        "optimizer": "adamw",
        "seed": seed,
        "dataset": dataset,
        "warmup_steps": 0 if new else 200,
        "run_dir": f"/data/runs/{name}-{seed}-{new}",
        "api_key": "sk-new-secret" if new else "sk-old-secret",
        "pr": 214 if new else 200,
    }
    return found | ({"augment": "randaugment"} if new else {})


def curve(end: float, *, seed: int, loss: bool = False, last: int = 120, speed: float = 18.0) -> tuple[Point, ...]:
    """Make a noisy curve that goes to `end` and is there at the last step."""
    found = []
    for step in STEPS:
        if step > last:
            break
        wobble = 0.004 * math.sin(step * (1.7 + seed)) * (1 - step / 125)
        part = 1 - math.exp(-step / speed)
        found.append(Point(step, (end + (1 - part) * 1.2 + wobble) if loss else end * part + wobble))
    return (*found[:-1], Point(found[-1].step, end))


def metrics(acc: float, loss: float) -> dict[str, dict[str, Any]]:
    return {
        key: {"last": value, "min": value, "max": value, "step": 120}
        for key, value in {"val/acc": acc, "val/loss": loss}.items()
    }


MAIN = ((0.92906, 0.26039), (0.92836, 0.26295), (0.93078, 0.25408), (0.92485, 0.27580), (0.92435, 0.27763))
RED = ((0.89919, 0.36882), (0.89902, 0.36943), (0.89663, 0.37819))
GREEN = ((0.93232, 0.24847), (0.93269, 0.24712), (0.93143, 0.25172))


def example(
    ends: tuple[tuple[float, float], ...] = RED,
    *,
    lr: float = 0.05,
    smoke: str = "CRASHED",
    text: str = GATES,
    baseline: bool = True,
    extra: tuple[Run, ...] = (),
) -> Example:
    """Return a pull request of five runs whose evaluations end at `ends`, against five runs of main."""
    libraries = {"torch": "2.6.0", "swanlab": "0.10.3"}
    runs: list[Run] = []
    curves: dict[str, dict[str, tuple[Point, ...]]] = {}

    def add(made: Run, acc: float, loss: float, seed: int) -> None:
        runs.append(made)
        speed = 18.0 if made.git and made.git.branch == "main" else 14.0
        curves[made.id] = {
            "val/acc": curve(acc, seed=seed, speed=speed),
            "val/loss": curve(loss, seed=seed, loss=True, speed=speed),
        }

    for seed, (acc, loss) in enumerate(ends, 1):
        own = config(seed, new=True, lr=lr, name="s")
        add(
            run(f"pr42-s{seed}", age=seed + 2, config=own, metrics=metrics(acc, loss), requirements=libraries),
            *(acc, loss, seed),
        )
    svhn = config(0, new=True, lr=lr, dataset="svhn", name="svhn")
    add(run("pr42-svhn", age=7, config=svhn, metrics=metrics(0.92026, 0.29174), requirements=libraries), 0.92, 0.29, 4)
    small = config(0, new=True, lr=lr, name="smoke")
    first = run("pr42-smoke", age=8, minutes=3, state=smoke, labels=("smoke",), config=small, requirements=libraries)
    runs.append(first)
    for number, (acc, loss) in enumerate(MAIN if baseline else ()):
        seed = number % 3 + 1
        made = run(
            f"main-s{seed}-{number}",
            age=40 + number,
            branch="main",
            git=Git(OLD_COMMITS[number > 2], "main"),
            config=config(seed, new=False, lr=0, name=str(number)),
            metrics=metrics(acc, loss),
            requirements={"torch": "2.5.1", "swanlab": "0.10.3" if number < 3 else "0.7.20"},
        )
        add(made, acc, loss, seed)
    every = (*runs, *extra)
    rules = gate.bind(gate.load(text, name=FILE), {"head_branch": "feature/larger-lr", "pr_number": 214}, event="")
    return Example(rules, gate.judge(rules, every, now=NOW), every, Details(curves=curves))


def red() -> Example:
    return example()


def green() -> Example:
    return example(GREEN, lr=0.0012, smoke="FINISHED")


def pending() -> Example:
    """Return a green pull request of which one run still goes on."""
    going = run(
        "long-schedule",
        age=25 / 60,
        state="RUNNING",
        finished_at=None,
        labels=("long",),
        config=config(0, new=True, lr=0.0012, name="long"),
        metrics=metrics(0.8697, 0.4),
        requirements={"torch": "2.6.0"},
    )
    wanted = "{state: FINISHED, metrics.val/acc: {min: 0.9}}"
    text = GATES + f"  - {{name: Long schedule is done, runs: {{labels: long}}, expect: {wanted}}}\n"
    return example(GREEN, lr=0.0012, smoke="FINISHED", text=text, extra=(going,))


def without_baseline() -> Example:
    return example(GREEN, lr=0.0012, smoke="FINISHED", baseline=False)


def scattered() -> Example:
    """Return a pull request of which two runs are far from the others."""
    return example(((0.93232, 0.24), (0.90269, 0.247), (0.89, 0.2517)), lr=0.0012, smoke="FINISHED")


def within_noise() -> Example:
    """Return the same, by a gate file that does not look at single runs."""
    text = GATES.replace("allow_worse: 1%}", "allow_worse: 1%, outliers: ignore}")
    return example(((0.93232, 0.24), (0.90269, 0.247), (0.89, 0.2517)), lr=0.0012, smoke="FINISHED", text=text)


def waived() -> Example:
    waiver = "{gate: training-settings-are-sane, reason: The launcher lands on Friday, until: 2026-12-31}"
    return example(GREEN, lr=0.05, smoke="FINISHED", text=f"{GATES}waivers:\n  - {waiver}\n")


EXAMPLES = {
    "red": red,
    "green": green,
    "pending": pending,
    "without-baseline": without_baseline,
    "scattered": scattered,
    "within-noise": within_noise,
    "waived": waived,
}
"""Every kind of pull request that a report looks different for."""
