"""Workflows, ours and those we show, keep what we ask of others: pinned, with least rights, naming what exists."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from release.owner import owner
from swanlab_ci import __version__
from swanlab_ci.platforms.github.workflows import flaws, gate_jobs
from swanlab_ci.sandbox.sample import API_KEY, FIXED_COMMIT, PULL_REQUEST_COMMIT

ROOT = Path(__file__).parents[2]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
OURS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
EXAMPLES = [
    *sorted((ROOT / "examples").rglob("github/*.yml")),
    *sorted((ROOT / "swanlab_ci").glob("first-workflow*.yml")),
]
DOCUMENTS = [*ROOT.glob("README*.md"), *(ROOT / "docs").rglob("*.md")]
CI = ROOT / ".github" / "workflows" / "ci.yml"
AFTER, RELEASE = (CI.with_name(name) for name in ("after.yml", "release.yml"))
NAMES = ("./", f"{owner()}/swanlab-ci@v{__version__.partition('.')[0]}")
READ = {"contents": "read"}
RIGHTS: dict[str, dict[str, str]] = {  # of our workflows' jobs, where they are more than the right to read the source
    "after.yml: verify": READ | {"attestations": "read"},
    "after.yml: move": {"contents": "write"},
    "ci.yml: done": {},
    "release.yml: publish": {"packages": "write"},
    "release.yml: attest": dict.fromkeys(("artifact-metadata", "attestations", "id-token", "packages"), "write"),
    "release.yml: verify": {},
    "release.yml: pypi": {"id-token": "write"},
    "release.yml: draft": {"contents": "write"},
}

every = pytest.mark.parametrize("path", [*OURS, *EXAMPLES], ids=lambda path: path.name)


def jobs(path: Path) -> dict[str, Any]:
    return dict(yaml.safe_load(path.read_text("utf-8"))["jobs"])


def steps(content: Any) -> Iterator[dict[str, Any]]:
    """Find the steps that use an action, however deep, so that a fragment in a document counts, too."""
    if isinstance(content, dict) and "uses" in content:
        yield content
    for item in content.values() if isinstance(content, dict) else content if isinstance(content, list) else ():
        yield from steps(item)


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_every_action_is_pinned_by_hash_and_says_its_release(path: Path) -> None:
    used = re.findall(r"uses: (?!\./)(.+)", path.read_text("utf-8"))

    assert used
    assert [line for line in used if not re.fullmatch(r"\S+@[0-9a-f]{40}  # v\d+\.\d+\.\d+", line)] == []


@every
def test_no_checkout_leaves_its_token_behind(path: Path) -> None:
    checkouts = [step for step in steps(jobs(path)) if step["uses"].startswith("actions/checkout@")]
    given = [dict(step.get("with", {})) for step in checkouts]
    refs = [inputs.pop("ref", None) for inputs in given]

    assert checkouts or path.name == "scan.yml"
    assert given == [{"persist-credentials": False}] * len(checkouts)
    assert path == AFTER or not any(refs)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_examples_give_rights_to_jobs_and_only_those_that_are_needed(path: Path) -> None:
    assert yaml.safe_load(path.read_text("utf-8"))["permissions"] == {}
    given = {right for job in jobs(path).values() for right in job["permissions"].items()}
    pushing = {("contents", "write")} if path.name == "ratchet.yml" else set()

    assert given <= {("contents", "read"), ("pull-requests", "write"), ("statuses", "write")} | pushing


def test_an_example_that_pushes_installs_nothing_in_that_job() -> None:
    found = {name: job for path in EXAMPLES for name, job in jobs(path).items()}
    installing = {name for name, job in found.items() if re.search(r"\bpip", str(job.get("steps")))}
    pushing = {name for name, job in found.items() if job["permissions"].get("contents") == "write"}

    assert (installing, pushing) == ({"tighten"}, {"propose"})


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_each_job_of_ours_has_the_rights_it_needs_and_no_others(path: Path) -> None:
    assert yaml.safe_load(path.read_text("utf-8"))["permissions"] == {}
    given = {f"{path.name}: {name}": job["permissions"] for name, job in jobs(path).items()}

    assert given == {name: RIGHTS.get(name, READ) for name in given}


def test_packages_from_an_index_run_only_where_nothing_can_be_written() -> None:
    writers = {name for name, rights in RIGHTS.items() if "write" in rights.values()}
    running = {
        f"{path.name}: {name}"
        for path in OURS
        for name, job in jobs(path).items()
        if re.search(r"\b(make|pip|\.venv)\b", "\n".join(step.get("run", "") for step in job.get("steps", ())))
    }

    assert {"release.yml: image", "release.yml: dist"} <= running
    assert running & writers == set()


def test_nothing_is_published_before_everything_was_tested() -> None:
    found = jobs(RELEASE)

    def before(name: str) -> set[str]:
        needs = found[name].get("needs", [])
        direct = {needs} if isinstance(needs, str) else set(needs)
        return direct.union(*map(before, direct))

    assert before("publish") == {"check", "ci", "image", "dist"}
    assert before("verify") == before("publish") | {"publish", "attest"}
    assert before("pypi") == before("verify") | {"verify"}
    assert before("draft") == before("pypi") | {"pypi"}
    assert {name: job["environment"] for name, job in found.items() if "environment" in job} == {
        "publish": "release",
        "pypi": "pypi",
    }


def test_a_release_is_neither_cancelled_nor_overtaken() -> None:
    groups = [yaml.safe_load(path.read_text("utf-8"))["concurrency"] for path in (RELEASE, AFTER)]

    assert groups == [{"group": "release", "cancel-in-progress": False}] * 2


@every
def test_the_outputs_that_are_asked_for_exist(path: Path) -> None:
    asked = set(re.findall(r"steps\.(?:gate|green|red)\.outputs\.([\w-]+)", path.read_text("utf-8")))

    assert asked <= ACTION["outputs"].keys()


def ours_in_documents() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in DOCUMENTS:
        for block in re.findall(r"```ya?ml\n(.*?)```", path.read_text("utf-8"), re.DOTALL):
            if "uses:" in block:
                yield from ((path.name, step) for step in steps(yaml.safe_load(block)))
    for path in (*OURS, *EXAMPLES):
        yield from ((path.name, step) for step in steps(jobs(path)))


def test_the_inputs_that_are_given_exist_and_the_required_ones_are() -> None:
    ours = [(name, step["with"]) for name, step in ours_in_documents() if step["uses"] in NAMES]

    assert {"README.md", "README.zh-CN.md", "github.md", "ci.yml"} <= {name for name, _ in ours}
    assert [(name, given) for name, given in ours if not {"api-key"} <= given.keys() <= ACTION["inputs"].keys()] == []


@pytest.mark.parametrize(("path", "name"), [(CI, "self-test"), (AFTER, "verify")])
def test_the_self_test_judges_the_samples_two_commits(path: Path, name: str) -> None:
    job = jobs(path)[name]
    used = {step["id"]: step["with"] for step in job["steps"] if step.get("uses") == "./"}

    assert used["green"]["sha"] == FIXED_COMMIT
    assert used["red"]["sha"] == PULL_REQUEST_COMMIT
    assert {given["api-key"] for given in used.values()} == {API_KEY}


def test_a_release_judges_the_samples_two_commits() -> None:
    script = jobs(RELEASE)["verify"]["steps"][-1]["run"]

    assert re.findall(r"[0-9a-f]{40}", script) == [FIXED_COMMIT, PULL_REQUEST_COMMIT]
    assert API_KEY in script


def test_the_required_job_waits_for_all_the_others() -> None:
    assert set(jobs(CI)["done"]["needs"]) == jobs(CI).keys() - {"done"}


def test_tests_run_on_every_python_that_is_promised() -> None:
    promised = re.findall(r"Python :: (3\.\d+)", (ROOT / "pyproject.toml").read_text("utf-8"))

    assert jobs(CI)["tests"]["strategy"]["matrix"]["python"] == promised


def test_every_stage_is_a_target_of_make() -> None:
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)

    assert set(jobs(CI)["stages"]["strategy"]["matrix"]["stage"]) <= set(targets)


@pytest.mark.parametrize("folder", ["examples/github", "examples/gitea", "examples/hermetic", "swanlab_ci"])
def test_nothing_in_what_we_show_keeps_the_gate_from_saying_no(folder: str) -> None:
    gates, unread = gate_jobs(ROOT, Path(folder))

    found = {job.file: flaws(job, "main", has_merge_queue="merge_group" in job.events) for job in gates}
    found.pop("examples/gitea/training-ended.yml", None)  # what it sets is required beside `pull-request.yml`
    assert found
    assert [flaw for every in found.values() for flaw in every] == unread == []
