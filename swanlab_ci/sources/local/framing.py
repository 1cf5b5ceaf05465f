"""Read the blocks of a `.swanlab` file into the payloads of its records, up to where writing stopped.

The format is LevelDB's log with another checksum: blocks of 32 KiB; checksum, length and type before each record.
Source: 0.7.20 `data/porter/datastore.py`, 0.10.3 `sdk/internal/core_python/store/__init__.py`.
"""

import struct
import zlib
from collections.abc import Iterable, Iterator

from swanlab_ci.messages import Message

BLOCK = 32768
START = 7  # the file's own header stands before the first record
_HEADER = struct.Struct("<IHB")
_FULL, _FIRST, _MIDDLE, _LAST = 1, 2, 3, 4
_LARGEST_RECORD = 16 << 20


class DamagedRecordError(ValueError):
    """A record is not as an SDK wrote it: `reason` says why."""

    def __init__(self, reason: Message) -> None:
        super().__init__(reason)
        self.reason = reason


def payloads(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the payload of each complete record; `blocks` are the file from its start, all but the last of full size.

    A record that the file's end cuts off was still being written: it ends the iteration.
    Raises `DamagedRecordError` for anything else that is not as it was written.
    """
    parts: list[bytes] = []
    size = 0
    for kind, part in _parts(blocks):
        if (kind in {_MIDDLE, _LAST}) is not bool(parts):
            raise DamagedRecordError(Message("source.record.order"))
        parts.append(part)
        size += len(part)
        if size > _LARGEST_RECORD:
            raise DamagedRecordError(Message("source.record.too-large", limit=_LARGEST_RECORD >> 20))
        if kind in {_FULL, _LAST}:
            yield b"".join(parts)
            parts, size = [], 0


def _parts(blocks: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    at = START
    for block in blocks:
        while at + _HEADER.size <= len(block):
            checksum, length, kind = _HEADER.unpack_from(block, at)
            at += _HEADER.size
            if not _FULL <= kind <= _LAST or at + length > BLOCK:
                raise DamagedRecordError(Message("source.record.header"))
            if at + length > len(block):
                return  # cut off
            part = block[at : at + length]
            if zlib.crc32(part, zlib.crc32(bytes([kind]))) != checksum:
                raise DamagedRecordError(Message("source.record.checksum"))
            yield kind, part
            at += length
        at = 0
