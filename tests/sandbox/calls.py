# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every call of the cloud, recorded in order, and hooks that run before and after a call."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message

from sandbox.identity import NOBODY, Subject


@dataclass
class Call:
    rpc: str
    """Full name: `yandex.cloud.mdb.kafka.v1.ConnectorService.Pause`."""

    request: Message
    headers: dict[str, str]
    """HTTP headers that reached the service. Names are in lower case."""

    peer: str = ""
    time: float = field(default_factory=time.monotonic)
    code: str | None = None
    """gRPC code of the result. It is None while the call is in progress."""

    subject: Subject = NOBODY

    @property
    def name(self) -> str:
        """`Pause`."""
        return self.rpc.rpartition(".")[2]

    @property
    def short_name(self) -> str:
        """`Connector.Pause`. This form distinguishes `Connector.Get` from `Operation.Get`."""
        service, dummy, name = self.rpc.rpartition(".")
        return f"{service.rpartition('.')[2].removesuffix('Service')}.{name}"

    @property
    def message(self) -> dict[str, Any]:
        """The request as a dictionary. Names are those of the protobufs."""
        return MessageToDict(self.request, preserving_proto_field_name=True)

    @property
    def idempotency_key(self) -> str:
        return self.headers.get("idempotency-key", "")

    @property
    def request_id(self) -> str:
        return self.headers.get("x-request-id", "")

    def matches(self, rpc: str) -> bool:
        """Return whether `rpc` names this call in one of the three forms. An empty `rpc` names every call."""
        return rpc in ("", self.name, self.short_name, self.rpc)


Hook = Callable[[Call], None]


class Calls:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._recorded: list[Call] = []
        self._hooks: list[tuple[str, bool, Hook]] = []

    def recorded(self, rpc: str = "") -> list[Call]:
        with self._lock:
            return [call for call in self._recorded if call.matches(rpc)]

    def record(self, call: Call) -> None:
        with self._lock:
            self._recorded.append(call)

    def forget(self) -> None:
        with self._lock:
            self._recorded.clear()

    def on(self, rpc: str, hook: Hook, *, after: bool = False) -> None:
        with self._lock:
            self._hooks.append((rpc, after, hook))

    def clear_hooks(self) -> None:
        with self._lock:
            self._hooks.clear()

    def run_hooks(self, call: Call, *, after: bool) -> None:
        """Run the hooks of a call without the lock, because a hook may read the recorded calls."""
        with self._lock:
            hooks = [hook for rpc, when, hook in self._hooks if when is after and call.matches(rpc)]
        for hook in hooks:
            hook(call)
