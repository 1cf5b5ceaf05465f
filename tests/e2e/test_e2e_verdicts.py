"""One workflow, many jobs: how each verdict ends a job, and what later steps and jobs can do with it."""

import textwrap

import pytest
from acting import PLACEHOLDER, Job, Repository
from support.github_double import GitHubDouble
from support.runner import pull_request

from swanlab_ci.sandbox import FIXED_COMMIT, PULL_REQUEST_COMMIT, Sandbox

WARNS = """\
project: my-team/resnet
runs: {git.commit: $pr_commits}
gates:
  - {name: Trained with SGD, level: warn, runs: {labels: eval}, expect: {config.optimizer: sgd}}
"""
WRONG = "project: my-team/resnet\ngates: [{name: Finished, expect: {stat: FINISHED}}]\n"


def job(name: str, more: str = "", after: str = "", **inputs: str) -> str:
    """Write a job whose step `gate` uses the action."""
    given = "".join(f"\n      {key.replace('_', '-')}: {value}" for key, value in inputs.items())
    text = f"""\
{name}:
  runs-on: ubuntu-latest
  steps:
    - uses: actions/checkout@v7
    - uses: {PLACEHOLDER}
      id: gate{more}
      with:
        comment: never{given.replace("      ", "        ")}
{after}"""
    return textwrap.indent(text, "  ")


KEY = "${{ secrets.SWANLAB_API_KEY }}"
LATER = """\
    - {id: next, run: echo next}
    - {id: rescue, if: failure(), run: 'echo "verdict $VERDICT"', env: {VERDICT: "${{ steps.gate.outputs.verdict }}"}}
"""
DECIDES = """\
    - {id: next, if: "steps.gate.outputs.passed != 'true'", run: 'echo "outcome ${{ steps.gate.outcome }}"'}
"""


@pytest.fixture
def jobs(repository: Repository, sandbox: Sandbox) -> dict[str, Job]:
    """Run all the jobs at once: starting act costs more than a job."""
    repository.write("warns.yml", WARNS)
    repository.write("wrong.yml", WRONG)
    host = sandbox.url
    written = [
        job("green", after=LATER, api_key=KEY, host=host, sha=FIXED_COMMIT),
        job("red", after=LATER, api_key=KEY, host=host),
        job("tolerated", more="\n      continue-on-error: true", after=DECIDES, api_key=KEY, host=host),
        job("warned", api_key=KEY, host=host, gates="warns.yml"),
        job("strict", api_key=KEY, host=host, gates="warns.yml", strict="true"),
        job("wrong", api_key=KEY, host=host, gates="wrong.yml"),
        job("refused", api_key="wrongwrongwrongwrong1", host=host),
        job("down", api_key=KEY, host="http://127.0.0.1:1", timeout="3s"),
        "  merge:\n    needs: red\n    runs-on: ubuntu-latest\n    steps: [{run: echo merged}]\n",
    ]
    workflow = "on: pull_request\njobs:\n" + "".join(written)
    return repository.run(workflow, "pull_request", pull_request(PULL_REQUEST_COMMIT))


def test_verdicts_end_jobs(jobs: dict[str, Job], github: GitHubDouble) -> None:
    results = {name: (job.result, job.outputs["gate"]["verdict"]) for name, job in jobs.items() if job.outputs}

    assert results == {
        "green": ("success", "pass"),
        "red": ("failure", "fail"),
        "tolerated": ("success", "fail"),
        "warned": ("success", "warn"),
        "strict": ("failure", "fail"),
        "wrong": ("failure", "error"),
        "refused": ("failure", "error"),
        "down": ("failure", "error"),
    }
    passed = {name for name, job in jobs.items() if job.outputs and job.outputs["gate"]["passed"] == "true"}
    assert passed == {"green", "warned"}
    assert all(job.summary.lstrip().startswith("## ") for job in jobs.values() if job.outputs)
    assert not [name for name, job in jobs.items() if "sandboxSandboxSandbox" in job.log + job.summary]
    assert not github.comments

    assert jobs["green"].steps == {"0": "success", "gate": "success", "next": "success"}
    assert jobs["red"].steps == {"0": "success", "gate": "failure", "rescue": "success"}
    assert "verdict fail" in jobs["red"].log
    assert "outcome failure" in jobs["tolerated"].log
    assert not jobs.get("merge", Job()).steps

    assert "wrong.yml:2:" in jobs["wrong"].log
    assert "does not accept the API key" in jobs["refused"].log
    assert "did not answer" in jobs["down"].log


def test_a_token_that_may_only_read_costs_the_comment_and_nothing_else(
    repository: Repository, github: GitHubDouble
) -> None:
    github.may_write = False

    gate = repository.run(repository.example("pull-request.yml"), "pull_request", pull_request(FIXED_COMMIT))["gate"]

    assert gate.result == "success", gate.log
    assert gate.outputs["1"]["passed"] == "true"
    assert gate.outputs["1"]["comment-url"] == ""
    assert "pull-requests: write" in gate.log
