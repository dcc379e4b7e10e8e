# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Operations of the API: read one, wait until it has finished."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from . import messages
from .client import Client, poll_interval
from .clock import backoff, poll_delay
from .errors import ApiError, DeadlineError, Error, describe_status
from .http import Answer

# A replica of the service may not know a new operation yet.
_UNKNOWN_AT_FIRST = 3
_LONGEST_DELAY_AFTER_ERROR = 5.0


class OperationFailed(Error):
    """An operation ended in an error.

    :param operation: as the API returned it
    """

    def __init__(self, operation: Mapping[str, Any]) -> None:
        status = operation["error"]
        error = describe_status(status if isinstance(status, dict) else {"message": str(status)})
        super().__init__(
            messages.OPERATION_FAILED,
            error=error,
            text=(error["message"] or "no message").rstrip("."),
            code=f"{error['status'] or error['code']}, " if error["code"] else "",
            operation=operation["id"],
            rollback="" if operation.get("done") else ", still rolling back",
        )


class OperationTimeout(DeadlineError):
    """An operation did not finish within the deadline.

    :param seconds: maximum duration of the task
    :param problem: error of the last poll, if it failed
    """

    def __init__(self, operation_id: str, seconds: float, problem: ApiError | None) -> None:
        super().__init__(
            messages.OPERATION_TIMEOUT,
            error=problem.error if problem else None,
            operation=operation_id,
            seconds=seconds,
            problem=f". The last poll failed: {problem.reason}" if problem else "",
        )


def read(client: Client, operation_id: str) -> Answer:
    """Return the answer with the current state of an operation.

    :raises ApiError: it cannot be read
    """
    return client.get("operation", "operations", operation_id, expected=lambda body: body.get("id") == operation_id)


def wait(
    client: Client,
    operation: Mapping[str, Any],
    since: float,
    note: Callable[[Mapping[str, Any]], None],
    interval: float | None = None,
) -> Mapping[str, Any]:
    """Wait until an operation has finished without an error, and return it.

    Temporary errors do not end the wait. At least one poll is made, even if the deadline has passed: the operation may
    have finished while the task waited for something else.

    :param operation: as the API returned it, or only its ``id``
    :param since: when it was accepted, on the deadline's clock
    :param note: called with each newer state
    :param interval: seconds until the first poll; None: the usual ones
    :raises OperationFailed: it failed; if it is being rolled back, after the rollback
    :raises OperationTimeout: it did not finish within the deadline
    :raises ApiError: it must not be read, or does not exist
    """
    deadline = client.deadline
    due = since + (poll_delay(0.0) if interval is None else interval)
    polls = unknown = failures = 0
    problem: ApiError | None = None
    while not operation.get("done"):
        if polls and deadline.passed:
            if operation.get("error") is not None:
                break
            raise OperationTimeout(operation["id"], deadline.seconds, problem)
        deadline.sleep(max(0.0, due - deadline.now()))
        polls += 1
        polled_at = deadline.now()
        delay = poll_delay(polled_at - since)
        try:
            answer = read(client.retrying(0), operation["id"])
        except ApiError as error:
            if error.is_not_found and unknown < _UNKNOWN_AT_FIRST:
                unknown += 1
            elif error.is_temporary:
                problem, failures = error, failures + 1
                delay = max(delay, min(backoff(failures), _LONGEST_DELAY_AFTER_ERROR), error.retry_after or 0.0)
            elif operation.get("error") is not None:
                break
            else:
                raise
        else:
            problem, failures = None, 0
            operation = answer.body
            note(operation)
            delay = poll_interval(answer) or delay
        due = polled_at + delay
    if operation.get("error") is not None:
        raise OperationFailed(operation)
    return operation
