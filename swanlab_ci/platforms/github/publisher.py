"""What is published over GitHub's API: the comment and the commit status."""

from swanlab_ci.platforms.base import Publication, Published
from swanlab_ci.platforms.context import Context
from swanlab_ci.platforms.github.api import GitHub
from swanlab_ci.platforms.github.comments import GitHubComments
from swanlab_ci.platforms.publishing import CommitStatus, Publisher


def publish(publication: Publication, context: Context, github: GitHub) -> Published:
    """Set the status and write the comment, as far as `publication` and the event ask for them."""
    path = f"/repos/{context.repository}/statuses/{context.head_sha}"
    return Publisher(
        forge=github.name,
        comments=GitHubComments(github, context),
        needs="pull-requests: write",
        status=CommitStatus(lambda status: github.send("POST", path, status), "statuses: write"),
    ).publish(publication, context)
