"""A bundle: all that a verdict came from, in one JSON file, so that it can be judged again without any network."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, PlainSerializer, PlainValidator, TypeAdapter, ValidationError

from swanlab_ci import gate
from swanlab_ci.errors import ConfigurationError, as_message
from swanlab_ci.judgement import Judgement, Proposal, Verdict
from swanlab_ci.messages.message import Message, Name, from_stored, to_stored
from swanlab_ci.model import Level, Run, Status
from swanlab_ci.security.files import read_bytes, reason


def _messages(stored: Any) -> tuple[Message, ...]:
    """Read notes; version 0.1 stored them as texts."""
    return tuple(as_message(each) if isinstance(each, str) else from_stored(each) for each in stored)


def _stored(messages: tuple[Message, ...]) -> list[Any]:
    return [to_stored(message) for message in messages]


def _proposal(stored: Any) -> Proposal | None:
    if stored is None or isinstance(stored, Proposal):
        return stored
    if "reason" in stored:
        return Proposal(reason=from_stored(stored["reason"]))
    return Proposal(status=Status(stored["status"]), headline=from_stored(stored["headline"]))


def _stored_proposal(proposal: Proposal | None) -> Any:
    if proposal is None:
        return None
    if proposal.reason:
        return {"reason": to_stored(proposal.reason)}
    return {"status": proposal.status, "headline": proposal.headline and to_stored(proposal.headline)}


Variables = Mapping[str, str | int | tuple[str, ...] | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """What was known when it was judged, at `judged_at`; `text` is the gate file's, `extends` what it builds on."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(ser_json_inf_nan="constants", hide_input_in_errors=True)

    format: Literal[1, 2] = 2
    project: str
    project_url: str
    gate_file: str
    text: str
    extends: Mapping[str, str]
    variables: Variables
    event: str
    strict: bool
    level_cap: Level
    judged_at: datetime
    commit: str
    notes: Annotated[tuple[Message, ...], PlainValidator(_messages), PlainSerializer(_stored)] = ()
    proposal: Annotated[Proposal | None, PlainValidator(_proposal), PlainSerializer(_stored_proposal)] = None
    runs: tuple[Run, ...]

    def judge(self) -> Verdict:
        """Judge again; the same verdict as then, as long as the gate language means the same."""
        return gate.judge(self.rules(), self.runs, now=self.judged_at, strict=self.strict, level_cap=self.level_cap)

    def judgement(self, verdict: Verdict) -> Judgement:
        """Say what the verdict was about."""
        return Judgement(
            verdict=verdict,
            judged_at=self.judged_at,
            project=self.project,
            project_url=self.project_url,
            gate_file=self.gate_file,
            commit=self.commit,
            runs_fetched=len(self.runs),
            notes=self.notes,
            proposal=self.proposal,
        )

    def rules(self) -> gate.GateFile:
        """Read the gate file, with its variables in place."""
        loaded = gate.load(self.text, name=self.gate_file, read=self.extends.__getitem__)
        return gate.bind(loaded, self.variables, event=self.event)

    def written(self) -> str:
        """Return the bundle as JSON."""
        content = json.dumps(
            _FORM.dump_python(self, warnings=False), default=datetime.isoformat, ensure_ascii=False, indent=1
        )
        return content.encode("utf-8", "replace").decode()  # half a character in a name is no reason to write nothing


_FORM = TypeAdapter(Bundle)
_LARGEST = 1 << 30


def read_bundle(name: str) -> Bundle:
    """Read a bundle's file; raises `ConfigurationError` where it is none."""
    advice = Message("check.name-a-bundle")
    try:
        return _FORM.validate_json(read_bytes(name, largest=_LARGEST))
    except OSError as error:
        raise ConfigurationError(Message("file.unreadable", file=Name(name), reason=reason(error)), advice) from error
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        place = Name(".".join(map(str, first["loc"])))
        problem = Message("check.not-a-bundle", file=Name(name), place=place, problem=Name(first["msg"]))
        raise ConfigurationError(problem, advice) from None
