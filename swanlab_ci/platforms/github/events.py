"""The context of a run, read from the environment of GitHub Actions and the event file.

What each event carries is GitHub's webhook documentation ("Webhook events and payloads") and "Events that trigger
workflows". On no event of a pull request is `GITHUB_SHA` its head commit.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from swanlab_ci.messages import Key, Message
from swanlab_ci.platforms.context import Context
from swanlab_ci.platforms.payload import (
    REPOSITORY,
    SHA,
    Payload,
    branch_of,
    matching,
    positive_number,
    pull_request_facts,
)
from swanlab_ci.security.files import read_bytes

_ON_THE_MERGE_REF = frozenset({"pull_request", "pull_request_review", "pull_request_review_comment"})
_PRIVILEGED = "pull_request_target"
_WITH_PULL_REQUEST = _ON_THE_MERGE_REF | {_PRIVILEGED, "merge_group"}
_LARGEST_EVENT = 25 * 2**20  # GitHub caps payloads at 25 MB ("Webhook events and payloads")
_PULL_REF = re.compile(r"refs/pull/([1-9]\d{0,17})/.+")
_QUEUE_REF = re.compile(r"refs/heads/gh-readonly-queue/.+/pr-([1-9]\d{0,17})-[0-9a-f]+")


def _text_of_event(path: str) -> str:
    return read_bytes(path, largest=_LARGEST_EVENT).decode()


def is_job(environ: Mapping[str, str]) -> bool:
    """Return whether this is a job of GitHub Actions or of a runner that follows it."""
    return environ.get("GITHUB_ACTIONS") == "true"


def read_context(environ: Mapping[str, str], read_event: Callable[[str], str] = _text_of_event) -> Context:
    """Read the context from `environ` and the event file that it names; never raises, `notes` say what is missing."""
    if not is_job(environ):
        return Context()
    event, notes = _event(environ.get("GITHUB_EVENT_PATH", ""), read_event)
    name = environ.get("GITHUB_EVENT_NAME", "")
    facts = _FACTS.get(name, _unknown)(event, environ)
    asks_for_commit = facts.get("pr_number") and "base_sha" not in facts
    if not (facts["head_sha"] or asks_for_commit):
        notes += (Message("forge.event-without-commit", event=Key(name)),)
    commits = dict.fromkeys(sha for sha in (facts["head_sha"], facts.get("merge_sha", "")) if sha)
    return Context(
        ci="github",
        event=name,
        on_pull_request=name in _WITH_PULL_REQUEST,
        is_privileged=name == _PRIVILEGED,
        repository=matching(REPOSITORY, environ.get("GITHUB_REPOSITORY", "")),
        pr_commits=tuple(commits),
        actor=environ.get("GITHUB_ACTOR", ""),
        run_id=positive_number(environ.get("GITHUB_RUN_ID", "")),
        run_attempt=positive_number(environ.get("GITHUB_RUN_ATTEMPT", "")) or 1,
        workspace=environ.get("GITHUB_WORKSPACE", ""),
        output_file=environ.get("GITHUB_OUTPUT", ""),
        summary_file=environ.get("GITHUB_STEP_SUMMARY", ""),
        api_url=environ.get("GITHUB_API_URL", "").rstrip("/"),
        graphql_url=environ.get("GITHUB_GRAPHQL_URL", "").rstrip("/"),
        server_url=environ.get("GITHUB_SERVER_URL", "").rstrip("/"),
        run_url=_run_url(environ),
        notes=notes,
        **facts,
    )


def _run_url(environ: Mapping[str, str]) -> str:
    server, repository = environ.get("GITHUB_SERVER_URL", "").rstrip("/"), environ.get("GITHUB_REPOSITORY", "")
    run, attempt = environ.get("GITHUB_RUN_ID", ""), environ.get("GITHUB_RUN_ATTEMPT", "")
    if not (server and matching(REPOSITORY, repository) and positive_number(run)):
        return ""
    return f"{server}/{repository}/actions/runs/{run}/attempts/{positive_number(attempt) or 1}"


def _event(path: str, read: Callable[[str], str]) -> tuple[Payload, tuple[Message, ...]]:
    try:
        content = json.loads(read(path))
    except (OSError, ValueError, RecursionError, MemoryError):
        return Payload(None), (Message("forge.event-unreadable"),)
    return Payload(content), ()


def _pull_request(event: Payload, environ: Mapping[str, str]) -> dict[str, Any]:
    merged = environ.get("GITHUB_EVENT_NAME") in _ON_THE_MERGE_REF  # elsewhere GITHUB_SHA is the base branch
    merge_sha = matching(SHA, environ.get("GITHUB_SHA", "")) if merged else ""
    return {"merge_sha": merge_sha, **pull_request_facts(Payload(event.at("pull_request")))}


def _merge_group(event: Payload, _environ: Mapping[str, str]) -> dict[str, Any]:
    queued = _QUEUE_REF.fullmatch(event.text("merge_group.head_ref"))
    return {
        "head_sha": event.sha("merge_group.head_sha"),
        "base_sha": event.sha("merge_group.base_sha"),
        "head_branch": event.branch("merge_group.head_ref"),
        "base_branch": event.branch("merge_group.base_ref"),
        "pr_number": int(queued[1]) if queued else None,
    }


def _workflow_run(event: Payload, environ: Mapping[str, str]) -> dict[str, Any]:
    head = event.repository("workflow_run.head_repository.full_name")
    listed = event.at("workflow_run.pull_requests")  # empty for forks, and it may list a fork's own pull requests
    pulls = [Payload(item) for item in listed] if isinstance(listed, list) else []
    ours = [pull for pull in pulls if pull.text("base.repo.url").endswith(f"/repos/{environ.get('GITHUB_REPOSITORY')}")]
    pull = ours[0] if len(ours) == 1 else Payload(None)
    return {
        "head_sha": event.sha("workflow_run.head_sha"),
        "base_sha": pull.sha("base.sha"),
        "head_branch": event.text("workflow_run.head_branch"),
        "base_branch": pull.text("base.ref"),
        "pr_number": pull.number("number"),
        "head_repository": head,
        "is_fork": not head or head != environ.get("GITHUB_REPOSITORY"),
    }


def _dispatch(event: Payload, environ: Mapping[str, str]) -> dict[str, Any]:
    """Take the commit or the pull request from who starts the run, by hand or from a training cluster.

    With a pull request alone the commit stays open; `pull_request.find_pull_request` asks for it.
    """
    given = "inputs" if environ.get("GITHUB_EVENT_NAME") == "workflow_dispatch" else "client_payload"
    sha, pull = event.sha(f"{given}.sha"), event.number(f"{given}.pr")
    return {"head_sha": sha, "pr_number": pull} if sha or pull else _by_ref(event, environ)


def _issue_comment(event: Payload, environ: Mapping[str, str]) -> dict[str, Any]:
    """Take the pull request that was commented on; GitHub runs this event on the default branch."""
    if event.at("issue.pull_request"):
        return {"head_sha": "", "pr_number": event.number("issue.number")}
    return _by_ref(event, environ)


def _by_ref(_event: Payload, environ: Mapping[str, str]) -> dict[str, Any]:
    ref = environ.get("GITHUB_REF", "")
    pull = _PULL_REF.fullmatch(ref)
    if pull:
        return {"head_sha": "", "pr_number": int(pull[1])}
    return {"head_sha": matching(SHA, environ.get("GITHUB_SHA", "")), "head_branch": branch_of(ref)}


def _unknown(event: Payload, environ: Mapping[str, str]) -> dict[str, Any]:
    """Read an event that is not in the table; it is never taken for a push: its commit may be a pull request's."""
    facts = _pull_request(event, environ) if event.at("pull_request") else _by_ref(event, environ)
    return {**facts, "is_known_event": False}


_FACTS: dict[str, Callable[[Payload, Mapping[str, str]], dict[str, Any]]] = {
    **dict.fromkeys((*_ON_THE_MERGE_REF, _PRIVILEGED), _pull_request),
    "merge_group": _merge_group,
    "workflow_run": _workflow_run,
    "workflow_dispatch": _dispatch,
    "repository_dispatch": _dispatch,
    "issue_comment": _issue_comment,
    # GitHub runs these on a branch or tag of the repository, or on its default branch
    **dict.fromkeys(("push", "create", "release", "schedule"), _by_ref),
    **dict.fromkeys(("check_run", "check_suite", "issues", "status"), _by_ref),
}
