# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plain HTTP services on loopback: the metadata service and the token exchange are built on this server."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from sandbox.bootstrap import HOST


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: dict[str, str]
    """Names are in lower case."""

    body: bytes
    peer: str
    """Host and port of the client, in the form of gRPC."""


@dataclass(frozen=True)
class Response:
    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


def json_response(status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    return Response(status, json.dumps(body).encode(), {"Content-Type": "application/json", **(headers or {})})


class WebServer:
    """Answers each request in its own thread, and then closes the connection."""

    def __init__(self, answer: Callable[[Request], Response]) -> None:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                host, port = self.client_address[:2]
                headers = {name.lower(): value for name, value in self.headers.items()}
                body = self.rfile.read(int(headers.get("content-length", 0)))
                response = answer(Request(self.command, self.path, headers, body, f"ipv4:{host}:{port}"))
                self.send_response(response.status)
                for name, value in response.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(response.body)))
                self.send_header("Connection", "close")
                self.end_headers()
                self.wfile.write(response.body)

            def do_GET(self) -> None:
                self.do_POST()

            def log_message(self, format: str, *args: object) -> None:
                """Keep the terminal free of one line for each request."""

        self._server = _Server((HOST, 0), Handler)
        self.port: int = self._server.server_port
        self.address = f"{HOST}:{self.port}"

    def start(self) -> None:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    request_queue_size = 128  # The default of 5 delays many requests that arrive at the same time.

    def handle_error(self, request: Any, client_address: Any) -> None:
        # A client that disconnects and a scripted fault that closes the connection are not errors of the service.
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)
