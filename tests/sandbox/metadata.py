# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The metadata service of an instance. It serves only IAM tokens."""

from __future__ import annotations

import threading
from collections.abc import Callable

from sandbox.identity import Identity, Subject, new_subject
from sandbox.web import Request, Response, WebServer, json_response

TOKEN_PATH = "/computeMetadata/v1/instance/service-accounts/default/token"


class Metadata:
    def __init__(self, identity: Identity, clock: Callable[[], float]) -> None:
        self._identity = identity
        self._clock = clock
        self._closing = threading.Event()
        self._server = WebServer(self._answer)
        self.address = self._server.address
        self.reset()

    def reset(self) -> None:
        self.role = "editor"
        """Role of the instance's service account."""

        self.status = 200
        """Any other HTTP status makes the service fail with this status."""

        self.delay_seconds = 0.0
        self.requests: list[str] = []
        """Path of each request."""

        self._subjects: dict[str, Subject] = {}

    def start(self) -> None:
        self._server.start()

    def stop(self) -> None:
        self._closing.set()
        self._server.stop()

    def _answer(self, request: Request) -> Response:
        self.requests.append(request.path)
        self._closing.wait(self.delay_seconds)
        if self.status != 200:
            return _text(self.status, "The metadata service fails")
        if request.headers.get("metadata-flavor") != "Google":
            return _text(403, "Missing Metadata-Flavor:Google header")
        if request.path != TOKEN_PATH:
            return _text(404, "Not found")
        # Each token is a new one, but the service account stays the same.
        subject = self._subjects.setdefault(self.role, new_subject(self.role))
        token, expires_at = self._identity.issue(subject)
        body = {"access_token": token, "expires_in": int(expires_at - self._clock()), "token_type": "Bearer"}
        return json_response(200, body, {"Metadata-Flavor": "Google"})


def _text(status: int, body: str) -> Response:
    return Response(status, body.encode(), {"Content-Type": "text/plain", "Metadata-Flavor": "Google"})
