"""The comments of a pull request on a forge with GitHub's form of API."""

from collections.abc import Iterator

from swanlab_ci.platforms.api import ForgeApi, ForgeError
from swanlab_ci.platforms.comment import RemoteComment, remote_comment
from swanlab_ci.platforms.payload import Payload


class PullComments:
    """Comments that are listed and created at the path `listed`, and changed at `single`/ID.

    `address` is the page on which `#issuecomment-ID` leads to one. See `platforms.comment.Comments` for the methods.
    """

    def __init__(self, api: ForgeApi, *, listed: str, single: str, address: str) -> None:
        self.api = api
        self.listed = listed
        self.single = single
        self.address = address

    def all(self) -> Iterator[RemoteComment]:
        """List them page by page."""
        return (self.read(item) for item in self.api.pages(self.listed) if isinstance(item, dict))

    def create(self, body: str) -> RemoteComment:
        """Write one."""
        return self.read(self.api.send("POST", self.listed, {"body": body}))

    def edit(self, number: int, body: str) -> None:
        """Replace the text of one."""
        self.api.send("PATCH", f"{self.single}/{number}", {"body": body})

    def delete(self, number: int) -> None:
        """Delete one."""
        self.api.send("DELETE", f"{self.single}/{number}")

    def url(self, number: int) -> str:
        """Return its address."""
        return f"{self.address}#issuecomment-{number}"

    def who_we_are(self) -> str:
        """Return the login of the token; empty where the forge does not tell it."""
        try:
            return Payload(self.api.get("/user")).text("login")
        except ForgeError:
            return ""

    def read(self, item: object) -> RemoteComment:
        """Read the forge's JSON of one; raises `ForgeError` if it has no id."""
        return remote_comment(item, forge=self.api.name)
