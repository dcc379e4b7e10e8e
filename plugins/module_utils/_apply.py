# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The shell that acts: reads a connector, takes the steps that the plan names, verifies that each had its effect."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._client import Answer, Client
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._clock import SHORTEST_PACE, backoff, pace
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._cluster import Cluster
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._connector import (
    VERBS,
    Connector,
    Step,
    Wanted,
    agenda,
    response_connector,
    step_for,
)
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._errors import (
    ApiError,
    DeadlineError,
    Error,
    InputError,
    InternalError,
)
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._operation import (
    OperationFailed,
    OperationTimeout,
    wait,
)
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._outcome import Outcome

# seconds for what was configured to show in the connector, after the operation has ended
_GRACE = 10.0
# seconds after which what was read is read again before a change: while a connector waits for its turn, somebody else
# may do the same, and a second pause is not harmless
FRESH = 1.0


class Converger:
    """Brings connectors of one cluster to what is wanted of them.

    :param cluster: that they belong to
    :param wanted: of each
    :param check_mode: send no change
    :param wait: for the last change of each; those that others depend on are waited for in any case
    :param shortest_pace: seconds, the least between two polls of an operation
    """

    def __init__(
        self,
        client: Client,
        cluster: Cluster,
        wanted: Wanted,
        *,
        check_mode: bool,
        wait: bool,
        shortest_pace: float = SHORTEST_PACE,
    ) -> None:
        self._client = client
        self._cluster = cluster
        self._wanted = wanted
        self._check_mode = check_mode
        self._wait = wait
        self._shortest_pace = shortest_pace

    def converge(
        self,
        outcome: Outcome,
        before_waiting: Callable[[bool], None] = lambda begun: None,  # noqa: ARG005
    ) -> Outcome:
        """Take the steps that are needed.

        :param outcome: begins with the connector as it was read; is kept up to date whatever happens
        :param before_waiting: called before another change, which is in the way, is waited for; is told whether
            changes of this connector were accepted already
        :raises Error: with the outcome so far among its facts
        """
        try:
            items = agenda(self._wanted, outcome.connector)
            for number, item in enumerate(items, 1):
                if not self._take(outcome, item, items[number:], before_waiting):
                    break
        except Exception as cause:
            error = cause if isinstance(cause, Error) else InternalError(cause)
            error.facts = {**outcome.facts(), **error.facts}
            # what was asked for and failed is no difference to show
            del error.facts["diff"]
            operation = outcome.operation
            if operation and not operation.get("done") and not isinstance(error, (OperationFailed, OperationTimeout)):
                error.advice = f"{error.advice} Operation {operation['id']} goes on at the server.".strip()
            if self._has_half_restarted(outcome, error):
                go_on = "Go on with state: running, for state: restarted would begin anew."
                error.advice = f"{error.advice} {go_on}".strip()
            raise error.during(self.label(outcome)) from None
        return outcome

    def label(self, outcome: Outcome) -> str:
        """Return what was attempted last, on what, for a message."""
        attempted = outcome.attempted or VERBS[self._wanted.state]
        return f"{attempted} connector {outcome.name} of cluster {self._cluster.id}"

    def _has_half_restarted(self, outcome: Outcome, error: Error) -> bool:
        """Tell whether a restart has come so far that another one would be too much."""
        if self._wanted.state != "restarted" or outcome.connector is None:
            return False
        return outcome.attempted == "resume" or (outcome.changed and not isinstance(error, OperationFailed))

    def _maybe(self, step: Step) -> str:
        """Return what to say of a step that may have been accepted although its answer was lost."""
        half = self._wanted.state == "restarted" and step.action == "resume"
        again = "" if half else ": run again, which sends it only if needed"
        return f"It may have been accepted all the same{again}."

    def _take(
        self, outcome: Outcome, item: str, later: tuple[str, ...], before_waiting: Callable[[bool], None]
    ) -> bool:
        """See to one item of the agenda, for as long as it needs a change and none has been accepted.

        :param later: items that depend on this one
        :return: False when the task shall not wait for this change, which is the last one
        """
        deadline = self._client.deadline
        conflicts: list[str] = []
        lost: tuple[Step, str] | None = None
        while step := step_for(item, self._wanted, outcome.connector, outcome.name):
            if self._check_mode:
                outcome.steps.append(step)
                outcome.connector = step.connector and {"cluster_id": self._cluster.id, **step.connector}
                return True
            outcome.attempted = step.action
            if deadline.passed:
                raise DeadlineError(
                    f"timed out after {deadline.seconds:g} s (wait_timeout), before it could be asked for",
                    self._maybe(step) if lost else "",
                )
            if outcome.read_at is not None and deadline.now() - outcome.read_at > FRESH:
                self._reread(outcome)
                continue
            # a new try is a change of its own, unless an answer was lost: then the same key finds what it began
            key = lost[1] if lost and lost[0].body == step.body else str(uuid.uuid4())
            try:
                answer = self._send(outcome.name, step, key)
            except ApiError as error:
                # what became of an earlier try with this key is as unknown as before
                error.lost = error.lost or (lost is not None and key == lost[1])
                if error.conflicting_operation:
                    conflicts.append(error.conflicting_operation)
                    try:
                        before_waiting(bool(outcome.steps))
                    except DeadlineError as late:
                        late.error = error.error
                        late.advice = self._maybe(step) if error.lost else late.advice
                        raise
                self._reconsider(outcome, item, step, error, conflicts)
                lost = (step, key) if error.lost else None
                continue
            outcome.operation = answer.body
            outcome.steps.append(step)
            last = not any(step_for(other, self._wanted, step.connector, outcome.name) for other in later)
            if last and not self._wait and answer.body.get("error") is None:
                return False
            # an operation that was found by its key may be an older one: then its response says nothing
            self._finish(outcome, item, step, answer, response_counts=lost is None)
            return True
        return True

    def _reconsider(self, outcome: Outcome, item: str, step: Step, error: ApiError, conflicts: list[str]) -> None:
        """Read the connector again after a change was not accepted, to see whether the change is still needed.

        :param conflicts: IDs of the operations that have been in the way, this time's included
        :raises ApiError: it is needed, and there is no use in sending it again
        """
        if error.lost:
            error.advice = f"{error.advice} {self._maybe(step)}".strip()
        if not error.refused or error.http_status == 401:
            raise error
        conflict = error.conflicting_operation
        if conflict is not None:
            self._wait_out(conflicts, step, error)
        self._reread(outcome)
        needed = step_for(item, self._wanted, outcome.connector, outcome.name)
        if needed is None and error.lost:
            # most likely it was an earlier try, whose answer was lost, that did it
            outcome.steps.append(step)
        elif needed is not None and needed.action == step.action and conflict is None:
            raise error

    def _reread(self, outcome: Outcome) -> Connector | None:
        """Read the connector again, within the deadline whatever happens meanwhile."""
        deadline = self._client.deadline
        failed = 0
        while True:
            try:
                outcome.connector = self._cluster.read(outcome.name, patient=True)
            except ApiError as error:
                # the list after a NOT_FOUND, or a fresh token, was not to be had
                failed += 1
                delay = backoff(failed, error.retry_after)
                if not error.passing or delay >= deadline.remaining():
                    raise
                deadline.sleep(delay)
            else:
                outcome.read_at = deadline.now()
                return outcome.connector

    def _send(self, name: str, step: Step, idempotency_key: str) -> Answer:
        """Ask for a change; the answer is its Operation."""
        method, *segments = {
            "create": ("POST",),
            "update": ("PATCH", name),
            "delete": ("DELETE", name),
        }.get(step.action, ("POST", step.action, name))
        return self._client.change(
            method,
            *self._cluster.segments,
            "connectors",
            *segments,
            body=None if method == "DELETE" else dict(step.body),
            idempotency_key=idempotency_key,
        )

    def _wait_out(self, conflicts: list[str], step: Step, error: ApiError) -> None:
        """Wait until the operation that is in the way has ended, whatever its outcome.

        :param conflicts: as in ``_reconsider``
        """
        deadline = self._client.deadline
        operation_id = conflicts[-1]
        times = conflicts.count(operation_id)
        try:
            wait(self._client, {"id": operation_id})
        except (OperationFailed, OperationTimeout):
            pass
        except ApiError:
            times = len(conflicts) + 1
        if times > 1:
            # sending again is all that tells when the way is free: ever more slowly
            deadline.sleep(backoff(times - 1))
        if deadline.passed:
            late = DeadlineError(
                f"timed out after {deadline.seconds:g} s (wait_timeout): operation {operation_id} still keeps the "
                "cluster from this change",
                self._maybe(step) if error.lost else "It was not begun: run again when that operation has ended.",
            )
            late.error = error.error
            raise late

    def _finish(self, outcome: Outcome, item: str, step: Step, answer: Answer, *, response_counts: bool) -> None:
        """Wait until the operation has ended and the connector is what the step makes it.

        :param answer: to the change
        :param response_counts: whether the response of the operation can tell what the connector is now
        """

        def note(operation: Mapping[str, Any]) -> None:
            outcome.operation = operation

        operation = wait(self._client, answer.body, note, answer.headers, self._shortest_pace)
        if step.action == "delete":
            outcome.connector = None
            return
        connector = response_connector(operation)
        if response_counts and connector and connector["name"] == outcome.name and self._settled(item, connector):
            outcome.connector = connector
            # newer than any read before it: one that lags behind shall not take its place
            outcome.read_at = self._client.deadline.now()
            return
        deadline = self._client.deadline
        started = deadline.now()
        while True:
            connector = self._reread(outcome)
            if connector and self._settled(item, connector):
                return
            elapsed = deadline.now() - started
            if connector and item == "configure" and (elapsed > _GRACE or deadline.passed):
                self._client.warnings.append(
                    f"Operation {operation['id']} ended without an error, but connector {outcome.name} does not show "
                    "all that was asked for; the API may write it in another way. --check --diff shows what."
                )
                return
            if deadline.passed:
                shown = connector["status"] if connector else "missing"
                wanted = step.connector["status"] if step.connector else "missing"
                raise DeadlineError(
                    f"operation {operation['id']} ended without an error, but after {deadline.seconds:g} s "
                    f"(wait_timeout) the connector is {shown}, not {wanted}",
                    "Look at the connector's health and log before going on.",
                )
            deadline.sleep(pace(elapsed))

    def _settled(self, item: str, connector: Connector) -> bool:
        """Tell whether a connector shows what an item of the agenda wants; write-only fields never show."""
        try:
            return step_for(item, self._wanted._replace(update_secrets=False), connector) is None
        except InputError:
            # it shows less than was accepted, or shows it in another way
            return False
