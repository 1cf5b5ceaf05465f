"""Only plain files inside the workspace are read, whatever the pull request put there."""

import os
from pathlib import Path

import pytest

from swanlab_ci.errors import ConfigurationError
from swanlab_ci.messages import Message
from swanlab_ci.security.files import (
    LARGEST_GATE_FILE,
    FileError,
    UnsuitableFileError,
    open_file,
    read_bytes,
    read_text,
)


def refused(name: str, within: Path | None) -> Message:
    with pytest.raises(ConfigurationError) as stop:
        read_text(name, within=within)
    return stop.value.what


def unreadable(name: str, reason: FileError) -> Message:
    return Message("file.unreadable", file=name, reason=reason)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    folder.mkdir()
    (tmp_path / "outside.yml").write_text("secret")
    return folder


def test_a_file_in_the_workspace_is_read_by_relative_and_absolute_name(workspace: Path) -> None:
    (workspace / "ci").mkdir()
    (workspace / "ci" / "gate.yml").write_text("gates: é", encoding="utf-8")

    assert read_text("ci/gate.yml", within=workspace) == "gates: é"
    assert read_text(str(workspace / "ci" / "gate.yml"), within=workspace) == "gates: é"


def test_a_byte_order_mark_is_no_part_of_the_text(workspace: Path) -> None:
    (workspace / "gate.yml").write_bytes(b"\xef\xbb\xbfgates: []")

    assert read_text("gate.yml", within=workspace) == "gates: []"


@pytest.mark.parametrize("name", ["../outside.yml", "link.yml", "folder/../../outside.yml", "linked/outside.yml"])
def test_nothing_outside_the_workspace_is_read(workspace: Path, name: str) -> None:
    (workspace / "link.yml").symlink_to(workspace.parent / "outside.yml")
    (workspace / "linked").symlink_to(workspace.parent)

    assert refused(name, workspace) == Message("file.outside", file=name, workspace=os.path.realpath(workspace))


def test_a_link_inside_the_workspace_is_followed(workspace: Path) -> None:
    (workspace / "gate.yml").write_text("gates")
    (workspace / "link.yml").symlink_to("gate.yml")

    assert read_text("link.yml", within=workspace) == "gates"


def test_a_missing_file_is_named_with_what_to_do(workspace: Path) -> None:
    assert refused("swanlab-gate.yml", workspace) == unreadable("swanlab-gate.yml", FileError.MISSING)


def test_a_folder_is_no_gate_file(workspace: Path) -> None:
    assert refused(".", workspace) == unreadable(".", FileError.A_FOLDER)


def test_a_named_pipe_does_not_hang_the_gate(workspace: Path) -> None:
    os.mkfifo(workspace / "gate.yml")

    assert refused("gate.yml", workspace) == unreadable("gate.yml", FileError.NOT_A_FILE)


def test_a_nul_in_the_name_is_an_error_like_any_other(workspace: Path) -> None:
    assert refused("a\0b", workspace) == unreadable("a\0b", FileError.BAD_NAME)
    assert refused("a\0b", None) == unreadable("a\0b", FileError.BAD_NAME)


def test_the_largest_file_is_256_kib(workspace: Path) -> None:
    (workspace / "gate.yml").write_bytes(b"#" * LARGEST_GATE_FILE)
    assert len(read_text("gate.yml", within=workspace)) == 256 * 1024

    (workspace / "gate.yml").write_bytes(b"#" * (LARGEST_GATE_FILE + 1))
    assert refused("gate.yml", workspace) == unreadable("gate.yml", FileError.TOO_LARGE)


def test_text_that_is_not_utf_8_is_refused_with_its_line(workspace: Path) -> None:
    (workspace / "gate.yml").write_bytes(b"a\nb\n\xff")

    assert refused("gate.yml", workspace) == Message("file.not-utf-8", file="gate.yml", line=3, encoding=None)


def test_text_in_utf_16_is_named(workspace: Path) -> None:
    (workspace / "gate.yml").write_text("gates: []", encoding="utf-16")

    assert refused("gate.yml", workspace).params["encoding"] == "UTF-16"


def test_without_a_workspace_any_file_may_be_named(workspace: Path) -> None:
    assert read_text(str(workspace.parent / "outside.yml")) == "secret"


def test_a_link_to_itself_is_named(workspace: Path) -> None:
    (workspace / "gate.yml").symlink_to(workspace / "gate.yml")

    assert refused("gate.yml", workspace) == unreadable("gate.yml", FileError.LINK_LOOP)


def test_a_file_outside_the_folder_is_not_opened(workspace: Path) -> None:
    with pytest.raises(UnsuitableFileError) as refusal:
        open_file(workspace.parent / "outside.yml", largest=10, within=workspace)

    assert refusal.value.reason is FileError.OUTSIDE


def test_a_file_that_is_larger_than_it_says_is_not_read() -> None:
    with pytest.raises(UnsuitableFileError) as refusal:
        read_bytes("/proc/self/status", largest=10)  # its size is said to be 0

    assert refusal.value.reason is FileError.TOO_LARGE
