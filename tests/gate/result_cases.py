"""Gate files and runs that bring about every sentence about results, each case under a name of its own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from gate_factories import NOW, judge_text, make_run, one_gate

from swanlab_ci.judgement import Verdict
from swanlab_ci.messages import Message, Name
from swanlab_ci.model import Git, Level, Points, Run, RunOrigin

BASELINE = "baselines: {main: {runs: {labels: old}}}\n"
WAIVER = "waivers:\n  - {gate: one, reason: the new data is not clean yet, until: %s}\n"


@dataclass(frozen=True)
class Case:
    """A gate file, the runs it is judged by, and options of the judgement."""

    name: str
    text: str
    runs: Sequence[Run] = ()
    options: dict[str, Any] = field(default_factory=dict)

    def verdict(self) -> Verdict:
        """Judge it."""
        return judge_text(self.text, *self.runs, **self.options)


def runs_with(*configs: dict[str, Any]) -> list[Run]:
    """Make one run for each config."""
    return [make_run(number, config=config) for number, config in enumerate(configs, 1)]


def new_and_old(new: Sequence[Any], old: Sequence[Any], **more: Any) -> list[Run]:
    """Make runs labelled `new` and `old` by their values of `metrics.acc`; None logs nothing."""

    def of(label: str, first: int, values: Sequence[Any]) -> Iterator[Run]:
        for number, value in enumerate(values, first):
            metrics = {} if value is None else {"acc": {"last": value}}
            known = {"labels": (label,), "metrics": metrics, "config": {"seed": number % 50}}
            yield make_run(number, name=f"{label}-{number}", **(known | more))

    return [*of("new", 1, new), *of("old", 51, old)]


def compared(terms: str, field_name: str = "metrics.acc", better: str = "higher", more: str = "") -> str:
    """Write a file of one gate that compares the runs labelled `new` with those labelled `old`."""
    words = f"{{to: main, better: {better}, {terms}}}"
    return BASELINE + one_gate(f"runs: {{labels: new}}\n{more}\ncompare: {{{field_name}: {words}}}")


def _expectations() -> Iterator[Case]:
    x: list[tuple[str, Any]] = [
        ("0.3", 0.3000001),
        ("[0.3, 0.4]", 0.3000001),
        ("{min: 0.9}", 0.8999999),
        ("{max: 1e-2}", 0.1),
        ("{above: 1}", 1),
        ("{below: 1}", 1),
        ("{min: 1, max: 2}", 3),
        ("adam", ""),
        ("1", "1.0"),
        ("{not: a}", "a"),
        ("{not_in: [a, b]}", "a"),
        ("{contains: da}", "sgd"),
        ("{like: 'exp-*'}", "train-1"),
        ("{matches: '^exp-[0-9]+$'}", "train-1"),
        ("{has: [a, b]}", ["a"]),
        ("{lacks: [a, b]}", ["a"]),
        ("{version: '>=2.3'}", "2.1.0"),
        ("{type: number}", "1"),
        ("{exists: false}", 1),
        ("{exists: true}", None),
        ("{any_of: [{max: 1}, {min: 5}]}", 3),
        ("{none_of: [{max: 1}]}", 1),
        ("{min: 1, optional: true}", 0),
        ("{min: $pr_number}", 1),
        ("a", "x" * 100),
        ("{has: 3}", [{"a": [None]}, [2]]),
    ]
    for condition, value in x:
        yield Case(
            f"an expectation: {condition}", one_gate(f"expect: {{config.x: {condition}}}"), runs_with({"x": value})
        )
    bound = "expect: {config.x: {max: {field: config.y, times: 1.5, plus: -0.1}}}"
    yield Case("an expectation: another field as a bound", one_gate(bound), runs_with({"x": 0.5, "y": 0.3}))
    fields = "expect: {any_of: [{labels: a}, {config.x: 1, name: {not: b}}]}"
    yield Case("an expectation: on several fields", one_gate(fields), runs_with({"x": 2}))
    long = one_gate("expect: {duration: {max: 30m}}")
    yield Case("a length of time", long, [make_run(created_at=NOW - timedelta(hours=5, minutes=3, seconds=9))])
    close = one_gate("expect: {duration: {max: 1h}}")
    yield Case(
        "lengths of time that are nearly alike", close, [make_run(created_at=NOW - timedelta(hours=2, seconds=0.5))]
    )
    commit = one_gate("expect: {git.commit: 0123456}")
    yield Case("a commit", commit, [make_run()])


def _without_answer() -> Iterator[Case]:
    wrong = [("{min: 1}", "high"), ("{like: a}", 1), ("{has: a}", "a"), ("{version: '>=2'}", 2.4), ("{is: a}", ["a"])]
    for condition, value in wrong:
        yield Case(
            f"a wrong type: {condition}", one_gate(f"expect: {{config.x: {condition}}}"), runs_with({"x": value})
        )
    yield Case("a wrong type: a map", one_gate("expect: {config.x: 1}"), runs_with({"x": {"a": 1}}))
    yield Case("not finite", one_gate("expect: {config.x: {min: 1}}"), runs_with({"x": float("nan")}))
    missing: list[tuple[str, str, dict[str, Any]]] = [
        ("a setting", "config.learnin_rate: 1", {"config": {"learning_rate": 1}}),
        ("a metric", "metrics.acc: {min: 1}", {}),
        ("a package", "requirements.jax: {version: '>1'}", {}),
        ("a branch", "git.branch: main", {"git": Git()}),
        ("an environment", "conda: {contains: x}", {}),
        ("a group", "group: a", {}),
        ("several fields", "any_of: [{config.x: 1}]", {}),
    ]
    for name, expect, fields in missing:
        yield Case(f"missing: {name}", one_gate(f"expect: {{{expect}}}"), [make_run(**fields)])
    optional = one_gate("expect: {config.x: {min: 1, optional: true}}")
    yield Case("missing, and optional", optional, runs_with({}))
    yield Case("a number as text", one_gate("expect: {config.x: {min: 1}}"), runs_with({"x": "12"}))
    two: dict[str, Any] = {"metrics": {"acc": {"last": 1, "max": 2}, "acc.max": {"last": 3}}}
    yield Case("ambiguous", one_gate("expect: {metrics.acc.max: 2}"), [make_run(**two)])
    yield Case("not fetched", one_gate("expect: {metrics.acc: 2}"), [make_run(metrics=None)])
    running: dict[str, Any] = {"state": "RUNNING", "metrics": {"acc": {"last": 0.5}}}
    yield Case("pending: a metric", one_gate("expect: {metrics.acc: {min: 0.9}}"), [make_run(**running)])
    yield Case("pending: a metric that is missing", one_gate("expect: {metrics.f1: {min: 0.9}}"), [make_run(**running)])
    yield Case("pending: the state", one_gate("expect: {state: FINISHED}"), [make_run(**running)])
    yield Case("pending: offline", one_gate("expect: {duration: {min: 1h}}"), [make_run(state="OFFLINE")])
    yield Case("crashed", one_gate("expect: {state: FINISHED}"), [make_run(state="CRASHED")])


def _without_advice_on_the_run() -> Iterator[Case]:
    star = one_gate("expect: {metrics.val_*: {min: 0.5}}")
    yield Case("missing: no key matches the star", star, [make_run(1, metrics={"acc": {"last": 1}})])
    later = make_run(1, created_at=NOW + timedelta(hours=1), finished_at=NOW + timedelta(hours=2))
    yield Case("missing: the age of a run in the future", one_gate("expect: {age: {max: 10m}}"), [later])
    some = one_gate("how_many: {at_least: 2}\nexpect: {state: FINISHED, config.x: 1}")
    states = [("FINISHED", 0), ("FINISHED", 0), ("FINISHED", 1), ("RUNNING", 1)]
    going = [make_run(n, state=state, config={"x": x}) for n, (state, x) in enumerate(states, 1)]
    yield Case("pending: the run to wait for comes first", some, going)


def _aggregates() -> Iterator[Case]:
    runs = runs_with({"x": 0.8999999}, {"x": 0.9})
    yield Case("an aggregate", one_gate("expect: {mean(config.x): {min: 0.9}}"), runs)
    yield Case("an aggregate: the extreme of one run", one_gate("expect: {max(config.x): {max: 0.5}}"), runs)
    yield Case("an aggregate: the kinds of values", one_gate("expect: {distinct(config.x): {min: 3}}"), runs)
    yield Case("an aggregate: the number of runs", one_gate("expect: {count(): {min: 3}}"), runs)
    yield Case("an aggregate: held", one_gate("expect: {config.x: {min: 0}, count(): 2}"), runs)
    duration = one_gate("expect: {max(duration): {max: 30m}}")
    yield Case("an aggregate: a length of time", duration, runs)
    mean = one_gate("expect: {mean(config.x): {min: 1}}")
    yield Case("an aggregate: missing in a run", mean, runs_with({"x": 1}, {"xx": 1}))
    yield Case("an aggregate: no number in a run", mean, runs_with({"x": 1}, {"x": "high"}))
    yield Case("an aggregate: NaN in a run", mean, runs_with({"x": 1}, {"x": "NaN"}))
    yield Case("an aggregate: beyond a float", mean, runs_with({"x": 1.5e308}, {"x": 1.5e308}))
    yield Case("an aggregate: too few runs", one_gate("expect: {stdev(config.x): {max: 1}}"), runs[:1])
    two = make_run(1, metrics={"acc": {"last": 1, "max": 2}, "acc.max": {"last": 3}})
    yield Case("an aggregate: ambiguous", one_gate("expect: {mean(metrics.acc.max): {min: 1}}"), [two])
    going = [make_run(n, state=state, metrics={"acc": {"last": 1}}) for n, state in enumerate(("FINISHED", "RUNNING"))]
    yield Case("an aggregate: pending", one_gate("expect: {mean(metrics.acc): {min: 1}}"), going)


def _numbers_of_runs() -> Iterator[Case]:
    expect = "expect: {config.x: {min: 1}}"
    runs = runs_with({"x": 1}, {"x": 0}, {"x": 0})
    for how_many in ("all", "any", "none", "{at_least: 2}", "{at_least: 90%}", "{at_most: 0}", "{at_least: 1}"):
        yield Case(f"how many: {how_many}", one_gate(f"how_many: {how_many}\n{expect}"), runs)
    yield Case("how many: one run", one_gate(f"how_many: any\n{expect}"), runs_with({"x": 0}))
    both = one_gate("how_many: any\nexpect: {config.x: {min: 1}, mean(config.x): {min: 5}}")
    yield Case("how many: enough, and an aggregate fails", both, runs)
    yield Case("how many: enough, and too few runs", one_gate(f"how_many: any\n{expect[:-1]}, count(): 9}}"), runs)


def _comparisons() -> Iterator[Case]:
    base = [0.9, 1.0, 1.1]
    noisy, clearly = [0.8, 0.9, 1.0], [0.5, 0.6, 0.7]
    made: list[tuple[str, str, list[Any], list[Any]]] = [
        ("worse", "allow_worse: 5%", clearly, base),
        ("worse, within noise", "allow_worse: 0.05", noisy, base),
        ("worse, within the allowance", "allow_worse: [0.01, 50%]", noisy, base),
        ("better", "allow_worse: 0", [2], [1]),
        ("equal", "allow_worse: 0", [1], [1]),
        ("nearly equal", "allow_worse: 0", [0.99999999], [1.0]),
        ("better as required", "require_better: 10%", [1.5, 1.6], [1.0, 1.1]),
        ("better as required, within noise", "require_better: 0.1", [1.02, 1.12, 1.22], base),
        ("not better as required", "require_better: 0.5", [1.2], [1]),
        ("a baseline of 0", "allow_worse: 0.1", [-1.0], [0.0]),
        ("a percentage of 0", "allow_worse: 1%", [0.0], [0.0]),
        ("the median", "allow_worse: 0.05, over_runs: median", [0.87, 0.97, 1.07], base),
        ("the best", "allow_worse: 0.05, over_runs: best", base, base),
        ("the best of unequal counts", "allow_worse: 1, over_runs: best", [1, 1], [1]),
        ("pairs", "allow_worse: 0.05, pair_by: config.seed", [0.4, 0.9], [0.5, 1.0]),
        ("one pair", "allow_worse: 0.05, pair_by: config.seed", [0.4], [0.5]),
        ("no partner", "allow_worse: 0.05, pair_by: config.seed", [1.0] * 5, [1.0]),
        ("cannot pair", "allow_worse: 0.05, pair_by: config.nope", [1.0], [1.0]),
        ("missing", "allow_worse: 1", [None], [0.0]),
        ("missing in the baseline", "allow_worse: 1", [0.0], [None]),
        ("not finite", "allow_worse: 1", ["NaN"], [1]),
        ("not finite in the baseline", "allow_worse: 1", [1], ["inf"]),
        ("broken baseline runs", "allow_worse: 1", [1], [1.1, 1, 1.2, "NaN"]),
        ("two of three baseline runs left", "allow_worse: 0.1", [1, 1, -9], [1.1, 1, "NaN"]),
        ("one of three baseline runs left", "require_better: 0.1", [2], ["NaN", 1, None]),
        ("a partner is broken", "allow_worse: 1, pair_by: config.seed", [1, 1], [1, "NaN"]),
        ("no number", "allow_worse: 1", ["high"], [1]),
        ("no number in the baseline", "allow_worse: 1", [1], ["high"]),
        ("too large", "allow_worse: 1", [1.7e308], [-1.7e308]),
        ("no baseline", "allow_worse: 1", [1], []),
        ("no baseline, a warning", "allow_worse: 1, on_missing: warn", [1], []),
        ("no baseline, skipped", "allow_worse: 1, on_missing: skip", [1], []),
    ]
    for name, terms, new, old in made:
        yield Case(f"a comparison: {name}", compared(terms), new_and_old(new, old))


def _odd_comparisons() -> Iterator[Case]:
    newest = compared("allow_worse: 1").replace("{labels: old}", "{labels: old}, newest: 3")
    yield Case("a comparison: no baseline among the newest", newest, new_and_old([1], []))
    near = make_run(1, labels=("new",), metrics={"accc": {"last": 1}})
    number = make_run(2, labels=("old",), metrics={"acc": {"last": 1}})
    starred = compared("allow_worse: 1", "metrics.acc_*")
    yield Case("a comparison: no key matches the star", starred, new_and_old([1], [1]))
    seedless = compared("allow_worse: 1, pair_by: config.seed")
    yield Case("a comparison: a run has no seed", seedless, new_and_old([1], [1], config={}))
    yield Case("a comparison: missing, another key is near", compared("allow_worse: 1"), [near, number])
    running = make_run(1, labels=("new",), state="RUNNING", metrics={"acc": {"last": 1}})
    yield Case("a comparison: pending", compared("allow_worse: 1"), [running, number])
    unknown = make_run(1, labels=("new",), metrics=None)
    yield Case("a comparison: not fetched", compared("allow_worse: 1"), [unknown, number])
    two = make_run(1, labels=("new",), metrics={"acc": {"last": 1, "max": 2}, "acc.max": {"last": 3}})
    yield Case("a comparison: ambiguous", compared("allow_worse: 1", "metrics.acc.max"), [two, number])
    doubtful = compared("allow_worse: 1").replace("labels: old", "metadata.a.b: 1")
    branch = compared("allow_worse: 1").replace("labels: old", "git.branch: main")
    yield Case("a comparison: an unknown baseline", branch, [*new_and_old([1], []), make_run(2, git=None)])
    twice = make_run(2, metrics={"acc": {"last": 1}}, metadata={"a.b": 1, "a": {"b": 1}})
    yield Case("a comparison: an ambiguous baseline", doubtful, [*new_and_old([1], []), twice])
    larger = compared("allow_worse: 1").replace("{labels: old}", "{labels: old}, min_runs: 30")
    yield Case("a comparison: too few baseline runs", larger, new_and_old([1], [1, 1]))
    group = compared("allow_worse: 1", more="for_each: config.set")
    sets = [make_run(1, labels=("new",), config={"set": "b"}), make_run(2, labels=("old",), config={"set": "a"})]
    yield Case("a comparison: no baseline for the group", group, sets)


def _compared_times() -> Iterator[Case]:
    old_run = make_run(2, labels=("old",))
    slow = make_run(1, labels=("new",), created_at=NOW - timedelta(hours=3))
    yield Case("a comparison: times", compared("allow_worse: 10%", "duration", "lower"), [slow, old_run])
    start = slow.created_at or NOW
    ends = [(f"{label}", start + timedelta(hours=2, minutes=3, seconds=s)) for label, s in (("new", 7), ("old", 5))]
    alike = [make_run(n, labels=(label,), created_at=start, finished_at=end) for n, (label, end) in enumerate(ends)]
    yield Case("a comparison: times nearly alike", compared("allow_worse: 3600", "duration", "lower"), alike)


def _selections() -> Iterator[Case]:
    expect = "\nexpect: {state: FINISHED}"
    yield Case("no runs at all", one_gate(expect))
    for keyword in ("fail", "warn", "skip", "pass"):
        text = one_gate(f"runs: {{labels: smok}}\nif_no_runs: {keyword}{expect}")
        yield Case(f"no runs: {keyword}", text, [make_run(n, labels=(f"label-{n}",)) for n in range(1, 8)])
    yield Case("no runs: one, and its field is missing", one_gate(f"runs: {{group: a}}{expect}"), [make_run()])
    double = make_run(1, metadata={"a.b": 1, "a": {"b": 1}})
    yield Case("an ambiguous selection", one_gate(f"runs: {{metadata.a.b: 1}}{expect}"), [double, make_run(2)])
    several = [double, make_run(2, metadata=double.metadata)]
    yield Case("an ambiguous selection: two runs", one_gate(f"runs: {{metadata.a.b: 1}}{expect}"), several)
    unknown = one_gate(f"runs: {{git.branch: main}}{expect}")
    yield Case("an ambiguous selection: not fetched", unknown, [make_run(git=None)])
    groups = one_gate(f"for_each: config.set{expect}")
    yield Case("groups", groups, runs_with({"set": "a"}, {"set": 1}, {}, {"set": {"a": 1}}))
    yield Case("no group", groups, runs_with({"st": "a"}))


def _reruns_and_choices() -> Iterator[Case]:
    expect = "\nexpect: {config.x: 1}"
    latest = one_gate(f"latest_by: config.seed{expect}")
    yield Case("the latest runs", latest, runs_with({"seed": 1, "x": 0}, {"seed": 1, "x": 1}, {"seed": 2, "x": 1}))
    yield Case("the latest runs: no seed", latest, runs_with({"x": 1}))
    best = one_gate(f"take: {{best: 1, by: metrics.acc, better: higher}}{expect}")
    scored = [make_run(n, metrics={"acc": {"last": n}}, config={"x": 0}) for n in (1, 2)]
    yield Case("the best run", best, scored)
    running = make_run(3, state="RUNNING", metrics={"acc": {"last": 1}}, config={"x": 1})
    yield Case("the best run: one may still become it", best, [*scored, running])


def _changes() -> Iterator[Case]:
    same = BASELINE + one_gate("runs: {labels: new}\nunchanged: {to: main, fields: [config.data]}")

    def runs(new: Any, old: Any) -> list[Run]:
        return [make_run(n, labels=(label,), config={"data": data}) for n, (label, data) in enumerate((new, old), 1)]

    yield Case("unchanged", same, runs(("new", "v1"), ("old", "v1")))
    yield Case("unchanged: it changed", same, runs(("new", "v2"), ("old", "v1")))
    yield Case("unchanged: no baseline", same, runs(("new", "v2"), ("older", "v1")))
    least = same.replace("{labels: old}", "{labels: old}, min_runs: 2")
    yield Case("unchanged: too few baseline runs", least, runs(("new", "v1"), ("old", "v1")))
    rerun = same.replace("{labels: old}", "{labels: old}, latest_by: config.seed")
    yield Case("unchanged: a baseline run has no seed", rerun, runs(("new", "v1"), ("old", "v1")))
    split = same.replace("config.data", "config.data.version")
    unclear = [{"data.version": version, "data": {"version": version}} for version in ("v1", "v2")]
    either = [
        make_run(n, labels=(label,), config=config)
        for n, (label, config) in enumerate(zip(("new", "old"), unclear, strict=True), 1)
    ]
    yield Case("unchanged: an ambiguous field", split, either)
    doubtful = same.replace("labels: old", "metadata.a.b: 1")
    twice = make_run(2, metadata={"a.b": 1, "a": {"b": 1}}, config={"data": "v1"})
    yield Case("unchanged: an ambiguous baseline", doubtful, [*runs(("new", "v1"), ("old", "v1"))[:1], twice])
    unknown = make_run(2, metadata=None, config={"data": "v1"})
    yield Case("unchanged: an unknown baseline", doubtful, [*runs(("new", "v1"), ("old", "v1"))[:1], unknown])
    yield Case(
        "unchanged: no such field", same.replace("config.data", "config.date"), runs(("new", "v1"), ("old", "v1"))
    )
    latest = same.replace("{labels: old}", "{labels: old, state: FINISHED}, latest_by: config.data")
    going = make_run(0, labels=("old",), state="RUNNING", config={"data": "v1"})
    yield Case("unchanged: a baseline run goes on", latest, [*runs(("new", "v1"), ("old", "v1")), going])
    conditions = compared("allow_worse: 1, same: [config.seed]")
    yield Case(
        "a comparison: under ambiguous conditions",
        conditions.replace("config.seed", "config.data.version"),
        [replace(run, metrics={"acc": {"last": 1}}) for run in either],
    )
    yield Case("a comparison: under different conditions", conditions, new_and_old([1, 1], [1]))


def _single_runs() -> Iterator[Case]:
    main = [0.964, 0.961, 0.967]
    yield Case("a comparison: an outlier", compared("allow_worse: 0.005"), new_and_old([0.96, 0.962, 0.1], main))
    pairs = compared("allow_worse: 0.1, pair_by: config.seed")
    yield Case("a comparison: unpaired", pairs, new_and_old([0.96, 0.962], main))
    twice = [make_run(9, labels=("new",), config={"seed": 1}, metrics={"acc": {"last": 0.9}})]
    yield Case("a comparison: two runs for a pair", pairs, [*new_and_old([0.96], [0.96]), *twice])
    yield Case("a comparison: left out", compared("allow_worse: 0.1"), new_and_old([0.96], [0.96, 0.97, None]))
    first = "{runs: {labels: x}, latest_by: config.seed, take: {best: 1, by: metrics.acc, better: higher}}"
    chain = compared("allow_worse: 0.1").replace(
        "runs: {labels: old}", f"min_runs: 2, first_of: [{first}, {{labels: old}}]"
    )
    yield Case("a comparison: the second choice", chain, new_and_old([0.96], [0.96, 0.97]))
    latest = compared("allow_worse: 0.1").replace("{labels: old}", "{labels: old}, latest_by: config.set")
    yield Case("a comparison: reruns cannot be found", latest, new_and_old([0.96], [0.96, 0.97]))
    best = compared("allow_worse: 0.1").replace(
        "{labels: old}", "{labels: old}, take: {best: 1, by: metrics.acc, better: higher}"
    )
    going = make_run(60, labels=("old",), state="RUNNING", metrics={"acc": {"last": 0.5}})
    yield Case("a comparison: one may still count", best, [*new_and_old([0.96], [0.96]), going])


def _waivers_and_verdicts() -> Iterator[Case]:
    one = one_gate("expect: {config.x: {min: 1}}")
    bad, good = runs_with({"x": 0}), runs_with({"x": 1})
    yield Case("a waiver", one + WAIVER % "2027-01-31", bad)
    some = (WAIVER % "2027-01-31").replace("}", ", runs: {name: seed-1}}")
    yield Case("a waiver: of one run", one + some, runs_with({"x": 0}, {"x": 0}))
    yield Case("a waiver: no runs", one + WAIVER % "2027-01-31")
    yield Case("a waiver: expired", one + WAIVER % "2026-11-19", bad)
    yield Case("shadow mode: a gate fails", one, bad, {"level_cap": Level.WARN})
    yield Case(
        "shadow mode: a gate warns", one_gate("level: warn\nexpect: {config.x: 1}"), bad, {"level_cap": Level.INFO}
    )
    yield Case("shadow mode: an error", one, runs_with({"x": "high"}), {"level_cap": Level.WARN})
    strict = one_gate("level: warn\nexpect: {config.x: 1}")
    yield Case("a text for a number", one_gate("expect: {config.x: '0.003'}"), runs_with({"x": 0.003}))
    yield Case("strict", strict, bad, {"strict": True})
    yield Case("strict in shadow mode", strict, bad, {"strict": True, "level_cap": Level.WARN})
    yield Case("nothing checked", one_gate("if_no_runs: skip\nexpect: {config.x: 1}"))
    levels = ["fail", "warn", "info"]
    text = "gates:\n" + "".join(
        f"  - {{name: {level} {x}, level: {level}, expect: {{config.x: {x}}}}}\n" for level in levels for x in (0, 1)
    )
    every = text + (
        "  - {name: error, expect: {config.x: {has: a}}}\n"
        "  - {name: pending, runs: {state: RUNNING}, expect: {state: FINISHED}}\n"
        "  - {name: skipped, if_no_runs: skip, runs: {labels: a}, expect: {state: FINISHED}}\n"
        "  - {name: waived, expect: {config.x: 0}}\n" + WAIVER.replace("one", "waived") % "2027-01-31"
    )
    yield Case("a gate of every status", every, [*good, make_run(2, state="RUNNING", config={"x": 1})])
    many = "gates:\n" + "".join(f"  - {{name: Gate {n}, expect: {{config.x: {{min: 1}}}}}}\n" for n in range(7))
    yield Case("many gates fail", many, bad)
    yield Case("many gates pass", many, good)


def curve(definition: str, body: str) -> str:
    """Write a file with the curve `a` and one gate."""
    return f"curves: {{a: {{of: train/loss, {definition}}}}}\n" + one_gate(body)


def with_points(*values: float, **more: Any) -> Run:
    """Make a run with these points of train/loss, at the steps from 0 on."""
    known: dict[str, Any] = {"metrics": {"train/los": {"last": 1}}}
    return make_run(points={"train/loss": Points.of(range(len(values)), values)}, **(known | more))


def _curves() -> Iterator[Case]:
    miss = "expect: {curve.a: {above: 99}}"
    takes = ["mean", "median", "min", "max", "stdev", "first", "last", "count", "not_finite", "max_rise", "max_drop"]
    for take in [*takes, "slope", "area"]:
        yield Case(f"a curve: {take}", curve(f"take: {take}", miss), [with_points(4, 2, 8)])
    yield Case("a curve: the first step", curve("first: {max: 2}", miss), [with_points(4, 2, 8)])
    yield Case("a curve: no such step", curve("first: {min: 0.5, max: 1}", miss), [with_points(4, 2, 8)])
    windows = ["last: 10", "last: 1", "last: 20%", "from_step: 0", "to_step: 1", "from_step: 1, to_step: 2, last: 50%"]
    for window in windows:
        yield Case(f"a curve: {window}", curve(f"{window}, take: mean", miss), [with_points(4, 2, 8)])
    yield Case("a curve: a run that has not ended", curve("take: mean", miss), [with_points(4, 2, state="RUNNING")])
    yield Case(
        "a curve: decided before the end",
        curve("take: not_finite", "expect: {curve.a: 0}"),
        [
            with_points(4, float("nan"), state="RUNNING"),
        ],
    )
    yield Case("a curve: not finite", curve("take: mean", miss), [with_points(4, float("nan"))])
    yield Case("a curve: not logged", curve("take: mean", miss), [with_points()])
    yield Case("a curve: of a preset, not logged", "extends: preset:healthy\n", [with_points()])
    yield Case("a curve: not fetched", curve("take: mean", miss), [make_run()])
    yield Case("a curve: of all runs", curve("take: mean", "expect: {mean(curve.a): {below: 1}}"), [with_points(4, 2)])
    missing = curve("take: mean", "expect: {mean(curve.a): {below: 1}}")
    yield Case("a curve: of all runs, one without", missing, [with_points(4), with_points(number=2)])
    text = BASELINE + curve(
        "last: 2, take: mean", "runs: {labels: new}\ncompare: {curve.a: {to: main, better: lower, allow_worse: 1%}}"
    )
    old = [with_points(1, 1, number=n, labels=("old",)) for n in (7, 8)]
    yield Case("a curve: compared", text, [with_points(2, 1, labels=("new",)), *old])
    yield Case("a curve: not compared", text, [with_points(labels=("new",)), *old])


def _other_projects() -> Iterator[Case]:
    elsewhere, refused = RunOrigin("their/net"), {RunOrigin("their/net"): Message("text", text=Name("403 Forbidden"))}
    there = [replace(run, origin=elsewhere) for run in new_and_old([0.9], [0.8, 0.9])]
    gate = one_gate("project: their/net\nexpect: {metrics.acc: {min: 0.85}}")
    base = compared("allow_worse: 0.01").replace("main: {", "main: {project: their/net, ")
    yield Case("a gate of another project", gate, there)
    yield Case("a gate of a project that cannot be read", gate, (), {"unread": refused})
    yield Case("a baseline of another project", base, [*new_and_old([0.7], []), *there])
    yield Case("a baseline of a project that cannot be read", base, new_and_old([0.9], []), {"unread": refused})
    yield Case("one group of another project", gate.replace("expect:", "for_each: config.seed\n    expect:"), there)


def all_cases() -> list[Case]:
    """Return every case."""
    return [
        *_expectations(),
        *_without_answer(),
        *_without_advice_on_the_run(),
        *_aggregates(),
        *_numbers_of_runs(),
        *_comparisons(),
        *_odd_comparisons(),
        *_compared_times(),
        *_selections(),
        *_reruns_and_choices(),
        *_changes(),
        *_single_runs(),
        *_waivers_and_verdicts(),
        *_curves(),
        *_other_projects(),
    ]
