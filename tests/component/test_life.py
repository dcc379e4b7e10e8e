# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A connector is created, updated, given back and deleted, each time first in check mode."""

from __future__ import annotations

import json
from typing import Any

import pytest
from support.specifications import CERTIFICATES, PASSWORD, PROPERTY, S3_SECRET, SPECIFICATIONS, UPDATES
from support.world import Report, World

from ansible_collections.yandex_cloud.managed_kafka.plugins.modules import kafka_connector_info

CHANGES = ("Connector.Create", "Connector.Update", "Connector.Delete", "Connector.Pause", "Connector.Resume")


@pytest.fixture
def world(world: World) -> World:
    """A world whose operations take no time."""
    world.sandbox.behaviour.operation_seconds = 0
    return world


def changes(world: World) -> list[str]:
    """Return the changes that were sent."""
    return [call.name for call in world.sandbox.requests if call.short_name in CHANGES]


def pair(world: World, **options: Any) -> tuple[Report, Report]:
    """Run a task in check mode, and then without. Check that they agree."""
    sent = len(changes(world))
    predicted = world.perform(check_mode=True, **options)
    assert len(changes(world)) == sent
    real = world.perform(**options)
    assert not real.failed, real
    assert predicted.changed is real.changed
    assert predicted["diff"] == real["diff"]
    assert "operation" not in predicted.result
    return predicted, real


def sides(report: Report) -> dict[str, Any]:
    """Return the diff without its headers."""
    return {side: report["diff"][side] for side in ("before", "after")}


@pytest.mark.parametrize("kind", sorted(SPECIFICATIONS))
def test_life_of_each_type(world: World, kind: str) -> None:
    first, update = SPECIFICATIONS[kind], UPDATES[kind]
    steps: dict[str, tuple[dict[str, Any], bool]] = {
        "create": ({"state": "present", **first}, True),
        "create again": ({"state": "present", **first}, False),
        "update": ({"state": "present", **update.options}, True),
        "update again": ({"state": "present", **update.options}, False),
        "delete": ({"state": "absent"}, True),
        "delete again": ({"state": "absent"}, False),
    }
    predicted, done = {}, {}
    for name, (options, changed) in steps.items():
        predicted[name], done[name] = pair(world, name=kind, **options)
        assert done[name].changed is changed, name
        assert any(sides(done[name]).values()) is changed, name
        assert ("operation" in done[name].result) is changed, name
        for side in ("before", "after"):
            header = f"connector {kind} in cluster {world.cluster_id} ({side})"
            assert done[name]["diff"][f"{side}_header"] == header
    assert changes(world) == ["Create", "Update", "Delete"]
    assert done["create"]["connector"] == done["create again"]["connector"]
    expected = {**predicted["create"]["connector"], "health": "ALIVE"}
    assert expected.items() <= done["create"]["connector"].items()
    assert sides(done["create"])["before"] == {}
    assert sides(done["update"]) == update.diff
    assert predicted["update"]["connector"] == done["update"]["connector"]
    assert done["delete"]["connector"] is predicted["delete"]["connector"] is None
    assert sides(done["delete"]) == {"before": done["update"]["connector"], "after": {}}
    (patch,) = world.sandbox.requests_of("Connector.Update")
    assert list(patch.request.update_mask.paths) == [f"connector_spec.{path}" for path in update.mask]
    shown = json.dumps([report.result for report in (*predicted.values(), *done.values())])
    assert [secret for secret in (PASSWORD, "first-certificate", S3_SECRET) if secret in shown] == []
    assert world.sandbox.cloud.connector(world.cluster_id, kind) is None


def test_result_of_info_can_be_given_back(world: World) -> None:
    cloud, cluster_id = world.sandbox.cloud, world.cluster_id
    for kind in ("s3_sink", "iceberg_sink"):
        cloud.add_connector(cluster_id, kind, kind=kind, status="PAUSED", properties={"camelCase": "a, b"})
    cloud.add_connector(cluster_id, "secretive", properties={"db.password": PROPERTY, "tasksMax": "7"})
    before = {name: cloud.connector(cluster_id, name) for name in ("mirror", "s3_sink", "iceberg_sink")}
    found = world.look(kafka_connector_info.TASK, cluster_id=cluster_id)["connectors"]
    assert [connector["name"] for connector in found] == ["iceberg_sink", "mirror", "s3_sink", "secretive"]
    settings = ("tasks_max", "properties", "placement", *(f"connector_config_{kind}" for kind in SPECIFICATIONS))
    for connector in found:
        given = {name: connector[name] for name in settings if name in connector}
        report = world.perform(name=connector["name"], state="present", purge_properties=True, **given)
        assert not report.failed, report
        assert not report.changed
        assert report["connector"] == connector
    assert changes(world) == []
    assert {name: cloud.connector(cluster_id, name) for name in before} == before
    assert PROPERTY not in json.dumps(found)


def test_settings_come_before_the_state(world: World) -> None:
    spec = SPECIFICATIONS["s3_sink"]
    steps: dict[str, tuple[dict[str, Any], bool]] = {
        "create and pause": ({"state": "paused", **spec}, True),
        "already paused": ({"state": "paused", **spec}, False),
        "present does not resume": ({"state": "present", **spec}, False),
        "update and resume": ({"state": "running", "tasks_max": 5}, True),
        "update and pause": ({"state": "paused", "tasks_max": 6}, True),
    }
    for name, (options, changed) in steps.items():
        dummy, report = pair(world, name="sink", **options)
        assert report.changed is changed, name
    assert changes(world) == ["Create", "Pause", "Update", "Resume", "Update", "Pause"]
    assert sides(report) == {
        "before": {"tasks_max": 5, "status": "RUNNING"},
        "after": {"tasks_max": 6, "status": "PAUSED"},
    }


def test_secrets_are_sent_only_if_necessary(world: World) -> None:
    """The service shows no secret, so a task cannot compare them."""

    def external(password: str) -> dict[str, Any]:
        secrets = {"sasl_password": password, "ssl_truststore_certificates": CERTIFICATES}
        whole = {"bootstrap_servers": "k1", "sasl_username": "u", **secrets}
        clusters = {"source_cluster": {"external_cluster": whole}, "target_cluster": {"this_cluster": {}}}
        return {"properties": {"db.password": f"{PROPERTY}-{password}"}, "mirrormaker": {"topics": "a", **clusters}}

    other = "second-sasl-password"
    only_secret = {"mirrormaker": {"source_cluster": {"external_cluster": {"sasl_password": other}}}}
    new_part = {"target_cluster": {"external_cluster": {"bootstrap_servers": "k2", "sasl_password": PASSWORD}}}
    path = "connector_config_mirrormaker.{}_cluster.external_cluster.{}".format
    created = {path("source", "sasl_password"): PASSWORD, path("source", "ssl_truststore_certificates"): CERTIFICATES}
    sent = {**created, path("source", "sasl_password"): other}
    both = {**sent, path("target", "sasl_password"): PASSWORD}
    steps: dict[str, tuple[dict[str, Any], bool, dict[str, str]]] = {
        "create": (external(PASSWORD), True, created),
        "the same": (external(PASSWORD), False, created),
        "another secret is not sent": (only_secret, False, created),
        "update_secrets": ({**only_secret, "update_secrets": True}, True, sent),
        "update_secrets again": ({**only_secret, "update_secrets": True}, True, sent),
        "a new part with a secret": ({"mirrormaker": new_part}, True, both),
        "a secret property": ({"properties": external(other)["properties"]}, True, both),
    }
    for name, (options, changed, stored) in steps.items():
        dummy, report = pair(world, name="secretive", state="present", **options)
        assert report.changed is changed, name
        assert world.sandbox.cloud.secrets(world.cluster_id, "secretive") == stored, name
        shown = json.dumps(report.result)
        assert not [secret for secret in (PASSWORD, other, "first-certificate", PROPERTY) if secret in shown], name
    updates = world.sandbox.requests_of("Connector.Update")
    assert [list(call.request.update_mask.paths) for call in updates] == [
        [f"connector_spec.{path('source', 'sasl_password')}"],
        [f"connector_spec.{path('source', 'sasl_password')}"],
        ["connector_spec.connector_config_mirrormaker.target_cluster.external_cluster"],
        ["connector_spec.properties"],
    ]


def test_properties_are_merged_and_purged(world: World) -> None:
    properties = {"a": "1", "db.password": PROPERTY, "Camel.Case": "x"}
    world.sandbox.cloud.add_connector(world.cluster_id, "it", properties=properties)
    merged = {"a": "1", "Camel.Case": "x", "b": "true", "c": "2.5"}
    steps: dict[str, tuple[dict[str, Any], dict[str, str] | None]] = {
        "the same value": ({"properties": {"a": 1}}, None),
        "empty": ({"properties": {}}, None),
        "purge without properties": ({"tasks_max": 3, "purge_properties": True}, None),
        "merged": ({"properties": {"b": True, "c": 2.5}}, merged),
        "masked value": ({"properties": {"db.password": "********", "a": 1}}, None),
        "purged": ({"properties": {"db.password": "********", "a": 2}, "purge_properties": True}, {"a": "2"}),
        "purged again": ({"properties": {"db.password": "********", "a": "2"}, "purge_properties": True}, None),
    }
    for name, (options, expected) in steps.items():
        dummy, report = pair(world, name="it", state="present", **options)
        assert report.changed is (expected is not None), name
        if expected is not None:
            request = world.sandbox.requests_of("Connector.Update")[-1].request
            assert dict(request.connector_spec.properties) == {**expected, "db.password": PROPERTY}
            assert report["connector"]["properties"] == {**expected, "db.password": "********"}
    last = world.sandbox.cloud.connector(world.cluster_id, "it")
    assert last
    assert dict(last.properties) == {"a": "2", "db.password": PROPERTY}


def test_other_forms_of_the_same_settings_change_nothing(world: World) -> None:
    forms: dict[str, dict[str, Any]] = {
        "first": {"tasks_max": 2, "iceberg_sink": {"topics": ["a", "b"], "control_config": {"commit_threads": 4}}},
        "text": {"tasks_max": "2", "iceberg_sink": {"topics": "a,b", "control_config": {"commit_threads": "4"}}},
        "spaces": {"iceberg_sink": {"topics": " a ,  b"}},
        "a comma in a list": {"iceberg_sink": {"topics": ["a, b"]}},
        "full name of the option": {"connector_config_iceberg_sink": {"topics": ["a", "b"]}},
        "a false value": {"placement": {"dedicated": False}},
    }
    world.sandbox.cloud.add_connector(world.cluster_id, "lake", kind="iceberg_sink")
    changed = {name: world.perform(name="lake", state="present", **options).changed for name, options in forms.items()}
    assert [name for name, value in changed.items() if value] == ["first"]
    assert changes(world) == ["Update"]
