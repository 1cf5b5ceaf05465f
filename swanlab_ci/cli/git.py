"""What git knows of the checkout that a command runs in; nothing that the checkout configures is executed."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping

from swanlab_ci.errors import ConfigurationError
from swanlab_ci.messages import Key, Message, Name

_HASH = re.compile(r"[0-9a-fA-F]{7,64}")
_SECONDS = 10
_NO_REPOSITORY = 128  # git's exit code for everything that it calls fatal
_OPTIONS = (
    "--no-pager",
    *("-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}"),
    *("-c", "safe.bareRepository=explicit"),  # a repository that lies in the checkout as ordinary files is not read
)
_ENVIRONMENT = {  # a partial clone would fetch a commit that is missing, by a program that its own config names
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
}


class _GitError(Exception):
    """Git gave no answer: `message` says why."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message


def commit_of(revision: str, environ: Mapping[str, str], *, flag: str) -> str:
    """Return the hash of the commit that `revision` means in the checkout around the current folder.

    A hash, also an abbreviated one, is returned as it is: its commit need not be in this checkout.

    Raises `ConfigurationError`, which names `flag`: without git, outside a checkout, for a revision that is not known.
    """
    if _HASH.fullmatch(revision):
        return revision.lower()
    try:
        return _resolved(revision, environ)
    except _GitError as error:
        what = Message("git.unresolved", input=Key(flag), revision=Name(revision), reason=error.message)
        raise ConfigurationError(what, Message("git.unresolved-advice")) from None


def head(environ: Mapping[str, str]) -> str:
    """Return the hash of the checkout's current commit, or the empty text where git names none."""
    try:
        return _resolved("HEAD", environ)
    except _GitError:
        return ""


def _resolved(revision: str, environ: Mapping[str, str]) -> str:
    if revision.startswith("-"):
        raise _GitError(Message("git.unknown-revision"))  # git would take it for an option
    named = _ask(environ, "rev-parse", "--verify", "--quiet", revision)
    return _ask(environ, "rev-parse", "--verify", "--quiet", f"{named}^{{commit}}")  # a tag has a hash of its own


def _ask(environ: Mapping[str, str], *arguments: str) -> str:
    program = shutil.which("git", path=environ.get("PATH") or os.defpath)
    if program is None:
        raise _GitError(Message("git.not-installed"))
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and no argument but a revision that is no option
            [program, *_OPTIONS, *arguments],
            env={**environ, **_ENVIRONMENT},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise _GitError(Message("git.failed", reason=Name(type(error).__name__))) from error
    if done.returncode == _NO_REPOSITORY:
        said = done.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
        raise _GitError(Message("git.no-checkout", reason=Name(said.removeprefix("fatal: ").rstrip("."))))
    answer = done.stdout.decode("ascii", "replace").strip()
    if done.returncode != 0 or not _HASH.fullmatch(answer):
        raise _GitError(Message("git.unknown-revision"))
    return answer
