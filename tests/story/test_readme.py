"""The README, in each language: every command, file and sample is what the program does.

`pytest --renew-golden` renews the sample reports.
"""

import io
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from contextlib import chdir
from pathlib import Path

import pytest
from support.golden import Golden

from swanlab_ci.cli import run
from swanlab_ci.messages.message import Language
from swanlab_ci.runtime.console import Console
from swanlab_ci.sandbox import PULL_REQUEST_COMMIT, Sandbox, sample_store

ROOT = Path(__file__).parents[2]
PAGES = {Language.EN: ROOT / "README.md", Language.ZH: ROOT / "README.zh-CN.md"}
TEXTS = {language: path.read_text("utf-8") for language, path in PAGES.items()}
REPORT = re.compile(r"(?<=<!-- report: from `swanlab-ci check` -->\n).*?(?=<!-- /report -->)", re.DOTALL)

each_page = pytest.mark.parametrize("language", Language)


def blocks(language: Language, kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", TEXTS[language], re.DOTALL)


def without_comments(found: Sequence[str]) -> list[str]:
    return [re.sub(r"  +# .*", "", block) for block in found]


def commands(language: Language, first: str) -> list[str]:
    """Return the commands of the console block that starts with the command `first`, without their comments."""
    (block,) = (one for one in without_comments(blocks(language, "console")) if one.startswith(f"$ {first}"))
    return [line.removeprefix("$ ") for line in block.splitlines()]


def sample(language: Language, folder: Path) -> str:
    """Return the head of the report on the README's gate file, as a quotation without the links."""
    (gates,) = (block for block in blocks(language, "yaml") if block.startswith("project:"))
    (folder / "swanlab-gate.yml").write_text(gates, "utf-8")
    out = io.StringIO()
    with Sandbox(sample_store()) as sandbox, chdir(folder):
        arguments = ["check", "--sha", PULL_REQUEST_COMMIT, "--format", "markdown", "--language", language]
        assert run(arguments, sandbox.environment(), Console(out, io.StringIO())) == 1
    head = re.split(r"^(?=###|<details|<sub)", out.getvalue(), maxsplit=1, flags=re.MULTILINE)[0]
    unlinked = re.sub(r"\[([^\]\n]*)\]\(http[^)\n]*\)", r"\1", head)
    return "".join(f"> {line}".rstrip() + "\n" for line in unlinked.strip().splitlines())


def test_the_commands_run_as_written(tmp_path: Path) -> None:
    """Run those of one page: a test below holds that every page shows the same."""
    install, *lines = commands(Language.EN, "pip")
    assert install == "pip install ."
    script = "\n".join(f"{line}\necho ---$?" for line in lines) + "\nkill %1; wait"
    environ = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "HOME": str(tmp_path)}

    done = subprocess.run(  # noqa: S603 - our own README
        ["/bin/bash", "-m", "-c", script],
        cwd=tmp_path,
        env=environ,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    codes = re.findall(r"---(\d+)\n", done.stdout)
    assert [line for line, code in zip(lines, codes, strict=True) if code != "0"] == [
        "swanlab-ci check --sha $COMMIT",
        "swanlab-ci check --sha $COMMIT --format json",
        "swanlab-ci check --sha $COMMIT --bundle case.json",
        "swanlab-ci replay case.json",
        "swanlab-ci replay case.json --gates swanlab-gate.yml",
        "swanlab-ci check --sha $COMMIT --language zh",
    ], done.stderr
    assert set(codes) == {"0", "1"}
    assert "Traceback" not in done.stderr


@each_page
def test_the_first_commands_are_targets_of_make_that_do_what_is_said(language: Language) -> None:
    demo, test = commands(language, "make")

    for command, runs in ((demo, "swanlab-ci demo"), (test, "pytest")):
        planned = subprocess.run(  # noqa: S603 - our own Makefile
            [*command.split(), "--no-print-directory", "--dry-run"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        assert f"bin/{runs}" in planned.stdout.rstrip().splitlines()[-1]


@each_page
def test_the_sample_is_the_report_on_the_gate_file(language: Language, tmp_path: Path, golden: Golden) -> None:
    shown = sample(language, tmp_path)
    renewed, count = REPORT.subn(lambda _: shown, PAGES[language].read_text("utf-8"))

    assert count == 1
    golden.page(PAGES[language], renewed)


@each_page
def test_the_python_example_lists_the_runs(language: Language, tmp_path: Path) -> None:
    (example,) = blocks(language, "python")

    with Sandbox(sample_store()) as sandbox:
        environ = {"HOME": str(tmp_path), **sandbox.environment()}
        done = subprocess.run(  # noqa: S603 - our own README
            [sys.executable, "-c", example], env=environ, capture_output=True, text=True, check=True
        )

    assert re.search(r"^pr42-smoke CRASHED \d{4}-", done.stdout, re.MULTILINE)


@pytest.mark.parametrize("kind", ["console", "yaml", "python"])
def test_every_language_shows_the_same_code(kind: str) -> None:
    english, *others = (without_comments(blocks(language, kind)) for language in Language)

    assert english
    assert others == [english]


def test_every_language_links_to_the_others() -> None:
    for language, text in TEXTS.items():
        links = re.findall(r"\]\((README[^)]*)\)", text.partition("##")[0])
        assert links == [path.name for other, path in PAGES.items() if other is not language]
