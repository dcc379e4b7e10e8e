# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Settings of a connector of each type, and an update of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

PASSWORD = "first-sasl-password"
OTHER_PASSWORD = "second-sasl-password"
CERTIFICATES = "-----BEGIN CERTIFICATE-----\nfirst-certificate\n-----END CERTIFICATE-----\n"
S3_SECRET = "first-s3-secret"
PROPERTY = "secret-of-a-property"

SPECIFICATIONS: dict[str, dict[str, Any]] = {
    "mirrormaker": {
        "tasks_max": 2,
        "properties": {"refresh.topics.enabled": True, "refresh.topics.interval.seconds": 60},
        "mirrormaker": {
            "topics": ["orders", "payments"],
            "replication_factor": 3,
            "source_cluster": {
                "alias": "source",
                "external_cluster": {
                    "bootstrap_servers": ["k1.example.com:9091", "k2.example.com:9091"],
                    "sasl_username": "mirror",
                    "sasl_password": PASSWORD,
                    "ssl_truststore_certificates": CERTIFICATES,
                },
            },
            "target_cluster": {"alias": "target", "this_cluster": {}},
        },
    },
    "s3_sink": {
        "placement": {"dedicated": True},
        "s3_sink": {
            "topics": "orders, payments",
            "file_compression_type": "gzip",
            "s3_connection": {
                "bucket_name": "archive",
                "external_s3": {"access_key_id": "id", "secret_access_key": S3_SECRET, "endpoint": "s3.example.com"},
            },
        },
    },
    "iceberg_sink": {
        "iceberg_sink": {
            "topics_regex": "events-.*",
            "control_topic": "control",
            "metastore_connection": {"catalog_uri": "thrift://meta.example.com:9083", "warehouse": "s3a://lake/"},
            "s3_connection": {"external_s3": {"access_key_id": "id", "secret_access_key": S3_SECRET}},
            "dynamic_tables": {"route_field": "table"},
            "tables_config": {"default_id_columns": ["id", "day"], "evolve_schema_enabled": True},
        },
    },
}


@dataclass(frozen=True)
class Update:
    """An update of a connector that has one of the SPECIFICATIONS."""

    options: Mapping[str, Any]
    mask: Sequence[str]
    diff: Mapping[str, Any]


UPDATES = {
    "mirrormaker": Update(
        {
            "tasks_max": 4,
            "mirrormaker": {
                "topics": ["orders"],
                "replication_factor": 3,
                "source_cluster": {"this_cluster": {}},
                "target_cluster": {"alias": "there"},
            },
        },
        (
            "tasks_max",
            "connector_config_mirrormaker.source_cluster.this_cluster",
            "connector_config_mirrormaker.target_cluster.alias",
            "connector_config_mirrormaker.topics",
        ),
        {
            "before": {
                "tasks_max": 2,
                "connector_config_mirrormaker": {
                    "source_cluster": {"this_cluster": None},
                    "target_cluster": {"alias": "target"},
                    "topics": "orders,payments",
                },
            },
            "after": {
                "tasks_max": 4,
                "connector_config_mirrormaker": {
                    "source_cluster": {"this_cluster": {}},
                    "target_cluster": {"alias": "there"},
                    "topics": "orders",
                },
            },
        },
    ),
    "s3_sink": Update(
        {"s3_sink": {"file_max_records": 500, "s3_connection": {"external_s3": {"region": "ru-central1"}}}},
        (
            "connector_config_s3_sink.file_max_records",
            "connector_config_s3_sink.s3_connection.external_s3.region",
        ),
        {
            "before": {
                "connector_config_s3_sink": {
                    "file_max_records": None,
                    "s3_connection": {"external_s3": {"region": None}},
                }
            },
            "after": {
                "connector_config_s3_sink": {
                    "file_max_records": 500,
                    "s3_connection": {"external_s3": {"region": "ru-central1"}},
                }
            },
        },
    ),
    "iceberg_sink": Update(
        {
            "iceberg_sink": {
                "topics": ["events"],
                "tables_config": {"evolve_schema_enabled": False, "default_id_columns": "id"},
                "control_config": {"commit_interval_ms": 60000},
            }
        },
        (
            "connector_config_iceberg_sink.topics",
            "connector_config_iceberg_sink.tables_config.default_id_columns",
            "connector_config_iceberg_sink.tables_config.evolve_schema_enabled",
            "connector_config_iceberg_sink.control_config.commit_interval_ms",
        ),
        {
            "before": {
                "connector_config_iceberg_sink": {
                    "topics": None,
                    "tables_config": {"default_id_columns": "id,day", "evolve_schema_enabled": True},
                    "control_config": {"commit_interval_ms": None},
                }
            },
            "after": {
                "connector_config_iceberg_sink": {
                    "topics": "events",
                    "tables_config": {"default_id_columns": "id", "evolve_schema_enabled": False},
                    "control_config": {"commit_interval_ms": 60000},
                }
            },
        },
    ),
}
