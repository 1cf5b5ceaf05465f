import contextlib
from collections.abc import Callable
from typing import Any

import pytest
from client_factories import KEY, make_run, make_store, store_of
from support.saying import says

import swanlab_ci
from swanlab_ci import OpenApi
from swanlab_ci.client import parallel
from swanlab_ci.errors import ApiError, UnavailableError
from swanlab_ci.messages import Language, Message, plain
from swanlab_ci.sandbox import Fault, Sandbox, Store
from swanlab_ci.sandbox.storage.store import StoredProject

Serve = Callable[[Store], Sandbox]
Connect = Callable[..., OpenApi]


def test_nothing_is_sent_before_the_first_call(serve: Serve, connect: Connect) -> None:
    sandbox = serve(make_store())
    connect(sandbox)

    assert sandbox.requests == []


def test_the_sdks_log_level_is_accepted(serve: Serve, connect: Connect) -> None:
    assert connect(serve(make_store()), log_level="debug").list_workspaces().code == 200


def test_the_workspace_is_the_users_own_unless_it_is_named(serve: Serve, connect: Connect) -> None:
    store = make_store()
    for workspace in ("ada", "team"):
        store.add_project(
            StoredProject(
                cuid=workspace,
                name="both",
                workspace=workspace,
                created_at="2026",
                runs=[make_run(1, cuid=f"in-{workspace}")],
            )
        )
    api = connect(serve(store))

    assert [run.cuid for run in api.list_experiments("both").unwrap()] == ["in-ada"]
    assert [run.cuid for run in api.list_experiments("both", "team").unwrap()] == ["in-team"]
    assert [project.name for project in api.list_projects().unwrap()] == ["both"]
    assert api.get_experiment("both", "in-ada").code == 200


@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 250])
def test_all_runs_are_listed_once_and_newest_first(serve: Serve, connect: Connect, count: int) -> None:
    found = connect(serve(store_of(count))).list_experiments("resnet", "team").unwrap()

    assert [run.cuid for run in found] == [f"run{number:05}" for number in reversed(range(count))]


def test_the_documented_and_the_newer_name_list_the_same(serve: Serve, connect: Connect) -> None:
    api = connect(serve(store_of(3)))

    assert api.list_project_exps(project="resnet", username="team") == api.list_experiments("resnet", "team")


def test_statistics_of_projects_can_be_left_out(serve: Serve, connect: Connect) -> None:
    api = connect(serve(store_of(3)))

    assert api.list_projects("team").unwrap()[0].count["experiments"] == 3
    assert api.list_projects("team", False).unwrap()[0].count == {}  # noqa: FBT003 - documented so


def test_more_than_a_page_of_projects_is_listed(serve: Serve, connect: Connect) -> None:
    store = make_store()
    for number in range(130):
        store.add_project(StoredProject(cuid=f"p{number}", name=f"n{number}", workspace="team", created_at="2026"))

    assert len(connect(serve(store)).list_projects("team").unwrap()) == 131


def test_an_experiment_is_found_by_every_documented_spelling(serve: Serve, connect: Connect) -> None:
    api = connect(serve(store_of(2)))

    found = api.get_experiment(project="resnet", exp_cuid="run00001", user="team")

    assert found.unwrap().cuid == "run00001"
    assert found == api.get_experiment("resnet", "run00001", "team")
    assert found == api.get_experiment(project="resnet", exp_id="run00001", username="team")
    assert found == api.get_experiment("resnet", exp_id="run00001", exp_cuid="run00001", workspace="team", user="team")


def test_names_that_contradict_each_other_are_refused(serve: Serve, connect: Connect) -> None:
    api = connect(serve(store_of(2)))

    with pytest.raises(TypeError, match="only one of these: `exp_cuid`=a, `exp_id`=b"):
        api.get_experiment("resnet", "a", exp_id="b")
    with pytest.raises(TypeError, match="only one of these: `username`=x, `user`=y"):
        api.get_experiment("resnet", "a", "x", user="y")
    with pytest.raises(TypeError, match="`exp_cuid` is missing"):
        api.get_experiment("resnet")


def test_the_profile_is_whole_for_one_run_and_the_config_in_a_list(serve: Serve, connect: Connect) -> None:
    api = connect(serve(make_store(make_run(1, requirements="torch==2.5.1", metadata={"os": "Linux"}))))

    assert api.list_experiments("resnet", "team").unwrap()[0].profile.keys() == {"config"}
    assert api.get_experiment("resnet", "run00001", "team").unwrap().profile["requirements"] == "torch==2.5.1"


def test_many_profiles_come_in_the_order_asked_for(serve: Serve, connect: Connect) -> None:
    ids = [f"run{number:05}" for number in (7, 3, 19, 0)]

    found = connect(serve(store_of(20))).get_experiments("resnet", ids, "team").unwrap()

    assert [run.cuid for run in found] == ids


def test_one_missing_run_among_many_refuses_them_all(serve: Serve, connect: Connect) -> None:
    response = connect(serve(store_of(3))).get_experiments("resnet", ["run00001", "nowhere"], "team")

    assert response.code == 404
    assert response.data is None
    assert response.refusal
    assert says("client.about.run", run="nowhere", project="team/resnet")(response.refusal)


def test_a_refusal_can_be_raised(serve: Serve, connect: Connect) -> None:
    with pytest.raises(ApiError, check=says("client.about.runs", project="team/nowhere")) as stop:
        connect(serve(make_store())).list_experiments("nowhere", "team").unwrap()

    assert stop.value.status == 404
    assert stop.value.trace_id


def test_a_wrong_key_is_a_refusal(serve: Serve) -> None:
    response = OpenApi("w" * 21, host=serve(make_store()).url, environ={}).list_projects()

    assert response.code == 401
    assert response.refusal
    assert says("client.key-rejected")(response.refusal)
    assert response.errmsg == str(response.refusal)


def test_an_error_can_be_read_in_both_languages(serve: Serve, connect: Connect) -> None:
    refusal = connect(serve(make_store())).list_experiments("nowhere", "team").refusal

    assert refusal
    assert refusal.advice
    assert str(refusal) == f"{plain(refusal.what, Language.EN)} {plain(refusal.advice, Language.EN)}"
    assert "team/nowhere 的实验列表" in plain(refusal.what, Language.ZH)


def test_the_key_is_in_no_attribute_that_prints(serve: Serve, connect: Connect) -> None:
    api = connect(serve(make_store()))

    assert KEY not in repr(api)
    assert KEY not in repr(vars(api))


def test_progress_names_what_is_slow(serve: Serve, connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "_REPORT_EVERY", 0.0)
    messages: list[Message] = []
    api = connect(serve(store_of(250)), progress=messages.append)

    runs = api.list_experiments("resnet", "team").unwrap()
    api.get_experiments("resnet", [run.cuid for run in runs[:2]], "team")
    api.get_summaries("resnet", runs, "team")

    runs_about = Message("client.about.runs", project="team/resnet")
    summaries_about = Message("client.about.summaries", project="team/resnet")
    assert Message("client.listing", about=runs_about, done=250, total=250) in messages
    assert Message("client.progress", about=runs_about, done=2, total=2) in messages
    assert Message("client.progress-runs", about=summaries_about, done=250, total=250) in messages


def test_a_project_has_an_address_for_browsers() -> None:
    api = OpenApi(KEY, environ={})

    assert api.project_url("my-team", "a b/c") == "https://swanlab.cn/@my-team/a%20b%2Fc"
    assert OpenApi(KEY, web_host="web.example.com", environ={}).project_url("t", "p") == "https://web.example.com/@t/p"


def test_the_package_offers_the_client_by_its_documented_names() -> None:
    for name in ("OpenApi", "ApiResponse", "Experiment", "Project"):
        assert getattr(swanlab_ci, name).__name__ == name


def test_the_state_of_a_run_is_reported(serve: Serve, connect: Connect) -> None:
    api = connect(serve(make_store(make_run(1, state="CRASHED", finished_at="2026-01-02T00:00:00.000Z"))))

    assert api.get_exp_state("resnet", "run00001", "team").unwrap() == {
        "state": "CRASHED",
        "finishedAt": "2026-01-02T00:00:00.000Z",
    }


def test_a_run_can_be_deleted(serve: Serve, connect: Connect) -> None:
    api = connect(serve(store_of(3)))

    response = api.delete_experiment("resnet", "run00001", "team")

    assert (response.code, response.errmsg) == (200, "")
    assert len(api.list_experiments("resnet", "team").unwrap()) == 2
    assert api.get_experiment("resnet", "run00001", "team").code == 404


def test_a_project_can_be_deleted(serve: Serve, connect: Connect) -> None:
    api = connect(serve(store_of(3)))

    assert api.delete_project("resnet", "team").unwrap() is None
    assert api.list_projects("team").unwrap() == []


@pytest.mark.parametrize("fault", [{"kind": "status", "status": 503}, {"kind": "reset"}, {"kind": "truncate"}])
def test_a_deletion_is_never_sent_twice(serve: Serve, connect: Connect, fault: dict[str, Any]) -> None:
    sandbox = serve(store_of(3))
    sandbox.faults.add(Fault(method="DELETE", **fault))

    with contextlib.suppress(UnavailableError):
        connect(sandbox).delete_experiment("resnet", "run00001", "team")

    assert [request.method for request in sandbox.requests].count("DELETE") == 1


def test_a_refused_deletion_is_reported(serve: Serve, connect: Connect) -> None:
    response = connect(serve(store_of(3))).delete_experiment("resnet", "nowhere", "team")

    assert response.code == 404
    assert response.refusal
    assert says("client.about.run", run="nowhere", project="team/resnet")(response.refusal)
