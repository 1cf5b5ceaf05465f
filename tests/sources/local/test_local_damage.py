"""Damage never makes a run better than it was, and never stops the reader with another error."""

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from local_writing import directory

from swanlab_ci.errors import UnavailableError
from swanlab_ci.gate import bind, judge, load
from swanlab_ci.model import Run, Status
from swanlab_ci.sources.local import LocalSource

RECORDED = Path(__file__).parent / "recorded"
NOW = datetime(2026, 12, 1, tzinfo=UTC)
GATES = bind(
    load(
        "gates: [{name: Good, expect: {state: FINISHED, metrics.val/acc: {min: 0.75}, config.lr: {max: 0.01}}}]",
        name="gates.yml",
    ),
    {},
    event="test",
)
NAMES = ("old-ok", "new-ok")


def read(file: bytes, **files: str | bytes) -> Run | None:
    """Read a run directory; None where it is refused."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        directory(folder, file, files=files)
        try:
            (run,) = LocalSource(folder, "", say=print).fetch(NOW)
        except UnavailableError as stop:
            path = stop.what.params["path"]  # a refusal is one of the two right answers
            assert Path(str(path)).is_relative_to(folder)
            return None
        return run


def passes(run: Run) -> bool:
    return judge(GATES, [run], now=NOW).status is Status.PASS


def recorded(name: str) -> tuple[bytes, bytes]:
    (records,) = (RECORDED / name).glob("*/*.swanlab")
    return records.read_bytes(), (records.parent / "files" / "config.yaml").read_bytes()


def names() -> st.SearchStrategy[str]:
    return st.sampled_from(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_the_recorded_runs_pass_when_they_are_whole(name: str) -> None:
    records, config = recorded(name)
    run = read(records, config=config)

    assert run
    assert passes(run)


@settings(max_examples=60)
@given(names(), st.data())
def test_a_flipped_bit_is_found_or_leaves_the_run_unfinished(name: str, data: st.DataObject) -> None:
    records, config = recorded(name)
    at, bit = data.draw(st.integers(0, len(records) - 1)), data.draw(st.integers(0, 7))

    run = read(records[:at] + bytes([records[at] ^ 1 << bit]) + records[at + 1 :], config=config)

    assert run is None or (run.state == "RUNNING" and not passes(run))


@settings(max_examples=60)
@given(names(), st.data())
def test_a_file_that_is_cut_off_leaves_the_run_unfinished(name: str, data: st.DataObject) -> None:
    records, config = recorded(name)

    run = read(records[: data.draw(st.integers(0, len(records) - 1))], config=config)

    assert run is None or (run.state == "RUNNING" and not passes(run))


@settings(max_examples=60)
@given(names(), st.data())
def test_a_piece_that_is_left_out_is_found(name: str, data: st.DataObject) -> None:
    records, config = recorded(name)
    start = data.draw(st.integers(0, len(records) - 2))
    end = data.draw(st.integers(start + 1, min(start + 6, len(records) - 1)))

    run = read(records[:start] + records[end:], config=config)

    assert run is None or run.state == "RUNNING"


@settings(max_examples=60)
@given(st.binary(max_size=300), st.sampled_from([b"", b":SWL\xd6\xe1\1", b":SWL\xd6\xe1\2"]))
def test_garbage_is_no_run(garbage: bytes, header: bytes) -> None:
    assert read(header + garbage) is None


@settings(max_examples=60)
@given(st.sampled_from(["config", "metadata", "requirements", "conda"]), st.binary(max_size=300) | st.text())
def test_a_profile_of_garbage_is_refused_or_harmless(kind: str, garbage: str | bytes) -> None:
    records, config = recorded("old-ok")
    content = garbage.encode(errors="replace") if isinstance(garbage, str) else garbage

    run = read(records, **({"config": config} | {kind: content}))

    assert run is None or kind != "config" or not passes(run)


@settings(max_examples=60)
@given(
    st.sampled_from(["bool", "int", "float", "timestamp", "binary", "null", "set", "omap", "pairs", "seq", "map"]),
    st.sampled_from(["foo", "''", "'-'", "[a]", "{a: b}", "{[a]: b}", "'0x'", "'1:'", "'_'", "'.'"]),
)
def test_a_tag_before_any_value_is_refused_or_harmless(tag: str, value: str) -> None:
    records, _ = recorded("old-ok")

    run = read(records, config=f"lr: !!{tag} {value}")

    assert run is None or not passes(run)
