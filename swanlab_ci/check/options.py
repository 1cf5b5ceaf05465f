"""What surrounds a check: where it runs, what it was asked, and how long it may take."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from swanlab_ci.check.inputs import Inputs
from swanlab_ci.messages import Message
from swanlab_ci.platforms.base import ApiAttempt, Forge
from swanlab_ci.platforms.context import Context
from swanlab_ci.runtime.console import Console
from swanlab_ci.runtime.deadline import Deadline


@dataclass(frozen=True)
class CheckOptions:
    """What the caller of a check provides.

    `login` is where the key and the host may be found besides the inputs. The action passes nothing: an earlier step
    could have written the environment. With `confined`, nothing outside `root` is read (None: the workspace).
    `form` is what is printed to stdout: text, markdown, html or json. `head` returns the current commit of the
    checkout, or why git names none; the action does not run git. Without `links`, no report links to SwanLab.
    """

    environ: Mapping[str, str]
    console: Console
    login: Mapping[str, str]
    confined: bool
    root: Path | None = None
    form: str = "text"
    head: Callable[[], str | Message] = str
    links: bool = True


@dataclass(frozen=True)
class CheckContext:
    """A check that is going on; `attempts` are the requests to the forge so far.

    With `explained_gate`, the id of a gate, all runs are fetched.
    """

    inputs: Inputs
    context: Context
    forge: Forge
    options: CheckOptions
    deadline: Deadline
    explained_gate: str = ""
    attempts: tuple[ApiAttempt, ...] = ()

    @property
    def within(self) -> Path | None:
        """The folder outside which nothing may be read; None: there is no such limit."""
        return (self.options.root or Path(self.context.workspace or ".")) if self.options.confined else None
