# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Differences between a specification and a connector, and how they are shown and sent. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
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
        if field.required and not field.one_of and spec.get(field.name) in (None, ""):
            yield where + field.name
        elif field.type == "dict" and field.name in spec:
            yield from missing(spec[field.name], field.fields, f"{where}{field.name}.")
    for group in groups(fields).values():
        if group[0].required and all(spec.get(field.name) in (None, "") for field in group):
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
        # An empty message of a group also has a meaning.
        is_new = not isinstance(now, dict) and bool(field.one_of)
        if field.type == "dict" and not field.immutable and not is_new:
            yield from differences(desired, now or {}, secrets=secrets, fields=field.fields, path=here)
        elif field.secret:
            if secrets:
                yield Difference(here, field, None, desired)
        elif field.type == "dict":
            if is_new or any(differences(desired, now or {}, fields=field.fields)):
                yield Difference(here, field, now, desired)
        elif _meaning(field, desired) != _meaning(field, now):
            yield Difference(here, field, now, desired)


def _meaning(field: Field, value: Any) -> Any:
    """Return what a value means to the API. An absent field has its default value."""
    if field.type == "bool":
        return bool(value)
    if field.type == "list":
        return joined(value or "")
    return (value or field.default) if field.type == "str" else value


def to_json(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return a specification as JSON of the API."""
    return _converted(spec, lambda field, item: str(item) if field.type == "int" else item, camel)


def without_secrets(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return a specification without the write-only fields, as the API returns it."""
    return _converted(spec, lambda field, item: None if field.secret else item)


def secrets_masked(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return a specification with the write-only fields masked."""
    return _converted(spec, lambda field, item: MASK if field.secret else item)


def _converted(
    spec: Mapping[str, Any],
    convert: Callable[[Field, Any], Any],
    rename: Callable[[str], str] = str,
    fields: tuple[Field, ...] = SPECIFICATION,
) -> dict[str, Any]:
    """Return a specification with other values and names. A field whose new value is None is left out."""
    found = {}
    for field in fields:
        if field.name in spec:
            value = spec[field.name]
            is_message = field.type == "dict"
            value = _converted(value, convert, rename, field.fields) if is_message else convert(field, value)
            if value is not None:
                found[rename(field.name)] = value
    return found


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
    return ",".join(".".join(map(camel, ("connector_spec", *difference.path))) for difference in found)


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
