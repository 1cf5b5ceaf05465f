"""The pipeline that is started on GitLab from outside, such as at the end of a training."""

from collections.abc import Mapping
from dataclasses import dataclass

from swanlab_ci.messages import Key, Message
from swanlab_ci.platforms.base import ApiAttempt
from swanlab_ci.platforms.payload import usable_token
from swanlab_ci.platforms.training import TrainingEnd
from swanlab_ci.runtime.deadline import Deadline
from swanlab_ci.security.escaping import url_part

TOKEN, REF = "GITLAB_TRIGGER_TOKEN", "GITLAB_TRIGGER_REF"
_TOKENS = (TOKEN, "CI_JOB_TOKEN")
API = "https://gitlab.com/api/v4"
_BRANCH = "main"


@dataclass(frozen=True, slots=True)
class Trigger:
    """Starts a pipeline of `project`, its number or path, on the branch `ref`, with the token of a trigger or a job."""

    project: str
    token: str
    api_url: str
    ref: str
    ca_file: str = ""

    @property
    def name(self) -> Message:
        """GitLab."""
        return Message("gitlab.name")

    @property
    def secrets(self) -> tuple[str, ...]:
        """The token."""
        return (self.token,)

    def send(self, end: TrainingEnd, deadline: Deadline) -> ApiAttempt:
        """Trigger the pipeline, with the commit, the merge request and the exit code as variables."""
        from swanlab_ci.platforms.api import ForgeApi, attempted  # noqa: PLC0415 - loads requests, 100 ms

        # the token is a part of the body; a header that says nothing keeps a .netrc from being read
        unsigned = ("Accept", "application/json")
        api = ForgeApi(self.name, self.api_url, unsigned, deadline, ca_file=self.ca_file)
        facts = {"SHA": end.commit or None, "PR": end.pr, "EXIT_CODE": end.exit_code}
        variables = {f"SWANLAB_CI_{name}": str(value) for name, value in facts.items() if value is not None}
        body = {"ref": self.ref, "token": self.token, "variables": variables}
        path = f"/projects/{url_part(self.project)}/trigger/pipeline"
        what = Message("forge.send-training-ended")
        return attempted(what, TOKEN, lambda: api.send("POST", path, body), None)[1]


def is_named(environ: Mapping[str, str]) -> bool:
    """Return whether `environ` is that of a job on GitLab, or names a project of it for a training elsewhere."""
    return environ.get("GITLAB_CI") == "true" or bool(environ.get(TOKEN))


def trigger(environ: Mapping[str, str]) -> Trigger | Message:
    """Return what starts a pipeline of the project that `environ` names, or what is missing in it."""
    project = environ.get("CI_PROJECT_ID") or environ.get("CI_PROJECT_PATH") or ""
    token = next((found for name in _TOKENS if (found := usable_token(environ.get(name, "")))), "")
    if not (project and token):
        return Message("forge.variables-missing", names=(Key("CI_PROJECT_ID"), Key(TOKEN)))
    api_url = environ.get("CI_API_V4_URL", "").rstrip("/") or API
    ref = environ.get(REF) or environ.get("CI_DEFAULT_BRANCH") or _BRANCH
    return Trigger(project, token, api_url, ref, environ.get("CI_SERVER_TLS_CA_FILE", ""))
