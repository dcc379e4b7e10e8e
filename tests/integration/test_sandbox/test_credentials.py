# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""IAM tokens, roles, authorized keys, and the metadata service."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jwt
import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from sandbox import Sandbox
from sandbox.identity import PUBLIC_AUDIENCE

from .api import Api, Clock, error

Exchange = Callable[..., requests.Response]


@pytest.fixture(scope="module")
def key(_running: Sandbox) -> dict[str, str]:
    return _running.service_account_key("viewer")


@pytest.fixture
def exchange(sandbox: Sandbox, clock: Clock, key: dict[str, str]) -> Exchange:
    def exchange(alg: str = "PS256", header: dict[str, Any] | None = None, **claims: Any) -> requests.Response:
        now = int(clock.now)
        payload = {"iss": key["service_account_id"], "aud": PUBLIC_AUDIENCE, "iat": now, "exp": now + 3600, **claims}
        present = {name: value for name, value in payload.items() if value is not None}
        pem = key["private_key"].partition("\n")[2]
        signed = jwt.encode(present, pem, alg, {"kid": key["id"], **(header or {})})
        return requests.post(f"{sandbox.url}/iam/v1/tokens", json={"jwt": signed}, timeout=10)

    return exchange


@pytest.mark.parametrize(
    "authorization",
    [
        pytest.param(None, id="no header"),
        pytest.param("Basic YTpi", id="another scheme"),
        pytest.param("Bearer t1.made.up", id="unknown token"),
    ],
)
def test_request_without_a_valid_token_is_refused(api: Api, authorization: str | None) -> None:
    assert error(api.get("connectors", headers={"Authorization": authorization}))[:2] == (401, 16)


def test_token_expires_after_its_lifetime(api: Api, sandbox: Sandbox, clock: Clock) -> None:
    headers = {"Authorization": f"Bearer {sandbox.iam_token(lifetime=60)}"}
    assert api.get("connectors", headers=headers).status_code == 200
    clock.advance(60)
    assert error(api.get("connectors", headers=headers)) == (401, 16, "The token is invalid or has expired")


def test_token_expires_on_request(api: Api, sandbox: Sandbox) -> None:
    token = sandbox.iam_token()
    assert token.startswith("t1.")
    assert token.count(".") == 2
    sandbox.expire(token)
    assert api.get("connectors", headers={"Authorization": f"Bearer {token}"}).status_code == 401


@pytest.mark.parametrize(("role", "read", "change"), [("viewer", 200, 403), ("none", 403, 403), ("editor", 200, 200)])
def test_role_decides_about_reads_and_changes(
    sandbox: Sandbox, cluster_id: str, role: str, read: int, change: int
) -> None:
    with Api(sandbox, cluster_id, sandbox.iam_token(role)) as api:
        reads = [api.get(path).status_code for path in ("connectors", "connectors/mirror", "operations")]
        assert reads == [read] * 3
        assert api.post("connectors/pause/mirror").status_code == change


def test_key_file_has_the_form_of_the_vendors_cli(key: dict[str, str]) -> None:
    expected = {"id", "service_account_id", "created_at", "key_algorithm", "public_key", "private_key"}
    assert set(key) == expected
    assert key["key_algorithm"] == "RSA_2048"
    first, second, *dummy = key["private_key"].splitlines()
    assert not first.startswith("-----")
    assert second == "-----BEGIN PRIVATE KEY-----"
    assert isinstance(serialization.load_pem_public_key(key["public_key"].encode()), rsa.RSAPublicKey)


def test_signed_jwt_is_exchanged_for_a_token(api: Api, exchange: Exchange) -> None:
    response = exchange().json()
    assert set(response) == {"iamToken", "expiresAt"}
    headers = {"Authorization": f"Bearer {response['iamToken']}"}
    assert api.get("connectors", headers=headers).status_code == 200
    assert api.post("connectors/pause/mirror", headers=headers).status_code == 403


def test_exchanged_token_has_the_set_lifetime(api: Api, sandbox: Sandbox, clock: Clock, exchange: Exchange) -> None:
    sandbox.behaviour.token_lifetime = 100
    headers = {"Authorization": f"Bearer {exchange().json()['iamToken']}"}
    clock.advance(99)
    assert api.get("connectors", headers=headers).status_code == 200
    clock.advance(1)
    assert api.get("connectors", headers=headers).status_code == 401


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"alg": "RS256"}, id="another algorithm"),
        pytest.param({"header": {"kid": "unknown"}}, id="unknown key"),
        pytest.param({"header": {"typ": "at+jwt"}}, id="another type"),
        pytest.param({"iss": "ajesomebodyelse"}, id="another account"),
        pytest.param({"aud": "https://iam.example.com/iam/v1/tokens"}, id="another audience"),
        pytest.param({"exp": None}, id="no exp"),
        pytest.param({"iat": None}, id="no iat"),
        pytest.param({"iat": 0}, id="lifetime above one hour"),
        pytest.param({"iat": 1_000_000_000, "exp": 1_000_003_600}, id="expired"),
        pytest.param({"iat": 10_000_000_000, "exp": 10_000_003_600}, id="not valid yet"),
    ],
)
def test_invalid_jwt_is_refused(wrong: dict[str, Any], exchange: Exchange) -> None:
    assert error(exchange(**wrong))[:2] == (401, 16)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param({"jwt": "garbage"}, 401, id="not a JWT"),
        pytest.param({"yandexPassportOauthToken": "y0_x"}, 401, id="OAuth token"),
        pytest.param({}, 400, id="empty"),
    ],
)
def test_exchange_of_something_else_is_refused(sandbox: Sandbox, body: dict[str, str], status: int) -> None:
    assert requests.post(f"{sandbox.url}/iam/v1/tokens", json=body, timeout=10).status_code == status


def test_metadata_service_returns_a_token(api: Api, sandbox: Sandbox) -> None:
    url = f"http://{sandbox.metadata_address}/computeMetadata/v1/instance/service-accounts/default/token"
    response = requests.get(url, headers={"Metadata-Flavor": "Google"}, timeout=10).json()
    assert response["expires_in"] == 12 * 3600
    authorized = {"Authorization": f"{response['token_type']} {response['access_token']}"}
    assert api.get("connectors", headers=authorized).status_code == 200


def test_metadata_service_refuses_wrong_requests(sandbox: Sandbox) -> None:
    root = f"http://{sandbox.metadata_address}"
    path = "/computeMetadata/v1/instance/service-accounts/default/token"
    flavor = {"Metadata-Flavor": "Google"}
    assert requests.get(root + path, timeout=10).status_code == 403
    assert requests.get(f"{root}/other", headers=flavor, timeout=10).status_code == 404
    sandbox.metadata.status = 500
    assert requests.get(root + path, headers=flavor, timeout=10).status_code == 500
    assert sandbox.metadata.requests == [path, "/other", path]
