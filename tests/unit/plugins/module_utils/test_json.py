# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The API's JSON in the form of results: names, numbers, data that is left alone, and what is not shown."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._json import (
    INTEGERS,
    MASK,
    camel,
    from_json,
    is_secret,
    masked,
    secret_values,
    snake,
)
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.strategies import patiently

names = st.sampled_from(
    [*sorted(INTEGERS), *map(camel, sorted(INTEGERS)), "properties", "labels", "status", "response", "@type"]
)
anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.from_regex(r"-?[0-9]{1,25}", fullmatch=True),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names | st.text(), inner, max_size=4),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("in_json", "in_results"),
    [
        ("tasksMax", "tasks_max"),
        ("name", "name"),
        ("connectorConfigS3Sink", "connector_config_s3_sink"),
        ("externalS3", "external_s3"),
        ("commitIntervalMs", "commit_interval_ms"),
        ("sslTruststoreCertificates", "ssl_truststore_certificates"),
    ],
)
def test_a_name_in_both_forms(in_json: str, in_results: str) -> None:
    assert snake(in_json) == in_results
    assert camel(in_results) == in_json


def test_a_name_that_is_not_one_of_a_field_stays() -> None:
    assert snake("@type") == "@type"
    assert snake("already_so") == "already_so"


@pytest.mark.parametrize("name", sorted(INTEGERS))
def test_integers_are_integers_under_either_name(name: str) -> None:
    assert from_json({name: "12"}) == from_json({camel(name): "12"}) == {name: 12}


@pytest.mark.parametrize("text", ["9223372036854775807", "-9223372036854775808", "0", "-1"])
def test_the_whole_range_of_int64(text: str) -> None:
    assert from_json({"tasksMax": text}) == {"tasks_max": int(text)}


@pytest.mark.parametrize(
    "odd", ["", "3.0", "three", "0x3", "٣", "3\n", "9" * 20, None, 3, 3.5, True, ["3"], {"a": "3"}]
)
def test_what_is_no_integer_passes_through(odd: Any) -> None:
    assert from_json({"tasksMax": odd}) == {"tasks_max": odd}


def test_digits_elsewhere_stay_text() -> None:
    assert from_json({"name": "12", "topics": "12"}) == {"name": "12", "topics": "12"}


@pytest.mark.parametrize("field", ["properties", "labels"])
def test_keys_that_are_data_stay_as_they_are(field: str) -> None:
    data = {"sync.topicsConfig.Enabled": "true", "tasksMax": "3", "camelCase": "kept"}
    assert from_json({"connector": {field: data}}) == {"connector": {field: data}}


def test_everything_at_once() -> None:
    body = {
        "name": "mirror",
        "futureField": {"deepList": [{"fileMaxRecords": "10"}, "kept"]},
        "connectorConfigMirrormaker": {"replicationFactor": "3", "sourceCluster": {"thisCluster": {}}},
    }
    assert from_json(body) == {
        "name": "mirror",
        "future_field": {"deep_list": [{"file_max_records": 10}, "kept"]},
        "connector_config_mirrormaker": {"replication_factor": 3, "source_cluster": {"this_cluster": {}}},
    }


@patiently
@given(anything)
def test_any_json_passes_and_stays_json(value: Any) -> None:
    first = from_json(value)
    json.dumps(masked(first))
    assert json.dumps(from_json(first), sort_keys=True) == json.dumps(first, sort_keys=True)


@pytest.mark.parametrize(
    "key",
    [
        "sasl.jaas.config",
        "PASSWORD",
        "ssl.keystore.password",
        "database.passwd",
        "db.pwd",
        "key.passphrase",
        "client.secret",
        "aws.secret.access.key",
        "access_key",
        "accessKey",
        "auth-token",
        "schema.registry.basic.auth.user.info",
        "basic.auth.credentials.source",
        "api.key",
        "apikey",
        "private-key",
        "ssl.keystore.key",
    ],
)
def test_keys_that_name_a_secret(key: str) -> None:
    assert is_secret(key)
    assert masked({"properties": {key: "hunter2"}}) == {"properties": {key: MASK}}


@pytest.mark.parametrize(
    "key", ["key.converter", "topics", "refresh.topics.enabled", "ssl.protocol", "keys.max", "pass"]
)
def test_keys_that_do_not(key: str) -> None:
    assert not is_secret(key)
    assert masked({"properties": {key: "shown"}}) == {"properties": {key: "shown"}}


def test_only_properties_are_masked_wherever_they_are() -> None:
    shown = {
        "password": "of no property",
        "list": [{"properties": {"token": "x", "a": "b"}}],
        "deep": {"properties": {}},
    }
    assert masked(shown) == {
        "password": "of no property",
        "list": [{"properties": {"token": MASK, "a": "b"}}],
        "deep": {"properties": {}},
    }
    assert shown["list"] == [{"properties": {"token": "x", "a": "b"}}]


def test_the_mask_is_no_secret() -> None:
    # it is given back by tasks; were it taken for one, it would be replaced in their results, and then given back so
    assert list(secret_values({"properties": {"token": MASK}})) == []


def test_the_values_that_are_masked() -> None:
    assert set(secret_values({"a": [{"properties": {"token": "x", "api.key": 5, "b": "c"}}], "password": "d"})) == {
        "x",
        "5",
    }


@patiently
@given(st.dictionaries(st.text(max_size=3) | st.sampled_from(["a.password", "token"]), st.text(min_size=9), max_size=5))
def test_no_secret_value_is_left_over(properties: dict[str, str]) -> None:
    shown = masked({"connectors": [{"properties": properties}]})
    open_values = [value for key, value in properties.items() if not is_secret(key)]
    assert sorted(v for v in shown["connectors"][0]["properties"].values() if v != MASK) == sorted(
        value for value in open_values if value != MASK
    )
    assert set(properties.values()) <= {MASK, *open_values, *secret_values({"properties": properties})}
