"""The command line: which commands and flags there are, and what each means."""

import argparse
import re
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import NoReturn

from swanlab_ci import __version__
from swanlab_ci.check.inputs import Inputs
from swanlab_ci.messages import Language

SHELLS = ("bash", "zsh", "fish")
FORMATS = ("text", "markdown", "comment", "html", "json")
_ABOUT = "Merge gates for machine-learning experiments: check SwanLab runs against a gate file."
_EPILOG = """\
a first gate in a minute:
  swanlab-ci init --project my-team/resnet         write swanlab-gate.yml
  swanlab-ci lint                                  find mistakes in it, offline
  swanlab-ci check                                 check the runs of the current commit
  swanlab-ci demo                                  see a red verdict, without an account

exit codes:
  0  the merge may go on               3  no verdict, so the check has not passed
  1  a gate failed                     4  runs are still running
  2  the gate file or a flag is wrong  70 a bug in swanlab-ci
"""
_CHECK = """\
Fetch the project's runs, check them against the gate file, and print the verdict with its reasons.
The report goes to stdout, everything else to stderr. The exit code is the verdict (see swanlab-ci --help).

The API key comes from SWANLAB_API_KEY, or else from the login that `swanlab login` saved.
"""
_SANDBOX = """\
Serve a SwanLab on this machine, at first with a made-up project `my-team/resnet`. Print the environment variables with
which the SwanLab SDKs and `swanlab-ci check` use it; run the printed lines in a shell. Ctrl-C ends the server. A run
that sends nothing for 30 minutes becomes CRASHED. With --data, every change is saved to disk before it is answered.
"""
_TEST = """\
Check the made-up runs of each test, and compare the result with what the test expects, as promtool does for alerts;
works offline. Also prints the gates that no test makes fail. Exit code 1 if an expectation is not met. A file of tests:

  tests:
    - name: a crash stops the merge
      runs: [{labels: [smoke], state: CRASHED}]
      expect: {smoke-run-finished: fail}
      verdict: fail
"""
_EXPLAIN = """\
Print how many runs are left after each condition of a gate, and every comparison with its values. With RUN, print what
the gate does with that run.
"""
_BACKTEST = """\
Judge each change of the past by the gate file, as a check would have done when its last run ended: later runs do not
exist, and runs that ended later still run. Print how often each gate passed and failed, and what it would have stopped.
A change is one value of the field that the gate file compares with $pr_commits, $head_sha, $merge_sha, $pr_number or
$head_branch. The exit code is 1 if more is stopped than --at-most allows, and 3 if there is no history.
"""
_SUGGEST = """\
Print for each metric that the gate file bounds or compares what its past supports: a bound that few harmless changes
miss, how much the runs of one change vary, an allowance with its rate of false alarms, and the drop that can be seen.

With --write, the gate file gets these values: in the place of its own, or as a new gate for --metric. With --tighten,
only bounds that become stricter are printed, as a diff, and written with --write.

Exit codes: 0 done, 2 a flag or the gate file is wrong or cannot be changed, 3 the history is too short.
"""
_FIELDS = """\
Print every field of the run with this id or name, as lines to paste below `expect` of a gate: each condition holds for
the run. The type of each value follows as a comment. What no gate can expect is a comment, too.
"""
_REPLAY = """\
Check a file of `check --bundle FILE` again: the same runs, rules and event give the same verdict. Works offline. For
bug reports, and to see what a new version of swanlab-ci, or another gate file, makes of an old case.
"""
_DEMO = """\
Start an embedded SwanLab with a made-up project, run `check` on a pull request that broke training, and show why the
verdict is red. Needs no account and no network.
"""
_DOCTOR = """\
Examine whether the gate holds: is its check required on the branch, by rulesets or branch protection, and from the
right App; can a workflow of this checkout skip it silently; do gate file, key and project work; do the last runs record
their commit; how many requests does a check take.

GitHub, Gitea and Forgejo are asked with GITHUB_REPOSITORY and GITHUB_TOKEN (`contents: read`), GitLab with
CI_PROJECT_ID and GITLAB_TOKEN (`read_api`), Gitee with SWANLAB_CI_REPOSITORY and SWANLAB_CI_TOKEN. Exit codes: 0 the
gate is armed, 1 it is not, 2 the gate file or a flag is wrong, 3 something could not be seen.
"""
_EXEC = """\
Run a training and return its exit code. Its runs get the commit as group, job type and tag (SWANLAB_GROUP,
SWANLAB_JOB_TYPE, SWANLAB_TAGS), unless a variable is set or the code sets these itself; so a gate finds them with
`runs: {group: $pr_commits}`. In a CI job the commit is the head of the pull request, elsewhere the checked-out commit.
Signals go to the command.

With --notify, a job is started at the end, whether the command ends well, crashes or is killed: on GitHub by a
`repository_dispatch` of type `training-ended` (GITHUB_REPOSITORY, and GITHUB_TOKEN with `contents: write`), on GitLab
by a pipeline trigger (CI_PROJECT_ID, GITLAB_TRIGGER_TOKEN), on Gitea and Forgejo by the workflow `training-ended.yml`
(GITHUB_REPOSITORY, GITHUB_TOKEN, GITHUB_API_URL). A notification that fails never changes the exit code, and takes at
most 10 seconds.

  swanlab-ci exec --notify -- python train.py --epochs 10

Exit codes: those of the command; 128 + N if signal N ended it, 127 if it was not found, 126 if it cannot be executed, 2
if no command is given.
"""
_COMPLETION = """\
Print a script that completes commands, flags and files in a shell:

  bash: eval "$(swanlab-ci completion bash)", in ~/.bashrc
  zsh:  swanlab-ci completion zsh >DIR/_swanlab-ci, where DIR is in $fpath
  fish: swanlab-ci completion fish >~/.config/fish/completions/swanlab-ci.fish
"""
_VALUE_FLAGS = {
    "host": ("URL", "a self-hosted SwanLab, with or without /api (default: SWANLAB_API_HOST, else the cloud)"),
    "web-host": ("URL", "address of SwanLab's pages, for links (default: derived from the host)"),
    "local": ("DIR", "check the offline runs in this folder, such as swanlog; needs no key and no network"),
    "project": ("W/P", "workspace/project to check (default: `project` in the gate file)"),
    "gates": ("FILE", f"the gate file (default: {Inputs().gates})"),
    "sha": (
        "REV",
        "the commit to check, for $pr_commits and $head_sha; any revision of git (default: the CI event's, else HEAD)",
    ),
    "pr": ("N", "the pull request's number, for $pr_number (default: the CI event's)"),
    "run-ids": ("IDS", "ids of runs for $run_ids, separated by commas"),
    "changed-files": ("FILE", "every path that changed, one a line, for no_training_needed (default: git is asked)"),
    "timeout": ("TIME", "time limit for the check without waiting, such as 90s or 1h (default: 5m)"),
}
_CHECK_FLAGS = {
    "level-cap": (
        "LEVEL",
        "highest level that counts, fail, warn or info: with warn nothing stops the merge (default: fail)",
    ),
    "wait": ("TIME", "how long to wait for runs that can still change the verdict, such as 30m (default: 0s)"),
    "report-dir": (
        "DIR",
        "write report.html, report.md, report.json and junit.xml into this folder below the current one",
    ),
    "report-url": (
        "URL",
        "where report.html will be found, for the link in the comment (default: the job's artifacts)",
    ),
    "comment": ("WHEN", "when to comment: always, on-change, on-problem or never (default: always)"),
    "comment-key": ("NAME", "name of this gate's comment, when one pull request has several (default: default)"),
    "status-context": ("NAME", "name of a commit status to set, where the forge has them (default: none is set)"),
    "bundle": ("FILE", "write everything that led to the verdict into this file, for `swanlab-ci replay FILE`"),
}
_BACKTEST_FLAGS = {
    "against": ("FILE", "judge by this gate file, too, and print what differs"),
    "by": ("FIELD", "the field of which each value is one change (default: found in the gate file)"),
    "last": ("N", "judge the newest N changes (default: 50)"),
    "since": ("TIME", "instead of --last: judge the changes that ended in this time, such as 90d"),
    "keep": ("FILE", "keep what is fetched in this file; what it holds already is not fetched again"),
    "history": ("FILE", "judge the runs of a file of --keep; sends no request and needs no key"),
    "merged": ("REV", "ask git which stopped commits are in this branch, such as origin/main, and were reverted"),
    "at-most": ("SHARE", "exit with 1 if a larger share would have been stopped, such as 10%%"),
}
_SUGGEST_FLAGS = {
    "metric": ("KEY", "a metric of the finished runs, such as val/acc (default: those of the gate file)"),
    "better": ("DIRECTION", "higher or lower, for --metric"),
    "baseline": ("NAME", "look only at the runs that this baseline of the gate file selects, such as main"),
    "alarms": ("SHARE", "the share of harmless changes that may be stopped (default: 5%%)"),
}
_SWITCHES = {
    "own-rules": "judge a pull request by its own gate file instead of the base branch's",
    "strict": "a warning stops the merge, too",
    "allow-http": "allow plain http:// to another machine; the key is sent unencrypted",
}


class ArgumentParser(argparse.ArgumentParser):
    """A parser that names the nearest flag or choice for one that it does not know."""

    def error(self, message: str) -> NoReturn:
        """Print usage and message, and exit with 2."""
        known = [
            f"--{name}"
            for name in (*_VALUE_FLAGS, *_BACKTEST_FLAGS, *_SUGGEST_FLAGS, *_CHECK_FLAGS, *_SWITCHES, *_OTHER_FLAGS)
        ]
        unknown = re.search(r"unrecognized arguments: (--[\w-]+)", message)
        near = get_close_matches(unknown[1], known, n=1, cutoff=0.7) if unknown and unknown[1] not in known else []
        choice = re.search(r"invalid choice: '(.+?)' \(choose from (.+)\)", message)
        near += get_close_matches(choice[1], re.findall(r"[\w-]+", choice[2]), n=1, cutoff=0.7) if choice else []
        file = re.search(r"unrecognized arguments: ([^-]\S*\.ya?ml)", message)
        hint = f"did you mean --gates {file[1]}?" if file else "see swanlab-ci --help"
        super().error(f"{message}; did you mean {near[0]}?" if near else f"{message}; {hint}")


_OTHER_FLAGS = ("set", "confined", "format", "data", "port", "language", "report", "notify", "branch", "check")


def parser() -> ArgumentParser:
    """Build the parser; the parsed `command` is the name of the command."""
    top = ArgumentParser(
        "swanlab-ci", description=_ABOUT, epilog=_EPILOG, formatter_class=_formatter, allow_abbrev=False
    )
    top.add_argument("--version", action="version", version=f"swanlab-ci {__version__}")
    commands = top.add_subparsers(title="commands", dest="command", metavar="COMMAND", required=True)

    def add(name: str, summary: str, about: str) -> ArgumentParser:
        return commands.add_parser(
            name, help=summary, description=about, formatter_class=_formatter, allow_abbrev=False
        )

    _check(add("check", "check the runs, and say whether a merge may go on", _CHECK))
    lint = add("lint", "find mistakes in gate files", "Print every mistake as FILE:LINE:COL: message; works offline.")
    _gate_files(lint)
    init = add("init", "write a first gate file", "Write a first gate file; an existing file is never overwritten.")
    _init(init)
    _schema(add("schema", "print a JSON Schema", "Print the JSON Schema of gate files, for editors."))
    sandbox = add("sandbox", "serve an embedded SwanLab", _SANDBOX)
    _sandbox(sandbox)
    test = add("test", "try a gate file on made-up runs", _TEST)
    _tests(test)
    _explain(add("explain", "print why a gate has its result", _EXPLAIN))
    _reading(add)
    _doctor(add("doctor", "examine whether the gate is armed", _DOCTOR))
    _exec(add("exec", "run a training, bound to its commit", _EXEC))
    replay = add("replay", "check a bundle again, offline", _REPLAY)
    _replay(replay)
    _shell(add("completion", "print a script that completes commands in a shell", _COMPLETION))
    _demo(add("demo", "see a gate at work, without an account", _DEMO))
    for command in (lint, init, sandbox, test, replay):
        _language(command)
    return top


def check_inputs(parsed: argparse.Namespace) -> dict[str, str]:
    """Return the flags that were given, by input name, for `inputs.from_flags`."""
    names = (*_VALUE_FLAGS, *_CHECK_FLAGS, *_SWITCHES, "language")
    given = {name: getattr(parsed, name.replace("-", "_"), None) for name in names}
    return {name: str(value) for name, value in given.items() if value is not None}


def _gate_files(command: ArgumentParser) -> None:
    default = Inputs().gates
    command.add_argument("files", metavar="FILE", nargs="*", default=[default], help=f"default: {default}")
    _confined(command)


def _tests(command: ArgumentParser) -> None:
    command.add_argument("file", metavar="TESTS", help="file of tests")
    command.add_argument("--gates", metavar="FILE", default=Inputs().gates, help="the gate file (default: %(default)s)")
    _confined(command)


def _init(command: ArgumentParser) -> None:
    command.add_argument("file", metavar="FILE", nargs="?", default=Inputs().gates, help="default: %(default)s")
    command.add_argument("--project", metavar="W/P", help="workspace/project (default: found in the code)")
    about = "bound this metric, such as val/acc, by the project's past; needs --better"
    command.add_argument("--metric", metavar="KEY", help=about)
    command.add_argument("--better", metavar="DIRECTION", help=_SUGGEST_FLAGS["better"][1])


def _schema(command: ArgumentParser) -> None:
    command.add_argument("--report", action="store_true", help="print the schema of report.json instead")


def _demo(command: ArgumentParser) -> None:
    command.add_argument("--report-dir", metavar="DIR", default="demo-report", help="default: %(default)s")
    _language(command)


def _doctor(command: ArgumentParser) -> None:
    command.add_argument("--branch", metavar="NAME", help="the branch to protect (default: the default branch)")
    command.add_argument("--check", metavar="NAME", help="name of the check (default: what the workflows say)")
    named = ("host", "web-host", "project", "gates", "timeout")
    _flags(command, {name: _VALUE_FLAGS[name] for name in named}, {"allow-http": _SWITCHES["allow-http"]})
    command.add_argument("--format", choices=("text", "json"), default="text", help="form on stdout (default: text)")
    _confined(command)
    _language(command)


def _exec(command: ArgumentParser) -> None:
    command.usage = "swanlab-ci exec [FLAG ...] -- COMMAND [ARGUMENT ...]"
    command.add_argument("words", nargs="*", help=argparse.SUPPRESS)  # a command without `--` gets a message of its own
    command.add_argument("--notify", action="store_true", help="start the job that checks again at the end")
    text = "the commit; any revision of git (default: the CI event's, else the checked-out one)"
    command.add_argument("--sha", metavar="REV", help=text)
    command.add_argument("--pr", metavar="N", help="the pull request's number (default: the CI event's)")
    _language(command)


def _shell(command: ArgumentParser) -> None:
    command.add_argument("shell", metavar="SHELL", choices=SHELLS, help="one of %(choices)s")


def _set(command: ArgumentParser) -> None:
    text = "a value for $NAME in the gate file; repeatable"
    command.add_argument("--set", metavar="NAME=VALUE", action="append", default=[], help=text)


def _check(command: ArgumentParser) -> None:
    _flags(command, _VALUE_FLAGS | _CHECK_FLAGS, _SWITCHES)
    _set(command)
    _format(command)
    _confined(command)
    _language(command)


def _reading(add: Callable[[str, str, str], ArgumentParser]) -> None:
    """Add the commands that read runs and give no verdict on them."""
    _fields(add("fields", "print every field of a run, as a gate writes it", _FIELDS))
    _suggest(add("suggest", "find bounds that the past supports", _SUGGEST))
    _backtest(add("backtest", "judge the changes of the past by a gate file", _BACKTEST))


def _backtest(command: ArgumentParser) -> None:
    flags = ("host", "web-host", "local", "project", "gates", "timeout")
    _flags(
        command, _BACKTEST_FLAGS | {name: _VALUE_FLAGS[name] for name in flags}, {"allow-http": _SWITCHES["allow-http"]}
    )
    _set(command)
    _format(command)
    _confined(command)
    _language(command)


def _suggest(command: ArgumentParser) -> None:
    flags = ("host", "web-host", "local", "project", "gates", "timeout")
    history = {name: _BACKTEST_FLAGS[name] for name in ("by", "last", "since", "keep", "history")}
    switches = {"write": "write the suggestions into the gate file; everything else in it stays"}
    switches["tighten"] = "print only the bounds that can be tighter, as a diff of the gate file"
    _flags(
        command,
        _SUGGEST_FLAGS | history | {name: _VALUE_FLAGS[name] for name in flags},
        switches | {"allow-http": _SWITCHES["allow-http"]},
    )
    _set(command)
    _format(command, ("text", "json"))
    _confined(command)
    _language(command)


def _fields(command: ArgumentParser) -> None:
    command.add_argument("run", metavar="RUN", help="id or name of a run")
    flags = ("host", "web-host", "local", "project", "gates", "timeout")
    _flags(command, {name: _VALUE_FLAGS[name] for name in flags}, {"allow-http": _SWITCHES["allow-http"]})
    command.add_argument("--bundle", dest="case", metavar="FILE", help="a run of this bundle; works offline")
    _format(command, ("text", "json"))
    _confined(command)
    _language(command)


def _replay(command: ArgumentParser) -> None:
    command.add_argument("file", metavar="FILE", help="a file of `check --bundle FILE`")
    command.add_argument("--gates", metavar="FILE", help="check by this gate file instead of the bundle's")
    _format(command)
    _confined(command)


def _explain(command: ArgumentParser) -> None:
    command.add_argument("gate", metavar="GATE", help="id of a gate, such as smoke-run-finished")
    command.add_argument("run", metavar="RUN", nargs="?", default="", help="id or name of a run")
    _flags(command, _VALUE_FLAGS, {name: _SWITCHES[name] for name in ("own-rules", "allow-http")})
    _set(command)
    command.add_argument("--bundle", dest="case", metavar="FILE", help="explain this bundle; works offline")
    _confined(command)
    _language(command)


def _flags(command: ArgumentParser, flags: Mapping[str, tuple[str, str]], switches: Mapping[str, str]) -> None:
    for name, (metavar, text) in flags.items():
        command.add_argument(f"--{name}", metavar=metavar, help=text)
    for name, text in switches.items():
        command.add_argument(f"--{name}", action="store_const", const="true", help=text)


def _format(command: ArgumentParser, forms: Sequence[str] = FORMATS) -> None:
    command.add_argument("--format", choices=forms, default="text", help="form of what is on stdout (default: text)")


def _confined(command: ArgumentParser) -> None:
    text = "read files only below the current folder, links followed (default in a CI job)"
    command.add_argument("--confined", action="store_true", help=text)


def _language(command: ArgumentParser) -> None:
    text = "language of messages and reports (default: the gate file's, else that of LANG, else en)"
    command.add_argument("--language", choices=tuple(map(str, Language)), help=text)


def _sandbox(command: ArgumentParser) -> None:
    command.add_argument("--port", type=int, default=0, metavar="N", help="port on 127.0.0.1 (default: any free one)")
    command.add_argument("--data", metavar="DIR", help="keep the data in this folder; it is created")


def _formatter(prog: str) -> argparse.HelpFormatter:
    return argparse.RawDescriptionHelpFormatter(prog, max_help_position=30, width=110)
