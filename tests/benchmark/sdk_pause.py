# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pause a connector with the vendor's Python SDK: read it, pause it if it is not paused, wait for the operation."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import yandexcloud
from yandex.cloud.mdb.kafka.v1.connector_pb2 import Connector
from yandex.cloud.mdb.kafka.v1.connector_service_pb2 import (
    GetConnectorRequest,
    PauseConnectorMetadata,
    PauseConnectorRequest,
)
from yandex.cloud.mdb.kafka.v1.connector_service_pb2_grpc import ConnectorServiceStub


def main(cluster_id: str, name: str) -> None:
    """Pause the connector."""
    sdk = yandexcloud.SDK(
        iam_token=os.environ["YC_IAM_TOKEN"],
        endpoint=os.environ["SDK_ENDPOINT"],
        root_certificates=Path(os.environ["SDK_CA"]).read_bytes(),
    )
    connectors = sdk.client(ConnectorServiceStub)
    where = {"cluster_id": cluster_id, "connector_name": name}
    if connectors.Get(GetConnectorRequest(**where)).status != Connector.PAUSED:
        operation = connectors.Pause(PauseConnectorRequest(**where))
        result = sdk.wait_operation_and_get_result(
            operation, response_type=Connector, meta_type=PauseConnectorMetadata, timeout=60
        )
        assert result.response.status == Connector.PAUSED


if __name__ == "__main__":
    main(*sys.argv[1:])
