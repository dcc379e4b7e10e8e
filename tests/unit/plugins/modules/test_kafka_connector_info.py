# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""kafka_connector_info on a scripted wire."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._errors import Error
from ansible_collections.yandex_cloud.managed_kafka.plugins.modules.kafka_connector_info import check, manage
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.wire import (
    CLUSTER_ID,
    CONNECTOR,
    CONNECTORS,
    EMPTY,
    NOT_FOUND,
    Call,
    Wire,
    connector,
    status,
)

FOUR = [
    {"name": "mirror-2", "status": "PAUSED"},
    {"name": "archive", "status": "ERROR"},
    {"name": "mirror-1", "status": "RUNNING"},
    {"name": "Mirror-3"},
]
LIST = Call("GET", CONNECTORS, {"connectors": FOUR}, query={"pageSize": "1000"})


def parameters(**options: Any) -> dict[str, Any]:
    return {"cluster_id": CLUSTER_ID, "cluster_name": None, "name": None, "names": None, "status": None, **options}


def info(wire: Wire, check_mode: bool = False, **options: Any) -> dict[str, Any]:
    params = parameters(**options)
    check(params)
    result = manage(params, wire.client(), check_mode)
    assert result.pop("changed") is False
    return result


def names(wire: Wire, **options: Any) -> list[str]:
    return [item["name"] for item in info(wire, **options)["connectors"]]


def failure(wire: Wire, **options: Any) -> str:
    with pytest.raises(Error) as failed:
        info(wire, **options)
    message: str = failed.value.result()["msg"]
    return message


@pytest.mark.parametrize("check_mode", [False, True])
def test_all_connectors_by_name(check_mode: bool) -> None:
    with Wire(LIST) as wire:
        found = info(wire, check_mode)["connectors"]
    assert [item["name"] for item in found] == ["Mirror-3", "archive", "mirror-1", "mirror-2"]
    assert found[0] == {
        "name": "Mirror-3",
        "status": "STATUS_UNKNOWN",
        "health": "HEALTH_UNKNOWN",
        "properties": {},
    }


@pytest.mark.parametrize("page", [EMPTY, {"connectors": []}, {"connectors": [], "nextPageToken": ""}])
def test_a_cluster_without_connectors_is_no_error(page: dict[str, Any]) -> None:
    for options in ({}, {"names": ["a", "b*"]}, {"status": ["ERROR"]}):
        with Wire(Call("GET", CONNECTORS, page)) as wire:
            assert names(wire, **options) == []


def test_a_cluster_that_is_missing_is_an_error() -> None:
    missing = Call("GET", CONNECTORS, NOT_FOUND, status=404)
    for options in ({}, {"names": ["a", "b*"]}, {"status": ["ERROR"]}):
        with Wire(missing) as wire:
            assert "there is no cluster c9qtest" in failure(wire, **options)
    with Wire(Call("GET", CONNECTOR, NOT_FOUND, status=404), missing) as wire:
        assert "there is no cluster c9qtest" in failure(wire, name="mirror")


def test_one_name_is_one_request() -> None:
    with Wire(Call("GET", CONNECTOR, connector("PAUSED"))) as wire:
        assert info(wire, name="mirror")["connectors"] == [
            {
                "name": "mirror",
                "cluster_id": CLUSTER_ID,
                "tasks_max": 3,
                "status": "PAUSED",
                "health": "ALIVE",
                "properties": {},
            }
        ]


def test_one_name_that_is_missing_is_no_error() -> None:
    with Wire(Call("GET", CONNECTOR, NOT_FOUND, status=404), LIST) as wire:
        assert names(wire, name="mirror") == []


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
)
def test_names_and_patterns_are_one_list(wanted: list[str], found: list[str]) -> None:
    with Wire(LIST) as wire:
        assert names(wire, names=wanted) == found


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (["ERROR"], ["archive"]),
        (["RUNNING", "PAUSED"], ["mirror-1", "mirror-2"]),
        (["STATUS_UNKNOWN"], ["Mirror-3"]),
        (["NEVER_HEARD_OF"], []),
        ([], []),
    ],
)
def test_statuses(wanted: list[str], found: list[str]) -> None:
    with Wire(LIST) as wire:
        assert names(wire, status=wanted) == found
    with Wire(LIST) as wire:
        assert names(wire, status=wanted, names=["arch*"]) == [name for name in found if name == "archive"]
    with Wire(Call("GET", CONNECTOR, connector("PAUSED"))) as wire:
        assert names(wire, status=wanted, name="mirror") == (["mirror"] if "PAUSED" in wanted else [])


def test_pages_are_followed() -> None:
    with Wire(
        Call("GET", CONNECTORS, {"connectors": FOUR[:1], "nextPageToken": "t/1="}, query={"pageSize": "1000"}),
        Call("GET", CONNECTORS, {"nextPageToken": "t2"}, query={"pageSize": "1000", "pageToken": "t/1="}),
        Call("GET", CONNECTORS, status(14, "unavailable"), status=503, query={"pageSize": "1000", "pageToken": "t2"}),
        Call("GET", CONNECTORS, {"connectors": FOUR[1:]}, query={"pageSize": "1000", "pageToken": "t2"}),
    ) as wire:
        assert names(wire, names=["mirror-*"]) == ["mirror-1", "mirror-2"]


def test_pages_that_go_round_in_a_circle() -> None:
    pages = [Call("GET", CONNECTORS, {"connectors": FOUR, "nextPageToken": token}) for token in ("a", "b", "a")]
    with Wire(*pages) as wire:
        assert "goes round in a circle" in failure(wire)


def test_a_list_that_is_no_list() -> None:
    with Wire(Call("GET", CONNECTORS, {"connectors": {"name": "mirror"}})) as wire:
        assert "something else than the expected JSON" in failure(wire)


def test_what_the_api_adds_is_passed_on_and_secrets_are_not() -> None:
    shown = connector(
        "BRAND_NEW", futureField={"deepField": 1}, properties={"camelCase": "1", "db.password": "hunter2"}
    )
    with Wire(Call("GET", CONNECTORS, {"connectors": [shown]})) as wire:
        (found,) = info(wire)["connectors"]
    assert found["status"] == "BRAND_NEW"
    assert found["future_field"] == {"deep_field": 1}
    assert found["properties"] == {"camelCase": "1", "db.password": "********"}


def test_not_allowed() -> None:
    with Wire(Call("GET", CONNECTORS, status(7, "Permission denied"), status=403)) as wire:
        message = failure(wire)
    assert "list the connectors of cluster c9qtest" in message
    assert "managed-kafka.viewer" in message


@pytest.mark.parametrize(
    "options", [{"name": "../x"}, {"name": ""}, {"names": ["fine", "a/b"]}, {"names": ["a b*"]}, {"cluster_id": "a/b"}]
)
def test_what_cannot_be_is_refused_before_anything_is_sent(options: dict[str, Any]) -> None:
    with Wire() as wire:
        assert " is not " in failure(wire, **options)


def test_a_cluster_by_name() -> None:
    clusters = "mdb /managed-kafka/v1/clusters"
    found = Call("GET", clusters, {"clusters": [{"id": CLUSTER_ID, "name": "demo"}]})
    with Wire(found, LIST) as wire:
        assert len(names(wire, cluster_id=None, cluster_name="demo", folder_id="b1g")) == 4
    with Wire(Call("GET", clusters, EMPTY)) as wire:
        assert "no cluster named demo" in failure(wire, cluster_id=None, cluster_name="demo", folder_id="b1g")
