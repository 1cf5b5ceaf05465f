"""On GitHub, a pull request that changes exempt files only passes without SwanLab; any other file demands runs."""

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from exempt_changes import MAIN, RULES, Proposal
from misfortune import Act, told
from support.github_double import GitHubDouble, Pull
from support.repository import Repository
from support.runner import Runner
from support.story import GATES, move_runs
from support.words import words

from swanlab_ci.messages import Message
from swanlab_ci.sandbox import FIXED_COMMIT, PULL_REQUEST_COMMIT, Fault, Sandbox

EXEMPT = words("verdict.only-exempt", patterns="docs/")


@pytest.fixture
def proposal(tmp_path: Path, runner: Runner, github: GitHubDouble, sandbox: Sandbox) -> Proposal:
    return Proposal(Repository(tmp_path / "repository"), runner, github, sandbox)


def needed(id_: str, **params: Any) -> str:
    return words("training.needed", reason=Message(id_, **params), more=None)


def test_a_change_of_exempt_files_passes_without_a_request_to_swanlab(act: Act, proposal: Proposal) -> None:
    commits = proposal.commits({"docs/a b.md": "2"}, {"README.md": "2", "docs/guide.md": None})
    proposal.sandbox.faults.add(Fault(kind="status", path=".*", status=503, times=99))

    ended = act(report_dir="report")

    assert ended.code == 0
    assert told(proposal.runner, ended)
    assert proposal.sandbox.requests == []
    both = Message("list.and", first=("docs/",), last="*.md")
    assert words("verdict.only-exempt", patterns=both) in ended.out
    assert words("training.nothing-fetched", count=3) in ended.out
    expected = {"verdict": "pass", "passed": "true", "runs-checked": "0", "gates-total": "0"}
    assert proposal.runner.outputs.items() >= expected.items()
    assert [(status["sha"], status["state"]) for status in proposal.github.statuses] == [(commits[-1], "success")]
    assert len(proposal.github.comments) == 1
    most = 4
    assert len(proposal.questions()) <= most


def test_one_other_file_demands_runs_and_is_named(call: Act, proposal: Proposal) -> None:
    proposal.commits({"docs/guide.md": "2", "train.py": "2"})

    ended = call()

    assert ended.code == 1
    assert needed("training.file-changed", file="train.py") in ended.out


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"docs/guide.md": None, "guide.md": "1"}, None),
        ({"docs/guide.md": None, "guide.py": "1"}, ("training.file-changed", "guide.py")),
        ({"train.py": None, "docs/train.py": "1"}, ("training.file-changed", "train.py")),
        ({"swanlab-gate.yml": "x"}, ("training.rules-changed", "swanlab-gate.yml")),
        ({".github/workflows/x.yml": "2"}, ("training.rules-changed", ".github/workflows/x.yml")),
        ({".github/README.md": "2"}, ("training.rules-changed", ".github/README.md")),
        ({}, ("training.no-file", None)),
    ],
    ids=["rename within", "rename out", "rename in", "gate file", "workflow", "its folder", "nothing"],
)
def test_both_names_of_a_rename_count_and_the_rules_are_never_exempt(
    call: Act, proposal: Proposal, change: Mapping[str, str | None], reason: tuple[str, str | None] | None
) -> None:
    rules = RULES.replace('"*.md"', '"*.md", "*.yml", "**/*.md"')
    proposal.rules = rules
    proposal.commits(change)

    ended = call()

    assert ended.code == (1 if reason else 0)
    if reason:
        id_, file = reason
        assert needed(id_, **({"file": file} if file else {})) in ended.out


def link(repository: Repository) -> None:
    repository.link("docs/guide.md", "../train.py")


def link_gone(repository: Repository) -> None:
    repository.write("docs/link.md", "now a file")


def mode(repository: Repository) -> None:
    (repository.folder / "docs/guide.md").chmod(0o755)


def submodule(repository: Repository) -> None:
    repository.submodule("docs/module")


@pytest.mark.parametrize(
    ("make", "id_", "file"),
    [
        (link, "training.link-changed", "docs/guide.md"),
        (link_gone, "training.link-changed", "docs/link.md"),
        (mode, "training.mode-changed", "docs/guide.md"),
        (submodule, "training.submodule-changed", "docs/module"),
    ],
)
def test_a_link_a_submodule_and_a_mode_are_not_exempt(
    call: Act, proposal: Proposal, make: Any, id_: str, file: str
) -> None:
    proposal.repository.link("docs/link.md", "guide.md")
    base = proposal.repository.commit(MAIN)
    make(proposal.repository)
    proposal.about(base, proposal.repository.commit({}))

    ended = call()

    assert ended.code == 1
    assert needed(id_, file=file) in ended.out


def test_what_a_link_outside_of_the_list_leads_to_is_not_exempt(call: Act, proposal: Proposal) -> None:
    proposal.repository.link("data", "docs")
    base = proposal.repository.commit(MAIN)
    proposal.about(base, proposal.repository.commit({"docs/guide.md": "2"}))

    ended = call()

    assert ended.code == 1
    assert needed("training.link-leads", link="data", target="docs") in ended.out


def test_a_pull_request_cannot_exempt_itself(call: Act, proposal: Proposal) -> None:
    proposal.commits({"train.py": "2", "swanlab-gate.yml": RULES.replace("docs/**", "**")})
    (proposal.runner.workspace / "swanlab-gate.yml").write_text(RULES.replace("docs/**", "**"))

    assert call().code == 1


@pytest.mark.parametrize("rules", [None, "gates: {"], ids=["none", "broken"])
def test_the_pull_requests_own_list_never_counts(call: Act, proposal: Proposal, rules: str | None) -> None:
    proposal.commits({"docs/guide.md": "2"})
    proposal.github.files.clear()
    if rules:
        proposal.github.files["swanlab-gate.yml", "main"] = rules.encode()

    ended = call()

    assert ended.code == 1
    assert words("training.unknown", reason=Message("training.own-rules")) in ended.out


def test_without_a_token_nothing_is_exempt(call: Act, proposal: Proposal) -> None:
    proposal.commits({"docs/guide.md": "2"})

    ended = call(github_token="")

    assert ended.code == 1
    assert words("training.unknown", reason=Message("training.cannot-ask")) in ended.out


@pytest.mark.parametrize("path", ["/compare/", "/git/trees/"])
@pytest.mark.parametrize("status", [401, 403, 404, 409, 422, 500, 301])
def test_where_github_does_not_say_what_changed_runs_are_needed(
    call: Act, proposal: Proposal, path: str, status: int
) -> None:
    proposal.commits({"docs/guide.md": "2"})
    proposal.github.answer("GET", path, status, times=99)

    ended = call()

    assert ended.code == 1
    assert words("training.unknown", reason="X").split("X")[0] in ended.out


def test_a_github_that_hangs_leaves_time_for_the_verdict(call: Act, proposal: Proposal) -> None:
    proposal.commits({"docs/guide.md": "2"})
    proposal.github.before = lambda request: time.sleep(5 if "/git/trees/" in request.path else 0)

    ended = call(timeout="8s")

    assert ended.code == 1
    assert words("training.unknown", reason="X").split("X")[0] in ended.out


def test_a_tree_that_is_cut_off_says_nothing(call: Act, proposal: Proposal) -> None:
    proposal.commits({"docs/guide.md": "2"})
    proposal.github.longest_tree = 6

    ended = call()

    assert ended.code == 1
    reason = Message("forge.tree-truncated", forge=Message("github.name"))
    assert words("training.unknown", reason=reason) in ended.out


@pytest.mark.parametrize(("files", "code"), [(2_999, 0), (3_000, 1)])
def test_a_change_of_3000_files_is_not_exempt(call: Act, proposal: Proposal, *, files: int, code: int) -> None:
    proposal.commits({f"docs/{number}": str(number) for number in range(files)})

    ended = call()

    assert ended.code == code
    assert (needed("training.too-many", count=files, most=2_999) in ended.out) is bool(code)


def test_the_merge_base_counts_and_not_a_base_branch_that_moved(call: Act, proposal: Proposal) -> None:
    _, head = proposal.commits({"docs/guide.md": "2"})
    proposal.repository.git("checkout", "-q", "main")
    proposal.about(proposal.repository.commit({"train.py": "3"}), head)

    assert call().code == 0


def test_a_base_branch_that_was_merged_into_the_change_is_not_its_change(call: Act, proposal: Proposal) -> None:
    proposal.commits({"docs/guide.md": "2"})
    proposal.repository.git("checkout", "-q", "main")
    base = proposal.repository.commit({"train.py": "3"})
    proposal.repository.git("checkout", "-q", "changes")
    proposal.repository.git("merge", "-q", "--no-edit", "main")
    proposal.about(base, proposal.repository.git("rev-parse", "HEAD").strip())

    assert call().code == 0


def test_a_merge_that_takes_back_what_the_base_branch_did_is_a_change(call: Act, proposal: Proposal) -> None:
    proposal.commits({"docs/guide.md": "2"})
    proposal.repository.git("checkout", "-q", "main")
    base = proposal.repository.commit({"train.py": "3"})
    proposal.repository.git("checkout", "-q", "changes")
    proposal.repository.git("merge", "-q", "--no-edit", "-s", "ours", "main")
    proposal.about(base, proposal.repository.git("rev-parse", "HEAD").strip())

    assert call().code == 1


def test_a_force_push_between_two_requests_does_not_change_what_is_judged(call: Act, proposal: Proposal) -> None:
    _, head = proposal.commits({"train.py": "2"})

    def push(request: Any) -> None:
        if "compare" in request.path and proposal.repository.has("changes"):
            proposal.repository.git("checkout", "-q", "-B", "changes", "main")
            proposal.repository.commit({"docs/guide.md": "2"})
            proposal.github.pulls = [Pull(7, proposal.repository.git("rev-parse", "HEAD").strip())]

    proposal.github.before = push

    assert call().code == 1
    assert [status["sha"] for status in proposal.github.statuses] == [head]


def test_a_commit_that_is_gone_is_not_exempt(call: Act, proposal: Proposal) -> None:
    base, _ = proposal.commits({"docs/guide.md": "2"})
    proposal.about(base, "e" * 40)

    assert call().code == 1


def test_a_deleted_fork_is_asked_for_by_the_commit(call: Act, proposal: Proposal) -> None:
    proposal.commits({"docs/guide.md": "2"})
    proposal.runner.event["pull_request"]["head"]["repo"] = None

    assert call().code == 0


@pytest.mark.parametrize(("change", "code"), [("docs/guide.md", 0), ("train.py", 2)])
def test_a_fork_without_a_key_needs_one_for_runs_only(act: Act, proposal: Proposal, *, change: str, code: int) -> None:
    proposal.commits({change: "2"})
    proposal.runner.event["pull_request"]["head"]["repo"] = {"full_name": "mallory/fork"}
    proposal.github.may_write = False

    ended = act(api_key="")

    assert ended.code == code
    assert told(proposal.runner, ended)
    assert (words("input.no-key") in ended.err) is bool(code)
    assert proposal.sandbox.requests == []


@pytest.mark.parametrize(("rules", "code"), [("docs/rules.yml", 1), ("swanlab-gate.yml", 0)])
def test_a_gate_file_behind_a_link_exempts_nothing(call: Act, proposal: Proposal, *, rules: str, code: int) -> None:
    if rules != "swanlab-gate.yml":
        proposal.repository.link("swanlab-gate.yml", rules)
    base = proposal.repository.commit({rules: RULES, "train.py": "1", "docs/guide.md": "1"})
    proposal.about(base, proposal.repository.commit({"docs/guide.md": "2"}))

    assert call().code == code


def test_what_the_gate_file_extends_is_never_exempt(call: Act, proposal: Proposal) -> None:
    shared = "gates: [{name: Smoke, runs: {git.commit: $pr_commits}, expect: {state: FINISHED}}]\n"
    own = 'extends: shared.md\nproject: my-team/resnet\nno_training_needed: {only_in: ["**/*.md"]}\n'
    base = proposal.repository.commit({"ci/gate.yml": own, "ci/shared.md": shared})
    proposal.about(base, proposal.repository.commit({"ci/shared.md": shared + "# x\n"}))
    proposal.github.files |= {("ci/gate.yml", base): own.encode(), ("ci/shared.md", base): shared.encode()}

    ended = call(gates="./ci/gate.yml")

    assert ended.code == 1
    assert needed("training.rules-changed", file="ci/shared.md") in ended.out


# Other events


@pytest.mark.parametrize(
    ("event", "more_by_rest"),
    [("pull_request_target", 0), ("merge_group", 0), ("workflow_run", 2), ("push", 2), ("workflow_dispatch", 2)],
)
@pytest.mark.parametrize("by_graphql", [True, False], ids=["", "GraphQL refuses"])
@pytest.mark.parametrize(("change", "code"), [("docs/guide.md", 0), ("train.py", 1)])
def test_every_event_of_a_pull_request_knows_what_changed(
    call: Act, proposal: Proposal, event: str, more_by_rest: int, change: str, *, by_graphql: bool, code: int
) -> None:
    base, head = proposal.commits({change: "2"})
    proposal.in_event(event, base, head)
    proposal.github.answers_by_graphql = by_graphql

    assert call().code == code
    most = 4
    assert code or len(proposal.questions()) == most + (0 if by_graphql else more_by_rest)
    to_read_and_to_write = 2
    assert proposal.github.connections == to_read_and_to_write


def test_a_push_without_a_pull_request_exempts_nothing(call: Act, proposal: Proposal) -> None:
    base, head = proposal.commits({"docs/guide.md": "2"})
    proposal.in_event("push", base, head)
    proposal.github.pulls.clear()

    ended = call()

    assert ended.code == 1
    assert words("training.unknown", reason=Message("training.no-pull-request")) in ended.out


# Evidence that carries over


def test_runs_of_an_earlier_commit_count_if_only_exempt_files_changed_since(act: Act, proposal: Proposal) -> None:
    _, trained, _ = proposal.commits({"train.py": "2"}, {"README.md": "2", "docs/new.md": "2"})
    move_runs(proposal.sandbox, FIXED_COMMIT, trained)

    ended = act()

    assert ended.code == 0
    both = Message("list.and", first=("README.md",), last="docs/new.md")
    assert words("training.carried", commit=trained[:7], files=both) in ended.out


@pytest.mark.parametrize("place", ["cluster", "job", "labels"])
def test_runs_that_name_an_earlier_commit_in_another_place_count(call: Act, proposal: Proposal, place: str) -> None:
    field = {"cluster": "group", "job": "job", "labels": "labels"}[place]
    proposal.rules = RULES.replace("git.commit", field)
    _, trained, _ = proposal.commits({"train.py": "2"}, {"README.md": "2"})
    for project in proposal.sandbox.store.projects.values():
        for run in project.runs:
            if FIXED_COMMIT in json.dumps(run.metadata):
                setattr(run, place, [*run.labels, trained] if place == "labels" else trained)
                run.changed()

    ended = call()

    assert ended.code == 0
    assert words("training.carried", commit=trained[:7], files="README.md") in ended.out


@pytest.mark.parametrize(
    "changes",
    [
        ({"train.py": "2"}, {"train.py": "3"}),
        ({"train.py": "2"}, {".github/workflows/x.yml": "2"}),
        ({"train.py": "2"}, {"swanlab-gate.yml": RULES + "# x\n"}),
        ({"train.py": "2"}, {"train.py": None, "docs/train.py": "2"}),
    ],
)
def test_runs_of_an_earlier_commit_do_not_count_if_anything_else_changed(
    call: Act, proposal: Proposal, changes: tuple[Mapping[str, str | None], ...]
) -> None:
    _, trained, _ = proposal.commits(*changes)
    move_runs(proposal.sandbox, FIXED_COMMIT, trained)

    assert call().code == 1


def test_a_change_that_was_taken_back_leaves_the_runs_before_it(call: Act, proposal: Proposal) -> None:
    _, trained, *_ = proposal.commits({"train.py": "2"}, {"train.py": "3"}, {"train.py": "2"})
    move_runs(proposal.sandbox, FIXED_COMMIT, trained)

    ended = call()

    assert ended.code == 0
    assert words("training.carried-same", commit=trained[:7]) in ended.out


def test_failed_runs_of_an_earlier_commit_count_too(call: Act, proposal: Proposal) -> None:
    _, trained, head = proposal.commits({"train.py": "2"}, {"README.md": "2"})
    move_runs(proposal.sandbox, FIXED_COMMIT, head)
    move_runs(proposal.sandbox, PULL_REQUEST_COMMIT, trained)

    assert call().code == 1


@pytest.mark.parametrize(("later", "code"), [(10, 0), (11, 1)])
def test_the_ten_commits_before_the_head_are_compared(call: Act, proposal: Proposal, *, later: int, code: int) -> None:
    edits = [{"README.md": f"edit {number}"} for number in range(later)]
    _, trained, *_ = proposal.commits({"train.py": "2"}, *edits)
    move_runs(proposal.sandbox, FIXED_COMMIT, trained)

    assert call().code == code
    assert sum("/git/trees/" in request.path for request in proposal.github.asked) == 1 + 10


def test_commits_of_the_base_branch_are_no_evidence(call: Act, proposal: Proposal) -> None:
    base, *_ = proposal.commits({"train.py": "2"}, {"train.py": "1", "README.md": "2"})
    move_runs(proposal.sandbox, FIXED_COMMIT, base)

    assert call().code == 0  # all of it together changes exempt files only
    proposal.about(base, proposal.repository.commit({"train.py": "3"}))
    assert call().code == 1


def test_a_queue_takes_the_runs_that_the_pull_request_takes(act: Act, proposal: Proposal) -> None:
    base, trained, head = proposal.commits({"train.py": "2"}, {"README.md": "2"})
    move_runs(proposal.sandbox, FIXED_COMMIT, trained)
    proposal.repository.git("checkout", "-q", "main")
    base = proposal.repository.commit({"model.py": "2"})
    proposal.repository.git("merge", "-q", "--no-edit", head)
    queued = proposal.repository.git("rev-parse", "HEAD").strip()
    proposal.github.files["swanlab-gate.yml", base] = RULES.encode()
    proposal.in_event("merge_group", base, queued)
    proposal.github.pulls = [Pull(7, head, base_sha=base)]

    ended = act()

    assert ended.code == 0
    assert words("training.carried", commit=trained[:7], files="README.md") in ended.out


def test_where_a_tree_is_refused_only_the_head_counts(call: Act, proposal: Proposal) -> None:
    _, trained, _ = proposal.commits({"train.py": "2"}, {"README.md": "2"})
    move_runs(proposal.sandbox, FIXED_COMMIT, trained)
    proposal.github.answer("GET", f"/git/trees/{trained}", 500, times=99)

    ended = call()

    assert ended.code == 1
    assert words("training.not-carried", reason="X").split("X")[0] in ended.out


def test_without_a_list_nothing_is_asked_and_nothing_carries_over(call: Act, proposal: Proposal) -> None:
    proposal.rules = GATES
    _, trained, _ = proposal.commits({"train.py": "2"}, {"README.md": "2"})
    move_runs(proposal.sandbox, FIXED_COMMIT, trained)

    assert call().code == 1
    assert not any("compare" in request.path or "trees" in request.path for request in proposal.github.asked)
