# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Restart: a pause that is confirmed, then a resume."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.modules.tasks import fail, predict, succeed
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.wire import (
    CONNECTOR,
    CONNECTORS,
    EMPTY,
    NOT_FOUND,
    OPERATION,
    PAUSE,
    RESUME,
    Call,
    connector,
    done,
    lost,
    operation,
    status,
)

OPERATION_2 = "operation /operations/op2"
RESUME_ADVICE = "Use state: running to resume the connector; do not run state: restarted again."


def restart_failure(*script: Call, **options: Any) -> dict[str, Any]:
    return fail(*script, state="restarted", wait_timeout=50, **options).result


def test_restart_pauses_and_resumes() -> None:
    script = (
        Call("GET", CONNECTOR, connector("RUNNING")),
        Call("POST", PAUSE, operation()),
        Call("GET", OPERATION, done("PAUSED")),
        Call("POST", RESUME, {"id": "op2"}),
        Call("GET", OPERATION_2, {**done("RUNNING"), "id": "op2"}),
    )
    run = succeed(*script, state="restarted")
    assert run.result["changed"]
    assert run.result["operation"]["id"] == "op2"
    assert run.result["diff"]["before"] == run.result["diff"]["after"] == {}
    assert run.result["msg"] == "mirror: RUNNING -> PAUSED -> RUNNING (operation op2)"
    assert len(set(run.wire.keys())) == 2
    predicted = predict(*script, state="restarted").result
    assert predicted["msg"] == "mirror: RUNNING -> PAUSED -> RUNNING (check mode, no change was sent)"


def test_restart_of_connector_in_error_shows_both_statuses_in_diff() -> None:
    result = succeed(
        Call("GET", CONNECTOR, connector("ERROR")),
        Call("POST", PAUSE, done("PAUSED")),
        Call("POST", RESUME, done("RUNNING")),
        state="restarted",
    ).result
    assert result["diff"]["before"] == {"status": "ERROR"}
    assert result["diff"]["after"] == {"status": "RUNNING"}


def test_restart_without_wait_waits_for_pause_only() -> None:
    result = succeed(
        Call("GET", CONNECTOR, connector()),
        Call("POST", PAUSE, operation()),
        Call("GET", OPERATION, done("PAUSED")),
        Call("POST", RESUME, {"id": "op2"}),
        state="restarted",
        wait=False,
    ).result
    assert result["connector"]["status"] == "PAUSED"
    assert result["operation"] == {"id": "op2", "done": False}
    assert result["msg"] == "Resume of mirror accepted, not finished (operation op2)"


def test_response_of_pause_is_newer_than_first_read() -> None:
    run = succeed(
        Call("GET", CONNECTOR, connector()),
        Call("POST", PAUSE, operation()),
        Call("GET", OPERATION, done("PAUSED"), takes=30),
        Call("POST", RESUME, done("RUNNING")),
        state="restarted",
    )
    assert run.result["changed"]


def test_restart_that_ends_after_pause_advises_resume() -> None:
    result = restart_failure(
        Call("GET", CONNECTOR, connector("RUNNING")),
        Call("POST", PAUSE, operation()),
        Call("GET", OPERATION, done("PAUSED"), takes=60),
    )
    assert result["changed"]
    assert result["connector"]["status"] == "PAUSED"
    assert result["msg"] == (
        "Could not resume connector mirror in cluster c9qtest: timed out after 50 s before the change was sent. "
        f"{RESUME_ADVICE}"
    )


@pytest.mark.parametrize(
    ("script", "advises_resume"),
    [
        pytest.param(
            [Call("POST", PAUSE, operation()), Call("GET", OPERATION, operation(), takes=60)],
            True,
            id="pause_continues",
        ),
        pytest.param(
            [Call("POST", PAUSE, operation(done=True, error=status(13, "broker")))], False, id="pause_operation_failed"
        ),
        pytest.param(
            [Call("POST", PAUSE, status(7, "Permission denied"), status=403), Call("GET", CONNECTOR, connector())],
            False,
            id="pause_forbidden",
        ),
    ],
)
def test_restart_that_fails_in_pause(script: list[Call], advises_resume: bool) -> None:
    result = restart_failure(Call("GET", CONNECTOR, connector("RUNNING")), *script)
    assert (RESUME_ADVICE in result["msg"]) == advises_resume


def test_restart_with_lost_response_of_resume_does_not_advise_to_run_again() -> None:
    attempts = [Call("POST", RESUME, lost()) for dummy in range(6)]
    result = fail(Call("GET", CONNECTOR, connector("PAUSED")), *attempts, state="restarted").result
    assert result["msg"] == (
        "Could not resume connector mirror in cluster c9qtest: the connection to mdb.api.cloud.yandex.net broke: reset "
        f"(6 attempts). The response was lost, so the change may have been accepted. {RESUME_ADVICE} Check the "
        "network, the proxy and endpoint."
    )
    assert not result["changed"]


def test_timeout_of_restart_ends_with_command() -> None:
    result = restart_failure(
        Call("GET", CONNECTOR, connector("PAUSED")),
        Call("POST", RESUME, operation()),
        Call("GET", OPERATION, operation(), takes=60),
    )
    assert result["msg"] == (
        "Could not resume connector mirror in cluster c9qtest: timed out after 50 s. Operation op1 has not finished "
        f"and continues on the service. The change was accepted; the status is still PAUSED. {RESUME_ADVICE} Wait for "
        "it: ansible localhost -m yandex_cloud.managed_kafka.operation_info -a 'operation_id=op1 wait=true'"
    )


def test_connector_deleted_after_pause_fails() -> None:
    result = restart_failure(
        Call("GET", CONNECTOR, connector()),
        Call("POST", PAUSE, operation(done=True)),
        Call("GET", CONNECTOR, NOT_FOUND, status=404, takes=11),
        Call("GET", CONNECTORS, EMPTY),
    )
    assert result["msg"] == (
        "Could not pause connector mirror in cluster c9qtest: the connector was deleted during the task. Check who "
        "deleted it."
    )
    assert "connector" not in result
