"""The blocks of the built-in comment, in their order; a template can replace each of them."""

BLOCKS = ("before", "lead", "checks", "why", "next", "changes", "charts", "runs", "gates", "after")
