"""What holds for all tests: none fails because the machine was busy, or because of how pytest was started."""

import signal
from collections.abc import Iterator

import pytest
from hypothesis import settings
from support.github_double import GitHubDouble

# A shell starts what it puts into the background deaf to Ctrl-C, and so would be all that the tests start.
signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("untimed", parent=settings(), deadline=None)
settings.load_profile("untimed")


@pytest.fixture
def github() -> Iterator[GitHubDouble]:
    """Yield a GitHub that was asked and answered only what the real one describes."""
    with GitHubDouble() as double:
        yield double
    assert double.violations == []
