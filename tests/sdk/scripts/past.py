"""Train a commit once: `past.py MODE COMMIT BRANCH ACCURACY ok|crash`."""

import sys

import swanlab  # type: ignore[import-not-found]

mode, commit, branch, accuracy, end = sys.argv[1:]
swanlab.init(
    workspace="my-team",
    project="replayed",
    mode=mode,
    experiment_name=f"{branch}-{commit[:7]}",
    group=commit,
    job_type=branch,
    tags=["eval"],
    config={"lr": 1e-3},
)
for step in range(4):
    swanlab.log({"acc": float(accuracy) - (3 - step) / 10}, step=step)
if end == "crash":
    raise RuntimeError("it went wrong")
swanlab.finish()
