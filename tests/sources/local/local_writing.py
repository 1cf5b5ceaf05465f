"""Files of records as the SDKs write them, for what no recorded run shows."""

import json
import struct
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

BLOCK = 32768


def record(payload: bytes, kind: int = 1) -> bytes:
    return struct.pack("<IHB", zlib.crc32(payload, zlib.crc32(bytes([kind]))), len(payload), kind) + payload


def framed(payloads: Iterable[bytes], version: int = 1) -> bytes:
    file = bytearray(b":SWL\xd6\xe1") + bytes([version])
    for payload in payloads:
        at, first = 0, True
        while first or at < len(payload):
            room = BLOCK - len(file) % BLOCK
            if room < 7:
                file += bytes(room)
                room = BLOCK
            part = payload[at : at + room - 7]
            at += len(part)
            left = at < len(payload)
            kind = (2 if left else 1) if first else (3 if left else 4)
            file += record(part, kind)
            first = False
    return bytes(file)


def json_record(model_type: str, **data: Any) -> bytes:
    return json.dumps({"model_type": model_type, "data": data}).encode() + b"\n"


def scalar(key: str, step: int, value: Any) -> bytes:
    return json_record("Scalar", metric={"index": step, "data": value}, key=key, step=step, epoch=1)


START = (
    json_record("Header", backup_type="DEFAULT", create_time="2026-09-01T12:00:00.5+00:00"),
    json_record("Project", name="resnet", workspace="my-team", public=None),
    json_record("Experiment", id="r1", name="first", colors=[], description=None, tags=["smoke"]),
)
END = json_record("Footer", success=True, create_time="2026-09-01T13:00:00+00:00")


def varint(number: int) -> bytes:
    number &= (1 << 64) - 1
    encoded = b""
    while number > 0x7F:
        encoded += bytes([number & 0x7F | 0x80])
        number >>= 7
    return encoded + bytes([number])


def message(**fields: Any) -> bytes:
    """Encode `f1=…, f2=…`: ints as varints, floats as doubles, texts and bytes by length, lists as repeated fields."""
    encoded = b""
    for name, values in fields.items():
        number = int(name[1:])
        for value in values if isinstance(values, list) else [values]:
            if isinstance(value, int):
                encoded += varint(number << 3) + varint(value)
            elif isinstance(value, float):
                encoded += varint(number << 3 | 1) + struct.pack("<d", value)
            else:
                content = value.encode() if isinstance(value, str) else value
                encoded += varint(number << 3 | 2) + varint(len(content)) + content
    return encoded


def directory(
    folder: Path,
    file: bytes,
    name: str = "run-20260901_120000-r1",
    files: Mapping[str, str | bytes] | None = None,
    **more: str,
) -> Path:
    """Make a run directory; `config`, `metadata`, `requirements`, `conda` are the files of its profile."""
    names = {
        "config": "config.yaml",
        "metadata": "swanlab-metadata.json",
        "requirements": "requirements.txt",
        "conda": "conda.yaml",
    }
    made = folder / name
    (made / "files").mkdir(parents=True)
    (made / "backup.swanlab").write_bytes(file)
    for kind, content in {**(files or {}), **more}.items():
        (made / "files" / names[kind]).write_bytes(content.encode() if isinstance(content, str) else content)
    return made
