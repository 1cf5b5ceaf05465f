"""Start a run and record its code with whichever swanlab is installed: `record_code.py MODE [ID]`; a config is kept.

swanlab-ci is loaded from the folder that `SWANLAB_CI` names: the SDK's environment need not have it.
"""

import os
import sys

sys.path.insert(0, os.environ["SWANLAB_CI"])

import swanlab  # type: ignore[import-not-found]

import swanlab_ci

mode, *run_id = sys.argv[1:]
resumed = {"id": run_id[0], "resume": "must"} if run_id else {}
swanlab.init(workspace="my-team", project="recorded", mode=mode, config={"lr": 1e-3}, **resumed)
swanlab_ci.record()
swanlab.log({"acc": 0.5}, step=1 + len(run_id))
swanlab.finish()
