"""Routes that read and delete the runs of a project."""

from swanlab_ci.sandbox.api import wire
from swanlab_ci.sandbox.api.shows import arranged, selected
from swanlab_ci.sandbox.http.exchange import Answer, Call, Refusal, answer


def page(call: Call) -> Answer:
    """`GET /project/{space}/{project}/runs`: a page of runs, newest first; their profiles contain only the config."""
    project, (number, size) = call.project(), call.page()
    total = len(project.runs)
    oldest, newest = max(0, total - number * size), max(0, total - (number - 1) * size)
    rows = [wire.listed(call.store, run) for run in reversed(project.runs[oldest:newest])]
    return Answer(body=wire.page(rows, size=size, total=total))


def shows(call: Call) -> Answer:
    """`POST …/runs/shows`: all runs that pass the filters, sorted, nested by the groups; not paged."""
    project, asked = call.project(), call.object()
    found = selected(project.runs, asked.get("filters") or [])
    return Answer(body=arranged(call.store, found, asked.get("groups") or [], asked.get("sorts") or []))


def run(call: Call) -> Answer:
    """`GET …/runs/{run}`: one run with its whole profile."""
    return answer(wire.run(call.store, call.run(call.project())))


def state(call: Call) -> Answer:
    """`GET …/runs/{run}/state`."""
    found = call.run(call.project())
    return answer({"state": found.state, "finishedAt": found.finished_at})


def delete(call: Call) -> Answer:
    """`DELETE …/runs/{run}`."""
    project = call.own_project()
    call.store.delete_run(project, call.run(project))
    return Answer(status=204)


def delete_many(call: Call) -> Answer:
    """`POST …/runs/del`: delete the runs in `cuids`, all of them or none."""
    project, names = call.own_project(), call.object().get("cuids")
    if not isinstance(names, list):
        raise Refusal(400, "Bad_Request", "cuids must be a list")
    found = [call.store.run_in(project, str(name)) for name in names]
    for name, each in zip(names, found, strict=True):
        if each is None:
            raise call.no_run(str(name))
    for each in {each.cuid: each for each in found if each}.values():
        call.store.delete_run(project, each)
    return answer({})
