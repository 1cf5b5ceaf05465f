"""Inputs, the choice of the gate file, waiting, and how one check runs."""

MESSAGES: dict[str, str] = {
    "input.of-the-action": "input {name}",
    "input.wrong": "{count} {count?input is|inputs are} wrong.",
    "input.no-key": "input `api-key` is empty. Write `api-key: ${{ secrets.SWANLAB_API_KEY }}` and create that "
    "secret. "
    "A pull request from a fork gets no secrets: check it in a `workflow_run` workflow.",
    "input.unknown": "{input} is unknown. The inputs are {names}.",
    "input.unknown-near": "{input} is unknown. Did you mean {near}?",
    "input.secret-with-white-space": "{input} contains a control character or white space (the value is not shown). "
    "Paste it again without a line break.",
    "input.secret-not-ascii": "{input} contains a character that no key contains (the value is not shown). "
    "Paste it again.",
    "input.key-too-short": "{input} has only {length} {length?character|characters} (the value is not shown); "
    "a SwanLab key has 21. Copy it from your SwanLab settings.",
    "input.not-a-project": '{input} is "{found}". Write `workspace/project`, as in the project\'s address on SwanLab.',
    "input.not-a-time": '{input} is "{found}". Write a time between {least} and {most}, such as `90s`, `5m` or `1h`.',
    "input.unit-missing": '{input} is "{found}": the unit is missing. Write {examples}.',
    "input.not-one-of": '{input} is "{found}". Write one of {words}.',
    "input.not-a-status-name": '{input} is "{found}". Write a name on one line, at most {most} characters long, '
    "such as `swanlab-ci`.",
    "input.not-a-comment-key": '{input} is "{found}". Write 1 to 64 letters, digits, dots, hyphens or underscores.',
    "input.not-a-commit": '{input} is "{found}". Write a commit hash: 7 or more hexadecimal digits.',
    "input.not-a-revision": '{input} is "{found}". Write a commit hash, a branch, a tag or another revision that git '
    "knows, such as `HEAD`.",
    "input.not-a-variable": '{input} is "{found}". Write the name of a variable and its value, such as '
    "`base_branch=main`.",
    "input.unknown-variable": "{input}: there is no such variable[[; did you mean {near}?]] The variables are {names}.",
    "input.variable-twice": "{input} is given twice, but the variable has one value.",
    "input.not-a-pull-request": '{input} is "{found}". Write the number of a pull request, such as `42`.',
    "check.no-project": "No project is named.",
    "check.no-project-advice": "Write `project: workspace/project` into {file}, or set `project` beside `gates`.",
    "check.too-much": "There is too much data to read or to check: the memory is full.",
    "check.too-much-advice": "Select fewer runs.",
    "check.stopped": "{what}[[ {advice}]]",
    "check.waiting": "waiting for {runs}[[ and {more} more]] ({elapsed} of {limit})",
    "check.bundle-not-written": "The bundle was not written to {file}: {reason}.",
    "gate-file.unknown-event": "The event {event} is not supported: it is not known which gate file counts.",
    "gate-file.unknown-event-advice": "Run the check on {event}, or set the input {input} "
    "to the pull request's number.",
    "gate-file.no-token": "{input} is empty, so the gate file of this pull request is used.",
    "gate-file.own-rules": "The gate file of this pull request is used, as `own-rules` asks for.",
    "gate-file.base-refused": "The base branch's {file} could not be read[[: {reason}]]. "
    "A pull request is not judged by its own gate file.",
    "gate-file.base-unknown": "The base branch of this pull request is not known, so no gate file could be chosen.",
    "gate-file.base-unknown-advice": "{advice} If that is done, run the job again.",
    "gate-file.base-not-given": "The base branch's {file} could not be read: {reason}.",
    "gate-file.try-again": "Run the job again.",
    "gate-file.not-in-base": "The base branch has no {file}, or the token may not read it. The gate file of "
    "this pull request is used.",
    "gate-file.base-not-read": "Could not read {file} of the base branch: {reason}. The gate file of this "
    "pull request is used.",
    "gate-file.base-unusable": "The base branch's gate file cannot be used: {reason} The gate file of this "
    "pull request is used.",
    "gate-file.extended-not-in-base": "{file} is not in the base branch, but the gate file there extends it.",
    "gate-file.add-it-to-base": "Add it to the base branch.",
    "gate-file.privileged": "On {event}, {file} is read from the base branch only, and it could not be read there.",
    "gate-file.privileged-advice": "{advice} Put a valid gate file into the base branch.",
    "gate-file.check-out-first": "Check out the repository first. `swanlab-ci init` writes a first {file}.",
    "replay.other-rules": "These are the rules of {file}, not those of the check that wrote the bundle.",
    "replay.lacks": "The bundle cannot be checked by {file}.",
    "replay.lacks-advice": "Write a bundle with `check --gates FILE --bundle FILE` and {file}.",
    "replay.other-project": "The rules are for {project}, but the bundle holds runs of {runs}.",
    "replay.lacks-runs": "The bundle may lack runs: SwanLab selected them by {fields}, and these rules select others.",
    "replay.lacks-fields": "The bundle lacks {fields}, which the rules of that check did not need.",
    "check.not-a-bundle": "{file} is not a bundle[[: {place}]]: {problem}.",
    "check.bundle-no-json": "it is not whole JSON",
    "check.bundle-other-version": "it is from another version of swanlab-ci",
    "check.bundle-value-missing": "the value is missing",
    "check.bundle-wrong-value": "the value has another type than it should ({kind})",
    "check.time-without-zone": "a time has no zone",
    "check.bundle-lacks": "The bundle does not contain {file}, which its gate file extends.",
    "check.name-a-bundle": "Name a file that `check --bundle` wrote.",
}
