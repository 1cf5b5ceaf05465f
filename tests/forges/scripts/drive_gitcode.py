"""Use a client of GitCode as the program uses GitCode: URL TOKEN OWNER/NAME COMMIT, prints what it got.

The client writes the comment's place with every new comment, so new ones are left to the program.
"""

import base64
import json
import sys

from gitcode_api import GitCode


def main() -> None:
    url, token, repository, commit = sys.argv[1:]
    owner, name = repository.split("/")
    client = GitCode(api_key=token, owner=owner, repo=name, base_url=url)
    client.pulls.update_comment(comment_id=3, body="changed")
    client.pulls.delete_comment(comment_id=4)
    pull = client.pulls.get(number=7)
    compared = client.commits.compare(base=pull.base.sha, head=commit)
    tree = client.contents.get_tree(sha=commit, recursive=1)
    document = {
        "user": client.users.me().login,
        "comments": [
            [comment.id, comment.user.login, comment.body]
            for comment in client.pulls.list_comments(number=7, page=1, per_page=100)
        ],
        "pull": [pull.head.sha, pull.base.sha],
        "commit": client.commits.get(sha=pull.base.sha).sha,
        "merge base": compared.merge_base_commit["sha"],
        "tree": sorted(each.path for each in tree.tree),
        "file": base64.b64decode(client.contents.get(path="ci/gate.yml", ref="main").content).decode(),
    }
    sys.stdout.write(json.dumps(document))


main()
