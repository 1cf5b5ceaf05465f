"""The API "v5" of Gitee and GitCode, as far as a report needs it."""

from collections.abc import Iterator
from dataclasses import replace

from swanlab_ci.messages import Message
from swanlab_ci.platforms import repository
from swanlab_ci.platforms.api import ForgeApi, ForgeError
from swanlab_ci.platforms.base import ApiAttempt, BaseFile
from swanlab_ci.platforms.comment import RemoteComment
from swanlab_ci.platforms.context import Context
from swanlab_ci.platforms.payload import Facts, Payload, pull_request_facts
from swanlab_ci.platforms.pull_comments import PullComments
from swanlab_ci.runtime.deadline import Deadline

READING, COMMENTING, STATUS = "projects", "notes", "checks"
_DONE = "completed"


class Gitee(ForgeApi):
    """A client of the API of `context`."""

    full_pages_go_on = True

    def __init__(self, context: Context, token: str, deadline: Deadline) -> None:
        super().__init__(
            Message("gitee.gitcode" if context.ci == "gitcode" else "gitee.name"),
            context.api_url,
            ("Authorization", f"Bearer {token}"),
            deadline,
        )
        self.repository = f"/repos/{context.repository}"


class GiteeComments(PullComments):
    """The comments of the pull request of `context`; those on a line of code are none of ours."""

    def __init__(self, gitee: Gitee, context: Context) -> None:
        pulls = f"{gitee.repository}/pulls"
        page = "pull" if context.ci == "gitcode" else "pulls"
        super().__init__(
            gitee,
            listed=f"{pulls}/{context.pr_number}/comments",
            single=f"{pulls}/comments",
            address=f"{context.server_url}/{context.repository}/{page}/{context.pr_number}",
        )

    def create(self, body: str) -> RemoteComment:
        """Write one; GitCode answers with the id of its discussion, and the list says which comment that is."""
        answer = self.api.send("POST", self.listed, {"body": body})
        begun = Payload(answer)
        if begun.number("id") or not begun.text("id"):
            return self.read(answer)
        found = (item for item in self.api.pages(self.listed) if Payload(item).at("discussion_id") == begun.at("id"))
        return self.read(next(found, None))

    def url(self, number: int) -> str:
        """Return its address."""
        return f"{self.address}#note_{number}"


def base_file(gitee: Gitee, context: Context, path: str) -> BaseFile:
    """Do as `repository.base_file`; for a file that is missing, Gitee can answer with an empty list instead of a 404.

    A 404 counts as a missing file only if the token can see the commit.
    """
    found = repository.base_file(gitee, context, path, READING)
    if not found.missing or _is_visible(gitee, context.base_sha):
        return found
    refusal = Message("gitee.commit-not-visible")
    return replace(found, missing=False, attempt=replace(found.attempt, refusal=refusal, status=404))


def find_pull_request(gitee: Gitee, context: Context) -> tuple[Context, ApiAttempt | None]:
    """Do as `repository.find_pull_request`, by the number alone: no list is searched for a commit."""

    def by_number() -> Facts:
        return pull_request_facts(Payload(gitee.get(f"{gitee.repository}/pulls/{context.pr_number}")))

    def by_commit() -> Iterator[Payload]:
        return iter(())

    if not context.pr_number:
        return context, None
    return repository.find_pull_request(context, READING, by_number, by_commit)


def set_status(gitee: Gitee, context: Context, status: dict[str, str]) -> None:
    """Create a check run, which is what v5 has for a status."""
    pending = status["state"] == "pending"
    done = {"conclusion": "success" if status["state"] == "success" else "failure"}
    link = {"details_url": status["target_url"]} if status["target_url"] else {}
    body = {"name": status["context"], "head_sha": context.head_sha, **link}
    state = {"status": "in_progress"} if pending else {"status": _DONE, **done}
    gitee.send("POST", f"{gitee.repository}/check-runs", body | state)


def _is_visible(gitee: Gitee, sha: str) -> bool:
    try:
        return Payload(gitee.get(f"{gitee.repository}/commits/{sha}")).sha("sha") == sha
    except ForgeError:
        return False
