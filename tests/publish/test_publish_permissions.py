"""The table of what was asked of GitHub: the permissions that are missing, and nothing that a file's name could add."""

import pytest
from support.rendered import Page

from swanlab_ci.messages import Language, Message
from swanlab_ci.platforms.base import ApiAttempt
from swanlab_ci.platforms.github.permissions import needed_permissions
from swanlab_ci.report.permissions import permissions_table

FIND, READ, WRITE = (Message(f"forge.{name}") for name in ("find-pull-request", "set-status", "write-comment"))
HOSTILE = ["x|<img src=x>@bob [a](y).yml", "`a`|`<b>`", "https://x.example/a.yml\n\n# b"]


def denied(words: str, what: Message = READ) -> ApiAttempt:
    return ApiAttempt(
        what, "contents: read", Message("forge.answered", forge=Message("github.name"), status=403, words=words), 403
    )


def table(*attempts: ApiAttempt, language: Language = Language.EN) -> Page:
    return Page(permissions_table(attempts, needed_permissions(attempts), language))


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("name", HOSTILE)
def test_the_name_of_a_file_adds_nothing_to_the_table(name: str, language: Language) -> None:
    page = table(denied("no", Message("forge.read-base-file", file=name)), language=language)

    assert set(page.tags) <= {"h4", "table", "thead", "tbody", "tr", "th", "td", "code", "p", "pre"}
    assert page.tags.count("td") == 4


def test_the_table_holds_every_request_and_the_lines_that_allow_all() -> None:
    page = table(
        ApiAttempt(FIND, "pull-requests: read"),
        denied("<b>@team</b> | no"),
        ApiAttempt(WRITE, "pull-requests: write"),
    )

    assert page.widths == [4, 4, 4, 4]
    assert "b" not in page.tags
    assert "@" not in page.prose
    assert page.code[-1].splitlines() == ["permissions:", "  contents: read", "  pull-requests: write"]


def test_to_write_is_to_read() -> None:
    attempts = [denied("no"), ApiAttempt(FIND, "pull-requests: read"), ApiAttempt(WRITE, "pull-requests: write")]

    assert needed_permissions(attempts) == ("contents: read", "pull-requests: write")


@pytest.mark.parametrize(
    "attempt",
    [
        ApiAttempt(WRITE, "pull-requests: write"),
        ApiAttempt(WRITE, "pull-requests: write", Message("forge.too-slow", forge=Message("github.name"))),
        ApiAttempt(
            WRITE,
            "pull-requests: write",
            Message("forge.answered", forge=Message("github.name"), status=403, words=""),
            403,
            limited=True,
        ),
    ],
    ids=["done", "no-answer", "rate-limit"],
)
def test_without_a_missing_right_there_is_no_table(attempt: ApiAttempt) -> None:
    assert needed_permissions([attempt]) == ()
    assert permissions_table([attempt], (), Language.EN) == ""
