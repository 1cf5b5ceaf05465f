"""The only room that sees the process itself: arguments, environment, exit code, and the net under everything."""

import gc
import os
import sys
import traceback
from collections.abc import Callable

from swanlab_ci.errors import BUG_EXIT_CODE, InterruptionError, SwanlabCiError
from swanlab_ci.runtime.console import Console


def main() -> int:
    """Run the command line; return its exit code."""

    def work(console: Console) -> int:
        from swanlab_ci.cli import run  # noqa: PLC0415 - inside the net, so that a broken install says so in words

        return run(sys.argv[1:], os.environ, console)

    return _in_the_net(work)


def action() -> int:
    """Run the action as GitHub's runner starts it, inputs in the environment; return its exit code."""

    def work(console: Console) -> int:
        from swanlab_ci.runtime.process import bound_memory, end_gently, forget_loaders, leave_root  # noqa: PLC0415 - same

        end_gently()
        forget_loaders(os.environ)
        warning = leave_root(os.environ)
        bound_memory()
        if warning:
            console.say(f"warning: {warning}")
        from swanlab_ci.check.inputs import from_action  # noqa: PLC0415 - same
        from swanlab_ci.check.pipeline import CheckOptions, check  # noqa: PLC0415 - same, and only after root is gone

        world = CheckOptions(environ=os.environ, console=console, login={}, confined=True)
        return check(lambda: from_action(os.environ), world)

    return _in_the_net(work)


def _in_the_net(work: Callable[[Console], int]) -> int:
    gc.disable()  # one short run: collecting cycles costs more than they hold
    console = Console(sys.stdout, sys.stderr, colour=sys.stdout.isatty() and "NO_COLOR" not in os.environ)
    try:
        return work(console)
    except SwanlabCiError as stop:
        console.stop(stop)
        return stop.exit_code
    except KeyboardInterrupt:
        console.stop(InterruptionError("Interrupted.", "Nothing was decided."))
        return InterruptionError.exit_code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return InterruptionError.exit_code
    except Exception as error:
        return _bug(console, error)


def _bug(console: Console, error: Exception) -> int:
    console.say(f"swanlab-ci: a bug in swanlab-ci: {type(error).__name__}. There is no verdict, and so no pass.")
    if os.environ.get("RUNNER_DEBUG") == "1":
        for line in traceback.format_exception(error):
            for part in line.rstrip().split("\n"):
                console.say(part)
    else:
        console.say("  Run again with RUNNER_DEBUG=1 (on GitHub: re-run with debug logging) and report what it prints.")
    return BUG_EXIT_CODE


if __name__ == "__main__":
    sys.exit(main())
