"""Use Forgejo's generated client as the program does: API-URL TOKEN OWNER/NAME COMMIT BASE, prints what it got."""

import base64
import json
import sys

from pyforgejo import PyforgejoApi
from pyforgejo.core.api_error import ApiError

NO_CONTENT = 204


def main() -> None:
    url, token, repository, commit, base = sys.argv[1:]
    owner, name = repository.split("/")
    client = PyforgejoApi(base_url=url, api_key=f"token {token}")
    made = [client.issue.create_comment(owner, name, 7, body=body) for body in ("first", "second")]
    client.issue.edit_comment(owner, name, made[0].id, body="changed")
    client.issue.delete_comment(owner, name, made[1].id)
    client.repository.repo_create_status(
        owner, name, commit, context="swanlab-ci", state="failure", description="x", target_url=url
    )
    pulls = client.repository.repo_list_pull_requests(owner, name, state="open", limit=50)
    pull = client.repository.repo_get_pull_request(owner, name, 7)
    file = client.repository.repo_get_contents(owner, name, "ci/gate.yml", ref="main")
    compared = client.repository.repo_compare_diff(owner, name, f"{base}...{commit}")
    tree = client.repository.get_tree(owner, name, commit, recursive=True, page=1)
    branch = client.repository.repo_get_branch(owner, name, client.repository.repo_get(owner, name).default_branch)
    try:
        client.repository.dispatch_workflow(owner, name, "training-ended.yml", ref="main", inputs={"pr": "7"})
    except ApiError as answer:  # the client looks for JSON in an answer that has none, as it is described
        if answer.status_code != NO_CONTENT:
            raise
    document = {
        "user": client.user.get_current().login,
        "comments": [
            [comment.id, comment.user.login, comment.body] for comment in client.issue.get_comments(owner, name, 7)
        ],
        "open": [each.number for each in pulls],
        "pull": [pull.head.sha, pull.head.ref, pull.base.sha, pull.base.ref, pull.head.repo.full_name],
        "commits": [compared.total_commits, [[parent.sha for parent in each.parents] for each in compared.commits]],
        "tree": [tree.truncated, tree.total_count, [[each.path, each.mode] for each in tree.tree]],
        "required": [branch.protected, branch.enable_status_check, branch.status_check_contexts],
        "file": base64.b64decode(file.content).decode(),
    }
    sys.stdout.write(json.dumps(document))


main()
