"""The runs that a baseline may have for one gate or group: the others."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from swanlab_ci.gate.spec.fields import Field
from swanlab_ci.gate.spec.values import identity
from swanlab_ci.model import Run


@dataclass(frozen=True, slots=True)
class Others:
    """The runs that a baseline may have: none that is `tested`, by id or slug, and with `by` only those of one group.

    A run of a folder may have been uploaded, and then has its id as the slug. `value` is the identity of the group's
    value.
    """

    tested: Collection[str]
    by: Field | None
    value: object
    now: datetime

    def __call__(self, run: Run) -> bool:
        """Tell whether `run` is one of them."""
        if self.by is None:
            return self.of_any_group(run)
        group = group_of(self.by, run, self.now)  # pragma: no mutate - what sorts runs does not change with time
        return self.of_any_group(run) and group == self.value

    def of_any_group(self, run: Run) -> bool:
        """Tell whether `run` is not under test."""
        return run.id not in self.tested and run.slug not in self.tested


def group_of(by: Field, run: Run, now: datetime) -> object:
    """Return what the runs of one group have in common."""
    return identity(by.read(run, now).value)  # pragma: no mutate - what sorts runs does not change with time
