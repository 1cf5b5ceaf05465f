"""Real git repositories for tests: small ones, made by git itself."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

_GIT = shutil.which("git") or "git"
_NOBODY = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    **{f"GIT_{who}_{what}": "x@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
}


class Repository:
    """A repository in `folder`, with a branch `main`; it is made if there is none."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / ".git").exists():
            self.git("init", "-q", "-b", "main")

    def git(self, *arguments: str) -> str:
        """Run git and return what it prints."""
        done = subprocess.run(  # noqa: S603 - the git of this machine
            [_GIT, "-c", "protocol.file.allow=always", *arguments],
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], **_NOBODY},
            capture_output=True,
            check=True,
        )
        return done.stdout.decode("utf-8", "surrogateescape")

    def write(self, path: str, text: str) -> None:
        """Write a file, in place of a link too."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        target.write_text(text)

    def link(self, path: str, to: str) -> None:
        """Make a symbolic link, in place of a file too."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        target.symlink_to(to)

    def submodule(self, path: str) -> None:
        """Add a repository with one commit as a submodule."""
        inner = Repository(self.folder / path)
        inner.commit({"a": "1"})

    def commit(self, files: Mapping[str, str | None]) -> str:
        """Write the files, delete those that are None, commit everything, and return the hash."""
        for path, text in files.items():
            if text is None:
                (self.folder / path).unlink()
            else:
                self.write(path, text)
        self.git("add", "--all", ".")
        self.git("commit", "-q", "--allow-empty", "-m", "change")
        return self.git("rev-parse", "HEAD").strip()

    def has(self, commit: str) -> bool:
        """Tell whether there is such a commit."""
        return self._succeeds("cat-file", "-e", f"{commit}^{{commit}}")

    def merge_base(self, one: str, other: str) -> str:
        """Return the best common ancestor, or the empty text."""
        found = self.git("merge-base", one, other) if self._succeeds("merge-base", one, other) else ""
        return found.strip()

    def commits(self, base: str, head: str) -> list[str]:
        """Return the commits of `head` that `base` does not have, the newest last."""
        return self.git("rev-list", "--reverse", "--topo-order", f"{base}..{head}").split()

    def parents(self, commit: str) -> list[str]:
        """Return the parents of a commit."""
        return self.git("rev-parse", f"{commit}^@").split()

    def diff(self, old: str, new: str) -> list[dict[str, str]]:
        """Return the files that differ, renames found, with both names and both modes."""
        words = iter(self.git("diff", "--raw", "-z", "-M", "--no-abbrev", old, new).split("\0")[:-1])
        files = []
        for about in words:
            before, after, _old, _new, status = about.lstrip(":").split()
            first = next(words)
            second = next(words) if status[0] in "RC" else first
            files.append({"old_path": first, "new_path": second, "a_mode": before, "b_mode": after})
        return files

    def changed(self, old: str, new: str) -> list[dict[str, str]]:
        """Return the files that differ, renames found, as GitHub names them."""
        words = iter(self.git("diff", "--name-status", "-z", "-M", old, new).split("\0")[:-1])
        files = []
        for status in words:
            if status.startswith("R"):
                files.append({"status": "renamed", "previous_filename": next(words), "filename": next(words)})
            else:
                kind = {"A": "added", "D": "removed", "M": "modified", "T": "changed"}[status]
                files.append({"status": kind, "filename": next(words)})
        return files

    def tree(self, commit: str, *, recursive: bool) -> list[dict[str, str]]:
        """Return the entries of a tree, folders among them."""
        asked = ("ls-tree", "-z", "-t", *(("-r",) if recursive else ()), commit)
        entries = []
        for line in self.git(*asked).split("\0")[:-1]:
            about, _, path = line.partition("\t")
            mode, kind, sha = about.split()
            entries.append({"path": path, "mode": mode, "type": kind, "sha": sha})
        return entries

    def _succeeds(self, *arguments: str) -> bool:
        try:
            self.git(*arguments)
        except subprocess.CalledProcessError:
            return False
        return True
