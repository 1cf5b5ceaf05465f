"""The context of a run, read from the variables that GitLab predefines for a job.

What each holds is GitLab's documentation ("Predefined CI/CD variables reference"): in a pipeline for merged results
`CI_COMMIT_SHA` is the merge commit, and `CI_MERGE_REQUEST_SOURCE_BRANCH_SHA` the head of the source branch; elsewhere
the latter is empty.
"""

import re
from collections.abc import Mapping
from typing import Any

from swanlab_ci.messages import Key, Message
from swanlab_ci.platforms.context import Context
from swanlab_ci.platforms.payload import SHA, matching, positive_number

_PROJECT = re.compile(r"[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)+")  # groups can be nested
_OPEN_REQUEST = re.compile(rf"({_PROJECT.pattern})!([1-9]\d{{0,17}})")
_FOREIGN_EVENTS = frozenset(
    {"external_pull_request_event"}
)  # a pull request of another forge, of which GitLab knows less


def is_job(environ: Mapping[str, str]) -> bool:
    """Return whether this is a job of GitLab CI/CD."""
    return environ.get("GITLAB_CI") == "true"


def read_context(environ: Mapping[str, str]) -> Context:
    """Read the context from `environ`; never raises, `notes` say what is missing."""
    event = environ.get("CI_PIPELINE_SOURCE", "")
    facts = _merge_request(environ) if environ.get("CI_MERGE_REQUEST_IID") else _branch(environ)
    commits = dict.fromkeys(sha for sha in (facts["head_sha"], facts.get("merge_sha", "")) if sha)
    return Context(
        ci="gitlab",
        event=event,
        is_known_event=event not in _FOREIGN_EVENTS,
        pr_commits=tuple(commits),
        actor=environ.get("GITLAB_USER_LOGIN", ""),
        run_id=positive_number(environ.get("CI_PIPELINE_ID", "")),
        run_attempt=positive_number(environ.get("CI_JOB_ID", "")) or 1,  # a job that is run again gets a higher one
        workspace=environ.get("CI_PROJECT_DIR", ""),
        api_url=environ.get("CI_API_V4_URL", "").rstrip("/"),
        server_url=environ.get("CI_SERVER_URL", "").rstrip("/"),
        run_url=environ.get("CI_JOB_URL", ""),
        ca_file=environ.get("CI_SERVER_TLS_CA_FILE", ""),
        **facts,
    )


def _merge_request(environ: Mapping[str, str]) -> dict[str, Any]:
    commit = _sha(environ, "CI_COMMIT_SHA")
    head = _sha(environ, "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA")
    project, source = (environ.get(f"CI_MERGE_REQUEST_{name}PROJECT_ID", "") for name in ("", "SOURCE_"))
    return {
        "on_pull_request": True,
        "repository": _project(environ, "CI_MERGE_REQUEST_PROJECT_PATH"),
        "project_id": project if positive_number(project) else "",
        "head_repository": _project(environ, "CI_MERGE_REQUEST_SOURCE_PROJECT_PATH"),
        "head_sha": head or commit,
        "merge_sha": commit if head else "",
        "base_sha": _sha(environ, "CI_MERGE_REQUEST_DIFF_BASE_SHA"),
        "head_branch": environ.get("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", ""),
        "base_branch": environ.get("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", ""),
        "pr_number": positive_number(environ["CI_MERGE_REQUEST_IID"]),
        "is_fork": not source or source != project,
    }


def _branch(environ: Mapping[str, str]) -> dict[str, Any]:
    """Read a pipeline of a branch or tag; where an open merge request has the branch, it is a pipeline for that one.

    Otherwise a merge request without pipelines of its own would be judged by its own gate file.
    """
    repository, project = _project(environ, "CI_PROJECT_PATH"), environ.get("CI_PROJECT_ID", "")
    listed = environ.get("CI_OPEN_MERGE_REQUESTS", "")
    found = [match for each in listed.split(",") if (match := _OPEN_REQUEST.fullmatch(each.strip()))]
    facts: dict[str, Any] = {
        "on_pull_request": bool(listed),
        "repository": repository,
        "project_id": project if positive_number(project) else "",
        "head_sha": _sha(environ, "CI_COMMIT_SHA"),
        "head_branch": environ.get("CI_COMMIT_BRANCH", ""),
    }
    if len(found) == 1:
        theirs, number = found[0].groups()
        facts |= {"pr_number": int(number), "repository": theirs, "is_fork": theirs != repository}
        facts |= {} if theirs == repository else {"project_id": ""}
    elif listed:
        facts["notes"] = (Message("gitlab.several-merge-requests", count=len(found), flag=Key("--pr")),)
    return facts


def _sha(environ: Mapping[str, str], name: str) -> str:
    return matching(SHA, environ.get(name, ""))


def _project(environ: Mapping[str, str], name: str) -> str:
    return matching(_PROJECT, environ.get(name, ""))
