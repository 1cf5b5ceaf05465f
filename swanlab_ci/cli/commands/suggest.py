"""`swanlab-ci suggest`: which bounds and allowances the past of a project supports."""

from argparse import Namespace
from collections.abc import Mapping

from swanlab_ci.check.past.rewrite import Rewrite
from swanlab_ci.check.past.suggest import read_wanted, run_suggest
from swanlab_ci.cli.commands.check import input_reader, options_of
from swanlab_ci.messages import Message, Name
from swanlab_ci.report.suggestions import suggestions_json, suggestions_text
from swanlab_ci.runtime.console import Console
from swanlab_ci.security.escaping import Safe, log_json, log_line

_FLAGS = ("by", "last", "since", "keep", "history", "metric", "better", "baseline", "alarms", "write", "tighten")


def run(parsed: Namespace, environ: Mapping[str, str], console: Console) -> int:
    """Print the suggestions, or what becomes tighter as a diff, and say what was written; return 0."""
    given = {name: value for name in _FLAGS if (value := getattr(parsed, name)) is not None}
    wanted = read_wanted(given)
    report, rewrite = run_suggest(input_reader(parsed, environ), options_of(parsed, environ, console), wanted)
    if parsed.format == "json":
        changes = {"changes": [edit.document() for edit in rewrite.edits]} if rewrite else {}
        console.document(log_json(suggestions_json(report) | changes))
    elif rewrite and wanted.tighten:
        if rewrite.diff:
            console.document(_patch(rewrite.diff))
    else:
        console.document(suggestions_text(report, console.language))
    if rewrite:
        _say(rewrite, console, is_written=wanted.write)
    return 0


def _say(rewrite: Rewrite, console: Console, *, is_written: bool) -> None:
    for note in rewrite.notes:
        console.say(note)
    if not rewrite.edits:
        console.say(Message("edit.nothing", file=Name(rewrite.name)))
    for edit in rewrite.edits if is_written else ():
        console.say(edit.said(Name(rewrite.name)))


def _patch(diff: str) -> Safe:
    """Return a diff for a log; a line end of Windows stays, so that `git apply` takes it."""
    lines = diff.removesuffix("\n").split("\n")
    return Safe("\n".join(log_line(line.removesuffix("\r")) + "\r" * line.endswith("\r") for line in lines))
