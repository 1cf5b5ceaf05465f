"""Write down all points of a run as swanlab 0.7.20 reads them: `python points_old.py OUT RUN KEY…`."""

import json
import sys
from pathlib import Path

from swanlab import OpenApi  # type: ignore[import-not-found]

out, run, *keys = sys.argv[1:]
frames = {key: OpenApi().get_metrics(run, [key]).data for key in keys}
read = {key: [[int(step), *map(float, row)] for step, *row in frame.itertuples()] for key, frame in frames.items()}
Path(out).write_text(json.dumps(read), encoding="utf-8")
