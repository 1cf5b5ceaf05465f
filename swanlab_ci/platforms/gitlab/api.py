"""GitLab's REST API, version 4."""

from swanlab_ci.messages import Message
from swanlab_ci.platforms.api import ForgeApi
from swanlab_ci.platforms.context import Context
from swanlab_ci.runtime.deadline import Deadline
from swanlab_ci.security.escaping import url_part

READING = "read_api"


class GitLab(ForgeApi):
    """A client of the API of `context`; the token is a personal, group or project access token."""

    ca_variable = "CI_SERVER_TLS_CA_FILE"

    def __init__(self, context: Context, token: str, deadline: Deadline) -> None:
        super().__init__(
            Message("gitlab.name"), context.api_url, ("PRIVATE-TOKEN", token), deadline, ca_file=context.ca_file
        )
        self.project = f"/projects/{context.project_id or url_part(context.repository)}"
