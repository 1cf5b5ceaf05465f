"""Virtual environments with the real SwanLab SDKs, made once and kept outside the repository's own environment.

Run it to make them ahead of the tests: `python tests/sdk/environments.py`.
"""

import os
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path
from typing import Any

OLD, NEW = "0.7.20", "0.10.3"  # the last with `swanlab.OpenApi`; the newest
FRAMES = "0.7.20-pandas"  # which its `get_metrics` needs; in one of its own, for `import swanlab` is timed without it
BOARD = "0.7.20-board"  # which its `mode="local"` needs
NUMPY = {OLD: f"{OLD}-numpy", NEW: f"{NEW}-numpy"}  # which an example trains with
_PACKAGES = {
    FRAMES: [f"swanlab=={OLD}", "pandas==3.0.1"],
    BOARD: [f"swanlab=={OLD}", "swanboard==0.1.9b3"],
    **{name: [f"swanlab=={version}", "numpy==2.4.6"] for version, name in NUMPY.items()},
}
CACHE = Path(os.environ.get("SWANLAB_SDK_CACHE") or Path(__file__).parents[2] / ".cache" / "sdk")

Run = Callable[..., subprocess.CompletedProcess[str]]  # (version, script, *arguments, cwd=…)
Read = Callable[[str, str, str], Any]  # (version, script, "space/project") → what the script wrote down


def python_with(version: str) -> Path:
    """Return the interpreter of an environment that holds this version of the SDK; make it if there is none."""
    folder = CACHE / version
    python, ready = folder / "bin" / "python", folder / ".ready"
    if not ready.exists():
        venv.create(folder, clear=True, with_pip=True)
        options = ["--quiet", "--disable-pip-version-check", "--no-input"]
        command = [str(python), "-m", "pip", "install", *options, *_PACKAGES.get(version, [f"swanlab=={version}"])]
        subprocess.run(command, check=True)  # noqa: S603 - pip, and packages of ours
        ready.touch()
    return python


if __name__ == "__main__":
    for wanted in (OLD, NEW, *_PACKAGES):
        sys.stdout.write(f"{python_with(wanted)}\n")
