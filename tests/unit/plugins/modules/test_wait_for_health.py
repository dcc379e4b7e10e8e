# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""wait_for_health: after the status, the task waits until the connector is alive."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._run.cluster import Cluster
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.modules.tasks import fail, run, succeed
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.wire import (
    CONNECTOR,
    CONNECTORS,
    EMPTY,
    NOT_FOUND,
    RESUME,
    Call,
    connector,
    done,
    status,
)

DEAD = connector(health="DEAD")
ALIVE = connector(health="ALIVE")


def resumed(health: str) -> dict[str, Any]:
    ended = done("RUNNING")
    ended["response"]["health"] = health
    return ended


def listed(**health: str) -> Call:
    connectors = [connector(name=name, health=value) for name, value in health.items()]
    return Call("GET", CONNECTORS, {"connectors": connectors}, query={"pageSize": "1000"})


def healthy(*script: Call, **options: Any) -> dict[str, Any]:
    return succeed(*script, wait_for_health=True, **{"state": "running", **options}).result


def unhealthy(*script: Call, **options: Any) -> dict[str, Any]:
    return fail(*script, wait_for_health=True, **{"state": "running", **options}).result


def test_running_and_alive_connector_costs_one_request() -> None:
    assert not healthy(Call("GET", CONNECTOR, ALIVE))["changed"]


def test_running_connector_is_waited_for_until_it_is_alive() -> None:
    reads = [Call("GET", CONNECTOR, body) for body in (DEAD, DEAD, ALIVE)]
    result = run(*reads, state="running", wait_for_health=True).ended.result
    assert not result["changed"]
    assert result["connector"]["health"] == "ALIVE"
    assert result["ansible_facts"]["kafka_connector"]["health"] == "ALIVE"


def test_resumed_connector_is_waited_for_until_it_is_alive() -> None:
    result = healthy(
        Call("GET", CONNECTOR, connector("PAUSED")),
        Call("POST", RESUME, resumed("HEALTH_UNKNOWN")),
        Call("GET", CONNECTOR, DEAD),
        Call("GET", CONNECTOR, status(14, "unavailable"), status=503),
        Call("GET", CONNECTOR, ALIVE),
    )
    assert result["changed"]
    assert result["connector"]["health"] == "ALIVE"


def test_check_mode_does_not_wait_for_health() -> None:
    result = run(Call("GET", CONNECTOR, DEAD), state="running", wait_for_health=True, check_mode=True).ended.result
    assert not result["changed"]
    assert result["connector"]["health"] == "DEAD"


def test_health_is_not_waited_for_without_the_option() -> None:
    assert succeed(Call("GET", CONNECTOR, DEAD), state="running").result["connector"]["health"] == "DEAD"


def test_dead_connector_at_deadline_fails_with_health() -> None:
    result = unhealthy(
        Call("GET", CONNECTOR, connector("PAUSED")),
        Call("POST", RESUME, resumed("DEAD")),
        Call("GET", CONNECTOR, DEAD, takes=60),
        wait_timeout=60,
    )
    assert result["msg"] == (
        "Could not confirm the health of connector mirror in cluster c9qtest: status RUNNING, health DEAD instead of "
        "ALIVE after 60 s. Check the connector's log."
    )
    assert result["changed"]
    assert result["connector"]["health"] == "DEAD"
    assert result["operation"]["id"] == "op1"
    assert "error" not in result


def test_restarted_and_dead_connector_at_deadline_is_not_to_be_resumed() -> None:
    result = unhealthy(
        Call("GET", CONNECTOR, connector("PAUSED")),
        Call("POST", RESUME, resumed("DEAD")),
        Call("GET", CONNECTOR, DEAD, takes=60),
        wait_timeout=60,
        state="restarted",
    )
    assert result["msg"].endswith("after 60 s. Check the connector's log.")


def test_connector_deleted_during_wait_for_health_fails() -> None:
    result = unhealthy(
        Call("GET", CONNECTOR, DEAD),
        Call("GET", CONNECTOR, NOT_FOUND, status=404),
        Call("GET", CONNECTORS, EMPTY),
        Call("GET", CONNECTOR, NOT_FOUND, status=404, takes=11),
        Call("GET", CONNECTORS, EMPTY),
    )
    assert "the connector was deleted during the task" in result["msg"]


@pytest.mark.parametrize(
    "reads",
    [
        pytest.param([Call("GET", CONNECTOR, status(7, "Permission denied"), status=403)], id="forbidden"),
        pytest.param(
            [Call("GET", CONNECTOR, NOT_FOUND, status=404), Call("GET", CONNECTORS, NOT_FOUND, status=404)],
            id="cluster_deleted",
        ),
    ],
)
def test_error_in_wait_for_health_does_not_lose_the_change(reads: list[Call]) -> None:
    result = unhealthy(
        Call("GET", CONNECTOR, connector("PAUSED")), Call("POST", RESUME, resumed("DEAD")), *reads, wait_timeout=60
    )
    attempted = "Could not confirm the health of connector mirror in cluster c9qtest"
    assert result["msg"].startswith(f"{attempted}: the health cannot be read: ")
    assert result["changed"]
    assert result["error"]["http_status"] in (403, 404)
    assert result["operation"]["id"] == "op1"


def test_bug_in_wait_for_health_does_not_lose_the_change(monkeypatch: pytest.MonkeyPatch) -> None:
    def bug(*_args: Any, **_options: Any) -> None:
        raise ZeroDivisionError

    paused = Call("GET", CONNECTORS, {"connectors": [connector("PAUSED", name=name) for name in ("a", "b")]})
    monkeypatch.setattr(Cluster, "read", bug)
    ended = [resumed(health) for health in ("DEAD", "ALIVE")]
    for name, operation in zip("ab", ended):
        operation["response"]["name"] = name
    result = unhealthy(
        paused,
        *[Call("POST", f"{CONNECTORS}/resume/{name}", operation) for name, operation in zip("ab", ended)],
        names=["*"],
    )
    assert result["affected"] == ["a", "b"]
    (failure,) = result["failed_connectors"]
    assert failure["name"] == "a"
    assert "this is a bug in yandex_cloud.managed_kafka" in failure["msg"]


def test_several_connectors_cost_one_list_per_poll() -> None:
    options: dict[str, Any] = {"names": ["*"], "state": "running", "wait_for_health": True}
    result = run(
        listed(a="DEAD", b="DEAD", c="ALIVE"),
        listed(a="DEAD", b="DEAD", c="DEAD"),
        listed(a="ALIVE", b="ALIVE", c="DEAD"),
        **options,
    ).ended.result
    assert not result["changed"]
    assert {item["name"]: item["health"] for item in result["connectors"]} == dict.fromkeys("abc", "ALIVE")


def test_last_unhealthy_connector_is_read_alone() -> None:
    run(
        listed(a="DEAD", b="ALIVE"),
        Call("GET", f"{CONNECTORS}/a", connector(name="a", health="ALIVE")),
        names=["*"],
        state="running",
        wait_for_health=True,
    )


def test_unhealthy_connectors_at_deadline_fail_and_others_do_not() -> None:
    first = listed(a="DEAD", b="DEAD", c="ALIVE")
    result = unhealthy(
        first, Call("GET", CONNECTORS, listed(a="ALIVE", b="DEAD").answer, takes=60), names=["*"], wait_timeout=60
    )
    assert [failure["name"] for failure in result["failed_connectors"]] == ["b"]
    assert result["msg"].startswith("Could not resume connectors in cluster c9qtest: 1 of 3 connectors failed: b: ")


def test_connector_that_vanished_from_list_fails() -> None:
    result = unhealthy(
        listed(a="DEAD", b="DEAD"),
        Call("GET", CONNECTORS, listed(a="ALIVE").answer, takes=11),
        names=["*"],
    )
    assert "the connector was deleted during the task" in result["failed_connectors"][0]["msg"]


def test_failed_connectors_are_not_waited_for() -> None:
    refused = Call("POST", f"{CONNECTORS}/resume/a", status(3, "bad"), status=400)
    paused = Call("GET", CONNECTORS, {"connectors": [connector("PAUSED", name="a", health="DEAD")]})
    read = Call("GET", f"{CONNECTORS}/a", connector("PAUSED", name="a", health="DEAD"))
    assert "bad" in unhealthy(paused, refused, read, names=["*"])["msg"]
