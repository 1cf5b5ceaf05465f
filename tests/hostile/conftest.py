"""A runner, a GitHub and a SwanLab with one run, for each test; one judgement of all hostile texts, for all tests."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from everywhere import Left, judged
from one_run import GATE, Act, a_run, put
from support.github_double import GitHubDouble
from support.runner import Runner, pull_request, read_commands
from support.sample import sample
from support.story import Ended

from swanlab_ci.sandbox import Sandbox


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(sample()) as serving:
        put(serving, a_run(1, "fine"))
        yield serving


@pytest.fixture
def runner(github: GitHubDouble, tmp_path: Path) -> Runner:
    return Runner(tmp_path / "job", github, event=pull_request("a" * 40))


@pytest.fixture
def act(runner: Runner, sandbox: Sandbox) -> Act:
    """Run the action with a gate file; its log holds no command but ours, and nothing has passed but by exit code 0."""
    return acting(runner, runner.run, sandbox)


@pytest.fixture
def call(runner: Runner, sandbox: Sandbox) -> Act:
    """Call the action in this process, which is quicker, for more of what an entry shows by a whole process."""
    return acting(runner, runner.check, sandbox)


def acting(runner: Runner, start: Callable[[Mapping[str, str]], Ended], sandbox: Sandbox) -> Act:
    def acted(gates: str = GATE, **inputs: str) -> Ended:
        (runner.workspace / "swanlab-gate.yml").write_text(gates)
        given = {"api-key": sandbox.api_key, "host": sandbox.url, "timeout": "5s"}
        ended = start(given | {name.replace("_", "-"): value for name, value in inputs.items()})
        commands = {*read_commands(ended.out), *read_commands(ended.err)}
        assert commands <= {"add-mask", "error", "warning", "notice"}
        assert runner.outputs["passed"] == ("true" if ended.code == 0 else "false")
        assert "Traceback" not in ended.out + ended.err
        return ended

    return acted


@pytest.fixture(scope="session")
def left(tmp_path_factory: pytest.TempPathFactory) -> Left:
    return judged(tmp_path_factory.mktemp("job"))
