"""What GitHub is asked before the check: the pull request of an event, and files of the base branch."""

from collections.abc import MutableMapping

from swanlab_ci.messages import Message, Name
from swanlab_ci.platforms import repository
from swanlab_ci.platforms.base import ApiAttempt, BaseFile
from swanlab_ci.platforms.context import Context
from swanlab_ci.platforms.github import combined
from swanlab_ci.platforms.github.api import GitHub
from swanlab_ci.platforms.payload import Facts, Payload, pull_request_facts
from swanlab_ci.runtime.deadline import Deadline

_READING = "contents: read"
_MOST_AT_ONCE, _SHARE_AT_ONCE = 5.0, 0.2  # of the time that is left: a request that hangs must leave it to the others
BaseFiles = MutableMapping[tuple[str, str], str]
"""Files that came with the pull request, by the commit of the base branch and the path as the user writes it."""


def base_file(github: GitHub, context: Context, path: str, known: BaseFiles) -> BaseFile:
    """Do as `repository.base_file`; GitHub's answer has no content for folders, submodules and files over 1 MB."""
    text = known.get((context.base_head, path))
    if text is not None:
        return BaseFile(text, None, ApiAttempt(Message("forge.read-base-file", file=Name(path)), _READING))
    return repository.base_file(github, context, path, _READING)


def find_pull_request(
    github: GitHub, context: Context, path: str, known: BaseFiles, deadline: Deadline
) -> tuple[Context, ApiAttempt | None]:
    """Do as `repository.find_pull_request`: by number, by the fork's branch, or by the commit; nothing is guessed.

    The file `path` of the base branch becomes `known` if it comes with the answer.
    """
    briefly = Deadline(min(_MOST_AT_ONCE, _SHARE_AT_ONCE * deadline.left()))

    def at_once() -> Facts | None:
        found = combined.ask(github.until(briefly), context, path) if context.event != "merge_group" else None
        if found and found.text is not None:
            known[found.facts["base_head"], path] = found.text
        return found.facts if found else None

    return repository.find_pull_request(
        context,
        "pull-requests: read",
        lambda: pull_request_facts(_by_number(github, context)),
        lambda: _by_commit(github, context),
        at_once,
    )


def _by_number(github: GitHub, context: Context) -> Payload:
    return Payload(github.get(f"/repos/{context.repository}/pulls/{context.pr_number}"))


def _by_commit(github: GitHub, context: Context) -> list[Payload]:
    """List pull requests of the commit; GitHub's list leaves out those from forks: owner and branch find them."""
    ours = f"/repos/{context.repository}"
    if context.is_fork:
        owner = context.head_repository.split("/")[0]
        found = github.get(f"{ours}/pulls", head=f"{owner}:{context.head_branch}", state="open", per_page=100)
    else:
        found = github.get(f"{ours}/commits/{context.head_sha}/pulls", per_page=100)
    return [Payload(item) for item in found] if isinstance(found, list) else []
