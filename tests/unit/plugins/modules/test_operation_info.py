# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""operation_info on a scripted wire."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._errors import Error
from ansible_collections.yandex_cloud.managed_kafka.plugins.modules.operation_info import check, manage
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


def info(wire: Wire, check_mode: bool = False, wait_timeout: int = 1200, **options: Any) -> dict[str, Any]:
    params = {"operation_id": "op1", "wait": False, "wait_timeout": wait_timeout, **options}
    check(params)
    result = manage(params, wire.client(wait_timeout=wait_timeout), check_mode)
    assert result.keys() == {"changed", "operation"}
    assert result["changed"] is False
    shown: dict[str, Any] = result["operation"]
    return shown


def failure(wire: Wire, **options: Any) -> dict[str, Any]:
    with pytest.raises(Error) as failed:
        info(wire, **options)
    return failed.value.result()


@pytest.mark.parametrize("check_mode", [False, True])
@pytest.mark.parametrize("body", [operation(), operation(done=True), done("PAUSED"), FAILED])
def test_an_operation_as_it_is(body: dict[str, Any], check_mode: bool) -> None:
    with Wire(Call("GET", OPERATION, body)) as wire:
        shown = info(wire, check_mode)
    assert shown["id"] == "op1"
    assert shown["done"] is body.get("done", False)
    assert shown.get("error") == (
        None if "error" not in body else {**body["error"], "details": shown["error"]["details"]}
    )


@pytest.mark.parametrize("check_mode", [False, True])
def test_an_operation_is_waited_for(check_mode: bool) -> None:
    with Wire(
        UNKNOWN,
        Call("GET", OPERATION, operation()),
        Call("GET", OPERATION, status(14, "unavailable"), status=503),
        Call("GET", OPERATION, operation(createdAt="t", metadata={"@type": "x", "clusterId": "c"})),
        Call("GET", OPERATION, done("PAUSED", createdAt="t")),
    ) as wire:
        shown = info(wire, check_mode, wait=True)
    assert shown["done"]
    assert shown["created_at"] == "t"
    assert shown["response"]["status"] == "PAUSED"
    assert shown["response"]["tasks_max"] == 3


def test_an_operation_that_has_ended_costs_one_request() -> None:
    with Wire(Call("GET", OPERATION, done("PAUSED"))) as wire:
        assert info(wire, wait=True)["done"]
    assert not wire.clock.naps


def test_a_failed_operation_is_a_failure_when_it_is_waited_for() -> None:
    with Wire(Call("GET", OPERATION, operation(error=FAILED["error"])), Call("GET", OPERATION, FAILED)) as wire:
        result = failure(wire, wait=True)
    assert result["msg"] == ("Could not wait for operation op1: operation op1 failed with INTERNAL: broker is down.")
    assert result["error"]["code"] == 13
    assert result["error"]["request_id"] == "11-22"
    assert result["operation"]["done"]
    assert not result["changed"]


def test_an_operation_that_does_not_end() -> None:
    polls = [Call("GET", OPERATION, operation(), takes=40) for dummy in range(2)]
    with Wire(*polls) as wire:
        result = failure(wire, wait=True, wait_timeout=60)
    assert "timed out: operation op1 has not ended within 60 s" in result["msg"]
    assert result["operation"] == {"id": "op1", "description": "Pause connector", "done": False}


@pytest.mark.parametrize("wait", [False, True])
def test_an_operation_that_may_not_be_read(wait: bool) -> None:
    with Wire(Call("GET", OPERATION, status(7, "Permission denied"), status=403)) as wire:
        result = failure(wire, wait=wait)
    assert "operation op1" in result["msg"]
    assert result["error"]["status"] == "PERMISSION_DENIED"
    assert "operation" not in result


def test_an_operation_that_is_not_known() -> None:
    with Wire(UNKNOWN) as wire:
        assert "Operation not found" in failure(wire)["msg"]
    with Wire(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN) as wire:
        assert "Operation not found" in failure(wire, wait=True)["msg"]


def test_an_answer_that_is_another_operation() -> None:
    with Wire(Call("GET", OPERATION, operation(id="op2"))) as wire:
        assert "something else than the expected JSON" in failure(wire)["msg"]


def test_a_secret_in_the_response_is_masked() -> None:
    body = done("PAUSED")
    body["response"]["properties"] = {"db.password": "hunter2"}
    with Wire(Call("GET", OPERATION, body)) as wire:
        assert info(wire)["response"]["properties"] == {"db.password": "********"}


@pytest.mark.parametrize("operation_id", ["", "a/b", "..", "x" * 51, "a\n"])
def test_what_cannot_be_is_refused_before_anything_is_sent(operation_id: str) -> None:
    with Wire() as wire:
        assert "is not the ID of an operation" in failure(wire, operation_id=operation_id)["msg"]
