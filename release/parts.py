"""List the parts of an image (an SBOM in SPDX), and see that every package that was locked is in the list.

    python -m release.parts ARCHIVE

ARCHIVE is an OCI archive, as `release.archive` writes it; the list is written beside it, as `ARCHIVE.spdx.json`.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from release.image import ROOT
from swanlab_ci import __version__

NOT_LOCKED = ("libc6", "python")  # of the base, where only their names are known


def main() -> None:
    """List the parts of one archive."""
    if len(sys.argv) != 2:  # noqa: PLR2004 - the module and the archive
        raise SystemExit("usage: python -m release.parts ARCHIVE")
    sys.stdout.write(write(Path(sys.argv[1])) + "\n")


def write(archive: Path) -> str:
    """Write the list, by syft; return a line about it. Raise SystemExit if a part is missing in it."""
    written = archive.with_suffix(".spdx.json")
    syft = str(Path(sys.executable).with_name("syft"))
    command = [syft, "scan", "--quiet", f"oci-archive:{archive}", "--output", f"spdx-json={written}"]
    environment = dict(os.environ) | {"SYFT_CHECK_FOR_APP_UPDATE": "false"}
    subprocess.run(command, env=environment, check=True)  # noqa: S603 - from our own lock
    document = json.loads(written.read_text("utf-8"))
    found = {f"{part['name'].lower().replace('_', '-')}=={part.get('versionInfo')}" for part in document["packages"]}
    names = {part.partition("==")[0] for part in found}
    missing = sorted(expected() - found) + [name for name in NOT_LOCKED if name not in names]
    if missing:
        raise SystemExit(f"{written.name} does not list {', '.join(missing)}")
    return f"{written.name}: {document['spdxVersion']}, {len(found)} parts, every locked package among them"


def expected() -> set[str]:
    """Return the packages that the lock puts into the image, and the program."""
    locked = re.findall(r"^[\w.-]+==[\w.]+", (ROOT / "requirements.txt").read_text("utf-8"), re.MULTILINE)
    return {*locked, f"swanlab-ci=={__version__}"}


if __name__ == "__main__":
    main()
