# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._watch.changes import (
    Seen,
    after_failure,
    after_poll,
)
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._watch.memory import Event, Memory
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._watch.options import USUAL_EVENTS, Options
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.module_utils._watch.watching import (
    ERROR,
    EVERY_EVENT,
    PLACE,
    chosen,
    connector,
    moment,
    new_memory,
    operation,
    text,
)


def poll(
    memory: Memory,
    found: Sequence[dict[str, Any]],
    at: float,
    options: Options | None = None,
    operations: Callable[[], Sequence[dict[str, Any]]] = list,
) -> Seen:
    return after_poll(memory, PLACE, found, moment(at), options or chosen(), operations)


def fail(memory: Memory, at: float, options: Options | None = None, *, gone: bool = False) -> Seen:
    return after_failure(memory, PLACE, ERROR, moment(at), options or chosen(), gone=gone)


def body(event: Event) -> dict[str, Any]:
    inner: dict[str, Any] = event["connector_status"]
    return inner


def types(seen: Seen) -> list[str]:
    return [body(event)["type"] for event in seen.events]


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (("RUNNING", "ALIVE"), ("RUNNING", "ALIVE"), None),
        (("RUNNING", "ALIVE"), ("ERROR", "ALIVE"), "failed"),
        (("RUNNING", "ALIVE"), ("ERROR", "DEAD"), "failed"),
        (("PAUSED", "ALIVE"), ("ERROR", "ALIVE"), "failed"),
        (("ERROR", "DEAD"), ("RUNNING", "ALIVE"), "recovered"),
        (("RUNNING", "ALIVE"), ("PAUSED", "ALIVE"), "paused"),
        (("ERROR", "DEAD"), ("PAUSED", "DEAD"), "paused"),
        (("PAUSED", "ALIVE"), ("RUNNING", "ALIVE"), "resumed"),
        (("RUNNING", "ALIVE"), ("RUNNING", "DEAD"), "health"),
        (("PAUSED", "DEAD"), ("PAUSED", "ALIVE"), "health"),
        (("RUNNING", "ALIVE"), ("STATUS_UNKNOWN", "ALIVE"), "changed"),
        (("STATUS_UNKNOWN", "ALIVE"), ("RUNNING", "ALIVE"), "changed"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, tuple) else str(value),
)
def test_transition_has_one_event_of_its_type(
    before: tuple[str, str], now: tuple[str, str], expected: str | None
) -> None:
    first = poll(new_memory(), [connector(status=before[0], health=before[1])], 0)
    second = poll(first.memory, [connector(status=now[0], health=now[1])], 30)
    assert first.events == []
    assert types(second) == ([expected] if expected else [])
    assert types(poll(second.memory, [connector(status=now[0], health=now[1])], 60)) == []


def test_event_has_every_key() -> None:
    first = poll(new_memory(), [connector()], 0)
    (event,) = poll(first.memory, [connector(status="ERROR", health="DEAD")], 30.5).events
    assert body(event) == {
        "type": "failed",
        "cluster": {"id": "c9q1", "name": "demo", "folder_id": "b1g1"},
        "connector": {
            "name": "mirror",
            "type": "mirrormaker",
            "status": "ERROR",
            "health": "DEAD",
            "tasks_max": 2,
        },
        "previous": {"status": "RUNNING", "health": "ALIVE"},
        "observed_at": text(30.5),
        "previously_observed_at": text(0),
        "since": text(30.5),
        "paused_seconds": None,
        "operation": None,
        "error": None,
    }
    assert event.keys() == {"connector_status", "meta"}
    assert uuid.UUID(event["meta"]["uuid"]).version == 5


@pytest.mark.parametrize("kind", ["mirrormaker", "s3_sink", "iceberg_sink", None])
def test_connector_type_is_the_name_of_its_configuration(kind: str | None) -> None:
    def item(status: str) -> dict[str, Any]:
        config = {} if kind is None else {f"connector_config_{kind}": {}}
        return {"name": "x", "status": status, "health": "ALIVE", **config}

    (event,) = poll(poll(new_memory(), [item("RUNNING")], 0).memory, [item("ERROR")], 30).events
    assert body(event)["connector"]["type"] == kind
    assert body(event)["connector"]["tasks_max"] is None


def test_created_and_deleted_connectors_are_events_on_request() -> None:
    first = poll(new_memory(), [connector("old", status="PAUSED")], 0)
    second = poll(first.memory, [connector("new")], 30)
    assert [(body(event)["type"], body(event)["connector"]["name"]) for event in second.events] == [
        ("created", "new"),
        ("deleted", "old"),
    ]
    created, deleted = map(body, second.events)
    assert created["previous"] is None
    assert deleted["previous"] == {"status": "PAUSED", "health": "ALIVE"}
    assert deleted["connector"]["status"] == "PAUSED"
    usual = poll(first.memory, [connector("new")], 30, chosen(events=frozenset(USUAL_EVENTS)))
    assert usual.events == []
    assert set(usual.memory.connectors) == {"new"}


def test_suppressed_event_still_changes_the_memory() -> None:
    only = chosen(events=frozenset({"recovered"}))
    memory = poll(new_memory(), [connector()], 0, only).memory
    failed = poll(memory, [connector(status="ERROR")], 30, only)
    assert failed.events == []
    assert types(poll(failed.memory, [connector()], 60, only)) == ["recovered"]


def test_connectors_with_other_names_are_ignored() -> None:
    some = chosen(names=("mirror-*", "plain"))
    names = ["mirror-1", "plain", "plain-2", "sink"]
    memory = poll(new_memory(), [connector(name) for name in names], 0, some).memory
    failed = poll(memory, [connector(name, status="ERROR") for name in names], 30, some)
    assert [body(event)["connector"]["name"] for event in failed.events] == ["mirror-1", "plain"]


# Snapshot


def test_snapshot_has_one_event_for_each_connector_at_the_first_poll_only() -> None:
    snapshot = chosen(events=EVERY_EVENT, snapshot=True)
    first = poll(new_memory(), [connector("a"), connector("b", status="PAUSED")], 0, snapshot)
    assert types(first) == ["snapshot", "snapshot"]
    assert [body(event)["previous"] for event in first.events] == [None, None]
    assert types(poll(first.memory, [connector("a"), connector("b", status="PAUSED")], 30, snapshot)) == []


# Pauses that last


def test_paused_too_long_is_one_event_for_each_pause() -> None:
    options = chosen(paused_longer_than=100)
    memory = poll(new_memory(), [connector()], 0, options).memory
    seen = []
    for at, status in [
        (30, "PAUSED"),
        (129, "PAUSED"),
        (130, "PAUSED"),
        (500, "PAUSED"),
        (530, "RUNNING"),
        (560, "PAUSED"),
        (700, "PAUSED"),
    ]:
        step = poll(memory, [connector(status=status)], at, options)
        memory = step.memory
        seen += [(at, body(event)["type"], body(event)["paused_seconds"]) for event in step.events]
    assert seen == [
        (30, "paused", 0),
        (130, "paused_too_long", 100),
        (530, "resumed", None),
        (560, "paused", 0),
        (700, "paused_too_long", 140),
    ]


def test_paused_too_long_is_measured_on_the_monotonic_clock() -> None:
    options = chosen(paused_longer_than=100)
    memory = poll(new_memory(), [connector(status="PAUSED")], 0, options).memory
    jump = moment(30)._replace(wall=moment(0).wall + 10_000)
    assert after_poll(memory, PLACE, [connector(status="PAUSED")], jump, options, list).events == []


def test_pause_before_the_start_counts_from_the_end_of_its_operation() -> None:
    options = chosen(paused_longer_than=100)
    pause = operation("Pause", started=-300, ended=-200, by="aje-night")
    (event,) = poll(new_memory(), [connector(status="PAUSED")], 0, options, lambda: [pause]).events
    assert body(event)["type"] == "paused_too_long"
    assert body(event)["paused_seconds"] == 200
    assert body(event)["since"] == text(-200)
    assert body(event)["operation"]["created_by"] == "aje-night"


@pytest.mark.parametrize(
    "operations",
    [
        [],
        [operation("Pause", "another", started=-300, ended=-200)],
        [operation("Pause", started=-300, ended=-200), operation("Resume", started=-100, ended=-90)],
        [operation("Pause", started=-300, ended=None)],
        [operation("Pause", started=-300, ended=-200, modified_at="yesterday")],
    ],
    ids=["none", "of another connector", "a resume after it", "still running", "without a time"],
)
def test_pause_without_a_known_end_counts_from_the_first_poll(operations: list[dict[str, Any]]) -> None:
    options = chosen(paused_longer_than=100)
    first = poll(new_memory(), [connector(status="PAUSED")], 0, options, lambda: operations)
    assert first.events == []
    assert first.memory.connectors["mirror"].since == moment(0)


# Operations


@pytest.mark.parametrize(
    ("status", "operations", "expected"),
    [
        ("PAUSED", [operation("Pause", started=-90, ended=20)], "pause--90"),
        ("PAUSED", [operation("Pause", started=-90, ended=-60)], None),
        ("PAUSED", [operation("Pause", started=-90, ended=-1)], "pause--90"),
        ("PAUSED", [operation("Pause", started=10, ended=None)], "pause-10"),
        ("PAUSED", [operation("Update", started=10, ended=20)], None),
        ("PAUSED", [operation("Pause", "another", started=10, ended=20)], None),
        (
            "PAUSED",
            [operation("Pause", started=10, ended=20), operation("Pause", started=15, ended=25)],
            "pause-15",
        ),
        ("ERROR", [operation("Update", started=10, ended=20)], "update-10"),
        ("ERROR", [operation("Delete", started=10, ended=20)], None),
        ("ERROR", [{"id": "odd"}, {"id": "odd", "metadata": "text"}, operation("Move", started=10)], None),
    ],
)
def test_operation_is_the_newest_that_fits_since_the_last_poll(
    status: str, operations: list[dict[str, Any]], expected: str | None
) -> None:
    memory = poll(new_memory(), [connector()], 0).memory
    (event,) = poll(memory, [connector(status=status)], 30, operations=lambda: operations).events
    found = body(event)["operation"]
    assert (found["id"] if found else None) == expected
    assert found is None or found.keys() == {"id", "description", "created_by", "created_at"}


def test_operations_are_read_once_for_many_events_and_never_without_one() -> None:
    reads: list[str] = []

    def read() -> list[dict[str, Any]]:
        reads.append("read")
        return []

    two = [connector("a"), connector("b")]
    memory = poll(new_memory(), two, 0, operations=read).memory
    memory = poll(memory, two, 30, operations=read).memory
    memory = poll(memory, [connector("a", health="DEAD"), connector("b")], 60, operations=read).memory
    assert reads == []
    poll(memory, [connector("a", status="ERROR"), connector("b", status="ERROR")], 90, operations=read)
    assert reads == ["read"]
    poll(memory, [connector("a", status="ERROR")], 90, chosen(find_operation=False), operations=read)
    assert reads == ["read"]


# Clusters that cannot be reached


def test_unreachable_and_reachable_are_events_once() -> None:
    memory = poll(new_memory(), [connector()], 0).memory
    assert fail(memory, 299) == Seen(memory, [])
    step = fail(memory, 300)
    assert types(step) == ["unreachable"]
    unreachable = body(step.events[0])
    assert (unreachable["connector"], unreachable["error"]) == (None, ERROR)
    assert (unreachable["since"], unreachable["previously_observed_at"]) == (text(0), text(0))
    assert fail(step.memory, 330) == Seen(step.memory, [])
    back = poll(step.memory, [connector(status="ERROR")], 360)
    assert types(back) == ["reachable", "failed"]
    reachable, failed = map(body, back.events)
    assert unreachable.keys() == reachable.keys() == failed.keys()
    assert reachable["error"] is None
    assert failed["previously_observed_at"] == text(0)
    assert types(poll(back.memory, [connector(status="ERROR")], 390)) == []


def test_missing_cluster_is_unreachable_at_once() -> None:
    memory = poll(new_memory(), [connector()], 0).memory
    step = fail(memory, 30, gone=True)
    assert types(step) == ["unreachable"]
    assert types(fail(step.memory, 60, gone=True)) == []


def test_failure_before_the_first_poll_keeps_the_first_poll_silent() -> None:
    memory = fail(new_memory(), 30).memory
    assert types(fail(memory, 300)) == ["unreachable"]
    assert types(poll(memory, [connector(status="ERROR")], 60)) == []


# Identity


def test_uuid_of_the_same_fact_is_the_same() -> None:
    memory = poll(new_memory(), [connector()], 0).memory
    failed = poll(memory, [connector(status="ERROR")], 30)
    again = poll(memory, [connector(status="ERROR")], 30)
    assert failed.events == again.events
