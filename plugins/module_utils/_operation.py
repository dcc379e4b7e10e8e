# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiting: on an Operation until it ends, on anything else until it is as it should be."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._client import Answer, Client
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._clock import (
    LONGEST_PACE,
    SHORTEST_PACE,
    backoff,
    pace,
)
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._errors import (
    ApiError,
    DeadlineError,
    Error,
    describe_status,
)

# an operation that was just returned may not be known yet to the replica that is asked for it
_UNKNOWN_AT_FIRST = 3
# seconds that the replica gets each time
_CATCHING_UP = 0.25
_POLL_INTERVAL = "x-operation-poll-interval"
# seconds; a header that asks for less would make a busy loop
_SHORTEST_INTERVAL = 0.1


class OperationFailed(Error):
    """An operation ended in an error.

    :param operation: as the API gave it
    """

    def __init__(self, operation: Mapping[str, Any]) -> None:
        status = operation["error"]
        self.error = describe_status(status if isinstance(status, dict) else {"message": str(status)})
        code = f" with {self.error['status'] or self.error['code']}" if self.error["code"] else ""
        message = (self.error["message"] or "no message").rstrip(".")
        unfinished = "" if operation.get("done") else ", and is still being rolled back at the server"
        super().__init__(f"operation {operation['id']} failed{code}: {message}{unfinished}")
        self.operation = operation


class OperationTimeout(DeadlineError):
    """An operation did not end within the deadline.

    :param operation: as the API gave it last
    :param seconds: how long the task was allowed to take
    :param trouble: of the last poll, if that failed
    """

    def __init__(self, operation: Mapping[str, Any], seconds: float, trouble: Error | None) -> None:
        last = f"; the last poll failed: {trouble.reason}" if trouble else ""
        super().__init__(
            f"timed out: operation {operation['id']} has not ended within {seconds:g} s (wait_timeout){last}",
            "It goes on at the server: follow it with operation_info, which can wait for it.",
        )
        self.error = trouble.error if trouble else None
        self.operation = operation


def wait(
    client: Client,
    operation: Mapping[str, Any],
    note: Callable[[Mapping[str, Any]], None] | None = None,
    headers: Mapping[str, str] = MappingProxyType({}),
    shortest: float = SHORTEST_PACE,
) -> Mapping[str, Any]:
    """Return an operation that has ended without an error.

    Passing trouble does not end the wait: polls go on until the deadline.

    :param operation: as the API returned it, or just its ``id``
    :param note: called with each newer form of it, so that it is known whatever happens
    :param headers: that came with it
    :param shortest: seconds, the least between two polls
    :raises OperationFailed: it carries an error; if it is being rolled back, as soon as that is done
    :raises OperationTimeout: it has not ended within the deadline
    :raises ApiError: it may not be read, or is not known
    """
    started = client.deadline.now()
    operation_id = operation["id"]
    unknown = troubles = 0
    trouble: ApiError | None = None
    # of an operation that is known by its ID alone nobody knows how far it is
    interval = (_asked_interval(headers) or pace(0, shortest)) if len(operation) > 1 else 0.0
    while not operation.get("done"):
        if interval and client.deadline.passed:
            if _failed(operation):
                raise OperationFailed(operation)
            raise OperationTimeout(operation, client.deadline.seconds, trouble)
        client.deadline.sleep(interval)
        interval = pace(client.deadline.now() - started, shortest)
        try:
            answer = read(client, operation_id, retries=0)
        except ApiError as error:
            if error.not_found and unknown < _UNKNOWN_AT_FIRST:
                unknown += 1
                interval = max(interval, _CATCHING_UP)
            elif error.passing:
                trouble = error
                troubles += 1
                interval = max(interval, min(backoff(troubles), LONGEST_PACE), error.retry_after or 0.0)
            elif _failed(operation):
                raise OperationFailed(operation) from None
            else:
                raise
            continue
        trouble, troubles = None, 0
        operation = answer.body
        if note:
            note(operation)
        interval = _asked_interval(answer.headers) or pace(client.deadline.now() - started, shortest)
    if _failed(operation):
        raise OperationFailed(operation)
    return operation


def read(client: Client, operation_id: str, retries: int | None = None) -> Answer:
    """Return an operation as it is now.

    :param retries: instead of the client's own number
    :raises ApiError: it cannot be read
    """
    return client.get(
        "operation",
        "operations",
        operation_id,
        expected=lambda body: body.get("id") == operation_id,
        retries=retries,
    )


def _failed(operation: Mapping[str, Any]) -> bool:
    """Tell whether an operation has failed; it may say so before it is done, while it is rolled back."""
    return operation.get("error") is not None


def _asked_interval(headers: Mapping[str, str]) -> float | None:
    """Return seconds until the next poll that the service asks for; None when it does not."""
    try:
        seconds = float(headers.get(_POLL_INTERVAL) or "nan")
    except ValueError:
        return None
    return max(seconds, _SHORTEST_INTERVAL) if math.isfinite(seconds) and seconds >= 0 else None
