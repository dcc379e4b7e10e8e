# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Differences between a specification and a connector, and how they are shown and sent. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from .._api.secrets import MASK
from .fields import SPECIFICATION, Field, groups
from .model import camel
from .parse import joined


class Difference(NamedTuple):
    """A field whose current value is not the desired one.

    :param path: names of the messages that contain it, and its own name
    :param current: its value in the connector; None: absent, or never returned
    :param desired: its value in the specification
    """

    path: tuple[str, ...]
    field: Field
    current: Any
    desired: Any


def missing(spec: Mapping[str, Any], fields: tuple[Field, ...] = SPECIFICATION, where: str = "") -> Iterator[str]:
    """Yield the full names of required fields that a specification does not set."""
    for field in fields:
        if field.required and spec.get(field.name) in (None, ""):
            yield where + field.name
        elif field.type == "dict" and field.name in spec:
            yield from missing(spec[field.name], field.fields, f"{where}{field.name}.")
    for group in groups(fields).values():
        if group[0].one_of_required and all(spec.get(field.name) in (None, "") for field in group):
            yield f"{where}{' or '.join(field.name for field in group)}"


def differences(
    spec: Mapping[str, Any],
    current: Mapping[str, Any],
    *,
    secrets: bool = False,
    fields: tuple[Field, ...] = SPECIFICATION,
    path: tuple[str, ...] = (),
) -> Iterator[Difference]:
    """Yield the fields of a specification whose current value differs.

    :param spec: in the form of ``parse_specification``
    :param current: the connector, secrets not masked
    :param secrets: also yield the write-only fields, which cannot be compared
    """
    for field in fields:
        if field.name not in spec:
            continue
        desired, now, here = spec[field.name], current.get(field.name), (*path, field.name)
        if field.secret:
            if secrets:
                yield Difference(here, field, None, desired)
        elif field.type != "dict":
            if not _equal(field, desired, now):
                yield Difference(here, field, now, desired)
        elif field.one_of and not isinstance(now, dict):
            # An empty message of a group also has a meaning.
            yield Difference(here, field, now, desired)
        else:
            inner = now if isinstance(now, dict) else {}
            if not field.immutable:
                yield from differences(desired, inner, secrets=secrets, fields=field.fields, path=here)
            elif any(differences(desired, inner, fields=field.fields)):
                yield Difference(here, field, now, desired)


def _equal(field: Field, desired: Any, now: Any) -> bool:
    """Return whether two values mean the same to the API. An absent field has its default value."""
    if field.type == "bool":
        return bool(desired) == bool(now)
    if field.type == "list":
        return bool(desired == (joined(now) if isinstance(now, str) else ""))
    if field.type == "str":
        return bool((desired or field.default) == (now or field.default))
    return bool(desired == now)


def to_json(value: Any, fields: tuple[Field, ...] = SPECIFICATION) -> Any:
    """Return fields as JSON of the API.

    :param value: in the form of ``parse_specification``
    """
    body = {}
    for field in fields:
        if field.name in value:
            item = value[field.name]
            if field.type == "dict":
                item = to_json(item, field.fields)
            elif field.type == "int":
                item = str(item)
            body[camel(field.name)] = item
    return body


def without_secrets(value: Mapping[str, Any], fields: tuple[Field, ...] = SPECIFICATION) -> dict[str, Any]:
    """Return fields without the write-only ones, as the API returns them."""
    return {
        field.name: without_secrets(value[field.name], field.fields) if field.type == "dict" else value[field.name]
        for field in fields
        if field.name in value and not field.secret
    }


def secrets_masked(value: Mapping[str, Any], fields: tuple[Field, ...] = SPECIFICATION) -> dict[str, Any]:
    """Return fields with the write-only ones masked."""
    shown = {field.name: MASK for field in fields if field.secret and value.get(field.name) is not None}
    inner = {
        field.name: secrets_masked(value[field.name], field.fields)
        for field in fields
        if field.type == "dict" and isinstance(value.get(field.name), dict)
    }
    return {**value, **shown, **inner}


def nested(values: Iterable[tuple[tuple[str, ...], Any]]) -> dict[str, Any]:
    """Return values, each with its path, nested as in the connector."""
    tree: dict[str, Any] = {}
    for path, value in values:
        branch = tree
        for name in path[:-1]:
            branch = branch.setdefault(name, {})
        branch[path[-1]] = value
    return tree


def update_mask(found: Iterable[Difference]) -> str:
    """Return the update mask for differences, as REST has it: camelCase, separated by commas."""
    paths = (".".join(camel(name) for name in ("connector_spec", *difference.path)) for difference in found)
    return ",".join(paths)


def overlaid(
    current: Mapping[str, Any], changes: Mapping[str, Any], fields: tuple[Field, ...] = SPECIFICATION
) -> dict[str, Any]:
    """Return a connector with changes, as the API returns it: without empty texts and false booleans.

    A field of a group replaces the other fields of the group.
    """
    result = dict(current)
    exclusive = groups(fields)
    for field in fields:
        if field.name not in changes:
            continue
        now, change = current.get(field.name), changes[field.name]
        if field.type == "dict":
            change = overlaid(now if isinstance(now, dict) else {}, change, field.fields)
        for other in (field, *exclusive.get(field.one_of, ())):
            result.pop(other.name, None)
        if change or field.type in ("dict", "map"):
            result[field.name] = change
    return result
