# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A wire that is scripted: the very requests of a script, in its order, and not one more or less."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
import urllib3
from requests.adapters import BaseAdapter

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._auth import StaticToken
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._client import Client, Credential
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._clock import Deadline
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._endpoint import parse_endpoint

CLUSTER_ID = "c9qtest"
CONNECTORS = f"mdb /managed-kafka/v1/clusters/{CLUSTER_ID}/connectors"
CONNECTOR = f"{CONNECTORS}/mirror"
PAUSE = f"{CONNECTORS}/pause/mirror"
RESUME = f"{CONNECTORS}/resume/mirror"
OPERATION = "operation /operations/op1"


class FakeClock:
    """A clock that moves when somebody sleeps, and not otherwise."""

    def __init__(self) -> None:
        self.time = 1000.0
        self.naps: list[float] = []

    def monotonic(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.time += seconds


@dataclass
class Call:
    """One call of a script: what has to be asked, and what is answered.

    :param method: GET, POST, ...
    :param place: service and path, such as "mdb /managed-kafka/v1/..."
    :param answer: a JSON value, text, bytes, or an exception to be raised instead
    :param query: parameters that must be there, exactly
    :param sent: JSON body that must be there; None: not looked at
    :param takes: seconds that pass until the answer is there
    """

    method: str
    place: str
    answer: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] | None = None
    sent: Any = None
    takes: float = 0.0


class Wire(BaseAdapter):
    """Answers requests from a script; as a context manager it fails when calls of the script are left over."""

    def __init__(self, *calls: Call, clock: FakeClock | None = None) -> None:
        super().__init__()
        self.script = list(calls)
        self.clock = clock or FakeClock()
        self.requests: list[requests.PreparedRequest] = []

    def __enter__(self) -> Wire:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            assert not self.script, f"never asked for: {self.script}"

    def send(self, request: requests.PreparedRequest, *_args: Any, **_options: Any) -> requests.Response:
        parts = urlsplit(request.url or "")
        place = f"{(parts.hostname or '').partition('.')[0]} {parts.path}"
        assert self.script, f"one too many: {request.method} {place}"
        call = self.script.pop(0)
        assert (request.method, place) == (call.method, call.place)
        if call.query is not None:
            assert dict(parse_qsl(parts.query)) == call.query
        if call.sent is not None:
            assert json.loads(request.body or "null") == call.sent
        self.requests.append(request)
        self.clock.time += call.takes
        if isinstance(call.answer, Exception):
            raise call.answer
        answer = call.answer if isinstance(call.answer, (str, bytes)) else json.dumps(call.answer)
        body = answer.encode() if isinstance(answer, str) else answer
        response = requests.Response()
        response.status_code = call.status
        response.headers.update(call.headers)
        response.raw = urllib3.HTTPResponse(
            io.BytesIO(body), headers=dict(call.headers), status=call.status, preload_content=False
        )
        response.request = request
        response.url = request.url or ""
        return response

    def close(self) -> None:
        pass

    def keys(self) -> list[str | None]:
        """Return the idempotency keys of the changes, in order."""
        return [request.headers.get("Idempotency-Key") for request in self.requests if request.method != "GET"]

    def client(self, *, wait_timeout: float = 1200, credential: Credential | None = None, **options: Any) -> Client:
        """Return a client that talks over this wire."""
        client = Client(parse_endpoint("api.cloud.yandex.net"), Deadline(wait_timeout, self.clock), **options)
        client.credential = credential or StaticToken("t1.static.token")
        client.session.mount("https://", self)
        client.session.mount("http://", self)
        return client


def connector(status: str = "RUNNING", **fields: Any) -> dict[str, Any]:
    """Return a Connector as the API shows it."""
    return {"name": "mirror", "clusterId": CLUSTER_ID, "tasksMax": "3", "status": status, "health": "ALIVE", **fields}


def operation(**fields: Any) -> dict[str, Any]:
    """Return an Operation as the API shows it; without more it is running."""
    return {"id": "op1", "description": "Pause connector", **fields}


def done(status: str, **fields: Any) -> dict[str, Any]:
    """Return an Operation that has ended with a Connector."""
    return operation(done=True, response={"@type": "type.googleapis.com/Connector", **connector(status)}, **fields)


def status(code: int, message: str, **fields: Any) -> dict[str, Any]:
    """Return a google.rpc.Status."""
    return {"code": code, "message": message, **fields}


NOT_FOUND = status(5, "Connector not found")
CONFLICT = status(9, 'conflicting operation "op9" detected')
EMPTY: dict[str, Any] = {}
