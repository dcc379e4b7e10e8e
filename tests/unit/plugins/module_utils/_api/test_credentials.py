# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Credentials: which source a task uses, and how a token is created and replaced."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.exchange import (
    InstanceMetadata,
    ServiceAccountKey,
)
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.module_utils._api.keys import (
    EXPIRED,
    METADATA,
    PEM,
    PRIVATE,
    PUBLIC_PEM,
    TOKENS,
    client_with,
    iam,
    key_text,
    pem,
    rejection,
    token_of,
    wait_on,
)
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.module_utils._api.samples import failed_get
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.wire import (
    CONNECTOR,
    OPERATION,
    Call,
    Wire,
    done,
)

VARIABLES = ("YC_IAM_TOKEN", "YC_TOKEN", "YC_SERVICE_ACCOUNT_KEY_FILE", "YC_SERVICE_ACCOUNT_KEY")


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    file = tmp_path / "key.json"
    file.touch(mode=0o600)
    file.write_text(key_text())
    return file


# Sources.


def test_an_option_overrides_the_environment(key_file: Path) -> None:
    environ = {
        "YC_IAM_TOKEN": "t1.environment",
        "YC_TOKEN": "t1.other",
        "YC_SERVICE_ACCOUNT_KEY_FILE": "/nowhere",
        "YC_SERVICE_ACCOUNT_KEY": "{}",
        "YC_METADATA_ADDR": "127.0.0.1:1",
    }
    assert token_of(client_with(Wire(), environ, iam_token="t1.option")) == "t1.option"
    for options in ({"service_account_key_file": str(key_file)}, {"service_account_key": key_text()}):
        assert isinstance(client_with(Wire(), environ, **options).credential, ServiceAccountKey)


def test_the_first_variable_is_used(key_file: Path) -> None:
    environ = {"YC_SERVICE_ACCOUNT_KEY": key_text(), "YC_METADATA_ADDR": "not a host"}
    assert isinstance(client_with(Wire(), environ).credential, ServiceAccountKey)
    environ |= {"YC_SERVICE_ACCOUNT_KEY": "not a key", "YC_SERVICE_ACCOUNT_KEY_FILE": str(key_file)}
    assert isinstance(client_with(Wire(), environ).credential, ServiceAccountKey)
    environ |= {"YC_SERVICE_ACCOUNT_KEY_FILE": "/nowhere", "YC_TOKEN": "t1.second"}
    assert token_of(client_with(Wire(), environ)) == "t1.second"
    environ["YC_IAM_TOKEN"] = "t1.first"
    assert token_of(client_with(Wire(), environ)) == "t1.first"


def test_an_empty_variable_is_not_set() -> None:
    empty = dict.fromkeys(VARIABLES, "")
    assert token_of(client_with(Wire(), {**empty, "YC_TOKEN": "t1.set"})) == "t1.set"
    assert isinstance(client_with(Wire(), {**empty, "YC_METADATA_ADDR": ""}).credential, InstanceMetadata)


@pytest.mark.parametrize(
    "names",
    [
        ("iam_token", "service_account_key_file"),
        ("iam_token", "service_account_key"),
        ("service_account_key_file", "service_account_key"),
        ("iam_token", "service_account_key_file", "service_account_key"),
        ("iam_token", "service_account_id"),
        ("service_account_key", "identity_token_file"),
        ("service_account_key_file", "identity_token"),
    ],
    ids=" and ".join,
)
def test_two_credential_options_are_an_error(names: tuple[str, ...]) -> None:
    message = rejection(None, **dict.fromkeys(names, "hunter2"))
    assert message == f"{' and '.join(names)} are two different credentials. Set only one of them."


# IAM tokens.


def test_white_space_around_a_token_is_removed() -> None:
    client = client_with(Wire(), iam_token=" t1.abc.def\n")
    assert token_of(client) == "t1.abc.def"
    assert {" t1.abc.def\n", "t1.abc.def"} <= client.http.secrets.of_task


NO_TOKEN = "iam_token contains no IAM token, or characters that no IAM token has. Get one: yc iam create-token"


@pytest.mark.parametrize("source", ["iam_token", "YC_IAM_TOKEN", "YC_TOKEN"])
@pytest.mark.parametrize("token", ["y0_hunter2", "AQAAhunter2", " y0_hunter2\n"])
def test_an_oauth_token_is_rejected(token: str, source: str) -> None:
    message = rejection({source: token}) if source.isupper() else rejection(iam_token=token)
    assert message == (f"{source} contains an OAuth token. Use yc iam create-token, or a service account key.")


@pytest.mark.parametrize(
    "token",
    ["", " \n", "t1.hunter2\r\nX-Evil: 1", "t1 hunter2", "t1.hunter2\x00", "t1.hunter2\u00e9"],
)
def test_a_token_that_is_empty_or_cannot_be_sent_is_rejected(token: str) -> None:
    assert rejection(iam_token=token) == NO_TOKEN


@pytest.mark.parametrize(
    ("environ", "options", "advice"),
    [
        ({"YC_TOKEN": "t1.abc"}, {}, "Run: export YC_TOKEN=$(yc iam create-token)"),
        ({}, {"iam_token": "t1.abc"}, "Get a new one: yc iam create-token"),
    ],
    ids=["variable", "option"],
)
def test_a_rejected_static_token_names_its_source(environ: dict[str, str], options: Any, advice: str) -> None:
    with Wire(Call("GET", CONNECTOR, EXPIRED, status=401)) as wire:
        error = failed_get(client_with(wire, environ, **options))
    source = next(iter({**environ, **options}))
    said = f"The IAM token from {source} is invalid or expired (HTTP 401): The token has expired."
    assert error.msg == f"{said} {advice}"
    assert error.status == "UNAUTHENTICATED"


# Service account keys.


def test_a_key_signs_the_jwt_that_the_service_expects() -> None:
    with Wire(iam("t1.new")) as wire:
        client = client_with(wire, endpoint="api.yandexcloud.kz", service_account_key=key_text())
        assert token_of(client) == "t1.new"
    request = wire.requests[0]
    assert "Authorization" not in request.headers
    assert request.headers["Content-Type"] == "application/json"
    body = json.loads(request.body or "")
    assert list(body) == ["jwt"]
    assert jwt.get_unverified_header(body["jwt"]) == {"typ": "JWT", "alg": "PS256", "kid": "ajekey"}
    claims = jwt.decode(
        body["jwt"],
        PUBLIC_PEM,
        algorithms=["PS256"],
        audience="https://iam.api.yandexcloud.kz/iam/v1/tokens",
        issuer="ajeaccount",
        options={"require": ["iss", "aud", "iat", "exp"]},
    )
    assert 0 < claims["exp"] - claims["iat"] <= 3600
    assert {"t1.new", body["jwt"]} <= client.http.secrets.of_task


@pytest.mark.parametrize(
    "private_key",
    [
        PEM,
        PEM.strip(),
        PEM.replace("\n", "\r\n"),
        f"PLEASE DO NOT REMOVE THIS LINE! Yandex.Cloud SA Key ID <ajekey>\n{PEM}",
        pem(PRIVATE, serialization.PrivateFormat.TraditionalOpenSSL),
    ],
    ids=["PKCS8", "no end of line", "DOS", "a line of text before it", "PKCS1"],
)
def test_every_form_of_a_private_key_can_sign(private_key: str) -> None:
    with Wire(iam()) as wire:
        assert token_of(client_with(wire, service_account_key=key_text(private_key=private_key))) == "t1.new"
    signed = json.loads(wire.requests[0].body or "")["jwt"]
    assert jwt.decode(signed, PUBLIC_PEM, ["PS256"], {"verify_aud": False})


def test_a_rejected_new_token_is_an_error_about_the_account() -> None:
    rejected = Call("GET", CONNECTOR, EXPIRED, status=401)
    with Wire(iam("t1.first"), rejected, iam("t1.second"), rejected) as wire:
        error = failed_get(client_with(wire, service_account_key=key_text()))
    assert error.msg == (
        "The IAM token of service account ajeaccount is invalid or expired (HTTP 401): The token has expired. "
        "Check that the account is active."
    )


def test_a_token_that_is_already_replaced_is_not_replaced_again() -> None:
    with Wire(iam("t1.first"), iam("t1.second")) as wire:
        client = client_with(wire, service_account_key=key_text())
        first = token_of(client)
        assert client.credential.renew(first)
        second = token_of(client)
        assert client.credential.renew(first)
        assert token_of(client) == second == "t1.second"


def test_temporary_errors_of_the_token_service_do_not_end_a_wait() -> None:
    unavailable = [Call("POST", TOKENS, "upstream connect error", status=503)] * 18
    with Wire(*unavailable, iam(), Call("GET", OPERATION, done("PAUSED"))) as wire:
        assert wait_on(client_with(wire, service_account_key=key_text()))["done"]


# The metadata service.


def test_the_metadata_service_provides_a_token() -> None:
    with Wire(Call("GET", METADATA, {"access_token": "t1.instance", "expires_in": 100})) as wire:
        client = client_with(wire)
        assert [token_of(client) for dummy in range(3)] == ["t1.instance"] * 3
    request = wire.requests[0]
    assert request.url == "http://169.254.169.254/computeMetadata/v1/instance/service-accounts/default/token"
    assert request.headers["Metadata-Flavor"] == "Google"
    assert "Authorization" not in request.headers
    assert wire.timeouts == [1.0]
    assert "t1.instance" in client.http.secrets.of_task


def test_the_metadata_service_can_have_another_address() -> None:
    with Wire(Call("GET", METADATA.replace("169", "meta"), {"access_token": "t1.instance"})) as wire:
        assert token_of(client_with(wire, {"YC_METADATA_ADDR": "meta.example:8080"})) == "t1.instance"
    assert wire.requests[0].url.startswith("http://meta.example:8080/computeMetadata/")


@pytest.mark.parametrize("address", ["http://a", "a/b", "a b", "a:b", "a@b", "a?b", "a:1:2", "\n"])
def test_an_invalid_address_of_the_metadata_service_is_rejected(address: str) -> None:
    expected = f"YC_METADATA_ADDR is not a host: {address!r}. Set it to a host, or unset it."
    assert rejection({"YC_METADATA_ADDR": address}) == expected
