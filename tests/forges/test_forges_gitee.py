"""The Gitee double and the generated client of Gitee's API v5 understand each other."""

import pytest
import requests
from clients import drive
from support.gitee_double import BASE, BOT, REPOSITORY, TOKEN, GiteeDouble
from support.pull_double import ForgeComment

HEAD = "a" * 40


def test_the_generated_client_finds_what_the_program_finds() -> None:
    with GiteeDouble(head=HEAD) as gitee:
        gitee.files["ci/gate.yml", "main"] = b"gates: []\n"
        gitee.comments = [ForgeComment(3, "LGTM", "ada")]

        assert drive("gitee", f"{gitee.url}/api", TOKEN, REPOSITORY, HEAD) == {
            "user": BOT,
            "comments": [[3, "ada", "LGTM"], [4, BOT, "changed"]],
            "pull": [HEAD, BASE, REPOSITORY],
            "commit": BASE,
            "file": "gates: []\n",
        }
        assert [check["conclusion"] for check in gitee.checks] == ["failure"]
        assert gitee.violations == []


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
