"""Gate file, key, project, recorded commits, and the number of requests, which a real check is compared with."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from examined import GATES, Doctor, found
from support.github_double import GitHubDouble
from support.repository import Repository
from support.words import words

from swanlab_ci import gate
from swanlab_ci.client.reader import connect
from swanlab_ci.messages import Key, Name
from swanlab_ci.sandbox import FIXED_COMMIT, Fault, Sandbox
from swanlab_ci.sources.server import ServerSource

pytestmark = pytest.mark.usefixtures("armed")


def count(doctor: Doctor) -> int:
    (told,) = [each for each in doctor("--format", "json").document["findings"] if each["part"] == "requests"]
    return int(told["params"]["count"])


@pytest.mark.parametrize("gates", ["project: a/b\ngates: []\n", "gates: [{name: a, expect: {state: FINISHED}}]\n"])
def test_a_wrong_gate_file_ends_it_before_anything_is_asked(
    doctor: Doctor, checkout: Path, github: GitHubDouble, sandbox: Sandbox, gates: str
) -> None:
    (checkout / "swanlab-gate.yml").write_text(gates)

    ended = doctor()

    assert ended.code == 2
    assert (github.asked, len(sandbox.requests)) == ([], 0)


def test_without_a_key_it_ends_as_a_check_does(doctor: Doctor) -> None:
    assert doctor(SWANLAB_API_KEY="", HOME="/nowhere").code == 2


def test_a_key_that_is_refused_is_not_known(doctor: Doctor) -> None:
    ended = doctor("--format", "json", SWANLAB_API_KEY="wrongwrongwrongwrong1")

    assert ended.code == 3
    assert [health for _, health in found(ended)] == ["unknown"]


@pytest.mark.parametrize("project", ["my-team/nothing", "nobody/resnet"])
def test_a_project_that_is_not_there_is_not_known(doctor: Doctor, project: str) -> None:
    assert doctor("--project", project).code == 3


def test_an_outage_is_not_known(doctor: Doctor, sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault(kind="status", path="/api/project/*", status=500))

    assert doctor("--timeout", "5s").code == 3


def test_an_empty_project_is_a_warning(doctor: Doctor) -> None:
    ended = doctor("--project", "ada/empty", "--format", "json")

    assert ended.code == 0
    assert ("doctor.no-runs", "warning") in found(ended)


def test_the_share_of_runs_that_record_a_commit_is_told(doctor: Doctor, sandbox: Sandbox) -> None:
    runs = sandbox.store.projects["my-team/resnet"].runs
    for run in runs:
        run.cluster = None
    for run in runs[:7]:
        run.cluster = FIXED_COMMIT

    (told,) = [each for each in doctor("--format", "json").document["findings"] if each["part"] == "runs"]
    assert (told["params"], told["health"]) == ({"count": 7, "seen": len(runs)}, "warning")


def test_a_project_in_which_no_run_records_a_commit_can_never_be_green(doctor: Doctor, sandbox: Sandbox) -> None:
    for run in sandbox.store.projects["my-team/resnet"].runs:
        run.cluster = None

    ended = doctor("--format", "json")

    assert ended.code == 1
    assert ("doctor.recorded", "problem") in found(ended)


def test_the_commit_that_git_recorded_counts_where_the_gate_file_reads_it(doctor: Doctor, checkout: Path) -> None:
    (checkout / "swanlab-gate.yml").write_text(GATES.replace("group", "git.commit"))

    (told,) = [each for each in doctor("--format", "json").document["findings"] if each["part"] == "runs"]
    assert told["params"]["count"] > 30


@pytest.mark.parametrize(
    ("runs", "expect"),
    [
        ("{group: $pr_commits}", "{state: FINISHED}"),
        ("{group: $pr_commits}", "{metrics.val/acc: {min: 0.5}}"),
        ("{group: $pr_commits}", "{curve.spike: {max: 2}, curve.tail: {min: 0}, metrics.val/acc: {min: 0.5}}"),
        ("{name: {like: 'pr42-*'}}", "{state: FINISHED}"),
        ("{git.commit: $pr_commits}", "{state: FINISHED}"),
        ("{labels: smoke, git.commit: $pr_commits}", "{state: FINISHED}"),
    ],
)
def test_the_number_of_requests_is_that_of_a_check(
    doctor: Doctor, checkout: Path, sandbox: Sandbox, runs: str, expect: str
) -> None:
    """Up to the verdict; what only the report shows is fetched after it."""
    curves = "{spike: {of: train/loss, take: max_rise}, tail: {of: val/acc, last: 5, take: mean}}"
    gates = f"project: my-team/resnet\ncurves: {curves}\nruns: {runs}\ngates: [{{name: Finished, expect: {expect}}}]\n"
    (checkout / "swanlab-gate.yml").write_text(gates)
    rules = gate.bind(gate.load(gates, name="g.yml"), {"pr_commits": (FIXED_COMMIT,)}, event="")
    told = count(doctor)
    sandbox.requests.clear()

    reader = connect({}, api_key=sandbox.api_key, host=sandbox.url)
    ServerSource(reader, "my-team/resnet", rules).fetch(datetime.now(UTC))

    asked = len(sandbox.requests)
    assert told == asked


@pytest.mark.parametrize(
    ("runs", "compared", "where"),
    [
        ("{group: $pr_commits}", True, ("`git.branch`", "swanlab-gate.yml:3", "main")),
        ("{git.commit: $pr_commits}", False, ("`git.commit`", "swanlab-gate.yml:2", "")),
    ],
)
def test_the_condition_that_costs_many_requests_is_named(
    doctor: Doctor, checkout: Path, *, runs: str, compared: bool, where: tuple[str, str, str]
) -> None:
    gates = f"project: my-team/resnet\nruns: {runs}\n"
    if compared:
        gates += "baselines: {main: {runs: {git.branch: main}}}\n"
        gates += "gates: [{name: A, compare: {metrics.val/acc: {to: main, better: higher, allow_worse: 0}}}]\n"
    else:
        gates += "gates: [{name: A, expect: {state: FINISHED}}]\n"
    (checkout / "swanlab-gate.yml").write_text(gates)

    ended = doctor()

    field, place, baseline = where
    named = words("doctor.slow-clause", field=Key(field.strip("`")), place=Name(place), baseline=Name(baseline))
    assert named in ended.out


def test_a_gate_file_that_git_does_not_know_is_a_warning(doctor: Doctor, checkout: Path) -> None:
    path = os.environ["PATH"]
    before = doctor("--format", "json", PATH=path)
    repository = Repository(checkout)
    untracked = doctor("--format", "json", PATH=path)
    repository.commit({"train.py": ""})  # and all else that is there
    tracked = doctor("--format", "json", PATH=path)

    warned = ("doctor.uncommitted", "warning")
    assert [warned in found(each) for each in (before, untracked, tracked)] == [False, True, False]
