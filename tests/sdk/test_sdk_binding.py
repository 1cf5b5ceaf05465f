"""The tables of docs/binding.md, in each language, say what both real SDKs do with each way to bind a run."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from environments import NEW, OLD, Run
from support.repository import Repository

from swanlab_ci import OpenApi, model
from swanlab_ci.sandbox import Sandbox, sample_store
from swanlab_ci.sources.experiments import FetchedExperiment, run_from

ROOT = Path(__file__).parents[2]
MODES = {OLD: "cloud", NEW: "online"}
WORDS = {
    "docs/binding.md": ("used", "ignored", "old commit", "new commit", "no commit"),
    "docs/zh/binding.md": ("生效", "忽略", "旧提交", "新提交", "没有提交"),
}
USED, IGNORED, OLD_COMMIT, NEW_COMMIT, NO_COMMIT = range(5)
FIELDS = ("group", "job", "labels", "description")
VARIABLES = [f"SWANLAB_{name}" for name in ("GROUP", "JOB_TYPE", "TAGS", "DESCRIPTION")]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(sample_store()) as running:
        yield running


@dataclass
class Started:
    """Runs that `bind.py` starts, each with its commit in every variable and in the file of a config."""

    sandbox: Sandbox
    run_sdk: Run
    repository: Repository
    version: str

    def start(self, arguments: str, *run_id: str) -> str:
        """Commit, start or resume a run, and return the commit."""
        commit = self.repository.commit({"train.py": arguments * (1 + len(run_id))})
        file = self.repository.folder.with_name("config.json")
        file.write_text(json.dumps({"file": 1}))
        environ = dict.fromkeys(VARIABLES, commit) | {"SWANLAB_RUN_CONFIG": str(file)}
        done = self.run_sdk(self.version, "bind.py", MODES[self.version], arguments, *run_id, **environ)
        assert done.returncode == 0, done.stdout + done.stderr
        return commit

    def run(self) -> model.Run:
        """Return the newest run as the gates read it."""
        api = OpenApi(environ=self.sandbox.environment())
        listed = max(api.list_experiments("bound", "my-team").unwrap(), key=lambda run: run.createdAt)
        whole = api.get_experiment("bound", listed.cuid, "my-team").unwrap()
        return run_from(FetchedExperiment(whole, whole_profile=True))


@pytest.fixture
def started(sandbox: Sandbox, run_sdk: Run, tmp_path: Path, version: str) -> Started:
    return Started(sandbox, run_sdk, Repository(tmp_path / "work"), version)


def table(page: str, name: str, version: str) -> list[tuple[int, str]]:
    """Return the column of a version: each cell as the number of its word, and its field."""
    text = re.search(rf"<!-- table: {name} -->\n(.*?)<!-- /table -->", (ROOT / page).read_text("utf-8"), re.DOTALL)
    assert text
    head, _, *rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text[1].splitlines()]
    column = head.index(f"swanlab {version}")
    return [(WORDS[page].index(row[column]), row[1].strip("`")) for row in rows]


def values(run: model.Run) -> list[Any]:
    return [run.labels[0] if name == "labels" and run.labels else getattr(run, name) for name in FIELDS]


def used(*, is_used: bool) -> int:
    return USED if is_used else IGNORED


def which(found: Any, old: Any, new: Any) -> int:
    return {old: OLD_COMMIT, new: NEW_COMMIT, "": NO_COMMIT}[found]


def config(run: model.Run) -> Mapping[str, Any]:
    assert run.config is not None
    return run.config


@pytest.mark.parametrize("version", MODES)
def test_both_tables_are_what_the_sdk_does(started: Started, version: str) -> None:
    first = started.start("none")
    alone = started.run()
    second = started.start("none", alone.slug or alone.id)
    resumed = started.run()
    started.start("arguments")
    argued = started.run()

    assert [resumed.id, argued.id != alone.id] == [alone.id, True]
    begun = [
        *(used(is_used=value == first) for value in values(alone)),
        *(used(is_used=value != "mine") for value in values(argued)[:3]),
        *(used(is_used="file" in config(run)) for run in (alone, argued)),
        *(used(is_used=name in config(alone)) for name in ("before", "after")),
    ]
    assert resumed.git is not None
    continued = [
        *(which(value, first, second) for value in values(resumed)[:3]),
        which(resumed.git.commit, first, second),
        *(which(config(resumed)[name], 1, 2) for name in ("before", "after")),
    ]
    fields = [*FIELDS, *FIELDS[:3], *["config"] * 4], [*FIELDS[:3], "git.commit", "config", "config"]
    for page in WORDS:
        assert table(page, "start", version) == list(zip(begun, fields[0], strict=True))
        assert table(page, "resume", version) == list(zip(continued, fields[1], strict=True))
