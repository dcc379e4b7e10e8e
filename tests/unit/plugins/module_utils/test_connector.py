# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plan: from the connector as it is to the connector as it is wanted, which change is next."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._connector import (
    Connector,
    Step,
    Wanted,
    agenda,
    check_cluster_id,
    check_name,
    check_names,
    connector_from_api,
    is_pattern,
    matching,
    merged_diff,
    operation_from_api,
    response_connector,
    step_for,
)
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._errors import InputError
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._json import MASK, from_json, masked
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._specification import (
    CONNECTOR_TYPES,
    SPECIFICATION,
    check_specification,
)
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.strategies import (
    SECRET,
    of_type,
    patiently,
    specifications,
    updatable,
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
STATES = ("present", "absent", "paused", "running", "restarted")


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
    return Wanted(state, check_specification(COMPLETE if spec is None else spec), **how)


def play(want: Wanted, current: Connector | None) -> tuple[list[Step], Connector | None]:
    """Take all the steps, each of which does what it says; return them and what the connector is in the end."""
    steps = []
    for item in agenda(want, current):
        step = step_for(item, want, current, "mirror")
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
    return refused.value.msg


# Which change is next


@pytest.mark.parametrize(
    ("state", "found"),
    [
        ("present", {"missing": "create", "RUNNING": "", "PAUSED": "", "other": ""}),
        ("running", {"missing": "create", "RUNNING": "", "PAUSED": "resume", "other": "resume"}),
        ("paused", {"missing": "create pause", "RUNNING": "pause", "PAUSED": "", "other": "pause"}),
        ("absent", {"missing": "", "RUNNING": "delete", "PAUSED": "delete", "other": "delete"}),
    ],
)
@pytest.mark.parametrize("differs", [False, True])
def test_each_state_from_each_state(state: str, found: dict[str, str], differs: bool) -> None:
    want = wanted(state)
    fields = {"tasks_max": 2} if differs else {}
    first = ["update"] if differs and state != "absent" else []
    assert actions(want, None) == found["missing"].split()
    for status in ("RUNNING", "PAUSED", "ERROR", "STATUS_UNKNOWN", "SOMETHING_NEW"):
        assert actions(want, connector(status, **fields)) == [*first, *found.get(status, found["other"]).split()]


@pytest.mark.parametrize(
    ("status", "expected"),
    [("RUNNING", ["pause", "resume"]), ("ERROR", ["pause", "resume"]), ("PAUSED", ["resume"])],
)
def test_a_restart(status: str, expected: list[str]) -> None:
    assert actions(wanted("restarted", {}), connector(status)) == expected


@pytest.mark.parametrize("state", ["present", "paused", "running"])
def test_without_a_specification_only_the_state_counts(state: str) -> None:
    assert "configure" not in agenda(wanted(state, {}), connector())
    assert actions(wanted("present", {}, purge_properties=True, update_secrets=True), connector()) == []


def test_a_connector_that_is_missing() -> None:
    for state in ("paused", "running", "restarted"):
        assert refusal({}, None, state) == "it does not exist. Check its name with kafka_connector_info."
    assert refusal(COMPLETE, None, "restarted").startswith("it does not exist")
    message = refusal({}, None)
    assert "does not say what it shall be" in message
    assert all(name in message for name in CONNECTOR_TYPES)
    message = refusal({"tasks_max": 3, MIRROR: {"topics": "a"}}, None, "paused")
    assert f"the task lacks {MIRROR}.source_cluster, {MIRROR}.target_cluster." in message


def test_a_connector_that_goes_missing() -> None:
    with pytest.raises(InputError, match="does not exist any more"):
        step_for("pause", wanted("paused", {}), None)
    assert step_for("delete", wanted("absent", {}), None) is None


def test_a_change_of_status() -> None:
    step = step_for("pause", wanted("paused", {}), connector())
    assert step
    assert step.connector == connector("PAUSED")
    assert (step.before, step.after, step.body) == ({"status": "RUNNING"}, {"status": "PAUSED"}, {})


# Creation


def test_a_creation() -> None:
    step = step_for(
        "configure", wanted(spec={**COMPLETE, "properties": {"a": True, "token": "hunter3"}}), None, "mirror"
    )
    assert step
    assert step.action == "create"
    assert step.body == {
        "connectorSpec": {
            "name": "mirror",
            "tasksMax": "3",
            "properties": {"a": "true", "token": "hunter3"},
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


def test_a_creation_that_is_paused_shows_both_in_the_diff() -> None:
    steps, created = play(wanted("paused"), None)
    diff = merged_diff(steps)
    assert diff["before"] == {}
    assert diff["after"]["status"] == "PAUSED"
    assert diff["after"]["tasks_max"] == 3
    assert created
    assert created["status"] == "PAUSED"


# Update


def test_an_update_sends_just_what_differs() -> None:
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


def test_what_the_api_shows_of_its_own_is_nobodys_business() -> None:
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
        ({"db.password": "hunter3"}, False, {"a": "1", "db.password": "hunter3", "c": "3"}),
        ({"c": ""}, False, {"a": "1", "db.password": "hunter2", "c": ""}),
    ],
)
def test_properties_are_merged_or_purged_and_sent_as_a_whole(
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
    assert "hunter" not in json.dumps(masked(merged_diff([step])))


@pytest.mark.parametrize("current", [None, connector(properties={"a": "1"})])
def test_a_mask_for_nothing(current: Connector | None) -> None:
    message = refusal({**COMPLETE, "properties": {"db.password": MASK}}, current)
    assert f"properties: the value of db.password is {MASK}" in message
    assert "it has none" in message


def test_secrets_are_sent_when_asked_for() -> None:
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


def test_secrets_go_with_the_part_that_is_new() -> None:
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


def test_a_part_that_is_new_has_to_be_complete() -> None:
    message = refusal({MIRROR: {"target_cluster": {"external_cluster": {"sasl_username": "u"}}}}, connector())
    assert message == f"the task lacks {MIRROR}.target_cluster.external_cluster.bootstrap_servers."


@pytest.mark.parametrize(
    ("spec", "current", "named"),
    [
        ({"placement": {"dedicated": True}, "tasks_max": 9}, {}, "placement"),
        (
            {S3: {"file_compression_type": "gzip"}},
            {S3: {"file_compression_type": "zstd"}},
            f"{S3}.file_compression_type",
        ),
        ({S3: {"file_compression_type": "gzip"}}, {S3: {}}, f"{S3}.file_compression_type"),
        ({ICEBERG: {"static_tables": {"tables": "b"}}}, {ICEBERG: {"static_tables": {"tables": "a"}}}, "static_tables"),
        ({ICEBERG: {"dynamic_tables": {}}}, {ICEBERG: {"static_tables": {"tables": "a"}}}, "dynamic_tables"),
        ({ICEBERG: {"static_tables": {}}}, {ICEBERG: {}}, f"{ICEBERG}.static_tables"),
        (
            {"placement": {"dedicated": True}, S3: {"file_compression_type": "zstd", "topics": "x"}},
            {S3: {"file_compression_type": "gzip"}},
            f"placement, {S3}.file_compression_type",
        ),
    ],
)
def test_what_cannot_be_changed(spec: dict[str, Any], current: dict[str, Any], named: str) -> None:
    bare = {"name": "c", "status": "RUNNING", "properties": {}}
    message = refusal(spec, {**bare, **current})
    assert f"{named} cannot be changed after the creation." in message
    assert "tasks_max" not in message


@pytest.mark.parametrize(
    ("spec", "current"),
    [
        ({"placement": {"dedicated": False}}, {}),
        ({"placement": {"dedicated": True}}, {"placement": {"dedicated": True}}),
        ({S3: {"file_compression_type": "none"}}, {S3: {}}),
        ({S3: {"file_compression_type": ""}}, {S3: {"file_compression_type": "none"}}),
        ({ICEBERG: {"static_tables": {"tables": "a,b"}}}, {ICEBERG: {"static_tables": {"tables": "a, b"}}}),
        ({ICEBERG: {"dynamic_tables": {}}}, {ICEBERG: {"dynamic_tables": {"route_field": "t"}}}),
    ],
)
def test_what_cannot_be_changed_and_is_as_it_should_be(spec: dict[str, Any], current: dict[str, Any]) -> None:
    assert actions(wanted(spec=spec), {"name": "c", "status": "RUNNING", "properties": {}, **current}) == []


def test_another_type_is_another_connector() -> None:
    message = refusal({S3: {"topics": "a"}}, connector())
    assert f"it is of the type {MIRROR}, and a {S3} is wanted; the type cannot be changed" in message
    message = refusal({S3: {"topics": "a"}}, {"name": "new", "status": "RUNNING"})
    assert "it is of the type unknown" in message


# What is shown of several steps


def test_the_diff_of_an_update_and_a_pause() -> None:
    steps, dummy = play(wanted("paused", {"tasks_max": 4}), connector())
    assert merged_diff(steps) == {
        "before": {"tasks_max": 3, "status": "RUNNING"},
        "after": {"tasks_max": 4, "status": "PAUSED"},
    }


def test_a_restart_ends_as_it_began() -> None:
    steps, dummy = play(wanted("restarted", {}), connector())
    assert merged_diff(steps) == {"before": {}, "after": {}}
    steps, dummy = play(wanted("restarted", {}), connector("ERROR"))
    assert merged_diff(steps) == {"before": {"status": "ERROR"}, "after": {"status": "RUNNING"}}


def test_the_diff_of_a_deletion_and_of_nothing() -> None:
    steps, gone = play(wanted("absent", {}), connector())
    assert gone is None
    assert merged_diff(steps) == {"before": connector(), "after": {}}
    assert merged_diff([]) == {"before": {}, "after": {}}


# At random


@st.composite
def connectors(draw: st.DrawFn) -> tuple[str, Connector]:
    """Return a type, and a connector of it as the API may show it."""
    kind = draw(st.sampled_from(CONNECTOR_TYPES))
    spec = draw(specifications(of_type(kind), complete=True))
    step = step_for("configure", wanted(spec=spec), None, "mirror")
    assert step
    assert step.connector
    status = draw(st.sampled_from(["RUNNING", "PAUSED", "ERROR", "STATUS_UNKNOWN"]))
    return kind, {"tasks_max": 3, "cluster_id": "c9q", "future": [], **step.connector, "status": status}


@st.composite
def tasks(draw: st.DrawFn, states: Sequence[str] = STATES) -> tuple[Wanted, Connector]:
    """Return a task that can succeed but for what it lacks, and the connector that it finds."""
    kind, current = draw(connectors())
    state = draw(st.sampled_from(states))
    spec = {} if state == "restarted" else draw(specifications(updatable(of_type(kind))))
    flags = {"purge_properties": draw(st.booleans()), "update_secrets": draw(st.booleans())}
    return wanted(state, spec, **flags), current


def attempt(want: Wanted, current: Connector) -> tuple[list[Step], Connector | None]:
    """Take all the steps; a task that names too little of a part that is new is none to look at."""
    try:
        return play(want, current)
    except InputError as error:
        message = error.msg
    assert "the task lacks" in message
    assert SECRET not in message
    return reject()


@patiently
@given(tasks())
def test_a_plan_that_was_carried_out_is_empty(task: tuple[Wanted, Connector]) -> None:
    want, current = task
    steps, after = attempt(want, current)
    again = Wanted(want.state, want.spec, want.purge_properties)
    for item in agenda(again, after) if want.state != "restarted" else ():
        assert step_for(item, again, after) is None
    diff = merged_diff(steps)
    assert bool(steps) or diff == {"before": {}, "after": {}}
    for step in steps:
        assert step.before != step.after
        if step.action == "update":
            assert step.after.keys() == step.before.keys() == {*from_json(step.body["connectorSpec"])}


@patiently
@given(tasks())
def test_nothing_that_is_masked_is_sent_and_nothing_secret_is_shown(task: tuple[Wanted, Connector]) -> None:
    want, current = task
    steps, after = attempt(want, current)
    assert MASK not in json.dumps([{**step.body} for step in steps])
    assert SECRET not in json.dumps([after, merged_diff(steps), [step.connector for step in steps]])
    if not want.update_secrets:
        masks = [step.body["updateMask"] for step in steps if step.action == "update"]
        assert not any(secret in mask for mask in masks for secret in ("saslPassword", "Certificates", "secretAccess"))


@patiently
@given(tasks(["present"]))
def test_secrets_alone_change_nothing(task: tuple[Wanted, Connector]) -> None:
    want, current = task
    step = step_for("configure", Wanted("present", _only_secrets(want.spec)), _complete_with(want.spec, current))
    assert step is None


def _only_secrets(spec: Any) -> Any:
    if isinstance(spec, dict):
        inner = {name: _only_secrets(value) for name, value in spec.items() if name != "properties"}
        return {name: value for name, value in inner.items() if value}
    return spec if SECRET in str(spec) else None


def _complete_with(spec: Any, current: Any) -> Any:
    """Return a connector that has every part that a specification names, empty if need be."""
    result = dict(current or {})
    for name, value in spec.items():
        if isinstance(value, dict) and name != "properties":
            result[name] = _complete_with(value, result.get(name))
    return result


@patiently
@given(connectors(), st.sampled_from(["present", "paused", "running"]), st.booleans())
def test_what_is_shown_can_be_given_back_and_changes_nothing(
    found: tuple[str, Connector], state: str, purge: bool
) -> None:
    dummy, current = found
    shown = masked(current)
    names = {field.name for field in SPECIFICATION}
    spec = {name: value for name, value in shown.items() if name in names}
    steps, dummy = play(wanted(state, spec, purge_properties=purge), {**current, "status": "RUNNING"})
    assert [step.action for step in steps] == (["pause"] if state == "paused" else [])


# From the API


def test_a_connector_from_the_api() -> None:
    assert connector_from_api({"@type": "x", "name": "m", "tasksMax": "3"}) == {
        "name": "m",
        "tasks_max": 3,
        "status": "STATUS_UNKNOWN",
        "health": "HEALTH_UNKNOWN",
        "properties": {},
    }
    assert connector_from_api({"name": "m", "status": "NEW", "futureField": {"aB": 1}})["future_field"] == {"a_b": 1}


def test_an_operation_from_the_api() -> None:
    assert operation_from_api({"id": "op", "createdAt": "t"}) == {"id": "op", "created_at": "t", "done": False}
    ended = {"id": "op", "done": True, "response": {"@type": "a.b/x.v1.Connector", "name": "m", "status": "PAUSED"}}
    assert operation_from_api(ended)["response"]["status"] == "PAUSED"
    assert operation_from_api(ended)["response"]["properties"] == {}


@pytest.mark.parametrize(
    "response",
    [
        None,
        [],
        "x",
        {},
        {"@type": "type.googleapis.com/google.protobuf.Empty"},
        {"@type": "type.googleapis.com/x.Connector"},
        {"@type": "type.googleapis.com/x.Connector", "name": 5},
        {"@type": "type.googleapis.com/x.Cluster", "name": "m"},
        {"name": "m"},
    ],
)
def test_a_response_that_is_no_connector(response: Any) -> None:
    assert response_connector({"id": "op", "response": response}) is None
    assert response_connector({"id": "op"}) is None
    assert operation_from_api({"id": "op", "done": True, "response": response})["done"]


# Names


@pytest.mark.parametrize("name", ["a", "mirror-1", "A_b.c", "...", "x" * 256])
def test_a_name(name: str) -> None:
    assert check_name(name) == name
    check_names([name])


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "a b", "ä", "a\n", "a?b", "x" * 257, "%2e%2e"])
def test_what_is_no_name(name: str) -> None:
    with pytest.raises(InputError, match="is not the name of a connector"):
        check_name(name)


def test_a_long_name_is_shown_by_its_beginning() -> None:
    with pytest.raises(InputError) as refused:
        check_name("x" * 5000)
    assert "(5000 characters)" in refused.value.msg
    assert len(refused.value.msg) < 300


@pytest.mark.parametrize("pattern", ["*", "mirror-*", "a?", "[ab]*", "[!a]", "x" * 255 + "*"])
def test_a_pattern(pattern: str) -> None:
    assert is_pattern(pattern)
    check_names(["plain", pattern])


@pytest.mark.parametrize("pattern", ["a/*", "a *", "ä*", "x" * 256 + "*", "*\n"])
def test_what_is_no_pattern(pattern: str) -> None:
    with pytest.raises(InputError, match="is not a pattern"):
        check_names(["plain", pattern])
    with pytest.raises(InputError, match="is not the name"):
        check_names(["no/name", "*"])


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["mirror-1"], ["mirror-1"]),
        (["mirror-*"], ["mirror-1", "mirror-2"]),
        (["Mirror-*"], []),
        (["mirror-?", "a*"], ["archive", "mirror-1", "mirror-2"]),
        (["*[!2]"], ["archive", "mirror-1"]),
        (["mirror"], []),
        ([], []),
        (["mirror-1", "mirror-*", "mirror-1"], ["mirror-1", "mirror-2"]),
    ],
)
def test_what_matches(names: list[str], found: list[str]) -> None:
    items = [{"name": "archive"}, {"name": "mirror-1"}, {"name": "mirror-2"}, {}]
    assert [item.get("name") for item in matching(iter(names), items)] == found


@pytest.mark.parametrize("cluster_id", ["c9qabc", "A-b_c", "x" * 50])
def test_a_cluster(cluster_id: str) -> None:
    assert check_cluster_id(cluster_id) == cluster_id


@pytest.mark.parametrize("cluster_id", ["", "a/b", ".", "..", "a.b", "x" * 51, "a\n", "a b"])
def test_what_is_no_cluster(cluster_id: str) -> None:
    with pytest.raises(InputError, match="is not the ID of a cluster"):
        check_cluster_id(cluster_id)
