# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The shell that acts: reads a connector, takes the steps that the plan names, verifies that each had its effect."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._client import Client
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._clock import backoff, pace
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._cluster import Cluster
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._connector import (
    Connector,
    Step,
    Wanted,
    agenda,
    masked,
    merged_diff,
    operation_from_api,
    response_connector,
    step_for,
)
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._errors import (
    ApiError,
    DeadlineError,
    Error,
    InternalError,
)
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._operation import (
    OperationFailed,
    OperationTimeout,
    wait,
)


@dataclass
class Outcome:
    """What is known of one connector so far; it only ever grows more accurate.

    :param connector: as last read, or as it would be in check mode; None: it does not exist
    :param steps: those that the API accepted, or would be asked for in check mode
    :param operation: of the last step that was accepted, as the API gave it
    """

    connector: Connector | None
    steps: list[Step] = field(default_factory=list)
    operation: Mapping[str, Any] | None = None

    @property
    def changed(self) -> bool:
        """Whether a change was accepted."""
        return bool(self.steps)

    def facts(self) -> dict[str, Any]:
        """Return what a result shows of it, whether the task succeeded or failed."""
        facts: dict[str, Any] = {
            "changed": self.changed,
            "connector": masked(self.connector),
            "diff": masked(merged_diff(self.steps)),
        }
        if self.operation is not None:
            facts["operation"] = masked(operation_from_api(self.operation))
        return facts


class Converger:
    """Brings connectors of one cluster to what is wanted of them.

    :param cluster: that they belong to
    :param wanted: of each
    :param check_mode: send no change
    :param wait: for the last change of each; those that others depend on are waited for in any case
    """

    def __init__(self, client: Client, cluster: Cluster, wanted: Wanted, *, check_mode: bool, wait: bool) -> None:
        self._client = client
        self._cluster = cluster
        self._wanted = wanted
        self._check_mode = check_mode
        self._wait = wait

    def converge(self, name: str, current: Connector | None) -> Outcome:
        """Take the steps that are needed.

        :param current: the connector as it was just read
        :raises Error: with the outcome so far among its facts
        """
        outcome = Outcome(current)
        attempted = self._wanted.state
        try:
            actions = agenda(self._wanted, current)
            for number, action in enumerate(actions, 1):
                attempted = action
                self._take(name, action, outcome, wait=self._wait or number < len(actions))
        except Exception as cause:
            error = cause if isinstance(cause, Error) else InternalError(cause)
            error.facts = {**outcome.facts(), **error.facts}
            # what was asked for and failed is no difference to show
            del error.facts["diff"]
            operation = outcome.operation
            if operation and not operation.get("done") and not isinstance(error, (OperationFailed, OperationTimeout)):
                error.advice = f"{error.advice} Operation {operation['id']} goes on at the server.".strip()
            raise error.during(self._describe(attempted, name)) from None
        return outcome

    def _describe(self, action: str, name: str) -> str:
        verb = {"paused": "pause", "running": "resume", "restarted": "restart"}.get(action, action)
        return f"{verb} connector {name} of cluster {self._cluster.id}"

    def _take(self, name: str, action: str, outcome: Outcome, wait: bool) -> None:
        """Take one action of the agenda, for as long as it is needed and not yet accepted."""
        conflicts = 0
        idempotency_key = str(uuid.uuid4())
        while step := step_for(action, outcome.connector):
            if self._check_mode:
                outcome.steps.append(step)
                outcome.connector = step.connector
                return
            try:
                outcome.operation = self._send(name, step, idempotency_key)
            except ApiError as error:
                conflicts += 1
                self._reconsider(name, step, outcome, error, conflicts)
                if not error.lost:
                    # the next try is a change of its own; had the answer to a try been lost, the same key would find it
                    idempotency_key = str(uuid.uuid4())
                continue
            outcome.steps.append(step)
            if wait:
                self._finish(name, step, outcome, response_counts=conflicts == 0)
            return

    def _reconsider(self, name: str, step: Step, outcome: Outcome, error: ApiError, conflicts: int) -> None:
        """Read the connector again after a change was not accepted, to see whether the change is still needed.

        :param conflicts: how many there have been, this one included
        :raises ApiError: it is needed, and there is no use in sending it again
        """
        if not error.refused or error.http_status == 401:
            if error.lost:
                error.advice += " It may have been accepted all the same: run again, which sends it only if needed."
            raise error
        conflict = error.conflicting_operation
        if conflict is not None:
            self._wait_out(conflict, conflicts, error)
        outcome.connector = self._cluster.read(name, patient=True)
        if step_for(step.action, outcome.connector) is None:
            if error.lost:
                # most likely it was an earlier try, whose answer was lost, that did it
                outcome.steps.append(step)
        elif conflict is None:
            raise error

    def _send(self, name: str, step: Step, idempotency_key: str) -> Mapping[str, Any]:
        """Ask for a change; return its Operation."""
        deadline = self._client.deadline
        if deadline.passed:
            raise DeadlineError(f"timed out after {deadline.seconds:g} s (wait_timeout), before it could be asked for")
        return self._client.change(
            "POST",
            *self._cluster.segments,
            "connectors",
            step.action,
            name,
            body={},
            idempotency_key=idempotency_key,
        )

    def _wait_out(self, operation_id: str, conflicts: int, error: ApiError) -> None:
        """Wait until the operation that is in the way has ended, whatever its outcome.

        :param conflicts: how many there have been, this one included
        """
        deadline = self._client.deadline
        readable = True
        try:
            wait(self._client, {"id": operation_id})
        except (OperationFailed, OperationTimeout):
            pass
        except ApiError:
            readable = False
        if conflicts > 1 or not readable:
            # sending again is all that tells when the way is free: ever more slowly
            deadline.sleep(backoff(conflicts))
        if deadline.passed:
            late = DeadlineError(
                f"timed out after {deadline.seconds:g} s (wait_timeout): operation {operation_id}, which somebody else "
                "began, still keeps the cluster from other changes",
                "This change was not begun: run again when that operation has ended.",
            )
            late.error = error.error
            raise late

    def _finish(self, name: str, step: Step, outcome: Outcome, response_counts: bool) -> None:
        """Wait until the operation has ended and the connector is what the step makes it.

        :param response_counts: False: the operation may be an older one, found by its key, so the connector is read
        """

        def note(operation: Mapping[str, Any]) -> None:
            outcome.operation = operation

        operation = wait(self._client, outcome.operation or {}, note)
        connector = response_connector(operation)
        if response_counts and connector and connector["name"] == name and not step_for(step.action, connector):
            outcome.connector = connector
            return
        deadline = self._client.deadline
        started = deadline.now()
        while True:
            outcome.connector = self._cluster.read(name, patient=True)
            if step_for(step.action, outcome.connector) is None:
                return
            if deadline.passed:
                raise DeadlineError(
                    f"operation {operation['id']} ended without an error, but after {deadline.seconds:g} s "
                    f"(wait_timeout) the connector is {_status(outcome.connector)}, not {step.connector['status']}",
                    "Look at the connector's health and log before going on.",
                )
            deadline.sleep(pace(deadline.now() - started))


def _status(connector: Connector | None) -> str:
    return str(connector["status"]) if connector else "missing"
