# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Several connectors in one task: which ones, and what the task returns."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.modules.tasks import fail, predict, succeed
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.wire import (
    CONNECTOR,
    CONNECTORS,
    OPERATION,
    PAUSE,
    RESUME,
    Call,
    connector,
    done,
    operation,
    status,
)

PAGE = {"pageSize": "1000"}
LIST = Call(
    "GET",
    CONNECTORS,
    {"connectors": [connector(), connector("PAUSED", name="archive"), connector("PAUSED", name="mirror-2")]},
    query=PAGE,
)
HEADERS = {
    "before_header": "connectors in cluster c9qtest (before)",
    "after_header": "connectors in cluster c9qtest (after)",
}


def listed(*names: str, status: str = "RUNNING") -> Call:
    return Call("GET", CONNECTORS, {"connectors": [connector(status, name=name) for name in names]}, query=PAGE)


def named(result: dict[str, Any]) -> list[str]:
    return [item["name"] for item in result["connectors"]]


def test_connectors_with_desired_status_cost_one_list() -> None:
    result = succeed(LIST, names=["mirror-*", "archive", "archive", "a*"], state="paused").result
    assert not result["changed"]
    assert named(result) == ["archive", "mirror-2"]
    assert list(result["ansible_facts"]["kafka_connectors"]) == ["archive", "mirror-2"]
    assert result["diff"] == {"before": {}, "after": {}, **HEADERS}
    assert result["affected"] == []
    assert result["msg"] == "2 already PAUSED: archive, mirror-2"
    assert "operations" not in result


def test_only_connectors_that_need_it_are_changed() -> None:
    script = (LIST, Call("POST", PAUSE, operation()), Call("GET", OPERATION, done("PAUSED")))
    result = succeed(*script, names=["*"], state="paused").result
    assert result["changed"]
    assert {item["status"] for item in result["connectors"]} == {"PAUSED"}
    assert result["ansible_facts"]["kafka_connectors"]["mirror"]["status"] == "PAUSED"
    assert [(item["id"], "response" in item) for item in result["operations"]] == [("op1", False)]
    assert result["affected"] == ["mirror"]
    assert result["diff"] == {
        "before": {"mirror": {"status": "RUNNING"}},
        "after": {"mirror": {"status": "PAUSED"}},
        **HEADERS,
    }
    assert result["msg"] == "1 paused: mirror; 2 already PAUSED: archive, mirror-2"
    predicted = predict(*script, names=["*"], state="paused").result
    assert predicted["connectors"] == result["connectors"]
    assert predicted["affected"] == ["mirror"]
    assert predicted["msg"] == "1 would be paused: mirror; 2 already PAUSED: archive, mirror-2"


def test_message_counts_resumed_connectors() -> None:
    script = (listed("mirror", status="PAUSED"), Call("POST", RESUME, done("RUNNING")))
    assert succeed(*script, names=["*"], state="running").result["msg"] == "1 resumed: mirror"


def test_deleted_connectors_are_affected_and_not_returned() -> None:
    delete = Call("DELETE", CONNECTOR, operation(done=True))
    result = succeed(LIST, delete, names=["mirror", "unknown"], state="absent").result
    assert result["connectors"] == []
    assert result["affected"] == ["mirror"]
    assert result["ansible_facts"] == {"kafka_connectors": {}}
    assert result["diff"]["after"] == {"mirror": {}}
    assert result["diff"]["before"]["mirror"]["tasks_max"] == 3
    assert result["msg"] == "1 deleted: mirror"


def test_without_wait_unfinished_connectors_are_not_in_facts() -> None:
    result = succeed(LIST, Call("POST", PAUSE, operation()), names=["*"], state="paused", wait=False).result
    assert result["changed"]
    assert list(result["ansible_facts"]["kafka_connectors"]) == ["archive", "mirror-2"]
    assert named(result) == ["archive", "mirror", "mirror-2"]
    assert result["affected"] == ["mirror"]
    assert result["msg"] == "1 accepted, not finished: mirror; 2 already PAUSED: archive, mirror-2"


@pytest.mark.parametrize("check_mode", [False, True], ids=["real", "check_mode"])
def test_missing_names_fail_before_any_change_with_nearest_names(check_mode: bool) -> None:
    names = ["mirror", "miror-2", "unknown"]
    result = fail(LIST, names=names, state="paused", check_mode=check_mode).result
    assert result["msg"] == (
        "Could not pause connectors in cluster c9qtest: connectors not found: miror-2 (did you mean mirror-2?), "
        "unknown. No change was sent. Check the names, or use a pattern."
    )
    assert not result["changed"]
    assert "error" not in result


def test_missing_name_with_state_absent_is_ignored() -> None:
    result = succeed(LIST, names=["unknown"], state="absent").result
    assert not result["changed"]
    assert result["connectors"] == []
    assert result["msg"] == "No connector matches names"


def test_pattern_without_match_is_a_warning() -> None:
    run = succeed(LIST, names=["none-*", "none-*", "mirror-*"], state="paused")
    assert not run.result["changed"]
    assert run.ended.warnings == ["No connector of the cluster matches the pattern none-*."]


def test_empty_list_of_names_is_a_warning() -> None:
    run = succeed(LIST, names=[], state="paused")
    assert run.result["connectors"] == []
    assert run.ended.warnings == ["The option names is empty, so the task does nothing."]


@pytest.mark.parametrize("check_mode", [False, True], ids=["real", "check_mode"])
def test_more_changes_than_max_changes_fail_before_any_change(check_mode: bool) -> None:
    names = [f"c-{number:02}" for number in range(12)]
    result = fail(listed(*names), names=["*"], state="paused", max_changes=11, check_mode=check_mode).result
    assert result["msg"] == (
        "Could not pause connectors in cluster c9qtest: 12 connectors need a change, which is more than max_changes "
        f"(11): {', '.join(names[:10])} and 2 more. No change was sent. Check the patterns in names, or increase "
        "max_changes."
    )
    assert not result["changed"]


def test_max_changes_counts_only_connectors_that_need_a_change() -> None:
    paused = Call("POST", PAUSE, done("PAUSED"))
    assert succeed(LIST, paused, names=["*"], state="paused", max_changes=1).result["changed"]
    assert not fail(LIST, names=["*"], state="paused", max_changes=0).result["changed"]


def test_connector_on_two_pages_is_one() -> None:
    result = succeed(
        Call("GET", CONNECTORS, {"connectors": [connector()], "nextPageToken": "2"}, query=PAGE),
        Call("GET", CONNECTORS, {"connectors": [connector()]}, query={**PAGE, "pageToken": "2"}),
        Call("POST", PAUSE, done("PAUSED")),
        names=["mirror"],
        state="paused",
    ).result
    assert result["changed"]
    assert named(result) == ["mirror"]


def test_deadline_after_list_sends_nothing() -> None:
    slow = Call("GET", CONNECTORS, {"connectors": [connector()]}, takes=30)
    result = fail(slow, names=["*"], state="paused", wait_timeout=20).result
    assert "mirror: timed out after 20 s before the change was sent" in result["msg"]
    assert result["affected"] == []
    assert not result["changed"]


def test_failure_of_one_does_not_stop_the_others() -> None:
    result = fail(
        listed("a", "b"),
        Call("POST", f"{CONNECTORS}/pause/a", status(7, "Permission denied"), status=403),
        Call("GET", f"{CONNECTORS}/a", connector(name="a")),
        Call("POST", f"{CONNECTORS}/pause/b", {"id": "op2"}),
        Call("GET", "operation /operations/op2", {"id": "op2", "done": True}),
        Call("GET", f"{CONNECTORS}/b", connector("PAUSED", name="b")),
        names=["a", "b"],
        state="paused",
    ).result
    forbidden = "mdb.api.cloud.yandex.net returned HTTP 403 PERMISSION_DENIED: Permission denied"
    assert result["msg"] == (
        f"Could not pause connectors in cluster c9qtest: 1 of 2 connectors failed: a: {forbidden}. Paused: b. Fix the "
        "cause and run the task again; it skips finished connectors."
    )
    assert result["changed"]
    short = {"cluster_id": "c9qtest", "health": "ALIVE"}
    assert result["connectors"] == [
        {"name": "a", "status": "RUNNING", **short},
        {"name": "b", "status": "PAUSED", **short},
    ]
    (failure,) = result["failed_connectors"]
    assert failure["msg"] == (
        f"Could not pause connector a in cluster c9qtest: {forbidden}. Grant your account the role "
        "managed-kafka.editor on the folder."
    )
    assert failure["error"]["http_status"] == 403
    assert failure.keys() == {"name", "status", "msg", "error"}
    assert result["error"] == failure["error"]
    assert result["affected"] == ["b"]
    assert [item["id"] for item in result["operations"]] == ["op2"]


def test_message_shows_first_three_failures() -> None:
    names = [f"c-{number}" for number in range(5)]
    script = [listed(*names)]
    for name in names:
        denied = Call("POST", f"{CONNECTORS}/pause/{name}", status(3, f"bad {name}"), status=400)
        script += [denied, Call("GET", f"{CONNECTORS}/{name}", connector(name=name))]
    result = fail(*script, names=["*"], state="paused").result
    refused = "mdb.api.cloud.yandex.net returned HTTP 400 INVALID_ARGUMENT: bad"
    assert result["msg"] == (
        f"Could not pause connectors in cluster c9qtest: 5 of 5 connectors failed: c-0: {refused} c-0; c-1: {refused} "
        f"c-1; c-2: {refused} c-2; and 2 more, see failed_connectors. Fix the cause and run the task again; it skips "
        "finished connectors."
    )
    assert [failure["name"] for failure in result["failed_connectors"]] == names


def test_failed_restart_does_not_advise_to_restart_all_again() -> None:
    script = (
        listed("a"),
        Call("POST", f"{CONNECTORS}/pause/a", status(3, "bad"), status=400),
        Call("GET", f"{CONNECTORS}/a", connector(name="a")),
    )
    msg = fail(*script, names=["a"], state="restarted").result["msg"]
    assert msg.endswith("Fix the cause and follow the advice in failed_connectors; do not run the whole task again.")


def test_connector_deleted_during_task_fails_and_is_not_returned() -> None:
    result = fail(
        listed("a"),
        Call("POST", f"{CONNECTORS}/pause/a", status(5, "Connector not found"), status=404),
        Call("GET", f"{CONNECTORS}/a", status(5, "Connector not found"), status=404),
        listed(),
        names=["a"],
        state="paused",
    ).result
    assert result["connectors"] == []
    assert "the connector was deleted during the task" in result["msg"]
    assert result["failed_connectors"][0]["error"]["status"] == "NOT_FOUND"


def test_secret_properties_of_several_connectors_are_masked() -> None:
    secret = connector("PAUSED", properties={"db.password": "hunter2"})
    result = succeed(Call("GET", CONNECTORS, {"connectors": [secret]}), names=["*"], state="paused").result
    assert result["connectors"][0]["properties"] == {"db.password": "********"}
