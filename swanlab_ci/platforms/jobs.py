"""Jobs of CI systems: which forge a job belongs to, and the context that its variables give."""

from collections.abc import Callable, Mapping

from swanlab_ci.platforms.context import Context
from swanlab_ci.platforms.gitea import variables as gitea
from swanlab_ci.platforms.gitee import variables as gitee
from swanlab_ci.platforms.github import events
from swanlab_ci.platforms.gitlab import variables as gitlab

# How a job is recognized, and how its context is read. GitHub comes before what a step of a job on GitHub can claim to
# be, for no step can change its `GITHUB_` variables. The runners that follow it have an API of the same form: they may
# come first.
_JOBS: tuple[tuple[Callable[[Mapping[str, str]], bool], Callable[[Mapping[str, str]], Context]], ...] = (
    (gitea.is_job, gitea.read_context),
    (events.is_job, events.read_context),
    (gitlab.is_job, gitlab.read_context),
    (gitee.is_job, gitee.read_context),
)


def is_job(environ: Mapping[str, str]) -> bool:
    """Return whether this process runs in a job of a forge that is known here."""
    return any(is_one(environ) for is_one, _ in _JOBS)


def read_context(environ: Mapping[str, str]) -> Context:
    """Read the context of this run; never raises, its `notes` say what is missing."""
    return next((read(environ) for is_one, read in _JOBS if is_one(environ)), Context())
