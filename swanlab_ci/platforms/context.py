"""The context of a run: which event, which commits, which pull request, and where results can be written."""

from dataclasses import dataclass

from swanlab_ci.messages import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What the CI says about this run; an empty text or `None` where it says nothing, as on a command line.

    Branch names and `actor` are foreign text: the author of a pull request chooses them. `pr_commits` are the commits
    that count as this change: the head, the merge commit where there is one, and on a merge queue the pull request's
    own head once that is known. `base_sha` is the base commit that the event names; `base_head` is the head of the base
    branch, where that is known. An event that is not known (`is_known_event`) may run on anybody's commit; one
    that `on_pull_request` is true for has a pull request, and `is_privileged` means that it gives a stranger's code the
    rights of the base. `run_url` is the page of this run, `ca_file` verifies the forge's certificate,
    `project_id` is the number of the repository on a forge that has one. `notes` say what
    could not be read.
    """

    ci: str = ""
    event: str = ""
    is_known_event: bool = True
    on_pull_request: bool = False
    is_privileged: bool = False
    repository: str = ""
    project_id: str = ""
    head_repository: str = ""
    head_sha: str = ""
    merge_sha: str = ""
    base_sha: str = ""
    base_head: str = ""
    head_branch: str = ""
    base_branch: str = ""
    pr_number: int | None = None
    pr_commits: tuple[str, ...] = ()
    actor: str = ""
    is_fork: bool = False
    run_id: int | None = None
    run_attempt: int = 1
    workspace: str = ""
    output_file: str = ""
    summary_file: str = ""
    api_url: str = ""
    graphql_url: str = ""
    server_url: str = ""
    run_url: str = ""
    ca_file: str = ""
    notes: tuple[Message, ...] = ()
