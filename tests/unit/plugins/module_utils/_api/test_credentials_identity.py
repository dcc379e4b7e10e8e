# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Workload identity federation: a JWT of a job or a pod is exchanged for an IAM token."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.errors import CredentialError
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.exchange import (
    InstanceMetadata,
    WorkloadIdentity,
)
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.token import StaticToken
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.module_utils._api.keys import (
    EXPIRED,
    client_with,
    key_text,
    rejection,
    token_of,
)
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.module_utils._api.samples import failed_get, get
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.wire import CONNECTOR, Call, Wire, connector

EXCHANGE = "auth /oauth/token"


def encoded(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def jwt_of(subject: str) -> str:
    return f"{encoded({'alg': 'RS256'})}.{encoded({'sub': subject, 'exp': 7})}.c2lnbmF0dXJl"


JWT = jwt_of("repo:kafka/ops:hunter2")
IDENTITY = {"service_account_id": "ajeaccount", "identity_token": JWT}
VARIABLES = {"YC_WORKLOAD_SA_ID": "ajeother", "YC_WORKLOAD_TOKEN": JWT}


def exchange(token: str = "t1.new", **fields: Any) -> Call:
    return Call("POST", EXCHANGE, {"access_token": token, "token_type": "Bearer", **fields})


def sent(wire: Wire, number: int = 0) -> dict[str, str]:
    """Return the form of a request."""
    return {name: values[0] for name, values in parse_qs((wire.requests[number].body or b"").decode()).items()}


def test_a_jwt_is_exchanged_for_a_token() -> None:
    with Wire(exchange(), Call("GET", CONNECTOR, connector())) as wire:
        client = client_with(wire, **IDENTITY)
        get(client)
    request = wire.requests[0]
    assert request.url == "https://auth.yandex.cloud/oauth/token"
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert "Authorization" not in request.headers
    assert sent(wire) == {
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "requested_token_type": "urn:ietf:params:oauth:token-type:access_token",
        "audience": "ajeaccount",
        "subject_token": JWT,
        "subject_token_type": "urn:ietf:params:oauth:token-type:id_token",
    }
    assert wire.requests[1].headers["Authorization"] == "Bearer t1.new"
    assert {JWT, "t1.new"} <= client.http.secrets.of_task


@pytest.mark.parametrize(
    ("endpoint", "auth_endpoint", "url"),
    [
        ("api.yandexcloud.kz", None, "https://auth.yandex.cloud/oauth/token"),
        ("https://gateway:8443", None, "https://gateway:8443/oauth/token"),
        ("https://gateway:8443", "auth.test", "https://auth.test/oauth/token"),
        ("api.test", "https://auth.test:8443/a/", "https://auth.test:8443/a/oauth/token"),
    ],
)
def test_auth_endpoint_is_where_the_exchange_is(endpoint: str, auth_endpoint: str | None, url: str) -> None:
    place = f"{url.split('/')[2].partition('.')[0].partition(':')[0]} /{url.split('/', 3)[3]}"
    with Wire(Call("POST", place, {"access_token": "t1.new"})) as wire:
        token_of(client_with(wire, endpoint=endpoint, auth_endpoint=auth_endpoint, **IDENTITY))
    assert wire.requests[0].url == url


def test_auth_endpoint_must_be_encrypted() -> None:
    assert "would send the token without encryption" in rejection(auth_endpoint="http://auth.test", **IDENTITY)


# Sources.


def test_each_part_can_come_from_an_option_or_a_variable(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(f"{JWT}\n")
    for environ, options, account in (
        (VARIABLES, {}, "ajeother"),
        (VARIABLES, {"service_account_id": "ajeaccount"}, "ajeaccount"),
        ({"YC_WORKLOAD_SA_ID": "ajeother"}, {"identity_token_file": str(file)}, "ajeother"),
        ({"YC_WORKLOAD_SA_ID": "ajeother", "YC_WORKLOAD_TOKEN_FILE": str(file)}, {}, "ajeother"),
    ):
        with Wire(exchange()) as wire:
            token_of(client_with(wire, environ, **options))
        assert (sent(wire)["audience"], sent(wire)["subject_token"]) == (account, JWT)


def test_options_of_an_identity_override_the_environment() -> None:
    environ = {"YC_TOKEN": "t1.environment", "YC_SERVICE_ACCOUNT_KEY": key_text()}
    assert isinstance(client_with(Wire(), environ, **IDENTITY).credential, WorkloadIdentity)


def test_variables_of_an_identity_are_used_after_the_others_and_before_the_metadata_service() -> None:
    assert isinstance(client_with(Wire(), {**VARIABLES, "YC_TOKEN": "t1.a"}).credential, StaticToken)
    assert isinstance(client_with(Wire(), {**VARIABLES, "YC_METADATA_ADDR": "a"}).credential, WorkloadIdentity)
    empty = dict.fromkeys(["YC_WORKLOAD_SA_ID", "YC_WORKLOAD_TOKEN", "YC_WORKLOAD_TOKEN_FILE"], "")
    assert isinstance(client_with(Wire(), empty).credential, InstanceMetadata)


@pytest.mark.parametrize(
    ("environ", "options", "given", "missing"),
    [
        ({}, {"service_account_id": "aje"}, "service_account_id", "identity_token_file or identity_token"),
        ({}, {"identity_token": JWT}, "identity_token", "service_account_id"),
        ({}, {"identity_token_file": "/a"}, "identity_token_file", "service_account_id"),
        ({"YC_WORKLOAD_SA_ID": "aje"}, {}, "YC_WORKLOAD_SA_ID", "identity_token_file or identity_token"),
        ({"YC_WORKLOAD_TOKEN": JWT}, {}, "YC_WORKLOAD_TOKEN", "service_account_id"),
    ],
)
def test_one_part_without_the_other_is_an_error(
    environ: dict[str, str], options: dict[str, str], given: str, missing: str
) -> None:
    assert rejection(environ, **options) == f"{given} is set without {missing}. Set {missing} too, or remove {given}."


def test_a_token_and_a_token_file_are_two_credentials() -> None:
    message = rejection(identity_token_file="/a", **IDENTITY)
    assert message == "identity_token_file and identity_token are two different credentials. Set only one of them."


# Invalid identity tokens.


@pytest.mark.parametrize(
    "token",
    ["", "hunter2", "y0_hunter2", "hunter2.hunter2.hunter2", f"{JWT}.hunter2", f"{JWT}\r\nX-Evil: hunter2"],
    ids=["empty", "word", "OAuth", "no header", "four parts", "lines"],
)
def test_a_text_that_is_not_a_jwt_is_rejected(tmp_path: Path, token: str) -> None:
    file = tmp_path / "token"
    file.write_text(token)
    advice = "contains no JWT. Set it to the identity token of the job or the pod."
    assert rejection(service_account_id="aje", identity_token=token) == f"identity_token {advice}"
    message = rejection(service_account_id="aje", identity_token_file=str(file))
    assert message == f"identity_token_file {file} {advice}"


# New tokens.


def test_the_file_is_read_again_before_each_exchange(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(jwt_of("first"))
    expired = Call("GET", CONNECTOR, EXPIRED, status=401)
    with Wire(exchange("t1.first"), expired, exchange("t1.second"), Call("GET", CONNECTOR, connector())) as wire:
        client = client_with(wire, service_account_id="aje", identity_token_file=str(file))
        token_of(client)
        file.write_text(jwt_of("second"))
        get(client)
    assert [sent(wire, number)["subject_token"] for number in (0, 2)] == [jwt_of("first"), jwt_of("second")]


def test_a_token_is_replaced_a_minute_before_it_expires() -> None:
    with Wire(exchange("t1.first", expires_in=600), exchange("t1.second")) as wire:
        client = client_with(wire, **IDENTITY)
        assert token_of(client) == "t1.first"
        wire.clock.time += 539
        assert token_of(client) == "t1.first"
        wire.clock.time += 1
        assert token_of(client) == "t1.second"
        # The second response did not say when its token expires.
        wire.clock.time += 9999
        assert token_of(client) == "t1.second"


def test_a_rejected_exchange_is_an_error_of_the_federation() -> None:
    said = {"error": "invalid_grant", "error_description": "No binding for repo:kafka/ops:hunter2."}
    with Wire(Call("POST", EXCHANGE, said, status=400)) as wire:
        error = failed_get(client_with(wire, **IDENTITY))
    assert isinstance(error, CredentialError)
    assert error.msg == (
        "No IAM token for service account ajeaccount: auth.yandex.cloud returned HTTP 400: No binding for ********. "
        "Check the federation, its audience, and that the token's subject is bound to the service account."
    )


def test_an_unavailable_exchange_is_retried() -> None:
    with Wire(Call("POST", EXCHANGE, "unavailable", status=503), exchange()) as wire:
        assert token_of(client_with(wire, **IDENTITY)) == "t1.new"
