# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A service account key, and a client with a credential, for the tests of credentials."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.client import Client
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.credentials import find_credential
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.endpoint import parse_endpoint
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.errors import InputError
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.operation import wait
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.wire import Call, Wire, operation, status

TOKENS = "iam /iam/v1/tokens"
METADATA = "169 /computeMetadata/v1/instance/service-accounts/default/token"
EXPIRED = status(16, "The token has expired.")

PRIVATE = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pem(key: Any, form: serialization.PrivateFormat, password: bytes | None = None) -> str:
    encryption = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    return str(key.private_bytes(serialization.Encoding.PEM, form, encryption).decode())


PEM = pem(PRIVATE, serialization.PrivateFormat.PKCS8)
PUBLIC_PEM = (
    PRIVATE.public_key()
    .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    .decode()
)
KEY = {
    "id": "ajekey",
    "service_account_id": "ajeaccount",
    "created_at": "2026-01-01T00:00:00Z",
    "key_algorithm": "RSA_2048",
    "public_key": PUBLIC_PEM,
    "private_key": PEM,
}


def key_text(**changes: Any) -> str:
    return json.dumps({name: value for name, value in {**KEY, **changes}.items() if value is not None})


def client_with(
    wire: Wire,
    environ: Mapping[str, str] | None = None,
    *,
    endpoint: str = "api.cloud.yandex.net",
    warnings: list[str] | None = None,
    **options: Any,
) -> Client:
    """Return a client with the credential that options or environment variables name."""
    plain = wire.client()
    warn = (warnings if warnings is not None else []).append
    parsed = parse_endpoint(endpoint)
    credential = find_credential(options, environ or {}, parsed, plain.http, warn)
    return Client(plain.http, parsed, credential, plain.deadline)


def token_of(client: Client) -> str:
    return client.credential.token(client.deadline)


def rejection(environ: Mapping[str, str] | None = None, **options: Any) -> str:
    """Return the message with which a credential is rejected."""
    with pytest.raises(InputError) as failure:
        client_with(Wire(), environ, **options)
    return failure.value.msg


def iam(token: str = "t1.new", **fields: Any) -> Call:
    return Call("POST", TOKENS, {"iamToken": token, "expiresAt": "2026-01-01T12:00:00Z"}, **fields)


def wait_on(client: Client) -> Mapping[str, Any]:
    """Wait for an operation that was just accepted."""
    return wait(client, operation(), client.deadline.now(), lambda newer: None)
