"""Log a run with whichever swanlab is installed: `write.py MODE PROJECT END [ID]`; END: ok, crash, abort, kill.

The environment's STEPS and PAUSE tell how many steps, and how many seconds lie between them.
"""

import os
import signal
import sys
import time
from pathlib import Path

import swanlab  # type: ignore[import-not-found]

mode, project, end, *run_id = sys.argv[1:]
resumed = {"id": run_id[0], "resume": "must"} if run_id else {}
swanlab.init(
    workspace="my-team",
    project=project,
    mode=mode,
    experiment_name=f"written-{end}",
    description="by a test",
    tags=["smoke", "written"],
    group="writers",
    job_type="train",
    config={"lr": 1e-3, "model": {"name": "resnet", "depth": 50}, "seeds": [1, 2]},
    **resumed,
)
print("a line of the log")  # noqa: T201 - the SDK sends what is printed
first = 4 if resumed else 1
for step in range(first, first + int(os.environ.get("STEPS", "3"))):
    swanlab.log({"val/acc": 0.5 + step / 10, "val/loss": 1.0 / step}, step=step)
    time.sleep(float(os.environ.get("PAUSE", "0")))
swanlab.log({"odd": float("nan"), "note": swanlab.Text("in words")}, step=first)
Path("notes.txt").write_text("kept", encoding="utf-8")
swanlab.save("notes.txt")
if end == "kill":
    time.sleep(1)  # let the SDK's thread write
    os.kill(os.getpid(), signal.SIGKILL)
if end == "crash":
    raise RuntimeError("it went wrong")
if end == "abort":
    raise KeyboardInterrupt
swanlab.finish()
