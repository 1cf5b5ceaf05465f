"""The action in surroundings that allow it little: the same verdict."""

import pytest
from job import OWNER, Job
from support.github_double import GitHubDouble

UNPRIVILEGED = ("--user", f"{OWNER}:{OWNER}", "--cap-drop", "ALL", "--security-opt", "no-new-privileges")


@pytest.mark.parametrize(
    "flags",
    [
        ("--read-only", *UNPRIVILEGED),
        ("--read-only", "--cap-drop", "ALL", "--cap-add", "SETUID", "--cap-add", "SETGID"),
        ("--memory", "128m", "--pids-limit", "64"),
    ],
    ids=["read-only-unprivileged", "root-that-can-only-give-up-root", "128-mb-64-pids"],
)
def test_the_verdict_is_the_same(
    job: Job, inputs: dict[str, str], github: GitHubDouble, flags: tuple[str, ...]
) -> None:
    job.flags = flags

    ended = job.run(inputs)

    assert ended.code == 1, ended.err
    assert job.outputs["verdict"] == "fail"
    assert len(github.comments) == 1


@pytest.mark.parametrize("locale", ["C", "POSIX", "C.UTF-8", "zh_CN.UTF-8", "zh_CN.GBK", "xx_XX"])
def test_a_locale_or_home_that_is_not_there_changes_nothing(job: Job, inputs: dict[str, str], locale: str) -> None:
    job.environ = {"LC_ALL": locale, "LANG": locale, "TZ": "Asia/Shanghai", "HOME": "/not/there"}

    ended = job.run(inputs)

    assert ended.code == 1, ended.err
    assert job.outputs["verdict"] == "fail"
    assert "❌" in job.summary
