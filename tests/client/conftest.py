"""Servers and clients for the client's tests; nothing of the machine's own settings gets in."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from swanlab_ci import OpenApi
from swanlab_ci.client import protocol
from swanlab_ci.sandbox import Sandbox, Store


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NETRC"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "_FIRST_PAUSE", 0.001)


@pytest.fixture
def serve() -> Iterator[Callable[[Store], Sandbox]]:
    running: list[Sandbox] = []

    def start(store: Store) -> Sandbox:
        running.append(Sandbox(store).start())
        return running[-1]

    yield start
    for sandbox in running:
        sandbox.stop()


@pytest.fixture
def connect() -> Callable[..., OpenApi]:
    def make(sandbox: Sandbox, **options: Any) -> OpenApi:
        return OpenApi(sandbox.api_key, host=sandbox.url, environ={}, **options)

    return make
