# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""kafka_cluster_info on a scripted wire."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.yandex_cloud.managed_kafka.plugins.modules.kafka_cluster_info import TASK
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.wire import EMPTY, NOT_FOUND, Call, Wire, status

CLUSTERS = "mdb /managed-kafka/v1/clusters"
QUERY = {"folderId": "b1g", "pageSize": "1000"}
THREE: list[dict[str, Any]] = [
    {"id": "c2", "name": "prod-b", "labels": {"team": "payments", "camelCase": "kept", "critical": "true"}},
    {"id": "c1", "name": "prod-a", "labels": {"team": "payments", "tier": "1"}},
    {"id": "c3", "name": "test", "status": "STOPPED"},
]
LIST = Call("GET", CLUSTERS, {"clusters": THREE}, query=QUERY)


def info(*script: Call, **options: Any) -> list[dict[str, Any]]:
    with Wire(*script) as wire:
        ended = wire.run(TASK, **{"folder_id": "b1g", **options})
    assert not ended.failed, ended.result["msg"]
    assert ended.result.keys() == {"changed", "clusters"}
    assert ended.result["changed"] is False
    clusters: list[dict[str, Any]] = ended.result["clusters"]
    return clusters


def ids(*script: Call, **options: Any) -> list[str]:
    return [cluster["id"] for cluster in info(*script, **options)]


def failure(*script: Call, **options: Any) -> dict[str, Any]:
    with Wire(*script) as wire:
        ended = wire.run(TASK, **{"folder_id": "b1g", **options})
    assert ended.failed
    return ended.result


@pytest.mark.parametrize("check_mode", [False, True], ids=["real", "check_mode"])
def test_all_clusters_are_sorted_by_name(check_mode: bool) -> None:
    assert [cluster["name"] for cluster in info(LIST, check_mode=check_mode)] == ["prod-a", "prod-b", "test"]


def test_cluster_is_returned_with_all_fields() -> None:
    body = {
        **THREE[0],
        "folderId": "b1g",
        "deletionProtection": True,
        "networkId": "enp",
        "config": {"version": "3.9", "zoneId": ["ru-central1-a"], "kafka": {"kafkaConfig_3": {"logBytes": "1"}}},
        "maintenanceWindow": {"weeklyMaintenanceWindow": {"day": "MON", "hour": "5"}},
        "monitoring": [{"name": "a", "futureField": "b"}],
    }
    (found,) = info(Call("GET", CLUSTERS, {"clusters": [body]}))
    assert found["labels"] == THREE[0]["labels"]
    assert found["folder_id"] == "b1g"
    assert found["deletion_protection"] is True
    assert found["config"] == {
        "version": "3.9",
        "zone_id": ["ru-central1-a"],
        "kafka": {"kafka_config_3": {"log_bytes": "1"}},
    }
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
        ({"labels": {"critical": True}}, ["c2"]),
        ({"labels": {"missing": ""}}, []),
        ({"labels": {"team": "payments"}, "names": ["*-b", "test"]}, ["c2"]),
    ],
    ids=str,
)
def test_names_and_labels_filter_clusters(options: dict[str, Any], found: list[str]) -> None:
    assert ids(LIST, **options) == found


def test_label_that_is_not_a_scalar_fails_before_any_request() -> None:
    assert failure(labels={"team": ["payments"]})["msg"] == (
        "Labels.team is not a string, a boolean or a number. Put the value in quotes, or remove it."
    )


def test_all_pages_are_read() -> None:
    assert ids(
        Call("GET", CLUSTERS, {"clusters": THREE[:2], "nextPageToken": "t"}, query=QUERY),
        Call("GET", CLUSTERS, {"clusters": THREE[2:]}, query={**QUERY, "pageToken": "t"}),
    ) == ["c1", "c2", "c3"]


def test_folder_without_clusters_is_no_error() -> None:
    assert ids(Call("GET", CLUSTERS, EMPTY)) == []


def test_missing_folder_fails() -> None:
    result = failure(Call("GET", CLUSTERS, NOT_FOUND, status=404))
    assert result["msg"].startswith("Could not list clusters of folder b1g: ")
    assert result["error"]["status"] == "NOT_FOUND"


def test_forbidden_folder_fails() -> None:
    assert failure(Call("GET", CLUSTERS, status(7, "Permission denied"), status=403))["msg"] == (
        "Could not list clusters of folder b1g: mdb.api.cloud.yandex.net returned HTTP 403 PERMISSION_DENIED: "
        "Permission denied. Grant your account the role managed-kafka.viewer on the folder."
    )


def test_clusters_with_labels_in_another_form_fail() -> None:
    assert "did not return the expected JSON" in failure(Call("GET", CLUSTERS, {"clusters": [{"labels": []}]}))["msg"]


@pytest.mark.parametrize(
    ("folder_id", "cause"),
    [(None, "folder_id is missing"), ("a/b", "is not a valid folder ID")],
    ids=["none", "slash"],
)
def test_invalid_folder_fails_before_any_request(folder_id: str | None, cause: str) -> None:
    assert cause in failure(folder_id=folder_id)["msg"]
