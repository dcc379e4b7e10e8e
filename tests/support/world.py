# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One task in this process, against the real sandbox over the real network, in a time that passes faster.

Nothing of the client is replaced: it takes its clock as an argument, and so does the sandbox.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from integration.raw_server import RawServer
from yandex.cloud.mdb.kafka.v1.connector_pb2 import Connector

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.clock import Clock
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._run.execute import execute
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._run.progress import Progress
from ansible_collections.yandex_cloud.managed_kafka.plugins.modules.kafka_connector import TASK
from sandbox import Sandbox
from sandbox.operations import Operation

# Seconds: the longest time between two polls of an operation.
LONGEST_DELAY = 5.0


class FastTime:
    """Seconds that last a fraction of one: a clock for the client, and, when called, one for the sandbox."""

    def __init__(self, factor: float = 50) -> None:
        self.factor = factor
        self.restart()

    def restart(self) -> None:
        """Go on from the time that it really is: keys and tokens are dated."""
        self._wall, self._monotonic = time.time(), time.monotonic()

    def monotonic(self) -> float:
        return (time.monotonic() - self._monotonic) * self.factor

    def sleep(self, seconds: float, /) -> None:
        time.sleep(seconds / self.factor)

    def __call__(self) -> float:
        return self._wall + self.monotonic()


@dataclass(repr=False)
class Report:
    """How a task ended.

    :param seconds: that it took, on its own clock
    """

    result: dict[str, Any]
    failed: bool
    warnings: list[str]
    seconds: float

    @property
    def changed(self) -> bool:
        changed: bool = self.result["changed"]
        return changed

    @property
    def msg(self) -> str:
        return str(self.result["msg"])

    def __repr__(self) -> str:
        operations = self.result.get("operations", [self.result.get("operation")])
        seen = [
            f"{operation['id']} {'done' if operation['done'] else 'running'}" for operation in operations if operation
        ]
        ended = "failed" if self.failed else "ok"
        return f"<{ended} after {self.seconds:.1f} s, changed: {self.changed}, operations: {seen}, msg: {self.msg}>"


def report_nothing(subjects: Sequence[Progress], waited: float) -> float:
    """Show no progress of a waiting task."""
    return math.inf


def perform(
    options: Mapping[str, Any],
    *,
    environ: Mapping[str, str] | None = None,
    clock: Clock = time,
    check_mode: bool = False,
) -> Report:
    """Run kafka_connector with these options in this process."""
    validated = ArgumentSpecValidator(TASK.argument_spec, **TASK.constraints).validate(dict(options))
    assert not validated.error_messages, validated.error_messages
    params = validated.validated_parameters
    started = clock.monotonic()
    ended = execute(TASK, params, environ or {}, check_mode, report_nothing, clock=clock)
    report = Report(ended.result, ended.failed, ended.warnings, clock.monotonic() - started)
    text = json.dumps(report.result)
    assert not [secret for secret in ended.secrets if secret in text], report
    # A request near the deadline can take a real second, and this machine can be busy.
    slack = 2 * getattr(clock, "factor", 1.0)
    assert report.seconds <= params["wait_timeout"] + LONGEST_DELAY + slack, report
    assert report.msg, report
    assert "\n" not in report.msg, report
    assert "a bug in yandex_cloud" not in text, report
    assert "error" not in report.result or report.result["error"].keys() >= {"http_status", "message"}, report
    return report


class World:
    """A sandbox with a raw server before it, and a cluster with connectors."""

    def __init__(self, factor: float = 50) -> None:
        self.clock = FastTime(factor)
        self.sandbox = Sandbox(clock=self.clock)
        self.server = RawServer()
        self._running = ExitStack()

    def __enter__(self) -> World:
        with ExitStack() as starting:
            starting.enter_context(self.sandbox)
            self.server = starting.enter_context(RawServer(self.sandbox.url))
            self.key = self.sandbox.service_account_key()
            self._running = starting.pop_all()
        self.reset()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._running.close()

    def reset(self, *names: str, status: str = "RUNNING") -> None:
        """Begin anew, with connectors of these names."""
        self.server.reset()
        self.sandbox.reset()
        self.clock.restart()
        self.cluster_id = self.sandbox.cloud.add_cluster()
        for name in names or ("mirror",):
            self.sandbox.cloud.add_connector(self.cluster_id, name, status=status)

    def task(self, **options: Any) -> dict[str, Any]:
        """Return the options of a task: without more, that the connector mirror shall be paused."""
        base: dict[str, Any] = {"endpoint": self.server.url, "cluster_id": self.cluster_id, "state": "paused"}
        if "names" not in options:
            base["name"] = "mirror"
        if not options.keys() & {"iam_token", "service_account_key", "no_credential"}:
            base["iam_token"] = self.sandbox.iam_token()
        options.pop("no_credential", None)
        return {**base, **options}

    def perform(self, environ: Mapping[str, str] | None = None, **options: Any) -> Report:
        return perform(self.task(**options), environ=environ, clock=self.clock)

    def status(self, name: str = "mirror") -> str | None:
        """What the cloud says, whatever the client believes."""
        connector = self.sandbox.cloud.connector(self.cluster_id, name)
        names = {number: status for status, number in Connector.Status.items()}
        return None if connector is None else names.get(connector.status, str(connector.status))

    def operations(self, kind: str = "pause", name: str | None = None) -> list[Operation]:
        """Operations of one kind, whoever began them."""
        return [
            operation
            for operation in self.sandbox.cloud.operations()
            if operation.kind == kind and name in (None, operation.connector_name)
        ]

    def keys(self, rpc: str = "Pause") -> set[str]:
        """Idempotency keys that reached the service."""
        return {call.idempotency_key for call in self.sandbox.requests_of(rpc)}
