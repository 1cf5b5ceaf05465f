"""Use Gitea's generated client as the program uses Gitea: API-URL TOKEN OWNER/NAME COMMIT BASE, prints what it got."""

import asyncio
import base64
import json
import sys

import gitea_api_client as gitea


async def main() -> None:
    url, token, repository, commit, base = sys.argv[1:]
    owner, name = repository.split("/")
    configuration = gitea.Configuration(host=url, api_key={"AuthorizationHeaderToken": f"token {token}"})
    async with gitea.ApiClient(configuration) as client:
        issues, repositories, users = gitea.IssueApi(client), gitea.RepositoryApi(client), gitea.UserApi(client)
        made = [
            await issues.issue_create_comment(owner, name, 7, body=gitea.CreateIssueCommentOption(body=body))
            for body in ("first", "second")
        ]
        await issues.issue_edit_comment(owner, name, made[0].id, body=gitea.EditIssueCommentOption(body="changed"))
        await issues.issue_delete_comment(owner, name, made[1].id)
        status = gitea.CreateStatusOption(context="swanlab-ci", state="failure", description="x", target_url=url)
        await repositories.repo_create_status(owner, name, commit, body=status)
        pull = await repositories.repo_get_pull_request(owner, name, 7)
        pulls = await repositories.repo_list_pull_requests(owner, name, state="open", limit=50)
        file = await repositories.repo_get_contents(owner, name, "ci/gate.yml", ref="main")
        comments = await issues.issue_get_comments(owner, name, 7)
        compared = await repositories.repo_compare_diff(owner, name, f"{base}...{commit}")
        tree = await repositories.get_tree(owner, name, commit, recursive=True, page=1)
        branch = await repositories.repo_get_branch(
            owner, name, (await repositories.repo_get(owner, name)).default_branch
        )
        started = gitea.CreateActionWorkflowDispatch(ref="main", inputs={"pr": "7"})
        await repositories.actions_dispatch_workflow(owner, name, "training-ended.yml", body=started)
        user = await users.user_get_current()
    document = {
        "user": user.login,
        "comments": [[comment.id, comment.user.login, comment.body] for comment in comments],
        "open": [each.number for each in pulls],
        "pull": [pull.head.sha, pull.head.ref, pull.base.sha, pull.base.ref, pull.head.repo.full_name],
        "commits": [compared.total_commits, [[parent.sha for parent in each.parents] for each in compared.commits]],
        "tree": [tree.truncated, tree.total_count, [[each.path, each.mode] for each in tree.tree]],
        "required": [branch.protected, branch.enable_status_check, branch.status_check_contexts],
        "file": base64.b64decode(file.content).decode(),
    }
    sys.stdout.write(json.dumps(document))


asyncio.run(main())
