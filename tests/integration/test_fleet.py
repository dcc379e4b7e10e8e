# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many connectors in one task: what is asked, in which order, and what is returned."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from support.runner import connector, play

from sandbox import Sandbox

LIST, READ, PAUSE, RESUME, DELETE = (f"Connector.{name}" for name in ("List", "Get", "Pause", "Resume", "Delete"))


@pytest.fixture
def fleet(sandbox: Sandbox) -> str:
    """A cluster with forty mirrors that run, two that are paused, and a sink."""
    cluster_id = sandbox.cloud.add_cluster()
    for number in range(40):
        sandbox.cloud.add_connector(cluster_id, f"mirror-{number:02d}")
    for number in range(2):
        sandbox.cloud.add_connector(cluster_id, f"idle-{number}", status="PAUSED")
    sandbox.cloud.add_connector(cluster_id, "sink", kind="s3_sink")
    return cluster_id


def asked(sandbox: Sandbox) -> Counter[str]:
    """Count what was asked, but for polls."""
    return Counter(call.short_name for call in sandbox.requests if call.short_name != "Operation.Get")


def most_at_once(sandbox: Sandbox, cluster_id: str) -> int:
    """Return how many operations were under way at once."""
    ends = [(each.created_at, 1) for each in sandbox.cloud.operations(cluster_id)]
    ends += [(each.modified_at, -1) for each in sandbox.cloud.operations(cluster_id)]
    now = most = 0
    for _when, change in sorted(ends):
        now += change
        most = max(most, now)
    return most


def names(task: Any) -> list[str]:
    return [item["name"] for item in task["connectors"]]


def test_changes_go_side_by_side(sandbox: Sandbox, fleet: str) -> None:
    sandbox.behaviour.exclusive = False
    common = {"cluster_id": fleet, "names": ["mirror-*", "idle-0", "nothing-*"]}
    result = play(
        [
            connector("checked", state="paused", check_mode_=True, **common),
            connector("paused", state="paused", **common),
        ],
        sandbox,
    )
    assert result.returncode == 0, result.output
    checked, paused = result["checked"], result["paused"]
    assert names(paused) == ["idle-0", *(f"mirror-{number:02d}" for number in range(40))]
    assert {item["status"] for item in paused["connectors"]} == {"PAUSED"}
    assert paused["ansible_facts"]["kafka_connectors"]["mirror-00"] == paused["connectors"][1]
    assert len(paused["operations"]) == 40
    assert paused["diff"]["after"] == {f"mirror-{number:02d}": {"status": "PAUSED"} for number in range(40)}
    assert any("nothing-*" in warning for warning in paused["warnings"])
    for key in ("changed", "connectors", "diff", "ansible_facts"):
        assert checked[key] == paused[key]
    counted = asked(sandbox)
    assert counted[PAUSE] == 40
    # what has waited is looked at again before it is changed: all together, not each by itself
    assert counted[LIST] <= 10
    assert counted[READ] <= 10
    assert 2 <= most_at_once(sandbox, fleet) <= 16

    sandbox.forget()
    again = play([connector("again", state="paused", **common)], sandbox)["again"]
    assert not again.changed
    assert asked(sandbox) == {LIST: 1}


def test_changes_that_exclude_each_other_go_one_by_one(sandbox: Sandbox, fleet: str) -> None:
    sandbox.behaviour.operation_seconds = 0.05
    result = play([connector("paused", cluster_id=fleet, names=["mirror-*"], state="paused")], sandbox)
    assert result.returncode == 0, result.output
    assert len(result["paused"]["operations"]) == 40
    pauses = [each.connector_name for each in sandbox.cloud.operations(fleet) if each.kind == "pause"]
    assert len(pauses) == len(set(pauses)) == 40
    refused = [call for call in sandbox.requests_of(PAUSE) if call.code != "OK"]
    assert 1 <= len(refused) <= 16, "after the first conflict nobody sends before its turn"


def test_what_one_fails_in_does_not_keep_the_others(sandbox: Sandbox, fleet: str) -> None:
    sandbox.behaviour.exclusive = False
    sandbox.faults.fail_operation("pause", message="broker is down", connector="mirror-03")
    result = play(
        [
            connector("paused", cluster_id=fleet, names=["mirror-0*"], state="paused"),
            connector("absent", cluster_id=fleet, names=["mirror-1*", "never-there"], state="absent"),
            connector("restarted", cluster_id=fleet, names=["mirror-2*", "idle-*"], state="restarted"),
            connector("missing", cluster_id=fleet, names=["mirror-3*", "never-there"], state="paused"),
        ],
        sandbox,
    )
    paused = result["paused"]
    assert paused.failed
    assert paused.changed
    assert "1 of 10 failed (mirror-03: " in paused.msg
    assert [item["name"] for item in paused["failed_connectors"]] == ["mirror-03"]
    assert "broker is down" in paused["failed_connectors"][0]["msg"]
    assert paused["failed_connectors"][0]["error"]["message"] == "broker is down"
    assert Counter(item["status"] for item in paused["connectors"]) == {"PAUSED": 9, "RUNNING": 1}
    assert len(paused["operations"]) == 10

    absent = result["absent"]
    assert absent["connectors"] == []
    assert absent["ansible_facts"] == {"kafka_connectors": {}}
    assert len(absent["diff"]["before"]) == 10
    assert absent["diff"]["after"] == {name: {} for name in absent["diff"]["before"]}

    restarted = result["restarted"]
    assert len(restarted["connectors"]) == 12
    assert {item["status"] for item in restarted["connectors"]} == {"RUNNING"}
    counted = asked(sandbox)
    assert (counted[DELETE], counted[PAUSE], counted[RESUME]) == (10, 20, 12)

    missing = result["missing"]
    assert missing.failed
    assert "never-there" in missing.msg
    assert not missing.changed
