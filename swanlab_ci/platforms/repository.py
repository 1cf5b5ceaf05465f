"""What a forge with GitHub's form of API is asked before the check: a pull request, and files of the base branch."""

import base64
from collections.abc import Callable, Iterable
from dataclasses import replace

from swanlab_ci.messages import Message, Name
from swanlab_ci.platforms.api import ForgeApi, ForgeError, attempted
from swanlab_ci.platforms.base import ApiAttempt, BaseFile
from swanlab_ci.platforms.context import Context
from swanlab_ci.platforms.paths import inside_repository
from swanlab_ci.platforms.payload import Facts, Payload, pull_request_facts
from swanlab_ci.security.escaping import url_part

_NOT_FOUND = 404


def base_file(api: ForgeApi, context: Context, path: str, needs: str) -> BaseFile:
    """Fetch `path`, relative to the workspace or absolute inside it, as the base branch of `context` has it.

    The base commit of an event can be old: the head of the branch counts, by its commit where that is known, and the
    commit of the event only where it has no such file. A merge queue's commit is exact. `needs` is the right that this
    takes.
    """
    what = Message("forge.read-base-file", file=Name(path))

    def read(ref: str) -> tuple[str | None, ApiAttempt]:
        return attempted(what, needs, lambda: _content(api, context, path, ref), None)

    head = context.base_head or context.base_branch if context.event != "merge_group" else ""
    text, attempt = read(head or context.base_sha)
    if head and attempt.status == _NOT_FOUND:
        text, attempt = read(context.base_sha)
    if attempt.status == _NOT_FOUND:
        note = Message("gate-file.not-in-base", file=Name(path))
        return BaseFile(None, note, ApiAttempt(what, attempt.needs), missing=True)
    if attempt.refusal:
        return BaseFile(None, Message("gate-file.base-not-read", file=Name(path), reason=attempt.refusal), attempt)
    return BaseFile(text, None, attempt)


def find_pull_request(
    context: Context,
    needs: str,
    by_number: Callable[[], Facts],
    by_commit: Callable[[], Iterable[Payload]],
    at_once: Callable[[], Facts | None] = lambda: None,
) -> tuple[Context, ApiAttempt | None]:
    """Return `context` with what its event does not say of the pull request; `None` if nothing had to be asked.

    A merge queue's commits get the pull request's own head; a `workflow_run` or `push` gets the one open pull request
    whose head is its commit, and a refusal where there are several; a dispatch that names a pull request gets its base,
    and its head if it named no commit. `at_once` is asked first, and the others where it is not certain.
    """
    named = context.pr_number and (context.event == "merge_group" or not (context.head_sha and context.base_sha))
    sought = not context.pr_number and context.head_sha and context.event in {"workflow_run", "push"}
    if not (named or sought):
        return context, None

    def ask() -> Facts | None:
        pull = at_once() or (by_number() if context.pr_number else _only_one(by_commit(), context))
        return pull if pull and pull["head_sha"] else None

    pull, attempt = attempted(Message("forge.find-pull-request"), needs, ask, None)
    return (_completed(context, pull) if pull else context), attempt


def text_of(answer: Payload) -> str:
    """Return the content of a file; raises `ForgeError` for a folder, a file that is too large, or other bytes."""
    if answer.text("encoding") != "base64":
        raise ForgeError(0, Message("forge.not-a-file"))
    try:
        return base64.b64decode(answer.text("content")).decode("utf-8-sig")
    except ValueError as error:
        raise ForgeError(0, Message("forge.file-not-utf-8")) from error


def _only_one(found: Iterable[Payload], context: Context) -> Facts | None:
    facts = [pull_request_facts(pull) for pull in found if pull.text("state") == "open"]
    ours = [pull for pull in facts if pull["head_sha"] == context.head_sha]
    if len(ours) > 1:
        commit = Name(context.head_sha[:7])
        raise ForgeError(0, Message("forge.several-pull-requests", commit=commit, count=len(ours)))
    return ours[0] if ours else None


def _completed(context: Context, pull: Facts) -> Context:
    theirs = pull["head_sha"]
    if context.event == "merge_group":
        return replace(context, pr_commits=(*context.pr_commits, theirs))
    head = context.head_sha or theirs
    notes = context.notes
    if not theirs.startswith(head):
        number = pull["pr_number"]
        notes += (Message("forge.not-the-head", commit=Name(head[:7]), number=number, head=Name(theirs[:7])),)
    return replace(context, **(pull | {"head_sha": head}), pr_commits=context.pr_commits or (head,), notes=notes)


def _content(api: ForgeApi, context: Context, path: str, ref: str) -> str:
    inside = inside_repository(context, path)
    answer = api.get(f"/repos/{context.repository}/contents/{'/'.join(map(url_part, inside))}", ref=ref)
    if answer == []:  # a folder is never empty in git: there is nothing at this path
        raise ForgeError(_NOT_FOUND, Message("forge.not-a-file"))
    return text_of(Payload(answer))
