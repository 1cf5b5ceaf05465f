"""A user's environment: a home of its own, and the ways to package indexes that this machine has."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
INDEXES = ("PIP_", "UV_", "SSL_", "REQUESTS_", "HTTP", "NO_PROXY", "http", "no_proxy")


@dataclass(frozen=True)
class Environment:
    folder: Path

    def run(self, *command: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run a command of the development environment, by its name, or any other by its path."""
        ours = Path(sys.executable).parent / command[0]
        started = [str(ours), *command[1:]]
        return subprocess.run(  # noqa: S603 - a user's own commands
            started,
            cwd=cwd or self.folder,
            env=self.variables(),
            check=False,
            capture_output=True,
            text=True,
            timeout=600,
        )

    def variables(self) -> dict[str, str]:
        found = {name: value for name, value in os.environ.items() if name.startswith(INDEXES)}
        home = self.folder / "home"
        return found | {
            "HOME": str(home),
            "PATH": f"{home / '.local' / 'bin'}:/usr/local/bin:/usr/bin:/bin",
            "PIPX_HOME": str(home / "pipx"),
            "PIPX_BIN_DIR": str(home / ".local" / "bin"),
            "PRE_COMMIT_HOME": str(home / "pre-commit"),
            "UV_CACHE_DIR": str(home / "uv"),
            "UV_PYTHON_DOWNLOADS": "never",
        }
