"""What the user wants told, and with whose token."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`comment` is a mode of `comment.StickyComment.tell`.

    An empty `report_dir` or `status_context` wants none of these.
    """

    github_token: str = field(default="", repr=False)
    comment: str = "always"
    comment_key: str = "default"
    report_dir: str = ""
    status_context: str = ""
