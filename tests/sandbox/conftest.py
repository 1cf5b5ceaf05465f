"""A sandbox with the sample as of a fixed moment, and a session that is signed in to it."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from signed_in import Api
from support.sample import sample

from swanlab_ci.sandbox import Sandbox, Store

MOMENT = datetime(2026, 9, 1, 12, tzinfo=UTC)


@pytest.fixture
def store() -> Store:
    return sample(MOMENT)


@pytest.fixture
def sandbox(store: Store) -> Iterator[Sandbox]:
    with Sandbox(store) as running:
        yield running


@pytest.fixture
def api(sandbox: Sandbox) -> Iterator[Api]:
    signed_in = Api(sandbox, sandbox.api_key)
    with signed_in.session:
        yield signed_in
