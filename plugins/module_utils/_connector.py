# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a Connector is, what is wanted of it, and which step leads there. Pure: nothing here sends anything."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._errors import InputError
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._json import from_json
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._specification import CONNECTOR_TYPES

Connector = dict[str, Any]

_NAME = re.compile(r"[-_.a-zA-Z0-9]{1,256}\Z")
_CLUSTER_ID = re.compile(r"[-_a-zA-Z0-9]{1,50}\Z")


def check_name(name: str) -> str:
    """Return a connector's name that is legal.

    Source: ``connector_name`` in the API's ConnectorService (``[-_.a-zA-Z0-9]*``, at most 256).

    :raises InputError: it is not; ``.`` and ``..`` fit the pattern but would walk the URL
    """
    if not _NAME.match(name) or name in (".", ".."):
        raise InputError(
            f"{_shown(name)} is not the name of a connector",
            "Names have 1 to 256 of the characters a-z, A-Z, 0-9, '-', '_' and '.', and are not '.' or '..'."
            + (" Patterns go with names." if is_pattern(name) else ""),
        )
    return name


def is_pattern(name: str) -> bool:
    """Tell whether a name stands for all that match it, as a shell would; no legal name looks like that."""
    return any(sign in name for sign in "*?[")


def check_names(names: Iterable[str]) -> None:
    """Refuse what is neither a legal name nor a pattern of such.

    :raises InputError: naming it
    """
    for name in names:
        if not is_pattern(name):
            check_name(name)
        elif not re.fullmatch(r"[-_.a-zA-Z0-9*?\[\]!]{1,256}", name):
            raise InputError(f"{_shown(name)} is not a pattern that a connector's name could match")


def matching(names: Iterable[str], items: Iterable[Connector]) -> list[Connector]:
    """Return the items whose names are among some names and patterns."""
    named = set(names)
    patterns = [name for name in named if is_pattern(name)]

    def matches(name: str) -> bool:
        return name in named or any(fnmatchcase(name, pattern) for pattern in patterns)

    return [item for item in items if matches(str(item.get("name", "")))]


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


def is_connector(body: Mapping[str, Any]) -> bool:
    """Tell whether JSON can be a Connector."""
    return isinstance(body.get("name"), str) and isinstance(body.get("properties", {}), dict)


def connector_from_api(body: Mapping[str, Any]) -> Connector:
    """Return a Connector in the form of results, secrets not yet masked.

    The API leaves out what has its default value; ``status``, ``health`` and ``properties`` are always there.
    """
    defaults: Connector = {"status": "STATUS_UNKNOWN", "health": "HEALTH_UNKNOWN", "properties": {}}
    return {**defaults, **from_json({name: value for name, value in body.items() if name != "@type"})}


def operation_from_api(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return an Operation in the form of results; a running one has no ``done`` in the API's JSON."""
    operation: dict[str, Any] = {"done": False, **from_json(dict(body))}
    connector = response_connector(body)
    return {**operation, "response": connector} if connector else operation


def response_connector(operation: Mapping[str, Any]) -> Connector | None:
    """Return the Connector that is the response of an operation, None when it has none."""
    response = operation.get("response")
    if not isinstance(response, dict) or not is_connector(response):
        return None
    return connector_from_api(response) if str(response.get("@type", "")).endswith("Connector") else None


class Wanted(NamedTuple):
    """What a task wants of a connector.

    :param state: present, absent, paused, running or restarted
    :param spec: the fields that the task names, as ``check_specification`` returns them
    :param purge_properties: whether the properties named are all that there shall be
    :param update_secrets: whether to send the write-only fields to a connector that exists
    """

    state: str
    spec: Mapping[str, Any] = {}
    purge_properties: bool = False
    update_secrets: bool = False


class Step(NamedTuple):
    """One change to be sent.

    :param action: create, update, delete, pause or resume
    :param connector: what the connector is expected to be after it; None: deleted
    :param body: of the request
    :param before: of the managed fields, the ones that the step changes, as they were
    :param after: the same fields, as they will be
    """

    action: str
    connector: Connector | None
    body: Mapping[str, Any] = {}
    before: Mapping[str, Any] = {}
    after: Mapping[str, Any] = {}


_STATUS_AFTER = {"pause": "PAUSED", "resume": "RUNNING"}


# what a task attempts for a state, as a message says it
VERBS = {
    "present": "create or update",
    "absent": "delete",
    "paused": "pause",
    "running": "resume",
    "restarted": "restart",
}


def is_settled(wanted: Wanted, current: Connector | None) -> bool:
    """Tell whether nothing is to be done; a specification is not looked at here, and never counts as that."""
    if current is None:
        return wanted.state == "absent"
    return not wanted.spec and not any(step_for(item, wanted, current) for item in agenda(wanted, current))


def agenda(wanted: Wanted, current: Connector | None) -> tuple[str, ...]:
    """Return what has to be seen to, in its order, to get from the connector as it was found to what is wanted.

    :param current: None when it does not exist
    :raises InputError: nothing leads there
    """
    if wanted.state == "absent":
        return ("delete",)
    if current is None and (not wanted.spec or wanted.state == "restarted"):
        if wanted.state == "present":
            raise InputError(
                "it does not exist, and the task does not say what it shall be",
                f"To create it, name one of {', '.join(CONNECTOR_TYPES)}, with what belongs to it.",
            )
        raise InputError("it does not exist", "Check its name with kafka_connector_info.")
    configure = ("configure",) if wanted.spec else ()
    if wanted.state == "paused":
        return (*configure, "pause")
    if wanted.state == "running":
        return (*configure, "resume")
    if wanted.state == "present":
        return configure
    # a restart; step_for sees that what is paused already needs no pause
    return ("pause", "resume")


def step_for(item: str, wanted: Wanted, current: Connector | None, name: str = "") -> Step | None:
    """Return the change that an item of the agenda needs now, None when it needs none (any more).

    :param current: the connector as it is now, None when it does not exist
    :param name: of the connector, to create it
    :raises InputError: it needs one that cannot be
    """
    if item == "configure":
        # most tasks name no specification, and need not pay for importing this
        from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils import _configure

        return _configure.creation(wanted, name) if current is None else _configure.update(wanted, current)
    if item == "delete":
        return None if current is None else Step("delete", connector=None, before=current)
    if current is None:
        raise InputError("it does not exist any more", "Somebody else has deleted it meanwhile.")
    status = _STATUS_AFTER[item]
    if current["status"] == status:
        return None
    return Step(
        item,
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
    if steps and steps[0].action == "create":
        return {"before": {}, "after": after}
    same = [name for name in before if name in after and before[name] == after[name]]
    for name in same:
        del before[name], after[name]
    return {"before": before, "after": after}
