"""Where two commits differ, by all files of both: for every forge that gives the files of a commit with their modes."""

from swanlab_ci.platforms.base import ApiAttempt
from swanlab_ci.platforms.changes import CommitDifference, Tree, differences
from swanlab_ci.platforms.context import Context
from swanlab_ci.runtime.deadline import Deadline


class TreeChanges:
    """Compares trees, each asked for once; a subclass says what it asks."""

    def __init__(self) -> None:
        self._trees: dict[str, Tree] = {}

    def tree(self, _context: Context, _commit: str, _deadline: Deadline) -> tuple[Tree | None, ApiAttempt]:
        """Return all files of a commit, a full hash."""
        raise NotImplementedError

    def difference(
        self, context: Context, old: str, new: str, deadline: Deadline
    ) -> tuple[CommitDifference | None, tuple[ApiAttempt, ...]]:
        """Compare the trees of two commits."""
        attempts: list[ApiAttempt] = []
        for commit in (old, new):
            if commit in self._trees:
                continue
            found, attempt = self.tree(context, commit, deadline)
            attempts.append(attempt)
            if found is None:
                return None, tuple(attempts)
            self._trees[commit] = found
        before, after = self._trees[old], self._trees[new]
        return CommitDifference(tuple(differences(before, after)), before, after), tuple(attempts)
