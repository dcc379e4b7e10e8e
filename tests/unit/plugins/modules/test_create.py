# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Creating a connector, alone and before a change of status."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.modules.tasks import (
    MIRROR,
    MISSING,
    NO_CONNECTOR,
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
    CONNECTOR,
    CONNECTORS,
    EMPTY,
    OPERATION,
    PAUSE,
    Call,
    connector,
    done,
    lost,
    operation,
    status,
)

CREATE = Call("POST", CONNECTORS, operation(), sent=SENT)
ALREADY_EXISTS = Call("POST", CONNECTORS, status(6, "already exists"), status=409)


@pytest.mark.parametrize("state", ["present", "running"])
def test_creation_returns_connector(state: str) -> None:
    script = (*MISSING, CREATE, Call("GET", OPERATION, operation()), Call("GET", OPERATION, ended()))
    result = succeed(*script, state=state, **SPEC).result
    assert result["changed"]
    assert result["connector"]["tasks_max"] == 3
    assert result["connector"][MIRROR]["topics"] == "a,b"
    assert result["ansible_facts"] == {"kafka_connector": result["connector"]}
    assert result["diff"]["before"] == {}
    assert result["diff"]["after"]["name"] == "mirror"
    assert result["diff"]["after"][MIRROR]["source_cluster"]["external_cluster"]["sasl_password"] == "********"
    assert result["msg"] == "mirror: created (operation op1)"
    predicted = predict(*script, state=state, **SPEC).result
    assert predicted["connector"].items() <= {**result["connector"], "health": "HEALTH_UNKNOWN"}.items()
    assert predicted["msg"] == "mirror: created (check mode, no change was sent)"


def test_creation_with_state_paused_creates_and_pauses() -> None:
    script = (
        *MISSING,
        CREATE,
        Call("GET", OPERATION, ended()),
        Call("POST", PAUSE, operation(id="op2"), sent={}),
        Call("GET", "operation /operations/op2", {**ended("PAUSED"), "id": "op2"}),
    )
    result = succeed(*script, state="paused", **SPEC).result
    assert result["connector"]["status"] == "PAUSED"
    assert result["diff"]["after"]["status"] == "PAUSED"
    assert result["operation"]["id"] == "op2"
    assert result["msg"] == "mirror: created, RUNNING -> PAUSED (operation op2)"
    assert predict(*script, state="paused", **SPEC).result["connector"]["status"] == "PAUSED"


def test_creation_before_pause_is_waited_for_without_wait() -> None:
    run = succeed(
        *MISSING,
        CREATE,
        Call("GET", OPERATION, operation()),
        Call("GET", OPERATION, ended()),
        Call("POST", PAUSE, operation(id="op2")),
        state="paused",
        wait=False,
        **SPEC,
    )
    assert run.result["connector"]["status"] == "RUNNING"
    assert run.result["operation"] == {"id": "op2", "description": "Pause connector", "done": False}
    assert len(set(run.wire.keys())) == 2


@pytest.mark.parametrize(
    "response", [{}, {"response": {"@type": "google.protobuf.Empty"}}], ids=["no_response", "empty_response"]
)
def test_created_connector_is_read_until_it_shows_settings(response: dict[str, Any]) -> None:
    result = succeed(
        *MISSING,
        CREATE,
        Call("GET", OPERATION, operation(done=True, **response)),
        *MISSING,
        Call("GET", CONNECTOR, status(14, "unavailable"), status=503),
        Call("GET", CONNECTOR, connector()),
        Call("GET", CONNECTOR, shown()),
        state="present",
        **SPEC,
    ).result
    assert result["connector"][MIRROR]["topics"] == "a,b"


def test_created_connector_that_never_appears_fails() -> None:
    result = fail(
        *MISSING,
        CREATE,
        Call("GET", OPERATION, operation(done=True), takes=58),
        *MISSING,
        NO_CONNECTOR,
        Call("GET", CONNECTORS, EMPTY, takes=60),
        state="present",
        wait_timeout=60,
        **SPEC,
    ).result
    assert result["msg"] == (
        "Could not create connector mirror in cluster c9qtest: operation op1 succeeded, but the status is missing "
        "instead of RUNNING after 60 s. Check the connector's health and log before you continue."
    )
    assert result["changed"]


def test_timeout_of_creation_names_operation_once() -> None:
    result = fail(
        *MISSING, CREATE, Call("GET", OPERATION, operation(), takes=60), state="present", wait_timeout=60, **SPEC
    ).result
    assert result["msg"] == (
        "Could not create connector mirror in cluster c9qtest: timed out after 60 s. Operation op1 has not finished "
        "and continues on the service. Wait for it: ansible localhost -m yandex_cloud.managed_kafka.operation_info -a "
        "'operation_id=op1 wait=true'"
    )


def test_failed_creation_is_not_paused() -> None:
    result = fail(
        *MISSING,
        CREATE,
        Call("GET", OPERATION, operation(error=status(3, "no such bucket"), done=True)),
        state="paused",
        **SPEC,
    ).result
    assert result["msg"] == (
        "Could not create connector mirror in cluster c9qtest: the service reported an error: no such bucket "
        "(INVALID_ARGUMENT, operation op1). Fix the cause and run the task again."
    )
    assert result["changed"]
    assert "connector" not in result


@pytest.mark.parametrize("state", ["present", "running", "paused"])
@pytest.mark.parametrize("check_mode", [False, True], ids=["real", "check_mode"])
def test_incomplete_settings_fail_before_anything_is_sent(state: str, check_mode: bool) -> None:
    spec = {MIRROR: {"topics": ["a"], "source_cluster": {"alias": "a"}}}
    result = fail(*MISSING, state=state, check_mode=check_mode, **spec).result
    assert f"{MIRROR}.source_cluster.this_cluster or external_cluster" in result["msg"]
    assert f"{MIRROR}.target_cluster" in result["msg"]
    assert result["error"]["status"] == "NOT_FOUND"
    assert not result["changed"]


def test_existing_connector_without_settings_is_unchanged() -> None:
    result = succeed(Call("GET", CONNECTOR, shown("ERROR")), state="present").result
    assert not result["changed"]
    assert result["msg"] == "mirror is already up to date"


@pytest.mark.parametrize("state", ["present", "running"])
def test_same_connector_created_by_another_client_is_unchanged(state: str) -> None:
    result = succeed(
        *MISSING, ALREADY_EXISTS, Call("GET", CONNECTOR, shown()), state=state, as_predicted=False, **SPEC
    ).result
    assert not result["changed"]
    assert result["connector"][MIRROR]["topics"] == "a,b"
    assert result["diff"]["before"] == result["diff"]["after"] == {}


def test_other_settings_of_another_client_are_updated() -> None:
    run = succeed(
        *MISSING,
        ALREADY_EXISTS,
        Call("GET", CONNECTOR, shown(tasksMax="1", properties={"b": "2"})),
        Call(
            "PATCH",
            CONNECTOR,
            operation(),
            sent={
                "updateMask": update_mask("tasksMax", "properties"),
                "connectorSpec": {"tasksMax": "3", "properties": {"a": "true", "b": "2"}},
            },
        ),
        Call("GET", OPERATION, ended(properties={"a": "true", "b": "2"})),
        state="present",
        as_predicted=False,
        **SPEC,
    )
    assert run.result["changed"]
    assert run.result["diff"]["before"]["tasks_max"] == 1
    assert len(set(run.wire.keys())) == 2


def test_other_type_created_by_another_client_fails() -> None:
    other = connector(connectorConfigS3Sink={"topics": "a"})
    result = fail(*MISSING, ALREADY_EXISTS, Call("GET", CONNECTOR, other), state="present", **SPEC).result
    assert "cannot change to" in result["msg"]
    assert not result["changed"]


def test_creation_with_lost_response_is_our_change() -> None:
    run = succeed(
        *MISSING,
        Call("POST", CONNECTORS, lost()),
        ALREADY_EXISTS,
        Call("GET", CONNECTOR, shown()),
        state="present",
        **SPEC,
    )
    assert run.result["changed"]
    assert run.result["diff"]["after"]["name"] == "mirror"
    assert len(set(run.wire.keys())) == 1


def test_settings_in_another_form_are_a_warning() -> None:
    run = succeed(
        *MISSING,
        CREATE,
        Call("GET", OPERATION, ended(tasksMax="2")),
        *[Call("GET", CONNECTOR, shown(tasksMax="2"), takes=6) for dummy in range(2)],
        state="present",
        **SPEC,
    )
    assert run.result["changed"]
    assert run.result["connector"]["tasks_max"] == 2
    assert run.ended.warnings == [
        "Operation op1 succeeded, but mirror does not show all settings. Compare them with --check --diff."
    ]


def test_immutable_field_in_another_form_is_a_warning() -> None:
    sink = {"topics": ["a"], "file_compression_type": "gzip", "s3_connection": {"bucket_name": "b"}}
    written = connector(connectorConfigS3Sink={"topics": "a", "fileCompressionType": "GZIP"})
    run = succeed(
        *MISSING,
        Call("POST", CONNECTORS, operation()),
        Call("GET", OPERATION, done("RUNNING")),
        *[Call("GET", CONNECTOR, written, takes=6) for dummy in range(2)],
        state="present",
        connector_config_s3_sink=sink,
    )
    assert run.result["changed"]
    assert len(run.ended.warnings) == 1
