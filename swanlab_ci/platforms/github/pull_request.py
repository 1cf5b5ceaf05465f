"""What GitHub is asked before the check: the pull request of an event, and files of the base branch."""

import base64
from dataclasses import replace
from typing import Any

from swanlab_ci.messages import Message, Name
from swanlab_ci.platforms.api import ForgeError, attempted
from swanlab_ci.platforms.base import ApiAttempt, BaseFile
from swanlab_ci.platforms.context import Context
from swanlab_ci.platforms.github.api import GitHub
from swanlab_ci.platforms.github.events import pull_request_facts
from swanlab_ci.platforms.paths import inside_repository
from swanlab_ci.platforms.payload import Payload
from swanlab_ci.runtime.deadline import Deadline
from swanlab_ci.security.escaping import url_part

_NOT_FOUND = 404


def base_file(context: Context, path: str, *, token: str, deadline: Deadline) -> BaseFile:
    """Fetch `path`, relative to the workspace or absolute inside it, as the base branch of `context` has it.

    The base commit of an event can be old: the head of the branch counts, and the commit only where it has no such
    file. A merge queue's commit is exact.
    """
    github = GitHub(context.api_url, context.graphql_url, token, deadline)
    what = Message("forge.read-base-file", file=Name(path))

    def read(ref: str) -> tuple[str | None, ApiAttempt]:
        return attempted(what, "contents: read", lambda: _content(github, context, path, ref), None)

    head = context.base_branch if context.event != "merge_group" else ""
    text, attempt = read(head or context.base_sha)
    if head and attempt.status == _NOT_FOUND:
        text, attempt = read(context.base_sha)
    if attempt.status == _NOT_FOUND:
        note = Message("gate-file.not-in-base", file=Name(path))
        return BaseFile(None, note, ApiAttempt(what, attempt.needs), missing=True)
    if attempt.refusal:
        return BaseFile(None, Message("gate-file.base-not-read", file=Name(path), reason=attempt.refusal), attempt)
    return BaseFile(text, None, attempt)


def find_pull_request(context: Context, *, token: str, deadline: Deadline) -> tuple[Context, ApiAttempt | None]:
    """Return `context` with what its event does not say of the pull request; `None` if nothing had to be asked.

    A merge queue's commits get the pull request's own head; a `workflow_run` or `push` gets the one open pull request
    whose head is its commit, and a refusal where there are several; a dispatch that names a pull request gets its base,
    and its head if it named no commit.
    """
    named = context.pr_number and (context.event == "merge_group" or not (context.head_sha and context.base_sha))
    sought = not context.pr_number and context.head_sha and context.event in {"workflow_run", "push"}
    if not (named or sought):
        return context, None
    github = GitHub(context.api_url, context.graphql_url, token, deadline)
    pull, attempt = attempted(
        Message("forge.find-pull-request"), "pull-requests: read", lambda: _pull(github, context), None
    )
    return (_completed(context, pull) if pull else context), attempt


def _completed(context: Context, pull: dict[str, Any]) -> Context:
    theirs = pull["head_sha"]
    if context.event == "merge_group":
        return replace(context, pr_commits=(*context.pr_commits, theirs))
    head = context.head_sha or theirs
    notes = context.notes
    if not theirs.startswith(head):
        number = pull["pr_number"]
        notes += (Message("forge.not-the-head", commit=Name(head[:7]), number=number, head=Name(theirs[:7])),)
    return replace(context, **(pull | {"head_sha": head}), pr_commits=context.pr_commits or (head,), notes=notes)


def _pull(github: GitHub, context: Context) -> dict[str, Any] | None:
    """Ask for the pull request by its number, by the fork's branch, or by the commit; nothing is guessed.

    GitHub's list of pull requests of a commit leaves out those from forks; these are found by owner and branch.
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
        commit = Name(context.head_sha[:7])
        raise ForgeError(0, Message("forge.several-pull-requests", commit=commit, count=len(ours)))
    return ours[0] if ours else None


def _content(github: GitHub, context: Context, path: str, ref: str) -> str:
    """Fetch a text file; GitHub's answer has no content for folders, submodules and files over 1 MB."""
    inside = inside_repository(context, path)
    address = f"/repos/{context.repository}/contents/{'/'.join(map(url_part, inside))}"
    answer = Payload(github.get(address, ref=ref))
    if answer.text("encoding") != "base64":
        raise ForgeError(0, Message("forge.not-a-file"))
    try:
        return base64.b64decode(answer.text("content")).decode("utf-8-sig")
    except ValueError as error:
        raise ForgeError(0, Message("forge.file-not-utf-8")) from error
