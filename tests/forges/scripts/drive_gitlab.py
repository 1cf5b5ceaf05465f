"""Use python-gitlab as the program uses GitLab: URL TOKEN PROJECT IID COMMIT TRIGGER, prints what it got as JSON."""

import json
import sys

import gitlab


def main() -> None:
    url, token, project_id, iid, commit, trigger = sys.argv[1:]
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
    version = request.diffs.get(request.diffs.list(get_all=True)[0].id)
    compared = project.repository_compare(commit, request.sha, straight=True)
    settings, branch = client.projects.get(project_id), project.branches.get("main")
    project.trigger_pipeline("main", trigger, variables={"SWANLAB_CI_PR": iid})
    request.pipelines.create()
    document = {
        "user": client.user.username,
        "head": request.sha,
        "base": request.diff_refs["base_sha"],
        "branches": [request.source_branch, request.target_branch],
        "notes": [[note.id, note.author["username"], note.body] for note in found],
        "file": file.decode().decode(),
        "commit": project.commits.get(commit).id,
        "version": [version.state, version.real_size, _files(version.diffs)],
        "compared": [compared["compare_timeout"], _files(compared["diffs"])],
        "required": [settings.only_allow_merge_if_pipeline_succeeds, branch.protected],
    }
    sys.stdout.write(json.dumps(document))


def _files(diffs: list[dict[str, str]]) -> list[list[str]]:
    return [[each["old_path"], each["new_path"], each["a_mode"], each["b_mode"]] for each in diffs]


main()
