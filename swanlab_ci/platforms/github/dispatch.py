"""The event that starts a workflow of a repository on GitHub from outside, such as the end of a training."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from swanlab_ci.messages import Key, Message
from swanlab_ci.platforms.base import ApiAttempt
from swanlab_ci.platforms.payload import REPOSITORY, matching, usable_token
from swanlab_ci.platforms.training import TrainingEnd
from swanlab_ci.runtime.deadline import Deadline

EVENT_TYPE = "training-ended"
_API = "https://api.github.com"


@dataclass(frozen=True, slots=True)
class Dispatcher:
    """Sends `repository_dispatch` to one repository (`owner/name`); `token` needs `contents: write`."""

    repository: str
    token: str
    api_url: str = _API

    @property
    def name(self) -> Message:
        """GitHub."""
        return Message("github.name")

    @property
    def secrets(self) -> tuple[str, ...]:
        """The token."""
        return (self.token,)

    def send(self, end: TrainingEnd, deadline: Deadline) -> ApiAttempt:
        """Send the event `training-ended` with the commit, the pull request and the exit code."""
        from swanlab_ci.platforms.api import attempted  # noqa: PLC0415 - loads requests, 100 ms
        from swanlab_ci.platforms.github.api import GitHub  # noqa: PLC0415 - same

        github = GitHub(self.api_url, "", self.token, deadline)
        body = {"event_type": EVENT_TYPE, "client_payload": _payload(end)}
        path = f"/repos/{self.repository}/dispatches"
        what = Message("forge.send-training-ended")
        return attempted(what, "contents: write", lambda: github.send("POST", path, body), None)[1]


def dispatcher(environ: Mapping[str, str]) -> Dispatcher | Message:
    """Return the sender for the repository and the token that `environ` names, or what is missing in it."""
    repository = matching(REPOSITORY, environ.get("GITHUB_REPOSITORY", ""))
    token = usable_token(environ.get("GITHUB_TOKEN") or environ.get("GH_TOKEN") or "")
    if not (repository and token):
        return Message("forge.variables-missing", names=(Key("GITHUB_REPOSITORY"), Key("GITHUB_TOKEN")))
    return Dispatcher(repository, token, environ.get("GITHUB_API_URL") or _API)


def _payload(end: TrainingEnd) -> dict[str, Any]:
    facts = {"sha": end.commit or None, "pr": end.pr, "exit_code": end.exit_code}
    return {name: value for name, value in facts.items() if value is not None}
