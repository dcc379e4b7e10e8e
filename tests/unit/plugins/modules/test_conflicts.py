# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Other clients change the same cluster or the same connector: conflicts, refusals, and what still has to be sent."""

from __future__ import annotations

import re
from typing import Any

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
    operation,
    status,
)

READ = Call("GET", CONNECTOR, connector())
BLOCKED = Call("POST", PAUSE, CONFLICT, status=400)
NO_CHANGES = Call("POST", PAUSE, status(9, "no changes detected"), status=400)
OTHER_ENDED = Call("GET", OTHER, {"id": "op9", "done": True})
PAUSED = Call("POST", PAUSE, done("PAUSED"))


def test_blocking_operation_is_waited_for_and_change_is_sent_with_new_key() -> None:
    run = succeed(
        READ,
        BLOCKED,
        Call("GET", OTHER, {"id": "op9"}),
        Call("GET", OTHER, {"id": "op9", "done": True, "error": status(13, "not ours")}),
        READ,
        Call("POST", PAUSE, operation()),
        Call("GET", OPERATION, done("PAUSED")),
        state="paused",
    )
    assert run.result["changed"]
    assert len(set(run.wire.keys())) == 2


def test_pause_by_another_client_is_not_repeated() -> None:
    result = succeed(
        READ,
        Call("POST", PAUSE, status(9, "Conflicting operation op9 detected"), status=400),
        Call("GET", OTHER, {**done("PAUSED"), "id": "op9"}),
        Call("GET", CONNECTOR, connector("PAUSED")),
        state="paused",
        as_predicted=False,
    ).result
    assert not result["changed"]
    assert "operation" not in result
    assert result["diff"]["before"] == result["diff"]["after"] == {}
    assert result["msg"] == "mirror is already PAUSED"


def test_unreadable_blocking_operation_is_retried_with_growing_delays() -> None:
    again = (BLOCKED, Call("GET", OTHER, status(7, "Permission denied"), status=403), READ)
    run = succeed(READ, *again, *again, *again, PAUSED, state="paused")
    naps = run.wire.clock.naps
    assert len(naps) == 3
    assert naps == sorted(naps)


@pytest.mark.parametrize("error", [None, status(13, "not ours")], ids=["succeeded", "failed"])
def test_blocking_operation_that_has_ended_is_retried_with_growing_delays(error: dict[str, Any] | None) -> None:
    ended = {"id": "op9", "done": True, **({"error": error} if error else {})}
    again = (BLOCKED, Call("GET", OTHER, ended), READ)
    run = succeed(READ, *again, *again, *again, *again, PAUSED, state="paused")
    naps = run.wire.clock.naps
    assert len(naps) == 3, "the first conflict with an operation costs no delay"
    assert naps == sorted(naps)


def test_conflicts_with_different_operations_cost_no_delay() -> None:
    script = [READ]
    for name in ("op7", "op8", "op9"):
        conflict = Call("POST", PAUSE, status(9, f'conflicting operation "{name}" detected'), status=400)
        script += [conflict, Call("GET", f"operation /operations/{name}", {"id": name, "done": True}), READ]
    assert succeed(*script, PAUSED, state="paused").wire.clock.naps == []


@pytest.mark.parametrize(
    ("answer", "details"),
    [
        pytest.param({"answer": {"id": "op9"}}, "", id="unknown"),
        pytest.param({"answer": status(7, "Permission denied"), "status": 403}, "", id="unreadable"),
        pytest.param(
            {
                "answer": {
                    "id": "op9",
                    "description": "Pause Apache Kafka connector",
                    "createdAt": "2026-01-02T03:04:05Z",
                    "createdBy": "ajek",
                    "metadata": {"clusterId": "c9qtest", "connectorName": "mirror-payments"},
                }
            },
            ' ("Pause Apache Kafka connector", on mirror-payments, by ajek, started AGE s ago)',
            id="known",
        ),
    ],
)
def test_conflict_until_deadline_names_blocking_operation(answer: dict[str, Any], details: str) -> None:
    result = fail(READ, BLOCKED, Call("GET", OTHER, **answer, takes=100), state="paused", wait_timeout=60)
    assert re.sub(r"started \d+ s ago", "started AGE s ago", result.result["msg"]) == (
        f"Could not pause connector mirror in cluster c9qtest: blocked by operation op9{details} for 100 s. "
        "The change was not sent. Run the task again when that operation is done."
    )
    assert not result.result["changed"]
    assert result.result["error"]["status"] == "FAILED_PRECONDITION"


@pytest.mark.parametrize(
    "refusal", [status(9, "no changes detected"), status(3, "already paused")], ids=["no_changes", "invalid"]
)
def test_refusal_with_desired_status_is_success(refusal: dict[str, Any]) -> None:
    result = succeed(
        READ,
        Call("POST", PAUSE, refusal, status=400),
        Call("GET", CONNECTOR, connector("PAUSED")),
        state="paused",
        as_predicted=False,
    ).result
    assert not result["changed"]
    assert result["connector"]["status"] == "PAUSED"


def test_failed_precondition_without_conflict_gets_one_more_attempt() -> None:
    """Another client has paused the connector and resumed it since."""
    run = succeed(READ, NO_CHANGES, READ, PAUSED, state="paused")
    assert run.result["changed"]
    assert len(set(run.wire.keys())) == 2


def test_second_failed_precondition_fails() -> None:
    result = fail(READ, NO_CHANGES, READ, NO_CHANGES, READ, state="paused").result
    assert "no changes detected" in result["msg"]
    assert result["error"]["status"] == "FAILED_PRECONDITION"


def test_conflict_during_task_does_not_use_up_the_second_attempt() -> None:
    run = succeed(READ, NO_CHANGES, READ, BLOCKED, OTHER_ENDED, READ, PAUSED, state="paused")
    assert run.result["changed"]


def test_list_behind_a_second_read_is_retried_until_it_succeeds() -> None:
    connectors = CONNECTOR.rpartition("/")[0]
    result = succeed(
        READ,
        NO_CHANGES,
        Call("GET", CONNECTOR, status(5, "Connector not found"), status=404),
        *[Call("GET", connectors, status(14, "unavailable"), status=503)] * 6,
        Call("GET", connectors, {"connectors": [connector("PAUSED")]}),
        state="paused",
        as_predicted=False,
    ).result
    assert not result["changed"]
