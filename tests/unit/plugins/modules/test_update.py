# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Updating a connector: only the differences are sent, with an exact mask."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.modules.tasks import (
    MIRROR,
    MISSING,
    OTHER,
    SENT,
    SPEC,
    ended,
    fail,
    predict,
    shown,
    succeed,
    update_mask,
)
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.wire import (
    CONFLICT,
    CONNECTOR,
    CONNECTORS,
    NOT_FOUND,
    OPERATION,
    PAUSE,
    RESUME,
    Call,
    done,
    lost,
    operation,
)

OTHER_ENDED = Call("GET", OTHER, {"id": "op9", "done": True})
PATH = "connectorConfigMirrormaker"


def same_as_predicted(*script: Call, **options: Any) -> dict[str, Any]:
    """Return the result of a task. Check mode has to predict the same connector."""
    result = succeed(*script, **options).result
    assert predict(*script, **options).result["connector"] == result["connector"]
    return result


def sides(result: dict[str, Any]) -> list[Any]:
    return [result["diff"]["before"], result["diff"]["after"]]


def test_update_sends_only_differences() -> None:
    sent = {
        "updateMask": update_mask("tasksMax", "properties"),
        "connectorSpec": {"tasksMax": "3", "properties": {"a": "true", "b": "2"}},
    }
    result = same_as_predicted(
        Call("GET", CONNECTOR, shown("PAUSED", tasksMax="1", properties={"a": "false", "b": "2"})),
        Call("PATCH", CONNECTOR, operation(), sent=sent),
        Call("GET", OPERATION, ended("PAUSED", properties={"a": "true", "b": "2"})),
        state="present",
        **SPEC,
    )
    assert result["changed"]
    assert result["connector"]["status"] == "PAUSED"
    assert sides(result) == [
        {"tasks_max": 1, "properties": {"a": "false"}},
        {"tasks_max": 3, "properties": {"a": "true"}},
    ]
    assert result["msg"] == "mirror: updated (tasks_max, properties) (operation op1)"


@pytest.mark.parametrize("state", ["present", "running"])
@pytest.mark.parametrize("check_mode", [False, True], ids=["real", "check_mode"])
def test_connector_without_differences_costs_one_request(state: str, check_mode: bool) -> None:
    read = Call("GET", CONNECTOR, shown(properties={"a": "true", "b": "2"}, future={"c": "d"}))
    result = succeed(read, state=state, check_mode=check_mode, as_predicted=False, **SPEC).result
    assert not result["changed"]
    assert sides(result) == [{}, {}]


@pytest.mark.parametrize(
    ("state", "before", "route", "after"),
    [("paused", "RUNNING", PAUSE, "PAUSED"), ("running", "PAUSED", RESUME, "RUNNING")],
)
def test_update_comes_before_change_of_status(state: str, before: str, route: str, after: str) -> None:
    sent = {"updateMask": update_mask("tasksMax"), "connectorSpec": {"tasksMax": "5"}}
    result = same_as_predicted(
        Call("GET", CONNECTOR, shown(before)),
        Call("PATCH", CONNECTOR, operation(), sent=sent),
        Call("GET", OPERATION, ended(before, tasksMax="5")),
        Call("POST", route, operation(id="op2"), sent={}),
        Call("GET", "operation /operations/op2", {**ended(after, tasksMax="5"), "id": "op2"}),
        state=state,
        tasks_max=5,
    )
    assert sides(result) == [{"tasks_max": 3, "status": before}, {"tasks_max": 5, "status": after}]
    assert result["msg"] == f"mirror: updated (tasks_max), {before} -> {after} (operation op2)"


def test_last_update_is_not_waited_for_without_wait() -> None:
    script = (Call("GET", CONNECTOR, shown("PAUSED")), Call("PATCH", CONNECTOR, operation()))
    result = succeed(*script, state="paused", wait=False, tasks_max=5).result
    assert result["connector"]["tasks_max"] == 3
    assert result["msg"] == "Update of mirror accepted, not finished (operation op1)"


@pytest.mark.parametrize(
    "response",
    [operation(done=True), ended(), done("RUNNING")],
    ids=["no_response", "stale_response", "incomplete_response"],
)
def test_updated_connector_is_read_until_it_shows_settings(response: dict[str, Any]) -> None:
    run = succeed(
        Call("GET", CONNECTOR, shown()),
        Call("PATCH", CONNECTOR, operation()),
        Call("GET", OPERATION, response),
        Call("GET", CONNECTOR, shown()),
        Call("GET", CONNECTOR, shown(tasksMax="5")),
        state="present",
        tasks_max=5,
    )
    assert run.result["connector"]["tasks_max"] == 5
    assert run.ended.warnings == []


def test_update_secrets_sends_only_secrets() -> None:
    sent = {
        "updateMask": update_mask(f"{PATH}.sourceCluster.externalCluster.saslPassword"),
        "connectorSpec": {PATH: {"sourceCluster": {"externalCluster": {"saslPassword": "hunter2"}}}},
    }
    result = same_as_predicted(
        Call("GET", CONNECTOR, shown()),
        Call("PATCH", CONNECTOR, operation(), sent=sent),
        Call("GET", OPERATION, ended()),
        state="present",
        update_secrets=True,
        **SPEC,
    )
    assert result["changed"]
    inner = result["diff"]["after"][MIRROR]["source_cluster"]["external_cluster"]
    assert inner == {"sasl_password": "********"}


@pytest.mark.parametrize(
    ("spec", "cause"),
    [
        pytest.param(
            {"placement": {"dedicated": True}, "tasks_max": 5}, "immutable fields differ: placement. ", id="immutable"
        ),
        pytest.param({"connector_config_s3_sink": {"topics": "a"}}, "cannot change to", id="other_type"),
        pytest.param(
            {MIRROR: {"target_cluster": {"external_cluster": {"sasl_username": "u"}}}},
            f"{MIRROR}.target_cluster.external_cluster.bootstrap_servers",
            id="incomplete",
        ),
        pytest.param({"properties": {"token": "********"}}, "property token has no current value", id="masked"),
    ],
)
@pytest.mark.parametrize("state", ["present", "paused"])
@pytest.mark.parametrize("check_mode", [False, True], ids=["real", "check_mode"])
def test_impossible_update_fails_before_anything_is_sent(
    spec: dict[str, Any], cause: str, state: str, check_mode: bool
) -> None:
    result = fail(Call("GET", CONNECTOR, shown()), state=state, check_mode=check_mode, **spec).result
    assert cause in result["msg"]
    assert not result["changed"]
    assert result["connector"] == {"name": "mirror", "cluster_id": "c9qtest", "status": "RUNNING", "health": "ALIVE"}
    assert "error" not in result


def test_after_conflict_only_remaining_differences_are_sent() -> None:
    run = succeed(
        Call("GET", CONNECTOR, shown(tasksMax="1", properties={})),
        Call("PATCH", CONNECTOR, CONFLICT, status=400),
        OTHER_ENDED,
        Call("GET", CONNECTOR, shown(properties={})),
        Call(
            "PATCH",
            CONNECTOR,
            operation(),
            sent={"updateMask": update_mask("properties"), "connectorSpec": {"properties": {"a": "true"}}},
        ),
        Call("GET", OPERATION, ended()),
        state="present",
        as_predicted=False,
        **SPEC,
    )
    assert sides(run.result) == [{"properties": {}}, {"properties": {"a": "true"}}]
    assert len(set(run.wire.keys())) == 2


def test_lost_update_with_another_body_gets_another_key() -> None:
    """A service can refuse a key that comes with another body."""
    run = succeed(
        Call("GET", CONNECTOR, shown(tasksMax="1", properties={})),
        Call("PATCH", CONNECTOR, lost()),
        Call("PATCH", CONNECTOR, CONFLICT, status=400),
        OTHER_ENDED,
        Call("GET", CONNECTOR, shown(tasksMax="2")),
        Call(
            "PATCH",
            CONNECTOR,
            operation(),
            sent={"updateMask": update_mask("tasksMax"), "connectorSpec": {"tasksMax": "3"}},
        ),
        Call("GET", OPERATION, ended()),
        state="present",
        as_predicted=False,
        **SPEC,
    )
    assert run.result["changed"]
    first, again, other = run.wire.keys()
    assert first == again != other


def test_connector_deleted_during_update_is_created() -> None:
    result = succeed(
        Call("GET", CONNECTOR, shown(tasksMax="1")),
        Call("PATCH", CONNECTOR, NOT_FOUND, status=404),
        *MISSING,
        Call("POST", CONNECTORS, operation(), sent=SENT),
        Call("GET", OPERATION, ended()),
        state="present",
        as_predicted=False,
        **SPEC,
    ).result
    assert result["changed"]
    assert result["diff"]["before"] == {}
