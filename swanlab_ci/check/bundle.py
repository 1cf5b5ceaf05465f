"""A bundle: the record of a check in one JSON file, so that it can be judged again without any network."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import datetime
from functools import cache
from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, PlainSerializer, PlainValidator, TypeAdapter, ValidationError

from swanlab_ci.check.record import CheckRecord
from swanlab_ci.errors import ConfigurationError
from swanlab_ci.insight import Details
from swanlab_ci.judgement import OtherProject, Proposal
from swanlab_ci.messages.message import Key, Message, Name, from_stored, to_stored
from swanlab_ci.model import Status
from swanlab_ci.security.files import read_bytes, reason

_LARGEST = 1 << 30
_WRONG = {  # by pydantic's name for the mistake
    "json_invalid": Message("check.bundle-no-json"),
    "literal_error": Message("check.bundle-other-version"),
    "missing": Message("check.bundle-value-missing"),
}


def _messages(stored: Any) -> tuple[Message, ...]:
    """Read notes; version 0.1 stored them as texts."""
    return tuple(Message("text", text=Name(each)) if isinstance(each, str) else from_stored(each) for each in stored)


def _stored(messages: tuple[Message, ...]) -> list[Any]:
    return [to_stored(message) for message in messages]


def _proposal(stored: Any) -> Proposal | None:
    if stored is None or isinstance(stored, Proposal):
        return stored
    if "reason" in stored:
        return Proposal(reason=from_stored(stored["reason"]))
    past = stored.get("past")
    return Proposal(
        status=Status(stored["status"]),
        headline=from_stored(stored["headline"]),
        past=from_stored(past) if past else None,
    )


def _stored_proposal(proposal: Proposal | None) -> Any:
    if proposal is None:
        return None
    if proposal.reason:
        return {"reason": to_stored(proposal.reason)}
    stored = {"status": proposal.status, "headline": proposal.headline and to_stored(proposal.headline)}
    return stored | ({"past": to_stored(proposal.past)} if proposal.past else {})


@dataclass(frozen=True, slots=True)
class BundledDetails(Details):
    """What was fetched for the report alone; version 1.0 and before wrote none."""

    notes: Annotated[tuple[Message, ...], PlainValidator(_messages), PlainSerializer(_stored)] = ()


def _failure(stored: Any) -> Message | None:
    return stored if stored is None or isinstance(stored, Message) else from_stored(stored)


@dataclass(frozen=True, slots=True)
class BundledProject(OtherProject):
    """A project that was read besides the check's own; version 1.0 and before knew none."""

    failure: Annotated[
        Message | None, PlainValidator(_failure), PlainSerializer(lambda failure: failure and to_stored(failure))
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle(CheckRecord):
    """A record as the file holds it; version 0.1 wrote format 1."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(ser_json_inf_nan="constants", hide_input_in_errors=True)

    format: Literal[1, 2] = 2
    notes: Annotated[tuple[Message, ...], PlainValidator(_messages), PlainSerializer(_stored)] = ()
    details: BundledDetails = field(default_factory=BundledDetails)
    proposal: Annotated[Proposal | None, PlainValidator(_proposal), PlainSerializer(_stored_proposal)] = None
    others: tuple[BundledProject, ...] = ()


@cache
def _form() -> TypeAdapter[Bundle]:
    return TypeAdapter(Bundle)


def written(record: CheckRecord) -> str:
    """Return the record as the JSON of a bundle."""
    known = {each.name: getattr(record, each.name) for each in fields(CheckRecord)}
    details = BundledDetails(record.details.runs, record.details.curves, record.details.notes)
    others = tuple(
        BundledProject(each.origin, each.project, each.url, each.runs, each.failure) for each in record.others
    )
    bundle = Bundle(**known | {"details": details, "others": others})
    content = json.dumps(
        _form().dump_python(bundle, warnings=False), default=datetime.isoformat, ensure_ascii=False, indent=1
    )
    return content.encode("utf-8", "replace").decode()  # half a character in a name is no reason to write nothing


def read_bundle(name: str) -> CheckRecord:
    """Read a bundle's file; raises `ConfigurationError` where it is none."""
    advice = Message("check.name-a-bundle")
    try:
        bundle = _form().validate_json(read_bytes(name, largest=_LARGEST))
    except OSError as error:
        raise ConfigurationError(Message("file.unreadable", file=Name(name), reason=reason(error)), advice) from error
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False, include_context=False)
        first = next((each for each in found if each["loc"] == ("format",)), found[0])
        place = Name(".".join(map(str, first["loc"])))
        wrong = _WRONG.get(first["type"]) or Message("check.bundle-wrong-value", kind=Key(first["type"]))
        problem = Message("check.not-a-bundle", file=Name(name), place=place, problem=wrong)
        raise ConfigurationError(problem, advice) from None
    for path, time in _times(bundle):
        if time and time.tzinfo is None:
            problem = Message(
                "check.not-a-bundle", file=Name(name), place=Name(path), problem=Message("check.time-without-zone")
            )
            raise ConfigurationError(problem, advice)
    return bundle


def _times(record: CheckRecord) -> Iterator[tuple[str, datetime | None]]:
    yield "judged_at", record.judged_at
    for number, run in enumerate(record.runs):
        yield f"runs.{number}.created_at", run.created_at
        yield f"runs.{number}.finished_at", run.finished_at
