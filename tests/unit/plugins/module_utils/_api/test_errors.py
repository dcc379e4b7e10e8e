# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Exceptions: what they say about a request, and the message of a failed task."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.errors import (
    CODES,
    ApiError,
    CredentialError,
    Error,
    attempting,
    describe_status,
)
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.messages import Message
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.module_utils._api.samples import json_values

# https://grpc.io/docs/guides/status-codes, with the HTTP status of each code, and whether it is worth a retry.
MAPPING = {
    1: ("CANCELLED", 499, False),
    2: ("UNKNOWN", 500, True),
    3: ("INVALID_ARGUMENT", 400, False),
    4: ("DEADLINE_EXCEEDED", 504, True),
    5: ("NOT_FOUND", 404, False),
    6: ("ALREADY_EXISTS", 409, False),
    7: ("PERMISSION_DENIED", 403, False),
    8: ("RESOURCE_EXHAUSTED", 429, True),
    9: ("FAILED_PRECONDITION", 400, False),
    10: ("ABORTED", 409, True),
    11: ("OUT_OF_RANGE", 400, False),
    12: ("UNIMPLEMENTED", 501, False),
    13: ("INTERNAL", 500, True),
    14: ("UNAVAILABLE", 503, True),
    15: ("DATA_LOSS", 500, True),
    16: ("UNAUTHENTICATED", 401, False),
}
FAILED = Message("it failed")


def api_error(http_status: int | None, code: int | None = None, message: str | None = None, **options: Any) -> ApiError:
    known = {**describe_status({"code": code, "message": message}), "http_status": http_status}
    return ApiError(FAILED, error=known, **options)


@pytest.mark.parametrize(("code", "expected"), MAPPING.items())
def test_a_code_decides_about_retries(code: int, expected: tuple[str, int, bool]) -> None:
    name, http_status, is_transient = expected
    error = api_error(http_status, code)
    assert CODES[code] == error.status == name
    assert error.http_status == http_status
    assert error.is_transient is is_transient
    assert error.is_not_found is (name == "NOT_FOUND")
    assert error.is_refusal is (400 <= http_status < 500 and not is_transient)


@pytest.mark.parametrize("code", [None, -1, 17, 99, "5", 5.0, True])
def test_an_unknown_code_has_no_name(code: Any) -> None:
    assert describe_status({"code": code})["status"] is None


def test_whether_a_retry_helps_can_be_set_explicitly() -> None:
    assert api_error(None, transient=True).is_transient
    assert not api_error(503, 14, transient=False).is_transient
    assert not api_error(None).is_transient
    assert not api_error(None).is_refusal


def test_a_404_of_another_server_does_not_mean_that_the_resource_is_missing() -> None:
    assert not api_error(404).is_not_found
    assert api_error(404, 5).is_not_found


def test_an_error_without_a_response_knows_nothing_of_the_service() -> None:
    error = ApiError(FAILED)
    assert error.error is None
    assert (error.http_status, error.status, error.blocking_operation) == (None, None, None)
    assert not error.is_temporary


@pytest.mark.parametrize(
    ("request_error", "is_temporary"),
    [(api_error(503, 14), True), (api_error(200), True), (api_error(404, 5), False), (api_error(400, 3), False)],
    ids=["503", "unexpected response", "404", "400"],
)
def test_an_error_of_the_credential_says_nothing_about_the_resource(
    request_error: ApiError, is_temporary: bool
) -> None:
    error = CredentialError(Message("no token: {cause}"), request_error, cause="x")
    assert error.error == request_error.error
    assert error.is_temporary is is_temporary
    assert not error.is_transient
    assert not error.is_not_found
    assert not error.is_refusal


@given(status=st.dictionaries(st.sampled_from(["code", "message", "details", "other"]), json_values))
def test_any_status_has_a_valid_description(status: dict[str, Any]) -> None:
    known = describe_status(status)
    assert list(known) == ["http_status", "code", "status", "message", "details", "request_id"]
    assert known["code"] is None or (isinstance(known["code"], int) and not isinstance(known["code"], bool))
    assert known["message"] is None or isinstance(known["message"], str)
    assert known["details"] is None or isinstance(known["details"], list)
    json.dumps(known)


@pytest.mark.parametrize(
    ("message", "operation_id"),
    [
        ('conflicting operation "mqq123" detected', "mqq123"),
        ("Conflicting operation mqq123 detected", "mqq123"),
        ('rpc error: code = 9 desc = CONFLICTING OPERATION "m-q_1.x" DETECTED on cluster', "m-q_1.x"),
        ("conflicting operation detected", None),
        ('conflicting operation "" detected', None),
        ('conflicting operation "../../iam" detected', None),
        ("no changes detected", None),
        ("", None),
        (None, None),
    ],
)
def test_a_conflict_names_the_blocking_operation(message: str | None, operation_id: str | None) -> None:
    assert api_error(400, 9, message).blocking_operation == operation_id
    assert api_error(503, 14, message).blocking_operation is None
    assert api_error(None, None, message).blocking_operation is None


def test_a_message_is_one_line_with_attempt_cause_and_advice() -> None:
    assert Error(Message("it is\n  {state}", "Fix it."), state="broken").msg == "It is broken. Fix it."
    assert Error(Message("it is broken.")).msg == "It is broken."
    with pytest.raises(Error) as failure, attempting("do something else"), attempting("pause connector a"):
        raise Error(Message("it is broken", "Fix it."))
    assert failure.value.msg == "Could not pause connector a: it is broken. Fix it."


def test_braces_in_what_the_service_said_are_only_text() -> None:
    assert Error(Message("{text}", "{advice}"), text="no {field}", advice="use {}").msg == "No {field}. use {}"


def test_what_was_attempted_is_not_added_to_a_bug() -> None:
    with pytest.raises(KeyError), attempting("pause connector a"):
        raise KeyError("a")
