# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Deleting a connector."""

from __future__ import annotations

import pytest

from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.modules.tasks import (
    MISSING,
    OTHER,
    predict,
    shown,
    succeed,
)
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.wire import (
    CONFLICT,
    CONNECTOR,
    NOT_FOUND,
    OPERATION,
    Call,
    lost,
    operation,
)

READ = Call("GET", CONNECTOR, shown())
DELETE = Call("DELETE", CONNECTOR, operation())
GONE = Call("DELETE", CONNECTOR, NOT_FOUND, status=404)
BLOCKED = Call("DELETE", CONNECTOR, CONFLICT, status=400)
OTHER_ENDED = Call("GET", OTHER, {"id": "op9", "done": True})
ENDED = Call("GET", OPERATION, operation(done=True, response={"@type": "type.googleapis.com/google.protobuf.Empty"}))


def test_deletion_returns_null_connector() -> None:
    script = (
        Call("GET", CONNECTOR, shown(properties={"token": "hunter2"})),
        DELETE,
        Call("GET", OPERATION, operation()),
        ENDED,
    )
    result = succeed(*script, state="absent").result
    assert result["changed"]
    assert result["connector"] is predict(*script, state="absent").result["connector"] is None
    assert result["ansible_facts"] == {"kafka_connector": None}
    assert result["diff"]["after"] == {}
    assert result["diff"]["before"]["properties"] == {"token": "********"}
    assert result["msg"] == "mirror: deleted (operation op1)"


@pytest.mark.parametrize("check_mode", [False, True], ids=["real", "check_mode"])
def test_missing_connector_is_unchanged(check_mode: bool) -> None:
    result = succeed(*MISSING, state="absent", check_mode=check_mode, as_predicted=False).result
    assert not result["changed"]
    assert result["connector"] is None
    assert result["diff"]["before"] == result["diff"]["after"] == {}
    assert result["msg"] == "mirror is already absent"


def test_deletion_by_another_client_is_unchanged() -> None:
    result = succeed(READ, GONE, *MISSING, state="absent", as_predicted=False).result
    assert not result["changed"]
    assert result["connector"] is None


def test_conflict_with_deletion_by_another_client_is_unchanged() -> None:
    assert not succeed(READ, BLOCKED, OTHER_ENDED, *MISSING, state="absent", as_predicted=False).result["changed"]


def test_deletion_after_conflict_is_sent_again() -> None:
    assert succeed(READ, BLOCKED, OTHER_ENDED, READ, DELETE, ENDED, state="absent").result["changed"]


def test_deletion_with_lost_response_is_our_change() -> None:
    result = succeed(READ, Call("DELETE", CONNECTOR, lost()), GONE, *MISSING, state="absent").result
    assert result["changed"]
    assert result["msg"] == "mirror: deleted"
