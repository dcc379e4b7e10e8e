# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The only place that completes an error with what the task knows: facts, and advice that fits them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from .._api.errors import DeadlineError, Error, InputError, InternalError
from .._api.operation import OperationFailed, OperationTimeout
from .._connector.model import Wanted, connector_name
from .._connector.names import nearest
from .._connector.plan import NoConnectorError
from . import messages
from .progress import Progress

# Maximum number of names that a message shows.
_NAMES = 10
VERBS = {
    "present": "create or update",
    "absent": "delete",
    "paused": "pause",
    "running": "resume",
    "restarted": "restart",
}
"""What a task attempts, by state."""


def explained(cause: Exception, progress: Progress, wanted: Wanted, cluster_id: str) -> Error:
    """Return the error of a task, or of one connector in a task.

    :param cause: any exception that ended the work on the connector
    """
    error = cause if isinstance(cause, Error) else InternalError(cause)
    verb = progress.attempted or VERBS[wanted.state]
    error.attempted = f"{verb} connector {progress.name} in cluster {cluster_id}"
    notes: list[str] = []
    if isinstance(error, InputError) and progress.missing:
        error.error = progress.missing.error
        name = nearest(progress.name, progress.missing.others) if isinstance(error, NoConnectorError) else None
        if name:
            notes.append(messages.NEAREST.format(name=name))
    half_restarted = _is_half_restarted(error, progress, wanted)
    if isinstance(error, OperationTimeout):
        if progress.connector:
            notes.append(messages.ACCEPTED.format(status=progress.connector["status"]))
    elif progress.lost:
        notes.append(messages.MAY_BE_ACCEPTED)
        if not half_restarted:
            notes.append(messages.RUN_AGAIN)
        if isinstance(error, DeadlineError):
            # It says that the change was not sent.
            error.advice = ""
    elif not isinstance(error, OperationFailed) and progress.operation and not progress.operation.get("done"):
        notes.append(messages.CONTINUES.format(operation=progress.operation["id"]))
    if half_restarted:
        notes.append(messages.HALF_RESTARTED)
    # Advice can end with a command, which must stay the last part of the message.
    error.advice = " ".join([*notes, error.advice]).strip()
    return error


def with_facts(error: Error, facts: dict[str, Any]) -> Error:
    """Return the error of a task with other keys of its result."""
    error.facts = facts
    return error


def _is_half_restarted(error: Error, progress: Progress, wanted: Wanted) -> bool:
    """Return whether the connector was paused by a restart that has not resumed it."""
    if wanted.state != "restarted" or progress.connector is None:
        return False
    if progress.attempted == "resume":
        return bool(progress.connector["status"] != "RUNNING")
    return progress.changed and not isinstance(error, OperationFailed)


def blocked(operation: Mapping[str, Any], error: dict[str, Any] | None, seconds: float) -> DeadlineError:
    """Return the error for a change that another operation blocked until the deadline.

    :param operation: as the API returned it, or only its ``id``
    :param error: what the API said about the conflict
    :param seconds: how long the task waited for the operation
    """
    details = [
        f'"{operation["description"]}"' if operation.get("description") else "",
        f"on {connector_name(operation)}" if connector_name(operation) else "",
        f"by {operation['createdBy']}" if operation.get("createdBy") else "",
        f"started at {operation['createdAt']}" if operation.get("createdAt") else "",
    ]
    shown = ", ".join(detail for detail in details if detail)
    return DeadlineError(
        messages.BLOCKED,
        error=error,
        operation=operation["id"],
        details=f" ({shown})" if shown else "",
        seconds=round(seconds, 1),
    )


def duration(operation: Mapping[str, Any]) -> float | None:
    """Return the seconds that an operation took, by its own times; None: they are not known."""
    try:
        start, end = (_time(str(operation[name])) for name in ("createdAt", "modifiedAt"))
    except (KeyError, ValueError):
        return None
    return max(0.0, (end - start).total_seconds())


def first_names(names: Sequence[str]) -> str:
    """Return names for a message; of many names the first ones."""
    more = f" and {len(names) - _NAMES} more" if len(names) > _NAMES else ""
    return ", ".join(names[:_NAMES]) + more


def _time(text: str) -> datetime.datetime:
    """Return the time of a timestamp of the API (UTC, up to nine decimal places)."""
    seconds, _dot, fraction = text.rstrip("Z").partition(".")
    time = datetime.datetime.strptime(seconds, "%Y-%m-%dT%H:%M:%S").replace(tzinfo=datetime.timezone.utc)
    return time + datetime.timedelta(seconds=float(f"0.{fraction or 0}"))
