import json
import pickle
from dataclasses import fields

import pytest
from support.saying import ANYTHING, says

from swanlab_ci import ApiResponse, Experiment, Project
from swanlab_ci.client import Listing, records
from swanlab_ci.client.types import Table
from swanlab_ci.errors import ApiError, UnavailableError
from swanlab_ci.messages import Message

BARE = {"cuid": "c1", "state": "FINISHED"}


def test_only_identity_and_state_are_required() -> None:
    experiment = Experiment.read(BARE)

    assert (experiment.name, experiment.description, experiment.finishedAt) == ("", "", None)
    assert (experiment.show, experiment.user, experiment.profile, experiment.labels) == (True, {}, {}, [])


@pytest.mark.parametrize("field", sorted({each.name for each in Experiment.read_as} - set(BARE)))
def test_null_means_absent(field: str) -> None:
    assert Experiment.read(BARE | {field: None}) == Experiment.read(BARE)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"cuid": "c1"},
        {"state": "FINISHED"},
        BARE | {"cuid": None},
        BARE | {"cuid": ""},
        BARE | {"state": ""},
        BARE | {"state": 1},
        BARE | {"profile": "x"},
        None,
        [],
        "x",
    ],
)
def test_an_experiment_without_identity_or_with_a_field_of_another_form_is_an_error(body: object) -> None:
    about = Message("client.about.run", run="x", project="team/resnet")

    with pytest.raises(UnavailableError, check=says("client.about.run", run="x")) as stop:
        records.read(records.EXPERIMENT, body, about)

    assert stop.value.what.id in {"client.bad-form", "client.bad-field"}
    assert stop.value.what.params["about"] == about


def test_the_error_names_the_place_and_not_the_value() -> None:
    about = Message("client.about.runs", project="team/resnet")
    found = says("client.bad-field", about=about, field="1.state", error="string_type")

    with pytest.raises(UnavailableError, check=found) as stop:
        records.read(records.EXPERIMENTS, [BARE, {"cuid": "c2", "state": ["secret"]}], about)

    assert "secret" not in str(stop.value)


def test_what_the_wire_says_beyond_the_documentation_is_kept_where_it_has_a_name() -> None:
    experiment = Experiment.read(
        BARE
        | {
            "slug": "abc",
            "labels": [{"name": "eval", "colors": []}],
            "cluster": "sweep",
            "job": "train",
            "pin": True,
            "rootExpId": "r",
            "rootProId": "p",
            "unheard": 1,
        }
    )

    assert (experiment.slug, experiment.labels[0]) == ("abc", {"name": "eval", "colors": []})
    assert (experiment.cluster, experiment.group, experiment.job) == ("sweep", "sweep", "train")
    assert (experiment.pin, experiment.rootExpId, experiment.rootProId) == (True, "r", "p")
    assert not hasattr(experiment, "unheard")


def test_a_field_is_an_attribute_and_an_item() -> None:
    experiment = Experiment.read(BARE)

    assert experiment["state"] == experiment.state == "FINISHED"


@pytest.mark.parametrize("key", ["nothing", "model_dump", "group", "__class__"])
def test_only_fields_are_items(key: str) -> None:
    with pytest.raises(KeyError):
        Experiment.read(BARE)[key]


def test_an_experiment_prints_as_documented() -> None:
    sent = BARE | {"name": "实验", "user": {"username": "ada"}, "profile": {"config": {"lr": 0.1}}}
    printed = json.loads(str(Experiment.read(sent)))

    assert list(printed) == [
        "cuid",
        "name",
        "description",
        "state",
        "show",
        "createdAt",
        "finishedAt",
        "user",
        "profile",
    ]
    assert printed == sent | {"description": "", "show": True, "createdAt": "", "finishedAt": None}
    assert "实验" in str(Experiment.read(sent))


def test_what_a_person_does_not_have_is_left_out() -> None:
    sent = BARE | {"user": {"username": "ada", "name": "Ada", "avatar": None}}

    assert Experiment.read(sent).user == {"username": "ada", "name": "Ada"}


def test_what_else_the_server_sends_is_printed_too() -> None:
    assert json.loads(repr(Experiment.read(BARE | {"slug": "abc"})))["slug"] == "abc"


def test_a_text_that_cannot_be_written_is_printed_escaped() -> None:
    assert "\\ud800" in str(Table({"name": "\ud800"}))


def test_a_record_as_a_dict_has_every_field_and_shares_nothing_with_it() -> None:
    experiment = Experiment.read(BARE | {"profile": {"config": {"lr": [1]}}, "unheard": 1})

    found = experiment.model_dump()
    found["profile"]["config"]["lr"].append(2)

    assert list(found) == [each.name for each in Experiment.read_as]
    assert dict(experiment) == found | {"profile": {"config": {"lr": [1]}}}


def test_records_with_equal_fields_are_equal_whatever_was_sent() -> None:
    experiment = Experiment.read(BARE | {"slug": ""})

    assert experiment == Experiment(cuid="c1", state="FINISHED")
    assert experiment != Experiment.read(BARE | {"slug": "abc"})
    assert experiment.sent == {"cuid", "state", "slug"}


def test_every_field_can_be_read() -> None:
    for record in (Experiment, Project):
        assert {each.name for each in record.read_as} == {each.name for each in fields(record)} - {"sent"}
        assert record.documented <= {each.name for each in record.read_as}


def test_the_statistics_of_a_project_have_their_documented_name() -> None:
    project = Project.read({"cuid": "p", "name": "resnet", "_count": {"experiments": 4}})

    assert project.count == {"experiments": 4}
    assert json.loads(str(project))["count"] == {"experiments": 4}


def test_a_listing_is_a_list_with_the_documented_items() -> None:
    listing = Listing([Experiment.read(BARE)])

    assert listing.items[0] is listing[0]
    assert isinstance(listing, list)
    assert json.loads(str(listing))[0]["cuid"] == "c1"


def test_a_response_gives_its_data_or_raises_its_refusal() -> None:
    refused = ApiError(ANYTHING, ANYTHING, status=404)

    assert ApiResponse(200, "", [1]).unwrap() == [1]
    with pytest.raises(ApiError) as stop:
        ApiResponse(404, str(refused), None, refused).unwrap()
    assert stop.value is refused


def test_records_can_be_pickled() -> None:
    experiment = Experiment.read(BARE)

    assert pickle.loads(pickle.dumps(experiment)) == experiment  # noqa: S301 - our own bytes


@pytest.mark.parametrize(
    ("data", "id_"),
    [
        (None, "client.workspaces-incomplete"),
        ([], "client.workspaces-incomplete"),
        ({"list": None}, "client.workspaces-incomplete"),
        ({"list": [{"username": "a"}], "total": 2}, "client.workspaces-incomplete"),
        ({"list": [{}]}, "client.workspace-unnamed"),
        ({"list": [{"username": None}]}, "client.workspace-unnamed"),
        ({"list": ["x"]}, "client.workspace-unnamed"),
    ],
)
def test_workspaces_of_another_form_are_an_error(data: object, id_: str) -> None:
    with pytest.raises(UnavailableError, check=says(id_)):
        records.read_workspaces(data)


def test_a_member_without_role_or_name_is_still_a_member() -> None:
    assert records.read_workspaces({"list": [{"username": "team", "role": None}]}) == [
        {"name": "team", "username": "team", "role": ""}
    ]
