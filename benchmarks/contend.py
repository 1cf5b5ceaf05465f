"""Measure one contender in a separate process and write the result as one line of JSON."""

import importlib
import json
import resource
import sys
import time


def main() -> None:
    """Take the contender's module, a workspace and a project as arguments; imports are not measured."""
    contender, workspace, project = sys.argv[1:]
    run = importlib.import_module(f"contenders.{contender}").prepare(workspace, project)
    started = time.perf_counter()
    runs = run()
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps({"seconds": seconds, "runs": runs, "peak": peak}) + "\n")


if __name__ == "__main__":
    main()
