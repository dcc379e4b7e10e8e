# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Random histories of a cluster: the events together tell the whole history that the polls could see."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._watch.changes import (
    after_failure,
    after_poll,
)
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._watch.memory import Event, Memory, State
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.module_utils._watch.watching import (
    ERROR,
    EVERY_EVENT,
    PLACE,
    chosen,
    connector,
    moment,
    new_memory,
    operation,
)

States = dict[str, tuple[str, str]]

STATUSES = st.sampled_from(["RUNNING", "PAUSED", "ERROR", "STATUS_UNKNOWN", "NEW_STATUS"])
HEALTHS = st.sampled_from(["ALIVE", "DEAD", "HEALTH_UNKNOWN"])
CLUSTERS = st.dictionaries(st.sampled_from(["a", "b", "c"]), st.tuples(STATUSES, HEALTHS))
OPERATIONS = st.lists(
    st.builds(
        operation,
        st.sampled_from(["Pause", "Resume", "Update", "Create", "Delete"]),
        st.sampled_from(["a", "b", "c"]),
        started=st.floats(-1000, 1000),
        ended=st.none() | st.floats(-1000, 1000),
    ),
    max_size=3,
)


class Poll(NamedTuple):
    """A good poll."""

    states: States
    operations: list[dict[str, Any]]


STEPS = st.lists(
    st.tuples(
        st.floats(0.01, 500), st.builds(Poll, CLUSTERS, OPERATIONS) | st.sampled_from(["failure", "gone", "restart"])
    ),
    min_size=1,
    max_size=30,
)
EVERYTHING = chosen(events=EVERY_EVENT, snapshot=True, paused_longer_than=200)


def walk(steps: list[tuple[float, Any]]) -> tuple[list[Event], States, Memory]:
    """Return the events of a history, the states at its last good poll, and the memory after it."""
    memory, events, states, now = new_memory(), [], {}, 0.0
    for seconds, step in steps:
        now += seconds
        if step == "restart":
            saved = json.loads(json.dumps(State({PLACE.id: memory}).dump()))
            memory = State.load(saved, moment(now)).memories.get(PLACE.id, new_memory(now))
        elif isinstance(step, Poll):
            found = [connector(name, status, health) for name, (status, health) in step.states.items()]
            seen = after_poll(memory, PLACE, found, moment(now), EVERYTHING, lambda step=step: step.operations)
            memory, states = seen.memory, step.states
            events += seen.events
        else:
            memory, more = after_failure(memory, PLACE, ERROR, moment(now), EVERYTHING, gone=step == "gone")
            events += more
    return events, states, memory


@given(STEPS)
def test_events_replay_to_the_true_state(steps: list[tuple[float, Any]]) -> None:
    events, truth, dummy = walk(steps)
    replayed: States = {}
    for event in events:
        body = event["connector_status"]
        if body["connector"] is None:
            continue
        name, state = body["connector"]["name"], (body["connector"]["status"], body["connector"]["health"])
        if body["type"] in {"failed", "recovered", "paused", "resumed", "health", "changed", "deleted"}:
            assert replayed[name] == (body["previous"]["status"], body["previous"]["health"])
        if body["type"] == "deleted":
            del replayed[name]
        else:
            replayed[name] = state
    assert replayed == truth


@given(STEPS)
def test_no_fact_is_reported_twice(steps: list[tuple[float, Any]]) -> None:
    events = [event for event in walk(steps)[0] if event["connector_status"]["type"] != "snapshot"]
    ids = [event["meta"]["uuid"] for event in events]
    assert len(ids) == len(set(ids))


@given(STEPS)
def test_paused_too_long_follows_each_long_pause_once(steps: list[tuple[float, Any]]) -> None:
    reported: dict[str, str] = {}
    for event in walk(steps)[0]:
        body = event["connector_status"]
        if body["type"] == "paused_too_long":
            assert body["connector"]["status"] == "PAUSED"
            assert body["paused_seconds"] >= 200
            assert reported.get(body["connector"]["name"]) != body["since"]
            reported[body["connector"]["name"]] = body["since"]


@given(STEPS)
def test_unreachable_and_reachable_alternate(steps: list[tuple[float, Any]]) -> None:
    events, dummy, memory = walk([step for step in steps if step[1] != "restart"])
    kinds = [event["connector_status"]["type"] for event in events if event["connector_status"]["connector"] is None]
    assert kinds == ["unreachable", "reachable"] * (len(kinds) // 2) + ["unreachable"] * (len(kinds) % 2)
    assert memory.unreachable == (kinds[-1:] == ["unreachable"])


@given(STEPS)
def test_state_file_keeps_the_memory(steps: list[tuple[float, Any]]) -> None:
    events, dummy, memory = walk(steps)
    now = moment(1_000_000)
    saved = json.loads(json.dumps(State({PLACE.id: memory}, events).dump()))
    loaded = State.load(saved, now)
    assert loaded.events == saved["pending"]
    assert loaded.dump() == saved
    assert "hidden-value" not in json.dumps(saved)


@given(STEPS)
def test_events_that_wait_end_with_the_true_state(steps: list[tuple[float, Any]]) -> None:
    events, truth, dummy = walk(steps)
    state = State()
    for event in events:
        state.update(PLACE.id, new_memory(), [event])
    assert len(state.events) <= 3 * len(EVERY_EVENT)
    last = {
        event["connector_status"]["connector"]["name"]: event["connector_status"]
        for event in state.events
        if event["connector_status"]["connector"]
    }
    for name, status in truth.items():
        assert (last[name]["connector"]["status"], last[name]["connector"]["health"]) == status
