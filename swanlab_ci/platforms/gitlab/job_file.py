"""The jobs of a checkout's `.gitlab-ci.yml` that run the gate, and what in them can skip it or hide its result."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from swanlab_ci.messages import Key, Message, Name
from swanlab_ci.platforms.findings import WORKFLOW, Health, Observation, why_no_yaml
from swanlab_ci.security.files import read_bytes, reason
from swanlab_ci.security.untrusted import YAML_ERRORS, mapping, text

FILE = ".gitlab-ci.yml"
_LARGEST = 2**19
_RUNS = re.compile(r"\bswanlab-ci\b(?:(?!&&|;|\|\|).)*?\bcheck\b")
_HIDES = re.compile(r"\bswanlab-ci\b.*\bcheck\b.*?(?:\|\||;\s*(?:true|exit 0|:)\b)")
_CAPPED = re.compile(r"--level-cap[= ](warn|info)\b")
_OWN = re.compile(r"--own-rules\b")
_COMPONENT = re.compile(r"/swanlab-gate@\S+")
_FAILED, _NO_VERDICT = 1, {3, 4}
_MOST_PARENTS = 10


class _Loader(yaml.SafeLoader):
    """Reads GitLab's own tag `!reference` as nothing: what it refers to is not followed."""


_Loader.add_constructor("!reference", lambda _loader, _node: None)


@dataclass(frozen=True, slots=True)
class PipelineJob:
    """A job that runs the gate; `lines` are those of its script, empty for a component."""

    name: str
    job: Mapping[str, Any]
    lines: tuple[str, ...]


def gate_jobs(folder: Path) -> tuple[list[PipelineJob], list[Observation]]:
    """Return the jobs of the checkout `folder` that run the gate, and what could not be seen."""
    try:
        content = mapping(yaml.load(read_bytes(folder / FILE, largest=_LARGEST).decode(), _Loader))  # noqa: S506 - safe
    except FileNotFoundError:
        return [], [Observation(WORKFLOW, Health.PROBLEM, Message("gitlab.no-job", file=Key(FILE)))]
    except OSError as error:
        return [], [_unreadable(reason(error))]
    except (yaml.YAMLError, *YAML_ERRORS) as error:
        return [], [_unreadable(why_no_yaml(error))]
    jobs = [*_jobs(content), *_components(content)]
    if jobs:
        return jobs, []
    if "include" in content:
        return [], [Observation(WORKFLOW, Health.UNKNOWN, Message("gitlab.includes", file=Key(FILE)))]
    return [], [Observation(WORKFLOW, Health.PROBLEM, Message("gitlab.no-job", file=Key(FILE)))]


def flaws(found: PipelineJob) -> list[Observation]:
    """Return what can keep the gate from saying no; empty if nothing can."""
    return [
        *(Observation(WORKFLOW, Health.PROBLEM, each) for each in _problems(found)),
        *(Observation(WORKFLOW, Health.WARNING, each) for each in _doubts(found)),
    ]


def _unreadable(why: Any) -> Observation:
    return Observation(WORKFLOW, Health.UNKNOWN, Message("forge.workflow-unreadable", file=Name(FILE), reason=why))


def _jobs(content: Mapping[Any, Any]) -> Iterator[PipelineJob]:
    for name in content:
        if isinstance(name, str) and not name.startswith(".") and isinstance(content[name], dict):
            job = _extended(content, name)
            lines = tuple(_lines(job.get("script")))
            if any(map(_RUNS.search, lines)):
                yield PipelineJob(name, job, lines)


def _components(content: Mapping[Any, Any]) -> Iterator[PipelineJob]:
    """Yield this project's component; what it is given cannot let a red gate pass."""
    included = content.get("include")
    for each in included if isinstance(included, list) else [included]:
        address = text(mapping(each).get("component"))
        if _COMPONENT.search(address):
            yield PipelineJob(address, {"rules": mapping(each).get("rules")}, ())


def _extended(content: Mapping[Any, Any], name: str, depth: int = 0) -> dict[str, Any]:
    """Return a job with what it extends; of two lists the job's own counts, as on GitLab."""
    job = mapping(content.get(name))
    parents = job.get("extends")
    whole: dict[str, Any] = {}
    for parent in [parents] if isinstance(parents, str) else parents if isinstance(parents, list) else []:
        if depth < _MOST_PARENTS and isinstance(parent, str):
            whole |= _extended(content, parent, depth + 1)
    return {**whole, **{str(key): value for key, value in job.items()}}


def _lines(script: Any) -> Iterator[str]:
    for each in script if isinstance(script, list) else [script]:
        if isinstance(each, str):
            yield each.replace("\\\n", " ")
        elif isinstance(each, list):
            yield from _lines(each)


def _problems(found: PipelineJob) -> Iterator[Message]:
    job, file, name = found.job, Key(FILE), Name(found.name)
    allowed = job.get("allow_failure")
    if allowed is True or _FAILED in _codes(allowed):
        yield Message("gitlab.allow-failure", file=file, job=name, key=Key("allow_failure"))
    if any(map(_HIDES.search, found.lines)):
        yield Message("gitlab.hidden-failure", file=file, job=name)
    if "manual" in {job.get("when"), *(rule.get("when") for rule in _rules(job))}:
        yield Message("gitlab.manual", file=file, job=name, key=Key("when: manual"))
    if any(rule.get("allow_failure") is True for rule in _rules(job)):
        yield Message("gitlab.allow-failure", file=file, job=name, key=Key("rules: allow_failure"))
    filtered = [f"{key}: changes" for key in ("only", "except") if "changes" in mapping(job.get(key))]
    filtered += [f"rules: {key}" for key in ("changes", "exists") if any(key in rule for rule in _rules(job))]
    for key in filtered:
        yield Message("gitlab.path-filter", file=file, job=name, key=Key(key))


def _doubts(found: PipelineJob) -> Iterator[Message]:
    file, name = Key(FILE), Name(found.name)
    for code in sorted(_NO_VERDICT & _codes(found.job.get("allow_failure"))):
        yield Message("gitlab.allowed-code", file=file, job=name, code=code)
    if capped := next(filter(None, map(_CAPPED.search, found.lines)), None):
        yield Message("forge.shadow", file=Name(FILE), input=Key(capped[0]))
    if any(map(_OWN.search, found.lines)):
        yield Message("gitlab.own-rules", file=file, job=name, flag=Key("--own-rules"))


def _codes(allowed: Any) -> set[int]:
    given = mapping(allowed).get("exit_codes")
    return {code for code in (given if isinstance(given, list) else [given]) if type(code) is int}


def _rules(job: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    rules = job.get("rules")
    return [mapping(rule) for rule in rules] if isinstance(rules, list) else []
