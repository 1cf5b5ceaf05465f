"""Whether a project has a past from which bounds can be suggested; asked for in one request, and never an error."""

from collections.abc import Callable

from swanlab_ci.check.inputs import Inputs
from swanlab_ci.check.options import CheckContext, CheckOptions
from swanlab_ci.check.run_source import reader_for
from swanlab_ci.client.reader import ProjectPath
from swanlab_ci.errors import SwanlabCiError
from swanlab_ci.platforms import forge_of, read_context
from swanlab_ci.runtime.deadline import Deadline
from swanlab_ci.runtime.process import ending_in_words

_SMALLEST_PAGE = 10  # that SwanLab gives


def runs_of_project(read_inputs: Callable[[], Inputs], options: CheckOptions) -> int:
    """Return how many runs the project has; 0 where nobody is logged in, or SwanLab does not answer in time."""
    context = read_context(options.environ)
    try:
        inputs = read_inputs()
        options.console.hide(inputs.api_key, tell_runner=False)
        deadline = Deadline(inputs.timeout)
        current = CheckContext(inputs, context, forge_of(context, "", {}), options, deadline)
        with ending_in_words(deadline):
            total, _ = reader_for(current).newest(ProjectPath(*inputs.project.split("/", 1)), _SMALLEST_PAGE)
    except SwanlabCiError:
        return 0
    return total
