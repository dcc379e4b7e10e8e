# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Credentials: which one is taken, what is sent to get a token, and that nothing of them is ever shown."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jwt
import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._auth import (
    StaticToken,
    check_token,
    credential,
)
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._client import Client
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._clock import Deadline
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._endpoint import parse_endpoint
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._errors import (
    ApiError,
    Error,
    InputError,
    LibraryMissingError,
)
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._operation import wait
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._renewed import (
    InstanceMetadata,
    ServiceAccountKey,
    parse_key,
)
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.wire import (
    CONNECTOR,
    NOT_FOUND,
    OPERATION,
    PAUSE,
    Call,
    Wire,
    connector,
    done,
    operation,
    status,
)

TOKENS = "iam /iam/v1/tokens"
METADATA_HOST = "169.254.169.254"
METADATA = "169 /computeMetadata/v1/instance/service-accounts/default/token"
FOUR_WAYS = ("iam_token", "service_account_key_file", "service_account_key", "YC_METADATA_ADDR")
EXPIRED = status(16, "The token has expired")

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


def chosen(
    wire: Wire | None = None,
    environ: Mapping[str, str] | None = None,
    /,
    *,
    client: Client | None = None,
    **options: Any,
) -> Any:
    client = client or (wire or Wire()).client()
    names = ("iam_token", "service_account_key_file", "service_account_key")
    client.credential = credential({**dict.fromkeys(names), **options}, environ or {}, client)
    return client.credential


def refused(environ: Mapping[str, str] | None = None, **options: Any) -> str:
    with pytest.raises(InputError) as failure:
        chosen(None, environ, **options)
    return failure.value.msg


def iam(token: str = "t1.made", **fields: Any) -> Call:
    return Call("POST", TOKENS, {"iamToken": token, "expiresAt": "2026-01-01T12:00:00Z"}, **fields)


def read(client: Client) -> dict[str, Any]:
    segments = CONNECTOR.partition(" /")[2].split("/")
    return client.get("mdb", *segments, expected=lambda body: "name" in body).body


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    file = tmp_path / "key.json"
    file.touch(mode=0o600)
    file.write_text(key_text())
    return file


# Which one is taken.


def test_an_option_beats_the_environment(key_file: Path) -> None:
    everything = {
        "YC_IAM_TOKEN": "t1.environment",
        "YC_TOKEN": "t1.other",
        "YC_SERVICE_ACCOUNT_KEY_FILE": "/nowhere",
        "YC_SERVICE_ACCOUNT_KEY": "{}",
        "YC_METADATA_ADDR": "127.0.0.1:1",
    }
    assert chosen(None, everything, iam_token="t1.option").token() == "t1.option"
    assert isinstance(chosen(None, everything, service_account_key_file=str(key_file)), ServiceAccountKey)
    assert isinstance(chosen(None, everything, service_account_key=key_text()), ServiceAccountKey)


def test_the_first_variable_wins(key_file: Path) -> None:
    environ = {
        "YC_SERVICE_ACCOUNT_KEY": key_text(id="third"),
        "YC_METADATA_ADDR": "127.0.0.1:1",
    }
    assert key_id(chosen(None, environ)) == "third"
    environ["YC_SERVICE_ACCOUNT_KEY_FILE"] = str(key_file)
    assert key_id(chosen(None, environ)) == "ajekey"
    environ["YC_TOKEN"] = "t1.second"
    assert chosen(None, environ).token() == "t1.second"
    environ["YC_IAM_TOKEN"] = "t1.first"
    assert chosen(None, environ).token() == "t1.first"


def key_id(source: ServiceAccountKey) -> str:
    return str(jwt.get_unverified_header(source._sign())["kid"])


def test_an_empty_variable_is_not_set() -> None:
    empty = dict.fromkeys(("YC_IAM_TOKEN", "YC_TOKEN", "YC_SERVICE_ACCOUNT_KEY_FILE", "YC_SERVICE_ACCOUNT_KEY"), "")
    assert chosen(None, {**empty, "YC_TOKEN": "t1.set"}).token() == "t1.set"
    assert isinstance(chosen(None, {**empty, "YC_METADATA_ADDR": ""}), InstanceMetadata)


@pytest.mark.parametrize(
    "names",
    [
        ("iam_token", "service_account_key_file"),
        ("iam_token", "service_account_key"),
        ("service_account_key_file", "service_account_key"),
        ("iam_token", "service_account_key_file", "service_account_key"),
    ],
)
def test_more_than_one_option_is_an_error(names: tuple[str, ...]) -> None:
    message = refused(None, **dict.fromkeys(names, "hunter2"))
    assert all(name in message for name in names)
    assert "Set one of them" in message
    assert "hunter2" not in message


# Tokens as they are.


def test_a_token_may_have_space_around_it() -> None:
    client = Wire().client()
    assert chosen(client=client, iam_token=" t1.abc.def\n").token() == "t1.abc.def"
    assert {" t1.abc.def\n", "t1.abc.def"} <= client.secrets


@pytest.mark.parametrize("token", ["", "   ", "\n"])
def test_an_empty_token_is_refused(token: str) -> None:
    message = refused(iam_token=token)
    assert "iam_token holds no IAM token" in message
    assert all(way in message for way in FOUR_WAYS)


@pytest.mark.parametrize("token", ["y0_hunter2", "AQAAhunter2", " y0_hunter2\n"])
def test_an_oauth_token_is_refused(token: str) -> None:
    assert_oauth(refused(iam_token=token), "iam_token")
    assert_oauth(refused({"YC_IAM_TOKEN": token}), "YC_IAM_TOKEN")
    assert_oauth(refused({"YC_TOKEN": token}), "YC_TOKEN")


def assert_oauth(message: str, source: str) -> None:
    assert f"{source} holds an OAuth token" in message
    assert "yc iam create-token" in message
    assert "service_account_key_file" in message
    assert "hunter2" not in message


@pytest.mark.parametrize(
    "token", ["t1.hunter2\r\nX-Evil: 1", "t1 hunter2", "t1.hunter2\x00", "t1.hunter2é", "\u201ct1.hunter2\u201d"]
)
def test_a_token_that_cannot_be_sent_is_refused(token: str) -> None:
    message = refused(iam_token=token)
    assert "iam_token holds characters that no IAM token has" in message
    assert "hunter2" not in message


def test_a_given_token_cannot_be_renewed() -> None:
    token = StaticToken("t1.a")
    assert not token.renew("t1.a")
    assert token.token() == "t1.a"
    assert check_token("t1.a", "a") == "t1.a"


# Service account keys.


@pytest.mark.parametrize(
    ("endpoint", "audience"),
    [
        ("api.cloud.yandex.net", "https://iam.api.cloud.yandex.net/iam/v1/tokens"),
        ("api.yandexcloud.kz", "https://iam.api.yandexcloud.kz/iam/v1/tokens"),
        ("https://iam.gateway.example:8443", "https://iam.api.cloud.yandex.net/iam/v1/tokens"),
    ],
)
def test_the_jwt(endpoint: str, audience: str) -> None:
    with Wire(iam("t1.made"), Call("GET", CONNECTOR, connector())) as wire:
        client = Client(parse_endpoint(endpoint), Deadline(60, wire.clock))
        client.session.mount("https://", wire)
        source = chosen(client=client, service_account_key=key_text())
        assert source.token() == "t1.made"
        wire.script.pop()
    request = wire.requests[0]
    assert "Authorization" not in request.headers
    body = json.loads(request.body or "")
    assert list(body) == ["jwt"]
    assert jwt.get_unverified_header(body["jwt"]) == {"typ": "JWT", "alg": "PS256", "kid": "ajekey"}
    claims = jwt.decode(
        body["jwt"],
        PUBLIC_PEM,
        algorithms=["PS256"],
        audience=audience,
        issuer="ajeaccount",
        options={"require": ["iss", "aud", "iat", "exp"]},
    )
    assert 0 < claims["exp"] - claims["iat"] <= 3600
    assert {"t1.made", body["jwt"]} <= client.secrets


@pytest.mark.parametrize(
    "private_key",
    [
        PEM,
        PEM.strip(),
        PEM.replace("\n", "\r\n"),
        f"PLEASE DO NOT REMOVE THIS LINE! Yandex.Cloud SA Key ID <ajekey>\n{PEM}",
        pem(PRIVATE, serialization.PrivateFormat.TraditionalOpenSSL),
    ],
    ids=["as it is", "no end of line", "DOS", "a line of text before it", "PKCS1"],
)
def test_forms_of_a_private_key(private_key: str) -> None:
    with Wire(iam()) as wire:
        assert chosen(wire, service_account_key=key_text(private_key=private_key)).token() == "t1.made"
    assert jwt.decode(json.loads(wire.requests[0].body or "")["jwt"], PUBLIC_PEM, ["PS256"], {"verify_aud": False})


def test_a_token_is_got_when_it_is_first_needed_and_then_kept() -> None:
    with Wire() as wire:
        source = chosen(wire, service_account_key=key_text())
    wire.script = [iam()]
    assert [source.token() for dummy in range(3)] == ["t1.made"] * 3
    assert not wire.script


def test_a_token_that_is_not_taken_is_got_again() -> None:
    with Wire(
        iam("t1.first"),
        Call("GET", CONNECTOR, EXPIRED, status=401),
        iam("t1.second"),
        Call("GET", CONNECTOR, connector()),
        Call("GET", CONNECTOR, connector()),
    ) as wire:
        source = chosen(wire, service_account_key=key_text())
        client = source._client
        read(client)
        read(client)
    assert wire.requests[-1].headers["Authorization"] == "Bearer t1.second"


def test_a_token_that_somebody_else_has_renewed_is_not_renewed_again() -> None:
    with Wire(iam("t1.first"), iam("t1.second")) as wire:
        source = chosen(wire, service_account_key=key_text())
        first = source.token()
        assert source.renew(first)
        second = source.token()
        assert source.renew(first)
        assert source.token() == second == "t1.second"


def test_a_token_is_renewed_in_the_middle_of_a_wait() -> None:
    with Wire(
        iam("t1.first"),
        Call("GET", OPERATION, operation()),
        Call("GET", OPERATION, EXPIRED, status=401),
        Call("POST", TOKENS, "upstream connect error", status=503),
        iam("t1.second"),
        Call("GET", OPERATION, operation()),
        Call("GET", OPERATION, done("PAUSED")),
    ) as wire:
        source = chosen(wire, service_account_key=key_text())
        assert wait(source._client, operation())["done"]


def test_trouble_with_getting_a_token_does_not_end_a_wait() -> None:
    trouble = [Call("POST", TOKENS, "upstream connect error", status=503)] * 18
    with Wire(*trouble, iam(), Call("GET", OPERATION, done("PAUSED"))) as wire:
        source = chosen(wire, service_account_key=key_text())
        assert wait(source._client, operation())["done"]


@pytest.mark.parametrize(
    ("answer", "http"),
    [
        (status(16, "JWT is not valid"), 401),
        (status(7, "Permission denied"), 403),
        (status(5, "Key not found"), 404),
        (status(3, "bad JWT"), 400),
        (status(9, "account is disabled"), 400),
    ],
)
def test_a_key_that_is_not_taken_is_an_error_of_the_credential(answer: dict[str, Any], http: int) -> None:
    with Wire(Call("POST", TOKENS, answer, status=http)) as wire:
        source = chosen(wire, service_account_key=key_text())
        with pytest.raises(ApiError) as failure:
            read(source._client)
    error = failure.value
    assert "get an IAM token for the service account ajeaccount" in error.msg
    assert answer["message"] in error.msg
    assert error.error["http_status"] == http
    assert "managed-kafka" not in error.msg
    assert "service account is active" in error.msg
    assert "yc iam key create" in error.msg
    # it says nothing about the connector, nor about the change that the token was for
    assert not error.not_found
    assert not error.refused
    assert not error.lost


@pytest.mark.parametrize(
    "body", ["<html>", "", "[]", "{}", {"iamToken": 7}, {"iamToken": ""}, {"access_token": "t1.a"}]
)
def test_an_answer_without_a_token_is_a_clear_error(body: Any) -> None:
    wire = Wire(*[Call("POST", TOKENS, body)] * 6)
    with pytest.raises(Error) as failure:
        chosen(wire, service_account_key=key_text()).token()
    assert failure.value.msg


BROKEN = {
    "empty": "",
    "not JSON": "hunter2 is not JSON",
    "cut off": key_text()[:-100],
    "a list": '["hunter2"]',
    "a string": '"hunter2"',
    "null": "null",
    "deep": "[" * 100_000,
    "another kind of file": '{"type": "service_account", "private_key_id": "hunter2"}',
    "no id": key_text(id=None),
    "id is blank": key_text(id=" "),
    "id is a number": key_text(id=7),
    "no account": key_text(service_account_id=None),
    "no private key": key_text(private_key=None),
    "private key is empty": key_text(private_key=""),
    "private key is a list": key_text(private_key=["hunter2"]),
    "private key is none": key_text(private_key="hunter2"),
    "the public key": key_text(private_key=PUBLIC_PEM),
    "PEM cut off": key_text(private_key=PEM[:-200]),
    "PEM of nonsense": key_text(private_key="-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----\n"),
    "PEM with a hole": key_text(private_key=PEM[:300] + PEM[400:]),
    "encrypted": key_text(private_key=pem(PRIVATE, serialization.PrivateFormat.PKCS8, b"hunter2")),
    "elliptic": key_text(private_key=pem(ec.generate_private_key(ec.SECP256R1()), serialization.PrivateFormat.PKCS8)),
}


def parts_of_keys() -> list[str]:
    lines = [line for line in PEM.splitlines() if "-----" not in line]
    return ["hunter2", *lines, *(line[:20] for line in lines)]


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_a_broken_key_is_refused_and_nothing_of_it_shown(text: str, key_file: Path) -> None:
    key_file.write_text(text)
    for message, source in (
        (refused(service_account_key=text), "service_account_key"),
        (refused(service_account_key_file=str(key_file)), f"service_account_key_file {key_file}"),
        (refused({"YC_SERVICE_ACCOUNT_KEY_FILE": str(key_file)}), f"YC_SERVICE_ACCOUNT_KEY_FILE {key_file}"),
    ):
        assert source in message or "private_key of the service account key cannot sign" in message
        assert "yc iam key create" in message
        assert not any(part in message for part in parts_of_keys())


def test_what_a_key_lacks_is_named() -> None:
    with pytest.raises(InputError) as failure:
        parse_key('{"id": "a"}', "the key")
    assert "the key is not a service account key: it lacks service_account_id, private_key" in failure.value.msg


def test_a_key_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    binary = tmp_path / "binary"
    binary.write_bytes(b"\xff\xfe\x00hunter2")
    for file, reason in (
        (tmp_path / "missing", "No such file or directory"),
        (tmp_path, "Is a directory"),
        (binary, "it is not text"),
    ):
        message = refused(service_account_key_file=str(file))
        assert f"{file} cannot be read: {reason}" in message
        assert "hunter2" not in message


@pytest.mark.parametrize(
    ("mode", "warned"), [(0o600, False), (0o400, False), (0o640, True), (0o604, True), (0o644, True)]
)
def test_a_key_file_that_others_may_read_is_warned_of(key_file: Path, mode: int, warned: bool) -> None:
    key_file.chmod(mode)
    client = Wire().client()
    chosen(client=client, service_account_key_file=str(key_file))
    assert bool(client.warnings) is warned
    assert all(f"{key_file} can be read by other users: chmod 600 it" in warning for warning in client.warnings)


def test_a_key_is_a_secret_in_every_form() -> None:
    text = key_text(private_key=f"A line of text\n{PEM}")
    client = Wire().client()
    chosen(client=client, service_account_key=text)
    for shown in (text, PEM, json.dumps(PEM), PEM.splitlines()[3], json.dumps({"a": json.dumps(PEM)})):
        redacted = client.redact(f"you sent {shown}")
        assert not any(part in redacted for part in parts_of_keys())
    for public in (KEY["id"], KEY["service_account_id"]):
        assert client.redact(public) == public


@pytest.mark.parametrize("library", ["jwt", "cryptography"])
def test_a_library_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, library: str) -> None:
    if library == "jwt":
        monkeypatch.setitem(sys.modules, "jwt", None)
    else:
        monkeypatch.setattr(jwt.algorithms, "has_crypto", False)
    with pytest.raises(LibraryMissingError) as failure:
        chosen(service_account_key=key_text())
    assert failure.value.library == {"jwt": "PyJWT", "cryptography": "cryptography"}[library]
    assert chosen(iam_token="t1.a").token() == "t1.a"


# The instance's metadata service.


class Recording(Wire):
    """A wire that keeps the options of each request."""

    options: dict[str, Any]

    def __enter__(self) -> Recording:
        return self

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        self.options = options
        return super().send(request, *args, **options)


def test_the_instance_gives_a_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("http_proxy", "http://proxy.example:3128")
    with Recording(Call("GET", METADATA, {"access_token": "t1.instance", "expires_in": 100})) as wire:
        client = wire.client()
        source = chosen(client=client)
        assert [source.token() for dummy in range(3)] == ["t1.instance"] * 3
    request = wire.requests[0]
    assert request.url == f"http://{METADATA_HOST}/computeMetadata/v1/instance/service-accounts/default/token"
    assert request.headers["Metadata-Flavor"] == "Google"
    assert "Authorization" not in request.headers
    assert wire.options["timeout"] == (1.0, 1.0)
    assert not wire.options["proxies"]
    assert "t1.instance" in client.secrets


def test_the_instance_may_be_asked_elsewhere() -> None:
    with Wire(Call("GET", METADATA.replace("169", "meta"), {"access_token": "t1.instance"})) as wire:
        assert chosen(wire, {"YC_METADATA_ADDR": "meta.example:8080"}).token() == "t1.instance"
    assert (wire.requests[0].url or "").startswith("http://meta.example:8080/computeMetadata/")


@pytest.mark.parametrize("address", ["http://a", "a/b", "a b", "a:b", "a@b", "a?b", "a:1:2", "\n"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    assert "YC_METADATA_ADDR" in refused({"YC_METADATA_ADDR": address})


@pytest.mark.parametrize(
    "answer",
    [
        {"answer": requests.ConnectTimeout("timed out")},
        {"answer": requests.ConnectionError("refused")},
        {"answer": "no service account", "status": 404},
        {"answer": "trouble", "status": 503},
        {"answer": "<html>captive portal</html>"},
        {"answer": {"access_token": 7}},
        {"answer": "", "status": 302, "headers": {"Location": "https://portal.example"}},
    ],
)
def test_no_credential_at_all_is_one_error_that_names_four_ways(answer: dict[str, Any]) -> None:
    with Wire(Call("GET", METADATA, **answer)) as wire, pytest.raises(ApiError) as failure:
        chosen(wire).token()
    assert "find a credential: none is set, and the metadata service at 169.254.169.254 gave none" in failure.value.msg
    assert all(way in failure.value.msg for way in FOUR_WAYS)
    assert not failure.value.not_found
    assert not failure.value.refused
    assert wire.clock.naps == []


def test_a_token_of_the_instance_is_renewed() -> None:
    with Wire(
        Call("GET", METADATA, {"access_token": "t1.first"}),
        Call("POST", PAUSE, EXPIRED, status=401),
        Call("GET", METADATA, {"access_token": "t1.second"}),
        Call("POST", PAUSE, operation()),
    ) as wire:
        client = chosen(wire)._client
        client.change("POST", *PAUSE.partition(" /")[2].split("/"), body={}, idempotency_key="key-1")
    assert wire.keys() == ["key-1", "key-1"]


def test_a_credential_that_fails_is_not_taken_for_a_missing_connector() -> None:
    with Wire(Call("POST", TOKENS, NOT_FOUND, status=404)) as wire:
        client = chosen(wire, service_account_key=key_text())._client
        with pytest.raises(ApiError):
            wait(client, operation())
