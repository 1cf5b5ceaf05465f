"""Protobuf's wire format, as far as it takes to read a few fields of a message by their numbers.

Source: https://protobuf.dev/programming-guides/encoding/
"""

import struct
from datetime import UTC, datetime, timedelta
from typing import Self

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_WIDEST = 70  # bits: ten bytes of seven
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Message:
    """The fields of one message; each method reads a field by its number, an absent one as proto3's default.

    All raise `ValueError` for bytes that are no message, and for a field of another type.
    """

    def __init__(self, encoded: bytes) -> None:
        self._fields: dict[int, list[int | bytes]] = {}
        at = 0
        while at < len(encoded):
            tag, at = _varint(encoded, at)
            value, at = _value(encoded, at, tag & 7)
            self._fields.setdefault(tag >> 3, []).append(value)

    def has(self, number: int) -> bool:
        """Tell whether the field is there."""
        return number in self._fields

    def integer(self, number: int) -> int:
        """Read an `int64` or an enum."""
        value = self._fields.get(number, [0])[-1]
        if not isinstance(value, int):
            raise ValueError(f"its field {number} is no integer")  # noqa: TRY004 - the file's fault, not the caller's
        return value - (1 << 64) if value >> 63 else value

    def double(self, number: int) -> float:
        """Read a `double`."""
        encoded = self._encoded(number) or [bytes(8)]
        if len(encoded[-1]) != 8:  # noqa: PLR2004 - bytes of a double
            raise ValueError(f"its field {number} is no double")
        value: float = struct.unpack("<d", encoded[-1])[0]
        return value

    def texts(self, number: int) -> tuple[str, ...]:
        """Read a `repeated string`."""
        return tuple(value.decode() for value in self._encoded(number))

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
            raise ValueError(f"its field {number} is no time") from error

    def _encoded(self, number: int) -> list[bytes]:
        values = self._fields.get(number, [])
        encoded = [value for value in values if isinstance(value, bytes)]
        if len(encoded) != len(values):
            raise ValueError(f"its field {number} is an integer")
        return encoded


def _varint(encoded: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(encoded) and shift < _WIDEST:
        byte = encoded[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:  # noqa: PLR2004 - the last byte of a number has no high bit
            return value & (1 << 64) - 1, at
    raise ValueError("it holds a number without end")


def _value(encoded: bytes, at: int, kind: int) -> tuple[int | bytes, int]:
    if kind == _VARINT:
        return _varint(encoded, at)
    if kind == _BYTES:
        size, at = _varint(encoded, at)
    elif kind in {_FIXED64, _FIXED32}:
        size = 8 if kind == _FIXED64 else 4
    else:
        raise ValueError("it is no protobuf message")
    if at + size > len(encoded):
        raise ValueError("it ends within a field")
    return encoded[at : at + size], at + size
