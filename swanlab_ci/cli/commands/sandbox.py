"""`swanlab-ci sandbox`: serve an embedded SwanLab."""

import errno
from argparse import Namespace
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from swanlab_ci.errors import ConfigurationError
from swanlab_ci.messages import Message, Name, Param, Url
from swanlab_ci.runtime.console import Console
from swanlab_ci.runtime.process import end_gently
from swanlab_ci.sandbox import BadData, Keeper, Sandbox, sample_store
from swanlab_ci.security.escaping import Safe
from swanlab_ci.security.files import reason


def run(parsed: Namespace, _environ: Mapping[str, str], console: Console) -> int:
    """Serve until Ctrl-C or SIGTERM; what changes is in the data folder.

    Raises `ConfigurationError` where it cannot start.
    """
    try:
        keeper = Keeper(Path(parsed.data), sample_store) if parsed.data else None
        sandbox = Sandbox(keeper.store if keeper else sample_store(), port=parsed.port, keeper=keeper)
    except (BadData, OSError, OverflowError) as error:
        of_port = _of_port(error, parsed.port)
        advice = Message("sandbox.other-port") if of_port else Message("sandbox.change-flags")
        raise ConfigurationError(Message("sandbox.cannot-start", reason=of_port or _reason(error)), advice) from error
    for name, value in sandbox.environment().items():
        console.document(Safe(f"export {name}={value}"))
    console.say(Message("sandbox.serving", url=Url(sandbox.url)))
    end_gently()
    try:
        with suppress(KeyboardInterrupt):
            sandbox.serve_forever()
    except OSError as error:
        raise ConfigurationError(
            Message("sandbox.not-saved", folder=Name(parsed.data), reason=reason(error)),
            Message("sandbox.make-room"),
        ) from error
    if keeper:
        console.say(Message("sandbox.saved", folder=Name(parsed.data)))
    return 0


def _of_port(error: Exception, port: int) -> Message | None:
    if isinstance(error, OverflowError):
        return Message("sandbox.no-such-port", port=Name(str(port)))
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return Message("sandbox.port-in-use", port=Name(str(port)))
    return None


def _reason(error: Exception) -> Param:
    if isinstance(error, OSError) and error.filename:
        return Message("sandbox.file", file=Name(error.filename), reason=reason(error))
    return Name(str(error).rstrip("."))
