# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When a cluster is polled next."""

from __future__ import annotations

from collections.abc import Callable

LONGEST_BACKOFF = 300.0
_GONE = 10


def after_success(due: float, now: float, interval: float, jitter: Callable[[], float]) -> float:
    """Return when the next poll is due, on the monotonic clock.

    :param due: when the poll that has just ended was due: its duration does not delay the next ones
    :param jitter: returns a random number from 0 to 1
    """
    return max(now, due + interval * _varied(jitter))


def after_failure(
    now: float,
    interval: float,
    failures: int,
    jitter: Callable[[], float],
    *,
    gone: bool = False,
    retry_after: float | None = None,
    alarm: float | None = None,
) -> float:
    """Return when the next poll is due after a failure, on the monotonic clock.

    :param failures: number of failures without a success, from 1 on
    :param gone: the service says that the cluster does not exist
    :param retry_after: seconds that the service asks to wait
    :param alarm: when the cluster becomes ``unreachable``, if it is not yet: a poll then notices it in time
    """
    if gone:
        delay = _GONE * interval * _varied(jitter)
    else:
        delay = min(LONGEST_BACKOFF, interval * 2.0 ** min(failures, 10)) * _varied(jitter)
        delay = max(delay, interval)
        if alarm is not None:
            delay = min(delay, max(alarm - now, interval))
    return now + max(delay, retry_after or 0.0)


def _varied(jitter: Callable[[], float]) -> float:
    """Return a factor from 0.9 to 1.1, so that many clusters are not polled in step."""
    return 0.9 + jitter() / 5
