"""What GitLab is asked before the check: the merge request, and files of the target branch."""

from dataclasses import replace
from typing import Any

from swanlab_ci.messages import Message, Name
from swanlab_ci.platforms.api import ForgeError, attempted
from swanlab_ci.platforms.base import ApiAttempt, BaseFile
from swanlab_ci.platforms.context import Context
from swanlab_ci.platforms.gitlab.api import READING, GitLab
from swanlab_ci.platforms.paths import inside_repository
from swanlab_ci.platforms.payload import Payload
from swanlab_ci.platforms.repository import text_of
from swanlab_ci.security.escaping import url_part

_NOT_FOUND = 404


def base_file(gitlab: GitLab, context: Context, path: str) -> BaseFile:
    """Fetch `path`, relative to the workspace or absolute inside it, as the target branch of `context` has it.

    The head of the branch counts, and the base of the difference only where it has no such file: an old merge request
    must not be judged by old rules. GitLab answers 404 as well where the token may not see the project, so a file
    counts as missing only if the token can see the commit.
    """
    what = Message("forge.read-base-file", file=Name(path))

    def read(ref: str) -> tuple[str | None, ApiAttempt]:
        return attempted(what, READING, lambda: _content(gitlab, context, path, ref), None)

    text, attempt = read(context.base_branch or context.base_sha)
    if context.base_branch and attempt.status == _NOT_FOUND:
        text, attempt = read(context.base_sha)
    if attempt.status == _NOT_FOUND and _is_visible(gitlab, context.base_sha):
        return BaseFile(None, Message("gitlab.not-in-target", file=Name(path)), ApiAttempt(what, READING), missing=True)
    if attempt.refusal:
        return BaseFile(None, Message("gate-file.base-not-read", file=Name(path), reason=attempt.refusal), attempt)
    return BaseFile(text, None, attempt)


def find_merge_request(gitlab: GitLab, context: Context) -> tuple[Context, ApiAttempt | None]:
    """Return `context` with what the job does not say of the merge request; `None` if nothing had to be asked."""
    if not context.pr_number or (context.head_sha and context.base_sha):
        return context, None
    path = f"{gitlab.project}/merge_requests/{context.pr_number}"
    found, attempt = attempted(Message("forge.find-pull-request"), READING, lambda: gitlab.get(path), None)
    facts = _facts(Payload(found))
    return (_completed(context, facts) if facts["head_sha"] else context), attempt


def _facts(request: Payload) -> dict[str, Any]:
    source, target = request.number("source_project_id"), request.number("target_project_id")
    return {
        "head_sha": request.sha("sha"),
        "base_sha": request.sha("diff_refs.base_sha"),
        "head_branch": request.text("source_branch"),
        "base_branch": request.text("target_branch"),
        "is_fork": source is None or source != target,  # no source: the fork was deleted
    }


def _completed(context: Context, facts: dict[str, Any]) -> Context:
    theirs, notes = facts["head_sha"], context.notes
    head = context.head_sha or theirs
    if not theirs.startswith(head):
        number = context.pr_number
        notes += (Message("forge.not-the-head", commit=Name(head[:7]), number=number, head=Name(theirs[:7])),)
    return replace(
        context,
        **(facts | {"head_sha": head}),
        pr_commits=context.pr_commits or (head,),
        on_pull_request=True,
        notes=notes,
    )


def _is_visible(gitlab: GitLab, sha: str) -> bool:
    try:
        commit = Payload(gitlab.get(f"{gitlab.project}/repository/commits/{sha}"))
    except ForgeError:
        return False
    return commit.sha("id") == sha


def _content(gitlab: GitLab, context: Context, path: str, ref: str) -> str:
    file = url_part("/".join(inside_repository(context, path)))
    return text_of(Payload(gitlab.get(f"{gitlab.project}/repository/files/{file}", ref=ref)))
