"""Use python-gitlab as the program uses GitLab: URL TOKEN PROJECT IID COMMIT, prints what it got as JSON."""

import json
import sys

import gitlab


def main() -> None:
    url, token, project_id, iid, commit = sys.argv[1:]
    client = gitlab.Gitlab(url, private_token=token)
    client.auth()
    project = client.projects.get(project_id, lazy=True)
    request = project.mergerequests.get(iid)
    kept, gone = request.notes.create({"body": "first"}), request.notes.create({"body": "second"})
    kept.body = "changed"
    kept.save()
    gone.delete()
    found = request.notes.list(get_all=True, order_by="created_at", sort="asc")
    file = project.files.get(file_path="ci/gate.yml", ref="main")
    document = {
        "user": client.user.username,
        "head": request.sha,
        "base": request.diff_refs["base_sha"],
        "branches": [request.source_branch, request.target_branch],
        "notes": [[note.id, note.author["username"], note.body] for note in found],
        "file": file.decode().decode(),
        "commit": project.commits.get(commit).id,
    }
    sys.stdout.write(json.dumps(document))


main()
