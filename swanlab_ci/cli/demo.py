"""`swanlab-ci demo`: a pull request that broke training meets a gate, through the real `check`."""

from argparse import Namespace
from collections.abc import Mapping
from importlib import resources
from pathlib import Path

from swanlab_ci.check.inputs import Inputs
from swanlab_ci.check.pipeline import CheckOptions, check
from swanlab_ci.errors import ConfigurationError
from swanlab_ci.runtime.console import Console
from swanlab_ci.sandbox import PULL_REQUEST_COMMIT, Sandbox, sample_store

_GATE_FILE = "demo-gate.yml"


def run(parsed: Namespace, _environ: Mapping[str, str], console: Console) -> int:
    """Gate the sample's pull request, tell what happened, and return 0 if its verdict was red, as it should be."""
    folder, gates = parsed.report_dir, _gate_file(Path(parsed.report_dir))
    with Sandbox(sample_store()) as sandbox:
        console.say(f"An embedded SwanLab serves {sandbox.url}. Pull request 42 there raised the learning rate.")
        console.say(f"$ swanlab-ci check --gates {gates} --sha {PULL_REQUEST_COMMIT[:12]} --report-dir {folder}")
        inputs = Inputs(
            api_key=sandbox.api_key, host=sandbox.url, gates=str(gates), sha=PULL_REQUEST_COMMIT, report_dir=folder
        )
        code = check(lambda: inputs, CheckOptions(environ={}, console=console, login={}, confined=False))
    console.say(f"Exit code {code}: a required check with this result stops the merge.")
    console.say(f"The rules are in {gates}. The report, as it stands in the pull request's comment, is in")
    console.say(f"{folder}/report.md: open it in an editor that shows Markdown (VS Code: Ctrl+Shift+V).")
    console.say("Its links lead to the embedded SwanLab, which has ended; `swanlab-ci sandbox` starts one that stays.")
    return 0 if code == 1 else code


def _gate_file(folder: Path) -> Path:
    text = resources.files("swanlab_ci").joinpath(_GATE_FILE).read_text(encoding="utf-8")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _GATE_FILE).write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(
            f"{folder} cannot be written: {error.strerror}.", "Pass another `--report-dir`."
        ) from error
    return folder / _GATE_FILE
