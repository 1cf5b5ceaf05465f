"""Cut GitHub's own OpenAPI descriptions to what the double checks: `python describe.py FOLDER`, for each new version.

FOLDER is `package/generated` of what `npm pack @octokit/openapi` brings. For what an action asks, GitHub and GitHub
Enterprise Server have one description: what only some of them tell is left out, and more of a difference is an error.
"""

import functools
import json
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
VERSIONS = ("api.github.com", "ghes-3.17", "ghes-3.18", "ghes-3.19")
OPERATIONS = [
    "GET /repos/{owner}/{repo}/issues/{issue_number}/comments",
    "POST /repos/{owner}/{repo}/issues/{issue_number}/comments",
    "PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}",
    "DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}",
    "POST /repos/{owner}/{repo}/statuses/{sha}",
    "GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls",
    "GET /repos/{owner}/{repo}/pulls",
    "GET /repos/{owner}/{repo}/pulls/{pull_number}",
    "GET /repos/{owner}/{repo}/contents/{path}",
    "POST /repos/{owner}/{repo}/dispatches",
    "GET /repos/{owner}/{repo}",
    "GET /repos/{owner}/{repo}/branches/{branch}",
    "GET /repos/{owner}/{repo}/rules/branches/{branch}",
    "GET /apps/{app_slug}",
    "GET /repos/{owner}/{repo}/compare/{basehead}",
    "GET /repos/{owner}/{repo}/git/trees/{tree_sha}",
]
_KEPT = ("type", "enum", "required", "additionalProperties")
_NESTED = ("allOf", "anyOf", "oneOf")


class Cut:
    """Takes operations out of one description, and the schemas that they lead to."""

    def __init__(self, description: dict[str, Any]) -> None:
        self._all = description
        self.definitions: dict[str, Any] = {}

    def operation(self, name: str) -> dict[str, Any]:
        """Cut one operation to its query, its body and its answers."""
        method, _, path = name.partition(" ")
        found = self._all["paths"][path][method.lower()]
        parameters = [self._followed(each) for each in found.get("parameters", [])]
        cut: dict[str, Any] = {
            "query": {each["name"]: self.schema(each["schema"]) for each in parameters if each["in"] == "query"},
            "responses": {status: self._content(each) for status, each in found["responses"].items()},
        }
        if "requestBody" in found:
            cut["body"] = self._content(found["requestBody"])
        return cut

    def schema(self, whole: dict[str, Any]) -> dict[str, Any]:
        """Cut a schema to its shape; formats, texts and examples go."""
        if "$ref" in whole:
            name = whole["$ref"].rsplit("/", 1)[1]
            if name not in self.definitions:
                self.definitions[name] = {}  # it may lead back to itself
                self.definitions[name] = self.schema(self._followed(whole))
            return {"$ref": f"#/$defs/{name}"}
        cut: dict[str, Any] = {key: whole[key] for key in _KEPT if key in whole and not isinstance(whole[key], dict)}
        if whole.get("nullable") and "type" in cut:
            cut["type"] = [cut["type"], "null"]
            if "enum" in cut:
                cut["enum"] = [*cut["enum"], None]
        if "properties" in whole:
            cut["properties"] = {name: self.schema(each) for name, each in whole["properties"].items()}
        if "items" in whole:
            cut["items"] = self.schema(whole["items"])
        for key in _NESTED:
            if key in whole:
                cut[key] = [self.schema(each) for each in whole[key]]
        return cut

    def _content(self, holder: dict[str, Any]) -> dict[str, Any]:
        content = self._followed(holder).get("content", {})
        whole = content.get("application/json", {}).get("schema")
        return self.schema(whole) if whole else {}

    def _followed(self, part: dict[str, Any]) -> dict[str, Any]:
        if "$ref" not in part:
            return part
        found = self._all
        for step in part["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        return found


def common(one: Any, other: Any, place: str = "") -> Any:
    """Return what two descriptions have in common; raises `ValueError` where they contradict each other."""
    if isinstance(one, dict) and isinstance(other, dict):
        if not place.endswith(("/properties", "/$defs")) and one.keys() != other.keys():
            raise ValueError(f"{place}: {sorted(one)} or {sorted(other)}")
        return {key: common(each, other[key], f"{place}/{key}") for key, each in one.items() if key in other}
    if place.endswith("/oneOf"):  # kinds of a thing, such as rules of a branch
        return [each for each in one if each in other]
    if one != other:
        raise ValueError(f"{place}: {one} or {other}")
    return one


def main() -> None:
    """Write the one description."""
    generated = Path(sys.argv[1])
    package = json.loads((generated.parent / "package.json").read_text("utf-8"))["version"]
    cuts = []
    for version in VERSIONS:
        cut = Cut(json.loads((generated / f"{version}.json").read_text("utf-8")))
        operations = {operation: cut.operation(operation) for operation in OPERATIONS}
        cuts.append({"operations": operations, "$defs": cut.definitions})
    said = f"What these OpenAPI descriptions of npm @octokit/openapi {package} have in common: {', '.join(VERSIONS)}"
    document = {"$comment": said, **functools.reduce(common, cuts)}
    (HERE / "github-api.json").write_text(json.dumps(document, separators=(",", ":")) + "\n", "utf-8")


if __name__ == "__main__":
    main()
