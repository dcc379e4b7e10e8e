# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The metadata service of an instance, as far as IAM tokens go."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from sandbox.identity import Identity, Subject, new_subject

TOKEN_PATH = "/computeMetadata/v1/instance/service-accounts/default/token"


class Metadata:
    """`role` is that of the instance's service account; `status` other than 200 and `delay_seconds` are trouble."""

    def __init__(self, identity: Identity, clock: Callable[[], float]) -> None:
        self._identity = identity
        self._clock = clock
        self._closing = threading.Event()
        self.reset()
        metadata = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, body = metadata._answer(self.path, self.headers.get("Metadata-Flavor"))
                self.send_response(status)
                self.send_header("Metadata-Flavor", "Google")
                self.send_header("Content-Type", "application/json" if status == 200 else "text/plain")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Nothing on the terminal."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self._server.server_port}"

    def reset(self) -> None:
        self.role = "editor"
        self._subjects: dict[str, Subject] = {}
        self.status = 200
        self.delay_seconds = 0.0
        self.requests: list[str] = []
        """The paths asked for."""

    def start(self) -> None:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, path: str, flavor: str | None) -> tuple[int, bytes]:
        self.requests.append(path)
        self._closing.wait(self.delay_seconds)
        if self.status != 200:
            return self.status, b"metadata service is in trouble"
        if flavor != "Google":
            return 403, b"Missing Metadata-Flavor:Google header"
        if path != TOKEN_PATH:
            return 404, b"Not found"
        # the account stays the same from token to token
        subject = self._subjects.setdefault(self.role, new_subject(self.role))
        token, expires_at = self._identity.issue(subject)
        expires_in = int(expires_at - self._clock())
        return 200, json.dumps({"access_token": token, "expires_in": expires_in, "token_type": "Bearer"}).encode()
