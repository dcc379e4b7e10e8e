# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Differences between a specification and a connector, and what is sent and shown of them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._connector.diff import (
    differences,
    missing,
    nested,
    overlaid,
    secrets_masked,
    to_json,
    update_mask,
    without_secrets,
)
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._connector.fields import CONNECTOR_TYPES
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._connector.parse import parse_specification
from ansible_collections.yandex_cloud.managed_kafka.tests.support.strategies import SECRET, patiently, specifications
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.module_utils._connector.test_parse import (
    EXTERNAL,
    ICEBERG,
    MIRROR,
    S3,
    named,
)


def paths(spec: dict[str, Any], current: dict[str, Any], **how: Any) -> list[str]:
    return [".".join(difference.path) for difference in differences(spec, current, **how)]


def desired(found: list[Any]) -> dict[str, Any]:
    return nested((item.path, item.desired) for item in found)


# Required fields


@pytest.mark.parametrize(
    ("params", "lacking"),
    [
        ({}, [" or ".join(CONNECTOR_TYPES)]),
        ({"mirrormaker": {}}, [f"{MIRROR}.{name}" for name in ("source_cluster", "target_cluster", "topics")]),
        (
            {"mirrormaker": {"source_cluster": {"external_cluster": {}}, "target_cluster": {}, "topics": []}},
            [
                f"{MIRROR}.source_cluster.external_cluster.bootstrap_servers",
                f"{MIRROR}.target_cluster.this_cluster or external_cluster",
                f"{MIRROR}.topics",
            ],
        ),
        ({"s3_sink": {}}, [f"{S3}.topics", f"{S3}.s3_connection"]),
        ({"s3_sink": {"topics": "a", "s3_connection": {"bucket_name": ""}}}, [f"{S3}.s3_connection.bucket_name"]),
        (
            {"iceberg_sink": {"topics": [], "s3_connection": {}, "metastore_connection": {}}},
            [
                f"{ICEBERG}.control_topic",
                f"{ICEBERG}.metastore_connection.catalog_uri",
                f"{ICEBERG}.metastore_connection.warehouse",
                f"{ICEBERG}.topics or topics_regex",
            ],
        ),
    ],
    ids=["nothing", "mirrormaker", "clusters", "s3_sink", "bucket", "iceberg_sink"],
)
def test_missing_required_fields_are_named(params: dict[str, Any], lacking: list[str]) -> None:
    assert list(missing(named(**params))) == lacking


# Comparison

CURRENT: dict[str, Any] = {
    "name": "mirror",
    "tasks_max": 3,
    "properties": {"a": "1"},
    MIRROR: {
        "source_cluster": {
            "alias": "source",
            "external_cluster": {"bootstrap_servers": "k1, k2", "sasl_username": "u"},
        },
        "target_cluster": {"this_cluster": {}},
        "topics": "a,b",
        "replication_factor": 3,
    },
}


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({}, []),
        ({"tasks_max": 3, "properties": {"a": 1}}, []),
        ({"tasks_max": 4}, ["tasks_max"]),
        ({"mirrormaker": {"topics": ["a", "b"], "replication_factor": "3"}}, []),
        ({"mirrormaker": {"topics": ["b", "a"]}}, [f"{MIRROR}.topics"]),
        ({"mirrormaker": {"source_cluster": {"external_cluster": {"bootstrap_servers": ["k1", "k2"]}}}}, []),
        (
            {"mirrormaker": {"source_cluster": {"alias": "other", "external_cluster": {"sasl_username": "v"}}}},
            [f"{MIRROR}.source_cluster.alias", f"{MIRROR}.source_cluster.external_cluster.sasl_username"],
        ),
        ({"mirrormaker": {"source_cluster": {"this_cluster": {}}}}, [f"{MIRROR}.source_cluster.this_cluster"]),
        ({"mirrormaker": {"target_cluster": {"this_cluster": {}}}}, []),
        (
            {"mirrormaker": {"target_cluster": {"external_cluster": EXTERNAL}}},
            [f"{MIRROR}.target_cluster.external_cluster"],
        ),
        ({"mirrormaker": {"source_cluster": {"external_cluster": {"sasl_password": "hunter2"}}}}, []),
        ({"placement": {"dedicated": False}}, []),
        ({"placement": {}}, []),
        ({"placement": {"dedicated": True}}, ["placement"]),
        ({"s3_sink": {}}, [S3]),
    ],
    ids=str,
)
def test_only_differences_are_found(params: dict[str, Any], found: list[str]) -> None:
    assert paths(named(**params), CURRENT) == found


@pytest.mark.parametrize("region", ["", "us-east-1"])
@pytest.mark.parametrize("shown", [None, "", "us-east-1"])
def test_default_equals_an_absent_field(region: str, shown: str | None) -> None:
    current = {S3: {"s3_connection": {"external_s3": {"region": shown} if shown is not None else {}}}}
    assert paths(named(s3_sink={"s3_connection": {"external_s3": {"region": region}}}), current) == []
    other = named(s3_sink={"s3_connection": {"external_s3": {"region": "ru-central1"}}})
    assert paths(other, current) == [f"{S3}.s3_connection.external_s3.region"]


@pytest.mark.parametrize(("params", "differs"), [("true", True), ("false", False)])
def test_absent_boolean_is_false(params: str, differs: bool) -> None:
    spec = named(iceberg_sink={"tables_config": {"evolve_schema_enabled": params}})
    assert bool(paths(spec, {ICEBERG: {"topics": "a"}})) is differs
    assert bool(paths(spec, {ICEBERG: {"tables_config": {"evolve_schema_enabled": True}}})) is not differs


def test_new_message_is_sent_by_its_fields() -> None:
    spec = named(iceberg_sink={"control_config": {"commit_threads": 4, "group_id_prefix": "g"}})
    found = list(differences(spec, {ICEBERG: {"topics": "a"}}))
    assert update_mask(found) == (
        "connectorSpec.connectorConfigIcebergSink.controlConfig.groupIdPrefix,"
        "connectorSpec.connectorConfigIcebergSink.controlConfig.commitThreads"
    )


def test_field_of_a_group_replaces_the_others_of_the_group() -> None:
    current = {MIRROR: {"source_cluster": {"alias": "a", "external_cluster": {"bootstrap_servers": "k1"}}}}
    changes: dict[str, Any] = {MIRROR: {"source_cluster": {"this_cluster": {}}}}
    assert overlaid(current, changes) == {MIRROR: {"source_cluster": {"alias": "a", "this_cluster": {}}}}
    assert "external_cluster" in current[MIRROR]["source_cluster"], "the connector itself is not changed"
    assert overlaid({ICEBERG: {"topics": "a"}}, {ICEBERG: {"topics_regex": "b"}}) == {ICEBERG: {"topics_regex": "b"}}


def test_false_and_empty_fields_are_left_out_as_by_the_api() -> None:
    current = {ICEBERG: {"tables_config": {"evolve_schema_enabled": True, "default_id_columns": "a"}}}
    changes = {"properties": {}, ICEBERG: {"tables_config": {"evolve_schema_enabled": False, "default_id_columns": ""}}}
    assert overlaid(current, changes) == {"properties": {}, ICEBERG: {"tables_config": {}}}


# What is sent and shown


@patiently
@given(specifications(complete=True))
def test_shown_specification_has_no_secret_and_no_difference(params: dict[str, Any]) -> None:
    spec = parse_specification(params)
    shown = without_secrets(spec)
    assert SECRET not in json.dumps([shown, secrets_masked(spec)])
    assert list(differences(spec, shown)) == []
    assert parse_specification(shown) == shown


@patiently
@given(specifications())
def test_body_contains_exactly_the_fields_of_the_mask(params: dict[str, Any]) -> None:
    spec = parse_specification(params)
    found = list(differences(spec, {}, secrets=True))
    changes = desired(found)
    assert list(differences(changes, {}, secrets=True)) == found
    body = {"connectorSpec": to_json(changes)}
    for path in update_mask(found).split(",") if found else []:
        value: Any = body
        for name in path.split("."):
            assert name in value
            value = value[name]
