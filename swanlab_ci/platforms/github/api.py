"""GitHub's REST and GraphQL API."""

from collections.abc import Mapping
from typing import Any

from swanlab_ci.messages import Message
from swanlab_ci.platforms.api import ForgeApi, ForgeError
from swanlab_ci.runtime.deadline import Deadline


class GitHub(ForgeApi):
    """A client of the API at `api_url`, of GitHub Enterprise Server as well."""

    def __init__(self, api_url: str, graphql_url: str, token: str, deadline: Deadline) -> None:
        super().__init__(Message("github.name"), api_url, ("Authorization", f"Bearer {token}"), deadline)
        self._graphql_url = graphql_url
        self._session.headers["Accept"] = "application/vnd.github+json"
        self._session.headers["X-GitHub-Api-Version"] = "2022-11-28"

    def graphql(self, query: str, variables: Mapping[str, Any] | None = None) -> Any:
        """Ask a GraphQL query and return its `data`."""
        if not self._graphql_url:
            raise ForgeError(0, Message("github.graphql-failed"))
        body = {"query": query, **({"variables": variables} if variables else {})}
        answer, _ = self._answer("POST", self._graphql_url, json=body)
        if not isinstance(answer, dict) or answer.get("errors") or not isinstance(answer.get("data"), dict):
            raise ForgeError(200, Message("github.graphql-failed"))
        return answer["data"]
