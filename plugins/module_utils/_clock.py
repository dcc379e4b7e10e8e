# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Time: one monotonic deadline for a whole task, and how long to wait between tries and polls."""

from __future__ import annotations

import random
import time
from typing import Protocol

# seconds; the least and the most that lie between two polls, unless the service asks for something else
SHORTEST_PACE = 0.25
LONGEST_PACE = 5.0
# instead of the least, where there is one operation to wait for, and nothing else to do
EAGER_PACE = 0.1


class Clock(Protocol):
    """What is needed of the module ``time``; tests bring their own."""

    def monotonic(self) -> float:
        """Return seconds that never go back."""

    def sleep(self, seconds: float, /) -> None:
        """Wait."""


class Deadline:
    """The one deadline of a task: tokens, retries, conflicts, operation and verification all end with it.

    :param seconds: how long the task may take from now on
    :param clock: monotonic, so that a wall clock that jumps does no harm
    """

    def __init__(self, seconds: float, clock: Clock = time) -> None:
        self.seconds = seconds
        self._clock = clock
        self._end = clock.monotonic() + seconds

    def now(self) -> float:
        """Seconds on the monotonic clock."""
        return self._clock.monotonic()

    def remaining(self) -> float:
        """Seconds left; never negative."""
        return max(0.0, self._end - self._clock.monotonic())

    @property
    def passed(self) -> bool:
        """Whether no time is left."""
        return self.remaining() <= 0

    def sleep(self, seconds: float) -> None:
        """Sleep for that many seconds, or until the deadline if that is sooner."""
        seconds = min(seconds, self.remaining())
        if seconds > 0:
            self._clock.sleep(seconds)


def backoff(attempt: int, retry_after: float | None = None) -> float:
    """Return seconds to wait before a try: growing, jittered, and never less than the service asked for.

    :param attempt: how many tries have failed, from 1 on
    :param retry_after: seconds from a Retry-After header
    """
    ceiling: float = min(30.0, 0.5 * 2.0 ** min(attempt - 1, 10))
    # half of the delay is fixed, so that it grows; half is random, so that clients spread
    return max(ceiling * (0.5 + random.random() / 2), retry_after or 0.0)  # noqa: S311


def pace(elapsed: float, shortest: float = SHORTEST_PACE) -> float:
    """Return seconds until the next poll: often at first, more slowly later.

    The end of an operation is noticed within 0.5 s or a tenth of its duration, whichever is longer, with the time
    that a poll itself takes included; at most 5 s lie between two polls.

    :param elapsed: seconds since the wait began
    :param shortest: seconds, the least between two polls
    """
    return min(LONGEST_PACE, max(shortest, elapsed * 0.04))
