"""Read a run directory, as the SDK left it, into a run: its records and its profile."""

import re
from array import array
from collections.abc import Iterator
from functools import partial
from math import nan
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from swanlab_ci.messages import Message
from swanlab_ci.model import Points, Run
from swanlab_ci.sources.local.files import open_records, profile_json, profile_text, profile_yaml, reading, unreadable
from swanlab_ci.sources.local.framing import BLOCK, START, DamagedRecordError, payloads
from swanlab_ci.sources.local.records import READERS, LoggedValue, RunFields
from swanlab_ci.sources.profile import git_of, unwrapped, versions

_MARK = b":SWL\xd6\xe1"
_NAMED_BY_SDK = re.compile(r"run-\d{8}_\d{6}-")
_NO_EXTREMES = dict.fromkeys(("min", "max", "min.step", "max.step"), "NaN")
_NAMES = ("backup.swanlab", "run-*.swanlab")  # the file of records of the old and the new SDK


class Recorded(NamedTuple):
    """A run, and the project it was logged for; `workspace` may be empty, which means the account's own."""

    run: Run
    workspace: str
    project: str
    directory: Path


class _Columns(NamedTuple):
    """The points of a metric while they are read, in 16 bytes each."""

    steps: "array[int]"
    values: "array[float]"

    def add(self, point: LoggedValue) -> None:
        """Add one; a value that is no number counts as one that is not finite."""
        self.steps.append(point.step)
        try:
            self.values.append(float(point.value))
        except ValueError:
            self.values.append(nan)


def is_run_directory(path: Path) -> bool:
    """Return whether `path` looks like one: by the SDKs' name, or by its content under another name."""
    return path.is_dir() and bool(_NAMED_BY_SDK.match(path.name) or _files_of_records(path))


def read_directory(directory: Path, root: Path, points_of: frozenset[str] = frozenset()) -> Recorded:
    """Read one run directory, without leaving `root`; of the metrics `points_of` all points are kept.

    Without a record of its end a run counts as RUNNING: nothing shows whether it was killed. Raises `UnavailableError`
    for files that are not as the SDK wrote them, and for a run without a record of its start: without name and labels
    no gate would select it.
    """
    records = _records_of(directory)
    fields: dict[str, Any] = {"workspace": "", "project": ""}
    metrics: dict[str, dict[str, Any]] = {}
    points = {key: _Columns(array("q"), array("d")) for key in points_of}
    with open_records(records, root) as file, reading(records):
        for each in _read(file, records):
            if isinstance(each, LoggedValue):
                _add(metrics, each)
                if each.key in points:
                    points[each.key].add(each)
            else:
                fields |= each
    if not fields.get("id"):
        raise unreadable(records, Message("source.not-started"))
    workspace, project = fields.pop("workspace"), fields.pop("project")
    run = Run(
        **{"state": "RUNNING"} | fields,
        **_profile(directory / "files", root),
        metrics=metrics,
        points={key: Points.of(*columns) for key, columns in points.items()},
    )
    return Recorded(run, workspace, project, directory)


def _records_of(directory: Path) -> Path:
    found = _files_of_records(directory)
    if len(found) != 1:
        raise unreadable(directory, Message("source.many-record-files" if found else "source.no-record-file"))
    return found[0]


def _files_of_records(directory: Path) -> list[Path]:
    return [path for name in _NAMES for path in directory.glob(name)]


def _read(file: BinaryIO, path: Path) -> Iterator[LoggedValue | RunFields]:
    header = file.read(START)
    if not _MARK.startswith(header[: len(_MARK)]):
        raise unreadable(path, Message("source.not-swanlab"))
    if len(header) < START:
        return  # nothing was flushed yet
    read = READERS.get(header[-1])
    if read is None:
        raise unreadable(path, Message("source.unknown-version", version=header[-1]))
    file.seek(0)
    whole = 0
    try:
        for payload in payloads(iter(partial(file.read, BLOCK), b"")):
            yield read(payload)
            whole += 1
    except DamagedRecordError as error:
        raise unreadable(path, Message("source.damaged-record", number=whole + 1, reason=error.reason)) from error


def _add(metrics: dict[str, dict[str, Any]], point: LoggedValue) -> None:
    """Keep the last, least and greatest value and their steps; as on SwanLab, of equal extremes the first counts.

    Extremes ignore values that are not finite.
    """
    known = metrics.setdefault(point.key, {"last": point.value, "step": point.step, **_NO_EXTREMES})
    if point.step >= known["step"]:
        known |= {"last": point.value, "step": point.step}
    if isinstance(point.value, float):
        none_yet = known["min"] == "NaN"
        if none_yet or (point.value, point.step) < (known["min"], known["min.step"]):
            known |= {"min": point.value, "min.step": point.step}
        if none_yet or (-point.value, point.step) < (-known["max"], known["max.step"]):
            known |= {"max": point.value, "max.step": point.step}


def _profile(files: Path, root: Path) -> dict[str, Any]:
    metadata = profile_json(files / "swanlab-metadata.json", root)
    return {
        "config": unwrapped(profile_yaml(files / "config.yaml", root)),
        "metadata": metadata,
        "requirements": versions(profile_text(files / "requirements.txt", root)),
        "conda": profile_text(files / "conda.yaml", root),
        "git": git_of(metadata),
    }
