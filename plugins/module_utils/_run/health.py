# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Wait until connectors are alive."""

from __future__ import annotations

from collections.abc import Sequence

from .._api.clock import Deadline, poll_delay
from .._api.errors import DeadlineError, Error, InternalError
from . import messages
from .cluster import Cluster, Missing
from .progress import Progress


def wait_for_health(cluster: Cluster, deadline: Deadline, waiting: Sequence[Progress]) -> None:
    """Wait until the health of connectors is ALIVE. ``Progress.error`` tells which ones are not within the deadline."""
    started = deadline.now()
    while True:
        for progress in waiting:
            progress.finished = _is_alive(progress)
        unhealthy = [progress for progress in waiting if not progress.finished]
        if not unhealthy:
            return
        if deadline.passed:
            for progress in unhealthy:
                progress.error = _timeout(progress, deadline)
            return
        try:
            deadline.sleep(poll_delay(deadline.now() - started))
            _read(cluster, unhealthy, deadline.now())
        except Exception as cause:
            error = cause if isinstance(cause, Error) else InternalError(cause)
            for progress in unhealthy:
                progress.error = Error(
                    messages.HEALTH_UNREADABLE, error=error.error, cause=error.reason, advice=error.advice
                )
            return


def _read(cluster: Cluster, unhealthy: Sequence[Progress], read_at: float) -> None:
    """Read connectors again: several by one list."""
    if len(unhealthy) == 1:
        unhealthy[0].show(cluster.patient.read(unhealthy[0].name), read_at)
        return
    found = {connector["name"]: connector for connector in cluster.patient.connectors()}
    for progress in unhealthy:
        progress.show(found.get(progress.name, Missing(None, list(found))), read_at)


def _timeout(progress: Progress, deadline: Deadline) -> DeadlineError:
    shown = progress.connector or {"health": "unknown", "status": "missing"}
    return DeadlineError(messages.UNHEALTHY, seconds=deadline.seconds, health=shown["health"], status=shown["status"])


def _is_alive(progress: Progress) -> bool:
    return progress.connector is not None and progress.connector["health"] == "ALIVE"
