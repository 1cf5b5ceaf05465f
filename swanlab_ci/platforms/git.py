"""The git of this machine, which the command line asks about a checkout: it only reads, and runs no other program."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from swanlab_ci.messages import Message, Name
from swanlab_ci.platforms.changes import Tree, TreeEntry
from swanlab_ci.runtime.deadline import Deadline
from swanlab_ci.security.escaping import capped

_LONGEST = 60.0
_FATAL = 128  # git's exit code for everything that it calls so
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_SHORT = re.compile(r"[0-9a-f]{7,64}")
_SAFE = (
    *("--no-pager", "--no-replace-objects", "--no-optional-locks", "--literal-pathspecs"),
    *("-c", "core.fsmonitor=false"),
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "core.commitGraph=false"),  # it may say other parents than the commits
    *("-c", "protocol.allow=never"),  # a partial clone would fetch what it lacks, by a program that its config names
    *("-c", "safe.bareRepository=explicit"),  # a folder of the checkout is no repository
)
_ENVIRONMENT = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_GRAFT_FILE": os.devnull,
    "LC_ALL": "C",
}


class GitError(Exception):
    """Git gave no answer; `why` says the reason."""

    def __init__(self, why: Message) -> None:
        super().__init__(why)
        self.why = why


class _NothingFoundError(GitError):
    """Git looked for something, and there is none."""


class Checkout:
    """The checkout around the current folder, as git knows it.

    Every method raises `GitError`, and none outlives `deadline`. What a repository can set is not obeyed: no hook,
    filter, monitor or other program of its config is run, and nothing is fetched. The user's own config counts, for
    `safe.directory`.
    """

    def __init__(self, environ: Mapping[str, str], deadline: Deadline) -> None:
        self._environ = environ
        self._deadline = deadline

    def commit(self, revision: str) -> str:
        """Return the full hash of the commit that `revision` names, such as `HEAD`, a branch or a short hash."""
        if revision.startswith("-"):
            raise GitError(Message("git.unknown-revision"))  # git would take it for an option
        try:
            named = self._text("rev-parse", "--verify", "--quiet", revision)
            return _hash(
                self._text("rev-parse", "--verify", "--quiet", f"{named}^{{commit}}")
            )  # a tag has its own hash
        except _NothingFoundError:
            raise GitError(Message("git.unknown-revision")) from None

    def default_branch(self) -> str:
        """Return the default branch of the remote, as `refs/remotes/origin/main`, or the empty text."""
        remotes = self._text("remote").split("\n")
        remote = "origin" if "origin" in remotes else remotes[0]
        try:
            return self._text("symbolic-ref", "--quiet", f"refs/remotes/{remote}/HEAD") if remote else ""
        except _NothingFoundError:
            return ""

    def merge_base(self, one: str, other: str) -> str:
        """Return the commit where two histories parted; there must be exactly one."""
        try:
            found = self._text("merge-base", "--all", one, other).split("\n")
        except _NothingFoundError:
            found = []
        if len(found) != 1:
            raise GitError(Message("git.no-merge-base"))
        return _hash(found[0])

    def commits(self, base: str, head: str, most: int) -> tuple[str, ...]:
        """Return the newest commits of `head` that `base` does not have."""
        found = self._text("rev-list", "--topo-order", f"--max-count={most}", head, f"^{base}")
        return tuple(map(_hash, found.split())) if found else ()

    def contains(self, head: str, commit: str) -> bool | None:
        """Tell whether the history of `head` has `commit`; None where this checkout does not know it.

        A run may have recorded any text: what is no hash, such as `HEAD`, is not known either.
        """
        if not _SHORT.fullmatch(commit):
            return None
        try:
            self.run("merge-base", "--is-ancestor", commit, head)
        except _NothingFoundError:
            return False
        except GitError:
            return None
        return True

    def is_reverted(self, head: str, commit: str) -> bool:
        """Tell whether a commit in the history of `head` says that it reverts `commit`, as `git revert` writes it."""
        words = f"--grep=This reverts commit {commit}"
        return bool(self._text("rev-list", "--max-count=1", "--fixed-strings", words, head))

    def tree(self, commit: str) -> Tree:
        """Return the files of a commit; a name that is not UTF-8 keeps its bytes as halves of characters."""
        entries = self.run("ls-tree", "-r", "-z", "--full-tree", commit).decode("utf-8", "surrogateescape")
        tree: dict[str, TreeEntry] = {}
        for entry in entries.split("\0")[:-1]:
            about, _, path = entry.partition("\t")
            mode, _kind, content = about.split(" ")
            tree[path] = TreeEntry(mode, content)
        return tree

    def is_shallow(self) -> bool:
        """Tell whether the clone lacks a part of the history."""
        return self._text("rev-parse", "--is-shallow-repository") != "false"

    def is_dirty(self) -> bool:
        """Tell whether files that git knows differ from the last commit; submodules are not looked into."""
        asked = ("status", "--porcelain", "-z", "--untracked-files=no", "--ignore-submodules=all", "--no-renames")
        return bool(self.run(*asked, config=self._without_filters()))

    def has_file(self, name: str) -> bool:
        """Tell whether git knows the file `name`; one that is only in the folder reaches no CI job."""
        try:
            self.run("ls-files", "--error-unmatch", "--", name)
        except _NothingFoundError:
            return False
        return True

    def top(self) -> str:
        """Return the top folder of the checkout."""
        return self._text("rev-parse", "--show-toplevel")

    def run(self, *arguments: str, config: Mapping[str, str] | None = None) -> bytes:
        """Return what `git` with these arguments prints; `config` is set above all files of config."""
        program = shutil.which("git", path=_absolute(self._environ.get("PATH") or os.defpath))
        if program is None:
            raise GitError(Message("git.not-installed"))
        try:
            done = subprocess.run(  # noqa: S603 - a fixed program, without a shell
                [program, *_SAFE, *arguments],
                env=self._environment(config or {}),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=min(_LONGEST, self._deadline.left()),
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise GitError(Message("git.too-slow")) from None
        except (OSError, ValueError) as error:
            raise GitError(Message("git.failed", reason=Name(type(error).__name__))) from error
        if done.returncode == _FATAL:
            said = done.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
            reason = capped(said.removeprefix("fatal: ").rstrip("."), 200)
            raise GitError(Message("git.no-checkout", reason=Name(reason)))
        if done.returncode:
            raise _NothingFoundError(Message("git.unknown-revision"))
        return done.stdout

    def _text(self, *arguments: str) -> str:
        return self.run(*arguments).decode("utf-8", "surrogateescape").removesuffix("\n")

    def _environment(self, config: Mapping[str, str]) -> dict[str, str]:
        """Pass on what is no setting of git's; `GIT_CONFIG_COUNT` takes names that no `-c` could hold."""
        kept = {name: value for name, value in self._environ.items() if not name.startswith("GIT_")}
        numbered = {"GIT_CONFIG_COUNT": str(len(config))}
        for number, (name, value) in enumerate(config.items()):
            numbered |= {f"GIT_CONFIG_KEY_{number}": name, f"GIT_CONFIG_VALUE_{number}": value}
        return {**kept, **_ENVIRONMENT, **numbered}

    def _without_filters(self) -> dict[str, str]:
        """Return the config that takes away the program of every filter: `git status` would run it on a file."""
        names = self.run("config", "-z", "--list", "--name-only").decode("utf-8", "surrogateescape").split("\0")
        return {name: "" for name in names if re.fullmatch(r"filter\..*\.(clean|smudge|process)", name, re.DOTALL)}


def _hash(text: str) -> str:
    if not _COMMIT.fullmatch(text):
        raise GitError(Message("git.failed", reason=Name(capped(text, 200))))
    return text


def _absolute(path: str) -> str:
    """Leave the relative folders out of a `PATH`: the checkout could have a `git` there."""
    return os.pathsep.join(folder for folder in path.split(os.pathsep) if Path(folder).is_absolute())
