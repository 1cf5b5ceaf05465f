"""Put the repository's owner into documentation, examples and metadata, where a placeholder stands.

python -m release.owner OWNER
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PLACEHOLDER = "your-org"
LOGIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9]|-(?=[A-Za-z0-9])){0,38}")  # what GitHub allows
OURS = re.compile(r"https://github\.com/([^/]+)/swanlab-ci")
WRITTEN_FOR_USERS = ("*.md", "*.yml", "*.toml", "*.cff", ":!release", ":!tests")


def main() -> None:
    """Replace the placeholder in every file, and name the files."""
    if len(sys.argv) != 2 or not LOGIN.fullmatch(sys.argv[1]):  # noqa: PLR2004 - the module and the owner
        raise SystemExit("usage: python -m release.owner OWNER, where OWNER is a user or organisation on GitHub")
    for path in replaced(ROOT, sys.argv[1]):
        sys.stdout.write(f"{path}\n")


def replaced(root: Path, owner: str) -> list[str]:
    """Write the owner into every place; return the files that were changed."""
    files = sorted({path for path, _ in places(root)})
    for path in files:
        file = root / path
        file.write_text(file.read_text("utf-8").replace(PLACEHOLDER, owner), "utf-8")
    return files


def places(root: Path) -> Iterator[tuple[str, int]]:
    """Yield file and line of each place where the placeholder stands."""
    listed = subprocess.run(  # noqa: S603 - git, in our own repository
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *WRITTEN_FOR_USERS],  # noqa: S607
        cwd=root, check=True, capture_output=True, text=True,
    ).stdout.splitlines()  # fmt: skip
    for path in listed:
        for number, line in enumerate((root / path).read_text("utf-8").splitlines(), start=1):
            if PLACEHOLDER in line:
                yield path, number


def owner(root: Path = ROOT) -> str:
    """Return the owner that the package's metadata names: the placeholder, until it was replaced."""
    found = OURS.search((root / "pyproject.toml").read_text("utf-8"))
    if not found:
        raise SystemExit("pyproject.toml: no address https://github.com/OWNER/swanlab-ci")
    return found[1]


if __name__ == "__main__":
    main()
