# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""TLS and proxies over real sockets on this machine."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import NamedTuple

import pytest

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._api.errors import InputError
from ansible_collections.yandex_cloud.managed_kafka.tests.support.certificates import Authority, Certificate
from ansible_collections.yandex_cloud.managed_kafka.tests.support.raw_server import answering, over_tls, read_request
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.module_utils._api.clients import (
    ANSWER,
    Serve,
    client_for,
    set_proxy,
)
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.module_utils._api.samples import (
    failed_get,
    failed_pause,
    get,
)


class Certificates(NamedTuple):
    """Certificates of servers, and the files with CAs."""

    of: dict[str, Certificate]
    ca: str
    other_ca: str


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    directory: Path = tmp_path_factory.mktemp("certificates")
    ca, other = Authority(directory), Authority(directory, "other")
    of = {
        "good": ca.issue("localhost"),
        "address": ca.issue("127.0.0.1"),
        "wrong": ca.issue("elsewhere.example"),
        "expired": ca.issue("localhost", expired=True),
        "api": ca.issue("mdb.kafka.invalid"),
        "self": other.self_signed(),
    }
    return Certificates(of, ca.certificate, other.certificate)


@pytest.mark.parametrize(("name", "host"), [("good", "localhost"), ("address", "127.0.0.1")])
def test_a_certificate_of_the_own_ca_is_trusted(serve: Serve, certificates: Certificates, name: str, host: str) -> None:
    server = serve(over_tls(certificates.of[name], answering(ANSWER)))
    client = client_for(f"https://{host}:{server.port}", ca_path=certificates.ca)
    assert get(client)["name"] == "mirror"


@pytest.mark.parametrize(
    ("name", "ca", "reason"),
    [
        ("self", None, "self-signed certificate|self signed certificate"),
        ("good", None, "unable to get local issuer certificate"),
        ("wrong", "ca", "Hostname mismatch|doesn't match"),
        ("expired", "ca", "certificate has expired"),
        ("good", "other_ca", "unable to get local issuer certificate"),
    ],
)
def test_an_untrusted_certificate_is_a_clear_error_at_once(
    serve: Serve, certificates: Certificates, name: str, ca: str | None, reason: str
) -> None:
    server = serve(over_tls(certificates.of[name], answering(ANSWER)))
    ca_path = ca and getattr(certificates, ca)
    error = failed_get(client_for(f"https://localhost:{server.port}", ca_path=ca_path, request_retries=5))
    assert error.msg.startswith(f"Untrusted TLS certificate from localhost:{server.port}: ")
    assert any(text in error.msg for text in reason.split("|"))
    assert error.msg.endswith(". If the host is right, set ca_path to its CA.")
    assert not error.is_transient
    assert not error.response_lost
    assert server.connections == 1


@pytest.mark.filterwarnings("ignore:Unverified HTTPS request")
@pytest.mark.parametrize("name", ["self", "wrong", "expired"])
def test_without_validation_every_certificate_is_accepted(serve: Serve, certificates: Certificates, name: str) -> None:
    server = serve(over_tls(certificates.of[name], answering(ANSWER)))
    assert get(client_for(f"https://localhost:{server.port}", validate_certs=False))["name"] == "mirror"


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_no_variable_changes_which_ca_is_trusted(
    serve: Serve, certificates: Certificates, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    server = serve(over_tls(certificates.of["good"], answering(ANSWER)))
    monkeypatch.setenv(variable, certificates.other_ca)
    client = client_for(f"https://localhost:{server.port}", ca_path=certificates.ca)
    assert get(client)["name"] == "mirror"


def test_a_server_without_tls_is_an_error(serve: Serve) -> None:
    server = serve(answering(ANSWER))
    client = client_for(f"https://localhost:{server.port}", request_timeout=1)
    assert f"ocalhost:{server.port}" in failed_get(client).msg


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("missing.pem", ""),
        (".", ""),
        ("ca.pem", ""),
        ("ca.pem", "no certificate"),
        ("ca.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
    ],
    ids=["missing", "directory", "empty", "text", "nonsense"],
)
def test_an_invalid_ca_bundle_is_rejected(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / "ca.pem").write_text(content)
    bundle = tmp_path / name
    with pytest.raises(InputError) as failure:
        client_for("api.test", ca_path=str(bundle))
    assert failure.value.msg.startswith(f"ca_path {bundle} is not a readable CA bundle: ")
    assert failure.value.msg.endswith(". Check the path and the file.")


# Proxies.


def test_a_proxy_sees_no_token_and_no_request(
    serve: Serve, certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bytes] = []
    inside = over_tls(certificates.of["api"], answering(ANSWER))

    def proxy(connection: socket.socket) -> None:
        seen.append(read_request(connection)[0])
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        inside(connection)

    set_proxy(monkeypatch, f"http://user:hunter2@127.0.0.1:{serve(proxy).port}")
    assert get(client_for("kafka.invalid", ca_path=certificates.ca))["name"] == "mirror"
    assert len(seen) == 1
    assert seen[0].startswith(b"CONNECT mdb.kafka.invalid:443 HTTP/1.")
    assert b"t1.static.token" not in seen[0]


@pytest.mark.parametrize(
    "answer", [b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", b"HTTP/1.1 403 Forbidden\r\n\r\n"]
)
def test_a_proxy_that_refuses_is_named_as_the_cause(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, answer: bytes
) -> None:
    set_proxy(monkeypatch, f"http://user:hunter2@127.0.0.1:{serve(answering(answer)).port}")
    client = client_for("kafka.invalid")
    error = failed_get(client)
    assert error.msg.startswith("The proxy could not connect to mdb.kafka.invalid: ")
    assert error.msg.endswith(". Check HTTPS_PROXY and NO_PROXY.")
    assert "hunter2" not in error.msg
    assert not failed_pause(client).response_lost


@pytest.mark.parametrize(
    "proxy", ["http://user:hunter2@proxy:port", "http://user:hunter2@[::1", "http://user:hunter2@"]
)
def test_an_invalid_proxy_is_an_error_without_its_password(monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    set_proxy(monkeypatch, proxy)
    client = client_for("kafka.invalid", request_retries=5)
    error = failed_pause(client)
    assert error.msg == "The proxy that the environment names is not a URL. Check HTTPS_PROXY and ALL_PROXY."
    assert not error.is_transient
    assert not error.response_lost
