"""Lists that come in pages, read whole or not at all; whoever asks is passed in, so there is no network in here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any, Protocol

from swanlab_ci.errors import CannotTell, Refused
from swanlab_ci.openapi.protocol import Request

_PAGE_SIZE = 100  # the largest that SwanLab's own SDK allows
_OLD_PAGE_SIZE = 10  # what the SDK asked for up to 0.7, so all servers know it
_READS = 3
_MOST_ROWS = 1_000_000
_NO_SUCH_SIZE = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY})
_NO_SUCH_PAGE = _NO_SUCH_SIZE | {HTTPStatus.NOT_FOUND, HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE}


@dataclass(frozen=True, slots=True)
class Page:
    """One page: the rows on it, and how many the server says there are on all pages."""

    total: int
    rows: list[dict[str, Any]]


class Asker(Protocol):
    """Asks SwanLab several things at once; `Session.ask_all` does."""

    def __call__(self, requests: Sequence[Request], told: Callable[[int], None] = ...) -> list[Any]:
        """Return all answers in order, or raise."""


def read_whole(ask: Asker, request: Request, progress: Callable[[str], None]) -> list[dict[str, Any]]:
    """Return all rows of a list, each once; reads it again where it changed while it was read.

    Raises `CannotTell` where no reading gives the whole list, and whatever `ask` raises.
    """
    try:
        return _read_steady(ask, _sized(request, _PAGE_SIZE), progress)
    except Refused as refused:
        if refused.status not in _NO_SUCH_SIZE:
            raise
    return _read_steady(ask, _sized(request, _OLD_PAGE_SIZE), progress)


def _sized(request: Request, size: int) -> Request:
    return replace(request, params={**request.params, "page": 1, "size": size})


def _read_steady(ask: Asker, request: Request, progress: Callable[[str], None]) -> list[dict[str, Any]]:
    trouble = ""
    for _ in range(_READS):
        pages = _read_pages(ask, request, progress)
        trouble = flaw(pages) or _goes_on(ask, request, pages)
        if not trouble:
            return [row for page in pages for row in page.rows]
    raise CannotTell(
        f"The list of {request.about} could not be read whole, {_READS} times in a row: {trouble}.",
        "Try again when fewer of them are being made or deleted.",
    )


def _read_pages(ask: Asker, request: Request, progress: Callable[[str], None]) -> list[Page]:
    first = read_page(ask([_nth(request, 1)])[0], request.about)
    rest = pages_after(first)

    def told(pages: int) -> None:
        rows = min(first.total, (pages + 1) * len(first.rows))
        progress(f"listing {request.about}: {rows:,} of {first.total:,}")

    answers = ask([_nth(request, number) for number in rest], told)
    return [first, *(read_page(answer, request.about) for answer in answers)]


def _nth(request: Request, number: int) -> Request:
    return replace(request, params={**request.params, "page": number})


def read_page(data: Any, about: str) -> Page:
    """Read `{"list": […], "total": n}`; raises `CannotTell` for anything else, above all for a list that is missing."""
    rows, total = (data.get("list"), data.get("total")) if isinstance(data, dict) else (None, None)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise CannotTell(f"SwanLab's answer about {about} holds no list.")
    if not isinstance(total, int) or isinstance(total, bool) or not 0 <= total <= _MOST_ROWS:
        raise CannotTell(f"SwanLab's answer about {about} does not tell how many there are.")
    return Page(total, rows)


def pages_after(first: Page) -> range:
    """Return the numbers of the pages still to ask for; the size is what the first page has, not what was asked for."""
    size = len(first.rows)
    return range(2, -(-first.total // size) + 1) if size else range(0)


def flaw(pages: Sequence[Page]) -> str:
    """Tell why the pages together are not the whole list, or return the empty text.

    A row that moves to another page while the pages are read is seen twice or never; either way the number of
    different rows is then not the total, on which every page has to agree.
    """
    totals = {page.total for page in pages}
    rows = sum(len(page.rows) for page in pages)
    different = len(_ids(*pages))
    if len(totals) > 1:
        return f"their number went from {min(totals):,} to {max(totals):,} on the way"
    if different < rows:
        return f"{rows - different:,} of them came twice"
    if rows != pages[0].total:
        return f"{pages[0].total:,} were promised and {rows:,} came"
    return ""


def _goes_on(ask: Asker, request: Request, pages: Sequence[Page]) -> str:
    """Tell of rows beyond the last page where that is a full one: only there a total cut off at a round number shows.

    Some servers repeat their last page there, and others refuse to answer: neither is news.
    """
    size = len(pages[0].rows) if len(pages) > 1 else int(request.params["size"])
    if len(pages[-1].rows) < size:
        return ""
    try:
        beyond = read_page(ask([_nth(request, len(pages) + 1)])[0], request.about)
    except Refused as refused:
        if refused.status not in _NO_SUCH_PAGE:
            raise
        return ""
    return "" if _ids(beyond) <= _ids(*pages) else f"there are more than the {pages[0].total:,} that were promised"


def _ids(*pages: Page) -> set[str]:
    """Return what tells the rows apart: runs and projects have a `cuid`, metrics only a `key`."""
    return {str(row.get("cuid") or row.get("key")) for page in pages for row in page.rows}
