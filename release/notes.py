"""Write the text of a release: what changed, and the image's digest with how to verify it.

    python -m release.notes VERSION IMAGE SHELL_IMAGE

Needs the standard library only.
"""

import re
import sys
from pathlib import Path

from release.owner import owner

CHANGELOG = Path(__file__).parents[1] / "CHANGELOG.md"
TEXT = """\
{changes}

### The image

`{image}` is what this release's `action.yml` uses; for CI systems that start a shell there is `{shell_image}`.

```console
$ gh attestation verify oci://{image} --repo {owner}/swanlab-ci \\
    --signer-workflow {owner}/swanlab-ci/.github/workflows/release.yml
```
"""


def main() -> None:
    """Print the text."""
    if len(sys.argv) != 4:  # noqa: PLR2004 - the module, the version and two images
        raise SystemExit("usage: python -m release.notes VERSION IMAGE SHELL_IMAGE")
    _, version, image, shell_image = sys.argv
    sys.stdout.write(text(CHANGELOG.read_text("utf-8"), version, image, shell_image))


def text(changelog: str, version: str, image: str, shell_image: str) -> str:
    """Return the text; raise SystemExit if the changelog has no section of this version."""
    section = re.search(rf"^## \[{re.escape(version)}\].*?\n(.*?)(?=^## |\Z)", changelog, re.MULTILINE | re.DOTALL)
    if not section:
        raise SystemExit(f"CHANGELOG.md: no section `## [{version}]`")
    return TEXT.format(changes=section[1].strip(), image=image, shell_image=shell_image, owner=owner())


if __name__ == "__main__":
    main()
