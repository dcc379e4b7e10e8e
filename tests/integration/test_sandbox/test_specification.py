# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Creations and updates of connectors."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from sandbox import Sandbox

from .api import KAFKA, TAKES, Api, Clock, error, violated_field


def create(api: Api, **spec: Any) -> requests.Response:
    storage = {"bucketName": "b", "externalS3": {"accessKeyId": "id", "secretAccessKey": "hidden"}}
    sink = {"topics": "t", "s3Connection": storage}
    given = {"name": "new", "properties": {"a.b": "1"}, "connectorConfigS3Sink": sink, **spec}
    return api.post("connectors", json={"connectorSpec": given})


def test_created_connector_exists_after_the_operation(
    api: Api, sandbox: Sandbox, clock: Clock, cluster_id: str
) -> None:
    operation = api.ok(create(api))
    assert operation["metadata"]["@type"] == f"{KAFKA}.CreateConnectorMetadata"
    assert api.get("connectors/new").status_code == 404
    clock.advance(TAKES)
    created = api.connector("new")
    assert (created["status"], created["tasksMax"], created["properties"]) == ("RUNNING", "3", {"a.b": "1"})
    assert created["connectorConfigS3Sink"]["s3Connection"]["externalS3"] == {"accessKeyId": "id"}
    path = "connector_config_s3_sink.s3_connection.external_s3.secret_access_key"
    assert sandbox.cloud.secrets(cluster_id, "new") == {path: "hidden"}
    assert error(create(api)) == (409, 6, "Connector new already exists")


@pytest.mark.parametrize(
    ("spec", "field"),
    [
        pytest.param({"name": ""}, "connector_spec.name", id="no name"),
        pytest.param({"name": "no/slash"}, "connector_spec.name", id="slash in name"),
        pytest.param(
            {"connectorConfigS3Sink": {}}, "connector_spec.connector_config_s3_sink.topics", id="required field"
        ),
        pytest.param({"connectorConfigS3Sink": None}, "connector_spec.connector_config", id="no type"),
    ],
)
def test_invalid_creation_is_refused(api: Api, spec: dict[str, Any], field: str) -> None:
    assert violated_field(create(api, **spec)) == field


def test_property_that_is_not_a_string_is_refused(api: Api) -> None:
    response = create(api, properties={"a": 1})
    assert (response.status_code, response.headers["content-type"]) == (400, "text/plain")


def test_update_changes_only_the_fields_of_the_mask(api: Api, sandbox: Sandbox, clock: Clock, cluster_id: str) -> None:
    mask = (
        "connectorSpec.tasksMax,connectorSpec.properties,"
        "connectorSpec.connectorConfigMirrormaker.topics,"
        "connectorSpec.connectorConfigMirrormaker.sourceCluster.externalCluster.saslPassword"
    )
    config = {"topics": "new", "sourceCluster": {"alias": "ignored", "externalCluster": {"saslPassword": "new"}}}
    spec = {"tasksMax": "5", "properties": {"x": "y"}, "connectorConfigMirrormaker": config}
    before = sandbox.cloud.secrets(cluster_id, "mirror")
    api.ok(api.update("mirror", mask, **spec))
    clock.advance(TAKES)
    connector = api.connector("mirror")
    assert (connector["tasksMax"], connector["properties"]) == ("5", {"x": "y"})
    assert connector["connectorConfigMirrormaker"]["topics"] == "new"
    assert connector["connectorConfigMirrormaker"]["sourceCluster"]["alias"] == "source"
    changed = set(sandbox.cloud.secrets(cluster_id, "mirror").items()) - set(before.items())
    assert changed == {("connector_config_mirrormaker.source_cluster.external_cluster.sasl_password", "new")}


def test_update_removes_fields_without_a_value(api: Api, sandbox: Sandbox, cluster_id: str) -> None:
    sandbox.behaviour.operation_seconds = 0
    api.ok(api.update("mirror", "connectorSpec.connectorConfigMirrormaker.sourceCluster,connectorSpec.properties"))
    connector = api.connector("mirror")
    assert "properties" not in connector
    assert "sourceCluster" not in connector["connectorConfigMirrormaker"]
    assert sandbox.cloud.secrets(cluster_id, "mirror") == {}


@pytest.mark.parametrize(
    "mask",
    [
        pytest.param("", id="empty"),
        pytest.param("tasksMax", id="outside of the specification"),
        pytest.param("connectorSpec", id="whole specification"),
        pytest.param("connectorSpec.nothing", id="unknown field"),
        pytest.param("connectorSpec.placement", id="immutable field"),
        pytest.param("connectorSpec.properties.key", id="key of a map"),
        pytest.param("connectorSpec.connectorConfigS3Sink.fileCompressionType", id="immutable field of the type"),
        pytest.param("connectorSpec.connectorConfigMirrormaker.topics", id="field of another type"),
    ],
)
def test_invalid_update_mask_is_refused(api: Api, mask: str) -> None:
    assert violated_field(api.update("archive", mask, tasksMax="5")) == "update_mask"


def test_update_without_a_difference_is_an_error(api: Api) -> None:
    response = api.update("archive", "connectorSpec.tasksMax", tasksMax="7")
    assert error(response) == (400, 9, "no changes detected")


def test_update_of_an_equal_secret_is_an_operation(api: Api) -> None:
    secret = "connectorSpec.connectorConfigS3Sink.s3Connection.externalS3.secretAccessKey"
    same = {"s3Connection": {"externalS3": {"secretAccessKey": "archive-secret"}}}
    api.ok(api.update("archive", secret, connectorConfigS3Sink=same))
