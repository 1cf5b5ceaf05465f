"""Write down what swanlab 0.10.3 reads: `python read_new.py OUT SPACE PROJECT`."""

import json
import sys
from pathlib import Path

from swanlab import Api  # type: ignore[import-not-found]

out, space, project = sys.argv[1:]
api = Api()
path = f"{space}/{project}"
runs = list(api.runs_get(path, size=100, all=True))
read = {
    "workspaces": [space.json() for space in api.workspaces()],
    "projects": [project.json() for project in api.projects(space, all=True)],
    "runs": [run.json() for run in runs],
    "shown": [run.json()["run_id"] for run in api.runs(path)],
    "crashed": [
        run.run_id
        for run in api.runs(path, filters=[{"key": "state", "type": "STABLE", "op": "EQ", "value": ["CRASHED"]}])
    ],
    "each": [api.run(f"{path}/{run.run_id}").json() for run in runs],
    "summaries": {run.run_id: run.summary() for run in runs},
    "series": {run.run_id: [key.key for key in run.series()] for run in runs},
    "points": [key.metric()["metrics"] for run in runs[-1:] for key in run.series()],
    "all_points": [key.metric(all=True)["metrics"] for run in runs[-1:] for key in run.series()],
}
Path(out).write_text(json.dumps(read), encoding="utf-8")
