# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which requests a pause sends, and what it returns if something happens on the way."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from support.world import World

from sandbox.behaviour import CONFLICT_PLAIN, CONFLICT_QUOTED
from sandbox.calls import Call

READ, PAUSE, POLL = "Connector.Get", "Connector.Pause", "Operation.Get"


def requests(world: World) -> list[str]:
    """Return the names of the requests; equal ones that follow each other count once.

    The number of polls depends on time, and on a slow machine a task reads again because its first read is old.
    """
    names = [call.short_name for call in world.sandbox.requests]
    return [name for name, before in zip(names, ["", *names]) if name != before]


def once(world: World, rpc: str, action: Any) -> None:
    """Run an action just before the first call of an rpc."""
    left = [action]
    world.sandbox.on_request(rpc, lambda call: left and left.pop()())


# Another client changes the connector between our read and our pause


@pytest.mark.parametrize("conflict", [CONFLICT_PLAIN, CONFLICT_QUOTED], ids=["plain", "quoted"])
def test_conflict_with_another_connector_is_waited_for(world: World, conflict: str) -> None:
    world.reset("mirror", "second")
    world.sandbox.behaviour.conflict_message = conflict
    once(world, PAUSE, lambda: world.sandbox.cloud.begin("pause", world.cluster_id, "second"))
    report = world.perform()
    assert report.changed
    assert report["connector"]["status"] == "PAUSED"
    assert requests(world) == [READ, PAUSE, POLL, READ, PAUSE, POLL]
    assert len(world.keys()) == 2


def test_conflict_with_the_same_change_needs_no_second_pause(world: World) -> None:
    once(world, PAUSE, lambda: world.sandbox.cloud.begin("pause", world.cluster_id, "mirror"))
    report = world.perform()
    check_unchanged(report.result)
    assert len(world.operations()) == 1
    assert requests(world) == [READ, PAUSE, POLL, READ]


def test_refusal_of_a_pause_that_another_client_made_is_no_error(world: World) -> None:
    world.sandbox.behaviour.noop_is_error = True
    once(world, PAUSE, lambda: world.sandbox.cloud.set_status(world.cluster_id, "mirror", "PAUSED"))
    report = world.perform()
    check_unchanged(report.result)
    assert requests(world) == [READ, PAUSE, READ]


def check_unchanged(result: dict[str, Any]) -> None:
    assert not result["changed"]
    assert result["connector"]["status"] == "PAUSED"
    assert (result["diff"]["before"], result["diff"]["after"]) == ({}, {})
    assert result["msg"] == "mirror is already PAUSED"
    assert "operation" not in result


def test_connector_that_vanishes_before_the_pause_is_an_error(world: World) -> None:
    once(world, PAUSE, lambda: world.sandbox.cloud.remove_connector(world.cluster_id, "mirror"))
    report = world.perform()
    assert report.failed
    assert "the connector was deleted during the task" in report.msg
    assert report["error"]["status"] == "NOT_FOUND"


# An uncertain service


def check_paused_once(world: World, **options: Any) -> None:
    report = world.perform(**options)
    assert not report.failed, report
    assert report.changed
    assert report["connector"]["status"] == world.status() == "PAUSED"
    assert (report["diff"]["before"], report["diff"]["after"]) == ({"status": "RUNNING"}, {"status": "PAUSED"})
    assert len(world.operations()) == 1


@pytest.mark.parametrize("kind", ["UNAVAILABLE", "reset", "ABORTED"])
def test_pause_without_a_clear_response_is_repeated_with_the_same_key(world: World, kind: str) -> None:
    if kind == "reset":
        world.sandbox.faults.reset(PAUSE, after=True)
    else:
        world.sandbox.faults.abort(PAUSE, kind, after=kind == "UNAVAILABLE")
    check_paused_once(world)
    assert len(world.sandbox.requests_of(PAUSE)) == 2
    assert len(world.keys()) == 1


def test_retry_after_is_respected(world: World) -> None:
    world.sandbox.faults.abort(READ, "RESOURCE_EXHAUSTED", headers={"retry-after": "20"})
    check_paused_once(world)
    first, second = world.sandbox.requests_of(READ)
    assert (second.time - first.time) * world.clock.factor >= 20


@pytest.mark.parametrize(
    "behaviour",
    [pytest.param({"stale_seconds": 6}, id="stale"), pytest.param({"missing_response": True}, id="missing")],
)
def test_operation_without_the_new_status_is_verified_by_reads(world: World, behaviour: dict[str, Any]) -> None:
    vars(world.sandbox.behaviour).update(behaviour)
    check_paused_once(world)
    assert requests(world)[:4] == [READ, PAUSE, POLL, READ]


def test_new_operation_may_be_unknown_for_three_polls(world: World) -> None:
    world.sandbox.behaviour.operation_not_found_polls = 3
    check_paused_once(world)
    assert [call.code for call in world.sandbox.requests_of(POLL)][:4] == ["NOT_FOUND"] * 3 + ["OK"]


def test_poll_interval_of_the_service_is_respected(world: World) -> None:
    world.sandbox.behaviour.poll_interval = 20
    world.end_operations_at_poll(3)
    check_paused_once(world)
    times = [call.time * world.clock.factor for call in world.sandbox.requests_of(POLL)]
    # Without the header, the polls are half a second apart. Real delays of the network are fifty times longer here.
    assert min(after - before for before, after in pairwise(times)) >= 5


# Failures


def test_failed_operation_is_waited_for_and_reported(world: World) -> None:
    world.sandbox.faults.fail_operation("pause", "INTERNAL", "broker is down", rollback_seconds=5)
    report = world.perform()
    (operation,) = world.operations()
    assert report.failed
    assert report.changed
    assert report.msg == (
        f"Could not pause connector mirror in cluster {world.cluster_id}: the service reported an error: "
        f"broker is down (INTERNAL, operation {operation.id}). Fix the cause and run the task again."
    )
    assert report["operation"]["done"], "the rollback is waited for"
    assert report["error"]["status"] == "INTERNAL"
    assert report["connector"] == {
        "name": "mirror",
        "cluster_id": world.cluster_id,
        "status": "RUNNING",
        "health": "ALIVE",
    }
    assert "diff" not in report.result


def test_operation_without_the_desired_status_is_reported(world: World) -> None:
    world.sandbox.faults.end_operation("pause", "ERROR")
    report = world.perform(wait_timeout=20)
    assert report.failed
    assert report.changed
    assert "succeeded, but the status is ERROR instead of PAUSED after 20 s" in report.msg
    assert report["connector"]["status"] == "ERROR"
    assert "error" not in report.result, "the service reported none"


def test_missing_permission_names_the_role(world: World) -> None:
    report = world.perform(iam_token=world.sandbox.iam_token("viewer"))
    assert report.failed
    assert not report.changed
    assert "403 PERMISSION_DENIED" in report.msg
    assert "managed-kafka.editor" in report.msg
    assert report["error"]["request_id"]
    assert report["connector"]["status"] == "RUNNING"
    assert world.operations() == []


def test_response_of_a_proxy_has_no_code(world: World) -> None:
    world.sandbox.faults.reset(READ, times=2)
    report = world.perform(request_retries=1)
    assert report.failed
    assert "HTTP 503: upstream connect error" in report.msg
    assert "(2 attempts)" in report.msg
    assert (report["error"]["http_status"], report["error"]["code"]) == (503, None)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        pytest.param({"name": "mirro"}, "no such connector. Did you mean mirror?", id="connector"),
        pytest.param({"cluster_id": "c9qnothing"}, "cluster c9qnothing was not found", id="cluster"),
    ],
)
def test_missing_connector_and_missing_cluster_are_distinguished(
    world: World, options: dict[str, Any], reason: str
) -> None:
    report = world.perform(**options)
    assert report.failed
    assert reason in report.msg
    error = report["error"]
    assert (error["http_status"], error["code"], error["status"]) == (404, 5, "NOT_FOUND")


def test_token_that_expires_between_polls_is_renewed_for_the_poll_alone(world: World) -> None:
    world.end_operations_at_poll(5)
    expired: list[str] = []

    def expire(call: Call) -> None:
        if call.code == "OK" and len(expired) < 2:
            expired.append(call.headers["authorization"].removeprefix("Bearer "))
            world.sandbox.expire(expired[-1])

    world.sandbox.on_request(POLL, expire, after=True)
    check_paused_once(world, service_account_key=world.key)
    assert len(set(expired)) == 2
    codes = [call.code for call in world.sandbox.requests_of(POLL)]
    assert codes.count("UNAUTHENTICATED") == 2
    assert len(world.sandbox.requests_of("IamToken.Create")) == 3
    assert len(world.sandbox.requests_of(PAUSE)) == 1
