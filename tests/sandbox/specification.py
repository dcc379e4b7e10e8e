# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Applies a specification to a connector: all of it for a creation, or the fields of an update mask."""

from __future__ import annotations

from typing import NoReturn

from google.protobuf.message import Message
from yandex.cloud.mdb.kafka.v1.connector_pb2 import Connector, UpdateConnectorSpec

from sandbox.validation import refuse

Secrets = dict[str, str]
"""Write-only fields by their path in the specification."""


def copy(source: Message, target: Message, prefix: str = "") -> Secrets:
    """Copy a specification to a connector. Return the write-only fields, which a connector does not have."""
    secrets: Secrets = {}
    for field, value in source.ListFields():
        path = prefix + field.name
        if field.name not in target.DESCRIPTOR.fields_by_name:
            secrets[path] = value
        elif field.is_repeated:
            getattr(target, field.name).update(value)
        elif field.message_type is not None:
            shown = getattr(target, field.name)
            shown.SetInParent()
            secrets.update(copy(value, shown, f"{path}."))
        else:
            setattr(target, field.name, value)
    return secrets


def update(paths: list[str], spec: UpdateConnectorSpec, connector: Connector, secrets: Secrets) -> bool:
    """Apply the fields of an update mask to a connector and its secrets.

    Return whether the mask contains a write-only field. A client cannot see whether such a field has changed.
    """
    touched = [_update_field(path, spec, connector, secrets) for path in paths]
    return any(touched)


def _update_field(path: str, spec: UpdateConnectorSpec, connector: Connector, secrets: Secrets) -> bool:
    request_field, *names = path.split(".")
    if request_field != "connector_spec" or not names:
        _refuse_path(path)
    kind = connector.WhichOneof("connector_config")
    if names[0].startswith("connector_config_") and names[0] != kind:
        refuse(("update_mask", f"connector has {kind}, and its type cannot be changed: {path}"))
    source: Message = spec
    target: Message = connector
    for name in names[:-1]:
        field = source.DESCRIPTOR.fields_by_name.get(name)
        if field is None or field.message_type is None or field.is_repeated:
            _refuse_path(path)
        source, target = getattr(source, name), getattr(target, name)
    leaf = names[-1]
    if leaf not in source.DESCRIPTOR.fields_by_name:
        _refuse_path(path)
    return _replace(leaf, source, target, secrets, ".".join(names))


def _replace(name: str, source: Message, target: Message, secrets: Secrets, path: str) -> bool:
    for secret in [known for known in secrets if known == path or known.startswith(f"{path}.")]:
        del secrets[secret]
    is_secret = name not in target.DESCRIPTOR.fields_by_name
    if not is_secret:
        target.ClearField(name)
    only = type(source)()
    only.CopyFrom(source)
    for field, dummy in source.ListFields():
        if field.name != name:
            only.ClearField(field.name)
    given = copy(only, target, path.removesuffix(name))
    secrets.update(given)
    return is_secret or bool(given)


def _refuse_path(path: str) -> NoReturn:
    refuse(("update_mask", f"unknown or immutable field: {path}"))
