"""What was asked of the forge, as a table with the permissions that are missing, and as warnings."""

from collections.abc import Iterable, Sequence

from swanlab_ci.messages import Language, Message
from swanlab_ci.platforms.base import ApiAttempt
from swanlab_ci.report.writers import markdown
from swanlab_ci.security.escaping import Safe, md_code


def permissions_table(attempts: Iterable[ApiAttempt], needed: Sequence[str], language: Language) -> Safe:
    """Write the table of `attempts` with the `needed` lines of `permissions:`; empty where none is needed."""
    if not needed:
        return Safe("")
    names = (Message("permissions.tried"), Message("permissions.result"), Message("permissions.needs"))
    lines = [
        f"#### {markdown(Message('permissions.title'), language)}",
        "",
        f"| | {' | '.join(markdown(name, language) for name in names)} |",
        "|---|---|---|---|",
        *(_row(attempt, language) for attempt in attempts),
        "",
        markdown(Message("permissions.add"), language),
        "",
        "```yaml",
        "permissions:",
        *(f"  {right}" for right in needed),
        "```",
    ]
    return Safe("\n".join(lines))


def _row(attempt: ApiAttempt, language: Language) -> str:
    icon = "❌" if attempt.refusal else "✅"
    result = attempt.refusal or Message("permissions.done")
    cells = (icon, markdown(attempt.what, language), markdown(result, language), md_code(attempt.needs))
    return f"| {' | '.join(cells)} |"


def warning(attempt: ApiAttempt, remedy: Message | None) -> Message | None:
    """Say what did not work and the `remedy`; None where it worked."""
    if attempt.refusal is None:
        return None
    return Message("forge.failed", what=attempt.what, refusal=attempt.refusal, remedy=remedy)
