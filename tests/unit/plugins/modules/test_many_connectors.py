# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The order of requests for several connectors: without waiting, after a conflict, for restarts."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._run.converge import Converger
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.modules.tasks import fail, succeed
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.wire import (
    CONNECTORS,
    Call,
    connector,
    lost,
    status,
)


def listed(*names: str, status: str = "RUNNING", **call: Any) -> Call:
    return Call("GET", CONNECTORS, {"connectors": [connector(status, name=name) for name in names]}, **call)


def sent(name: str, action: str = "pause", **call: Any) -> Call:
    """A change that is accepted: its operation has the name of the connector."""
    return Call("POST", f"{CONNECTORS}/{action}/{name}", {"id": f"op-{name}"}, **call)


def blocked(name: str, by: str, action: str = "pause") -> Call:
    conflict = status(9, f'conflicting operation "op-{by}" detected')
    return Call("POST", f"{CONNECTORS}/{action}/{name}", conflict, status=400)


def poll(name: str, status: str = "", **call: Any) -> Call:
    """A poll of the operation of a connector: running, or ended with a status."""
    response = {"@type": "type.googleapis.com/Connector", **connector(status, name=name)}
    ended = {"done": True, "response": response} if status else {}
    return Call("GET", f"operation /operations/op-{name}", {"id": f"op-{name}", **ended}, **call)


def read(name: str, status: str = "RUNNING", **call: Any) -> Call:
    return Call("GET", f"{CONNECTORS}/{name}", connector(status, name=name), **call)


def statuses(result: dict[str, Any]) -> dict[str, str]:
    return {item["name"]: item["status"] for item in result["connectors"]}


def test_changes_are_sent_without_waiting_for_the_one_before() -> None:
    run = succeed(
        listed("a", "b", "c"),
        *[sent(name) for name in "abc"],
        *[poll(name, "PAUSED") for name in "abc"],
        names=["*"],
        state="paused",
    )
    assert statuses(run.result) == dict.fromkeys("abc", "PAUSED")
    assert len(set(run.wire.keys())) == 3


def test_after_one_conflict_changes_are_sent_one_at_a_time() -> None:
    run = succeed(
        listed("a", "b", "c", "d"),
        sent("a"),
        blocked("b", by="a"),
        poll("a"),
        poll("a", "PAUSED"),
        read("b"),
        sent("b"),
        poll("a", "PAUSED"),
        poll("b", "PAUSED"),
        read("c"),
        sent("c"),
        poll("c", "PAUSED"),
        read("d"),
        sent("d"),
        poll("d", "PAUSED"),
        names=["*"],
        state="paused",
    )
    assert statuses(run.result) == dict.fromkeys("abcd", "PAUSED")


def test_restarts_follow_one_after_another() -> None:
    result = succeed(
        listed("a", "b"),
        sent("a"),
        poll("a", "PAUSED"),
        sent("a", "resume"),
        poll("a", "RUNNING"),
        read("b"),
        sent("b"),
        poll("b", "PAUSED"),
        sent("b", "resume"),
        poll("b", "RUNNING"),
        names=["*"],
        state="restarted",
    ).result
    assert result["msg"] == "2 restarted: a, b"
    assert result["diff"]["before"] == {}


def test_at_most_16_operations_are_in_progress() -> None:
    names = [f"c-{number:02}" for number in range(18)]
    succeed(
        listed(*names),
        *[sent(name) for name in names[:16]],
        poll(names[0], "PAUSED"),
        read(names[16]),
        sent(names[16]),
        poll(names[1], "PAUSED"),
        read(names[17]),
        sent(names[17]),
        *[poll(name, "PAUSED") for name in names[2:]],
        names=["*"],
        state="paused",
    )


def test_connector_of_a_list_of_more_than_a_second_ago_is_read_again_before_a_change() -> None:
    result = succeed(
        listed("a", "b", "c"),
        sent("a", takes=1.5),
        read("b"),
        sent("b", takes=1.5),
        read("c", "PAUSED"),
        poll("a", "PAUSED"),
        poll("b", "PAUSED"),
        names=["*"],
        state="paused",
        as_predicted=False,
    ).result
    assert result["affected"] == ["a", "b"]
    assert statuses(result) == dict.fromkeys("abc", "PAUSED")


def test_operation_that_ended_while_another_was_waited_for_is_no_timeout() -> None:
    result = fail(
        listed("a", "b", "c"),
        *[sent(name) for name in "abc"],
        poll("a", takes=60),
        poll("b", "PAUSED"),
        poll("c"),
        names=["*"],
        state="paused",
        wait_timeout=50,
    ).result
    assert [failure["name"] for failure in result["failed_connectors"]] == ["a", "c"]
    assert statuses(result) == {"a": "RUNNING", "b": "PAUSED", "c": "RUNNING"}
    assert result["affected"] == ["a", "b", "c"]


def test_timeout_while_waiting_for_others_sends_no_change() -> None:
    result = fail(
        listed("a", "b"),
        sent("a"),
        blocked("b", by="a"),
        poll("a", takes=60),
        poll("a"),
        names=["*"],
        state="paused",
        wait_timeout=50,
    ).result
    assert [failure["name"] for failure in result["failed_connectors"]] == ["a", "b"]
    assert "blocked by operation op-a" in result["failed_connectors"][1]["msg"]
    assert result["affected"] == ["a"]


def test_bug_in_one_connector_does_not_lose_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    start = Converger.start

    def start_with_bug(self: Converger, progress: Any) -> Any:
        return start(self, progress) if progress.name != "b" else 1 / 0

    monkeypatch.setattr(Converger, "start", start_with_bug)
    result = fail(
        listed("a", "b", "c"),
        sent("a"),
        sent("c"),
        poll("a", "PAUSED"),
        poll("c", "PAUSED"),
        names=["*"],
        state="paused",
    ).result
    (failure,) = result["failed_connectors"]
    assert failure["name"] == "b"
    assert "this is a bug in yandex_cloud.managed_kafka" in failure["msg"]
    assert statuses(result) == {"a": "PAUSED", "b": "RUNNING", "c": "PAUSED"}


def test_failed_operation_does_not_stop_the_others() -> None:
    result = fail(
        listed("a", "b"),
        sent("a"),
        sent("b"),
        Call("GET", "operation /operations/op-a", {"id": "op-a", "done": True, "error": status(13, "broker")}),
        poll("b", "PAUSED"),
        names=["*"],
        state="paused",
    ).result
    (failure,) = result["failed_connectors"]
    assert (failure["name"], failure["operation_id"], failure["error"]["status"]) == ("a", "op-a", "INTERNAL")
    assert statuses(result)["b"] == "PAUSED"
    assert result["affected"] == ["a", "b"]


def test_lost_response_does_not_stop_the_others() -> None:
    result = fail(
        listed("a", "b"),
        *[Call("POST", f"{CONNECTORS}/pause/a", lost()) for dummy in range(2)],
        read("b"),
        sent("b"),
        poll("b", "PAUSED"),
        names=["*"],
        state="paused",
        request_retries=1,
    ).result
    assert result["affected"] == ["a", "b"]
    assert "error" not in result
    (failure,) = result["failed_connectors"]
    assert failure["name"] == "a"
    assert "The response was lost, so the change may have been accepted." in failure["msg"]


def test_without_wait_last_change_after_conflict_is_not_waited_for() -> None:
    result = succeed(
        listed("a", "b", "c"),
        sent("a"),
        blocked("b", by="a"),
        poll("a"),
        poll("a", "PAUSED"),
        read("b"),
        sent("b"),
        poll("a", "PAUSED"),
        poll("b", "PAUSED"),
        read("c"),
        sent("c"),
        names=["*"],
        state="paused",
        wait=False,
    ).result
    assert result["msg"] == "2 paused: a, b; 1 accepted, not finished: c"
