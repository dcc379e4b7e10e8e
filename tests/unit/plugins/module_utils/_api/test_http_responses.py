# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Responses over a scripted wire: what is understood, and what an error shows of the rest."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.errors import ApiError
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.module_utils._api.samples import (
    failed_get,
    failed_pause,
    got_or_failed,
    json_values,
    pause,
)
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.wire import (
    CONNECTOR,
    PAUSE,
    Call,
    Wire,
    operation,
    status,
)

# Unexpected responses.


@pytest.mark.parametrize(
    "body", ["<html>", "", "null", "[]", '{"name', "{}", b"\xff\xfe", pytest.param("[" * 100_000, id="deep")]
)
def test_a_read_without_the_expected_json_is_a_clear_error(body: str | bytes) -> None:
    with Wire(Call("GET", CONNECTOR, body)) as wire:
        error = failed_get(wire.client())
    assert error.http_status == 200
    assert error.msg.startswith("Mdb.api.cloud.yandex.net did not return the expected JSON (HTTP 200): ")
    assert error.msg.endswith(". A proxy or a login page may be in between. Check endpoint and HTTPS_PROXY.")
    assert not error.response_lost


@pytest.mark.parametrize("body", ["<html>Welcome</html>", "", "[]", '{"id": "o', '{"id": 7}', '{"id": ""}', "{}"])
def test_a_change_without_the_expected_json_is_sent_again_with_the_same_key(body: str) -> None:
    with Wire(Call("POST", PAUSE, body), Call("POST", PAUSE, operation())) as wire:
        pause(wire.client())
    assert wire.keys() == ["key-1", "key-1"]
    with Wire(*[Call("POST", PAUSE, body)] * 3) as wire:
        error = failed_pause(wire.client(retries=2))
    assert error.response_lost
    assert error.http_status == 200


@pytest.mark.parametrize("http_status", [200, 404, 503])
def test_an_unexpected_body_is_shown_as_200_characters_on_one_line(http_status: int) -> None:
    with Wire(Call("GET", CONNECTOR, "<p>\r\nsorry\n" + "x" * 1000, status=http_status)) as wire:
        error = failed_get(wire.client(retries=0))
    assert "<p> sorry xxx" in error.msg
    assert "\n" not in error.msg
    assert 150 <= error.msg.count("x") < 200


def test_an_empty_body_is_named() -> None:
    with Wire(Call("GET", CONNECTOR, "", status=502)) as wire:
        error = failed_get(wire.client(retries=0))
    assert error.msg == "Mdb.api.cloud.yandex.net returned HTTP 502: an empty body."


@given(
    http_status=st.sampled_from([200, 201, 301, 400, 401, 403, 404, 409, 418, 429, 500, 503, 599]),
    body=st.binary(max_size=60) | json_values,
)
def test_any_response_is_an_answer_or_an_error(http_status: int, body: Any) -> None:
    result = got_or_failed(Wire(Call("GET", CONNECTOR, body, status=http_status)).client(retries=0))
    if isinstance(result, ApiError):
        assert result.http_status == http_status
        assert "\n" not in result.msg
        json.dumps(result.error)
    else:
        assert 200 <= http_status < 300
        assert "name" in result


@pytest.mark.parametrize("http_status", [200, 400, 503])
@pytest.mark.parametrize("levels", [30, 200, 400, 5000])
def test_deep_json_is_an_answer_or_an_error(levels: int, http_status: int) -> None:
    text = '{"name": "mirror", "message": "no", "details": [' + '{"a":[' * levels + "]}" * levels + "]}"
    result = got_or_failed(Wire(Call("GET", CONNECTOR, text, status=http_status)).client(retries=0))
    assert result["name"] == "mirror" if isinstance(result, dict) else result.http_status == http_status


@pytest.mark.parametrize(
    "location", ["https://mdb.elsewhere.example/", "http://[", "https://ho st/", "//", "\x00", "https://a:b"]
)
def test_a_redirect_is_not_followed(location: str) -> None:
    with Wire(Call("POST", PAUSE, "", status=307, headers={"Location": location})) as wire:
        error = failed_pause(wire.client())
    expected = "Mdb.api.cloud.yandex.net returned HTTP 307, a redirect, which is not followed. Check endpoint."
    assert error.msg == expected
    assert not error.response_lost


# Errors of the service.


def test_an_error_contains_everything_that_the_service_said() -> None:
    details = [
        {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [{"field": "a", "description": "b"}]},
        {"@type": "type.googleapis.com/google.rpc.RequestInfo", "requestId": "11-22"},
    ]
    body = status(3, "Request validation error", details=details)
    with Wire(Call("GET", CONNECTOR, body, status=400, headers={"X-Request-Id": "other"})) as wire:
        error = failed_get(wire.client())
    assert error.error == {
        "http_status": 400,
        "code": 3,
        "status": "INVALID_ARGUMENT",
        "message": "Request validation error",
        "details": details,
        "request_id": "11-22",
    }
    assert error.msg == "Mdb.api.cloud.yandex.net returned HTTP 400 INVALID_ARGUMENT: Request validation error."


@pytest.mark.parametrize(("headers", "request_id"), [({}, None), ({"X-Request-Id": "33-44"}, "33-44")], ids=str)
def test_unknown_parts_of_an_error_are_none_and_a_header_can_name_the_request(
    headers: dict[str, str], request_id: str | None
) -> None:
    with Wire(Call("GET", CONNECTOR, {"code": 99, "message": "new"}, status=400, headers=headers)) as wire:
        error = failed_get(wire.client())
    assert error.error == {
        "http_status": 400,
        "code": 99,
        "status": None,
        "message": "new",
        "details": None,
        "request_id": request_id,
    }


def test_a_403_names_the_required_role() -> None:
    denied = status(7, "Permission denied")
    said = "Mdb.api.cloud.yandex.net returned HTTP 403 PERMISSION_DENIED: Permission denied."
    with Wire(Call("GET", CONNECTOR, denied, status=403)) as wire:
        message = failed_get(wire.client()).msg
    assert message == f"{said} Grant your account the role managed-kafka.viewer on the folder."
    with Wire(Call("POST", PAUSE, denied, status=403)) as wire:
        message = failed_pause(wire.client()).msg
    assert message == f"{said} Grant your account the role managed-kafka.editor on the folder."
