"""The embedded SwanLab on a socket: HTTP/1.1 with keep-alive, a log of requests, and configurable faults."""

import contextlib
import os
import re
import socket
import struct
import threading
from dataclasses import replace
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from swanlab_ci.sandbox.http import faults
from swanlab_ci.sandbox.http.exchange import Answer, answer
from swanlab_ci.sandbox.http.faults import BadFault, Fault, Faults
from swanlab_ci.sandbox.http.routes import Received, Routes
from swanlab_ci.sandbox.storage.keeper import Keeper
from swanlab_ci.sandbox.storage.store import Store

_CONTROL = "/__faults__"
_LARGEST_BODY = 64 * 2**20
_LOGGED_BODY = 2**16
_LOGGED = 10_000  # requests; enough for any test, and the memory of a server that runs for weeks stays bounded
_RESET = struct.pack("ii", 1, 0)  # SO_LINGER: on, for 0 seconds: closing sends RST


class Sandbox:
    """An embedded SwanLab on `host` and `port` (0: any free one), which answers after `latency` seconds.

    With `keeper` a change is on disk before it is acknowledged; if that fails, the answer is a 500.

    Use it as a context manager, or call `serve_forever`, or `start` and `stop`. `requests` logs all requests except
    those of the control route: `POST /__faults__` adds a `Fault` written as JSON, `DELETE` removes all.

    Raises `OSError` if the port is in use.
    """

    def __init__(
        self,
        store: Store,
        *,
        port: int = 0,
        host: str = "127.0.0.1",
        latency: float = 0.0,
        keeper: Keeper | None = None,
    ) -> None:
        self.store = store
        self.latency = latency
        self.faults = Faults()
        self.requests: list[Received] = []
        self.stopping = threading.Event()
        self.keeper = keeper
        self._server = _Server((host, port), self)
        self.url = f"http://{host}:{self._server.server_address[1]}"
        self.routes = Routes(store, self.url)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def api_key(self) -> str:
        """The key of the first user."""
        return next(iter(self.store.users.values())).api_key

    def environment(self) -> dict[str, str]:
        """Return the environment variables with which both SDKs find this server.

        0.7.20 needs the `/api` (`package.py` get_host_api), 0.10.3 strips it (`sdk/internal/pkg/nrc/__init__.py:28`).
        """
        return {
            "SWANLAB_API_HOST": f"{self.url}/api",
            "SWANLAB_WEB_HOST": self.url,
            "SWANLAB_API_KEY": self.api_key,
        }

    def start(self) -> Self:
        """Serve in a background thread."""
        self._thread.start()
        return self

    def serve_forever(self) -> None:
        """Serve until another thread calls `stop`, or an exception such as Ctrl-C."""
        with self:
            self.stopping.wait()

    def stop(self) -> None:
        """End all connections, and release the port."""
        self.stopping.set()
        self._server.shutdown()
        self._server.end_connections()
        self._server.server_close()
        self._thread.join()
        if self.keeper:
            self.keeper.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # `server_close` waits for them, so that no thread outlives a test
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], sandbox: Sandbox) -> None:
        super().__init__(address, _Handler)
        self.sandbox = sandbox
        self._connections: set[socket.socket] = set()
        self._lock = threading.Lock()

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._connections.discard(request)
        super().shutdown_request(request)

    def end_connections(self) -> None:
        with self._lock:
            for connection in self._connections:
                with contextlib.suppress(OSError):  # its client has already closed it
                    connection.shutdown(socket.SHUT_RDWR)


class _TooLarge(Exception):
    """A body is larger than this server accepts."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def handle(self) -> None:
        with contextlib.suppress(OSError):  # the client closed the connection, or the server stops
            super().handle()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Print nothing: `Sandbox.requests` is the log."""

    def serve(self) -> None:
        """Answer one request, with its fault."""
        sandbox = self.server.sandbox
        try:
            request = self._received()
        except _TooLarge:
            self.close_connection = True
            self._write(_message(answer({"message": f"a body may have {_LARGEST_BODY} bytes"}, status=413)))
            return
        if request.path == _CONTROL:
            self._write(_message(_control(sandbox.faults, request)))
            return
        sandbox.requests.append(replace(request, body=request.body[:_LOGGED_BODY]))
        del sandbox.requests[:-_LOGGED]
        struck = sandbox.faults.strike(request.method, request.target)
        sandbox.stopping.wait(sandbox.latency + sum(fault.seconds for fault in struck if fault.kind == "latency"))
        message = _message(_kept(sandbox.keeper, _answered(sandbox.routes, request, struck)))
        fault = next((fault for fault in struck if fault.kind in faults.WIRE_KINDS), None)
        if fault:
            self._misbehave(fault, message)
        else:
            self._write(message)

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = serve  # noqa: N815 - the base class looks for these names

    def _received(self) -> Received:
        length = self.headers.get("content-length", "0")
        chunked = self.headers.get("transfer-encoding", "").lower() == "chunked"
        body = self._chunks() if chunked else self._read(int(length) if length.isdecimal() else 0)
        headers = {name.lower(): value for name, value in self.headers.items()}
        return Received(method=self.command, target=self.path, headers=headers, body=body)

    def _chunks(self) -> bytes:
        """Read a chunked body: `requests` sends empty files so."""
        body = b""
        while size := int(self.rfile.readline().partition(b";")[0], 16):
            body += self._read(size, len(body))
            self.rfile.readline()
        self.rfile.readline()
        return body

    def _read(self, size: int, before: int = 0) -> bytes:
        if before + size > _LARGEST_BODY:
            raise _TooLarge
        return self.rfile.read(size)

    def _write(self, message: bytes) -> None:
        self.wfile.write(message)

    def _misbehave(self, fault: Fault, message: bytes) -> None:
        self.close_connection = True
        head = 0 if fault.kind == "drip-headers" else message.index(b"\r\n\r\n") + 4
        match fault.kind:
            case "truncate":
                self._write(message[: (head + len(message)) // 2])
            case "hang":
                self.server.sandbox.stopping.wait(fault.seconds)
            case "reset":
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                os.close(self.connection.detach())
            case _:
                self._drip(message, head, fault.seconds)

    def _drip(self, message: bytes, head: int, seconds: float) -> None:
        self._write(message[:head])
        for place in range(head, len(message)):
            if self.server.sandbox.stopping.wait(seconds):
                return
            self._write(message[place : place + 1])


def _answered(routes: Routes, request: Received, struck: list[Fault]) -> Answer:
    for fault in struck:
        if fault.kind == "repeat":
            request = replace(request, target=re.sub(r"(?<=[?&]page=)\d+", str(fault.number), request.target))
    found = Answer() if any(fault.replaces for fault in struck) else routes(request)
    for fault in struck:
        found = fault.changes(found)
    return found


def _kept(keeper: Keeper | None, found: Answer) -> Answer:
    try:
        if keeper and found.acknowledges:
            keeper.keep()
    except OSError as error:
        return answer({"message": f"the data cannot be kept: {error.strerror}"}, status=500)
    return found


def _message(found: Answer) -> bytes:
    phrases = {status.value: status.phrase for status in HTTPStatus}
    reason = found.reason or phrases.get(found.status, "Unknown")
    headers = {"Content-Type": found.content_type, "Content-Length": str(len(found.body)), **found.headers}
    lines = [f"HTTP/1.1 {found.status} {reason}", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    return "\r\n".join(lines).encode("latin-1") + found.body


def _control(rules: Faults, request: Received) -> Answer:
    if request.method == "DELETE":
        rules.clear()
        return answer({})
    try:
        rules.add(faults.read_fault(request.body))
    except BadFault as error:
        return answer({"message": str(error)}, status=400)
    return answer({}, status=201)
