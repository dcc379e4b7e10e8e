# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""operation_info on a scripted wire."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.yandex_cloud.managed_kafka.plugins.modules.operation_info import TASK
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.wire import (
    OPERATION,
    Call,
    Wire,
    done,
    operation,
    status,
)

FAILED = operation(done=True, error=status(13, "broker is down", details=[{"@type": "a", "requestId": "11-22"}]))
UNKNOWN = Call("GET", OPERATION, status(5, "Operation not found"), status=404)
TIMES = {"createdAt": "2026-01-02T03:04:05Z", "modifiedAt": "2026-01-02T03:04:10.25Z"}


def info(*script: Call, **options: Any) -> dict[str, Any]:
    with Wire(*script) as wire:
        ended = wire.run(TASK, **{"operation_id": "op1", **options})
    assert not ended.failed, ended.result["msg"]
    assert ended.result.keys() == {"changed", "operation", "msg"}
    assert ended.result["changed"] is False
    return ended.result


def failure(*script: Call, **options: Any) -> dict[str, Any]:
    with Wire(*script) as wire:
        ended = wire.run(TASK, **{"operation_id": "op1", **options})
    assert ended.failed
    assert ended.result["changed"] is False
    return ended.result


@pytest.mark.parametrize("check_mode", [False, True], ids=["real", "check_mode"])
@pytest.mark.parametrize(
    ("body", "msg"),
    [
        pytest.param(operation(), "Operation op1 (Pause connector) is running", id="running"),
        pytest.param(operation(done=True), "Operation op1 (Pause connector) finished", id="done"),
        pytest.param(done("PAUSED", **TIMES), "Operation op1 (Pause connector) finished in 5.2 s", id="times"),
        pytest.param({"id": "op1", "done": True}, "Operation op1 finished", id="no_description"),
        pytest.param(FAILED, "Operation op1 (Pause connector) failed", id="failed"),
        pytest.param({**FAILED, "done": False}, "Operation op1 (Pause connector) failed", id="rolling_back"),
    ],
)
def test_operation_is_returned_unchanged(body: dict[str, Any], msg: str, check_mode: bool) -> None:
    result = info(Call("GET", OPERATION, body), check_mode=check_mode)
    shown = result["operation"]
    assert shown["id"] == "op1"
    assert shown["done"] is body.get("done", False)
    assert result["msg"] == msg
    assert shown.get("error", {}).get("message") == body.get("error", {}).get("message")


@pytest.mark.parametrize("check_mode", [False, True], ids=["real", "check_mode"])
def test_operation_is_waited_for(check_mode: bool) -> None:
    shown = info(
        UNKNOWN,
        Call("GET", OPERATION, operation()),
        Call("GET", OPERATION, status(14, "unavailable"), status=503),
        Call("GET", OPERATION, operation(createdAt="t")),
        Call("GET", OPERATION, done("PAUSED", createdAt="t", metadata={"@type": "x", "clusterId": "c"})),
        wait=True,
        check_mode=check_mode,
    )["operation"]
    assert shown == {
        "id": "op1",
        "description": "Pause connector",
        "done": True,
        "created_at": "t",
        "metadata": {"@type": "x", "cluster_id": "c"},
    }


def test_finished_operation_costs_one_request() -> None:
    with Wire(Call("GET", OPERATION, done("PAUSED"))) as wire:
        assert wire.run(TASK, operation_id="op1", wait=True).result["operation"]["done"]
    assert not wire.clock.naps


def test_failed_operation_fails_if_it_is_waited_for() -> None:
    result = failure(
        Call("GET", OPERATION, operation(error=FAILED["error"])), Call("GET", OPERATION, FAILED), wait=True
    )
    assert result["msg"] == (
        "Could not wait for operation op1: the service reported an error: broker is down (INTERNAL, operation op1). "
        "Fix the cause and run the task again."
    )
    assert result["error"]["code"] == 13
    assert result["error"]["request_id"] == "11-22"
    assert result["operation"]["done"]


def test_operation_that_does_not_finish_fails_at_deadline() -> None:
    result = failure(*[Call("GET", OPERATION, operation(), takes=40) for dummy in range(2)], wait=True, wait_timeout=60)
    assert result["msg"] == (
        "Could not wait for operation op1: timed out after 60 s. Operation op1 has not finished and continues on the "
        "service. Wait for it: ansible localhost -m yandex_cloud.managed_kafka.operation_info -a 'operation_id=op1 "
        "wait=true'"
    )
    assert result["operation"] == {"id": "op1", "description": "Pause connector", "done": False}
    assert "error" not in result


@pytest.mark.parametrize(("wait", "verb"), [(False, "read"), (True, "wait for")], ids=["read", "wait"])
def test_forbidden_operation_fails(wait: bool, verb: str) -> None:
    result = failure(Call("GET", OPERATION, status(7, "Permission denied"), status=403), wait=wait)
    assert result["msg"] == (
        f"Could not {verb} operation op1: operation.api.cloud.yandex.net returned HTTP 403 PERMISSION_DENIED: "
        "Permission denied. Grant your account the role managed-kafka.viewer on the folder."
    )
    assert result["error"]["status"] == "PERMISSION_DENIED"
    assert "operation" not in result


def test_unknown_operation_fails() -> None:
    assert "Operation not found" in failure(UNKNOWN)["msg"]
    assert "Operation not found" in failure(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, wait=True)["msg"]


def test_another_operation_in_the_response_fails() -> None:
    assert "did not return the expected JSON" in failure(Call("GET", OPERATION, operation(id="op2")))["msg"]


def test_response_that_is_a_connector_is_left_out() -> None:
    body = done("PAUSED")
    body["response"]["properties"] = {"db.password": "hunter2"}
    result = info(Call("GET", OPERATION, body))
    assert "response" not in result["operation"]


def test_secret_properties_in_other_responses_are_masked() -> None:
    body = operation(done=True, response={"@type": "x.Connectors", "properties": {"db.password": "hunter2"}})
    assert info(Call("GET", OPERATION, body))["operation"]["response"]["properties"] == {"db.password": "********"}


@pytest.mark.parametrize(
    "operation_id", ["", "a/b", "..", "x" * 51, "a\n"], ids=["empty", "slash", "dots", "long", "newline"]
)
def test_invalid_operation_id_fails_before_any_request(operation_id: str) -> None:
    assert "is not a valid operation ID" in failure(operation_id=operation_id)["msg"]


def test_invalid_wait_timeout_fails_before_any_request() -> None:
    assert failure(wait_timeout=0)["msg"] == "wait_timeout is 0, which is less than 1. Set it to at least 1."
