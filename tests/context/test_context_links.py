"""A symbolic link outside of the exempt files that leads to one of them, found by the hash of its target."""

from pathlib import Path

import pytest
from support.repository import Repository

from swanlab_ci.platforms.changes import Tree, TreeEntry
from swanlab_ci.platforms.links import link_to


def tree_with(folder: Path, links: dict[str, str], *, of: str = "sha1") -> Tree:
    """Return the tree of a real repository with these links."""
    folder.mkdir(parents=True)
    repository = Repository.__new__(Repository)
    repository.folder = folder
    repository.git("init", "-q", "-b", "main", f"--object-format={of}")
    for path, target in links.items():
        repository.link(path, target)
    head = repository.commit({"docs/a/data.csv": "1", "common/README.md": "1"})
    return {each["path"]: TreeEntry(each["mode"], each["sha"]) for each in repository.tree(head, recursive=True)}


def in_docs(path: str) -> bool:
    return path.startswith("docs/")


def documents(path: str) -> bool:
    return path.endswith(".md")


@pytest.mark.parametrize(
    ("links", "found"),
    [
        ({"data.csv": "docs/a/data.csv"}, ("data.csv", "docs/a/data.csv")),
        ({"data": "docs/a"}, ("data", "docs/a")),
        ({"data": "./docs/a/"}, ("data", "docs/a")),
        ({"src/model/data": "../../docs/a"}, ("src/model/data", "docs/a")),
        ({"docs/current": "a", "data": "docs/current"}, ("data", "docs/current")),
        ({"docs/current": "a", "data": "docs/current/data.csv"}, ("data", "docs/current/data.csv")),
        ({"docs/current": "a"}, None),
        ({"docs/loop": "../docs"}, None),
        ({"data": "common", "other": "docs-2/a", "gone": "nowhere"}, None),
    ],
)
@pytest.mark.parametrize("of", ["sha1", "sha256"])
def test_a_link_to_a_changed_file_is_found(
    tmp_path: Path, links: dict[str, str], found: tuple[str, str] | None, of: str
) -> None:
    tree = tree_with(tmp_path / "repository", links, of=of)

    assert link_to(["docs/a/data.csv"], tree, in_docs) == found


def test_the_folder_itself_counts_if_all_in_it_is_exempt(tmp_path: Path) -> None:
    tree = tree_with(tmp_path / "repository", {"data": "docs"})

    assert link_to(["docs/a/data.csv"], tree, lambda path: f"{path}/".startswith("docs/")) == ("data", "docs")


def test_a_folder_with_more_than_documents_is_not_exempt(tmp_path: Path) -> None:
    tree = tree_with(tmp_path / "repository", {"shared": "common"})

    assert link_to(["common/README.md"], tree, documents) is None


def test_too_many_links_are_not_compared() -> None:
    links = {f"link-{number}": TreeEntry("120000", "0" * 40) for number in range(1_000)}

    with pytest.raises(OverflowError):
        link_to((f"docs/{number}" for number in range(400)), links, in_docs)
