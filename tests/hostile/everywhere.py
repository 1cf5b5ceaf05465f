"""Every hostile text in all places where somebody can write one, and what leaves the action when it judges them."""

import json
from dataclasses import dataclass
from pathlib import Path

from support.github_double import BOT, Comment, GitHubDouble
from support.runner import Runner, pull_request
from support.sample import sample
from support.story import Ended

from swanlab_ci.sandbox import Sandbox
from swanlab_ci.sandbox.storage.store import Store, StoredProject, StoredRun, StoredUser

TEXTS: dict[str, str] = json.loads((Path(__file__).parent / "hostile.json").read_text("utf-8"))
SHOWN = {name: text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") for name, text in TEXTS.items()}


def hostile_run(number: int, text: str) -> StoredRun:
    """Make a run in which every part that somebody can write is `text`."""
    moment = f"2026-09-01T{number // 60:02}:{number % 60:02}:00.000Z"
    nested = {"value": text, "desc": text, "sort": 0}
    return StoredRun(
        cuid=f"hostile{number:014}",
        name=text,
        username=f"user{number}",
        created_at=moment,
        finished_at=moment,
        state="CRASHED",
        description=text,
        labels=[text],
        cluster=text,
        job=text,
        config={"case": {"value": number, "desc": "", "sort": 0}, "lr": nested, text: nested},
        metadata={"git": {"branch": text, "commit": text, "remote_url": text}, "_version": 2, text: text},
        requirements=text,
        series={text: [[0, 1.0, 1]], "acc": [[0, "NaN", 1]]},
    )


def gates() -> str:
    """Ask each run for what it has not, so that every part of it has to be told; each gate is named by its text."""
    lines = ["project: my-team/hostile", "gates:"]
    for number, (name, text) in enumerate(SHOWN.items()):
        quoted = json.dumps(text)
        lines += [
            f"  - name: {quoted}",
            f"    id: {name}",
            f"    why: {quoted}",
            f"    runs: {{config.case: {number}}}",
            "    for_each: group",
            "    expect:",
            "      name: fine",
            "      description: fine",
            "      group: fine",
            "      job: fine",
            "      user.name: fine",
            "      labels: {has: fine}",
            "      config.lr: {max: 1}",
            "      git.branch: $head_branch",
            "      git.remote: fine",
            "      metrics.acc: {min: 1}",
            "      requirements.torch: {exists: true}",
            *([f"      {json.dumps(f'config[{quoted}]')}: {{contains: fine}}"] if "\\" not in quoted else []),
        ]
    return "\n".join(lines)


def hostile_store() -> Store:
    made = sample()
    for number, text in enumerate(TEXTS.values()):
        made.users[f"user{number}"] = StoredUser(
            username=f"user{number}", name=text, api_key=f"key-of-somebody-{number}"
        )
    runs = [hostile_run(number, text) for number, text in enumerate(TEXTS.values())]
    made.add_project(
        StoredProject(
            cuid="h" * 21, name="hostile", workspace="my-team", created_at="2026-09-01T00:00:00.000Z", runs=runs
        )
    )
    return made


@dataclass(frozen=True, slots=True)
class Left:
    """All that has left the action."""

    ended: Ended
    runner: Runner
    comment: str
    status: str
    url: str

    @property
    def exits(self) -> dict[str, str]:
        report = self.runner.workspace / "swanlab-ci-report"
        return {
            "stdout": self.ended.out,
            "stderr": self.ended.err,
            "outputs": (self.runner.folder / "output").read_text("utf-8"),
            "summary": self.runner.summary,
            "comment": self.comment,
            "status": self.status,
            **{path.name: path.read_text("utf-8") for path in report.iterdir()},
            "bundle": (self.runner.workspace / "case.json").read_text("utf-8"),
        }


def judged(folder: Path) -> Left:
    """Run the action over all of it."""
    with GitHubDouble() as github, Sandbox(hostile_store()) as sandbox:
        event = pull_request("a" * 40)
        event["pull_request"] |= {"title": TEXTS["log-v1-midline"], "body": TEXTS["md-html-close"]}
        event["pull_request"]["head"]["ref"] = TEXTS["out-shell"]
        github.comments = [
            Comment(number, text, BOT if number % 2 else "mallory") for number, text in enumerate(TEXTS.values(), 1)
        ]
        runner = Runner(folder, github, event=event)
        (runner.workspace / "swanlab-gate.yml").write_text(gates())
        given = {"api-key": sandbox.api_key, "host": sandbox.url, "status-context": "swanlab-ci"}
        ended = runner.run(given | {"bundle": "case.json", "report-dir": "swanlab-ci-report"})
        assert github.violations == []
        assert [comment.body for comment in github.comments[: len(TEXTS)]] == list(TEXTS.values())
        (ours,) = github.comments[len(TEXTS) :]
        return Left(ended, runner, ours.body, github.statuses[0]["description"], sandbox.url)
