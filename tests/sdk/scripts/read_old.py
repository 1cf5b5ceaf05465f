"""Write down what swanlab 0.7.20 reads: `python read_old.py OUT SPACE PROJECT`."""

import json
import sys
from pathlib import Path
from typing import Any

from swanlab import Api, OpenApi  # type: ignore[import-not-found]

out, space, project = sys.argv[1:]
api = OpenApi()


def plain(answer: Any) -> Any:
    """Keep the code and the data, models as dicts."""
    data = answer.data
    if isinstance(data, list):
        data = [item if isinstance(item, dict) else item.model_dump() for item in data]
    elif hasattr(data, "model_dump"):
        data = data.model_dump()
    return {"code": answer.code, "data": data}


runs = api.list_experiments(project=project, username=space)
read = {
    "workspaces": plain(api.list_workspaces()),
    "projects": plain(api.list_projects(username=space)),
    "plain_projects": plain(api.list_projects(username=space, detail=False)),
    "runs": plain(runs),
    "each": [plain(api.get_experiment(project=project, exp_id=run.cuid, username=space)) for run in runs.data],
    "summaries": {
        run.cuid: api.get_summary(project=project, exp_id=run.cuid, username=space).data for run in runs.data
    },
    "crashed": [run.id for run in Api().runs(f"{space}/{project}", filters={"state": "CRASHED"})],
    "evaluated": [
        run.id for run in Api().runs(f"{space}/{project}", filters={"config.dataset": "cifar10", "tags": ["eval"]})
    ],
    "nobody": api.get_experiment(project=project, exp_id="nobody", username=space).code,
    "nowhere": api.list_experiments(project="nowhere", username=space).code,
}
Path(out).write_text(json.dumps(read), encoding="utf-8")
