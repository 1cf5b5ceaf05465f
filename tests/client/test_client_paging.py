import contextlib
import gc
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.saying import ANYTHING, says

from swanlab_ci.client.paging import Each, collection_paused, read_whole
from swanlab_ci.client.protocol import Request
from swanlab_ci.errors import ApiError, UnavailableError
from swanlab_ci.messages import Message

RUNS = Request(about=Message("client.about.runs", project="team/resnet"), path="/runs", params={"detail": "true"})
Rows = list[dict[str, Any]]


def rows(count: int, start: int = 0) -> Rows:
    return [{"cuid": f"r{n}"} for n in range(start, start + count)]


class Server:
    """Pages over `rows`; `before` may change the server before each page, `size` overrules what was asked for."""

    def __init__(self, rows: Rows, size: int = 100, before: Callable[["Server"], None] = lambda _: None) -> None:
        self.rows = rows
        self.size = size
        self.before = before
        self.asked: list[int] = []
        self.total: Callable[[], int] = lambda: len(self.rows)
        self.order: Callable[[range], Sequence[int]] = lambda places: places

    def page(self, number: int) -> Rows:
        return self.rows[(number - 1) * self.size : number * self.size]

    def __call__(
        self,
        items: Sequence[int],
        work: Callable[[Callable[[Request], Any], int], Any],
        *,
        doing: Message,
        on_progress: Callable[[int], None] = lambda _: None,
    ) -> list[Any]:
        assert doing == Message("client.reading", about=RUNS.about)
        results: list[Any] = [None] * len(items)
        for done, place in enumerate(self.order(range(len(items))), 1):
            results[place] = work(self.answer, items[place])
            on_progress(done)
        return results

    def answer(self, request: Request) -> Any:
        assert request.params["detail"] == "true"
        self.before(self)
        number = int(request.params["page"])
        self.asked.append(number)
        return {"list": self.page(number), "total": self.total()}


def listed(server: Each) -> Rows:
    return read_whole(server, RUNS, lambda rows: rows, lambda _: None)


@given(st.integers(0, 450), st.integers(1, 100))
def test_a_list_at_rest_is_read_whole_in_order_whatever_the_page_size(count: int, size: int) -> None:
    server = Server(rows(count), size)

    assert listed(server) == rows(count)
    assert len(server.asked) <= count // size + 2


@pytest.mark.parametrize(("count", "asked"), [(0, [1]), (3, [1]), (99, [1]), (100, [1, 2]), (250, [1, 2, 3])])
def test_only_a_full_last_page_is_looked_beyond(count: int, asked: list[int]) -> None:
    server = Server(rows(count))

    listed(server)

    assert server.asked == asked


@given(st.integers(1, 250), st.data())
def test_a_list_that_changes_at_any_moment_is_whole_or_an_error(count: int, data: st.DataObject) -> None:
    """Whoever was there all the time is in the result, and nobody twice."""
    added = iter(range(10_000, 20_000))

    def change(server: Server) -> None:
        kind = data.draw(st.sampled_from(["rest", "rest", "rest", "add", "delete", "pin"]))
        place = data.draw(st.integers(0, max(0, len(server.rows) - 1)))
        if kind == "add":
            server.rows.insert(0, {"cuid": f"r{next(added)}"})
        elif kind == "delete" and server.rows:
            steady.discard(server.rows.pop(place)["cuid"])
        elif kind == "pin" and server.rows:
            server.rows.insert(0, server.rows.pop(place))

    server = Server(rows(count), size=20, before=change)
    server.order = lambda places: data.draw(st.permutations(places))
    steady = {row["cuid"] for row in server.rows}
    try:
        found = [row["cuid"] for row in listed(server)]
    except UnavailableError:
        return

    assert len(set(found)) == len(found)
    assert steady <= set(found)


def test_a_list_that_changed_once_is_read_again() -> None:
    def add_once(server: Server) -> None:
        if len(server.asked) == 1:
            server.rows.insert(0, {"cuid": "new"})

    assert listed(Server(rows(250), before=add_once)) == [{"cuid": "new"}, *rows(250)]


def test_a_list_that_never_rests_is_given_up_with_the_reason() -> None:
    def add(server: Server) -> None:
        server.rows.insert(0, {"cuid": f"new{len(server.rows)}"})

    server = Server(rows(250), before=add)

    with pytest.raises(UnavailableError, check=says("client.list-changed", about=RUNS.about, times=3)) as stop:
        listed(server)

    assert says("client.flaw.total-changed")(stop.value)
    assert len(server.asked) == 9


@pytest.mark.parametrize("off_by", [1, -1, 37, 250])
def test_a_total_that_lies_is_an_error(off_by: int) -> None:
    server = Server(rows(250))
    server.total = lambda: 250 + off_by

    with pytest.raises(UnavailableError, check=says("client.flaw.missing", total=250 + off_by, count=250)):
        listed(server)


def test_a_total_cut_off_at_a_full_page_is_an_error() -> None:
    server = Server(rows(437))
    server.total = lambda: 200

    with pytest.raises(UnavailableError, check=says("client.flaw.beyond", total=200)):
        listed(server)


def test_a_server_that_repeats_its_last_page_beyond_it_is_believed() -> None:
    class Clamping(Server):
        def page(self, number: int) -> Rows:
            return super().page(min(number, 2))

    assert listed(Clamping(rows(200))) == rows(200)


class Strict(Server):
    status = 400

    def page(self, number: int) -> Rows:
        if number > 2:
            raise ApiError(ANYTHING, status=self.status)
        return super().page(number)


@pytest.mark.parametrize("status", [400, 404, 416, 422])
def test_a_server_that_knows_no_page_beyond_the_last_is_believed(status: int) -> None:
    server = Strict(rows(200))
    server.status = status

    assert listed(server) == rows(200)


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503])
def test_a_trouble_beyond_the_last_page_is_no_answer(status: int) -> None:
    server = Strict(rows(200))
    server.status = status

    with pytest.raises(ApiError):
        listed(server)


def test_a_page_that_should_be_there_and_is_refused_is_a_refusal() -> None:
    with pytest.raises(ApiError):
        listed(Strict(rows(400)))


def test_a_server_that_repeats_a_page_is_an_error() -> None:
    class Stuck(Server):
        def page(self, number: int) -> Rows:  # noqa: ARG002 - being stuck is its nature
            return super().page(1)

    with pytest.raises(UnavailableError, check=says("client.flaw.duplicates", count=200)):
        listed(Stuck(rows(300)))


def test_an_empty_page_where_more_was_promised_is_an_error() -> None:
    class Forgetful(Server):
        def page(self, number: int) -> Rows:
            return [] if number == 2 else super().page(number)

    with pytest.raises(UnavailableError, check=says("client.flaw.missing", total=300, count=200)):
        listed(Forgetful(rows(300)))


@pytest.mark.parametrize(
    "page",
    [
        None,
        [],
        "x",
        {},
        {"list": None, "total": 0},
        {"list": {}, "total": 0},
        {"list": [None], "total": 1},
    ],
)
def test_an_answer_without_a_list_is_an_error(page: Any) -> None:
    class Other(Server):
        def answer(self, request: Request) -> Any:  # noqa: ARG002 - the same for all
            return page

    with pytest.raises(UnavailableError, check=says("client.no-list", about=RUNS.about)):
        listed(Other([]))


@pytest.mark.parametrize(
    "page",
    [
        {"list": []},
        {"list": [], "total": None},
        {"list": [{"cuid": "x"}], "total": True},
        {"list": [], "total": -1},
        {"list": [], "total": "0"},
        {"list": [], "total": float("inf")},
        {"list": [{"cuid": "x"}], "total": 10**12},
    ],
)
def test_a_page_without_a_usable_total_is_an_error(page: Any) -> None:
    class Other(Server):
        def answer(self, request: Request) -> Any:  # noqa: ARG002 - the same for all
            return page

    with pytest.raises(UnavailableError, check=says("client.no-total", about=RUNS.about)):
        listed(Other([]))


def test_an_empty_list_is_a_list() -> None:
    assert listed(Server([])) == []


def test_progress_is_reported_in_rows() -> None:
    messages: list[Message] = []

    read_whole(Server(rows(250)), RUNS, lambda rows: rows, messages.append)

    assert messages == [Message("client.listing", about=RUNS.about, done=done, total=250) for done in (200, 250)]


@pytest.mark.parametrize("status", [400, 422])
def test_a_server_that_refuses_large_pages_is_asked_for_small_ones(status: int) -> None:
    class Old(Server):
        def answer(self, request: Request) -> Any:
            if request.params["size"] != 10:
                raise ApiError(ANYTHING, status=status)
            return super().answer(request)

    assert listed(Old(rows(37), size=10)) == rows(37)


def test_a_refusal_of_another_kind_is_passed_on() -> None:
    class Denying(Server):
        def answer(self, request: Request) -> Any:  # noqa: ARG002 - the same for all
            raise ApiError(ANYTHING, status=403)

    with pytest.raises(ApiError):
        listed(Denying(rows(1)))


def test_rows_are_made_into_what_the_caller_wants_page_by_page() -> None:
    made: list[int] = []

    def form(rows: Rows) -> list[str]:
        made.append(len(rows))
        return [row["cuid"] for row in rows]

    assert read_whole(Server(rows(150)), RUNS, form, lambda _: None) == [row["cuid"] for row in rows(150)]
    assert made == [100, 50]


def test_one_page_that_is_larger_than_asked_for_is_looked_beyond() -> None:
    server = Server(rows(120), size=120)

    listed(server)

    assert server.asked == [1, 2]


@pytest.mark.parametrize("on", [True, False])
def test_garbage_is_collected_after_a_list_as_it_was_before(on: bool) -> None:  # noqa: FBT001 - the case
    (gc.enable if on else gc.disable)()
    try:
        with contextlib.suppress(UnavailableError), collection_paused():
            found = gc.isenabled()
            raise UnavailableError(ANYTHING)
        assert (found, gc.isenabled()) == (False, on)
    finally:
        gc.enable()


def test_what_the_caller_froze_stays_frozen() -> None:
    frozen = ["one of the objects"]
    gc.freeze()
    try:
        with collection_paused():
            pass
        assert not any(each is frozen for each in gc.get_objects())  # which leaves out what is frozen
    finally:
        gc.unfreeze()
    assert any(each is frozen for each in gc.get_objects())
