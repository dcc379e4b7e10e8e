# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From the current connector and what a task wants to the next change. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from .._api.errors import InputError
from .._api.secrets import MASK
from . import diff, messages
from .fields import CONNECTOR_TYPES
from .model import Connector, Step, Wanted


class State(NamedTuple):
    """A state that a task can want.

    :param goals: that lead there, in their order
    :param verb: what the task attempts
    :param done: what it has done with a connector
    :param unchanged: what a connector is if the task has nothing to do
    """

    goals: tuple[str, ...]
    verb: str
    done: str
    unchanged: str


STATES = {
    "present": State(("configure",), "create or update", "configured", "already up to date"),
    "absent": State(("delete",), "delete", "deleted", "already absent"),
    "paused": State(("configure", "pause"), "pause", "paused", "already PAUSED"),
    "running": State(("configure", "resume"), "resume", "resumed", "already RUNNING"),
    "restarted": State(("pause", "resume"), "restart", "restarted", "unchanged"),
}
_STATUS_AFTER = {"pause": "PAUSED", "resume": "RUNNING"}


class NoConnectorError(InputError):
    """The connector does not exist, and the task cannot create it."""


def check_exists(wanted: Wanted, current: Connector | None) -> None:
    """Check that what the task wants is possible for a connector that was just found, or not found.

    :raises NoConnectorError: it does not exist, and the task does not create or delete it
    """
    if current is not None or wanted.state == "absent" or (wanted.spec and wanted.state != "restarted"):
        return
    if wanted.state == "present":
        raise NoConnectorError(messages.NO_SETTINGS, types=", ".join(CONNECTOR_TYPES))
    raise NoConnectorError(messages.NO_CONNECTOR)


def needs_change(wanted: Wanted, current: Connector | None, goals: Sequence[str] = ()) -> bool:
    """Return whether a goal needs a change now.

    :param goals: the ones to look at; empty: all goals of the state
    """
    return any(step_for(goal, wanted, current) for goal in goals or STATES[wanted.state].goals)


def is_reached(wanted: Wanted, current: Connector | None) -> bool:
    """Return whether a connector that was just found, or not found, already is as the task wants it."""
    try:
        check_exists(wanted, current)
        return not needs_change(wanted, current)
    except InputError:
        # What the task wants is impossible.
        return False


def step_for(goal: str, wanted: Wanted, current: Connector | None, name: str = "") -> Step | None:
    """Return the change that a goal needs now; None: it needs none.

    :param current: None: the connector does not exist
    :param name: of the connector, to create it
    :raises InputError: the change is impossible
    """
    if goal == "configure":
        if not wanted.spec:
            return None
        return _creation(wanted, name) if current is None else _update(wanted, current)
    if goal == "delete":
        return None if current is None else Step("delete", connector=None, before=current)
    if current is None:
        raise InputError(messages.DELETED)
    status = _STATUS_AFTER[goal]
    if current["status"] == status:
        return None
    before, after = {"status": current["status"]}, {"status": status}
    return Step(goal, connector={**current, **after}, before=before, after=after)


def is_settled(goal: str, wanted: Wanted, connector: Connector) -> bool:
    """Return whether a connector shows what a goal wants. Write-only fields never show."""
    try:
        return step_for(goal, wanted._replace(update_secrets=False), connector) is None
    except InputError:
        # The API returns less than it accepted, or returns it in another form.
        return False


def merged_diff(steps: Sequence[Step]) -> dict[str, dict[str, Any]]:
    """Return ``before`` and ``after`` of all steps together, without what ends as it started."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for step in steps:
        before = {**step.before, **before}
        after = {**after, **step.after}
    if steps and steps[0].action == "create":
        before = {}
    before, after = _sides(before, after)
    return {"before": before, "after": after}


def _creation(wanted: Wanted, name: str) -> Step:
    """Return the step that creates a connector.

    :raises NoConnectorError: required fields are missing
    """
    absent = list(diff.missing(wanted.spec))
    if absent:
        raise NoConnectorError(messages.INCOMPLETE, fields=", ".join(absent))
    spec = _whole(wanted, {})
    # A new connector is running. Its health is not known before.
    created = {"name": name, "status": "RUNNING", "health": "HEALTH_UNKNOWN", "properties": {}}
    return Step(
        "create",
        connector=diff.overlaid(created, diff.without_secrets(spec)),
        body={"connectorSpec": {"name": name, **diff.to_json(spec)}},
        after={"name": name, **diff.secrets_masked(spec)},
    )


def _update(wanted: Wanted, current: Connector) -> Step | None:
    """Return the step that updates the differences; None: there are none.

    :raises InputError: an update cannot remove a difference
    """
    _check_type(wanted, current)
    found = list(diff.differences(_whole(wanted, current["properties"]), current, secrets=wanted.update_secrets))
    if not found:
        return None
    _check_possible(found)
    changes = diff.nested((difference.path, difference.desired) for difference in found)
    before = diff.nested((difference.path, difference.current) for difference in found)
    after = diff.secrets_masked(changes)
    if "properties" in changes:
        before["properties"], after["properties"] = _sides(before["properties"] or {}, after["properties"])
    return Step(
        "update",
        connector=diff.overlaid(current, diff.without_secrets(changes)),
        body={"updateMask": diff.update_mask(found), "connectorSpec": diff.to_json(changes)},
        before=before,
        after=after,
    )


def _check_type(wanted: Wanted, current: Connector) -> None:
    """Check that the task does not change the type of the connector.

    :raises InputError: it does
    """
    for name in CONNECTOR_TYPES:
        if name in wanted.spec and not isinstance(current.get(name), dict):
            types = [other for other in CONNECTOR_TYPES if isinstance(current.get(other), dict)]
            raise InputError(messages.OTHER_TYPE, current=types[0] if types else "unknown", desired=name)


def _check_possible(found: Iterable[diff.Difference]) -> None:
    """Check that an update can remove differences.

    :raises InputError: fields are immutable, or required fields of a new message are missing
    """
    immutable = [".".join(difference.path) for difference in found if difference.field.immutable]
    if immutable:
        raise InputError(messages.IMMUTABLE, fields=", ".join(immutable))
    absent = [
        name
        for difference in found
        if difference.field.type == "dict"
        for name in diff.missing(difference.desired, difference.field.fields, ".".join(difference.path) + ".")
    ]
    if absent:
        raise InputError(messages.INCOMPLETE_UPDATE, fields=", ".join(absent))


def _whole(wanted: Wanted, current: Mapping[str, str]) -> dict[str, Any]:
    """Return the specification with the whole desired map of properties, if it contains properties.

    :param current: the properties of the connector
    :raises InputError: a value is masked, and the connector has no such property
    """
    if "properties" not in wanted.spec:
        return dict(wanted.spec)
    named = dict(wanted.spec["properties"])
    for key in [key for key, value in named.items() if value == MASK]:
        if key not in current:
            raise InputError(messages.UNKNOWN_MASKED_VALUE, key=key, mask=MASK)
        named[key] = current[key]
    return {**wanted.spec, "properties": named if wanted.purge_properties else {**current, **named}}


def _sides(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return two maps without their common items."""
    return (
        {key: value for key, value in before.items() if after.get(key) != value},
        {key: value for key, value in after.items() if before.get(key) != value},
    )
