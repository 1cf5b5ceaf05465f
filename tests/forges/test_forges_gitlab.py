"""The GitLab double and GitLab's own client understand each other, and the double refuses what is not described."""

from pathlib import Path

import pytest
import requests
from clients import drive, drive_gitbeaker
from support.gitlab_double import BOT, IID, PROJECT_ID, TOKEN, TRIGGER, GitLabDouble, Note
from support.repository import Repository

SUCCEEDS = {"only_allow_merge_if_pipeline_succeeds": True}


def proposed(gitlab: GitLabDouble, folder: Path) -> None:
    """Let the merge request change one file in three ways: moved, executable, and a link in its place."""
    repository = gitlab.repository = Repository(folder)
    gitlab.base = repository.commit({"a": "1" * 99, "b": "1", "c": "1"})
    (folder / "b").chmod(0o755)
    repository.git("mv", "a", "d")
    repository.link("c", "d")
    gitlab.head = repository.commit({})
    gitlab.commits = {gitlab.base}
    gitlab.files["ci/gate.yml", "main"] = b"gates: []\n"
    gitlab.notes = [Note(number, "LGTM", "ada") for number in range(1, 46)]


@pytest.mark.parametrize("client", ["gitlab", "gitbeaker"])
def test_a_client_of_others_finds_what_the_program_finds(tmp_path: Path, client: str) -> None:
    with GitLabDouble(project=SUCCEEDS, branch={"protected": True}) as gitlab:
        proposed(gitlab, tmp_path / "repository")
        given = (gitlab.url, TOKEN, PROJECT_ID, str(IID), gitlab.base, TRIGGER)

        found = drive_gitbeaker(*given) if client == "gitbeaker" else drive(client, *given)

        files = [["b", "b", "100644", "100755"], ["c", "c", "100644", "120000"], ["a", "d", "100644", "100644"]]
        assert found.pop("notes")[-2:] == [[45, "ada", "LGTM"], [46, BOT, "changed"]]
        assert found == {
            "user": BOT,
            "head": gitlab.head,
            "base": gitlab.base,
            "branches": ["changes", "main"],
            "file": "gates: []\n",
            "commit": gitlab.base,
            "version": ["collected", "3", files],
            "compared": [False, files],
            "required": [True, True],
        }
        assert [note.body for note in gitlab.notes[-2:]] == ["LGTM", "changed"]
        assert [sent["variables"] for sent in gitlab.triggers[TRIGGER]] == [{"SWANLAB_CI_PR": str(IID)}]
        assert gitlab.pipelines == [gitlab.head]
        assert gitlab.violations == []


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/projects/4711/statuses/x", {"state": "success"}),
        ("GET", f"/projects/4711/merge_requests/{IID}/comments", None),
        ("GET", f"/projects/4711/merge_requests/{IID}/notes?order=asc", None),
        ("GET", f"/projects/4711/merge_requests/{IID}/notes?sort=up", None),
        ("POST", f"/projects/4711/merge_requests/{IID}/notes", {"body": "x", "id": 5}),
        ("PATCH", f"/projects/4711/merge_requests/{IID}/notes/1", {"body": "x"}),
    ],
)
def test_what_is_not_described_is_a_violation(method: str, path: str, body: dict[str, object] | None) -> None:
    with GitLabDouble() as gitlab:
        requests.request(method, gitlab.api_url + path, json=body, headers={"PRIVATE-TOKEN": TOKEN}, timeout=5)

        assert len(gitlab.violations) == 1
