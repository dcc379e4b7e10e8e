# Copyright (c) 2026, yandex_cloud.managed_kafka contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The client over real sockets: what only a network can do to it. All of it stays on this machine."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
import urllib3

from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._auth import StaticToken
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._client import Client
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._clock import Clock, Deadline
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._endpoint import parse_endpoint
from ansible_collections.yandex_cloud.managed_kafka.plugins.module_utils._errors import ApiError
from ansible_collections.yandex_cloud.managed_kafka.tests.support.certificates import Authority, Certificate
from ansible_collections.yandex_cloud.managed_kafka.tests.support.raw_server import (
    Handler,
    Server,
    abort,
    answering,
    over_tls,
    read_request,
)
from ansible_collections.yandex_cloud.managed_kafka.tests.unit.plugins.wire import FakeClock

BODY = b'{"name": "mirror"}'
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(BODY), BODY)


@pytest.fixture
def serve() -> Iterator[Callable[[Handler], Server]]:
    with ExitStack() as running:
        yield lambda handler: running.enter_context(Server(handler))


def client_for(endpoint: str, clock: Clock = time, **options: Any) -> Client:
    client = Client(parse_endpoint(endpoint), Deadline(60, clock), **{"timeout": 5.0, "retries": 0, **options})
    client.credential = StaticToken("t1.static.token")
    return client


def get(client: Client) -> dict[str, Any]:
    return client.get("mdb", "a", expected=lambda body: "name" in body).body


def failed_get(client: Client) -> ApiError:
    with pytest.raises(ApiError) as failure:
        get(client)
    return failure.value


def failed_change(client: Client) -> ApiError:
    with pytest.raises(ApiError) as failure:
        client.change("POST", "a", body={}, idempotency_key="key-1")
    return failure.value


def test_an_answer(serve: Callable[[Handler], Server]) -> None:
    server = serve(answering(ANSWER))
    assert get(client_for(f"http://127.0.0.1:{server.port}"))["name"] == "mirror"


def test_cookies_are_not_kept(serve: Callable[[Handler], Server]) -> None:
    asked = []

    def handle(connection: socket.socket) -> None:
        for dummy in range(2):
            asked.append(read_request(connection)[0])
            connection.sendall(ANSWER.replace(b"\r\n", b"\r\nSet-Cookie: route=7; Path=/\r\n", 1))

    server = serve(handle)
    client = client_for(f"http://127.0.0.1:{server.port}")
    for dummy in range(2):
        assert get(client)["name"] == "mirror"
    assert b"route" not in asked[1]
    assert not client.session.cookies


def test_answers_over_a_connection_that_is_kept(serve: Callable[[Handler], Server]) -> None:
    def handle(connection: socket.socket) -> None:
        for dummy in range(3):
            read_request(connection)
            connection.sendall(ANSWER)

    server = serve(handle)
    client = client_for(f"http://127.0.0.1:{server.port}")
    for dummy in range(3):
        assert get(client)["name"] == "mirror"
    assert server.connections == 1


@pytest.mark.skipif(
    not hasattr(urllib3.HTTPResponse, "read1"), reason="urllib3 1 waits for as much as it was asked for"
)
@pytest.mark.parametrize(
    "head",
    [b"HTTP/1.1 200 OK\r\nContent-Length: 1000000", b"HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 99999"],
)
def test_an_answer_that_dribbles_ends_at_the_timeout(serve: Callable[[Handler], Server], head: bytes) -> None:
    def handle(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(head + b"\r\n\r\n")
        for dummy in range(500):  # ten seconds: a client that listens on and on shall fail the test, not hang it
            connection.sendall(b" ")
            if server.over.wait(0.02):
                break

    server = serve(handle)
    began = time.monotonic()
    error = failed_get(client_for(f"http://127.0.0.1:{server.port}", timeout=0.3))
    assert 0.3 <= time.monotonic() - began < 3
    assert f"no whole answer from 127.0.0.1:{server.port} within 0.3 s" in error.msg
    assert error.transient


def test_no_answer_at_all_ends_at_the_timeout(serve: Callable[[Handler], Server]) -> None:
    def handle(_connection: socket.socket) -> None:
        server.over.wait(10)

    server = serve(handle)
    client = client_for(f"http://127.0.0.1:{server.port}", timeout=0.2)
    began = time.monotonic()
    assert "within 0.2 s" in failed_get(client).msg
    assert failed_change(client).lost
    assert time.monotonic() - began < 3


CUT_OFF = {
    "in the body": b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + BODY,
    "before the body": b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n",
    "in a chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\n" + BODY,
    "between chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n12\r\n" + BODY + b"\r\n",
    "before the head": b"",
    "a chunk of nonsense": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "not gzip": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope",
    "not HTTP": b"SSH-2.0-OpenSSH_9.6\r\n",
}


@pytest.mark.parametrize("answer", CUT_OFF.values(), ids=CUT_OFF)
def test_an_answer_that_is_cut_off_is_no_answer(serve: Callable[[Handler], Server], answer: bytes) -> None:
    server = serve(answering(answer))
    client = client_for(f"http://127.0.0.1:{server.port}", FakeClock(), retries=1)
    error = failed_get(client)
    assert error.transient
    assert "127.0.0.1" in error.msg
    assert "(tried 2 times)" in error.msg
    assert failed_change(client).lost


def test_a_connection_that_is_reset(serve: Callable[[Handler], Server]) -> None:
    def handle(connection: socket.socket) -> None:
        read_request(connection)
        abort(connection)

    client = client_for(f"http://127.0.0.1:{serve(handle).port}")
    assert "Connection reset by peer" in failed_get(client).msg
    assert failed_change(client).lost


def test_a_connection_that_is_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    client = client_for(f"http://127.0.0.1:{port}")
    error = failed_get(client)
    assert "Connection refused" in error.msg
    assert error.transient
    assert not failed_change(client).lost


def test_a_host_that_does_not_exist() -> None:
    error = failed_get(client_for("kafka.invalid"))
    assert "mdb.kafka.invalid" in error.msg
    assert error.transient


# TLS.


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def certificates(authority: Authority) -> dict[str, Certificate]:
    return {
        "good": authority.issue("localhost"),
        "address": authority.issue("127.0.0.1"),
        "wrong": authority.issue("elsewhere.example"),
        "expired": authority.issue("localhost", expired=True),
        "api": authority.issue("mdb.kafka.invalid"),
        "self": authority.self_signed(),
    }


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> str:
    return Authority(tmp_path_factory.mktemp("other")).certificate


@pytest.mark.parametrize(("name", "host"), [("good", "localhost"), ("address", "127.0.0.1")])
def test_a_certificate_of_the_own_ca_is_trusted(
    serve: Callable[[Handler], Server],
    authority: Authority,
    other: str,
    certificates: dict[str, Certificate],
    name: str,
    host: str,
) -> None:
    server = serve(over_tls(certificates[name], answering(ANSWER)))
    client = client_for(f"https://{host}:{server.port}", verify=authority.certificate)
    assert get(client)["name"] == "mirror"


@pytest.mark.parametrize(
    ("name", "ca", "reason"),
    [
        ("self", True, "self-signed certificate|self signed certificate"),
        ("good", True, "unable to get local issuer certificate"),
        ("wrong", "authority", "Hostname mismatch|doesn't match"),
        ("address", "authority", "Hostname mismatch|doesn't match"),
        ("expired", "authority", "certificate has expired"),
        ("good", "other", "unable to get local issuer certificate"),
    ],
)
def test_a_certificate_that_is_not_trusted_is_a_clear_error_at_once(
    serve: Callable[[Handler], Server],
    authority: Authority,
    other: str,
    certificates: dict[str, Certificate],
    name: str,
    ca: Any,
    reason: str,
) -> None:
    server = serve(over_tls(certificates[name], answering(ANSWER)))
    verify = {"authority": authority.certificate, "other": other}.get(ca, ca)
    error = failed_get(client_for(f"https://localhost:{server.port}", verify=verify, retries=5))
    assert f"the TLS certificate of localhost:{server.port} is not trusted" in error.msg
    assert any(text in error.msg for text in reason.split("|"))
    assert "ca_path" in error.msg
    assert not error.transient
    assert not error.lost
    assert server.connections == 1


@pytest.mark.filterwarnings("ignore:Unverified HTTPS request")
@pytest.mark.parametrize("name", ["self", "wrong", "expired"])
def test_without_validation_every_certificate_is_taken(
    serve: Callable[[Handler], Server],
    authority: Authority,
    other: str,
    certificates: dict[str, Certificate],
    name: str,
) -> None:
    server = serve(over_tls(certificates[name], answering(ANSWER)))
    assert get(client_for(f"https://localhost:{server.port}", verify=False))["name"] == "mirror"


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_no_variable_changes_what_is_trusted(
    serve: Callable[[Handler], Server],
    authority: Authority,
    other: str,
    certificates: dict[str, Certificate],
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
) -> None:
    server = serve(over_tls(certificates["good"], answering(ANSWER)))
    monkeypatch.setenv(variable, other)
    client = client_for(f"https://localhost:{server.port}", verify=authority.certificate)
    assert get(client)["name"] == "mirror"


def test_a_server_without_tls_is_an_error(serve: Callable[[Handler], Server]) -> None:
    server = serve(answering(ANSWER))
    assert f"localhost:{server.port}" in failed_get(client_for(f"https://localhost:{server.port}", timeout=1)).msg


# Proxies.


def test_a_proxy_sees_neither_token_nor_request(
    serve: Callable[[Handler], Server],
    authority: Authority,
    other: str,
    certificates: dict[str, Certificate],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[bytes] = []
    inside = over_tls(certificates["api"], answering(ANSWER))

    def proxy(connection: socket.socket) -> None:
        seen.append(read_request(connection)[0])
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        inside(connection)

    use_proxy(monkeypatch, serve(proxy).port)
    assert get(client_for("kafka.invalid", verify=authority.certificate))["name"] == "mirror"
    assert len(seen) == 1
    assert seen[0].startswith(b"CONNECT mdb.kafka.invalid:443 HTTP/1.")
    assert b"t1.static.token" not in seen[0]


def use_proxy(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    for name in ("all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    for name in ("https_proxy", "http_proxy"):
        monkeypatch.setenv(name, f"http://user:hunter2@127.0.0.1:{port}")
        monkeypatch.setenv(name.upper(), f"http://user:hunter2@127.0.0.1:{port}")


@pytest.mark.parametrize(
    "answer", [b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", b"HTTP/1.1 403 Forbidden\r\n\r\n"]
)
def test_a_proxy_that_does_not_let_through_is_named_as_such(
    serve: Callable[[Handler], Server], monkeypatch: pytest.MonkeyPatch, answer: bytes
) -> None:
    use_proxy(monkeypatch, serve(answering(answer)).port)
    client = client_for("kafka.invalid")
    error = failed_get(client)
    assert "the proxy does not connect to mdb.kafka.invalid" in error.msg
    assert "hunter2" not in str(error.result())
    assert not failed_change(client).lost


def test_this_machine_is_asked_without_the_proxy(
    serve: Callable[[Handler], Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy, server = serve(answering(b"")), serve(answering(ANSWER))
    use_proxy(monkeypatch, proxy.port)
    assert get(client_for(f"http://localhost:{server.port}"))["name"] == "mirror"
    assert proxy.connections == 0
