"""What GitHub is asked before the check: the pull request of an event, and files of the base branch."""

from swanlab_ci.platforms import repository
from swanlab_ci.platforms.base import ApiAttempt, BaseFile
from swanlab_ci.platforms.context import Context
from swanlab_ci.platforms.github.api import GitHub
from swanlab_ci.platforms.payload import Facts, Payload, pull_request_facts
from swanlab_ci.runtime.deadline import Deadline


def base_file(context: Context, path: str, *, token: str, deadline: Deadline) -> BaseFile:
    """Do as `repository.base_file`; GitHub's answer has no content for folders, submodules and files over 1 MB."""
    github = GitHub(context.api_url, context.graphql_url, token, deadline)
    return repository.base_file(github, context, path, "contents: read")


def find_pull_request(context: Context, *, token: str, deadline: Deadline) -> tuple[Context, ApiAttempt | None]:
    """Do as `repository.find_pull_request`: by number, by the fork's branch, or by the commit; nothing is guessed.

    GitHub's list of pull requests of a commit leaves out those from forks; these are found by owner and branch.
    """
    github = GitHub(context.api_url, context.graphql_url, token, deadline)
    ours = f"/repos/{context.repository}"

    def by_number() -> Facts:
        return pull_request_facts(Payload(github.get(f"{ours}/pulls/{context.pr_number}")))

    def by_commit() -> list[Payload]:
        if context.is_fork:
            owner = context.head_repository.split("/")[0]
            found = github.get(f"{ours}/pulls", head=f"{owner}:{context.head_branch}", state="open", per_page=100)
        else:
            found = github.get(f"{ours}/commits/{context.head_sha}/pulls", per_page=100)
        return [Payload(item) for item in found] if isinstance(found, list) else []

    return repository.find_pull_request(context, "pull-requests: read", by_number, by_commit)
