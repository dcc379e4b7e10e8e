# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The only place that completes an error with what the task knows: facts, and advice that fits them."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import Any

from .._api.errors import DeadlineError, Error, InputError, as_error
from .._api.operation import OperationFailed, OperationTimeout
from .._connector.model import Wanted, connector_name
from .._connector.names import nearest
from .._connector.plan import STATES, NoConnectorError
from . import messages
from .progress import Progress
from .times import time_of

# How a message shows what is known of an operation.
_DETAILS = {"description": '"{}"', "connector": "on {}", "createdBy": "by {}", "age": "{}"}


def explained(cause: Exception, progress: Progress, wanted: Wanted, cluster_id: str) -> Error:
    """Return the error of a task, or of one connector in a task.

    :param cause: any exception that ended the work on the connector
    """
    error = as_error(cause)
    verb = progress.attempted or STATES[wanted.state].verb
    error.attempted = f"{verb} connector {progress.name} in cluster {cluster_id}"
    if isinstance(error, InputError) and progress.missing:
        error.error = progress.missing.error
    # Advice can end with a command, which must stay the last part of the message.
    error.advice = " ".join(_advice(error, progress, wanted)).strip()
    return error


def _advice(error: Error, progress: Progress, wanted: Wanted) -> Iterator[str]:
    """Yield the sentences that follow the cause."""
    if isinstance(error, NoConnectorError) and progress.missing:
        name = nearest(progress.name, progress.missing.others)
        if name:
            yield messages.NEAREST.format(name=name)
    is_half_restarted = _is_half_restarted(error, progress, wanted)
    may_be_accepted = bool(progress.lost) and not isinstance(error, OperationTimeout)
    if isinstance(error, OperationTimeout) and progress.connector:
        yield messages.ACCEPTED.format(status=progress.connector["status"])
    elif may_be_accepted:
        yield messages.MAY_BE_ACCEPTED
        if not is_half_restarted:
            yield messages.RUN_AGAIN
    elif progress.is_unfinished and not isinstance(error, (OperationFailed, OperationTimeout)):
        yield messages.CONTINUES.format(operation=(progress.operation or {})["id"])
    if is_half_restarted:
        yield messages.HALF_RESTARTED
    # Such advice says that the change was not sent, or to run the task again.
    says_again = isinstance(error, (DeadlineError, OperationFailed)) and not isinstance(error, OperationTimeout)
    if not (says_again and (may_be_accepted or is_half_restarted)):
        yield error.advice


def _is_half_restarted(error: Error, progress: Progress, wanted: Wanted) -> bool:
    """Return whether the connector was paused by a restart that has not resumed it."""
    if wanted.state != "restarted" or progress.connector is None:
        return False
    if progress.attempted == "pause":
        return progress.changed and not isinstance(error, OperationFailed)
    if progress.attempted == "resume":
        return bool(progress.connector["status"] != "RUNNING")
    # While the task waited for its health, another client may have paused it.
    return bool(progress.attempted and progress.connector["status"] == "PAUSED")


def blocked(operation: Mapping[str, Any], error: dict[str, Any] | None, seconds: float) -> DeadlineError:
    """Return the error for a change that another operation blocked until the deadline.

    :param operation: as the API returned it, or only its ``id``
    :param error: what the API said about the conflict
    :param seconds: how long the task waited for the operation
    """
    known = {**operation, "connector": connector_name(operation), "age": _age(operation)}
    details = ", ".join(text.format(known[name]) for name, text in _DETAILS.items() if known.get(name))
    details = f" ({details})" if details else ""
    seconds = round(seconds, 1)
    return DeadlineError(messages.BLOCKED, error=error, operation=operation["id"], details=details, seconds=seconds)


def _age(operation: Mapping[str, Any]) -> str:
    """Return when an operation started, for a message; empty: that is not known."""
    start, now = time_of(operation, "createdAt"), datetime.datetime.now(datetime.timezone.utc)
    # The clocks of the service and of this machine can differ.
    return f"started {max(0.0, (now - start).total_seconds()):.0f} s ago" if start else ""
