"""What the README's picture shows, and how it is known that it is current: by the page that it was taken of."""

import hashlib
import json
from pathlib import Path
from typing import Final

from support.example import red
from swanlab_ci import __version__
from swanlab_ci.messages import Language
from swanlab_ci.report.html import page

FOLDER: Final = Path(__file__).parents[2] / "docs" / "pictures"
SCHEMES: Final = ("light", "dark")
_RECORD: Final = FOLDER / "source.json"


def pictured() -> str:
    """Return the page of the picture."""
    found = red()
    return page(found.judgement(), found.insight, Language.EN)


def digest(text: str) -> str:
    """Return what stands for a page, whatever the version of the program."""
    return hashlib.sha256(text.replace(__version__, "VERSION").encode()).hexdigest()


def record(text: str) -> None:
    """Note which page the pictures were taken of."""
    _RECORD.write_text(json.dumps({"page": digest(text)}, indent=1) + "\n", "utf-8")


def recorded() -> str:
    found: str = json.loads(_RECORD.read_text("utf-8"))["page"]
    return found
