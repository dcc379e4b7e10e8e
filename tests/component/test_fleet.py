# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Several connectors in one task: how many requests and operations are in progress at once."""

from __future__ import annotations

from collections import Counter

import pytest
from support.world import World

LIST, READ, PAUSE = "Connector.List", "Connector.Get", "Connector.Pause"
MIRRORS = [f"mirror-{number:02d}" for number in range(40)]


@pytest.fixture
def world(world: World) -> World:
    """A world with forty running mirrors and a paused connector."""
    world.reset(*MIRRORS)
    world.sandbox.cloud.add_connector(world.cluster_id, "idle-0", status="PAUSED")
    return world


def most_at_once(world: World) -> int:
    """Return the maximum number of operations that were in progress at the same time."""
    ends = [(each.created_at, 1) for each in world.sandbox.cloud.operations()]
    ends += [(each.modified_at, -1) for each in world.sandbox.cloud.operations()]
    now = most = 0
    for _when, change in sorted(ends):
        now += change
        most = max(most, now)
    return most


def test_independent_changes_are_sent_without_waiting(world: World) -> None:
    world.sandbox.behaviour.exclusive = False
    world.sandbox.behaviour.operation_seconds = 30
    wanted = {"names": ["mirror-*", "idle-0", "nothing-*"], "state": "paused"}
    predicted = world.perform(check_mode=True, **wanted)
    paused = world.perform(**wanted)
    assert not paused.failed, paused
    assert [item["name"] for item in paused["connectors"]] == ["idle-0", *MIRRORS]
    assert {item["status"] for item in paused["connectors"]} == {"PAUSED"}
    assert paused["ansible_facts"]["kafka_connectors"]["mirror-00"] == paused["connectors"][1]
    assert len(paused["operations"]) == 40
    assert paused["affected"] == MIRRORS
    assert paused["diff"]["after"] == {name: {"status": "PAUSED"} for name in MIRRORS}
    assert paused.msg == (
        "40 paused: mirror-00, mirror-01, mirror-02, mirror-03, mirror-04, mirror-05, mirror-06, mirror-07, mirror-08, "
        "mirror-09 and 30 more; 1 already PAUSED: idle-0"
    )
    assert any("nothing-*" in warning for warning in paused.warnings)
    for key in ("changed", "connectors", "diff", "ansible_facts", "affected"):
        assert predicted[key] == paused[key]
    counted = Counter(call.short_name for call in world.sandbox.requests)
    assert (counted[LIST], counted[PAUSE]) == (2, 40)
    # After the first 16, the task has waited since the list, so it reads each of the others once more.
    assert 24 <= counted[READ] <= 40
    assert most_at_once(world) == 16


def test_exclusive_changes_follow_each_other_after_the_first_conflict(world: World) -> None:
    world.sandbox.behaviour.operation_seconds = 5
    report = world.perform(names=["mirror-*"], state="paused")
    assert not report.failed, report
    assert len(report["operations"]) == 40
    assert sorted(operation.connector_name for operation in world.operations()) == MIRRORS
    assert len([call for call in world.sandbox.requests_of(PAUSE) if call.code != "OK"]) == 1
    assert most_at_once(world) == 1
