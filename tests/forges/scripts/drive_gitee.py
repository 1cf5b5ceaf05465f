"""Use Gitee's generated client as the program uses Gitee: URL TOKEN OWNER/NAME COMMIT, prints what it got."""

import base64
import json
import sys

from gitee_client import GiteeClient


def main() -> None:
    url, token, repository, commit = sys.argv[1:]
    owner, name = repository.split("/")
    client = GiteeClient(token, base_url=url)
    where = {"owner": owner, "repo": name}
    made = [client.pulls.create_repos_pulls_comments(body, 7, owner, name)["id"] for body in ("first", "second")]
    client.pulls.update_repos_pulls_comments("changed", made[0], owner, name)
    client.pulls.delete_repos_pulls_comments(made[1], owner, name)
    client.checks.create_repos_check_runs(commit, "swanlab-ci", **where, status="completed", conclusion="failure")
    pull = client.pulls.get_repos_pulls(7, owner, name)
    # the client's own call for contents keeps the brackets of its template
    file = client._get(f"/v5/repos/{owner}/{name}/contents/ci/gate.yml", params={"ref": "main"})  # noqa: SLF001
    compared = client.repos.get_repos_compare____(pull["base"]["sha"], commit, **where)
    tree = client.git_data.get_repos_git_trees(owner, name, commit, recursive=1)
    branch = client.repos.get_repos_branches(client.repos.get_repos(owner, name)["default_branch"], owner, name)
    document = {
        "user": client.users.list_user()["login"],
        "comments": [
            [comment["id"], comment["user"]["login"], comment["body"]]
            for comment in client.pulls.list_repos_pulls_comments(7, owner, name, page=1, per_page=100)
        ],
        "pull": [pull["head"]["sha"], pull["base"]["sha"], pull["head"]["repo"]["full_name"]],
        "commit": client.repos.get_repos_commits(owner, name, pull["base"]["sha"])["sha"],
        "merge base": compared["merge_base_commit"]["sha"],
        "tree": [tree["truncated"], [[each["path"], each["mode"]] for each in tree["tree"]]],
        "protected": branch["protected"],
        "file": base64.b64decode(file["content"]).decode(),
    }
    sys.stdout.write(json.dumps(document))


main()
