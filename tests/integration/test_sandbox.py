# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sandbox keeps its word: what the cloud's API is known to do, it does, over HTTP and through Envoy."""

from __future__ import annotations

import ipaddress
import itertools
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import jwt
import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from google.rpc.error_details_pb2 import ErrorInfo
from yandex.cloud.mdb.kafka.v1 import connector_service_pb2, connector_service_pb2_grpc
from yandexcloud import SDK  # type: ignore[attr-defined]

from sandbox import Sandbox
from sandbox.behaviour import CONFLICT_PLAIN
from sandbox.calls import Call
from sandbox.cloud import FOLDER
from sandbox.identity import PUBLIC_AUDIENCE

TYPE = "type.googleapis.com"
KAFKA = f"{TYPE}/yandex.cloud.mdb.kafka.v1"
TAKES = 10.0
"""Seconds of the clock that an operation takes here; nobody waits for them."""


@dataclass
class Clock:
    now: float = field(default_factory=time.time)

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


class Api(requests.Session):
    """The REST interface, below one cluster unless a path is given from the root."""

    def __init__(self, sandbox: Sandbox, cluster_id: str, token: str) -> None:
        super().__init__()
        self.trust_env = False
        self.headers["Authorization"] = f"Bearer {token}"
        self.root = sandbox.url
        self.cluster = f"{sandbox.url}/managed-kafka/v1/clusters/{cluster_id}"

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        base = self.root if str(url).startswith("/") else f"{self.cluster}/"
        kwargs.setdefault("timeout", 10)
        return super().request(method, base + str(url), *args, **kwargs)

    def connector(self, name: str) -> dict[str, Any]:
        return self.ok(self.get(f"connectors/{name}"))

    def pause(self, name: str, key: str | None = None) -> dict[str, Any]:
        return self.ok(self.post(f"connectors/pause/{name}", headers={"Idempotency-Key": key}))

    def update(self, name: str, mask: str, **spec: Any) -> requests.Response:
        return self.patch(f"connectors/{name}", json={"updateMask": mask, "connectorSpec": spec})

    def operation(self, operation_id: str) -> dict[str, Any]:
        return self.ok(self.get(f"/operations/{operation_id}"))

    @staticmethod
    def ok(response: requests.Response) -> dict[str, Any]:
        assert response.status_code == 200, response.text
        body: dict[str, Any] = response.json()
        return body


def error(response: requests.Response) -> tuple[int, int, str]:
    """HTTP status, gRPC code and message of an answer that has all three."""
    body = response.json()
    return response.status_code, body["code"], body["message"]


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def running(clock: Clock) -> Iterator[Sandbox]:
    with Sandbox(clock=clock) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running: Sandbox) -> Sandbox:
    running.reset()
    running.behaviour.operation_seconds = TAKES
    return running


@pytest.fixture
def cluster_id(sandbox: Sandbox) -> str:
    cluster_id = sandbox.cloud.add_cluster("demo")
    sandbox.cloud.add_connector(cluster_id, "mirror", properties={"sync.topics.config.enabled": "true"})
    sandbox.cloud.add_connector(cluster_id, "archive", kind="s3_sink", status="PAUSED", tasks_max=7)
    return cluster_id


@pytest.fixture
def api(sandbox: Sandbox, cluster_id: str) -> Iterator[Api]:
    with Api(sandbox, cluster_id, sandbox.iam_token()) as api:
        yield api


class TestJson:
    def test_connector(self, api: Api, cluster_id: str) -> None:
        connector = api.connector("mirror")
        config = connector.pop("connectorConfigMirrormaker")
        assert connector == {
            "name": "mirror",
            "tasksMax": "3",
            "properties": {"sync.topics.config.enabled": "true"},
            "health": "ALIVE",
            "status": "RUNNING",
            "clusterId": cluster_id,
        }
        assert config["replicationFactor"] == "3"
        assert config["targetCluster"] == {"alias": "target", "thisCluster": {}}
        assert set(config["sourceCluster"]["externalCluster"]) == {
            "bootstrapServers",
            "saslUsername",
            "saslMechanism",
            "securityProtocol",
        }

    def test_defaults_are_absent(self, api: Api, sandbox: Sandbox, cluster_id: str) -> None:
        sandbox.cloud.set_status(cluster_id, "archive", "STATUS_UNKNOWN", "HEALTH_UNKNOWN")
        assert set(api.connector("archive")) == {"name", "tasksMax", "clusterId", "connectorConfigS3Sink"}
        assert "done" not in api.pause("mirror")

    def test_unknown_enum_value_is_a_number(self, api: Api, sandbox: Sandbox, cluster_id: str) -> None:
        sandbox.cloud.set_status(cluster_id, "mirror", 17)
        assert api.connector("mirror")["status"] == 17

    def test_operation(self, api: Api, clock: Clock, cluster_id: str) -> None:
        operation = api.pause("mirror")
        metadata = {"@type": f"{KAFKA}.PauseConnectorMetadata", "clusterId": cluster_id, "connectorName": "mirror"}
        assert operation["metadata"] == metadata
        assert set(operation) == {"id", "description", "createdAt", "createdBy", "modifiedAt", "metadata"}
        assert api.connector("mirror")["status"] == "RUNNING"
        clock.advance(TAKES)
        operation = api.operation(operation["id"])
        assert operation["done"] is True
        assert operation["response"]["@type"] == f"{KAFKA}.Connector"
        assert operation["response"]["status"] == "PAUSED"
        assert operation["modifiedAt"] > operation["createdAt"]
        assert api.connector("mirror")["status"] == "PAUSED"

    def test_error_carries_the_request_id(self, api: Api) -> None:
        request_id = str(uuid.uuid4())
        response = api.get("connectors/nowhere", headers={"X-Request-Id": request_id})
        assert response.status_code == 404
        details = [{"@type": f"{TYPE}/google.rpc.RequestInfo", "requestId": request_id}]
        assert response.json() == {"code": 5, "message": "Connector not found", "details": details}
        assert response.headers["x-request-id"] == request_id

    def test_missing_cluster(self, api: Api) -> None:
        path = "/managed-kafka/v1/clusters/nowhere"
        for route in ("", "/connectors", "/connectors/mirror", "/operations"):
            assert error(api.get(path + route)) == (404, 5, "Cluster not found")

    @pytest.mark.parametrize("name", ["m%2F1", "m%201", "a" * 257])
    def test_invalid_name(self, api: Api, name: str) -> None:
        response = api.get(f"connectors/{name}")
        assert error(response)[:2] == (400, 3)
        assert response.json()["details"][0]["fieldViolations"][0]["field"] == "connector_name"

    def test_invalid_cluster_id(self, api: Api) -> None:
        assert error(api.get(f"/managed-kafka/v1/clusters/{'c' * 51}"))[:2] == (400, 3)

    def test_not_served(self, api: Api) -> None:
        assert error(api.get("hosts")) == (501, 12, "Method not found!")
        unknown = [api.get("/nowhere"), api.put("connectors/mirror"), api.get("connectors/mirror?unknown=1")]
        assert [response.status_code for response in unknown] == [404, 404, 400]
        assert {response.headers["content-type"] for response in unknown} == {"text/plain"}

    def test_endpoints(self, sandbox: Sandbox) -> None:
        endpoints = requests.get(f"{sandbox.url}/endpoints", timeout=10).json()["endpoints"]
        assert {"id": "managed-kafka", "address": sandbox.address} in endpoints


class TestOperations:
    def test_conflict(self, api: Api, sandbox: Sandbox, clock: Clock) -> None:
        first = api.pause("mirror")["id"]
        refused = api.post("connectors/resume/archive")
        assert error(refused) == (400, 9, f'conflicting operation "{first}" detected')
        sandbox.behaviour.conflict_message = CONFLICT_PLAIN
        assert error(api.delete("connectors/archive"))[2] == f"Conflicting operation {first} detected"
        clock.advance(TAKES)
        api.pause("archive")

    def test_side_by_side(self, api: Api, sandbox: Sandbox) -> None:
        sandbox.behaviour.exclusive = False
        api.pause("mirror")
        api.pause("archive")
        assert api.post("connectors/resume/mirror").status_code == 400

    def test_needless_pause_is_done_again(self, api: Api, sandbox: Sandbox, clock: Clock) -> None:
        for dummy in range(2):
            api.pause("archive")
            clock.advance(TAKES)
        assert [operation.kind for operation in sandbox.cloud.operations()] == ["pause", "pause"]

    @pytest.mark.parametrize(("code", "number"), [("FAILED_PRECONDITION", 9), ("INVALID_ARGUMENT", 3)])
    def test_needless_pause_may_be_an_error(self, api: Api, sandbox: Sandbox, code: str, number: int) -> None:
        sandbox.behaviour.noop_is_error = True
        sandbox.behaviour.noop_code = code
        assert error(api.post("connectors/pause/archive")) == (400, number, "no changes detected")
        assert error(api.post("connectors/resume/mirror")) == (400, number, "no changes detected")
        assert sandbox.cloud.operations() == []

    def test_replay(self, api: Api, sandbox: Sandbox, clock: Clock) -> None:
        key = str(uuid.uuid4())
        first = api.pause("mirror", key)
        assert api.pause("mirror", key) == first  # rather than a conflict with itself
        clock.advance(TAKES)
        assert api.pause("mirror", key)["done"] is True
        assert len(sandbox.cloud.operations()) == 1
        other = api.post("connectors/pause/archive", headers={"Idempotency-Key": key})
        assert error(other)[:2] == (400, 3)

    def test_replay_of_a_deletion(self, api: Api, clock: Clock) -> None:
        headers = {"Idempotency-Key": str(uuid.uuid4())}
        first = api.ok(api.delete("connectors/mirror", headers=headers))
        clock.advance(TAKES)
        again = api.ok(api.delete("connectors/mirror", headers=headers))
        assert again["id"] == first["id"]
        assert again["response"] == {"@type": f"{TYPE}/google.protobuf.Empty"}
        assert api.delete("connectors/mirror").status_code == 404

    def test_error_before_done(self, api: Api, sandbox: Sandbox, clock: Clock) -> None:
        sandbox.faults.fail_operation("pause", "INTERNAL", "broker is gone", rollback_seconds=5)
        operation_id = api.pause("mirror")["id"]
        clock.advance(TAKES)
        failed = api.operation(operation_id)
        assert failed["error"] == {"code": 13, "message": "broker is gone"}
        assert "done" not in failed
        assert api.post("connectors/pause/archive").status_code == 400
        clock.advance(5)
        failed = api.operation(operation_id)
        assert failed["done"] is True
        assert "response" not in failed
        assert api.connector("mirror")["status"] == "RUNNING"
        api.pause("mirror")

    def test_ends_in_another_status(self, api: Api, sandbox: Sandbox, clock: Clock) -> None:
        sandbox.faults.end_operation("pause", "ERROR")
        operation = api.pause("mirror")
        clock.advance(TAKES)
        assert api.operation(operation["id"])["response"]["status"] == "ERROR"
        assert api.connector("mirror")["status"] == "ERROR"

    def test_stale_response(self, api: Api, sandbox: Sandbox, clock: Clock) -> None:
        sandbox.behaviour.stale_seconds = 3
        operation = api.pause("mirror")
        clock.advance(TAKES)
        assert api.operation(operation["id"])["response"]["status"] == "RUNNING"
        assert api.connector("mirror")["status"] == "RUNNING"
        clock.advance(3)
        assert api.connector("mirror")["status"] == "PAUSED"

    def test_missing_response(self, api: Api, sandbox: Sandbox, clock: Clock) -> None:
        sandbox.behaviour.missing_response = True
        operation = api.pause("mirror")
        clock.advance(TAKES)
        operation = api.operation(operation["id"])
        assert operation["done"] is True
        assert not {"error", "response"} & set(operation)

    def test_not_found_at_first(self, api: Api, sandbox: Sandbox) -> None:
        sandbox.behaviour.operation_not_found_polls = 2
        operation_id = api.pause("mirror")["id"]
        assert [api.get(f"/operations/{operation_id}").status_code for dummy in range(3)] == [404, 404, 200]

    def test_poll_interval(self, api: Api, sandbox: Sandbox) -> None:
        sandbox.behaviour.poll_interval = 0.5
        started = api.post("connectors/pause/mirror")
        polled = api.get(f"/operations/{started.json()['id']}")
        assert [answer.headers["x-operation-poll-interval"] for answer in (started, polled)] == ["0.5", "0.5"]
        assert "x-operation-poll-interval" not in api.get("connectors/mirror").headers

    def test_duration_by_kind_and_connector(self, api: Api, sandbox: Sandbox) -> None:
        sandbox.behaviour.operation_seconds = lambda kind, name: 0 if (kind, name) == ("pause", "mirror") else TAKES
        assert api.pause("mirror")["done"] is True
        assert "done" not in api.pause("archive")

    def test_somebody_else(self, api: Api, sandbox: Sandbox, cluster_id: str) -> None:
        theirs = sandbox.cloud.begin("resume", cluster_id, "archive")
        assert theirs in error(api.post("connectors/pause/mirror"))[2]
        sandbox.cloud.finish(theirs)
        assert api.connector("archive")["status"] == "RUNNING"
        mine = api.pause("mirror")
        assert mine["createdBy"] != api.operation(theirs)["createdBy"]

    def test_list(self, api: Api, sandbox: Sandbox) -> None:
        sandbox.behaviour.operation_seconds = 0
        ids = [api.pause("mirror")["id"] for dummy in range(5)]
        listed: list[str] = []
        token = ""
        while token or not listed:
            page = api.ok(api.get(f"operations?pageSize=2&pageToken={token}"))
            listed += [operation["id"] for operation in page["operations"]]
            token = page.get("nextPageToken", "")
        assert listed == ids[::-1]


class TestSpecification:
    def create(self, api: Api, **spec: Any) -> requests.Response:
        storage = {"bucketName": "b", "externalS3": {"accessKeyId": "id", "secretAccessKey": "hidden"}}
        sink = {"topics": "t", "s3Connection": storage}
        given = {"name": "new", "properties": {"a.b": "1"}, "connectorConfigS3Sink": sink, **spec}
        return api.post("connectors", json={"connectorSpec": given})

    def test_create(self, api: Api, sandbox: Sandbox, clock: Clock, cluster_id: str) -> None:
        operation = api.ok(self.create(api))
        assert operation["metadata"]["@type"] == f"{KAFKA}.CreateConnectorMetadata"
        assert api.get("connectors/new").status_code == 404
        clock.advance(TAKES)
        created = api.connector("new")
        assert (created["status"], created["tasksMax"], created["properties"]) == ("RUNNING", "3", {"a.b": "1"})
        assert created["connectorConfigS3Sink"]["s3Connection"]["externalS3"] == {"accessKeyId": "id"}
        path = "connector_config_s3_sink.s3_connection.external_s3.secret_access_key"
        assert sandbox.cloud.secrets(cluster_id, "new") == {path: "hidden"}
        assert error(self.create(api)) == (409, 6, "Connector new already exists")

    @pytest.mark.parametrize(
        ("spec", "field"),
        [
            ({"name": ""}, "connector_spec.name"),
            ({"name": "no/slash"}, "connector_spec.name"),
            ({"connectorConfigS3Sink": {}}, "connector_spec.connector_config_s3_sink.topics"),
            ({"connectorConfigS3Sink": None}, "connector_spec.connector_config"),
        ],
    )
    def test_create_refused(self, api: Api, spec: dict[str, Any], field: str) -> None:
        response = self.create(api, **spec)
        assert error(response)[:2] == (400, 3)
        assert response.json()["details"][0]["fieldViolations"][0]["field"] == field

    def test_properties_hold_strings_only(self, api: Api) -> None:
        response = self.create(api, properties={"a": 1})
        assert response.status_code == 400
        assert response.headers["content-type"] == "text/plain"

    def test_update(self, api: Api, sandbox: Sandbox, clock: Clock, cluster_id: str) -> None:
        mask = (
            "connectorSpec.tasksMax,connectorSpec.properties,"
            "connectorSpec.connectorConfigMirrormaker.topics,"
            "connectorSpec.connectorConfigMirrormaker.sourceCluster.externalCluster.saslPassword"
        )
        config = {"topics": "new", "sourceCluster": {"alias": "ignored", "externalCluster": {"saslPassword": "new"}}}
        spec = {"tasksMax": "5", "properties": {"x": "y"}, "connectorConfigMirrormaker": config}
        before = sandbox.cloud.secrets(cluster_id, "mirror")
        api.ok(api.update("mirror", mask, **spec))
        clock.advance(TAKES)
        connector = api.connector("mirror")
        assert (connector["tasksMax"], connector["properties"]) == ("5", {"x": "y"})
        assert connector["connectorConfigMirrormaker"]["topics"] == "new"
        assert connector["connectorConfigMirrormaker"]["sourceCluster"]["alias"] == "source"
        changed = set(sandbox.cloud.secrets(cluster_id, "mirror").items()) - set(before.items())
        assert changed == {("connector_config_mirrormaker.source_cluster.external_cluster.sasl_password", "new")}

    def test_update_clears_what_is_named_but_not_given(self, api: Api, sandbox: Sandbox, cluster_id: str) -> None:
        sandbox.behaviour.operation_seconds = 0
        api.ok(api.update("mirror", "connectorSpec.connectorConfigMirrormaker.sourceCluster,connectorSpec.properties"))
        connector = api.connector("mirror")
        assert "properties" not in connector
        assert "sourceCluster" not in connector["connectorConfigMirrormaker"]
        assert sandbox.cloud.secrets(cluster_id, "mirror") == {}

    @pytest.mark.parametrize(
        "mask",
        [
            "",
            "tasksMax",
            "connectorSpec",
            "connectorSpec.nothing",
            "connectorSpec.placement",
            "connectorSpec.properties.key",
            "connectorSpec.connectorConfigS3Sink.fileCompressionType",
            "connectorSpec.connectorConfigMirrormaker.topics",
        ],
    )
    def test_update_refused(self, api: Api, mask: str) -> None:
        response = api.update("archive", mask, tasksMax="5")
        assert error(response)[:2] == (400, 3)
        assert response.json()["details"][0]["fieldViolations"][0]["field"] == "update_mask"

    def test_update_without_difference(self, api: Api) -> None:
        response = api.update("archive", "connectorSpec.tasksMax", tasksMax="7")
        assert error(response) == (400, 9, "no changes detected")
        secret = "connectorSpec.connectorConfigS3Sink.s3Connection.externalS3.secretAccessKey"
        same = {"s3Connection": {"externalS3": {"secretAccessKey": "archive-secret"}}}
        api.ok(api.update("archive", secret, connectorConfigS3Sink=same))


class TestLists:
    def names(self, api: Api, **params: Any) -> list[str]:
        names: list[str] = []
        token = ""
        while token or not names:
            params["pageToken"] = token
            page = api.ok(api.get("connectors", params=params))
            names += [connector["name"] for connector in page["connectors"]]
            token = page.get("nextPageToken", "")
        return names

    def test_pages(self, api: Api, sandbox: Sandbox, cluster_id: str) -> None:
        expected = sorted(["archive", "mirror", *(f"extra-{number:04}" for number in range(2500))])
        for name in expected:
            if name.startswith("extra"):
                sandbox.cloud.add_connector(cluster_id, name, kind="iceberg_sink")
        assert self.names(api) == expected
        assert len(sandbox.requests_of("Connector.List")) == 26
        sandbox.forget()
        assert self.names(api, pageSize=1000) == expected
        assert len(sandbox.requests_of("Connector.List")) == 3
        sandbox.behaviour.page_cap = 500
        assert len(api.get("connectors", params={"pageSize": 1000}).json()["connectors"]) == 500

    def test_a_connector_vanishes_between_pages(self, api: Api, sandbox: Sandbox, cluster_id: str) -> None:
        sandbox.cloud.add_connector(cluster_id, "zebra")
        token = api.get("connectors", params={"pageSize": 1}).json()["nextPageToken"]
        sandbox.cloud.remove_connector(cluster_id, "archive")
        page = api.get("connectors", params={"pageToken": token}).json()
        assert [connector["name"] for connector in page["connectors"]] == ["mirror", "zebra"]

    def test_empty(self, api: Api, sandbox: Sandbox) -> None:
        empty = sandbox.cloud.add_cluster("empty")
        assert api.get(f"/managed-kafka/v1/clusters/{empty}/connectors").json() == {}

    @pytest.mark.parametrize("params", [{"pageSize": 1001}, {"pageSize": -1}, {"pageToken": "unknown"}])
    def test_refused(self, api: Api, params: dict[str, Any]) -> None:
        assert error(api.get("connectors", params=params))[:2] == (400, 3)

    def test_clusters(self, api: Api, sandbox: Sandbox, cluster_id: str) -> None:
        other = sandbox.cloud.add_cluster("other", labels={"env": "test"}, brokers=1)

        def found(**params: str) -> list[str]:
            clusters = api.get("/managed-kafka/v1/clusters", params=params).json().get("clusters", [])
            return [cluster["id"] for cluster in clusters]

        assert found(folderId=FOLDER) == [cluster_id, other]
        assert found(folderId=FOLDER, filter='name="other"') == [other]
        assert found(folderId=FOLDER, filter='name="none"') == []
        assert api.get("/managed-kafka/v1/clusters", params={"folderId": "nowhere"}).status_code == 404
        refused = api.get("/managed-kafka/v1/clusters", params={"folderId": FOLDER, "filter": "labels.a=1"})
        assert error(refused)[:2] == (400, 3)
        cluster = api.ok(api.get(f"/managed-kafka/v1/clusters/{other}"))
        assert (cluster["labels"], cluster["config"]["brokersCount"]) == ({"env": "test"}, "1")


@pytest.fixture(scope="module")
def key(running: Sandbox) -> dict[str, str]:
    return running.service_account_key("viewer")


class TestTokens:
    @pytest.mark.parametrize("authorization", [None, "Basic YTpi", "Bearer t1.made.up"])
    def test_unauthenticated(self, api: Api, authorization: str | None) -> None:
        assert error(api.get("connectors", headers={"Authorization": authorization}))[:2] == (401, 16)

    def test_expired(self, api: Api, sandbox: Sandbox, clock: Clock) -> None:
        headers = {"Authorization": f"Bearer {sandbox.iam_token(lifetime=60)}"}
        assert api.get("connectors", headers=headers).status_code == 200
        clock.advance(60)
        assert error(api.get("connectors", headers=headers)) == (401, 16, "The token is invalid or has expired")
        token = sandbox.iam_token()
        assert token.startswith("t1.")
        assert token.count(".") == 2
        sandbox.expire(token)
        assert api.get("connectors", headers={"Authorization": f"Bearer {token}"}).status_code == 401

    def test_roles(self, sandbox: Sandbox, cluster_id: str) -> None:
        def statuses(role: str) -> list[int]:
            api = Api(sandbox, cluster_id, sandbox.iam_token(role))
            reads = [api.get("connectors"), api.get("connectors/mirror"), api.get("operations")]
            return [answer.status_code for answer in (*reads, api.post("connectors/pause/mirror"))]

        assert statuses("viewer") == [200, 200, 200, 403]
        assert statuses("none") == [403, 403, 403, 403]
        assert statuses("editor") == [200, 200, 200, 200]

    @pytest.fixture
    def exchange(self, sandbox: Sandbox, clock: Clock, key: dict[str, str]) -> Callable[..., requests.Response]:
        def exchange(alg: str = "PS256", header: dict[str, Any] | None = None, **claims: Any) -> requests.Response:
            payload = {
                "iss": key["service_account_id"],
                "aud": PUBLIC_AUDIENCE,
                "iat": int(clock.now),
                "exp": int(clock.now) + 3600,
            }
            payload = {name: value for name, value in {**payload, **claims}.items() if value is not None}
            pem = key["private_key"].partition("\n")[2]
            signed = jwt.encode(payload, pem, alg, {"kid": key["id"], **(header or {})})
            return requests.post(f"{sandbox.url}/iam/v1/tokens", json={"jwt": signed}, timeout=10)

        return exchange

    def test_key_file(self, key: dict[str, str]) -> None:
        expected = {"id", "service_account_id", "created_at", "key_algorithm", "public_key", "private_key"}
        assert set(key) == expected
        assert key["key_algorithm"] == "RSA_2048"
        first, second, *dummy = key["private_key"].splitlines()
        assert not first.startswith("-----")
        assert second == "-----BEGIN PRIVATE KEY-----"
        assert isinstance(serialization.load_pem_public_key(key["public_key"].encode()), rsa.RSAPublicKey)

    def test_exchange(self, api: Api, sandbox: Sandbox, exchange: Callable[..., requests.Response]) -> None:
        sandbox.behaviour.token_lifetime = 100
        answer = exchange().json()
        assert set(answer) == {"iamToken", "expiresAt"}
        headers = {"Authorization": f"Bearer {answer['iamToken']}"}
        assert api.get("connectors", headers=headers).status_code == 200
        assert api.post("connectors/pause/mirror", headers=headers).status_code == 403

    @pytest.mark.parametrize(
        "wrong",
        [
            {"alg": "RS256"},
            {"header": {"kid": "unknown"}},
            {"header": {"typ": "at+jwt"}},
            {"iss": "ajesomebodyelse"},
            {"aud": "https://iam.example.com/iam/v1/tokens"},
            {"exp": None},
            {"iat": None},
            {"iat": 0},
            {"iat": 1_000_000_000, "exp": 1_000_003_600},
            {"iat": 10_000_000_000, "exp": 10_000_003_600},
        ],
        ids=str,
    )
    def test_refused(self, wrong: dict[str, Any], exchange: Callable[..., requests.Response]) -> None:
        assert error(exchange(**wrong))[:2] == (401, 16)

    def test_garbage_and_oauth(self, sandbox: Sandbox) -> None:
        url = f"{sandbox.url}/iam/v1/tokens"
        assert requests.post(url, json={"jwt": "garbage"}, timeout=10).status_code == 401
        assert requests.post(url, json={"yandexPassportOauthToken": "y0_x"}, timeout=10).status_code == 401
        assert requests.post(url, json={}, timeout=10).status_code == 400

    def test_metadata(self, api: Api, sandbox: Sandbox) -> None:
        url = f"http://{sandbox.metadata_address}/computeMetadata/v1/instance/service-accounts/default/token"
        assert requests.get(url, timeout=10).status_code == 403
        headers = {"Metadata-Flavor": "Google"}
        answer = requests.get(url, headers=headers, timeout=10).json()
        assert answer["expires_in"] == 12 * 3600
        authorized = {"Authorization": f"{answer['token_type']} {answer['access_token']}"}
        assert api.get("connectors", headers=authorized).status_code == 200
        sandbox.metadata.status = 500
        assert requests.get(url, headers=headers, timeout=10).status_code == 500
        assert len(sandbox.metadata.requests) == 3


class TestTrouble:
    def test_abort(self, api: Api, sandbox: Sandbox) -> None:
        details = [ErrorInfo(reason="QUOTA", domain="kafka")]
        sandbox.faults.abort(
            "Connector.Get", "RESOURCE_EXHAUSTED", "slow down", details=details, headers={"retry-after": "3"}, times=2
        )
        for dummy in range(2):
            response = api.get("connectors/mirror")
            assert error(response) == (429, 8, "slow down")
            assert response.headers["retry-after"] == "3"
            assert response.json()["details"][0]["reason"] == "QUOTA"
        assert api.get("connectors/mirror").status_code == 200

    @pytest.mark.parametrize(
        ("code", "status"),
        [("DEADLINE_EXCEEDED", 504), ("ABORTED", 409), ("INTERNAL", 500), ("UNAVAILABLE", 503), ("UNKNOWN", 500)],
    )
    def test_http_status_of_a_code(self, api: Api, sandbox: Sandbox, code: str, status: int) -> None:
        sandbox.faults.abort("", code)
        assert api.get("connectors").status_code == status

    def test_only_some_calls(self, api: Api, sandbox: Sandbox) -> None:
        sandbox.faults.abort(
            "Connector.Get", "UNAVAILABLE", when=lambda call: call.message["connector_name"] == "mirror"
        )
        statuses = [api.get(f"connectors/{name}").status_code for name in ("archive", "mirror", "mirror")]
        assert statuses == [200, 503, 200]

    @pytest.mark.parametrize("after", [False, True])
    def test_abort_before_or_after_the_change(self, api: Api, sandbox: Sandbox, after: bool) -> None:
        sandbox.faults.abort("Pause", "UNAVAILABLE", after=after)
        assert api.post("connectors/pause/mirror").status_code == 503
        assert len(sandbox.cloud.operations()) == (1 if after else 0)

    @pytest.mark.parametrize("after", [False, True])
    def test_reset(self, api: Api, sandbox: Sandbox, after: bool) -> None:
        sandbox.faults.reset("Pause", after=after)
        response = api.post("connectors/pause/mirror")
        assert response.status_code == 503
        assert response.headers["content-type"] == "text/plain"
        assert response.text.startswith("upstream connect error or disconnect/reset before headers")
        assert len(sandbox.cloud.operations()) == (1 if after else 0)

    def test_reset_takes_no_other_call_with_it(self, api: Api, sandbox: Sandbox) -> None:
        sandbox.faults.reset("Connector.Get", when=lambda call: call.message["connector_name"] == "mirror")
        sandbox.on_request("List", lambda call: time.sleep(0.2))
        with ThreadPoolExecutor(9) as pool:
            lists = [pool.submit(api.get, "connectors") for dummy in range(8)]
            assert pool.submit(api.get, "connectors/mirror").result().status_code == 503
        assert {each.result().status_code for each in lists} == {200}

    def test_delay(self, api: Api, sandbox: Sandbox) -> None:
        sandbox.faults.delay("Connector.Get", 0.2)
        assert api.get("connectors/mirror").elapsed > timedelta(seconds=0.2)
        assert api.get("connectors/mirror").elapsed < timedelta(seconds=0.2)

    def test_answer_replaced(self, api: Api, sandbox: Sandbox) -> None:
        sandbox.faults.answer("Pause", '{"id": "half', after=True)
        response = api.post("connectors/pause/mirror")
        assert (response.status_code, response.text) == (200, '{"id": "half')
        assert len(sandbox.cloud.operations()) == 1
        sandbox.faults.answer("Connector.Get", "", status=302, headers={"location": "https://example.com/"})
        redirect = api.get("connectors/mirror", allow_redirects=False)
        assert (redirect.status_code, redirect.headers["location"]) == (302, "https://example.com/")

    def test_envoy_aborts(self, api: Api, sandbox: Sandbox) -> None:
        sandbox.envoy.fault(abort_status=502)
        response = api.get("connectors")
        assert (response.status_code, response.text) == (502, "fault filter abort")
        assert sandbox.requests == []
        sandbox.envoy.no_fault()
        assert api.get("connectors").status_code == 200

    def test_envoy_delays(self, api: Api, sandbox: Sandbox) -> None:
        sandbox.envoy.fault(delay_seconds=0.2)
        response = api.get("connectors")
        assert response.status_code == 200
        # a little less by the clock of this machine: Envoy counts in milliseconds of its own
        assert response.elapsed > timedelta(seconds=0.19)

    def test_envoy_aborts_some(self, api: Api, sandbox: Sandbox) -> None:
        sandbox.envoy.fault(abort_status=503, abort_percent=50)
        statuses = {api.get("connectors").status_code for dummy in range(40)}
        assert statuses == {200, 503}

    def test_restart_drops_connections(self, api: Api, sandbox: Sandbox) -> None:
        sandbox.on_request("Pause", lambda call: sandbox.envoy.restart(), after=True)
        with pytest.raises(requests.ConnectionError):
            api.post("connectors/pause/mirror")
        assert len(sandbox.cloud.operations()) == 1
        for dummy in range(100):
            try:
                assert api.get("connectors").status_code == 200
                break
            except requests.ConnectionError:
                time.sleep(0.05)


class TestRecording:
    def test_requests(self, api: Api, sandbox: Sandbox, cluster_id: str) -> None:
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

    def test_hooks(self, api: Api, sandbox: Sandbox, cluster_id: str) -> None:
        order: list[tuple[str, str | None]] = []
        answers = itertools.cycle(["PAUSED", "ERROR"])

        def before(call: Call) -> None:
            order.append(("before", call.code))
            sandbox.cloud.set_status(cluster_id, "mirror", next(answers))

        sandbox.on_request("Connector.Get", before)
        sandbox.on_request("Connector.Get", lambda call: order.append(("after", call.code)), after=True)
        assert [api.connector("mirror")["status"] for dummy in range(2)] == ["PAUSED", "ERROR"]
        assert order == [("before", None), ("after", "OK")] * 2


class TestReach:
    def test_fast(self, api: Api) -> None:
        api.get("connectors/mirror")
        started = time.monotonic()
        for dummy in range(50):
            api.get("connectors/mirror")
        assert (time.monotonic() - started) / 50 < 0.02

    def test_many_at_once(self, api: Api, sandbox: Sandbox, cluster_id: str) -> None:
        sandbox.behaviour.exclusive = False
        names = [f"m-{number}" for number in range(64)]
        for name in names:
            sandbox.cloud.add_connector(cluster_id, name)
        with ThreadPoolExecutor(16) as pool:
            operations = list(pool.map(api.pause, names))
        assert len({operation["id"] for operation in operations}) == 64

    def test_ports_are_on_loopback(self, sandbox: Sandbox) -> None:
        for address in (sandbox.address, sandbox.grpc_address, sandbox.metadata_address):
            assert ipaddress.ip_address(address.rpartition(":")[0]).is_loopback

    def test_tls_and_the_vendors_client(self, tmp_path: Path) -> None:
        chain, key = certificate(tmp_path)
        with Sandbox(tls=(str(chain), str(key))) as sandbox:
            cluster_id = sandbox.cloud.add_cluster()
            sandbox.cloud.add_connector(cluster_id, "mirror")
            token = sandbox.iam_token()
            assert sandbox.url.startswith("https://")
            answer = requests.get(f"{sandbox.url}/endpoints", verify=str(chain), timeout=10)
            assert answer.status_code == 200
            sdk = SDK(iam_token=token, endpoint=sandbox.address, root_certificates=chain.read_bytes())
            stub = sdk.client(connector_service_pb2_grpc.ConnectorServiceStub)
            request = connector_service_pb2.GetConnectorRequest(cluster_id=cluster_id, connector_name="mirror")
            assert stub.Get(request).name == "mirror"


def certificate(folder: Path) -> tuple[Path, Path]:
    """Write a certificate for loopback, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "sandbox")])
    now = datetime.now(timezone.utc)
    addresses = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(addresses, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    chain_file, key_file = folder / "chain.pem", folder / "key.pem"
    chain_file.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return chain_file, key_file
