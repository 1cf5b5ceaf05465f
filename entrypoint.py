"""The door of the action's container: no logic, so that nothing can go wrong before the program's own net is spread."""

from swanlab_ci.__main__ import action

raise SystemExit(action())
