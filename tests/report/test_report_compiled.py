"""The built-in templates that the image holds compiled are used as long as they are those of the texts beside them."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from swanlab_ci.templating import engine as room

TEMPLATE = "comment.md.j2"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Copy the templates, so that no other test finds them compiled."""
    copied = shutil.copytree(room.templates_dir(), tmp_path / "templates")
    monkeypatch.setattr(room, "templates_dir", lambda: copied)
    room.engine.cache_clear()
    yield copied
    room.engine.cache_clear()


@pytest.fixture
def compiled(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """Compile them, and return the names of the templates that are compiled from then on."""
    room.compile_built_in()
    room.engine.cache_clear()
    assert len(list(folder.glob("*.bin"))) == len(room.BUILT_IN)
    names: list[str | None] = []
    real = room.Engine.compile

    def compiling(self: room.Engine, source: str, name: str | None = None, filename: str | None = None) -> object:
        names.append(name)
        return real(self, source, name, filename)

    monkeypatch.setattr(room.Engine, "compile", compiling)
    return names


def test_a_compiled_template_is_not_compiled_again(compiled: list[str | None]) -> None:
    for name in room.BUILT_IN:
        assert room.engine().get_template(name).blocks is not None

    assert compiled == []


def test_a_user_s_own_template_is_compiled_and_the_built_in_one_below_it_is_not(compiled: list[str | None]) -> None:
    own = room.engine("own.md", '{% extends "comment.md.j2" %}{% block lead %}own{% endblock %}')

    assert own.get_template("own.md").blocks["lead"] is not None
    own.get_template(TEMPLATE)

    assert compiled == ["own.md"]


def test_a_template_that_has_changed_is_compiled(folder: Path, compiled: list[str | None]) -> None:
    with (folder / TEMPLATE).open("a", encoding="utf-8") as file:
        file.write("{% block changed %}{% endblock %}")

    assert "changed" in room.engine().get_template(TEMPLATE).blocks
    assert compiled == [TEMPLATE]


@pytest.mark.parametrize("content", [b"", b"damaged"])
def test_a_damaged_one_is_compiled(folder: Path, compiled: list[str | None], content: bytes) -> None:
    for file in folder.glob("*.bin"):
        file.write_bytes(content)

    room.engine().get_template(TEMPLATE)

    assert compiled == [TEMPLATE]


def test_a_check_writes_none(folder: Path) -> None:
    room.engine().get_template(TEMPLATE)

    assert list(folder.glob("*.bin")) == []
