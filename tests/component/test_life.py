# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A connector is created, updated, given back and deleted, first in check mode, and no result shows a secret."""

from __future__ import annotations

import json
from typing import Any

import pytest
from support.specifications import PASSWORD, PROPERTY, S3_SECRET, SPECIFICATIONS, UPDATES
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


def test_error_of_the_service_hides_the_secrets_that_it_quotes(world: World) -> None:
    cluster = {"external_cluster": {"bootstrap_servers": "k1", "sasl_username": "u", "sasl_password": PASSWORD}}
    create = {"topics": "a", "source_cluster": cluster, "target_cluster": {"this_cluster": {}}}
    world.sandbox.faults.abort("Connector.Create", "INVALID_ARGUMENT", f"bad sasl_password {PASSWORD}")
    refused = world.perform(state="present", name="refused", mirrormaker=create)
    world.sandbox.faults.fail_operation("create", message=f"cannot log in with {PASSWORD}")
    failed = world.perform(state="present", name="failed", mirrormaker=create)
    for report in (refused, failed):
        assert report.failed
        assert PASSWORD not in str(report.result)
    assert "bad sasl_password ********" in refused.msg
    assert "cannot log in with ********" in failed.msg
