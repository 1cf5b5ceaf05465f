"""A run directory, as the SDK left it, becomes a run: its records are summed up, its profile is read."""

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from swanlab_ci.model import Run
from swanlab_ci.sources.local.files import open_records, read_json, read_text, read_yaml, reading, unreadable
from swanlab_ci.sources.local.framing import BLOCK, START, payloads
from swanlab_ci.sources.local.records import READERS, Facts, Point
from swanlab_ci.sources.profile import git_of, unwrapped, versions

_MARK = b":SWL\xd6\xe1"
_NOT_STARTED = (
    "its run's start is not in it, and so neither its name nor its labels. It was killed, or still goes on: "
    "SwanLab 0.8 and newer keep a short run in memory until it ends"
)
_NAMED_BY_SDK = re.compile(r"run-\d{8}_\d{6}-")
_NAMES = ("backup.swanlab", "run-*.swanlab")  # of the old and the new SDK's file of records


class Recorded(NamedTuple):
    """A run, and the project it was logged for; an empty text for a workspace that is left to the account."""

    run: Run
    workspace: str
    project: str
    directory: Path


def is_run_directory(path: Path) -> bool:
    """Tell whether `path` looks like one: by the name that the SDKs give, or by what it holds under another."""
    return path.is_dir() and bool(_NAMED_BY_SDK.match(path.name) or _files_of_records(path))


def read_directory(directory: Path, root: Path) -> Recorded:
    """Read one run directory, without leaving `root`.

    Without a record of its end a run counts as RUNNING: whether it was killed cannot be known. Raises
    `UnavailableError` for files that are not as the SDK wrote them, and where there is no record of the run's start:
    without name and labels a gate would pass it over.
    """
    records = _records_of(directory)
    facts: dict[str, Any] = {"workspace": "", "project": ""}
    metrics: dict[str, dict[str, Any]] = {}
    with open_records(records, root) as file, reading(records):
        for told in _told(file, records):
            if isinstance(told, Point):
                _add(metrics, told)
            else:
                facts |= told
    if not facts.get("id"):
        raise unreadable(records, _NOT_STARTED)
    workspace, project = facts.pop("workspace"), facts.pop("project")
    run = Run(**{"state": "RUNNING"} | facts, **_profile(directory / "files", root), metrics=metrics)
    return Recorded(run, workspace, project, directory)


def _records_of(directory: Path) -> Path:
    found = _files_of_records(directory)
    if len(found) != 1:
        many = "more than one file" if found else "no file"
        raise unreadable(directory, f"it holds {many} of records (`backup.swanlab`, `run-….swanlab`)")
    return found[0]


def _files_of_records(directory: Path) -> list[Path]:
    return [path for name in _NAMES for path in directory.glob(name)]


def _told(file: BinaryIO, path: Path) -> Iterator[Point | Facts]:
    header = file.read(START)
    if not _MARK.startswith(header[: len(_MARK)]):
        raise unreadable(path, "it is no file of SwanLab's")
    if len(header) < START:
        return  # nothing was flushed yet
    read = READERS.get(header[-1])
    if read is None:
        raise unreadable(path, f"its version is {header[-1]}; 1 (0.6.13 to 0.7.20) and 2 (since 0.8) are known")
    file.seek(0)
    whole = 0
    try:
        for payload in payloads(iter(partial(file.read, BLOCK), b"")):
            yield read(payload)
            whole += 1
    except ValueError as error:
        raise unreadable(path, f"record {whole + 1} is damaged, {error}") from error


def _add(metrics: dict[str, dict[str, Any]], point: Point) -> None:
    """Keep the last, least and greatest value; as on SwanLab, extremes are over finite values, NaN without any."""
    known = metrics.setdefault(point.key, {"last": point.value, "step": point.step, "min": "NaN", "max": "NaN"})
    if point.step >= known["step"]:
        known |= {"last": point.value, "step": point.step}
    if isinstance(point.value, float):
        none_yet = known["min"] == "NaN"
        known["min"] = point.value if none_yet else min(known["min"], point.value)
        known["max"] = point.value if none_yet else max(known["max"], point.value)


def _profile(files: Path, root: Path) -> dict[str, Any]:
    metadata = read_json(files / "swanlab-metadata.json", root)
    return {
        "config": unwrapped(read_yaml(files / "config.yaml", root)),
        "metadata": metadata,
        "requirements": versions(read_text(files / "requirements.txt", root)),
        "conda": read_text(files / "conda.yaml", root),
        "git": git_of(metadata),
    }
