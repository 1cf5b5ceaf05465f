"""What people see, in a real browser: every kind of report in each language, light, dark and on a phone.

The pictures are in `.cache/looks/pictures`.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from browsing import CACHE, Seen, View, look
from comments import comment_page
from support.histories import RULES, made_up, many
from support.kinds import KINDS, TEXTS

from swanlab_ci.messages import Language
from swanlab_ci.report import render
from swanlab_ci.report.backtest import backtest_html

PHONE = 380
WAYS = (("light", 1120), ("dark", 1120), ("light", PHONE))
LARGE = ("hostile", "many-runs")
OF_THE_HOST = {  # what a comment cannot change
    "page-has-heading-one": "the page around it has one",
    "valid-lang": "it is how the renderer here names the language of a block of code",
    "scrollable-region-focusable": "the style of GitHub makes every table scroll",
}
COMPARED = ("red", "green", "within-noise", "waived", "forty-gates", "many-runs")


def _views(folder: Path) -> Iterator[View]:
    pictures = CACHE / "pictures"
    pictures.mkdir(parents=True, exist_ok=True)
    for kind, make in KINDS.items():
        judgement, facts = make()
        for language in Language:
            report = render(judgement, facts, redact=str, language=language)
            pages = {"page": report.html(), "comment": comment_page(report.comment)}
            for surface, text in pages.items():
                path = folder / f"{surface}-{kind}.{language}.html"
                path.write_text(text, "utf-8")
                for scheme, width in WAYS:
                    way = "phone" if width == PHONE else scheme
                    name = f"{surface}-{kind}.{language}.{way}"
                    yield View(
                        name=name,
                        page=path,
                        scheme=scheme,
                        width=width,
                        picture="" if kind in LARGE else str(pictures / f"{name}.png"),
                        audit=way == "dark" or (surface == "page" and kind not in LARGE),
                    )
    yield from _histories(folder, pictures)
    red = folder / "page-red.en.html"
    yield View("no-script", red, javascript=False, audit=False, picture=str(pictures / "page-red.en.no-script.png"))
    yield View("keys", red, keys=("End", "ArrowLeft", "PageDown"))
    yield View("left", red, keys=("End", "Escape"))
    yield View("each-run", red, clicks=("[data-do=each]", "[data-do=whole]", "[data-do=theme]", "th[data-sort] button"))


def _histories(folder: Path, pictures: Path) -> Iterator[View]:
    stricter = RULES.replace("min: 0.9}", "min: 0.915}").replace("level: warn, ", "")
    kinds = {
        "history": made_up(against=stricter),
        "history-hostile": made_up(12, hostile="".join(TEXTS.values())[:2000]),
        "history-many": many(),
    }
    for kind, report in kinds.items():
        for language in Language:
            path = folder / f"page-{kind}.{language}.html"
            path.write_text(backtest_html(report, language), "utf-8")
            for scheme, width in WAYS:
                name = f"page-{kind}.{language}.{'phone' if width == PHONE else scheme}"
                picture = "" if kind == "history-many" else str(pictures / f"{name}.png")
                audit = kind == "history" or scheme == "dark"
                yield View(name=name, page=path, scheme=scheme, width=width, picture=picture, audit=audit)


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Seen]:
    folder = tmp_path_factory.mktemp("looks")
    return look(list(_views(folder)), folder)


def test_no_page_scrolls_sideways(seen: dict[str, Seen]) -> None:
    wide = {name: each.width for name, each in seen.items() if each.width > (PHONE if "phone" in name else 1120)}

    assert wide == {}


def test_the_verdict_and_every_difference_are_seen_without_scrolling_sideways(seen: dict[str, Seen]) -> None:
    hidden = [
        name
        for name, each in seen.items()
        if each.visible and not (each.visible["verdict"] and each.visible["differences"])
    ]

    assert hidden == []
    assert [kind for kind in COMPARED if not seen[f"page-{kind}.en.phone"].visible["some"]] == []


def test_what_changed_is_seen_on_a_phone_without_scrolling_sideways(seen: dict[str, Seen]) -> None:
    phones = {name: each.visible for name, each in seen.items() if "phone" in name and each.visible}

    assert [name for name, visible in phones.items() if not visible["changes"]] == []


def test_nothing_is_written_to_the_console_and_no_page_asks_or_says_anything(seen: dict[str, Seen]) -> None:
    assert {name: each.console for name, each in seen.items() if each.console} == {}
    assert {name: each.dialogs for name, each in seen.items() if each.dialogs} == {}


def test_a_page_is_one_request(seen: dict[str, Seen]) -> None:
    assert {len(each.requests) for name, each in seen.items() if not name.startswith("comment")} == {1}
    assert len(TEXTS) > 50  # each of them is in the page `hostile`


def test_no_rule_of_axe_is_violated(seen: dict[str, Seen]) -> None:
    found = {name: set(each.violations) - _of_the_host(name, each.violations) for name, each in seen.items()}

    assert {name: rules for name, rules in found.items() if rules} == {}


def _of_the_host(name: str, violations: Iterable[str]) -> set[str]:
    if not name.startswith("comment"):
        return set()
    return {each for each in violations if each.partition(":")[0] in OF_THE_HOST}


def test_the_keyboard_reads_values_and_escape_leaves(seen: dict[str, Seen]) -> None:
    assert seen["keys"].readout.startswith("step 109 · this PR 0.8")
    assert "main 0.9" in seen["keys"].readout
    assert seen["left"].readout == ""
