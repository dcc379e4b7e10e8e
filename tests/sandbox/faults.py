# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Scripted faults: errors and delays of the next calls and the next operations."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from google.protobuf.message import Message

from sandbox.bootstrap import BODY_HEADER, STATUS_HEADER
from sandbox.calls import Call
from sandbox.status import Refused

FOREVER = 1_000_000_000
"""As `times`: until the faults are cleared."""


@dataclass
class CallFault:
    rpc: str
    times: int
    when: Callable[[Call], bool] | None
    after: bool
    delay_seconds: float = 0
    error: Refused | None = None
    reset: bool = False

    def matches(self, call: Call) -> bool:
        return call.matches(self.rpc) and (self.when is None or self.when(call))


@dataclass
class OperationFault:
    kind: str
    times: int
    connector: str | None
    error: Refused | None = None
    rollback_seconds: float = 0
    status: str | int | None = None

    def matches(self, kind: str, connector: str) -> bool:
        return kind == self.kind and self.connector in (None, connector)


_Fault = TypeVar("_Fault", CallFault, OperationFault)


class Faults:
    """Each fault applies `times` times. If several faults match a call, the first one applies.

    `rpc` is "Pause", "Connector.Get", or a full name. An empty `rpc` matches every call. `when` restricts a fault to
    calls for which it returns true. With `after`, the service first does its work, and only the response is lost.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: list[CallFault] = []
        self._operations: list[OperationFault] = []

    def abort(
        self,
        rpc: str,
        code: str,
        message: str = "scripted fault",
        *,
        details: Iterable[Message] = (),
        headers: Mapping[str, str] | None = None,
        times: int = 1,
        when: Callable[[Call], bool] | None = None,
        after: bool = False,
        delay_seconds: float = 0,
    ) -> None:
        """Return an error, for example RESOURCE_EXHAUSTED with the header `retry-after`."""
        error = Refused(code, message, details, headers)
        self._script(CallFault(rpc, times, when, after, delay_seconds, error=error))

    def delay(
        self,
        rpc: str,
        seconds: float,
        *,
        times: int = 1,
        when: Callable[[Call], bool] | None = None,
        after: bool = False,
    ) -> None:
        """Delay the usual response."""
        self._script(CallFault(rpc, times, when, after, delay_seconds=seconds))

    def reset(
        self, rpc: str, *, times: int = 1, when: Callable[[Call], bool] | None = None, after: bool = False
    ) -> None:
        """Close the connection between Envoy and the service. Envoy then returns 503 in plain text."""
        self._script(CallFault(rpc, times, when, after, reset=True))

    def answer(
        self,
        rpc: str,
        body: str,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        times: int = 1,
        when: Callable[[Call], bool] | None = None,
        after: bool = False,
    ) -> None:
        """Replace the HTTP response as a broken proxy does: by HTML, half of a JSON document, or a redirect."""
        replacement = {STATUS_HEADER: str(status), BODY_HEADER: body.encode().hex(), **(headers or {})}
        self._script(CallFault(rpc, times, when, after, error=Refused("UNKNOWN", "replaced", headers=replacement)))

    def fail_operation(
        self,
        kind: str,
        code: str = "INTERNAL",
        message: str = "operation failed",
        *,
        details: Iterable[Message] = (),
        connector: str | None = None,
        rollback_seconds: float = 0,
        times: int = 1,
    ) -> None:
        """End the next operation of this kind with an error. The operation is done `rollback_seconds` later."""
        error = Refused(code, message, details)
        self._script_operation(OperationFault(kind, times, connector, error, rollback_seconds))

    def end_operation(self, kind: str, status: str | int, *, connector: str | None = None, times: int = 1) -> None:
        """Let the next operation of this kind succeed, but leave the connector in another status."""
        self._script_operation(OperationFault(kind, times, connector, status=status))

    def clear(self) -> None:
        with self._lock:
            self._calls.clear()
            self._operations.clear()

    def take_call(self, call: Call) -> CallFault | None:
        with self._lock:
            return _take(self._calls, lambda fault: fault.matches(call))

    def take_operation(self, kind: str, connector: str) -> OperationFault | None:
        with self._lock:
            return _take(self._operations, lambda fault: fault.matches(kind, connector))

    def _script(self, fault: CallFault) -> None:
        with self._lock:
            self._calls.append(fault)

    def _script_operation(self, fault: OperationFault) -> None:
        with self._lock:
            self._operations.append(fault)


def _take(faults: list[_Fault], matches: Callable[[_Fault], bool]) -> _Fault | None:
    for fault in faults:
        if matches(fault):
            fault.times -= 1
            if fault.times <= 0:
                faults.remove(fault)
            return fault
    return None
