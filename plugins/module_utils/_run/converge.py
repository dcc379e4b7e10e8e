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
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from .._api.client import Accepted, Client, Refused
from .._api.clock import backoff, poll_delay
from .._api.errors import ApiError, DeadlineError, InputError
from .._api.operation import OperationFailed, OperationTimeout, wait
from .._connector.messages import DELETED
from .._connector.model import Step, Wanted, response_connector
from .._connector.plan import STATES, check_exists, is_settled, needs_change, step_for
from . import messages
from .cluster import Cluster
from .explain import blocked, explained
from .progress import Change, Lost, Progress

# Seconds after which a connector is read again before a change: another client may have changed it since.
_FRESH = 1.0
# Seconds for a change to show in the connector after its operation has ended.
GRACE = 10.0


@dataclass
class Converger:
    """Changes connectors of one cluster to the desired state.

    :param check_mode: send no change
    :param warn: receives warnings
    :param has_met_conflict: whether another operation has blocked a change
    """

    client: Client
    cluster: Cluster
    wanted: Wanted
    check_mode: bool
    warn: Callable[[str], None]
    has_met_conflict: bool = False

    def fail(self, progress: Progress, cause: Exception) -> None:
        """Keep why a connector did not reach the desired state. The work on other connectors continues."""
        progress.error = explained(cause, progress, self.wanted, self.cluster.id)
        progress.finished = True

    @contextmanager
    def kept_apart(self, progress: Progress) -> Iterator[None]:
        """Keep an error of the work on one connector in ``Progress.error``."""
        try:
            yield
        except Exception as cause:
            self.fail(progress, cause)

    def start(self, progress: Progress) -> Change | None:
        """Send what each goal needs, until the last change is accepted. Return that change; None: none is needed.

        :raises Error: a change was not accepted, or an earlier one had no effect
        """
        check_exists(self.wanted, progress.connector)
        goals = STATES[self.wanted.state].goals
        change: Change | None = None
        for position, goal in enumerate(goals):
            if change:
                more = needs_change(self.wanted, change.step.connector, goals[position:])
                if not self.wanted.wait and not more:
                    break
                self.finish(progress, change)
            change = self._change(progress, goal)
        if change and not self.wanted.wait and _has_ended(change.accepted.operation):
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
        deadline = self.client.deadline
        conflicts: list[str] = []
        refusals = 0
        busy: DeadlineError | None = None
        while step := step_for(goal, self.wanted, progress.connector, progress.name):
            if self.check_mode:
                progress.steps.append(step)
                progress.connector = step.connector and {"cluster_id": self.cluster.id, **step.connector}
                return None
            progress.attempted = step.action
            if deadline.passed:
                raise busy or DeadlineError(messages.NOT_SENT, seconds=deadline.seconds)
            if self._is_outdated(progress):
                self._read(progress)
                continue
            sent = self._send(progress, step)
            if isinstance(sent, Accepted):
                progress.steps.append(step)
                progress.operation = sent.operation
                return Change(goal, step, sent, deadline.now())
            if sent.blocker:
                conflicts.append(sent.blocker)
                progress.blocker = sent.blocker
                busy = self._wait_for_blocker(sent, conflicts)
                progress.blocker = ""
                self._read(progress)
                continue
            refusals += 1
            self._read(progress)
            needed = step_for(goal, self.wanted, progress.connector, progress.name)
            # The service also refuses a change that another client has just made, and may have undone since.
            can_be_accepted = refusals == 1 and sent.error.status == "FAILED_PRECONDITION"
            if needed and needed.action == step.action and not can_be_accepted:
                raise sent.error
        if progress.lost:
            # Most likely an earlier attempt, whose response was lost, made the change.
            progress.steps.append(progress.lost.step)
            progress.lost = None
        return None

    def _send(self, progress: Progress, step: Step) -> Accepted | Refused:
        """Send a change.

        :raises ApiError: the service did not say whether it accepts the change
        """
        # After a lost response the same key finds the operation that the first request may have started.
        lost = progress.lost if progress.lost and progress.lost.step.is_same(step) else None
        key = lost.key if lost else str(uuid.uuid4())
        method = {"update": "PATCH", "delete": "DELETE"}.get(step.action, "POST")
        parts = {"create": (), "update": (progress.name,), "delete": (progress.name,)}
        segments = ("connectors", *parts.get(step.action, (step.action, progress.name)))
        body = None if method == "DELETE" else dict(step.body)
        try:
            sent = self.client.change(method, *self.cluster.segments, *segments, body=body, key=key)
        except ApiError as error:
            if error.response_lost:
                progress.lost = Lost(step, key)
            raise
        if isinstance(sent, Accepted):
            progress.lost = None
            return sent._replace(after_loss=sent.after_loss or lost is not None)
        progress.lost = Lost(step, key) if sent.error.response_lost or lost else None
        return sent

    def _is_outdated(self, progress: Progress) -> bool:
        """Return whether another client may have changed the connector since it was read."""
        deadline = self.client.deadline
        return progress.read_at < deadline.woke_at or deadline.now() - progress.read_at > _FRESH

    def _read(self, progress: Progress) -> None:
        """Read the connector again. Temporary errors are retried until the deadline."""
        progress.show(self.cluster.patient.read(progress.name), self.client.deadline.now())

    def _wait_for_blocker(self, refused: Refused, conflicts: Sequence[str]) -> DeadlineError | None:
        """Wait until the operation that blocks a change has ended, regardless of its result.

        Return the error for a deadline that passes before the change is sent again; None: the operation has ended.

        :param conflicts: IDs of the operations that have blocked this change; the last one is the current one
        :raises DeadlineError: it did not end within the deadline
        """
        deadline = self.client.deadline
        self.has_met_conflict = True
        known: dict[str, Any] = {"id": conflicts[-1]}
        repeated = conflicts.count(conflicts[-1]) - 1
        started = deadline.now()
        try:
            wait(self.client, dict(known), started, known.update, interval=0.0)
        except (OperationFailed, OperationTimeout):
            pass
        except ApiError:
            # It must not be read. Only another attempt shows whether the conflict is over.
            repeated = len(conflicts)
        if repeated:
            deadline.sleep(backoff(repeated))
        error = blocked(known, refused.error.error, deadline.now() - started)
        if deadline.passed:
            raise error
        return None if known.get("done") else error

    def _has_taken_effect(self, progress: Progress, change: Change) -> bool:
        """Wait until a change shows in the connector.

        :return: False: the operation was found after a lost response, and its effect is gone
        :raises OperationFailed: the operation failed
        :raises DeadlineError: it shows another status within the deadline
        """
        deadline = self.client.deadline
        operation = wait(self.client, change.accepted.operation, change.at, progress.note, change.accepted.interval)
        if change.step.action == "delete":
            progress.connector = None
            return True
        shown = response_connector(operation)
        is_current = not change.accepted.after_loss and shown and shown["name"] == progress.name
        if shown and is_current and is_settled(change.goal, self.wanted, shown):
            progress.show(shown, deadline.now())
            return True
        started = deadline.now()
        while True:
            self._read(progress)
            connector = progress.connector
            if connector and is_settled(change.goal, self.wanted, connector):
                return True
            waited = deadline.now() - started
            if connector and change.goal == "configure" and (waited > GRACE or deadline.passed):
                self.warn(messages.NOT_SHOWN.format(operation=operation["id"], name=progress.name))
                return True
            # After a creation, the connector may take longer to show.
            if connector is None and change.step.action != "create" and (waited > GRACE or deadline.passed):
                raise InputError(DELETED)
            if deadline.passed:
                fields = {"operation": operation["id"], "seconds": deadline.seconds}
                for name, known in (("status", connector), ("desired", change.step.connector)):
                    fields[name] = known["status"] if known else "missing"
                raise DeadlineError(messages.WRONG_STATUS, **fields)
            if change.accepted.after_loss and waited > GRACE:
                return False
            deadline.sleep(poll_delay(waited))


def _has_ended(operation: Mapping[str, Any]) -> bool:
    """Return whether the result of an operation is known: it is done, or it failed and is being rolled back."""
    return bool(operation.get("done")) or operation.get("error") is not None
