# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.errors import InputError
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._watch.memory import Known, Memory, State
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.module_utils._watch.watching import moment

MEMORY = Memory(
    moment(30),
    {"mirror": Known("mirrormaker", "PAUSED", "ALIVE", 2, moment(10), reported=True)},
    moment(30),
    unreachable=True,
    fresh=False,
)
EVENT = {
    "connector_status": {"type": "paused", "cluster": {"id": "c9q1"}, "connector": {"name": "mirror"}},
    "meta": {"uuid": "1"},
}


def saved() -> Any:
    return json.loads(json.dumps(State({"c9q1": MEMORY}, [EVENT]).dump()))


def test_memory_survives_a_restart_with_another_monotonic_clock() -> None:
    later = moment(100)._replace(steady=7.0)
    state = State.load(saved(), later)
    memory = state.memories["c9q1"]
    assert state.events == [EVENT]
    assert memory.fresh
    assert memory.unreachable
    assert memory.polled == memory.reached == (moment(30).wall, 7.0 - 70)
    assert memory.connectors["mirror"].since == (moment(10).wall, 7.0 - 90)
    assert memory.connectors["mirror"].reported


def test_clock_that_was_set_back_does_not_put_the_memory_into_the_future() -> None:
    memories = State.load(saved(), moment(0)).memories
    assert memories["c9q1"].reached.steady == moment(0).steady


def test_cluster_without_a_good_poll_is_not_saved() -> None:
    assert State({"c9q1": Memory(moment(0))}).dump()["clusters"] == {}


@pytest.mark.parametrize(
    "path",
    [["version"], ["clusters"], ["pending"], ["clusters", "c9q1", "polled"]]
    + [["clusters", "c9q1", "connectors", "mirror", key] for key in ("status", "health", "since", "reported")],
    ids=".".join,
)
def test_state_without_a_part_is_damaged(path: list[str]) -> None:
    state = part = saved()
    for name in path[:-1]:
        part = part[name]
    del part[path[-1]]
    with pytest.raises(InputError, match="not a state"):
        State.load(state, moment(100))


@pytest.mark.parametrize(
    "state",
    [
        None,
        {"version": 2, "clusters": {}, "pending": []},
        {"version": 1, "clusters": [], "pending": []},
        {"version": 1, "clusters": {"c9q1": None}, "pending": []},
        {"version": 1, "clusters": {}, "pending": [1]},
        {"version": 1, "clusters": {}, "pending": [{"connector_status": {"type": "paused"}}]},
        {"version": 1, "clusters": {"c9q1": {"polled": "x", "unreachable": False, "connectors": {}}}, "pending": []},
        {"version": 1, "clusters": {"c9q1": {"polled": 1, "unreachable": False, "connectors": []}}, "pending": []},
    ],
    ids=str,
)
def test_damaged_state_is_an_input_error(state: Any) -> None:
    with pytest.raises(InputError, match=r"version|not a state"):
        State.load(state, moment(0))


def event(kind: str, name: str = "mirror") -> dict[str, Any]:
    return {"connector_status": {"type": kind, "cluster": {"id": "c9q1"}, "connector": {"name": name}}}


def test_newer_event_of_a_connector_and_type_replaces_the_older_one() -> None:
    state = State()
    first, second, again = event("failed"), event("recovered"), event("failed")
    state.update("c9q1", MEMORY, [first, second, event("failed", "other"), again])
    assert [item is again for item in state.events] == [False, False, True]
    assert len(state.events) == 3


def test_event_that_was_replaced_while_it_was_sent_is_not_forgotten() -> None:
    state = State()
    old, new = event("failed"), event("failed")
    state.update("c9q1", MEMORY, [old])
    state.update("c9q1", MEMORY, [new])
    state.taken(old)
    assert state.events[0] is new
    state.taken(new)
    assert state.events == []


def test_state_is_written_for_a_change_but_not_for_a_time() -> None:
    state = State()
    assert state.update("c9q1", MEMORY, [])
    assert not state.update("c9q1", replace(MEMORY, polled=moment(60), reached=moment(60)), [])
    assert state.update("c9q1", replace(MEMORY, unreachable=False), [])
    assert state.update("c9q1", replace(MEMORY, connectors={}), [])


def test_clusters_that_are_not_watched_are_forgotten() -> None:
    state = State({"c9q1": MEMORY, "c9q2": MEMORY})
    state.keep({"c9q2"})
    assert state.memories == {"c9q2": MEMORY}
