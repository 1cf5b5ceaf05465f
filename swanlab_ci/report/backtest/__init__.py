"""A backtest as text for a terminal, as Markdown, as a page and as JSON."""

from swanlab_ci.report.backtest.document import backtest_json
from swanlab_ci.report.backtest.html import backtest_html
from swanlab_ci.report.backtest.page import backtest_markdown
from swanlab_ci.report.backtest.text import backtest_text

__all__ = ["backtest_html", "backtest_json", "backtest_markdown", "backtest_text"]
