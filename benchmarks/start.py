"""How long it takes to start: imports, beside the SwanLab SDKs, and from `docker run` to the verdict.

    python benchmarks/start.py [--repeat 15] [--image NAME=REFERENCE ...]

Without `--image` the image of this checkout is built. Every contender is run in turn. The floor of an image is the same
container with an interpreter that only imports the packages that the program needs, or nothing at all. The last table
starts the same three inside one container and adds up their processor time, which other work on the machine changes
little.
"""

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from check import SMALL  # type: ignore[import-not-found]  # beside this script
from listing import pythons, server  # type: ignore[import-not-found]  # same

from release.image import build

# Images until November 2026 need pydantic, too; `import pydantic` alone loads next to nothing of it.
PACKAGES = """
import jinja2.sandbox, packaging.version, requests, yaml
try:
    from pydantic import BaseModel, TypeAdapter
except ImportError:
    pass
"""
OURS = "import swanlab_ci.check.pipeline, swanlab_ci.check.inputs, swanlab_ci.report.markdown"
FLOORS = {"the packages imported": ("-c", PACKAGES), "an interpreter": ("-c", "pass")}
PYTHON = "/opt/venv/bin/python"
ACTION = "/action/entrypoint.py"
PROCESSOR = """
import json, resource, subprocess, sys

def used():
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime

repeat, commands = int(sys.argv[1]), json.loads(sys.argv[2])
found = {name: [] for name in commands}
for number in range(repeat + 1):
    for name, command in commands.items():
        before = used()
        done = subprocess.run([sys.executable, "-I", *command], capture_output=True)
        if done.returncode not in {0, 1}:  # a verdict
            sys.exit(done.stderr.decode())
        found[name] += [used() - before] if number else []
print(json.dumps(found))
"""


def seconds(command: Sequence[str], codes: frozenset[int] = frozenset({0})) -> float:
    """Run a command once; raise SystemExit if it ends with another exit code."""
    started = time.perf_counter()
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - our own commands
    took = time.perf_counter() - started
    if done.returncode not in codes:
        raise SystemExit(f"{' '.join(command)}: {done.stderr.decode()}")
    return took


def measured(contenders: Mapping[str, Sequence[str]], repeat: int, *codes: int) -> dict[str, list[float]]:
    """Run all in turn, `repeat` times after one run that is not counted."""
    took: dict[str, list[float]] = {name: [] for name in contenders}
    for number in range(repeat + 1):
        for name, command in contenders.items():
            found = seconds(command, frozenset(codes or {0}))
            took[name] += [found] if number else []
    return took


def table(title: str, found: Mapping[str, list[float]]) -> Iterator[str]:
    """Write median and minimum in seconds as Markdown."""
    yield f"| {title} | median s | min s |"
    yield "|---|--:|--:|"
    for name, took in found.items():
        yield f"| {name} | {statistics.median(took):.3f} | {min(took):.3f} |"
    yield ""


def imports() -> dict[str, Sequence[str]]:
    """Return what is imported, and by which interpreter."""
    sdks = {name.rpartition(" ")[0]: python for name, (module, python) in pythons().items() if "sdk" in module}
    return {
        "nothing": (sys.executable, "-I", "-c", "pass"),
        "the packages that swanlab-ci needs": (sys.executable, "-I", "-c", PACKAGES),
        "what a check of swanlab-ci imports": (sys.executable, "-I", "-c", OURS),
        **{f"`import swanlab` ({sdk})": (python, "-I", "-c", "import swanlab") for sdk, python in sdks.items()},
    }


def containers(name: str, image: str, folder: str, environment: Mapping[str, str]) -> dict[str, Sequence[str]]:
    """Return the action as GitHub's runner starts it, and its two floors."""
    inputs = {
        "GITHUB_EVENT_NAME": "workflow_dispatch",
        "GITHUB_REPOSITORY": "octo/model",
        "GITHUB_WORKSPACE": "/github/workspace",
        "INPUT_API-KEY": environment["SWANLAB_API_KEY"],
        "INPUT_HOST": environment["SWANLAB_API_HOST"],
        "INPUT_COMMENT": "never",
        "INPUT_REPORT-DIR": "report",
    }
    given = [part for variable in inputs.items() for part in ("--env", "=".join(variable))]
    run = ["docker", "run", "--rm", "--network", "host", "--volume", f"{folder}:/github/workspace"]
    run += ["--workdir", "/github/workspace", *given]
    return {
        f"{name}: to the verdict": [*run, image],
        **{f"{name}: {what}": [*run, "--entrypoint", PYTHON, image, "-I", *code] for what, code in FLOORS.items()},
    }


def processor(run: Sequence[str], repeat: int) -> dict[str, list[float]]:
    """Return the processor seconds of the program and its floors; `run` starts the image, whose name comes last."""
    *options, image = run
    commands = json.dumps({"to the verdict": [ACTION], **FLOORS})
    command = [*options, "--entrypoint", PYTHON, image, "-I", "-c", PROCESSOR, str(repeat), commands]
    done = subprocess.run(command, capture_output=True, check=True)  # noqa: S603 - our own commands
    return dict(json.loads(done.stdout))


def images(named: Sequence[str]) -> dict[str, str]:
    """Return the images to run by name; build ours if none is named."""
    if named:
        return dict(image.split("=", 1) for image in named)
    build("swanlab-ci:bench")
    return {"this image": "swanlab-ci:bench"}


def main() -> None:
    """Measure, and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=15)
    parser.add_argument("--image", action="append", default=[], metavar="NAME=REFERENCE")
    asked = parser.parse_args()
    sys.stdout.write("\n".join(table("python -c", measured(imports(), asked.repeat))))
    if not shutil.which("docker"):
        raise SystemExit("NOT RUN: from `docker run` to the verdict, which needs a Docker engine.")
    with tempfile.TemporaryDirectory() as folder, server(40, 0.0) as pipe:
        Path(folder, "swanlab-gate.yml").write_text(SMALL, encoding="utf-8")
        Path(folder).chmod(0o777)
        environment = pipe.recv()
        contenders: dict[str, Sequence[str]] = {}
        named = images(asked.image)
        for name, image in named.items():
            contenders |= containers(name, image, folder, environment)
        sys.stdout.write("\n" + "\n".join(table("docker run", measured(contenders, asked.repeat, 0, 1))))
        for name in named:
            found = processor(contenders[f"{name}: to the verdict"], asked.repeat)
            sys.stdout.write("\n" + "\n".join(table(f"{name}, of the processor", found)))


if __name__ == "__main__":
    main()
