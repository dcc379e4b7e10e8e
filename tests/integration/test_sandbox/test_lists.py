# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists of connectors and clusters: pages, filter, and a large fleet."""

from __future__ import annotations

import time
from typing import Any

import pytest
from yandex.cloud.mdb.kafka.v1.connector_pb2 import Connector

from sandbox import Sandbox
from sandbox.cloud import FOLDER

from .api import Api, error

CLUSTERS = "/managed-kafka/v1/clusters"


@pytest.mark.parametrize(
    ("page_size", "page_cap", "sizes"),
    [
        pytest.param(None, 1000, [100] * 12 + [34], id="default page size"),
        pytest.param(1000, 1000, [1000, 234], id="largest page size"),
        pytest.param(1000, 500, [500, 500, 234], id="service returns smaller pages"),
    ],
)
def test_pages_contain_each_connector_once(
    sandbox: Sandbox, page_size: int | None, page_cap: int, sizes: list[int]
) -> None:
    sandbox.behaviour.page_cap = page_cap
    ((cluster_id,),) = sandbox.cloud.add_fleet(1, 1234, folders=1).values()
    with Api(sandbox, cluster_id, sandbox.iam_token()) as api:
        pages = list(api.pages("connectors", "connectors", pageSize=page_size))
    assert [len(page) for page in pages] == sizes
    assert [connector["name"] for page in pages for connector in page] == sorted(
        f"mirror-{number:02}" for number in range(1234)
    )


def test_removed_connector_does_not_shift_the_next_page(api: Api, sandbox: Sandbox, cluster_id: str) -> None:
    sandbox.cloud.add_connector(cluster_id, "zebra")
    pages = api.pages("connectors", "connectors", pageSize=1)
    assert [connector["name"] for connector in next(pages)] == ["archive"]
    sandbox.cloud.remove_connector(cluster_id, "archive")
    assert [[connector["name"] for connector in page] for page in pages] == [["mirror"], ["zebra"]]


def test_empty_list_has_no_key(api: Api, sandbox: Sandbox) -> None:
    empty = sandbox.cloud.add_cluster("empty")
    assert api.get(f"{CLUSTERS}/{empty}/connectors").json() == {}


@pytest.mark.parametrize(
    "params",
    [
        pytest.param({"pageSize": 1001}, id="page size above limit"),
        pytest.param({"pageSize": -1}, id="negative page size"),
        pytest.param({"pageToken": "unknown"}, id="unknown token"),
    ],
)
def test_invalid_page_is_refused(api: Api, params: dict[str, Any]) -> None:
    assert error(api.get("connectors", params=params))[:2] == (400, 3)


@pytest.mark.parametrize("filter_", [None, 'name="other"', 'name="none"', "labels.a=1"])
def test_cluster_list_ignores_the_filter(api: Api, sandbox: Sandbox, cluster_id: str, filter_: str | None) -> None:
    other = sandbox.cloud.add_cluster("other")
    sandbox.cloud.add_cluster("elsewhere", folder_id="b1gelsewhere")
    clusters = api.ok(api.get(CLUSTERS, params={"folderId": FOLDER, "filter": filter_}))["clusters"]
    assert [cluster["id"] for cluster in clusters] == [cluster_id, other]


def test_cluster_list_of_a_missing_folder_is_not_found(api: Api) -> None:
    assert error(api.get(CLUSTERS, params={"folderId": "nowhere"})) == (404, 5, "Folder nowhere not found")


def test_cluster_has_labels_and_broker_count(api: Api, sandbox: Sandbox) -> None:
    cluster_id = sandbox.cloud.add_cluster("other", labels={"env": "test"}, brokers=1)
    cluster = api.ok(api.get(f"{CLUSTERS}/{cluster_id}"))
    assert (cluster["labels"], cluster["config"]["brokersCount"]) == ({"env": "test"}, "1")


def test_cluster_list_leaves_the_configuration_empty(api: Api, cluster_id: str) -> None:
    (listed,) = api.ok(api.get(CLUSTERS, params={"folderId": FOLDER}))["clusters"]
    cluster = api.ok(api.get(f"{CLUSTERS}/{cluster_id}"))
    assert cluster.pop("config")
    assert listed == cluster


def test_fleet_of_20000_connectors_is_built_and_listed_quickly(sandbox: Sandbox) -> None:
    started = time.process_time()
    fleet = sandbox.cloud.add_fleet(clusters=1000, connectors=20, folders=4, status="PAUSED")
    built = time.process_time()
    listed = [
        sandbox.cloud.list_connectors(cluster_id, page_size=1000, page_token="").connectors
        for ids in fleet.values()
        for cluster_id in ids
    ]
    ended = time.process_time()
    assert [len(ids) for ids in fleet.values()] == [250] * 4
    assert {len(connectors) for connectors in listed} == {20}
    assert built - started < 5
    assert (ended - built) / len(listed) < 0.005


def test_fleet_has_equal_connectors_in_each_cluster(sandbox: Sandbox) -> None:
    fleet = sandbox.cloud.add_fleet(clusters=5, connectors=2, folders=2, status="PAUSED")
    assert {folder_id: len(ids) for folder_id, ids in fleet.items()} == {
        "b1g00000000000000001": 3,
        "b1g00000000000000002": 2,
    }
    for folder_id, ids in fleet.items():
        for cluster_id in ids:
            with Api(sandbox, cluster_id, sandbox.iam_token()) as api:
                assert api.ok(api.get(f"{CLUSTERS}/{cluster_id}"))["folderId"] == folder_id
                connectors = api.ok(api.get("connectors"))["connectors"]
            assert [(each["name"], each["clusterId"], each["status"]) for each in connectors] == [
                ("mirror-00", cluster_id, "PAUSED"),
                ("mirror-01", cluster_id, "PAUSED"),
            ]


def test_connectors_of_a_fleet_are_independent(sandbox: Sandbox) -> None:
    ((first, second),) = sandbox.cloud.add_fleet(clusters=2, connectors=2, folders=1).values()
    sandbox.behaviour.operation_seconds = 0
    with Api(sandbox, first, sandbox.iam_token()) as api:
        api.pause("mirror-00")
        api.ok(api.update("mirror-00", "connectorSpec.connectorConfigMirrormaker.sourceCluster"))
    statuses = [
        [connector.status for connector in sandbox.cloud.list_connectors(cluster_id, 0, "").connectors]
        for cluster_id in (first, second)
    ]
    assert [len(sandbox.cloud.secrets(first, name)) for name in ("mirror-00", "mirror-01")] == [0, 2]
    assert statuses == [[Connector.PAUSED, Connector.RUNNING], [Connector.RUNNING, Connector.RUNNING]]
