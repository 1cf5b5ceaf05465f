"""Where the command line may read: anywhere on a user's own machine, only below the current folder in a CI job."""

from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path

from swanlab_ci.platforms import is_job


def confined_to(parsed: Namespace, environ: Mapping[str, str]) -> Path | None:
    """Return the folder outside which nothing may be read, links followed; None: there is no such limit.

    In a CI job a pull request may have written the checkout, so a link in it must not lead to a secret. Every CI system
    sets `CI`, usually to `true`.
    """
    in_ci = environ.get("CI", "").lower() not in {"", "0", "false"} or is_job(environ)
    return Path.cwd() if parsed.confined or in_ci else None
