"""A checkout that a test can change."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

VERSION = "1.2.3"


@dataclass
class Checkout:
    root: Path

    def write(self, path: str, text: str) -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text, "utf-8")

    def replace(self, path: str, old: str, new: str) -> None:
        text = (self.root / path).read_text("utf-8")
        assert old in text
        self.write(path, text.replace(old, new))

    def git(self, *arguments: str) -> None:
        who = ("-c", "user.name=octocat", "-c", "user.email=octocat@example.com")
        subprocess.run(["git", "-C", str(self.root), *who, *arguments], check=True)  # noqa: S603, S607 - our own

    def push(self) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "work")
        self.git("push", "--quiet", "origin", "HEAD:main")
