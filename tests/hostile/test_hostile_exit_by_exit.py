"""Size, secrets, other people's comments and a kill: what one hostile input does to every exit of the action."""

import json
import re
import subprocess
import time

from one_run import GATE, Act, a_run, put
from promised import keeps, keeps_each
from support.github_double import BOT, TOKEN, Comment, GitHubDouble
from support.rendered import Page
from support.runner import ACTION, Runner

from swanlab_ci.sandbox import Fault, Sandbox

MARKED = "<!-- swanlab-ci:default run={}.1 sha=a -->\n<!-- state=0123456789abcdef told= -->\nAll passed"


@keeps_each(
    ("login", "body", "alone"),
    {
        "sticky-other-author": ("mallory", MARKED.format(11), False),
        "sticky-same-bot-echo": (BOT, "Title: " + MARKED.format(11), False),
        "sticky-older-run": (BOT, MARKED.format(13), True),
    },
)
def test_a_comment_that_is_not_ours_or_newer_is_left_as_it_is(
    act: Act, github: GitHubDouble, *, login: str, body: str, alone: bool
) -> None:
    github.comments.append(Comment(5, body, login))

    ended = act()

    assert ended.code == 0
    assert github.comments[0].body == body
    assert ("\nwarning: A newer run" in ended.err) == alone
    assert [comment.body.startswith("<!-- swanlab-ci:default run=12.1 ") for comment in github.comments[1:]] == (
        [] if alone else [True]
    )


@keeps("fc-kill")
def test_killed_in_the_middle_it_has_not_passed(act: Act, runner: Runner, sandbox: Sandbox) -> None:
    assert act().code == 0  # so that the gate file is there, and would pass
    (runner.folder / "output").unlink()
    sandbox.requests.clear()
    sandbox.faults.add(Fault(kind="hang", path="*/runs*", seconds=30))
    environment = runner.environment({"api-key": sandbox.api_key, "host": sandbox.url})
    process = subprocess.Popen(ACTION, cwd=runner.workspace, env=environment, stderr=subprocess.DEVNULL)  # noqa: S603
    end = time.monotonic() + 20
    while not any("/runs" in request.path for request in sandbox.requests):
        assert time.monotonic() < end
        time.sleep(0.02)

    process.kill()

    assert process.wait(5) == -9
    assert (runner.outputs["passed"], runner.outputs["verdict"]) == ("false", "error")


@keeps("md-huge")
def test_a_name_of_two_million_characters_fits_every_surface(
    act: Act, runner: Runner, sandbox: Sandbox, github: GitHubDouble
) -> None:
    (run,) = sandbox.store.projects["my-team/hostile"].runs
    run.name, run.series = "A" * 2_000_000, {"acc": [[0, 0.1, 1]]}

    assert act(timeout="60s").code == 1

    (comment,) = github.comments
    assert len(comment.body) <= 65_000
    assert len(runner.summary.encode()) <= 1_000_000
    for text in (comment.body, runner.summary):
        assert "SwanLab: 1 of 1 gate failed" in text
        assert Page(text).tags.count("h2") == 1


@keeps("sec-key-in-name")
def test_a_secret_that_somebody_logged_leaves_by_no_exit(
    act: Act, runner: Runner, sandbox: Sandbox, github: GitHubDouble
) -> None:
    key = sandbox.api_key
    told = [key, TOKEN, f"{'x' * 110}{key}", f"a|{key}|b", f"`{TOKEN}`", f"{key}\n{TOKEN}"]
    nested = [{"value": text, "desc": text, "sort": 0} for text in told]
    sandbox.store.delete_project(sandbox.store.projects["my-team/hostile"])
    put(
        sandbox,
        *(
            a_run(
                number,
                text,
                description=text,
                labels=[text],
                cluster=text,
                job=text,
                config={"lr": nested[number], text: nested[number]},
                metadata={"git": {"branch": text, "commit": text, "remote_url": text}, "_version": 2},
                series={text: [[0, 1.0, 1]]},
            )
            for number, text in enumerate(told)
        ),
    )
    expect = "expect: {name: x, config.lr: {is: x}, labels: {has: x}, git.branch: x, metrics.acc: {min: 1}}"

    ended = act(GATE.replace("expect: {metrics.acc: {min: 0.9}}", f"for_each: group\n    {expect}"), status_context="x",
                report_dir="report", bundle="case.json")  # fmt: skip

    sids = {
        match[1] for each in sandbox.requests if (match := re.search(r"sid=([^;]+)", each.headers.get("cookie", "")))
    }
    exits = {
        path.name: path.read_text("utf-8")
        for path in [*(runner.workspace / "report").iterdir(), runner.workspace / "case.json"]
    }
    exits |= {"comment": github.comments[0].body, "status": json.dumps(github.statuses), "summary": runner.summary}
    exits |= {
        "outputs": (runner.folder / "output").read_text("utf-8"),
    }
    for stream, text in (("out", ended.out), ("err", ended.err)):
        exits[stream] = re.sub(r"^::add-mask::.*$", "", text, flags=re.MULTILINE)  # so that the runner hides them, too
    assert ended.code == 1
    assert sids
    for name, text in exits.items():
        found = [secret for secret in (key, TOKEN, *sids) if secret[:8] in text]  # its beginning: a cell may be cut
        assert found == [], name
    assert exits["comment"].count("***") >= 5
