"""Mistakes in gate files and files of tests: the text, the place of the mistake, and its message.

A parameter that is None is left out of the message, as `without_none` does.
"""

# ruff: noqa: RUF001 - full-width punctuation is a mistake, too

from gate_factories import one_gate

from swanlab_ci.errors import ConfigurationError
from swanlab_ci.messages import Message


def _missing() -> ConfigurationError:
    error = ConfigurationError(Message("text", text="no such file"))
    error.__cause__ = FileNotFoundError()
    return error


GOOD = "expect: {state: FINISHED}"
BASE = "project: me/net\nbaselines: {main: {runs: {labels: a}}}\ngates:\n  - name: One\n    compare:\n      metrics.a: "

IN_GATES = [
    ("compare: [metrics.a]", "4:14", Message("gate-file.map-of-comparisons")),
    (
        "expect: {max(duration): {exists: true}}",
        "4:30",
        Message(
            "gate-file.operator-for-kind",
            operator="exists",
            field="max(duration)",
            kind="aggregate-time",
            known=("min", "max", "above", "below", "any_of", "none_of"),
        ),
    ),
    (
        "expect: {status: FINISHED}",
        "4:14",
        Message("gate-file.unknown-field", field="status", hint=Message("gate-file.hint-word", word="state")),
    ),
    (
        "expect: {tags: x}",
        "4:14",
        Message("gate-file.unknown-field", field="tags", hint=Message("gate-file.hint-word", word="labels")),
    ),
    (
        "expect: {hparams.lr: 1}",
        "4:14",
        Message("gate-file.unknown-field", field="hparams.lr", hint=Message("gate-file.hint-word", word="config.lr")),
    ),
    (
        "expect: {summary.acc: 1}",
        "4:14",
        Message(
            "gate-file.unknown-field", field="summary.acc", hint=Message("gate-file.hint-word", word="metrics.acc")
        ),
    ),
    (
        "expect: {lr: 1}",
        "4:14",
        Message(
            "gate-file.unknown-field",
            field="lr",
            hint=Message("gate-file.hint-either", one="config.lr", other="metrics.lr"),
        ),
    ),
    (
        "expect: {config: 1}",
        "4:14",
        Message("gate-file.unknown-field", field="config", hint=Message("gate-file.hint-key-of", example="config.lr")),
    ),
    (
        "expect: {config.: 1}",
        "4:14",
        Message(
            "gate-file.unknown-field",
            field="config.",
            hint=Message("gate-file.hint-quoted-key", example='config["a.b"]'),
        ),
    ),
    (
        "expect: {config..a: 1}",
        "4:14",
        Message(
            "gate-file.unknown-field",
            field="config..a",
            hint=Message("gate-file.hint-quoted-key", example='config["a.b"]'),
        ),
    ),
    (
        "expect: {git.sha: abcdefg}",
        "4:14",
        Message("gate-file.unknown-field", field="git.sha", hint=Message("gate-file.hint-word", word="git.commit")),
    ),
    (
        'expect:\n  metrics["a"]["b"]: 1',
        "5:7",
        Message(
            "gate-file.unknown-field",
            field='metrics["a"]["b"]',
            hint=Message("gate-file.hint-quoted-key", example='metrics["a.b"]'),
        ),
    ),
    (
        "expect: {'config[\"a\"': 1}",
        "4:14",
        Message(
            "gate-file.unknown-field",
            field='config["a"',
            hint=Message("gate-file.hint-quoted-key", example='config["a.b"]'),
        ),
    ),
    ("expect: {state: $pr_number}", "4:21", Message("gate-file.not-a-state", state="1")),
    (
        "expect: {metrics.a: $head_sha}",
        "4:25",
        Message("gate-file.field-is-number", field="metrics.a", text="aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
    ),
    ("expect: {show: $actor}", "4:20", Message("gate-file.field-is-bool", field="show", text="octocat")),
    ("expect: {git.commit: $head_branch}", "4:26", Message("gate-file.commit-short", commit="topic", least=7)),
    ("expect: {config.x: {minimum: 1}}", "4:25", Message("gate-file.unknown-operator", operator="minimum", hint="min")),
    ("expect: {config.x: {gte: 1}}", "4:25", Message("gate-file.unknown-operator", operator="gte", hint="min")),
    ("expect: {config.x: {regex: a}}", "4:25", Message("gate-file.unknown-operator", operator="regex", hint="matches")),
    ("expect: {config.x: {zzz: a}}", "4:25", Message("gate-file.unknown-operator", operator="zzz")),
    ("expect: {state: FINISH}", "4:21", Message("gate-file.not-a-state", state="FINISH", hint="FINISHED")),
    ("expect: {state: success}", "4:21", Message("gate-file.not-a-state", state="success", hint="FINISHED")),
    (
        "expect: {state: {not_in: [CRASHED, KILLED]}}",
        "4:40",
        Message("gate-file.not-a-state", state="KILLED", hint="ABORTED"),
    ),
    ("expect: {}", "4:13", Message("gate-file.no-fields")),
    ("expect:", "4:12", Message("gate-file.map-of-conditions")),
    ("expect: state：FINISHED", "4:18", Message("gate-file.full-width-colon", sign="：", half=": ")),
    ("expect: {config.x: {}}", "4:24", Message("gate-file.no-condition", field="config.x")),
    ("expect: {config.x: []}", "4:24", Message("gate-file.no-values")),
    ("expect: {config.x: }", "4:24", Message("gate-file.no-value", field="config.x")),
    ("expect: {config.x: null}", "4:24", Message("gate-file.no-value", field="config.x")),
    (
        "expect: {config.x: {min: }}",
        "4:30",
        Message("gate-file.number-needed", found=Message("gate-file.found-nothing")),
    ),
    (
        "expect: {config.x: {min: no}}",
        "4:30",
        Message("gate-file.number-needed", found=Message("gate-file.found-text", text="no")),
    ),
    (
        "expect: {config.x: {min: true}}",
        "4:30",
        Message("gate-file.number-needed", found=Message("gate-file.found-text", text="true")),
    ),
    (
        'expect: {config.x: {min: "1"}}',
        "4:30",
        Message(
            "gate-file.number-needed",
            found=Message("gate-file.found-text", text="1"),
            hint=Message("gate-file.hint-unquote"),
        ),
    ),
    (
        'expect: {config.x: {min: "1"}}',
        "4:30",
        Message(
            "gate-file.number-needed",
            found=Message("gate-file.found-text", text="1"),
            hint=Message("gate-file.hint-unquote"),
        ),
    ),
    (
        "expect: {config.x: {min: [1]}}",
        "4:30",
        Message("gate-file.number-needed", found=Message("gate-file.found-list")),
    ),
    (
        'expect: {config.x: {min: ""}}',
        "4:30",
        Message("gate-file.number-needed", found=Message("gate-file.found-nothing")),
    ),
    (
        "expect: {config.x: [[1]]}",
        "4:25",
        Message("gate-file.value-needed", field="config.x", found=Message("gate-file.found-list")),
    ),
    (
        "expect: {config.x: [{a: 1}]}",
        "4:25",
        Message("gate-file.value-needed", field="config.x", found=Message("gate-file.found-map")),
    ),
    ("expect: {duration: {max: {a: 1}}}", "4:31", Message("gate-file.unknown-key", key="a")),
    ("expect: {name: {contains: [a]}}", "4:31", Message("gate-file.text-needed")),
    ('expect: {name: {contains: ""}}', "4:31", Message("gate-file.text-needed")),
    ("expect: {name: {contains: $pr_commits}}", "4:31", Message("gate-file.variable-list", variable="$pr_commits")),
    ("expect: {name: {matches: [a]}}", "4:30", Message("gate-file.pattern-needed")),
    ('expect: {name: {like: ""}}', "4:27", Message("gate-file.pattern-needed")),
    (f"expect: {{name: {{like: {'a' * 257}}}}}", "4:27", Message("gate-file.pattern-long", length=257, limit=256)),
    ("expect: {name: {version: [a]}}", "4:30", Message("gate-file.version-needed", example='">=2.3,<2.6"')),
    ('expect: {name: {version: ""}}', "4:30", Message("gate-file.version-needed", example='">=2.3,<2.6"')),
    (
        "expect: {name: {version: newest}}",
        "4:30",
        Message("gate-file.version-form", text="newest", example='">=2.3,<2.6"'),
    ),
    ("expect: {config.x: {max: {field: [a]}}}", "4:38", Message("gate-file.bound-field")),
    (
        "expect: {config.x: {max: {field: labels}}}",
        "4:38",
        Message("gate-file.bound-kind", bound="labels", kind="list", field="config.x"),
    ),
    (
        "expect: {config.x: {max: {field: show}}}",
        "4:38",
        Message("gate-file.bound-kind", bound="show", kind="bool", field="config.x"),
    ),
    (
        "expect: {duration: {max: [4h]}}",
        "4:30",
        Message("gate-file.time-needed", examples=("30s", "5m", "4h", "14d"), found=Message("gate-file.found-list")),
    ),
    (
        "expect: {requirements: 1}",
        "4:14",
        Message(
            "gate-file.unknown-field",
            field="requirements",
            hint=Message("gate-file.hint-key-of", example="requirements.torch"),
        ),
    ),
    (
        "expect: {metrics: 1}",
        "4:14",
        Message(
            "gate-file.unknown-field", field="metrics", hint=Message("gate-file.hint-key-of", example="metrics.loss")
        ),
    ),
    (
        'expect: {metrics.a: "-.5e3"}',
        "4:25",
        Message("gate-file.field-is-number", field="metrics.a", text="-.5e3", hint=Message("gate-file.hint-unquote")),
    ),
    (
        "expect: {config.x: {min: 90%}}",
        "4:30",
        Message(
            "gate-file.number-needed",
            found=Message("gate-file.found-text", text="90%"),
            hint=Message("gate-file.hint-as-logged", percent="90", share="0.9"),
        ),
    ),
    (
        'expect: {metrics.a: ">= 0.9"}',
        "4:25",
        Message(
            "gate-file.field-is-number",
            field="metrics.a",
            text=">= 0.9",
            hint=Message("gate-file.hint-write", example="{min: 0.9}"),
        ),
    ),
    (
        'expect: {metrics.a: "<1"}',
        "4:25",
        Message(
            "gate-file.field-is-number",
            field="metrics.a",
            text="<1",
            hint=Message("gate-file.hint-write", example="{below: 1}"),
        ),
    ),
    ("expects: {state: FINISHED}", "4:5", Message("gate-file.unknown-key", key="expects", hint="expect")),
    (
        "expect: {git.commit: $GITHUB_SHA}",
        "4:26",
        Message("gate-file.unknown-variable", variable="$GITHUB_SHA", hint="$pr_commits"),
    ),
    (
        "expect: {git.commit: $zzz}",
        "4:26",
        Message(
            "gate-file.unknown-variable",
            variable="$zzz",
            known=(
                "$pr_commits",
                "$head_sha",
                "$merge_sha",
                "$base_sha",
                "$base_branch",
                "$head_branch",
                "$pr_number",
                "$actor",
                "$run_ids",
            ),
        ),
    ),
    ("expect: !!set {a, b}", "4:13", Message("gate-file.tag", tag="!!set")),
    (
        "expect: {config.x: {not: no}}",
        "4:30",
        Message("gate-file.bool-in-yaml", text="no", value="false", quoted='"no"'),
    ),
    ("expect: {config.x: [a, On]}", "4:28", Message("gate-file.bool-in-yaml", text="On", value="true", quoted='"On"')),
    ("expect: {config.x: yes}", "4:24", Message("gate-file.bool-in-yaml", text="yes", value="true", quoted='"yes"')),
    (f"how_many: 90%\n{GOOD}", "4:15", Message("gate-file.how-many-number", number="90%")),
    (f"how_many: 3\n{GOOD}", "4:15", Message("gate-file.how-many-number", number="3")),
    (
        "expect: {config.x: {max: .inf}}",
        "4:30",
        Message("gate-file.number-needed", found=Message("gate-file.found-text", text=".inf")),
    ),
    ("expect: {config.x: .nan}", "4:24", Message("gate-file.not-finite", text=".nan")),
    (
        "expect: {config.x: {max: 1e999}}",
        "4:30",
        Message("gate-file.number-needed", found=Message("gate-file.found-text", text="1e999")),
    ),
    (
        "expect: {config.x: {min: 64, max: 32}}",
        "4:24",
        Message("gate-file.swapped-range", low="min: 64", high="max: 32", lower="min", upper="max"),
    ),
    (
        "expect: {config.x: {above: 1, below: 1}}",
        "4:24",
        Message("gate-file.empty-range", low="above: 1", high="below: 1"),
    ),
    ("expect: {config.x: {min: 1, below: 1}}", "4:24", Message("gate-file.empty-range", low="min: 1", high="below: 1")),
    ("expect: {duration: {max: 4}}", "4:30", Message("gate-file.unit-missing", examples=("4s", "4m", "4h", "4d"))),
    (
        "expect: {duration: {max: soon}}",
        "4:30",
        Message(
            "gate-file.time-needed",
            examples=("30s", "5m", "4h", "14d"),
            found=Message("gate-file.found-text", text="soon"),
        ),
    ),
    ("expect: {duration: 4h}", "4:24", Message("gate-file.time-without-operator", field="duration")),
    (
        "expect: {duration: {is: 4h}}",
        "4:25",
        Message(
            "gate-file.operator-for-kind",
            operator="is",
            field="duration",
            kind="time",
            known=("min", "max", "above", "below", "exists", "optional", "any_of", "none_of"),
        ),
    ),
    (
        "expect: {created_at: {min: 2026-01-01}}",
        "4:27",
        Message("gate-file.operator-for-date", operator="min", field="created_at", example="age: {max: 14d}"),
    ),
    (
        "expect: {state: {min: 1}}",
        "4:22",
        Message(
            "gate-file.operator-for-kind",
            operator="min",
            field="state",
            kind="text",
            known=(
                "is",
                "not",
                "in",
                "not_in",
                "contains",
                "like",
                "matches",
                "version",
                "exists",
                "type",
                "optional",
                "any_of",
                "none_of",
            ),
        ),
    ),
    (
        "expect: {labels: {not: a}}",
        "4:23",
        Message(
            "gate-file.operator-for-kind",
            operator="not",
            field="labels",
            kind="list",
            known=("has", "lacks", "exists", "type", "optional", "any_of", "none_of"),
        ),
    ),
    (
        "expect: {metrics.a: {like: a}}",
        "4:26",
        Message(
            "gate-file.operator-for-kind",
            operator="like",
            field="metrics.a",
            kind="number",
            known=(
                "is",
                "not",
                "in",
                "not_in",
                "min",
                "max",
                "above",
                "below",
                "exists",
                "type",
                "optional",
                "any_of",
                "none_of",
            ),
        ),
    ),
    ("expect: {metrics.a: high}", "4:25", Message("gate-file.field-is-number", field="metrics.a", text="high")),
    ("expect: {show: 1}", "4:20", Message("gate-file.field-is-bool", field="show", text="1")),
    ("expect: {git.commit: abc123}", "4:26", Message("gate-file.commit-short", commit="abc123", least=7)),
    ("expect: {config.x: {is: [1, 2]}}", "4:29", Message("gate-file.one-value")),
    ("expect: {config.x: {is: $run_ids}}", "4:29", Message("gate-file.one-value")),
    (
        "expect: {config.x: {exists: 1}}",
        "4:33",
        Message("gate-file.exists", found=Message("gate-file.found-text", text="1")),
    ),
    (
        'expect: {config.x: {exists: "true"}}',
        "4:33",
        Message(
            "gate-file.exists",
            found=Message("gate-file.found-text", text="true"),
            hint=Message("gate-file.hint-unquote"),
        ),
    ),
    ("expect: {config.x:1}", "4:14", Message("gate-file.no-space", key="config.x:")),
    ("expect: {state:FINISHED}", "4:14", Message("gate-file.no-space", key="state:")),
    ("expect:\n  config.x:1", "5:7", Message("gate-file.no-space", key="config.x:")),
    ("expect: {config.x: {max:1}}", "4:25", Message("gate-file.no-space", key="max:")),
    ("expect: {config.x: 1}\nstate: FINISHED", "5:5", Message("gate-file.field-as-key", field="state", key="expect")),
    ("expect: {group: '${{ github.sha }}'}", "4:21", Message("gate-file.workflow-expression", example="$head_sha")),
    ("expect: {group: 'a-${{ github.sha }}'}", "4:21", Message("gate-file.workflow-expression", example="$head_sha")),
    (
        "expect: {mean(state): {min: 1}}",
        "4:14",
        Message("gate-file.function-of-kind", function="mean", field="state", kind="text"),
    ),
    (
        "expect: {max(labels): {min: 1}}",
        "4:14",
        Message("gate-file.function-of-kind", function="max", field="labels", kind="list"),
    ),
    (
        "expect: {sum(show): {min: 1}}",
        "4:14",
        Message("gate-file.function-of-kind", function="sum", field="show", kind="bool"),
    ),
    ("expect: {config.x: {optional: true}}", "4:24", Message("gate-file.only-optional", field="config.x")),
    (
        "expect: {config.x: {exists: true, optional: true}}",
        "4:24",
        Message("gate-file.exists-and-optional", field="config.x"),
    ),
    (
        "expect: {config.x: {min: 1, optional: true, exists: true}}",
        "4:24",
        Message("gate-file.exists-and-optional", field="config.x"),
    ),
    ("expect: {config.x: {optional: false, min: 1}}", "4:35", Message("gate-file.optional-true")),
    (
        "expect: {config.x: {type: int}}",
        "4:31",
        Message("gate-file.type", known=("number", "text", "bool", "list", "map"), hint="number"),
    ),
    (
        "expect: {config.x: {type: [text]}}",
        "4:31",
        Message("gate-file.type", known=("number", "text", "bool", "list", "map")),
    ),
    ("expect: {config.x: {any_of: []}}", "4:33", Message("gate-file.branches-of-conditions", operator="any_of")),
    ("expect: {config.x: {any_of: {min: 1}}}", "4:33", Message("gate-file.branches-of-conditions", operator="any_of")),
    ("expect: {any_of: {state: FINISHED}}", "4:22", Message("gate-file.branches-of-fields", operator="any_of")),
    (
        f"expect: {{duration: {{max: {'9' * 400}d}}}}",
        "4:30",
        Message(
            "gate-file.time-needed",
            examples=("30s", "5m", "4h", "14d"),
            found=Message(
                "gate-file.found-text",
                text="9" * 400 + "d",
            ),
        ),
    ),
    (
        f"how_many: {{at_least: {'9' * 5000}%}}\n{GOOD}",
        "4:26",
        Message("gate-file.whole-number", key="at_least", least=1),
    ),
    (
        f"expect: {{config.x: {{version: '>={'9' * 5000}'}}}}",
        "4:34",
        Message("gate-file.version-long", length=5002, limit=256),
    ),
    ("expect: {config.x: {version: 2.3}}", "4:34", Message("gate-file.version-form", text="2.3", hint='"==2.3"')),
    (
        'expect: {config.x: {version: "~2"}}',
        "4:34",
        Message("gate-file.version-form", text="~2", example='">=2.3,<2.6"'),
    ),
    ("expect: {config.x: {matches: (a+)+$}}", "4:34", Message("gate-file.regex-nested")),
    (
        "expect: {config.x: {matches: '('}}",
        "4:34",
        Message("gate-file.regex-form", reason="missing ), unterminated subpattern at position 0"),
    ),
    ("expect: {config.x: {max: {times: 2}}}", "4:30", Message("gate-file.bound-form")),
    ("expect: {config.x: {max: {field: config.y, by: 2}}}", "4:48", Message("gate-file.unknown-key", key="by")),
    (
        "expect: {config.x: {max: {field: nope}}}",
        "4:38",
        Message(
            "gate-file.unknown-field",
            field="nope",
            hint=Message("gate-file.hint-either", one="config.nope", other="metrics.nope"),
        ),
    ),
    (
        "expect: {config.x: {max: {field: age}}}",
        "4:38",
        Message("gate-file.bound-kind", bound="age", kind="time", field="config.x"),
    ),
    (
        "expect: {config.x: {max: {field: state}}}",
        "4:38",
        Message("gate-file.bound-kind", bound="state", kind="text", field="config.x"),
    ),
    (
        "expect: {duration: {max: {field: name}}}",
        "4:38",
        Message("gate-file.bound-kind", bound="name", kind="text", field="duration"),
    ),
    (
        "expect: {duration: {max: {field: age, plus: 1}}}",
        "4:49",
        Message("gate-file.unit-missing", examples=("1s", "1m", "1h", "1d")),
    ),
    ("expect: {avg(config.x): 1}", "4:14", Message("gate-file.unknown-function", function="avg", hint="mean")),
    ("expect: {mean(): 1}", "4:14", Message("gate-file.function-of-nothing", call="mean()")),
    ("expect: {count(config.x): 1}", "4:14", Message("gate-file.count-of-field")),
    (
        "expect: {mean(lr): 1}",
        "4:14",
        Message(
            "gate-file.unknown-field",
            field="lr",
            hint=Message("gate-file.hint-either", one="config.lr", other="metrics.lr"),
        ),
    ),
    (
        "expect: {mean(config.x): {exists: true}}",
        "4:31",
        Message(
            "gate-file.operator-for-kind",
            operator="exists",
            field="mean(config.x)",
            kind="aggregate",
            known=("is", "not", "in", "not_in", "min", "max", "above", "below", "any_of", "none_of"),
        ),
    ),
    (
        "expect: {mean(config.x): {min: {field: config.y}}}",
        "4:44",
        Message("gate-file.bound-of-all", call="mean(config.x)"),
    ),
    (f"runs: {{mean(config.x): 1}}\n{GOOD}", "4:12", Message("gate-file.function-elsewhere", call="mean(config.x)")),
    ("expect: {any_of: [{mean(config.x): 1}]}", "4:24", Message("gate-file.function-elsewhere", call="mean(config.x)")),
    (f"where: {{state: FINISHED}}\n{GOOD}", "4:5", Message("gate-file.unknown-key", key="where", hint="runs")),
    (f"severity: warn\n{GOOD}", "4:5", Message("gate-file.unknown-key", key="severity", hint="level")),
    (f"check: a > b\n{GOOD}", "4:5", Message("gate-file.check-reserved")),
    (
        f"level: error\n{GOOD}",
        "4:12",
        Message("gate-file.not-one-of", word="error", known=("fail", "warn", "info"), hint="fail"),
    ),
    (f"scope: all\n{GOOD}", "4:12", Message("gate-file.not-one-of", word="all", known=("project",))),
    (f"newest: 0\n{GOOD}", "4:13", Message("gate-file.whole-number", key="newest", least=1)),
    (f"newest: true\n{GOOD}", "4:13", Message("gate-file.whole-number", key="newest", least=1)),
    (f"for_each: metrics.a\n{GOOD}", "4:15", Message("gate-file.grouping-changes", field="metrics.a")),
    (f"for_each: labels\n{GOOD}", "4:15", Message("gate-file.grouping-changes", field="labels")),
    (f"for_each: state\n{GOOD}", "4:15", Message("gate-file.grouping-changes", field="state")),
    (f"for_each: age\n{GOOD}", "4:15", Message("gate-file.grouping-changes", field="age")),
    (f"for_each: [a]\n{GOOD}", "4:15", Message("gate-file.grouping-field")),
    (f"how_many: most\n{GOOD}", "4:15", Message("gate-file.not-one-of", word="most", known=("all", "any", "none"))),
    (f"how_many: {{min: 1}}\n{GOOD}", "4:16", Message("gate-file.unknown-key", key="min", hint="at_least")),
    (f"how_many: {{at_least: 0}}\n{GOOD}", "4:26", Message("gate-file.whole-number", key="at_least", least=1)),
    (f"how_many: {{at_least: 0%}}\n{GOOD}", "4:26", Message("gate-file.share-least")),
    (f"how_many: {{at_most: 101%}}\n{GOOD}", "4:25", Message("gate-file.share-most")),
    (f"how_many: {{at_least: 1, at_most: 2}}\n{GOOD}", "4:15", Message("gate-file.how-many-form")),
    ("how_many: any\nexpect: {count(): 1}", "4:15", Message("gate-file.how-many-of-nothing")),
    (
        f"if_no_runs: error\n{GOOD}",
        "4:17",
        Message("gate-file.not-one-of", word="error", known=("fail", "warn", "skip", "pass")),
    ),
    (f"id: a b\n{GOOD}", "4:9", Message("gate-file.id-form", id="a b", example="a-b")),
    (f"why:\n{GOOD}", "4:9", Message("gate-file.text-needed")),
    ("runs: {state: FINISHED}", "3:5", Message("gate-file.gate-without-check")),
    ("compare: {}", "4:14", Message("gate-file.compare-nothing")),
    ("compare: {metrics.a: {better: higher, allow_worse: 0}}", "4:26", Message("gate-file.compare-to")),
    (
        "compare: {state: {to: main, better: higher, allow_worse: 0}}",
        "4:15",
        Message("gate-file.compare-kind", field="state", kind="text"),
    ),
    (
        "take: {best: 3, by: metrics.acc, better: higher}\nnewest: 2\nexpect: {state: FINISHED}",
        "4:11",
        Message("gate-file.take-and-newest"),
    ),
    (
        "take: {best: 3, by: metrics.acc}\nexpect: {state: FINISHED}",
        "4:11",
        Message("gate-file.take-form", key="better"),
    ),
    (
        "take: {best: 2, by: name, better: lower}\nexpect: {state: FINISHED}",
        "4:25",
        Message("gate-file.take-by-kind", field="name", kind="text"),
    ),
    ("take: {best: 2, by: [a], better: lower}\nexpect: {state: FINISHED}", "4:25", Message("gate-file.take-by")),
    (
        "take: {best: 2, by: metrics.a*, better: lower}\nexpect: {state: FINISHED}",
        "4:25",
        Message("gate-file.star", field="metrics.a*"),
    ),
    (
        "latest_by: metrics.acc\nexpect: {state: FINISHED}",
        "4:16",
        Message("gate-file.grouping-changes", field="metrics.acc"),
    ),
    ("latest_by: []\nexpect: {state: FINISHED}", "4:16", Message("gate-file.grouping-field")),
    ("for_each: config.*\nexpect: {state: FINISHED}", "4:15", Message("gate-file.star", field="config.*")),
    ("runs: {config.*: 1}\nexpect: {state: FINISHED}", "4:12", Message("gate-file.star", field="config.*")),
    ("unchanged: {fields: [config.*]}", "4:16", Message("gate-file.unchanged-to")),
    ("unchanged: {to: main}", "4:16", Message("gate-file.unchanged-fields")),
    (
        "expect: {metrics.a: {max: {field: mean(metrics.b)}}}",
        "4:39",
        Message("gate-file.bound-of-run", call="mean(metrics.b)", field="metrics.a"),
    ),
    (
        "expect: {config.a: {min: {field: config.*}}}",
        "4:38",
        Message("gate-file.star-in-bound", field="config.*", subject="config.a"),
    ),
    (
        "expect: {config.a*: {min: {field: config.*}}}",
        "4:39",
        Message("gate-file.star-in-bound", field="config.*", subject="config.a*"),
    ),
    ("expect: {mean(metrics.*): {min: 1}}", "4:14", Message("gate-file.star", field="metrics.*")),
]

PATTERNS = [
    ("(?:(?:(?:){60000}){60000}){60000}", Message("gate-file.regex-needs", limit=4096)),
    ("a{4097}", Message("gate-file.regex-needs", limit=4096)),
    ("a*b*", Message("gate-file.regex-slow")),
    ("a(?=b)", Message("gate-file.regex-group", piece="(?=")),
    ("x(?<!a)b", Message("gate-file.regex-group", piece="(?<")),
    (r"(a)\1", Message("gate-file.regex-reference", piece=r"\1")),
]

IN_COMPARISONS = [
    ("{to:main, better: higher, allow_worse: 1}", "6:19", Message("gate-file.no-space", key="to:")),
    (
        "{to: main, better: higher, allow_worse: 0, unpaired: warn}",
        "6:71",
        Message("gate-file.unpaired-without-pairs"),
    ),
    (
        "{to: mian, better: higher, allow_worse: 0}",
        "6:23",
        Message("gate-file.unknown-baseline", baseline="mian", hint="main"),
    ),
    ("{to: zzz, better: higher, allow_worse: 0}", "6:23", Message("gate-file.unknown-baseline", baseline="zzz")),
    ("{to: main, allow_worse: 0}", "6:18", Message("gate-file.compare-better")),
    (
        "{to: main, better: up, allow_worse: 0}",
        "6:37",
        Message("gate-file.not-one-of", word="up", known=("higher", "lower")),
    ),
    ("{to: main, better: higher}", "6:18", Message("gate-file.compare-amounts")),
    ("{to: main, better: higher, allow_worse: 0, require_better: 0}", "6:18", Message("gate-file.compare-amounts")),
    ("{to: main, better: higher, allow_worse: -1}", "6:58", Message("gate-file.negative-amount")),
    ("{to: main, better: higher, allow_worse: []}", "6:58", Message("gate-file.no-amounts")),
    (
        "{to: main, better: higher, allow_worse: some}",
        "6:58",
        Message("gate-file.number-needed", found=Message("gate-file.found-text", text="some")),
    ),
    (
        f"{{to: main, better: higher, allow_worse: {'9' * 400}%}}",
        "6:58",
        Message(
            "gate-file.number-needed",
            found=Message(
                "gate-file.found-text",
                text="9" * 400 + "%",
            ),
            hint=Message("gate-file.hint-as-logged", percent="9" * 400, share="inf"),
        ),
    ),
    (
        f"{{to: main, better: higher, allow_worse: 0.{'9' * 5000}%}}",
        "6:58",
        Message(
            "gate-file.number-needed",
            found=Message(
                "gate-file.found-text",
                text="0." + "9" * 5000 + "%",
            ),
            hint=Message(
                "gate-file.hint-as-logged",
                percent="0." + "9" * 5000,
                share="0.01",
            ),
        ),
    ),
    (f"{{to: main, better: higher, allow_worse: 1, noise: {'9' * 400} se}}", "6:68", Message("gate-file.noise")),
    ("{to: main, better: higher, allow_worse: 0, noise: 2}", "6:68", Message("gate-file.noise")),
    (
        "{to: main, better: higher, allow_worse: 0, over_runs: max}",
        "6:72",
        Message("gate-file.not-one-of", word="max", known=("mean", "median", "best")),
    ),
    (
        "{to: main, better: higher, allow_worse: 0, over_runs: best, pair_by: config.s}",
        "6:72",
        Message("gate-file.best-of-pairs"),
    ),
    (
        "{to: main, better: higher, allow_worse: 0, on_missing: pass}",
        "6:73",
        Message("gate-file.not-one-of", word="pass", known=("error", "skip", "warn")),
    ),
    (
        "{to: main, better: higher, allow_worse: 0, if_within_noise: skip}",
        "6:78",
        Message("gate-file.not-one-of", word="skip", known=("warn", "fail", "pass")),
    ),
    ("{to: main, better: higher, allow_worse: -1%}", "6:58", Message("gate-file.negative-amount")),
    ("{to: main, better: higher, allow_worse: [1%, -2]}", "6:63", Message("gate-file.negative-amount")),
    (
        "{baseline: main, better: higher, allow_worse: 0}",
        "6:19",
        Message("gate-file.unknown-key", key="baseline", hint="to"),
    ),
]

IN_FILES = [
    ("no_training_needed: docs\n" + one_gate(GOOD), "1:21", Message("gate-file.map-of-keys", keys=("only_in",))),
    (
        "no_training_needed: {paths: [docs]}\n" + one_gate(GOOD),
        "1:22",
        Message("gate-file.unknown-key", key="paths", hint="only_in"),
    ),
    ("no_training_needed: {}\n" + one_gate(GOOD), "1:21", Message("gate-file.path-list")),
    ("no_training_needed: {only_in: docs/**}\n" + one_gate(GOOD), "1:31", Message("gate-file.path-list")),
    ("no_training_needed: {only_in: []}\n" + one_gate(GOOD), "1:31", Message("gate-file.path-list")),
    ("no_training_needed: {only_in: {docs: true}}\n" + one_gate(GOOD), "1:31", Message("gate-file.path-list")),
    (
        "exempt: [docs]\n" + one_gate(GOOD),
        "1:1",
        Message("gate-file.unknown-key", key="exempt", hint="no_training_needed"),
    ),
    ("no_training_needed: {only_in: [3]}\n" + one_gate(GOOD), "1:32", Message("gate-file.text-needed")),
    ("no_training_needed: {only_in: [[a]]}\n" + one_gate(GOOD), "1:32", Message("gate-file.text-needed")),
    ('no_training_needed: {only_in: [""]}\n' + one_gate(GOOD), "1:32", Message("gate-file.text-needed")),
    (
        'no_training_needed: {only_in: ["!docs/**"]}\n' + one_gate(GOOD),
        "1:32",
        Message("gate-file.path-negated", pattern="!docs/**"),
    ),
    (
        "no_training_needed: {only_in: [/docs/**]}\n" + one_gate(GOOD),
        "1:32",
        Message("gate-file.path-absolute", pattern="/docs/**"),
    ),
    (
        "no_training_needed: {only_in: [docs/]}\n" + one_gate(GOOD),
        "1:32",
        Message("gate-file.path-folder", example="docs/**"),
    ),
    (
        "no_training_needed: {only_in: [docs/../x]}\n" + one_gate(GOOD),
        "1:32",
        Message("gate-file.path-names", pattern="docs/../x"),
    ),
    (
        "no_training_needed: {only_in: [./docs]}\n" + one_gate(GOOD),
        "1:32",
        Message("gate-file.path-names", pattern="./docs"),
    ),
    (
        "no_training_needed: {only_in: [docs//x]}\n" + one_gate(GOOD),
        "1:32",
        Message("gate-file.path-names", pattern="docs//x"),
    ),
    ('no_training_needed: {only_in: ["docs/?x"]}\n' + one_gate(GOOD), "1:32", Message("gate-file.path-sign", sign="?")),
    ('no_training_needed: {only_in: ["docs/[x"]}\n' + one_gate(GOOD), "1:32", Message("gate-file.path-sign", sign="[")),
    ('no_training_needed: {only_in: ["docs/]x"]}\n' + one_gate(GOOD), "1:32", Message("gate-file.path-sign", sign="]")),
    ('no_training_needed: {only_in: ["docs/{x"]}\n' + one_gate(GOOD), "1:32", Message("gate-file.path-sign", sign="{")),
    ('no_training_needed: {only_in: ["docs/}x"]}\n' + one_gate(GOOD), "1:32", Message("gate-file.path-sign", sign="}")),
    ('no_training_needed: {only_in: ["docs/$x"]}\n' + one_gate(GOOD), "1:32", Message("gate-file.path-sign", sign="$")),
    (
        'no_training_needed: {only_in: ["docs\\\\x"]}\n' + one_gate(GOOD),
        "1:32",
        Message("gate-file.path-sign", sign="\\"),
    ),
    (
        'no_training_needed: {only_in: ["**.md"]}\n' + one_gate(GOOD),
        "1:32",
        Message("gate-file.path-stars", examples=("docs/**", "**/*.md")),
    ),
    (
        'no_training_needed: {only_in: ["docs/a**"]}\n' + one_gate(GOOD),
        "1:32",
        Message("gate-file.path-stars", examples=("docs/**", "**/*.md")),
    ),
    (
        'no_training_needed: {only_in: ["***"]}\n' + one_gate(GOOD),
        "1:32",
        Message("gate-file.path-stars", examples=("docs/**", "**/*.md")),
    ),
    (
        'no_training_needed: {only_in: [" docs/**"]}\n' + one_gate(GOOD),
        "1:32",
        Message("gate-file.path-white-space", pattern=" docs/**"),
    ),
    (
        'no_training_needed: {only_in: ["docs\\n/**"]}\n' + one_gate(GOOD),
        "1:32",
        Message("gate-file.path-white-space", pattern="docs\n/**"),
    ),
    (
        "no_training_needed: {only_in: [" + "d" * 257 + "]}\n" + one_gate(GOOD),
        "1:32",
        Message("gate-file.pattern-long", length=257, limit=256),
    ),
    (
        "no_training_needed: {only_in: [gates.yml]}\n" + one_gate(GOOD),
        "1:32",
        Message("gate-file.path-never-exempt", pattern="gates.yml"),
    ),
    (
        "no_training_needed: {only_in: [.github/**]}\n" + one_gate(GOOD),
        "1:32",
        Message("gate-file.path-never-exempt", pattern=".github/**"),
    ),
    (
        "no_training_needed: {only_in: [.github]}\n" + one_gate(GOOD),
        "1:32",
        Message("gate-file.path-never-exempt", pattern=".github"),
    ),
    (
        "project: a/b\nbaselines: {main: {first_of: []}}\ngates: [{name: x, expect: {state: FINISHED}}]\n",
        "2:30",
        Message("gate-file.first-of"),
    ),
    (
        "baselines: {main: {runs: {labels: a}, first_of: [{labels: b}]}}\n" + one_gate(GOOD),
        "1:26",
        Message("gate-file.beside-first-of", baseline="main"),
    ),
    (
        one_gate(GOOD) + "waivers:\n  - {gate: one, until: 2027-01-31}\n",
        "6:5",
        Message("gate-file.waiver-without-reason"),
    ),
    ("report: {lang: zh}\n" + one_gate(GOOD), "1:10", Message("gate-file.unknown-key", key="lang", hint="language")),
    ("report: {tint: red}\n" + one_gate(GOOD), "1:10", Message("gate-file.unknown-key", key="tint")),
    (
        "report: {language: fr}\n" + one_gate(GOOD),
        "1:20",
        Message("gate-file.not-one-of", word="fr", known=("en", "zh")),
    ),
    (
        "report: {language: zh-CN}\n" + one_gate(GOOD),
        "1:20",
        Message("gate-file.not-one-of", word="zh-CN", known=("en", "zh"), hint="zh"),
    ),
    (
        "report: zh\n" + one_gate(GOOD),
        "1:9",
        Message("gate-file.map-of-keys", keys=("language", "baseline", "metrics")),
    ),
    ("report: {baseline: man}\n" + one_gate(GOOD), "1:20", Message("gate-file.unknown-baseline", baseline="man")),
    ("report: {metrics: metrics.a}\n" + one_gate(GOOD), "1:19", Message("gate-file.report-list", key="metrics")),
    ("report: {columns: []}\n" + one_gate(GOOD), "1:19", Message("gate-file.report-list", key="columns")),
    ("report: {columns: [[config.a]]}\n" + one_gate(GOOD), "1:20", Message("gate-file.report-field")),
    (
        "report: {metrics: [config.lr]}\n" + one_gate(GOOD),
        "1:20",
        Message("gate-file.report-metric", field="config.lr"),
    ),
    (
        "report: {metrics: [{metrics.a: {betr: lower}}]}\n" + one_gate(GOOD),
        "1:33",
        Message("gate-file.unknown-key", key="betr", hint="better"),
    ),
    (
        "report: {metrics: [{metrics.a: {label: " + "x" * 61 + "}}]}\n" + one_gate(GOOD),
        "1:40",
        Message("gate-file.report-label", most=60),
    ),
    (
        "report: {charts: some}\n" + one_gate(GOOD),
        "1:18",
        Message("gate-file.not-one-of", word="some", known=("none",)),
    ),
    (
        "report: {charts: [metrics.a, metrics.b, metrics.c, metrics.d, metrics.e]}\n" + one_gate(GOOD),
        "1:18",
        Message("gate-file.report-charts", most=4),
    ),
    *(
        (
            f"report: {{template: {path}}}\n" + one_gate(GOOD),
            "1:20",
            Message("gate-file.template-outside", path=path),
        )
        for path in ("/etc/passwd.j2", "../comment.md.j2", "https://evil.example/comment.md.j2")
    ),
    (
        "report: {template: comment.md}\n" + one_gate(GOOD),
        "1:20",
        Message("gate-file.template-suffix", path="comment.md", suffix=".j2"),
    ),
    (
        "report: {changes: {exclude: [config.a]}}\n" + one_gate(GOOD),
        "1:20",
        Message("gate-file.unknown-key", key="exclude", hint="ignore"),
    ),
    ("language: zh\n" + one_gate(GOOD), "1:1", Message("gate-file.unknown-key", key="language", hint="report")),
    ("project: me/net\n", "1:1", Message("gate-file.no-gates")),
    ("project: me/net\ngates: []\n", "2:8", Message("gate-file.no-entries", key="gates")),
    ("project: me/net\ngates: {name: x}\n", "2:8", Message("gate-file.list-of-entries", key="gates")),
    ("project: me\n" + one_gate(GOOD).split("\n", 1)[1], "1:10", Message("gate-file.project")),
    ("version: 2\n" + one_gate(GOOD), "1:10", Message("gate-file.version", version=1)),
    ("version: true\n" + one_gate(GOOD), "1:10", Message("gate-file.version", version=1)),
    ("host: https://evil.example\n" + one_gate(GOOD), "1:1", Message("gate-file.key-elsewhere", key="host")),
    ("api_key: x\n" + one_gate(GOOD), "1:1", Message("gate-file.key-elsewhere", key="api_key")),
    ("rules: []\n" + one_gate(GOOD), "1:1", Message("gate-file.unknown-key", key="rules", hint="gates")),
    (
        "baselines: {main: {newest: 3}}\n" + one_gate(GOOD),
        "1:19",
        Message("gate-file.baseline-without-runs", baseline="main"),
    ),
    ("baselines: [main]\n" + one_gate(GOOD), "1:12", Message("gate-file.map-of-baselines")),
    (
        "extends: preset:smoky\n" + one_gate(GOOD),
        "1:10",
        Message("gate-file.unknown-preset", preset="smoky", hint="smoke"),
    ),
    (
        "extends: https://x.example/a.yml\n" + one_gate(GOOD),
        "1:10",
        Message("gate-file.extends-outside", path="https://x.example/a.yml"),
    ),
    ("extends: /etc/a.yml\n" + one_gate(GOOD), "1:10", Message("gate-file.extends-outside", path="/etc/a.yml")),
    ("extends: ../a.yml\n" + one_gate(GOOD), "1:10", Message("gate-file.extends-outside", path="../a.yml")),
    ("extends: a.yml\n" + one_gate(GOOD), "1:10", Message("gate-file.extends-presets-only", path="a.yml")),
    ("extends: [[a]]\n" + one_gate(GOOD), "1:11", Message("gate-file.extends-form")),
    (
        "runs: {git.commit: $head_sah}\n" + one_gate(GOOD),
        "1:20",
        Message("gate-file.unknown-variable", variable="$head_sah", hint="$head_sha"),
    ),
    (
        "runs: {git.commit: '${head_sha}'}\n" + one_gate(GOOD),
        "1:20",
        Message("gate-file.variable-braces", text="${head_sha}", example="$head_sha"),
    ),
    (
        "runs: {name: pr-$pr_number}\n" + one_gate(GOOD),
        "1:14",
        Message("gate-file.variable-in-text", variable="$pr_number"),
    ),
    (
        "runs: {name: {like: $head_branch}}\n" + one_gate(GOOD),
        "1:21",
        Message("gate-file.pattern-variable", variable="$head_branch"),
    ),
    (
        one_gate(GOOD) + "waivers:\n  - {gate: One, reason: long enough, until: 2027-01-31}\n",
        "6:12",
        Message("gate-file.unknown-gate", gate="One", hint="one"),
    ),
    (
        one_gate(GOOD) + "waivers:\n  - {gate: one, reason: too short, until: 2027-01-31}\n",
        "6:25",
        Message("gate-file.reason-short", least=10),
    ),
    (
        one_gate(GOOD) + "waivers:\n  - {gate: one, reason: long enough}\n",
        "6:5",
        Message("gate-file.waiver-without-end"),
    ),
    (
        one_gate(GOOD) + "waivers:\n  - {gate: one, reason: long enough, until: never}\n",
        "6:45",
        Message("gate-file.not-a-date", text="never"),
    ),
    (
        one_gate(GOOD) + "waivers:\n  - {reason: long enough, until: 2027-01-31}\n",
        "6:5",
        Message("gate-file.waiver-without-gate"),
    ),
    (
        one_gate(GOOD) + "  - name: ONE\n    expect: {state: FINISHED}\n",
        "5:5",
        Message("gate-file.duplicate-id", gate="one", line=3),
    ),
    (one_gate(GOOD) + "  - name: '!!'\n    expect: {state: FINISHED}\n", "5:5", Message("gate-file.no-id")),
    (one_gate(GOOD) + "  - expect: {state: FINISHED}\n", "5:5", Message("gate-file.gate-without-name")),
    (one_gate(GOOD) + "  - just text\n", "5:5", Message("gate-file.map-of-keys", keys=("name", "id", "why"))),
]

WITH_FILES: list[tuple[str | Exception, str, Message]] = [  # the text of `other.yml`, or the error of reading it
    (
        one_gate("expect: {stat: x}"),
        "other.yml:4:14",
        Message("gate-file.unknown-field", field="stat", hint=Message("gate-file.hint-word", word="state")),
    ),
    ("extends: preset:smoke\n", "other.yml:1:1", Message("gate-file.extends-chain")),
    ("- a\n", "other.yml:1:1", Message("gate-file.not-a-map")),
    (
        OSError("no such file"),
        "gates.yml:1:10",
        Message("gate-file.extends-unreadable", path="other.yml", reason="no such file"),
    ),
    (
        ValueError("not UTF-8"),
        "gates.yml:1:10",
        Message("gate-file.extends-unreadable", path="other.yml", reason="not UTF-8"),
    ),
    (
        _missing(),
        "gates.yml:1:10",
        Message("gate-file.extends-missing", path="other.yml", file="gates.yml"),
    ),
]

WITHOUT_VALUE = [  # a variable, the event (none on the command line)
    ("pr_number", "push", Message("gate-file.variable-event", variable="$pr_number", event="push")),
    ("run_ids", "push", Message("gate-file.variable-input", variable="$run_ids", event="push")),
    (
        "pr_commits",
        "",
        Message("gate-file.variable-flag", variable="$pr_commits", flag="--sha COMMIT", other="--set pr_commits=REV"),
    ),
    (
        "head_sha",
        "",
        Message("gate-file.variable-flag", variable="$head_sha", flag="--sha COMMIT", other="--set head_sha=REV"),
    ),
    (
        "pr_number",
        "",
        Message("gate-file.variable-flag", variable="$pr_number", flag="--pr N", other="--set pr_number=VALUE"),
    ),
    (
        "run_ids",
        "",
        Message("gate-file.variable-flag", variable="$run_ids", flag="--run-ids IDS", other="--set run_ids=VALUE"),
    ),
    (
        "base_branch",
        "",
        Message("gate-file.variable-flag", variable="$base_branch", flag="--set base_branch=VALUE", other=None),
    ),
    (
        "merge_sha",
        "",
        Message("gate-file.variable-flag", variable="$merge_sha", flag="--set merge_sha=REV", other=None),
    ),
]

COLON = Message("gate-file.full-width-colon", sign="：", half=": ")
IN_YAML = [
    ("", "1:1", Message("gate-file.empty")),
    ("# only a comment\n", "1:1", Message("gate-file.empty")),
    ("a: 1\nb: 2\na: 3\n", "3:1", Message("gate-file.duplicate-key", key="a", line=1)),
    ("{a: 1, a: 2}", "1:8", Message("gate-file.duplicate-key", key="a", line=1)),
    ("a: &x 1\n", "1:4", Message("gate-file.anchor", name="x")),
    ("a: 1\nb: *x\n", "2:4", Message("gate-file.alias", name="x")),
    ("a: !!str 1\n", "1:4", Message("gate-file.tag", tag="!!str")),
    ("a: !mine 1\n", "1:4", Message("gate-file.tag", tag="!mine")),
    (
        "!!python/object/apply:os.system ['touch canary']",
        "1:1",
        Message("gate-file.tag", tag="!!python/object/apply:os.system"),
    ),
    ("<<: {a: 1}\n", "1:1", Message("gate-file.merge-key")),
    ("a:\n\tb: 1\n", "2:1", Message("gate-file.tab")),
    ("a: 1 #\tx\n", "1:7", Message("gate-file.tab")),
    ("a: 1\n<<<<<<< HEAD\nb: 2\n=======\nb: 3\n>>>>>>> x\n", "2:1", Message("gate-file.merge-conflict")),
    ("a: 1\n---\nb: 2\n", "2:1", Message("gate-file.second-document")),
    ("{1: {2: 3}, [a]: 1}", "1:13", Message("gate-file.key-form")),
    ("a: [1, 2\n", "2:1", Message("gate-file.yaml-list-open")),
    ("a: b: c\n", "1:5", Message("gate-file.yaml-colon")),
    ("a: b\n  c: d\n", "2:4", Message("gate-file.yaml-indent")),
    ("a: {b: ${pr_commits}}\n", "1:9", Message("gate-file.yaml-braces", name="pr_commits")),
    ("a: {b: ${{ github.sha }}}\n", "1:9", Message("gate-file.workflow-expression", example="$head_sha")),
    ("a: [${head_sha}]\n", "1:6", Message("gate-file.yaml-braces", name="head_sha")),
    ("a: {like: *-sweep}\n", "1:11", Message("gate-file.alias", name="-sweep")),
    ("a: *\n", "1:5", Message("gate-file.yaml-star")),
    ('a: "\\q"\n', "1:5", Message("gate-file.yaml-escape")),
    ("a: {b: 1\n", "2:1", Message("gate-file.yaml-map-open")),
    ("a:\n  - b: 1\n   - c: 1\n", "3:4", Message("gate-file.yaml-item")),
    ("a: }\n", "1:4", Message("gate-file.yaml-no-value")),
    ("a: 'b' c\n", "1:8", Message("gate-file.yaml-no-key")),
    ("a: 1\nb\nc: 1\n", "3:1", Message("gate-file.yaml-no-colon")),
    ("a: 'b\n", "2:1", Message("gate-file.yaml-quote-open")),
    ("a: @b\n", "1:4", Message("gate-file.yaml-start")),
    ("a: - b\n", "1:4", Message("gate-file.yaml-list-here")),
    ("a: !<\n", "1:6", Message("gate-file.not-yaml", reason="did not find expected tag URI")),
    ("a: \x00\n", "1:1", Message("gate-file.yaml-control")),
    ("a: \ud800\n", "1:4", Message("gate-file.half-character")),
    # Full-width punctuation
    ("project： me/net\ngates：\n  - name: One\n", "1:8", COLON),
    ("gates：\n", "1:6", COLON),
    ("a: 1\nb: {c: 1}\n  d： 2\n  e: 3\n", "3:4", COLON),
    ("a: {state：FINISHED， config.lr: 3}\n", "1:10", COLON),
    ("a: {min：1}\n", "1:8", COLON),
    ("a: {b: 1， c: 2}\n", "1:9", Message("gate-file.full-width", sign="，", half=",")),
    ("a: {b: ｛min: 3｝, c: 1}\n", "1:8", Message("gate-file.full-width", sign="｛", half="{")),
    ("a: {b: [1, 2］}\n", "1:13", Message("gate-file.full-width", sign="］", half="]")),
    ("a: “x”\n", "1:4", Message("gate-file.full-width", sign="“", half='"')),
    ("a: ［x, y］\n", "1:4", Message("gate-file.full-width", sign="［", half="[")),
    ("a: '｛min：1｝' # ｛b：1｝\nb: c: d\n", "2:5", Message("gate-file.yaml-colon")),
    ("why: 见 [甲，乙]\nb: c: d\n", "2:5", Message("gate-file.yaml-colon")),
    ("- a\n", "1:1", Message("gate-file.not-a-map")),
    ("text", "1:1", Message("gate-file.not-a-map")),
    ("a: " + "x" * (256 * 1024), "1:1", Message("gate-file.too-large", limit=256)),
    ("a: [" + "1," * 20_000 + "]", "1:39999", Message("gate-file.too-many-values", limit=20000)),
    ("[" * 41 + "]" * 41, "1:41", Message("gate-file.too-deep", limit=40)),
]


def _with_curve(body: str, uses: str = "curve.a: 0") -> str:
    """Write a file with the curve `a` on its first line, from column 13 on, and a gate that uses it."""
    return f"curves: {{a: {body}}}\n" + one_gate(f"expect: {{{uses}}}")


IN_CURVES = [
    ("curves: [a]\n" + one_gate(GOOD), "1:9", Message("gate-file.map-of-curves")),
    ("curves: {a.b: {of: x, take: mean}}\n" + one_gate(GOOD), "1:10", Message("gate-file.curve-name", curve="a.b")),
    (_with_curve("val/acc"), "1:13", Message("gate-file.curve-form", curve="a")),
    (_with_curve("{take: mean}"), "1:13", Message("gate-file.curve-without-of", curve="a")),
    (_with_curve("{of: x, last: 3}"), "1:13", Message("gate-file.curve-without-take", curve="a")),
    (_with_curve("{of: x, take: mean, first: {min: 1}}"), "1:40", Message("gate-file.curve-take-and-first")),
    (_with_curve("{of: 'x/*', take: mean}"), "1:18", Message("gate-file.curve-star", metric="x/*")),
    (_with_curve("{of: [x], take: mean}"), "1:18", Message("gate-file.text-needed")),
    (_with_curve("{metric: x, take: mean, of: x}"), "1:14", Message("gate-file.unknown-key", key="metric", hint="of")),
    *(
        (_with_curve(f"{{of: x, take: mean, last: {last}}}"), "1:39", Message("gate-file.curve-last"))
        for last in ("0", "-3", "1.5", "0%", "101%", "true", "'10'", "[1]")
    ),
    (
        _with_curve("{of: x, take: mean, from_step: -1}"),
        "1:44",
        Message("gate-file.whole-number", key="from_step", least=0),
    ),
    (
        _with_curve("{of: x, take: mean, to_step: ten}"),
        "1:42",
        Message("gate-file.whole-number", key="to_step", least=0),
    ),
    (
        _with_curve("{of: x, take: mean, from_step: 9, to_step: 8}"),
        "1:56",
        Message("gate-file.curve-steps", first=9, end=8),
    ),
    *(
        (
            _with_curve(f"{{of: x, take: {word}}}"),
            "1:27",
            Message(
                "gate-file.not-one-of",
                word=word,
                known=(
                    *("mean", "median", "min", "max", "stdev", "first", "last", "count"),
                    *("not_finite", "max_rise", "max_drop", "slope", "area"),
                ),
                hint=hint,
            ),
        )
        for word, hint in [("average", "mean"), ("nan", "not_finite"), ("spike", "max_rise"), ("slop", "slope")]
    ),
    (_with_curve("{of: x, first: 0.9}"), "1:28", Message("gate-file.curve-first")),
    (
        _with_curve("{of: x, first: {gte: 0.9}}"),
        "1:29",
        Message("gate-file.unknown-operator", operator="gte", hint="min"),
    ),
    (
        _with_curve("{of: x, first: {exists: true}}"),
        "1:28",
        Message("gate-file.curve-first-operator", operator="exists"),
    ),
    (
        _with_curve("{of: x, first: {any_of: [{type: number}]}}"),
        "1:28",
        Message("gate-file.curve-first-operator", operator="type"),
    ),
    (
        _with_curve("{of: x, first: {min: 1, optional: true}}"),
        "1:28",
        Message("gate-file.curve-first-operator", operator="optional"),
    ),
    (
        _with_curve("{of: x, first: {min: {field: config.x}}}"),
        "1:28",
        Message("gate-file.curve-first-bound", field="config.x"),
    ),
    *(
        (
            _with_curve("{of: x, take: mean}", uses),
            f"5:{column}",
            Message("gate-file.unknown-curve", curve=name, **({"hint": hint} if hint else {})),
        )
        for uses, column, name, hint in [
            ("curve.A: 0", 14, "A", "a"),
            ("mean(curve.aa): 0", 14, "aa", "a"),
            ("curve.a.max: 0", 14, "a.max", None),
            ("curve.*: 0", 14, "*", None),
            ("metrics.x: {max: {field: curve.b}}", 39, "b", None),
        ]
    ),
    (
        "curves: {a: {of: x, take: mean}}\n" + one_gate(f"take: {{best: 1, by: curve.b, better: lower}}\n{GOOD}"),
        "5:25",
        Message("gate-file.unknown-curve", curve="b"),
    ),
    (
        "curves: {a: {of: x, take: mean}}\n" + one_gate(f"latest_by: curve.a\n{GOOD}"),
        "5:16",
        Message("gate-file.grouping-changes", field="curve.a"),
    ),
]

IN_TESTS = [
    ("{}", "1:1", Message("test-file.no-tests")),
    ("[]", "1:1", Message("gate-file.map-of-keys", keys=("now", "variables", "tests"))),
    ("gates: [{name: a, expect: {state: FINISHED}}]", "1:1", Message("test-file.gate-file")),
    ("tests: {}", "1:8", Message("test-file.list")),
    (
        "tests: [{name: a, verdict: pass, runs: [{age: 99999999d}]}]",
        "1:47",
        Message("test-file.before-all-time"),
    ),
    ("tests: [{}]", "1:9", Message("test-file.no-name")),
    ("tests: [{name: a}]", "1:9", Message("test-file.expects-nothing")),
    (
        "tests: [{name: a, expect: {sane: green}}]",
        "1:34",
        Message(
            "gate-file.not-one-of",
            word="green",
            known=("pass", "warn", "info", "fail", "pending", "error", "skipped", "waived"),
        ),
    ),
    (
        "tests: [{name: a, expect: {finishd: pass}}]",
        "1:28",
        Message("gate-file.unknown-gate", gate="finishd", hint="finished"),
    ),
    ("tests: [{name: a, expect: {Sane: pass}}]", "1:28", Message("gate-file.unknown-gate", gate="Sane", hint="sane")),
    (
        "tests: [{name: a, verdict: pass, runs: [{tags: [x]}]}]",
        "1:42",
        Message("gate-file.unknown-key", key="tags", hint="labels"),
    ),
    (
        "tests: [{name: a, verdict: pass, runs: [{params: {}}]}]",
        "1:42",
        Message("gate-file.unknown-key", key="params", hint="config"),
    ),
    (
        "tests: [{name: a, verdict: pass, runs: [{state: FAILED}]}]",
        "1:49",
        Message(
            "gate-file.not-one-of",
            word="FAILED",
            known=("RUNNING", "FINISHED", "CRASHED", "ABORTED", "OFFLINE"),
            hint="CRASHED",
        ),
    ),
    ("tests: [{name: a, expect: [a]}]", "1:27", Message("test-file.map-of-statuses")),
    (
        "tests: [{name: a, verdict: ok}]",
        "1:28",
        Message(
            "gate-file.not-one-of",
            word="ok",
            known=("pass", "warn", "info", "fail", "pending", "error", "skipped", "waived"),
        ),
    ),
    (
        "tests: [{name: a, verdict: pass, runs: [{stat: x}]}]",
        "1:42",
        Message("gate-file.unknown-key", key="stat", hint="state"),
    ),
    (
        "tests: [{name: a, verdict: pass, runs: [{state: x}]}]",
        "1:49",
        Message("gate-file.not-one-of", word="x", known=("RUNNING", "FINISHED", "CRASHED", "ABORTED", "OFFLINE")),
    ),
    (
        "tests: [{name: a, verdict: pass, runs: [{age: 3}]}]",
        "1:47",
        Message("gate-file.unit-missing", examples=("3s", "3m", "3h", "3d")),
    ),
    ("tests: [{name: a, verdict: pass, runs: [{labels: a}]}]", "1:50", Message("test-file.list")),
    ("tests: [{name: a, verdict: pass, runs: [{config: a}]}]", "1:50", Message("test-file.map")),
    (
        "tests: [{name: a, verdict: pass, runs: [{git: {sha: a}}]}]",
        "1:47",
        Message("test-file.keys-of", key="git", known=("commit", "branch", "remote")),
    ),
    ("tests: [{name: a, verdict: pass, runs: [{points: [1]}]}]", "1:50", Message("test-file.points")),
    ("tests: [{name: a, verdict: pass, runs: [{points: {x: 1}}]}]", "1:54", Message("test-file.list")),
    ("tests: [{name: a, verdict: pass, runs: [{points: {x: [yes]}}]}]", "1:55", Message("test-file.number")),
    ("tests: [{name: a, verdict: pass, runs: [{points: {x: [[1, 2]]}}]}]", "1:55", Message("test-file.number")),
    ("tests: [{name: a, verdict: pass, runs: [{points: {x: ['0.5']}}]}]", "1:55", Message("test-file.number")),
    ("tests: [{name: a, verdict: pass, runs: [{points: {x: {first: 1}}}]}]", "1:55", Message("test-file.step")),
    ("tests: [{name: a, verdict: pass, runs: [{points: {x: {-1: 1}}}]}]", "1:55", Message("test-file.step")),
    (
        "tests: [{name: a, verdict: pass, runs: [{points: {x: {9999999999999999999: 1}}}]}]",
        "1:55",
        Message("test-file.step"),
    ),
    (
        "tests: [{name: a, verdict: pass, runs: [{curves: {x: [1]}}]}]",
        "1:42",
        Message("gate-file.unknown-key", key="curves", hint="points"),
    ),
    ("now: soon\ntests: [{name: a, verdict: pass}]", "1:6", Message("test-file.time")),
    (
        "variables: {sha: 1}\ntests: [{name: a, verdict: pass}]",
        "1:13",
        Message("gate-file.unknown-variable", variable="$sha", hint="$pr_commits"),
    ),
    ("variables: [a]\ntests: [{name: a, verdict: pass}]", "1:12", Message("test-file.map")),
    (
        "variables: {pr_number: x}\ntests: [{name: a, verdict: pass}]",
        "1:24",
        Message("gate-file.whole-number", key="pr_number", least=1),
    ),
    ("variables: {actor: [a]}\ntests: [{name: a, verdict: pass}]", "1:20", Message("gate-file.text-needed")),
    ("variables: {run_ids: {a: b}}\ntests: [{name: a, verdict: pass}]", "1:22", Message("gate-file.text-needed")),
    (
        "tests: [{name: a, verdict: pass, runs: [{metrics: {val/acc: {maxx: 1}}}]}]",
        "1:62",
        Message("gate-file.unknown-key", key="maxx", hint="max"),
    ),
    (
        "tests: [{name: a, verdict: pass, runs: [{metrics: {val/acc: {avg: 1}}}]}]",
        "1:62",
        Message("gate-file.unknown-key", key="avg", hint="mean"),
    ),
    ("tests: [{name: a, verdict: pass, runs: [{metrics: {a: high}}]}]", "1:55", Message("test-file.number")),
    ("tests: [{name: a, verdict: pass, runs: [{metrics: {a: [1]}}]}]", "1:55", Message("test-file.number")),
    ("tests: [{name: a, verdict: pass, runs: [{metrics: {a: {max: true}}}]}]", "1:61", Message("test-file.number")),
    ("tests: [{name: a, verdict: pass, runs: [{metrics: 1}]}]", "1:51", Message("test-file.map")),
    (
        "tests: [{name: a, verdict: pass, runs: [{user: {login: a}}]}]",
        "1:48",
        Message("test-file.keys-of", key="user", known=("name", "username")),
    ),
    ("tests: [{name: a, verdict: pass, runs: [{show: 1}]}]", "1:48", Message("test-file.bool")),
    (
        "tests: [{name: a, verdict: pass, runs: [{project: me/other}]}]",
        "1:51",
        Message("test-file.other-project", project="me/other"),
    ),
    ("tests: [{name: a, verdict: pass, runs: [{project: 1}]}]", "1:51", Message("gate-file.project")),
    ("tests: [{name: a, verdict: pass, runs: [{id: x}, {id: x}]}]", "1:9", Message("test-file.same-id", id="x")),
    (
        "tests: [{name: a, verdict: pass, baselines: {mian: [{}]}}]",
        "1:46",
        Message("test-file.unknown-baseline", name="mian", hint="main"),
    ),
    ("tests: [{name: a, verdict: pass, baselines: [{}]}]", "1:45", Message("test-file.map-of-baselines")),
    ("tests: [{name: a, verdict: pass, baselines: {main: {}}}]", "1:52", Message("test-file.list")),
    ("tests: [&a 1]", "1:9", Message("gate-file.anchor", name="a")),
]


def _compared(field: str, text: str, hint: Message) -> Message:
    return Message("lint.compared-text", field=field, text=text, hint=hint)


UNQUOTE = Message("gate-file.hint-unquote")
WARNINGS = [
    (one_gate("expect: {config.lr: '0.003'}"), 4, _compared("config.lr", "0.003", UNQUOTE)),
    (one_gate("expect: {config.debug: 'false'}"), 4, _compared("config.debug", "false", UNQUOTE)),
    (one_gate("expect: {config.seed: {not_in: ['1', a]}}"), 4, _compared("config.seed", "1", UNQUOTE)),
    (
        one_gate("expect: {config.lr: <= 0.1}"),
        4,
        _compared("config.lr", "<= 0.1", Message("gate-file.hint-write", example="{max: 0.1}")),
    ),
    (
        one_gate("runs: {config.lr: {any_of: [{is: '> 1'}, {min: 2}]}}\n" + GOOD),
        4,
        _compared("config.lr", "> 1", Message("gate-file.hint-write", example="{above: 1}")),
    ),
    (
        one_gate("expect: {requirements.jinja2: 3.1}"),
        4,
        _compared("requirements.jinja2", "3.1", Message("gate-file.hint-write", example='{version: "==3.1.*"}')),
    ),
    ('no_training_needed: {only_in: ["**"]}\n' + one_gate(GOOD), 1, Message("lint.exempts-everything", pattern="**")),
    (
        'no_training_needed: {only_in: ["**/*"]}\n' + one_gate(GOOD),
        1,
        Message("lint.exempts-everything", pattern="**/*"),
    ),
    (
        'no_training_needed: {only_in: ["*.txt"]}\n' + one_gate(GOOD),
        1,
        Message("lint.exempts-code", pattern="*.txt", example="requirements.txt"),
    ),
    (
        'no_training_needed: {only_in: ["*"]}\n' + one_gate(GOOD),
        1,
        Message("lint.exempts-code", pattern="*", example="train.py"),
    ),
    (
        'no_training_needed: {only_in: ["src/**"]}\n' + one_gate(GOOD),
        1,
        Message("lint.exempts-code", pattern="src/**", example="src/train.py"),
    ),
    (one_gate("runs: {state: FINISHED}\nexpect: {state: FINISHED}"), 5, Message("lint.always-holds", field="state")),
    (
        "project: my-team/my-project\n" + one_gate("expect: {state: FINISHED}").partition("\n")[2],
        1,
        Message("lint.placeholder", project="my-team/my-project"),
    ),
    (one_gate("how_many: {at_most: 100%}\nexpect: {state: FINISHED}"), 3, Message("lint.cannot-fail")),
    (one_gate("if_no_runs: pass\nexpect: {state: FINISHED}"), 3, Message("lint.passes-without-runs")),
    (one_gate("level: warn\nexpect: {state: FINISHED}"), 3, Message("lint.no-fail-level")),
    (
        "baselines: {main: {runs: {labels: a}}}\n" + one_gate("expect: {state: FINISHED}"),
        1,
        Message("lint.unused-baseline", baseline="main"),
    ),
    (_with_curve("{of: x, take: mean}", "state: FINISHED"), 1, Message("lint.unused-curve", curve="a")),
    (_with_curve("{of: metrics.x, take: mean}"), 1, Message("lint.curve-of-field", metric="x")),
]
