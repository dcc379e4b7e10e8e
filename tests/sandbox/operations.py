# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An operation in the state of the cloud, and its representation in the API."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from google.rpc.status_pb2 import Status
from yandex.cloud.mdb.kafka.v1 import connector_service_pb2
from yandex.cloud.operation import operation_pb2

_METADATA: dict[str, Callable[..., Message]] = {
    "create": connector_service_pb2.CreateConnectorMetadata,
    "update": connector_service_pb2.UpdateConnectorMetadata,
    "delete": connector_service_pb2.DeleteConnectorMetadata,
    "pause": connector_service_pb2.PauseConnectorMetadata,
    "resume": connector_service_pb2.ResumeConnectorMetadata,
}


@dataclass
class Operation:
    id: str
    kind: str
    """`create`, `update`, `delete`, `pause`, or `resume`."""

    cluster_id: str
    connector_name: str
    created_by: str
    created_at: float
    modified_at: float
    not_found_polls: int = 0
    done: bool = False
    error: Status | None = None
    response: Message | None = None

    def message(self) -> operation_pb2.Operation:
        message = operation_pb2.Operation(
            id=self.id,
            description=f"{self.kind.capitalize()} Apache Kafka connector",
            created_at=timestamp(self.created_at),
            created_by=self.created_by,
            modified_at=timestamp(self.modified_at),
            done=self.done,
            error=self.error,
        )
        message.metadata.Pack(_METADATA[self.kind](cluster_id=self.cluster_id, connector_name=self.connector_name))
        if self.response is not None:
            message.response.Pack(self.response)
        return message


def timestamp(seconds: float) -> Timestamp:
    result = Timestamp()
    result.FromMicroseconds(round(seconds * 1_000_000))
    return result
