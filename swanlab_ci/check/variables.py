"""The values that the variables of a gate file have in this run."""

from swanlab_ci.platforms.context import Context


def variables(context: Context, run_ids: tuple[str, ...]) -> dict[str, str | int | tuple[str, ...] | None]:
    """Return the value of each variable of a gate file, by its name without `$`; `None` means that it has none."""
    return {
        "pr_commits": context.pr_commits or None,
        "head_sha": context.head_sha or None,
        "merge_sha": context.merge_sha or None,
        "base_sha": context.base_sha or None,
        "base_branch": context.base_branch or None,
        "head_branch": context.head_branch or None,
        "pr_number": context.pr_number,
        "actor": context.actor or None,
        "run_ids": run_ids or None,
    }
