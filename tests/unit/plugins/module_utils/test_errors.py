# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can go wrong, and how a failed task shows it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._errors import (
    CODES,
    ApiError,
    Error,
    InternalError,
    code_name,
    describe_status,
)

# https://grpc.io/docs/guides/status-codes, with the HTTP status that each is mapped to, and whether to try again
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

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def answered(http_status: int | None, code: int | None = None, message: str | None = None, **options: Any) -> ApiError:
    known = {**describe_status({"code": code, "message": message}), "http_status": http_status}
    return ApiError("it failed", error=known, **options)


@pytest.mark.parametrize(("code", "expected"), MAPPING.items())
def test_codes(code: int, expected: tuple[str, int, bool]) -> None:
    name, http_status, transient = expected
    error = answered(http_status, code)
    assert code_name(code) == CODES[code] == error.error["status"] == name
    assert error.transient is transient
    assert error.not_found is (name == "NOT_FOUND")
    assert error.refused is (400 <= http_status < 500 and not transient)


@pytest.mark.parametrize("code", [None, -1, 17, 99])
def test_codes_that_are_not_known(code: int | None) -> None:
    assert code_name(code) is None


def test_trouble_may_be_told_by_hand() -> None:
    assert answered(None, transient=True).transient
    assert not answered(503, 14, transient=False).transient
    assert not answered(None).transient
    assert not answered(None).refused


def test_a_bare_404_says_nothing_about_a_connector() -> None:
    assert not answered(404).not_found
    assert answered(404, 5).not_found


@settings(deadline=None)
@given(status=st.dictionaries(st.sampled_from(["code", "message", "details", "other"]), json_values))
def test_a_status_however_odd_becomes_one(status: dict[str, Any]) -> None:
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
def test_a_conflict_names_the_operation(message: str | None, operation_id: str | None) -> None:
    assert answered(400, 9, message).conflicting_operation == operation_id
    assert answered(503, 14, message).conflicting_operation is None
    assert answered(None, None, message).conflicting_operation is None


def test_the_message_is_one_line_that_says_what_was_attempted_and_what_to_do() -> None:
    error = Error("it is\n  broken", "Mend it.")
    assert error.msg == "it is broken. Mend it."
    assert error.during("pause connector a") is error
    error.during("do something else")
    assert error.msg == "Could not pause connector a: it is broken. Mend it."
    assert Error("it is broken").during("try").msg == "Could not try: it is broken."


def test_a_result_holds_what_is_known() -> None:
    error = answered(404, 5, "gone")
    error.facts = {"changed": True, "operation": {"id": "op1"}, "msg": "not this"}
    result = error.result()
    assert result["changed"]
    assert result["operation"] == {"id": "op1"}
    assert result["msg"] == "it failed."
    assert result["error"]["status"] == "NOT_FOUND"
    assert Error("a").result() == {"changed": False, "error": describe_status({}), "msg": "a."}


def test_a_bug_is_reported_without_its_text() -> None:
    with pytest.raises(KeyError) as failure:
        {"a": 1}["hunter2"]
    message = InternalError(failure.value).msg
    assert "KeyError" in message
    assert "test_errors.py" in message
    assert "Please report it." in message
    assert "hunter2" not in message
