"""What a forge says, as JSON or in the environment: a value that has another form than expected counts as absent."""

import re
from typing import Any

SHA = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
REPOSITORY = re.compile(r"[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+")
Facts = dict[str, Any]
"""Fields of `Context` by their names."""


class Payload:
    """JSON from a forge, read by path; a value of another type than asked for counts as absent."""

    def __init__(self, content: Any) -> None:
        self._content = content

    def at(self, path: str) -> Any:
        """Return whatever is at `path`, such as `head.sha`."""
        value = self._content
        for part in path.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        return value

    def text(self, path: str) -> str:
        """Return the text at `path`, or the empty one; half a character, which no request could carry, is replaced."""
        value = self.at(path)
        return value.encode("utf-8", "surrogatepass").decode("utf-8", "replace") if isinstance(value, str) else ""

    def sha(self, path: str) -> str:
        """Return the full commit hash at `path`, or the empty text."""
        return matching(SHA, self.text(path))

    def repository(self, path: str) -> str:
        """Return the `owner/name` at `path`, or the empty text."""
        return matching(REPOSITORY, self.text(path))

    def branch(self, path: str) -> str:
        """Return the branch that the full ref at `path` names, or the empty text."""
        return branch_of(self.text(path))

    def number(self, path: str) -> int | None:
        """Return the positive number at `path`, which may be written as a text."""
        value = self.at(path)
        return positive_number(str(value)) if isinstance(value, (int, str)) else None


def pull_request_facts(pull: Payload) -> Facts:
    """Read the fields of `Context` that a pull request decides, from a forge's JSON of one."""
    base = pull.repository("base.repo.full_name")
    head = pull.repository("head.repo.full_name")  # absent once a fork was deleted
    return {
        "head_sha": pull.sha("head.sha"),
        "base_sha": pull.sha("base.sha"),
        "head_branch": pull.text("head.ref"),
        "base_branch": pull.text("base.ref"),
        "pr_number": pull.number("number"),
        "head_repository": head,
        "is_fork": not head or head != base,
    }


def matching(pattern: re.Pattern[str], text: str) -> str:
    """Return `text` if all of it matches `pattern`, else the empty text."""
    return text if pattern.fullmatch(text) else ""


def usable_token(text: str) -> str:
    """Return a token without white space around it; the empty text where no request could carry it."""
    token = text.strip()
    return token if token.isascii() and token.isprintable() and " " not in token else ""


def branch_of(ref: str) -> str:
    """Return the branch that a full ref names, or the empty text."""
    return ref.removeprefix("refs/heads/") if ref.startswith("refs/heads/") else ""


def positive_number(text: str) -> int | None:
    """Return the positive number that `text` writes."""
    return int(text) if re.fullmatch(r"[1-9][0-9]{0,17}", text) else None
