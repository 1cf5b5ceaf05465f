"""The commits that a command line names by a revision, such as a branch."""

import re
from collections.abc import Mapping

from swanlab_ci.errors import ConfigurationError
from swanlab_ci.messages import Key, Message, Name
from swanlab_ci.platforms.git import Checkout, GitError
from swanlab_ci.runtime.deadline import Deadline

_WHOLE_HASH = re.compile(r"[0-9a-fA-F]{40}(?:[0-9a-fA-F]{24})?")
_HASH = re.compile(r"[0-9a-fA-F]{7,64}")
_SECONDS = 10


def commit_of(revision: str, environ: Mapping[str, str], *, flag: str) -> str:
    """Return the hash of the commit that `revision` means in the checkout around the current folder.

    A hash need not be of this checkout: a whole one is returned as it is, and one that git does not know, too.

    Raises `ConfigurationError`, which names `flag`: without git, outside a checkout, for a revision that is not known.
    """
    if _WHOLE_HASH.fullmatch(revision):
        return revision.lower()
    try:
        return _looked_up(revision, environ, flag=flag)
    except ConfigurationError:
        if _HASH.fullmatch(revision):
            return revision.lower()
        raise


def _looked_up(revision: str, environ: Mapping[str, str], *, flag: str) -> str:
    checkout = Checkout(environ, Deadline(_SECONDS))
    try:
        return checkout.commit(revision)
    except GitError as error:
        what = Message("git.unresolved", input=Key(flag), revision=Name(revision), reason=error.why)
        unknown = error.why.id == "git.unknown-revision"
        advice = _where_to_get_it(checkout) if unknown else Message("git.unresolved-advice")
        raise ConfigurationError(what, advice) from None


def _where_to_get_it(checkout: Checkout) -> Message:
    try:
        is_shallow = checkout.is_shallow()
    except GitError:
        is_shallow = False
    return Message("git.shallow-advice") if is_shallow else Message("git.unknown-revision-advice")


def whole_commit_of(revision: str, environ: Mapping[str, str], *, flag: str) -> str:
    """Return the whole hash of the commit that `revision` means; a whole hash need not be in this checkout.

    Raises as `commit_of` does, also for an abbreviated hash that is not known.
    """
    if _WHOLE_HASH.fullmatch(revision):
        return revision.lower()
    return _looked_up(revision, environ, flag=flag)


def is_uncommitted(file: str, environ: Mapping[str, str]) -> bool:
    """Tell whether git has never been given `file`; False where git cannot say."""
    try:
        return not Checkout(environ, Deadline(_SECONDS)).has_file(file)
    except GitError:
        return False


def head(environ: Mapping[str, str]) -> str | Message:
    """Return the hash of the checkout's current commit, or why git names none."""
    try:
        return Checkout(environ, Deadline(_SECONDS)).commit("HEAD")
    except GitError as error:
        return Message("git.no-head", reason=error.why)
