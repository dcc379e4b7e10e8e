# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Wait until connectors are alive."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .._api.clock import poll_delay
from .._api.errors import DeadlineError, Error, InputError, as_error
from .._connector.messages import DELETED
from . import messages
from .cluster import Missing
from .converge import GRACE, Converger
from .progress import Progress


def wait_for_health(converger: Converger, subjects: Sequence[Progress]) -> None:
    """Wait until the health of connectors is ALIVE. ``Progress.error`` tells which ones are not within the deadline.

    :param subjects: those without an error have the desired status
    """
    deadline = converger.client.deadline
    started = deadline.now()
    waiting = [progress for progress in subjects if not progress.error]
    for progress in waiting:
        progress.attempted = "confirm the health of"
    while True:
        for progress in waiting:
            if progress.connector:
                progress.finished = progress.connector["health"] == "ALIVE"
            elif deadline.passed or deadline.now() - started > GRACE:
                converger.fail(progress, InputError(DELETED))
        waiting = [progress for progress in waiting if not progress.finished]
        if not waiting or deadline.passed:
            break
        try:
            deadline.sleep(poll_delay(deadline.now() - started))
            _read(converger, waiting)
        except Exception as cause:
            error = as_error(cause)
            fields: dict[str, Any] = {"cause": error.reason, "advice": error.advice}
            for progress in waiting:
                converger.fail(progress, Error(messages.HEALTH_UNREADABLE, error=error.error, **fields))
            return
    for progress in waiting:
        shown = progress.connector or {}
        fields = {"seconds": deadline.seconds, "status": shown.get("status"), "health": shown.get("health")}
        converger.fail(progress, DeadlineError(messages.UNHEALTHY, **fields))


def _read(converger: Converger, waiting: Sequence[Progress]) -> None:
    """Read connectors again: several by one list."""
    cluster, read_at = converger.cluster.patient, converger.client.deadline.now()
    if len(waiting) == 1:
        waiting[0].show(cluster.read(waiting[0].name), read_at)
        return
    found = {connector["name"]: connector for connector in cluster.connectors()}
    for progress in waiting:
        progress.show(found.get(progress.name, Missing(None, list(found))), read_at)
