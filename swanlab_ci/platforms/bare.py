"""What every forge has that cannot do a thing: it does nothing where a job has no files for what it writes."""

from collections.abc import Mapping, Sequence

from swanlab_ci.messages import Language, Message
from swanlab_ci.platforms.base import Annotation, ApiAttempt, Capability, ChangeReader
from swanlab_ci.platforms.context import Context
from swanlab_ci.security.escaping import Safe


class BareForge:
    """The methods of `base.Forge` for a job without outputs, summary, annotations and permissions of its own."""

    capabilities: frozenset[Capability] = frozenset()
    limits: tuple[Message, ...] = ()
    secrets: tuple[str, ...] = ()

    @property
    def changes(self) -> ChangeReader | None:
        """Return that nothing knows the files of a change."""
        return None

    def needed_permissions(self, _attempts: Sequence[ApiAttempt]) -> tuple[str, ...]:
        """Return none: the file of such a job does not say what a token may do."""
        return ()

    def remedy(self, _attempt: ApiAttempt, _context: Context) -> Message | None:
        """Return that nothing is known."""
        return None

    def summary_room(self) -> int | None:
        """Return that any number of bytes may be written."""
        return None

    def append_summary(self, _text: Safe) -> None:
        """Write nothing."""

    def write_outputs(self, _values: Mapping[str, str]) -> None:
        """Write nothing."""

    def annotation_lines(self, _annotations: Sequence[Annotation], _language: Language) -> tuple[Safe, ...]:
        """Return nothing."""
        return ()
