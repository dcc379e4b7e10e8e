# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From the options of a task to what it wants. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from .._api.errors import InputError
from .._api.messages import TOO_SMALL
from .._api.secrets import ANSIBLE_MASK, MASK
from . import messages
from .fields import SPECIFICATION, Field, groups
from .model import Wanted
from .names import check_cluster, check_name, check_names


def parse_wanted(params: Mapping[str, Any]) -> Wanted:
    """Return what the options of kafka_connector want.

    :raises InputError: an option is invalid, or options exclude each other
    """
    check_cluster(params)
    names, state = params["names"], params["state"]
    spec = parse_specification(params)
    if names is None:
        check_name(params["name"])
    else:
        check_names(names)
        if spec or state == "present":
            raise InputError(messages.NAMES_WITH_SETTINGS)
    if spec and state == "restarted":
        raise InputError(messages.RESTART_WITH_SETTINGS)
    check_minimum("wait_timeout", params["wait_timeout"], 1)
    _check_guards(params)
    flags = {name: params[name] for name in ("purge_properties", "update_secrets", "wait", "wait_for_health")}
    return Wanted(state, spec, **flags)


def check_minimum(where: str, value: int, minimum: int) -> None:
    """Check a number.

    :raises InputError: it is less than its minimum
    """
    if value < minimum:
        raise InputError(TOO_SMALL, where=where, value=value, minimum=minimum)


def _check_guards(params: Mapping[str, Any]) -> None:
    """Check ``max_changes`` and ``wait_for_health``.

    :raises InputError: they do not fit the other options
    """
    if params["max_changes"] is not None:
        if params["names"] is None:
            raise InputError(messages.MAX_CHANGES_WITHOUT_NAMES)
        check_minimum("max_changes", params["max_changes"], 0)
    if params["wait_for_health"]:
        if params["state"] not in ("running", "restarted"):
            raise InputError(messages.HEALTH_WITHOUT_RUNNING)
        if not params["wait"]:
            raise InputError(messages.HEALTH_WITHOUT_WAIT)


def parse_specification(
    params: Mapping[str, Any], fields: tuple[Field, ...] = SPECIFICATION, where: str = ""
) -> dict[str, Any]:
    """Return the fields that a task sets, with values as the API has them, nested.

    :param params: options of the module; None: not set
    :param where: path of the message for error messages, with a dot at its end
    :raises InputError: a value is invalid, or two fields exclude each other
    """
    for group in groups(fields).values():
        named = [where + field.name for field in group if params.get(field.name) is not None]
        if len(named) > 1:
            raise InputError(messages.EXCLUSIVE, names=" and ".join(named))
    return {
        field.name: _value(field, params[field.name], where + field.name)
        for field in fields
        if params.get(field.name) is not None
    }


def _value(field: Field, value: Any, where: str) -> Any:
    if field.type == "dict":
        return parse_specification(value, field.fields, f"{where}.")
    if field.type == "map":
        for key in value:
            if not isinstance(key, str) or not key:
                raise InputError(messages.BAD_KEY, where=where, key=key)
        return {key: as_text(item, f"{where}.{key}") for key, item in value.items()}
    if field.type == "list":
        return joined(value)
    if field.minimum is not None:
        check_minimum(where, value, field.minimum)
    if (field.secret and value == MASK) or value == ANSIBLE_MASK:
        raise InputError(messages.MASKED_VALUE, where=where, value=value)
    return value


def as_text(value: Any, where: str) -> str:
    """Return a value of a map as a string, as the API has it.

    :param where: path of the value for error messages
    :raises InputError: it is not a string, a boolean or a number, or it is Ansible's mask of a secret
    """
    if value == ANSIBLE_MASK:
        raise InputError(messages.MASKED_VALUE, where=where, value=value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, int)) or (isinstance(value, float) and math.isfinite(value)):
        return str(value)
    raise InputError(messages.BAD_VALUE, where=where)


def joined(value: Any) -> str:
    """Return a list, or a string that means a list, as the API has it: separated by commas without spaces."""
    text = value if isinstance(value, str) else ",".join(map(str, value))
    return ",".join(item.strip() for item in text.split(",") if item.strip())
