# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A sample specification of each connector type."""

from __future__ import annotations

from typing import Any

CONNECTOR_CONFIG: dict[str, dict[str, Any]] = {
    "mirrormaker": {
        "source_cluster": {
            "alias": "source",
            "external_cluster": {
                "bootstrap_servers": "kafka-1.example.com:9091,kafka-2.example.com:9091",
                "sasl_username": "mirror",
                "sasl_password": "mirror-password",
                "sasl_mechanism": "SCRAM-SHA-512",
                "security_protocol": "SASL_SSL",
                "ssl_truststore_certificates": "-----BEGIN CERTIFICATE-----\nsample\n-----END CERTIFICATE-----\n",
            },
        },
        "target_cluster": {"alias": "target", "this_cluster": {}},
        "topics": "orders.*",
        "replication_factor": 3,
    },
    "s3_sink": {
        "topics": "orders,payments",
        "file_compression_type": "gzip",
        "file_max_records": 10000,
        "s3_connection": {
            "bucket_name": "archive",
            "external_s3": {
                "access_key_id": "archive-key-id",
                "secret_access_key": "archive-secret",
                "endpoint": "storage.yandexcloud.net",
                "region": "ru-central1",
            },
        },
    },
    "iceberg_sink": {
        "topics": "events",
        "control_topic": "iceberg-control",
        "metastore_connection": {"catalog_uri": "thrift://metastore.example.com:9083", "warehouse": "s3a://lake/"},
        "s3_connection": {
            "external_s3": {
                "access_key_id": "lake-key-id",
                "secret_access_key": "lake-secret",
                "endpoint": "https://storage.yandexcloud.net",
                "region": "ru-central1",
            },
        },
        "static_tables": {"tables": "lake.events"},
        "tables_config": {"evolve_schema_enabled": True},
        "control_config": {"commit_interval_ms": 300000},
    },
}
