# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""kafka_connector with a specification, on a scripted wire: creation, update, deletion, and who else does the same."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.modules.test_kafka_connector import (
    failed_task,
    task,
)
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.wire import (
    CONFLICT,
    CONNECTOR,
    CONNECTORS,
    EMPTY,
    NOT_FOUND,
    OPERATION,
    PAUSE,
    RESUME,
    Call,
    Wire,
    connector,
    done,
    operation,
    status,
)

OTHER = Call("GET", "operation /operations/op9", {"id": "op9", "done": True})
MIRROR = "connector_config_mirrormaker"
SPEC: dict[str, Any] = {
    "tasks_max": 3,
    "properties": {"a": True},
    MIRROR: {
        "source_cluster": {"external_cluster": {"bootstrap_servers": ["k1", "k2"], "sasl_password": "hunter2"}},
        "target_cluster": {"this_cluster": {}},
        "topics": ["a", "b"],
    },
}
SHOWN: dict[str, Any] = {
    "properties": {"a": "true"},
    "connectorConfigMirrormaker": {
        "sourceCluster": {"externalCluster": {"bootstrapServers": "k1,k2"}},
        "targetCluster": {"thisCluster": {}},
        "topics": "a,b",
    },
}
SENT = {
    "connectorSpec": {
        "name": "mirror",
        "tasksMax": "3",
        "properties": {"a": "true"},
        "connectorConfigMirrormaker": {
            "sourceCluster": {"externalCluster": {"bootstrapServers": "k1,k2", "saslPassword": "hunter2"}},
            "targetCluster": {"thisCluster": {}},
            "topics": "a,b",
        },
    }
}
MISSING = (Call("GET", CONNECTOR, NOT_FOUND, status=404), Call("GET", CONNECTORS, EMPTY, query={"pageSize": "1000"}))


def shown(status: str = "RUNNING", **fields: Any) -> dict[str, Any]:
    """Return a connector of SPEC as the API shows it."""
    return connector(status, **{**SHOWN, **fields})


def ended(status: str = "RUNNING", **fields: Any) -> dict[str, Any]:
    """Return an operation that ended with such a connector."""
    response = {"@type": "type.googleapis.com/yandex.cloud.mdb.kafka.v1.Connector", **shown(status, **fields)}
    return operation(done=True, response=response)


def mask(*paths: str) -> str:
    return ",".join(f"connectorSpec.{path}" for path in paths)


def both(reads: tuple[Call, ...], writes: tuple[Call, ...], **options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the result of a task and of the same in check mode, which reads the same and writes nothing."""
    with Wire(*reads, *writes) as wire:
        result = task(wire, **options)
    with Wire(*reads) as wire:
        checked = task(wire, check_mode=True, **options)
    assert [checked[key] for key in ("changed", "diff")] == [result[key] for key in ("changed", "diff")]
    assert "operation" not in checked
    assert "hunter2" not in str(result) + str(checked)
    return result, checked


# Creation


@pytest.mark.parametrize("state", ["present", "running"])
def test_a_creation(state: str) -> None:
    create = Call("POST", CONNECTORS, operation(), sent=SENT)
    polls = (Call("GET", OPERATION, operation()), Call("GET", OPERATION, ended()))
    result, checked = both(MISSING, (create, *polls), state=state, **SPEC)
    assert result["changed"]
    assert result["connector"]["tasks_max"] == 3
    assert result["connector"][MIRROR]["topics"] == "a,b"
    assert result["ansible_facts"] == {"kafka_connector": result["connector"]}
    assert result["diff"]["before"] == {}
    assert result["diff"]["after"]["name"] == "mirror"
    assert result["diff"]["after"][MIRROR]["source_cluster"]["external_cluster"]["sasl_password"] == "********"
    assert checked["connector"].items() <= {**result["connector"], "health": "HEALTH_UNKNOWN"}.items()


def test_a_creation_that_is_paused() -> None:
    script = (
        Call("POST", CONNECTORS, operation(), sent=SENT),
        Call("GET", OPERATION, ended()),
        Call("POST", PAUSE, operation(id="op2"), sent={}),
        Call("GET", "operation /operations/op2", {**ended("PAUSED"), "id": "op2"}),
    )
    result, checked = both(MISSING, script, state="paused", **SPEC)
    assert result["connector"]["status"] == checked["connector"]["status"] == "PAUSED"
    assert result["diff"]["after"]["status"] == "PAUSED"
    assert result["operation"]["id"] == "op2"


def test_a_creation_before_a_pause_is_waited_for_in_any_case() -> None:
    with Wire(
        *MISSING,
        Call("POST", CONNECTORS, operation()),
        Call("GET", OPERATION, operation()),
        Call("GET", OPERATION, ended()),
        Call("POST", PAUSE, operation(id="op2")),
    ) as wire:
        result = task(wire, state="paused", wait=False, **SPEC)
    assert result["connector"]["status"] == "RUNNING"
    assert result["operation"] == {"id": "op2", "description": "Pause connector", "done": False}
    assert len(set(wire.keys())) == 2


@pytest.mark.parametrize("state", ["present", "running"])
def test_a_creation_that_nobody_waits_for(state: str) -> None:
    with Wire(*MISSING, Call("POST", CONNECTORS, operation())) as wire:
        result = task(wire, state=state, wait=False, **SPEC)
    assert result["changed"]
    assert result["connector"] is None
    assert not result["operation"]["done"]


@pytest.mark.parametrize("response", [{}, {"response": {"@type": "google.protobuf.Empty"}}])
def test_a_creation_without_a_response_is_looked_for(response: dict[str, Any]) -> None:
    with Wire(
        *MISSING,
        Call("POST", CONNECTORS, operation()),
        Call("GET", OPERATION, operation(done=True, **response)),
        *MISSING,
        Call("GET", CONNECTOR, status(14, "unavailable"), status=503),
        Call("GET", CONNECTOR, connector()),
        Call("GET", CONNECTOR, shown()),
    ) as wire:
        result = task(wire, state="present", **SPEC)
    assert result["connector"][MIRROR]["topics"] == "a,b"


def test_a_creation_that_never_shows() -> None:
    with Wire(
        *MISSING,
        Call("POST", CONNECTORS, operation()),
        Call("GET", OPERATION, operation(done=True), takes=58),
        *MISSING,
        *[Call("GET", CONNECTOR, NOT_FOUND, status=404), Call("GET", CONNECTORS, EMPTY, takes=60)],
    ) as wire:
        result = failed_task(wire, state="present", wait_timeout=60, **SPEC)
    assert "the connector is missing" in result["msg"]
    assert result["changed"]


def test_a_creation_that_fails() -> None:
    with Wire(
        *MISSING,
        Call("POST", CONNECTORS, operation()),
        Call("GET", OPERATION, operation(error=status(3, "no such bucket"), done=True)),
    ) as wire:
        result = failed_task(wire, state="paused", **SPEC)
    assert result["msg"] == (
        "Could not create connector mirror of cluster c9qtest: "
        "operation op1 failed with INVALID_ARGUMENT: no such bucket."
    )
    assert result["changed"]
    assert result["connector"] is None
    assert "hunter2" not in str(result)


@pytest.mark.parametrize("state", ["present", "running", "paused"])
def test_what_a_creation_lacks_is_said_before_anything_is_sent(state: str) -> None:
    with Wire(*MISSING) as wire:
        result = failed_task(wire, state=state, **{MIRROR: {"topics": ["a"], "source_cluster": {"alias": "a"}}})
    assert f"{MIRROR}.source_cluster.this_cluster or external_cluster" in result["msg"]
    assert f"{MIRROR}.target_cluster" in result["msg"]
    assert not result["changed"]


def test_without_a_specification_there_is_nothing_to_create() -> None:
    with Wire(*MISSING) as wire:
        result = failed_task(wire, state="present")
    assert "the task does not say what it shall be" in result["msg"]
    with Wire(Call("GET", CONNECTOR, shown("ERROR"))) as wire:
        assert not task(wire, state="present")["changed"]


@pytest.mark.parametrize("state", ["present", "absent", "paused", "running", "restarted"])
@pytest.mark.parametrize("check_mode", [False, True])
def test_a_missing_cluster_is_an_error_in_every_state(state: str, check_mode: bool) -> None:
    spec = SPEC if state in ("present", "paused", "running") else {}
    with Wire(Call("GET", CONNECTOR, NOT_FOUND, status=404), Call("GET", CONNECTORS, NOT_FOUND, status=404)) as wire:
        result = failed_task(wire, state=state, check_mode=check_mode, **spec)
    assert "no cluster c9qtest" in result["msg"]
    assert not result["changed"]


def test_a_creation_that_is_not_allowed() -> None:
    denied = Call("POST", CONNECTORS, status(7, "Permission denied"), status=403)
    with Wire(*MISSING, denied, *MISSING) as wire:
        result = failed_task(wire, state="present", **SPEC)
    assert "create connector mirror" in result["msg"]
    assert "managed-kafka.editor" in result["msg"]
    assert not result["changed"]


ALREADY_EXISTS = Call("POST", CONNECTORS, status(6, "already exists"), status=409)


@pytest.mark.parametrize("state", ["present", "running"])
def test_somebody_else_creates_the_same(state: str) -> None:
    with Wire(*MISSING, ALREADY_EXISTS, Call("GET", CONNECTOR, shown())) as wire:
        result = task(wire, state=state, **SPEC)
    assert not result["changed"]
    assert result["connector"][MIRROR]["topics"] == "a,b"
    assert result["diff"] == {"before": {}, "after": {}}


def test_somebody_else_creates_something_like_it() -> None:
    with Wire(
        *MISSING,
        ALREADY_EXISTS,
        Call("GET", CONNECTOR, shown(tasksMax="1", properties={"b": "2"})),
        Call(
            "PATCH",
            CONNECTOR,
            operation(),
            sent={
                "updateMask": mask("tasksMax", "properties"),
                "connectorSpec": {"tasksMax": "3", "properties": {"a": "true", "b": "2"}},
            },
        ),
        Call("GET", OPERATION, ended(properties={"a": "true", "b": "2"})),
    ) as wire:
        result = task(wire, state="present", **SPEC)
    assert result["changed"]
    assert result["diff"]["before"]["tasks_max"] == 1
    assert len(set(wire.keys())) == 2


def test_somebody_else_creates_something_else() -> None:
    other = connector(connectorConfigS3Sink={"topics": "a"})
    with Wire(*MISSING, ALREADY_EXISTS, Call("GET", CONNECTOR, other)) as wire:
        result = failed_task(wire, state="present", **SPEC)
    assert "the type cannot be changed" in result["msg"]
    assert not result["changed"]


def test_a_creation_whose_answer_was_lost_is_ours() -> None:
    lost = Call("POST", CONNECTORS, requests.ConnectionError("reset"))
    with Wire(*MISSING, lost, ALREADY_EXISTS, Call("GET", CONNECTOR, shown())) as wire:
        result = task(wire, state="present", **SPEC)
    assert result["changed"]
    assert result["diff"]["after"]["name"] == "mirror"
    assert len(set(wire.keys())) == 1


def test_a_service_that_writes_it_in_another_way_is_no_failure() -> None:
    reads = [Call("GET", CONNECTOR, shown(tasksMax="2"), takes=6) for dummy in range(2)]
    with Wire(
        *MISSING, Call("POST", CONNECTORS, operation()), Call("GET", OPERATION, ended(tasksMax="2")), *reads
    ) as wire:
        result = task(wire, state="present", **SPEC)
    assert result["changed"]
    assert result["connector"]["tasks_max"] == 2


def test_a_service_that_writes_a_fixed_field_in_another_way_is_no_failure() -> None:
    sink = {"topics": ["a"], "file_compression_type": "gzip", "s3_connection": {"bucket_name": "b"}}
    written = connector(connectorConfigS3Sink={"topics": "a", "fileCompressionType": "GZIP"})
    reads = [Call("GET", CONNECTOR, written, takes=6) for dummy in range(2)]
    with Wire(*MISSING, Call("POST", CONNECTORS, operation()), Call("GET", OPERATION, done("RUNNING")), *reads) as wire:
        result = task(wire, state="present", connector_config_s3_sink=sink)
    assert result["changed"]


# Update


def test_an_update_sends_what_differs_and_nothing_else() -> None:
    before = shown("PAUSED", tasksMax="1", properties={"a": "false", "b": "2"})
    after: dict[str, Any] = {"properties": {"a": "true", "b": "2"}}
    sent = {
        "updateMask": mask("tasksMax", "properties"),
        "connectorSpec": {"tasksMax": "3", "properties": {"a": "true", "b": "2"}},
    }
    script = (Call("PATCH", CONNECTOR, operation(), sent=sent), Call("GET", OPERATION, ended("PAUSED", **after)))
    result, checked = both((Call("GET", CONNECTOR, before),), script, state="present", **SPEC)
    assert result["changed"]
    assert result["connector"] == checked["connector"]
    assert result["connector"]["status"] == "PAUSED"
    assert result["diff"] == {
        "before": {"tasks_max": 1, "properties": {"a": "false"}},
        "after": {"tasks_max": 3, "properties": {"a": "true"}},
    }


def test_a_nested_update() -> None:
    spec = {MIRROR: {"topics": "c", "source_cluster": {"external_cluster": {"sasl_username": "v"}}}}
    path = "connectorConfigMirrormaker"
    sent = {
        "updateMask": mask(f"{path}.sourceCluster.externalCluster.saslUsername", f"{path}.topics"),
        "connectorSpec": {path: {"sourceCluster": {"externalCluster": {"saslUsername": "v"}}, "topics": "c"}},
    }
    after = {
        **shown()[path],
        "topics": "c",
        "sourceCluster": {"externalCluster": {"bootstrapServers": "k1,k2", "saslUsername": "v"}},
    }
    changed: dict[str, Any] = {path: after}
    script = (Call("PATCH", CONNECTOR, operation(), sent=sent), Call("GET", OPERATION, ended(**changed)))
    result, checked = both((Call("GET", CONNECTOR, shown()),), script, state="present", **spec)
    assert result["connector"] == checked["connector"]
    assert result["diff"] == {
        "before": {MIRROR: {"topics": "a,b", "source_cluster": {"external_cluster": {"sasl_username": None}}}},
        "after": {MIRROR: {"topics": "c", "source_cluster": {"external_cluster": {"sasl_username": "v"}}}},
    }


@pytest.mark.parametrize("state", ["present", "running"])
@pytest.mark.parametrize("check_mode", [False, True])
def test_what_is_as_it_should_be_costs_one_request(state: str, check_mode: bool) -> None:
    with Wire(Call("GET", CONNECTOR, shown(properties={"a": "true", "b": "2"}, future={"c": "d"}))) as wire:
        result = task(wire, state=state, check_mode=check_mode, **SPEC)
    assert not result["changed"]
    assert result["diff"] == {"before": {}, "after": {}}


@pytest.mark.parametrize(
    ("state", "before", "route", "after"),
    [("paused", "RUNNING", PAUSE, "PAUSED"), ("running", "PAUSED", RESUME, "RUNNING")],
)
def test_an_update_and_then_the_state(state: str, before: str, route: str, after: str) -> None:
    script = (
        Call(
            "PATCH", CONNECTOR, operation(), sent={"updateMask": mask("tasksMax"), "connectorSpec": {"tasksMax": "5"}}
        ),
        Call("GET", OPERATION, ended(before, tasksMax="5")),
        Call("POST", route, operation(id="op2"), sent={}),
        Call("GET", "operation /operations/op2", {**ended(after, tasksMax="5"), "id": "op2"}),
    )
    result, checked = both((Call("GET", CONNECTOR, shown(before)),), script, state=state, tasks_max=5)
    assert result["connector"] == checked["connector"]
    assert result["diff"] == {"before": {"tasks_max": 3, "status": before}, "after": {"tasks_max": 5, "status": after}}


def test_the_update_before_a_pause_is_waited_for_and_a_last_one_is_not() -> None:
    patch = Call("PATCH", CONNECTOR, operation())
    with Wire(
        Call("GET", CONNECTOR, shown()),
        patch,
        Call("GET", OPERATION, ended(tasksMax="5")),
        Call("POST", PAUSE, operation(id="op2")),
    ) as wire:
        assert task(wire, state="paused", wait=False, tasks_max=5)["operation"]["id"] == "op2"
    with Wire(Call("GET", CONNECTOR, shown("PAUSED")), patch) as wire:
        result = task(wire, state="paused", wait=False, tasks_max=5)
    assert result["connector"]["tasks_max"] == 3
    assert result["changed"]


@pytest.mark.parametrize("response", [operation(done=True), ended(), done("RUNNING")])
def test_an_update_is_looked_for_until_it_shows(response: dict[str, Any]) -> None:
    with Wire(
        Call("GET", CONNECTOR, shown()),
        Call("PATCH", CONNECTOR, operation()),
        Call("GET", OPERATION, response),
        Call("GET", CONNECTOR, shown()),
        Call("GET", CONNECTOR, shown(tasksMax="5")),
    ) as wire:
        result = task(wire, state="present", tasks_max=5)
    assert result["connector"]["tasks_max"] == 5
    assert wire.clock.naps


def test_only_secrets_that_are_asked_for_are_sent() -> None:
    path = "connectorConfigMirrormaker"
    sent = {
        "updateMask": mask(f"{path}.sourceCluster.externalCluster.saslPassword"),
        "connectorSpec": {path: {"sourceCluster": {"externalCluster": {"saslPassword": "hunter2"}}}},
    }
    script = (Call("PATCH", CONNECTOR, operation(), sent=sent), Call("GET", OPERATION, ended()))
    result, checked = both((Call("GET", CONNECTOR, shown()),), script, state="present", update_secrets=True, **SPEC)
    assert result["changed"]
    assert result["connector"] == checked["connector"]
    inner = result["diff"]["after"][MIRROR]["source_cluster"]["external_cluster"]
    assert inner == {"sasl_password": "********"}


def test_properties_that_are_masked_are_sent_as_they_are() -> None:
    before: dict[str, Any] = {"properties": {"db.password": "hunter2", "a": "1", "b": "2"}}
    after: dict[str, Any] = {"properties": {"db.password": "hunter2", "a": "3"}}
    sent = {"updateMask": mask("properties"), "connectorSpec": after}
    script = (Call("PATCH", CONNECTOR, operation(), sent=sent), Call("GET", OPERATION, ended(**after)))
    result, dummy = both(
        (Call("GET", CONNECTOR, shown(**before)),),
        script,
        state="present",
        properties={"db.password": "********", "a": 3},
        purge_properties=True,
    )
    assert result["diff"] == {"before": {"properties": {"a": "1", "b": "2"}}, "after": {"properties": {"a": "3"}}}


@pytest.mark.parametrize(
    "spec",
    [
        {"placement": {"dedicated": True}, "tasks_max": 5},
        {"connector_config_s3_sink": {"topics": "a"}},
        {MIRROR: {"target_cluster": {"external_cluster": {"sasl_username": "u"}}}},
        {"properties": {"token": "********"}},
    ],
)
@pytest.mark.parametrize("state", ["present", "paused"])
@pytest.mark.parametrize("check_mode", [False, True])
def test_what_cannot_be_is_refused_before_anything_is_sent(spec: dict[str, Any], state: str, check_mode: bool) -> None:
    with Wire(Call("GET", CONNECTOR, shown())) as wire:
        result = failed_task(wire, state=state, check_mode=check_mode, **spec)
    assert not result["changed"]
    assert result["connector"]["tasks_max"] == 3


def test_a_conflict_leaves_only_what_still_differs() -> None:
    with Wire(
        Call("GET", CONNECTOR, shown(tasksMax="1", properties={})),
        Call("PATCH", CONNECTOR, CONFLICT, status=400),
        OTHER,
        Call("GET", CONNECTOR, shown(properties={})),
        Call(
            "PATCH",
            CONNECTOR,
            operation(),
            sent={"updateMask": mask("properties"), "connectorSpec": {"properties": {"a": "true"}}},
        ),
        Call("GET", OPERATION, ended()),
    ) as wire:
        result = task(wire, state="present", **SPEC)
    assert result["diff"] == {"before": {"properties": {}}, "after": {"properties": {"a": "true"}}}
    assert len(set(wire.keys())) == 2


def test_a_conflict_after_which_nothing_differs() -> None:
    with Wire(
        Call("GET", CONNECTOR, shown(tasksMax="1")),
        Call("PATCH", CONNECTOR, CONFLICT, status=400),
        OTHER,
        Call("GET", CONNECTOR, shown()),
    ) as wire:
        assert not task(wire, state="present", **SPEC)["changed"]


def test_a_conflict_after_which_it_cannot_be_changed_any_more() -> None:
    with Wire(
        Call("GET", CONNECTOR, shown(tasksMax="1")),
        Call("PATCH", CONNECTOR, CONFLICT, status=400),
        OTHER,
        Call("GET", CONNECTOR, connector(connectorConfigS3Sink={})),
    ) as wire:
        result = failed_task(wire, state="present", **SPEC)
    assert "the type cannot be changed" in result["msg"]
    assert not result["changed"]


def test_a_lost_update_is_sent_again_with_another_key_when_it_is_another_one() -> None:
    with Wire(
        Call("GET", CONNECTOR, shown(tasksMax="1", properties={})),
        Call("PATCH", CONNECTOR, requests.ConnectionError("reset")),
        Call("PATCH", CONNECTOR, CONFLICT, status=400),
        OTHER,
        Call("GET", CONNECTOR, shown(tasksMax="2")),
        Call(
            "PATCH",
            CONNECTOR,
            operation(),
            sent={"updateMask": mask("tasksMax"), "connectorSpec": {"tasksMax": "3"}},
        ),
        Call("GET", OPERATION, ended()),
        Call("GET", CONNECTOR, shown()),
    ) as wire:
        assert task(wire, state="present", **SPEC)["changed"]
    first, again, other = wire.keys()
    assert first == again
    assert first != other, "a service may well refuse a key that comes with another body"


def test_a_connector_that_is_deleted_meanwhile_is_created() -> None:
    with Wire(
        Call("GET", CONNECTOR, shown(tasksMax="1")),
        Call("PATCH", CONNECTOR, NOT_FOUND, status=404),
        *MISSING,
        Call("POST", CONNECTORS, operation(), sent=SENT),
        Call("GET", OPERATION, ended()),
    ) as wire:
        result = task(wire, state="present", **SPEC)
    assert result["changed"]
    assert result["diff"]["before"] == {}


def test_an_update_that_the_service_refuses() -> None:
    refusal = status(3, "tasks_max: too many")
    with Wire(
        Call("GET", CONNECTOR, shown()),
        Call("PATCH", CONNECTOR, refusal, status=400),
        Call("GET", CONNECTOR, shown()),
    ) as wire:
        result = failed_task(wire, state="present", tasks_max=99)
    assert result["msg"].startswith("Could not update connector mirror of cluster c9qtest")
    assert "tasks_max: too many" in result["msg"]
    assert result["error"]["status"] == "INVALID_ARGUMENT"
    assert not result["changed"]


def test_an_update_that_fails_leaves_the_state_alone() -> None:
    with Wire(
        Call("GET", CONNECTOR, shown()),
        Call("PATCH", CONNECTOR, operation()),
        Call("GET", OPERATION, operation(error=status(13, "rolled back"), done=True)),
    ) as wire:
        result = failed_task(wire, state="paused", tasks_max=5)
    assert result["msg"].startswith("Could not update connector mirror")
    assert result["changed"]
    assert result["connector"]["status"] == "RUNNING"


# Deletion


def test_a_deletion() -> None:
    script = (
        Call("DELETE", CONNECTOR, operation()),
        Call("GET", OPERATION, operation()),
        Call("GET", OPERATION, operation(done=True, response={"@type": "type.googleapis.com/google.protobuf.Empty"})),
    )
    before = shown(properties={"token": "hunter2"})
    result, checked = both((Call("GET", CONNECTOR, before),), script, state="absent")
    assert result["changed"]
    assert result["connector"] is checked["connector"] is None
    assert result["ansible_facts"] == {"kafka_connector": None}
    assert result["diff"]["after"] == {}
    assert result["diff"]["before"]["properties"] == {"token": "********"}


@pytest.mark.parametrize("check_mode", [False, True])
def test_what_is_missing_is_absent(check_mode: bool) -> None:
    with Wire(*MISSING) as wire:
        result = task(wire, state="absent", check_mode=check_mode)
    assert not result["changed"]
    assert result["connector"] is None
    assert result["diff"] == {"before": {}, "after": {}}


def test_a_deletion_that_nobody_waits_for() -> None:
    with Wire(Call("GET", CONNECTOR, shown()), Call("DELETE", CONNECTOR, operation())) as wire:
        result = task(wire, state="absent", wait=False)
    assert result["changed"]
    assert result["connector"]["name"] == "mirror"
    assert not result["operation"]["done"]


def test_somebody_else_deletes_it_first() -> None:
    with Wire(Call("GET", CONNECTOR, shown()), Call("DELETE", CONNECTOR, NOT_FOUND, status=404), *MISSING) as wire:
        result = task(wire, state="absent")
    assert not result["changed"]
    assert result["connector"] is None


def test_a_conflict_with_somebody_who_deletes_it_too() -> None:
    conflict = Call("DELETE", CONNECTOR, CONFLICT, status=400)
    with Wire(Call("GET", CONNECTOR, shown()), conflict, OTHER, *MISSING) as wire:
        assert not task(wire, state="absent")["changed"]
    ended_now = Call("GET", OPERATION, operation(done=True))
    with Wire(
        Call("GET", CONNECTOR, shown()),
        conflict,
        OTHER,
        Call("GET", CONNECTOR, shown()),
        Call("DELETE", CONNECTOR, operation()),
        ended_now,
    ) as wire:
        assert task(wire, state="absent")["changed"]


def test_a_deletion_whose_answer_was_lost_is_ours() -> None:
    with Wire(
        Call("GET", CONNECTOR, shown()),
        Call("DELETE", CONNECTOR, requests.ConnectionError("reset")),
        Call("DELETE", CONNECTOR, NOT_FOUND, status=404),
        *MISSING,
    ) as wire:
        assert task(wire, state="absent")["changed"]


def test_a_deletion_that_is_not_allowed() -> None:
    with Wire(
        Call("GET", CONNECTOR, shown()),
        Call("DELETE", CONNECTOR, status(7, "Permission denied"), status=403),
        Call("GET", CONNECTOR, shown()),
    ) as wire:
        result = failed_task(wire, state="absent")
    assert "delete connector mirror" in result["msg"]
    assert "managed-kafka.editor" in result["msg"]
