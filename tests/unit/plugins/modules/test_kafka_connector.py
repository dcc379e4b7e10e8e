# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""kafka_connector on a scripted wire: which calls it makes, in which order, and what it returns."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._errors import Error
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._specification import (
    options as specification_options,
)
from ansible_collections.yandex_cloud.managed_kafka.plugins.modules.kafka_connector import manage
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.wire import (
    CLUSTER_ID,
    CONFLICT,
    CONNECTOR,
    CONNECTORS,
    EMPTY,
    NOT_FOUND,
    OPERATION,
    PAUSE,
    RESUME,
    Call,
    Wire,
    connector,
    done,
    operation,
    status,
)

OTHER = "operation /operations/op9"


def task(wire: Wire, *, check_mode: bool = False, wait_timeout: int = 1200, **options: Any) -> dict[str, Any]:
    params = {"cluster_id": CLUSTER_ID, "cluster_name": None, "name": "mirror", "state": "paused", "wait": True}
    unset = dict.fromkeys([*specification_options()])
    return manage(
        {**unset, "names": None, "purge_properties": False, "update_secrets": False, **params, **options},
        wire.client(wait_timeout=wait_timeout),
        check_mode,
    )


def failed_task(wire: Wire, **options: Any) -> dict[str, Any]:
    with pytest.raises(Error) as failure:
        task(wire, **options)
    return failure.value.result()


@pytest.mark.parametrize(("state", "now"), [("paused", "PAUSED"), ("running", "RUNNING")])
@pytest.mark.parametrize("check_mode", [False, True])
def test_what_is_as_wanted_costs_one_request(state: str, now: str, check_mode: bool) -> None:
    with Wire(Call("GET", CONNECTOR, connector(now))) as wire:
        result = task(wire, state=state, check_mode=check_mode)
    assert not result["changed"]
    assert result["connector"]["status"] == now
    assert result["ansible_facts"] == {"kafka_connector": result["connector"]}
    assert result["diff"] == {"before": {}, "after": {}}
    assert "operation" not in result


@pytest.mark.parametrize(
    ("state", "before", "route", "after"),
    [
        ("paused", "RUNNING", PAUSE, "PAUSED"),
        ("paused", "ERROR", PAUSE, "PAUSED"),
        ("paused", "STATUS_UNKNOWN", PAUSE, "PAUSED"),
        ("running", "PAUSED", RESUME, "RUNNING"),
        ("running", "ERROR", RESUME, "RUNNING"),
        ("restarted", "PAUSED", RESUME, "RUNNING"),
    ],
)
def test_one_change(state: str, before: str, route: str, after: str) -> None:
    script = (
        Call("GET", CONNECTOR, connector(before)),
        Call("POST", route, operation(), sent={}),
        Call("GET", OPERATION, operation()),
        Call("GET", OPERATION, done(after)),
    )
    with Wire(*script) as wire:
        result = task(wire, state=state)
    assert result["changed"]
    assert result["connector"]["status"] == after
    assert result["connector"]["tasks_max"] == 3
    assert result["operation"]["done"]
    assert result["operation"]["response"]["status"] == after
    assert result["diff"] == {"before": {"status": before}, "after": {"status": after}}
    with Wire(script[0]) as wire:
        checked = task(wire, state=state, check_mode=True)
    assert [checked[key] for key in ("changed", "diff")] == [result[key] for key in ("changed", "diff")]
    assert checked["connector"] == result["connector"]
    assert "operation" not in checked


def test_restart_pauses_and_resumes() -> None:
    script = (
        Call("GET", CONNECTOR, connector("RUNNING")),
        Call("POST", PAUSE, operation()),
        Call("GET", OPERATION, done("PAUSED")),
        Call("POST", RESUME, {"id": "op2"}),
        Call("GET", "operation /operations/op2", {**done("RUNNING"), "id": "op2"}),
    )
    with Wire(*script) as wire:
        result = task(wire, state="restarted")
    assert result["changed"]
    assert result["operation"]["id"] == "op2"
    assert result["diff"] == {"before": {}, "after": {}}
    assert len(set(wire.keys())) == 2
    with Wire(script[0]) as wire:
        assert task(wire, state="restarted", check_mode=True)["changed"]


def test_a_restart_that_gets_no_further_than_the_pause_says_so() -> None:
    script = (
        Call("GET", CONNECTOR, connector("RUNNING")),
        Call("POST", PAUSE, operation()),
        Call("GET", OPERATION, done("PAUSED"), takes=60),
    )
    with Wire(*script) as wire:
        result = failed_task(wire, state="restarted", wait_timeout=50)
    assert result["changed"]
    assert result["connector"]["status"] == "PAUSED"
    assert result["msg"] == (
        "Could not resume connector mirror of cluster c9qtest: timed out after 50 s (wait_timeout), before it could be "
        "asked for. Go on with state: running, for state: restarted would begin anew."
    )


@pytest.mark.parametrize(
    ("script", "half"),
    [
        # the pause goes on at the server
        ([Call("POST", PAUSE, operation()), Call("GET", OPERATION, operation(), takes=60)], True),
        ([Call("POST", PAUSE, {**operation(), "done": True, "error": {"code": 13, "message": "broker"}})], False),
        ([Call("POST", PAUSE, status(7, "Permission denied"), status=403), Call("GET", CONNECTOR, connector())], False),
    ],
)
def test_a_restart_that_fails_in_the_pause(script: list[Call], half: bool) -> None:
    with Wire(Call("GET", CONNECTOR, connector("RUNNING")), *script) as wire:
        result = failed_task(wire, state="restarted", wait_timeout=50)
    assert ("Go on with state: running" in result["msg"]) == half


def test_a_restart_whose_resume_may_have_been_accepted_is_not_to_be_run_again() -> None:
    lost = Call("POST", RESUME, "", status=503)
    with Wire(Call("GET", CONNECTOR, connector("PAUSED")), *[lost] * 6) as wire:
        result = failed_task(wire, state="restarted")
    assert result["msg"].endswith(
        "It may have been accepted all the same. Go on with state: running, for state: restarted would begin anew."
    )


def test_what_may_have_been_accepted_is_not_said_not_to_be_begun() -> None:
    script = (
        Call("GET", CONNECTOR, connector()),
        Call("POST", PAUSE, "", status=503),
        Call("POST", PAUSE, CONFLICT, status=400),
        Call("GET", OTHER, {"id": "op9"}, takes=60),
    )
    with Wire(*script) as wire:
        result = failed_task(wire, wait_timeout=50)
    assert "not begun" not in result["msg"]
    assert result["msg"].endswith("It may have been accepted all the same: run again, which sends it only if needed.")


@pytest.mark.parametrize("response", [None, "RUNNING"])
def test_the_connector_is_read_until_it_is_paused(response: str | None) -> None:
    ended = done(response) if response else operation(done=True)
    with Wire(
        Call("GET", CONNECTOR, connector()),
        Call("POST", PAUSE, operation()),
        Call("GET", OPERATION, ended),
        Call("GET", CONNECTOR, connector()),
        Call("GET", CONNECTOR, status(14, "unavailable"), status=503),
        Call("GET", CONNECTOR, connector("PAUSED")),
    ) as wire:
        result = task(wire)
    assert result["changed"]
    assert result["connector"]["status"] == "PAUSED"


def test_a_connector_that_ends_in_another_status_fails_the_task() -> None:
    reads = [Call("GET", CONNECTOR, connector("ERROR"), takes=40) for dummy in range(2)]
    with Wire(
        Call("GET", CONNECTOR, connector()),
        Call("POST", PAUSE, operation()),
        Call("GET", OPERATION, done("ERROR")),
        *reads,
    ) as wire:
        result = failed_task(wire, wait_timeout=60)
    assert "the connector is ERROR, not PAUSED" in result["msg"]
    assert result["changed"]
    assert result["connector"]["status"] == "ERROR"
    assert result["operation"]["id"] == "op1"


def test_an_operation_that_fails_fails_the_task_when_it_is_rolled_back() -> None:
    error = status(13, "broker is down")
    with Wire(
        Call("GET", CONNECTOR, connector()),
        Call("POST", PAUSE, operation()),
        Call("GET", OPERATION, operation(error=error)),
        Call("GET", OPERATION, operation(error=error, done=True)),
    ) as wire:
        result = failed_task(wire)
    assert result["msg"] == (
        "Could not pause connector mirror of cluster c9qtest: operation op1 failed with INTERNAL: broker is down."
    )
    assert result["changed"]
    assert result["operation"]["done"]
    assert result["error"]["code"] == 13
    assert result["connector"]["status"] == "RUNNING"


def test_a_rollback_that_outlasts_the_task_is_the_operations_own_error() -> None:
    error = status(13, "broker is down")
    with Wire(
        Call("GET", CONNECTOR, connector()),
        Call("POST", PAUSE, operation()),
        Call("GET", OPERATION, operation(error=error), takes=100),
    ) as wire:
        result = failed_task(wire, wait_timeout=60)
    assert "broker is down" in result["msg"]
    assert "timed out" not in result["msg"]


def test_a_timeout_names_the_operation() -> None:
    with Wire(
        Call("GET", CONNECTOR, connector()),
        Call("POST", PAUSE, operation(), takes=70),
    ) as wire:
        result = failed_task(wire, wait_timeout=60)
    assert "timed out: operation op1" in result["msg"]
    assert "goes on at the server" in result["msg"]
    assert result["changed"]
    assert result["operation"] == {"id": "op1", "description": "Pause connector", "done": False}


def test_without_wait_the_task_ends_with_the_last_change() -> None:
    with Wire(Call("GET", CONNECTOR, connector()), Call("POST", PAUSE, operation())) as wire:
        result = task(wire, wait=False)
    assert result["changed"]
    assert result["connector"]["status"] == "RUNNING"
    assert not result["operation"]["done"]
    with Wire(
        Call("GET", CONNECTOR, connector()),
        Call("POST", PAUSE, operation()),
        Call("GET", OPERATION, done("PAUSED")),
        Call("POST", RESUME, operation()),
    ) as wire:
        result = task(wire, wait=False, state="restarted")
    assert result["connector"]["status"] == "PAUSED"


def test_a_conflict_is_waited_out_and_the_change_sent_again() -> None:
    with Wire(
        Call("GET", CONNECTOR, connector()),
        Call("POST", PAUSE, CONFLICT, status=400),
        Call("GET", OTHER, {"id": "op9"}),
        Call("GET", OTHER, {"id": "op9", "done": True, "error": status(13, "not ours")}),
        Call("GET", CONNECTOR, connector()),
        Call("POST", PAUSE, operation()),
        Call("GET", OPERATION, done("PAUSED")),
    ) as wire:
        assert task(wire)["changed"]
    assert len(set(wire.keys())) == 2


def test_a_conflict_with_somebody_who_does_the_same_changes_nothing() -> None:
    with Wire(
        Call("GET", CONNECTOR, connector()),
        Call("POST", PAUSE, status(9, "Conflicting operation op9 detected"), status=400),
        Call("GET", OTHER, {**done("PAUSED"), "id": "op9"}),
        Call("GET", CONNECTOR, connector("PAUSED")),
    ) as wire:
        result = task(wire)
    assert not result["changed"]
    assert "operation" not in result
    assert result["diff"] == {"before": {}, "after": {}}


def test_a_conflict_that_may_not_be_read_is_waited_out_by_sending_again() -> None:
    again = (
        Call("POST", PAUSE, CONFLICT, status=400),
        Call("GET", OTHER, status(7, "Permission denied"), status=403),
        Call("GET", CONNECTOR, connector()),
    )
    with Wire(
        Call("GET", CONNECTOR, connector()),
        *again,
        *again,
        *again,
        Call("POST", PAUSE, done("PAUSED")),
    ) as wire:
        assert task(wire)["changed"]
    assert wire.clock.naps == sorted(wire.clock.naps)
    assert len(wire.clock.naps) == 3


def test_a_conflict_that_outlasts_the_task() -> None:
    with Wire(
        Call("GET", CONNECTOR, connector()),
        Call("POST", PAUSE, CONFLICT, status=400),
        Call("GET", OTHER, {"id": "op9"}, takes=100),
    ) as wire:
        result = failed_task(wire, wait_timeout=60)
    assert "operation op9" in result["msg"]
    assert not result["changed"]
    assert result["error"]["status"] == "FAILED_PRECONDITION"


@pytest.mark.parametrize("refusal", [status(9, "no changes detected"), status(3, "already paused")])
def test_a_refusal_is_fine_when_the_connector_is_as_wanted(refusal: dict[str, Any]) -> None:
    with Wire(
        Call("GET", CONNECTOR, connector()),
        Call("POST", PAUSE, refusal, status=400),
        Call("GET", CONNECTOR, connector("PAUSED")),
    ) as wire:
        result = task(wire)
    assert not result["changed"]
    assert result["connector"]["status"] == "PAUSED"


def test_a_refusal_is_an_error_when_it_is_not() -> None:
    with Wire(
        Call("GET", CONNECTOR, connector()),
        Call("POST", PAUSE, status(7, "Permission denied"), status=403),
        Call("GET", CONNECTOR, connector()),
    ) as wire:
        result = failed_task(wire)
    assert "managed-kafka.editor" in result["msg"]
    assert "pause connector mirror of cluster c9qtest" in result["msg"]
    assert result["error"]["http_status"] == 403
    assert result["connector"]["status"] == "RUNNING"
    assert not result["changed"]


def test_an_answer_that_was_lost_is_asked_for_with_the_same_key() -> None:
    with Wire(
        Call("GET", CONNECTOR, connector()),
        Call("POST", PAUSE, requests.ConnectionError("reset")),
        Call("POST", PAUSE, "<html>", status=200),
        Call("POST", PAUSE, "upstream connect error", status=503),
        Call("POST", PAUSE, operation()),
        Call("GET", OPERATION, done("PAUSED")),
    ) as wire:
        assert task(wire)["changed"]
    assert len(wire.keys()) == 4
    assert len(set(wire.keys())) == 1


def test_a_change_that_may_have_been_accepted_says_so() -> None:
    lost = [Call("POST", PAUSE, requests.ConnectionError("reset")) for dummy in range(6)]
    with Wire(Call("GET", CONNECTOR, connector()), *lost) as wire:
        result = failed_task(wire)
    assert "may have been accepted all the same" in result["msg"]
    assert "tried 6 times" in result["msg"]


def test_a_refusal_after_a_lost_answer_counts_as_ours() -> None:
    with Wire(
        Call("GET", CONNECTOR, connector()),
        Call("POST", PAUSE, requests.ConnectionError("reset")),
        Call("POST", PAUSE, status(9, "no changes detected"), status=400),
        Call("GET", CONNECTOR, connector("PAUSED")),
    ) as wire:
        assert task(wire)["changed"]


def test_a_conflict_after_a_lost_answer_keeps_the_key() -> None:
    with Wire(
        Call("GET", CONNECTOR, connector()),
        Call("POST", PAUSE, requests.ConnectionError("reset")),
        Call("POST", PAUSE, CONFLICT, status=400),
        Call("GET", OTHER, {"id": "op9", "done": True}),
        Call("GET", CONNECTOR, connector()),
        Call("POST", PAUSE, done("PAUSED")),
        Call("GET", CONNECTOR, connector("PAUSED")),
    ) as wire:
        assert task(wire)["changed"]
    assert len(set(wire.keys())) == 1


def test_a_missing_connector_is_told_from_a_missing_cluster() -> None:
    with Wire(
        Call("GET", CONNECTOR, NOT_FOUND, status=404),
        Call("GET", CONNECTORS, {"connectors": [{"name": "other"}]}, query={"pageSize": "1000"}),
    ) as wire:
        result = failed_task(wire)
    assert "pause connector mirror of cluster c9qtest: it does not exist" in result["msg"]
    with Wire(Call("GET", CONNECTOR, NOT_FOUND, status=404), Call("GET", CONNECTORS, NOT_FOUND, status=404)) as wire:
        result = failed_task(wire)
    assert "no cluster c9qtest" in result["msg"]
    assert result["error"]["status"] == "NOT_FOUND"


def test_a_connector_that_is_deleted_meanwhile() -> None:
    with Wire(
        Call("GET", CONNECTOR, connector()),
        Call("POST", PAUSE, NOT_FOUND, status=404),
        Call("GET", CONNECTOR, NOT_FOUND, status=404),
        Call("GET", CONNECTORS, EMPTY),
    ) as wire:
        result = failed_task(wire)
    assert "does not exist any more" in result["msg"]


def test_a_cluster_by_name() -> None:
    with Wire(
        Call(
            "GET",
            "mdb /managed-kafka/v1/clusters",
            {"clusters": [{"id": CLUSTER_ID, "name": "demo"}]},
            query={"folderId": "b1g", "filter": 'name="demo"', "pageSize": "1000"},
        ),
        Call("GET", CONNECTOR, connector("PAUSED")),
    ) as wire:
        assert not task(wire, cluster_id=None, cluster_name="demo", folder_id="b1g")["changed"]
    with Wire(Call("GET", "mdb /managed-kafka/v1/clusters", EMPTY)) as wire:
        result = failed_task(wire, cluster_id=None, cluster_name="demo", folder_id="b1g")
    assert "folder b1g has no cluster named demo" in result["msg"]


def test_properties_that_look_secret_are_masked_everywhere() -> None:
    properties = {"sasl.jaas.config": "hunter2 hunter2", "a.b": "shown"}
    ended = done("PAUSED")
    ended["response"]["properties"] = properties
    with Wire(
        Call("GET", CONNECTOR, connector(properties=properties)),
        Call("POST", PAUSE, operation()),
        Call("GET", OPERATION, ended),
    ) as wire:
        result = task(wire)
    assert "hunter2" not in str(result)
    assert result["connector"]["properties"] == {"sasl.jaas.config": "********", "a.b": "shown"}


def test_a_bug_still_says_what_was_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    wire = Wire(Call("GET", CONNECTOR, connector()), Call("POST", PAUSE, operation()))
    monkeypatch.setattr(wire.clock, "sleep", lambda seconds: [][int(seconds)])
    result = failed_task(wire)
    assert "a bug in yandex_cloud.managed_kafka" in result["msg"]
    assert result["changed"]
    assert result["operation"]["id"] == "op1"


def test_the_answer_to_a_change_may_set_the_interval() -> None:
    with Wire(
        Call("GET", CONNECTOR, connector()),
        Call("POST", PAUSE, operation(), headers={"x-operation-poll-interval": "7"}),
        Call("GET", OPERATION, done("PAUSED")),
    ) as wire:
        assert task(wire)["changed"]
    assert wire.clock.naps == [7.0]


@pytest.mark.parametrize("ended", [{"done": True}, {}])
def test_an_operation_that_has_failed_at_once_is_no_success_without_wait(ended: dict[str, Any]) -> None:
    failed = operation(error=status(9, "broker is down"), **ended)
    rollback = [] if ended else [Call("GET", OPERATION, {**failed, "done": True})]
    with Wire(Call("GET", CONNECTOR, connector()), Call("POST", PAUSE, failed), *rollback) as wire:
        result = failed_task(wire, wait=False)
    assert "broker is down" in result["msg"]
    assert result["changed"]


def test_the_list_behind_a_read_again_is_waited_for_too() -> None:
    with Wire(
        Call("GET", CONNECTOR, connector()),
        Call("POST", PAUSE, status(9, "no changes detected"), status=400),
        Call("GET", CONNECTOR, NOT_FOUND, status=404),
        *[Call("GET", CONNECTORS, status(14, "unavailable"), status=503)] * 6,
        Call("GET", CONNECTOR, connector("PAUSED")),
    ) as wire:
        assert not task(wire)["changed"]


def test_what_became_of_a_lost_answer_stays_unknown() -> None:
    with Wire(
        Call("GET", CONNECTOR, connector()),
        Call("POST", PAUSE, requests.ConnectionError("reset")),
        Call("POST", PAUSE, CONFLICT, status=400),
        Call("GET", OTHER, {"id": "op9", "done": True}),
        Call("GET", CONNECTOR, connector()),
        Call("POST", PAUSE, status(9, "no changes detected"), status=400),
        Call("GET", CONNECTOR, connector("PAUSED")),
    ) as wire:
        assert task(wire)["changed"]
    assert len(set(wire.keys())) == 1
