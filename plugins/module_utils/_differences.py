# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A specification beside a connector: what it lacks, what differs, and how both are shown and sent. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._json import MASK, camel
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._specification import SPECIFICATION, Field
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._values import groups, joined


class Difference(NamedTuple):
    """A field that is not as it is wanted.

    :param path: names of the messages that hold it, and its own
    :param field: its declaration
    :param current: its value in the connector; None: not there, or never returned
    :param wanted: its value in the specification
    """

    path: tuple[str, ...]
    field: Field
    current: Any
    wanted: Any


def missing(spec: Mapping[str, Any], fields: tuple[Field, ...] = SPECIFICATION, where: str = "") -> Iterator[str]:
    """Yield what a specification lacks to create a connector, each by its full name."""
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
    """Yield the fields of a specification that are not so in a connector.

    :param spec: as ``specification`` returns it
    :param current: the connector, in the form of results, secrets not masked
    :param secrets: also yield the write-only fields, which nobody can compare
    """
    for field in fields:
        if field.name not in spec:
            continue
        wanted, now, here = spec[field.name], current.get(field.name), (*path, field.name)
        if field.secret:
            if secrets:
                yield Difference(here, field, None, wanted)
        elif field.type != "dict":
            if not _equal(field, wanted, now):
                yield Difference(here, field, now, wanted)
        elif field.one_of and not isinstance(now, dict):
            # that a field of a group is there says something, even when it is empty
            yield Difference(here, field, now, wanted)
        else:
            inner = now if isinstance(now, dict) else {}
            parts = field.fields
            if field.fixed:
                if any(differences(wanted, inner, fields=parts)):
                    yield Difference(here, field, now, wanted)
            else:
                yield from differences(wanted, inner, secrets=secrets, fields=parts, path=here)


def _equal(field: Field, wanted: Any, now: Any) -> bool:
    """Compare as the API means it: what it leaves out has its default value."""
    if field.type == "bool":
        return bool(wanted) == bool(now)
    if field.type == "list":
        return bool(wanted == (joined(now) if isinstance(now, str) else ""))
    if field.type == "str":
        return bool((wanted or field.default) == (now or field.default))
    return bool(wanted == now)


def to_json(value: Any, fields: tuple[Field, ...] = SPECIFICATION) -> Any:
    """Return fields as the API's JSON has them.

    :param value: as ``specification`` returns it
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
    """Return fields as the API shows them: without those that are write-only."""
    return {
        field.name: without_secrets(value[field.name], field.fields) if field.type == "dict" else value[field.name]
        for field in fields
        if field.name in value and not field.secret
    }


def secrets_masked(value: Mapping[str, Any], fields: tuple[Field, ...] = SPECIFICATION) -> dict[str, Any]:
    """Return fields with those masked that are write-only."""
    shown = {field.name: MASK for field in fields if field.secret and value.get(field.name) is not None}
    inner = {
        field.name: secrets_masked(value[field.name], field.fields)
        for field in fields
        if field.type == "dict" and isinstance(value.get(field.name), dict)
    }
    return {**value, **shown, **inner}


def nested(found: Iterable[Difference], side: str) -> dict[str, Any]:
    """Return one side (``current`` or ``wanted``) of differences, nested as in the connector."""
    tree: dict[str, Any] = {}
    for difference in found:
        branch = tree
        for name in difference.path[:-1]:
            branch = branch.setdefault(name, {})
        branch[difference.path[-1]] = getattr(difference, side)
    return tree


def update_mask(found: Iterable[Difference]) -> str:
    """Return the update mask for differences, in the form of REST: camelCase, separated by commas."""
    paths = (".".join(camel(name) for name in ("connector_spec", *difference.path)) for difference in found)
    return ",".join(paths)


def overlaid(
    current: Mapping[str, Any], changes: Mapping[str, Any], fields: tuple[Field, ...] = SPECIFICATION
) -> dict[str, Any]:
    """Return a connector with changes made to it, as the API shows it.

    In a group, what is new takes the place of what was there; a text that is empty and a boolean that is false are
    left out.
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
