"""A forge that remembers, over real HTTP on loopback, and answers only what the forge's own description has.

The description is a JSON file that `describe.py` of the stage `forges` cuts from generated clients: for each operation
its query, its body and its answers, as JSON Schemas without further properties. A request for anything else is a
violation, and so is an answer that the description does not have.
"""

import json
import re
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from email import message_from_bytes
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

import jsonschema

HERE = Path(__file__).parent
_ALWAYS_POSSIBLE = {401, 403, 404, 422, 429}  # not listed for each operation that gives them
_AN_OBJECT = {"type": "object"}  # even where a description lets it be absent
Answer = tuple[int, Any, dict[str, str]]


@dataclass
class Request:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any

    @property
    def token(self) -> str:
        """The token that came with it, whichever word stands before it."""
        return self.headers.get("authorization", "").rpartition(" ")[2]


@dataclass
class Scripted:
    """An answer given `times` times instead of the usual one."""

    method: str
    path: str
    answer: Answer
    times: int = 1


Route = tuple[str, str, Callable[..., Answer]]


@cache
def description(name: str) -> dict[str, Any]:
    found = json.loads((HERE / name).read_text("utf-8"))
    assert isinstance(found, dict)
    return found


@dataclass
class DescribedDouble:
    """What every double of a forge has; a subclass names its description, the root of its API and its routes.

    With a `certificate`, a file of a key and its certificate, it serves by TLS.
    """

    scripted: list[Scripted] = field(default_factory=list)
    asked: list[Request] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    before: Callable[[Request], None] = lambda _request: None
    after: Callable[[Request], None] = lambda _request: None
    certificate: Path | None = None
    connections: int = 0

    DESCRIPTION = ""
    ROOT = ""

    def routes(self) -> list[Route]:
        raise NotImplementedError

    def undescribed(self, _request: Request) -> Answer | None:
        """Return the answer to what no description is about."""
        return None

    def refuses(self, request: Request) -> Answer | None:
        """Return the answer to who may not ask this."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        double = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self) -> None:
                double.connections += 1
                super().setup()

            def answer(self) -> None:
                double._serve(self)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815 - http.server's names

            def log_message(self, *_args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        if self.certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self.certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    @property
    def url(self) -> str:
        return f"{'https' if self.certificate else 'http'}://127.0.0.1:{self.server.server_port}"

    @property
    def api_url(self) -> str:
        return f"{self.url}{self.ROOT}"

    def answer(self, method: str, path: str, status: int, body: Any = None, *, times: int = 1, **headers: str) -> None:
        """Give `status` for the next `times` requests whose path matches `path`; a `body` of bytes is sent as it is."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        said = {"message": named.pop("message", "scripted")} if body is None else body
        self.scripted.append(Scripted(method, path, (status, said, named), times))

    def said(self) -> list[str]:
        """Return the requests so far, such as `POST /projects/…`, without the root of the API."""
        return [f"{request.method} {request.path.removeprefix(self.ROOT)}" for request in self.asked]

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        request = _request(handler)
        self.before(request)
        self.asked.append(request)
        status, body, headers = self._checked(request)
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        handler.send_response(status)
        for name, value in ({"Content-Type": "application/json"} | headers).items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)
        self.after(request)

    def _checked(self, request: Request) -> Answer:
        for scripted in self.scripted:
            if scripted.times and scripted.method == request.method and re.search(scripted.path, request.path):
                scripted.times -= 1
                return scripted.answer
        if answer := self.undescribed(request):
            return answer
        api = description(self.DESCRIPTION)
        operation = _operation(api, self.ROOT, request)
        if operation is None:
            self.violations.append(f"no such operation: {request.method} {request.path}")
            return 404, {"message": "Not Found"}, {}
        if wrong := list(_wrong_with(api, operation, request)):
            self.violations += wrong
            return 422, {"message": "not as described"}, {}
        status, body, headers = self.refuses(request) or self._routed(request)
        if str(status) in operation["responses"]:
            schema = operation["responses"][str(status)]
            self.violations += _errors(api, schema, body) if schema and body is not None else ()
        elif status not in _ALWAYS_POSSIBLE:
            self.violations.append(f"{request.method} {request.path} never answers {status}")
        return status, body, headers

    def _routed(self, request: Request) -> Answer:
        path = request.path.removeprefix(self.ROOT)
        for method, pattern, answer in self.routes():
            match = re.fullmatch(pattern, path)
            if match and method == request.method:
                found: Answer = answer(request, *map(unquote, match.groups()))
                return found
        return 404, {"message": "404 Not Found"}, {}

    def least(self, name: str, /, **facts: Any) -> dict[str, Any]:
        """Make the least value of a schema of the description, with `facts`."""
        return least(self.DESCRIPTION, name) | facts

    def paged(self, items: list[Any], request: Request, size_parameter: str) -> Answer:
        """Answer one page of a list, with a Link header as the forges send it."""
        size, page = int(request.query.get(size_parameter, "20")), int(request.query.get("page", "1"))
        more = len(items) > size * page
        following = urlencode({**request.query, size_parameter: size, "page": page + 1})
        link = {"Link": f'<{self.url}{request.path}?{following}>; rel="next"'} if more else {}
        return 200, items[size * (page - 1) : size * page], link


def _request(handler: BaseHTTPRequestHandler) -> Request:
    parts = urlsplit(handler.path)
    content = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
    kind = handler.headers.get("Content-Type", "")
    body = json.loads(content) if content and "json" in kind else None
    if content and "x-www-form-urlencoded" in kind:
        body = {name: values[-1] for name, values in parse_qs(content.decode()).items()}
    if content and "multipart/form-data" in kind:
        body = _form(kind, content)
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    headers = {name.lower(): value for name, value in handler.headers.items()}
    return Request(str(handler.command), parts.path, query, headers, body)


def _form(kind: str, content: bytes) -> dict[str, Any]:
    """Read a form; a name such as `variables[NAME]` is a part of what is called `variables`."""
    found: dict[str, Any] = {}
    for part in message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + content).walk():
        name, value = part.get_param("name", header="content-disposition"), part.get_payload()
        if isinstance(name, str) and isinstance(value, str):
            outer, inside, inner = name.removesuffix("]").partition("[")
            if inside:
                found.setdefault(outer, {})[inner] = value.strip()
            else:
                found[name] = value.strip()
    return found


def _operation(api: Mapping[str, Any], root: str, request: Request) -> dict[str, Any] | None:
    for name, operation in api["operations"].items():
        method, _, template = name.partition(" ")
        pattern = re.sub(r"\\{(?:filepath|path)\\}", ".+", re.escape(f"{root}{template}"))
        if method == request.method and re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", pattern), request.path):
            return dict(operation)
    return None


def _wrong_with(api: Mapping[str, Any], operation: Mapping[str, Any], request: Request) -> Iterator[str]:
    for name, value in request.query.items():
        schema = operation["query"].get(name)
        number = schema is not None and schema.get("type") == "integer"
        yield from (
            _errors(api, schema, int(value) if number else value) if schema is not None else [f"unknown query {name}"]
        )
    if request.body or (request.body is not None and "body" in operation):
        yield from _errors(api, operation["body"], request.body) if "body" in operation else ["a body"]


def _errors(api: Mapping[str, Any], schema: Mapping[str, Any], value: Any) -> Iterator[str]:
    whole = {"allOf": [schema], "$defs": api["$defs"]}
    yield from (error.message[:300] for error in jsonschema.Draft202012Validator(whole).iter_errors(value))


def least(name: str, schema: str) -> dict[str, Any]:
    """Make the least object of a schema of the description `name`."""
    api = description(name)
    return dict(_minimal(api, api["$defs"][schema] | _AN_OBJECT))


def _minimal(api: Mapping[str, Any], schema: Mapping[str, Any]) -> Any:
    """Make the least value that `schema` allows."""
    if "$ref" in schema:
        return _minimal(api, api["$defs"][schema["$ref"].rsplit("/", 1)[1]])
    for key in ("allOf", "anyOf", "oneOf"):
        if key in schema:
            return _minimal(api, schema[key][0])
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type", "object")
    if isinstance(kind, list):
        kind = "null" if "null" in kind else kind[0]
    if kind == "object":
        return {name: _minimal(api, schema["properties"][name]) for name in schema.get("required", ())}
    return {"string": "x", "integer": 1, "boolean": False, "array": [], "number": 1, "null": None}[kind]


def private_certificate(folder: Path) -> tuple[Path, Path]:
    """Make a certificate that no public authority signed; return it with its key, and what verifies it."""
    config, both, authority = folder / "openssl.cnf", folder / "server.pem", folder / "ca.pem"
    config.write_text(
        "[req]\ndistinguished_name=dn\n[dn]\n[ext]\nsubjectAltName=IP:127.0.0.1\nbasicConstraints=critical,CA:TRUE\n"
        "keyUsage=critical,digitalSignature,keyCertSign\nsubjectKeyIdentifier=hash\n"
    )
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=gitlab", "-extensions", "ext"]
    files = ["-config", str(config), "-keyout", str(folder / "key.pem"), "-out", str(authority), "-days", "2"]
    subprocess.run([*command, *files], check=True, capture_output=True)  # noqa: S603 - our own certificate
    both.write_text((folder / "key.pem").read_text() + authority.read_text())
    return both, authority
