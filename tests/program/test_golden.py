"""The rules of golden files: a difference is shown, a file is renewed when asked, an unused file is found."""

from pathlib import Path

import pytest
from support.golden import Golden


def test_the_same_text_is_accepted(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("one\ntwo\n")

    Golden(tmp_path)("a.txt", "one\ntwo\n")


@pytest.mark.parametrize("text", ["one\nthree\n", "one\ntwo", "one\r\ntwo\n", ""])
def test_another_text_is_a_difference(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.txt").write_bytes(b"one\ntwo\n")

    with pytest.raises(AssertionError, match="--renew-golden"):
        Golden(tmp_path)("a.txt", text)


def test_a_file_is_renewed_when_asked(tmp_path: Path) -> None:
    Golden(tmp_path, renew=True)("new/a.txt", "行\n")

    Golden(tmp_path)("new/a.txt", "行\n")
    assert (tmp_path / "new" / "a.txt").read_text("utf-8") == "行\n"


def test_a_file_that_nobody_used_is_found(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("")
    golden = Golden(tmp_path)

    golden("a.txt", "")

    assert golden.unused(golden.used) == ["b.txt"]
