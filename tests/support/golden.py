"""Golden files: text as a user reads it, kept in tests/golden, compared whole, renewed by `pytest --renew-golden`."""

import difflib
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "golden"


class Golden:
    """Compare texts with the files of a folder, and remember which were used."""

    def __init__(self, folder: Path = FOLDER, *, renew: bool = False) -> None:
        self.folder = folder
        self.renew = renew
        self.used: set[str] = set()

    def __call__(self, name: str, text: str) -> None:
        """Compare `text` with the file `name`, such as `terminal.zh.txt`; raises `AssertionError` with the difference.

        With `renew`, write the file instead.
        """
        self.used.add(name)
        self._compare(self.folder / name, f"tests/golden/{name}", text)

    def page(self, path: Path, text: str) -> None:
        """Compare `text` with a page of the documentation, of which a part is generated; same error, same renewal."""
        self._compare(path, path.name, text)

    def _compare(self, path: Path, name: str, text: str) -> None:
        if self.renew:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        kept = path.read_bytes().decode() if path.is_file() else ""
        if kept != text:
            changed = difflib.unified_diff(kept.splitlines(), text.splitlines(), name, "now", lineterm="")
            shown = "\n".join(changed) or "they differ in the last line's end, or in a carriage return"
            raise AssertionError(f"read the difference; if it is right, run `pytest --renew-golden`\n{shown}")

    def unused(self, used: set[str]) -> list[str]:
        """Return the files of the folder that are not among `used`."""
        files = {path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*") if path.is_file()}
        return sorted(files - used)
