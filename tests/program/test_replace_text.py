"""A text file is replaced in one step, or stays as it was."""

import os
from pathlib import Path

import pytest

from swanlab_ci.errors import ConfigurationError
from swanlab_ci.messages import Message, Name
from swanlab_ci.security.files import FileError, replace_text


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "gates.yml"
    path.write_bytes(b"old\r\n")
    return path


def test_a_link_is_followed_and_stays(file: Path) -> None:
    link = file.with_name("link.yml")
    link.symlink_to(file)

    replace_text(str(link), "old\r\n", "new\r\n")

    assert link.is_symlink()
    assert file.read_bytes() == b"new\r\n"
    assert sorted(path.name for path in file.parent.iterdir()) == ["gates.yml", "link.yml"]


def test_a_file_that_has_changed_is_left_alone(file: Path) -> None:
    with pytest.raises(ConfigurationError) as refused:
        replace_text(str(file), "older\r\n", "new\r\n")

    assert refused.value.what == Message("edit.file-changed", file=Name(str(file)))
    assert file.read_bytes() == b"old\r\n"


def test_a_file_outside_of_where_may_be_written_is_left_alone(file: Path, tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "link.yml").symlink_to(file)

    with pytest.raises(ConfigurationError):
        replace_text("link.yml", "old\r\n", "new\r\n", within=inside)

    assert file.read_bytes() == b"old\r\n"


def test_where_no_file_can_be_made_the_old_one_stays(file: Path) -> None:
    file.with_name(f".gates.yml.{os.getpid()}").touch()

    with pytest.raises(ConfigurationError) as refused:
        replace_text(str(file), "old\r\n", "new\r\n")

    assert refused.value.what == Message("edit.unwritable", file=Name(str(file)), reason=FileError.EXISTS)
    assert file.read_bytes() == b"old\r\n"
