"""`swanlab-ci backtest`: what a gate file would have said of the changes that a project has seen."""

from argparse import Namespace
from collections.abc import Mapping
from dataclasses import replace

from swanlab_ci.check.past.backtest import FLAGS, read_question, run_backtest
from swanlab_ci.cli.commands.check import input_reader, options_of
from swanlab_ci.cli.merged import merged_asker
from swanlab_ci.report.backtest import backtest_html, backtest_json, backtest_markdown, backtest_text
from swanlab_ci.runtime.console import Console
from swanlab_ci.security.escaping import log_json, log_markdown


def run(parsed: Namespace, environ: Mapping[str, str], console: Console) -> int:
    """Print the backtest; return 1 if more is stopped than `--at-most` allows."""
    given = {name: getattr(parsed, name.replace("-", "_")) for name in FLAGS}
    question = read_question({name: value for name, value in given.items() if value is not None})
    ask_git = merged_asker(parsed.merged, environ) if parsed.merged is not None else None
    question = replace(question, of_commits=ask_git is not None)
    report = run_backtest(input_reader(parsed, environ), options_of(parsed, environ, console), question)
    if ask_git:
        report = ask_git(report)
    language = console.language
    if parsed.format == "json":
        console.document(log_json(backtest_json(report, language)))
    elif parsed.format == "markdown":
        console.document(log_markdown(backtest_markdown(report, language)))
    elif parsed.format == "html":
        console.document(backtest_html(report, language))
    else:
        console.document(backtest_text(report, language))
    return 1 if report.is_exceeded else 0
