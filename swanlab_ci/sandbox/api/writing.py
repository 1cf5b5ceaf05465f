"""Routes by which the SDKs write a run: project, experiment, profile, state, heartbeat.

Source: 0.7.20 `core_python/client/__init__.py:201-330`, `core_python/api/experiment/__init__.py:19-62`;
0.10.3 `sdk/internal/core_python/api/project.py`, `…/experiment.py`.
"""

import re
from typing import Any

from swanlab_ci.sandbox.api import spaces, wire
from swanlab_ci.sandbox.http.exchange import Answer, Call, Refusal, answer
from swanlab_ci.sandbox.storage.store import TERMINAL_STATES, StoredProject, StoredRun, moment, new_id, now, timestamp

_CUID = re.compile(r"[0-9a-z]{21}")
_NAME = re.compile(r"[0-9a-zA-Z\-_.+]{1,100}")


def create_project(call: Call) -> Answer:
    """`POST /project`: create a project in `username`, by default the own workspace; 409 with an existing one."""
    return _create(call, str(call.object().get("username") or call.user.username), exists=409)


def create_project_in(call: Call) -> Answer:
    """`POST /project/{space}`: the same, for older servers."""
    return _create(call, call.parts["space"], exists=409)


def ensure_project(call: Call) -> Answer:
    """`POST /projects/{space}`: create a project, 200 if it exists; since 0.8."""
    return _create(call, call.parts["space"], exists=200)


def _create(call: Call, space: str, *, exists: int) -> Answer:
    asked = call.object()
    name, visibility = str(asked.get("name", "")), asked.get("visibility", "PRIVATE")
    if space not in call.store.workspaces:
        raise Refusal(404, "Not_Found", f"workspace {space} not found")
    if call.role(space) not in {"MEMBER", "OWNER"}:
        raise Refusal(403, "Forbidden", f"no permission for workspace {space}")
    if found := call.store.projects.get(f"{space}/{name}"):
        return answer(spaces.described(call, found), exists)
    if not _NAME.fullmatch(name) or visibility not in {"PUBLIC", "PRIVATE"}:
        raise Refusal(400, "Bad_Request", "name takes 0-9 a-z A-Z - _ . +, visibility PUBLIC or PRIVATE")
    description = str(asked.get("description") or "")
    project = StoredProject(
        cuid=new_id(), name=name, workspace=space, created_at=now(), visibility=visibility, description=description
    )
    return answer(spaces.described(call, call.store.add_project(project)), 201)


def create_run(call: Call) -> Answer:
    """`POST …/experiment`: start a run (201), or resume the one whose id or slug is `cuid` (200).

    409 for a run of another project, 404 `Disabled Resource` for a deleted one, 400 for a clone.
    """
    project, asked = call.own_project(), call.object()
    name = str(asked.get("cuid") or "")
    run = call.store.run_in(project, name)
    if run is None:
        _refuse_taken(call, name)
        run = call.store.add_run(project, _new_run(call, asked, name))
        project.updated_at = run.created_at
        return answer(_started(run), 201)
    if run.root_run:
        raise Refusal(400, "Bad_Request", f"experiment {name} is a clone")
    run.state, run.finished_at, run.flag_id = "RUNNING", None, new_id()
    run.changed()
    call.store.live[run.cuid] = run
    return answer(_started(run), 200)


def _refuse_taken(call: Call, name: str) -> None:
    if name in call.store.deleted:
        raise call.no_run(name)
    if call.store.find(name):
        raise Refusal(409, "Conflict", f"experiment {name} belongs to another project")


def _new_run(call: Call, asked: dict[str, Any], name: str) -> StoredRun:
    own_id = bool(_CUID.fullmatch(name))
    for part in ("cluster", "job"):
        if not isinstance(asked.get(part), str | None):
            raise Refusal(400, "Bad_Request", f"{part} must be a text or null")
    return StoredRun(
        cuid=name if own_id else new_id(),
        slug=None if own_id or not name else name,
        name=str(asked["name"]),
        username=call.user.username,
        created_at=timestamp(moment(asked["createdAt"])) if asked.get("createdAt") else now(),
        updated_at=now(),
        description=str(asked.get("description") or ""),
        colors=list(asked.get("colors") or []),
        labels=[str(label["name"]) for label in asked.get("labels") or []],
        cluster=asked.get("cluster"),
        job=asked.get("job"),
        flag_id=new_id(),
    )


def _started(run: StoredRun) -> dict[str, Any]:
    return {
        "cuid": run.cuid,
        "slug": run.slug,
        "name": run.name,
        "createdAt": run.created_at,
        "flagId": run.flag_id,
        "profile": {"config": run.config},
    }


def set_profile(call: Call) -> Answer:
    """`PUT …/runs/{run}/profile`: set config, metadata, requirements and conda, as far as given."""
    run, asked = call.run(call.own_project()), call.object()
    kinds = {"config": dict, "metadata": dict, "requirements": str, "conda": str}
    for part, content in asked.items():
        if not isinstance(content, kinds.get(part, ())):
            raise Refusal(400, "Bad_Request", f"{part} cannot be set to that")
    for part, content in asked.items():
        setattr(run, part, content)
    run.changed()
    return answer({})


def set_state(call: Call) -> Answer:
    """`PUT …/runs/{run}/state`: end a run as FINISHED, CRASHED or ABORTED, at `finishedAt` or now."""
    run, asked = call.run(call.own_project()), call.object()
    if asked.get("state") not in TERMINAL_STATES:
        raise Refusal(400, "Bad_Request", f"state must be one of {', '.join(sorted(TERMINAL_STATES))}")
    run.finished_at = timestamp(moment(asked["finishedAt"])) if asked.get("finishedAt") else now()
    run.state = asked["state"]
    run.changed()
    return answer(wire.run(call.store, run))


def heartbeat(call: Call) -> Answer:
    """`POST /house/experiments/{run}/heartbeat`: a sign of life, every ten minutes."""
    _, run = call.own_run(call.parts["run"])
    call.store.uploaded(run, "log", [])
    return answer({})
