"""The only module that sees the process: arguments, environment, exit code, and errors that nothing else caught."""

import gc
import io
import os
import sys
import traceback
from collections.abc import Callable

from swanlab_ci.errors import BUG_EXIT_CODE, InterruptionError, SwanlabCiError
from swanlab_ci.messages.message import Message, Name
from swanlab_ci.runtime.console import Console, wants_colour


def main() -> int:
    """Run the command line; return its exit code."""

    def work(console: Console) -> int:
        from swanlab_ci.cli import run  # noqa: PLC0415 - inside, so that a broken install ends in a message too

        return run(sys.argv[1:], os.environ, console)

    return _with_every_error_caught(work)


def action() -> int:
    """Run the action as GitHub's runner starts it, inputs in the environment; return its exit code."""

    def work(console: Console) -> int:
        from swanlab_ci.runtime.process import bound_memory, end_gently, forget_loaders, leave_root  # noqa: PLC0415 - same

        end_gently()
        forget_loaders(os.environ)
        warning = leave_root(os.environ)
        bound_memory()
        from swanlab_ci.check.inputs import from_action, language_of_action  # noqa: PLC0415 - same, without root

        console.choose_language(language_of_action(os.environ))
        if warning:
            console.warn(warning)
        from swanlab_ci.check.options import CheckOptions  # noqa: PLC0415 - same
        from swanlab_ci.check.pipeline import check  # noqa: PLC0415 - same

        options = CheckOptions(environ=os.environ, console=console, login={}, confined=True)
        return check(lambda: from_action(os.environ), options)

    return _with_every_error_caught(work)


def _with_every_error_caught(work: Callable[[Console], int]) -> int:
    gc.disable()  # one short run: collecting cycles costs more than they hold
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal or a pipe that does not have every character
            stream.reconfigure(errors="backslashreplace")
    colour = wants_colour(os.environ, is_terminal=sys.stdout.isatty())
    console = Console(sys.stdout, sys.stderr, colour=colour)
    try:
        return work(console)
    except SwanlabCiError as error:
        console.stop(error)
        return error.exit_code
    except KeyboardInterrupt:
        console.stop(InterruptionError(Message("process.interrupted"), Message("process.no-verdict")))
        return InterruptionError.exit_code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return InterruptionError.exit_code
    except Exception as error:
        return _bug(console, error)


def _bug(console: Console, error: Exception) -> int:
    console.say(Message("process.bug", error=Name(type(error).__name__)))
    if os.environ.get("RUNNER_DEBUG") == "1":
        for line in traceback.format_exception(error):
            for part in line.rstrip().split("\n"):
                console.say(Message("text", text=Name(part)))
    else:
        console.say(Message("process.bug-advice"))
    return BUG_EXIT_CODE


if __name__ == "__main__":
    sys.exit(main())
