"""The GitLab double and GitLab's own client understand each other, and the double refuses what is not described."""

import pytest
import requests
from clients import drive
from support.gitlab_double import BASE, BOT, IID, PROJECT_ID, TOKEN, GitLabDouble, Note

HEAD = "a" * 40


def test_python_gitlab_finds_what_the_program_finds() -> None:
    with GitLabDouble(head=HEAD) as gitlab:
        gitlab.files["ci/gate.yml", "main"] = b"gates: []\n"
        gitlab.notes = [Note(number, "LGTM", "ada") for number in range(1, 46)]

        found = drive("gitlab", gitlab.url, TOKEN, PROJECT_ID, str(IID), BASE)

        assert found.pop("notes")[-2:] == [[45, "ada", "LGTM"], [46, BOT, "changed"]]
        assert found == {
            "user": BOT,
            "head": HEAD,
            "base": BASE,
            "branches": ["changes", "main"],
            "file": "gates: []\n",
            "commit": BASE,
        }
        assert [note.body for note in gitlab.notes[-2:]] == ["LGTM", "changed"]
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
