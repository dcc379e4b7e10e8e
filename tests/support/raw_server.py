# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

r"""TCP servers on loopback for everything that a correct HTTP server never sends.

`Server` gives each connection to a handler, a function of the socket:

    with Server(answering(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")) as server:
        ...  # Let a client connect to server.address.

`RawServer` is scripted by rules, and forwards all other requests to an HTTP server:

    with RawServer(sandbox.url) as server:
        server.on(CHANGE, reset_after)  # The change reaches the service, but its response is lost.
        ...  # Let a client send requests to server.url.
"""

from __future__ import annotations

import http.client
import re
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import TypeVar
from urllib.parse import urlsplit

READ = r"GET \S+/connectors/[^/?]+$"
LIST = r"GET \S+/connectors\?"
CHANGE = r"(POST|PATCH|DELETE) \S+/connectors"
POLL = r"GET /operations/"
TOKEN = r"POST /iam/v1/tokens$"
ANY = ""

_HOP_BY_HOP = {"connection", "content-length", "keep-alive", "transfer-encoding"}

Handler = Callable[[socket.socket], None]
_S = TypeVar("_S", bound="Server")


class Server:
    """Listens on loopback during its `with` statement, and calls the handler in a thread for each connection.

    The server closes the connection when the handler returns. Errors of the connection end the handler quietly.
    """

    def __init__(self, handler: Handler) -> None:
        self.connections = 0
        """Number of connections that clients have opened."""

        self.over = threading.Event()
        """Set when the server stops. Handlers wait for this event, never for a fixed time."""

        self._handler = handler
        self._lock = threading.Lock()
        self._listener: socket.socket | None = None
        self._running = False
        self.port = 0

    def __enter__(self: _S) -> _S:
        self._running = True
        self._listen()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._running = False
        self.over.set()
        self._hang_up()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"http://{self.address}"

    def refuse(self, seconds: float | None) -> None:
        """Refuse new connections for some seconds. None means until `accept` is called."""
        self._hang_up()
        if seconds is not None:
            timer = threading.Timer(seconds, self.accept)
            timer.daemon = True
            timer.start()

    def accept(self) -> None:
        """Accept connections again."""
        with self._lock:
            if self._listener is None and self._running:
                self._listen()

    def _listen(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", self.port), backlog=64)
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, args=(self._listener,), daemon=True).start()

    def _hang_up(self) -> None:
        with self._lock:
            listener, self._listener = self._listener, None
        if listener is not None:
            # Otherwise the thread that waits in accept() keeps the socket open.
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()

    def _serve(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                connection = listener.accept()[0]
                self.connections += 1
                threading.Thread(target=self._handle, args=(connection,), daemon=True).start()

    def _handle(self, connection: socket.socket) -> None:
        # A client that disconnects is not an error. The same is true for the server behind a RawServer.
        with suppress(OSError, http.client.HTTPException), connection:
            self._handler(connection)


# Handlers of connections.


def read_request(connection: socket.socket) -> tuple[bytes, bytes]:
    """Return the head and the body of a request. Raise ConnectionAbortedError if the client sends nothing more."""
    received = _receive(connection)
    while b"\r\n\r\n" not in received:
        received += _receive(connection)
    head, body = received.split(b"\r\n\r\n", 1)
    length = re.search(rb"(?im)^content-length:\s*(\d+)", head)
    while length and len(body) < int(length[1]):
        body += _receive(connection)
    return head, body


def _receive(connection: socket.socket) -> bytes:
    received = connection.recv(65536)
    if not received:
        raise ConnectionAbortedError
    return received


def answering(*pieces: bytes) -> Handler:
    """Read a request and send these bytes."""

    def handle(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(b"".join(pieces))

    return handle


def over_tls(certificate: tuple[str, str], handler: Handler) -> Handler:
    """Encrypt a connection before its handler is called. A certificate is a chain file and a private key file."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)

    def handle(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as encrypted:
            handler(encrypted)

    return handle


def abort(connection: socket.socket) -> None:
    """Close a connection by RST instead of FIN."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


# Scripted requests.


@dataclass
class Exchange:
    """A request, and the connection for its response."""

    server: RawServer
    connection: socket.socket
    head: bytes
    body: bytes
    over: threading.Event
    """Set when the test of this request ends."""

    @property
    def line(self) -> str:
        """Method and target: `GET /operations/mqq...`."""
        return self.head.split(b"\r\n", 1)[0].decode("latin-1").rpartition(" ")[0]

    def headers(self) -> dict[str, str]:
        pairs = (line.partition(":") for line in self.head.decode("latin-1").split("\r\n")[1:] if line)
        return {name.lower(): value.strip() for name, dummy, value in pairs}

    def forwarded(self) -> bytes:
        """Send the request to the server behind. Return the whole response."""
        method, target = self.line.split(" ", 1)
        upstream = http.client.HTTPConnection(self.server.upstream, timeout=30)
        try:
            headers = {name: value for name, value in self.headers().items() if name not in _HOP_BY_HOP}
            upstream.request(method, target, self.body or (None if method == "GET" else b""), headers)
            response = upstream.getresponse()
            body = response.read()
        finally:
            upstream.close()
        kept = [f"{name}: {value}" for name, value in response.getheaders() if name.lower() not in _HOP_BY_HOP]
        lines = [f"HTTP/1.1 {response.status} {response.reason}", *kept]
        return "\r\n".join([*lines, f"Content-Length: {len(body)}", "Connection: close", "", ""]).encode() + body

    def send(self, data: bytes) -> None:
        self.connection.sendall(data)

    def reset(self) -> None:
        """Close the connection by RST instead of FIN."""
        abort(self.connection)


Action = Callable[[Exchange], None]


def forward(exchange: Exchange) -> None:
    """Forward the request, and return its response."""
    exchange.send(exchange.forwarded())


def reset_before(exchange: Exchange) -> None:
    """Close the connection. Do not forward the request."""
    exchange.reset()


def reset_after(exchange: Exchange) -> None:
    """Forward the request, but close the connection instead of returning the response."""
    exchange.forwarded()
    exchange.reset()


def cut(exchange: Exchange) -> None:
    """Forward the request, but return only half of the body."""
    head, separator, body = exchange.forwarded().partition(b"\r\n\r\n")
    exchange.send(head + separator + body[: len(body) // 2])


def late(seconds: float, *, after: bool = False) -> Action:
    """Return the response after some seconds. With `after`, forward the request immediately, otherwise also later."""

    def act(exchange: Exchange) -> None:
        answer = exchange.forwarded() if after else b""
        if not exchange.over.wait(seconds):
            exchange.send(answer or exchange.forwarded())

    return act


def dribble(data: bytes, pause: float, *, head: bytes = b"") -> Action:
    """Send the head, and then one byte after the other with a pause after each, so that no read times out."""

    def act(exchange: Exchange) -> None:
        exchange.send(head)
        for number in range(len(data)):
            exchange.send(data[number : number + 1])
            if exchange.over.wait(pause):
                return

    return act


def raw(data: bytes, *, after: bool = False) -> Action:
    """Return these bytes. With `after`, first forward the request."""

    def act(exchange: Exchange) -> None:
        if after:
            exchange.forwarded()
        exchange.send(data)

    return act


def page(body: bytes, status: str = "200 OK", *headers: str, after: bool = False) -> Action:
    """Return a response with this body. With `after`, first forward the request."""
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "Connection: close", "", ""]
    return raw("\r\n".join(lines).encode() + body, after=after)


def echo(status: str, shape: Callable[[str], bytes] = str.encode) -> Action:
    """Return the whole request, including its token, as the body of the response."""

    def act(exchange: Exchange) -> None:
        page(shape((exchange.head + exchange.body).decode()), status)(exchange)

    return act


def then_refuse(seconds: float | None) -> Action:
    """Forward the request, return its response, and refuse the next connections. None means until `accept`."""

    def act(exchange: Exchange) -> None:
        answer = exchange.forwarded()
        exchange.server.refuse(seconds)
        exchange.send(answer)

    return act


@dataclass
class Rule:
    pattern: re.Pattern[str]
    action: Action
    times: float
    when: Callable[[], bool]

    def takes(self, line: str) -> bool:
        if self.times <= 0 or not self.pattern.match(line) or not self.when():
            return False
        self.times -= 1
        return True


class RawServer(Server):
    """Handles each request by the first rule that matches, or forwards the request. Each connection has one request.

    :param upstream: URL of the server behind. It is not required if rules match all requests
    """

    def __init__(self, upstream: str = "") -> None:
        super().__init__(self._exchange)
        self.upstream = urlsplit(upstream).netloc
        self.lines: list[str] = []
        """Method and target of each request, in the order of their arrival."""

        self.exchanges: list[Exchange] = []
        """Each request, in the order of their arrival."""

        self._rules: list[Rule] = []

    def on(self, pattern: str, action: Action, *, times: float = 1, when: Callable[[], bool] = lambda: True) -> None:
        """Use an action for the next requests whose method and target match. Earlier rules have precedence."""
        with self._lock:
            self._rules.append(Rule(re.compile(pattern), action, times, when))

    def reset(self) -> None:
        """Remove all rules and recorded requests, and accept connections again."""
        self.over.set()
        with self._lock:
            self.over = threading.Event()
            self._rules.clear()
            self.lines.clear()
            self.exchanges.clear()
        self.accept()

    def _exchange(self, connection: socket.socket) -> None:
        over = self.over
        exchange = Exchange(self, connection, *read_request(connection), over)
        self._action(exchange)(exchange)

    def _action(self, exchange: Exchange) -> Action:
        with self._lock:
            self.lines.append(exchange.line)
            self.exchanges.append(exchange)
            return next((rule.action for rule in self._rules if rule.takes(exchange.line)), forward)
