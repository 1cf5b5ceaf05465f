"""A real browser for pages of ours, and what a forge renders a comment with: fetched once, pinned, kept in .cache."""

import base64
import hashlib
import json
import os
import shutil
import subprocess
import tarfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
CACHE = Path(os.environ.get("SWANLAB_LOOKS_CACHE") or HERE.parents[1] / ".cache" / "looks")
PACKAGES: dict[str, dict[str, Any]] = json.loads((HERE / "packages.json").read_text("utf-8"))
DEBIAN = ("chromium", "fonts-noto-core", "fonts-noto-cjk", "fonts-noto-color-emoji")


@dataclass(frozen=True)
class View:
    """A way to look at a page. `keys` are pressed in its first chart; `javascript` may be off.

    The picture ends before the element `until`.
    """

    name: str
    page: Path
    scheme: str = "light"
    width: int = 1120
    picture: str = ""
    audit: bool = True
    javascript: bool = True
    keys: tuple[str, ...] = ()
    clicks: tuple[str, ...] = ()
    until: str = ""


@dataclass
class Seen:
    """What the browser found. `violations` are axe-core's, `requests` all addresses that were asked for."""

    name: str
    width: int
    console: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    visible: dict[str, bool] = field(default_factory=dict)
    readout: str = ""
    milliseconds: float = 0.0


@cache
def package(name: str) -> Path:
    """Return the folder of a package from the npm registry, of which the integrity is checked."""
    pinned = PACKAGES[name]
    folder = CACHE / f"{name}-{pinned['version']}"
    if not (folder / ".ready").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        command = ["npm", "pack", "--silent", f"{name}@{pinned['version']}"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True)  # noqa: S603 - npm, and packages of ours
        (archive,) = folder.glob("*.tgz")
        digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        assert f"sha512-{digest}" == pinned["integrity"], f"{name} is not the package that was pinned"
        _unpack(archive, folder, pinned["files"])
        archive.unlink()
        (folder / ".ready").touch()
    return folder / "package"


def _unpack(archive: Path, folder: Path, files: Sequence[str]) -> None:
    with tarfile.open(archive) as packed:
        for member in packed:
            if any(member.name.startswith(f"package/{name}") for name in files):
                packed.extract(member, folder, filter="data")


@cache
def browser() -> str:
    """Return the path of Chromium; install Debian's where that is possible."""
    found = shutil.which("chromium")
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *DEBIAN]):
            subprocess.run(["apt-get", *command], check=True, capture_output=True)  # noqa: S603, S607 - Debian's packages
        found = shutil.which("chromium")
    assert found, f"install Debian's packages {', '.join(DEBIAN)}"
    return found


def look(views: Sequence[View], folder: Path) -> dict[str, Seen]:
    """Look at all pages in one browser, and return what was found by the name of the view."""
    setting = {
        "browser": browser(),
        "playwright": str(package("playwright-core") / "index.mjs"),
        "axe": str(package("axe-core") / "axe.min.js"),
        "views": [asdict(view) | {"page": view.page.as_uri()} for view in views],
    }
    (folder / "views.json").write_text(json.dumps(setting), "utf-8")
    command = ["node", str(HERE / "look.mjs"), str(folder / "views.json")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)  # noqa: S603 - ours
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return {seen.name: seen for seen in _seen(done.stdout)}


def _seen(lines: str) -> Iterator[Seen]:
    for line in lines.splitlines():
        yield Seen(**json.loads(line))
