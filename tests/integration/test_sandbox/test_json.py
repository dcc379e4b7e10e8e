# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The JSON of resources and errors, and the routes."""

from __future__ import annotations

import uuid

import pytest
import requests

from sandbox import Sandbox

from .api import KAFKA, TAKES, TYPE, Api, Clock, error, violated_field


def test_connector_has_json_of_protobufs(api: Api, cluster_id: str) -> None:
    connector = api.connector("mirror")
    config = connector.pop("connectorConfigMirrormaker")
    assert connector == {
        "name": "mirror",
        "tasksMax": "3",
        "properties": {"sync.topics.config.enabled": "true"},
        "health": "ALIVE",
        "status": "RUNNING",
        "clusterId": cluster_id,
    }
    assert config["replicationFactor"] == "3"
    assert config["targetCluster"] == {"alias": "target", "thisCluster": {}}


def test_connector_has_no_write_only_fields(api: Api) -> None:
    source = api.connector("mirror")["connectorConfigMirrormaker"]["sourceCluster"]["externalCluster"]
    assert set(source) == {"bootstrapServers", "saslUsername", "saslMechanism", "securityProtocol"}


def test_default_values_are_absent(api: Api, sandbox: Sandbox, cluster_id: str) -> None:
    sandbox.cloud.set_status(cluster_id, "archive", "STATUS_UNKNOWN", "HEALTH_UNKNOWN")
    assert set(api.connector("archive")) == {"name", "tasksMax", "clusterId", "connectorConfigS3Sink"}
    assert "done" not in api.pause("mirror")


def test_unknown_enum_value_is_a_number(api: Api, sandbox: Sandbox, cluster_id: str) -> None:
    sandbox.cloud.set_status(cluster_id, "mirror", 17)
    assert api.connector("mirror")["status"] == 17


def test_operation_ends_with_the_paused_connector(api: Api, clock: Clock, cluster_id: str) -> None:
    operation = api.pause("mirror")
    metadata = {"@type": f"{KAFKA}.PauseConnectorMetadata", "clusterId": cluster_id, "connectorName": "mirror"}
    assert operation["metadata"] == metadata
    assert set(operation) == {"id", "description", "createdAt", "createdBy", "modifiedAt", "metadata"}
    assert api.connector("mirror")["status"] == "RUNNING"
    clock.advance(TAKES)
    operation = api.operation(operation["id"])
    assert operation["done"] is True
    assert operation["response"]["@type"] == f"{KAFKA}.Connector"
    assert operation["response"]["status"] == "PAUSED"
    assert operation["modifiedAt"] > operation["createdAt"]
    assert api.connector("mirror")["status"] == "PAUSED"


def test_error_contains_request_id(api: Api) -> None:
    request_id = str(uuid.uuid4())
    response = api.get("connectors/nowhere", headers={"X-Request-Id": request_id})
    assert response.status_code == 404
    details = [{"@type": f"{TYPE}/google.rpc.RequestInfo", "requestId": request_id}]
    assert response.json() == {"code": 5, "message": "Connector not found", "details": details}
    assert response.headers["x-request-id"] == request_id


@pytest.mark.parametrize("route", ["", "/connectors", "/connectors/mirror", "/operations"])
def test_missing_cluster_is_not_found(api: Api, route: str) -> None:
    assert error(api.get(f"/managed-kafka/v1/clusters/nowhere{route}")) == (404, 5, "Cluster not found")


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("m%2F1", id="slash"),
        pytest.param("m%201", id="space"),
        pytest.param("a" * 257, id="257 characters"),
    ],
)
def test_invalid_connector_name_is_refused(api: Api, name: str) -> None:
    assert violated_field(api.get(f"connectors/{name}")) == "connector_name"


def test_long_cluster_id_is_refused(api: Api) -> None:
    assert violated_field(api.get(f"/managed-kafka/v1/clusters/{'c' * 51}")) == "cluster_id"


def test_unsupported_method_is_unimplemented(api: Api) -> None:
    assert error(api.get("hosts")) == (501, 12, "Method not found!")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        pytest.param("GET", "/nowhere", 404, id="path"),
        pytest.param("PUT", "connectors/mirror", 404, id="method"),
        pytest.param("GET", "connectors/mirror?unknown=1", 400, id="query"),
    ],
)
def test_unknown_route_is_plain_text_error(api: Api, method: str, path: str, status: int) -> None:
    response = api.request(method, path)
    assert (response.status_code, response.headers["content-type"]) == (status, "text/plain")


def test_endpoints_name_the_sandbox(sandbox: Sandbox) -> None:
    endpoints = requests.get(f"{sandbox.url}/endpoints", timeout=10).json()["endpoints"]
    assert {"id": "managed-kafka", "address": sandbox.address} in endpoints
