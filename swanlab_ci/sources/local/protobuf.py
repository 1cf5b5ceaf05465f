"""Read fields of a protobuf message by their numbers.

Source: https://protobuf.dev/programming-guides/encoding/
"""

import struct
from datetime import UTC, datetime, timedelta
from typing import Self

from swanlab_ci.messages import Message
from swanlab_ci.sources.local.framing import DamagedRecordError

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_WIDEST = 70  # bits: ten bytes of seven
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class ProtobufMessage:
    """The fields of one message; each method reads a field by its number, an absent one as proto3's default.

    All raise `DamagedRecordError` for bytes that are no message, and for a field of another type.
    """

    def __init__(self, encoded: bytes) -> None:
        self._fields: dict[int, list[int | bytes]] = {}
        at = 0
        while at < len(encoded):
            tag, at = _varint(encoded, at)
            value, at = _value(encoded, at, tag & 7)
            self._fields.setdefault(tag >> 3, []).append(value)

    def has(self, number: int) -> bool:
        """Return whether the field is present."""
        return number in self._fields

    def integer(self, number: int) -> int:
        """Read an `int64` or an enum."""
        value = self._fields.get(number, [0])[-1]
        if not isinstance(value, int):
            raise _wrong_type(number)
        return value - (1 << 64) if value >> 63 else value

    def double(self, number: int) -> float:
        """Read a `double`."""
        encoded = self._encoded(number) or [bytes(8)]
        if len(encoded[-1]) != 8:  # noqa: PLR2004 - bytes of a double
            raise _wrong_type(number)
        value: float = struct.unpack("<d", encoded[-1])[0]
        return value

    def texts(self, number: int) -> tuple[str, ...]:
        """Read a `repeated string`."""
        try:
            return tuple(value.decode() for value in self._encoded(number))
        except UnicodeDecodeError as error:
            raise DamagedRecordError(Message("source.record.not-utf-8")) from error

    def text(self, number: int) -> str:
        """Read a `string`."""
        return (self.texts(number) or ("",))[-1]

    def message(self, number: int) -> Self:
        """Read a message."""
        return type(self)((self._encoded(number) or [b""])[-1])

    def time(self, number: int) -> datetime | None:
        """Read a `google.protobuf.Timestamp`: seconds and nanoseconds; None where it is absent."""
        if not self.has(number):
            return None
        stamp = self.message(number)
        try:
            return _EPOCH + timedelta(seconds=stamp.integer(1), microseconds=stamp.integer(2) // 1000)
        except OverflowError as error:
            raise _wrong_type(number) from error

    def _encoded(self, number: int) -> list[bytes]:
        values = self._fields.get(number, [])
        encoded = [value for value in values if isinstance(value, bytes)]
        if len(encoded) != len(values):
            raise _wrong_type(number)
        return encoded


def _wrong_type(number: int) -> DamagedRecordError:
    return DamagedRecordError(Message("source.record.field-type", number=number))


def _varint(encoded: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(encoded) and shift < _WIDEST:
        byte = encoded[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:  # noqa: PLR2004 - the last byte of a number has no high bit
            return value & (1 << 64) - 1, at
    raise DamagedRecordError(Message("source.record.endless-number"))


def _value(encoded: bytes, at: int, kind: int) -> tuple[int | bytes, int]:
    if kind == _VARINT:
        return _varint(encoded, at)
    if kind == _BYTES:
        size, at = _varint(encoded, at)
    elif kind in {_FIXED64, _FIXED32}:
        size = 8 if kind == _FIXED64 else 4
    else:
        raise DamagedRecordError(Message("source.record.not-protobuf"))
    if at + size > len(encoded):
        raise DamagedRecordError(Message("source.record.cut-off"))
    return encoded[at : at + size], at + size
