# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The core: change one connector to the desired state, and verify that each change took effect.

A pause, from top to bottom: ``start`` asks the plan whether a pause is needed, reads the connector again if the last
read is old, sends the pause, and waits for operations that block it. ``finish`` waits for the operation, and reads the
connector until it is PAUSED.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .._api.client import Accepted, Client, Refused
from .._api.clock import backoff, poll_delay
from .._api.errors import ApiError, DeadlineError
from .._api.operation import OperationFailed, OperationTimeout, wait
from .._connector.model import Step, Wanted, response_connector
from .._connector.plan import GOALS, is_settled, needs_change, step_for
from . import messages
from .cluster import Cluster
from .explain import blocked
from .progress import Change, Lost, Progress

# Seconds after which a connector is read again before a change: another client may have changed it since.
_FRESH = 1.0
# Seconds for a change to show in the connector after its operation has ended.
_GRACE = 10.0


class Converger:
    """Changes connectors of one cluster to the desired state.

    :param check_mode: send no change
    :param warn: receives warnings
    """

    def __init__(
        self, client: Client, cluster: Cluster, wanted: Wanted, *, check_mode: bool, warn: Callable[[str], None]
    ) -> None:
        self._client = client
        self._deadline = client.deadline
        self._cluster = cluster
        self._wanted = wanted
        self._check_mode = check_mode
        self._warn = warn
        self.is_exclusive = wanted.state == "restarted"
        """Whether a change must end before the next one is sent."""

    def start(self, progress: Progress) -> Change | None:
        """Send what each goal needs, until the last change is accepted. Return that change; None: none is needed.

        :raises Error: a change was not accepted, or an earlier one had no effect
        """
        goals = GOALS[self._wanted.state]
        change: Change | None = None
        for position, goal in enumerate(goals):
            if change:
                more = needs_change(self._wanted, change.step.connector, goals[position:])
                if not self._wanted.wait and not more:
                    break
                self.finish(progress, change)
            change = self._change(progress, goal)
        if change and not self._wanted.wait and _has_ended(change.accepted.operation):
            self.finish(progress, change)
        return change

    def finish(self, progress: Progress, change: Change) -> None:
        """Wait until a change has taken effect.

        :raises Error: its operation failed, or it had no effect within the deadline
        """
        latest: Change | None = change
        while latest and not self._has_taken_effect(progress, latest):
            # The operation was an older one, and its effect is gone. The change is sent again with a new key.
            latest = self._change(progress, change.goal)

    def _change(self, progress: Progress, goal: str) -> Change | None:
        """Send the change that a goal needs, until it is accepted or not needed any more.

        :raises ApiError: it was refused, or its response was lost
        :raises DeadlineError: another operation blocked it
        """
        conflicts: list[str] = []
        refusals = 0
        busy: DeadlineError | None = None
        while step := step_for(goal, self._wanted, progress.connector, progress.name):
            if self._check_mode:
                progress.steps.append(step)
                progress.connector = step.connector and {"cluster_id": self._cluster.id, **step.connector}
                return None
            progress.attempted = step.action
            if self._deadline.passed:
                raise busy or DeadlineError(messages.NOT_SENT, seconds=self._deadline.seconds)
            if self._is_outdated(progress):
                self._read(progress)
                continue
            sent = self._send(progress, step)
            if isinstance(sent, Accepted):
                progress.steps.append(step)
                progress.operation = sent.operation
                return Change(goal, step, sent, self._deadline.now())
            if sent.blocker:
                conflicts.append(sent.blocker)
                busy = self._wait_for_blocker(sent, conflicts)
            refusals += not sent.blocker
            self._read(progress)
            self._reconsider(progress, goal, step, sent, refusals)
        return None

    def _send(self, progress: Progress, step: Step) -> Accepted | Refused:
        """Send a change.

        :raises ApiError: the service did not say whether it accepts the change
        """
        # After a lost response the same key finds the operation that the first request may have started.
        lost = progress.lost if progress.lost and progress.lost.step.is_same(step) else None
        key = lost.key if lost else str(uuid.uuid4())
        method, *segments = {
            "create": ("POST",),
            "update": ("PATCH", progress.name),
            "delete": ("DELETE", progress.name),
        }.get(step.action, ("POST", step.action, progress.name))
        body = None if method == "DELETE" else dict(step.body)
        try:
            sent = self._client.change(method, *self._cluster.segments, "connectors", *segments, body=body, key=key)
        except ApiError as error:
            if error.response_lost:
                progress.lost = Lost(step, key)
            raise
        if isinstance(sent, Accepted):
            progress.lost = None
            return sent._replace(after_loss=sent.after_loss or lost is not None)
        progress.lost = Lost(step, key) if sent.error.response_lost or lost else None
        return sent

    def _reconsider(self, progress: Progress, goal: str, step: Step, refused: Refused, refusals: int) -> None:
        """Decide after a refusal, when the connector has been read again, whether to continue.

        :param refusals: number of refusals without a conflict
        :raises ApiError: the change is still needed, and another attempt cannot help
        """
        needed = step_for(goal, self._wanted, progress.connector, progress.name)
        if needed is None:
            if progress.lost:
                # Most likely an earlier attempt, whose response was lost, made the change.
                progress.steps.append(step)
                progress.lost = None
        elif refused.blocker or needed.action != step.action:
            return
        # The service also refuses a change that another client has just made. That client may have undone it since.
        elif refused.error.status != "FAILED_PRECONDITION" or refusals > 1:
            raise refused.error

    def _is_outdated(self, progress: Progress) -> bool:
        """Return whether another client may have changed the connector since it was read."""
        return progress.read_at < self._deadline.woke_at or self._deadline.now() - progress.read_at > _FRESH

    def _read(self, progress: Progress) -> None:
        """Read the connector again. Temporary errors are retried until the deadline."""
        progress.show(self._cluster.patient.read(progress.name), self._deadline.now())

    def _wait_for_blocker(self, refused: Refused, conflicts: Sequence[str]) -> DeadlineError:
        """Wait until the operation that blocks a change has ended, regardless of its result.

        Return the error for a deadline that passes before the change is sent again.

        :param conflicts: IDs of the operations that have blocked this change; the last one is the current one
        :raises DeadlineError: it did not end within the deadline
        """
        self.is_exclusive = True
        known: dict[str, Any] = {"id": conflicts[-1]}
        repeated = conflicts.count(conflicts[-1]) - 1
        started = self._deadline.now()
        try:
            wait(self._client, dict(known), started, known.update, interval=0.0)
        except (OperationFailed, OperationTimeout):
            pass
        except ApiError:
            # It must not be read. Only another attempt shows whether the conflict is over.
            repeated = len(conflicts)
        if repeated:
            self._deadline.sleep(backoff(repeated))
        error = blocked(known, refused.error.error, self._deadline.now() - started)
        if self._deadline.passed:
            raise error
        return error

    def _has_taken_effect(self, progress: Progress, change: Change) -> bool:
        """Wait until a change shows in the connector.

        :return: False: the operation was found after a lost response, and its effect is gone
        :raises OperationFailed: the operation failed
        :raises DeadlineError: it shows another status within the deadline
        """
        operation = wait(self._client, change.accepted.operation, change.at, progress.note, change.accepted.interval)
        if change.step.action == "delete":
            progress.connector = None
            return True
        shown = response_connector(operation)
        is_current = not change.accepted.after_loss and shown and shown["name"] == progress.name
        if shown and is_current and is_settled(change.goal, self._wanted, shown):
            progress.show(shown, self._deadline.now())
            return True
        started = self._deadline.now()
        while True:
            self._read(progress)
            connector = progress.connector
            if connector and is_settled(change.goal, self._wanted, connector):
                return True
            waited = self._deadline.now() - started
            if connector and change.goal == "configure" and (waited > _GRACE or self._deadline.passed):
                self._warn(messages.NOT_SHOWN.format(operation=operation["id"], name=progress.name))
                return True
            if self._deadline.passed:
                raise DeadlineError(
                    messages.WRONG_STATUS,
                    operation=operation["id"],
                    status=connector["status"] if connector else "missing",
                    desired=change.step.connector["status"] if change.step.connector else "missing",
                    seconds=self._deadline.seconds,
                )
            if change.accepted.after_loss and waited > _GRACE:
                return False
            self._deadline.sleep(poll_delay(waited))


def _has_ended(operation: Mapping[str, Any]) -> bool:
    """Return whether the result of an operation is known: it is done, or it failed and is being rolled back."""
    return bool(operation.get("done")) or operation.get("error") is not None
