"""How the tests start `swanlab-ci exec`; `conftest` makes the fixtures."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from support.story import Ended

PROGRAM = str(Path(sys.executable).with_name("swanlab-ci"))
Start = Callable[..., subprocess.Popen[str]]
"""Starts `swanlab-ci exec` with these arguments; `environ` holds more variables."""
Exec = Callable[..., Ended]
"""The same, to its end."""
