"""The context of a run in Gitea Actions or Forgejo Actions, which set GitHub's variables beside their own."""

from collections.abc import Mapping
from dataclasses import replace

from swanlab_ci.platforms.context import Context
from swanlab_ci.platforms.github import events
from swanlab_ci.platforms.payload import positive_number

_FORGEJO = "FORGEJO_ACTIONS"
_RUNNERS = ("GITEA_ACTIONS", _FORGEJO)


def is_job(environ: Mapping[str, str]) -> bool:
    """Return whether this is a job of one of the two."""
    return events.is_job(environ) and any(environ.get(name) == "true" for name in _RUNNERS)


def read_context(environ: Mapping[str, str]) -> Context:
    """Read the context as of GitHub Actions; the payloads of events are GitHub's.

    Forgejo numbers the pages of runs by repository (`GITHUB_RUN_NUMBER`), Gitea since 1.26 by their ids. An attempt has
    no page. There is no GraphQL.
    """
    context = events.read_context(environ)
    is_forgejo = environ.get(_FORGEJO) == "true"
    number = environ.get("GITHUB_RUN_NUMBER" if is_forgejo else "GITHUB_RUN_ID", "")
    address = f"{context.server_url}/{context.repository}/actions/runs/{positive_number(number)}"
    complete = context.server_url and context.repository and positive_number(number)
    ci = "forgejo" if is_forgejo else "gitea"
    return replace(context, ci=ci, graphql_url="", run_url=address if complete else "")
