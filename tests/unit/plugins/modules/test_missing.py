# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Connectors and clusters that do not exist, and clusters by name."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.modules.tasks import (
    MISSING,
    NO_CONNECTOR,
    SPEC,
    fail,
    succeed,
)
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.wire import (
    CLUSTER_ID,
    CONNECTOR,
    CONNECTORS,
    EMPTY,
    NOT_FOUND,
    PAUSE,
    Call,
    connector,
    status,
)

CLUSTERS = "mdb /managed-kafka/v1/clusters"
SAID = {
    "http_status": 404,
    "code": 5,
    "status": "NOT_FOUND",
    "message": "Connector not found",
    "details": None,
    "request_id": "r-1",
}
NO_CLUSTER = (
    Call("GET", CONNECTOR, NOT_FOUND, status=404),
    Call("GET", CONNECTORS, NOT_FOUND, status=404, headers={"x-request-id": "r-1"}),
)
SETTINGS = "connector_config_mirrormaker, connector_config_s3_sink, connector_config_iceberg_sink"


@pytest.mark.parametrize(
    ("existing", "suggestion"),
    [("other", ""), ("mirror-1", "Did you mean mirror-1? ")],
    ids=["no_close_name", "close_name"],
)
@pytest.mark.parametrize("check_mode", [False, True], ids=["real", "check_mode"])
def test_missing_connector_fails_with_nearest_name(existing: str, suggestion: str, check_mode: bool) -> None:
    result = fail(
        Call("GET", CONNECTOR, NOT_FOUND, status=404, headers={"x-request-id": "r-1"}),
        Call("GET", CONNECTORS, {"connectors": [{"name": existing}]}, query={"pageSize": "1000"}),
        state="paused",
        check_mode=check_mode,
    ).result
    assert result["msg"] == (
        f"Could not pause connector mirror in cluster c9qtest: no such connector. {suggestion}List the connectors with "
        "the module kafka_connector_info."
    )
    assert result["error"] == SAID
    assert not result["changed"]
    assert "connector" not in result


def test_missing_connector_without_settings_says_how_to_create_it() -> None:
    result = fail(NO_CONNECTOR, Call("GET", CONNECTORS, {"connectors": [{"name": "mirrors"}]}), state="present").result
    assert result["msg"] == (
        "Could not create or update connector mirror in cluster c9qtest: no such connector, and the task has no "
        f"settings to create it. Did you mean mirrors? To create it, set one of {SETTINGS}."
    )


def test_connector_in_list_after_not_found_exists() -> None:
    result = succeed(
        NO_CONNECTOR, Call("GET", CONNECTORS, {"connectors": [connector("PAUSED")]}), state="paused"
    ).result
    assert not result["changed"]


@pytest.mark.parametrize("state", ["present", "absent", "paused", "running", "restarted"])
@pytest.mark.parametrize("check_mode", [False, True], ids=["real", "check_mode"])
def test_missing_cluster_fails_in_each_state(state: str, check_mode: bool) -> None:
    verbs = {"present": "create or update", "absent": "delete", "paused": "pause", "running": "resume"}
    spec = SPEC if state in ("present", "paused", "running") else {}
    result = fail(*NO_CLUSTER, state=state, check_mode=check_mode, **spec).result
    assert result["msg"] == (
        f"Could not {verbs.get(state, 'restart')} connector mirror in cluster c9qtest: cluster c9qtest was not found, "
        "or your account cannot see it. Check the ID and the account."
    )
    assert result["error"] == SAID
    assert not result["changed"]


def test_missing_cluster_with_names_fails() -> None:
    result = fail(NO_CLUSTER[1], names=["mirror"], state="paused").result
    assert result["msg"].startswith("Could not pause connectors in cluster c9qtest: cluster c9qtest was not found, ")
    assert result["error"] == SAID


def test_404_of_another_server_says_nothing_about_the_connector() -> None:
    result = fail(Call("GET", CONNECTOR, "<html>not here", status=404), state="paused").result
    assert result["error"]["http_status"] == 404
    assert result["error"]["status"] is None
    assert "no such connector" not in result["msg"]


def test_connector_deleted_during_task_fails() -> None:
    result = fail(
        Call("GET", CONNECTOR, connector()), Call("POST", PAUSE, NOT_FOUND, status=404), *MISSING, state="paused"
    ).result
    assert result["msg"] == (
        "Could not pause connector mirror in cluster c9qtest: the connector was deleted during the task. Check who "
        "deleted it."
    )
    assert result["error"]["status"] == "NOT_FOUND"


def test_cluster_by_name_costs_one_more_request() -> None:
    result = succeed(
        Call(
            "GET",
            CLUSTERS,
            {"clusters": [{"id": "c9qother", "name": "other"}, {"id": CLUSTER_ID, "name": "demo"}]},
            query={"folderId": "b1g", "pageSize": "1000"},
        ),
        Call("GET", CONNECTOR, connector("PAUSED")),
        cluster_name="demo",
        folder_id="b1g",
        state="paused",
    ).result
    assert not result["changed"]


@pytest.mark.parametrize(
    ("clusters", "count"),
    [([], "no"), ([{"id": "c1", "name": "demo"}, {"id": "c2", "name": "demo"}], "2")],
    ids=["none", "two"],
)
def test_cluster_name_without_exactly_one_cluster_fails(clusters: list[dict[str, Any]], count: str) -> None:
    result = fail(
        Call("GET", CLUSTERS, {"clusters": clusters}), cluster_name="demo", folder_id="b1g", state="paused"
    ).result
    assert result["msg"] == (
        f"Could not pause connector mirror in cluster demo: folder b1g contains {count} clusters named demo. Use "
        "cluster_id."
    )
    assert "error" not in result


def test_cluster_with_invalid_id_is_not_used_in_a_url() -> None:
    clusters = Call("GET", CLUSTERS, {"clusters": [{"id": "../x", "name": "demo"}]})
    result = fail(clusters, cluster_name="demo", folder_id="b1g", state="paused").result
    assert "'../x' is not a valid cluster ID" in result["msg"]


def test_environment_provides_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YC_FOLDER_ID", "b1genv")
    assert fail(
        Call("GET", CLUSTERS, EMPTY, query={"folderId": "b1genv", "pageSize": "1000"}),
        cluster_name="demo",
        state="paused",
    ).result["msg"]


def test_error_of_cluster_list_names_what_was_attempted() -> None:
    forbidden = Call("GET", CLUSTERS, status(7, "Permission denied"), status=403)
    result = fail(forbidden, cluster_name="demo", folder_id="b1g", state="running").result
    assert result["msg"].startswith("Could not resume connector mirror in cluster demo: ")
    assert result["error"]["http_status"] == 403
