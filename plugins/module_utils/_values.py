# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From what a task says of a connector to values of the API. Pure: nothing here sends anything."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._errors import InputError
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._json import ANSIBLE_MASK, MASK
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._specification import SPECIFICATION, Field


def values(params: Mapping[str, Any], fields: tuple[Field, ...] = SPECIFICATION, where: str = "") -> dict[str, Any]:
    """Return the fields that a task names, each with a value as the API has it, except that messages are nested.

    :param params: options of the module; None: not named
    :param where: of the message, for messages; with a dot at its end
    :raises InputError: a value cannot be one, or two fields are there of which the API takes one
    """
    for group in groups(fields).values():
        named = [field.name for field in group if params.get(field.name) is not None]
        if len(named) > 1:
            message = f"{where.rstrip('.')}: " if where else ""
            raise InputError(f"{message}{' and '.join(named)} exclude each other", "Name one.")
    return {
        field.name: _value(field, params[field.name], where + field.name)
        for field in fields
        if params.get(field.name) is not None
    }


def _value(field: Field, value: Any, where: str) -> Any:
    if field.type == "dict":
        return values(value, field.fields, f"{where}.")
    if field.type == "map":
        return {_key(key, where): as_text(item, f"{where}.{key}") for key, item in value.items()}
    if field.type == "list":
        return joined(value)
    if field.minimum is not None and value < field.minimum:
        raise InputError(f"{where} is {value}, which is less than {field.minimum}")
    if (field.secret and value == MASK) or value == ANSIBLE_MASK:
        raise InputError(f"{where} is {value}, which stands for a secret in a result", "Give the secret itself.")
    return value


def _key(key: Any, where: str) -> str:
    if not isinstance(key, str) or not key:
        raise InputError(f"{where} has a key that is not a string: {key!r}", "Quote it.")
    return key


def as_text(value: Any, where: str) -> str:
    """Return a value of a map, such as a property, as the string that it is in the API.

    :param where: what it is the value of, for the message
    :raises InputError: it is neither a string, a boolean nor a number, or is Ansible's mask of a secret
    """
    if value == ANSIBLE_MASK:
        raise InputError(f"{where} is {value}, which stands for a secret in a result", "Give the secret itself.")
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) or (isinstance(value, float) and math.isfinite(value)):
        return str(value)
    raise InputError(f"{where} is neither a string, a boolean nor a number", "Quote it, or leave it out.")


def joined(value: Any) -> str:
    """Return a list, or a string that means one, in the API's form: separated by commas, without spaces around them."""
    text = value if isinstance(value, str) else ",".join(map(str, value))
    return ",".join(item.strip() for item in text.split(",") if item.strip())


def groups(fields: tuple[Field, ...]) -> dict[str, list[Field]]:
    """Return the groups of which one field at most may be there, by name."""
    groups: dict[str, list[Field]] = {}
    for field in fields:
        if field.one_of:
            groups.setdefault(field.one_of, []).append(field)
    return groups
