# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One task in the test's process, against the real sandbox over real connections, in fast time.

No part of the collection is replaced. Its clock is an argument, and the sandbox uses the same clock.
"""

from __future__ import annotations

import json
import math
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from yandex.cloud.mdb.kafka.v1.connector_pb2 import Connector

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.clock import Clock
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.secrets import MASK
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._run.execute import Task, execute
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._run.progress import Progress
from ansible_collections.yandex_cloud.managed_kafka.plugins.modules.kafka_connector import TASK
from sandbox import Sandbox
from sandbox.calls import Call
from sandbox.operations import Operation
from support.raw_server import RawServer

# Seconds: the longest time between two polls of an operation.
LONGEST_DELAY = 5.0


class FastTime:
    """Seconds that last a fraction of a second: a clock for the collection and, when called, one for the sandbox."""

    def __init__(self, factor: float = 50) -> None:
        self.factor = factor
        self.restart()

    def restart(self) -> None:
        """Continue from the real time, because keys and tokens have dates."""
        self._wall, self._monotonic = time.time(), time.monotonic()

    def monotonic(self) -> float:
        return (time.monotonic() - self._monotonic) * self.factor

    def sleep(self, seconds: float, /) -> None:
        time.sleep(seconds / self.factor)

    def __call__(self) -> float:
        return self._wall + self.monotonic()


@dataclass(repr=False)
class Report:
    """The end of a task.

    :param seconds: its duration on its own clock
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

    def __getitem__(self, key: str) -> Any:
        return self.result[key]

    def __repr__(self) -> str:
        operations = self.result.get("operations", [self.result.get("operation")])
        seen = [
            f"{operation['id']} {'done' if operation['done'] else 'running'}" for operation in operations if operation
        ]
        ended = "failed" if self.failed else "ok"
        changed = self.result.get("changed")
        return f"<{ended} after {self.seconds:.1f} s, changed: {changed}, operations: {seen}, msg: {self.msg}>"


def report_nothing(subjects: Sequence[Progress], waited: float) -> float:
    """Show no progress of a waiting task."""
    return math.inf


def perform(
    options: Mapping[str, Any],
    *,
    task: Task = TASK,
    environ: Mapping[str, str] | None = None,
    clock: Clock = time,
    check_mode: bool = False,
) -> Report:
    """Run a task in this process, and check what is true for every task."""
    validated = ArgumentSpecValidator(task.argument_spec, **task.constraints).validate(dict(options))
    if validated.error_messages:
        return Report({"changed": False, "msg": validated.errors.msg}, True, [], 0.0)
    params = validated.validated_parameters
    started = clock.monotonic()
    # Private in ansible-core, without a public equivalent: the values of no_log options.
    hidden = validated._no_log_values
    ended = execute(task, params, environ or {}, check_mode, report_nothing, hidden=hidden, clock=clock)
    report = Report(ended.result, ended.failed, ended.warnings, clock.monotonic() - started)
    text = json.dumps(report.result)
    assert not [secret for secret in ended.secrets if secret != MASK and secret in text], report
    # A request near the deadline can take a real second, and this machine can be busy.
    slack = 2 * getattr(clock, "factor", 1.0)
    assert report.seconds <= params.get("wait_timeout", math.inf) + LONGEST_DELAY + slack, report
    assert "\n" not in report.result.get("msg", ""), report
    assert "a bug in yandex_cloud" not in text, report
    assert report.failed <= bool(report.result.get("msg")), report
    assert report.failed or "error" not in report.result, report
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
            self.key = json.dumps(self.sandbox.service_account_key())
            self._running = starting.pop_all()
        self.reset()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._running.close()

    def reset(self, *names: str, status: str = "RUNNING") -> None:
        """Remove everything, and add a cluster with connectors of these names."""
        self.server.reset()
        self.sandbox.reset()
        self.clock.restart()
        self.cluster_id = self.sandbox.cloud.add_cluster()
        for name in names or ("mirror",):
            self.sandbox.cloud.add_connector(self.cluster_id, name, status=status)

    def end_operations_at_poll(self, number: int) -> None:
        """Let each operation end when it is polled for the nth time, and not by a time."""
        self.sandbox.behaviour.operation_seconds = 1_000_000
        polls: Counter[str] = Counter()

        def end(call: Call) -> None:
            operation_id = call.message["operation_id"]
            polls[operation_id] += 1
            if polls[operation_id] == number:
                self.sandbox.cloud.finish(operation_id)

        self.sandbox.on_request("Operation.Get", end)

    def task(self, **options: Any) -> dict[str, Any]:
        """Return the options of a task. By default, it pauses the connector mirror. None removes an option."""
        base: dict[str, Any] = {"endpoint": self.server.url, "cluster_id": self.cluster_id, "state": "paused"}
        if "names" not in options:
            base["name"] = "mirror"
        if not options.keys() & {"iam_token", "service_account_key", "no_credential"}:
            base["iam_token"] = self.sandbox.iam_token()
        options.pop("no_credential", None)
        return {name: value for name, value in {**base, **options}.items() if value is not None}

    def perform(self, environ: Mapping[str, str] | None = None, *, check_mode: bool = False, **options: Any) -> Report:
        """Run a task of kafka_connector with the options of ``task``."""
        return perform(self.task(**options), environ=environ, clock=self.clock, check_mode=check_mode)

    def look(self, task: Task, environ: Mapping[str, str] | None = None, **options: Any) -> Report:
        """Run a task of another module."""
        connection = {"endpoint": self.server.url, "iam_token": self.sandbox.iam_token()}
        return perform({**connection, **options}, task=task, environ=environ, clock=self.clock)

    def status(self, name: str = "mirror") -> str | None:
        """Return the status in the cloud, regardless of what a task reports."""
        connector = self.sandbox.cloud.connector(self.cluster_id, name)
        names = {number: status for status, number in Connector.Status.items()}
        return None if connector is None else names.get(connector.status, str(connector.status))

    def operations(self, kind: str = "pause", name: str | None = None) -> list[Operation]:
        """Return the operations of one kind, regardless of who started them."""
        return [
            operation
            for operation in self.sandbox.cloud.operations()
            if operation.kind == kind and name in (None, operation.connector_name)
        ]

    def keys(self, rpc: str = "Pause") -> set[str]:
        """Return the idempotency keys that reached the service for the cluster.

        A request that an earlier test has given up can still arrive, for a cluster of that test.
        """
        calls = self.sandbox.requests_of(rpc)
        return {call.idempotency_key for call in calls if call.message.get("cluster_id") == self.cluster_id}
