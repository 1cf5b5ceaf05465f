"""Cut what two clients of GitLab know of its API to what the double checks: `python describe_gitlab.py FOLDER`.

Run it with the interpreter of `clients.py`, which has python-gitlab: its managers hold the paths, the methods and the
bodies. FOLDER is `package/dist` of what `npm pack @gitbeaker/core` brings: its types hold queries and answers.
"""

import inspect
import json
import re
import sys
from pathlib import Path
from typing import Any

import gitlab
from gitlab.v4 import objects

OUTPUT = Path(__file__).parents[1] / "support" / "gitlab-api.json"
_SIMPLE = {"string": "string", "number": "number", "boolean": "boolean", "null": "null", "unknown": None, "any": None}
_PAGES: dict[str, Any] = {"page": {"type": "integer"}, "per_page": {"type": "integer", "maximum": 100}}


class Types:
    """Reads interfaces of a TypeScript declaration as JSON Schemas, as far as the answers that we read need it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.definitions: dict[str, Any] = {}

    def interface(self, name: str) -> dict[str, Any]:
        """Return a reference to the schema of an interface, which is read once."""
        if name not in self.definitions:
            self.definitions[name] = {}  # it may lead back to itself
            head, fields = self._members(name)
            parent = re.search(r"extends (\w+Schema)", head)
            properties: dict[str, Any] = {}
            required: list[str] = []
            if parent:
                self.interface(parent[1])
                properties |= self.definitions[parent[1]].get("properties", {})
                required += self.definitions[parent[1]].get("required", [])
            for key, optional, kind in fields:
                properties[key] = self.kind(kind)
                required += [] if optional or key in required else [key]
            self.definitions[name] = {
                "type": "object",
                "properties": properties,
                "required": required,
                "additionalProperties": False,
            }
        return {"$ref": f"#/$defs/{name}"}

    def kind(self, text: str) -> dict[str, Any]:
        """Return the schema of one type."""
        text = text.strip().removesuffix(";").strip()
        parts = _split(text, "|")
        if len(parts) > 1:
            literals = [part[1:-1] for part in parts if part.startswith("'")]
            others = [self.kind(part) for part in parts if not part.startswith("'")]
            return {"anyOf": others + ([{"enum": literals}] if literals else [])}
        if text.endswith("[]"):
            return {"type": "array", "items": self.kind(text[:-2])}
        if text.startswith("'"):
            return {"enum": [text[1:-1]]}
        omitted = re.fullmatch(r"MappedOmit<(\w+), (.+)>", text)
        if omitted:
            whole = self.interface(omitted[1])
            left_out = set(re.findall(r"'(\w+)'", omitted[2]))
            schema = self.definitions[whole["$ref"].rsplit("/", 1)[1]]
            kept = {key: each for key, each in schema["properties"].items() if key not in left_out}
            return {**schema, "properties": kept, "required": [key for key in schema["required"] if key in kept]}
        if text in _SIMPLE:
            return {"type": _SIMPLE[text]} if _SIMPLE[text] else {}
        if re.fullmatch(r"\w+Schema", text):
            return self.interface(text)
        return {}

    def options(self, interface: str, method: str) -> dict[str, Any]:
        """Return the query that a method takes as its own options, in GitLab's spelling."""
        body = self._body(rf"interface {interface}<")
        call = re.search(rf"\b{method}<.*?options\??: \{{(.*?)\n    \}}", body, re.DOTALL)
        found = re.findall(r"(\w+)\??: ([^\n]+);", call[1]) if call else []
        return {re.sub(r"[A-Z]", lambda match: f"_{match[0].lower()}", key): self.kind(kind) for key, kind in found}

    def _members(self, name: str) -> tuple[str, list[tuple[str, bool, str]]]:
        found = re.search(rf"^interface {name} ([^\n]*)\{{\n(.*?)\n\}}", self._text, re.DOTALL | re.MULTILINE)
        assert found, name
        flat = re.sub(r": \{\n.*?\n    \}(\[\])?( \| null)?;", ": unknown;", found[2], flags=re.DOTALL)
        fields = re.findall(r"^    (\w+)(\??): ([^\n]+)$", flat, re.MULTILINE)
        return found[1], [(key, bool(optional), kind) for key, optional, kind in fields]

    def _body(self, start: str) -> str:
        found = re.search(rf"^{start}.*?^\}}", self._text, re.DOTALL | re.MULTILINE)
        assert found, start
        return found[0]


def _split(text: str, sign: str) -> list[str]:
    """Split at `sign` outside of brackets."""
    parts, depth, current = [], 0, ""
    for letter in text:
        depth += (letter in "<({[") - (letter in ">)}]")
        if letter == sign and not depth:
            parts.append(current.strip())
            current = ""
        else:
            current += letter
    return [*parts, current.strip()]


def _body(attributes: Any) -> dict[str, Any]:
    names = [*attributes.required, *attributes.optional]
    return {
        "type": "object",
        "properties": {name: {} for name in names},
        "required": list(attributes.required),
        "additionalProperties": False,
    }


def described(types: Types) -> dict[str, Any]:
    """Return each operation that the program or an independent client asks."""
    notes, files = objects.ProjectMergeRequestNoteManager, objects.ProjectFileManager
    commits, requests = objects.ProjectCommitManager, objects.ProjectMergeRequestManager
    note, page = types.interface("MergeRequestNoteSchema"), types.options("MergeRequestNotes", "all")
    one = f"{notes._path}/{{note_id}}"  # noqa: SLF001 - the description is in private names
    write = {"query": {}, "body": _body(notes._create_attrs), "responses": {"201": note}}  # noqa: SLF001 - same
    edit = {"query": {}, "body": _body(notes._update_attrs), "responses": {"200": note}}  # noqa: SLF001 - same
    return {
        f"GET {notes._path}": {  # noqa: SLF001 - same
            "query": {**page, **_PAGES},
            "responses": {"200": {"type": "array", "items": note}},
        },
        f"POST {notes._path}": write,  # noqa: SLF001 - same
        f"GET {one}": {"query": {}, "responses": {"200": note}},
        f"PUT {one}": edit,
        f"DELETE {one}": {"query": {}, "responses": {"204": {}}},
        f"GET {files._path}/{{file_path}}": {  # noqa: SLF001 - same
            "query": {"ref": {"type": "string"}},
            "responses": {"200": types.interface("RepositoryFileExpandedSchema")},
        },
        f"GET {commits._path}/{{sha}}": {"query": {}, "responses": {"200": types.interface("CommitSchema")}},  # noqa: SLF001 - same
        f"GET {requests._path}/{{mr_iid}}": {  # noqa: SLF001 - same
            "query": {},
            "responses": {"200": types.interface("ExpandedMergeRequestSchema")},
        },
        "GET /user": {"query": {}, "responses": {"200": types.interface("ExpandedUserSchema")}},
        **_of_changes(types),
        **_of_pipelines(types),
    }


def _of_changes(types: Types) -> dict[str, Any]:
    versions = objects.ProjectMergeRequestDiffManager._path  # noqa: SLF001 - the description is in private names
    listed = {"type": "array", "items": types.interface("MergeRequestDiffVersionsSchema")}
    one = types.interface("ExpandedMergeRequestDiffVersionsSchema")
    text = {"type": "string"}
    commits = {"from": text, "to": text, "straight": {"enum": ["true", "false", "True", "False"]}}
    return {
        f"GET {versions}": {"query": _PAGES, "responses": {"200": listed}},
        f"GET {versions}/{{version_id}}": {"query": {}, "responses": {"200": one}},
        "GET /projects/{project_id}/repository/compare": {
            "query": commits,
            "responses": {"200": types.interface("RepositoryCompareSchema")},
        },
    }


def _of_pipelines(types: Types) -> dict[str, Any]:
    source = inspect.getsource(objects.Project.trigger_pipeline)
    names = re.findall(r'^            "(\w+)": ', source, re.MULTILINE)
    body = {"properties": {name: {} for name in names}, "additionalProperties": False}
    query = {name: {"type": "string"} for name in ("ref", "token")}  # where @gitbeaker/rest puts them
    requests = objects.ProjectMergeRequestPipelineManager._path  # noqa: SLF001 - same
    branches = objects.ProjectBranchManager._path  # noqa: SLF001 - same
    pipeline = types.interface("ExpandedPipelineSchema")
    return {
        "POST /projects/{project_id}/trigger/pipeline": {"query": query, "body": body, "responses": {"201": pipeline}},
        f"POST {requests}": {"query": {}, "body": {}, "responses": {"201": pipeline}},
        "GET /projects/{project_id}": {"query": {}, "responses": {"200": types.interface("ProjectSchema")}},
        f"GET {branches}/{{branch}}": {"query": {}, "responses": {"200": types.interface("BranchSchema")}},
    }


def main() -> None:
    """Write the description."""
    folder = Path(sys.argv[1])
    version = json.loads((folder.parent / "package.json").read_text("utf-8"))["version"]
    types = Types((folder / "index.d.ts").read_text("utf-8"))
    operations = described(types)
    said = f"What python-gitlab {gitlab.__version__} and @gitbeaker/core {version} have of GitLab's API, cut"
    document = {"$comment": said, "operations": operations, "$defs": types.definitions}
    OUTPUT.write_text(json.dumps(document, separators=(",", ":")) + "\n", "utf-8")


if __name__ == "__main__":
    main()
