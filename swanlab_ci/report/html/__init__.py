"""The report as one HTML file: no network, no foreign markup, readable without JavaScript."""

from swanlab_ci.report.html.page import page

__all__ = ["page"]
