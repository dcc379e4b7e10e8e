# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lines that a waiting task prints: after 10, 30 and 60 seconds, and then once a minute."""

from __future__ import annotations

import pytest

from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.modules.tasks import ACTIONS, OTHER, fail, run
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.wire import (
    CONFLICT,
    CONNECTOR,
    CONNECTORS,
    OPERATION,
    PAUSE,
    Call,
    connector,
    done,
    status,
)

# Seconds between two polls, so that a script needs few of them.
SLOW = {"x-operation-poll-interval": "50"}


def test_one_connector_prints_lines_after_10_30_60_seconds_and_once_a_minute() -> None:
    polls = [
        Call("GET", OPERATION, {"id": "op1"}, headers=SLOW),
        Call("GET", OPERATION, {"id": "op1"}, headers={"x-operation-poll-interval": "150"}),
    ]
    lines = run(
        Call("GET", CONNECTOR, connector()),
        Call("POST", PAUSE, {"id": "op1"}),
        *polls,
        Call("GET", OPERATION, done("PAUSED")),
        state="paused",
    ).wire.lines
    assert lines == [f"mirror: pausing, {seconds} s (operation op1)" for seconds in (10, 30, 60, 120, 180)]


def test_short_task_prints_no_line() -> None:
    read, pause = Call("GET", CONNECTOR, connector()), Call("POST", PAUSE, done("PAUSED"))
    assert run(read, pause, state="paused").wire.lines == []


def test_first_line_after_a_long_request_shows_the_seconds_since_the_start() -> None:
    lines = run(
        Call("GET", CONNECTOR, connector()),
        Call("POST", PAUSE, {"id": "op1"}, takes=65),
        Call("GET", OPERATION, done("PAUSED")),
        state="paused",
    ).wire.lines
    assert lines == ["mirror: pausing, 65 s (operation op1)"]


@pytest.mark.parametrize(
    ("action", "verb"),
    [("create", "creating"), ("update", "updating"), ("resume", "resuming"), ("delete", "deleting")],
)
def test_line_names_the_action(action: str, verb: str) -> None:
    options, reads, route = ACTIONS[action]
    lines = fail(
        *reads,
        Call(*route, {"id": "op1"}, headers={"x-operation-poll-interval": "20"}),
        Call("GET", OPERATION, {"id": "op1"}),
        wait_timeout=15,
        **options,
    ).wire.lines
    assert lines == [f"mirror: {verb}, 10 s (operation op1)"]


def test_line_names_the_operation_that_blocks_the_change() -> None:
    lines = fail(
        Call("GET", CONNECTOR, connector()),
        Call("POST", PAUSE, CONFLICT, status=400),
        Call("GET", OTHER, {"id": "op9"}, headers=SLOW),
        Call("GET", OTHER, {"id": "op9"}),
        state="paused",
        wait_timeout=15,
    ).wire.lines
    assert lines == ["mirror: pausing, 10 s (waiting for operation op9)"]


def test_wait_for_health_without_a_change_prints_lines() -> None:
    dead = connector(health="DEAD")
    one = fail(
        Call("GET", CONNECTOR, dead),
        Call("GET", CONNECTOR, dead, takes=10),
        Call("GET", CONNECTOR, dead, takes=10),
        state="running",
        wait_for_health=True,
        wait_timeout=15,
    ).wire.lines
    assert one == ["mirror: checking, 10 s"]
    both = {"connectors": [{**dead, "name": "a"}, {**dead, "name": "b"}, connector(name="c")]}
    several = fail(
        Call("GET", CONNECTORS, both),
        *[Call("GET", CONNECTORS, both, takes=10) for dummy in range(2)],
        names=["*"],
        state="running",
        wait_for_health=True,
        wait_timeout=15,
    ).wire.lines
    assert several == ["checking 3 connectors: 1 done, 0 in progress, 2 waiting, 10 s"]


def test_several_connectors_print_one_line_with_counts() -> None:
    polls = {name: f"operation /operations/op-{name}" for name in "abc"}
    ended = done("PAUSED")
    lines = run(
        Call("GET", CONNECTORS, {"connectors": [connector(name=name) for name in "abcd"] + [connector("PAUSED")]}),
        Call("POST", f"{CONNECTORS}/pause/a", {"id": "op-a"}, headers=SLOW),
        Call("POST", f"{CONNECTORS}/pause/b", status(3, "bad"), status=400),
        Call("GET", f"{CONNECTORS}/b", connector(name="b")),
        Call("POST", f"{CONNECTORS}/pause/c", {"id": "op-c"}),
        Call("POST", f"{CONNECTORS}/pause/d", status(9, 'conflicting operation "op-c" detected'), status=400),
        Call("GET", polls["c"], {"id": "op-c"}, headers={"x-operation-poll-interval": "20"}),
        Call("GET", polls["c"], {"id": "op-c", "done": True}),
        Call("GET", f"{CONNECTORS}/d", connector("PAUSED", name="d")),
        Call("GET", polls["a"], {**ended, "id": "op-a", "response": {**ended["response"], "name": "a"}}),
        Call("GET", polls["c"], {**ended, "id": "op-c", "response": {**ended["response"], "name": "c"}}),
        names=["*"],
        state="paused",
    ).wire.lines
    assert lines == [
        "pausing 4 connectors: 1 done, 2 in progress, 1 waiting, 10 s",
        "pausing 4 connectors: 2 done, 2 in progress, 0 waiting, 30 s",
    ]


def test_slow_first_read_prints_no_line() -> None:
    read = [Call("GET", CONNECTOR, status(14, "unavailable"), status=503, takes=30)] * 6
    assert fail(*read, state="paused").wire.lines == []
