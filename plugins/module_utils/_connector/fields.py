# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fields of a connector: each is declared once, and options, conversion, comparison and update mask follow from it.

Source: ConnectorSpec, UpdateConnectorSpec and Connector of ``yandex.cloud.mdb.kafka.v1``, published as the Python
package yandexcloud. To add a field, add a line to SPECIFICATION and describe it in the documentation of
kafka_connector. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple


class Field(NamedTuple):
    """A field of the specification.

    :param name: as in the API, in snake_case
    :param type: ``str``, ``int``, ``bool``; ``list``: a string of the API that means a list, separated by commas;
        ``map``: of strings; ``dict``: a message with ``fields``
    :param aliases: other names of the option
    :param secret: write-only: the API never returns it
    :param immutable: the API cannot change it (it is not in UpdateConnectorSpec)
    :param required: required to create the message that contains it
    :param one_of: name of a group; at most one field of the group can be set
    :param one_of_required: one field of the group is required to create the message
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
    one_of_required: bool = False
    default: str = ""
    minimum: int | None = None


_CLUSTER_CONNECTION = (
    Field("alias"),
    Field("this_cluster", "dict", one_of="cluster_connection", one_of_required=True),
    Field(
        "external_cluster",
        "dict",
        (
            Field("bootstrap_servers", "list", required=True),
            Field("sasl_username"),
            Field("sasl_password", secret=True),
            Field("sasl_mechanism"),
            Field("security_protocol"),
            Field("ssl_truststore_certificates", secret=True),
        ),
        one_of="cluster_connection",
        one_of_required=True,
    ),
)
_EXTERNAL_S3 = Field(
    "external_s3",
    "dict",
    (
        Field("access_key_id"),
        Field("secret_access_key", secret=True),
        Field("endpoint"),
        Field("region", default="us-east-1"),
    ),
    one_of="storage",
)
_TYPES = (
    Field(
        "connector_config_mirrormaker",
        "dict",
        (
            Field("source_cluster", "dict", _CLUSTER_CONNECTION, required=True),
            Field("target_cluster", "dict", _CLUSTER_CONNECTION, required=True),
            Field("topics", "list", required=True),
            Field("replication_factor", "int", minimum=1),
        ),
        aliases=("mirrormaker",),
        one_of="connector_config",
        one_of_required=True,
    ),
    Field(
        "connector_config_s3_sink",
        "dict",
        (
            Field("topics", "list", required=True),
            Field("file_compression_type", immutable=True, default="none"),
            Field("file_max_records", "int", minimum=1),
            Field("s3_connection", "dict", (Field("bucket_name", required=True), _EXTERNAL_S3), required=True),
        ),
        aliases=("s3_sink",),
        one_of="connector_config",
        one_of_required=True,
    ),
    Field(
        "connector_config_iceberg_sink",
        "dict",
        (
            Field("topics", "list", one_of="topics_source", one_of_required=True),
            Field("topics_regex", one_of="topics_source", one_of_required=True),
            Field("control_topic", required=True),
            Field(
                "metastore_connection",
                "dict",
                (Field("catalog_uri", required=True), Field("warehouse", required=True)),
                required=True,
            ),
            Field("s3_connection", "dict", (_EXTERNAL_S3,), required=True),
            Field("static_tables", "dict", (Field("tables", "list"),), one_of="table_routing", immutable=True),
            Field("dynamic_tables", "dict", (Field("route_field"),), one_of="table_routing", immutable=True),
            Field(
                "tables_config",
                "dict",
                (
                    Field("default_commit_branch"),
                    Field("default_id_columns", "list"),
                    Field("default_partition_by", "list"),
                    Field("evolve_schema_enabled", "bool"),
                    Field("schema_force_optional", "bool"),
                    Field("schema_case_insensitive", "bool"),
                ),
            ),
            Field(
                "control_config",
                "dict",
                (
                    Field("group_id_prefix"),
                    Field("commit_interval_ms", "int", minimum=1),
                    Field("commit_timeout_ms", "int", minimum=1),
                    Field("commit_threads", "int", minimum=1),
                    Field("transactional_prefix"),
                ),
            ),
        ),
        aliases=("iceberg_sink",),
        one_of="connector_config",
        one_of_required=True,
    ),
)
CONNECTOR_TYPES = tuple(field.name for field in _TYPES)
SPECIFICATION = (
    Field("tasks_max", "int", minimum=1),
    Field("properties", "map"),
    Field("placement", "dict", (Field("dedicated", "bool"),), immutable=True),
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


def _integers(fields: tuple[Field, ...]) -> Iterator[str]:
    for field in fields:
        if field.type == "int":
            yield field.name
        yield from _integers(field.fields)


INTEGERS = frozenset(_integers(SPECIFICATION))
"""Names of the int64 fields. JSON transports them as strings."""
