# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a Connector is, what is wanted of it, and which step leads there. Pure: nothing here sends anything."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._errors import InputError
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._json import MASK, from_json
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._specification import (
    CONNECTOR_TYPES,
    Difference,
    differences,
    missing,
    nested,
    overlaid,
    secrets_masked,
    to_json,
    update_mask,
    without_secrets,
)

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
            "Names have 1 to 256 of the characters a-z, A-Z, 0-9, '-', '_' and '.', and are not '.' or '..'.",
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
    patterns = list(names)
    return [item for item in items if any(fnmatchcase(str(item.get("name", "")), pattern) for pattern in patterns)]


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
    if not isinstance(response, dict) or not isinstance(response.get("name"), str):
        return None
    return connector_from_api(response) if str(response.get("@type", "")).endswith("Connector") else None


@dataclass(frozen=True)
class Wanted:
    """What a task wants of a connector.

    :param state: present, absent, paused, running or restarted
    :param spec: the fields that the task names, as ``check_specification`` returns them
    :param purge_properties: whether the properties named are all that there shall be
    :param update_secrets: whether to send the write-only fields to a connector that exists
    """

    state: str
    spec: Mapping[str, Any] = field(default_factory=dict)
    purge_properties: bool = False
    update_secrets: bool = False


@dataclass(frozen=True)
class Step:
    """One change to be sent.

    :param action: create, update, delete, pause or resume
    :param connector: what the connector is expected to be after it; None: deleted
    :param body: of the request
    :param before: of the managed fields, the ones that the step changes, as they were
    :param after: the same fields, as they will be
    """

    action: str
    connector: Connector | None
    body: Mapping[str, Any] = field(default_factory=dict)
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)


_STATUS_AFTER = {"pause": "PAUSED", "resume": "RUNNING"}


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
    # a restart is a pause and a resume; there is no pausing what is paused already
    return ("resume",) if current and current["status"] == "PAUSED" else ("pause", "resume")


def step_for(item: str, wanted: Wanted, current: Connector | None, name: str = "") -> Step | None:
    """Return the change that an item of the agenda needs now, None when it needs none (any more).

    :param current: the connector as it is now, None when it does not exist
    :param name: of the connector, to create it
    :raises InputError: it needs one that cannot be
    """
    if item == "configure":
        return _creation(wanted, name) if current is None else _update(wanted, current)
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


def _creation(wanted: Wanted, name: str) -> Step:
    lacking = list(missing(wanted.spec))
    if lacking:
        raise InputError(
            f"it does not exist, and to create it the task lacks {', '.join(lacking)}",
            "Name them, or check the connector's name with kafka_connector_info.",
        )
    spec = dict(wanted.spec)
    if "properties" in spec:
        spec["properties"] = _properties(wanted, {})
    shown = without_secrets(spec)
    return Step(
        "create",
        # what is created runs; the API says nothing of its health before that
        connector={"name": name, "status": "RUNNING", "health": "HEALTH_UNKNOWN", "properties": {}, **shown},
        body={"connectorSpec": {"name": name, **to_json(spec)}},
        after={"name": name, **secrets_masked(spec)},
    )


def _update(wanted: Wanted, current: Connector) -> Step | None:
    _check_type(wanted, current)
    spec = dict(wanted.spec)
    if "properties" in spec:
        spec["properties"] = _properties(wanted, current.get("properties") or {})
    found = list(differences(spec, current, secrets=wanted.update_secrets))
    if not found:
        return None
    _check_changeable(found)
    changes = nested(found, "wanted")
    before, after = nested(found, "current"), secrets_masked(changes)
    if "properties" in changes:
        before["properties"], after["properties"] = _sides(before["properties"] or {}, after["properties"])
    return Step(
        "update",
        connector=overlaid(current, without_secrets(changes)),
        body={"updateMask": update_mask(found), "connectorSpec": to_json(changes)},
        before=before,
        after=after,
    )


def _check_type(wanted: Wanted, current: Connector) -> None:
    """Refuse to make a connector of another type out of one.

    :raises InputError: the types differ
    """
    for name in CONNECTOR_TYPES:
        if name in wanted.spec and not isinstance(current.get(name), dict):
            now = [other for other in CONNECTOR_TYPES if isinstance(current.get(other), dict)]
            raise InputError(
                f"it is of the type {now[0] if now else 'unknown'}, and a {name} is wanted; the type cannot be changed",
                "Delete it and create it again, or give the new one another name.",
            )


def _check_changeable(found: Iterable[Difference]) -> None:
    """Refuse differences that no update can remove.

    :raises InputError: naming them
    """
    fixed = [".".join(difference.path) for difference in found if difference.field.fixed]
    if fixed:
        raise InputError(
            f"{', '.join(fixed)} cannot be changed after the creation",
            "Leave it as it is, or delete the connector and create it again.",
        )
    lacking = [
        name
        for difference in found
        if difference.field.type == "dict"
        for name in missing(difference.wanted, difference.field.fields, ".".join(difference.path) + ".")
    ]
    if lacking:
        raise InputError(f"the task lacks {', '.join(lacking)}")


def _properties(wanted: Wanted, current: Mapping[str, str]) -> dict[str, str]:
    """Return the whole map of properties that there shall be.

    :raises InputError: a value is the mask of a secret, and there is no such secret
    """
    named = dict(wanted.spec.get("properties") or {})
    for key in [key for key, value in named.items() if value == MASK]:
        if key not in current:
            raise InputError(
                f"properties: the value of {key} is {MASK}, which stands for the value that the connector has, "
                "but it has none",
                "Give the value itself.",
            )
        named[key] = current[key]
    return named if wanted.purge_properties else {**current, **named}


def _sides(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return of two maps only what differs."""
    return (
        {key: value for key, value in before.items() if after.get(key) != value},
        {key: value for key, value in after.items() if before.get(key) != value},
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
