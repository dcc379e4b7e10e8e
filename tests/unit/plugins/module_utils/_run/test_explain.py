# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Facts that complete a message."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._connector.names import first_names
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._run.times import took


@pytest.mark.parametrize(
    ("created", "modified", "expected"),
    [
        ("2026-01-02T03:04:05Z", "2026-01-02T03:04:10Z", " in 5.0 s"),
        ("2026-01-02T03:04:05.123456789Z", "2026-01-02T03:05:05.623456789Z", " in 60.5 s"),
        ("2026-01-02T03:04:05", "2026-01-02T03:04:05.25Z", " in 0.2 s"),
        ("2026-01-02T03:04:10Z", "2026-01-02T03:04:05Z", " in 0.0 s"),
        ("2026-01-02", "2026-01-02T03:04:05Z", ""),
        ("2026-01-02T03:04:05.xZ", "2026-01-02T03:04:05Z", ""),
        (None, "2026-01-02T03:04:05Z", ""),
    ],
    ids=["seconds", "nanoseconds", "without_z", "backwards", "date", "bad_fraction", "null"],
)
def test_duration_is_the_difference_of_the_times(created: Any, modified: Any, expected: str) -> None:
    assert took({"createdAt": created, "modifiedAt": modified}) == expected


@pytest.mark.parametrize("operation", [{}, {"createdAt": "2026-01-02T03:04:05Z"}], ids=["none", "one"])
def test_duration_without_times_is_not_known(operation: dict[str, Any]) -> None:
    assert took(operation) == ""


@pytest.mark.parametrize(
    ("count", "expected"),
    [(1, "0"), (3, "0, 1, 2"), (10, "0, 1, 2, 3, 4, 5, 6, 7, 8, 9"), (12, "0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more")],
)
def test_up_to_ten_names_are_shown_and_more_are_counted(count: int, expected: str) -> None:
    assert first_names([str(number) for number in range(count)]) == expected
