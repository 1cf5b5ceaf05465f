"""Commands, the process, and messages of other programs."""

MESSAGES: dict[str, str] = {
    "text": "{text}",
    "console.warning": "warning: {text}",
    "console.note": "note: {text}",
    "console.comment": "comment: {url}",
    "deadline.passed": "The time limit of {limit} passed while {doing}.",
    "deadline.advice": "Raise `timeout`, or find out why SwanLab is slow.",
    "deadline.working": "working",
    "process.interrupted": "Interrupted.",
    "process.interrupted-by": "Interrupted by {signal}.",
    "process.no-verdict": "There is no verdict. Start the check again.",
    "process.still-root": "Could not give up root ({reason}); the check goes on as root.",
    "process.bug": "This is a bug in swanlab-ci: {error}. There is no verdict, so the check has not passed.",
    "process.bug-advice": "Run again with `RUNNER_DEBUG=1` (on GitHub: re-run with debug logging), and report "
    "what it prints.",
    "lint.no-mistakes": "{file}: {count} {count?gate|gates}, no mistakes.",
    "test.never-fails": "{gate}: no test makes this gate fail",
    "test.passed": "{file}: {tests} {tests?test|tests}, all passed.",
    "test.failed": "{file}: {tests} {tests?test|tests}, {count} {count?expectation|expectations} not met.",
    "init.other-file": "Name another file.",
    "init.wrote": "Wrote {file}. Next: {command}",
    "init.project": "The project is {project} (from {places}).",
    "init.no-project": "No project was found here. Replace {placeholder} in the file with your workspace and project.",
    "init.no-workspace": "No workspace was found. Replace {placeholder} in the file with your workspace.",
    "init.contradiction": "{first} starts runs of {one}, but {second} starts runs of {other}. Choose one with "
    "`--project`.",
    "init.saved-settings": "the settings that swanlab saved for you, {file}",
    "demo.serving": "An embedded SwanLab runs at {url}. Its pull request 42 raises the learning rate.",
    "demo.exit-code": "Exit code {code}: a required check with this result stops the merge.",
    "demo.files": "The rules are in {gates}. The report, as in the comment on the pull request, is in {report}: "
    "open it in an editor that shows Markdown (VS Code: Ctrl+Shift+V).",
    "demo.links": "Its links lead to the embedded SwanLab, which has ended. `swanlab-ci sandbox` starts one "
    "that keeps running.",
    "demo.other-folder": "Choose another folder with `--report-dir`.",
    "sandbox.serving": "An embedded SwanLab runs at {url}. Press Ctrl-C to stop it.",
    "sandbox.saved": "Saved {folder}.",
    "sandbox.cannot-start": "The sandbox cannot start: {reason}.",
    "sandbox.change-flags": "Change `--port` or `--data`.",
    "sandbox.not-saved": "{folder} was not saved: {reason}.",
    "sandbox.make-room": "Free some disk space, and start it again.",
    "sandbox.file": "{file}: {reason}",
}
