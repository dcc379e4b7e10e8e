# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can go wrong: one family of exceptions, so that one place turns them into a failed task."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._version import VERSION

# google.rpc.Code, by number
CODES = (
    "OK",
    "CANCELLED",
    "UNKNOWN",
    "INVALID_ARGUMENT",
    "DEADLINE_EXCEEDED",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "FAILED_PRECONDITION",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNIMPLEMENTED",
    "INTERNAL",
    "UNAVAILABLE",
    "DATA_LOSS",
    "UNAUTHENTICATED",
)

_CONFLICT = re.compile(r'conflicting operation\s+"?([-_.a-zA-Z0-9]+?)"?\s+detected', re.IGNORECASE)
_TRANSIENT_STATUSES = frozenset({429, 500, 502, 503, 504})


def code_name(code: int | None) -> str | None:
    """Return the name of a google.rpc.Code, None for one that is not known."""
    return CODES[code] if code is not None and 0 <= code < len(CODES) else None


def describe_status(status: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parts of a google.rpc.Status (JSON) as a result's ``error`` shows them.

    :param status: the JSON object of an error answer, or of an operation's ``error``; anything odd in it becomes None
    """
    code = status.get("code")
    code = code if isinstance(code, int) and not isinstance(code, bool) else None
    message = status.get("message")
    details = status.get("details")
    details = details if isinstance(details, list) else None
    request_ids = [
        detail["requestId"] for detail in details or [] if isinstance(detail, dict) and detail.get("requestId")
    ]
    return {
        "http_status": None,
        "code": code,
        "status": code_name(code),
        "message": message if isinstance(message, str) else None,
        "details": details,
        "request_id": request_ids[0] if request_ids else None,
    }


class Error(Exception):
    """Root of everything that is raised here on purpose.

    :param reason: what happened, a clause without a full stop
    :param advice: what to do about it, a sentence; empty when that is not known
    """

    error: dict[str, Any] | None = None

    def __init__(self, reason: str, advice: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.advice = advice
        self.attempted = ""
        self.facts: dict[str, Any] = {}

    def during(self, attempted: str) -> Error:
        """Say what was attempted, unless a caller nearer to the cause already has; returns the error itself."""
        self.attempted = self.attempted or attempted
        return self

    @property
    def msg(self) -> str:
        """One line that a person can act on."""
        line = f"Could not {self.attempted}: {self.reason}." if self.attempted else f"{self.reason}."
        return " ".join(f"{line} {self.advice}".split())

    def result(self) -> dict[str, Any]:
        """Return what a failed task shows: ``msg``, ``error`` and whatever is known of the things it worked on."""
        return {"changed": False, **self.facts, **self.summary()}

    def summary(self) -> dict[str, Any]:
        """Return ``msg`` and ``error``; what is not known of the latter is None."""
        return {"msg": self.msg, "error": self.error or describe_status({})}


class InputError(Error):
    """The task asks for something that cannot be; nothing was sent to change anything."""


class InternalError(Error):
    """A bug of this collection; nothing of the exception's own text is shown, since it could hold a secret.

    :param error: that nothing was prepared for
    """

    def __init__(self, error: Exception) -> None:
        import traceback

        frame = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{frame.name}, line {frame.lineno} of {Path(frame.filename).name}"
        super().__init__(
            f"a bug in yandex_cloud.managed_kafka {VERSION} ({type(error).__name__} in {place})", "Please report it."
        )


class LibraryMissingError(Error):
    """A Python library that this credential needs is not there.

    :param library: its name on PyPI
    """

    def __init__(self, library: str) -> None:
        super().__init__(f"the Python library {library} is missing")
        self.library = library


class DeadlineError(Error):
    """``wait_timeout`` is over."""


class ApiError(Error):
    """A request got no answer, one that cannot be understood, or an error.

    :param error: as in a result: http_status, code, status, message, details, request_id
    :param retry_after: seconds that the service asks to wait before the next try
    :param lost: the request may have been carried out although this is its answer
    :param transient: it may go better next time; None: judge by status and code
    """

    # True: no token was to be had for the request, so that this says nothing of what the request was for
    of_credential = False

    def __init__(
        self,
        reason: str,
        advice: str = "",
        *,
        error: Mapping[str, Any] | None = None,
        retry_after: float | None = None,
        lost: bool = False,
        transient: bool | None = None,
    ) -> None:
        super().__init__(reason, advice)
        self.error: dict[str, Any] = {**describe_status({}), **(error or {})}
        self.retry_after = retry_after
        self.lost = lost
        self._transient = transient

    @property
    def http_status(self) -> int | None:
        """HTTP status of the answer; None: there was none."""
        status: int | None = self.error["http_status"]
        return status

    @property
    def transient(self) -> bool:
        """Whether the same request is worth another try."""
        if self._transient is not None:
            return self._transient
        return self.http_status in _TRANSIENT_STATUSES or self.error["status"] == "ABORTED"

    @property
    def passing(self) -> bool:
        """Whether a wait goes on in spite of it: trouble, or an answer that cannot be understood."""
        return self.transient or (self.http_status or 500) < 300

    @property
    def not_found(self) -> bool:
        """Whether the API said that the resource does not exist (a bare 404 of some other server says nothing)."""
        return self.http_status == 404 and self.error["status"] == "NOT_FOUND" and not self.of_credential

    @property
    def refused(self) -> bool:
        """Whether the service understood the request and declined it: nothing was changed by it."""
        client_error = self.http_status is not None and 400 <= self.http_status < 500
        return client_error and not self.transient and not self.of_credential

    @property
    def conflicting_operation(self) -> str | None:
        """ID of the operation that runs on the same cluster and keeps this change from starting."""
        if not self.refused:
            return None
        found = _CONFLICT.search(self.error["message"] or "")
        return found.group(1) if found else None
