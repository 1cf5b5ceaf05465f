"""Is the gate armed on Gitee or GitCode: their API tells whether a branch is protected, and not what it requires."""

from collections.abc import Mapping
from pathlib import Path

from swanlab_ci.messages import Message, Name
from swanlab_ci.platforms.api import attempted
from swanlab_ci.platforms.findings import REQUIRED, Health, Observation, not_asked
from swanlab_ci.platforms.gitee import variables
from swanlab_ci.platforms.gitee.api import READING, Gitee
from swanlab_ci.platforms.gitee.forge import TOKEN
from swanlab_ci.platforms.payload import Payload, usable_token
from swanlab_ci.runtime.deadline import Deadline
from swanlab_ci.security.escaping import url_part


def examine(environ: Mapping[str, str], _folder: Path, *, branch: str, deadline: Deadline) -> list[Observation]:
    """Examine the repository that `environ` names; never raises."""
    context, token = variables.read_context(environ), usable_token(environ.get(TOKEN, ""))
    if not (context.repository and token):
        return [not_asked(variables.ADDRESS, TOKEN)]
    gitee = Gitee(context, token, deadline)

    def ask() -> Payload:
        named = branch or Payload(gitee.get(gitee.repository)).text("default_branch")
        return Payload(gitee.get(f"{gitee.repository}/branches/{url_part(named)}"))

    found, attempt = attempted(Message("forge.read-protection"), READING, ask, None)
    if found is None:
        failed = Message("forge.failed", what=attempt.what, refusal=attempt.refusal)
        return [Observation(REQUIRED, Health.UNKNOWN, failed)]
    name = Name(found.text("name"))
    if found.at("protected") is not True:
        return [Observation(REQUIRED, Health.PROBLEM, Message("forge.not-protected", branch=name))]
    message = Message("gitee.requirements-unknown", forge=gitee.name, branch=name)
    return [Observation(REQUIRED, Health.UNKNOWN, message)]
