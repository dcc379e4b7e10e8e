# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From a specification to the step that creates or updates a connector. Pure: nothing here sends anything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._connector import Connector, Step, Wanted
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._differences import (
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
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._errors import InputError
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._json import MASK
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._specification import CONNECTOR_TYPES


def creation(wanted: Wanted, name: str) -> Step:
    """Return the step that creates a connector.

    :raises InputError: the specification lacks something
    """
    lacking = list(missing(wanted.spec))
    if lacking:
        raise InputError(
            f"it does not exist, and to create it the task lacks {', '.join(lacking)}",
            "Name them, or check the connector's name with kafka_connector_info.",
        )
    spec = dict(wanted.spec)
    if "properties" in spec:
        spec["properties"] = _properties(wanted, {})
    # what is created runs; the API says nothing of its health before that
    begun = {"name": name, "status": "RUNNING", "health": "HEALTH_UNKNOWN", "properties": {}}
    return Step(
        "create",
        connector=overlaid(begun, without_secrets(spec)),
        body={"connectorSpec": {"name": name, **to_json(spec)}},
        after={"name": name, **secrets_masked(spec)},
    )


def update(wanted: Wanted, current: Connector) -> Step | None:
    """Return the step that updates what differs, None when nothing does.

    :raises InputError: no update can remove a difference
    """
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
