"""The workflows of a checkout that use this action, and what in them can skip the gate or hide its result silently."""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from swanlab_ci.messages import Key, Message, Name
from swanlab_ci.platforms.findings import Health, Observation, why_no_yaml
from swanlab_ci.security.files import read_bytes, reason
from swanlab_ci.security.untrusted import YAML_ERRORS, mapping, text

FOLDER = Path(".github", "workflows")
_LARGEST = 2**19
_OURS = re.compile(r"(?:https?://[^\s@]+/)?[A-Za-z0-9-]{1,39}/swanlab-ci@\S+")
_ALWAYS = frozenset({"!cancelled()", "always()", "success() || failure()"})
_ON_PULL_REQUESTS = ("pull_request", "pull_request_target")
_TYPES = ("opened", "synchronize", "reopened")
_RETARGETED = "edited"  # also sent when the base branch of a pull request is changed
_FREE_LEVELS = ("warn", "info")
_PART = "workflow"
_PLACEHOLDER = "your-org/"
DEFAULT_GATES = "swanlab-gate.yml"  # the default of the input; a test compares them


@dataclass(frozen=True, slots=True)
class GateJob:
    """A job that runs the gate: its file, its id and content, the step, and the events of its workflow by name."""

    file: str
    id: str
    job: Mapping[str, Any]
    step: Mapping[str, Any]
    events: Mapping[str, Any]
    workflow: str = ""

    @property
    def check(self) -> str:
        """The name under which the result can be required: the commit status if there is one, else the job's."""
        return self.status or text(self.job.get("name")) or self.id

    @property
    def status(self) -> str:
        """The commit status that the step sets, or the empty text."""
        return text(mapping(self.step.get("with")).get("status-context"))


def gate_jobs(folder: Path, workflows: Path = FOLDER) -> tuple[list[GateJob], list[Observation]]:
    """Return the jobs in the checkout `folder` that use this action, and the workflows that cannot be read."""
    jobs: list[GateJob] = []
    unread: list[Observation] = []
    for path in sorted((folder / workflows).glob("*.y*ml")):
        name = str(path.relative_to(folder))
        try:
            content = mapping(yaml.safe_load(read_bytes(path, largest=_LARGEST).decode()))
        except OSError as error:
            unread.append(_unreadable(name, reason(error)))
        except (yaml.YAMLError, *YAML_ERRORS) as error:
            unread.append(_unreadable(name, why_no_yaml(error)))
        else:
            jobs += _jobs(name, content)
    return jobs, unread


def flaws(found: GateJob, branch: str, *, has_merge_queue: bool) -> list[Observation]:
    """Return what can keep the gate from saying no; empty if nothing can."""
    messages = [*_of_events(found, branch), *_of_job(found), *_of_step(found)]
    if has_merge_queue and "merge_group" not in found.events:
        messages.append(Message("github.no-merge-group", file=Name(found.file), branch=Name(branch)))
    findings = [Observation(_PART, Health.PROBLEM, message) for message in messages]
    findings += [Observation(_PART, Health.WARNING, message) for message in _of_retargeting(found)]
    level = text(mapping(found.step.get("with")).get("level-cap"))
    if level in _FREE_LEVELS:
        shadow = Message("forge.shadow", file=Name(found.file), input=Key(f"level-cap: {level}"))
        findings.append(Observation(_PART, Health.WARNING, shadow))
    return findings


def unusable(found: GateJob, folder: Path) -> Iterator[Observation]:
    """Yield what lets the step find nothing: the action at a placeholder, a gate file that is not in `folder`."""
    file, uses = Name(found.file), text(found.step.get("uses"))
    if uses.startswith(_PLACEHOLDER):
        yield Observation(
            _PART, Health.PROBLEM, Message("github.placeholder", file=file, placeholder=Key(_PLACEHOLDER))
        )
    gates = text(mapping(found.step.get("with")).get("gates")) or DEFAULT_GATES
    if "${{" not in gates and not os.path.isfile(folder / gates):  # noqa: PTH113 - takes any text
        missing = Message("github.no-gate-file", file=file, job=Name(found.id), gates=Name(gates))
        yield Observation(_PART, Health.PROBLEM, missing)


def _unreadable(file: str, why: Any) -> Observation:
    return Observation(_PART, Health.UNKNOWN, Message("forge.workflow-unreadable", file=Name(file), reason=why))


def _jobs(file: str, content: Mapping[Any, Any]) -> Iterator[GateJob]:
    name = text(content.get("name")) or Path(file).name
    events = _events(content.get("on", content.get(True)))  # YAML 1.1 reads the key `on` as a bool
    for id_, job in mapping(content.get("jobs")).items():
        steps = mapping(job).get("steps")
        for step in map(mapping, steps if isinstance(steps, list) else ()):
            if _OURS.fullmatch(text(step.get("uses"))):
                yield GateJob(file, str(id_), mapping(job), step, events, name)


def _events(value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        return {str(name): mapping(settings) for name, settings in value.items()}
    return {str(name): {} for name in (value if isinstance(value, list) else [value])}


def _of_events(found: GateJob, branch: str) -> Iterator[Message]:
    file = Name(found.file)
    triggers = [name for name in _ON_PULL_REQUESTS if name in found.events]
    if not triggers and not (found.status and "workflow_run" in found.events):
        yield Message("github.no-pull-request-event", file=file, event=Key("pull_request"))
    for name in triggers:
        settings = found.events[name]
        for key in ("paths", "paths-ignore"):
            if key in settings:
                yield Message("github.path-filter", file=file, key=Key(f"{name}: {key}:"))
        if not _covers(settings, branch):
            yield Message("github.branch-filter", file=file, event=Key(name), branch=Name(branch))
        types = settings.get("types")
        missing = [word for word in _TYPES if isinstance(types, list) and word not in types]
        if missing:
            yield Message("github.types-filter", file=file, key=Key("types:"), missing=tuple(map(Key, missing)))


def _of_retargeting(found: GateJob) -> Iterator[Message]:
    """Name an event that is not sent when the base branch changes: the old result stays, by other rules."""
    for name in _ON_PULL_REQUESTS:
        types = found.events[name].get("types") if name in found.events else [_RETARGETED]
        if not (isinstance(types, list) and _RETARGETED in types):
            whole = Key(f"{name}: {{types: [{', '.join((*_TYPES, _RETARGETED))}]}}")
            yield Message("github.not-retargeted", file=Name(found.file), event=Key(name), types=whole)


def _covers(settings: Mapping[str, Any], branch: str) -> bool:
    """Return whether an event's filters keep `branch`; of several patterns the last that fits decides."""
    wanted, ignored = settings.get("branches"), settings.get("branches-ignore")
    if isinstance(wanted, (str, list)):
        kept = False
        for pattern in [wanted] if isinstance(wanted, str) else map(str, wanted):
            if _fits(pattern.removeprefix("!"), branch):
                kept = not pattern.startswith("!")
        return kept
    patterns = [ignored] if isinstance(ignored, str) else ignored if isinstance(ignored, list) else []
    return not any(_fits(str(pattern), branch) for pattern in patterns)


def _fits(pattern: str, branch: str) -> bool:
    """Match as GitHub's "filter pattern cheat sheet": `*` stops at a slash, `**` does not."""
    signs = {"**": ".*", "*": "[^/]*", "?": "?", "+": "+"}
    parts = re.split(r"(\*\*|\*|\?|\+)", pattern)
    try:
        return bool(re.fullmatch("".join(signs.get(part) or re.escape(part) for part in parts), branch))
    except re.error:
        return False


def _of_job(found: GateJob) -> Iterator[Message]:
    file, job = Name(found.file), Name(found.id)
    condition = _condition(found.job)
    if condition and condition not in _ALWAYS and not found.status:
        yield Message("github.job-condition", file=file, job=job, condition=Name(condition))
    needs = found.job.get("needs")
    names = [needs] if isinstance(needs, str) else needs if isinstance(needs, list) else []
    if names and not condition and not found.status:
        yield Message(
            "github.job-needs", file=file, job=job, needs=tuple(Name(str(each)) for each in names),
            remedy=Key("if: ${{ !cancelled() }}"),
        )  # fmt: skip


def _of_step(found: GateJob) -> Iterator[Message]:
    file, job, condition = Name(found.file), Name(found.id), _condition(found.step)
    if condition and condition not in _ALWAYS and not found.status:
        yield Message("github.step-condition", file=file, job=job, condition=Name(condition))
    if found.step.get("continue-on-error") or found.job.get("continue-on-error"):
        yield Message("github.continue-on-error", file=file, job=job, key=Key("continue-on-error"))


def _condition(part: Mapping[str, Any]) -> str:
    """Return the condition of a job or step without `${{ }}`, or the empty text."""
    written = part.get("if")
    return "" if written is None else re.sub(r"^\$\{\{(.*)\}\}$", r"\1", str(written).strip()).strip()
