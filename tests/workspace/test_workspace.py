"""Only plain files inside the workspace are read, whatever the pull request put there."""

import os
import re
from pathlib import Path

import pytest

from swanlab_ci.errors import ConfigurationError
from swanlab_ci.security.files import LARGEST_GATE_FILE, read_text


def refused(name: str, within: Path | None) -> str:
    with pytest.raises(ConfigurationError) as stop:
        read_text(name, within=within)
    return str(stop.value)


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

    assert f"{name} lies outside the workspace" in refused(name, workspace)


def test_a_link_inside_the_workspace_is_followed(workspace: Path) -> None:
    (workspace / "gate.yml").write_text("gates")
    (workspace / "link.yml").symlink_to("gate.yml")

    assert read_text("link.yml", within=workspace) == "gates"


def test_a_missing_file_is_named_with_what_to_do(workspace: Path) -> None:
    message = refused("swanlab-gate.yml", workspace)

    assert "swanlab-gate.yml cannot be read: No such file or directory." in message
    assert "Name a file that is there." in message


def test_a_folder_is_no_gate_file(workspace: Path) -> None:
    assert re.search("is not a file|Is a directory", refused(".", workspace))


def test_a_named_pipe_does_not_hang_the_gate(workspace: Path) -> None:
    os.mkfifo(workspace / "gate.yml")

    assert "gate.yml is not a file." in refused("gate.yml", workspace)


def test_a_nul_in_the_name_is_an_error_like_any_other(workspace: Path) -> None:
    assert "cannot be the name of a file" in refused("a\0b", workspace)


def test_the_largest_file_is_256_kib(workspace: Path) -> None:
    (workspace / "gate.yml").write_bytes(b"#" * LARGEST_GATE_FILE)
    assert len(read_text("gate.yml", within=workspace)) == 256 * 1024

    (workspace / "gate.yml").write_bytes(b"#" * (LARGEST_GATE_FILE + 1))
    assert "larger than 256 KiB" in refused("gate.yml", workspace)


def test_text_that_is_not_utf_8_is_refused_with_its_line(workspace: Path) -> None:
    (workspace / "gate.yml").write_bytes(b"a\nb\n\xff")

    assert "gate.yml:3 is not UTF-8 text." in refused("gate.yml", workspace)


def test_without_a_workspace_any_file_may_be_named(workspace: Path) -> None:
    assert read_text(str(workspace.parent / "outside.yml")) == "secret"


def test_a_link_to_itself_is_named(workspace: Path) -> None:
    (workspace / "gate.yml").symlink_to(workspace / "gate.yml")

    assert "gate.yml cannot be read: Too many levels of symbolic links" in refused("gate.yml", workspace)
