# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._watch import pace


def test_polls_are_due_an_interval_apart_regardless_of_their_duration() -> None:
    assert pace.after_success(100, 104, 30, lambda: 0.5) == 130
    assert pace.after_success(100, 104, 30, lambda: 0.0) == 127
    assert pace.after_success(100, 104, 30, lambda: 1.0) == pytest.approx(133)


def test_poll_after_a_late_one_is_due_at_once() -> None:
    assert pace.after_success(100, 200, 30, lambda: 0.5) == 200


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"failures": 1}, 60),
        ({"failures": 2}, 120),
        ({"failures": 4}, 300),
        ({"failures": 10_000}, 300),
        ({"failures": 4, "retry_after": 600}, 600),
        ({"failures": 1, "retry_after": 1}, 60),
        ({"failures": 3, "alarm": 1100}, 100),
        ({"failures": 3, "alarm": 1001}, 30),
        ({"failures": 3, "alarm": 900}, 30),
        ({"failures": 3, "alarm": 1100, "retry_after": 200}, 200),
        ({"failures": 1, "gone": True}, 300),
        ({"failures": 1, "interval": 600}, 600),
    ],
    ids=str,
)
def test_delay_after_a_failure(more: dict[str, Any], expected: float) -> None:
    arguments = {"interval": 30.0, **more}
    assert pace.after_failure(1000, jitter=lambda: 0.5, **arguments) - 1000 == expected


@given(st.floats(1, 3600), st.integers(1, 100), st.floats(0, 1))
def test_failure_never_shortens_the_interval(interval: float, failures: int, jitter: float) -> None:
    due = pace.after_failure(1000, interval, failures, lambda: jitter)
    assert 0.999 * interval <= due - 1000 <= max(1.001 * interval, pace.LONGEST_BACKOFF * 1.1)
