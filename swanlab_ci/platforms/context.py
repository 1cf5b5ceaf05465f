"""The context of a run: which event, which commits, which pull request, and where results can be written."""

from dataclasses import dataclass

from swanlab_ci.messages import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What the CI says about this run; an empty text or `None` where it says nothing, as on a command line.

    Branch names and `actor` are foreign text: the author of a pull request chooses them. `pr_commits` are the commits
    that count as this change: the head, the merge commit where there is one, and on a merge queue the pull request's
    own head once that is known. An event that is not known (`is_known_event`) may run on anybody's commit. `notes` say
    what could not be read.
    """

    ci: str = ""
    event: str = ""
    is_known_event: bool = True
    repository: str = ""
    head_repository: str = ""
    head_sha: str = ""
    merge_sha: str = ""
    base_sha: str = ""
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
    notes: tuple[Message, ...] = ()

    @property
    def run_url(self) -> str:
        """The page of this workflow run, or the empty text."""
        if not (self.server_url and self.repository and self.run_id):
            return ""
        return f"{self.server_url}/{self.repository}/actions/runs/{self.run_id}/attempts/{self.run_attempt}"
