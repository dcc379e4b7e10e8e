# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A scripted wire: exactly the requests of a script, in its order. It replaces the requests library, nothing else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api import messages
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.client import Client
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.clock import Deadline
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.endpoint import parse_endpoint
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.errors import ApiError
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.http import Http
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.secrets import Secrets
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.token import Credential, StaticToken
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.transport import Request, Response
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._run.execute import Ended, Task, execute
from ansible_collections.yandex_cloud.managed_kafka.plugins.plugin_utils.progress import ProgressLines

CLUSTER_ID = "c9qtest"
CONNECTORS = f"mdb /managed-kafka/v1/clusters/{CLUSTER_ID}/connectors"
CONNECTOR = f"{CONNECTORS}/mirror"
PAUSE = f"{CONNECTORS}/pause/mirror"
RESUME = f"{CONNECTORS}/resume/mirror"
OPERATION = "operation /operations/op1"


class FakeClock:
    """A clock that moves only when somebody sleeps."""

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
    """One call of a script: the expected request, and the response.

    :param method: GET, POST, ...
    :param place: service and path, such as "mdb /managed-kafka/v1/..."
    :param answer: a JSON value, text, bytes, or an exception to be raised instead
    :param query: the exact parameters; None: not checked
    :param sent: the exact JSON body; None: not checked
    :param takes: seconds until the response
    """

    method: str
    place: str
    answer: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] | None = None
    sent: Any = None
    takes: float = 0.0


class Wire:
    """A transport that answers from a script. As a context manager it fails if calls of the script are left over."""

    def __init__(self, *calls: Call, clock: FakeClock | None = None) -> None:
        self.script = list(calls)
        self.clock = clock or FakeClock()
        self.requests: list[Request] = []
        self.timeouts: list[float] = []
        self.lines: list[str] = []

    def __enter__(self) -> Wire:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            assert not self.script, f"never requested: {self.script}"

    def __call__(self, request: Request, timeout: float, proxies: Mapping[str, str]) -> Response:
        parts = urlsplit(request.url)
        place = f"{(parts.hostname or '').partition('.')[0]} {parts.path}"
        # pytest.fail raises a BaseException. An AssertionError would count as a bug of the collection and be hidden.
        if not self.script:
            pytest.fail(f"one request too many: {request.method} {place}")
        call = self.script.pop(0)
        if (request.method, place) != (call.method, call.place):
            pytest.fail(f"{request.method} {place} instead of {call.method} {call.place}")
        if call.query is not None and dict(parse_qsl(parts.query)) != call.query:
            pytest.fail(f"query {parts.query} instead of {call.query}")
        if call.sent is not None and json.loads(request.body or b"null") != call.sent:
            pytest.fail(f"body {request.body!r} instead of {call.sent}")
        self.requests.append(request)
        self.timeouts.append(timeout)
        self.clock.time += call.takes
        if isinstance(call.answer, Exception):
            raise call.answer
        answer = call.answer if isinstance(call.answer, (str, bytes)) else json.dumps(call.answer)
        body = answer.encode() if isinstance(answer, str) else answer
        return Response(call.status, {name.lower(): value for name, value in call.headers.items()}, body)

    def keys(self) -> list[str | None]:
        """Return the idempotency keys of the changes, in order."""
        return [request.headers.get("Idempotency-Key") for request in self.requests if request.method != "GET"]

    def client(
        self,
        *,
        wait_timeout: float = 1200,
        credential: Credential | None = None,
        timeout: float = 30.0,
        retries: float = 5,
    ) -> Client:
        """Return a client that sends its requests over this wire."""
        http = Http(self, Secrets(), timeout, retries, {"User-Agent": "tests"})
        credential = credential or StaticToken("t1.static.token", "iam_token")
        return Client(http, parse_endpoint("api.cloud.yandex.net"), credential, Deadline(wait_timeout, self.clock))

    def run(
        self,
        task: Task,
        *,
        check_mode: bool = False,
        environ: Mapping[str, str] | None = None,
        **options: Any,
    ) -> Ended:
        """Run a task over this wire, from its options to its result.

        A test that gives no credential gets an IAM token, unless it gives an environment.
        """
        if environ is None and not options.keys() & {"iam_token", "service_account_key", "service_account_key_file"}:
            options["iam_token"] = "t1.static.token"
        validator = ArgumentSpecValidator(task.argument_spec, **task.constraints)
        validated = validator.validate(options)
        assert not validated.error_messages, validated.error_messages
        return execute(
            task,
            validated.validated_parameters,
            environ or {},
            check_mode,
            ProgressLines(self.lines.append),
            hidden=validated._no_log_values,
            clock=self.clock,
            transport=self,
        )


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


def lost() -> ApiError:
    """Return what a transport raises for a change whose response was lost."""
    host = "mdb.api.cloud.yandex.net"
    return ApiError(messages.BROKEN, host=host, cause="reset", transient=True, response_lost=True)


NOT_FOUND = status(5, "Connector not found")
CONFLICT = status(9, 'conflicting operation "op9" detected')
EMPTY: dict[str, Any] = {}
