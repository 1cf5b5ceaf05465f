"""Take the README's pictures anew: `python tests/looks/pictures.py`, or `make pictures`."""

import sys
import tempfile
from pathlib import Path

from browsing import View, look

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.pictured import FOLDER, SCHEMES, pictured, record


def take() -> None:
    text = pictured()
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.html"
        path.write_text(text, "utf-8")
        views = [
            View(scheme, path, scheme, 1000, str(FOLDER / f"report-{scheme}.png"), audit=False, until="#runs")
            for scheme in SCHEMES
        ]
        look(views, Path(folder))
    record(text)


if __name__ == "__main__":
    take()
