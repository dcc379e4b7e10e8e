# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a Connector is, what is wanted of it, and which step leads there. Pure: nothing here sends anything."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._errors import InputError

Connector = dict[str, Any]

MASK = "********"

_NAME = re.compile(r"[-_.a-zA-Z0-9]{1,256}\Z")
_CLUSTER_ID = re.compile(r"[-_a-zA-Z0-9]{1,50}\Z")
_SECRET_KEY = re.compile(
    r"passw|pwd|passphrase|secret|token|jaas|credential|(api|access|private|keystore)[._-]?key|auth\.user\.info",
    re.IGNORECASE,
)
# int64, which JSON carries as strings
_INTEGERS = frozenset(
    {
        "tasks_max",
        "replication_factor",
        "file_max_records",
        "commit_interval_ms",
        "commit_timeout_ms",
        "commit_threads",
    }
)


def check_name(name: str) -> str:
    """Return a connector's name that is legal.

    Source: ``connector_name`` in the API's ConnectorService (``[-_.a-zA-Z0-9]*``, at most 256).

    :raises InputError: it is not; ``.`` and ``..`` fit the pattern but would walk the URL
    """
    if not _NAME.match(name) or name in (".", ".."):
        raise InputError(
            f"{_shown(name)} is not the name of a connector",
            "Names have 1 to 256 of the characters a-z, A-Z, 0-9, '-', '_' and '.', and are not '.' or '..'.",
        )
    return name


def check_cluster_id(cluster_id: str) -> str:
    """Return a cluster's ID that is legal.

    Source: ``cluster_id`` in the API's ConnectorService (at most 50 characters).

    :raises InputError: it is not
    """
    if not _CLUSTER_ID.match(cluster_id):
        raise InputError(
            f"{_shown(cluster_id)} is not the ID of a cluster",
            "IDs have 1 to 50 letters, digits, '-' and '_'. For a cluster's name there is cluster_name.",
        )
    return cluster_id


def _shown(value: str) -> str:
    """Return a value as a message shows it: a long one by its beginning and its length."""
    return repr(value) if len(value) <= 60 else f"{value[:60]!r}... ({len(value)} characters)"


def snake(name: str) -> str:
    """Return a field's name in snake_case: ``tasksMax`` becomes ``tasks_max``."""
    return re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower() if not name.startswith("@") else name


def _from_json(value: Any, key: str = "") -> Any:
    """Return JSON of the API with its own keys in snake_case; keys that are data stay as they are."""
    if isinstance(value, dict):
        if key == "properties":
            return dict(value)
        return {snake(name): _from_json(item, snake(name)) for name, item in value.items()}
    if isinstance(value, list):
        return [_from_json(item) for item in value]
    if key in _INTEGERS and isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,19}", value):
        return int(value)
    return value


def connector_from_api(body: Mapping[str, Any]) -> Connector:
    """Return a Connector in the form of results, secrets not yet masked.

    The API leaves out what has its default value; ``status``, ``health`` and ``properties`` are always there.
    """
    defaults: Connector = {"status": "STATUS_UNKNOWN", "health": "HEALTH_UNKNOWN", "properties": {}}
    return {**defaults, **_from_json({name: value for name, value in body.items() if name != "@type"})}


def operation_from_api(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return an Operation in the form of results; a running one has no ``done`` in the API's JSON."""
    operation: dict[str, Any] = {"done": False, **_from_json(dict(body))}
    connector = response_connector(body)
    return {**operation, "response": connector} if connector else operation


def response_connector(operation: Mapping[str, Any]) -> Connector | None:
    """Return the Connector that is the response of an operation, None when it has none."""
    response = operation.get("response")
    if isinstance(response, dict) and isinstance(response.get("name"), str):
        return connector_from_api(response)
    return None


def masked(value: Any, key: str = "") -> Any:
    """Return something from a result with the values of properties masked whose keys name a secret."""
    if isinstance(value, dict):
        if key == "properties":
            return {name: MASK if is_secret(name) else item for name, item in value.items()}
        return {name: masked(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return [masked(item) for item in value]
    return value


def is_secret(key: str) -> bool:
    """Tell whether the key of a property names a secret."""
    return bool(_SECRET_KEY.search(key))


@dataclass(frozen=True)
class Wanted:
    """What a task wants of a connector.

    :param state: present, absent, paused, running or restarted
    """

    state: str


@dataclass(frozen=True)
class Step:
    """One change to be sent.

    :param action: pause or resume
    :param connector: what the connector is expected to be after it
    :param before: of the managed fields, the ones that the step changes, as they were
    :param after: the same fields, as they will be
    """

    action: str
    connector: Connector
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)


_STATUS_AFTER = {"pause": "PAUSED", "resume": "RUNNING"}


def agenda(wanted: Wanted, current: Connector | None) -> tuple[str, ...]:
    """Return the actions that lead from the connector as it was found to what is wanted, in their order.

    :param current: None when it does not exist
    :raises InputError: nothing leads there
    """
    if current is None:
        raise InputError("it does not exist", "Check its name with kafka_connector_info.")
    if wanted.state == "paused":
        return ("pause",)
    if wanted.state == "running":
        return ("resume",)
    # a restart is a pause and a resume; there is no pausing what is paused already
    return ("resume",) if current["status"] == "PAUSED" else ("pause", "resume")


def step_for(action: str, current: Connector | None) -> Step | None:
    """Return the change that an action of the agenda needs now, None when it needs none (any more).

    :param current: the connector as it is now, None when it does not exist
    :raises InputError: the connector is gone
    """
    if current is None:
        raise InputError("it does not exist any more", "Somebody else has deleted it meanwhile.")
    status = _STATUS_AFTER[action]
    if current["status"] == status:
        return None
    return Step(
        action,
        connector={**current, "status": status},
        before={"status": current["status"]},
        after={"status": status},
    )


def merged_diff(steps: list[Step]) -> dict[str, dict[str, Any]]:
    """Return ``before`` and ``after`` of all the steps together; what ends as it began is left out."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for step in steps:
        before = {**step.before, **before}
        after = {**after, **step.after}
    same = [name for name in before if name in after and before[name] == after[name]]
    for name in same:
        del before[name], after[name]
    return {"before": before, "after": after}
