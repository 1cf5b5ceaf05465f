"""`runs/shows`: filters, groups, sorts, as the SDKs' typings describe them."""

from typing import Any

import pytest
from signed_in import Api

from swanlab_ci.sandbox import Store


def shows(api: Api, **asked: list[dict[str, Any]]) -> Any:
    return api.post("/project/my-team/resnet/runs/shows", asked)


def stable(key: str, op: str, *value: str) -> dict[str, Any]:
    return {"key": key, "type": "STABLE", "op": op, "value": list(value), "active": True}


def config(key: str, op: str, *value: str) -> dict[str, Any]:
    return {"key": key, "type": "CONFIG", "op": op, "value": list(value)}


@pytest.mark.parametrize(
    ("condition", "count"),
    [
        (stable("state", "EQ", "CRASHED"), 3),
        (stable("state", "NEQ", "FINISHED"), 5),
        (stable("name", "CONTAIN", "sweep-"), 11),
        (stable("labels", "IN", "smoke", "transfer"), 9),
        (stable("labels", "NOT IN", "sweep", "eval"), 16),
        (stable("user.username", "EQ", "grace"), 16),
        (stable("cluster", "EQ", ""), 13),
        (stable("createdAt", "GTE", "2026-08-31"), 11),
        (config("lr", "EQ", "0.0010"), 19),
        (config("lr", "GTE", "0.05"), 7),
        (config("lr", "LTE", "2e-4"), 2),
        (config("model.depth", "EQ", "50"), 40),
        (config("nothing", "EQ", ""), 40),
        (config("git_dirty", "EQ", "false"), 40),
        ({"key": "val/acc", "type": "SCALAR", "op": "EQ", "value": ["NaN"]}, 1),
        ({**stable("state", "EQ", "CRASHED"), "active": False}, 40),
    ],
)
def test_a_filter_keeps_the_runs_that_fit(api: Api, condition: dict[str, Any], count: int) -> None:
    assert len(shows(api, filters=[condition])) == count


def test_filters_are_joined_by_and(api: Api) -> None:
    found = shows(api, filters=[stable("state", "EQ", "CRASHED"), stable("labels", "EQ", "smoke")])

    assert [run["name"] for run in found] == ["pr42-smoke"]


def test_a_pinned_run_passes_every_filter_and_comes_first(api: Api, store: Store) -> None:
    oldest = store.projects["my-team/resnet"].runs[0]
    oldest.pin = True

    found = shows(api, filters=[stable("state", "EQ", "CRASHED")])

    assert found[0]["cuid"] == oldest.cuid
    assert len(found) == 4


def test_without_a_wish_the_newest_come_first(api: Api) -> None:
    created = [run["createdAt"] for run in shows(api)]

    assert created == sorted(created, reverse=True)


def test_numbers_are_sorted_as_numbers(api: Api) -> None:
    rows = shows(api, sorts=[{"key": "lr", "type": "CONFIG", "order": "DESC"}])

    rates = [run["profile"]["config"]["lr"]["value"] for run in rows]
    assert rates == sorted(rates, reverse=True)


def test_the_first_sort_weighs_more_than_the_second(api: Api) -> None:
    rows = shows(api, sorts=[{"key": "state", "order": "ASC"}, {"key": "name", "order": "DESC"}])

    names = [run["name"] for run in rows if run["state"] == "CRASHED"]
    assert [run["state"] for run in rows[:4]] == ["ABORTED", "CRASHED", "CRASHED", "CRASHED"]
    assert names == sorted(names, reverse=True)


def test_groups_nest_in_their_order(api: Api) -> None:
    nested = shows(api, groups=[{"key": "state", "type": "STABLE"}, {"key": "labels", "type": "STABLE"}])

    assert nested["CRASHED"].keys() == {"smoke", "sweep", "nightly"}
    assert nested["ABORTED"]["eval"][0]["name"] == "wrong-dataset"


def test_the_latest_scalars_come_along(api: Api) -> None:
    (run,) = shows(api, filters=[stable("name", "EQ", "sweep-09")])

    assert run["profile"]["scalar"]["val/acc"] == "NaN"


@pytest.mark.parametrize(
    "asked",
    [
        {"filters": [{"type": "STABLE"}]},
        {"filters": [stable("state", "GT", "A")]},
        {"filters": [stable("nothing", "EQ", "A")]},
        {"groups": ["state"]},
        {"filters": "all"},
    ],
)
def test_what_cannot_be_asked_is_refused(api: Api, asked: Any) -> None:
    assert api("POST", "/project/my-team/resnet/runs/shows", json=asked).status_code == 400
