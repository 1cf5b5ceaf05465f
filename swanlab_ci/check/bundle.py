"""A bundle: the record of a check in one JSON file, so that it can be judged again without any network."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Literal

from swanlab_ci.check.record import CheckRecord
from swanlab_ci.check.stored import as_json, form_of, parsed
from swanlab_ci.errors import ConfigurationError
from swanlab_ci.messages.message import Key, Message, Name
from swanlab_ci.publish.files import read_inside
from swanlab_ci.security.files import FileError, UnsuitableFileError, read_bytes, reason
from swanlab_ci.security.forms import FormError, at

_LARGEST = 1 << 30
_WRONG = {  # by the kind of the mistake
    "json_invalid": Message("check.bundle-no-json"),
    "literal_error": Message("check.bundle-other-version"),
    "missing": Message("check.bundle-value-missing"),
}
_Format = Literal[1, 2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle(CheckRecord):
    """A record as the file holds it; version 0.1 wrote format 1."""

    format: _Format = 2


def written(record: CheckRecord) -> str:
    """Return the record as the JSON of a bundle."""
    return as_json(Bundle(**{each.name: getattr(record, each.name) for each in fields(CheckRecord)}), indent=1)


def read_bundle(name: str) -> CheckRecord:
    """Read a bundle's file; raises `ConfigurationError` where it is none."""
    advice = Message("check.name-a-bundle")
    try:
        bundle = _bundle(parsed(read_bytes(name, largest=_LARGEST)))
    except OSError as error:
        raise ConfigurationError(Message("file.unreadable", file=Name(name), reason=reason(error)), advice) from error
    except FormError as error:
        wrong = _WRONG.get(error.kind) or Message("check.bundle-wrong-value", kind=Key(error.kind))
        problem = Message("check.not-a-bundle", file=Name(name), place=Name(error.path), problem=wrong)
        raise ConfigurationError(problem, advice) from None
    for path, time in _times(bundle):
        if time and time.tzinfo is None:
            problem = Message(
                "check.not-a-bundle", file=Name(name), place=Name(path), problem=Message("check.time-without-zone")
            )
            raise ConfigurationError(problem, advice)
    return bundle


def must_be_replaceable(name: str, workspace: str, *, gates: Key) -> None:
    """Refuse to write a bundle over a file that is none, such as the gate file; `gates` is how to name that one.

    Raises `ConfigurationError`. What cannot be written at all is a warning later.
    """
    try:
        content = read_inside(name, largest=_LARGEST, workspace=workspace)
        stored = parsed(content) if content.strip() else {"format": 2, "runs": []}
        if isinstance(stored, dict) and {"format", "runs"} <= stored.keys():
            return
    except UnsuitableFileError as error:
        if error.reason is not FileError.TOO_LARGE:
            return
    except (PermissionError, FormError):
        pass
    except OSError:
        return
    near = gates if name.endswith((".yml", ".yaml")) else None
    raise ConfigurationError(
        Message("check.no-bundle-there", file=Name(name)), Message("check.other-bundle", near=near)
    )


def _bundle(stored: Any) -> Bundle:
    if isinstance(stored, dict) and "format" in stored:  # first: in another format, other values may be missing
        at("format", form_of(_Format), stored["format"])
    found: Bundle = form_of(Bundle)(stored)
    return found


def _times(record: CheckRecord) -> Iterator[tuple[str, datetime | None]]:
    yield "judged_at", record.judged_at
    for number, run in enumerate(record.runs):
        yield f"runs.{number}.created_at", run.created_at
        yield f"runs.{number}.finished_at", run.finished_at
