"""What no text alone can show: gate files, servers, values and secrets that mean harm, against the whole action."""

import json
import re
import time

import pytest
from one_run import GATE, Act
from promised import keeps, keeps_each
from support.github_double import GitHubDouble
from support.runner import Runner
from support.sample import sample

from swanlab_ci.sandbox import Fault, Sandbox

SUMMARIES = "*/house/metrics/summaries"


def judged_with(act: Act, runner: Runner, sandbox: Sandbox, value: str) -> tuple[int, str | None]:
    """Let the server send `value`, which is JSON or nearly, as the metric; returns exit code and message id."""
    (run,) = sandbox.store.projects["my-team/hostile"].runs
    summary = f'{{"{run.cuid}": {{"acc": {{"step": 0, "value": {value}}}}}}}'
    sandbox.faults.add(Fault(kind="body", text=summary, path=SUMMARIES))
    ended = act(report_dir="report")
    report = json.loads((runner.workspace / "report" / "report.json").read_text("utf-8"))
    (check,) = report["gates"][0]["checks"]
    return ended.code, check["message"] and check["message"]["id"]


def test_the_gate_that_all_others_differ_from_passes(act: Act) -> None:
    assert act().code == 0


@keeps_each(
    ("gates", "says"),
    {
        "yaml-tag": ("!!python/object/apply:os.system ['touch canary']", "os.system` is not allowed"),
        "yaml-dup-key": (
            GATE.replace("{min: 0.9}", "{min: 0.9, min: 0.0}"),
            "swanlab-gate.yml:4:38: the key `min` is written twice",
        ),
        "yaml-host": ("host: https://evil.example\napi_key: x\n" + GATE, "`host` is never read from this file"),
        "yaml-norway": (GATE.replace("0.9", "no"), "number"),
        "fc-empty-rules": ("project: my-team/hostile\ngates: []\n", "gates"),
        "fc-typo": (GATE.replace("min:", "mim:"), "unknown operator `mim`; did you mean `min`?"),
        "re-redos": (GATE.replace("metrics.acc: {min: 0.9}", 'name: {matches: "(a+)+$"}'), "repeat"),
        "log-v1-mask-verdict": (
            GATE.replace("Good", '"run\\n::set-output name=passed::true"').replace("min", '"##[add-mask]true"'),
            "unknown",
        ),
    },
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


@keeps_each(
    ("inputs", "says"),
    {
        "net-host-scheme": ({"host": "http://swanlab.internal"}, "allow-http"),
        "net-host-file": ({"host": "file:///etc/passwd"}, "host"),
        "net-header-inject": ({"api_key": "sk-secret\r\nX-Evil: 1"}, "input `api-key` contains a control character"),
        "sec-validation": ({"api_key": "sk-" + "secret" * 7, "host": "https://user:pass@evil.example"}, "host"),
    },
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


@keeps_each("status", {"net-redirect-host": 302, "net-redirect-downgrade": 307})
def test_a_redirect_is_refused_and_its_target_hears_nothing(act: Act, sandbox: Sandbox, status: int) -> None:
    with Sandbox(sample()) as evil:
        for address in (f"{evil.url}/x", f"{sandbox.url}/x"):
            sandbox.faults.clear()
            sandbox.faults.add(Fault(kind="status", status=status, path="*/runs", headers={"Location": address}))
            assert act().code == 3
        assert evil.requests == []
    assert not [request for request in sandbox.requests if request.path == "/x"]


@keeps("net-netrc")
def test_a_netrc_of_the_home_folder_signs_nothing(act: Act, runner: Runner, sandbox: Sandbox) -> None:
    (runner.folder / ".netrc").write_text("default login a password b")
    runner.environ |= {"HOME": str(runner.folder), "NETRC": str(runner.folder / ".netrc")}

    assert act().code == 0

    told = [request.headers["authorization"] for request in sandbox.requests if "authorization" in request.headers]
    assert told == [sandbox.api_key]


@keeps_each(
    "fault",
    {
        "net-retry-after": Fault(kind="status", status=503, headers={"Retry-After": "86400"}, path="*/runs"),
        "net-gzip-bomb": Fault(kind="gzip-bomb", path="*/runs"),
        "json-null-list": Fault(kind="body", text='{"data":null}', path="*/runs"),
    },
)
def test_an_answer_that_is_none_is_never_a_pass_and_ends_in_time(act: Act, sandbox: Sandbox, fault: Fault) -> None:
    sandbox.faults.add(fault)
    begun = time.monotonic()

    assert act().code == 3
    assert time.monotonic() - begun < 20  # a busy machine is slow to start it


@pytest.mark.parametrize(
    "fault",
    [
        Fault(kind="body", text='{"list":null,"total":0}', path="*/runs"),
        Fault(kind="deep", path="*/runs"),
        Fault(kind="surrogate", path=SUMMARIES),
    ],
    ids=["no list", "deep", "half a character"],
)
def test_an_answer_that_is_none_is_never_a_pass(call: Act, sandbox: Sandbox, fault: Fault) -> None:
    sandbox.faults.add(fault)

    assert call().code == 3


@keeps_each(
    ("value", "code", "message"),
    {
        "json-nan-metric": ("NaN", 1, "check.not-finite"),
        "json-inf-metric": ("1e999", 1, "check.not-finite"),
        "json-bool-metric": ("true", 3, "check.wrong-type"),
        "json-string-metric": ('"0.99"', 0, None),
        "fc-missing-metric": ("{}", 1, "check.missing"),
    },
)
def test_a_value_means_what_was_promised(
    act: Act, runner: Runner, sandbox: Sandbox, *, value: str, code: int, message: str | None
) -> None:
    assert judged_with(act, runner, sandbox, value) == (code, message)


@pytest.mark.parametrize(
    ("value", "code", "message"),
    [
        ('"NaN"', 1, "check.not-finite"),
        ("null", 1, "check.missing"),
        ('"high"', 3, "check.wrong-type"),
        ("[1]", 3, "check.wrong-type"),
    ],
)
def test_a_value_that_is_no_number_is_never_a_pass(
    call: Act, runner: Runner, sandbox: Sandbox, *, value: str, code: int, message: str
) -> None:
    assert judged_with(call, runner, sandbox, value) == (code, message)


@keeps("fc-missing-metric", "fc-running")
def test_a_metric_that_is_missing_and_a_run_that_is_not_over_are_no_pass(act: Act, sandbox: Sandbox) -> None:
    (run,) = sandbox.store.projects["my-team/hostile"].runs
    run.series = {}
    missing = act()
    run.series, run.state, run.finished_at = {"acc": [[0, 1.0, 1]]}, "RUNNING", None
    run.changed()

    assert (missing.code, "missing" in missing.out) == (1, True)
    assert act().code == 4


@keeps("fc-comment-403")
@pytest.mark.parametrize(("level", "code"), [("0.9", 0), ("1.9", 1)])
def test_a_refused_comment_leaves_the_verdict(
    act: Act, runner: Runner, github: GitHubDouble, level: str, code: int
) -> None:
    github.may_write = False

    ended = act(GATE.replace("0.9", level))

    assert ended.code == code
    assert "pull-requests: write" in ended.out + ended.err
    assert runner.summary.lstrip().startswith("## ")
