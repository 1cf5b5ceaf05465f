"""Lists that come in pages, read whole or not at all; whoever asks is passed in, so there is no network in here."""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any, Generic, Protocol, TypeVar

from swanlab_ci.client.protocol import Request
from swanlab_ci.errors import ApiError, UnavailableError

R = TypeVar("R")

_PAGE_SIZE = 100  # the largest that SwanLab's own SDK allows
_OLD_PAGE_SIZE = 10  # what the SDK asked for up to 0.7, so all servers know it
_READS = 3
_MOST_ROWS = 1_000_000
_NO_SUCH_SIZE = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY})
_NO_SUCH_PAGE = _NO_SUCH_SIZE | {HTTPStatus.NOT_FOUND, HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE}

Row = dict[str, Any]
Form = Callable[[list[Row]], list[R]]
Ask = Callable[[Request], Any]


@dataclass(frozen=True, slots=True)
class Page(Generic[R]):
    """One page: how many rows the server says there are on all pages, what this one's became, and what they are."""

    total: int
    rows: list[R]
    ids: list[str]


class Each(Protocol):
    """Does work on several items at once, which may ask SwanLab; `Session.each` does."""

    def __call__(
        self,
        items: Sequence[int],
        work: Callable[[Ask, int], Page[R]],
        *,
        doing: str,
        told: Callable[[int], None] = ...,
    ) -> list[Page[R]]:
        """Return all results in order, or raise."""


@contextmanager
def collection_paused() -> Iterator[None]:
    """Let no garbage be collected meanwhile, for a list is all new objects and no garbage.

    Looking through them again and again for cycles takes a third of the time. Whoever has switched collecting off finds
    it off, and what was frozen stays so.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on and not gc.get_freeze_count():
            gc.freeze()  # these two make all that is new count as old, without looking through it
            gc.unfreeze()
        if was_on:
            gc.enable()


def read_whole(each: Each, request: Request, form: Form[R], progress: Callable[[str], None]) -> list[R]:
    """Return what `form` makes of all rows of a list, each once; reads it again where it changed while it was read.

    Raises `UnavailableError` where no reading gives the whole list, and whatever `each` and `form` raise.
    """
    try:
        return _read_steady(each, _sized(request, _PAGE_SIZE), form, progress)
    except ApiError as refused:
        if refused.status not in _NO_SUCH_SIZE:
            raise
    return _read_steady(each, _sized(request, _OLD_PAGE_SIZE), form, progress)


def _sized(request: Request, size: int) -> Request:
    return replace(request, params={**request.params, "page": 1, "size": size})


def _read_steady(each: Each, request: Request, form: Form[R], progress: Callable[[str], None]) -> list[R]:
    trouble = ""
    for _ in range(_READS):
        pages, beyond = _read_pages(each, request, form, progress)
        trouble = flaw(pages) or _news(beyond, pages)
        if not trouble:
            return [row for page in pages for row in page.rows]
    raise UnavailableError(
        f"The list of {request.about} could not be read whole, {_READS} times in a row: {trouble}.",
        "Try again when fewer of them are being made or deleted.",
    )


def _read_pages(
    each: Each, request: Request, form: Form[R], progress: Callable[[str], None]
) -> tuple[list[Page[R]], list[Page[R]]]:
    """Return all pages, and the one beyond where that has to be looked at."""

    def read(ask: Ask, number: int) -> Page[R]:
        return read_page(ask(_nth(request, number)), request.about, form)

    def read_or_end(ask: Ask, number: int) -> Page[R]:
        try:
            return read(ask, number)
        except ApiError as refused:
            if number <= last or refused.status not in _NO_SUCH_PAGE:
                raise
            return Page(first.total, [], [])

    def told(pages: int) -> None:
        rows = min(first.total, (pages + 1) * len(first.rows))
        progress(f"listing {request.about}: {rows:,} of {first.total:,}")

    (first,) = each([1], read, doing=f"reading {request.about}")
    last = last_page(first)
    numbers = range(2, last + 1 + ends_full(first, int(request.params["size"])))
    pages = [first, *each(numbers, read_or_end, doing=f"reading {request.about}", told=told)]
    return pages[:last], pages[last:]


def _nth(request: Request, number: int) -> Request:
    return replace(request, params={**request.params, "page": number})


def read_page(data: Any, about: str, form: Form[R]) -> Page[R]:
    """Read `{"list": […], "total": n}`.

    Raises `UnavailableError` for anything else, above all for a list that is missing.
    """
    rows, total = (data.get("list"), data.get("total")) if isinstance(data, dict) else (None, None)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise UnavailableError(f"SwanLab's answer about {about} holds no list.")
    if not isinstance(total, int) or isinstance(total, bool) or not 0 <= total <= _MOST_ROWS:
        raise UnavailableError(f"SwanLab's answer about {about} does not tell how many there are.")
    return Page(total, form(rows), [_id(row) for row in rows])


def _id(row: Row) -> str:
    """Return what tells the row apart: runs and projects have a `cuid`, metrics only a `key`."""
    return str(row.get("cuid") or row.get("key"))


def last_page(first: Page[R]) -> int:
    """Return the number of the last page; the size is what the first page has, not what was asked for."""
    size = len(first.rows)
    return max(1, -(-first.total // size)) if size else 1


def ends_full(first: Page[R], asked: int) -> bool:
    """Tell whether the last page is a full one: only there a total cut off at a round number shows, on a page beyond.

    How full an only page is, `asked` tells: the size that was asked for.
    """
    return first.total % len(first.rows) == 0 if last_page(first) > 1 else len(first.rows) >= asked


def flaw(pages: Sequence[Page[R]]) -> str:
    """Tell why the pages together are not the whole list, or return the empty text.

    A row that moves to another page while the pages are read is seen twice or never; either way the number of
    different rows is then not the total, on which every page has to agree.
    """
    totals = {page.total for page in pages}
    rows = sum(len(page.ids) for page in pages)
    different = len(_ids(pages))
    if len(totals) > 1:
        return f"their number went from {min(totals):,} to {max(totals):,} on the way"
    if different < rows:
        return f"{rows - different:,} of them came twice"
    if rows != pages[0].total:
        return f"{pages[0].total:,} were promised and {rows:,} came"
    return ""


def _news(beyond: Sequence[Page[R]], pages: Sequence[Page[R]]) -> str:
    """Tell of rows beyond the last page; some servers repeat their last page there, which is no news."""
    return "" if _ids(beyond) <= _ids(pages) else f"there are more than the {pages[0].total:,} that were promised"


def _ids(pages: Sequence[Page[R]]) -> set[str]:
    return {name for page in pages for name in page.ids}
