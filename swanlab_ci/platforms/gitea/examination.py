"""Is the gate armed on Gitea or Forgejo: does the branch require its check, and can a workflow skip it silently."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from swanlab_ci.messages import Key, Message, Name
from swanlab_ci.platforms.api import attempted
from swanlab_ci.platforms.context import Context
from swanlab_ci.platforms.findings import REQUIRED, WORKFLOW, Health, Observation, not_asked
from swanlab_ci.platforms.gitea.api import Gitea
from swanlab_ci.platforms.github.permissions import permission_or_later
from swanlab_ci.platforms.github.workflows import FOLDER, GateJob, flaws, gate_jobs
from swanlab_ci.platforms.payload import REPOSITORY, Payload, matching, usable_token
from swanlab_ci.runtime.deadline import Deadline
from swanlab_ci.security.escaping import url_part

_FOLDERS = (Path(".gitea", "workflows"), Path(".forgejo", "workflows"), FOLDER)
_EVENTS = ("pull_request", "pull_request_target")


@dataclass(frozen=True, slots=True)
class _Rules:
    branch: str
    protected: bool
    checks: Sequence[str]


def examine(
    environ: Mapping[str, str], folder: Path, *, ci: str, branch: str, check: str, deadline: Deadline
) -> list[Observation]:
    """Examine the repository that `environ` names and its checkout in `folder`; never raises."""
    jobs, findings = _jobs(folder)
    if not jobs:
        nothing = Message("forge.no-gate-workflow", folder=Name(str(_FOLDERS[ci == "forgejo"])))
        findings.append(Observation(WORKFLOW, Health.WARNING if check else Health.PROBLEM, nothing))
    rules, seen = _rules(environ, ci, branch, deadline)
    findings += seen
    if rules:
        findings += _armed(rules, [check] if check else [name for job in jobs for name in _names(job)])
    for job in jobs:
        fine = Message("forge.workflow-fine", file=Name(job.file), job=Name(job.id))
        wrong = flaws(job, rules.branch if rules else branch or "main", has_merge_queue=False)
        findings += wrong or [Observation(WORKFLOW, Health.OK, fine)]
    return findings


def _jobs(folder: Path) -> tuple[list[GateJob], list[Observation]]:
    """Return the jobs of the first folder that has workflows, as the runner looks for them."""
    for workflows in _FOLDERS:
        if (folder / workflows).is_dir():
            return gate_jobs(folder, workflows)
    return [], []


def _names(job: GateJob) -> Iterator[str]:
    """Yield what the status of a job is called: the commit status if the step sets one, else one for each event."""
    if job.status:
        yield job.status
    else:
        yield from (f"{job.workflow} / {job.check} ({event})" for event in _EVENTS if event in job.events)


def _rules(
    environ: Mapping[str, str], ci: str, branch: str, deadline: Deadline
) -> tuple[_Rules | None, Sequence[Observation]]:
    repository = matching(REPOSITORY, environ.get("GITHUB_REPOSITORY", ""))
    token, api_url = usable_token(environ.get("GITHUB_TOKEN", "")), environ.get("GITHUB_API_URL", "").rstrip("/")
    if not (repository and token and api_url):
        return None, [not_asked("GITHUB_REPOSITORY", "GITHUB_TOKEN", "GITHUB_API_URL")]
    gitea = Gitea(Context(ci=ci, repository=repository, api_url=api_url), token, deadline)

    def ask() -> _Rules:
        named = branch or Payload(gitea.get(gitea.repository)).text("default_branch")
        found = Payload(gitea.get(f"{gitea.repository}/branches/{url_part(named)}"))
        listed = found.at("status_check_contexts") if found.at("enable_status_check") is True else None
        checks = [each for each in listed if isinstance(each, str)] if isinstance(listed, list) else []
        return _Rules(named, found.at("protected") is True, checks)

    rules, attempt = attempted(Message("forge.read-protection"), "contents: read", ask, None)
    if rules is None:
        failed = Message("forge.failed", what=attempt.what, refusal=attempt.refusal)
        return None, [Observation(REQUIRED, Health.UNKNOWN, failed, permission_or_later(attempt, is_fork=False))]
    return rules, []


def _armed(rules: _Rules, names: Sequence[str]) -> Iterator[Observation]:
    """Compare what is required, by patterns, with what the gate's check is called."""
    branch = Name(rules.branch)
    if not rules.protected:
        yield Observation(REQUIRED, Health.PROBLEM, Message("forge.not-protected", branch=branch))
        return
    required = [name for name in names if any(fnmatchcase(name, pattern) for pattern in rules.checks)]
    if names and not required:
        others = tuple(map(Name, rules.checks))
        message = Message("forge.not-armed", names=tuple(map(Name, names)), branch=branch, others=others)
        yield Observation(REQUIRED, Health.PROBLEM, message, Message("gitea.not-armed-advice", key=Key("*")))
    for name in required:
        yield Observation(REQUIRED, Health.OK, Message("forge.armed", name=Name(name), branch=branch))
