"""The workflow that is started on Gitea and Forgejo from outside, such as at the end of a training."""

from collections.abc import Mapping
from dataclasses import dataclass

from swanlab_ci.messages import Key, Message
from swanlab_ci.platforms.base import ApiAttempt
from swanlab_ci.platforms.context import Context
from swanlab_ci.platforms.gitea import variables
from swanlab_ci.platforms.payload import REPOSITORY, Payload, matching, usable_token
from swanlab_ci.platforms.training import TrainingEnd
from swanlab_ci.runtime.deadline import Deadline
from swanlab_ci.security.escaping import url_part

WORKFLOW = "SWANLAB_CI_WORKFLOW"
_FILE = "training-ended.yml"
_ROOT = "/api/v1"


@dataclass(frozen=True, slots=True)
class WorkflowDispatch:
    """Starts the workflow in the file `workflow` of the repository of `context`, on its default branch."""

    context: Context
    token: str
    workflow: str

    @property
    def name(self) -> Message:
        """Gitea or Forgejo."""
        return Message("gitea.forgejo" if self.context.ci == "forgejo" else "gitea.name")

    @property
    def secrets(self) -> tuple[str, ...]:
        """The token."""
        return (self.token,)

    def send(self, end: TrainingEnd, deadline: Deadline) -> ApiAttempt:
        """Ask for the default branch, and start the workflow with the commit, the pull request and the exit code."""
        from swanlab_ci.platforms.api import attempted  # noqa: PLC0415 - loads requests, 100 ms
        from swanlab_ci.platforms.gitea.api import Gitea  # noqa: PLC0415 - same

        gitea = Gitea(self.context, self.token, deadline)
        facts = {"sha": end.commit or None, "pr": end.pr, "exit_code": end.exit_code}
        inputs = {name: str(value) for name, value in facts.items() if value is not None}

        def start() -> None:
            branch = Payload(gitea.get(gitea.repository)).text("default_branch")
            path = f"{gitea.repository}/actions/workflows/{url_part(self.workflow)}/dispatches"
            gitea.send("POST", path, {"ref": branch, "inputs": inputs})

        return attempted(Message("forge.send-training-ended"), "actions: write", start, None)[1]


def is_named(environ: Mapping[str, str]) -> bool:
    """Return whether `environ` is that of a job on one of the two, or names its API for a training elsewhere."""
    return variables.is_job(environ) or environ.get("GITHUB_API_URL", "").rstrip("/").endswith(_ROOT)


def dispatch(environ: Mapping[str, str]) -> WorkflowDispatch | Message:
    """Return what starts the workflow of the repository that `environ` names, or what is missing in it."""
    repository = matching(REPOSITORY, environ.get("GITHUB_REPOSITORY", ""))
    token = usable_token(environ.get("GITHUB_TOKEN", ""))
    api_url = environ.get("GITHUB_API_URL", "").rstrip("/")
    if not (repository and token and api_url):
        names = ("GITHUB_REPOSITORY", "GITHUB_TOKEN", "GITHUB_API_URL")
        return Message("forge.variables-missing", names=tuple(map(Key, names)))
    ci = "forgejo" if environ.get("FORGEJO_ACTIONS") == "true" else "gitea"
    context = Context(ci=ci, repository=repository, api_url=api_url)
    return WorkflowDispatch(context, token, environ.get(WORKFLOW) or _FILE)
