from datetime import UTC, datetime
from typing import Any

import pytest

from swanlab_ci.client.types import Experiment
from swanlab_ci.model import Git, Run
from swanlab_ci.sources.experiments import FetchedExperiment, run_from

BARE = {"cuid": "c1", "name": "first", "state": "FINISHED"}
SHA = "0123456789abcdef0123456789abcdef01234567"


def run(*, whole_profile: bool = False, summary: Any = None, **sent: Any) -> Run:
    experiment = Experiment.read(BARE | sent)
    return run_from(FetchedExperiment(experiment, whole_profile=whole_profile, summary=summary))


def profiled(**parts: Any) -> Run:
    return run(whole_profile=True, profile=parts)


def test_what_swanlab_says_is_carried_over() -> None:
    found = run(
        slug="s",
        description="d",
        show=False,
        cluster="sweep",
        job="train",
        labels=[{"name": "eval", "colors": []}, "smoke"],
        user={"username": "ada", "name": "Ada"},
        createdAt="2026-11-23T12:28:04.286Z",
        finishedAt="2026-11-23T13:28:04.286+08:00",
    )

    assert (found.id, found.name, found.state, found.slug, found.description) == ("c1", "first", "FINISHED", "s", "d")
    assert (found.show, found.group, found.job, found.labels) == (False, "sweep", "train", ("eval", "smoke"))
    assert (found.user_username, found.user_name) == ("ada", "Ada")
    assert found.created_at == datetime(2026, 11, 23, 12, 28, 4, 286_000, UTC)
    assert found.finished_at == datetime(2026, 11, 23, 5, 28, 4, 286_000, UTC)


@pytest.mark.parametrize("text", [None, "", "yesterday"])
def test_a_time_that_is_none_is_unknown(text: str | None) -> None:
    assert run(finishedAt=text).finished_at is None


def test_a_time_without_a_zone_is_utc() -> None:
    assert run(createdAt="2026-11-23T12:00:00").created_at == datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wire", "config"),
    [
        ({"lr": {"value": 0.1, "desc": "", "sort": 0}}, {"lr": 0.1}),
        ({"lr": {"value": 0.1}}, {"lr": 0.1}),
        ({"lr": 0.1}, {"lr": 0.1}),
        ({"opt": {"value": {"value": 1}, "desc": "", "sort": 0}}, {"opt": {"value": 1}}),
        ({"opt": {"value": {"a": {"value": 1}}, "desc": "", "sort": 0}}, {"opt": {"a": {"value": 1}}}),
        ({"opt": {"value": 1, "other": 2}}, {"opt": {"value": 1, "other": 2}}),
        ({"opt": {"desc": "x", "sort": 1}}, {"opt": {"desc": "x", "sort": 1}}),
        ({"lr": {"value": None, "desc": "", "sort": 0}}, {"lr": None}),
        ({"l": [1, {"value": 2}]}, {"l": [1, {"value": 2}]}),
        (None, {}),
        ("text", {}),
    ],
)
def test_a_config_is_unwrapped_once_and_only_what_was_wrapped(wire: Any, config: Any) -> None:
    assert run(profile={"config": wire}).config == config


def test_what_a_list_does_not_tell_counts_as_not_fetched() -> None:
    found = run(profile={"config": {}})

    assert (found.metadata, found.requirements, found.conda, found.git, found.metrics) == (None,) * 5


def test_what_a_whole_profile_lacks_counts_as_empty() -> None:
    found = profiled(metadata=None)

    assert (found.metadata, found.requirements, found.conda, found.git) == ({}, {}, "", Git())


@pytest.mark.parametrize(
    ("metadata", "git"),
    [
        (
            {"git_remote": "https://github.com/a/b", "git_info": ["main", SHA]},
            Git(SHA, "main", "https://github.com/a/b"),
        ),
        ({"git_remote": "https://github.com/a/b", "git_info": ["", None]}, Git("", "", "https://github.com/a/b")),
        ({"git_remote": None, "git_info": [None, None]}, Git()),
        ({"git_remote": None, "git_info": None}, Git()),
        ({"git_info": ["main"]}, Git()),
        ({"git_info": "main"}, Git()),
        ({"_version": 2, "git": {"remote_url": "u", "branch": "", "commit": SHA}}, Git(SHA, "", "u")),
        ({"_version": 2, "git": {"remote_url": None, "branch": None, "commit": None}}, Git()),
        ({"_version": 2, "git": None}, Git()),
        ({"git": "main"}, Git()),
        ({}, Git()),
    ],
)
def test_the_commit_is_found_in_what_either_sdk_recorded(metadata: Any, git: Git) -> None:
    assert profiled(metadata=metadata).git == git


@pytest.mark.parametrize(
    ("line", "versions"),
    [
        ("torch==2.5.1", {"torch": "2.5.1"}),
        ("PyYAML==6.0.2", {"pyyaml": "6.0.2"}),
        ("ruamel.yaml_clib == 0.2", {"ruamel-yaml-clib": "0.2"}),
        ("odd===1.0-weird", {"odd": "1.0-weird"}),
        ("pkg[extra]==1.0", {"pkg": "1.0"}),
        ("pkg==1.0 ; python_version > '3.8'", {"pkg": "1.0"}),
        ("pkg==1.0; python_version > '3.8'", {"pkg": "1.0"}),
        ("mine @ file:///src/mine", {"mine": "file:///src/mine"}),
        ("mine@git+https://example.com/x.git@abc", {"mine": "git+https://example.com/x.git@abc"}),
        ("numpy          2.1.3", {"numpy": "2.1.3"}),
        ("Package        Version", {}),
        ("-------------- -------", {}),
        ("# a comment", {}),
        ("", {}),
        ("torch>=2", {}),
        ("pkg[a,b] 1.0", {"pkg": "1.0"}),
        ("pkg[extra]1.0", {}),
        ("a" + " " * 300_000 + "!", {}),
        ("a" * 300_000 + "!", {}),
        ("a" + "[" * 300_000 + "!", {}),
    ],
)
def test_a_line_of_requirements_gives_the_installed_version(line: str, versions: dict[str, str]) -> None:
    assert profiled(requirements=line).requirements == versions


def test_requirements_are_read_line_by_line() -> None:
    assert profiled(requirements="a==1\r\nb==2\n").requirements == {"a": "1", "b": "2"}


def test_requirements_that_are_no_text_are_none() -> None:
    assert profiled(requirements=["a==1"]).requirements == {}


def test_a_summary_becomes_readings() -> None:
    point = {"step": 4, "value": 0.2}
    summary = {
        "loss": {**point, "min": point, "max": {"step": 0, "value": 1.0}, "avg": 0.5, "median": 0.4, "stdDev": 0.1}
    }

    assert run(summary=summary).metrics == {
        "loss": {
            "last": 0.2,
            "step": 4,
            "min": 0.2,
            "min.step": 4,
            "max": 1.0,
            "max.step": 0,
            "mean": 0.5,
            "median": 0.4,
            "stdev": 0.1,
        }
    }


@pytest.mark.parametrize(
    ("extreme", "known"),
    [
        ({"index": 3, "data": 0.5}, {"max": 0.5, "max.step": 3}),  # as an older answer spells it
        ({"step": 3, "value": "NaN"}, {"max": "NaN", "max.step": "NaN"}),  # of a metric without a finite value
        ({"step": 3, "value": None}, {"max": None}),
        ({"value": 0.5}, {"max": 0.5}),
        (0.5, {"max": 0.5}),
    ],
)
def test_an_extreme_has_its_step_where_there_is_an_extreme(extreme: Any, known: dict[str, Any]) -> None:
    assert run(summary={"acc": {"max": extreme}}).metrics == {"acc": known}


@pytest.mark.parametrize("value", ["NaN", "INF", "-INF", None])
def test_a_reading_that_is_no_number_stays_what_it_is(value: Any) -> None:
    found = run(summary={"acc": {"step": 1, "value": value}}).metrics

    assert found == {"acc": {"last": value, "step": 1}}


def test_a_run_without_metrics_is_not_one_whose_metrics_were_not_asked_for() -> None:
    assert run(summary={}).metrics == {}
    assert run(summary=None).metrics is None


def test_the_address_of_a_run_is_built_from_the_projects() -> None:
    sent = FetchedExperiment(Experiment.read(BARE | {"cuid": "a/../b"}))

    assert run_from(sent, project_url="https://swanlab.cn/@t/p").url == "https://swanlab.cn/@t/p/runs/a%2F..%2Fb/chart"
    assert run_from(sent).url == ""


@pytest.mark.parametrize("field", ["labels", "profile"])
def test_what_the_server_sends_as_null_was_not_fetched(field: str) -> None:
    found = run(whole_profile=True, **{"labels": [], "profile": {}, field: None})

    assert (found.labels is None, found.config is None) == (field == "labels", field == "profile")
    assert (found.metadata is None, found.conda is None) == (field == "profile", field == "profile")


@pytest.mark.parametrize("name", [7, ["x"], {"a": 1}, True])
def test_a_name_of_a_person_that_is_no_text_is_none(name: Any) -> None:
    found = run(user={"name": name, "username": name})

    assert (found.user_name, found.user_username) == (None, None)
