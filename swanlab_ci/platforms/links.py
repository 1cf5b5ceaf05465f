"""Symbolic links that lead to a changed file by another name, found without a question for what a link holds.

Git stores the target of a link as the content of a file, and a tree tells the hash of it. So each way that a link could
spell its way to a changed file is hashed and compared.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator

from swanlab_ci.platforms.changes import LINK, Tree

_MOST_TRIED = 300_000
_MOST_NAMES = 20_000
_SHA256 = 64  # letters of a hash


def link_to(changed: Iterable[str], tree: Tree, exempts: Callable[[str], bool]) -> tuple[str, str] | None:
    """Return a link of `tree` that is not exempt and leads to a changed path or to an exempt folder above it.

    It comes with the path that it leads to; links that lead to links are followed. A target that is written in an
    unusual way, such as `a/../b`, is not found. Raises `OverflowError` where there is too much to compare.
    """
    links = [path for path, entry in tree.items() if entry.mode == LINK]
    new = list(changed)
    names = dict.fromkeys(new)
    tried = 0
    while links and new:
        targets = dict.fromkeys(above for name in new for above in _upwards(name) if exempts(above))
        tried += len(links) * len(targets)
        if tried > _MOST_TRIED or len(names) > _MOST_NAMES:
            raise OverflowError
        leading = [(link, target) for link in links for target in targets if _leads(link, target, tree)]
        if found := next((pair for pair in leading if not exempts(pair[0])), None):
            return found
        aliases = (link + name[len(target) :] for link, target in leading for name in new if _is_in(name, target))
        new = [alias for alias in dict.fromkeys(aliases) if alias not in names]
        names |= dict.fromkeys(new)
    return None


def _upwards(path: str) -> Iterator[str]:
    """Yield the path and the folders above it, without the top."""
    parts = path.split("/")
    for end in range(len(parts), 0, -1):
        yield "/".join(parts[:end])


def _is_in(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder}/")


def _leads(link: str, target: str, tree: Tree) -> bool:
    way = _way(link.split("/")[:-1], target.split("/"))
    stored = tree[link].content
    return any(_hash(f"{before}{way}{after}", stored) == stored for before in ("", "./") for after in ("", "/"))


def _way(folder: list[str], target: list[str]) -> str:
    """Return how a link in `folder` spells the path `target`."""
    shared = 0
    while shared < min(len(folder), len(target) - 1) and folder[shared] == target[shared]:
        shared += 1
    return "/".join([".."] * (len(folder) - shared) + target[shared:])


def _hash(text: str, like: str) -> str:
    content = text.encode("utf-8", "surrogateescape")
    made = hashlib.sha256 if len(like) == _SHA256 else hashlib.sha1  # what git names its objects by
    return made(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
