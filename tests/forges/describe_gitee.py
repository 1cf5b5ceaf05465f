"""Cut Gitee's API v5, as its generated client has it, to what the double checks: `python describe_gitee.py`.

Run it with the interpreter of `clients.py` that has gitee-client. Its models say `str` for what they do not describe
further, such as the head of a pull request: these may hold anything.
"""

import importlib
import inspect
import json
import re
import typing
from importlib.metadata import version
from pathlib import Path
from typing import Any

OUTPUT = Path(__file__).parents[1] / "support" / "gitee-api.json"
# call of the client → the answer's status and model
CALLS = {
    "pulls.list_repos_pulls_comments": (200, "pull_request.PullRequestComments", True),
    "pulls.create_repos_pulls_comments": (201, "pull_request.PullRequestComments", False),
    "pulls.update_repos_pulls_comments": (200, "pull_request.PullRequestComments", False),
    "pulls.delete_repos_pulls_comments": (204, "", False),
    "pulls.get_repos_pulls": (200, "pull_request.PullRequest", False),
    "repos.get_repos_contents": (200, "repo.Content", False),
    "repos.get_repos_commits": (200, "repo.RepoCommitWithFiles", False),
    "repos.get_repos_compare____": (200, "repo.Compare", False),
    "repos.get_repos": (200, "repo.Project", False),
    "repos.get_repos_branches": (200, "repo.CompleteBranch", False),
    "git_data.get_repos_git_trees": (200, "repo.Tree", False),
    "checks.create_repos_check_runs": (201, "check.CheckRun", False),
    "users.list_user": (200, "common.UserDetail", False),
}
_SIMPLE = {int: "integer", bool: "boolean", float: "number"}
_TOKEN = {"access_token": {"type": "string"}}
_MODULES = ("activity", "check", "common", "enterprise", "git", "issue", "org", "pull_request", "repo")


def schema(name: str, definitions: dict[str, Any]) -> dict[str, Any]:
    """Return a reference to the schema of a model, which is read once."""
    short = name.rpartition(".")[2]
    if short not in definitions:
        definitions[short] = {}  # it may lead back to itself
        modules = [importlib.import_module(f"gitee_client.models.{each}") for each in _MODULES]
        known = {key: value for module in modules for key, value in vars(module).items()}
        hints = typing.get_type_hints(known[short], known, known)
        properties = {key: _kind(kind, definitions) for key, kind in hints.items()}
        definitions[short] = {"type": "object", "properties": properties, "additionalProperties": False}
    return {"$ref": f"#/$defs/{short}"}


def _kind(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    if typing.is_typeddict(kind):
        return schema(kind.__name__, definitions)
    if typing.get_origin(kind) is typing.Union:
        inner = [each for each in typing.get_args(kind) if each is not type(None)]
        return {"anyOf": [*(_kind(each, definitions) for each in inner), {"type": "null"}]}
    if typing.get_origin(kind) is list:
        return {"type": "array", "items": _kind(typing.get_args(kind)[0], definitions)}
    return {"type": [_SIMPLE[kind], "null"]} if kind in _SIMPLE else {}


def operation(name: str, definitions: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Read one call of the client."""
    module, _, call = name.partition(".")
    found = importlib.import_module(f"gitee_client.api.{module}")
    (api,) = [each for _, each in inspect.getmembers(found, inspect.isclass) if hasattr(each, call)]
    source = inspect.getsource(getattr(api, call))
    path = re.search(r'build_url\("", "/v5([^"]+)"', source)
    method = re.search(r"self\._(get|post|patch|delete)\(", source)
    assert path
    assert method
    hints = inspect.signature(getattr(api, call)).parameters
    names = re.findall(r'^                "(\w+)":', source, re.MULTILINE)
    numbers = {each for each in names if "int" in str(hints[each].annotation)}
    values = {each: {"type": "integer"} if each in numbers else {} for each in names}
    status, model, listed = CALLS[name]
    answer = schema(model, definitions) if model else {}
    cut: dict[str, Any] = {
        "query": {**_TOKEN, **(values if method[1] == "get" else {})},
        "responses": {str(status): {"type": "array", "items": answer} if listed else answer},
    }
    if method[1] in {"post", "patch"}:
        required = [each for each in names if hints[each].default is inspect.Parameter.empty]
        # a form has texts only
        properties = {each: {} if each in numbers else value for each, value in {**values, **_TOKEN}.items()}
        cut["body"] = {
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": False,
        }
    return f"{method[1].upper()} {path[1].replace('(/{path})', '/{path}')}", cut


def main() -> None:
    """Write the description."""
    definitions: dict[str, Any] = {}
    operations = dict(operation(name, definitions) for name in CALLS)
    said = f"What gitee-client {version('gitee-client')} has of Gitee's API v5, cut"
    document = {"$comment": said, "operations": operations, "$defs": definitions}
    OUTPUT.write_text(json.dumps(document, separators=(",", ":")) + "\n", "utf-8")


if __name__ == "__main__":
    main()
