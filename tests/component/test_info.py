# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The modules that only read: connectors, clusters, operations."""

from __future__ import annotations

from typing import Any

import pytest
from support.world import Report, World

from ansible_collections.yandex_cloud.managed_kafka.plugins.modules import (
    kafka_cluster_info,
    kafka_connector_info,
    operation_info,
)
from sandbox.cloud import FOLDER, SOMEBODY_ELSE


def connectors(world: World, **options: Any) -> Report:
    cluster = {} if "cluster_name" in options else {"cluster_id": world.cluster_id}
    return world.look(kafka_connector_info.TASK, **{**cluster, **options})


def names(report: Report, key: str) -> list[str]:
    assert not report.failed, report
    assert not report.changed
    return [item["name"] for item in report[key]]


def test_connectors_of_several_pages_are_found(world: World) -> None:
    for number in range(1001):
        status = "PAUSED" if number % 500 else "ERROR"
        world.sandbox.cloud.add_connector(world.cluster_id, f"many-{number:04}", status=status)
    assert len(connectors(world)["connectors"]) == 1002
    found = connectors(world, names=["many-*"], status=["ERROR", "RUNNING"])
    assert names(found, "connectors") == ["many-0000", "many-0500", "many-1000"]
    assert names(connectors(world, names=["many-1000", "no-such"]), "connectors") == ["many-1000"]
    assert not world.perform(name="zzz", state="absent").changed
    assert "no such connector" in world.perform(name="zzz").msg
    pages = [bool(call.message.get("page_token")) for call in world.sandbox.requests_of("Connector.List")]
    assert pages == [False, True] * 5


def test_connector_is_found_by_the_name_of_its_cluster(world: World) -> None:
    cluster_id = world.sandbox.cloud.add_cluster("prod")
    world.sandbox.cloud.add_connector(cluster_id, "mirror", status="PAUSED", health="DEAD")
    (found,) = connectors(world, cluster_name="prod", folder_id=FOLDER, name="mirror")["connectors"]
    assert (found["status"], found["health"], found["cluster_id"]) == ("PAUSED", "DEAD", cluster_id)


@pytest.mark.parametrize("name", ["other", "other-*"])
def test_missing_connector_is_an_empty_list(world: World, name: str) -> None:
    assert names(connectors(world, names=[name]), "connectors") == []


def test_last_operation_tells_who_paused_a_connector_and_when(world: World) -> None:
    world.sandbox.cloud.add_connector(world.cluster_id, "new")
    world.sandbox.cloud.finish(world.sandbox.cloud.begin("resume", world.cluster_id, "mirror"))
    operation_id = world.sandbox.cloud.begin("pause", world.cluster_id, "mirror")
    world.sandbox.cloud.finish(operation_id)
    found = connectors(world, include_last_operation=True)["connectors"]
    mirror, new = (connector["last_operation"] for connector in found)
    assert (mirror["id"], mirror["created_by"], mirror["done"]) == (operation_id, SOMEBODY_ELSE, True)
    assert mirror["created_at"].startswith("20")
    assert new is None


@pytest.fixture
def prod(world: World) -> str:
    """Three clusters of two teams in the folder, one elsewhere, and pages of one item. Return the ID of prod-b."""
    ids = {
        name: world.sandbox.cloud.add_cluster(name, labels={"team": team, "camelCase": "kept"})
        for name, team in {"prod-a": "payments", "prod-b": "search", "test-a": "payments"}.items()
    }
    world.sandbox.cloud.add_cluster("prod-c", folder_id="b1gelsewhere")
    world.sandbox.behaviour.page_cap = 1
    return ids["prod-b"]


@pytest.mark.usefixtures("prod")
@pytest.mark.parametrize(
    ("options", "expected"),
    [
        pytest.param({"names": ["prod-*"]}, ["prod-a", "prod-b"], id="pattern"),
        pytest.param({"labels": {"team": "payments"}}, ["prod-a", "test-a"], id="label"),
        pytest.param({"labels": {"team": "payments"}, "names": ["*-a", "none"]}, ["prod-a", "test-a"], id="both"),
        pytest.param({"labels": {"team": "nobody"}}, [], id="no such label"),
        pytest.param({"folder_id": "b1gelsewhere"}, ["prod-c"], id="other folder"),
    ],
)
def test_clusters_are_filtered(world: World, options: dict[str, Any], expected: list[str]) -> None:
    assert names(world.look(kafka_cluster_info.TASK, **{"folder_id": FOLDER, **options}), "clusters") == expected


def test_cluster_is_shown_in_snake_case(world: World, prod: str) -> None:
    (cluster,) = world.look(kafka_cluster_info.TASK, folder_id=FOLDER, names=["prod-b"])["clusters"]
    assert cluster["id"] == prod
    assert cluster["labels"] == {"team": "search", "camelCase": "kept"}
    assert cluster["folder_id"] == FOLDER
    assert cluster["status"] == "RUNNING"


@pytest.mark.usefixtures("prod")
@pytest.mark.parametrize(
    ("task", "options", "expected"),
    [
        pytest.param(kafka_cluster_info.TASK, {}, "folder_id is missing", id="no folder"),
        pytest.param(
            kafka_cluster_info.TASK, {"folder_id": "b1gnothing"}, "clusters of folder b1gnothing", id="unknown folder"
        ),
        pytest.param(
            kafka_connector_info.TASK, {"cluster_id": "c9qnothing"}, "cluster c9qnothing was not found", id="no cluster"
        ),
        pytest.param(
            kafka_connector_info.TASK,
            {"cluster_name": "prod-c", "folder_id": FOLDER},
            f"folder {FOLDER} contains no clusters named prod-c",
            id="cluster of another folder",
        ),
        pytest.param(operation_info.TASK, {"operation_id": "mqqnothing"}, "Operation mqqnothing not found", id="none"),
    ],
)
def test_missing_resources_are_errors(
    world: World, monkeypatch: pytest.MonkeyPatch, task: Any, options: dict[str, Any], expected: str
) -> None:
    monkeypatch.delenv("YC_FOLDER_ID", raising=False)
    report = world.look(task, **options)
    assert report.failed
    assert expected in report.msg
    assert not report.changed


def test_operation_is_read_and_waited_for(world: World) -> None:
    world.end_operations_at_poll(3)
    started = world.perform(wait=False)
    assert started.changed
    assert started["connector"]["status"] == "RUNNING"
    assert "ansible_facts" not in started.result
    operation_id = started["operation"]["id"]
    assert started.msg == f"Pause of mirror accepted, not finished (operation {operation_id})"
    assert not world.look(operation_info.TASK, operation_id=operation_id)["operation"]["done"]
    waited = world.look(operation_info.TASK, operation_id=operation_id, wait=True)
    assert not waited.failed
    assert waited["operation"]["done"]
    assert waited["operation"]["metadata"]["connector_name"] == "mirror"


def test_failed_operation_is_an_error_only_with_wait(world: World) -> None:
    world.end_operations_at_poll(1)
    world.sandbox.faults.fail_operation("pause", "INTERNAL", "broker is down")
    operation_id = world.perform(wait=False)["operation"]["id"]
    waited = world.look(operation_info.TASK, operation_id=operation_id, wait=True)
    assert waited.failed
    assert f"the service reported an error: broker is down (INTERNAL, operation {operation_id})" in waited.msg
    assert waited["operation"]["done"]
    assert waited["error"]["status"] == "INTERNAL"
    read = world.look(operation_info.TASK, operation_id=operation_id)
    assert not read.failed
    assert read["operation"]["error"]["message"] == "broker is down"
