"""The sample tells the story that the demo and the other tests build on."""

import itertools
import statistics
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from support.sample import sample

from swanlab_ci.sandbox import FIXED_COMMIT, MAIN_COMMIT, PULL_REQUEST_COMMIT, Store, sample_store
from swanlab_ci.sandbox.storage.store import StoredRun

MOMENT = datetime(2026, 9, 1, 12, tzinfo=UTC)


def commit(run: StoredRun) -> str | None:
    git = run.metadata.get("git")
    found: str | None = git["commit"] if git else run.metadata["git_info"][1]
    return found


def of(store: Store, sha: str, label: str) -> list[StoredRun]:
    runs = store.projects["my-team/resnet"].runs
    return [run for run in runs if commit(run) == sha and run.labels == [label]]


def accuracy(runs: list[StoredRun]) -> float:
    return statistics.fmean(run.series["val/acc"][-1][1] for run in runs)


def test_the_same_moment_gives_the_same_sample() -> None:
    assert sample_store(MOMENT).projects == sample_store(MOMENT).projects


def test_a_copy_is_the_sample_and_a_change_of_it_stays_its_own() -> None:
    made, copy = sample_store(MOMENT), sample(MOMENT)

    copy.projects["my-team/resnet"].runs[0].series["val/acc"][0][1] = 0.5
    assert copy.projects != made.projects
    again = sample(MOMENT)
    assert (again.users, again.workspaces, again.projects) == (made.users, made.workspaces, made.projects)
    for run in again.projects["my-team/resnet"].runs:
        assert again.find(run.cuid) == made.find(run.cuid)


def test_another_moment_moves_every_run_by_the_same_time() -> None:
    one, other = sample_store(MOMENT), sample_store(MOMENT + timedelta(days=2))

    for run, moved in zip(one.projects["my-team/resnet"].runs, other.projects["my-team/resnet"].runs, strict=True):
        assert run.cuid == moved.cuid
        assert datetime.fromisoformat(moved.created_at) - datetime.fromisoformat(run.created_at) == timedelta(days=2)


@pytest.mark.parametrize(("asked", "made"), [(40, 40), (200, 200), (1, 35)])
def test_it_has_the_number_of_runs_asked_for_or_the_story_alone(asked: int, made: int) -> None:
    assert len(sample_store(MOMENT, runs=asked).projects["my-team/resnet"].runs) == made


def test_no_run_lies_in_the_future_or_is_older_than_its_project() -> None:
    for project in sample_store(MOMENT, runs=300).projects.values():
        for run in project.runs:
            assert (
                project.created_at < run.created_at <= (run.finished_at or run.updated_at) <= "2026-09-01T12:00:00.000Z"
            )


def test_ids_are_unique_and_look_like_swanlabs() -> None:
    runs = sample_store(MOMENT, runs=2000).projects["my-team/resnet"].runs

    assert len({run.cuid for run in runs}) == 2000
    assert all(len(run.cuid) == 21 and run.cuid.isalnum() and run.cuid.islower() for run in runs)


def test_every_way_for_a_run_to_be_occurs(store: Store) -> None:
    runs = store.projects["my-team/resnet"].runs

    assert Counter(run.state for run in runs).keys() == {"FINISHED", "CRASHED", "ABORTED", "RUNNING"}
    assert all((run.finished_at is None) == (run.state == "RUNNING") for run in runs)
    assert {"_version" in run.metadata for run in runs} == {True, False}
    assert {run.config["dataset"]["value"] for run in runs} == {"cifar10", "svhn"}
    assert sum(run.series["val/acc"][-1][1] == "NaN" for run in runs) == 1
    assert [run.name for run in store.projects["ada/notes"].runs if run.root_run] == ["clone"]


def test_the_old_sdks_detached_head_lost_its_commit_and_the_new_ones_did_not(store: Store) -> None:
    runs = {run.name: run for run in store.projects["my-team/resnet"].runs}

    assert runs["ci-checkout"].metadata["git_info"] == ["", None]
    assert runs["main-smoke"].metadata["git"]["branch"] == ""
    assert commit(runs["main-smoke"])


def test_the_pull_request_is_red_for_two_good_reasons(store: Store) -> None:
    smoke, evaluations = of(store, PULL_REQUEST_COMMIT, "smoke"), of(store, PULL_REQUEST_COMMIT, "eval")

    assert [run.state for run in smoke] == ["CRASHED"]
    assert accuracy(evaluations) < 0.98 * accuracy(of(store, MAIN_COMMIT, "eval"))
    assert {run.config["lr"]["value"] for run in evaluations} == {0.05}


def test_the_fixed_commit_is_green(store: Store) -> None:
    smoke, evaluations = of(store, FIXED_COMMIT, "smoke"), of(store, FIXED_COMMIT, "eval")

    assert [run.state for run in smoke + evaluations] == ["FINISHED"] * 4
    assert {run.config["seed"]["value"] for run in evaluations} == {1, 2, 3}
    assert {run.config["pr"]["value"] for run in evaluations} == {42}
    assert accuracy(evaluations) >= 0.99 * accuracy(of(store, MAIN_COMMIT, "eval"))
    assert max(run.series["val/acc"][-1][1] for run in evaluations) >= 0.93
    assert all(1e-5 <= run.config["lr"]["value"] <= 1e-2 for run in evaluations)


def test_the_pull_request_changes_settings_and_a_library(store: Store) -> None:
    (broken, *_), (main, *_) = of(store, PULL_REQUEST_COMMIT, "eval"), of(store, MAIN_COMMIT, "eval")
    own = {key: run["value"] for key, run in broken.config.items()}
    theirs = {key: run["value"] for key, run in main.config.items()}

    assert {key for key, value in own.items() if theirs.get(key) != value} == {
        *("augment", "lr", "pr", "run_dir", "warmup_steps"),
    }
    assert broken.requirements != main.requirements


def test_curves_are_noisy_and_long_enough_to_show(store: Store) -> None:
    for run in of(store, PULL_REQUEST_COMMIT, "eval") + of(store, MAIN_COMMIT, "eval"):
        values = [value for _, value, _ in run.series["val/acc"]]

        assert len(values) >= 60
        assert any(one > other for one, other in itertools.pairwise(values))
        assert min(values) >= 0


def test_one_run_of_the_sweep_crashed_and_the_others_finished(store: Store) -> None:
    sweep = [run for run in store.projects["my-team/resnet"].runs if run.name.startswith("sweep-")]

    assert Counter(run.state for run in sweep) == {"FINISHED": 10, "CRASHED": 1}
