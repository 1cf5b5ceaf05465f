"""Is the gate armed on GitLab: must pipelines succeed, is the branch protected, and can the job be skipped."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from swanlab_ci.messages import Message, Name
from swanlab_ci.platforms.api import attempted
from swanlab_ci.platforms.context import Context
from swanlab_ci.platforms.findings import REQUIRED, WORKFLOW, Health, Observation, not_asked
from swanlab_ci.platforms.gitlab.api import READING, GitLab
from swanlab_ci.platforms.gitlab.forge import TOKEN, token_advice
from swanlab_ci.platforms.gitlab.job_file import FILE, flaws, gate_jobs
from swanlab_ci.platforms.gitlab.trigger import API
from swanlab_ci.platforms.payload import Payload, usable_token
from swanlab_ci.runtime.deadline import Deadline
from swanlab_ci.security.escaping import url_part


def examine(environ: Mapping[str, str], folder: Path, *, branch: str, deadline: Deadline) -> list[Observation]:
    """Examine the project that `environ` names and its checkout in `folder`; never raises.

    GitLab requires whole pipelines, so the name of a check says nothing here.
    """
    jobs, findings = gate_jobs(folder)
    findings += _required(environ, branch, deadline)
    for job in jobs:
        fine = Message("forge.workflow-fine", file=Name(FILE), job=Name(job.name))
        findings += flaws(job) or [Observation(WORKFLOW, Health.OK, fine)]
    return findings


def _required(environ: Mapping[str, str], branch: str, deadline: Deadline) -> Sequence[Observation]:
    """Ask for the project's settings and for the branch (empty: the default branch): two requests."""
    token = usable_token(environ.get(TOKEN, ""))
    project, path = environ.get("CI_PROJECT_ID", ""), environ.get("CI_PROJECT_PATH", "")
    if not (token and (project or path)):
        return [not_asked("CI_PROJECT_ID", TOKEN)]
    api_url = environ.get("CI_API_V4_URL", "").rstrip("/") or API
    ca_file = environ.get("CI_SERVER_TLS_CA_FILE", "")
    context = Context(ci="gitlab", api_url=api_url, project_id=url_part(project), repository=path, ca_file=ca_file)
    gitlab = GitLab(context, token, deadline)

    def ask() -> tuple[Payload, Payload]:
        settings = Payload(gitlab.get(gitlab.project))
        named = branch or settings.text("default_branch")
        return settings, Payload(gitlab.get(f"{gitlab.project}/repository/branches/{url_part(named)}"))

    found, attempt = attempted(Message("forge.read-protection"), READING, ask, None)
    if found is None:
        failed = Message("forge.failed", what=attempt.what, refusal=attempt.refusal)
        return [Observation(REQUIRED, Health.UNKNOWN, failed, token_advice(READING) if attempt.denied else None)]
    return [*_of_settings(found[0]), *_of_branch(found[1])]


def _of_settings(settings: Payload) -> Iterator[Observation]:
    required = settings.at("only_allow_merge_if_pipeline_succeeds")
    if not isinstance(required, bool):
        yield Observation(REQUIRED, Health.UNKNOWN, Message("gitlab.setting-unknown"))
    elif required:
        yield Observation(REQUIRED, Health.OK, Message("gitlab.must-succeed"))
    else:
        advice = Message("gitlab.must-succeed-advice")
        yield Observation(REQUIRED, Health.PROBLEM, Message("gitlab.need-not-succeed"), advice)
    if settings.at("allow_merge_on_skipped_pipeline") is True:
        yield Observation(REQUIRED, Health.PROBLEM, Message("gitlab.skipped-succeed"))


def _of_branch(found: Payload) -> Iterator[Observation]:
    branch = Name(found.text("name"))
    if found.at("protected") is not True:
        yield Observation(REQUIRED, Health.PROBLEM, Message("forge.not-protected", branch=branch))
    elif found.at("developers_can_push") is True:
        yield Observation(REQUIRED, Health.WARNING, Message("gitlab.developers-push", branch=branch))
    else:
        yield Observation(REQUIRED, Health.OK, Message("forge.protected", branch=branch))
