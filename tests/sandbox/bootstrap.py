# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The configuration of Envoy: the gRPC-JSON transcoder, and before it the filters that inject faults."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

from google.protobuf import empty_pb2
from google.protobuf.descriptor import FileDescriptor, ServiceDescriptor
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from google.rpc import error_details_pb2

HOST = "127.0.0.1"
LARGEST_BODY = 64 * 1024 * 1024
Tls = tuple[str, str]
"""Certificate chain file and private key file."""

OAUTH_PATH = "/oauth/token"
STATUS_HEADER, BODY_HEADER = "x-sandbox-status", "x-sandbox-body"
"""With these headers, Envoy replaces the whole response of a service. The body is in hexadecimal digits."""

_REPLACE_ANSWER = f"""
function envoy_on_response(handle)
  local headers = handle:headers()
  local status = headers:get("{STATUS_HEADER}")
  if status then
    local body = string.gsub(headers:get("{BODY_HEADER}"), "..", function(digits)
      return string.char(tonumber(digits, 16))
    end)
    headers:remove("{STATUS_HEADER}")
    headers:remove("{BODY_HEADER}")
    headers:replace(":status", status)
    headers:replace("content-length", handle:body(true):setBytes(body))
  end
end
"""

_FILTERS = "type.googleapis.com/envoy.extensions.filters"


def bootstrap(
    services: Sequence[ServiceDescriptor], grpc_port: int, oauth_port: int, port: int, tls: Tls | None
) -> dict[str, Any]:
    """Return the configuration.

    :param grpc_port: port of the gRPC services
    :param oauth_port: port of the token exchange, which is plain HTTP
    :param port: port on which Envoy listens
    """
    return {
        "admin": {"address": _address(0)},
        "layered_runtime": {"layers": [{"name": "admin", "admin_layer": {}}]},
        "static_resources": {
            "listeners": [
                {
                    "name": "sandbox",
                    "address": _address(port),
                    # Otherwise a second sandbox on the same port would receive half of the requests.
                    "enable_reuse_port": False,
                    "filter_chains": [
                        {"filters": [_connection_manager(services)], **({} if tls is None else _downstream_tls(tls))}
                    ],
                }
            ],
            "clusters": [_cluster("services", grpc_port, _one_call_a_connection()), _cluster("oauth", oauth_port, {})],
        },
    }


def _connection_manager(services: Sequence[ServiceDescriptor]) -> dict[str, Any]:
    percentage = {"numerator": 0, "denominator": "HUNDRED"}
    fault = {
        "abort": {"http_status": 503, "percentage": percentage},
        "delay": {"fixed_delay": "1s", "percentage": percentage},
    }
    transcoder = {
        "proto_descriptor_bin": base64.b64encode(_descriptors(services)).decode(),
        "services": [service.full_name for service in services],
        "convert_grpc_status": True,
        "max_response_body_size": LARGEST_BODY,
        "request_validation_options": {"reject_unknown_method": True, "reject_unknown_query_parameters": True},
    }
    return {
        "name": "envoy.filters.network.http_connection_manager",
        "typed_config": {
            "@type": f"{_FILTERS}.network.http_connection_manager.v3.HttpConnectionManager",
            "stat_prefix": "sandbox",
            "preserve_external_request_id": True,
            "route_config": {
                "virtual_hosts": [
                    {
                        "name": "services",
                        "domains": ["*"],
                        "routes": [
                            {**_route({"path": OAUTH_PATH}, "oauth"), "typed_per_filter_config": _no_transcoding()},
                            _route({"prefix": "/"}, "services"),
                        ],
                    }
                ]
            },
            "http_filters": [
                _http_filter("fault", "fault.v3.HTTPFault", fault),
                _http_filter("lua", "lua.v3.Lua", {"default_source_code": {"inline_string": _REPLACE_ANSWER}}),
                _http_filter("grpc_json_transcoder", "grpc_json_transcoder.v3.GrpcJsonTranscoder", transcoder),
                _http_filter("router", "router.v3.Router", {}),
            ],
        },
    }


def _route(match: dict[str, str], cluster: str) -> dict[str, Any]:
    return {"match": match, "route": {"cluster": cluster, "timeout": "60s"}}


def _no_transcoding() -> dict[str, Any]:
    disabled = {"@type": "type.googleapis.com/envoy.config.route.v3.FilterConfig", "disabled": True}
    return {"envoy.filters.http.grpc_json_transcoder": disabled}


def _http_filter(name: str, type_: str, config: dict[str, Any]) -> dict[str, Any]:
    return {"name": f"envoy.filters.http.{name}", "typed_config": {"@type": f"{_FILTERS}.http.{type_}", **config}}


def _downstream_tls(tls: Tls) -> dict[str, Any]:
    chain, key = tls
    certificate = {"certificate_chain": {"filename": chain}, "private_key": {"filename": key}}
    return {
        "transport_socket": {
            "name": "envoy.transport_sockets.tls",
            "typed_config": {
                "@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext",
                "common_tls_context": {"tls_certificates": [certificate], "alpn_protocols": ["h2", "http/1.1"]},
            },
        }
    }


def _cluster(name: str, port: int, options: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "type": "STATIC",
        "connect_timeout": "5s",
        "load_assignment": {
            "cluster_name": name,
            "endpoints": [{"lb_endpoints": [{"endpoint": {"address": _address(port)}}]}],
        },
        **options,
    }


def _one_call_a_connection() -> dict[str, Any]:
    # A scripted fault that closes a connection must not end another call.
    http2 = {"explicit_http_config": {"http2_protocol_options": {"max_concurrent_streams": 1}}}
    name = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions"
    return {"typed_extension_protocol_options": {name: {"@type": f"type.googleapis.com/{name}", **http2}}}


def _address(port: int) -> dict[str, Any]:
    return {"socket_address": {"address": HOST, "port_value": port}}


def _descriptors(services: Sequence[ServiceDescriptor]) -> bytes:
    """Return the same file descriptors as protoc: those of the services, each after the files that it imports."""
    files: dict[str, FileDescriptor] = {}

    def add(file: FileDescriptor) -> None:
        for dependency in file.dependencies:
            add(dependency)
        files.setdefault(file.name, file)

    for service in services:
        add(service.file)
    for only_in_any in (empty_pb2.DESCRIPTOR, error_details_pb2.DESCRIPTOR):
        add(only_in_any)  # Responses and error details contain these messages, but no service imports them.
    result = FileDescriptorSet()
    for file in files.values():
        file.CopyToProto(result.file.add())
    return result.SerializeToString()
