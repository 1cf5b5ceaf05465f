"""Records: their framing, and what those of either version tell."""

import math
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from local_writing import BLOCK, END, START, directory, framed, json_record, message, record, scalar
from support.saying import says

from swanlab_ci.errors import UnavailableError
from swanlab_ci.model import Run
from swanlab_ci.sources.local.framing import payloads
from swanlab_ci.sources.local.protobuf import ProtobufMessage

Only = Callable[[Path], Run]
Refused = Callable[[Path], UnavailableError]


def blocks(file: bytes) -> list[bytes]:
    return [file[at : at + BLOCK] for at in range(0, len(file), BLOCK)]


@settings(max_examples=30)
@given(st.lists(st.integers(0, 3 * BLOCK), max_size=6))
def test_payloads_come_back_whatever_their_sizes(sizes: list[int]) -> None:
    wanted = [bytes([number]) * size for number, size in enumerate(sizes)]

    assert list(payloads(blocks(framed(wanted)))) == wanted


@pytest.mark.parametrize("room", range(9))
def test_payloads_come_back_however_little_room_a_block_has_left(room: int) -> None:
    wanted = [b"a" * (BLOCK - 7 - 7 - room), b"second", b"third"]

    assert list(payloads(blocks(framed(wanted)))) == wanted


@given(st.lists(st.binary(max_size=50), max_size=5), st.data())
def test_a_file_that_is_cut_anywhere_gives_the_first_payloads(wanted: list[bytes], data: st.DataObject) -> None:
    file = framed(wanted)
    cut = file[: data.draw(st.integers(7, len(file)))]

    found = list(payloads(blocks(cut)))

    assert found == wanted[: len(found)]
    assert (len(found) == len(wanted)) == (cut == file)


@pytest.mark.parametrize(
    ("file", "why"),
    [
        (framed([]) + record(b"a", 5), "source.record.header"),
        (framed([]) + record(b"a", 0), "source.record.header"),
        (framed([]) + bytes(7), "source.record.header"),
        (framed([]) + b"\0\0\0\0\xff\xff\x01", "source.record.header"),
        (framed([]) + record(b"a")[:-1] + b"b", "source.record.checksum"),
        (framed([]) + record(b"a", 4), "source.record.order"),
        (framed([]) + record(b"a", 3), "source.record.order"),
        (framed([]) + record(b"a", 2) + record(b"b", 1), "source.record.order"),
        (framed([]) + record(b"a", 2) + record(b"b", 2), "source.record.order"),
        (framed([b"a" * (17 << 20)]), "source.record.too-large"),
    ],
)
def test_what_is_not_as_it_was_written_is_named(refused: Refused, tmp_path: Path, file: bytes, why: str) -> None:
    directory(tmp_path, file)

    stop = refused(tmp_path)

    assert says("source.damaged-record", number=1)(stop)
    assert says(why)(stop)


def test_the_damaged_record_is_counted_and_what_is_before_it_does_not_help(refused: Refused, tmp_path: Path) -> None:
    directory(tmp_path, framed([*START, scalar("acc", 1, 0.9), b"{", END]))

    assert says("source.damaged-record", number=5)(refused(tmp_path))


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        (b"\xff", "source.not-json"),
        (b"9" * 5_000, "source.not-json"),
        (b"[" * 100_000, "source.record.too-deep"),
        (json_record("Footer", create_time="2026-09-01T13:00:00+00:00"), "source.record.no-end"),
        (json_record("Footer", success="yes"), "source.record.no-end"),
        (json_record("Footer", success=1), "source.record.no-end"),
        (scalar("acc", 1, None), "source.record.no-value"),
        (scalar("acc", 1, [1]), "source.record.no-value"),
        (scalar("acc", 1, True), "source.record.no-value"),  # noqa: FBT003 - the record's value
        (scalar("acc", 1, 10**400), "source.record.value-too-large"),
        (scalar("acc", "1", 1.0), "source.record.no-value"),  # type: ignore[arg-type]
        (scalar(None, 1, 1.0), "source.record.no-value"),  # type: ignore[arg-type]
        (json_record("Scalar", key="acc", step=1), "source.record.no-value"),
        (json_record("Scalar"), "source.record.no-value"),
    ],
)
def test_a_record_that_makes_no_sense_stops_the_check(
    refused: Refused, tmp_path: Path, payload: bytes, why: str
) -> None:
    directory(tmp_path, framed([*START, payload, END]))

    stop = refused(tmp_path)

    assert says("source.damaged-record", number=4)(stop)
    assert says(why)(stop)


@pytest.mark.parametrize(
    "payload", [b"{}", b"[]", b"null", b"1", json_record("Log", message="x"), json_record("Tomorrow", x=1)]
)
def test_records_of_other_things_are_passed_over(only: Only, tmp_path: Path, payload: bytes) -> None:
    directory(tmp_path, framed([*START, payload, END]))

    assert only(tmp_path).state == "FINISHED"


def test_what_the_start_says_is_read(only: Only, tmp_path: Path) -> None:
    directory(tmp_path, framed([*START, END]))
    run = only(tmp_path)

    assert (run.id, run.name, run.description, run.labels) == ("r1", "first", "", ("smoke",))
    assert run.created_at == datetime(2026, 9, 1, 12, 0, 0, 500_000, UTC)
    assert run.finished_at == datetime(2026, 9, 1, 13, tzinfo=UTC)
    assert (run.metrics, run.config, run.metadata, run.requirements, run.conda) == ({}, {}, {}, {}, "")


def test_texts_of_other_types_are_no_texts(only: Only, tmp_path: Path) -> None:
    odd = json_record("Experiment", id="r1", name={"a": 1}, description=[1], tags=[1, "smoke"])
    directory(tmp_path, framed([*START, odd]))
    run = only(tmp_path)

    assert (run.name, run.description, run.labels, run.state) == ("", "", ("", "smoke"), "RUNNING")


@pytest.mark.parametrize(
    ("points", "readings"),
    [
        ([(1, 0.5)], {"last": 0.5, "step": 1, "min": 0.5, "max": 0.5, "min.step": 1, "max.step": 1}),
        ([(1, 3), (2, 1), (3, 2)], {"last": 2.0, "step": 3, "min": 1.0, "max": 3.0, "min.step": 2, "max.step": 1}),
        ([(30, 1.0), (20, 2.0)], {"last": 1.0, "step": 30, "min": 1.0, "max": 2.0, "min.step": 30, "max.step": 20}),
        ([(1, 1.0), (1, 2.0)], {"last": 2.0, "step": 1, "min": 1.0, "max": 2.0, "min.step": 1, "max.step": 1}),
        ([(1, 1.0), (2, "NaN")], {"last": "NaN", "step": 2, "min": 1.0, "max": 1.0, "min.step": 1, "max.step": 1}),
        ([(1, "NaN"), (2, 1.0)], {"last": 1.0, "step": 2, "min": 1.0, "max": 1.0, "min.step": 2, "max.step": 2}),
        ([(1, "INF")], {"last": "INF", "step": 1, "min": "NaN", "max": "NaN", "min.step": "NaN", "max.step": "NaN"}),
        (
            [(1, float("-inf")), (2, float("nan"))],
            {"last": "NaN", "step": 2, "min": "NaN", "max": "NaN", "min.step": "NaN", "max.step": "NaN"},
        ),
        (
            [(1, float("-inf"))],
            {"last": "-INF", "step": 1, "min": "NaN", "max": "NaN", "min.step": "NaN", "max.step": "NaN"},
        ),
        ([(-1, -1.0), (0, 0.0)], {"last": 0.0, "step": 0, "min": -1.0, "max": 0.0, "min.step": -1, "max.step": 0}),
        (
            [(1, 2.0), (2, 2.0), (3, 1.0), (4, 1.0)],
            {"last": 1.0, "step": 4, "min": 1.0, "max": 2.0, "min.step": 3, "max.step": 1},
        ),
        ([(9, 2.0), (2, 2.0)], {"last": 2.0, "step": 9, "min": 2.0, "max": 2.0, "min.step": 2, "max.step": 2}),
    ],
)
@pytest.mark.parametrize("version", [1, 2])
def test_points_are_summed_up(
    only: Only, tmp_path: Path, points: list[tuple[int, Any]], readings: dict[str, Any], version: int
) -> None:
    directory(tmp_path, old(points) if version == 1 else new(points))

    assert only(tmp_path).metrics == {"acc": readings}


def old(points: list[tuple[int, Any]]) -> bytes:
    return framed([*START, *(scalar("acc", *point) for point in points)])


def new(points: list[tuple[int, Any]]) -> bytes:
    scalars = [message(f13=message(f1="acc", f2=step, f5=message(f1=float(value)))) for step, value in points]
    return framed([message(f10=message(f10="r1")), *scalars], 2)


def test_a_record_of_the_new_sdks_start_is_read(only: Only, tmp_path: Path) -> None:
    start = message(
        f1="resnet", f2="my-team", f4="first", f5="多", f6=["a", "b"], f7="g", f8="train", f10="r1",
        f12=message(f1=1_788_264_000, f2=500_000_999),
    )  # fmt: skip
    directory(tmp_path, framed([message(f1=-1, f10=start)], 2))
    run = only(tmp_path)

    assert (run.id, run.name, run.description, run.labels) == ("r1", "first", "多", ("a", "b"))
    assert (run.group, run.job, run.state) == ("g", "train", "RUNNING")
    assert run.created_at == datetime(2026, 9, 1, 12, 0, 0, 500_000, UTC)


@pytest.mark.parametrize(("number", "state"), [(0, "RUNNING"), (1, "FINISHED"), (2, "CRASHED"), (3, "ABORTED")])
def test_a_record_of_the_new_sdks_end_is_read(only: Only, tmp_path: Path, number: int, state: str) -> None:
    directory(tmp_path, framed([message(f10=message(f10="r1")), message(f11=message(f1=number))], 2))

    assert only(tmp_path).state == state


def test_a_number_that_the_wire_leaves_out_is_zero(only: Only, tmp_path: Path) -> None:
    directory(tmp_path, framed([message(f10=message(f10="r1")), message(f13=message(f1="acc", f5=b""))], 2))

    assert only(tmp_path).metrics == {
        "acc": {"last": 0.0, "step": 0, "min": 0.0, "max": 0.0, "min.step": 0, "max.step": 0}
    }


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        (b"{}", "source.record.not-protobuf"),
        (b"\x80", "source.record.endless-number"),
        (b"\xff" * 11, "source.record.endless-number"),
        (message(f11=message(f1=4)), "source.record.unknown-state"),
        (message(f11=message(f1="FINISHED")), "source.record.field-type"),
        (message(f11=1), "source.record.field-type"),
        (message(f13=message(f1="acc", f2=1)), "source.record.no-value"),
        (message(f13=message(f1="acc", f2="1", f5=message(f1=1.0))), "source.record.field-type"),
        (message(f13=message(f1="acc", f5=message(f1="long text"))), "source.record.field-type"),
        (message(f13=message(f1="acc", f5=message(f1=1))), "source.record.field-type"),
        (message(f13=message(f1=b"\xff", f5=message(f1=1.0))), "source.record.not-utf-8"),
        (message(f13=message(f1="acc"))[:-1], "source.record.cut-off"),
        (message(f11=message(f1=1, f3=message(f1=1 << 60))), "source.record.field-type"),
    ],
)
def test_bytes_that_are_no_record_of_the_new_sdk_stop_the_check(
    refused: Refused, tmp_path: Path, payload: bytes, why: str
) -> None:
    directory(tmp_path, framed([message(f10=message(f10="r1")), payload], 2))

    stop = refused(tmp_path)

    assert says("source.damaged-record", number=2)(stop)
    assert says(why)(stop)


@given(st.integers(-(1 << 63), (1 << 63) - 1), st.floats(), st.lists(st.text()))
def test_protobuf_fields_come_back(integer: int, double: float, texts: list[str]) -> None:
    read = ProtobufMessage(message(f1=integer, f2=double, f300=texts))

    assert read.integer(1) == integer
    assert read.double(2) == double or (math.isnan(double) and math.isnan(read.double(2)))
    assert read.texts(300) == tuple(texts)
    assert read.text(300) == ([*texts[-1:], ""])[0]
