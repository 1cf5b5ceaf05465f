"""The pull request of an event and the gate file of its base branch by one request, where its answer is certain.

GraphQL also names the commit that the base branch is at, so that later requests can ask for that commit. What it leaves
out, cuts off or gives in another form is asked for by REST. The fields are those of "GraphQL API: objects" of GitHub's
documentation.
"""

import hashlib
from dataclasses import dataclass

from swanlab_ci.platforms.api import ForgeError
from swanlab_ci.platforms.context import Context
from swanlab_ci.platforms.github.api import GitHub
from swanlab_ci.platforms.github.queries import query_for
from swanlab_ci.platforms.paths import inside_repository
from swanlab_ci.platforms.payload import Facts, Payload

_PLAIN_FILES = {0o100644, 0o100755}  # of a link, GraphQL gives the target's name as the text


@dataclass(frozen=True, slots=True)
class Combined:
    """The facts of a pull request, among them the commit of its base branch, and its gate file there.

    `text` is None where GraphQL does not give every byte of the file.
    """

    facts: Facts
    text: str | None


def ask(github: GitHub, context: Context, path: str) -> Combined | None:
    """Return the one pull request of `context`, and `path` as its base branch has it; None where REST has to be asked.

    No pull request and several are for REST too: they decide whose rules count.
    """
    try:
        query, about = query_for(context)
        owner, name = context.repository.split("/")
        inside = "/".join(inside_repository(context, path))
        answer = Payload(github.graphql(query, about | {"owner": owner, "name": name, "path": inside}))
    except ForgeError:
        return None
    found = [pull for pull in _pulls(answer) if _is_meant(pull, context)]
    return _read(found[0]) if len(found) == 1 else None


def _pulls(answer: Payload) -> list[Payload]:
    """Return what was found; nothing where there is more than was asked for."""
    for path in ("repository.pullRequests", "repository.object.associatedPullRequests"):
        listed = answer.at(f"{path}.nodes")
        if isinstance(listed, list) and answer.at(f"{path}.pageInfo.hasNextPage") is False:
            return [Payload(pull) for pull in listed]
    return [Payload(answer.at("repository.pullRequest"))]


def _is_meant(pull: Payload, context: Context) -> bool:
    """Tell whether this is the pull request of `context`."""
    if pull.text("baseRepository.nameWithOwner") != context.repository:
        return False
    if context.pr_number:
        return pull.number("number") == context.pr_number
    ours = not context.is_fork or pull.text("headRepository.nameWithOwner") == context.head_repository != ""
    return ours and pull.text("state") == "OPEN" and pull.sha("headRefOid") == context.head_sha


def _read(pull: Payload) -> Combined | None:
    head = pull.repository("headRepository.nameWithOwner")  # absent once a fork was deleted
    facts: Facts = {
        "head_sha": pull.sha("headRefOid"),
        "base_sha": pull.sha("baseRefOid"),
        "base_head": pull.sha("baseRef.target.oid"),
        "head_branch": pull.text("headRefName"),
        "base_branch": pull.text("baseRefName"),
        "pr_number": pull.number("number"),
        "head_repository": head,
        "is_fork": not head or head != pull.text("baseRepository.nameWithOwner"),
    }
    complete = all(facts[name] for name in ("head_sha", "base_sha", "base_head", "base_branch", "pr_number"))
    return Combined(facts, _text(Payload(pull.at("baseRef.target.file")))) if complete else None


def _text(entry: Payload) -> str | None:
    """Return the text of a plain file if it has the bytes that its hash is of; GraphQL can cut off or convert it."""
    text = entry.at("object.text")
    if entry.at("mode") not in _PLAIN_FILES or not isinstance(text, str):
        return None
    try:
        content = text.encode()
        blob = hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False)
        return content.decode("utf-8-sig") if blob.hexdigest() == entry.at("oid") else None
    except ValueError:
        return None
