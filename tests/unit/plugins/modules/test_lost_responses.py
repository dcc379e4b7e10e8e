# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lost responses: the same key is sent again, and a change that may have been accepted is never denied."""

from __future__ import annotations

import pytest

from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.modules.tasks import OTHER, fail, succeed
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.wire import (
    CONFLICT,
    CONNECTOR,
    OPERATION,
    PAUSE,
    Call,
    connector,
    done,
    lost,
    operation,
    status,
)

READ = Call("GET", CONNECTOR, connector())
READ_PAUSED = Call("GET", CONNECTOR, connector("PAUSED"))
NO_CHANGES = Call("POST", PAUSE, status(9, "no changes detected"), status=400)
BLOCKED = Call("POST", PAUSE, CONFLICT, status=400)
OTHER_ENDED = Call("GET", OTHER, {"id": "op9", "done": True})


def lost_pause() -> Call:
    return Call("POST", PAUSE, lost())


def test_lost_response_is_retried_with_same_key() -> None:
    run = succeed(
        READ,
        lost_pause(),
        Call("POST", PAUSE, "<html>", status=200),
        Call("POST", PAUSE, "upstream connect error", status=503),
        Call("POST", PAUSE, operation()),
        Call("GET", OPERATION, done("PAUSED")),
        READ_PAUSED,
        state="paused",
    )
    assert run.result["changed"]
    assert len(run.wire.keys()) == 4
    assert len(set(run.wire.keys())) == 1


def test_lost_responses_only_say_that_change_may_have_been_accepted() -> None:
    result = fail(READ, *[lost_pause() for dummy in range(6)], state="paused").result
    assert result["msg"] == (
        "Could not pause connector mirror in cluster c9qtest: the connection to mdb.api.cloud.yandex.net broke: reset "
        "(6 attempts). The response was lost, so the change may have been accepted. Run the task again; it checks "
        "first. Check the network, the proxy and endpoint."
    )
    assert not result["changed"]
    assert "error" not in result
    assert "operation" not in result


def test_rejected_token_after_lost_response_keeps_the_doubt() -> None:
    expired = Call("POST", PAUSE, status(16, "The token has expired"), status=401)
    result = fail(READ, lost_pause(), expired, state="paused").result
    assert "The response was lost, so the change may have been accepted." in result["msg"]
    assert result["msg"].endswith("Get a new one: yc iam create-token")


def test_blocked_change_with_lost_response_is_not_denied() -> None:
    result = fail(
        READ,
        Call("POST", PAUSE, "", status=503),
        BLOCKED,
        Call("GET", OTHER, {"id": "op9"}, takes=60),
        state="paused",
        wait_timeout=50,
    ).result
    assert result["msg"] == (
        "Could not pause connector mirror in cluster c9qtest: blocked by operation op9 for 60 s. The response was "
        "lost, so the change may have been accepted. Run the task again; it checks first."
    )


def test_timeout_with_lost_response_is_not_denied() -> None:
    result = fail(
        READ,
        lost_pause(),
        BLOCKED,
        Call("GET", OTHER, {"id": "op9", "done": True}),
        Call("GET", CONNECTOR, connector(), takes=60),
        state="paused",
        wait_timeout=50,
    ).result
    assert "before the change was sent. The response was lost" in result["msg"]


def test_refusal_after_lost_response_with_desired_status_is_our_change() -> None:
    result = succeed(READ, lost_pause(), NO_CHANGES, READ_PAUSED, state="paused").result
    assert result["changed"]
    assert result["msg"] == "mirror: RUNNING -> PAUSED"


@pytest.mark.parametrize("last", [Call("POST", PAUSE, done("PAUSED")), NO_CHANGES], ids=["accepted", "refused"])
def test_conflict_after_lost_response_keeps_the_key_and_the_doubt(last: Call) -> None:
    run = succeed(READ, lost_pause(), BLOCKED, OTHER_ENDED, READ, last, READ_PAUSED, state="paused")
    assert run.result["changed"]
    assert len(set(run.wire.keys())) == 1


def test_old_operation_found_by_key_without_effect_gets_a_new_change() -> None:
    """The operation of the lost change has ended, and another client has resumed the connector since."""
    run = succeed(
        READ,
        lost_pause(),
        Call("POST", PAUSE, done("PAUSED")),
        READ,
        Call("GET", CONNECTOR, connector(), takes=11),
        Call("POST", PAUSE, operation(id="op2")),
        Call("GET", "operation /operations/op2", {**done("PAUSED"), "id": "op2"}),
        state="paused",
    )
    assert run.result["changed"]
    assert run.result["operation"]["id"] == "op2"
    first, again, new = run.wire.keys()
    assert first == again != new


def test_old_operation_found_by_key_whose_effect_appears_late_is_enough() -> None:
    run = succeed(
        READ,
        lost_pause(),
        Call("POST", PAUSE, done("PAUSED")),
        READ,
        READ,
        READ_PAUSED,
        state="paused",
    )
    assert len(set(run.wire.keys())) == 1
