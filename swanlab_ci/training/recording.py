"""`swanlab_ci.record()`: a training writes into the config of its run which code it runs."""

import os
import sys
from typing import Any

from swanlab_ci.messages import Message
from swanlab_ci.platforms.git import Checkout, GitError
from swanlab_ci.runtime.deadline import Deadline
from swanlab_ci.training.origin import PATIENCE, origin_of


def record(*, pr: int | None = None) -> dict[str, Any]:
    """Write `commit`, `git_dirty` and `pr` into the config of the current SwanLab run, and return them.

    Call it after `swanlab.init()`. `commit` is the whole hash of the commit that runs: in a CI job for a pull request
    the head of the pull request, elsewhere the one that is checked out in the current folder. `git_dirty` says whether
    tracked files differ from it. `pr` is the number of the pull request (default: the one of the CI job). What is not
    known is the empty text, so that a resumed run never keeps what an earlier start wrote (swanlab 0.10 sends None as
    an empty mapping).

    Raises `RuntimeError` if there is no current run.
    """
    run = _current_run()
    origin = origin_of(os.environ)
    try:
        is_dirty = Checkout(os.environ, Deadline(PATIENCE)).is_dirty()
    except GitError:
        is_dirty = None
    known = {"commit": origin.commit, "git_dirty": is_dirty, "pr": pr or origin.pr}
    facts = {name: "" if value is None else value for name, value in known.items()}
    run.config.update(facts)
    return facts


def _current_run() -> Any:
    """Return the run; swanlab 0.7 has none where 0.8 and later raise `RuntimeError`."""
    sdk = sys.modules.get("swanlab")  # who has started a run has loaded it
    try:
        run = sdk.get_run() if sdk else None
    except RuntimeError:
        run = None
    if run is None:
        raise RuntimeError(str(Message("record.no-run")))
    return run
