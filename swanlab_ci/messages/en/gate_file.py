"""Gate files and files of tests: mistakes, warnings, and what to write instead."""

MESSAGES: dict[str, str] = {
    # The file as a whole
    "gate-file.problems": "{file} has {count} {count?problem|problems}.",
    "gate-file.fix-and-rerun": "Fix this and rerun. Nothing was fetched.",
    "gate-file.no-such-gate": "{file} has no gate `{gate}`[[; did you mean {hint}?]]",
    "gate-file.no-such-run": "no fetched run is called `{run}`[[; did you mean {hint}?]]",
    # YAML
    "gate-file.empty": "the file is empty",
    "gate-file.too-large": "the file is larger than {limit} KiB",
    "gate-file.too-many-values": "the file has more than {limit} values",
    "gate-file.too-deep": "the file has more than {limit} levels of nesting",
    "gate-file.second-document": "a second YAML document starts here; a gate file is one document",
    "gate-file.tab": "tab character; use spaces",
    "gate-file.merge-conflict": "unresolved merge conflict",
    "gate-file.half-character": "half of a character; save the file as UTF-8",
    "gate-file.not-yaml": "not valid YAML: {reason}",
    "gate-file.yaml-braces": "not valid YAML: write `${name}` without braces",
    "gate-file.yaml-colon": "not valid YAML: quote a text that contains `: `",
    "gate-file.yaml-indent": "not valid YAML: the indentation of this key matches no other key",
    "gate-file.yaml-star": "not valid YAML: quote a text that starts with `*`",
    "gate-file.key-form": "a key must be a text",
    "gate-file.merge-key": "`<<` is not allowed; write the keys out",
    "gate-file.duplicate-key": "the key `{key}` is written twice; the first one is on line {line}",
    "gate-file.alias": "the alias `*{name}` is not allowed; write the value out, or quote a text that starts with `*`",
    "gate-file.anchor": "the anchor `&{name}` is not allowed; write the value out where it is needed",
    "gate-file.tag": "the tag `{tag}` is not allowed; remove it",
    # The top of the file
    "gate-file.not-a-map": "a gate file is a map; start with `project:` and `gates:`",
    "gate-file.no-gates": "the file has no gates, so it would always pass; add `gates`",
    "gate-file.key-elsewhere": (
        "`{key}` is never read from this file, because a pull request can change it; use the input instead"
    ),
    "gate-file.unknown-key": "unknown key `{key}`[[; did you mean {hint}?]]",
    "gate-file.version": "`version` must be {version}",
    "gate-file.project": "write `project` as `workspace/project`",
    "gate-file.list-of-entries": "`{key}` must be a list; start each entry with `- `",
    "gate-file.no-entries": "`{key}` is empty",
    "gate-file.duplicate-id": "the gate on line {line} already has the id `{gate}`; give one of them its own `id`",
    "gate-file.unknown-baseline": "there is no baseline `{baseline}` under `baselines`[[; did you mean {hint}?]]",
    "gate-file.unknown-gate": "no gate has the id `{gate}`[[; did you mean {hint}?]]",
    # `extends`
    "gate-file.extends-form": "`extends` takes `preset:smoke`, a file next to this one, or a list of them",
    "gate-file.extends-chain": "an extended file cannot extend another file",
    "gate-file.extends-outside": (
        "`{path}` is not next to this file; URLs, absolute paths and `..` are not allowed in `extends`"
    ),
    "gate-file.extends-presets-only": "`{path}` cannot be read here; only presets can be extended",
    "gate-file.extends-unreadable": "`{path}` cannot be read: {reason}",
    "gate-file.unknown-preset": "unknown preset `{preset}`[[; did you mean {hint}?]]",
    # Maps and simple values
    "gate-file.map-of-keys": "a map is needed here, with keys like {keys}",
    "gate-file.map-of-conditions": "a map of fields and conditions is needed here, like `{state: FINISHED}`",
    "gate-file.map-of-comparisons": (
        "a map of fields is needed here, like `metrics.val/acc: {to: main, better: higher, allow_worse: 1%}`"
    ),
    "gate-file.map-of-baselines": "a map of names is needed here, each with its `runs`",
    "gate-file.text-needed": "a text is needed here",
    "gate-file.value-needed": "a value is needed for `{field}`, not {found}",
    "gate-file.not-one-of": "`{word}` is not one of {known}[[; did you mean {hint}?]]",
    "gate-file.whole-number": "`{key}` must be a whole number, {least} or more",
    "gate-file.number-needed": "a number is needed here, not {found}[[; {hint}]]",
    "gate-file.time-needed": "a duration is needed here, like {examples}, not {found}",
    "gate-file.unit-missing": "unit missing: write one of {examples}",
    "gate-file.found-text": "`{text}`",
    "gate-file.found-nothing": "an empty value",
    "gate-file.found-list": "a list",
    "gate-file.found-map": "a map",
    "gate-file.hint-word": "did you mean {word}?",
    "gate-file.hint-either": "did you mean {one} or {other}?",
    "gate-file.hint-key-of": "name one of its keys, like {example}",
    "gate-file.hint-quoted-key": "quote a key that contains signs like `.`: {example}",
    "gate-file.hint-unquote": "remove the quotes",
    "gate-file.hint-write": "write {example}",
    "gate-file.hint-as-logged": "write it as it was logged: {percent} or {share}",
    # Gates
    "gate-file.gate-without-name": "this gate has no `name`",
    "gate-file.gate-without-check": "this gate checks nothing; add `expect` or `compare`",
    "gate-file.check-reserved": "the key `check` is reserved; use `expect` or `compare`",
    "gate-file.how-many-of-nothing": "`how_many` counts runs, but `expect` has no condition on a single run",
    "gate-file.no-id": "no `id` can be made from this name; write one",
    "gate-file.id-form": "`{id}` is not a valid id; use letters, digits and dashes, like {example}",
    "gate-file.how-many-number": "write `{at_least: {number}}` or `{at_most: {number}}`",
    "gate-file.how-many-form": (
        "`how_many` takes `all`, `any`, `none`, `{at_least: 3}`, `{at_least: 90%}` or `{at_most: 1}`"
    ),
    "gate-file.share-least": "`at_least` must be above 0% and at most 100%",
    "gate-file.share-most": "`at_most` must be between 0% and 100%",
    "gate-file.grouping-field": "a field is needed here, like `config.dataset`",
    "gate-file.grouping-changes": (
        "`{field}` cannot be used for grouping: it is not one lasting value of each run; use a field like `config.seed`"
    ),
    "gate-file.baseline-without-runs": "the baseline `{baseline}` selects no runs; add `runs`",
    "gate-file.waiver-without-gate": "a waiver needs a `gate`",
    "gate-file.waiver-without-reason": "a waiver needs a `reason`",
    "gate-file.waiver-without-end": "a waiver needs an end; write `until: ` and a date",
    "gate-file.reason-short": "write a reason of {least} characters or more",
    "gate-file.not-a-date": "`{text}` is not a date; write one like `2027-01-31`",
    # Fields and functions
    "gate-file.unknown-field": "unknown field `{field}`[[; {hint}]]",
    "gate-file.unknown-function": "unknown function `{function}`[[; did you mean {hint}?]]",
    "gate-file.count-of-field": "write `count()` without a field",
    "gate-file.function-of-nothing": "name a field in the parentheses of `{call}`",
    "gate-file.function-elsewhere": "`{call}` is about all runs together; write it directly below a gate's `expect`",
    # Conditions and operators
    "gate-file.no-fields": "name at least one field, like `{state: FINISHED}`",
    "gate-file.branches-of-fields": "`{operator}` takes a list of maps, like `[{state: FINISHED}, {labels: smoke}]`",
    "gate-file.branches-of-conditions": "`{operator}` takes a list of conditions, like `[{min: 1}, {is: 0}]`",
    "gate-file.no-condition": "`{field}` has no condition; to check only that it is there, write `{exists: true}`",
    "gate-file.only-optional": "`{field}` is optional and has no other condition, so nothing is checked",
    "gate-file.exists-and-optional": "`exists: true` and `optional: true` contradict each other for `{field}`; "
    "remove one of them",
    "gate-file.optional-true": "`optional` takes only `true`; otherwise remove it",
    "gate-file.unknown-operator": "unknown operator `{operator}`[[; did you mean {hint}?]]",
    "gate-file.operator-for-kind": "`{operator}` does not apply to `{field}`, which is {kind}; use {known}",
    "gate-file.operator-for-date": "`{operator}` does not apply to `{field}`; limit the age instead, like {example}",
    "gate-file.time-without-operator": "`{field}` takes `min`, `max`, `above` or `below`, like `{max: 4h}`",
    "gate-file.empty-range": "no value meets both {low} and {high}",
    "gate-file.swapped-range": "no value meets both {low} and {high}; are `{lower}` and `{upper}` swapped?",
    "valuekind.any": "any value",
    "valuekind.text": "a text",
    "valuekind.number": "a number",
    "valuekind.time": "a duration",
    "valuekind.bool": "true or false",
    "valuekind.list": "a list",
    "valuekind.aggregate": "one number for all runs",
    "valuekind.aggregate-time": "one duration for all runs",
    # Operands
    "gate-file.no-values": "the list is empty; write at least one value",
    "gate-file.one-value": "one value is needed here; for several values use `in` or `not_in`",
    "gate-file.no-value": "`{field}` is compared with nothing; write a value, or `{exists: false}`",
    "gate-file.bool-in-yaml": (
        "`{text}` is true or false in YAML 1.1 and a text in YAML 1.2; write {value}, or {quoted} for the text"
    ),
    "gate-file.not-a-state": "`{state}` is not a state[[; did you mean {hint}?]]",
    "gate-file.commit-short": "`{commit}` is too short for a commit; write {least} characters or more",
    "gate-file.field-is-number": "`{field}` is a number, but `{text}` is not[[; {hint}]]",
    "gate-file.field-is-bool": "`{field}` is `true` or `false`, but `{text}` is neither",
    "gate-file.not-finite": "nothing can be compared with `{text}`; write a finite number",
    "gate-file.bound-form": "a bound is a number, or `{field: OTHER, times: x, plus: y}`",
    "gate-file.bound-field": "`field` takes the name of a field",
    "gate-file.bound-kind": "`{bound}` is {kind}, so it cannot be a bound of `{field}`",
    "gate-file.type": "`type` takes one of {known}[[; did you mean {hint}?]]",
    "gate-file.version-needed": "a version specifier is needed here, like {example}",
    "gate-file.version-long": "the version specifier has {length} characters; at most {limit} are allowed",
    "gate-file.version-form": (
        "`{text}` is not a version specifier[[; did you mean {hint}?]][[; write one like {example} (PEP 440)]]"
    ),
    "gate-file.pattern-needed": "a pattern is needed here",
    "gate-file.pattern-long": "the pattern has {length} characters; at most {limit} are allowed",
    "gate-file.pattern-variable": "`{variable}` is a value, not a pattern; use `is` or `contains`",
    "gate-file.regex-form": "not a regular expression: {reason}",
    "gate-file.regex-needs": "the pattern needs more than the {limit} characters that are searched; repeat less",
    "gate-file.regex-slow": "the pattern could take minutes; start it with `^`, repeat less, or use `like`",
    "gate-file.regex-nested": "a repeat or an alternative inside a repeat could take forever; use `like`",
    "gate-file.regex-group": "`{piece}` is not allowed: no look-around, back-references or flags",
    "gate-file.regex-reference": "`{piece}` is not allowed: no back-references",
    # Variables
    "gate-file.unknown-variable": "unknown variable `{variable}`[[; did you mean {hint}?]][[; use one of {known}]]",
    "gate-file.variable-braces": "`{text}`: write variables without braces, like {example}",
    "gate-file.variable-in-text": "`{variable}` must stand alone: a variable is a whole value, not a part of a text",
    "gate-file.variable-list": "`{variable}` is a list, but one text is needed here",
    "gate-file.variable-flag": "`{variable}` has no value on the command line; pass {flag}",
    "gate-file.variable-ci": (
        "`{variable}` has no value on the command line; run this in CI on a pull request, or select by another field"
    ),
    "gate-file.variable-input": (
        "`{variable}` has no value on a `{event}` event; set the input `run-ids`, or select by another field"
    ),
    "gate-file.variable-event": (
        "`{variable}` has no value on a `{event}` event; "
        "use this gate file on `pull_request` events, or select by another field"
    ),
    # `compare`
    "gate-file.compare-nothing": "name at least one field to compare",
    "gate-file.compare-kind": "`{field}` is {kind}; only numbers can be compared with a baseline",
    "gate-file.compare-to": "`to` is missing; name the baseline to compare with",
    "gate-file.compare-better": "`better` is missing; write `higher` or `lower`",
    "gate-file.compare-amounts": "write either `allow_worse` or `require_better`; the amount can be 0",
    "gate-file.no-amounts": "the list is empty; write at least one amount",
    "gate-file.negative-amount": "an amount cannot be negative; `better` says which direction is good",
    "gate-file.noise": "`noise` is a number of standard errors, like `2 se`",
    "gate-file.best-of-pairs": "`pair_by` compares run by run, so `best` does not apply; use `mean` or `median`",
    # Warnings
    "lint.no-fail-level": "no gate has the level `fail`, so this file never stops a merge",
    "lint.unused-baseline": "no gate compares with the baseline `{baseline}`",
    "lint.always-holds": "`{field}` is selected and expected by the same condition, so this always passes",
    "lint.cannot-fail": "`how_many` allows any number of runs, so the expectations of this gate cannot fail",
    "lint.passes-without-runs": "this gate passes when it selects no runs; a typo in `runs` would go unnoticed",
    # Files of tests
    "test-file.gate-file": "this is a gate file; write its tests in a file of their own, under `tests`",
    "test-file.no-tests": "this file has no `tests`",
    "test-file.no-name": "this test has no `name`",
    "test-file.expects-nothing": "this test expects nothing; add `expect` or `verdict`",
    "test-file.time": "a time is needed here, like `2026-01-31T12:00:00Z`",
    "test-file.list": "a list is needed here",
    "test-file.before-all-time": "the run would be before the year 1; write a shorter time",
    "test-file.map": "a map is needed here",
    "test-file.map-of-statuses": "a map of gates and statuses is needed here, like `{smoke-run-finished: fail}`",
    "test-file.keys-of": "`{key}` takes {known}",
    "gate-file.exists": "`exists` takes `true` or `false`",
    "gate-file.star": "`{field}`: a star has no meaning here; it stands for several keys in `expect`, `compare` and "
    "`unchanged` only",
    "gate-file.bound-of-all": "`{call}` is about all runs, so its bound is a number or another function, such as "
    "`mean(metrics.loss)`",
    "gate-file.bound-of-run": "`{call}` is about all runs and cannot be the bound of `{field}`, which is of one run",
    "gate-file.unpaired-without-pairs": "`unpaired` needs `pair_by`",
    "gate-file.take-and-newest": "`take` and `newest` exclude each other: write one of them",
    "gate-file.take-form": "`take` needs `{key}`; write `{best: 3, by: metrics.val/acc, better: higher}`",
    "gate-file.take-by": "`by` is the name of a field, such as `metrics.val/acc`",
    "gate-file.take-by-kind": "runs cannot be ranked by `{field}`: it is {kind}",
    "gate-file.first-of": "`first_of` is a list of conditions on runs, such as `[{git.commit: $base_sha}, "
    "{git.branch: main}]`",
    "gate-file.beside-first-of": "the runs of the baseline `{baseline}` are chosen by `first_of`: write this into "
    "its entries",
    "gate-file.unchanged-to": "`unchanged` needs `to`, the name of a baseline",
    "gate-file.unchanged-fields": "`unchanged` needs `fields`, such as `[config.*]`",
}
