"""The command line asks the git of this machine, on real repositories; nothing that a repository says is run."""

import os
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from support.repository import Repository

from swanlab_ci.messages import Message
from swanlab_ci.platforms.changes import FileKind, differences
from swanlab_ci.platforms.git import Checkout, GitError
from swanlab_ci.runtime.deadline import Deadline

ENVIRON = {"PATH": os.environ["PATH"], "HOME": "/nonexistent"}


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    made = Repository(tmp_path / "work")
    monkeypatch.chdir(made.folder)
    return made


@pytest.fixture
def git() -> Checkout:
    return Checkout(ENVIRON, Deadline(30))


def test_a_commit_has_one_full_hash_however_it_is_named(repository: Repository, git: Checkout) -> None:
    head = repository.commit({"a": "1"})
    repository.git("tag", "-a", "-m", "x", "v1")

    assert [git.commit(name) for name in ("HEAD", head[:9], "main", "v1", "refs/tags/v1")] == [head] * 5


@pytest.mark.parametrize("name", ["", "nothing", "HEAD~1", "--exec=touch x", "-h", "HEAD\nx", "HEAD:a", "main^{tree}"])
def test_what_is_no_commit_has_none(repository: Repository, git: Checkout, name: str) -> None:
    repository.commit({"a": "1"})

    with pytest.raises(GitError) as caught:
        git.commit(name)

    assert caught.value.why == Message("git.unknown-revision")


def test_a_tree_has_every_file_as_git_spells_it(repository: Repository, git: Checkout) -> None:
    strange = ("a b", "new\nline", 'quo"te', "tab\t", "é", "e\u0301", "dot.", " ", "\udcff", "::error::x")
    head = repository.commit({f"docs/{name}": "1" for name in strange})

    assert {*git.tree(head)} == {f"docs/{name}" for name in strange}


def test_what_changed_at_a_path_is_known(repository: Repository, git: Checkout) -> None:
    one = repository.commit({"same": "1", "content": "1", "mode": "1", "gone": "1", "link": "1", "old-link": "1"})
    repository.link("old-link", "same")
    between = repository.commit({})
    (repository.folder / "mode").chmod(0o755)
    (repository.folder / "gone").rename(repository.folder / "came")
    repository.link("link", "same")
    repository.write("old-link", "1")
    repository.submodule("module")
    other = repository.commit({"content": "2"})

    assert dict(differences(git.tree(one), git.tree(between))) == {"old-link": FileKind.LINK}
    assert dict(differences(git.tree(between), git.tree(other))) == {
        "came": FileKind.CONTENT,
        "gone": FileKind.CONTENT,
        "content": FileKind.CONTENT,
        "mode": FileKind.MODE,
        "link": FileKind.LINK,
        "old-link": FileKind.LINK,
        "module": FileKind.SUBMODULE,
    }


def test_two_histories_without_one_merge_base_have_none(repository: Repository, git: Checkout) -> None:
    one = repository.commit({"a": "1"})
    repository.git("checkout", "-q", "--orphan", "other")
    other = repository.commit({"a": "2"})

    with pytest.raises(GitError) as caught:
        git.merge_base(one, other)

    assert caught.value.why == Message("git.no-merge-base")


def test_a_crossed_history_has_two_merge_bases_and_so_none(repository: Repository, git: Checkout) -> None:
    repository.commit({"a": "1"})
    repository.git("branch", "other")
    one = repository.commit({"b": "1"})
    repository.git("checkout", "-q", "other")
    other = repository.commit({"c": "1"})
    for branch, merged in (("main", other), ("other", one)):
        repository.git("checkout", "-q", branch)
        repository.git("merge", "-q", "--no-edit", merged)

    with pytest.raises(GitError):
        git.merge_base("main", "other")


def test_the_newest_commits_come_first(repository: Repository, git: Checkout) -> None:
    base, *others = (repository.commit({"a": str(number)}) for number in range(5))

    assert git.commits(base, others[-1], 3) == tuple(others[:0:-1])
    assert git.commits(base, base, 3) == ()


def test_no_git_and_no_repository_are_said(tmp_path: Path, git: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(GitError) as outside:
        git.is_shallow()
    with pytest.raises(GitError) as without:
        Checkout({"PATH": str(tmp_path)}, Deadline(30)).commit("HEAD")

    assert outside.value.why.id == "git.no-checkout"
    assert without.value.why == Message("git.not-installed")


def test_a_git_of_the_checkout_is_not_found(repository: Repository) -> None:
    repository.commit({"a": "1"})
    program = repository.folder / "git"
    program.write_text("#!/bin/sh\ntouch pwned\n")
    program.chmod(0o755)

    with pytest.raises(GitError) as caught:
        Checkout({"PATH": f".{os.pathsep}"}, Deadline(30)).commit("HEAD")

    assert caught.value.why == Message("git.not-installed")
    assert not (repository.folder / "pwned").exists()


def monitor(repository: Repository, program: str) -> None:
    repository.git("config", "core.fsmonitor", program)


def hooks(repository: Repository, program: str) -> None:
    folder = repository.folder / ".git" / "hooks"
    folder.mkdir(exist_ok=True)
    for name in ("post-index-change", "fsmonitor-watchman", "reference-transaction"):
        (folder / name).write_text(f"#!/bin/sh\n{program}\n")
        (folder / name).chmod(0o755)


def filters(repository: Repository, program: str) -> None:
    for name in ("x", "x.y", "x=y", "x]"):
        for step in ("clean", "process"):
            repository.git("config", f"filter.{name}.{step}", program)
        repository.git("config", f"filter.{name}.required", "true")
    repository.write(".gitattributes", "* filter=x\n")


def external_diff(repository: Repository, program: str) -> None:
    for name in ("diff.external", "core.pager", "pager.status", "core.editor", "core.askPass", "alias.status"):
        repository.git("config", name, program)
    repository.git("config", "status.submoduleSummary", "true")


def partial_clone(repository: Repository, program: str) -> None:
    """Lack an object, and have a remote that promises it by running a program."""
    for name, value in {
        "remote.origin.url": f"ext::{program}",
        "remote.origin.promisor": "true",
        "remote.origin.uploadpack": program,
        "extensions.partialClone": "origin",
        "core.repositoryFormatVersion": "1",
        "protocol.ext.allow": "always",
        "core.sshCommand": program,
    }.items():
        repository.git("config", name, value)
    tree = repository.git("rev-parse", "HEAD^{tree}").strip()
    (repository.folder / ".git" / "objects" / tree[:2] / tree[2:]).unlink()


def submodule(repository: Repository, program: str) -> None:
    repository.submodule("module")
    repository.commit({})
    inner = Repository(repository.folder / "module")
    inner.git("config", "core.fsmonitor", program)


@pytest.mark.parametrize("set_trap", [monitor, hooks, filters, external_diff, partial_clone, submodule])
def test_no_program_that_a_repository_names_is_run(
    repository: Repository, git: Checkout, tmp_path: Path, set_trap: Callable[[Repository, str], None]
) -> None:
    repository.commit({"a": "1", "b": "1"})
    canary, trap = tmp_path / "pwned", tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {canary}\ncat\n")
    trap.chmod(0o755)
    set_trap(repository, str(trap))
    repository.write("a", "2")
    os.utime(repository.folder / "b")

    for ask in (git.is_dirty, git.is_shallow, git.default_branch, git.top, lambda: git.tree(git.commit("HEAD"))):
        with suppress(GitError):
            ask()

    assert not canary.exists()


def test_the_filters_of_the_trap_are_real(repository: Repository, tmp_path: Path) -> None:
    repository.commit({"a": "1"})
    canary = tmp_path / "pwned"
    filters(repository, f"touch {canary}; cat")
    repository.write("a", "2")

    subprocess.run(["git", "status", "--porcelain"], cwd=repository.folder, capture_output=True, check=False)  # noqa: S607

    assert canary.exists()


@pytest.mark.parametrize(
    ("variable", "value"), [("GIT_DIR", "/nonexistent"), ("GIT_EXTERNAL_DIFF", "false"), ("GIT_CONFIG_COUNT", "x")]
)
def test_the_settings_of_git_in_the_environment_do_not_count(repository: Repository, variable: str, value: str) -> None:
    head = repository.commit({"a": "1"})

    assert Checkout({**ENVIRON, variable: value}, Deadline(30)).commit("HEAD") == head


def test_replaced_and_grafted_commits_are_what_they_were(repository: Repository, git: Checkout) -> None:
    one = repository.commit({"train.py": "1"})
    other = repository.commit({"train.py": "2"})
    tree = git.tree(other)
    repository.git("replace", other, one)
    (repository.folder / ".git" / "info" / "grafts").write_text(f"{other}\n")

    assert git.tree(other) == tree
    assert git.merge_base(one, other) == one


@pytest.mark.parametrize(("path", "dirty"), [("known", True), ("new", False)])
def test_a_checkout_with_changes_is_dirty(repository: Repository, git: Checkout, path: str, *, dirty: bool) -> None:
    repository.commit({"known": "1"})
    assert not git.is_dirty()

    repository.write(path, "2")

    assert git.is_dirty() is dirty


@pytest.mark.parametrize("recorded", ["HEAD", "main", "--octopus", "-h", "", "a" * 6, "HEAD~0", "\0"])
def test_what_a_run_recorded_as_its_commit_is_no_revision(repository: Repository, git: Checkout, recorded: str) -> None:
    head = repository.commit({"a": "1"})

    assert git.contains(head, recorded) is None
    assert git.contains(head, head[:7]) is True
