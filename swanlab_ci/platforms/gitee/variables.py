"""The context of a run for a repository on Gitee or GitCode, which any CI can check: Gitee Go, Jenkins, pipelines.

The job names the repository by its address in `SWANLAB_CI_REPOSITORY`. What a CI says by itself is taken from there:
Gitee Go's parameters ("参数设置", help.gitee.com), and the variables of Jenkins and its Gitee plugin.
"""

import re
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from swanlab_ci.messages import Key, Message
from swanlab_ci.platforms.context import Context
from swanlab_ci.platforms.payload import REPOSITORY, SHA, matching, positive_number

ADDRESS = "SWANLAB_CI_REPOSITORY"
_GITCODE = "gitcode.com"
_API = "/api/v5"
_GITCODE_API = f"https://api.{_GITCODE}{_API}"
_PULL = ("GITEE_PULL_ID", "giteePullRequestIid")
_HEAD = ("GITEE_SOURCE_COMMIT", "giteePullRequestLastCommit")
_COMMIT = ("GITEE_COMMIT", "GIT_COMMIT")  # without a pull request; with one, Gitee Go's is the target branch's
_RUN = ("GITEE_PIPELINE_BUILD_NUMBER", "BUILD_NUMBER")
_ACTOR = ("GITEE_PIPELINE_TRIGGER_USER", "giteeUserName")


def is_job(environ: Mapping[str, str]) -> bool:
    """Return whether the job names a repository."""
    return bool(environ.get(ADDRESS))


def read_context(environ: Mapping[str, str]) -> Context:
    """Read the context from `environ`; never raises, `notes` say what is missing."""
    server, repository = _split(environ.get(ADDRESS, ""))
    is_gitcode = urlsplit(server).hostname == _GITCODE
    pull = positive_number(_first(environ, _PULL))
    head = matching(SHA, _first(environ, _HEAD if pull else _COMMIT))
    return Context(
        ci="gitcode" if is_gitcode else "gitee",
        event="pull_request" if pull else "push",
        on_pull_request=pull is not None,
        repository=repository,
        head_sha=head,
        pr_commits=(head,) if head else (),
        pr_number=pull,
        actor=_first(environ, _ACTOR),
        run_id=positive_number(_first(environ, _RUN)),
        workspace=environ.get("WORKSPACE", ""),
        api_url=_GITCODE_API if is_gitcode else f"{server}{_API}" if server else "",
        server_url=server,
        run_url=environ.get("BUILD_URL", ""),
        notes=() if repository else (Message("gitee.no-repository", variable=Key(ADDRESS)),),
    )


def cannot_notify(environ: Mapping[str, str]) -> Message:
    """Return that the API describes nothing that starts a job."""
    is_gitcode = read_context(environ).ci == "gitcode"
    return Message("gitee.cannot-notify", forge=Message("gitee.gitcode" if is_gitcode else "gitee.name"))


def _split(address: str) -> tuple[str, str]:
    """Split `https://host/prefix/owner/name` into the server's address and `owner/name`; both empty if it is wrong."""
    found = re.fullmatch(r"(https?://[^\s/?#@]+(?:/[^\s?#]+?)?)/([^/\s?#]+/[^/\s?#]+?)(?:\.git)?/?", address.strip())
    repository = matching(REPOSITORY, found[2]) if found else ""
    climbs = {".", ".."} & set(repository.split("/"))
    return (found[1], repository) if found and repository and not climbs else ("", "")


def _first(environ: Mapping[str, str], names: Iterable[str]) -> str:
    return next((value for name in names if (value := environ.get(name, "").strip())), "")
