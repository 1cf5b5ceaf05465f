"""Lists in pages, read completely or not at all; the function that sends requests is a parameter."""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any, Generic, Protocol, TypeVar

from swanlab_ci.client.protocol import Ask, Request
from swanlab_ci.errors import ApiError, UnavailableError
from swanlab_ci.messages import Message

R = TypeVar("R")

_PAGE_SIZE = 100  # the largest that SwanLab's own SDK allows
_OLD_PAGE_SIZE = 10  # the SDK's up to 0.7, so all servers accept it
_READS = 3
_MOST_ROWS = 1_000_000
_NO_SUCH_SIZE = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY})
_NO_SUCH_PAGE = _NO_SUCH_SIZE | {HTTPStatus.NOT_FOUND, HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE}

Row = dict[str, Any]
Form = Callable[[list[Row]], list[R]]


@dataclass(frozen=True, slots=True)
class Page(Generic[R]):
    """One page: the number of rows on all pages as the server says, the rows of this one as read, and their ids."""

    total: int
    rows: list[R]
    ids: list[str]


class Each(Protocol):
    """Runs work on several items in parallel, with requests to SwanLab; `Session.each` is one."""

    def __call__(
        self,
        items: Sequence[int],
        work: Callable[[Ask, int], Page[R]],
        *,
        doing: Message,
        on_progress: Callable[[int], None] = ...,
    ) -> list[Page[R]]:
        """Return all results in order, or raise."""


@contextmanager
def collection_paused() -> Iterator[None]:
    """Pause garbage collection: a list consists of new objects and no garbage.

    Searching them again and again for cycles takes a third of the time. If collection was off before, it stays off;
    frozen objects stay frozen.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on and not gc.get_freeze_count():
            gc.freeze()  # these two calls mark all new objects as old, without searching them
            gc.unfreeze()
        if was_on:
            gc.enable()


def read_whole(each: Each, request: Request, form: Form[R], progress: Callable[[Message], None]) -> list[R]:
    """Return all rows of a list, each once and as `form` reads them; reads the list again if it changed meanwhile.

    Raises `UnavailableError` if no attempt gives the complete list, and what `each` and `form` raise.
    """
    try:
        return _read_steady(each, _sized(request, _PAGE_SIZE), form, progress)
    except ApiError as refused:
        if refused.status not in _NO_SUCH_SIZE:
            raise
    return _read_steady(each, _sized(request, _OLD_PAGE_SIZE), form, progress)


def _sized(request: Request, size: int) -> Request:
    return replace(request, params={**request.params, "page": 1, "size": size})


def _read_steady(each: Each, request: Request, form: Form[R], progress: Callable[[Message], None]) -> list[R]:
    found: Message | None = None
    for _ in range(_READS):
        pages, beyond = _read_pages(each, request, form, progress)
        found = flaw(pages) or _rows_beyond(beyond, pages)
        if found is None:
            return [row for page in pages for row in page.rows]
    raise UnavailableError(
        Message("client.list-changed", about=request.about, times=_READS, flaw=found),
        Message("client.list-changed.advice"),
    )


def _read_pages(
    each: Each, request: Request, form: Form[R], progress: Callable[[Message], None]
) -> tuple[list[Page[R]], list[Page[R]]]:
    """Return all pages, and the one after them if it has to be checked."""

    def read(ask: Ask, number: int) -> Page[R]:
        return read_page(ask(_nth(request, number)), request.about, form)

    def read_or_end(ask: Ask, number: int) -> Page[R]:
        try:
            return read(ask, number)
        except ApiError as refused:
            if number <= last or refused.status not in _NO_SUCH_PAGE:
                raise
            return Page(first.total, [], [])

    def on_progress(pages: int) -> None:
        rows = min(first.total, (pages + 1) * len(first.rows))
        progress(Message("client.listing", about=request.about, done=rows, total=first.total))

    doing = Message("client.reading", about=request.about)
    (first,) = each([1], read, doing=doing)
    last = last_page(first)
    numbers = range(2, last + 1 + ends_full(first, int(request.params["size"])))
    pages = [first, *each(numbers, read_or_end, doing=doing, on_progress=on_progress)]
    return pages[:last], pages[last:]


def _nth(request: Request, number: int) -> Request:
    return replace(request, params={**request.params, "page": number})


def read_page(data: Any, about: Message, form: Form[R]) -> Page[R]:
    """Read `{"list": […], "total": n}`.

    Raises `UnavailableError` for anything else, such as a missing list.
    """
    rows, total = (data.get("list"), data.get("total")) if isinstance(data, dict) else (None, None)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise UnavailableError(Message("client.no-list", about=about))
    if not isinstance(total, int) or isinstance(total, bool) or not 0 <= total <= _MOST_ROWS:
        raise UnavailableError(Message("client.no-total", about=about))
    return Page(total, form(rows), [_id(row) for row in rows])


def _id(row: Row) -> str:
    """Return what identifies the row: runs and projects have a `cuid`, metrics only a `key`."""
    return str(row.get("cuid") or row.get("key"))


def last_page(first: Page[R]) -> int:
    """Return the number of the last page; the page size is that of the first page, not the requested one."""
    size = len(first.rows)
    return max(1, -(-first.total // size)) if size else 1


def ends_full(first: Page[R], asked: int) -> bool:
    """Return whether the last page is full: only then can a total that was cut off show on the page after it.

    `asked` is the requested page size, against which a single page counts as full.
    """
    return first.total % len(first.rows) == 0 if last_page(first) > 1 else len(first.rows) >= asked


def flaw(pages: Sequence[Page[R]]) -> Message | None:
    """Say why the pages together are not the complete list, or return None.

    A row that moves to another page while the pages are read appears twice or never; in both cases the number of
    different rows is not the total, on which all pages must agree.
    """
    totals = {page.total for page in pages}
    rows = sum(len(page.ids) for page in pages)
    different = len(_ids(pages))
    if len(totals) > 1:
        return Message("client.flaw.total-changed", low=min(totals), high=max(totals))
    if different < rows:
        return Message("client.flaw.duplicates", count=rows - different)
    if rows != pages[0].total:
        return Message("client.flaw.missing", total=pages[0].total, count=rows)
    return None


def _rows_beyond(beyond: Sequence[Page[R]], pages: Sequence[Page[R]]) -> Message | None:
    """Say that there are rows after the last page; some servers repeat their last page there, which adds none."""
    return None if _ids(beyond) <= _ids(pages) else Message("client.flaw.beyond", total=pages[0].total)


def _ids(pages: Sequence[Page[R]]) -> set[str]:
    return {name for page in pages for name in page.ids}
