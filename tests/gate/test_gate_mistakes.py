"""Every mistake in a gate file is told at its place, with what to write instead."""

import pytest
from gate_factories import one_gate, problem_of

from swanlab_ci import gate
from swanlab_ci.errors import ConfigurationError

GOOD = "expect: {state: FINISHED}"


@pytest.mark.parametrize(
    ("body", "place", "message"),
    [
        ("expect: {status: FINISHED}", "4:14", "unknown field `status`; did you mean `state`?"),
        ("expect: {tags: x}", "4:14", "did you mean `labels`?"),
        ("expect: {hparams.lr: 1}", "4:14", "did you mean `config.lr`?"),
        ("expect: {summary.acc: 1}", "4:14", "did you mean `metrics.acc`?"),
        ("expect: {lr: 1}", "4:14", "did you mean `config.lr` or `metrics.lr`?"),
        ("expect: {config: 1}", "4:14", "name a key of it, like `config.lr`"),
        ("expect: {config.: 1}", "4:14", "unknown field `config.`"),
        ("expect: {config..a: 1}", "4:14", "unknown field `config..a`"),
        ("expect: {git.sha: abcdefg}", "4:14", "did you mean `git.commit`?"),
        ('expect:\n  metrics["a"]["b"]: 1', "5:7", "unknown field"),
        ("expect: {'config[\"a\"': 1}", "4:14", 'is quoted: `config["a.b"]`'),
        ("expect: {state: $pr_number}", "4:21", "`1` is not a state"),
        ("expect: {metrics.a: $head_sha}", "4:25", "`metrics.a` is a number, and"),
        ("expect: {show: $actor}", "4:20", "`show` is true or false, and"),
        ("expect: {git.commit: $head_branch}", "4:26", "too short for a commit"),
        ("expect: {config.x: {minimum: 1}}", "4:25", "unknown operator `minimum`; did you mean `min`?"),
        ("expect: {config.x: {gte: 1}}", "4:25", "did you mean `min`?"),
        ("expect: {config.x: {regex: a}}", "4:25", "did you mean `matches`?"),
        ("expect: {config.x: {zzz: a}}", "4:25", "unknown operator `zzz`"),
        ("expect: {state: FINISH}", "4:21", "`FINISH` is not a state; did you mean `FINISHED`?"),
        ("expect: {state: success}", "4:21", "did you mean `FINISHED`?"),
        ("expect: {state: {not_in: [CRASHED, KILLED]}}", "4:40", "did you mean `ABORTED`?"),
        ("expect: {}", "4:13", "empty: name at least one field"),
        ("expect:", "4:12", "a map is needed here"),
        ("expect: {config.x: {}}", "4:24", "`config.x` has no condition"),
        ("expect: {config.x: []}", "4:24", "an empty list"),
        ("expect: {config.x: }", "4:24", "compared with nothing"),
        ("expect: {config.x: null}", "4:24", "compared with nothing"),
        ("expect: {config.x: {min: }}", "4:30", "a number is needed here, and nothing is none"),
        ("expect: {config.x: {min: no}}", "4:30", "a number is needed here, and `no` is none"),
        ("expect: {config.x: {min: true}}", "4:30", "a number is needed here, and `true` is none"),
        ('expect: {config.x: {min: "1"}}', "4:30", "a number is needed here"),
        ('expect: {config.x: {min: "1"}}', "4:30", "`1` is none; leave the quotes out"),
        ("expect: {config.x: {min: [1]}}", "4:30", "a number is needed here, and a list is none"),
        ('expect: {config.x: {min: ""}}', "4:30", "a number is needed here, and nothing is none"),
        ("expect: {config.x: [[1]]}", "4:25", "a value is needed for `config.x`, not a list"),
        ("expect: {config.x: [{a: 1}]}", "4:25", "a value is needed for `config.x`, not a map"),
        ("expect: {duration: {max: {a: 1}}}", "4:31", "unknown key `a`"),
        ("expect: {name: {contains: [a]}}", "4:31", "a text is needed here"),
        ('expect: {name: {contains: ""}}', "4:31", "a text is needed here"),
        ("expect: {name: {contains: $pr_commits}}", "4:31", "`$pr_commits` is a list, and one text is needed here"),
        ("expect: {name: {matches: [a]}}", "4:30", "a text pattern is needed here"),
        ('expect: {name: {like: ""}}', "4:27", "a text pattern is needed here"),
        (f"expect: {{name: {{like: {'a' * 257}}}}}", "4:27", "a pattern of 257 characters; at most 256 are allowed"),
        ("expect: {name: {version: [a]}}", "4:30", "a version specifier is needed here, like"),
        ('expect: {name: {version: ""}}', "4:30", 'a version specifier is needed here, like ">=2.3,<2.6"'),
        (
            "expect: {name: {version: newest}}",
            "4:30",
            '`newest` is not a version specifier, like ">=2.3,<2.6" (PEP 440)',
        ),
        ("expect: {config.x: {max: {field: [a]}}}", "4:38", "`field` takes the name of a field"),
        ("expect: {config.x: {max: {field: labels}}}", "4:38", "`labels` is a list, and cannot bound `config.x`"),
        ("expect: {config.x: {max: {field: show}}}", "4:38", "`show` is a bool, and cannot bound `config.x`"),
        ("expect: {duration: {max: [4h]}}", "4:30", "like 30s, 5m, 4h or 14d; a list is none"),
        ("expect: {requirements: 1}", "4:14", "name a key of it, like `requirements.torch`"),
        ("expect: {metrics: 1}", "4:14", "name a key of it, like `metrics.lr`"),
        ('expect: {metrics.a: "-.5e3"}', "4:25", "`-.5e3` is none; leave the quotes out"),
        ("expect: {config.x: {min: 90%}}", "4:30", "`90%` is none; write it as it was logged, 90 or 0.9"),
        ('expect: {metrics.a: ">= 0.9"}', "4:25", "`>= 0.9` is none; write `{min: 0.9}`"),
        ('expect: {metrics.a: "<1"}', "4:25", "write `{below: 1}`"),
        ("expects: {state: FINISHED}", "4:5", "unknown key `expects`; did you mean `expect`?"),
        ("expect: {git.commit: $GITHUB_SHA}", "4:26", "did you mean `$pr_commits`?"),
        ("expect: {git.commit: $zzz}", "4:26", "unknown variable `$zzz`; there are $pr_commits, "),
        ("expect: !!set {a, b}", "4:13", "`!!set` is a tag"),
        ("expect: {config.x: {not: no}}", "4:30", 'write false, or quote it if it is a text: "no"'),
        ("expect: {config.x: [a, On]}", "4:28", 'write true, or quote it if it is a text: "On"'),
        ("expect: {config.x: yes}", "4:24", "`yes` is true or false to some readers of YAML and a text to others"),
        (f"how_many: 90%\n{GOOD}", "4:15", "write `{at_least: 90%}` or `{at_most: 90%}`"),
        (f"how_many: 3\n{GOOD}", "4:15", "write `{at_least: 3}`"),
        ("expect: {config.x: {max: .inf}}", "4:30", "a number is needed here"),
        ("expect: {config.x: .nan}", "4:24", "no finite number"),
        ("expect: {config.x: {max: 1e999}}", "4:30", "a number is needed here"),
        ("expect: {config.x: {min: 64, max: 32}}", "4:24", "at least 64 and at most 32; `min` and `max` look swapped"),
        ("expect: {config.x: {above: 1, below: 1}}", "4:24", "no value can be above 1 and below 1"),
        ("expect: {config.x: {min: 1, below: 1}}", "4:24", "no value can be at least 1 and below 1"),
        ("expect: {duration: {max: 4}}", "4:30", "4 what? write a unit: 4s, 4m, 4h or 4d"),
        ("expect: {duration: {max: soon}}", "4:30", "a length of time is needed here"),
        ("expect: {duration: 4h}", "4:24", "`duration` takes `min`, `max`, `above` or `below`"),
        ("expect: {duration: {is: 4h}}", "4:25", "`is` does not apply to `duration`, a time"),
        (
            "expect: {created_at: {min: 2026-01-01}}",
            "4:27",
            "`min` is not for `created_at`; bound the age, like `age: {max: 14d}`",
        ),
        ("expect: {state: {min: 1}}", "4:22", "`min` does not apply to `state`, a text"),
        ("expect: {labels: {not: a}}", "4:23", "`not` does not apply to `labels`, a list; it takes `has`, `lacks`"),
        ("expect: {metrics.a: {like: a}}", "4:26", "`like` does not apply to `metrics.a`, a number"),
        ("expect: {metrics.a: high}", "4:25", "`metrics.a` is a number, and `high` is none"),
        ("expect: {show: 1}", "4:20", "`show` is true or false, and `1` is neither"),
        ("expect: {git.commit: abc123}", "4:26", "too short for a commit; write 7 characters or more"),
        ("expect: {config.x: {is: [1, 2]}}", "4:29", "one value is needed here"),
        ("expect: {config.x: {is: $run_ids}}", "4:29", "one value is needed here"),
        ("expect: {config.x: {exists: 1}}", "4:33", "`exists` takes true or false"),
        ("expect: {config.x: {optional: true}}", "4:24", "so nothing is checked"),
        ("expect: {config.x: {optional: false, min: 1}}", "4:35", "`optional` takes only true"),
        ("expect: {config.x: {type: int}}", "4:31", "did you mean `number`?"),
        ("expect: {config.x: {type: [text]}}", "4:31", "`type` is one of number, text, bool, list, map"),
        ("expect: {config.x: {any_of: []}}", "4:33", "`any_of` takes a list of conditions"),
        ("expect: {config.x: {any_of: {min: 1}}}", "4:33", "`any_of` takes a list of conditions"),
        ("expect: {any_of: {state: FINISHED}}", "4:22", "`any_of` takes a list of condition maps"),
        (f"expect: {{duration: {{max: {'9' * 400}d}}}}", "4:30", "a length of time is needed here"),
        (f"how_many: {{at_least: {'9' * 5000}%}}\n{GOOD}", "4:26", "`at_least`"),
        (
            f"expect: {{config.x: {{version: '>={'9' * 5000}'}}}}",
            "4:34",
            "a version specifier of 5002 characters; at most 256 are allowed",
        ),
        ("expect: {config.x: {version: 2.3}}", "4:34", '`2.3` is not a version specifier; did you mean "==2.3"?'),
        ('expect: {config.x: {version: "~2"}}', "4:34", "(PEP 440)"),
        ("expect: {config.x: {matches: (a+)+$}}", "4:34", "inside a repeat"),
        ("expect: {config.x: {matches: '('}}", "4:34", "not a regular expression"),
        ("expect: {config.x: {max: {times: 2}}}", "4:30", "`{field: OTHER, times: x, plus: y}`"),
        ("expect: {config.x: {max: {field: config.y, by: 2}}}", "4:48", "unknown key `by`"),
        ("expect: {config.x: {max: {field: nope}}}", "4:38", "unknown field `nope`"),
        ("expect: {config.x: {max: {field: age}}}", "4:38", "`age` is a time, and cannot bound `config.x`"),
        ("expect: {config.x: {max: {field: state}}}", "4:38", "`state` is a text, and cannot bound"),
        ("expect: {duration: {max: {field: config.x}}}", "4:38", "cannot bound `duration`"),
        ("expect: {duration: {max: {field: age, plus: 1}}}", "4:49", "1 what? write a unit"),
        ("expect: {avg(config.x): 1}", "4:14", "unknown function `avg`; did you mean `mean`?"),
        ("expect: {mean(): 1}", "4:14", "`mean()` of what?"),
        ("expect: {count(config.x): 1}", "4:14", "write `count()` without a field"),
        ("expect: {mean(lr): 1}", "4:14", "unknown field `lr`"),
        ("expect: {mean(config.x): {exists: true}}", "4:31", "`exists` does not apply to `mean(config.x)`"),
        ("expect: {mean(config.x): {min: {field: config.y}}}", "4:36", "its bound is a number"),
        (f"runs: {{mean(config.x): 1}}\n{GOOD}", "4:12", "belongs directly below a gate's `expect`"),
        ("expect: {any_of: [{mean(config.x): 1}]}", "4:24", "belongs directly below"),
        (f"where: {{state: FINISHED}}\n{GOOD}", "4:5", "unknown key `where`; did you mean `runs`?"),
        (f"severity: warn\n{GOOD}", "4:5", "did you mean `level`?"),
        (f"check: a > b\n{GOOD}", "4:5", "`check` is kept for later"),
        (f"level: error\n{GOOD}", "4:12", "`error` is none of `fail`, `warn`, `info`; did you mean `fail`?"),
        (f"scope: all\n{GOOD}", "4:12", "`all` is none of `project`"),
        (f"newest: 0\n{GOOD}", "4:13", "`newest` is a whole number, 1 or more"),
        (f"newest: true\n{GOOD}", "4:13", "`newest` is a whole number"),
        (f"for_each: metrics.a\n{GOOD}", "4:15", "does not sort runs into groups"),
        (f"for_each: labels\n{GOOD}", "4:15", "does not sort runs into groups"),
        (f"for_each: state\n{GOOD}", "4:15", "does not sort runs into groups"),
        (f"for_each: age\n{GOOD}", "4:15", "does not sort runs into groups"),
        (f"for_each: [a]\n{GOOD}", "4:15", "the name of a field is needed"),
        (f"how_many: most\n{GOOD}", "4:15", "`most` is none of `all`, `any`, `none`"),
        (f"how_many: {{min: 1}}\n{GOOD}", "4:16", "did you mean `at_least`?"),
        (f"how_many: {{at_least: 0}}\n{GOOD}", "4:26", "`at_least` is a whole number, 1 or more"),
        (f"how_many: {{at_least: 0%}}\n{GOOD}", "4:26", "above 0% and up to 100%"),
        (f"how_many: {{at_most: 101%}}\n{GOOD}", "4:25", "up to 100%"),
        (f"how_many: {{at_least: 1, at_most: 2}}\n{GOOD}", "4:15", "`how_many` is all, any, none"),
        ("how_many: any\nexpect: {count(): 1}", "4:15", "no expectation of this gate is about a single run"),
        (f"if_no_runs: error\n{GOOD}", "4:17", "`error` is none of"),
        (f"id: a b\n{GOOD}", "4:9", "`a b` is no id"),
        (f"why:\n{GOOD}", "4:9", "a text is needed here"),
        ("runs: {state: FINISHED}", "3:5", "this gate checks nothing"),
        ("compare: {}", "4:14", "empty: name at least one field"),
        ("compare: {metrics.a: {better: higher, allow_worse: 0}}", "4:26", "`to` is missing"),
        ("compare: {state: {to: main, better: higher, allow_worse: 0}}", "4:15", "only numbers can be compared"),
    ],
)
def test_a_mistake_in_a_gate_is_told_at_its_place(body: str, place: str, message: str) -> None:
    problem = problem_of(one_gate(body))

    assert message in str(problem.message)
    assert f"{problem.line}:{problem.column}" == place


BASE = "project: me/net\nbaselines: {main: {runs: {labels: a}}}\ngates:\n  - name: One\n    compare:\n      metrics.a: "


@pytest.mark.parametrize(
    ("comparison", "place", "message"),
    [
        ("{to: mian, better: higher, allow_worse: 0}", "6:23", "no baseline `mian`; did you mean `main`?"),
        ("{to: zzz, better: higher, allow_worse: 0}", "6:23", "name it under `baselines`"),
        ("{to: main, allow_worse: 0}", "6:18", "is `higher` or `lower` better?"),
        ("{to: main, better: up, allow_worse: 0}", "6:37", "`up` is none of `higher`, `lower`"),
        ("{to: main, better: higher}", "6:18", "either `allow_worse` or `require_better`"),
        ("{to: main, better: higher, allow_worse: 0, require_better: 0}", "6:18", "either `allow_worse` or"),
        ("{to: main, better: higher, allow_worse: -1}", "6:58", "cannot be negative"),
        ("{to: main, better: higher, allow_worse: []}", "6:58", "an empty list"),
        ("{to: main, better: higher, allow_worse: some}", "6:58", "a number is needed here"),
        (f"{{to: main, better: higher, allow_worse: {'9' * 400}%}}", "6:58", "a number is needed here"),
        (f"{{to: main, better: higher, allow_worse: 0.{'9' * 5000}%}}", "6:58", "a number is needed here"),
        (f"{{to: main, better: higher, allow_worse: 1, noise: {'9' * 400} se}}", "6:68", "number of standard errors"),
        ("{to: main, better: higher, allow_worse: 0, noise: 2}", "6:68", "like `2 se`"),
        ("{to: main, better: higher, allow_worse: 0, over_runs: max}", "6:72", "`max` is none of `mean`"),
        ("{to: main, better: higher, allow_worse: 0, over_runs: best, pair_by: config.s}", "6:72", "there is no best"),
        ("{to: main, better: higher, allow_worse: 0, on_missing: pass}", "6:73", "`pass` is none of"),
        ("{to: main, better: higher, allow_worse: 0, if_within_noise: skip}", "6:78", "`skip` is none of"),
        ("{to: main, better: higher, allow_worse: -1%}", "6:58", "an amount cannot be negative"),
        ("{to: main, better: higher, allow_worse: [1%, -2]}", "6:63", "an amount cannot be negative"),
        ("{baseline: main, better: higher, allow_worse: 0}", "6:19", "did you mean `to`?"),
    ],
)
def test_a_mistake_in_a_comparison_is_told_at_its_place(comparison: str, place: str, message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        gate.load(BASE + comparison + "\n", name="gates.yml")

    assert any(message in str(each.message) and f"{each.line}:{each.column}" == place for each in caught.value.problems)


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("project: me/net\n", "1:1", "no gates"),
        ("project: me/net\ngates: []\n", "2:8", "`gates` is empty"),
        ("project: me/net\ngates: {name: x}\n", "2:8", "`gates` is a list"),
        ("project: me\n" + one_gate(GOOD).split("\n", 1)[1], "1:10", "`project` is written `workspace/project`"),
        ("version: 2\n" + one_gate(GOOD), "1:10", "`version` is 1"),
        ("version: true\n" + one_gate(GOOD), "1:10", "`version` is 1"),
        ("host: https://evil.example\n" + one_gate(GOOD), "1:1", "never read from this file"),
        ("api_key: x\n" + one_gate(GOOD), "1:1", "never read from this file"),
        ("rules: []\n" + one_gate(GOOD), "1:1", "unknown key `rules`; did you mean `gates`?"),
        ("baselines: {main: {newest: 3}}\n" + one_gate(GOOD), "1:19", "the baseline `main` selects no runs"),
        ("baselines: [main]\n" + one_gate(GOOD), "1:12", "a map is needed here"),
        ("extends: preset:smoky\n" + one_gate(GOOD), "1:10", "unknown preset `smoky`; did you mean `smoke`?"),
        ("extends: https://x.example/a.yml\n" + one_gate(GOOD), "1:10", "URLs, absolute paths and `..` are refused"),
        ("extends: /etc/a.yml\n" + one_gate(GOOD), "1:10", "are refused"),
        ("extends: ../a.yml\n" + one_gate(GOOD), "1:10", "are refused"),
        ("extends: a.yml\n" + one_gate(GOOD), "1:10", "cannot be read here"),
        ("extends: [[a]]\n" + one_gate(GOOD), "1:11", "`extends` names"),
        (
            "runs: {git.commit: $head_sah}\n" + one_gate(GOOD),
            "1:20",
            "unknown variable `$head_sah`; did you mean `$head_sha`?",
        ),
        ("runs: {git.commit: '${head_sha}'}\n" + one_gate(GOOD), "1:20", "written without braces, like `$head_sha`"),
        ("runs: {name: pr-$pr_number}\n" + one_gate(GOOD), "1:14", "`$pr_number` must stand alone"),
        ("runs: {name: {like: $head_branch}}\n" + one_gate(GOOD), "1:21", "is a value, not a pattern"),
        (
            one_gate(GOOD) + "waivers:\n  - {gate: One, reason: long enough, until: 2027-01-31}\n",
            "6:12",
            "did you mean `one`?",
        ),
        (
            one_gate(GOOD) + "waivers:\n  - {gate: one, reason: too short, until: 2027-01-31}\n",
            "6:25",
            "10 characters or more",
        ),
        (one_gate(GOOD) + "waivers:\n  - {gate: one, reason: long enough}\n", "6:5", "a waiver ends"),
        (one_gate(GOOD) + "waivers:\n  - {gate: one, reason: long enough, until: never}\n", "6:45", "is not a date"),
        (one_gate(GOOD) + "waivers:\n  - {reason: long enough, until: 2027-01-31}\n", "6:5", "names its `gate`"),
        (one_gate(GOOD) + "  - name: ONE\n    expect: {state: FINISHED}\n", "5:5", "taken by the gate on line 3"),
        (one_gate(GOOD) + "  - name: '!!'\n    expect: {state: FINISHED}\n", "5:5", "no `id` can be made"),
        (one_gate(GOOD) + "  - expect: {state: FINISHED}\n", "5:5", "has no `name`"),
        (one_gate(GOOD) + "  - just text\n", "5:5", "a map is needed here"),
    ],
)
def test_a_mistake_in_the_file_is_told_at_its_place(text: str, place: str, message: str) -> None:
    problem = problem_of(text)

    assert message in str(problem.message)
    assert f"{problem.line}:{problem.column}" == place


def test_the_error_says_how_many_problems_there_are() -> None:
    with pytest.raises(ConfigurationError) as caught:
        gate.load("colour: red\nsize: 1\n" + one_gate(GOOD), name="swanlab-gate.yml")

    assert str(caught.value.what) == "swanlab-gate.yml has 2 problems."
    assert caught.value.exit_code == 2
