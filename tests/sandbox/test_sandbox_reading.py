"""What a signed-in reader gets: workspaces, projects, pages of runs, one run, and every refusal."""

from typing import Any

import pytest
import requests
from signed_in import Api

from swanlab_ci.sandbox import Sandbox, Store

RUNS = "/project/my-team/resnet/runs"


def runs_named(store: Store, name: str) -> list[Any]:
    return [run for run in store.projects["my-team/resnet"].runs if run.name == name]


def test_the_workspaces_are_those_that_one_is_a_member_of(api: Api) -> None:
    spaces = api.get("/group/")["list"]

    assert [(space["username"], space["role"], space["type"]) for space in spaces] == [
        ("ada", "OWNER", "PERSON"),
        ("my-team", "OWNER", "TEAM"),
    ]


def test_the_groups_of_a_user_leave_out_the_personal_space(api: Api) -> None:
    assert [space["username"] for space in api.get("/user/ada/groups")] == ["my-team"]


def test_one_workspace_and_the_own_profile_can_be_read(api: Api) -> None:
    assert api.get("/group/my-team")["name"] == "My Team"
    assert api.get("/user/profile")["location"] == "Hangzhou"


@pytest.mark.parametrize(("detail", "counted"), [("", True), ("?detail=True", True), ("?detail=False", False)])
def test_projects_are_counted_only_in_detail(api: Api, detail: str, counted: bool) -> None:  # noqa: FBT001 - a table
    (project,) = api.get(f"/project/my-team{detail}")["list"]

    assert ("_count" in project) is counted
    assert not counted or project["_count"]["experiments"] == 40


@pytest.mark.parametrize(("query", "names"), [("sort=name", ["empty", "notes"]), ("search=NOT", ["notes"])])
def test_projects_can_be_sorted_and_searched(api: Api, query: str, names: list[str]) -> None:
    assert [project["name"] for project in api.get(f"/project/ada?{query}")["list"]] == names


def test_a_project_names_its_workspace(api: Api) -> None:
    project = api.get("/project/my-team/resnet")

    assert project["path"] == "my-team/resnet"
    assert project["group"] == {"type": "TEAM", "username": "my-team", "name": "My Team"}


def test_pages_cover_every_run_once_newest_first(api: Api, store: Store) -> None:
    pages = [api.get(f"{RUNS}?page={number}&size=15") for number in (1, 2, 3)]

    listed = [run["cuid"] for page in pages for run in page["list"]]
    assert listed == [run.cuid for run in reversed(store.projects["my-team/resnet"].runs)]
    assert [(page["total"], page["pages"], page["size"]) for page in pages] == [(40, 3, 15)] * 3


def test_a_page_behind_the_last_is_empty(api: Api) -> None:
    assert api.get(f"{RUNS}?page=4&size=15")["list"] == []


@pytest.mark.parametrize("query", ["size=30", "size=0", "page=0", "size=many"])
def test_a_page_that_swanlab_does_not_offer_is_refused(api: Api, query: str) -> None:
    assert api("GET", f"{RUNS}?{query}").reason == "Bad Request"


def test_a_list_says_only_the_config_and_one_run_says_all(api: Api, store: Store) -> None:
    (smoke,) = runs_named(store, "from-a-tarball")

    listed = next(run for run in api.get(f"{RUNS}?size=50")["list"] if run["cuid"] == smoke.cuid)
    read = api.get(f"{RUNS}/{smoke.cuid}")

    assert listed["profile"].keys() == {"config"}
    assert read["profile"].keys() == {"config", "metadata", "requirements", "conda"}
    assert {**read, "profile": None} == {**listed, "profile": None}
    assert read["profile"]["config"]["lr"] == {"value": 1e-3, "desc": "", "sort": 0}


def test_a_run_answers_to_its_slug_too(api: Api, store: Store) -> None:
    run = runs_named(store, "long-schedule")[0]

    assert api.get(f"{RUNS}/{run.slug}")["cuid"] == run.cuid


def test_a_changed_run_is_listed_as_it_is_now(api: Api, store: Store) -> None:
    run = runs_named(store, "long-schedule")[0]
    assert api.get(f"{RUNS}?size=10")["list"][0]["state"] == "RUNNING"

    run.state = "FINISHED"
    run.changed()

    assert api.get(f"{RUNS}?size=10")["list"][0]["state"] == "FINISHED"


def test_the_state_of_a_run_can_be_asked_alone(api: Api, store: Store) -> None:
    run = runs_named(store, "long-schedule")[0]

    assert api.get(f"{RUNS}/{run.cuid}/state") == {"state": "RUNNING", "finishedAt": None}


@pytest.mark.parametrize("path", ["/project/my-team/none", f"{RUNS}/none", "/group/none", "/nowhere", "/project/none"])
def test_what_is_not_there_is_not_found(api: Api, path: str) -> None:
    answer = api("GET", path)

    assert (answer.status_code, answer.reason, answer.json()["code"]) == (404, "Not Found", "Not_Found")


def test_a_path_part_may_hold_a_slash_when_it_is_encoded(api: Api) -> None:
    assert api("GET", "/project/my-team%2Fresnet/runs").status_code == 404


def test_a_strangers_private_project_is_forbidden_and_his_public_one_is_not(sandbox: Sandbox) -> None:
    grace = Api(sandbox, "graceSandboxSandbox42")

    with grace.session:
        assert grace("GET", "/project/ada/empty").reason == "Forbidden"
        assert grace.get("/project/ada/notes")["role"] == "VISITOR"
        assert grace("DELETE", "/project/ada/notes").reason == "Forbidden"
        assert [project["name"] for project in grace.get("/project/ada")["list"]] == ["notes"]


def test_the_metrics_of_a_strangers_private_project_are_forbidden_too(sandbox: Sandbox, store: Store) -> None:
    project = store.projects["ada/notes"]
    grace = Api(sandbox, "graceSandboxSandbox42")
    asked = [{"projectId": project.cuid, "experimentId": project.runs[0].cuid}]

    with grace.session:
        assert grace("POST", "/house/metrics/summaries", json=asked).status_code == 200
        project.visibility = "PRIVATE"
        assert grace("POST", "/house/metrics/summaries", json=asked).reason == "Forbidden"
        assert grace("GET", f"/experiment/{project.runs[0].cuid}/column").reason == "Forbidden"


def test_a_deleted_run_differs_from_one_that_never_was(api: Api, store: Store) -> None:
    run = runs_named(store, "long-schedule")[0]

    assert api("DELETE", f"{RUNS}/{run.cuid}").status_code == 204
    answer = api("GET", f"{RUNS}/{run.cuid}")

    assert (answer.status_code, answer.reason, answer.json()["code"]) == (404, "Disabled Resource", "Disabled_Resource")
    assert api.get(f"{RUNS}?size=10")["total"] == 39


def test_several_runs_are_deleted_together_or_not_at_all(api: Api, store: Store) -> None:
    first, second = (run.cuid for run in store.projects["my-team/resnet"].runs[:2])

    assert api("POST", f"{RUNS}/del", json={"cuids": [first, "none"]}).status_code == 404
    assert api.get(RUNS)["total"] == 40
    assert api("POST", f"{RUNS}/del", json={"cuids": [first, second, first]}).status_code == 200
    assert api.get(RUNS)["total"] == 38


def test_a_deleted_project_takes_its_runs_with_it(api: Api) -> None:
    assert api("DELETE", "/project/my-team/resnet").status_code == 204

    assert api("GET", RUNS).status_code == 404
    assert api.get("/project/my-team")["list"] == []


@pytest.mark.parametrize("path", ["", "/runs/SLUG/chart", "/runs/CUID", "/runs/CUID/chart"])
def test_links_of_a_report_lead_to_a_page(sandbox: Sandbox, store: Store, path: str) -> None:
    run = runs_named(store, "long-schedule")[0]
    address = path.replace("SLUG", run.slug).replace("CUID", run.cuid)

    page = requests.get(f"{sandbox.url}/@my-team/resnet{address}", timeout=5)

    assert page.status_code == 200
    assert "long-schedule" in page.text


def test_a_page_shows_names_as_text(sandbox: Sandbox, store: Store) -> None:
    run = runs_named(store, "long-schedule")[0]
    run.name = "<script>alert(1)</script>"

    assert "<script>" not in requests.get(f"{sandbox.url}/@my-team/resnet", timeout=5).text


def test_other_addresses_of_the_web_side_are_not_found(sandbox: Sandbox) -> None:
    assert requests.get(f"{sandbox.url}/@my-team/none", timeout=5).status_code == 404
    assert requests.get(f"{sandbox.url}/files/none", timeout=5).status_code == 404
