"""A GitCode that remembers: Gitee's API in the dialect of GitCode's documentation; see `described_double`.

Who writes a comment learns the id of its discussion alone, and the list says which number that is. A tree comes in
pages that do not say whether more follow.
"""

from dataclasses import dataclass
from hashlib import sha1
from typing import Any

from support.described_double import Answer, Request
from support.gitee_double import BOT, GiteeDouble
from support.pull_double import ForgeComment

_PAGE = "20"


@dataclass
class GitCodeDouble(GiteeDouble):
    """Without `tells_who_we_are` nobody may ask `GET /user`; without `tells_discussions` the list names none."""

    tells_who_we_are: bool = True
    tells_discussions: bool = True

    DESCRIPTION = "gitcode-api.json"

    def create_comment(self, request: Request) -> Answer:
        super().create_comment(request)
        written = self.comments[-1]
        return 201, {"id": discussion_of(written), "body": written.body}, {}

    def edit_comment(self, request: Request, number: str) -> Answer:
        status, body, headers = super().edit_comment(request, number)
        return status, body if status >= 400 else {"id": int(number), "body": body["body"]}, headers

    def get_tree(self, request: Request, commit: str) -> Answer:
        entries = self.entries(commit)
        if entries is None:
            return self.missing()
        size, page = int(request.query.get("per_page", _PAGE)), int(request.query.get("page", "1"))
        shown = [{name: entry[name] for name in ("path", "mode", "type", "sha")} for entry in entries]
        return 200, {"tree": shown[size * (page - 1) : size * page]}, {}

    def get_user(self, request: Request) -> Answer:
        return super().get_user(request) if self.tells_who_we_are else (403, {"message": "403 Forbidden"}, {})

    def shown(self, comment: ForgeComment) -> dict[str, Any]:
        login = comment.login or BOT
        times = dict.fromkeys(("created_at", "updated_at"), "2026-11-25T12:00:00.000+00:00")
        discussion = discussion_of(comment) if self.tells_discussions else ""
        facts = {"comment_type": "pr_comment", "resolved": False, "discussion_id": discussion}
        return (
            {"id": comment.id, "body": comment.body, "user": {"id": login, "login": login, "name": login}}
            | times
            | facts
        )


def discussion_of(comment: ForgeComment) -> str:
    return sha1(str(comment.id).encode(), usedforsecurity=False).hexdigest()
