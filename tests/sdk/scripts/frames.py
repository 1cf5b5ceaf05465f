"""Write down where our frames of metrics differ from swanlab 0.7.20's: `python frames.py OUT RUN KEY…`."""

import json
import sys
from pathlib import Path

import swanlab  # type: ignore[import-not-found]

from swanlab_ci import OpenApi

out, run, *keys = sys.argv[1:]
differ = {}
for key in keys:
    theirs, ours = swanlab.OpenApi().get_metrics(run, [key]).data, OpenApi().get_metrics(run, [key]).data
    if not (
        theirs.equals(ours) and list(theirs.columns) == list(ours.columns) and ours.index.name == theirs.index.name
    ):
        differ[key] = [str(theirs), str(ours)]
both = OpenApi().get_metrics(run, keys).data
told = {"differ": differ, "columns": list(both.columns), "rows": len(both)}
Path(out).write_text(json.dumps(told), encoding="utf-8")
