"""The pictures in the README show the report as it is: `make pictures` takes them anew."""

import re
from pathlib import Path

from support.pictured import FOLDER, SCHEMES, digest, pictured, recorded

ROOT = Path(__file__).parents[2]


def test_the_pictures_were_taken_of_the_page_as_it_is() -> None:
    assert recorded() == digest(pictured()), "run `make pictures`, and look at docs/pictures"


def test_each_readme_shows_both_pictures_and_each_picture_is_a_png_of_bearable_size() -> None:
    for name in ("README.md", "README.zh-CN.md"):
        shown = re.findall(r'(?:src|srcset)="([^"]+)"', (ROOT / name).read_text("utf-8"))
        assert {(ROOT / path).resolve() for path in shown} == {FOLDER / f"report-{scheme}.png" for scheme in SCHEMES}
    for scheme in SCHEMES:
        content = (FOLDER / f"report-{scheme}.png").read_bytes()
        assert content.startswith(b"\x89PNG")
        assert len(content) < 300_000
