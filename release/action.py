"""Make the released action use a published image instead of building its own.

python -m release.action ghcr.io/OWNER/swanlab-ci@sha256:DIGEST
"""

import re
import sys
from pathlib import Path

ACTION = Path(__file__).parents[1] / "action.yml"
BUILT = re.compile(r"^  image: Dockerfile$", re.MULTILINE)
BY_DIGEST = re.compile(r"[a-z0-9.:-]+(/[a-z0-9._-]+)+@sha256:[0-9a-f]{64}")


def main() -> None:
    """Change `action.yml` for the image that is named."""
    _, image = sys.argv
    if not BY_DIGEST.fullmatch(image):
        raise SystemExit(f"{image}: the image must be named by digest and in lower case, as HOST/OWNER/NAME@sha256:…")
    use_image(ACTION, image)


def use_image(action: Path, image: str) -> None:
    """Write the image into the action's one line `image: Dockerfile`."""
    text, found = BUILT.subn(f"  image: docker://{image}", action.read_text("utf-8"))
    if found != 1:
        raise SystemExit(f"{action.name}: `image: Dockerfile` is expected once and found {found} times")
    action.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
