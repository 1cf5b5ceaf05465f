"""The code that a training runs: its commit, and the pull request that it belongs to."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from swanlab_ci.messages import Message, Name
from swanlab_ci.platforms import read_context
from swanlab_ci.platforms.git import Checkout, GitError
from swanlab_ci.runtime.deadline import Deadline

PATIENCE = 10.0  # seconds for git
VARIABLES = ("SWANLAB_GROUP", "SWANLAB_JOB_TYPE", "SWANLAB_TAGS")
"""The variables by which both SDKs put a value on a run, each at another place; SwanLab filters by all three."""


@dataclass(frozen=True, slots=True)
class Origin:
    """`commit` is empty and `pr` None where they are not known; `notes` say what is doubtful about them."""

    commit: str = ""
    pr: int | None = None
    notes: tuple[Message, ...] = ()


def origin_of(environ: Mapping[str, str]) -> Origin:
    """Return the origin of a training that starts in the current folder.

    In a CI job it is the change that the job is about: the head of the pull request, also where the merge commit is
    checked out. If another commit is checked out, such as the base branch's, the training is not evidence for the
    change, and the commit is that one. Outside of a CI job git alone counts.
    """
    context, checkout = read_context(environ), Checkout(environ, Deadline(PATIENCE))
    try:
        head = checkout.commit("HEAD")
    except GitError:
        head = ""
    if not context.pr_commits:
        return _of_checkout(head, checkout)
    claimed = context.pr_commits[0]
    if head and head not in context.pr_commits:
        note = Message("exec.other-commit", commit=Name(head[:7]), event=Name(claimed[:7]))
        return Origin(head, context.pr_number, (note,))
    return Origin(claimed, context.pr_number)


def chosen(found: Origin, *, commit: str, pr: int | None) -> Origin:
    """Return `found` with what the user says of it; an empty text and None say nothing."""
    if commit:
        found = replace(found, commit=commit, notes=())
    return replace(found, pr=pr or found.pr)


def variables(origin: Origin, environ: Mapping[str, str]) -> dict[str, str]:
    """Return what to set for a training: those of `VARIABLES` that are unset or empty, if a commit is known."""
    return {name: origin.commit for name in VARIABLES if origin.commit and not environ.get(name)}


def _of_checkout(head: str, checkout: Checkout) -> Origin:
    if not head:
        return Origin(notes=(Message("exec.no-commit"),))
    try:
        is_dirty = checkout.is_dirty()
    except GitError:
        is_dirty = False
    return Origin(head, notes=(Message("exec.dirty", commit=Name(head[:7])),) if is_dirty else ())
