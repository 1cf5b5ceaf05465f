"""The README's session on the command line runs as it is written."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from support.story import CommandLine

from swanlab_ci.sandbox import PULL_REQUEST_COMMIT

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")


def test_the_session_on_the_command_line_runs_as_written(tmp_path: Path) -> None:
    block = re.search(r"## On the command line\n\n```console\n(.*?)```", README, re.DOTALL)
    assert block
    install, *lines = [line.removeprefix("$ ") for line in block[1].splitlines()]
    assert install == "pip install ."
    script = "\n".join(f"{line.partition('  #')[0]}\necho ---$?" for line in lines) + "\nkill %1; wait"
    environ = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "HOME": str(tmp_path)}

    done = subprocess.run(  # noqa: S603 - our own README
        ["bash", "-m", "-c", script], cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=60, check=False  # noqa: S607
    )  # fmt: skip

    outputs = re.split(r"---(\d+)\n", done.stdout)
    codes = dict(zip((line.partition("  #")[0].strip() for line in lines), outputs[1::2], strict=True))
    assert {line: code for line, code in codes.items() if code != "0"} == {
        "swanlab-ci check --sha $COMMIT": "1",
        "swanlab-ci check --sha $COMMIT --format json": "1",
        "swanlab-ci check --sha $COMMIT --bundle case.json": "1",
        "swanlab-ci replay case.json": "1",
    }, done.stderr
    told = dict(zip(codes, outputs[0::2], strict=False))
    assert json.loads(told["swanlab-ci check --sha $COMMIT --format json"])["verdict"] == "fail"
    assert "Traceback" not in done.stderr


def test_the_report_that_the_readme_shows_is_what_its_gate_file_gives(
    command_line: CommandLine, workspace: Path
) -> None:
    gates = next(block for block in re.findall(r"```yaml\n(.*?)```", README, re.DOTALL) if block.startswith("project:"))
    (workspace / "swanlab-gate.yml").write_text(gates)
    shown = [line.removeprefix(">").strip() for line in README.splitlines() if line.startswith(">")]

    report = command_line("check", "--sha", PULL_REQUEST_COMMIT, "--format", "markdown").out

    for line in filter(None, shown):
        assert line.rstrip("|").replace("|---", "") in report.replace("|---", "")
