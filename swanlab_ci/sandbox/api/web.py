"""The web pages of projects and runs, so that links to them work."""

import re
from html import escape

from swanlab_ci.sandbox.api.wire import summary
from swanlab_ci.sandbox.http.exchange import Answer
from swanlab_ci.sandbox.storage.store import Store, StoredProject, StoredRun

_ADDRESS = re.compile(r"/@(?P<project>[^/]+/[^/]+)(?:/runs/(?P<run>.+?)(?:/(?:chart|environment/\w+|log))?)?/?")
_LISTED = 100


def page(store: Store, path: str) -> Answer | None:
    """Show the project `/@space/project` or its run `…/runs/{id or slug}/chart`; None for any other address."""
    match = _ADDRESS.fullmatch(path)
    project = store.projects.get(match["project"]) if match else None
    if match is None or project is None:
        return None
    if match["run"] is None:
        return _html(project.path, _runs(project))
    run = store.run_in(project, match["run"])
    return _html(f"{project.path}: {run.name}", _run(run)) if run else None


def _html(title: str, rows: list[tuple[str, str]]) -> Answer:
    cells = "".join(f"<tr><th align=left>{name}<td>{value}" for name, value in rows)
    head = f"<!doctype html><meta charset=utf-8><title>{escape(title)}</title><h1>{escape(title)}</h1>"
    return Answer(
        body=f"{head}<table>{cells}</table>".encode("utf-8", "replace"), content_type="text/html; charset=utf-8"
    )


def _runs(project: StoredProject) -> list[tuple[str, str]]:
    newest = reversed(project.runs[-_LISTED:])
    return [
        (f'<a href="/@{escape(project.path)}/runs/{run.cuid}/chart">{escape(run.name)}</a>', run.state)
        for run in newest
    ]


def _run(run: StoredRun) -> list[tuple[str, str]]:
    config = [(f"config.{key}", repr(item.get("value"))) for key, item in run.config.items()]
    latest = [(key, str(summary(points)["value"])) for key, points in run.series.items() if points]
    rows = [("state", run.state), ("labels", ", ".join(run.labels)), ("created", run.created_at), *config, *latest]
    return [(escape(name), escape(value)) for name, value in rows]
