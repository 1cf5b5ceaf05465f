"""Inputs, the choice of the gate file, waiting, and how one check runs."""

MESSAGES: dict[str, str] = {
    "input.of-the-action": "input {name}",
    "input.wrong": "{count} {count?input is|inputs are} wrong.",
    "input.no-key": "input `api-key` is empty. Write `api-key: ${{ secrets.SWANLAB_API_KEY }}` and create that secret. "
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
    "input.not-one-of": '{input} is "{found}". Write one of {words}.',
    "input.not-a-status-name": '{input} is "{found}". Write a name on one line, at most {most} characters long, '
    "such as `swanlab-ci`.",
    "input.not-a-comment-key": '{input} is "{found}". Write 1 to 64 letters, digits, dots, hyphens or underscores.',
    "input.not-a-commit": '{input} is "{found}". Write a commit hash: 7 or more hexadecimal digits.',
    "input.not-a-pull-request": '{input} is "{found}". Write the number of a pull request, such as `42`.',
}
