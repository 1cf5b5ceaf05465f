"""Start a run with a config written before and after its start: `bind.py MODE arguments|none [ID]`.

With `arguments`, the code also names group, job type, tags, description and config itself.
"""

import sys

import swanlab  # type: ignore[import-not-found]

mode, arguments, *run_id = sys.argv[1:]
given = {"group": "mine", "job_type": "mine", "tags": ["mine"], "description": "mine", "config": {"lr": 1e-3}}
resumed = {"id": run_id[0], "resume": "must"} if run_id else {}
number = 2 if run_id else 1
swanlab.config.update({"before": number})
swanlab.init(workspace="my-team", project="bound", mode=mode, **(given if arguments == "arguments" else {}), **resumed)
swanlab.config.update({"after": number})
swanlab.log({"acc": 0.5}, step=number)
swanlab.finish()
