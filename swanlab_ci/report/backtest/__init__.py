"""A backtest as text for a terminal, as Markdown and as JSON."""

from swanlab_ci.report.backtest.document import backtest_json
from swanlab_ci.report.backtest.page import backtest_markdown
from swanlab_ci.report.backtest.text import backtest_text

__all__ = ["backtest_json", "backtest_markdown", "backtest_text"]
