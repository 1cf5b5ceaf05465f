"""Several projects as one source: what is marked, what is fetched again, and what a failure is."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from swanlab_ci.errors import ConfigurationError, InterruptionError, SwanlabCiError, TimeLimitError, UnavailableError
from swanlab_ci.judgement import OtherProject
from swanlab_ci.messages import Message
from swanlab_ci.model import OWN, Run, RunOrigin
from swanlab_ci.runtime.deadline import Deadline
from swanlab_ci.sources.base import Described
from swanlab_ci.sources.several import SeveralSources

NOW = datetime(2026, 11, 20, tzinfo=UTC)
THEIRS = RunOrigin("their/net")


class Source:
    """A source of one run that counts what it is asked; with `fails`, it raises."""

    def __init__(self, name: str, fails: SwanlabCiError | None = None) -> None:
        self.project, self.project_url = f"{name}/net", f"https://swanlab.cn/@{name}/net"
        self.others: tuple[OtherProject, ...] = ()
        self.run = Run(id=name, name=name, state="RUNNING")
        self.fails = fails
        self.asked: list[tuple[str, ...]] = []

    def fetch(self, _now: datetime) -> tuple[Run, ...]:
        if self.fails:
            raise self.fails
        return (self.run,)

    def refresh(self, runs: Sequence[Run], ids: Collection[str], _now: datetime) -> tuple[Run, ...]:
        assert {run.origin for run in runs} == {OWN}
        self.asked.append(tuple(ids))
        return tuple(replace(run, state="FINISHED") for run in runs)

    def describe(self, profiles: Sequence[Run], summaries: Sequence[Run], _deadline: Deadline) -> Described:
        self.asked.append(tuple(run.id for run in (*profiles, *summaries)))
        return Described(runs=tuple(replace(run, origin=OWN) for run in profiles), failures=(Message("a"),))

    def curves(self, runs: Sequence[Run], keys: Sequence[str], _deadline: Deadline) -> Described:
        return Described(curves={run.id: dict.fromkeys(keys, ((0, 1.0),)) for run in runs})


def test_each_run_is_marked_with_where_it_is_from() -> None:
    source = SeveralSources("me/net", Source("me"), {THEIRS: Source("their")})

    assert [(run.id, run.origin) for run in source.fetch(NOW)] == [("me", OWN), ("their", THEIRS)]
    assert source.others == (OtherProject(THEIRS, "their/net", "https://swanlab.cn/@their/net", 1),)
    assert (source.project, source.project_url) == ("me/net", "https://swanlab.cn/@me/net")


@pytest.mark.parametrize("error", [UnavailableError, ConfigurationError])
def test_another_project_that_cannot_be_read_is_said_and_the_rest_is_fetched(error: type[SwanlabCiError]) -> None:
    theirs = Source("their", error(Message("what"), Message("advice")))
    source = SeveralSources("me/net", Source("me"), {THEIRS: theirs})

    assert [run.id for run in source.fetch(NOW)] == ["me"]
    assert source.others[0].failure == Message("check.stopped", what=Message("what"), advice=Message("advice"))
    theirs.fails = None
    assert [run.id for run in source.fetch(NOW)] == ["me", "their"]
    assert source.others[0].failure is None


@pytest.mark.parametrize("error", [TimeLimitError, InterruptionError])
def test_the_end_of_the_time_is_no_matter_of_one_project(error: type[SwanlabCiError]) -> None:
    source = SeveralSources("me/net", Source("me"), {THEIRS: Source("their", error(Message("what")))})

    with pytest.raises(error):
        source.fetch(NOW)


def test_what_goes_wrong_in_the_own_project_ends_the_check() -> None:
    source = SeveralSources("me/net", Source("me", UnavailableError(Message("what"))), {THEIRS: Source("their")})

    with pytest.raises(UnavailableError):
        source.fetch(NOW)


def test_only_the_projects_of_open_runs_are_asked_again() -> None:
    mine, theirs = Source("me"), Source("their")
    source = SeveralSources("me/net", mine, {THEIRS: theirs})

    fresh = source.refresh(source.fetch(NOW), {"their"}, NOW)

    assert (mine.asked, theirs.asked) == ([], [("their",)])
    assert [(run.state, run.origin) for run in fresh] == [("RUNNING", OWN), ("FINISHED", THEIRS)]


def test_each_project_describes_its_own_runs() -> None:
    mine, theirs = Source("me"), Source("their")
    source = SeveralSources("me/net", mine, {THEIRS: theirs})
    runs = source.fetch(NOW)

    described = source.describe(runs, (), Deadline(1))
    drawn = source.curves(runs, ["acc"], Deadline(1))

    assert (mine.asked, theirs.asked) == ([("me",)], [("their",)])
    assert [(run.id, run.origin) for run in described.runs] == [("me", OWN), ("their", THEIRS)]
    assert len(described.failures) == 2
    assert drawn.curves.keys() == {"me", "their"}


def test_a_project_that_no_gate_reads_is_not_fetched() -> None:
    source = SeveralSources("me/net", None, {THEIRS: Source("their")})

    assert [run.id for run in source.fetch(NOW)] == ["their"]
    assert source.project_url == ""
