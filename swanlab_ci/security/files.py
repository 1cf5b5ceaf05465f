"""Files that a pull request may have written: only regular files of a bounded size, in the workspace, are opened."""

import codecs
import errno
import os
import stat
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from swanlab_ci.errors import ConfigurationError
from swanlab_ci.messages import Message, Name

LARGEST_GATE_FILE = 256 * 1024


class FileError(StrEnum):
    """Why a file cannot be read or written; every catalogue has an entry for each."""

    MISSING = "missing"
    FORBIDDEN = "forbidden"
    EXISTS = "exists"
    NOT_A_FILE = "not-a-file"
    NOT_A_FOLDER = "not-a-folder"
    A_FOLDER = "a-folder"
    A_FILE = "a-file"
    LINK_LOOP = "link-loop"
    DISK_FULL = "disk-full"
    READ_ONLY = "read-only"
    NO_ROOM = "no-room"
    TOO_LARGE = "too-large"
    OUTSIDE = "outside"
    BAD_NAME = "bad-name"


_BY_NUMBER = {
    errno.ENOENT: FileError.MISSING,
    errno.EACCES: FileError.FORBIDDEN,
    errno.EPERM: FileError.FORBIDDEN,
    errno.EEXIST: FileError.EXISTS,
    errno.ENXIO: FileError.NOT_A_FILE,  # a named pipe that nobody reads from
    errno.ENOTDIR: FileError.NOT_A_FOLDER,
    errno.EISDIR: FileError.A_FOLDER,
    errno.ELOOP: FileError.LINK_LOOP,
    errno.ENOSPC: FileError.DISK_FULL,
    errno.EDQUOT: FileError.DISK_FULL,
    errno.EFBIG: FileError.NO_ROOM,
    errno.EROFS: FileError.READ_ONLY,
}


class UnsuitableFileError(OSError):
    """The file is there, and must not be used: `reason` says why."""

    def __init__(self, reason: FileError) -> None:
        super().__init__(reason.value)
        self.reason = reason


def reason(error: OSError) -> FileError | Name:
    """Return why the operating system refused, as a parameter of a message; a rare reason in the system's words."""
    if isinstance(error, UnsuitableFileError):
        return error.reason
    return _BY_NUMBER.get(error.errno or 0) or Name(error.strerror or type(error).__name__)


def open_file(path: str | Path, *, largest: int, within: Path | None = None) -> BinaryIO:
    """Open a regular file of at most `largest` bytes for reading; with `within`, it must lie in that folder.

    A named pipe does not block. Raises `OSError`; `UnsuitableFileError` is one.
    """
    if within is not None and not is_inside(path, within):
        raise UnsuitableFileError(FileError.OUTSIDE)
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except ValueError as error:  # a NUL in the name
        raise UnsuitableFileError(FileError.BAD_NAME) from error
    status = os.fstat(descriptor)
    if stat.S_ISREG(status.st_mode) and status.st_size <= largest:
        return os.fdopen(descriptor, "rb")
    os.close(descriptor)
    if stat.S_ISREG(status.st_mode):
        raise UnsuitableFileError(FileError.TOO_LARGE)
    raise UnsuitableFileError(FileError.A_FOLDER if stat.S_ISDIR(status.st_mode) else FileError.NOT_A_FILE)


def read_bytes(path: str | Path, *, largest: int, within: Path | None = None) -> bytes:
    """Read a regular file whole; raises as `open_file` does, also for a file that is larger than it says."""
    with open_file(path, largest=largest, within=within) as file:
        content = file.read(largest + 1)
    if len(content) > largest:
        raise UnsuitableFileError(FileError.TOO_LARGE)
    return content


def is_inside(path: str | Path, folder: Path) -> bool:
    """Return whether `path` lies in `folder`, symbolic links followed."""
    # `Path.resolve` fails on a loop of links before Python 3.13
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


def read_text(name: str, *, within: Path | None = None) -> str:
    """Read the text file `name`, relative to `within` or absolute; without `within` it may lie anywhere.

    Raises `ConfigurationError` if it lies outside (symbolic links followed), is missing, is no regular file, is larger
    than 256 KiB, or is not UTF-8.
    """
    path = find(name, within=within)
    try:
        content = read_bytes(path, largest=LARGEST_GATE_FILE)
    except OSError as error:
        raise _unreadable(name, error) from error
    return _decoded(name, content)


def replace_text(name: str, before: str, after: str, *, within: Path | None = None) -> None:
    """Replace the content of the text file `name` in one step: after a crash it is the old or the new one.

    Its mode and its byte order mark stay; a link is followed. Raises `ConfigurationError` as `read_text` does, where
    the file is not `before` any more, and where it cannot be written.
    """
    path = Path(os.path.realpath(find(name, within=within)))
    if read_text(name, within=within) != before:
        raise ConfigurationError(Message("edit.file-changed", file=Name(name)), Message("edit.run-again"))
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        mark = codecs.BOM_UTF8 if path.read_bytes().startswith(codecs.BOM_UTF8) else b""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        with os.fdopen(os.open(scratch, flags, stat.S_IMODE(path.stat().st_mode)), "wb") as file:
            file.write(mark + after.encode())
            file.flush()
            os.fsync(file.fileno())
        scratch.replace(path)
    except OSError as error:
        raise ConfigurationError(Message("edit.unwritable", file=Name(name), reason=reason(error))) from error
    finally:
        scratch.unlink(missing_ok=True)


def find(name: str, *, within: Path | None = None) -> Path:
    """Return the path `name`, relative to `within` or absolute; without `within` it may lie anywhere.

    Raises `ConfigurationError` if it lies outside (symbolic links followed).
    """
    if within is None:
        return Path(name)
    try:
        path = Path(os.path.realpath(Path(within, name)))
    except ValueError as error:  # a NUL in the name
        raise _unreadable(name, UnsuitableFileError(FileError.BAD_NAME)) from error
    if not is_inside(path, within):
        raise ConfigurationError(
            Message("file.outside", file=name, workspace=os.path.realpath(within)), Message("file.outside-advice")
        )
    return path


def read_beside(name: str, *, within: Path | None = None) -> Callable[[str], str]:
    """Return what reads a file named relative to the file `name`; raises as `read_text` does."""
    return lambda path: read_text(str(Path(name).parent / path), within=within)


def _unreadable(name: str, error: OSError) -> ConfigurationError:
    why = reason(error)
    advice = Message("file.split") if why is FileError.TOO_LARGE else Message("file.name-an-existing-one")
    return ConfigurationError(Message("file.unreadable", file=name, reason=why), advice)


def _decoded(name: str, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        encoding = Name("UTF-16") if content.startswith((b"\xff\xfe", b"\xfe\xff")) else None
        raise ConfigurationError(
            Message("file.not-utf-8", file=name, line=line, encoding=encoding), Message("file.save-as-utf-8")
        ) from error
