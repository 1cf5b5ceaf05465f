"""`lint` tries a template: the example of the documentation is right, and a mistake has its line."""

import io
import shutil
from pathlib import Path

import pytest

from swanlab_ci.cli import run
from swanlab_ci.runtime.console import Console

EXAMPLE = Path(__file__).parents[2] / "examples" / "template"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE, tmp_path / "checkout"))


def lint(folder: Path) -> tuple[int, str]:
    out, err = io.StringIO(), io.StringIO()
    code = run(["lint", str(folder / "swanlab-gate.yml")], {}, Console(out, err))
    return code, out.getvalue() + err.getvalue()


def test_the_example_has_no_mistakes(folder: Path) -> None:
    code, said = lint(folder)

    assert (code, "no mistakes" in said) == (0, True)


@pytest.mark.parametrize(
    ("wrong", "line", "says"),
    [
        ("{% block lead %}{{ misspelt }}{% endblock %}", 1, "'misspelt' is undefined"),
        ("{% extends 'comment.md.j2' %}\n{% block leed %}{% endblock %}", 2, "has no block leed"),
        ("{% if %}", 1, "Expected an expression"),
    ],
)
def test_a_mistake_of_a_template_has_its_line(folder: Path, wrong: str, line: int, says: str) -> None:
    (folder / ".swanlab-ci" / "comment.md.j2").write_text(wrong)

    code, said = lint(folder)

    assert code == 2
    assert f"comment.md.j2:{line}: " in said
    assert says in said


def test_a_template_that_is_missing_is_a_mistake(folder: Path) -> None:
    (folder / ".swanlab-ci" / "comment.md.j2").unlink()

    code, said = lint(folder)

    assert (code, "it does not exist" in said) == (2, True)
