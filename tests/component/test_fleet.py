# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Several connectors in one task: which requests it sends, in which order, and what it returns."""

from __future__ import annotations

from collections import Counter

import pytest
from support.world import Report, World

LIST, READ, PAUSE, RESUME, DELETE = (f"Connector.{name}" for name in ("List", "Get", "Pause", "Resume", "Delete"))
MIRRORS = [f"mirror-{number:02d}" for number in range(40)]


@pytest.fixture
def world(world: World) -> World:
    """A world with forty running mirrors, two paused connectors, and a sink."""
    world.reset(*MIRRORS)
    for name in ("idle-0", "idle-1"):
        world.sandbox.cloud.add_connector(world.cluster_id, name, status="PAUSED")
    world.sandbox.cloud.add_connector(world.cluster_id, "sink", kind="s3_sink")
    return world


def requests(world: World) -> Counter[str]:
    """Count the requests, without polls."""
    return Counter(call.short_name for call in world.sandbox.requests if call.short_name != "Operation.Get")


def most_at_once(world: World) -> int:
    """Return the maximum number of operations that were in progress at the same time."""
    ends = [(each.created_at, 1) for each in world.sandbox.cloud.operations()]
    ends += [(each.modified_at, -1) for each in world.sandbox.cloud.operations()]
    now = most = 0
    for _when, change in sorted(ends):
        now += change
        most = max(most, now)
    return most


def names(report: Report) -> list[str]:
    return [item["name"] for item in report["connectors"]]


def test_independent_changes_are_sent_without_waiting(world: World) -> None:
    world.sandbox.behaviour.exclusive = False
    world.sandbox.behaviour.operation_seconds = 30
    wanted = {"names": ["mirror-*", "idle-0", "nothing-*"], "state": "paused"}
    predicted = world.perform(check_mode=True, **wanted)
    paused = world.perform(**wanted)
    assert not paused.failed, paused
    assert names(paused) == ["idle-0", *MIRRORS]
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
    counted = requests(world)
    assert (counted[LIST], counted[PAUSE]) == (2, 40)
    # After the first 16, the task has waited since the list, so it reads each of the others once more.
    assert 24 <= counted[READ] <= 40
    assert most_at_once(world) == 16


def test_unchanged_connectors_need_one_request(world: World) -> None:
    report = world.perform(names=["idle-*"], state="paused")
    assert not report.changed
    assert requests(world) == {LIST: 1}


def test_exclusive_changes_follow_each_other_after_the_first_conflict(world: World) -> None:
    world.sandbox.behaviour.operation_seconds = 5
    report = world.perform(names=["mirror-*"], state="paused")
    assert not report.failed, report
    assert len(report["operations"]) == 40
    assert sorted(operation.connector_name for operation in world.operations()) == MIRRORS
    assert len([call for call in world.sandbox.requests_of(PAUSE) if call.code != "OK"]) == 1
    assert most_at_once(world) == 1


def test_failed_connector_does_not_stop_the_others(world: World) -> None:
    world.sandbox.behaviour.exclusive = False
    world.sandbox.faults.fail_operation("pause", message="broker is down", connector="mirror-03")
    report = world.perform(names=["mirror-0*"], state="paused")
    assert report.failed
    assert report.changed
    assert "1 of 10 connectors failed: mirror-03: the service reported an error: broker is down" in report.msg
    (failed,) = report["failed_connectors"]
    assert (failed["name"], failed["status"]) == ("mirror-03", "RUNNING")
    assert "broker is down" in failed["msg"]
    assert failed["error"]["message"] == "broker is down"
    assert failed["operation_id"] == world.operations(name="mirror-03")[0].id
    assert Counter(item["status"] for item in report["connectors"]) == {"PAUSED": 9, "RUNNING": 1}
    assert {tuple(item) for item in report["connectors"]} == {("name", "cluster_id", "status", "health")}
    assert len(report["operations"]) == 10
    assert report["affected"] == MIRRORS[:10]


def test_missing_connectors_are_ignored_when_they_are_deleted(world: World) -> None:
    world.sandbox.behaviour.exclusive = False
    report = world.perform(names=["mirror-1*", "never-there"], state="absent")
    assert report["connectors"] == []
    assert report["ansible_facts"] == {"kafka_connectors": {}}
    assert sorted(report["diff"]["before"]) == MIRRORS[10:20]
    assert report["diff"]["after"] == {name: {} for name in report["diff"]["before"]}
    assert requests(world)[DELETE] == 10


def test_restart_resumes_also_paused_connectors(world: World) -> None:
    world.sandbox.behaviour.exclusive = False
    report = world.perform(names=["mirror-2*", "idle-*"], state="restarted")
    assert len(report["connectors"]) == 12
    assert {item["status"] for item in report["connectors"]} == {"RUNNING"}
    counted = requests(world)
    assert (counted[PAUSE], counted[RESUME]) == (10, 12)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        pytest.param({"names": ["mirror-3*", "never-there"]}, "connectors not found: never-there", id="missing name"),
        pytest.param(
            {"names": ["*"], "max_changes": 39},
            "41 connectors need a change, which is more than max_changes (39): mirror-00, mirror-01",
            id="limit",
        ),
    ],
)
def test_no_change_is_sent_if_the_names_are_wrong(world: World, options: dict[str, object], reason: str) -> None:
    report = world.perform(state="paused", **options)
    assert report.failed
    assert not report.changed
    assert reason in report.msg
    assert requests(world) == {LIST: 1}
