"""Many checks at once against one SwanLab: each comes to its own verdict."""

import contextlib
import gc
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from support.story import GATES, CommandLine

from swanlab_ci.sandbox import FIXED_COMMIT, PULL_REQUEST_COMMIT

CHECKS = 80
SMOKE = GATES.partition("  - name: Training")[0]  # few runs are in question, so that this is quick


def test_of_eighty_checks_at_once_none_is_wrong(
    command_line: CommandLine, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (workspace / "swanlab-gate.yml").write_text(SMOKE)
    monkeypatch.setattr(
        "swanlab_ci.check.pipeline.ending_in_words", lambda _: contextlib.nullcontext()
    )  # signals: main thread
    commits = [(PULL_REQUEST_COMMIT, FIXED_COMMIT)[number % 2] for number in range(CHECKS)]

    with ThreadPoolExecutor(CHECKS) as pool:
        ended = list(pool.map(lambda commit: command_line("check", "--sha", commit, "--format", "json"), commits))

    for commit, each in zip(commits, ended, strict=True):
        red = commit == PULL_REQUEST_COMMIT
        assert each.code == (1 if red else 0), each.err
        assert [gate["status"] for gate in each.document["gates"]] == ["fail" if red else "pass"]
        assert each.document["commit"] == commit
    assert gc.isenabled()
