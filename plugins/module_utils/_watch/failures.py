# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How the event source treats a request that failed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .._api.errors import ApiError, DeadlineError, Error, InputError, InternalError

_QUIET_SECONDS = 600
_MOST_BUGS = 10


@dataclass
class Failures:
    """The failures of a poller since its last success."""

    count: int = 0
    _bugs: int = 0
    _quiet_until: float = 0.0

    def add(self, error: Error, now: float) -> bool:
        """Count a failure. Return whether it is logged: the first one, and then one every 10 minutes.

        :param now: on the monotonic clock
        :raises Error: the same bug occurs again and again
        """
        self.count += 1
        self._bugs = self._bugs + 1 if isinstance(error, InternalError) else 0
        if self._bugs >= _MOST_BUGS:
            raise error
        if now < self._quiet_until:
            return False
        self._quiet_until = now + _QUIET_SECONDS
        return True


def is_permanent(error: Error) -> bool:
    """Return whether an error means wrong input if it is the first answer: bad ID, bad credential, no permission."""
    if isinstance(error, ApiError):
        return not error.is_temporary
    return not isinstance(error, (DeadlineError, InternalError))


def is_gone(error: Error) -> bool:
    """Return whether the service says that the cluster does not exist."""
    return isinstance(error, InputError) and (error.error or {}).get("status") == "NOT_FOUND"


def is_limit(error: Error) -> bool:
    """Return whether the service limits the number of requests."""
    return isinstance(error, ApiError) and error.http_status == 429


def retry_after(error: Error) -> float | None:
    """Return the seconds that the service asks to wait; None: it does not ask."""
    return error.retry_after if isinstance(error, ApiError) else None


def describe(error: Error) -> dict[str, Any]:
    """Return an error in the form of an event. The message is the service's, or else ours."""
    said = error.error or {}
    shown = {key: said.get(key) for key in ("http_status", "code", "status", "message", "request_id")}
    return {**shown, "message": shown["message"] or error.msg}
