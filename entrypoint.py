"""The entry point of the action's container: no logic, so nothing can fail before the program handles errors."""

from swanlab_ci.__main__ import action

raise SystemExit(action())
