"""What a change is, for every forge: two commits, the files of each, and where these differ."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

LINK, _SUBMODULE = "120000", "160000"
OF_FORGES = frozenset({".gitea", ".forgejo", ".gitlab", ".gitlab-ci.yml", ".gitee", ".workflow", ".gitcode"})
"""Where jobs of the forges are defined, at the top of a repository, beside GitHub's own folder."""


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """A file of a commit: its mode as git spells it, such as `100644`, and the hash of its content."""

    mode: str
    content: str


Tree = Mapping[str, TreeEntry]
"""Every file of a commit, by its path from the top of the repository as git spells it; folders have no entry."""


@dataclass(frozen=True, slots=True)
class CommitRange:
    """What a pull request changes: from the commit `base` to the commit `head`, both full hashes.

    `seen` are paths that differ; there may be more. `evidence` is the commit to which a training of this change
    belongs: on a merge queue the pull request's own head, else `head`. `earlier` are commits of the change before
    `evidence`, newest first; None where they have not been asked for.
    """

    base: str
    head: str
    evidence: str
    seen: tuple[str, ...] = ()
    earlier: tuple[str, ...] | None = None


class FileKind(StrEnum):
    """What changed at a path; all but a content has no place in a list of exempt files."""

    CONTENT = "content"
    MODE = "mode"
    LINK = "link"
    SUBMODULE = "submodule"


@dataclass(frozen=True, slots=True)
class CommitDifference:
    """Every path that is not the same in two commits; a rename is two of them.

    `new` holds all files of the second commit, and `old` those of the first; None where a forge tells the changed ones
    alone.
    """

    files: tuple[tuple[str, FileKind], ...]
    old: Tree | None = None
    new: Tree | None = None


def differences(old: Tree, new: Tree) -> Iterator[tuple[str, FileKind]]:
    """Yield every path that is not the same in both trees, in the order of their bytes; a rename is two of them."""
    for path in sorted(old.keys() | new.keys()):
        before, after = old.get(path), new.get(path)
        if before != after:
            yield path, _kind(before, after)


def _kind(before: TreeEntry | None, after: TreeEntry | None) -> FileKind:
    return kind_of(entry.mode for entry in (before, after) if entry)


def kind_of(found: Iterable[str]) -> FileKind:
    """Return what changed at a path that has these modes, one where it was added or deleted."""
    modes = set(found)
    if _SUBMODULE in modes:
        return FileKind.SUBMODULE
    if LINK in modes:
        return FileKind.LINK
    return FileKind.CONTENT if len(modes) == 1 else FileKind.MODE


def leads_elsewhere(path: str, tree: Tree) -> bool:
    """Tell whether `path` is a link or a submodule of `tree`, or lies in one: then its content has another path."""
    names = path.split("/")
    above = ("/".join(names[:end]) for end in range(1, len(names) + 1))
    return any(tree[each].mode in {LINK, _SUBMODULE} for each in above if each in tree)
