"""What no text alone can show: gate files, servers, values and secrets that mean harm, against the whole action."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from github_double import TOKEN, GitHubDouble
from rendered import Page
from runner import Runner, pull_request, read_commands
from story import Ended

from swanlab_ci.sandbox import Fault, Sandbox, sample_store
from swanlab_ci.sandbox.store import Project, Run

GATE = "project: my-team/hostile\ngates:\n  - name: Good\n    expect: {metrics.acc: {min: 0.9}}\n"
SUMMARIES = "*/house/metrics/summaries"
Act = Callable[..., Ended]


def a_run(number: int, name: str, **parts: object) -> Run:
    moment = f"2026-09-01T00:00:{number:02}.000Z"
    known = {"username": "ada", "created_at": moment, "finished_at": moment, "state": "FINISHED"}
    return Run(cuid=f"hostile{number:014}", name=name, **(known | {"series": {"acc": [[0, 1.0, 1]]}} | parts))  # type: ignore[arg-type]


def put(sandbox: Sandbox, *runs: Run) -> None:
    place = {"cuid": "h" * 21, "name": "hostile", "workspace": "my-team", "created_at": "2026-09-01T00:00:00.000Z"}
    sandbox.store.add_project(Project(runs=list(runs), **place))  # type: ignore[arg-type]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(sample_store()) as serving:
        put(serving, a_run(1, "fine"))
        yield serving


@pytest.fixture
def github() -> Iterator[GitHubDouble]:
    with GitHubDouble() as double:
        yield double
    assert double.violations == []


@pytest.fixture
def runner(github: GitHubDouble, tmp_path: Path) -> Runner:
    return Runner(tmp_path / "job", github, event=pull_request("a" * 40))


@pytest.fixture
def act(runner: Runner, sandbox: Sandbox) -> Act:
    """Run the action with a gate file; its log holds no command but ours, and nothing has passed but by exit code 0."""

    def acted(gates: str = GATE, **inputs: str) -> Ended:
        (runner.workspace / "swanlab-gate.yml").write_text(gates)
        given = {"api-key": sandbox.api_key, "host": sandbox.url, "timeout": "5s"}
        ended = runner.run(given | {name.replace("_", "-"): value for name, value in inputs.items()})
        commands = {*read_commands(ended.out), *read_commands(ended.err)}
        assert commands <= {"add-mask", "error", "warning", "notice"}
        assert runner.outputs["passed"] == ("true" if ended.code == 0 else "false")
        assert "Traceback" not in ended.out + ended.err
        return ended

    return acted


def test_the_gate_that_all_others_differ_from_passes(act: Act) -> None:
    assert act().code == 0


@pytest.mark.parametrize(
    ("gates", "says"),
    [
        ("!!python/object/apply:os.system ['touch canary']", "tag"),
        (GATE.replace("{min: 0.9}", "{min: 0.9, min: 0.0}"), "min"),
        ("host: https://evil.example\napi_key: x\n" + GATE, "host"),
        (GATE.replace("0.9", "no"), "no"),
        ("project: my-team/hostile\ngates: []\n", "gates"),
        (GATE.replace("min:", "mim:"), "did you mean `min`?"),
        (GATE.replace("metrics.acc: {min: 0.9}", 'name: {matches: "(a+)+$"}'), "repeat"),
        (
            GATE.replace("Good", '"run\\n::set-output name=passed::true"').replace("min", '"##[add-mask]true"'),
            "unknown",
        ),
    ],
    ids=["tag", "key twice", "host", "norway", "no gates", "typo", "backtracking", "commands"],
)
def test_a_gate_file_that_means_harm_is_refused_before_anything_is_fetched(
    act: Act, runner: Runner, sandbox: Sandbox, gates: str, says: str
) -> None:
    ended = act(gates)

    assert ended.code == 2
    assert says in ended.out + ended.err
    assert "swanlab-gate.yml" in ended.out + ended.err
    assert sandbox.requests == []
    assert not list(runner.workspace.rglob("canary"))


@pytest.mark.parametrize(
    ("inputs", "says"),
    [
        ({"host": "http://swanlab.internal"}, "allow-http"),
        ({"host": "file:///etc/passwd"}, "host"),
        ({"api_key": "sk-secret\r\nX-Evil: 1"}, "api-key"),
        ({"api_key": "sk-" + "secret" * 7, "host": "https://user:pass@evil.example"}, "host"),
    ],
    ids=["plain http", "file", "line break in the key", "a key beside a bad host"],
)
def test_an_input_that_means_harm_is_refused_and_no_key_shown(
    act: Act, sandbox: Sandbox, inputs: dict[str, str], says: str
) -> None:
    ended = act(**inputs)

    assert ended.code == 2
    assert says in ended.out + ended.err
    assert sandbox.requests == []
    told = re.sub(r"^::add-mask::.*$", "", ended.out + ended.err, flags=re.MULTILINE)
    assert "secret" not in told
    assert "pass@" not in told


@pytest.mark.parametrize("status", [302, 307])
def test_a_redirect_is_refused_and_its_target_hears_nothing(act: Act, sandbox: Sandbox, status: int) -> None:
    with Sandbox(sample_store()) as evil:
        for address in (f"{evil.url}/x", f"{sandbox.url}/x"):
            sandbox.faults.clear()
            sandbox.faults.add(Fault(kind="status", status=status, path="*/runs", headers={"Location": address}))
            assert act().code == 3
        assert evil.requests == []
    assert not [request for request in sandbox.requests if request.path == "/x"]


def test_a_netrc_of_the_home_folder_signs_nothing(act: Act, runner: Runner, sandbox: Sandbox) -> None:
    (runner.folder / ".netrc").write_text("default login a password b")
    runner.environ |= {"HOME": str(runner.folder), "NETRC": str(runner.folder / ".netrc")}

    assert act().code == 0

    told = [request.headers["authorization"] for request in sandbox.requests if "authorization" in request.headers]
    assert told == [sandbox.api_key]


@pytest.mark.parametrize(
    "fault",
    [
        Fault(kind="status", status=503, headers={"Retry-After": "86400"}, path="*/runs"),
        Fault(kind="gzip-bomb", path="*/runs"),
        Fault(kind="body", text='{"data":null}', path="*/runs"),
        Fault(kind="body", text='{"list":null,"total":0}', path="*/runs"),
        Fault(kind="deep", path="*/runs"),
        Fault(kind="surrogate", path=SUMMARIES),
    ],
    ids=["a day's pause", "gzip bomb", "no data", "no list", "deep", "half a character"],
)
def test_an_answer_that_is_none_is_never_a_pass(act: Act, sandbox: Sandbox, fault: Fault) -> None:
    sandbox.faults.add(fault)

    assert act().code == 3


@pytest.mark.parametrize(
    ("value", "code", "says"),
    [
        ("NaN", 1, "no finite number"),
        ("1e999", 1, "no finite number"),
        ('"NaN"', 1, "no finite number"),
        ("true", 3, "needs a number"),
        ("null", 1, "missing"),
        ('"0.99"', 0, "PASS"),
        ('"high"', 3, "needs a number"),
        ("[1]", 3, "needs a number"),
        ("{}", 1, "missing"),
    ],
)
def test_a_value_that_is_no_number_is_never_a_pass(
    act: Act, sandbox: Sandbox, value: str, code: int, says: str
) -> None:
    (run,) = sandbox.store.projects["my-team/hostile"].runs
    summary = f'{{"{run.cuid}": {{"acc": {{"step": 0, "value": {value}}}}}}}'
    sandbox.faults.add(Fault(kind="body", text=summary, path=SUMMARIES))

    ended = act()

    assert (ended.code, says in ended.out + ended.err) == (code, True), ended.out


def test_a_metric_that_is_missing_and_a_run_that_is_not_over_are_no_pass(act: Act, sandbox: Sandbox) -> None:
    (run,) = sandbox.store.projects["my-team/hostile"].runs
    run.series = {}
    missing = act()
    run.series, run.state, run.finished_at = {"acc": [[0, 1.0, 1]]}, "RUNNING", None
    run.changed()

    assert (missing.code, "missing" in missing.out) == (1, True)
    assert act().code == 4


@pytest.mark.parametrize(("level", "code"), [("0.9", 0), ("1.9", 1)])
def test_a_refused_comment_leaves_the_verdict(
    act: Act, runner: Runner, github: GitHubDouble, level: str, code: int
) -> None:
    github.may_write = False

    ended = act(GATE.replace("0.9", level))

    assert ended.code == code
    assert "pull-requests: write" in ended.out + ended.err
    assert runner.summary.lstrip().startswith("## ")


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
        assert "SwanLab: The only gate fails" in text
        assert Page(text).tags.count("h2") == 1


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
