"""A user's own template writes the body of the comment; whatever it does, the heading is ours and it ends in time."""

import json
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

import jinja2
import markupsafe
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support import kinds
from support.rendered import Page

from swanlab_ci.errors import Problem
from swanlab_ci.messages import Language, Message, plain
from swanlab_ci.model import Status
from swanlab_ci.report import Report, TemplateFile, render
from swanlab_ci.templating.engine import FILTERS
from swanlab_ci.templating.tame import tame

pytestmark = pytest.mark.slow  # each template starts a process

ROOT = Path(__file__).parents[2]
NAME = ".swanlab-ci/comment.md.j2"
RED = kinds.KINDS["red"]()


def rendered(text: str, kind: kinds.Kind = RED, **more: object) -> Report:
    judgement, insight = kind
    template = TemplateFile(NAME, text)
    return render(judgement, insight, redact=lambda each: each, template=template, **more)  # type: ignore[arg-type]


BUILT_IN = render(*RED, redact=lambda each: each)
HEADING = BUILT_IN.comment.split("\n", 1)[0]
FOOTER = BUILT_IN.comment.rsplit("\n", 1)[1]


def written(text: str) -> str:
    """Return what a template writes between heading and footer."""
    found = rendered(text)
    assert found.template_problem is None, found.template_problem
    lines = found.comment.split("\n")
    assert (lines[0], lines[-1]) == (HEADING, FOOTER)
    return "\n".join(lines[1:-1]).strip("\n")


def problem_of(text: str, *, seconds: float = 30.0) -> Problem:
    """Return why a template is not used; the report is the built-in one, and says so in a note."""
    found = rendered(text, template_seconds=seconds)
    assert found.template_problem is not None
    assert found.comment.split("\n")[0] == HEADING
    assert found.json["notes"][-1]["id"] == "template.not-used"
    assert found.json["verdict"] == "fail"
    assert len(found.comment) >= len(BUILT_IN.comment)
    return found.template_problem


def test_a_template_that_extends_the_built_in_report_changes_one_block() -> None:
    found = written('{% extends "comment.md.j2" %}{% block before %}Ask @ml-team.\n\n{% endblock %}')

    built_in = BUILT_IN.comment.split("\n", 2)[2].rsplit("\n\n", 1)[0]
    assert found == f"Ask @ml-team.\n\n{built_in}"


def test_a_template_says_what_the_report_json_holds() -> None:
    text = "{% for gate in report.gates if gate.status == 'fail' %}{{ gate.id }} {% endfor %}{{ report.runs_fetched }}"

    failed = [gate.id for gate in RED[0].verdict.gates if gate.status is Status.FAIL]
    assert written(text) == " ".join(f"`{each}`" for each in failed) + f" {RED[0].runs_fetched}"
    assert written("{{ report.verdict }}") == "`fail`"


def test_every_text_that_a_template_writes_is_a_code_span_and_markdown_stays() -> None:
    assert written('{{ "@team <b>" }}') == "`@team <b>`"
    assert written('{{ ["<a>", "b"] | join(", ") }}') == "`<a>`, `b`"
    assert written("{{ lead[0] }}") in BUILT_IN.comment
    assert written('{{ "a plain sentence." | text }} {{ "#1" | text }}') == "a plain sentence. `#1`"


def test_a_list_or_a_map_of_texts_is_a_code_span_too() -> None:
    assert written('{{ ["@team <img src=x>"] }}') == "`['@team <img src=x>']`"
    assert written('{{ {"a": "@team"} | dictsort }}') == "`[('a', '@team')]`"
    assert written('{{ [["@team"]] | join(", ") }}') == "`['@team']`"
    assert written("{{ 0.5 }} {{ none }} {{ true }}") == "0.5 None True"


def test_two_texts_side_by_side_cannot_end_the_code_span_of_each_other() -> None:
    found = written('{{ "@team `" }}{{ "b" }} {{ ["@team `", "b"] | join }}')

    assert "@team" not in Page(found).prose


def test_what_a_block_a_macro_or_a_set_block_wrote_is_not_escaped_again() -> None:
    built_in = BUILT_IN.comment.split("\n", 2)[2].rsplit("\n\n", 1)[0]
    extended = '{% extends "comment.md.j2" %}{% block checks %}{{ super() }}{% endblock %}'

    assert written(extended) == built_in
    assert written('{% macro bold(text) %}**{{ text }}**{% endmacro %}{{ bold("@team") }}') == "**`@team`**"
    assert written('{% set line %}**{{ "@team" }}**{% endset %}{{ line }}') == "**`@team`**"


def test_every_filter_works_where_no_file_can_be_opened() -> None:
    arguments = {
        "batch": "(2)", "d": "(1)", "default": "(1)", "groupby": "('a')", "map": "(attribute='a')", "round": "(1)",
        "rejectattr": "('a')", "selectattr": "('a')", "replace": "('a', 'b')", "slice": "(2)", "sum": "(attribute='a')",
    }  # fmt: skip
    values = {
        "abs": "(-1)", "float": "'1.5'", "int": "'1'", "round": "1.25", "dictsort": "{'a': 1}", "items": "{'a': 1}",
        **dict.fromkeys(("capitalize", "lower", "replace", "text", "title", "trim", "truncate", "upper"), "'a b'"),
        **dict.fromkeys(("code", "outside_table", "wordcount"), "'a|b'"),
        **dict.fromkeys(("max", "min", "sort", "unique", "join"), "[2, 1]"),
    }  # fmt: skip
    items = "[{'a': 1}]"
    names = [*FILTERS, "code", "join", "outside_table", "text"]
    text = " ".join(f"{{{{ {values.get(each, items)} | {each}{arguments.get(each, '')} }}}}" for each in names)

    assert len(written(text)) > len(names)


@pytest.mark.parametrize(
    ("text", "reason", "line"),
    [
        ("a\n{{ ''.__class__.__mro__[1].__subclasses__() }}", "template.not-allowed", 2),
        ("{{ self.__init__.__globals__ }}", "template.not-allowed", 1),
        ("\n\n{{ lead.append(1) }}", "template.not-allowed", 3),
        ("{{ report.gates.pop }}", "template.not-allowed", 1),
        ("{{ ''|attr('__class__') }}", "template.wrong", 1),
        ("{{ cycler }}", "template.wrong", 1),
        ("\n{% filter replace('`', '') %}{{ '@team' }}{% endfilter %}", "template.not-allowed", 2),
        ("\n{{ misspelt }}", "template.wrong", 2),
        ("\n{{ report.misspelt }}", "template.wrong", 2),
        ("a\nb\n{% if %}", "template.wrong", 3),
        ("\n{{ 1 / 0 }}", "template.wrong", 2),
        ("\n{% include '/etc/passwd' %}", "template.no-such-template", 2),
        ("{% extends '../comment.md.j2' %}", "template.no-such-template", 1),
        ("{% extends 'comment.md.j2' %}\n{% block chart %}{% endblock %}", "template.no-such-block", 2),
        ("\n{{ '%1000000000s' % 'a' }}", "template.operands", 2),
        ("\n{{ 'a' * 10**9 }}", "template.operands", 2),
        ("{{ 10**(10**8) }}", "template.operands", 1),
        ("\n{% for a in range(10**5) %}{% for b in range(10**5) %}{% endfor %}{% endfor %}", "template.too-slow", 2),
        (
            "\n{% for a in range(10**5) %}{{ 'a' }}{% for b in range(99) %}aaaaa{% endfor %}{% endfor %}",
            "template.too-long",
            2,
        ),
        (
            "{% set ns = namespace(a='x') %}\n{% for i in range(64) %}{% set ns.a = ns.a ~ ns.a %}{% endfor %}",
            "template.too-much-memory",
            2,
        ),
        ("{% macro f() %}\n{{ f() }}{% endmacro %}{{ f() }}", "template.too-deep", 2),
        ("{{ " + "(" * 3_000 + "1" + ")" * 3_000 + " }}", "template.too-deep", 0),
    ],
)
def test_a_template_that_means_harm_is_not_used_and_the_reason_names_its_line(
    text: str, reason: str, line: int
) -> None:
    found = problem_of(text)

    assert (found.message.id, found.file, found.line) == (reason, NAME, line)


def test_a_template_works_where_a_user_installed_the_program_for_himself(tmp_path: Path) -> None:
    """The process starts with `-I`, which leaves out what `pip install --user` installed."""
    site = Path(sysconfig.get_path("purelib", "posix_user", {"userbase": str(tmp_path)}))
    site.mkdir(parents=True)
    for name in ("swanlab_ci", "templates"):
        (site / name).symlink_to(ROOT / name)
    for module in (jinja2, markupsafe):
        (site / module.__name__).symlink_to(Path(str(module.__file__)).parent)
    request = {"name": NAME, "template": "a", "stages": [{"room": 9, "view": "{}"}], "facts": "{}"}
    asks = "import sys; from swanlab_ci.runtime.confined import answer_of as ask; request = sys.stdin.buffer.read(); "
    asks += "print(ask('swanlab_ci.templating.process', request, seconds=60, most=99).decode())"
    python = str(getattr(sys, "_base_executable", sys.executable))

    answer = subprocess.run(  # noqa: S603 - the interpreter of these tests
        [python, "-P", "-c", asks],
        input=json.dumps(request).encode(),
        env={"PYTHONUSERBASE": str(tmp_path)},
        capture_output=True,
        check=False,
    )

    assert json.loads(answer.stdout or "{}") == {"text": "a", "stage": 0}, answer.stderr


def test_what_jinja_says_ends_without_a_stop_of_its_own() -> None:
    found = problem_of("{% for i in range(10**9) %}{% endfor %}")

    assert str(found.message.params["detail"]).endswith("(100000)")


def test_what_no_signal_can_stop_is_stopped_by_the_kernel() -> None:
    """Comparing two deep lists takes for ever, and never looks whether a signal came."""
    deep = (
        "{% set n = namespace(a=[1.0], b=[1.0]) %}"
        "{% for i in range(40) %}{% set n.a = [n.a, n.a] %}{% set n.b = [n.b, n.b] %}{% endfor %}{{ n.a == n.b }}"
    )
    begun = time.monotonic()

    assert problem_of(deep).message.id == "template.too-slow"
    assert time.monotonic() - begun < 25


def test_a_template_is_given_no_more_time_than_there_is() -> None:
    begun = time.monotonic()

    assert problem_of("{{ title }}", seconds=0.001).message.id == "template.too-slow"
    assert time.monotonic() - begun < 5


def test_a_long_report_by_a_template_goes_through_the_stages() -> None:
    kind = kinds.KINDS["forty-gates"]()
    text = '{% extends "comment.md.j2" %}{% block before %}' + "x" * 55_000 + "{% endblock %}"
    found = rendered(text, kind)

    assert found.template_problem is None
    assert len(found.comment) <= 65_000
    assert "x" * 55_000 in found.comment


@pytest.mark.parametrize("language", list(Language))
def test_a_template_writes_in_the_language_of_the_report(language: Language) -> None:
    found = rendered("{{ words.next }}", language=language)

    assert found.comment.split("\n")[2] == plain(Message("report.next"), language)


PIECES = st.sampled_from(
    [
        *("```", "~~~~", "`", "<!--", "-->", "<details>", "</details>", "<pre>", "<style>", "<script>", "<textarea>"),
        *("<?", "<![CDATA[", "<!A", '<div class="', "<div>\n`", "\n", "\n\n", "> ", "- ", "    ", "text", "\\", "|"),
        *("<a href='", "# ✅ passed", "===", "<title>", "</summary>", "\u202e", "\r", "[a]: x"),
    ]
)


@example("<div>\n````\n")
@example("<div>\n```\n\n<details>\n\n```")
@example("text\n```\n<div>\n```\n</div>\n~~~")
@example("<!--```\n<!--```")
@example('<div class="\n\n<!--<div class="> ')
@example("# a `\nb <details> ` c")
@example("a `\n`<details>`")
@example("<details>`</details>`")
@given(st.lists(PIECES, max_size=12).map("".join))
def test_nothing_hides_the_heading_or_the_footer(body: str) -> None:
    page = Page(f"{HEADING}\n\n{tame(body)}\n\n{FOOTER}")

    assert page.tags[0] == "h2"
    assert not {"style", "script", "textarea", "title"} & set(page.tags)
    assert page.prose.rstrip().endswith("swanlab-ci")
    assert "\u202e" not in page.prose
