"""What SwanLab knows of a project that gets its first gate file: whose it is, and its past; never an error."""

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import TypeVar

from swanlab_ci.check.inputs import Inputs
from swanlab_ci.check.options import CheckContext, CheckOptions
from swanlab_ci.check.run_source import reader_for
from swanlab_ci.client.reader import ProjectPath, Reader
from swanlab_ci.errors import ApiError, SwanlabCiError
from swanlab_ci.platforms import forge_of, read_context
from swanlab_ci.runtime.deadline import Deadline
from swanlab_ci.runtime.process import ending_in_words

T = TypeVar("T")

_SMALLEST_PAGE = 10  # that SwanLab gives


def runs_of_project(read_inputs: Callable[[], Inputs], options: CheckOptions) -> int | None:
    """Return how many runs the project has; 0 where nobody is logged in, or SwanLab does not answer in time.

    None: SwanLab says that there is no such project, or that the key may not see it.
    """

    def count(reader: Reader, inputs: Inputs) -> int:
        total, _ = reader.newest(ProjectPath(*inputs.project.split("/", 1)), _SMALLEST_PAGE)
        return total

    try:
        return _asked(count, read_inputs, options)
    except ApiError as error:
        return None if error.status == HTTPStatus.NOT_FOUND else 0
    except SwanlabCiError:
        return 0


def user_of_key(read_inputs: Callable[[], Inputs], options: CheckOptions) -> str:
    """Return the user that the key belongs to; empty where nobody is logged in, or there is no usable answer."""
    try:
        user = _asked(lambda reader, _: reader.project("").workspace, read_inputs, options)
    except SwanlabCiError:
        return ""
    return user if re.fullmatch(r"[\w.+-]+", user) else ""


def _asked(ask: Callable[[Reader, Inputs], T], read_inputs: Callable[[], Inputs], options: CheckOptions) -> T:
    context, inputs = read_context(options.environ), read_inputs()
    options.console.hide(inputs.api_key, tell_runner=False)
    deadline = Deadline(inputs.timeout)
    current = CheckContext(inputs, context, forge_of(context, "", {}), options, deadline)
    with ending_in_words(deadline):
        return ask(reader_for(current), inputs)
