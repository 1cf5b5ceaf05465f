"""Is the gate armed: does GitHub require its check, from the right App, and can a workflow skip it silently."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from swanlab_ci.messages import Message, Name
from swanlab_ci.platforms.api import attempted
from swanlab_ci.platforms.findings import REQUIRED, WORKFLOW, Health, Observation, not_asked
from swanlab_ci.platforms.github.api import GitHub
from swanlab_ci.platforms.github.permissions import permission_or_later
from swanlab_ci.platforms.github.protection import Protection, read_protection
from swanlab_ci.platforms.github.workflows import FOLDER, GateJob, flaws, gate_jobs, unusable
from swanlab_ci.platforms.payload import REPOSITORY, matching
from swanlab_ci.runtime.deadline import Deadline

_API = "https://api.github.com"


def examine(
    environ: Mapping[str, str], folder: Path, *, branch: str, check: str, deadline: Deadline
) -> list[Observation]:
    """Examine the repository that `environ` names and its checkout in `folder`; never raises.

    `branch` is by default the repository's default branch, and `check` what the workflows say.
    """
    jobs, findings = gate_jobs(folder)
    if not jobs:
        nothing = Message("forge.no-gate-workflow", folder=Name(str(FOLDER)))
        findings.append(Observation(WORKFLOW, Health.WARNING if check else Health.PROBLEM, nothing))
    protection, seen = _protection(environ, branch, deadline)
    findings += seen
    if protection:
        findings += _armed(protection, [check] if check else [job.check for job in jobs], jobs)
    for job in jobs:
        queue = protection.has_merge_queue if protection else False
        base = protection.branch if protection else branch or "main"
        fine = Observation(WORKFLOW, Health.OK, Message("forge.workflow-fine", file=Name(job.file), job=Name(job.id)))
        findings += [*unusable(job, folder), *flaws(job, base, has_merge_queue=queue)] or [fine]
    return findings


def _protection(
    environ: Mapping[str, str], branch: str, deadline: Deadline
) -> tuple[Protection | None, Sequence[Observation]]:
    repository = matching(REPOSITORY, environ.get("GITHUB_REPOSITORY", ""))
    token = environ.get("GITHUB_TOKEN") or environ.get("GH_TOKEN") or ""
    if not (repository and token):
        return None, [not_asked("GITHUB_REPOSITORY", "GITHUB_TOKEN")]
    github = GitHub(environ.get("GITHUB_API_URL") or _API, "", token, deadline)
    found, attempt = attempted(
        Message("forge.read-protection"), "contents: read", lambda: read_protection(github, repository, branch), None
    )
    if found is None:
        failed = Message("forge.failed", what=attempt.what, refusal=attempt.refusal)
        return None, [Observation(REQUIRED, Health.UNKNOWN, failed, permission_or_later(attempt, is_fork=False))]
    return found, []


def _armed(protection: Protection, names: Sequence[str], jobs: Sequence[GateJob]) -> Iterator[Observation]:
    branch = Name(protection.branch)
    required = [check for check in protection.checks if check.name in names]
    by_ruleset = [job.file for job in jobs if job.file in protection.workflows]
    if names and not (required or by_ruleset):
        others = tuple(Name(check.name) for check in protection.checks)
        message = Message("forge.not-armed", names=tuple(map(Name, names)), branch=branch, others=others)
        yield Observation(REQUIRED, Health.PROBLEM, message, Message("github.not-armed-advice"))
    for file in by_ruleset:
        yield Observation(REQUIRED, Health.OK, Message("forge.armed", name=Name(file), branch=branch))
    for check in required:
        name = Name(check.name)
        if check.app is None:
            message = Message("github.any-app", name=name, branch=branch)
            yield Observation(REQUIRED, Health.WARNING, message, Message("github.any-app-advice"))
        elif check.app == protection.actions_app:
            yield Observation(REQUIRED, Health.OK, Message("forge.armed", name=name, branch=branch))
        else:
            app = Message("github.other-app", name=name, branch=branch, app=check.app)
            health = Health.UNKNOWN if protection.actions_app is None else Health.PROBLEM
            yield Observation(REQUIRED, health, app, Message("github.any-app-advice"))
