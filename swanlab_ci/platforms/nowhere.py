"""The forge of a command line: it publishes nothing, and asks git what a change is."""

from collections.abc import Mapping, Sequence

from swanlab_ci.messages import Language, Message
from swanlab_ci.platforms.base import (
    Annotation,
    ApiAttempt,
    BaseFile,
    Capability,
    ChangeReader,
    Links,
    Publication,
    Published,
)
from swanlab_ci.platforms.context import Context
from swanlab_ci.runtime.deadline import Deadline
from swanlab_ci.security.escaping import Safe


class Nowhere:
    """No forge; see `base.Forge` for the methods."""

    capabilities: frozenset[Capability] = frozenset()
    limits: tuple[Message, ...] = ()
    secrets: tuple[str, ...] = ()
    read_advice = Message("forge.run-again")
    needs_base_rules = False

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def find_pull_request(self, context: Context, _deadline: Deadline) -> tuple[Context, ApiAttempt | None]:
        """Return `context` as it is."""
        return context, None

    def base_file(self, _context: Context, path: str, _deadline: Deadline) -> BaseFile:
        """Return that there is no such file."""
        attempt = ApiAttempt(Message("forge.read-base-file", file=path), "contents: read")
        return BaseFile(None, None, attempt, missing=True)

    @property
    def changes(self) -> ChangeReader:
        """Return what asks git about the files of a change."""
        from swanlab_ci.platforms.local_changes import LocalChanges  # noqa: PLC0415 - few checks start git

        return LocalChanges(self._environ)

    def needed_permissions(self, _attempts: Sequence[ApiAttempt]) -> tuple[str, ...]:
        """Return that none is missing."""
        return ()

    def remedy(self, _attempt: ApiAttempt, _context: Context) -> Message | None:
        """Return that nothing is known."""
        return None

    def summary_room(self) -> int | None:
        """Return that any number of bytes may be written."""
        return None

    def links(self, _context: Context) -> Links:
        """Return none."""
        return Links()

    def append_summary(self, _text: Safe) -> None:
        """Write nothing."""

    def write_outputs(self, _values: Mapping[str, str]) -> None:
        """Write nothing."""

    def annotation_lines(self, _annotations: Sequence[Annotation], _language: Language) -> tuple[Safe, ...]:
        """Return nothing."""
        return ()

    def publish(self, _publication: Publication, _context: Context, _deadline: Deadline) -> Published:
        """Write nothing."""
        return Published()
