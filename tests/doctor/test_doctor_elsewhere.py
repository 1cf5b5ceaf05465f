"""`doctor` on GitLab, Gitea, Forgejo and Gitee: what their APIs and the jobs of a checkout say."""

from pathlib import Path

import pytest
from examined import WORKFLOW, Doctor, found
from support import gitee_double
from support.gitea_double import GiteaDouble
from support.gitee_double import GiteeDouble
from support.github_double import REPOSITORY, TOKEN
from support.gitlab_double import PROJECT_ID, GitLabDouble
from support.gitlab_double import TOKEN as GITLAB_TOKEN

RECIPES = Path(__file__).parents[2] / "examples" / "gitlab"
ARMED = {"only_allow_merge_if_pipeline_succeeds": True, "allow_merge_on_skipped_pipeline": False}
PROTECTED = {"protected": True, "developers_can_push": False}
OFF = {"GITHUB_REPOSITORY": "", "GITHUB_TOKEN": "", "GITHUB_API_URL": ""}


def on_gitlab(doctor: Doctor, gitlab: GitLabDouble, *arguments: str, **environ: str) -> list[tuple[str, str]]:
    known = {"GITLAB_TOKEN": GITLAB_TOKEN, "CI_PROJECT_ID": PROJECT_ID, "CI_API_V4_URL": gitlab.api_url}
    ended = doctor("--format", "json", *arguments, **OFF | known | environ)
    assert gitlab.violations == []
    assert GITLAB_TOKEN not in ended.out + ended.err
    assert ended.code == ended.document["exit_code"]
    return [each for each in found(ended) if each[0].startswith(("gitlab.", "forge."))]


@pytest.fixture
def recipe(checkout: Path) -> Path:
    file = checkout / ".gitlab-ci.yml"
    file.write_text((RECIPES / "merge-request.yml").read_text("utf-8"))
    return file


def test_the_recipe_on_a_protected_branch_is_armed(doctor: Doctor, recipe: Path) -> None:
    assert recipe.is_file()
    with GitLabDouble(project=ARMED, branch=PROTECTED) as gitlab:
        assert on_gitlab(doctor, gitlab) == []
        assert [line.split("/", 2)[2] for line in gitlab.said()] == [
            PROJECT_ID,
            f"{PROJECT_ID}/repository/branches/main",
        ]


@pytest.mark.parametrize(
    ("project", "branch", "expected"),
    [
        ({"only_allow_merge_if_pipeline_succeeds": False}, {}, ("gitlab.need-not-succeed", "problem")),
        ({"only_allow_merge_if_pipeline_succeeds": None}, {}, ("gitlab.setting-unknown", "unknown")),
        ({"allow_merge_on_skipped_pipeline": True}, {}, ("gitlab.skipped-succeed", "problem")),
        ({}, {"protected": False}, ("forge.not-protected", "problem")),
        ({}, {"developers_can_push": True}, ("gitlab.developers-push", "warning")),
    ],
)
def test_each_setting_that_lets_red_through_is_named(
    doctor: Doctor, recipe: Path, project: dict[str, object], branch: dict[str, object], expected: tuple[str, str]
) -> None:
    assert recipe.is_file()
    with GitLabDouble(project=ARMED, branch=PROTECTED | branch) as gitlab:
        if project == {"only_allow_merge_if_pipeline_succeeds": None}:
            gitlab.answer("GET", rf"/projects/{PROJECT_ID}$", 200, {"default_branch": "main"})
        else:
            gitlab.project = ARMED | project
        assert on_gitlab(doctor, gitlab) == [expected]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("  allow_failure: true\n", ("gitlab.allow-failure", "problem")),
        ("  allow_failure: {exit_codes: [1, 3]}\n", ("gitlab.allow-failure", "problem")),
        ("  allow_failure: {exit_codes: 4}\n", ("gitlab.allowed-code", "warning")),
        ("  when: manual\n", ("gitlab.manual", "problem")),
        ("  only: {changes: ['*.py']}\n", ("gitlab.path-filter", "problem")),
        ("  extends: .lax\n.lax: {allow_failure: true}\n", ("gitlab.allow-failure", "problem")),
    ],
)
def test_each_key_that_lets_red_through_is_named(
    doctor: Doctor, recipe: Path, change: str, expected: tuple[str, str]
) -> None:
    recipe.write_text(recipe.read_text().rstrip("\n") + "\n" + change)
    with GitLabDouble(project=ARMED, branch=PROTECTED) as gitlab:
        assert expected in on_gitlab(doctor, gitlab)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("gate: {script: ['swanlab-ci check || true']}\n", [("gitlab.hidden-failure", "problem")]),
        ("gate: {script: ['swanlab-ci check; true']}\n", [("gitlab.hidden-failure", "problem")]),
        ("gate: {script: [['swanlab-ci  check']]}\n", []),
        ("gate: {script: 'swanlab-ci check --level-cap=warn'}\n", [("forge.shadow", "warning")]),
        ("gate: {script: 'swanlab-ci check --own-rules'}\n", [("gitlab.own-rules", "warning")]),
        ("gate: {script: swanlab-ci check, rules: [{changes: [a]}]}\n", [("gitlab.path-filter", "problem")]),
        ("gate: {script: swanlab-ci check, rules: [{when: manual}]}\n", [("gitlab.manual", "problem")]),
        ("gate: {script: [make, !reference [.a, script]]}\n", [("gitlab.no-job", "problem")]),
        ("include: [{local: a.yml}]\n", [("gitlab.includes", "unknown")]),
        ("include: [{component: $CI_SERVER_FQDN/ml/swanlab-ci/swanlab-gate@1.0.0}]\n", []),
        ("gate: [\n", [("forge.workflow-unreadable", "unknown")]),
        (".hidden: {script: swanlab-ci check}\n", [("gitlab.no-job", "problem")]),
        (None, [("gitlab.no-job", "problem")]),
    ],
)
def test_the_job_is_looked_for(
    doctor: Doctor, checkout: Path, content: str | None, expected: list[tuple[str, str]]
) -> None:
    if content is not None:
        (checkout / ".gitlab-ci.yml").write_text(content)
    with GitLabDouble(project=ARMED, branch=PROTECTED) as gitlab:
        assert on_gitlab(doctor, gitlab) == expected


@pytest.mark.parametrize("status", [401, 403, 404, 500])
def test_what_gitlab_refuses_is_not_known(doctor: Doctor, recipe: Path, status: int) -> None:
    assert recipe.is_file()
    with GitLabDouble() as gitlab:
        gitlab.answer("GET", "/projects/", status, times=9)
        assert on_gitlab(doctor, gitlab) == [("forge.failed", "unknown")]


def test_gitlab_is_not_asked_without_a_token(doctor: Doctor, recipe: Path) -> None:
    assert recipe.is_file()
    with GitLabDouble() as gitlab:
        assert on_gitlab(doctor, gitlab, GITLAB_TOKEN="", GITLAB_CI="true") == [("forge.not-asked", "unknown")]
        assert gitlab.asked == []


def on_gitea(doctor: Doctor, gitea: GiteaDouble, *arguments: str, **environ: str) -> list[tuple[str, str]]:
    known = {"GITHUB_API_URL": gitea.api_url, "GITHUB_REPOSITORY": REPOSITORY, "GITHUB_TOKEN": TOKEN}
    ended = doctor("--format", "json", *arguments, **known | environ)
    assert gitea.violations == []
    return [each for each in found(ended) if not each[0].startswith("doctor.")]


@pytest.mark.parametrize(
    ("required", "protected", "expected"),
    [
        (["gate.yml / gate (pull_request)"], True, []),
        (["*"], True, []),
        (["gate / *"], True, [("forge.not-armed", "problem")]),
        ([], True, [("forge.not-armed", "problem")]),
        (None, True, [("forge.not-armed", "problem")]),
        (None, False, [("forge.not-protected", "problem")]),
    ],
)
@pytest.mark.parametrize("folder", [".gitea", ".forgejo", ".github"])
def test_what_the_branch_requires_on_gitea(
    doctor: Doctor,
    checkout: Path,
    folder: str,
    required: list[str] | None,
    expected: list[tuple[str, str]],
    *,
    protected: bool,
) -> None:
    (checkout / folder / "workflows").mkdir(parents=True, exist_ok=True)
    workflow = WORKFLOW.replace("octo-org/", "https://github.com/octo-org/")
    (checkout / folder / "workflows" / "gate.yml").write_text(workflow)
    with GiteaDouble(required=required, protected=protected) as gitea:
        assert on_gitea(doctor, gitea) == expected
        assert len(gitea.asked) == 2


def test_a_name_of_ones_own_and_a_branch_can_be_asked_for_on_gitea(doctor: Doctor) -> None:
    with GiteaDouble(required=["swanlab-ci"]) as gitea:
        assert on_gitea(doctor, gitea, "--check", "swanlab-ci", "--branch", "release/1") == []
        assert [line.rpartition("/")[2] for line in gitea.said()] == ["release%2F1"]


def test_what_gitea_refuses_is_not_known(doctor: Doctor) -> None:
    with GiteaDouble() as gitea:
        assert on_gitea(doctor, gitea, GITHUB_TOKEN="other") == [("forge.failed", "unknown")]
        assert on_gitea(doctor, gitea, GITHUB_TOKEN="") == [("forge.not-asked", "unknown")]


@pytest.mark.parametrize(
    ("protected", "expected"),
    [(True, ("gitee.requirements-unknown", "unknown")), (False, ("forge.not-protected", "problem"))],
)
def test_gitee_tells_only_whether_the_branch_is_protected(
    doctor: Doctor, expected: tuple[str, str], *, protected: bool
) -> None:
    with GiteeDouble(protected=protected) as gitee:
        known = {"SWANLAB_CI_REPOSITORY": gitee.address, "SWANLAB_CI_TOKEN": gitee_double.TOKEN}
        ended = doctor("--format", "json", **OFF | known)

        assert expected in found(ended)
        assert gitee.violations == []
