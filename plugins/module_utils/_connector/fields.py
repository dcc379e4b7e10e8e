# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fields of a connector: each is declared once, and options, conversion, comparison and update mask follow from it.

Source: ConnectorSpec, UpdateConnectorSpec and Connector of ``yandex.cloud.mdb.kafka.v1``, published as the Python
package yandexcloud. To add a field, add a line to SPECIFICATION and describe it in the documentation of
kafka_connector. Pure.
"""

from __future__ import annotations

from typing import Any, NamedTuple


class Field(NamedTuple):
    """A field of the specification.

    :param name: as in the API, in snake_case
    :param type: ``str``, ``int``, ``bool``; ``list``: a string of the API that means a list, separated by commas;
        ``map``: of strings; ``dict``: a message with ``fields``
    :param aliases: other names of the option
    :param secret: write-only: the API never returns it
    :param immutable: the API cannot change it (it is not in UpdateConnectorSpec)
    :param required: to create the message that contains it; with ``one_of``: one field of the group is required
    :param one_of: name of a group; at most one field of the group can be set
    :param default: the value that the API uses if the field is absent
    :param minimum: of an ``int``
    """

    name: str
    type: str = "str"
    fields: tuple[Field, ...] = ()
    aliases: tuple[str, ...] = ()
    secret: bool = False
    immutable: bool = False
    required: bool = False
    one_of: str = ""
    default: str = ""
    minimum: int | None = None


def _message(name: str, *fields: Field, **rules: Any) -> Field:
    return Field(name, "dict", fields, **rules)


def _type(alias: str, *fields: Field) -> Field:
    """Return the message that contains the settings of one type of connector."""
    return _message(f"connector_config_{alias}", *fields, aliases=(alias,), one_of="connector_config", required=True)


_CLUSTER_CONNECTION = (
    Field("alias"),
    _message("this_cluster", one_of="cluster_connection", required=True),
    _message(
        "external_cluster",
        Field("bootstrap_servers", "list", required=True),
        Field("sasl_username"),
        Field("sasl_password", secret=True),
        Field("sasl_mechanism"),
        Field("security_protocol"),
        Field("ssl_truststore_certificates", secret=True),
        one_of="cluster_connection",
        required=True,
    ),
)
_EXTERNAL_S3 = _message(
    "external_s3",
    Field("access_key_id"),
    Field("secret_access_key", secret=True),
    Field("endpoint"),
    Field("region", default="us-east-1"),
    one_of="storage",
)
_TYPES = (
    _type(
        "mirrormaker",
        _message("source_cluster", *_CLUSTER_CONNECTION, required=True),
        _message("target_cluster", *_CLUSTER_CONNECTION, required=True),
        Field("topics", "list", required=True),
        Field("replication_factor", "int", minimum=1),
    ),
    _type(
        "s3_sink",
        Field("topics", "list", required=True),
        Field("file_compression_type", immutable=True, default="none"),
        Field("file_max_records", "int", minimum=1),
        _message("s3_connection", Field("bucket_name", required=True), _EXTERNAL_S3, required=True),
    ),
    _type(
        "iceberg_sink",
        Field("topics", "list", one_of="topics_source", required=True),
        Field("topics_regex", one_of="topics_source", required=True),
        Field("control_topic", required=True),
        _message(
            "metastore_connection",
            Field("catalog_uri", required=True),
            Field("warehouse", required=True),
            required=True,
        ),
        _message("s3_connection", _EXTERNAL_S3, required=True),
        _message("static_tables", Field("tables", "list"), one_of="table_routing", immutable=True),
        _message("dynamic_tables", Field("route_field"), one_of="table_routing", immutable=True),
        _message(
            "tables_config",
            Field("default_commit_branch"),
            Field("default_id_columns", "list"),
            Field("default_partition_by", "list"),
            Field("evolve_schema_enabled", "bool"),
            Field("schema_force_optional", "bool"),
            Field("schema_case_insensitive", "bool"),
        ),
        _message(
            "control_config",
            Field("group_id_prefix"),
            Field("commit_interval_ms", "int", minimum=1),
            Field("commit_timeout_ms", "int", minimum=1),
            Field("commit_threads", "int", minimum=1),
            Field("transactional_prefix"),
        ),
    ),
)
CONNECTOR_TYPES = tuple(field.name for field in _TYPES)
SPECIFICATION = (
    Field("tasks_max", "int", minimum=1),
    Field("properties", "map"),
    _message("placement", Field("dedicated", "bool"), immutable=True),
    *_TYPES,
)


def groups(fields: tuple[Field, ...]) -> dict[str, list[Field]]:
    """Return the groups of fields that exclude each other, by name."""
    groups: dict[str, list[Field]] = {}
    for field in fields:
        if field.one_of:
            groups.setdefault(field.one_of, []).append(field)
    return groups


def options(fields: tuple[Field, ...] = SPECIFICATION) -> dict[str, dict[str, Any]]:
    """Return the options of a module for fields, in the form of an ``argument_spec``."""
    return {field.name: _option(field) for field in fields}


def _option(field: Field) -> dict[str, Any]:
    option: dict[str, Any] = {"type": "dict" if field.type == "map" else field.type}
    if field.type == "list":
        option["elements"] = "str"
    if field.type == "dict":
        option["options"] = options(field.fields)
    if field.aliases:
        option["aliases"] = list(field.aliases)
    # Without it, Ansible guesses from the name, and warns.
    if field.secret or "secret" in field.name or "password" in field.name:
        option["no_log"] = field.secret
    return option


def _all(fields: tuple[Field, ...]) -> list[Field]:
    """Return fields, and those inside them."""
    return [*fields, *(inner for field in fields for inner in _all(field.fields))]


INTEGERS = frozenset(field.name for field in _all(SPECIFICATION) if field.type == "int")
"""Names of the int64 fields. JSON transports them as strings."""
