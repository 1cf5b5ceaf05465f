"""The forge of a command line: it publishes nothing, and asks git what a change is."""

from collections.abc import Mapping

from swanlab_ci.messages import Message
from swanlab_ci.platforms.bare import BareForge
from swanlab_ci.platforms.base import ApiAttempt, BaseFile, ChangeReader, Links, Publication, Published
from swanlab_ci.platforms.context import Context
from swanlab_ci.runtime.deadline import Deadline


class Nowhere(BareForge):
    """No forge; see `base.Forge` for the methods."""

    read_advice = Message("forge.run-again")
    needs_base_rules = False

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def find_pull_request(self, context: Context, _path: str, _deadline: Deadline) -> tuple[Context, ApiAttempt | None]:
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

    def links(self, _context: Context) -> Links:
        """Return none."""
        return Links()

    def publish(self, _publication: Publication, _context: Context, _deadline: Deadline) -> Published:
        """Write nothing."""
        return Published()
