"""`swanlab-ci demo`: the real `check` on a made-up pull request that broke training."""

from argparse import Namespace
from collections.abc import Mapping
from importlib import resources
from pathlib import Path

from swanlab_ci.check.inputs import Inputs
from swanlab_ci.check.options import CheckOptions
from swanlab_ci.check.pipeline import check
from swanlab_ci.errors import ConfigurationError
from swanlab_ci.messages import Key, Message, Name, Url
from swanlab_ci.runtime.console import Console
from swanlab_ci.sandbox import PULL_REQUEST_COMMIT, Sandbox, sample_store
from swanlab_ci.security.files import FileError, reason

_GATE_FILE = "demo-gate.yml"
_PULL_REQUEST = 42


def run(parsed: Namespace, _environ: Mapping[str, str], console: Console) -> int:
    """Check the sample's pull request, explain the result, and return 0 if the verdict is red, as it should be."""
    folder, gates = parsed.report_dir, _gate_file(Path(parsed.report_dir))
    about = f"--sha {PULL_REQUEST_COMMIT} --pr {_PULL_REQUEST}"
    command = f"swanlab-ci check --gates {gates} {about} --report-dir {folder}"
    with Sandbox(sample_store()) as sandbox:
        console.say(Message("demo.serving", url=Url(sandbox.url)))
        console.say(Message("text", text=Name(f"$ {command}")))
        inputs = Inputs(
            api_key=sandbox.api_key,
            host=sandbox.url,
            gates=str(gates),
            sha=PULL_REQUEST_COMMIT,
            pr=_PULL_REQUEST,
            report_dir=folder,
        )
        options = CheckOptions(environ={}, console=console, login={}, confined=False, links=False)  # the server ends
        code = check(lambda: inputs, options)
    console.say(Message("demo.exit-code", code=code))
    page = (Path(folder) / "report.html").resolve()
    console.say(Message("demo.open", page=Url(page.as_uri())))
    console.say(Message("demo.files", gates=Key(str(gates)), report=Key(f"{folder}/report.md")))
    console.say(Message("demo.serve"))
    return 0 if code == 1 else code


def _gate_file(folder: Path) -> Path:
    text = resources.files("swanlab_ci").joinpath(_GATE_FILE).read_text(encoding="utf-8")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _GATE_FILE).write_text(text, encoding="utf-8")
    except OSError as error:
        why = FileError.A_FILE if isinstance(error, FileExistsError) else reason(error)
        raise ConfigurationError(
            Message("file.unwritable", file=Name(str(folder)), reason=why), Message("demo.other-folder")
        ) from error
    return folder / _GATE_FILE
