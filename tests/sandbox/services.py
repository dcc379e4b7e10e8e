# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The gRPC services. Each method passes its request to the cloud."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import grpc
from google.protobuf.descriptor import ServiceDescriptor
from google.protobuf.message_factory import GetMessageClass
from yandex.cloud.endpoint import api_endpoint_pb2, api_endpoint_service_pb2
from yandex.cloud.iam.v1 import iam_token_service_pb2
from yandex.cloud.mdb.kafka.v1 import cluster_pb2, cluster_service_pb2, connector_pb2, connector_service_pb2
from yandex.cloud.operation import operation_pb2, operation_service_pb2

from sandbox.calls import Call
from sandbox.cloud import Change, Cloud
from sandbox.identity import Identity
from sandbox.operations import timestamp
from sandbox.status import Refused


class Service(Protocol):
    descriptor: ServiceDescriptor
    """A method that the class does not implement returns UNIMPLEMENTED."""


class Connectors:
    descriptor = connector_service_pb2.DESCRIPTOR.services_by_name["ConnectorService"]

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud

    def Get(self, request: connector_service_pb2.GetConnectorRequest, call: Call) -> connector_pb2.Connector:
        return self._cloud.get_connector(request.cluster_id, request.connector_name)

    def List(
        self, request: connector_service_pb2.ListConnectorsRequest, call: Call
    ) -> connector_service_pb2.ListConnectorsResponse:
        return self._cloud.list_connectors(request.cluster_id, request.page_size, request.page_token)

    def _change(self, request: Change, call: Call) -> operation_pb2.Operation:
        return self._cloud.change(request, by=call.subject.id, idempotency_key=call.idempotency_key)

    Create = Update = Delete = Pause = Resume = _change


class Clusters:
    descriptor = cluster_service_pb2.DESCRIPTOR.services_by_name["ClusterService"]

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud

    def Get(self, request: cluster_service_pb2.GetClusterRequest, call: Call) -> cluster_pb2.Cluster:
        return self._cloud.get_cluster(request.cluster_id)

    def List(
        self, request: cluster_service_pb2.ListClustersRequest, call: Call
    ) -> cluster_service_pb2.ListClustersResponse:
        # The real service also ignores the filter.
        return self._cloud.list_clusters(request.folder_id, request.page_size, request.page_token)

    def ListOperations(
        self, request: cluster_service_pb2.ListClusterOperationsRequest, call: Call
    ) -> cluster_service_pb2.ListClusterOperationsResponse:
        return self._cloud.list_operations(request.cluster_id, request.page_size, request.page_token)


class Operations:
    descriptor = operation_service_pb2.DESCRIPTOR.services_by_name["OperationService"]

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud

    def Get(self, request: operation_service_pb2.GetOperationRequest, call: Call) -> operation_pb2.Operation:
        return self._cloud.get_operation(request.operation_id)


class IamTokens:
    descriptor = iam_token_service_pb2.DESCRIPTOR.services_by_name["IamTokenService"]

    def __init__(self, identity: Identity) -> None:
        self._identity = identity

    def Create(
        self, request: iam_token_service_pb2.CreateIamTokenRequest, call: Call
    ) -> iam_token_service_pb2.CreateIamTokenResponse:
        if not request.jwt:
            raise Refused("UNAUTHENTICATED", "The sandbox does not exchange OAuth tokens")
        token, expires_at = self._identity.exchange(request.jwt)
        return iam_token_service_pb2.CreateIamTokenResponse(iam_token=token, expires_at=timestamp(expires_at))


class Endpoints:
    """The addresses of the services, which are all the same. The vendor's SDK requests them first."""

    descriptor = api_endpoint_service_pb2.DESCRIPTOR.services_by_name["ApiEndpointService"]

    def __init__(self, address: Callable[[], str]) -> None:
        self._address = address

    def List(
        self, request: api_endpoint_service_pb2.ListApiEndpointsRequest, call: Call
    ) -> api_endpoint_service_pb2.ListApiEndpointsResponse:
        return api_endpoint_service_pb2.ListApiEndpointsResponse(
            endpoints=[
                api_endpoint_pb2.ApiEndpoint(id=service, address=self._address())
                for service in ("iam", "managed-kafka", "operation")
            ]
        )


def handler(service: Service) -> grpc.GenericRpcHandler:
    methods = {
        method.name: grpc.unary_unary_rpc_method_handler(
            getattr(service, method.name),
            request_deserializer=GetMessageClass(method.input_type).FromString,
            response_serializer=GetMessageClass(method.output_type).SerializeToString,
        )
        for method in service.descriptor.methods
        if hasattr(service, method.name)
    }
    handlers: grpc.GenericRpcHandler = grpc.method_handlers_generic_handler(service.descriptor.full_name, methods)
    return handlers
