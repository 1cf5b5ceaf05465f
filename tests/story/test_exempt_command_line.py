"""On a command line, git or a list says what changed; real repositories, and whoever may have written them."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from exempt_changes import MAIN, RULES
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.repository import Repository
from support.story import GATES, CommandLine, Ended, move_runs
from support.words import words

from swanlab_ci.messages import Message
from swanlab_ci.sandbox import FIXED_COMMIT, Fault, Sandbox

PATHS = {"PATH": os.environ["PATH"], "HOME": "/nonexistent"}


@pytest.fixture
def origin(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "origin")
    made.commit(MAIN)
    return made


@pytest.fixture
def clone(origin: Repository, workspace: Path) -> Repository:
    """Return a clone in the current folder, on a branch of its own."""
    (workspace / "swanlab-gate.yml").unlink()
    origin.git("clone", "-q", str(origin.folder), str(workspace))
    made = Repository(workspace)
    made.git("checkout", "-q", "-b", "changes")
    return made


@pytest.fixture
def check(command_line: CommandLine, sandbox: Sandbox) -> Callable[..., Ended]:
    return lambda *arguments: command_line("check", *arguments, environ=sandbox.environment() | PATHS)


def unknown(id_: str) -> str:
    return words("training.unknown", reason=Message(id_))


def test_exempt_files_pass_while_swanlab_is_down(
    clone: Repository, check: Callable[..., Ended], sandbox: Sandbox
) -> None:
    clone.commit({"docs/guide.md": "2"})
    clone.commit({"README.md": "2"})
    sandbox.faults.add(Fault(kind="status"))

    ended = check()

    both = Message("list.and", first=("docs/",), last="*.md")
    assert ended.code == 0
    assert ended.out.startswith("PASS")
    assert words("verdict.only-exempt", patterns=both) in ended.out
    assert sandbox.requests == []


@pytest.mark.parametrize("form", ["json", "markdown"])
def test_every_form_of_the_report_says_so(clone: Repository, check: Callable[..., Ended], form: str) -> None:
    clone.commit({"docs/guide.md": "2"})

    ended = check("--format", form, "--report-dir", "report")

    assert ended.code == 0
    if form == "json":
        assert ended.document["exempt"] == {"patterns": ["docs/"], "files": 1}
        assert (ended.document["verdict"], ended.document["passed"], ended.document["gates"]) == ("pass", True, [])
    else:
        assert "Only `docs/` changed: no training is needed" in ended.out
    assert (clone.folder / "report" / "junit.xml").read_text().count("<error") == 0


def test_one_other_file_demands_runs(clone: Repository, check: Callable[..., Ended]) -> None:
    clone.commit({"docs/guide.md": "2", "train.py": "2"})

    ended = check()

    reason = Message("training.file-changed", file="train.py")
    assert ended.code == 1
    assert words("training.needed", reason=reason, more=None) in ended.out


def test_from_a_folder_below_the_top_the_same_files_are_exempt(
    clone: Repository, check: Callable[..., Ended], monkeypatch: pytest.MonkeyPatch
) -> None:
    clone.commit({"docs/guide.md": "2"})
    monkeypatch.chdir(clone.folder / "docs")

    assert check("--gates", "../swanlab-gate.yml").code == 0
    clone.commit({"swanlab-gate.yml": RULES.replace("*.md", "**")})
    assert check("--gates", "../swanlab-gate.yml").code == 1


def test_sha_and_the_base_bound_the_change(clone: Repository, check: Callable[..., Ended]) -> None:
    documented = clone.commit({"docs/guide.md": "2"})
    trained = clone.commit({"train.py": "2"})
    head = clone.commit({"docs/guide.md": "3"})

    assert check().code == 1
    assert check("--sha", documented).code == 0
    assert check("--set", f"base_sha={trained}").code == 0
    assert check("--set", f"base_sha={head}").code == 1  # nothing changed


def test_a_bundle_of_an_exempt_change_is_replayed_but_not_by_other_rules(
    clone: Repository, check: Callable[..., Ended], command_line: CommandLine
) -> None:
    clone.commit({"docs/guide.md": "2"})
    check("--bundle", "bundle.json")

    replayed = command_line("replay", "bundle.json")

    assert (replayed.code, replayed.out.split()[0]) == (0, "PASS")
    assert command_line("replay", "bundle.json", "--gates", "swanlab-gate.yml").code == 2


def test_explain_says_what_is_exempt(clone: Repository, command_line: CommandLine, sandbox: Sandbox) -> None:
    clone.commit({"docs/guide.md": "2"})

    ended = command_line("explain", "smoke-run-finished", environ=sandbox.environment() | PATHS)

    assert words("explain.exempt", summary=Message("verdict.only-exempt", patterns="docs/")) in ended.out
    assert "smoke-run-finished" in ended.out


# Where git cannot say


def shallow(clone: Repository) -> None:
    clone.commit({"docs/guide.md": "2"})
    (clone.folder / ".git" / "shallow").write_text(clone.git("rev-parse", "HEAD"))


def dirty(clone: Repository) -> None:
    clone.commit({"docs/guide.md": "2"})
    clone.write("train.py", "2")


def without_remote(clone: Repository) -> None:
    clone.commit({"docs/guide.md": "2"})
    clone.git("remote", "remove", "origin")


def without_default_branch(clone: Repository) -> None:
    clone.commit({"docs/guide.md": "2"})
    clone.git("remote", "set-head", "origin", "--delete")


def unrelated(clone: Repository) -> None:
    clone.git("checkout", "-q", "--orphan", "other")
    clone.commit({"docs/guide.md": "2"})


@pytest.mark.parametrize(
    ("spoil", "id_"),
    [
        (shallow, "git.shallow"),
        (dirty, "git.dirty"),
        (without_remote, "git.no-default-branch"),
        (without_default_branch, "git.no-default-branch"),
        (unrelated, "git.no-merge-base"),
    ],
)
def test_where_git_cannot_say_what_changed_runs_are_needed(
    clone: Repository, check: Callable[..., Ended], spoil: Callable[[Repository], None], id_: str
) -> None:
    spoil(clone)

    ended = check()

    assert ended.code == 1
    assert unknown(id_) in ended.out


def test_without_git_or_a_repository_runs_are_needed(
    command_line: CommandLine, sandbox: Sandbox, workspace: Path
) -> None:
    (workspace / "swanlab-gate.yml").write_text(RULES)
    environ = sandbox.environment() | {"PATH": "/nonexistent"}

    without_git = command_line("check", "--sha", "e" * 40, environ=environ)
    outside = command_line("check", "--sha", "e" * 40, environ=environ | PATHS)

    assert (without_git.code, outside.code) == (1, 1)
    assert unknown("git.not-installed") in without_git.out
    assert words("training.unknown", reason="X").split("X")[0] in outside.out


# A list of paths


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"docs/guide.md\nREADME.md\n", 0),
        (b"docs/guide.md\0README.md\0", 0),
        (b"docs/guide.md", 0),
        ("docs/é.md\n".encode(), 0),
        (b"docs/\xff.md\n", 0),
        (b"", 1),
        (b"\n\n", 1),
        (b"docs/guide.md\ntrain.py\n", 1),
        (b"docs/guide.md\ntrain.py", 1),
        (b"docs/../train.py\n", 1),
        (b"./docs/guide.md\n", 1),
        (b"/docs/guide.md\n", 1),
        (b'"docs/a\\303\\251.md"\n', 1),
        (b"docs/guide.md\0train.py\n", 1),
        (b"swanlab-gate.yml\n", 1),
        (b"sub/swanlab-gate.yml\n", 1),
        (b"docs/swanlab-gate.yml\n", 1),
        (b".github/x.md\n", 1),
        (b"README.md \n", 1),
    ],
)
def test_a_list_says_what_changed_without_git(
    command_line: CommandLine, sandbox: Sandbox, workspace: Path, *, content: bytes, code: int
) -> None:
    (workspace / "swanlab-gate.yml").write_text(RULES.replace('"*.md"', '"*.md", "**/*.yml"'))
    (workspace / "changed").write_bytes(content)
    environ = sandbox.environment() | {"PATH": "/nonexistent"}

    ended = command_line("check", "--sha", "e" * 40, "--changed-files", "changed", environ=environ)

    assert ended.code == code


@pytest.mark.parametrize("confined", [(), ("--confined",)])
@pytest.mark.parametrize("linked", ["swanlab-gate.yml", "shared.yml"])
def test_rules_behind_a_link_are_never_exempt_by_a_list(
    command_line: CommandLine, workspace: Path, linked: str, confined: tuple[str, ...]
) -> None:
    (workspace / "docs").mkdir()
    everything = RULES.replace("docs/**", "**")
    texts = {"swanlab-gate.yml": "extends: shared.yml\n" + GATES, "shared.yml": everything}
    for name, text in texts.items():
        (workspace / name).unlink(missing_ok=True)
        target = "docs/rules.yml" if name == linked else name
        (workspace / target).write_text(everything if target != name else text)
    (workspace / linked).symlink_to("docs/rules.yml")
    (workspace / "changed").write_text("docs/rules.yml\ntrain.py\n")

    ended = command_line("check", *confined, "--sha", "e" * 40, "--changed-files", "changed")

    assert ended.code == 1


@pytest.mark.parametrize("name", ["missing", ".", "/etc/shadow-of-nothing"])
def test_a_list_that_cannot_be_read_is_a_mistake(command_line: CommandLine, workspace: Path, name: str) -> None:
    (workspace / "swanlab-gate.yml").write_text(RULES)

    assert command_line("check", "--sha", "e" * 40, "--changed-files", name).code == 2


def test_a_list_is_read_though_no_rule_asks_for_it(command_line: CommandLine) -> None:
    assert command_line("check", "--sha", "e" * 40, "--changed-files", "missing").code == 2


def test_a_confined_check_reads_no_list_outside(command_line: CommandLine, workspace: Path) -> None:
    (workspace / "swanlab-gate.yml").write_text(RULES)
    (workspace.parent / "changed").write_text("README.md\n")
    (workspace / "link").symlink_to("../changed")

    assert command_line("check", "--confined", "--sha", "e" * 40, "--changed-files", "link").code == 2


# What an attacker would try: the checkout is theirs, and so is every name in it


@pytest.mark.parametrize(
    "name",
    [
        "docs\\train.py",
        "Docs/guide.md",
        "docs /guide.md",
        "docs./guide.md",
        "d\u043ecs/guide.md",
        "\u202edocs/guide.md",
        "docs\n/guide.md",
        "README.md\n",
        "README.MD",
        "README.md.",
        "a/README.md",
        "src/docs/guide.md",
        '"docs/guide.md"',
        "-docs",
        ":(exclude)docs",
        "docs",
    ],
)
def test_a_name_that_looks_like_an_exempt_one_is_not(clone: Repository, check: Callable[..., Ended], name: str) -> None:
    if name == "docs":
        clone.git("rm", "-q", "-r", "docs")
    clone.commit({name: "2"})

    assert check().code == 1


@pytest.mark.parametrize(
    "name", ["a b", "new\nline", 'quo"te', "tab\t", "\udcff", "::error::x", "##[error]x", "-", "*"]
)
def test_a_strange_name_in_an_exempt_folder_is_exempt(
    clone: Repository, check: Callable[..., Ended], name: str
) -> None:
    clone.commit({f"docs/{name}": "2"})

    assert check().code == 0


@pytest.mark.parametrize("name", ["::error::x", "##[add-mask]true", "a\n::error::x", "\x1b[31mred"])
def test_a_strange_name_commands_nothing(clone: Repository, check: Callable[..., Ended], name: str) -> None:
    clone.commit({name: "2"})

    ended = check()

    assert ended.code == 1
    assert not any(line.startswith("::") or "##[" in line or "\x1b" in line for line in ended.out.split("\n"))


def test_attributes_and_ignored_names_hide_no_change(clone: Repository, check: Callable[..., Ended]) -> None:
    clone.commit({".gitattributes": "train.py -diff export-ignore\n* filter=x\n", ".gitignore": "train.py\n"})
    clone.write("train.py", "2")
    clone.git("add", "--force", "train.py")
    clone.git("commit", "-q", "-m", "x")

    assert check("--set", f"base_sha={clone.git('rev-parse', 'HEAD~1').strip()}").code == 1


@pytest.mark.parametrize("flag", ["--assume-unchanged", "--skip-worktree"])
def test_an_index_that_lies_hides_no_commit(clone: Repository, check: Callable[..., Ended], flag: str) -> None:
    clone.commit({"train.py": "2"})
    clone.git("update-index", flag, "train.py")

    assert check().code == 1


def test_a_replaced_commit_and_a_grafted_history_hide_no_change(clone: Repository, check: Callable[..., Ended]) -> None:
    base = clone.git("rev-parse", "HEAD").strip()
    trained = clone.commit({"train.py": "2"})
    head = clone.commit({"docs/guide.md": "2"})
    clone.git("replace", base, trained)
    (clone.folder / ".git" / "info" / "grafts").write_text(f"{head} {base}\n")

    assert check().code == 1


def test_a_gate_file_behind_a_link_exempts_nothing(clone: Repository, check: Callable[..., Ended]) -> None:
    (clone.folder / "swanlab-gate.yml").unlink()
    clone.commit({"docs/rules.yml": RULES})
    clone.link("swanlab-gate.yml", "docs/rules.yml")
    base = clone.commit({})
    clone.commit({"docs/rules.yml": RULES.replace("FINISHED", "[FINISHED, CRASHED]")})

    assert check("--set", f"base_sha={base}").code == 1


# Evidence that carries over


def test_runs_of_an_earlier_commit_count(clone: Repository, check: Callable[..., Ended], sandbox: Sandbox) -> None:
    trained = clone.commit({"train.py": "2"})
    clone.commit({"README.md": "2"})
    assert check().code == 1
    move_runs(sandbox, FIXED_COMMIT, trained)

    ended = check()

    assert ended.code == 0
    assert words("training.carried", commit=trained[:7], files="README.md") in ended.out


def test_commits_that_are_named_are_all_that_count(
    clone: Repository, check: Callable[..., Ended], sandbox: Sandbox
) -> None:
    trained = clone.commit({"train.py": "2"})
    head = clone.commit({"README.md": "2"})
    move_runs(sandbox, FIXED_COMMIT, trained)

    assert check("--set", f"pr_commits={head}").code == 1


# Whatever else changes


NAMES = st.sampled_from(["a", "docs", "b.md", "README.md", "z.py", ".github", "é", "x y"])
FILES = st.dictionaries(st.lists(NAMES, min_size=1, max_size=3).map("/".join), st.sampled_from(["1", "2"]), max_size=6)


def exempt(path: str) -> bool:
    """Tell in other words what `RULES` exempts."""
    return path.startswith("docs/") or ("/" not in path and path.endswith(".md"))


def without_clashes(files: dict[str, str]) -> dict[str, str]:
    """Leave out files whose path is a folder of another one."""
    return {path: text for path, text in files.items() if not any(other.startswith(f"{path}/") for other in files)}


def can_hold(files: dict[str, str], path: str) -> bool:
    """Tell whether no part of `path` is a file already."""
    return not any(path.startswith(f"{file}/") for file in files)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=FILES, after=FILES, data=st.data())
def test_touching_one_file_that_is_not_exempt_always_demands_runs(
    clone: Repository, check: Callable[..., Ended], before: dict[str, str], after: dict[str, str], data: st.DataObject
) -> None:
    before = without_clashes({**before, "swanlab-gate.yml": RULES, "train.py": "1"})
    after = without_clashes({**after, "swanlab-gate.yml": RULES, "train.py": "1"})
    base, head = replaced(clone, before), replaced(clone, after)
    changed = {path for path in {*before, *after} if before.get(path) != after.get(path)}
    code = 0 if changed and all(map(exempt, changed)) else 1

    assert check("--set", f"base_sha={base}").code == code

    others = ["train.py", "src/new.py", "swanlab-gate.yml", ".github/x.md", "Docs/a", "y/b.md"]
    other = data.draw(st.sampled_from([path for path in others if can_hold(after, path)]))
    clone.commit({other: RULES + "# touched\n"})
    assert check("--set", f"base_sha={data.draw(st.sampled_from([base, head]))}").code == 1


def replaced(clone: Repository, files: dict[str, str]) -> str:
    """Commit exactly these files."""
    clone.git("rm", "-q", "-r", "--ignore-unmatch", "--force", ".")
    return clone.commit(files)
