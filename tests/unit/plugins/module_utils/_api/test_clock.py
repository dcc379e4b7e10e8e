# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The deadline, and the delays between retries and between polls."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.clock import Deadline, backoff, poll_delay
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.wire import FakeClock


def test_a_deadline_limits_sleep() -> None:
    clock = FakeClock()
    deadline = Deadline(10, clock)
    assert (deadline.remaining(), deadline.passed) == (10, False)
    deadline.sleep(4)
    assert deadline.remaining() == 6
    deadline.sleep(100)
    assert (deadline.remaining(), deadline.passed) == (0, True)
    deadline.sleep(1)
    assert clock.naps == [4, 6]
    clock.time += 5
    assert deadline.remaining() == 0


def test_a_deadline_knows_when_the_last_wait_ended() -> None:
    clock = FakeClock()
    deadline = Deadline(10, clock)
    started = clock.time
    assert deadline.woke_at == started
    deadline.sleep(4)
    clock.time += 1
    assert deadline.woke_at == started + 4
    assert deadline.now() == started + 5


def test_a_wait_is_interrupted_for_reports() -> None:
    clock = FakeClock()
    reported: list[float] = []

    def report(waited: float) -> float:
        reported.append(waited)
        return 3.0

    deadline = Deadline(100, clock, report)
    deadline.sleep(7)
    assert clock.naps == [3, 3, 1]
    assert reported == [0, 3, 6, 7]
    assert deadline.woke_at == clock.time


@given(failures=st.integers(1, 10_000), retry_after=st.none() | st.floats(0, 1e6))
def test_backoff_is_bounded_and_at_least_retry_after(failures: int, retry_after: float | None) -> None:
    delay = backoff(failures, retry_after)
    assert 0 < delay <= max(30.0, retry_after or 0)
    assert delay >= (retry_after or 0)


@pytest.mark.parametrize(("waited", "delay"), [(0, 0.5), (5, 0.5), (20, 2), (50, 5), (1000, 5)])
def test_a_poll_delay_is_a_tenth_of_the_time_waited(waited: float, delay: float) -> None:
    assert poll_delay(waited) == delay
