"""Write down the sampled points of a run as swanlab 0.10.3 reads them: `python sampled_new.py OUT PATH POINTS KEY…`."""

import json
import sys
from pathlib import Path

from swanlab import Api  # type: ignore[import-not-found]

out, path, points, *keys = sys.argv[1:]
read = Api().run(path).metrics(keys=keys, sample=int(points))
Path(out).write_text(json.dumps(read), encoding="utf-8")
