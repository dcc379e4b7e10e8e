# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A scripted raw TCP server: what no Envoy would send, it sends. What is not scripted passes through to the sandbox.

    with RawServer(sandbox.url) as server:
        server.on(CHANGE, reset_after)  # the change reaches the service, its answer does not come back
        ...  # let a client work with server.url

Each answer closes its connection, so that every request makes one of its own.
"""

from __future__ import annotations

import http.client
import re
import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from urllib.parse import urlsplit

READ = r"GET \S+/connectors/[^/?]+$"
LIST = r"GET \S+/connectors\?"
CHANGE = r"(POST|PATCH|DELETE) \S+/connectors"
POLL = r"GET /operations/"
TOKEN = r"POST /iam/v1/tokens$"
ANY = ""

_HOP_BY_HOP = {"connection", "content-length", "keep-alive", "transfer-encoding"}


@dataclass
class Exchange:
    """A request that has been read, and the means to answer it."""

    server: RawServer
    connection: socket.socket
    head: bytes
    body: bytes
    over: threading.Event
    """The test that it belongs to has ended."""

    @property
    def line(self) -> str:
        """Method and target: `GET /operations/mqq...`."""
        return self.head.split(b"\r\n", 1)[0].decode("latin-1").rpartition(" ")[0]

    def headers(self) -> dict[str, str]:
        pairs = (line.partition(":") for line in self.head.decode("latin-1").split("\r\n")[1:] if line)
        return {name.lower(): value.strip() for name, dummy, value in pairs}

    def forwarded(self) -> bytes:
        """Return the answer of the server behind, as one piece."""
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
        """Cut the connection with an RST, not with a FIN."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()


Action = Callable[[Exchange], None]


def forward(exchange: Exchange) -> None:
    """Pass the request on, and its answer back."""
    exchange.send(exchange.forwarded())


def reset_before(exchange: Exchange) -> None:
    """Cut the connection before the request is passed on."""
    exchange.reset()


def reset_after(exchange: Exchange) -> None:
    """Pass the request on, and cut the connection instead of answering."""
    exchange.forwarded()
    exchange.reset()


def cut(exchange: Exchange) -> None:
    """Pass the request on, and send half of the body back."""
    head, separator, body = exchange.forwarded().partition(b"\r\n\r\n")
    exchange.send(head + separator + body[: len(body) // 2])


def late(seconds: float, *, after: bool = False) -> Action:
    """Answer when the client has long given up; `after`: having passed the request on at once."""

    def act(exchange: Exchange) -> None:
        answer = exchange.forwarded() if after else b""
        if not exchange.over.wait(seconds):
            exchange.send(answer or exchange.forwarded())

    return act


def dribble(data: bytes, pause: float) -> Action:
    """Send byte by byte, each in time, the whole of it never."""

    def act(exchange: Exchange) -> None:
        for number in range(len(data)):
            exchange.send(data[number : number + 1])
            if exchange.over.wait(pause):
                return

    return act


def raw(data: bytes, *, after: bool = False) -> Action:
    """Answer with these very bytes; `after`: having passed the request on."""

    def act(exchange: Exchange) -> None:
        if after:
            exchange.forwarded()
        exchange.send(data)

    return act


def page(body: bytes, status: str = "200 OK", *headers: str, after: bool = False) -> Action:
    """Answer with a body."""
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "Connection: close", "", ""]
    return raw("\r\n".join(lines).encode() + body, after=after)


def echo(status: str, shape: Callable[[str], bytes] = str.encode) -> Action:
    """Answer with all that was sent: headers, with the token among them, and body."""

    def act(exchange: Exchange) -> None:
        page(shape((exchange.head + exchange.body).decode()), status)(exchange)

    return act


def then_refuse(seconds: float | None) -> Action:
    """Pass the request on, and be gone when the next one comes; None: for good."""

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


@dataclass
class RawServer:
    """Listens on loopback for as long as the `with` statement lasts.

    :param upstream: URL of the server behind; it may be nowhere if every request is scripted
    """

    upstream: str = ""
    lines: list[str] = field(default_factory=list)
    """Method and target of every request, in order of arrival."""

    def __post_init__(self) -> None:
        self.upstream = urlsplit(self.upstream).netloc
        self._over = threading.Event()
        self._running = True
        self._lock = threading.Lock()
        self._rules: list[Rule] = []
        self._listener: socket.socket | None = None
        self._port = 0

    def __enter__(self) -> RawServer:
        self._listen()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._running = False
        self._over.set()
        self._hang_up()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._port}"

    @property
    def url(self) -> str:
        return f"http://{self.address}"

    def on(self, pattern: str, action: Action, *, times: float = 1, when: Callable[[], bool] = lambda: True) -> None:
        """Take an action for the next requests whose method and target match; rules apply in their order."""
        with self._lock:
            self._rules.append(Rule(re.compile(pattern), action, times, when))

    def reset(self) -> None:
        """Forget all rules and requests, and listen again."""
        self._over.set()
        with self._lock:
            self._over = threading.Event()
            self._rules.clear()
            self.lines.clear()
        self.accept()

    def refuse(self, seconds: float | None) -> None:
        """Refuse connections, for a while or for good."""
        self._hang_up()
        if seconds is not None:
            timer = threading.Timer(seconds, self.accept)
            timer.daemon = True
            timer.start()

    def accept(self) -> None:
        """End a time of refusing connections."""
        with self._lock:
            if self._listener is None and self._running:
                self._listen()

    def _listen(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", self._port), backlog=64)
        self._port = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, args=(self._listener,), daemon=True).start()

    def _hang_up(self) -> None:
        with self._lock:
            listener, self._listener = self._listener, None
        if listener is not None:
            # a thread that waits in accept would keep it open
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()

    def _serve(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                connection = listener.accept()[0]
                threading.Thread(target=self._handle, args=(connection,), daemon=True).start()

    def _handle(self, connection: socket.socket) -> None:
        # a client that goes away, or a server behind that does, is nothing to report
        with suppress(OSError, http.client.HTTPException), connection:
            exchange = self._read(connection)
            if exchange is not None:
                self._action(exchange.line)(exchange)

    def _read(self, connection: socket.socket) -> Exchange | None:
        received = b""
        while b"\r\n\r\n" not in received:
            piece = connection.recv(65536)
            if not piece:
                return None
            received += piece
        head, body = received.split(b"\r\n\r\n", 1)
        length = re.search(rb"(?im)^content-length:\s*(\d+)", head)
        while length and len(body) < int(length[1]):
            body += connection.recv(65536)
        return Exchange(self, connection, head, body, self._over)

    def _action(self, line: str) -> Action:
        with self._lock:
            self.lines.append(line)
            return next((rule.action for rule in self._rules if rule.takes(line)), forward)
