# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A Connector and an Operation in the form of results, what a task wants, and a step towards it. Pure."""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from .fields import INTEGERS

Connector = dict[str, Any]
"""A Connector: keys in snake_case, integers as integers."""

# The keys of these fields are data.
_MAPS = frozenset({"properties", "labels"})
_UPPER = re.compile(r"(?<!^)([A-Z])")
_INTEGER = re.compile(r"-?[0-9]{1,19}")
_UNSET: Connector = {"status": "STATUS_UNKNOWN", "health": "HEALTH_UNKNOWN", "properties": {}}


class Wanted(NamedTuple):
    """What a task wants of a connector.

    :param state: present, absent, paused, running or restarted
    :param spec: the fields that the task sets, in the form of ``parse_specification``
    :param purge_properties: remove other properties
    :param update_secrets: send write-only fields to an existing connector
    :param wait: for the last change; changes that others depend on are waited for in any case
    :param wait_for_health: also wait until the health is ALIVE
    """

    state: str
    spec: Mapping[str, Any] = {}
    purge_properties: bool = False
    update_secrets: bool = False
    wait: bool = True
    wait_for_health: bool = False


class Step(NamedTuple):
    """One change.

    :param action: create, update, delete, pause or resume
    :param connector: the expected connector after it; None: deleted
    :param body: of the request
    :param before: the managed fields that change, before the step
    :param after: the same fields after the step
    """

    action: str
    connector: Connector | None
    body: Mapping[str, Any] = {}
    before: Mapping[str, Any] = {}
    after: Mapping[str, Any] = {}

    def is_same(self, other: Step) -> bool:
        """Return whether the request of another step is the same."""
        return (self.action, self.body) == (other.action, other.body)


@functools.cache
def snake(name: str) -> str:
    """Return the name of a field in snake_case: ``tasksMax`` becomes ``tasks_max``."""
    return name if name.startswith("@") else _UPPER.sub(r"_\1", name).lower()


def camel(name: str) -> str:
    """Return the name of a field in JSON: ``tasks_max`` becomes ``tasksMax``."""
    return re.sub(r"_([a-z0-9])", lambda found: found.group(1).upper(), name)


def from_json(value: Any, integers: Collection[str] = (), key: str = "") -> Any:
    """Return JSON of the API in the form of results.

    :param integers: names of int64 fields
    :param key: name of the field that contains the value, in snake_case
    """
    if isinstance(value, dict):
        if key in _MAPS:
            return dict(value)
        named = ((snake(name), item) for name, item in value.items())
        # Most values are kept unchanged, and a call for each of them would be slow.
        return {
            name: from_json(item, integers, name) if name in integers or isinstance(item, (dict, list)) else item
            for name, item in named
        }
    if isinstance(value, list):
        return [from_json(item, integers) for item in value]
    if key in integers and isinstance(value, str) and _INTEGER.fullmatch(value):
        return int(value)
    return value


def is_connector(body: Mapping[str, Any]) -> bool:
    """Return whether JSON can be a Connector."""
    return isinstance(body.get("name"), str) and isinstance(body.get("properties", {}), dict)


def connector_from_api(body: Mapping[str, Any]) -> Connector:
    """Return a Connector in the form of results, secrets not masked.

    The API leaves out default values; ``status``, ``health`` and ``properties`` are always there.
    """
    return {**_UNSET, **from_json({name: value for name, value in body.items() if name != "@type"}, INTEGERS)}


def operation_from_api(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return an Operation in the form of results. A response that is a Connector is left out.

    The API leaves out ``done`` of a running operation.
    """
    shown = {name: value for name, value in body.items() if name != "response" or not response_connector(body)}
    return {"done": False, **from_json(shown)}


def response_connector(operation: Mapping[str, Any]) -> Connector | None:
    """Return the Connector in the response of an operation; None: there is none."""
    response = operation.get("response")
    if not isinstance(response, dict) or not is_connector(response):
        return None
    return connector_from_api(response) if str(response.get("@type", "")).endswith("Connector") else None


def connector_name(operation: Mapping[str, Any]) -> str | None:
    """Return the name of the connector that an operation changes; None: it changes something else."""
    metadata = operation.get("metadata")
    name = metadata.get("connectorName") if isinstance(metadata, dict) else None
    return name if isinstance(name, str) else None
