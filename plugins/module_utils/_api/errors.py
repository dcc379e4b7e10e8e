# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The exceptions of the collection. Only this file and ``_run/explain.py`` write their fields."""

from __future__ import annotations

import re
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from . import messages
from .messages import Message
from .version import VERSION

# The names of google.rpc.Code, by number.
CODES = (
    *("OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS"),
    *("PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED"),
    *("INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED"),
)

# Source: the message of FAILED_PRECONDITION for a change to a cluster that another operation is changing.
_CONFLICT = re.compile(r'conflicting operation\s+"?([-_.a-zA-Z0-9]+?)"?\s+detected', re.IGNORECASE)
_TRANSIENT_STATUSES = frozenset({429, 500, 502, 503, 504})


def describe_status(status: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parts of a google.rpc.Status (JSON) in the form of a result's ``error``.

    :param status: body of an error response, or ``error`` of an operation; invalid parts become None
    """
    code = status.get("code")
    code = code if isinstance(code, int) and not isinstance(code, bool) else None
    message, details = status.get("message"), status.get("details")
    details = details if isinstance(details, list) else None
    request_ids = [item["requestId"] for item in details or [] if isinstance(item, dict) and item.get("requestId")]
    return {
        "http_status": None,
        "code": code,
        "status": CODES[code] if code is not None and 0 <= code < len(CODES) else None,
        "message": message if isinstance(message, str) else None,
        "details": details,
        "request_id": request_ids[0] if request_ids else None,
    }


class Error(Exception):
    """Root of all exceptions that the collection raises on purpose.

    :param message: text with fields in braces
    :param error: what the API said, in the form of a result's ``error``; None if it said nothing
    :param fields: values of the message's fields
    """

    def __init__(self, message: Message, *, error: dict[str, Any] | None = None, **fields: Any) -> None:
        self.reason = message.reason.format(**fields)
        self.advice = message.advice.format(**fields)
        super().__init__(self.reason)
        self.error = error
        self.attempted = ""
        # Other keys of the failed task's result.
        self.facts: dict[str, Any] = {}

    def with_facts(self, facts: dict[str, Any]) -> Error:
        """Return the error of a task with other keys of its result."""
        self.facts = facts
        return self

    @property
    def msg(self) -> str:
        """One line: what was attempted, the cause, what to do."""
        # The name of an option keeps its case.
        is_name = "_" in self.reason.partition(" ")[0]
        cause = self.reason if is_name else self.reason[:1].upper() + self.reason[1:]
        line = f"Could not {self.attempted}: {self.reason}" if self.attempted else cause
        return " ".join(f"{line.rstrip('.')}. {self.advice}".split())


@contextmanager
def attempting(what: str) -> Iterator[None]:
    """Add what was attempted to each error that is raised inside, unless it already says so.

    :param what: a verb and its object, for example ``pause connector mirror in cluster c9q``
    """
    try:
        yield
    except Error as error:
        error.attempted = error.attempted or what
        raise


class InputError(Error):
    """The task asks for something impossible. No change was sent."""


class DeadlineError(Error):
    """``wait_timeout`` has passed."""


class LibraryMissingError(Error):
    """A Python library is missing.

    :param library: its name on PyPI
    """

    def __init__(self, library: str) -> None:
        super().__init__(messages.LIBRARY_MISSING, library=library, python=sys.executable)


class InternalError(Error):
    """A bug of the collection. The exception's own text is hidden because it can contain a secret.

    :param cause: the unexpected exception
    """

    def __init__(self, cause: Exception) -> None:
        frame = traceback.extract_tb(cause.__traceback__)[-1]
        place = f"{frame.name}, line {frame.lineno} of {Path(frame.filename).name}"
        super().__init__(messages.BUG, version=VERSION, kind=type(cause).__name__, place=place)


def as_error(cause: Exception) -> Error:
    """Return an exception of the collection for any exception."""
    return cause if isinstance(cause, Error) else InternalError(cause)


class ApiError(Error):
    """A request without a response, with a response that is not the expected one, or with an error.

    :param error: as in a result: http_status, code, status, message, details, request_id; None without a response
    :param retry_after: seconds that the service asks to wait before the next attempt
    :param response_lost: the service may have accepted the request although this error is the answer
    :param transient: whether the same request is worth a retry; None: decide by status and code

    Attributes that follow from it:

    - ``http_status``, ``status``: HTTP status and name of the google.rpc.Code; None: the response had none
    - ``is_transient``: whether the same request is worth a retry
    - ``is_temporary``: whether a wait continues: the error is transient, or the response was not the expected one
    - ``is_not_found``: the API said that the resource does not exist; a 404 of another server says nothing
    - ``is_refusal``: the service declined the request, so that it changed nothing
    """

    def __init__(
        self,
        message: Message,
        *,
        error: Mapping[str, Any] | None = None,
        retry_after: float | None = None,
        response_lost: bool = False,
        transient: bool | None = None,
        **fields: Any,
    ) -> None:
        super().__init__(message, error={**describe_status({}), **error} if error else None, **fields)
        self.retry_after = retry_after
        self.response_lost = response_lost
        known = self.error or describe_status({})
        self.http_status: int | None = known["http_status"]
        self.status: str | None = known["status"]
        is_retryable = self.http_status in _TRANSIENT_STATUSES or self.status == "ABORTED"
        self.is_transient = is_retryable if transient is None else transient
        self.is_temporary = self.is_transient or (self.http_status or 500) < 300
        self.is_not_found = self.http_status == 404 and self.status == "NOT_FOUND"
        self.is_refusal = 400 <= (self.http_status or 0) < 500 and not self.is_transient

    @property
    def blocking_operation(self) -> str | None:
        """ID of the operation on the same cluster that blocks this change."""
        found = _CONFLICT.search((self.error or {}).get("message") or "") if self.is_refusal else None
        return found.group(1) if found else None

    def after(self, attempts: int, *, response_lost: bool, late: bool) -> ApiError:
        """Return the error with what is known of all attempts of one request.

        :param attempts: their number
        :param response_lost: the service may have accepted one of them
        :param late: the deadline is too near for another one
        """
        if attempts > 1:
            self.reason += f" ({attempts} attempts)"
        if late:
            self.advice = f"{self.advice} {messages.NO_TIME}".strip()
        self.response_lost = response_lost
        return self


class CredentialError(ApiError):
    """No IAM token could be created, so nothing is known about the request that needed it.

    :param request: error of the request for a token
    """

    def __init__(self, message: Message, request: ApiError, **fields: Any) -> None:
        super().__init__(message, error=request.error, retry_after=request.retry_after, transient=False, **fields)
        # A token may be created later. The service has not seen the request itself.
        self.is_temporary = request.is_temporary
        self.is_not_found = self.is_refusal = False
