"""The client of a forge's API for all that is read before the verdict: it connects once."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Generic, TypeVar

from swanlab_ci.platforms.context import Context
from swanlab_ci.runtime.deadline import Deadline

if TYPE_CHECKING:  # loads requests, 100 ms
    from swanlab_ci.platforms.api import ForgeApi

Client = TypeVar("Client", bound="ForgeApi")


class Connection(Generic[Client]):
    """Makes a client by `make` when one is needed, and from then on returns the same one with the deadline asked for.

    What is published makes a client of its own: after hours of waiting, nobody knows whether a connection still works,
    and a request that writes is not repeated.
    """

    def __init__(self, make: Callable[[Context, Deadline], Client]) -> None:
        self._make = make
        self._client: Client | None = None

    def __call__(self, context: Context, deadline: Deadline) -> Client:
        """Return the client; its repository and address are those of the first `context`."""
        self._client = self._client or self._make(context, deadline)
        return self._client.until(deadline)
