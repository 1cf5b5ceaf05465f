"""What holds for all tests: no one fails because the machine is busy, or because of how pytest was started."""

import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings

pytest.register_assert_rewrite("support")

from support.github_double import GitHubDouble  # noqa: E402 - its asserts are rewritten first
from support.golden import Golden  # noqa: E402 - same

# A shell starts background processes with these ignored, and all that the tests start would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGQUIT, signal.SIG_DFL)

settings.register_profile("untimed", parent=settings(), deadline=None)
settings.load_profile("untimed")
settings.register_profile("quick", parent=settings.get_profile("untimed"), max_examples=10)  # `make test-fast`

GOLDEN = pytest.StashKey[Golden]()
UNUSED = pytest.StashKey[list[str]]()


def pytest_xdist_auto_num_workers() -> int:
    """Start three processes for two cores: many tests wait for a server that fails as they want it to."""
    return max(2, (os.cpu_count() or 1) * 3 // 2)


@pytest.fixture
def github() -> Iterator[GitHubDouble]:
    """Yield a GitHub that was asked and answered only what the real one describes."""
    with GitHubDouble() as double:
        yield double
    assert double.violations == []


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Compare a text with a file: `golden("terminal.zh.txt", text)`; `pytest --renew-golden` writes the file."""
    return request.config.stash[GOLDEN]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--renew-golden", action="store_true", help="write the golden files of the tests that run")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[GOLDEN] = Golden(renew=config.getoption("--renew-golden"))


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a whole run that leaves a golden file unused; a worker of pytest-xdist reports what it used."""
    config = session.config
    used = config.stash[GOLDEN].used
    if (output := getattr(config, "workeroutput", None)) is not None:
        output["golden"] = sorted(used)
    elif is_whole(config) and session.exitstatus == pytest.ExitCode.OK:
        config.stash[UNUSED] = config.stash[GOLDEN].unused(used)
        if config.stash[UNUSED]:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)  # it is pytest-xdist's
def pytest_testnodedown(node: Any) -> None:
    node.config.stash[GOLDEN].used.update(getattr(node, "workeroutput", {}).get("golden", ()))


def is_whole(config: pytest.Config) -> bool:
    """Return whether every test was asked for."""
    narrowed = any(config.getoption(name, None) for name in ("keyword", "markexpr", "lf", "deselect", "collectonly"))
    return config.args_source is pytest.Config.ArgsSource.TESTPATHS and not narrowed


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for name in config.stash.get(UNUSED, []):
        terminalreporter.write_line(f"ERROR tests/golden/{name} is used by no test: delete it", red=True)
