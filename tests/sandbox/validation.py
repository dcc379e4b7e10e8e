# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks a request against the constraints in the options of the vendor's protobufs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NoReturn

from google.protobuf.message import Message
from google.rpc.error_details_pb2 import BadRequest
from yandex.cloud import validation_pb2

from sandbox.status import Refused

Violation = tuple[str, str]


def check(request: Message) -> None:
    violations = list(_violations(request, ""))
    if violations:
        refuse(*violations)


def refuse(*violations: Violation) -> NoReturn:
    text = "; ".join(f"{field}: {description}" for field, description in violations)
    bad_request = BadRequest(
        field_violations=[
            BadRequest.FieldViolation(field=field, description=description) for field, description in violations
        ]
    )
    raise Refused("INVALID_ARGUMENT", f"Request validation error: {text}", [bad_request])


def _violations(message: Message, prefix: str) -> Iterator[Violation]:
    for field in message.DESCRIPTOR.fields:
        path = prefix + field.name
        value = getattr(message, field.name)
        description = _violation(field, value, message)
        if description:
            yield path, description
        elif _is_message(field) and message.HasField(field.name):
            yield from _violations(value, f"{path}.")
    for oneof in message.DESCRIPTOR.oneofs:
        if oneof.GetOptions().Extensions[validation_pb2.exactly_one] and message.WhichOneof(oneof.name) is None:
            yield prefix + oneof.name, "Exactly one of the fields is required"


def _violation(field: Any, value: Any, message: Message) -> str | None:
    limits = field.GetOptions().Extensions
    is_set = message.HasField(field.name) if _is_message(field) else bool(value)
    if not is_set:
        return "Field is required" if limits[validation_pb2.required] else None
    if isinstance(value, str):
        if len(value) > _at_most(limits[validation_pb2.length]):
            return f"Length must be {limits[validation_pb2.length]}"
        pattern = limits[validation_pb2.pattern]
        if pattern and not re.fullmatch(pattern, value):
            return f"Field does not match the pattern /{pattern}/"
    limit = limits[validation_pb2.value]
    if limit and not 0 <= value <= _at_most(limit):
        return f"Value must be {limit}"
    return None


def _is_message(field: Any) -> bool:
    return field.message_type is not None and not field.is_repeated


def _at_most(limit: str) -> float:
    """Return the number of a limit like `<=50`. The supported requests use no other form."""
    return float(limit.removeprefix("<=")) if limit else float("inf")
