# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""kafka_connector_info on a scripted wire."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.yandex_cloud.managed_kafka.plugins.modules.kafka_connector_info import TASK
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.wire import (
    CLUSTER_ID,
    CONNECTOR,
    CONNECTORS,
    EMPTY,
    NOT_FOUND,
    Call,
    Wire,
    connector,
    done,
    status,
)

FOUR = [
    {"name": "mirror-2", "status": "PAUSED"},
    {"name": "archive", "status": "ERROR"},
    {"name": "mirror-1", "status": "RUNNING"},
    {"name": "Mirror-3"},
]
LIST = Call("GET", CONNECTORS, {"connectors": FOUR}, query={"pageSize": "1000"})
MISSING_CLUSTER = Call("GET", CONNECTORS, NOT_FOUND, status=404)
OPERATIONS = f"mdb /managed-kafka/v1/clusters/{CLUSTER_ID}/operations"
CHOICES = [{}, {"names": ["a", "b*"]}, {"status": ["ERROR"]}]


def info(*script: Call, **options: Any) -> list[dict[str, Any]]:
    cluster = {} if "cluster_name" in options else {"cluster_id": CLUSTER_ID}
    with Wire(*script) as wire:
        ended = wire.run(TASK, **{**cluster, **options})
    assert not ended.failed, ended.result["msg"]
    assert ended.result.keys() == {"changed", "connectors"}
    assert ended.result["changed"] is False
    connectors: list[dict[str, Any]] = ended.result["connectors"]
    return connectors


def names(*script: Call, **options: Any) -> list[str]:
    return [item["name"] for item in info(*script, **options)]


def failure(*script: Call, **options: Any) -> dict[str, Any]:
    cluster = {} if "cluster_name" in options else {"cluster_id": CLUSTER_ID}
    with Wire(*script) as wire:
        ended = wire.run(TASK, **{**cluster, **options})
    assert ended.failed
    assert ended.result["changed"] is False
    return ended.result


@pytest.mark.parametrize("check_mode", [False, True], ids=["real", "check_mode"])
def test_all_connectors_are_sorted_by_name(check_mode: bool) -> None:
    found = info(LIST, check_mode=check_mode)
    assert [item["name"] for item in found] == ["Mirror-3", "archive", "mirror-1", "mirror-2"]
    assert found[0] == {
        "name": "Mirror-3",
        "status": "STATUS_UNKNOWN",
        "health": "HEALTH_UNKNOWN",
        "properties": {},
    }


@pytest.mark.parametrize("page", [EMPTY, {"connectors": []}, {"connectors": [], "nextPageToken": ""}], ids=str)
@pytest.mark.parametrize("options", CHOICES, ids=["all", "names", "status"])
def test_cluster_without_connectors_is_no_error(page: dict[str, Any], options: dict[str, Any]) -> None:
    assert names(Call("GET", CONNECTORS, page), **options) == []


@pytest.mark.parametrize("options", CHOICES, ids=["all", "names", "status"])
def test_missing_cluster_fails(options: dict[str, Any]) -> None:
    result = failure(MISSING_CLUSTER, **options)
    assert result["msg"] == (
        "Could not list connectors of cluster c9qtest: cluster c9qtest was not found, or your account cannot see it. "
        "Check the ID and the account."
    )
    assert result["error"]["status"] == "NOT_FOUND"


def test_missing_cluster_with_one_name_fails() -> None:
    result = failure(Call("GET", CONNECTOR, NOT_FOUND, status=404), MISSING_CLUSTER, name="mirror")
    assert "cluster c9qtest was not found" in result["msg"]


def test_one_name_costs_one_request() -> None:
    assert info(Call("GET", CONNECTOR, connector("PAUSED")), name="mirror") == [
        {
            "name": "mirror",
            "cluster_id": CLUSTER_ID,
            "tasks_max": 3,
            "status": "PAUSED",
            "health": "ALIVE",
            "properties": {},
        }
    ]


def test_one_missing_name_is_no_error() -> None:
    assert names(Call("GET", CONNECTOR, NOT_FOUND, status=404), LIST, name="mirror") == []


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (["mirror-1"], ["mirror-1"]),
        (["mirror-*"], ["mirror-1", "mirror-2"]),
        (["[Mm]irror-[!1]"], ["Mirror-3", "mirror-2"]),
        (["archive", "mirror-2", "nobody"], ["archive", "mirror-2"]),
        (["*"], ["Mirror-3", "archive", "mirror-1", "mirror-2"]),
        ([], []),
    ],
    ids=str,
)
def test_names_and_patterns_cost_one_list(wanted: list[str], found: list[str]) -> None:
    assert names(LIST, names=wanted) == found


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (["ERROR"], ["archive"]),
        (["running", "PAUSED"], ["mirror-1", "mirror-2"]),
        (["STATUS_UNKNOWN"], ["Mirror-3"]),
        (["NEVER_HEARD_OF"], []),
        ([], []),
    ],
    ids=str,
)
def test_status_filters_connectors(wanted: list[str], found: list[str]) -> None:
    assert names(LIST, status=wanted) == found
    assert names(LIST, status=wanted, names=["arch*"]) == [name for name in found if name == "archive"]
    one = Call("GET", CONNECTOR, connector("PAUSED"))
    assert names(one, status=wanted, name="mirror") == (["mirror"] if "PAUSED" in wanted else [])


def test_all_pages_are_read() -> None:
    assert names(
        Call("GET", CONNECTORS, {"connectors": FOUR[:1], "nextPageToken": "t/1="}, query={"pageSize": "1000"}),
        Call("GET", CONNECTORS, {"nextPageToken": "t2"}, query={"pageSize": "1000", "pageToken": "t/1="}),
        Call("GET", CONNECTORS, status(14, "unavailable"), status=503, query={"pageSize": "1000", "pageToken": "t2"}),
        Call("GET", CONNECTORS, {"connectors": FOUR[1:]}, query={"pageSize": "1000", "pageToken": "t2"}),
        names=["mirror-*"],
    ) == ["mirror-1", "mirror-2"]


@pytest.mark.parametrize(
    "connectors",
    [{"name": "mirror"}, ["mirror"], [{"name": 5}], [{"name": "mirror", "properties": []}]],
    ids=["dict", "text", "number_as_name", "list_as_properties"],
)
def test_list_of_other_things_fails(connectors: Any) -> None:
    result = failure(Call("GET", CONNECTORS, {"connectors": connectors}))
    assert "did not return the expected JSON (HTTP 200)" in result["msg"]
    assert result["error"]["http_status"] == 200


def test_unknown_fields_are_returned_and_secrets_are_not() -> None:
    shown = connector(
        "BRAND_NEW", futureField={"deepField": 1}, properties={"camelCase": "1", "db.password": "hunter2"}
    )
    (found,) = info(Call("GET", CONNECTORS, {"connectors": [shown]}))
    assert found["status"] == "BRAND_NEW"
    assert found["future_field"] == {"deep_field": 1}
    assert found["properties"] == {"camelCase": "1", "db.password": "********"}


@pytest.mark.parametrize(
    ("options", "kind"),
    [
        ({"name": "../x"}, "connector name"),
        ({"names": ["a b*"]}, "pattern for connector names"),
        ({"cluster_id": "a/b"}, "cluster ID"),
    ],
    ids=str,
)
def test_invalid_names_and_ids_fail_before_any_request(options: dict[str, Any], kind: str) -> None:
    message = failure(**options)["msg"]
    assert " is not a " in message
    assert kind in message


def test_cluster_by_name_costs_one_more_request() -> None:
    clusters = "mdb /managed-kafka/v1/clusters"
    found = Call("GET", clusters, {"clusters": [{"id": CLUSTER_ID, "name": "demo"}]})
    assert len(names(found, LIST, cluster_name="demo", folder_id="b1g")) == 4


def change(name: str | None, created_at: str | None, operation_id: str, **fields: Any) -> dict[str, Any]:
    """Return an operation of the cluster's list."""
    metadata = {"clusterId": CLUSTER_ID, **({"connectorName": name} if name else {})}
    times = {"createdAt": created_at} if created_at else {}
    return {"id": operation_id, "metadata": metadata, "createdBy": "ajek", **times, **fields}


def last_operations(*bodies: dict[str, Any]) -> dict[str, Any]:
    """Return the ID of the last operation of each connector."""
    found = info(LIST, Call("GET", OPERATIONS, {"operations": list(bodies)}), include_last_operation=True)
    return {item["name"]: item["last_operation"] and item["last_operation"]["id"] for item in found}


def test_last_operation_tells_who_changed_the_connector() -> None:
    body = change("mirror-2", "2026-01-02T03:04:05Z", "op1", **done("PAUSED"))
    found = info(
        Call("GET", CONNECTORS, {"connectors": [FOUR[0], FOUR[1]]}),
        Call("GET", OPERATIONS, {"operations": [body]}, query={"pageSize": "1000"}),
        include_last_operation=True,
    )
    assert found[0]["last_operation"] is None
    assert found[1]["last_operation"] == {
        "id": "op1",
        "description": "Pause connector",
        "done": True,
        "created_at": "2026-01-02T03:04:05Z",
        "created_by": "ajek",
        "metadata": {"cluster_id": CLUSTER_ID, "connector_name": "mirror-2"},
    }


def test_last_operation_is_the_newest_one() -> None:
    found = last_operations(
        change("mirror-1", "2026-01-02T03:04:05Z", "old"),
        change("mirror-1", "2026-01-03T03:04:05Z", "new"),
        change("mirror-1", "2026-01-01T03:04:05Z", "oldest"),
        change(None, "2026-01-04T03:04:05Z", "about_the_cluster"),
    )
    assert found == {"Mirror-3": None, "archive": None, "mirror-1": "new", "mirror-2": None}


def test_last_operation_is_found_among_operations_of_the_same_second() -> None:
    times = ["05Z", "05.25Z", "05.5Z", "05.125Z"]
    found = last_operations(*[change("archive", f"2026-01-02T03:04:{time}", time) for time in times])
    assert found["archive"] == "05.5Z"


def test_operation_without_a_time_is_the_last_one_only_if_there_is_no_other() -> None:
    assert last_operations(change("archive", None, "a"))["archive"] == "a"
    dated = change("archive", "2026-01-02T03:04:05Z", "b")
    assert last_operations(dated, change("archive", None, "a"))["archive"] == "b"
    assert last_operations(change("archive", None, "a"), dated)["archive"] == "b"


def test_operations_are_not_read_without_connectors() -> None:
    assert info(Call("GET", CONNECTORS, EMPTY), include_last_operation=True) == []


def test_last_operation_of_one_name_costs_two_requests() -> None:
    (found,) = info(
        Call("GET", CONNECTOR, connector()), Call("GET", OPERATIONS, EMPTY), name="mirror", include_last_operation=True
    )
    assert found["last_operation"] is None
