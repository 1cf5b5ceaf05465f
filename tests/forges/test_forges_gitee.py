"""The double of API v5, Gitee's generated client and a client of GitCode understand each other."""

from pathlib import Path

import pytest
import requests
from clients import drive
from support.gitcode_double import GitCodeDouble
from support.gitee_double import BOT, REPOSITORY, TOKEN, GiteeDouble
from support.pull_double import ForgeComment
from support.repository import Repository

HEAD = "a" * 40


def test_the_generated_client_finds_what_the_program_finds(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "repository")
    base, head = repository.commit({"a": "1"}), repository.commit({"d/b": "1"})
    with GiteeDouble(head=head, base=base, repository=repository) as gitee:
        gitee.files["ci/gate.yml", "main"] = b"gates: []\n"
        gitee.comments = [ForgeComment(3, "LGTM", "ada")]

        assert drive("gitee", f"{gitee.url}/api", TOKEN, REPOSITORY, head) == {
            "user": BOT,
            "comments": [[3, "ada", "LGTM"], [4, BOT, "changed"]],
            "pull": [head, base, REPOSITORY],
            "commit": base,
            "merge base": base,
            "tree": [False, [["a", "100644"], ["d", "040000"], ["d/b", "100644"]]],
            "protected": True,
            "file": "gates: []\n",
        }
        assert [check["conclusion"] for check in gitee.checks] == ["failure"]
        assert gitee.violations == []


def test_a_client_of_gitcode_finds_what_the_program_finds(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "repository")
    base, head = repository.commit({"a": "1"}), repository.commit({"d/b": "1"})
    with GitCodeDouble(head=head, base=base, repository=repository) as gitcode:
        gitcode.files["ci/gate.yml", "main"] = b"gates: []\n"
        gitcode.comments = [ForgeComment(number, "LGTM", BOT) for number in (3, 4)]

        assert drive("gitcode", gitcode.api_url, TOKEN, REPOSITORY, head) == {
            "user": BOT,
            "comments": [[3, BOT, "changed"]],
            "pull": [head, base],
            "commit": base,
            "merge base": base,
            "tree": ["a", "d", "d/b"],
            "file": "gates: []\n",
        }
        assert gitcode.violations == []


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", f"/statuses/{HEAD}", {"state": "failure"}),
        ("GET", "/issues/7/comments", None),
        ("PUT", "/pulls/comments/3", {"body": "x"}),
        ("POST", "/check-runs", {"name": "swanlab-ci"}),
        ("POST", "/pulls/7/comments", {"body": "x", "marker": "y"}),
    ],
)
def test_what_v5_does_not_describe_is_a_violation(method: str, path: str, body: dict[str, object] | None) -> None:
    with GiteeDouble() as gitee:
        address = f"{gitee.api_url}/repos/{REPOSITORY}{path}"
        requests.request(method, address, json=body, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=5)

        assert gitee.violations
