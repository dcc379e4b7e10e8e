# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Credentials that create no token: rejected and broken keys, missing libraries, no credential at all."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.errors import (
    CredentialError,
    Error,
    LibraryMissingError,
)
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.module_utils._api.keys import (
    KEY,
    METADATA,
    PEM,
    PRIVATE,
    PUBLIC_PEM,
    TOKENS,
    client_with,
    key_text,
    pem,
    rejection,
    token_of,
)
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.module_utils._api.samples import (
    broken,
    failed_get,
)
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.wire import Call, Wire, status

NEW_KEY = "Create a key: yc iam key create --service-account-name NAME --output key.json"


def failed_token(wire: Wire, **options: Any) -> Error:
    """Return the error for a token that cannot be created."""
    client = client_with(wire, **options)
    with pytest.raises(Error) as failure:
        token_of(client)
    return failure.value


# Rejected keys.


@pytest.mark.parametrize(
    ("answer", "http_status"),
    [
        (status(16, "JWT is not valid"), 401),
        (status(7, "Permission denied"), 403),
        (status(5, "Key not found"), 404),
    ],
)
def test_a_rejected_key_is_an_error_of_the_credential(answer: dict[str, Any], http_status: int) -> None:
    with Wire(Call("POST", TOKENS, answer, status=http_status)) as wire:
        error = failed_get(client_with(wire, service_account_key=key_text()))
    assert error.msg.startswith("No IAM token for service account ajeaccount: iam.api.cloud.yandex.net returned HTTP ")
    assert error.msg.endswith(
        f": {answer['message']}. Check that the account is active and that the key still exists. {NEW_KEY}"
    )
    assert error.http_status == http_status
    # It says nothing about the connector, nor about the change that needed the token.
    assert isinstance(error, CredentialError)
    assert not error.response_lost


def test_an_unreachable_token_service_is_not_blamed_on_the_key() -> None:
    unavailable = Call("POST", TOKENS, "upstream connect error", status=503)
    error = failed_token(Wire(*[unavailable] * 6), service_account_key=key_text())
    assert error.msg.startswith("No IAM token for service account ajeaccount: iam.api.cloud.yandex.net ")
    assert "key" not in error.msg


@pytest.mark.parametrize(
    "body", ["<html>", "", "[]", "{}", {"iamToken": 7}, {"iamToken": ""}, {"access_token": "t1.a"}]
)
def test_a_response_without_a_token_is_a_clear_error(body: Any) -> None:
    error = failed_token(Wire(*[Call("POST", TOKENS, body)] * 6), service_account_key=key_text())
    expected = "did not return the expected JSON" if body != {"iamToken": ""} else "The response contains no IAM token"
    assert expected in error.msg


# Broken keys.

BROKEN = {
    "empty": "",
    "not JSON": "hunter2 is not JSON",
    "cut off": key_text()[:-100],
    "a list": '["hunter2"]',
    "deep": "[" * 100_000,
    "no id": key_text(id=None),
    "blank id": key_text(id=" "),
    "private key is a list": key_text(private_key=["hunter2"]),
    "private key is not PEM": key_text(private_key="hunter2"),
    "public key": key_text(private_key=PUBLIC_PEM),
    "PEM cut off": key_text(private_key=PEM[:-200]),
    "PEM of nonsense": key_text(private_key="-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----\n"),
    "PEM with a gap": key_text(private_key=PEM[:300] + PEM[400:]),
    "encrypted": key_text(private_key=pem(PRIVATE, serialization.PrivateFormat.PKCS8, b"hunter2")),
    "elliptic curve": key_text(
        private_key=pem(ec.generate_private_key(ec.SECP256R1()), serialization.PrivateFormat.PKCS8)
    ),
}


def parts_of_keys() -> list[str]:
    lines = [line for line in PEM.splitlines() if "-----" not in line]
    return ["hunter2", *lines, *(line[:20] for line in lines)]


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_a_broken_key_is_rejected_and_not_shown(text: str, tmp_path: Path) -> None:
    file = tmp_path / "key.json"
    file.write_text(text)
    for message, source in (
        (rejection(service_account_key=text), "service_account_key "),
        (rejection(service_account_key_file=str(file)), f"service_account_key_file {file} "),
        (rejection({"YC_SERVICE_ACCOUNT_KEY_FILE": str(file)}), f"YC_SERVICE_ACCOUNT_KEY_FILE {file} "),
    ):
        assert source in message
        assert message.endswith(f". {NEW_KEY}")
        assert not any(part in message for part in parts_of_keys())


def test_the_missing_parts_of_a_key_are_named() -> None:
    message = rejection(service_account_key='{"id": "a"}')
    expected = "service_account_key is not a service account key: it has no service_account_id, private_key."
    assert message == f"{expected} {NEW_KEY}"


@pytest.mark.parametrize(
    ("name", "cause"),
    [("missing", "No such file or directory"), (".", "Is a directory"), ("binary", "it is not text")],
)
def test_an_unreadable_key_file_is_rejected_with_the_cause(tmp_path: Path, name: str, cause: str) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00hunter2")
    file = tmp_path / name
    assert rejection(service_account_key_file=str(file)) == f"Cannot read {file}: {cause}. Check the path and the file."


@pytest.mark.parametrize(
    ("mode", "warned"), [(0o600, False), (0o400, False), (0o640, True), (0o604, True), (0o644, True)]
)
def test_a_key_file_that_others_can_read_is_a_warning(tmp_path: Path, mode: int, warned: bool) -> None:
    file = tmp_path / "key.json"
    file.write_text(key_text())
    file.chmod(mode)
    warnings: list[str] = []
    client_with(Wire(), warnings=warnings, service_account_key_file=str(file))
    assert warnings == [f"Other users can read the key file {file}. Run: chmod 600 {file}"] * warned


def test_a_key_is_a_secret_in_every_form() -> None:
    text = key_text(private_key=f"A line of text\n{PEM}")
    secrets = client_with(Wire(), service_account_key=text).http.secrets
    for shown in (text, PEM, json.dumps(PEM), PEM.splitlines()[3], json.dumps({"a": json.dumps(PEM)})):
        redacted = secrets.redact(f"you sent {shown}")
        assert not any(part in redacted for part in parts_of_keys())
    for public in (KEY["id"], KEY["service_account_id"]):
        assert secrets.redact(public) == public


@pytest.mark.parametrize("library", ["PyJWT", "cryptography"])
def test_a_missing_library_is_named_only_to_those_who_need_it(monkeypatch: pytest.MonkeyPatch, library: str) -> None:
    if library == "PyJWT":
        monkeypatch.setitem(sys.modules, "jwt", None)
    else:
        monkeypatch.setattr(jwt.algorithms, "has_crypto", False)
    with pytest.raises(LibraryMissingError) as failure:
        client_with(Wire(), service_account_key=key_text())
    assert failure.value.msg.endswith(
        f" has no library {library}. Install it: {sys.executable} -m pip install {library}"
    )
    assert token_of(client_with(Wire(), iam_token="t1.a")) == "t1.a"


# No credential.


@pytest.mark.parametrize(
    "answer",
    [
        {"answer": broken()},
        {"answer": "no service account", "status": 404},
        {"answer": "trouble", "status": 503},
        {"answer": {"access_token": 7}},
        {"answer": "", "status": 302, "headers": {"Location": "https://portal.example"}},
    ],
    ids=["no response", "404", "503", "number", "redirect"],
)
def test_no_credential_is_one_error_that_names_all_ways(answer: dict[str, Any]) -> None:
    with Wire(Call("GET", METADATA, **answer)) as wire:
        error = failed_token(wire)
    assert error.msg.startswith("No credential found: none is set, and the metadata service did not provide a token (")
    assert error.msg.endswith(
        "). Set iam_token (YC_IAM_TOKEN, YC_TOKEN), service_account_key_file (YC_SERVICE_ACCOUNT_KEY_FILE), "
        "service_account_key (YC_SERVICE_ACCOUNT_KEY) or service_account_id (YC_WORKLOAD_SA_ID) with "
        "identity_token_file (YC_WORKLOAD_TOKEN_FILE), or run on an instance with a service account "
        "(YC_METADATA_ADDR)."
    )
    assert isinstance(error, CredentialError)
    assert wire.clock.naps == []
