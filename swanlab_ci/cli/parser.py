"""The command line: which commands and flags there are, and what each means."""

import argparse
from collections.abc import Callable, Mapping, Sequence

from swanlab_ci import __version__
from swanlab_ci.check.inputs import Inputs
from swanlab_ci.cli import about
from swanlab_ci.cli.usage import ArgumentParser
from swanlab_ci.errors import ConfigurationError
from swanlab_ci.messages import Language

SHELLS = ("bash", "zsh", "fish")
FORMATS = ("text", "markdown", "comment", "html", "json")

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


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Return the arguments by name, `command` among them; raises `ConfigurationError` for what is not understood."""
    first = arguments[0] if arguments else ""
    top, commands = _parsers(first if first in _COMMANDS else None)
    try:
        parsed, unknown = top.parse_known_args(arguments)
    except ConfigurationError as error:
        _refuse_unknown_flags(error, commands.get(first, top), arguments)
        raise
    if unknown:
        commands[parsed.command].refuse(unknown)
    return parsed


def _refuse_unknown_flags(error: ConfigurationError, command: ArgumentParser, arguments: Sequence[str]) -> None:
    """Blame an unknown flag before the value after it, which was taken for a command or another argument."""
    known = command.flags()
    unknown = [each for each in arguments if each.startswith("--") and each.partition("=")[0] not in known]
    if error.what.id == "usage.choice" and unknown:
        command.refuse(unknown)


def parser() -> ArgumentParser:
    """Return the parser of every command; the parsed `command` is the name of the command."""
    return _parsers(None)[0]


def _parsers(only: str | None) -> tuple[ArgumentParser, Mapping[str, ArgumentParser]]:
    """Build the parser, and those of the commands; with `only` the others get no flags, for nobody asks for them."""
    top = ArgumentParser(
        "swanlab-ci", description=about.ABOUT, epilog=about.EPILOG, formatter_class=_formatter, allow_abbrev=False
    )
    top.add_argument("--version", action="version", version=f"swanlab-ci {__version__}")
    place = top.add_subparsers(title="commands", dest="command", metavar="COMMAND", required=True)
    commands = {}
    for name, (summary, text, fill) in _COMMANDS.items():
        command = place.add_parser(name, help=summary, description=text, formatter_class=_formatter, allow_abbrev=False)
        if only in (None, name):
            fill(command)
        commands[name] = command
    return top, commands


def check_inputs(parsed: argparse.Namespace) -> dict[str, str]:
    """Return the flags that were given, by input name, for `inputs.from_flags`."""
    names = (*_VALUE_FLAGS, *_CHECK_FLAGS, *_SWITCHES, "language")
    given = {name: getattr(parsed, name.replace("-", "_"), None) for name in names}
    return {name: str(value) for name, value in given.items() if value is not None}


def _gate_files(command: ArgumentParser) -> None:
    default = Inputs().gates
    command.add_argument("files", metavar="FILE", nargs="*", default=[default], help=f"default: {default}")
    _confined(command)
    _language(command)


def _tests(command: ArgumentParser) -> None:
    command.add_argument("file", metavar="TESTS", help="file of tests")
    command.add_argument("--gates", metavar="FILE", default=Inputs().gates, help="the gate file (default: %(default)s)")
    _confined(command)
    _language(command)


def _init(command: ArgumentParser) -> None:
    command.add_argument("file", metavar="FILE", nargs="?", default=Inputs().gates, help="default: %(default)s")
    command.add_argument("--project", metavar="W/P", help="workspace/project (default: found in the code)")
    text = "bound this metric, such as val/acc, by the project's past; needs --better"
    command.add_argument("--metric", metavar="KEY", help=text)
    command.add_argument("--better", metavar="DIRECTION", help=_SUGGEST_FLAGS["better"][1])
    _language(command)


def _schema(command: ArgumentParser) -> None:
    command.add_argument("--report", action="store_true", help="print the schema of report.json instead")
    _language(command)


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
    _language(command)


def _set(command: ArgumentParser) -> None:
    text = "a value for $NAME in the gate file; repeatable"
    command.add_argument("--set", metavar="NAME=VALUE", action="append", default=[], help=text)


def _check(command: ArgumentParser) -> None:
    _flags(command, _VALUE_FLAGS | _CHECK_FLAGS, _SWITCHES)
    _set(command)
    _format(command)
    _confined(command)
    _language(command)


def _backtest(command: ArgumentParser) -> None:
    flags = ("host", "web-host", "local", "project", "gates", "timeout")
    _flags(
        command, _BACKTEST_FLAGS | {name: _VALUE_FLAGS[name] for name in flags}, {"allow-http": _SWITCHES["allow-http"]}
    )
    _set(command)
    _format(command, ("text", "markdown", "html", "json"))
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
    _language(command)


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
    _language(command)


def _formatter(prog: str) -> argparse.HelpFormatter:
    return argparse.RawDescriptionHelpFormatter(prog, max_help_position=30, width=110)


# name → (its line in the list of commands, what its help says, what adds its flags)
_COMMANDS: Mapping[str, tuple[str, str, Callable[[ArgumentParser], None]]] = {
    "check": ("check the runs, and say whether a merge may go on", about.CHECK, _check),
    "lint": ("find mistakes in gate files", about.LINT, _gate_files),
    "init": ("write a first gate file", about.INIT, _init),
    "schema": ("print a JSON Schema", about.SCHEMA, _schema),
    "sandbox": ("serve an embedded SwanLab", about.SANDBOX, _sandbox),
    "test": ("try a gate file on made-up runs", about.TEST, _tests),
    "explain": ("print why a gate has its result", about.EXPLAIN, _explain),
    "fields": ("print every field of a run, as a gate writes it", about.FIELDS, _fields),
    "suggest": ("find bounds that the past supports", about.SUGGEST, _suggest),
    "backtest": ("judge the changes of the past by a gate file", about.BACKTEST, _backtest),
    "doctor": ("examine whether the gate is armed", about.DOCTOR, _doctor),
    "exec": ("run a training, bound to its commit", about.EXEC, _exec),
    "replay": ("check a bundle again, offline", about.REPLAY, _replay),
    "completion": ("print a script that completes commands in a shell", about.COMPLETION, _shell),
    "demo": ("see a gate at work, without an account", about.DEMO, _demo),
}
