"""Forges: what they know about a change, and where a verdict is published on them; this module alone chooses one."""

from collections.abc import Callable, Mapping
from pathlib import Path

from swanlab_ci.messages import Language, Message
from swanlab_ci.platforms.base import ApiAttempt, Forge
from swanlab_ci.platforms.context import Context
from swanlab_ci.platforms.findings import Observation
from swanlab_ci.platforms.gitee import variables as gitee_variables
from swanlab_ci.platforms.github import outputs
from swanlab_ci.platforms.gitlab import variables as gitlab_variables
from swanlab_ci.platforms.jobs import is_job, read_context
from swanlab_ci.platforms.nowhere import Nowhere
from swanlab_ci.platforms.training import Notifier, TrainingEnd
from swanlab_ci.runtime.deadline import Deadline

__all__ = [
    "ApiAttempt",
    "Notifier",
    "TrainingEnd",
    "begin_outputs",
    "examine",
    "forge_of",
    "is_job",
    "notifier_of",
    "read_context",
    "tokens_of",
]

_TOKENS = ("GITHUB_TOKEN", "GH_TOKEN", "GITLAB_TOKEN", "GITLAB_TRIGGER_TOKEN", "CI_JOB_TOKEN", "SWANLAB_CI_TOKEN")


def begin_outputs(environ: Mapping[str, str], language: Language) -> None:
    """Write that nothing has passed yet, before anything else is read; raises `OSError`."""
    outputs.begin(environ, language)


def forge_of(context: Context, token: str, environ: Mapping[str, str]) -> Forge:
    """Return the forge on which this run takes place; `token` is for its API, else one that it finds in `environ`."""
    make = _FORGES.get(context.ci)
    return make(context, token, environ) if make else Nowhere(environ)


def _github(context: Context, token: str, _environ: Mapping[str, str]) -> Forge:
    from swanlab_ci.platforms.github.forge import GitHubForge  # noqa: PLC0415 - one forge is enough

    return GitHubForge(context, token)


def _gitea(context: Context, token: str, _environ: Mapping[str, str]) -> Forge:
    from swanlab_ci.platforms.gitea.forge import GiteaForge  # noqa: PLC0415 - same

    return GiteaForge(context, token)


def _v5(context: Context, token: str, environ: Mapping[str, str]) -> Forge:
    from swanlab_ci.platforms.gitee.forge import GiteeForge  # noqa: PLC0415 - same

    return GiteeForge(context, token, environ)


def _gitlab(context: Context, token: str, environ: Mapping[str, str]) -> Forge:
    from swanlab_ci.platforms.gitlab.forge import GitLabForge  # noqa: PLC0415 - same

    return GitLabForge(context, token, environ)


_FORGES: dict[str, Callable[[Context, str, Mapping[str, str]], Forge]] = {
    "github": _github,
    **dict.fromkeys(("gitea", "forgejo"), _gitea),
    "gitlab": _gitlab,
    **dict.fromkeys(("gitee", "gitcode"), _v5),
}


def examine(
    environ: Mapping[str, str], folder: Path, *, branch: str, check: str, deadline: Deadline
) -> list[Observation]:
    """Return whether the forge requires the gate, and what can skip it silently; never raises.

    Outside of a job, the variables that name a repository and a token say which forge it is.
    """
    if gitlab_variables.is_job(environ) or (environ.get("GITLAB_TOKEN") and not environ.get("GITHUB_REPOSITORY")):
        from swanlab_ci.platforms.gitlab import examination as of_gitlab  # noqa: PLC0415 - one forge is enough

        return of_gitlab.examine(environ, folder, branch=branch, deadline=deadline)
    if gitee_variables.is_job(environ) and not environ.get("GITHUB_REPOSITORY"):
        from swanlab_ci.platforms.gitee import examination as of_gitee  # noqa: PLC0415 - same

        return of_gitee.examine(environ, folder, branch=branch, deadline=deadline)
    from swanlab_ci.platforms.gitea import dispatch  # noqa: PLC0415 - same

    if dispatch.is_named(environ):
        from swanlab_ci.platforms.gitea import examination as of_gitea  # noqa: PLC0415 - same

        ci = read_context(environ).ci
        return of_gitea.examine(environ, folder, ci=ci, branch=branch, check=check, deadline=deadline)
    from swanlab_ci.platforms.github import examination  # noqa: PLC0415 - same

    return examination.examine(environ, folder, branch=branch, check=check, deadline=deadline)


def tokens_of(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Return the tokens of forges that `environ` holds; nothing that is printed may hold them."""
    return tuple(environ.get(name, "") for name in _TOKENS)


def notifier_of(environ: Mapping[str, str]) -> Notifier | Message:
    """Return what reports the end of a training to the forge that `environ` names, or why nothing does.

    A training may run anywhere: the address of an API, or a token of one forge only, says which forge it is.
    """
    from swanlab_ci.platforms.gitea import dispatch  # noqa: PLC0415 - a training without `--notify` starts sooner
    from swanlab_ci.platforms.github.dispatch import dispatcher  # noqa: PLC0415 - same
    from swanlab_ci.platforms.gitlab import trigger  # noqa: PLC0415 - same

    if trigger.is_named(environ):
        return trigger.trigger(environ)
    if dispatch.is_named(environ):
        return dispatch.dispatch(environ)
    if gitee_variables.is_job(environ) and not environ.get("GITHUB_REPOSITORY"):
        return gitee_variables.cannot_notify(environ)
    return dispatcher(environ)
