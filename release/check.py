"""Find what must be put right before a version can be released. Nothing is changed.

    python -m release.check VERSION

Needs git and the standard library only.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from release.owner import places

ROOT = Path(__file__).parents[1]
VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
USED = re.compile(r"/swanlab-ci@v(\d+)\b")
NAMED = re.compile(r"/swanlab-ci(?::|\n\s+rev: v)(\d+\.\d+\.\d+)")


def main() -> None:
    """Print every problem; the exit code is 1 if there is one."""
    if len(sys.argv) != 2:  # noqa: PLR2004 - the module and the version
        raise SystemExit("usage: python -m release.check VERSION")
    version = sys.argv[1]
    found = list(problems(version, ROOT))
    for problem in found:
        sys.stdout.write(f"{problem}\n")
    if found:
        raise SystemExit(f"Version {version} cannot be released: {len(found)} to put right. Nothing was changed.")
    sys.stdout.write(f"Version {version} can be released.\n")


def problems(version: str, root: Path) -> Iterator[str]:
    """Yield what is wrong, each with what to do."""
    if not VERSION.fullmatch(version):
        yield f"{version}: write the version as MAJOR.MINOR.PATCH, such as 1.2.3"
        return
    yield from in_files(version, root)
    yield from in_git(version, root)


def in_files(version: str, root: Path) -> Iterator[str]:
    """Compare the files that name a version, and look for the owner's placeholder."""
    package = (root / "swanlab_ci" / "__init__.py").read_text("utf-8")
    declared = re.search(r'^__version__ = "(.*)"$', package, re.MULTILINE)
    if not declared or declared[1] != version:
        is_now = f"is {declared[1]}" if declared else "is missing"
        yield f'swanlab_ci/__init__.py: __version__ {is_now}; write `__version__ = "{version}"`'
    cited = re.search(r"^version: (.*)$", (root / "CITATION.cff").read_text("utf-8"), re.MULTILINE)
    if not cited or cited[1] != version:
        yield f"CITATION.cff: version is {cited[1] if cited else 'missing'}; write `version: {version}`"
    heading = rf"^## \[{re.escape(version)}\] - \d{{4}}-\d{{2}}-\d{{2}}$"
    if not re.search(heading, (root / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE):
        yield f"CHANGELOG.md: write the heading `## [{version}] - YYYY-MM-DD` with the day of the release"
    images = re.findall(r"^  image: (.*)$", (root / "action.yml").read_text("utf-8"), re.MULTILINE)
    if images != ["Dockerfile"]:
        yield f"action.yml: `image` is {', '.join(images) or 'missing'}; on the main branch it is Dockerfile"
    major = version.partition(".")[0]
    for path in sorted((*root.glob("README*.md"), *root.glob("docs/**/*.md"), *root.glob("examples/**/*.yml"))):
        text = path.read_text("utf-8")
        for used in set(USED.findall(text)) - {major}:
            yield f"{path.relative_to(root)}: uses swanlab-ci@v{used}; write @v{major}"
        for named in set(NAMED.findall(text)) - {version}:
            yield f"{path.relative_to(root)}: names version {named}; write {version}"
    for file, line in places(root):
        yield f"{file}:{line}: the owner is still a placeholder; run `python -m release.owner OWNER`"


def in_git(version: str, root: Path) -> Iterator[str]:
    """Look for changes that are not committed, another branch, and a release of this version."""
    changed = git(root, "status", "--porcelain").splitlines()
    if changed:
        yield f"{changed[0][3:]}: not committed, and {len(changed) - 1} more files; commit or remove them"
    branch = os.environ.get("GITHUB_REF_NAME") or git(root, "branch", "--show-current") or "no branch"
    if branch != "main":
        yield f"{branch}: releases are made from the branch main; switch to it"
    try:
        commits = [line.split("\t") for line in git(root, "ls-remote", "origin").splitlines()]
    except GitError as error:
        yield f"origin: {error}; it must answer, as it knows which versions are released"
        return
    published = {name: commit for commit, name in commits}
    if published.get("refs/heads/main") != git(root, "rev-parse", "HEAD"):
        yield "HEAD: this commit is not the newest of origin's main; pull or push first"
    if f"refs/tags/v{version}" in published:
        yield f"v{version}: this version is released, and a release is never replaced; choose the next version"


class GitError(Exception):
    """Git did not do what it was asked."""


def git(root: Path, *arguments: str) -> str:
    """Return what git prints."""
    command = ["git", "-C", str(root), *arguments]
    done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 - our own repository
    if done.returncode:
        raise GitError(f"git {' '.join(arguments)}: {done.stderr.strip()}")
    return done.stdout.rstrip("\n")


if __name__ == "__main__":
    main()
