# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A cloud in a few lines: connectors, operations, and the ways in which the service may behave."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.transport import Request, Response

AFTER = {"pause": "PAUSED", "resume": "RUNNING"}
NOT_FOUND, FAILED_PRECONDITION = 5, 9


@dataclass(frozen=True)
class Variant:
    """How the service behaves.

    :param exclusive: changes to the cluster exclude each other
    :param noop_is_error: a change that changes nothing is refused
    :param key_first: a known idempotency key is looked up before a conflict is
    """

    exclusive: bool = True
    noop_is_error: bool = False
    key_first: bool = True


@dataclass
class Operation:
    """A change that was accepted.

    :param requests: that the cloud received since
    """

    id: str
    action: str
    name: str
    client: int
    done: bool = False
    fails: bool = False
    has_effect: bool = True
    requests: int = 0

    def json(self) -> dict[str, Any]:
        """Return it as the API shows it."""
        shown: dict[str, Any] = {"id": self.id, "metadata": {"connectorName": self.name}}
        if self.done:
            shown["done"] = True
            if self.fails:
                shown["error"] = {"code": 13, "message": "broken"}
        return shown


@dataclass
class Cloud:
    """The service."""

    variant: Variant
    status: dict[str, str]
    operations: dict[str, Operation] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)

    def running(self) -> list[Operation]:
        """Return the operations that have not ended."""
        return [operation for operation in self.operations.values() if not operation.done]

    def end(self, operation: Operation) -> None:
        """Let an operation end."""
        operation.done = True
        if not operation.fails and operation.has_effect:
            self.status[operation.name] = AFTER[operation.action]

    def answer(self, request: Request, client: int) -> Response:
        """Carry out a request."""
        parts = request.url.partition("?")[0].split("/")
        if request.method == "POST":
            return self._change(parts[-2], parts[-1], request.headers["Idempotency-Key"], client)
        if parts[-2] == "operations":
            operation = self.operations.get(parts[-1])
            return refused(404, NOT_FOUND, "no such operation") if operation is None else good(self.shown(operation))
        if parts[-1] == "connectors":
            return good({"connectors": [self.connector(name) for name in self.status]})
        return good(self.connector(parts[-1]))

    def connector(self, name: str) -> dict[str, Any]:
        """Return a connector as the API shows it."""
        return {"name": name, "status": self.status[name], "health": "ALIVE"}

    def shown(self, operation: Operation) -> dict[str, Any]:
        """Return an operation, with its response if it has one."""
        shown = operation.json()
        if operation.done and not operation.fails:
            response = {"@type": "Connector", **self.connector(operation.name)}
            shown["response"] = {**response, "status": AFTER[operation.action]} if operation.has_effect else response
        return shown

    def _change(self, action: str, name: str, key: str, client: int) -> Response:
        known = self.keys.get(key)
        if known and self.variant.key_first:
            return good(self.shown(self.operations[known]))
        running = self.running()
        if running and self.variant.exclusive:
            return refused(400, FAILED_PRECONDITION, f'conflicting operation "{running[0].id}" detected')
        if known:
            return good(self.shown(self.operations[known]))
        if self.variant.noop_is_error and self.status[name] == AFTER[action]:
            return refused(400, FAILED_PRECONDITION, "no changes")
        operation = Operation(f"op{len(self.operations)}", action, name, client)
        self.operations[operation.id] = operation
        self.keys[key] = operation.id
        return good(self.shown(operation))


def good(body: dict[str, Any]) -> Response:
    """Return a response."""
    return Response(200, {}, json.dumps(body).encode())


def refused(http_status: int, code: int, message: str) -> Response:
    """Return an error response."""
    return Response(http_status, {}, json.dumps({"code": code, "message": message}).encode())
