# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Time: the deadline of a task, and the delays between retries and between polls."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Protocol

_SHORTEST_DELAY = 0.5
_LONGEST_DELAY = 5.0
_LONGEST_BACKOFF = 30.0


class Clock(Protocol):
    """The part of the module ``time`` that the collection uses. Tests provide their own."""

    def monotonic(self) -> float:
        """Return seconds that never go back."""

    def sleep(self, seconds: float, /) -> None:
        """Wait."""


class Deadline:
    """The one deadline of a task: tokens, retries, conflicts, operations and verification all end with it.

    :param seconds: maximum duration from now on
    :param clock: monotonic clock, so that changes to the system clock have no effect
    :param on_wait: called during waits with the seconds since the start; returns the seconds until its next call
    """

    def __init__(
        self,
        seconds: float,
        clock: Clock = time,
        on_wait: Callable[[float], float] = lambda waited: float("inf"),  # noqa: ARG005
    ) -> None:
        self.seconds = seconds
        self._clock = clock
        self._on_wait = on_wait
        self._start = clock.monotonic()
        self.woke_at = self._start
        """When the last wait ended, on the same clock as ``now``."""

    def now(self) -> float:
        """Return seconds on the monotonic clock."""
        return self._clock.monotonic()

    def remaining(self) -> float:
        """Return the seconds left; never negative."""
        return max(0.0, self._start + self.seconds - self.now())

    @property
    def passed(self) -> bool:
        """Whether no time is left."""
        return self.remaining() <= 0

    def sleep(self, seconds: float) -> None:
        """Sleep for some seconds, or until the deadline if that is sooner."""
        left = min(seconds, self.remaining())
        while left > 0:
            nap = min(left, self._on_wait(self.now() - self._start))
            self._clock.sleep(nap)
            left -= nap
        self._on_wait(self.now() - self._start)
        self.woke_at = self.now()


def backoff(failures: int, retry_after: float | None = None) -> float:
    """Return the seconds before the next attempt: growing, jittered, at least what the service asks for.

    :param failures: number of failed attempts, from 1 on
    :param retry_after: seconds from a Retry-After header
    """
    ceiling: float = min(_LONGEST_BACKOFF, 0.5 * 2.0 ** min(failures - 1, 10))
    # Half of the delay is fixed, so that it grows. Half is random, so that clients do not retry in step.
    return max(ceiling * (0.5 + random.random() / 2), retry_after or 0.0)  # noqa: S311


def poll_delay(waited: float) -> float:
    """Return the seconds from one poll to the next: a tenth of the time waited, between 0.5 and 5.

    :param waited: seconds since the wait started
    """
    return min(_LONGEST_DELAY, max(_SHORTEST_DELAY, waited / 10))
