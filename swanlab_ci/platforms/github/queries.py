"""What GraphQL is asked for on GitHub; values go as variables, so that no foreign text is a part of a query."""

from typing import Any

from swanlab_ci.platforms.context import Context

_MOST = 20
_FACTS = """
fragment facts on PullRequest {
  number state headRefOid headRefName baseRefOid baseRefName
  headRepository { nameWithOwner }
  baseRepository { nameWithOwner }
  baseRef { target { oid ... on Commit { file(path: $path) { mode oid object { ... on Blob { text } } } } } }
}
"""
_LIST = "pageInfo { hasNextPage } nodes { ...facts }"
_REPOSITORY = "$owner: String!, $name: String!, $path: String!"


def query_for(context: Context) -> tuple[str, dict[str, Any]]:
    """Return the query for a pull request by its number, by the branch of the fork, or by the commit.

    The file `$path` of its base branch comes with it. Beside the query are the variables that it alone has; the others
    are `$owner`, `$name` and `$path`.
    """
    if context.pr_number:
        return _query("$number: Int!", "pullRequest(number: $number) { ...facts }"), {"number": context.pr_number}
    if context.is_fork:
        pulls = f"pullRequests(first: {_MOST}, states: OPEN, headRefName: $branch) {{ {_LIST} }}"
        return _query("$branch: String!", pulls), {"branch": context.head_branch}
    pulls = f"object(oid: $sha) {{ ... on Commit {{ associatedPullRequests(first: {_MOST}) {{ {_LIST} }} }} }}"
    return _query("$sha: GitObjectID!", pulls), {"sha": context.head_sha}


def _query(variable: str, asked: str) -> str:
    return f"query({_REPOSITORY}, {variable}) {{ repository(owner: $owner, name: $name) {{ {asked} }} }}{_FACTS}"
