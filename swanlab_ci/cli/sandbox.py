"""`swanlab-ci sandbox`: an embedded SwanLab for whoever wants one."""

from argparse import Namespace
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from swanlab_ci.errors import ConfigurationError
from swanlab_ci.runtime.console import Console
from swanlab_ci.runtime.process import end_gently
from swanlab_ci.sandbox import BadData, Keeper, Sandbox, sample_store
from swanlab_ci.security.escaping import Safe


def run(parsed: Namespace, _environ: Mapping[str, str], console: Console) -> int:
    """Serve until Ctrl-C or SIGTERM, keeping the data folder true.

    Raises `ConfigurationError` where it cannot start.
    """
    try:
        keeper = Keeper(Path(parsed.data), sample_store) if parsed.data else None
        sandbox = Sandbox(keeper.store if keeper else sample_store(), port=parsed.port, keeper=keeper)
    except (BadData, OSError, OverflowError) as error:
        raise ConfigurationError(
            f"The sandbox cannot start: {_in_words(error)}.", "Change `--port` or `--data`."
        ) from error
    for name, value in sandbox.environment().items():
        console.document(Safe(f"export {name}={value}"))
    console.say(f"An embedded SwanLab serves {sandbox.url}; Ctrl-C ends it.")
    end_gently()
    try:
        with suppress(KeyboardInterrupt):
            sandbox.serve_forever()
    except OSError as error:
        raise ConfigurationError(
            f"{parsed.data} was not saved: {error.strerror}.", "Make room, and try again."
        ) from error
    if keeper:
        console.say(f"Saved {parsed.data}.")
    return 0


def _in_words(error: Exception) -> str:
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}"
    return str(error).rstrip(".")
