"""What in a workflow can skip the gate or hide its result: each flaw alone is found, and no other."""

import os
from pathlib import Path

import pytest
from examined import WORKFLOW, Doctor, found
from support.github_double import GitHubDouble
from support.words import words

from swanlab_ci.check.inputs import Inputs
from swanlab_ci.platforms.github.workflows import DEFAULT_GATES

TYPES = "types: [opened, synchronize, reopened, edited]"
ON, JOB, STEP = f"on: {{pull_request: {{{TYPES}}}}}\n", "  gate:\n", "      - uses: octo-org/swanlab-ci@v1\n"


def on(settings: str) -> tuple[str, str]:
    """Change the settings of the event, beside its types if `settings` has none."""
    whole = settings if "types:" in settings else settings.replace("{", f"{{{TYPES}, ", 1)
    return ON, f"on:\n  pull_request: {whole}\n"


FLAWS = {
    "paths": (*on("{paths: [src/**]}"), "github.path-filter"),
    "paths-ignore": (*on("{paths-ignore: ['*.md']}"), "github.path-filter"),
    "branches": (*on("{branches: [release/*]}"), "github.branch-filter"),
    "branches, negated": (*on("{branches: ['**', '!main']}"), "github.branch-filter"),
    "branches-ignore": (*on("{branches-ignore: ['ma*']}"), "github.branch-filter"),
    "types": (*on("{types: [opened, edited]}"), "github.types-filter"),
    "another event": (ON, "on: push\n", "github.no-pull-request-event"),
    "another base branch": (ON, "on: pull_request\n", "github.not-retargeted"),
    "another base branch, by types": (*on("{types: [opened, synchronize, reopened]}"), "github.not-retargeted"),
    "if": (JOB, JOB + "    if: github.actor != 'dependabot[bot]'\n", "github.job-condition"),
    "needs": (JOB, JOB + "    needs: [train]\n", "github.job-needs"),
    "needs one": (JOB, JOB + "    needs: train\n", "github.job-needs"),
    "if of the step": (STEP, STEP + "        if: success()\n", "github.step-condition"),
    "continue": (STEP, STEP + "        continue-on-error: true\n", "github.continue-on-error"),
    "continue the job": (JOB, JOB + "    continue-on-error: true\n", "github.continue-on-error"),
    "shadow": ("{api-key: x}", "{api-key: x, level-cap: warn}", "forge.shadow"),
}
WARNED = {"shadow", "another base branch", "another base branch, by types"}
HARMLESS = {
    "list of events": (ON, f"on: {{pull_request: {{{TYPES}}}, merge_group: }}\n"),
    "branches": on("{branches: [main, release/*]}"),
    "branches, all": on("{branches: ['**']}"),
    "branches-ignore": on("{branches-ignore: [old/**]}"),
    "types": on("{types: [opened, synchronize, reopened, labeled, edited]}"),
    "if": (JOB, JOB + "    if: ${{ !cancelled() }}\n"),
    "needs": (JOB, JOB + "    needs: train\n    if: always()\n"),
    "if of the step": (STEP, STEP + "        if: ${{ !cancelled() }}\n"),
}


def write(checkout: Path, old: str, new: str) -> None:
    assert old in WORKFLOW
    (checkout / ".github" / "workflows" / "gate.yml").write_text(WORKFLOW.replace(old, new))


def of_workflow(doctor: Doctor) -> list[str]:
    ended = doctor("--format", "json")
    return [id_ for id_, _ in found(ended) if id_.startswith(("github.", "forge."))]


@pytest.mark.usefixtures("armed")
@pytest.mark.parametrize("name", FLAWS)
def test_a_flaw_is_found(doctor: Doctor, checkout: Path, name: str) -> None:
    old, new, expected = FLAWS[name]
    write(checkout, old, new)

    assert of_workflow(doctor) == [expected]
    assert doctor().code == (0 if name in WARNED else 1)


@pytest.mark.usefixtures("armed")
@pytest.mark.parametrize("name", HARMLESS)
def test_what_skips_nothing_is_no_flaw(doctor: Doctor, checkout: Path, name: str) -> None:
    write(checkout, *HARMLESS[name])

    assert of_workflow(doctor) == []
    assert doctor().code == 0


def test_a_merge_queue_needs_its_event(doctor: Doctor, armed: GitHubDouble, checkout: Path) -> None:
    armed.rules.append({"type": "merge_queue", "ruleset_id": 1})
    assert of_workflow(doctor) == ["github.no-merge-group"]

    write(checkout, ON, f"on: {{pull_request: {{{TYPES}}}, merge_group: }}\n")
    assert of_workflow(doctor) == []


@pytest.mark.usefixtures("armed")
def test_a_checkout_without_the_action_is_a_problem(doctor: Doctor, checkout: Path) -> None:
    write(checkout, "octo-org/swanlab-ci@v1", "actions/cache@v4")

    assert "forge.no-gate-workflow" in of_workflow(doctor)
    assert doctor().code == 1


@pytest.mark.usefixtures("armed")
@pytest.mark.parametrize("content", ["on: [", "jobs: !!bool x", "\udc80", "a: &a [*a]"])
def test_a_workflow_that_is_no_yaml_is_not_known_and_ends_nothing(doctor: Doctor, checkout: Path, content: str) -> None:
    (checkout / ".github" / "workflows" / "other.yml").write_bytes(content.encode("utf-8", "surrogateescape"))

    ended = doctor("--format", "json")

    assert ended.code in {0, 3}
    assert (("forge.workflow-unreadable", "unknown") in found(ended)) == (ended.code == 3)


@pytest.mark.usefixtures("armed")
def test_a_workflow_that_is_no_yaml_is_named_with_its_line(doctor: Doctor, checkout: Path) -> None:
    (checkout / ".github" / "workflows" / "other.yml").write_text("on: push\njobs: @x\n")

    (reason,) = [
        each["params"]["reason"]
        for each in doctor("--format", "json").document["findings"]
        if each["id"] == "forge.workflow-unreadable"
    ]

    assert reason == {"id": "forge.not-yaml", "params": {"line": 2}}


@pytest.mark.usefixtures("armed")
def test_a_pipe_among_the_workflows_does_not_block(doctor: Doctor, checkout: Path) -> None:
    os.mkfifo(checkout / ".github" / "workflows" / "pipe.yml")

    assert ("forge.workflow-unreadable", "unknown") in found(doctor("--format", "json"))


def test_a_broken_part_counts_more_than_one_that_could_not_be_seen(doctor: Doctor, checkout: Path) -> None:
    broken = WORKFLOW.replace("    runs-on", "    continue-on-error: true\n    runs-on")
    (checkout / ".github" / "workflows" / "gate.yml").write_text(broken)

    ended = doctor(GITHUB_TOKEN="")

    assert ended.code == 1
    assert ended.out.splitlines()[-1] == words("doctor.not-armed", count=1)


@pytest.mark.usefixtures("armed")
@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("octo-org/", "your-org/", "github.placeholder"),
        ("{api-key: x}", "{api-key: x, gates: gates.yml}", "github.no-gate-file"),
        ("{api-key: x}", '{api-key: x, gates: "a\\0b"}', "github.no-gate-file"),
    ],
)
def test_a_step_that_can_find_nothing_is_a_problem(
    doctor: Doctor, checkout: Path, *, old: str, new: str, expected: str
) -> None:
    (checkout / ".github" / "workflows" / "gate.yml").write_text(WORKFLOW.replace(old, new))

    ended = doctor("--format", "json")

    assert ended.code == 1
    assert [each for each in found(ended) if each[1] == "problem"] == [(expected, "problem")]


@pytest.mark.usefixtures("armed")
def test_a_gate_file_that_an_expression_names_is_not_looked_for(doctor: Doctor, checkout: Path) -> None:
    named = WORKFLOW.replace("{api-key: x}", '{api-key: x, gates: "${{ inputs.gates }}"}')
    (checkout / ".github" / "workflows" / "gate.yml").write_text(named)

    assert doctor().code == 0


def test_the_default_gate_file_is_that_of_the_input() -> None:
    assert Inputs().gates == DEFAULT_GATES
