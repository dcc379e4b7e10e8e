# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""kafka_cluster_info on a scripted wire."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._cluster import check_folder
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._errors import Error
from ansible_collections.yandex_cloud.managed_kafka.plugins.modules.kafka_cluster_info import manage
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.wire import EMPTY, NOT_FOUND, Call, Wire, status

CLUSTERS = "mdb /managed-kafka/v1/clusters"
QUERY = {"folderId": "b1g", "pageSize": "1000"}
THREE: list[dict[str, Any]] = [
    {"id": "c2", "name": "prod-b", "labels": {"team": "payments", "camelCase": "kept", "critical": "true"}},
    {"id": "c1", "name": "prod-a", "labels": {"team": "payments", "tier": "1"}},
    {"id": "c3", "name": "test", "status": "STOPPED"},
]
LIST = Call("GET", CLUSTERS, {"clusters": THREE}, query=QUERY)


def info(wire: Wire, check_mode: bool = False, **options: Any) -> list[dict[str, Any]]:
    params = {"folder_id": "b1g", "names": None, "labels": None, **options}
    check_folder(params)
    result = manage(params, wire.client(), check_mode)
    assert result.keys() == {"changed", "clusters"}
    assert result["changed"] is False
    clusters: list[dict[str, Any]] = result["clusters"]
    return clusters


def ids(wire: Wire, **options: Any) -> list[str]:
    return [cluster["id"] for cluster in info(wire, **options)]


def failure(wire: Wire, **options: Any) -> str:
    with pytest.raises(Error) as failed:
        info(wire, **options)
    message: str = failed.value.result()["msg"]
    return message


@pytest.mark.parametrize("check_mode", [False, True])
def test_all_clusters_by_name(check_mode: bool) -> None:
    with Wire(LIST) as wire:
        assert [cluster["name"] for cluster in info(wire, check_mode)] == ["prod-a", "prod-b", "test"]


def test_a_cluster_is_returned_in_full() -> None:
    body = {
        **THREE[0],
        "folderId": "b1g",
        "deletionProtection": True,
        "config": {
            "version": "3.9",
            "brokersCount": "3",
            "kafka": {"resources": {"diskSize": "10737418240"}, "kafkaConfig_3": {"logSegmentBytes": "1024"}},
            "zoneId": ["ru-central1-a", "ru-central1-b"],
        },
        "maintenanceWindow": {"weeklyMaintenanceWindow": {"day": "MON", "hour": "5"}},
        "monitoring": [{"name": "a", "futureField": "b"}],
    }
    with Wire(Call("GET", CLUSTERS, {"clusters": [body]})) as wire:
        (found,) = info(wire)
    assert found["labels"] == THREE[0]["labels"]
    assert found["folder_id"] == "b1g"
    assert found["deletion_protection"] is True
    assert found["config"]["brokers_count"] == 3
    assert found["config"]["zone_id"] == ["ru-central1-a", "ru-central1-b"]
    assert found["config"]["kafka"]["resources"]["disk_size"] == 10737418240
    assert found["config"]["kafka"]["kafka_config_3"] == {"log_segment_bytes": 1024}
    assert found["maintenance_window"] == {"weekly_maintenance_window": {"day": "MON", "hour": 5}}
    assert found["monitoring"] == [{"name": "a", "future_field": "b"}]


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({"names": ["prod-*"]}, ["c1", "c2"]),
        ({"names": ["prod-a", "te?t", "nobody"]}, ["c1", "c3"]),
        ({"names": []}, []),
        ({"labels": {}}, ["c1", "c2", "c3"]),
        ({"labels": {"team": "payments"}}, ["c1", "c2"]),
        ({"labels": {"team": "payments", "tier": 1}}, ["c1"]),
        ({"labels": {"team": "other"}}, []),
        ({"labels": {"critical": "true"}}, ["c2"]),
        ({"labels": {"missing": ""}}, []),
        ({"labels": {"team": "payments"}, "names": ["*-b", "test"]}, ["c2"]),
    ],
)
def test_names_and_labels(options: dict[str, Any], found: list[str]) -> None:
    with Wire(LIST) as wire:
        assert ids(wire, **options) == found


def test_a_label_that_yaml_takes_for_a_boolean() -> None:
    with Wire(LIST) as wire:
        assert ids(wire, labels={"critical": True}) == ["c2"]


def test_pages_are_followed() -> None:
    with Wire(
        Call("GET", CLUSTERS, {"clusters": THREE[:2], "nextPageToken": "t"}, query=QUERY),
        Call("GET", CLUSTERS, {"clusters": THREE[2:]}, query={**QUERY, "pageToken": "t"}),
    ) as wire:
        assert ids(wire) == ["c1", "c2", "c3"]


def test_a_folder_without_clusters_is_no_error_and_one_that_is_missing_is() -> None:
    with Wire(Call("GET", CLUSTERS, EMPTY)) as wire:
        assert ids(wire) == []
    with Wire(Call("GET", CLUSTERS, NOT_FOUND, status=404)) as wire:
        assert "list the clusters of folder b1g" in failure(wire)


def test_not_allowed() -> None:
    with Wire(Call("GET", CLUSTERS, status(7, "Permission denied"), status=403)) as wire:
        assert "managed-kafka.viewer" in failure(wire)


@pytest.mark.parametrize("folder_id", [None, "", "a/b", "x" * 51, "a\n"])
def test_what_cannot_be_is_refused_before_anything_is_sent(folder_id: str | None) -> None:
    with Wire() as wire:
        assert "folder" in failure(wire, folder_id=folder_id)
