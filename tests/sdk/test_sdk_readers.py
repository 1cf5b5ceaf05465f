"""Our client reads what the real SDKs read, field by field, from the same server."""

import json
from pathlib import Path
from typing import Any

import pytest
from environments import FRAMES, NEW, OLD, Read, Run

from swanlab_ci import ApiResponse, Experiment, OpenApi
from swanlab_ci.sandbox import Sandbox

PROJECTS = ["my-team/resnet", "ada/notes", "ada/empty"]


def told(answer: ApiResponse[Any]) -> dict[str, Any]:
    """Put an answer of ours as the old SDK does: plain, with an empty text for the end of a run that has none."""
    data = answer.data if isinstance(answer.data, list) else [answer.data]
    plain = [item if isinstance(item, dict) else _documented(item) for item in data]
    return {"code": answer.code, "data": plain if isinstance(answer.data, list) else plain[0]}


def _label(run: Experiment) -> str:
    (label,) = run.labels
    return label if isinstance(label, str) else str(label["name"])


def _documented(item: Any) -> dict[str, Any]:
    fields = {name: getattr(item, name) for name in item.documented}
    if isinstance(item, Experiment):
        fields["finishedAt"] = fields["finishedAt"] or ""
        fields["user"] = {key: fields["user"][key] for key in ("username", "name")}
    return fields


@pytest.mark.parametrize("path", PROJECTS)
def test_the_old_sdk_and_our_client_read_the_same(sandbox: Sandbox, read_sdk: Read, path: str) -> None:
    theirs = read_sdk(OLD, "read_old.py", path)
    ours = OpenApi(environ=sandbox.environment())
    space, project = path.split("/")

    runs = ours.list_experiments(project, space)

    assert told(ours.list_workspaces()) == theirs["workspaces"]
    assert told(ours.list_projects(space)) == theirs["projects"]
    assert told(ours.list_projects(space, detail=False)) == {
        **theirs["plain_projects"],
        "data": [{**item, "count": {}} for item in theirs["plain_projects"]["data"]],
    }
    assert told(runs) == theirs["runs"]
    assert [told(ours.get_experiment(project, run.cuid, space)) for run in runs.data] == theirs["each"]
    assert theirs["crashed"] == [run.cuid for run in runs.data if run.state == "CRASHED"]
    assert theirs["evaluated"] == [run.cuid for run in runs.data if _label(run) == "eval"]
    assert ours.get_experiment(project, "nobody", space).code == theirs["nobody"] == 404
    assert ours.list_experiments("nowhere", space).code == theirs["nowhere"] == 404


@pytest.mark.parametrize("path", PROJECTS)
def test_the_old_sdk_and_our_client_sum_up_the_same(sandbox: Sandbox, read_sdk: Read, path: str) -> None:
    theirs = read_sdk(OLD, "read_old.py", path)["summaries"]
    ours = OpenApi(environ=sandbox.environment())
    space, project = path.split("/")

    summaries = ours.get_summaries(project, ours.list_experiments(project, space).data, space).data

    assert _cut(summaries) == theirs
    assert {run: _cut({run: ours.get_summary(project, run, space).data})[run] for run in theirs} == theirs


def _cut(summaries: Any) -> dict[str, Any]:
    names = ("step", "value", "min", "max")
    return {run: {key: {n: sums[n] for n in names} for key, sums in each.items()} for run, each in summaries.items()}


@pytest.mark.parametrize("path", PROJECTS)
def test_the_new_sdk_and_our_client_read_the_same(sandbox: Sandbox, read_sdk: Read, path: str) -> None:
    theirs = read_sdk(NEW, "read_new.py", path)
    ours = OpenApi(environ=sandbox.environment())
    space, project = path.split("/")

    runs = ours.list_experiments(project, space).data
    each = ours.get_experiments(project, [run.cuid for run in runs], space).data

    teams = [dict(item) for item in ours.list_workspaces().data if item["username"] != "ada"]
    assert teams == [{key: item[key] for key in ("name", "username", "role")} for item in theirs["workspaces"]]
    assert [item.cuid for item in ours.list_projects(space).data] == [item["project_id"] for item in theirs["projects"]]
    assert [_as_new(run) for run in runs] == [_kept(run) for run in theirs["runs"]]
    assert [_as_new(run) for run in each] == [_kept(run) for run in theirs["each"]]
    assert sorted(theirs["shown"]) == sorted(run.cuid for run in runs)
    assert theirs["crashed"] == [run.cuid for run in runs if run.state == "CRASHED"]


def _as_new(run: Experiment) -> dict[str, Any]:
    return {
        "run_id": run.cuid,
        "name": run.name,
        "description": run.description,
        "type": run.type,
        "state": run.state,
        "show": run.show,
        "labels": run.labels,
        "group": run.group,
        "job_type": run.job,
        "root_pro_id": run.rootProId,
        "root_exp_id": run.rootExpId,
        "user": run.user,
        "created_at": run.createdAt,
        "finished_at": run.finishedAt,
        "profile": run.profile,
    }


def _kept(run: dict[str, Any]) -> dict[str, Any]:
    told = {key: value for key, value in run.items() if key not in {"url", "created_at_ts", "project_id"}}
    person = {key: value for key, value in run["user"].items() if value is not None}  # ours are texts, as documented
    return told | {"user": person}


@pytest.mark.parametrize("path", PROJECTS)
def test_the_new_sdk_and_our_client_sum_up_the_same(sandbox: Sandbox, read_sdk: Read, path: str) -> None:
    theirs = read_sdk(NEW, "read_new.py", path)
    ours = OpenApi(environ=sandbox.environment())
    space, project = path.split("/")

    summaries = ours.get_summaries(project, ours.list_experiments(project, space).data, space).data

    named = {"step": "index", "value": "data"}
    assert summaries == {
        run: {
            key: {
                **{name: value for name, value in sums.items() if name != "minMax"},
                **{end: {ours: sums[end][wire] for ours, wire in named.items()} for end in ("min", "max")},
            }
            for key, sums in each.items()
        }
        for run, each in theirs["summaries"].items()
    }
    assert {run: sorted(sums) for run, sums in summaries.items()} == {
        run: sorted(keys) for run, keys in theirs["series"].items()
    }


def test_the_new_sdk_reads_the_same_points_sampled_and_exported(read_sdk: Read) -> None:
    read = read_sdk(NEW, "read_new.py", "my-team/resnet")

    assert [len(points) for points in read["points"]] == [8, 8, 8]
    sampled = [(point["index"], point["data"]) for points in read["points"] for point in points]
    exported = [(point["step"], point["value"]) for points in read["all_points"] for point in points]
    assert sampled == exported


def test_with_pandas_our_frame_of_a_metric_is_the_old_sdks(sandbox: Sandbox, run_sdk: Run, tmp_path: Path) -> None:
    ours = OpenApi(environ=sandbox.environment())
    run = ours.list_experiments("resnet", "my-team").data[0].cuid
    keys = ours.list_metric_keys("resnet", run, "my-team").data

    done = run_sdk(FRAMES, "frames.py", str(tmp_path / "out"), run, *keys, PYTHONPATH=str(Path(__file__).parents[2]))

    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads((tmp_path / "out").read_text("utf-8"))
    assert len(keys) > 1
    assert told["differ"] == {}
    assert told["columns"] == [name for key in keys for name in (key, f"{key}_timestamp")]
    assert told["rows"] == len(
        {point["step"] for points in ours.get_series(run, keys).data.values() for point in points}
    )
