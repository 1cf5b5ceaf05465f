"""The value of a field that sounds like a secret's is on no surface, whatever a gate asks of the field."""

import json
import re

import pytest
from support.example import COMMIT, FILE, GATES, NOW, PROJECT, example

from swanlab_ci.check.record import CheckRecord
from swanlab_ci.insight.changes import HIDDEN
from swanlab_ci.messages import Language
from swanlab_ci.model import Level, Outcome
from swanlab_ci.report import render

SELECTED = "runs: {labels: evaluation, git.branch: $head_branch}"
ASKING = {
    "unchanged": f"{SELECTED}\n    unchanged: {{to: main, fields: [config.*]}}",
    "a value": f"{SELECTED}\n    expect: {{config.api_key: other}}",
    "a part": f"{SELECTED}\n    expect: {{config.api_key: {{any_of: [{{like: zz*}}, {{is: other}}]}}}}",
    "all runs": f"{SELECTED}\n    expect: {{distinct(config.api_key): {{min: 9}}}}",
    "a group": f"{SELECTED}\n    for_each: config.api_key\n    expect: {{config.lr: {{max: 0.01}}}}",
    "a selection": "runs: {git.branch: $head_branch, config.api_key: other}\n    expect: {config.lr: 1}",
}


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("asking", ASKING.values(), ids=list(ASKING))
def test_a_secret_in_a_config_is_shown_nowhere(asking: str, language: Language) -> None:
    text = f"{GATES}  - name: About the key\n    {asking}\n"
    record = CheckRecord(
        project="my-team/resnet", project_url=PROJECT, gate_file=FILE, text=text, extends={},
        variables={"head_branch": "feature/larger-lr", "pr_number": 214}, event="", strict=False,
        level_cap=Level.FAIL, judged_at=NOW, commit=COMMIT, runs=example().runs,
    )  # fmt: skip
    verdict = record.judge()
    report = render(record.judgement(verdict), record.insight(verdict), redact=str, language=language)

    shown = (report.comment, report.summary, report.text, report.junit, report.html(), json.dumps(report.json))
    about = [each for each in record.judgement(verdict).verdict.gates if each.name == "About the key"]
    assert about
    assert all(check.outcome is not Outcome.OK for each in about for check in each.deciding)
    leaks = [part for surface in shown for part in surface.splitlines() if re.search("sk-(new|old)-secret", part)]
    assert [re.sub(".*?(.{0,80}sk-(?:new|old)-secret).*", r"\1", part) for part in leaks] == []
    assert HIDDEN in "".join(shown)
