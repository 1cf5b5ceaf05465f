"""What an error says, by id and parameters: for `pytest.raises(…, check=says("client.no-list"))`."""

from collections.abc import Callable

from swanlab_ci.errors import SwanlabCiError
from swanlab_ci.messages import Message, Param

ANYTHING = Message("client.check-host")  # for errors that a test's double raises


def find(message: Message | None, id_: str) -> Message | None:
    """Return the message with this id in `message`, itself or at any depth."""
    return next((each for each in message.within() if each.id == id_), None) if message else None


def says(id_: str, /, **params: Param) -> Callable[[SwanlabCiError], bool]:
    """Return a check that an error, or its advice, holds a message with this id and these parameters."""

    def check(error: SwanlabCiError) -> bool:
        found = find(error.what, id_) or find(error.advice, id_)
        assert found, f"{id_} is not in {error.what!r}, {error.advice!r}"
        assert {name: found.params.get(name) for name in params} == params
        return True

    return check
