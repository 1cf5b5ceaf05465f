"""What is asked of GitHub before anything is judged: the pull request behind an event, and the base branch's files."""

import base64
import posixpath
from dataclasses import dataclass, replace
from typing import Any

from swanlab_ci.platforms.context import Context
from swanlab_ci.platforms.github.api import GitHub, GitHubRefused
from swanlab_ci.platforms.github.events import Payload, pull_request_facts
from swanlab_ci.platforms.github.permissions import ApiAttempt
from swanlab_ci.platforms.github.publisher import attempted
from swanlab_ci.runtime.deadline import Deadline
from swanlab_ci.security.escaping import url_part

_NOT_FOUND = 404


@dataclass(frozen=True, slots=True)
class BaseFile:
    """A file as the base branch has it; `text` is `None` where it has none or GitHub would not say.

    `note` tells which of the two it was, for the report. `missing` means that GitHub answered 404: there is none, or
    the token may not even know of it.
    """

    text: str | None
    note: str
    attempt: ApiAttempt
    missing: bool = False

    @property
    def denied(self) -> bool:
        """Whether GitHub refused for want of a right (401, or a 403 that is no rate limit)."""
        return self.attempt.denied


def base_file(context: Context, path: str, *, token: str, deadline: Deadline) -> BaseFile:
    """Fetch `path`, relative to the workspace or absolute inside it, as it is at the base commit of `context`."""
    github = GitHub(context.api_url, context.graphql_url, token, deadline)
    text, attempt = attempted(
        f"read {path} of the base branch", "contents: read", lambda: _content(github, context, path), None
    )
    if attempt.status == _NOT_FOUND:
        note = f"The base branch has no {path}, or the token may not read it; the rules of this change count."
        return BaseFile(None, note, ApiAttempt(attempt.what, attempt.needs), missing=True)
    note = f"{attempt.warning(is_fork=context.is_fork)} The rules of this change count." if attempt.refusal else ""
    return BaseFile(text, note, attempt)


def find_pull_request(context: Context, *, token: str, deadline: Deadline) -> tuple[Context, ApiAttempt | None]:
    """Complete `context` by what its event does not say about the pull request; `None` if nothing had to be asked.

    A merge queue's commits get the pull request's own head; a `workflow_run` or `push` gets the one open pull request
    whose head is its commit, and a refusal where there are several; a dispatch that names a pull request gets its base,
    and its head if it named no commit.
    """
    named = context.pr_number and (context.event == "merge_group" or not (context.head_sha and context.base_sha))
    sought = not context.pr_number and context.head_sha and context.event in {"workflow_run", "push"}
    if not (named or sought):
        return context, None
    github = GitHub(context.api_url, context.graphql_url, token, deadline)
    pull, attempt = attempted("find the pull request", "pull-requests: read", lambda: _pull(github, context), None)
    return (_completed(context, pull) if pull else context), attempt


def _completed(context: Context, pull: dict[str, Any]) -> Context:
    theirs = pull["head_sha"]
    if context.event == "merge_group":
        return replace(context, pr_commits=(*context.pr_commits, theirs))
    head = context.head_sha or theirs
    notes = context.notes
    if not theirs.startswith(head):
        notes += (f"Commit {head[:7]} is not the head of pull request {pull['pr_number']}, which is {theirs[:7]}.",)
    return replace(context, **(pull | {"head_sha": head}), pr_commits=context.pr_commits or (head,), notes=notes)


def _pull(github: GitHub, context: Context) -> dict[str, Any] | None:
    """Ask for the pull request by number, by the fork's branch, or by commit; by guess never.

    Pull requests of a commit leave out forks, and a fork's branch is found by its owner only.
    """
    repository = f"/repos/{context.repository}"
    if context.pr_number:
        named = pull_request_facts(Payload(github.get(f"{repository}/pulls/{context.pr_number}")))
        return named if named["head_sha"] else None
    if context.is_fork:
        owner = context.head_repository.split("/")[0]
        found = github.get(f"{repository}/pulls", head=f"{owner}:{context.head_branch}", state="open", per_page=100)
    else:
        found = github.get(f"{repository}/commits/{context.head_sha}/pulls", per_page=100)
    pulls = [Payload(item) for item in found] if isinstance(found, list) else []
    facts = [pull_request_facts(pull) for pull in pulls if pull.text("state") == "open"]
    ours = [pull for pull in facts if pull["head_sha"] == context.head_sha]
    if len(ours) > 1:
        raise GitHubRefused(0, f"Commit {context.head_sha[:7]} is the head of {len(ours)} open pull requests")
    return ours[0] if ours else None


def _content(github: GitHub, context: Context, path: str) -> str:
    """Fetch a text file; GitHub's answer has no content for folders, submodules and files over 1 MB."""
    root = context.workspace or "/"
    inside = posixpath.relpath(posixpath.join(root, path), root).split("/")
    if ".." in inside:  # in an address, it would lead to another repository
        raise GitHubRefused(0, "The path leads out of the repository")
    address = f"/repos/{context.repository}/contents/{'/'.join(map(url_part, inside))}"
    answer = Payload(github.get(address, ref=context.base_sha))
    if answer.text("encoding") != "base64":
        raise GitHubRefused(0, "GitHub has no file of a readable size there")
    try:
        return base64.b64decode(answer.text("content")).decode("utf-8-sig")
    except ValueError as error:
        raise GitHubRefused(0, "The file is not UTF-8 text") from error
