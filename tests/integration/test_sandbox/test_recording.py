# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Recorded calls, hooks, addresses, parallel calls, and the vendor's client."""

from __future__ import annotations

import ipaddress
import itertools
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import requests
from support.certificates import Authority
from yandex.cloud.mdb.kafka.v1 import connector_service_pb2, connector_service_pb2_grpc
from yandexcloud import SDK  # type: ignore[attr-defined]

from sandbox import Sandbox
from sandbox.calls import Call

from .api import Api


def test_calls_are_recorded_with_headers_and_results(api: Api, sandbox: Sandbox, cluster_id: str) -> None:
    count = sandbox.envoy.request_count()
    sent = {"Idempotency-Key": "k", "User-Agent": "u", "X-Client-Request-Id": "c", "X-Client-Trace-Id": "t"}
    api.post("connectors/pause/mirror", headers=sent)
    api.get("connectors/nowhere")
    assert sandbox.envoy.request_count() == count + 2
    first, second = sandbox.requests
    assert first.rpc == "yandex.cloud.mdb.kafka.v1.ConnectorService.Pause"
    assert (first.name, first.short_name, first.code) == ("Pause", "Connector.Pause", "OK")
    assert first.message == {"cluster_id": cluster_id, "connector_name": "mirror"}
    assert {name: first.headers[name.lower()] for name in sent} == sent
    assert first.headers["authorization"].startswith("Bearer t1.")
    assert first.headers["x-envoy-original-path"].endswith("/connectors/pause/mirror")
    assert (second.short_name, second.code) == ("Connector.Get", "NOT_FOUND")
    assert second.time > first.time
    assert sandbox.requests_of("Pause") == [first]
    sandbox.forget()
    assert sandbox.requests == []


def test_hooks_run_before_and_after_a_call(api: Api, sandbox: Sandbox, cluster_id: str) -> None:
    order: list[tuple[str, str | None]] = []
    statuses = itertools.cycle(["PAUSED", "ERROR"])

    def before(call: Call) -> None:
        order.append(("before", call.code))
        sandbox.cloud.set_status(cluster_id, "mirror", next(statuses))

    sandbox.on_request("Connector.Get", before)
    sandbox.on_request("Connector.Get", lambda call: order.append(("after", call.code)), after=True)
    assert [api.connector("mirror")["status"] for dummy in range(2)] == ["PAUSED", "ERROR"]
    assert order == [("before", None), ("after", "OK")] * 2


def test_parallel_changes_are_different_operations(api: Api, sandbox: Sandbox, cluster_id: str) -> None:
    sandbox.behaviour.exclusive = False
    names = [f"m-{number}" for number in range(64)]
    for name in names:
        sandbox.cloud.add_connector(cluster_id, name)
    with ThreadPoolExecutor(16) as pool:
        operations = list(pool.map(api.pause, names))
    assert len({operation["id"] for operation in operations}) == 64


def test_all_ports_are_on_loopback(sandbox: Sandbox) -> None:
    addresses = (sandbox.address, sandbox.grpc_address, sandbox.metadata_address, sandbox.oauth_address)
    for address in addresses:
        assert ipaddress.ip_address(address.rpartition(":")[0]).is_loopback


def test_vendors_client_works_over_tls(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    with Sandbox(tls=authority.issue()) as sandbox:
        cluster_id = sandbox.cloud.add_cluster()
        sandbox.cloud.add_connector(cluster_id, "mirror")
        assert requests.get(f"{sandbox.url}/endpoints", verify=authority.certificate, timeout=10).status_code == 200
        certificates = Path(authority.certificate).read_bytes()
        sdk = SDK(iam_token=sandbox.iam_token(), endpoint=sandbox.address, root_certificates=certificates)
        stub = sdk.client(connector_service_pb2_grpc.ConnectorServiceStub)
        request = connector_service_pb2.GetConnectorRequest(cluster_id=cluster_id, connector_name="mirror")
        assert stub.Get(request).name == "mirror"
