# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fields of a connector, and their documentation, are those of the vendor's protobufs.

If a newer version of `yandexcloud` adds a field, these tests fail and name the field.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection, Iterator
from typing import Any

import pytest
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.json_format import MessageToDict
from support.installed import documentation
from support.strategies import updatable
from yandex.cloud import validation_pb2
from yandex.cloud.mdb.kafka.v1 import cluster_pb2, connector_pb2, connector_service_pb2
from yandex.cloud.operation import operation_pb2

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._connector.diff import Difference, update_mask
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._connector.fields import (
    INTEGERS,
    SPECIFICATION,
    Field,
)
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._connector.model import (
    camel,
    connector_from_api,
    from_json,
    operation_from_api,
    response_connector,
    snake,
)
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._run.cluster import _INTEGERS

Fields = tuple[Field, ...]

TO_SET = connector_pb2.ConnectorSpec.DESCRIPTOR
TO_CHANGE = connector_pb2.UpdateConnectorSpec.DESCRIPTOR
TO_SEE = connector_pb2.Connector.DESCRIPTOR
WRAPPERS = {"Int64Value": "int", "BoolValue": "bool", "StringValue": "str", "DoubleValue": "float"}
SCALARS = {
    FieldDescriptor.TYPE_STRING: "str",
    FieldDescriptor.TYPE_ENUM: "str",
    FieldDescriptor.TYPE_BOOL: "bool",
    FieldDescriptor.TYPE_INT64: "int",
    FieldDescriptor.TYPE_INT32: "int",
    FieldDescriptor.TYPE_DOUBLE: "float",
}


def is_map(field: FieldDescriptor) -> bool:
    return field.message_type is not None and field.message_type.GetOptions().map_entry


def type_of(field: FieldDescriptor) -> str:
    """Return the type of a field of a protobuf: a type of Ansible, or `map`."""
    if is_map(field):
        return "map"
    if field.is_repeated:
        return "list"
    if field.message_type is None:
        return SCALARS[field.type]
    if field.message_type.full_name == "google.protobuf.Timestamp":
        return "str"
    return WRAPPERS.get(field.message_type.name, "dict")


def fields_of(message: Descriptor | None) -> dict[str, FieldDescriptor]:
    return {} if message is None else dict(message.fields_by_name)


def errors_in_table(
    table: Fields,
    to_set: Descriptor = TO_SET,
    to_change: Descriptor | None = TO_CHANGE,
    to_see: Descriptor | None = TO_SEE,
    path: str = "",
) -> Iterator[str]:
    """Yield the differences between a table of fields and the protobufs.

    :param to_change: message of an update; None: neither the field nor its content can be changed
    """
    declared = {field.name: field for field in table}
    set_, changed, seen = fields_of(to_set), fields_of(to_change), fields_of(to_see)
    if not path:
        del set_["name"]  # The name is not part of the settings.
    for name in sorted({*set_, *changed, *declared}):
        where = path + name
        field = declared.get(name)
        if name not in set_:
            yield f"{where}: does not exist"
        elif field is None:
            yield f"{where}: is missing"
        else:
            yield from (f"{where}: {what}" for what in _wrong(field, set_[name], changed.get(name), to_change, seen))
            if field.type == type_of(set_[name]) == "dict":
                inner = (changed.get(name), seen.get(name))
                inner_change, inner_see = (item.message_type if item is not None else None for item in inner)
                yield from errors_in_table(field.fields, set_[name].message_type, inner_change, inner_see, f"{where}.")


def _wrong(
    field: Field,
    set_: FieldDescriptor,
    changed: FieldDescriptor | None,
    to_change: Descriptor | None,
    seen: dict[str, FieldDescriptor],
) -> Iterator[str]:
    # A protobuf does not tell a string that means a list from other strings.
    plain = "str" if field.type == "list" else field.type
    for message, descriptor in {"ConnectorSpec": set_, "update": changed, "Connector": seen.get(field.name)}.items():
        if descriptor is not None and type_of(descriptor) != plain:
            yield f"type is {field.type}, in {message} it is {type_of(descriptor)}"
    if camel(field.name) != set_.json_name:
        yield f"JSON name is {camel(field.name)} instead of {set_.json_name}"
    if field.secret is not (field.name not in seen):
        yield f"secret is {field.secret}"
    if to_change is not None and field.immutable is not (changed is None):
        yield f"immutable is {field.immutable}"
    oneof = set_.containing_oneof.name if set_.containing_oneof else ""
    if field.one_of != oneof:
        yield f"one_of is {field.one_of!r} instead of {oneof!r}"
    if set_.GetOptions().Extensions[validation_pb2.required] and not field.required:
        yield "required is False"


def errors_in_documentation(
    returned: dict[str, Any], message: Descriptor, path: str = "", *, complete: bool = True
) -> Iterator[str]:
    """Yield the differences between the documentation of a result and a protobuf.

    :param complete: every field must be documented
    """
    fields = fields_of(message)
    for name in sorted({*fields, *returned}):
        where = path + name
        if name not in fields:
            yield f"{where}: does not exist"
        elif name not in returned:
            if complete:
                yield f"{where}: is not documented"
        else:
            kind = type_of(fields[name])
            if returned[name].get("type") != ("dict" if kind == "map" else kind):
                yield f"{where}: type is {returned[name].get('type')} instead of {kind}"
            if kind == "dict" and fields[name].message_type.full_name.startswith("yandex.cloud.mdb"):
                contains = returned[name].get("contains", {})
                yield from errors_in_documentation(contains, fields[name].message_type, f"{where}.", complete=complete)


def changed_table(path: str, change: Callable[[Field], Field | None], table: Fields = SPECIFICATION) -> Fields:
    """Return a copy of a table with one field changed or removed."""
    name, dummy, rest = path.partition(".")
    result = []
    for field in table:
        made: Field | None = field
        if field.name == name:
            made = field._replace(fields=changed_table(rest, change, field.fields)) if rest else change(field)
        result += [made] if made else []
    return tuple(result)


def paths(table: Fields = SPECIFICATION, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Field]]:
    for field in table:
        yield (*path, field.name), field
        yield from paths(field.fields, (*path, field.name))


def is_valid_mask(path: tuple[str, ...]) -> bool:
    """Return whether the service accepts the update mask of a field."""
    mask = FieldMask()
    mask.FromJsonString(update_mask([Difference(path, Field(path[-1]), None, None)]))
    assert list(mask.paths) == [".".join(("connector_spec", *path))]
    return mask.IsValidForDescriptor(connector_service_pb2.UpdateConnectorRequest.DESCRIPTOR)


# The table of fields

EXTERNAL = "connector_config_mirrormaker.source_cluster.external_cluster"


def test_table_agrees_with_the_protobufs() -> None:
    assert list(errors_in_table(SPECIFICATION)) == []


@pytest.mark.parametrize("path", [f"{EXTERNAL}.sasl_password", "connector_config_iceberg_sink.static_tables"])
def test_missing_field_is_reported(path: str) -> None:
    assert list(errors_in_table(changed_table(path, lambda field: None))) == [f"{path}: is missing"]


@pytest.mark.parametrize(
    ("path", "wrong", "reported"),
    [
        (
            "tasks_max",
            {"type": "bool", "one_of": "other"},
            [
                "tasks_max: type is bool, in ConnectorSpec it is int",
                "tasks_max: type is bool, in update it is int",
                "tasks_max: type is bool, in Connector it is int",
                "tasks_max: one_of is 'other' instead of ''",
            ],
        ),
        (
            f"{EXTERNAL}.sasl_password",
            {"secret": False, "immutable": True},
            [f"{EXTERNAL}.sasl_password: secret is False", f"{EXTERNAL}.sasl_password: immutable is True"],
        ),
        (
            "connector_config_s3_sink",
            {"name": "s3_sink", "fields": ()},
            ["connector_config_s3_sink: is missing", "s3_sink: does not exist"],
        ),
        (
            "connector_config_s3_sink.topics",
            {"required": False},
            ["connector_config_s3_sink.topics: required is False"],
        ),
    ],
    ids=["type and group", "secret and immutable", "name", "optional although the vendor requires it"],
)
def test_wrong_field_is_reported(path: str, wrong: dict[str, Any], reported: list[str]) -> None:
    table = changed_table(path, lambda field: field._replace(**wrong))
    assert list(errors_in_table(table)) == reported


def test_update_masks_of_all_fields_are_valid() -> None:
    assert [path for path, dummy in paths(updatable()) if not is_valid_mask(path)] == []


def test_update_masks_of_immutable_fields_are_invalid() -> None:
    immutable = [path for path, field in paths() if field.immutable]
    assert immutable
    assert [path for path in immutable if is_valid_mask(path)] == []


# The documentation of results


def test_connector_is_documented() -> None:
    returned = documentation("kafka_connector", "RETURN")["connector"]["contains"]
    assert list(errors_in_documentation(returned, TO_SEE)) == []
    wrong = copy.deepcopy(returned)
    del wrong["connector_config_s3_sink"]["contains"]["s3_connection"]["contains"]["bucket_name"]
    wrong["tasks_max"]["type"] = "str"
    wrong["other"] = {"type": "str"}
    assert list(errors_in_documentation(wrong, TO_SEE)) == [
        "connector_config_s3_sink.s3_connection.bucket_name: is not documented",
        "other: does not exist",
        "tasks_max: type is str instead of int",
    ]


def test_values_of_enums_are_documented() -> None:
    returned = documentation("kafka_connector", "RETURN")["connector"]["contains"]
    for name in ("status", "health"):
        enum = TO_SEE.fields_by_name[name].enum_type
        assert [value for value in enum.values_by_name if f"V({value})" not in returned[name]["description"]] == []
        assert connector_from_api({})[name] == enum.values_by_number[0].name


def test_operation_is_documented() -> None:
    returned = documentation("kafka_connector", "RETURN")["operation"]["contains"]
    assert list(errors_in_documentation(returned, operation_pb2.Operation.DESCRIPTOR)) == []


def test_documented_fields_of_a_cluster_exist() -> None:
    returned = documentation("kafka_cluster_info", "RETURN")["clusters"]["contains"]
    assert list(errors_in_documentation(returned, cluster_pb2.Cluster.DESCRIPTOR, complete=False)) == []


@pytest.mark.parametrize(
    ("module", "key", "documented"),
    [
        ("kafka_connector_info", "connectors", "connector"),
        ("kafka_connector_info", "error", "error"),
        ("kafka_cluster_info", "error", "error"),
        ("operation_info", "operation", "operation"),
        ("operation_info", "error", "error"),
    ],
)
def test_other_modules_refer_to_the_documentation_of_kafka_connector(module: str, key: str, documented: str) -> None:
    returned = documentation(module, "RETURN")[key]
    assert f"RV(yandex_cloud.managed_kafka.kafka_connector#module:{documented})" in str(returned["description"])
    repeated = documentation("kafka_connector", "RETURN")[documented]["contains"]
    assert repeated.keys() & returned.get("contains", {}).keys() == set()


# JSON


def every_field(
    message: Descriptor, seen: frozenset[str] = frozenset(), *, without: Collection[str] = ()
) -> Iterator[FieldDescriptor]:
    """Yield the fields of a message and of all messages in it.

    :param without: names of fields of the message itself
    """
    for field in message.fields:
        if field.name in without:
            continue
        yield field
        inner = field.message_type
        if inner is None or is_map(field) or inner.full_name in seen or inner.full_name.startswith("google."):
            continue
        yield from every_field(inner, seen | {inner.full_name})


OF_CONNECTOR = [*every_field(TO_SEE)]
# A list of clusters leaves these fields empty.
OF_CLUSTER = [*every_field(cluster_pb2.Cluster.DESCRIPTOR, without=("config", "monitoring"))]
SHOWN = [*OF_CONNECTOR, *OF_CLUSTER]


def is_long(field: FieldDescriptor) -> bool:
    """Return whether JSON transports a field as a string of digits."""
    if field.message_type is not None:
        return field.message_type.name in ("Int64Value", "UInt64Value")
    return field.cpp_type in (FieldDescriptor.CPPTYPE_INT64, FieldDescriptor.CPPTYPE_UINT64)


def test_integers_agree_with_the_protobufs() -> None:
    for fields, integers in ((OF_CONNECTOR, INTEGERS), (OF_CLUSTER, _INTEGERS)):
        long = {field.name for field in fields if is_long(field)}
        assert sorted(integers - long) == [], "not an integer"
        assert sorted(long - integers) == [], "missing"
        assert [field.full_name for field in fields if field.name in integers and not is_long(field)] == []


def test_only_keys_of_maps_stay_unchanged() -> None:
    for field in SHOWN:
        kept = from_json({field.json_name: {"someKey": "x"}}) == {snake(field.json_name): {"someKey": "x"}}
        assert kept is is_map(field), field.full_name


def test_names_agree_with_the_protobufs() -> None:
    assert {field.full_name: snake(field.json_name) for field in SHOWN} == {
        field.full_name: field.name for field in SHOWN
    }


def test_operation_contains_its_connector() -> None:
    operation = operation_pb2.Operation(id="op", done=True)
    operation.response.Pack(connector_pb2.Connector(name="mirror", status=connector_pb2.Connector.PAUSED))
    body = MessageToDict(operation)
    connector = response_connector(body)
    assert connector
    assert (connector["status"], connector["health"]) == ("PAUSED", "HEALTH_UNKNOWN")
    assert "response" not in operation_from_api(body)
