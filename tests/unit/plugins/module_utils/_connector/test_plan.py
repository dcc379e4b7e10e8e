# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plan: from the current connector and what a task wants to the next change."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.errors import InputError
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.secrets import MASK, mask
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._connector.fields import CONNECTOR_TYPES
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._connector.model import Connector, Step, Wanted
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._connector.parse import parse_specification
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._connector.plan import (
    STATES,
    NoConnectorError,
    check_exists,
    is_settled,
    merged_diff,
    needs_change,
    step_for,
)

MIRROR = "connector_config_mirrormaker"
S3 = "connector_config_s3_sink"
ICEBERG = "connector_config_iceberg_sink"
COMPLETE: dict[str, Any] = {
    "tasks_max": 3,
    MIRROR: {
        "source_cluster": {"external_cluster": {"bootstrap_servers": "k1", "sasl_password": "hunter2"}},
        "target_cluster": {"this_cluster": {}},
        "topics": "a,b",
    },
}


def connector(status: str = "RUNNING", **fields: Any) -> Connector:
    """Return a connector of COMPLETE in the form of results."""
    config = {
        "source_cluster": {"external_cluster": {"bootstrap_servers": "k1"}},
        "target_cluster": {"this_cluster": {}},
        "topics": "a,b",
    }
    shown = {
        "name": "mirror",
        "cluster_id": "c9q",
        "status": status,
        "health": "ALIVE",
        "properties": {},
        "tasks_max": 3,
    }
    return {**shown, MIRROR: config, **fields}


def wanted(state: str = "present", spec: dict[str, Any] | None = None, **how: Any) -> Wanted:
    return Wanted(state, parse_specification(COMPLETE if spec is None else spec), **how)


def play(want: Wanted, current: Connector | None) -> tuple[list[Step], Connector | None]:
    """Take all steps, each of which has its effect. Return them, and the final connector."""
    check_exists(want, current)
    steps = []
    for goal in STATES[want.state].goals:
        step = step_for(goal, want, current, "mirror")
        if step:
            steps.append(step)
            current = step.connector
    return steps, current


def actions(want: Wanted, current: Connector | None) -> list[str]:
    return [step.action for step in play(want, current)[0]]


def update(spec: dict[str, Any], current: Connector, **how: Any) -> Step:
    step = step_for("configure", wanted("present", spec, **how), current)
    assert step
    assert step.action == "update"
    return step


def refusal(spec: dict[str, Any], current: Connector | None, state: str = "present", **how: Any) -> str:
    with pytest.raises(InputError) as refused:
        play(wanted(state, spec, **how), current)
    return f"{refused.value.reason}. {refused.value.advice}"


# The next change


@pytest.mark.parametrize(
    ("state", "found"),
    [
        ("present", {"missing": "create", "RUNNING": "", "PAUSED": "", "other": ""}),
        ("running", {"missing": "create", "RUNNING": "", "PAUSED": "resume", "other": "resume"}),
        ("paused", {"missing": "create pause", "RUNNING": "pause", "PAUSED": "", "other": "pause"}),
        ("absent", {"missing": "", "RUNNING": "delete", "PAUSED": "delete", "other": "delete"}),
    ],
    ids=["present", "running", "paused", "absent"],
)
@pytest.mark.parametrize("differs", [False, True], ids=["same_settings", "other_settings"])
def test_each_state_is_reached_from_each_status(state: str, found: dict[str, str], differs: bool) -> None:
    want = wanted(state)
    fields = {"tasks_max": 2} if differs else {}
    first = ["update"] if differs and state != "absent" else []
    assert actions(want, None) == found["missing"].split()
    for status in ("RUNNING", "PAUSED", "ERROR", "STATUS_UNKNOWN", "SOMETHING_NEW"):
        assert actions(want, connector(status, **fields)) == [*first, *found.get(status, found["other"]).split()]


@pytest.mark.parametrize(
    ("status", "expected"),
    [("RUNNING", ["pause", "resume"]), ("ERROR", ["pause", "resume"]), ("PAUSED", ["resume"])],
    ids=["RUNNING", "ERROR", "PAUSED"],
)
def test_restart_pauses_if_needed_and_resumes(status: str, expected: list[str]) -> None:
    assert actions(wanted("restarted", {}), connector(status)) == expected


@pytest.mark.parametrize(("state", "expected"), [("present", []), ("paused", ["pause"]), ("running", [])])
def test_without_a_specification_only_the_status_counts(state: str, expected: list[str]) -> None:
    want = wanted(state, {}, purge_properties=True, update_secrets=True)
    assert actions(want, connector(tasks_max=99)) == expected
    assert needs_change(want, connector(tasks_max=99)) == bool(expected)


@pytest.mark.parametrize("state", ["paused", "running", "restarted"])
def test_missing_connector_without_settings_is_an_error(state: str) -> None:
    message = "no such connector. List the connectors with the module kafka_connector_info."
    assert refusal({}, None, state) == message
    assert refusal(COMPLETE, None, "restarted") == message


def test_missing_connector_without_settings_to_create_it_is_an_error() -> None:
    assert refusal({}, None) == (
        "no such connector, and the task has no settings to create it. To create it, set one of "
        f"{', '.join(CONNECTOR_TYPES)}."
    )


def test_missing_connector_with_incomplete_settings_is_an_error() -> None:
    want = wanted("paused", {"tasks_max": 3, MIRROR: {"topics": "a"}})
    with pytest.raises(NoConnectorError, match=f"{MIRROR}.source_cluster, {MIRROR}.target_cluster"):
        play(want, None)


def test_connector_deleted_during_the_task_is_an_error() -> None:
    with pytest.raises(InputError, match="the connector was deleted during the task"):
        step_for("pause", wanted("paused", {}), None)


def test_change_of_status_has_an_empty_body() -> None:
    step = step_for("pause", wanted("paused", {}), connector())
    assert step
    assert step.connector == connector("PAUSED")
    assert (step.before, step.after, step.body) == ({"status": "RUNNING"}, {"status": "PAUSED"}, {})


# Creation


def test_creation_sends_all_settings() -> None:
    spec = {**COMPLETE, "properties": {"a.camelCase": True, "token": "hunter3"}, "placement": {"dedicated": True}}
    step = step_for("configure", wanted(spec=spec), None, "mirror")
    assert step
    assert step.action == "create"
    assert step.body == {
        "connectorSpec": {
            "name": "mirror",
            "tasksMax": "3",
            "properties": {"a.camelCase": "true", "token": "hunter3"},
            "placement": {"dedicated": True},
            "connectorConfigMirrormaker": {
                "sourceCluster": {"externalCluster": {"bootstrapServers": "k1", "saslPassword": "hunter2"}},
                "targetCluster": {"thisCluster": {}},
                "topics": "a,b",
            },
        }
    }
    assert step.connector
    assert step.connector[MIRROR] == connector()[MIRROR]
    assert step.connector["status"] == "RUNNING"
    assert step.before == {}
    assert step.after[MIRROR]["source_cluster"]["external_cluster"]["sasl_password"] == MASK
    assert merged_diff([step])["before"] == {}


def test_diff_of_creation_and_pause_shows_both() -> None:
    steps, created = play(wanted("paused"), None)
    diff = merged_diff(steps)
    assert diff["before"] == {}
    assert diff["after"]["status"] == "PAUSED"
    assert diff["after"]["tasks_max"] == 3
    assert created
    assert created["status"] == "PAUSED"


# Update


def test_update_sends_only_differences() -> None:
    step = update({**COMPLETE, "tasks_max": 4, MIRROR: {"topics": "c"}}, connector(properties={"a": "1"}))
    assert step.body == {
        "updateMask": "connectorSpec.tasksMax,connectorSpec.connectorConfigMirrormaker.topics",
        "connectorSpec": {"tasksMax": "4", "connectorConfigMirrormaker": {"topics": "c"}},
    }
    assert step.before == {"tasks_max": 3, MIRROR: {"topics": "a,b"}}
    assert step.after == {"tasks_max": 4, MIRROR: {"topics": "c"}}
    assert step.connector == {
        **connector(properties={"a": "1"}),
        "tasks_max": 4,
        MIRROR: {**connector()[MIRROR], "topics": "c"},
    }


def test_fields_that_the_task_does_not_set_are_unchanged() -> None:
    extended = connector(future_field={"a": 1}, properties={"a": "1"}, placement={"dedicated": True})
    extended[MIRROR]["future_field"] = "b"
    extended[MIRROR]["replication_factor"] = 3
    assert step_for("configure", wanted(), extended) is None
    step = update({"tasks_max": 4}, extended)
    assert step.connector == {**extended, "tasks_max": 4}


@pytest.mark.parametrize(
    ("given_properties", "purge", "result"),
    [
        ({"a": 1}, False, None),
        ({"a": 2}, False, {"a": "2", "db.password": "hunter2", "c": "3"}),
        ({"d": 4}, False, {"a": "1", "db.password": "hunter2", "c": "3", "d": "4"}),
        ({}, False, None),
        ({}, True, {}),
        ({"a": 1}, True, {"a": "1"}),
        ({"db.password": MASK}, False, None),
        ({"db.password": MASK, "a": 1, "c": 3}, True, None),
        ({"db.password": MASK, "a": 2}, True, {"db.password": "hunter2", "a": "2"}),
        ({"c": ""}, False, {"a": "1", "db.password": "hunter2", "c": ""}),
    ],
    ids=str,
)
def test_properties_are_merged_or_purged_and_sent_completely(
    given_properties: dict[str, Any], purge: bool, result: dict[str, str] | None
) -> None:
    before = {"a": "1", "db.password": "hunter2", "c": "3"}
    current = connector(properties=before)
    step = step_for("configure", wanted(spec={"properties": given_properties}, purge_properties=purge), current)
    if result is None:
        assert step is None
        return
    assert step
    assert step.body == {"updateMask": "connectorSpec.properties", "connectorSpec": {"properties": result}}
    assert step.connector == {**current, "properties": result}
    changed = {key for key in {*before, *result} if before.get(key) != result.get(key)}
    assert {*step.before["properties"], *step.after["properties"]} == changed
    assert "hunter" not in json.dumps(mask(merged_diff([step])))


@pytest.mark.parametrize("current", [None, connector(properties={"a": "1"})], ids=["missing", "existing"])
def test_masked_value_without_a_current_value_is_an_error(current: Connector | None) -> None:
    assert refusal({**COMPLETE, "properties": {"db.password": MASK}}, current) == (
        f"property db.password has no current value to keep. Set the value instead of {MASK}."
    )


def test_secrets_are_sent_only_on_request() -> None:
    assert step_for("configure", wanted(), connector()) is None
    step = update(COMPLETE, connector(), update_secrets=True)
    assert step.body == {
        "updateMask": "connectorSpec.connectorConfigMirrormaker.sourceCluster.externalCluster.saslPassword",
        "connectorSpec": {
            "connectorConfigMirrormaker": {"sourceCluster": {"externalCluster": {"saslPassword": "hunter2"}}}
        },
    }
    assert step.connector == connector()
    inner = {"source_cluster": {"external_cluster": {"sasl_password": MASK}}}
    assert step.after == {MIRROR: inner}
    assert step.before == {MIRROR: {"source_cluster": {"external_cluster": {"sasl_password": None}}}}


def test_new_message_is_sent_with_its_secrets() -> None:
    spec = {MIRROR: {"target_cluster": {"external_cluster": {"bootstrap_servers": "k2", "sasl_password": "hunter2"}}}}
    step = update(spec, connector())
    assert step.body == {
        "updateMask": "connectorSpec.connectorConfigMirrormaker.targetCluster.externalCluster",
        "connectorSpec": {
            "connectorConfigMirrormaker": {
                "targetCluster": {"externalCluster": {"bootstrapServers": "k2", "saslPassword": "hunter2"}}
            }
        },
    }
    assert step.connector
    assert step.connector[MIRROR]["target_cluster"] == {"external_cluster": {"bootstrap_servers": "k2"}}
    assert step.after[MIRROR]["target_cluster"]["external_cluster"]["sasl_password"] == MASK


def test_new_message_has_to_be_complete() -> None:
    message = refusal({MIRROR: {"target_cluster": {"external_cluster": {"sasl_username": "u"}}}}, connector())
    assert f"{MIRROR}.target_cluster.external_cluster.bootstrap_servers" in message


@pytest.mark.parametrize(
    ("spec", "current", "named"),
    [
        ({"placement": {"dedicated": True}, "tasks_max": 9}, {}, "placement"),
        ({S3: {"file_compression_type": "gzip"}}, {S3: {}}, f"{S3}.file_compression_type"),
        ({ICEBERG: {"static_tables": {"tables": "b"}}}, {ICEBERG: {"static_tables": {"tables": "a"}}}, "static_tables"),
        ({ICEBERG: {"static_tables": {}}}, {ICEBERG: {}}, f"{ICEBERG}.static_tables"),
        (
            {"placement": {"dedicated": True}, S3: {"file_compression_type": "zstd", "topics": "x"}},
            {S3: {"file_compression_type": "gzip"}},
            f"placement, {S3}.file_compression_type",
        ),
    ],
    ids=str,
)
def test_change_of_immutable_fields_is_an_error(spec: dict[str, Any], current: dict[str, Any], named: str) -> None:
    bare = {"name": "c", "status": "RUNNING", "properties": {}}
    message = refusal(spec, {**bare, **current})
    assert named in message
    assert message.startswith("immutable fields differ: ")
    assert message.endswith(". Remove them, or delete the connector and create it again.")
    assert "tasks_max" not in message


def test_change_of_type_is_an_error() -> None:
    message = refusal({S3: {"topics": "a"}}, connector())
    assert message == (f"the type {MIRROR} cannot change to {S3}. Use another name, or delete the connector first.")
    message = refusal({S3: {"topics": "a"}}, {"name": "new", "status": "RUNNING"})
    assert "the type unknown cannot change to" in message


# The diff of several steps


def test_diff_of_update_and_pause_shows_both() -> None:
    steps, dummy = play(wanted("paused", {"tasks_max": 4}), connector())
    assert merged_diff(steps) == {
        "before": {"tasks_max": 3, "status": "RUNNING"},
        "after": {"tasks_max": 4, "status": "PAUSED"},
    }


def test_diff_of_a_restart_is_empty_or_shows_the_error() -> None:
    steps, dummy = play(wanted("restarted", {}), connector())
    assert merged_diff(steps) == {"before": {}, "after": {}}
    steps, dummy = play(wanted("restarted", {}), connector("ERROR"))
    assert merged_diff(steps) == {"before": {"status": "ERROR"}, "after": {"status": "RUNNING"}}


def test_diff_of_a_deletion_shows_the_whole_connector() -> None:
    steps, gone = play(wanted("absent", {}), connector())
    assert gone is None
    assert merged_diff(steps) == {"before": connector(), "after": {}}
    assert merged_diff([]) == {"before": {}, "after": {}}


def test_connector_is_settled_if_it_shows_the_settings() -> None:
    want = wanted("paused", update_secrets=True)
    assert is_settled("configure", want, connector())
    assert not is_settled("configure", want, connector(tasks_max=4))
    assert not is_settled("configure", want, {"name": "mirror", "status": "RUNNING"})
    assert is_settled("pause", want, connector("PAUSED"))
    assert not is_settled("pause", want, connector("ERROR"))
