"""The Gitea double and the generated clients of Gitea and Forgejo understand each other."""

from pathlib import Path

import pytest
import requests
from clients import drive
from support.gitea_double import BOT, GiteaDouble, GiteaPull
from support.github_double import REPOSITORY, TOKEN
from support.pull_double import ForgeComment
from support.repository import Repository

HEAD = "a" * 40


@pytest.mark.parametrize("name", ["gitea", "forgejo"])
def test_a_generated_client_finds_what_the_program_finds(name: str, tmp_path: Path) -> None:
    with GiteaDouble(tells_who_we_are=True, required=["gate"]) as gitea:
        repository = gitea.repository = Repository(tmp_path / "repository")
        base, head = repository.commit({"a": "1"}), repository.commit({"d/b": "1"})
        gitea.files["ci/gate.yml", "main"] = b"gates: []\n"
        gitea.comments = [ForgeComment(3, "LGTM", "ada")]
        gitea.pulls = [GiteaPull(7, head), GiteaPull(9, "e" * 40), GiteaPull(10, head, state="closed")]

        assert drive(name, gitea.api_url, TOKEN, REPOSITORY, head, base) == {
            "user": BOT,
            "comments": [[3, "ada", "LGTM"], [4, BOT, "changed"]],
            "open": [7, 9],
            "pull": [head, "changes", "b" * 40, "main", REPOSITORY],
            "commits": [1, [[base]]],
            "tree": [False, 3, [["a", "100644"], ["d", "040000"], ["d/b", "100644"]]],
            "required": [True, True, ["gate"]],
            "file": "gates: []\n",
        }
        assert [status["state"] for status in gitea.statuses] == ["failure"]
        assert gitea.dispatched == [{"workflow": "training-ended.yml", "ref": "main", "inputs": {"pr": "7"}}]
        assert gitea.violations == []


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/graphql", {"query": "query { viewer { login } }"}),
        ("GET", "/issues/7/comments?per_page=100&page=1", None),
        ("GET", f"/commits/{HEAD}/pulls", None),
        ("POST", f"/statuses/{HEAD}", {"state": "failure", "name": "swanlab-ci"}),
        ("PUT", "/issues/comments/3", {"body": "x"}),
    ],
)
def test_what_is_githubs_alone_is_a_violation(method: str, path: str, body: dict[str, object] | None) -> None:
    with GiteaDouble() as gitea:
        address = f"{gitea.api_url}/repos/{REPOSITORY}{path}"
        requests.request(method, address, json=body, headers={"Authorization": f"token {TOKEN}"}, timeout=5)

        assert gitea.violations
