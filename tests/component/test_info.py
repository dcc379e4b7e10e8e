# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The modules that only read, over several pages and while an operation is in progress."""

from __future__ import annotations

from typing import Any

from support.world import World

from ansible_collections.yandex_cloud.managed_kafka.plugins.modules import kafka_connector_info, operation_info


def names(world: World, **options: Any) -> list[str]:
    """Return the names of the connectors that kafka_connector_info finds."""
    found = world.look(kafka_connector_info.TASK, cluster_id=world.cluster_id, **options)["connectors"]
    return [connector["name"] for connector in found]


def test_connectors_of_several_pages_are_found(world: World) -> None:
    for number in range(1001):
        status = "PAUSED" if number % 500 else "ERROR"
        world.sandbox.cloud.add_connector(world.cluster_id, f"many-{number:04}", status=status)
    assert len(names(world)) == 1002
    assert names(world, names=["many-*"], status=["ERROR", "RUNNING"]) == ["many-0000", "many-0500", "many-1000"]
    assert names(world, names=["many-1000", "no-such"]) == ["many-1000"]
    assert not world.perform(name="zzz", state="absent").changed
    assert "no such connector" in world.perform(name="zzz").msg
    pages = [bool(call.message.get("page_token")) for call in world.sandbox.requests_of("Connector.List")]
    assert pages == [False, True] * 5


def test_operation_is_read_and_waited_for(world: World) -> None:
    world.end_operations_at_poll(3)
    operation_id = world.perform(wait=False)["operation"]["id"]
    assert not world.look(operation_info.TASK, operation_id=operation_id)["operation"]["done"]
    waited = world.look(operation_info.TASK, operation_id=operation_id, wait=True)
    assert not waited.failed
    assert waited["operation"]["done"]
    assert waited["operation"]["metadata"]["connector_name"] == "mirror"
