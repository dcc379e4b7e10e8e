# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api import messages
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.errors import (
    ApiError,
    CredentialError,
    DeadlineError,
    Error,
    InputError,
    InternalError,
)
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._watch import failures

SAID = messages.Message("said")


def rejection(http_status: int, status: str | None = None, **more: Any) -> ApiError:
    return ApiError(
        SAID, error={"http_status": http_status, "status": status, "message": "no", "details": ["x"]}, **more
    )


NO_RESPONSE = ApiError(SAID, transient=True)
MISSING = InputError(SAID, error={"http_status": 404, "status": "NOT_FOUND", "message": "no cluster"})


@pytest.mark.parametrize(
    ("error", "permanent", "gone"),
    [
        (NO_RESPONSE, False, False),
        (rejection(503), False, False),
        (rejection(403), True, False),
        (rejection(404, "NOT_FOUND"), True, False),
        (CredentialError(SAID, rejection(401)), True, False),
        (CredentialError(SAID, rejection(503)), False, False),
        (DeadlineError(SAID), False, False),
        (InputError(SAID), True, False),
        (MISSING, True, True),
    ],
    ids=lambda value: f"{type(value).__name__}-{value.error}" if isinstance(value, Error) else "",
)
def test_error_is_permanent_or_temporary(error: Error, permanent: bool, gone: bool) -> None:
    assert failures.is_permanent(error) == permanent
    assert failures.is_gone(error) == gone


def test_limit_and_its_delay() -> None:
    limited = rejection(429, retry_after=7.0)
    assert failures.is_limit(limited)
    assert failures.retry_after(limited) == 7.0
    assert not failures.is_limit(NO_RESPONSE)
    assert failures.retry_after(MISSING) is None


def test_error_of_an_event_has_the_message_of_the_service_or_ours() -> None:
    assert failures.describe(rejection(503, "UNAVAILABLE")) == {
        "http_status": 503,
        "code": None,
        "status": "UNAVAILABLE",
        "message": "no",
        "request_id": None,
    }
    assert failures.describe(NO_RESPONSE)["message"] == "Said."


def test_first_failure_is_logged_and_then_one_every_ten_minutes() -> None:
    counted = failures.Failures()
    assert [counted.add(NO_RESPONSE, now) for now in (50, 80, 649, 650, 700)] == [True, False, False, True, False]
    assert counted.count == 5


def test_tenth_bug_in_a_row_is_raised() -> None:
    with pytest.raises(KeyError) as caught:
        {}["key"]
    bug = InternalError(caught.value)
    counted = failures.Failures()
    for dummy in range(9):
        counted.add(bug, 0)
    counted.add(NO_RESPONSE, 0)
    for dummy in range(9):
        counted.add(bug, 0)
    with pytest.raises(InternalError):
        counted.add(bug, 0)
