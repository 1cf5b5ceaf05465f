"""The judgement as GitHub Markdown, in as much detail as fits its place."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from swanlab_ci.report.presentation import ICONS, TROUBLE, headline, link, sorted_checks, sorted_gates
from swanlab_ci.security.escaping import Safe, md_code, md_prose, outside_table

if TYPE_CHECKING:
    from jinja2.sandbox import ImmutableSandboxedEnvironment

COMMENT_CHARACTERS = 65_000
SUMMARY_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Detail:
    """How much is told: `rows` checks a gate, gates that need nothing, notes, the table, or only so many names."""

    rows: int
    folded: bool = True
    notes: int = 200
    table: bool = True
    named: int | None = None
    left_out: Safe | None = None


_NAME_CAP = 40
_ROW_SIZE = 100
_STAGES = (
    Detail(50),
    Detail(50, folded=False, left_out=Safe("the gates that pass")),
    Detail(10, folded=False, left_out=Safe("the gates that pass, and all but 10 checks a gate")),
    Detail(3, folded=False, left_out=Safe("the gates that pass, and all but 3 checks a gate")),
    Detail(0, folded=False, notes=10, left_out=Safe("the gates that pass, and the details of the others")),
    Detail(0, folded=False, notes=0, table=False, left_out=Safe("everything but the names of the gates")),
    Detail(0, folded=False, notes=0, table=False, named=100, left_out=Safe("all but the names of the first 100 gates")),
)
_FULL_STAGES = (Detail(1_000), Detail(200, left_out=Safe("all but 200 checks a gate")))


def comment(facts: dict[str, Any]) -> Safe:
    """Write the comment, at most 65,000 characters; GitHub refuses a body over 65,536 (its answer says so)."""
    return _fitting("comment.md.j2", facts, _STAGES, COMMENT_CHARACTERS, len)


def summary(facts: dict[str, Any], room: int = SUMMARY_BYTES) -> Safe:
    """Write the job summary, at most `room` bytes of UTF-8.

    The runner drops a step's summary over 1,048,576 bytes whole (`AttachmentSizeLimit` in its
    `FileCommandManager.cs`). If `room` cannot hold even the least report, the text is empty.
    """
    return _fitting("summary.md.j2", facts, _FULL_STAGES + _STAGES, room, _bytes)


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _fitting(
    template: str, facts: dict[str, Any], stages: tuple[Detail, ...], room: int, size: Callable[[str], int]
) -> Safe:
    page = _environment().get_template(template)
    view = _view(facts)
    missed = [len(gate["missed"]) for gate in view["trouble"]]
    for stage in stages:
        if sum(min(stage.rows, rows) for rows in missed) * _ROW_SIZE > room:
            continue  # not worth the time: thousands of rows are rendered slowly
        text = page.render(view, detail=stage)
        if size(text) <= room:
            return Safe(text)
    return Safe("")


def _view(facts: dict[str, Any]) -> dict[str, Any]:
    gates = sorted_gates(facts)
    return {
        "report": facts,
        "headline": headline(facts),
        "icons": ICONS,
        "trouble": [gate | {"missed": sorted_checks(gate)} for gate in gates if gate["status"] in TROUBLE],
        "folded": [gate for gate in gates if gate["status"] not in TROUBLE],
        "link": lambda text, url: link(text, url, facts["project_url"]),
        "paragraphs": _paragraphs,
        "name_cap": _NAME_CAP,
        "nothing": Safe("—"),
    }


def _paragraphs(text: str) -> Iterator[Safe]:
    return (outside_table(md_prose(line)) for line in text.splitlines() if line.strip())


@cache
def _environment() -> "ImmutableSandboxedEnvironment":
    import jinja2  # noqa: PLC0415 - 50 ms that a run which stops early does not pay
    from jinja2.sandbox import ImmutableSandboxedEnvironment  # noqa: PLC0415 - same

    environment = ImmutableSandboxedEnvironment(
        loader=jinja2.FileSystemLoader(str(templates_dir())),
        undefined=jinja2.StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
    )
    environment.filters |= {"prose": md_prose, "code": md_code, "outside_table": outside_table}
    return environment


def _finalize(value: Any) -> Any:
    """Let a template that forgets about escaping be safe: every text that is not ours becomes a code span."""
    return md_code(value) if isinstance(value, str) and not isinstance(value, Safe) else value


def templates_dir() -> Path:
    """Find the templates: inside the installed package, else beside the package in a checkout."""
    package = Path(str(resources.files("swanlab_ci")))
    installed = package / "templates"
    return installed if installed.is_dir() else package.parent / "templates"
