"""The requests for a gate file: as few as possible, and all that are necessary."""

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from server_sources import NEWEST, SwanLab, make_run
from support.saying import ANYTHING

from swanlab_ci.client.reader import ProjectPath, Reader
from swanlab_ci.errors import TimeLimitError
from swanlab_ci.messages import Message
from swanlab_ci.sandbox import Fault
from swanlab_ci.sandbox.storage.store import StoredRun

Start = Callable[..., SwanLab]
NEW = {f"run{number:05}" for number in range(NEWEST)}
RELEASED = {f"run{number:05}" for number in range(NEWEST, 2 * NEWEST)}


def gates(runs: str, *, expect: str = "{state: FINISHED}", more: str = "") -> str:
    return f"project: team/resnet\nruns: {runs}\n{more}gates:\n  - name: One\n    expect: {expect}\n"


BY_CONFIG = gates("{config.commit: $pr_commits}")


@cache
def ten_thousand() -> tuple[StoredRun, ...]:
    """Make the runs of a large project once; reading does not change them."""
    return tuple(map(make_run, range(10_000)))


def many(count: int = 120, **parts: Any) -> list[Any]:
    return [make_run(number, **parts) for number in range(count)]


@pytest.mark.parametrize(
    ("text", "requests"),
    [
        (BY_CONFIG, 2),
        (gates("{labels: eval}", expect="{metrics.acc: {min: 0.5}}"), 2),
        (gates("{labels: eval}", expect="{metrics.acc.max: {min: 0.5}}"), 4),
        (gates("{labels: eval}", expect="{'metrics[\"acc\"].max': {min: 0.5}}"), 4),
        (gates("{labels: eval, git.commit: $pr_commits}"), 2 + NEWEST),
    ],
)
def test_a_pull_requests_few_runs_among_ten_thousand_take_few_requests(start: Start, text: str, requests: int) -> None:
    swanlab = start(*ten_thousand())

    runs = swanlab.fetch(text)

    assert {run.id for run in runs} == NEW
    assert swanlab.asked.total() == requests <= 6


@pytest.mark.parametrize("is_over", [True, False])
def test_a_run_that_is_resumed_between_two_requests_is_judged_by_its_new_values(
    start: Start, monkeypatch: pytest.MonkeyPatch, *, is_over: bool
) -> None:
    """A run that has ended can change: its values in the list are not its last ones any more."""
    swanlab = start(*many())
    profiles = Reader.profiles

    def resumed(reader: Reader, *arguments: Any) -> Any:
        for run in swanlab.sandbox.store.projects["team/resnet"].runs[:NEWEST]:
            run.series["acc"].append([2, 0.1, 3_000])
            run.state, run.finished_at = ("FINISHED", "2026-01-02T00:00:00.000Z") if is_over else ("RUNNING", None)
        return profiles(reader, *arguments)

    monkeypatch.setattr(Reader, "profiles", resumed)

    runs = swanlab.fetch(gates("{labels: eval, git.commit: $pr_commits}", expect="{metrics.acc: {min: 0.5}}"))

    assert [run.metrics and run.metrics["acc"]["last"] for run in runs] == [0.1] * NEWEST


def test_the_steps_of_the_extremes_are_fetched(start: Start) -> None:
    """The server's own: a gate file that names no other part of the metric gets them, too."""
    swanlab = start(*many())

    runs = swanlab.fetch(gates("{labels: eval}", expect="{metrics.acc.max.step: {min: 1}}"))

    assert [run.metrics and run.metrics["acc"]["max.step"] for run in runs] == [1] * NEWEST
    assert [run.metrics and run.metrics["acc"]["min.step"] for run in runs] == [0] * NEWEST


def test_a_baseline_is_fetched_beside_the_gates(start: Start) -> None:
    swanlab = start(*many())
    text = gates("{labels: eval}", more="baselines: {main: {runs: {labels: release}}}\n")
    compare = "    compare: {metrics.acc: {to: main, better: higher, allow_worse: 1%}}\n"

    runs = swanlab.fetch(text + compare)

    assert {run.id for run in runs} == NEW | RELEASED
    assert swanlab.asked["shows"] == 2
    assert swanlab.asked["runs"] == 0


@pytest.mark.parametrize("more", [{}, {"whole": True}])
def test_of_the_config_of_a_run_that_no_gate_selects_only_what_selecting_reads_is_kept(
    start: Start, more: dict[str, Any]
) -> None:
    config = {"lr": {"value": 0.1, "desc": "", "sort": 0}, "size": {"value": 9, "desc": "", "sort": 1}}
    swanlab = start(*(make_run(n, config=config | {"n": {"value": n, "desc": "", "sort": 2}}) for n in range(120)))
    text = gates("{config.n: {below: 2}, config.model.depth: {exists: false}}", expect="{config.lr: 0.1}")

    runs = swanlab.fetch(text, **more)

    assert len(runs) == 120
    by_id = {run.id: run for run in runs}
    assert [by_id[f"run{n:05}"].config for n in (0, 1)] == [{"lr": 0.1, "size": 9, "n": n} for n in (0, 1)]
    last = by_id["run00119"]
    assert last.config == ({"lr": 0.1, "size": 9, "n": 119} if more else {"n": 119})
    assert last.config_keys == (None if more else ("model", "model.depth", "n"))


def test_the_whole_project_is_fetched_where_that_is_wished(start: Start) -> None:
    swanlab = start(*many())

    assert len(swanlab.fetch(BY_CONFIG, whole=True)) == 120
    assert swanlab.asked["shows"] == 0


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "status", "status": 400},
        {"kind": "status", "status": 404},
        {"kind": "status", "status": 405},
        {"kind": "status", "status": 500},
        {"kind": "html"},
        {"kind": "body", "text": '{"list": []}'},
        {"kind": "truncate"},
        {"kind": "reset"},
    ],
)
def test_a_server_that_cannot_select_is_asked_for_the_whole_list(start: Start, fault: dict[str, Any]) -> None:
    swanlab = start(*many())
    swanlab.sandbox.faults.add(Fault(path="*/runs/shows", **fault))

    assert len(swanlab.fetch(BY_CONFIG)) == 120
    assert swanlab.asked["shows"] == 1


@pytest.mark.parametrize("text", ["[]", '[{"cuid": "other", "state": "FINISHED", "labels": [], "profile": {}}]'])
def test_where_a_gate_would_have_no_run_the_whole_list_says_why(start: Start, text: str) -> None:
    swanlab = start(*many())
    swanlab.sandbox.faults.add(Fault(kind="body", path="*/runs/shows", text=text))

    assert len(swanlab.fetch(BY_CONFIG)) == 120


@pytest.mark.parametrize(
    ("count", "fetched"), [(49, 49), (50, 60), (51, 51), *((n, 60) for n in (10, 12, 15, 20, 24, 27)), (13, 13)]
)
def test_an_answer_that_may_have_been_cut_off_is_not_believed(start: Start, count: int, fetched: int) -> None:
    """Without a total nobody can tell; but what cuts off does so at the size of a page."""
    labelled = [make_run(number, labels=["eval"]) for number in range(count)]
    swanlab = start(*labelled, *(make_run(number, labels=[]) for number in range(count, 60)))

    assert len(swanlab.fetch(gates("{labels: eval}"))) == fetched


def test_too_many_runs_are_read_in_pages_which_have_a_total(start: Start) -> None:
    swanlab = start(*many(1_101, labels=["eval"]))

    swanlab.fetch(gates("{labels: eval}"))

    assert swanlab.asked["runs"] == 12


def test_where_time_is_over_nothing_else_is_tried(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[ProjectPath] = []

    def late(_: Reader, path: ProjectPath, filters: Any) -> None:
        assert filters
        shown.append(path)
        raise TimeLimitError(ANYTHING)

    swanlab = start(*many(1))
    monkeypatch.setattr(Reader, "shown", late)

    with pytest.raises(TimeLimitError):
        swanlab.fetch(BY_CONFIG)

    assert shown == [ProjectPath("team", "resnet")]
    assert swanlab.asked.total() == 0


ACC = gates("{labels: eval}", expect="{metrics.acc: {min: 0.5}}")


@pytest.mark.parametrize(
    ("series", "asked", "last"),
    [
        ({"acc": [[0, 0.7, 1_000]]}, 0, 0.7),
        ({"acc": [[0, "NaN", 1_000]]}, 1, "NaN"),
        ({"loss": [[0, 0.7, 1_000]]}, 1, None),
    ],
)
def test_the_latest_values_do_where_they_are_numbers(
    start: Start, series: dict[str, Any], asked: int, last: object
) -> None:
    swanlab = start(make_run(0, series=series))

    (run,) = swanlab.fetch(ACC)

    assert (run.metrics or {}).get("acc", {}).get("last") == last
    assert swanlab.asked["summaries"] == asked


def test_only_the_runs_without_a_latest_value_are_asked_about(start: Start) -> None:
    swanlab = start(make_run(0), make_run(1, series={}))

    runs = swanlab.fetch(ACC)

    assert [run.metrics for run in runs] == [{"acc": {"last": 0.9}, "loss": {"last": 0.1}}, {}]
    (asked,) = (request for request in swanlab.sandbox.requests if request.path.endswith("summaries"))
    assert b"run00001" in asked.body
    assert b"run00000" not in asked.body


def test_many_profiles_are_reported_with_the_way_around_them(start: Start) -> None:
    sent: list[Message] = []
    swanlab = start(*map(make_run, range(101)))

    swanlab.fetch(gates("{git.commit: $pr_commits}"), say=sent.append)

    assert sent == [Message("source.many-profiles", count=101, project="team/resnet")]


def test_few_profiles_are_not_worth_a_word(start: Start) -> None:
    sent: list[Message] = []

    start(*map(make_run, range(100))).fetch(gates("{git.commit: $pr_commits}"), say=sent.append)

    assert sent == []


def test_the_latest_value_of_a_run_that_went_on_is_asked_for_again(start: Start) -> None:
    swanlab = start(*many(2, state="RUNNING"))

    swanlab.fetch(gates("{labels: eval, git.commit: $pr_commits}", expect="{metrics.acc: {min: 0.5}}"))

    assert swanlab.asked["summaries"] == 1


def test_a_star_over_metrics_finds_the_keys_that_the_server_has(start: Start) -> None:
    (run,) = start(*many(1)).fetch(gates("{labels: eval}", expect="{'metrics.a*': {min: 0.5}}"))

    assert run.metrics is not None
    assert "acc" in run.metrics
