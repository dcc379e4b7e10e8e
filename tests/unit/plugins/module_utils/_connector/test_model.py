# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Connectors and operations in the form of results."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._connector.model import (
    Step,
    camel,
    connector_from_api,
    connector_name,
    from_json,
    is_connector,
    operation_from_api,
    response_connector,
    snake,
)
from ansible_collections.yandex_cloud.managed_kafka.tests.support.strategies import patiently
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.module_utils._api.samples import json_values


@pytest.mark.parametrize(
    ("in_json", "in_results"),
    [
        ("name", "name"),
        ("tasksMax", "tasks_max"),
        ("connectorConfigS3Sink", "connector_config_s3_sink"),
        ("s3Connection", "s3_connection"),
        ("externalS3", "external_s3"),
    ],
)
def test_names_of_fields_have_two_forms(in_json: str, in_results: str) -> None:
    assert snake(in_json) == in_results
    assert camel(in_results) == in_json


@pytest.mark.parametrize("text", ["0", "-1", "9223372036854775807", "-9223372036854775808"])
def test_int64_texts_are_integers(text: str) -> None:
    assert from_json({"tasksMax": text}, {"tasks_max"}) == {"tasks_max": int(text)}


@pytest.mark.parametrize("odd", ["", "x", "1.5", "1" * 30, None, True, ["3"], {"a": 1}, 3], ids=repr)
def test_other_values_of_integer_fields_are_unchanged(odd: Any) -> None:
    assert from_json({"tasksMax": odd}, {"tasks_max"}) == {"tasks_max": odd}


def test_only_integer_fields_are_converted() -> None:
    assert from_json({"name": "3", "list": ["3"], "a": [{"tasksMax": "4"}]}, {"tasks_max"}) == {
        "name": "3",
        "list": ["3"],
        "a": [{"tasks_max": 4}],
    }


@pytest.mark.parametrize("field", ["properties", "labels"])
def test_keys_of_maps_are_data(field: str) -> None:
    assert from_json({field: {"camelCase": "3", "tasksMax": "3"}}, {"tasks_max"}) == {
        field: {"camelCase": "3", "tasksMax": "3"}
    }


@patiently
@given(json_values)
def test_any_json_is_accepted(value: Any) -> None:
    assert isinstance(json.dumps(from_json(value, {"tasks_max"})), str)
    if isinstance(value, dict):
        assert operation_from_api(value)
        assert is_connector(value) in (True, False)


def test_connector_has_status_health_and_properties() -> None:
    assert connector_from_api({"@type": "x", "name": "m", "tasksMax": "3"}) == {
        "name": "m",
        "tasks_max": 3,
        "status": "STATUS_UNKNOWN",
        "health": "HEALTH_UNKNOWN",
        "properties": {},
    }


def test_unknown_fields_and_enum_values_are_unchanged() -> None:
    found = connector_from_api({"name": "m", "status": "NEW", "futureField": {"aB": 1}})
    assert (found["status"], found["future_field"]) == ("NEW", {"a_b": 1})


def test_operation_always_has_done() -> None:
    assert operation_from_api({"id": "op", "createdAt": "t"}) == {"id": "op", "created_at": "t", "done": False}


def test_response_that_is_a_connector_is_not_part_of_an_operation() -> None:
    response = {"@type": "a.b/x.v1.Connector", "name": "m", "status": "PAUSED"}
    ended = {"id": "op", "done": True, "response": response}
    assert operation_from_api(ended) == {"id": "op", "done": True}
    found = response_connector(ended)
    assert found
    assert (found["status"], found["properties"]) == ("PAUSED", {})


@pytest.mark.parametrize(
    "response",
    [
        None,
        [],
        "x",
        {},
        {"@type": "type.googleapis.com/google.protobuf.Empty"},
        {"@type": "type.googleapis.com/x.Connector"},
        {"@type": "type.googleapis.com/x.Connector", "name": 5},
        {"@type": "type.googleapis.com/x.Connector", "name": "m", "properties": []},
        {"@type": "type.googleapis.com/x.Cluster", "name": "m"},
        {"name": "m"},
    ],
    ids=str,
)
def test_other_responses_are_not_a_connector(response: Any) -> None:
    assert response_connector({"id": "op", "response": response}) is None
    assert operation_from_api({"id": "op", "done": True, "response": response})["response"] == response


@pytest.mark.parametrize(
    ("metadata", "name"),
    [({"connectorName": "m"}, "m"), ({"connectorName": 5}, None), ({}, None), (None, None), ("m", None)],
    ids=str,
)
def test_connector_of_an_operation_is_in_its_metadata(metadata: Any, name: str | None) -> None:
    assert connector_name({"id": "op", "metadata": metadata}) == name


def test_steps_are_the_same_if_their_requests_are() -> None:
    step = Step("update", {"name": "m"}, body={"a": 1})
    assert step.is_same(step._replace(connector=None, before={"b": 1}))
    assert not step.is_same(step._replace(body={"a": 2}))
    assert not step.is_same(step._replace(action="create"))
