"""Write `recorded/` anew with both real SDKs, without traces of the machine: `python tests/sources/local/record.py`."""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SDK = HERE.parent / "sdk"
SCRUBBED = {
    **dict.fromkeys(("os", "os_pretty", "os_pretty_name"), "Linux"),
    **dict.fromkeys(("executable", "python_executable"), "/usr/bin/python"),
    **dict.fromkeys(("logdir", "run_dir"), "/train/swanlog"),
    "hostname": "host",
    "pid": 1,
    "cwd": "/train",
    "command": "write.py",
    "python_verbose": "3.11",
    "brand": "cpu",
    "memory": "8",
}
KEPT = ("*.swanlab", "files/config.yaml", "files/requirements.txt", "files/swanlab-metadata.json")
RUNS = {"old": ("ok", "crash", "kill"), "new": ("ok", "abort", "kill")}


def scrubbed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {
        key: SCRUBBED[key] if key in SCRUBBED and not isinstance(below, dict) else scrubbed(below)
        for key, below in value.items()
    }


def repository(folder: Path) -> None:
    dated = {
        "GIT_AUTHOR_DATE": "2026-09-01T12:00:00Z",
        "GIT_COMMITTER_DATE": "2026-09-01T12:00:00Z",
        "PATH": "/usr/bin",
    }
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
    for command in (["init"], ["remote", "add", "origin", "https://example.org/team/project.git"],
                    ["commit", "--allow-empty", "-m", "first"]):  # fmt: skip
        subprocess.run(["git", "-C", str(folder), *identity, *command], check=True, env=dated, capture_output=True)  # noqa: S603, S607 - ours


def record(name_of_sdk: str, python: Path, end: str) -> None:
    with tempfile.TemporaryDirectory(prefix="train-") as name:
        folder = Path(name)
        repository(folder)
        shutil.copy(SDK / "scripts" / "write.py", folder)
        environment = {"HOME": name, "SWANLAB_SAVE_DIR": f"{name}/home", "PATH": f"{python.parent}:/usr/bin:/bin"}
        subprocess.run(  # noqa: S603 - our own script
            [str(python), "write.py", "offline", "written", end],
            cwd=folder, env=environment, check=False, capture_output=True,
        )  # fmt: skip
        (made,) = (folder / "swanlog").glob("run-*")
        kept = HERE / "recorded" / f"{name_of_sdk}-{end}" / made.name
        for path in (path for pattern in KEPT for path in made.glob(pattern)):
            (kept / path.relative_to(made)).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, kept / path.relative_to(made))
    metadata = kept / "files" / "swanlab-metadata.json"
    metadata.write_text(json.dumps(scrubbed(json.loads(metadata.read_text("utf-8")))), "utf-8")


if __name__ == "__main__":
    shutil.rmtree(HERE / "recorded", ignore_errors=True)
    made = subprocess.run([sys.executable, str(SDK / "environments.py")], check=True, capture_output=True, text=True)  # noqa: S603 - ours
    for sdk, interpreter in zip(RUNS, made.stdout.split(), strict=True):
        for how in RUNS[sdk]:
            record(sdk, Path(interpreter), how)
