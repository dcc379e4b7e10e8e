# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pause and resume: one change, its operation, and the verification of the status."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.modules.tasks import Run, fail, predict, succeed
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.wire import (
    CONNECTOR,
    OPERATION,
    PAUSE,
    RESUME,
    Call,
    connector,
    done,
    operation,
    status,
)

HEADERS = {
    "before_header": "connector mirror in cluster c9qtest (before)",
    "after_header": "connector mirror in cluster c9qtest (after)",
}
TIMES = {"createdAt": "2026-01-02T03:04:05.5Z", "modifiedAt": "2026-01-02T03:04:10.500000001Z"}


def failed_pause(*script: Call, **options: Any) -> dict[str, Any]:
    return fail(Call("GET", CONNECTOR, connector()), *script, state="paused", **options).result


@pytest.mark.parametrize("state", ["paused", "running"])
@pytest.mark.parametrize("check_mode", [False, True], ids=["real", "check_mode"])
def test_connector_with_desired_status_costs_one_request(state: str, check_mode: bool) -> None:
    status_now = {"paused": "PAUSED", "running": "RUNNING"}[state]
    result = succeed(
        Call("GET", CONNECTOR, connector(status_now)), state=state, check_mode=check_mode, as_predicted=False
    ).result
    assert not result["changed"]
    assert result["connector"]["status"] == status_now
    assert result["ansible_facts"] == {"kafka_connector": result["connector"]}
    assert result["diff"] == {"before": {}, "after": {}, **HEADERS}
    assert result["msg"] == f"mirror is already {status_now}"
    assert "operation" not in result


@pytest.mark.parametrize(
    ("state", "before", "route", "after"),
    [
        ("paused", "RUNNING", PAUSE, "PAUSED"),
        ("paused", "ERROR", PAUSE, "PAUSED"),
        ("paused", "STATUS_UNKNOWN", PAUSE, "PAUSED"),
        ("running", "PAUSED", RESUME, "RUNNING"),
        ("running", "ERROR", RESUME, "RUNNING"),
        ("restarted", "PAUSED", RESUME, "RUNNING"),
    ],
)
def test_change_of_status_returns_connector_and_operation(state: str, before: str, route: str, after: str) -> None:
    script = (
        Call("GET", CONNECTOR, connector(before)),
        Call("POST", route, operation(), sent={}),
        Call("GET", OPERATION, operation()),
        Call("GET", OPERATION, done(after, **TIMES)),
    )
    result = succeed(*script, state=state).result
    assert result["changed"]
    assert result["connector"]["status"] == after
    assert result["connector"]["tasks_max"] == 3
    assert result["ansible_facts"] == {"kafka_connector": result["connector"]}
    assert result["operation"]["done"]
    assert "response" not in result["operation"]
    assert result["diff"] == {"before": {"status": before}, "after": {"status": after}, **HEADERS}
    assert result["msg"] == f"mirror: {before} -> {after} in 5.0 s (operation op1)"
    predicted = predict(*script, state=state).result
    assert predicted["connector"] == result["connector"]
    assert predicted["msg"] == f"mirror: {before} -> {after} (check mode, no change was sent)"


@pytest.mark.parametrize("response", [None, "RUNNING"], ids=["no_response", "stale_response"])
def test_connector_is_read_until_it_is_paused(response: str | None) -> None:
    result = succeed(
        Call("GET", CONNECTOR, connector()),
        Call("POST", PAUSE, operation()),
        Call("GET", OPERATION, done(response) if response else operation(done=True)),
        Call("GET", CONNECTOR, connector()),
        Call("GET", CONNECTOR, status(14, "unavailable"), status=503),
        Call("GET", CONNECTOR, connector("PAUSED")),
        state="paused",
    ).result
    assert result["changed"]
    assert result["connector"]["status"] == "PAUSED"


def test_response_about_another_connector_is_not_used() -> None:
    other = done("PAUSED")
    other["response"]["name"] = "other"
    result = succeed(
        Call("GET", CONNECTOR, connector()),
        Call("POST", PAUSE, other),
        Call("GET", CONNECTOR, connector("PAUSED")),
        state="paused",
    ).result
    assert result["connector"]["name"] == "mirror"


@pytest.mark.parametrize(
    "reads",
    [
        [Call("GET", CONNECTOR, connector(), takes=5)],
        [Call("GET", CONNECTOR, status(14, "unavailable"), status=503), Call("GET", CONNECTOR, connector())],
    ],
    ids=["slow", "retried"],
)
def test_slow_or_retried_read_is_followed_by_change(reads: list[Call]) -> None:
    assert succeed(*reads, Call("POST", PAUSE, done("PAUSED")), state="paused").result["changed"]


def test_wrong_final_status_fails() -> None:
    result = failed_pause(
        Call("POST", PAUSE, operation()),
        Call("GET", OPERATION, done("ERROR")),
        *[Call("GET", CONNECTOR, connector("ERROR"), takes=40) for dummy in range(2)],
        wait_timeout=60,
    )
    assert result["msg"] == (
        "Could not pause connector mirror in cluster c9qtest: operation op1 succeeded, but the status is ERROR instead "
        "of PAUSED after 60 s. Check the connector's health and log before you continue."
    )
    assert result["changed"]
    assert result["connector"] == {"name": "mirror", "cluster_id": "c9qtest", "status": "ERROR", "health": "ALIVE"}
    assert result["operation"]["id"] == "op1"
    assert "error" not in result


def test_failed_operation_fails_after_rollback() -> None:
    error = status(13, "broker is down")
    result = failed_pause(
        Call("POST", PAUSE, operation()),
        Call("GET", OPERATION, operation(error=error)),
        Call("GET", OPERATION, operation(error=error, done=True)),
    )
    assert result["msg"] == (
        "Could not pause connector mirror in cluster c9qtest: the service reported an error: broker is down (INTERNAL, "
        "operation op1). Fix the cause and run the task again."
    )
    assert result["changed"]
    assert result["operation"]["done"]
    assert result["error"] == {
        "http_status": None,
        "code": 13,
        "status": "INTERNAL",
        "message": "broker is down",
        "details": None,
        "request_id": None,
    }
    assert result["connector"]["status"] == "RUNNING"
    assert "diff" not in result


def test_rollback_after_timeout_fails_with_error_of_operation() -> None:
    error = status(13, "broker is down")
    result = failed_pause(
        Call("POST", PAUSE, operation()), Call("GET", OPERATION, operation(error=error), takes=100), wait_timeout=60
    )
    assert result["msg"] == (
        "Could not pause connector mirror in cluster c9qtest: the service reported an error: broker is down (INTERNAL, "
        "operation op1, still rolling back). Fix the cause and run the task again."
    )


def test_timeout_names_operation_and_command() -> None:
    result = failed_pause(
        Call("POST", PAUSE, operation(), takes=70), Call("GET", OPERATION, operation()), wait_timeout=60
    )
    assert result["msg"] == (
        "Could not pause connector mirror in cluster c9qtest: timed out after 60 s. Operation op1 has not finished and "
        "continues on the service. The change was accepted; the status is still RUNNING. Wait for it: ansible "
        "localhost -m yandex_cloud.managed_kafka.operation_info -a 'operation_id=op1 wait=true'"
    )
    assert result["changed"]
    assert result["operation"] == {"id": "op1", "description": "Pause connector", "done": False}
    assert result["connector"]["status"] == "RUNNING"
    assert "error" not in result


def test_operation_that_ends_at_the_deadline_is_success() -> None:
    result = succeed(
        Call("GET", CONNECTOR, connector()),
        Call("POST", PAUSE, operation(), takes=70),
        Call("GET", OPERATION, done("PAUSED")),
        state="paused",
        wait_timeout=60,
    ).result
    assert result["changed"]


def test_deadline_before_change_sends_nothing() -> None:
    result = fail(Call("GET", CONNECTOR, connector(), takes=30), state="paused", wait_timeout=20).result
    assert result["msg"] == (
        "Could not pause connector mirror in cluster c9qtest: timed out after 20 s before the change was sent. "
        "Increase wait_timeout and run again."
    )
    assert not result["changed"]


def test_operation_that_cannot_be_read_continues() -> None:
    result = failed_pause(
        Call("POST", PAUSE, operation()), Call("GET", OPERATION, status(7, "Permission denied"), status=403)
    )
    assert result["msg"] == (
        "Could not pause connector mirror in cluster c9qtest: operation.api.cloud.yandex.net returned HTTP 403 "
        "PERMISSION_DENIED: Permission denied. Operation op1 continues on the service. Grant your account the role "
        "managed-kafka.viewer on the folder."
    )
    assert result["changed"]
    assert result["error"]["http_status"] == 403


def test_rejected_token_does_not_say_that_change_may_be_accepted() -> None:
    result = failed_pause(Call("POST", PAUSE, status(16, "The token has expired"), status=401))
    assert result["msg"] == (
        "Could not pause connector mirror in cluster c9qtest: the IAM token from iam_token is invalid or expired "
        "(HTTP 401): The token has expired. Get a new one: yc iam create-token"
    )
    assert not result["changed"]


def test_without_wait_finished_operation_sets_facts() -> None:
    result = succeed(
        Call("GET", CONNECTOR, connector()), Call("POST", PAUSE, done("PAUSED")), state="paused", wait=False
    ).result
    assert result["connector"]["status"] == "PAUSED"
    assert result["ansible_facts"] == {"kafka_connector": result["connector"]}
    assert result["msg"] == "mirror: RUNNING -> PAUSED (operation op1)"


@pytest.mark.parametrize("over", [True, False], ids=["ended", "rolling_back"])
def test_without_wait_operation_that_failed_at_once_fails(over: bool) -> None:
    failed = operation(error=status(9, "broker is down"))
    ended = {**failed, "done": True}
    script = [Call("POST", PAUSE, ended)] if over else [Call("POST", PAUSE, failed), Call("GET", OPERATION, ended)]
    result = failed_pause(*script, wait=False)
    assert "broker is down" in result["msg"]
    assert result["changed"]


def test_secret_properties_are_masked_everywhere() -> None:
    properties = {"sasl.jaas.config": "hunter2 hunter2", "a.b": "shown"}
    ended = done("PAUSED")
    ended["response"]["properties"] = properties
    result = succeed(
        Call("GET", CONNECTOR, connector(properties=properties)),
        Call("POST", PAUSE, operation()),
        Call("GET", OPERATION, ended),
        state="paused",
    ).result
    assert result["connector"]["properties"] == {"sasl.jaas.config": "********", "a.b": "shown"}


def test_bug_does_not_lose_accepted_change(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._run.converge.wait", bug)
    result = failed_pause(Call("POST", PAUSE, operation()))
    assert "this is a bug in yandex_cloud.managed_kafka" in result["msg"]
    assert "ZeroDivisionError in bug" in result["msg"]
    assert result["changed"]
    assert result["operation"]["id"] == "op1"


def bug(*_args: Any, **_options: Any) -> Run:
    raise ZeroDivisionError


def test_error_in_first_read_names_what_was_attempted() -> None:
    result = fail(Call("GET", CONNECTOR, status(7, "Permission denied"), status=403), state="paused").result
    assert result["msg"] == (
        "Could not pause connector mirror in cluster c9qtest: mdb.api.cloud.yandex.net returned HTTP 403 "
        "PERMISSION_DENIED: Permission denied. Grant your account the role managed-kafka.viewer on the folder."
    )
    assert not result["changed"]
    assert "connector" not in result
