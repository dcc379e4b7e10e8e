# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fields of a connector are those of the vendor's protobufs: what can be set, changed, and read.

A newer `yandexcloud` that brings a field makes these tests name it.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.json_format import MessageToDict, ParseDict
from hypothesis import given, settings
from hypothesis import strategies as st
from installed import documentation
from unit.plugins.strategies import SECRET, of_type, patiently, specifications, updatable
from yandex.cloud import validation_pb2
from yandex.cloud.mdb.kafka.v1 import cluster_pb2, connector_pb2, connector_service_pb2
from yandex.cloud.operation import operation_pb2

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._connector import (
    Wanted,
    connector_from_api,
    operation_from_api,
    step_for,
)
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._differences import (
    Difference,
    update_mask,
)
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._errors import InputError
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._json import INTEGERS, camel, from_json, snake
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._specification import (
    CONNECTOR_TYPES,
    SPECIFICATION,
    Field,
    check_specification,
)
from sandbox import specification as cloud

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
    """Return the type of a field of a protobuf: that of Ansible, or `map`."""
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


def departures(
    table: Fields,
    to_set: Descriptor = TO_SET,
    to_change: Descriptor | None = TO_CHANGE,
    to_see: Descriptor | None = TO_SEE,
    path: str = "",
) -> Iterator[str]:
    """Yield what a table of fields says otherwise than the protobufs.

    :param to_change: message of an update; None: it cannot be changed, nor what is in it
    """
    declared = {field.name: field for field in table}
    set_, changed, seen = fields_of(to_set), fields_of(to_change), fields_of(to_see)
    if not path:
        del set_["name"]  # an option of its own
    for name in sorted({*set_, *changed, *declared}):
        where = path + name
        field = declared.get(name)
        if name not in set_:
            yield f"{where}: there is no such field"
        elif field is None:
            yield f"{where}: is missing"
        else:
            yield from (f"{where}: {what}" for what in _wrong(field, set_[name], changed.get(name), to_change, seen))
            if field.type == type_of(set_[name]) == "dict":
                inner = (changed.get(name), seen.get(name))
                inner_change, inner_see = (item.message_type if item is not None else None for item in inner)
                yield from departures(field.fields, set_[name].message_type, inner_change, inner_see, f"{where}.")


def _wrong(
    field: Field,
    set_: FieldDescriptor,
    changed: FieldDescriptor | None,
    to_change: Descriptor | None,
    seen: dict[str, FieldDescriptor],
) -> Iterator[str]:
    # a list is written as a string; nothing tells it from any other
    plain = "str" if field.type == "list" else field.type
    for place, descriptor in {"set": set_, "changed": changed, "seen": seen.get(field.name)}.items():
        if descriptor is not None and type_of(descriptor) != plain:
            yield f"is a {field.type}, but when it is {place} a {type_of(descriptor)}"
    if camel(field.name) != set_.json_name:
        yield f"is {set_.json_name} in JSON"
    if field.secret is not (field.name not in seen):
        yield f"{'is' if field.secret else 'is not'} secret, and can {'' if field.name in seen else 'not '}be seen"
    if to_change is not None and field.fixed is not (changed is None):
        yield f"{'is' if field.fixed else 'is not'} fixed, and can {'not ' if changed is None else ''}be changed"
    oneof = set_.containing_oneof.name if set_.containing_oneof else ""
    if field.one_of != oneof:
        yield f"is one of {field.one_of or 'nothing'}, but should be of {oneof or 'nothing'}"
    if set_.GetOptions().Extensions[validation_pb2.required] and not field.required:
        yield "is required"


def undocumented(
    returned: dict[str, Any], message: Descriptor, path: str = "", *, all_of_it: bool = True
) -> Iterator[str]:
    """Yield what the documentation of a result says otherwise than a protobuf.

    :param all_of_it: every field has to be documented
    """
    fields = fields_of(message)
    for name in sorted({*fields, *returned}):
        where = path + name
        if name not in fields:
            yield f"{where}: is documented, but there is none"
        elif name not in returned:
            if all_of_it:
                yield f"{where}: is not documented"
        else:
            kind = type_of(fields[name])
            if returned[name].get("type") != ("dict" if kind == "map" else kind):
                yield f"{where}: is a {kind}, not a {returned[name].get('type')}"
            if kind == "dict" and fields[name].message_type.full_name.startswith("yandex.cloud.mdb"):
                yield from undocumented(
                    returned[name].get("contains", {}), fields[name].message_type, f"{where}.", all_of_it=all_of_it
                )


def changed_table(path: str, change: Callable[[Field], Field | None], table: Fields = SPECIFICATION) -> Fields:
    """Return a copy of a table with one field changed, or without it."""
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


ALL = [(".".join(path), field) for path, field in paths()]
UPDATABLE = [path for path, dummy in paths(updatable())]


def test_the_table_is_what_the_protobufs_say() -> None:
    assert list(departures(SPECIFICATION)) == []


@pytest.mark.parametrize("path", [path for path, dummy in ALL])
def test_a_field_that_were_missing_would_be_named(path: str) -> None:
    assert list(departures(changed_table(path, lambda field: None))) == [f"{path}: is missing"]


@pytest.mark.parametrize(("path", "field"), [pytest.param(*item, id=item[0]) for item in ALL])
def test_whatever_were_wrong_of_a_field_would_be_named(path: str, field: Field) -> None:
    wrong = {
        "type": "bool" if field.type != "bool" else "int",
        "secret": not field.secret,
        "one_of": "another",
        "name": "another",
        "fixed": not field.fixed,
    }
    inside_of_fixed = any(path.startswith(f"{other}.") for other, declared in ALL if declared.fixed)
    for aspect, value in wrong.items():
        made = field._replace(**{aspect: value})  # type: ignore[arg-type]
        found = list(departures(changed_table(path, lambda dummy, made=made: made)))  # type: ignore[misc]
        if aspect == "fixed" and inside_of_fixed:
            assert not found
        else:
            assert any(line.startswith(f"{path}: ") for line in found), aspect


def test_what_the_vendor_requires_and_the_table_does_not_would_be_named() -> None:
    path = "connector_config_s3_sink.topics"
    table = changed_table(path, lambda field: field._replace(required=False))
    assert list(departures(table)) == [f"{path}: is required"]


@pytest.mark.parametrize("path", UPDATABLE, ids=".".join)
def test_an_update_mask_is_valid(path: tuple[str, ...]) -> None:
    mask = FieldMask()
    mask.FromJsonString(update_mask([Difference(path, Field(path[-1]), None, None)]))
    assert list(mask.paths) == [".".join(("connector_spec", *path))]
    assert mask.IsValidForDescriptor(connector_service_pb2.UpdateConnectorRequest.DESCRIPTOR)


def test_the_mask_of_what_is_fixed_is_not() -> None:
    fixed = [path for path, field in paths() if field.fixed]
    assert fixed
    for path in fixed:
        mask = FieldMask(paths=[".".join(("connector_spec", *path))])
        assert not mask.IsValidForDescriptor(connector_service_pb2.UpdateConnectorRequest.DESCRIPTOR)


# Results


@pytest.mark.parametrize(("module", "key"), [("kafka_connector", "connector"), ("kafka_connector_info", "connectors")])
def test_a_connector_is_documented(module: str, key: str) -> None:
    returned = documentation(module, "RETURN")[key]["contains"]
    assert list(undocumented(returned, TO_SEE)) == []
    incomplete = copy.deepcopy(returned)
    del incomplete["connector_config_s3_sink"]["contains"]["s3_connection"]["contains"]["bucket_name"]
    incomplete["tasks_max"]["type"] = "str"
    incomplete["another"] = {"type": "str"}
    assert list(undocumented(incomplete, TO_SEE)) == [
        "another: is documented, but there is none",
        "connector_config_s3_sink.s3_connection.bucket_name: is not documented",
        "tasks_max: is a int, not a str",
    ]


def test_names_of_statuses_are_documented() -> None:
    for module, key in (("kafka_connector", "connector"), ("kafka_connector_info", "connectors")):
        returned = documentation(module, "RETURN")[key]["contains"]
        for name in ("status", "health"):
            for value in TO_SEE.fields_by_name[name].enum_type.values_by_name:
                assert f"V({value})" in returned[name]["description"]
            default = TO_SEE.fields_by_name[name].enum_type.values_by_number[0].name
            assert connector_from_api({})[name] == default


@pytest.mark.parametrize("module", ["kafka_connector", "operation_info"])
def test_an_operation_is_documented(module: str) -> None:
    returned = documentation(module, "RETURN")["operation"]["contains"]
    assert list(undocumented(returned, operation_pb2.Operation.DESCRIPTOR)) == []


def test_what_is_documented_of_a_cluster_is_there() -> None:
    returned = documentation("kafka_cluster_info", "RETURN")["clusters"]["contains"]
    assert list(undocumented(returned, cluster_pb2.Cluster.DESCRIPTOR, all_of_it=False)) == []


# JSON


def every_field(message: Descriptor, seen: frozenset[str] = frozenset()) -> Iterator[FieldDescriptor]:
    """Yield the fields of a message and of all that it holds."""
    for field in message.fields:
        yield field
        inner = field.message_type
        if inner is None or is_map(field) or inner.full_name in seen or inner.full_name.startswith("google."):
            continue
        yield from every_field(inner, seen | {inner.full_name})


SHOWN = [*every_field(TO_SEE), *every_field(cluster_pb2.Cluster.DESCRIPTOR)]


def is_long(field: FieldDescriptor) -> bool:
    """Tell whether JSON carries a field as a string of digits."""
    if field.message_type is not None:
        return field.message_type.name in ("Int64Value", "UInt64Value")
    return field.cpp_type in (FieldDescriptor.CPPTYPE_INT64, FieldDescriptor.CPPTYPE_UINT64)


def test_integers_are_those_of_the_protobufs() -> None:
    long = {field.name for field in SHOWN if is_long(field)}
    assert sorted(INTEGERS - long) == [], "no integers"
    assert sorted(long - INTEGERS) == [], "integers that are missing"
    assert [field.full_name for field in SHOWN if field.name in INTEGERS and not is_long(field)] == []


def test_keys_of_maps_are_left_alone_and_no_others() -> None:
    for field in SHOWN:
        kept = from_json({field.json_name: {"someKey": "x"}}) == {snake(field.json_name): {"someKey": "x"}}
        assert kept is is_map(field), field.full_name


def test_names_are_those_of_the_protobufs() -> None:
    assert {field.full_name: snake(field.json_name) for field in SHOWN} == {
        field.full_name: field.name for field in SHOWN
    }


# At random: what is planned, done by the rules of the protobufs, is what was wanted


def in_results(message: connector_pb2.Connector) -> dict[str, Any]:
    return connector_from_api(MessageToDict(message))


def secrets_of(spec: Any, path: str = "") -> dict[str, str]:
    if isinstance(spec, dict):
        return {k: v for name, item in spec.items() for k, v in secrets_of(item, f"{path}.{name}".lstrip(".")).items()}
    return {path: spec} if str(spec).startswith(SECRET) else {}


def part(connector: dict[str, Any], path: str) -> bool:
    """Tell whether a connector has the part that holds a field."""
    value: Any = connector
    for name in path.split(".")[:-1]:
        value = value.get(name) if isinstance(value, dict) else None
    return value is not None


@st.composite
def lives(draw: st.DrawFn) -> tuple[dict[str, Any], Wanted]:
    """Return what a connector is created with, and what is wanted of it later."""
    kind = draw(st.sampled_from(CONNECTOR_TYPES))
    first = draw(specifications(of_type(kind), complete=True))
    then = draw(specifications(updatable(of_type(kind))))
    flags = {"purge_properties": draw(st.booleans()), "update_secrets": draw(st.booleans())}
    return check_specification(first), Wanted("present", check_specification(then), **flags)


@settings(patiently, max_examples=300)
@given(lives())
def test_what_is_planned_comes_about(life: tuple[dict[str, Any], Wanted]) -> None:
    first, want = life
    creation = step_for("configure", Wanted("present", first), None, "mirror")
    assert creation
    assert creation.connector
    connector = connector_pb2.Connector(status=connector_pb2.Connector.RUNNING)
    secrets = cloud.copy(
        ParseDict(creation.body, connector_service_pb2.CreateConnectorRequest()).connector_spec, connector
    )
    assert step_for("configure", Wanted("present", first), in_results(connector)) is None
    assert in_results(connector) == {**creation.connector, "status": "RUNNING"}
    assert secrets == secrets_of(first)
    before, secrets_before = in_results(connector), dict(secrets)
    update, message = None, ""
    try:
        update = step_for("configure", want, in_results(connector))
    except InputError as error:
        message = error.msg
    assert not message or "the task lacks" in message
    if update is None:
        return
    request = ParseDict(json.loads(json.dumps(update.body)), connector_service_pb2.UpdateConnectorRequest())
    cloud.update(list(request.update_mask.paths), request.connector_spec, connector, secrets)
    assert in_results(connector) == update.connector
    assert step_for("configure", want._replace(update_secrets=False), in_results(connector)) is None
    if want.update_secrets:
        assert secrets_of(want.spec).items() <= secrets.items()
    for path, secret in secrets_of(want.spec).items():
        # a part that is new comes with its secrets in any case
        assert secrets.get(path) == secret or path in secrets_before or part(before, path)


def test_an_operation_shows_its_connector() -> None:
    operation = operation_pb2.Operation(id="op", done=True)
    operation.response.Pack(connector_pb2.Connector(name="mirror", status=connector_pb2.Connector.PAUSED))
    shown = operation_from_api(MessageToDict(operation))
    assert shown["response"]["status"] == "PAUSED"
    assert shown["response"]["health"] == "HEALTH_UNKNOWN"
