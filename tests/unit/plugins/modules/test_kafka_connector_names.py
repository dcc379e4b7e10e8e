# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""kafka_connector with names, on a scripted wire: what is chosen, what is read, what is returned."""

from __future__ import annotations

from threading import Lock
from typing import Any

import pytest

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._apply import Converger
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._clock import Deadline, pace
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._cluster import Cluster
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._connector import Wanted, connector_from_api
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._errors import (
    DeadlineError,
    Error,
    InputError,
)
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._fleet import Lane
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._outcome import Outcome
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._specification import options
from ansible_collections.yandex_cloud.managed_kafka.plugins.modules.kafka_connector import check, manage
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.wire import (
    CLUSTER_ID,
    CONNECTORS,
    OPERATION,
    PAUSE,
    Call,
    FakeClock,
    Wire,
    connector,
    done,
    operation,
    status,
)

MIRRORS = {"connectors": [connector(), connector("PAUSED", name="archive"), connector("PAUSED", name="mirror-2")]}
LIST = Call("GET", CONNECTORS, MIRRORS, query={"pageSize": "1000"})
UNSET = {**dict.fromkeys(options()), "cluster_id": CLUSTER_ID, "cluster_name": None, "name": None}


def params(names: list[str], state: str = "paused", **others: Any) -> dict[str, Any]:
    common = {"wait": True, "purge_properties": False, "update_secrets": False}
    return {**UNSET, **common, "names": names, "state": state, **others}


def task(wire: Wire, names: list[str], state: str = "paused", *, check_mode: bool = False) -> dict[str, Any]:
    return manage(params(names, state), wire.client(), check_mode)


def test_what_is_as_wanted_costs_one_list() -> None:
    with Wire(LIST) as wire:
        result = task(wire, ["mirror-*", "archive", "archive", "a*"])
    assert not result["changed"]
    assert [item["name"] for item in result["connectors"]] == ["archive", "mirror-2"]
    assert list(result["ansible_facts"]["kafka_connectors"]) == ["archive", "mirror-2"]
    assert result["diff"] == {"before": {}, "after": {}}
    assert "operations" not in result


def test_only_what_needs_it_is_changed() -> None:
    script = LIST, Call("POST", PAUSE, operation()), Call("GET", OPERATION, done("PAUSED"))
    with Wire(*script) as wire:
        result = task(wire, ["*"])
    assert result["changed"]
    assert {item["status"] for item in result["connectors"]} == {"PAUSED"}
    assert [item["id"] for item in result["operations"]] == ["op1"]
    # each asks less often than one by itself would: many may do so side by side
    assert wire.clock.naps == [pace(0, 0.25)] != [pace(0)]
    assert result["diff"] == {"before": {"mirror": {"status": "RUNNING"}}, "after": {"mirror": {"status": "PAUSED"}}}
    with Wire(LIST) as wire:
        checked = task(wire, ["*"], check_mode=True)
    assert [checked[key] for key in ("changed", "diff", "connectors")] == [
        result[key] for key in ("changed", "diff", "connectors")
    ]
    assert "operations" not in checked


def test_a_missing_name_is_an_error_before_anything_changes() -> None:
    with Wire(LIST) as wire, pytest.raises(InputError) as failure:
        task(wire, ["mirror", "missing-1", "missing-2"])
    assert "no connector missing-1, missing-2" in failure.value.msg
    with Wire(LIST) as wire:
        result = task(wire, ["missing-1"], "absent")
    assert not result["changed"]
    assert result["connectors"] == []


def test_a_pattern_that_matches_nothing_is_a_warning() -> None:
    with Wire(LIST) as wire:
        client = wire.client()
        result = manage(params(["none-*"]), client, False)
    assert not result["changed"]
    assert client.warnings == ["No connector of the cluster matches the pattern none-*."]


def test_what_one_fails_in_does_not_keep_the_others() -> None:
    paused = {**MIRRORS, "connectors": [connector(name=name) for name in ("a", "b")]}
    base = CONNECTORS

    class AnyOrder(Wire):
        """The two connectors are seen to side by side: which call comes first is not known."""

        lock = Lock()

        def send(self, request: Any, *args: Any, **options: Any) -> Any:
            path = request.url.split("api.cloud.yandex.net")[1].partition("?")[0]
            with self.lock:
                self.script.sort(key=lambda call: not call.place.endswith(path))
                return super().send(request, *args, **options)

    with (
        AnyOrder(
            Call("GET", base, paused),
            Call("POST", f"{base}/pause/a", status(7, "Permission denied"), status=403),
            Call("GET", f"{base}/a", connector(name="a")),
            Call("POST", f"{base}/pause/b", {"id": "op2"}),
            Call("GET", "operation /operations/op2", {**done("PAUSED"), "id": "op2"}),
            Call("GET", f"{base}/b", connector("PAUSED", name="b")),
        ) as wire,
        pytest.raises(Error) as failure,
    ):
        task(wire, ["a", "b"])
    result = failure.value.result()
    assert result["msg"].startswith("Could not pause connectors of cluster c9qtest: 1 of 2 failed (a: ")
    assert result["changed"]
    assert [(item["name"], item["status"]) for item in result["connectors"]] == [("a", "RUNNING"), ("b", "PAUSED")]
    assert [item["name"] for item in result["failed_connectors"]] == ["a"]
    assert "managed-kafka.editor" in result["failed_connectors"][0]["msg"]
    assert result["failed_connectors"][0]["error"]["http_status"] == 403
    assert [item["id"] for item in result["operations"]] == ["op2"]


@pytest.mark.parametrize(
    "options",
    [
        {"state": "present"},
        {"tasks_max": 3},
        {"names": ["mirror/*"]},
        {"names": [".."]},
        {"names": [""]},
    ],
)
def test_what_cannot_be_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        check({**params(["mirror"]), **options})


def test_a_turn_that_does_not_come_in_time() -> None:
    clock = FakeClock()
    lane = Lane(Deadline(60, clock), width=1)
    with lane.turn():
        clock.time += 60
        with pytest.raises(DeadlineError, match="before its turn came"), lane.turn():
            pass
    with lane.turn():
        lane.alone()


def test_what_waited_for_its_turn_is_read_again() -> None:
    with Wire(Call("GET", f"{CONNECTORS}/mirror", connector("PAUSED"))) as wire:
        client = wire.client()
        converger = Converger(client, Cluster(client, CLUSTER_ID), Wanted("paused"), check_mode=False, wait=True)
        outcome = Outcome("mirror", connector_from_api(connector()), read_at=client.deadline.now())
        wire.clock.time += 2
        converger.converge(outcome)
    assert not outcome.changed


def test_what_an_operation_says_is_newer_than_what_was_read() -> None:
    with Wire(
        Call("GET", f"{CONNECTORS}/mirror", connector()),
        Call("POST", PAUSE, operation()),
        Call("GET", OPERATION, done("PAUSED"), takes=30),
        Call("POST", f"{CONNECTORS}/resume/mirror", {"id": "op2"}),
        Call("GET", "operation /operations/op2", {**done("RUNNING"), "id": "op2"}),
    ) as wire:
        client = wire.client()
        converger = Converger(client, Cluster(client, CLUSTER_ID), Wanted("restarted"), check_mode=False, wait=True)
        outcome = Outcome("mirror", connector_from_api(connector()), read_at=client.deadline.now())
        wire.clock.time += 2
        converger.converge(outcome)
    assert [step.action for step in outcome.steps] == ["pause", "resume"]
