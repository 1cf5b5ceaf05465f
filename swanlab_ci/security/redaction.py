"""Redaction: the run's secrets are replaced in everything that leaves the program."""

from collections.abc import Iterable, Iterator
from os.path import commonprefix

_SHORTEST_SECRET = 8


class Redactor:
    """Replaces the run's secrets by `***` in everything that leaves the program, after it is rendered.

    A text that was cut before, such as a quoted value or a server's error, may contain only the beginning of a secret:
    its first eight characters, and all that follows as in the secret, are replaced too.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._secrets: set[str] = set()
        for secret in secrets:
            self.add(secret)

    def add(self, secret: str) -> None:
        """Replace `secret` from now on; one of fewer than eight characters is ignored, as it could be any word."""
        if len(secret) >= _SHORTEST_SECRET:
            self._secrets.add(secret)

    def __call__(self, text: str) -> str:
        """Return `text` without the secrets."""
        parts: list[str] = []
        end = 0
        for start, stop in sorted(span for secret in self._secrets for span in _spans(secret, text)):
            if start >= end:
                parts += text[end:start], "***"
            end = max(end, stop)
        return "".join([*parts, text[end:]])


def _spans(secret: str, text: str) -> Iterator[tuple[int, int]]:
    """Yield where `text` contains the beginning of `secret`, as far as they are alike."""
    start = text.find(secret[:_SHORTEST_SECRET])
    while start >= 0:
        alike = commonprefix((secret, text[start : start + len(secret)]))  # noqa: RUF071 - of characters, not of paths
        yield start, start + len(alike)
        start = text.find(secret[:_SHORTEST_SECRET], start + 1)
