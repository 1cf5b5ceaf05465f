"""What was tried on GitHub is told in a table that no name of a file can get out of."""

from html.parser import HTMLParser

import cmarkgfm
import pytest

from swanlab_ci.platforms.github.permissions import ApiAttempt, table


class _Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the parser's interface
        self.seen.append(tag)


@pytest.mark.parametrize("name", ["x|<img src=x>@bob [a](y).yml", "`a`|`<b>`", "https://x.example/a.yml\n\n# b"])
def test_the_name_of_a_file_makes_nothing_of_its_own_in_the_table(name: str) -> None:
    rights = table([ApiAttempt(f"read {name} of the base branch", "contents: read", "GitHub answered 403: no", 403)])

    html = cmarkgfm.github_flavored_markdown_to_html(rights)

    assert set(_Tags(html).seen) <= {"h4", "table", "thead", "tbody", "tr", "th", "td", "code", "p", "pre"}
    assert html.count("<td>") == 4
